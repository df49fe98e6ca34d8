"""The natural keys of the lines of an export: what makes a line the same from one file to the next (DOMAIN §2.2)."""

from collections.abc import Sequence
from functools import lru_cache

from firdesk.domain.operateur import nom_normalise
from firdesk.services.importing.champs import CLE_EXPORT, Cle
from firdesk.services.importing.lu import Destination
from firdesk.services.importing.plan import LigneLue

_normalise = lru_cache(maxsize=50_000)(nom_normalise)


def destination(ligne: LigneLue) -> Destination:
    """The third rank, else the second."""
    return ligne.mesure3 or ligne.mesure2 or Destination("", "")


def cle_naturelle(x: LigneLue, espace: str = "", cle: Cle = CLE_EXPORT) -> str:
    """The campagne and the parts of the profile's key (DOMAIN §2.2), as text joined with ``|``.

    The lines of a workbook of the office have a room of their own (``espace``), and the key that it gives them or
    destination and operator: their EJ and notification may come later.
    """
    if espace:
        return cles_libres(x, espace)[0]
    return f"{x.campagne}|{'|'.join([_first(x, part) for part in cle])}"


def cles_naturelles(lignes: Sequence[LigneLue], cle: Cle) -> list[str]:
    """:func:`cle_naturelle` of many lines, each distinct part once."""
    parts = []
    for part in cle:
        code = part[0]
        texts = [] if code.startswith("=") or code == "destination" else [getattr(x, code) for x in lignes]
        if not texts or (len(part) > 1 and "" in texts):
            parts.append([_first(x, part) for x in lignes])
            continue
        read = {text: _part(_normalise(text) if code == "nom" else text) if text else "" for text in set(texts)}
        parts.append(list(map(read.__getitem__, texts)))
    return list(map("|".join, zip([str(x.campagne) for x in lignes], *parts, strict=True)))


def _first(x: LigneLue, part: tuple[str, ...]) -> str:
    for code in part:
        if code.startswith("="):
            return code[1:]
        if code == "destination":
            return destination(x).code
        if text := getattr(x, code):
            return _part(_normalise(text) if code == "nom" else text)
    return ""


def cles_libres(x: LigneLue, espace: str) -> list[str]:
    """The keys by which a line of an office's workbook may be known, the one to give it first."""
    room = f"{x.campagne}|{espace}"
    if x.cle:
        return [f"{room}|cle|{_part(x.cle)}"]
    who = dict.fromkeys(filter(None, (x.identifiant, x.siret, _normalise(x.nom))))
    return [f"{room}|{destination(x).code}|{_part(name)}" for name in who] or [f"{room}|{destination(x).code}|"]


def _part(text: str) -> str:
    """A part of the key as both a CSV and a spreadsheet that ate its zeros would write it."""
    if text.isdigit():
        return text.lstrip("0") or "0"
    return " ".join(text.replace("|", "/").upper().split())
