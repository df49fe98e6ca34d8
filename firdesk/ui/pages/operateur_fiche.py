"""The card beside the list of operators: who it is, what it had each year, its acts and its allocations."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre, LigneAllocation
from firdesk.domain.operateur import NATURES_ALIAS, Alias, Operateur
from firdesk.services import operateur_fiche, operateurs
from firdesk.services.operateur_fiche import Fiche
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import INSET, Card, Note
from firdesk.ui.kit.charts import PairedBars, PairRow
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.form import Choix, TexteEdit
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button, icon_button
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.pages.allocation_fields import about
from firdesk.ui.pages.operateur_form import OperateurForm

ONGLETS = {"identite": "Identité", "historique": "Historique", "allocations": "Allocations", "actes": "Actes"}
#: Below this share, in percent, two decimals would say nothing.
_PETITE = 0.01
#: Years that the small chart shows.
_ANNEES_VUES = 8
_ANNEES = (
    ColumnSpec("exercice", "Année", "code", 64, sortable=False),
    ColumnSpec("nombre", "Allocations", "entier", 96, sortable=False),
    ColumnSpec("notifie", "Notifié", "montant", 104, stretch=True, sortable=False),
    ColumnSpec("engage", "AE engagée", "montant", 104, sortable=False),
    ColumnSpec("paye", "CP payé", "montant", 104, sortable=False),
)
_LIGNES = (
    ColumnSpec("reference", "Réf.", "code", 96),
    ColumnSpec("objet", "Objet", width=120, stretch=True),
    ColumnSpec("ej", "EJ", "code", 84),
    ColumnSpec("notifie", "Notifié", "montant", 104),
)
_ACTES = (
    ColumnSpec("nature", "Acte", width=92),
    ColumnSpec("numero", "Numéro", width=108, stretch=True),
    ColumnSpec("exercice", "Année", "code", 68),
    ColumnSpec("montant", "Montant", "montant", 104),
)
_ALIAS = (
    ColumnSpec("nature", "Nature", width=96, sortable=False),
    ColumnSpec("valeur", "Désigne aussi cet opérateur", width=140, stretch=True, sortable=False),
)


class OperateurFiche(Card):
    """Shows one operator; its identity is the form that creates operators."""

    #: the user wants this operator merged with another one
    merge = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._bridge, self._session = bridge, bridge.session
        self.fiche: Fiche | None = None
        self.lignes: list[LigneAllocation] = []
        self.controles, self.unsaved = Note(), Note()
        self.identite = OperateurForm(self._session)
        self.identite.setProperty("kind", "")
        self.alias_model = SimpleTableModel(_ALIAS, (), self)
        self.alias_table = DataTable(self.alias_model, name="Alias de l'opérateur")
        self.alias_nature, self.alias_valeur = Choix(), TexteEdit("Autre nom ou identifiant")
        self.alias_nature.set_items(list(NATURES_ALIAS.items()), empty=None)
        self.alias_nature.set_code("nom")
        self.parts = Text("", "corps", wrap=True)
        self.annees_model = SimpleTableModel(_ANNEES, (), self)
        self.annees = DataTable(self.annees_model, name="Montants par exercice")
        self.barres = PairedBars(
            "Notifié et CP payé par exercice", first="Notifié", second="CP payé", mark="AE engagée"
        )
        self.lignes_model = SimpleTableModel(_LIGNES, (), self)
        self.lignes_table = DataTable(self.lignes_model, name="Allocations de l'opérateur")
        self.actes_model = SimpleTableModel(_ACTES, (), self)
        self.actes = DataTable(self.actes_model, name="Décisions et conventions")
        self.bar, self.stack = QTabBar(), QStackedWidget()
        self.nothing = EmptyState("cursor-line", "Aucun opérateur choisi", "En choisir un dans la liste.")
        self.fusionner = icon_button("git-merge-line", "Fusionner avec un autre opérateur…", self._ask_merge)
        self.voir = icon_button("list-check-2", "Voir toutes ses allocations", self.open_lines)
        self._lay_out()
        self._connect()
        UndoKeys(self)
        self.clear()

    def _lay_out(self) -> None:
        self.add_action(self.voir)
        self.add_action(self.fusionner)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName("Volets de l'opérateur")
        self.alias_nature.setAccessibleName("Nature de l'alias")
        self.alias_valeur.setAccessibleName("Autre nom ou identifiant")
        self.alias_nature.setFixedWidth(116)
        self.alias_table.setMinimumHeight(style.HEADER + 2 * style.ROW)
        self.parts.setAccessibleName("Part du FIR")
        pages = (self._identity(), self._history(), self.lignes_table, self.actes)
        for title, widget in zip(ONGLETS.values(), pages, strict=True):
            self.bar.addTab(title)
            self.stack.addWidget(widget)
        for shown in (self.controles, self.unsaved, self.bar, self.stack, self.nothing):
            self.body.addWidget(shown, int(shown in (self.stack, self.nothing)))

    def _identity(self) -> QWidget:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, INSET, 0)
        rows.setSpacing(style.SPACE)
        rows.addWidget(self.identite)
        rows.addWidget(Text("Alias", "fort"))
        rows.addWidget(self.alias_table, 1)
        add = QHBoxLayout()
        add.setSpacing(style.SPACE)
        add.addWidget(self.alias_nature)
        add.addWidget(self.alias_valeur, 1)
        add.addWidget(button("Ajouter", "secondaire", self.add_alias))
        rows.addLayout(add)
        sheet = QScrollArea()
        sheet.setWidgetResizable(True)
        sheet.setFrameShape(QFrame.Shape.NoFrame)
        sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet.setWidget(inside)
        return sheet

    def _history(self) -> QWidget:
        made = QWidget()
        rows = QVBoxLayout(made)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(style.SPACE)
        rows.addWidget(self.parts)
        rows.addWidget(self.barres)
        rows.addWidget(self.annees, 1)
        return made

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self.stack.setCurrentIndex)
        self.identite.submitted.connect(self._save)
        self.identite.cancelled.connect(self.revert)
        self.unsaved.action.connect(self.revert)
        self.alias_valeur.returnPressed.connect(self.add_alias)
        self.annees.activated.connect(lambda row: self._open_year(int(str(row))))
        self.barres.bar_clicked.connect(lambda key: self._open(int(key)))
        self.lignes_table.activated.connect(lambda row: self._open_line(int(str(row))))
        self.actes.activated.connect(lambda row: self._open_act(int(str(row))))
        shortcut("Ctrl+S", self, self.identite.submit)
        shortcut("Del", self.alias_table.view, self.remove_alias, alone=True)

    # What is shown

    @property
    def number(self) -> int | None:
        return self.fiche.operateur.id if self.fiche is not None else None

    @property
    def dirty(self) -> bool:
        """Whether something typed in the identity would be lost."""
        return self.fiche is not None and self.identite.dirty

    def load(self, number: int) -> None:
        """Show an operator as the base has it; gone, the card is empty."""
        if self._session.operateurs.find(number) is None:
            self.clear()
            return
        year = self._bridge.exercice
        self.fiche = found = operateur_fiche.fiche(self._session, number, year)
        self._open_card(True)
        o = found.operateur
        self.set_title(o.nom, " · ".join(about(o)) or "aucun identifiant")
        self.controles.set_note(" ".join(p.message for p in found.controles), "alerte")
        self.identite.load(o)
        self._show_alias(found.alias)
        self._show_history(found)
        filtre = Filtre(operateurs=(number,))
        ids = self._session.allocations.ids(filtre, tri="reference", decroissant=True)
        self.lignes = self._session.allocations.page(list(ids))
        self.lignes_model.set_rows([(x.reference, x.objet, x.ej, x.notifie) for x in self.lignes])
        total = money.euros(sum(x.notifie or 0 for x in self.lignes))
        self.lignes_table.set_totals({"notifie": total} if self.lignes else {}, "Tous exercices")
        self.lignes_table.set_state("donnees" if self.lignes else "vide", "Aucune allocation.")
        self._show_acts(found)

    def refresh(self) -> None:
        """Read it again, unless something is being typed in its identity."""
        if self.number is not None and not self.dirty:
            self.load(self.number)

    def clear(self) -> None:
        self.fiche = None
        self.set_title("", "")
        self._open_card(False)

    def _open_card(self, shown: bool) -> None:
        for widget in (self.bar, self.stack, self.voir, self.fusionner):
            widget.setVisible(shown)
        self.nothing.setVisible(not shown)
        self.unsaved.set_note("")
        if not shown:
            self.controles.set_note("")

    def _show_alias(self, alias: tuple[Alias, ...]) -> None:
        self.alias_model.set_rows(
            [(NATURES_ALIAS[a.nature], f"{a.valeur} ({a.departement})" if a.departement else a.valeur) for a in alias]
        )
        self.alias_table.set_state("donnees" if alias else "vide", "Aucun alias.")

    def _show_history(self, found: Fiche) -> None:
        years = found.historique
        engaged = any(c.engage for c in years)
        self.annees_model.set_rows(
            [(str(c.exercice), c.nombre, c.notifie, c.engage or None, c.paye or None) for c in years]
        )
        totals = {"nombre": sum(c.nombre for c in years)}
        totals |= {
            key: cents
            for key in ("notifie", "engage", "paye")
            if (cents := sum(getattr(c, key) for c in years)) or key == "notifie"
        }
        self.annees.set_totals(totals if years else {}, "Total")
        self.annees.set_state("donnees" if years else "vide", "Aucun montant.")
        for place, spec in enumerate(_ANNEES):
            unknown = spec.key in ("engage", "paye") and not any(getattr(c, spec.key) for c in years)
            self.annees.view.setColumnHidden(place, unknown or (spec.key == "nombre" and engaged))
        self.barres.setVisible(bool(years))
        self.barres.set_height_for(max(1, min(len(years), _ANNEES_VUES)))
        self.barres.set_rows(
            [
                PairRow(str(c.exercice), str(c.exercice), c.notifie, c.paye, c.engage if engaged else None,
                        money.euros(c.notifie, decimals=False))
                for c in years
            ]
        )  # fmt: skip
        self.parts.setText("\n".join(_shares(found)))

    def _show_acts(self, found: Fiche) -> None:
        self.actes_model.set_rows(
            [(operateur_fiche.nature_dite(a), a.numero, str(a.exercice or ""), a.notifie) for a in found.actes]
        )
        empty = "Aucune décision ni convention : ni dans ses allocations, ni parmi les conventions."
        self.actes.set_state("donnees" if found.actes else "vide", empty)

    def may_leave(self) -> bool:
        """Whether nothing typed would be lost; where something would, say so."""
        if not self.dirty:
            return True
        self.bar.setCurrentIndex(0)
        text = "Identité modifiée et non enregistrée : l'enregistrer (Ctrl+S) ou l'abandonner (Échap)."
        self.unsaved.set_note(text, "alerte", "Abandonner")
        self.identite.create_button.setFocus()
        return False

    # What the user does

    def revert(self) -> None:
        """Give up what was typed in the identity."""
        if self.fiche is not None:
            self.unsaved.set_note("")
            self.identite.load(self.fiche.operateur)

    def _save(self, operateur: Operateur) -> None:
        number = self.number
        if number is not None:
            self._bridge.perform(lambda: self._write(operateur, number), done=f"Enregistré : {operateur.nom}")

    def _write(self, operateur: Operateur, number: int) -> None:
        operateur_fiche.enregistrer(self._session, operateur)
        self.load(number)  # the base tells its pages next: nothing typed is left by then

    def add_alias(self) -> None:
        """Let what was typed mean this operator too."""
        number, nature, value = self.number, self.alias_nature.code() or "nom", self.alias_valeur.value()
        if number is None:
            return
        count = len(self._session.operateurs.aliases(number))
        self._bridge.perform(
            lambda: operateur_fiche.ajouter_alias(self._session, number, nature, value), done=f"Alias ajouté : {value}"
        )
        if len(self._session.operateurs.aliases(number)) > count:
            self.alias_valeur.set_value("")

    def remove_alias(self) -> None:
        row = self.alias_table.current_id()
        if self.fiche is not None and row is not None and row < len(self.fiche.alias):
            gone = self.fiche.alias[row]
            said = f"Alias retiré : {gone.valeur}"
            self._bridge.perform(lambda: operateurs.retirer_alias(self._session, gone), done=said)

    def go(self, key: str) -> None:
        """Show one of the tabs."""
        self.bar.setCurrentIndex(list(ONGLETS).index(key))

    def open_lines(self) -> None:
        """All the allocations of the operator, whatever the exercice."""
        self._open(None)

    def _open(self, year: int | None) -> None:
        if self.number is not None:
            self._bridge.navigate.emit("allocations", Filtre(exercice=year, operateurs=(self.number,)))

    def _open_year(self, row: int) -> None:
        if self.fiche is not None:
            self._open(self.fiche.historique[row].exercice)

    def _open_line(self, row: int) -> None:
        x = self.lignes[row]
        wanted = Filtre(exercice=x.exercice, operateurs=(self.number or 0,), texte=x.reference)
        self._bridge.navigate.emit("allocations", wanted)

    def _open_act(self, row: int) -> None:
        if self.fiche is None:
            return
        act = self.fiche.actes[row]
        if act.id is not None:
            self._bridge.navigate.emit("conventions", act.id)
        else:
            self._open(act.exercice)

    def _ask_merge(self) -> None:
        if self.number is not None and self.may_leave():
            self.merge.emit(self.number)


def _shares(found: Fiche) -> list[str]:
    told = []
    for (own, whole), where in (
        (found.part_departement, f"du FIR du département {found.operateur.departement} (par siège)"),
        (found.part_region, "du FIR de la région"),
    ):
        if whole and (found.operateur.departement or where.endswith("région")):
            share = money.pourcent(100 * own / whole, decimals=2)
            if 0 < 100 * own / whole < _PETITE:
                share = f"Moins de {money.pourcent(_PETITE, decimals=2)}"
            told.append(f"{share} {where} en {found.exercice}")
    left = found.reste_a_payer
    told.append(
        "Reste à payer inconnu : aucun engagement écrit sur ses allocations"
        if left is None
        else f"Reste à payer depuis l'origine : {money.euros(left)}"
    )
    return told
