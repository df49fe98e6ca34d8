"""The step that shows how the file was understood: profile, sheet, header row, each column with its first values."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import PROFILS
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import ElidedText, Text
from firdesk.ui.pages.import_en_cours import ImportEnCours

#: Rows of the file shown beside the columns.
APERCU = 3
#: Columns shown of a sheet where nothing was recognised.
LARGEUR = 24


class Colonnes(QWidget):
    """Says what was recognised; another profile, sheet or exercice plans again."""

    profil_chosen = Signal(object)
    feuille_chosen = Signal(object)
    exercice_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.profil = _combo("Profil", 200)
        self.feuille = _combo("Feuille", 176)
        self.exercice = _combo("Exercice", 152)
        self.faits = ElidedText("", "petit", "faible")
        self.refus = Note("")
        self.model = SimpleTableModel(())
        self.table = DataTable(self.model, name="Colonnes du fichier")
        self.notes = QVBoxLayout()
        self.notes.setSpacing(style.HALF)
        self.profil.activated.connect(lambda _: self.profil_chosen.emit(self.profil.currentData()))
        self.feuille.activated.connect(lambda _: self.feuille_chosen.emit(self.feuille.currentData()))
        self.exercice.activated.connect(lambda _: self.exercice_chosen.emit(self.exercice.currentData()))
        choices = QHBoxLayout()
        choices.setSpacing(style.SPACE)
        for combo in (self.profil, self.feuille, self.exercice):
            label = Text(combo.accessibleName(), "corps", "faible")
            label.setBuddy(combo)
            choices.addWidget(label)
            choices.addWidget(combo)
            choices.addSpacing(style.SPACE)
        choices.addStretch(1)
        card = Card("En-tête et colonnes")
        card.body.addLayout(choices)
        card.body.addWidget(self.faits)
        card.body.addWidget(self.refus)
        card.body.addWidget(self.table, 1)
        card.body.addLayout(self.notes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self.setFocusProxy(self.profil)

    def show_import(self, encours: ImportEnCours, exercices: Sequence[int]) -> None:
        """Show the workbook as planned, or as read where nothing was recognised; ``exercices`` may be chosen."""
        book, plan = encours.workbook, encours.plan
        if book is None:
            return
        profils = [(p.libelle, p.nom) for p in PROFILS.values()]
        _fill(
            self.profil, [("Reconnaître", None), *profils], encours.reglages.profil or (plan.profil if plan else None)
        )
        sheets = [(g.name, g.name) for g in book.grids]
        _fill(self.feuille, sheets, encours.reglages.feuille or (plan.feuille if plan else None))
        years = sorted({*encours.annees, *exercices}, reverse=True)
        _fill(self.exercice, [("Celui du fichier", None), *((str(y), y) for y in years)], encours.reglages.exercice)
        self.feuille.setEnabled(len(sheets) > 1)
        self.refus.set_note(encours.refus.message if encours.refus is not None and plan is None else "", "erreur")
        self.faits.setText(_facts(encours))
        self._show_notes(dict.fromkeys(plan.notes if plan is not None else book.notes))
        if plan is not None:
            self._show_columns(encours, plan)
        else:
            self._show_rows(encours)

    def _show_columns(self, encours: ImportEnCours, plan: Plan) -> None:
        grid = next(g for g in encours.workbook.grids if g.name == plan.feuille) if encours.workbook else None
        if grid is None:
            return
        first = plan.ligne_entete
        shown = [first + i for i in range(APERCU) if first + i <= grid.last_row]
        columns = [
            ColumnSpec("lettre", "", "code", 48, tooltip="Colonne du fichier", sortable=False),
            ColumnSpec("entete", "En-tête lu", width=200, stretch=True, sortable=False),
            ColumnSpec("champ", "Devient", "etat", 176, stretch=True, sortable=False),
            *(ColumnSpec(f"l{n}", f"Ligne {n + 1}", width=116, sortable=False) for n in shown),
        ]
        rows = []
        for index, colonne in enumerate(plan.colonnes):
            place = _place(colonne.lettre, index)
            said = ("normal", colonne.libelle) if colonne.champ else ("faible", "non reprise")
            values = [" ".join(grid.raw(n, place).split()) for n in shown]
            rows.append((colonne.lettre, colonne.entete, said[1] if said[0] == "normal" else said, *values))
        self.model.set_columns(columns, rows)

    def _show_rows(self, encours: ImportEnCours) -> None:
        book, name = encours.workbook, self.feuille.currentData()
        grid = next((g for g in book.grids if g.name == name), None) if book else None
        if grid is None:
            self.model.set_columns(())
            return
        wide = range(grid.first_column, grid.first_column + min(grid.width, LARGEUR))
        letters = [grid.address(0, c)[:-1] for c in wide]
        columns = [ColumnSpec("n", "", "code", 56, sortable=False)]
        columns += [ColumnSpec(x, x, width=128, sortable=False) for x in letters]
        rows = [
            (str(n + 1), *(grid.raw(n, c) for c in wide))
            for n in range(grid.first_row, min(grid.last_row, grid.first_row + 30) + 1)
        ]
        self.model.set_columns(columns, rows)

    def _show_notes(self, notes: Iterable[str]) -> None:
        while (item := self.notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for note in notes:
            self.notes.addWidget(Text(f"· {note}", "petit", "faible", wrap=True))


def _combo(name: str, width: int) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setFixedWidth(width)
    return made


def _fill(combo: QComboBox, entries: Sequence[tuple[str, object]], chosen: object) -> None:
    combo.clear()
    for label, data in entries:
        combo.addItem(label, data)
    combo.setCurrentIndex(max(0, next((i for i, (_, data) in enumerate(entries) if data == chosen), 0)))


def _facts(encours: ImportEnCours) -> str:
    book, plan = encours.workbook, encours.plan
    if book is None:
        return ""
    told = []
    if plan is not None:
        known = sum(1 for c in plan.colonnes if c.champ)
        told += [f"En-tête en ligne {plan.ligne_entete}", f"{known} colonnes reprises sur {len(plan.colonnes)}"]
    if book.kind == "csv":
        mark = {"\t": "tabulation", "|": "barre |", ";": "point-virgule ;", ",": "virgule ,"}
        told.append(f"texte {book.encoding}, séparateur {mark.get(book.delimiter or '', book.delimiter or 'inconnu')}")
    else:
        told.append(f"classeur {book.kind}")
    return " · ".join(told)


def _place(letters: str, default: int) -> int:
    """The index of a sheet column from its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1 if letters else default
