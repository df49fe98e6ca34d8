"""The schemes of an exercice: what they weigh against their ceilings, described or only met, and the card of one."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QMenu, QWidget

from firdesk.domain import money
from firdesk.domain.problem import Refus
from firdesk.services import bilans, dispositif_classeur, dispositifs
from firdesk.services.dispositifs import LigneDispositif
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs.affectation_dispositif import AffectationDispositif
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.column_choice import ColumnChoice
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.list_and_card import list_beside_card
from firdesk.ui.kit.shortcuts import shortcut, tab_keys
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import button, icon_button
from firdesk.ui.page import Page
from firdesk.ui.pages.dispositif_fiche import ONGLETS, DispositifFiche

COLUMNS = (
    ColumnSpec("libelle", "Dispositif", width=180, stretch=True),
    ColumnSpec("theme", "Thème", width=168),
    ColumnSpec("nombre", "Alloc.", "entier", 64, tooltip="Allocations de l'exercice"),
    ColumnSpec("notifie", "Notifié", "montant", 116),
    ColumnSpec("engage", "AE engagée", "montant", 116),
    ColumnSpec("paye", "CP payé", "montant", 116),
    ColumnSpec("dont", "Dont", "montant", 108, tooltip="Compris dans les montants du dispositif, jamais ajouté"),
    ColumnSpec("plafond", "Plafond AE", "montant", 116),
    ColumnSpec("disponible", "Disponible", "montant", 116, tooltip="Plafond AE moins notifié ou engagé, le plus grand"),
    ColumnSpec("etat", "", "icone", 36, sortable=False),
)
_SUMMED = ("nombre", "notifie", "engage", "paye")
#: The columns that go first where room is short; those hidden where nobody has written any.
_LEAST_FIRST, _WHEN_SOME = ("theme", "paye", "engage", "dont"), ("engage", "paye", "dont")
_NARROWEST, _WIDEST = 400, 460
TYPING_MS = 150


class Dispositifs(Page):
    """The list at the left, the card at the right."""

    key = "dispositifs"
    title = "Dispositifs"
    icon = "stack-line"
    guide = "budget"
    tables = frozenset(
        {
            "dispositif", "dispositif_plafond", "dont", "cofinancement", "indicateur", "indicateur_valeur",
            "allocation", "mouvement", "exercice", "destination", "theme",
        }
    )  # fmt: skip

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.lignes: list[LigneDispositif] = []
        self._wanted = ""
        self._moving = False
        self._unknown = set(_WHEN_SOME)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Chercher un dispositif")
        self.search.setAccessibleName("Chercher un dispositif")
        self.search.setClearButtonEnabled(True)
        self.search.setProperty("kind", "recherche")
        self.search.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.avec = QCheckBox("Avec allocations")
        self.avec.toggled.connect(self.refresh)
        self.model = SimpleTableModel(COLUMNS, (), self)
        self.table = DataTable(self.model, name="Dispositifs")
        self.columns = ColumnChoice(self.table, _LEAST_FIRST, lambda: self._unknown)
        self.fiche = DispositifFiche(bridge)
        self.nouveau = button("Nouveau", "secondaire", self.add_new, icon="add-line")
        self.affecter = button("Affecter…", "secondaire", self.assign, icon="links-line")
        self.plus = icon_button("more-2-fill", "Autres actions")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.nouveau.setToolTip("Nouveau dispositif (Ctrl+N)")
        self.affecter.setToolTip("Dire de quel dispositif sont des allocations")
        menu = QMenu(self.plus)
        menu.addAction("Exporter en Excel…", self._ask_export)
        for year in reversed(bilans.ANNEES):
            menu.addAction(f"Charger les chiffres du Bilan publié {year}", partial(self.load_report, year))
        menu.addAction("Colonnes…", lambda: self.columns.popup(self.plus))
        self.plus.setMenu(menu)
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.avec)
        tools.addWidget(self.affecter)
        tools.addWidget(self.nouveau)
        tools.addWidget(self.plus)
        list_beside_card(self, tools, self.table, self.fiche, (_NARROWEST, _WIDEST))

    def _connect(self) -> None:
        self.table.selection_changed.connect(lambda _: self._selection_changed())
        self.table.activated.connect(lambda _: self.fiche.setFocus())
        self.table.set_context_menu(self._fill_menu)
        self.fiche.saved.connect(self._saved)
        self.fiche.describe.connect(self.describe)
        self.fiche.abandoned.connect(self._abandoned)
        self.fiche.left.connect(self.table.setFocus)
        shortcut("Ctrl+N", self, self.add_new)
        shortcut("Ctrl+F", self, self.search.setFocus)
        tab_keys(self, self.fiche.bar)
        shortcut("Del", self.table.view, self.delete, alone=True)

    # What is shown

    def refresh(self) -> None:
        """Read the list again; the scheme shown stays, with what is being typed."""
        self._typing.stop()
        year = self.bridge.exercice
        try:
            everything = dispositifs.liste(self.session, year)
        except Refus as refusal:
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        words = fold(self.search.text()).split()
        themes = self.session.nomenclatures.themes()

        def text(x: LigneDispositif) -> str:
            return fold(f"{x.code} {x.dispositif.libelle} {themes.get(x.dispositif.theme, '')}")

        kept = [x for x in everything if x.nombre or x.notifie] if self.avec.isChecked() else everything
        self.lignes = [x for x in kept if all(w in text(x) for w in words)]
        wanted, self._wanted = self._wanted or self.fiche.code, ""
        self._moving = True
        self.model.set_rows([_row(x, themes) for x in self.lignes])
        place = next((i for i, x in enumerate(self.lignes) if x.code == wanted), None)
        if place is None and self.lignes and not self.fiche.creating:
            place = self.model.id_at(0)
        self.table.select([] if place is None else [place], current=place)
        self._moving = False
        self._say(everything, year)
        self._unknown = {key for key in _WHEN_SOME if not any(getattr(x, key) for x in everything)}
        self.columns.fit()
        if place is not None and not self.fiche.creating:
            self._show(self.lignes[place])
        elif not self.lignes and not self.fiche.dirty:
            self.fiche.clear()

    def _show(self, ligne: LigneDispositif) -> None:
        if ligne.code == self.fiche.code:
            self.fiche.refresh(ligne, self.bridge.exercice)
        else:
            self.fiche.load(ligne, self.bridge.exercice)

    def _say(self, everything: list[LigneDispositif], year: int) -> None:
        sums = {key: sum(getattr(x, key) for x in self.lignes) for key in _SUMMED}
        self.table.set_totals(sums if self.lignes else {}, "Total")
        if self.lignes:
            self.table.set_state("donnees")
        elif everything:
            typed = self.search.text().strip()
            text = f"Aucun dispositif ne contient « {typed} »." if typed else f"Aucun n'a d'allocation en {year}."
            self.table.set_state("filtre_vide", text, "Tout montrer", self._show_all)
        else:
            text = "Aucun dispositif : en décrire un, puis lui affecter des allocations."
            self.table.set_state("vide", text, "Nouveau dispositif", self.add_new)
        unknown, above = sum(not x.decrit for x in everything), sum(bool(x.alertes()) for x in everything)
        count = len(everything)
        told = [f"{money.nombre(count)} dispositif{'s' * (count > 1)} · exercice {year}"]
        told += [f"{money.nombre(unknown)} non décrit{'s' * (unknown > 1)}"] if unknown else []
        told += [f"{money.nombre(above)} au-dessus du plafond"] if above else []
        self.set_subtitle(" · ".join(told))
        self.set_status(f"{money.nombre(len(self.lignes))} dispositifs · notifié {money.euros(sums['notifie'])}")

    def _clear_filters(self) -> None:
        """Nothing is filtered at the next reading, and nothing is read now."""
        self.search.clear()
        self._typing.stop()
        with QSignalBlocker(self.avec):
            self.avec.setChecked(False)

    def _show_all(self) -> None:
        self._clear_filters()
        self.refresh()

    def accept(self, argument: object) -> None:
        """Choose a scheme by its code."""
        if isinstance(argument, str) and self.fiche.may_leave():
            self._clear_filters()
            self._wanted = argument
            self._stale = False
            self.refresh()

    def leave(self) -> bool:
        return self.fiche.may_leave()

    @property
    def views(self) -> tuple[str, ...]:
        return tuple(ONGLETS)

    def show_view(self, key: str) -> None:
        self.fiche.go(key)

    def present(self) -> None:
        """On the scheme that has most to show."""
        told = {i.dispositif for i in self.session.indicateurs.all()}
        best = max(range(len(self.lignes)), key=lambda i: _interest(self.lignes[i], told), default=None)
        if best is not None:
            self.table.select([best], current=best)

    def _selection_changed(self) -> None:
        current = self.table.current_id()
        if self._moving or current is None or current >= len(self.lignes):
            return
        line = self.lignes[current]
        if line.code == self.fiche.code:
            return
        if self.fiche.may_leave():
            self.fiche.load(line, self.bridge.exercice)
        else:
            self._moving = True
            kept = [i for i, x in enumerate(self.lignes) if x.code == self.fiche.code]
            self.table.select(kept, current=kept[0] if kept else None)
            self._moving = False

    def _saved(self, code: str) -> None:
        self._wanted = code
        self.fiche.clear()
        self.refresh()
        self.table.setFocus()

    def _abandoned(self) -> None:
        self.refresh()
        self.table.setFocus()

    # What the user does

    def add_new(self) -> None:
        """A new scheme in the card."""
        if self.fiche.may_leave():
            self._moving = True
            self.table.select([])
            self._moving = False
            self.fiche.start(self.bridge.exercice)

    def describe(self, code: str) -> None:
        """Describe in one gesture a scheme met in allocations."""
        self.bridge.perform(lambda: dispositifs.decrire(self.session, code), done=f"Décrit : « {code} »")

    def delete(self) -> None:
        """Forget the description of the scheme chosen; its allocations keep its name."""
        line = self.fiche.ligne
        if line is not None and line.decrit and self.fiche.may_leave():
            said = f"Description supprimée : « {line.code} »"
            self.bridge.perform(lambda: dispositifs.supprimer(self.session, line.code), done=said)

    def assign(self) -> None:
        """Say of which scheme many allocations are."""
        if self.fiche.may_leave():
            AffectationDispositif(self.bridge, self.window(), self.fiche.code).open()

    def load_report(self, year: int) -> None:
        """Load what a published report says, in one operation; what was left out is told."""
        read = self.bridge.perform(lambda: bilans.charger(self.session, year))
        if read is not None:
            said = f"Bilan {year} chargé : {read.dit()}"
            if read.ecartes:
                said += f" ({' '.join(read.ecartes[:2])}…)"
            self.bridge.message.emit("succes", said, "Annuler (Ctrl+Z)", self.bridge.undo)

    def export_to(self, path: Path) -> None:
        """Write the schemes, what is inside and beside them, and their indicators, to a workbook."""
        session, year = self.session, self.bridge.exercice
        run_export(
            self.bridge, path, lambda _: dispositif_classeur.ecrire(session, path, year), "Export des dispositifs"
        )

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"dispositifs-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter les dispositifs", proposed):
            self.export_to(path)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        menu.addAction("Nouveau dispositif\tCtrl+N", self.add_new)
        menu.addAction("Affecter des allocations…", self.assign)
        if ids:
            line = self.lignes[ids[0]]
            menu.addAction("Voir ses allocations", self.fiche.open_lines)
            if line.decrit:
                menu.addAction("Supprimer la description\tSuppr", self.delete)
            else:
                menu.addAction("Décrire ce dispositif", lambda: self.describe(line.code))


def _interest(x: LigneDispositif, told: set[str]) -> tuple[int, int]:
    return (bool(x.alertes()) + (x.code in told) + bool(x.dont), x.notifie)


def _row(x: LigneDispositif, themes: dict[str, str]) -> tuple[object, ...]:
    d = x.dispositif
    name = d.libelle if d.libelle == d.code else f"{d.code} · {d.libelle}"
    mark: object = None
    if above := x.alertes():
        mark = ("alerte", " ".join(p.message for p in above))
    elif not x.decrit:
        mark = ("faible", "Non décrit : ce nom vient des allocations")
    return (
        name if x.decrit else f"{name} (non décrit)",
        themes.get(d.theme, ""),
        x.nombre or None,
        x.notifie if x.nombre else x.notifie or None,
        x.engage or None,
        x.paye or None,
        x.dont or None,
        x.plafond.ae if x.plafond else None,
        x.disponible,
        mark,
    )
