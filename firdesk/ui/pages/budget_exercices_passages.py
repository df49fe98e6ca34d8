"""How the codes of an exercice follow those of the one before: proposals to keep or correct, paste, file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain.exercice import GENRES, Passage
from firdesk.services import passages
from firdesk.services.passages import Ligne
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit import style
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages.budget_exercices_vue import Vue, annees

_COLUMNS = (
    ColumnSpec("code_avant", "Code avant", "code", 108),
    ColumnSpec("libelle_avant", "Libellé avant", width=180, stretch=True),
    ColumnSpec("code_apres", "Code après", width=108, editable=True, tooltip="F2 : le corriger ; vide : sans suite"),
    ColumnSpec("libelle_apres", "Libellé après", width=180, stretch=True),
    ColumnSpec("motif", "Motif", width=200, editable=True, tooltip="F2 : l'écrire"),
    ColumnSpec("etat", "État", "etat", 152),
)
_REFUS_DITS = 3


class PassagesVue(Vue):
    """Enter keeps the proposals chosen, F2 corrects a cell, Suppr takes a passage away, Ctrl+V pastes from Excel."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.lignes: list[Ligne] = []
        self.exercice, self.genre = QComboBox(), QComboBox()
        self.exercice.setAccessibleName("Exercice d'arrivée")
        self.genre.setAccessibleName("Codes")
        for code, label in GENRES.items():
            self.genre.addItem(f"{label}s", code)
        self.keep_button = button("Retenir les propositions", "secondaire", self.keep_all, icon="check-line")
        self.paste_button = button("Coller", "secondaire", self.paste_clipboard, icon="clipboard-line")
        self.import_button = button("Importer…", "secondaire", self._ask_file, icon="file-excel-2-line")
        self.model = SimpleTableModel(_COLUMNS, parent=self)
        self.table = DataTable(self.model, name="Passage des codes")
        self.note = Text(
            "Trois colonnes à coller ou à importer : code_avant, code_apres, motif. Un code après vide n'a pas de "
            "suite : son montant reste sur sa ligne.",
            "petit",
            "faible",
            wrap=True,
        )
        self._lay_out()
        for combo in (self.exercice, self.genre):
            combo.activated.connect(lambda _: self._fill())
        self.model.edit_requested.connect(self.write_cell, Qt.ConnectionType.QueuedConnection)
        self.table.activated.connect(lambda _: self.keep_chosen())
        shortcut("F2", self.table.view, self._edit, alone=True)
        self.table.paste_requested.connect(self.paste)
        self.table.set_context_menu(self._fill_menu)
        shortcut("Del", self.table.view, self.delete, alone=True)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for label, combo in (("Vers l'exercice", self.exercice), ("Codes", self.genre)):
            name = Text(label, "petit", "faible")
            name.setBuddy(combo)
            tools.addWidget(name)
            tools.addWidget(combo)
        tools.addStretch()
        for widget in (self.keep_button, self.paste_button, self.import_button):
            tools.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.note)
        lead_focus(self, self.table)

    # What is shown

    @property
    def annee(self) -> int:
        """The exercice whose codes follow."""
        return int(self.exercice.currentData() or 0)

    @property
    def choix(self) -> str:
        """``destination`` or ``theme``."""
        return str(self.genre.currentData())

    def refresh(self) -> None:
        years = self.session.nomenclatures.exercices()
        annees(self.exercice, [y for y in years if y - 1 in years] or years, self.bridge.exercice)
        self._fill()

    def _fill(self) -> None:
        years = self.session.nomenclatures.exercices()
        both = self.annee in years and self.annee - 1 in years
        self.lignes = passages.lignes(self.session, self.annee, self.choix) if both else []
        self.model.set_rows([_row(x) for x in self.lignes])
        if self.lignes and not self.table.selected_ids():
            self.table.select([0], current=0)
        proposed = sum(not x.ecrit and bool(x.passage.code_apres) for x in self.lignes)
        self.keep_button.setEnabled(proposed > 0)
        for widget in (self.paste_button, self.import_button):
            widget.setEnabled(both)
        if self.lignes:
            self.table.set_state("donnees")
        elif both:
            before = self.annee - 1
            self.table.set_state("vide", f"Tous les codes de {before} existent encore en {self.annee}.")
        else:
            self.table.set_state("vide", "Il faut deux exercices qui se suivent : ouvrir le précédent.")
        written = sum(x.ecrit for x in self.lignes)
        self.told.emit(f"{written} passage{'s' * (written > 1)} écrit{'s' * (written > 1)}, {proposed} à retenir")

    # What the user does

    def keep_chosen(self) -> None:
        """Write the proposals selected, those without an heir too."""
        chosen = [self.lignes[i] for i in self.table.selected_ids()]
        self._write([x.passage for x in chosen if not x.ecrit])

    def keep_all(self) -> None:
        """Write every proposal that names an heir."""
        self._write([x.passage for x in self.lignes if not x.ecrit and x.passage.code_apres])

    def delete(self) -> None:
        """Take the passages selected away."""
        gone = [self.lignes[i].passage for i in self.table.selected_ids() if self.lignes[i].ecrit]
        if gone:
            said = f"Supprimé : {len(gone)} passage{'s' * (len(gone) > 1)}"
            self.bridge.perform(lambda: passages.supprimer(self.session, gone), done=said)

    def paste(self, text: str) -> None:
        """Write what a spreadsheet copied; what is refused is said with its line."""
        self._read(lambda: passages.coller(self.session, self.annee, self.choix, text))

    def paste_clipboard(self) -> None:
        from PySide6.QtGui import QGuiApplication

        self.paste(QGuiApplication.clipboard().text())

    def import_file(self, path: Path) -> None:
        """Write the passages of a workbook."""
        self._read(lambda: passages.importer(self.session, self.annee, self.choix, path))

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Importer un tableau de passage", "", "Tableaux (*.xlsx *.xls *.xlsb *.ods *.csv)"
        )
        if name:
            self.import_file(Path(name))

    def _read(self, read: Callable[[], tuple[int, list[str]]]) -> None:
        done = self.bridge.perform(read)
        if done is None:
            return
        count, refused = done
        said = f"{count} passage{'s' * (count > 1)} écrit{'s' * (count > 1)}."
        if refused:
            said += f" {len(refused)} refus : " + " ".join(refused[:_REFUS_DITS])
        undo = self.bridge.undo if count else None
        kind = "alerte" if refused else "succes"
        self.bridge.message.emit(kind, said, "Annuler (Ctrl+Z)" if undo else "", undo)

    def _write(self, wanted: list[Passage]) -> None:
        if wanted:
            said = f"Écrit : {len(wanted)} passage{'s' * (len(wanted) > 1)}"
            self.bridge.perform(lambda: passages.ecrire(self.session, wanted), done=said)

    def write_cell(self, row: object, key: str, text: str) -> None:
        """What the end of an edit in the table does."""
        before = self.lignes[int(str(row))].passage
        after = replace(before, motif=text.strip()) if key == "motif" else None
        if after is None:
            after = replace(before, code_apres=passages.code(self.session, self.choix, text.strip()))
        self._write([after])

    def _edit(self) -> None:
        """The cell under the cursor, else the code of its line."""
        index = self.table.view.currentIndex()
        if index.isValid() and not self.model.columns[index.column()].editable:
            index = index.siblingAtColumn(self.model.column_of("code_apres"))
        if index.isValid():
            self.table.view.setCurrentIndex(index)
            self.table.view.edit(index)

    def _fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        if any(not self.lignes[i].ecrit for i in ids):
            menu.addAction("Retenir\tEntrée", self.keep_chosen)
        if any(self.lignes[i].ecrit for i in ids):
            menu.addAction("Supprimer le passage\tSuppr", self.delete)
        menu.addAction("Coller depuis Excel\tCtrl+V", self.paste_clipboard)


def _row(x: Ligne) -> tuple[object, ...]:
    p = x.passage
    if x.ecrit:
        state = ("succes", "Écrit" if p.code_apres else "Écrit, sans suite")
    else:
        state = ("accent", f"Proposé ({x.score} %)") if p.code_apres else ("alerte", "Aucun proche")
    return (p.code_avant, x.libelle_avant, p.code_apres, x.libelle_apres, p.motif, state)
