"""The acts that bind the agency: their list with what is committed, paid and due, and beside it the one chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from firdesk.domain import money
from firdesk.domain.convention import ETATS, NATURES, Suivi
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe
from firdesk.services import conventions, export_engagements
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import CLASSEUR_OU_CSV, ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.column_choice import ColumnChoice
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.list_and_card import list_beside_card
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import button, icon_button
from firdesk.ui.page import Page
from firdesk.ui.pages.convention_fiche import Fiche

_TONES = {"en_cours": "succes", "a_renouveler": "alerte", "echue": "faible"}
_NARROWEST, _WIDEST, _TYPING_MS = 380, 420, 200


class Conventions(Page):
    """Search and filters above, list at the left, the act at the right."""

    key = "conventions"
    title = "Conventions"
    icon = "file-text-line"
    guide = "budget"
    tables = frozenset({"convention", "convention_annee", "allocation", "mouvement", "operateur", "exercice"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._all: list[Suivi] = []
        self._shown: list[Suivi] = []
        self._wanted: int | None = None
        self._moving = False
        self.search = QLineEdit()
        self.etat = combo_box("État", [("Tous les états", ""), *((label, key) for key, label in ETATS.items())])
        self.nature = combo_box(
            "Nature", [("Toutes les natures", ""), *((label, key) for key, label in NATURES.items())]
        )
        self.model = SimpleTableModel(_columns(bridge.exercice), parent=self)
        self.table = DataTable(self.model, name="Conventions")
        self.fiche = Fiche(bridge)
        self.shown_columns = ColumnChoice(self.table, _LEAST_FIRST)
        self.columns = icon_button("layout-column-line", "Colonnes", self.show_columns)
        self.nouvelle = button("Nouvelle", "secondaire", self.start, icon="add-line")
        self.exporter = icon_button("file-excel-2-line", "Exporter les conventions affichées…", self._ask_export)
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.search.setProperty("kind", "recherche")
        self.search.setPlaceholderText("Numéro, opérateur ou objet")
        self.search.setAccessibleName("Chercher une convention")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self.nouvelle.setToolTip("Nouvelle convention (Ctrl+N)")
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        tools.addWidget(self.search, 1)
        for widget in (self.etat, self.nature, self.columns, self.exporter, self.nouvelle):
            tools.addWidget(widget)
        self.split = list_beside_card(self, tools, self.table, self.fiche, (_NARROWEST, _WIDEST))

    def _connect(self) -> None:
        self.search.textEdited.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self._show)
        for combo in (self.etat, self.nature):
            combo.activated.connect(lambda _: self._show())
        self.table.selection_changed.connect(lambda _: self._chosen_changed())
        self.table.activated.connect(lambda _: self.fiche.edit())
        self.table.set_context_menu(self._menu)
        self.fiche.saved.connect(self._saved)
        self.fiche.abandoned.connect(self._chosen_changed)
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+N": self.start,
            "Ctrl+S": self.fiche.save,
            "Ctrl+D": self.start_avenant,
            "Ctrl+F": self._seek,
            "Ctrl+PgDown": lambda: self.fiche.step(1),
            "Ctrl+PgUp": lambda: self.fiche.step(-1),
        }
        for key, run in keys.items():
            shortcut(key, self, run)
        shortcut("Del", self.table.view, self.delete, alone=True)

    # What is shown

    def accept(self, argument: object) -> None:
        """An act by its number in the base."""
        if isinstance(argument, int) and self.leave():
            self._wanted = conventions.racine(self.session, argument)
            self._stale = True

    def refresh(self) -> None:
        try:
            self._all = conventions.suivis(self.session, self.bridge.exercice)
        except Refus as refusal:
            self.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        self._show()

    def _show(self) -> None:
        kept = self._wanted or (self.chosen.convention.id if self.chosen is not None else None)
        words = fold(self.search.text()).split()
        etat, nature = self.etat.currentData(), self.nature.currentData()
        found = [s for s in self._all if _holds(s, words) and etat in ("", s.etat)]
        self._shown = [s for s in found if nature in {"", *(a.nature for a in s.actes)}]
        if self._wanted is not None and all(s.convention.id != self._wanted for s in self._shown):
            self._shown += [s for s in self._all if s.convention.id == self._wanted]
        self._wanted = None
        self._moving = True
        if self.model.columns != (columns := _columns(self.bridge.exercice)):
            self.model.set_columns(columns)
        self.model.set_rows([_row(s) for s in self._shown])
        places = [i for i, s in enumerate(self._shown) if s.convention.id == kept]
        self.table.select(places or ([0] if self._shown else []))
        self._moving = False
        self._tell(filtered=bool(words or etat or nature))
        self._chosen_changed()

    def _tell(self, *, filtered: bool) -> None:
        sums = {key: sum(cents) for key, cents in _amounts(self._shown).items()}
        self.table.set_totals(sums if self._shown else {}, "Total")
        self.shown_columns.fit()
        self.exporter.setEnabled(bool(self._shown))
        count, total = len(self._shown), len(self._all)
        acts = f"{money.nombre(count)} acte{'s' * (count > 1)}"
        self.set_subtitle(f"{acts} sur {money.nombre(total)}" if filtered else acts)
        late = sum(s.etat == "a_renouveler" for s in self._shown)
        told = [acts] + ([f"{late} à renouveler"] if late else [])
        self.set_status(" · ".join([*told, f"reste à payer {money.euros(sums.get('reste', 0))}"]))
        if self._shown:
            self.table.set_state("donnees")
        elif filtered:
            self.table.set_state(
                "filtre_vide", "Aucune convention ne répond à ces filtres.", "Tout montrer", self.clear
            )
        else:
            text = "Aucune convention : saisir la première, ou la créer depuis la fiche d'une allocation."
            self.table.set_state("vide", text, "Nouvelle convention", self.start)

    def clear(self) -> None:
        """No filter at all."""
        self.search.clear()
        self.etat.setCurrentIndex(0)
        self.nature.setCurrentIndex(0)
        self._show()

    @property
    def chosen(self) -> Suivi | None:
        row = self.table.current_id()
        return self._shown[row] if row is not None and row < len(self._shown) else None

    def _chosen_changed(self) -> None:
        if self._moving:
            return
        chosen = self.chosen
        if not self.fiche.dirty:
            self.fiche.show_suivi(chosen)
        elif chosen is None or chosen.convention.id != self.fiche.number:
            self.fiche.warn_unsaved()
            self._moving = True
            self.table.select([i for i, s in enumerate(self._shown) if s.convention.id == self.fiche.number])
            self._moving = False
        else:
            self.fiche.follow(chosen)

    def _saved(self, number: int) -> None:
        self._wanted = conventions.racine(self.session, number)
        self._show()

    # What the user does

    def leave(self) -> bool:
        if not self.fiche.dirty:
            return True
        self.fiche.warn_unsaved()
        return False

    def start(self) -> None:
        """A blank act."""
        if self.leave():
            self._moving = True
            self.table.select([])
            self._moving = False
            self.fiche.start()

    def start_avenant(self) -> None:
        """A blank avenant of the act chosen."""
        if self.leave():
            self.fiche.start_avenant()

    def _seek(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def delete(self) -> None:
        """Delete the act chosen; the message gives it back with what was bound to it."""
        chosen = self.chosen
        if chosen is not None and self.leave():
            act = chosen.convention
            said = f"Supprimé : {conventions.nom(act)}"
            if chosen.nombre:
                said += f", {chosen.nombre} allocation{'s' * (chosen.nombre > 1)} détachée{'s' * (chosen.nombre > 1)}"
            self.bridge.perform(lambda: conventions.supprimer(self.session, act.id or 0), done=said)

    def export_to(self, path: Path) -> None:
        """Write the acts shown to a workbook."""
        found, year = tuple(self._shown), self.bridge.exercice

        def write(_progress: Progress) -> None:
            export_engagements.export_conventions(path, found, year)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"conventions-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter les conventions", proposed, CLASSEUR_OU_CSV):
            self.export_to(path)

    def _menu(self, menu: QMenu, rows: list[int]) -> None:
        if len(rows) == 1:
            menu.addAction("Ouvrir dans la fiche\tEntrée", self.fiche.edit)
            menu.addAction("Échéancier de toutes les conventions", self._to_budget)
            menu.addAction("Nouvel avenant\tCtrl+D", self.start_avenant)
            menu.addAction("Supprimer\tSuppr", self.delete)
        menu.addAction("Nouvelle convention\tCtrl+N", self.start)

    def _to_budget(self) -> None:
        self.bridge.navigate.emit("budget", ("echeancier", Axe.CONVENTION))

    def show_columns(self) -> None:
        """The menu where columns are shown or hidden; from then on they are the user's."""
        self.shown_columns.popup(self.columns)

    def present(self) -> None:
        self.table.select([0])


#: The columns that go first where room is short.
_LEAST_FIRST = ("objet", "nature", "prevue", "du", "cp", "fin")


def _columns(exercice: int) -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec("numero", "Numéro", "code", 120),
        ColumnSpec("nature", "Nature", width=128),
        ColumnSpec("operateur", "Opérateur", width=168, stretch=True),
        ColumnSpec("objet", "Objet", width=200),
        ColumnSpec("fin", "Fin", "date", 104, tooltip="Fin du dernier avenant, ou de la durée d'engagement"),
        ColumnSpec("etat", "État", "etat", 128),
        ColumnSpec("prevue", "AE prévue", "montant", 96, tooltip="AE de toutes ses années, avenants compris"),
        ColumnSpec("ae", "AE engagée", "montant", 96),
        ColumnSpec("cp", "CP payé", "montant", 96),
        ColumnSpec("reste", "Reste à payer", "montant", 96),
        ColumnSpec("du", f"Dû en {exercice + 1}", "montant", 96),
    )


def _row(s: Suivi) -> tuple[object, ...]:
    c, e = s.convention, s.echeancier
    etat = (_TONES[s.etat], ETATS[s.etat])
    amounts = (s.montant, e.ae, e.cp, e.reste_a_payer, e.du(e.exercice + 1))
    return (c.numero, NATURES[c.nature], s.operateur, c.objet, s.fin, etat, *amounts)


def _amounts(found: Sequence[Suivi]) -> dict[str, list[int]]:
    return {
        "prevue": [s.montant for s in found],
        "ae": [s.echeancier.ae for s in found],
        "cp": [s.echeancier.cp for s in found],
        "reste": [s.echeancier.reste_a_payer for s in found],
        "du": [s.echeancier.du(s.echeancier.exercice + 1) for s in found],
    }


def _holds(s: Suivi, words: Sequence[str]) -> bool:
    text = fold(" ".join([s.operateur, *(f"{a.numero} {a.objet}" for a in s.actes)]))
    return all(w in text for w in words)
