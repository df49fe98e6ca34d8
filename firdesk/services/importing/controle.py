"""The totals found in a file, checked against the lines above them: since the last total, or since earlier ones."""

from collections.abc import Sequence

from firdesk.services.importing import lecture
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.lecture import ALERTE, QUESTION, REJET, Lu
from firdesk.services.importing.lignes import Rangees, paquets
from firdesk.services.importing.plan import ControleTotal
from firdesk.services.importing.recognise import Reconnu
from firdesk.sheets.cell import Value


class Controle:
    """Fed with the amounts of each line in the order of the sheet; blocks are what lies between two totals."""

    def __init__(self, table: Reconnu, totaux: Sequence[int], champs: Sequence[str]) -> None:
        self._table = table
        self._left = list(totaux)
        self._champs = champs
        self._blocks: list[list[int]] = []
        self._current = [0] * len(champs)
        self.trouves: list[ControleTotal] = []
        self._wrong: list[tuple[int, str]] = []

    def ajouter(self, number: int, amounts: Sequence[int | None]) -> None:
        if not self._left:
            return
        self._until(number)
        for i, cents in enumerate(amounts):
            if cents:
                self._current[i] += cents

    def ajouter_ensemble(self, numbers: Sequence[int], amounts: Sequence[Sequence[int | None]]) -> None:
        """The amounts of some lines, field by field."""
        if self._left and self._left[0] > numbers[-1]:
            for i, cents in enumerate(amounts):
                self._current[i] += sum(filter(None, cents))
        elif self._left:
            for number, of_line in zip(numbers, zip(*amounts, strict=True), strict=True):
                self.ajouter(number, of_line)

    def finir(self, constats: Constats) -> tuple[ControleTotal, ...]:
        """Check the totals that are left, and say which ones the lines do not add up to."""
        self._until(None)
        for number, champ in self._wrong:
            remede = "Ce total ne correspond pas aux lignes lues : vérifier qu'aucune ne manque."
            constats.grouper(ALERTE, number, champ, "la somme des lignes au-dessus", remede)
        return tuple(self.trouves)

    def _until(self, number: int | None) -> None:
        while self._left and (number is None or self._left[0] < number):
            self._check(self._left.pop(0))

    def _check(self, number: int) -> None:
        """A total may cover its own block, or several up to it (a grand total below sub-totals)."""
        if any(self._current):
            self._blocks.append(self._current)
            self._current = [0] * len(self._champs)
        for i, champ in enumerate(self._champs):
            read = self._read(number, champ)
            if read is None:
                continue
            sums = [0]
            for block in reversed(self._blocks):
                sums.append(sums[-1] + block[i])
            good = read in sums
            self.trouves.append(ControleTotal(self._table.adresse(number, champ), read, read if good else sums[-1]))
            if not good:
                self._wrong.append((number, champ))

    def _read(self, number: int, champ: str) -> int | None:
        if champ not in self._table.positions:
            return None
        column = self._table.grid.first_column + self._table.positions[champ]
        value: Value = self._table.grid.value(number, column)
        read = None if isinstance(value, bool) else lecture.montant(value)
        cents = read.valeur if isinstance(read, Lu) else read
        return cents if isinstance(cents, int) else None


def somme_colonne(table: Reconnu, rows: Rangees, constats: Constats, champ: str) -> int:
    """The readable amounts of one column, added straight down: what the lines of the plan must add up to."""
    if champ not in table.positions:
        return 0
    index = table.positions[champ]
    first = table.grid.first_column
    cache = lecture.Cache(lecture.montant)
    broken = {row for row, column in {*table.grid.errors, *table.grid.uncached} if column == index + first}
    total = 0
    for numbers, columns in paquets(rows):
        column = columns[index] if index < len(columns) else (None,) * len(numbers)
        if bool in set(map(type, column)):
            column = [("VRAI" if v else "FAUX") if isinstance(v, bool) else v for v in column]
        read = cache.colonne(column)
        if Lu not in set(map(type, read)) and broken.isdisjoint(numbers):
            total += sum(cents for cents in read if isinstance(cents, int))
            continue
        for number, one in zip(numbers, read, strict=True):
            total += _lisible(table, constats, number, champ, Lu(None, REJET, "", "") if number in broken else one)
    return total


def _lisible(table: Reconnu, constats: Constats, number: int, champ: str, read: lecture.Lecture) -> int:
    """What an amount counts for: what was answered of it, where it had to be asked."""
    if isinstance(read, Lu):
        if read.genre in (QUESTION, REJET):
            ident = constats.identite(number, champ, read, table.brut(number, champ).strip())
            read = constats.resoudre(ident, champ, read)[0]
        else:
            read = read.valeur
    return read if isinstance(read, int) else 0
