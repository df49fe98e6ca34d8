"""Destination codes: one code for the many ways of writing it, its mission, its order (DOMAIN §2.3)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

_RANKS = re.compile(r"(?:MI|M)?\s*(\d)((?:\s*[-.]\s*\d{1,3}){0,3})(?=$|\s|:)", re.IGNORECASE)
_INVESTISSEMENT = re.compile(r"BA\s*-\s*PAI\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Destination:
    """One line of the nomenclature of one exercice; ``connue`` is false for a code met in an export only."""

    code: str
    libelle: str
    mission: str | None
    niveau: int = 3
    parent: str = ""
    libelle_court: str = ""
    enveloppe: str | None = None
    connue: bool = True


def code_destination(value: object) -> str | None:
    """``MI2-3-8`` for ``MI2-3-8``, ``2.3.8``, `` 2-3-8``, ``MI2-3-8 : Équipes…``; ``None`` if it is no code.

    A date or a number never becomes a code: Excel writes code ``5`` as 05/01/1900, which only the user can tell.
    """
    if value is None or isinstance(value, (bool, int, float, date, datetime)):
        return None
    text = str(value).strip().replace("\u2011", "-").replace("\u2013", "-")
    if match := _INVESTISSEMENT.match(text):
        return re.sub(r"\s", "", match.group(0)).upper()
    match = _RANKS.match(text)
    if not match or not "1" <= match.group(1) <= "9":
        return None
    ranks = re.findall(r"\d+", match.group(2))
    return "-".join([f"MI{match.group(1)}", *(str(int(r)) for r in ranks)])


def libelle_destination(text: str) -> str:
    """What follows the code and its colon in an export cell, cleaned of stray commas."""
    _, colon, rest = text.partition(":")
    return (rest if colon else "").strip().rstrip(",").strip()


def mission_de(code: str) -> str | None:
    """The mission of a code: its first digit; the investment lines ``BA-PAI…`` belong to mission 4."""
    if code.startswith("BA-PAI"):
        return "4"
    return code[2] if code.startswith("MI") and code[2:3] in "12345" and len(code) > 2 else None


@lru_cache(maxsize=5_000)
def rang(code: str) -> tuple[int, ...]:
    """Sort key: ranks as numbers, so that ``MI1-2-2`` comes before ``MI1-2-10``; other codes last."""
    numbers = tuple(int(n) for n in re.findall(r"\d+", code))
    return numbers if code.startswith("MI") and numbers else (99, *numbers)


def parent_de(code: str) -> str:
    head, dash, _ = code.rpartition("-")
    return head if dash and code.startswith("MI") else ""
