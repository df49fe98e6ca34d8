"""The operators: what each had this exercice and the one before, found by any of its names, and the card of one."""

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QMenu, QWidget

from firdesk.domain import identifiants, money
from firdesk.domain.problem import Refus
from firdesk.services import operateur_classeur, operateur_fiche
from firdesk.services.operateur_fiche import LigneOperateur
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.column_choice import ColumnChoice
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.list_and_card import list_beside_card
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import icon_button
from firdesk.ui.page import Page
from firdesk.ui.pages.operateur_fiche import ONGLETS, OperateurFiche

Shares = dict[int | None, Decimal]
TYPING_MS = 150
#: The columns that go first where room is short.
_LEAST_FIRST = ("finess", "siret", "commune", "evolution", "part", "avant")
_NARROWEST, _WIDEST = 400, 460


class Operateurs(Page):
    """The list at the left, the card at the right."""

    key = "operateurs"
    title = "Opérateurs"
    icon = "hospital-line"
    guide = "budget"
    tables = frozenset(
        {
            "operateur", "operateur_alias", "departement", "allocation", "mouvement", "convention", "convention_annee",
            "exercice", "destination", "theme", "enveloppe", "parametre",
        }
    )  # fmt: skip

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.lignes: list[LigneOperateur] = []
        self._wanted: int | None = None
        self._moving = False
        self.search = QLineEdit()
        self.search.setPlaceholderText("Nom, alias, SIRET, FINESS ou commune")
        self.search.setAccessibleName("Chercher un opérateur")
        self.search.setClearButtonEnabled(True)
        self.search.setProperty("kind", "recherche")
        self.search.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.finances = QCheckBox("Financés en exercice")
        self.model = SimpleTableModel((), (), self)
        self.table = DataTable(self.model, name="Opérateurs")
        self.columns = ColumnChoice(self.table, _LEAST_FIRST, self._absent)
        self.fiche = OperateurFiche(bridge)
        self.plus = icon_button("more-2-fill", "Autres actions")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        menu = QMenu(self.plus)
        menu.addAction("Exporter en Excel…", self._ask_export)
        menu.addAction("Chercher des doublons…", self.merge)
        menu.addAction("Colonnes…", lambda: self.columns.popup(self.plus))
        self.plus.setMenu(menu)
        tools = QHBoxLayout()
        tools.setSpacing(style.MARGIN)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.finances)
        tools.addWidget(self.plus)
        list_beside_card(self, tools, self.table, self.fiche, (_NARROWEST, _WIDEST))

    def _connect(self) -> None:
        self.finances.toggled.connect(self.refresh)
        self.table.selection_changed.connect(lambda _: self._selection_changed())
        self.table.activated.connect(lambda _: self.fiche.identite.nom.setFocus())
        self.table.set_context_menu(self._fill_menu)
        self.fiche.merge.connect(self.merge)
        shortcut("Ctrl+F", self, self.search.setFocus)

    # What is shown

    def refresh(self) -> None:
        """Read the list again; the operator shown stays."""
        year = self.bridge.exercice
        text = self.search.text().strip()
        try:
            everyone = operateur_fiche.liste(self.session, year)
            found = operateur_fiche.filtrer(self.session, everyone, text) if text else everyone
        except Refus as refusal:
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        shares = _shares(everyone)
        self.finances.setText(f"Financés en {year}")
        if self.finances.isChecked():
            found = [x for x in found if x.nombre or x.notifie]
        self.lignes = found
        wanted, self._wanted = self._wanted or self.fiche.number, None
        known = any(x.avant is not None for x in found)
        self._moving = True
        columns = _columns(year, before=known)
        if tuple(columns) != self.model.columns:
            self.model.set_columns(columns)
        self.model.set_rows([_row(x, shares, before=known) for x in found])
        place = next((i for i, x in enumerate(found) if x.operateur.id == wanted), None)
        if place is None and found:
            place = self.model.id_at(0)
        self.table.select([] if place is None else [place], current=place)
        self._moving = False
        self._say(text, shares, before=known)
        self.columns.fit()
        self._follow(place)

    def _follow(self, place: int | None) -> None:
        if self.fiche.dirty:
            return
        if place is None:
            self.fiche.clear()
        else:
            self.fiche.load(self.lignes[place].operateur.id or 0)

    def _say(self, text: str, shares: Shares, *, before: bool) -> None:
        found, year = self.lignes, self.bridge.exercice
        notifie = sum(x.notifie for x in found)
        totals: dict[str, int | Decimal] = {"nombre": sum(x.nombre for x in found), "notifie": notifie}
        if before:
            totals["avant"] = sum(x.avant or 0 for x in found)
        totals["part"] = sum((shares.get(x.operateur.id, Decimal(0)) for x in found), Decimal(0))
        self.table.set_totals(totals if found else {}, "Total")
        if found:
            self.table.set_state("donnees")
        elif text:
            self.table.set_state("filtre_vide", f"Aucun opérateur pour « {text} ».", "Tout montrer", self.search.clear)
        elif self.finances.isChecked():
            said = f"Aucun opérateur financé en {year}."
            self.table.set_state("filtre_vide", said, "Tous les opérateurs", lambda: self.finances.setChecked(False))
        else:
            said = "Aucun opérateur : ils viennent des imports et des allocations saisies."
            self.table.set_state(
                "vide", said, "Importer un fichier…", lambda: self.bridge.navigate.emit("imports", None)
            )
        count = len(found)
        self.set_subtitle(f"{money.nombre(count)} opérateur{'s' * (count > 1)} · exercice {year}")
        self.set_status(f"{money.nombre(count)} opérateur{'s' * (count > 1)} · notifié {money.euros(notifie)}")

    def accept(self, argument: object) -> None:
        """Choose an operator by its number."""
        if isinstance(argument, int) and self.fiche.may_leave():
            self.search.clear()
            self._typing.stop()
            with QSignalBlocker(self.finances):
                self.finances.setChecked(False)
            self._wanted = argument
            self.refresh()
            self._stale = False

    def leave(self) -> bool:
        return self.fiche.may_leave()

    @property
    def views(self) -> tuple[str, ...]:
        return tuple(ONGLETS)

    def show_view(self, key: str) -> None:
        self.fiche.go(key)

    def _selection_changed(self) -> None:
        current = self.table.current_id()
        if self._moving or current is None or current >= len(self.lignes):
            return
        number = self.lignes[current].operateur.id or 0
        if number == self.fiche.number:
            return
        if self.fiche.may_leave():
            self.fiche.load(number)
            return
        self._moving = True
        kept = [i for i, x in enumerate(self.lignes) if x.operateur.id == self.fiche.number]
        self.table.select(kept, current=kept[0] if kept else None)
        self._moving = False

    # What the user does

    def merge(self, number: int | None = None) -> None:
        """Put an operator beside another one, to make one of them."""
        from firdesk.ui.dialogs import fusion_operateurs

        if self.fiche.may_leave():
            fusion_operateurs.show(self.window(), self.bridge, number)

    def export_to(self, path: Path) -> None:
        """Write the operators shown to a workbook."""
        lines, year = list(self.lignes), self.bridge.exercice
        run_export(self.bridge, path, lambda _: operateur_classeur.ecrire(path, lines, year), "Export des opérateurs")

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"operateurs-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter les opérateurs", proposed):
            self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        if ids:
            number = self.lignes[ids[0]].operateur.id or 0
            menu.addAction("Ouvrir sa fiche\tEntrée", self.fiche.identite.nom.setFocus)
            menu.addAction("Voir ses allocations", self.fiche.open_lines)
            menu.addAction("Fusionner avec un autre…", lambda: self.merge(number))

    def _absent(self) -> set[str]:
        return set() if any(x.operateur.commune for x in self.lignes) else {"commune"}


def _columns(year: int, *, before: bool) -> list[ColumnSpec]:
    past = [
        ColumnSpec("avant", f"Notifié {year - 1}", "montant", 124),
        ColumnSpec("evolution", "Évolution", "pourcent", 80, tooltip=f"Du notifié, par rapport à {year - 1}"),
    ]
    return [
        ColumnSpec("nom", "Opérateur", width=180, stretch=True),
        ColumnSpec("commune", "Commune", width=112),
        ColumnSpec("departement", "Dép.", "code", 54),
        ColumnSpec("siret", "SIRET", "code", 148),
        ColumnSpec("finess", "FINESS", "code", 92),
        ColumnSpec("nombre", "Nb", "entier", 48, tooltip=f"Allocations de {year}"),
        ColumnSpec("notifie", f"Notifié {year}", "montant", 124),
        *(past if before else []),
        ColumnSpec("part", "Part", "pourcent", 76, digits=2, tooltip=f"Du notifié {year} de tous les opérateurs"),
    ]


def _shares(everyone: list[LigneOperateur]) -> Shares:
    """Percent of the notified total, by number, adding up to 100."""
    shares = money.parts([x.notifie for x in everyone], decimals=2)
    return {x.operateur.id: share for x, share in zip(everyone, shares, strict=True) if x.notifie}


def _row(x: LigneOperateur, shares: Shares, *, before: bool) -> tuple[object, ...]:
    o = x.operateur
    past = (x.avant or None, x.evolution) if before else ()
    siret = identifiants.affiche_siret(o.siret) if o.siret else ""
    share = shares.get(o.id)
    return (o.nom, o.commune, o.departement, siret, o.finess, x.nombre or None, x.notifie or None, *past, share)
