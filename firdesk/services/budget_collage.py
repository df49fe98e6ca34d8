"""Lines of a budget out of a block of cells, pasted or read from a file: the same reading, every refusal said.

A destination is given on each row, or two columns of amounts go onto rows already there; nothing becomes 0.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from firdesk.domain import money
from firdesk.domain.budget import LigneBudget
from firdesk.domain.budget_versions import Cle
from firdesk.domain.nomenclature import code_destination
from firdesk.domain.operateur import sans_accents
from firdesk.services.session import Session

_WORDS = re.compile(r"[a-z]+")
_TOTAL = re.compile(r"\s*(sous-?\s*)?totaux?\b|\s*total\b|\s*mission\s+[1-5]\b", re.IGNORECASE)
#: The columns of a block that has no header row, by their number.
_PLACES: dict[int, dict[str, int]] = {
    3: {"destination": 0, "ae": 1, "cp": 2},
    4: {"destination": 0, "enveloppe": 1, "ae": 2, "cp": 3},
}
_LABELS = {"ae": "AE", "cp": "CP"}


@dataclass(frozen=True, slots=True)
class Case:
    """One cell: where it stands for a person (``ligne 3, colonne 2`` or ``B12``), and its value."""

    lieu: str
    valeur: object

    @property
    def texte(self) -> str:
        return "" if self.valeur is None else " ".join(str(self.valeur).split())


@dataclass(slots=True)
class Collage:
    """What a block holds: lines to write, a sentence for each refusal and each doubt, total rows left aside."""

    lignes: list[LigneBudget] = field(default_factory=list)
    refus: list[str] = field(default_factory=list)
    alertes: list[str] = field(default_factory=list)
    totaux: int = 0


def cases(texte: str) -> list[list[Case]]:
    """The cells of a block copied from a spreadsheet."""
    rows = texte.replace("\r\n", "\n").rstrip("\n").split("\n")
    return [
        [Case(f"ligne {i}, colonne {j}", value.strip() or None) for j, value in enumerate(row.split("\t"), start=1)]
        for i, row in enumerate(rows, start=1)
    ]


def lire(session: Session, exercice: int, rows: Sequence[Sequence[Case]], connues: Sequence[LigneBudget]) -> Collage:
    """The lines of a block that gives a destination on each row, under a header row or in the order
    destination, enveloppe, AE, CP.

    ``connues`` are the lines of the version: an empty amount leaves theirs.
    """
    places, body = _columns(rows)
    made = Collage()
    if places is None:
        width = max((len(r) for r in rows), default=0)
        made.refus.append(
            f"Bloc de {width} colonne{'s' * (width > 1)} : attendu destination, enveloppe, AE, CP (ou destination, "
            "AE, CP), ou une ligne d'en-tête qui les nomme."
        )
        return made
    reader = _Reader(session, exercice, {x.cle: x for x in connues}, made)
    for row in body:
        reader.read(row, places)
    return made


def lire_montants(rows: Sequence[Sequence[Case]], cibles: Sequence[LigneBudget], colonne: str) -> Collage:
    """Two columns of amounts (AE, CP), or one (``colonne``), onto the lines ``cibles`` in their order."""
    made = Collage()
    for row, line in zip(rows, cibles, strict=False):
        names = ("ae", "cp") if len(row) > 1 else (colonne,)
        amounts = {"ae": line.ae, "cp": line.cp}
        for name, case in zip(names, row, strict=False):
            if (cents := _cents(case, _LABELS[name], made)) is not None:
                amounts[name] = cents
        made.lignes.append(LigneBudget(*line.cle, amounts["ae"], amounts["cp"]))
    if (beyond := len(rows) - len(cibles)) > 0:
        made.refus.append(f"{beyond} ligne{'s' * (beyond > 1)} du bloc au-delà de la fin du tableau.")
    return made


def sans_destination(rows: Sequence[Sequence[Case]]) -> bool:
    """Whether a block only holds amounts: one or two columns without any code."""
    return all(len(r) <= 2 for r in rows) and not any(
        code_destination(c.valeur) for r in rows for c in r[:1] if _word(c)
    )


def _word(case: Case) -> bool:
    """``MI2-3-8``, not ``2``: a bare number in a block of amounts is one of them."""
    return any(c.isalpha() for c in case.texte) or case.texte.count("-") > 1


def _columns(rows: Sequence[Sequence[Case]]) -> tuple[Mapping[str, int] | None, Sequence[Sequence[Case]]]:
    """Where each column is, and the rows under the header."""
    for i, row in enumerate(rows[:12]):
        found = _named(row)
        if {"destination", "ae", "cp"} <= found.keys():
            return found, rows[i + 1 :]
        if any(code_destination(c.valeur) for c in row[:1]):
            break
    filled = [r for r in rows if any(c.texte for c in r)]
    return _PLACES.get(max((len(r) for r in filled), default=0)), filled


def _named(row: Sequence[Case]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, case in enumerate(row):
        words = _WORDS.findall(sans_accents(case.texte))
        if "rang" in words and "3" not in case.texte:
            continue
        for name, told in (("enveloppe", {"enveloppe"}), ("ae", {"ae"}), ("cp", {"cp"})):
            if told & set(words):
                found.setdefault(name, place)
                break
        else:
            if "destination" in words or words == ["code"]:
                found.setdefault("destination", place)
    return found


class _Reader:
    """Reads rows one after the other and says what is wrong with each."""

    def __init__(self, session: Session, exercice: int, connues: Mapping[Cle, LigneBudget], made: Collage) -> None:
        self._exercice, self._connues, self._made = exercice, connues, made
        self._codes = session.nomenclatures.codes(exercice)
        self._enveloppes = dict(_enveloppes(session, exercice, connues))
        self._seen: dict[Cle, str] = {}

    def read(self, row: Sequence[Case], places: Mapping[str, int]) -> None:
        if not any(c.texte for c in row):
            return
        cells = {name: row[place] if place < len(row) else Case("", None) for name, place in places.items()}
        where = cells["destination"]
        code = code_destination(where.valeur)
        if code is None:
            if any(_TOTAL.match(c.texte) for c in row[:2]) or (not where.texte and self._only_amounts(row)):
                self._made.totaux += 1
                return
            told = f"lu « {where.texte} »" if where.texte else "cellule vide"
            self._made.refus.append(
                f"{where.lieu or row[0].lieu} : {told}, attendu un code de destination (MI2-3-8) : le corriger."
            )
            return
        cle = (code, self._enveloppe(cells.get("enveloppe")))
        if cle in self._seen:
            self._made.refus.append(f"{where.lieu} : {code} est déjà donnée ({self._seen[cle]}) : garder une des deux.")
            return
        self._seen[cle] = where.lieu
        self._keep(cle, cells, where)

    def _keep(self, cle: Cle, cells: Mapping[str, Case], where: Case) -> None:
        known = self._connues.get(cle)
        amounts: list[int] = []
        for name in ("ae", "cp"):
            before = len(self._made.refus)
            cents = _cents(cells[name], _LABELS[name], self._made)
            if cents is None and len(self._made.refus) == before:
                if known is None:
                    lieu = cells[name].lieu or where.lieu
                    self._made.refus.append(
                        f"{lieu} : {_LABELS[name]} vide pour {cle[0]} : écrire 0 si rien n'est ouvert."
                    )
                else:
                    cents = getattr(known, name)
            if cents is not None:
                amounts.append(cents)
        if len(amounts) < 2:
            return
        line = LigneBudget(*cle, *amounts)
        self._made.lignes.append(line)
        self._made.alertes += [f"{where.lieu} : {p.message}" for p in line.problems() if not p.blocking]
        if cle[0] not in self._codes:
            self._made.alertes.append(f"{where.lieu} : {cle[0]} est absente de la nomenclature {self._exercice}.")

    def _only_amounts(self, row: Sequence[Case]) -> bool:
        return all(not c.texte or isinstance(money.parse(c.texte), int) for c in row)

    def _enveloppe(self, case: Case | None) -> str:
        """The enveloppe under the name by which it is known."""
        text = case.texte if case is not None else ""
        if not text:
            return ""
        found = self._enveloppes.get(sans_accents(text))
        if found is None:
            self._enveloppes[sans_accents(text)] = found = text
            self._made.alertes.append(f"{case.lieu if case else ''} : enveloppe « {text} » nouvelle dans ce budget.")
        return found


def _enveloppes(session: Session, exercice: int, connues: Mapping[Cle, LigneBudget]) -> Iterator[tuple[str, str]]:
    """Folded name → the name used: those of the reference, then those met in budgets and in SIBC."""
    for code, label in session.nomenclatures.enveloppes().items():
        yield from ((sans_accents(code), code), (sans_accents(label), code))
    for name in enveloppes_connues(session, exercice) | {cle[1] for cle in connues}:
        yield sans_accents(name), name


def enveloppes_connues(session: Session, exercice: int) -> set[str]:
    """The enveloppes that versions and the latest snapshot of an exercice, or of the one before, name."""
    found: set[str] = set()
    for annee in (exercice - 1, exercice):
        for x in session.budgets.instantanes(annee)[:1]:
            found |= {enveloppe for _, enveloppe in session.budgets.lignes_execution(x.id)}
        for v in session.budgets.versions(annee):
            found |= {x.enveloppe for x in session.budgets.lignes(v.id or 0)}
    return found - {""}


def _cents(case: Case, label: str, made: Collage) -> int | None:
    """The amount of a cell, ``None`` where it is empty or refused (then said)."""
    value = case.valeur
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return money.from_number(float(value))
        return money.parse_strict(case.texte)
    except ValueError as error:
        made.refus.append(f"{case.lieu} ({label}) : {error}")
        return None
