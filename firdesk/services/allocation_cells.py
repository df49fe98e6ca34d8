"""Typing in the table: one cell, or a block pasted from a spreadsheet; one operation, the rules of the form."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from firdesk.domain import money
from firdesk.domain.allocation import CARACTERES, Allocation
from firdesk.domain.execution import Nature
from firdesk.domain.operateur import sans_accents
from firdesk.domain.problem import Invalide, Problem, Refus
from firdesk.services import allocations
from firdesk.services.allocations import Brouillon
from firdesk.services.session import Session

#: The columns of the table that can be typed in, and the nature of those that are money.
MONTANTS = {"saisi": Nature.SAISIE, "notifie": Nature.NOTIFICATION}
EDITABLES = ("objet", "ej", "theme", "caractere", *MONTANTS)


@dataclass(frozen=True, slots=True)
class Cellule:
    """One text meant for one column of one allocation."""

    id: int
    colonne: str
    texte: str


@dataclass(frozen=True, slots=True)
class Collage:
    """What a paste did: how many allocations changed, and a sentence for each cell refused."""

    modifiees: int
    refus: tuple[str, ...]


def write(session: Session, cell: Cellule) -> None:
    """Write one cell in one operation; raises ``Invalide`` for a text that the column cannot hold."""
    draft = allocations.brouillon(session, cell.id)
    if draft is None:
        raise Refus("Cette allocation n'existe plus.")
    allocations.save(session, _applied(session, draft, cell))


def paste(session: Session, cells: Sequence[Cellule]) -> Collage:
    """Write what is valid in one operation and say what is refused; cells of a line are taken together."""
    drafts: dict[int, tuple[Brouillon, Brouillon]] = {}
    refused: list[str] = []
    for cell in cells:
        before = drafts.get(cell.id) or _pair(session, cell.id)
        if before is None:
            continue
        try:
            drafts[cell.id] = (before[0], _applied(session, before[1], cell))
        except Refus as refusal:
            drafts[cell.id] = before
            refused.append(f"{before[0].allocation.reference} : {refusal.message}")
    changed = [after for before, after in drafts.values() if before != after]
    if changed:
        label = (
            f"l'allocation {changed[0].allocation.reference}" if len(changed) == 1 else f"{len(changed)} allocations"
        )
        with session.operation(f"Coller dans {label}"):
            for draft in changed:
                allocations.write(session, draft)
    return Collage(len(changed), tuple(refused))


def theme_choisi(session: Session, allocation: Allocation) -> bool:
    """Whether the theme is not the one the destination proposes."""
    return allocation.theme != session.nomenclatures.themes_par_destination().get(allocation.destination, "")


def _pair(session: Session, number: int) -> tuple[Brouillon, Brouillon] | None:
    draft = allocations.brouillon(session, number)
    return (draft, draft) if draft is not None else None


def _applied(session: Session, draft: Brouillon, cell: Cellule) -> Brouillon:
    """The draft with a text in its place."""
    text = " ".join(cell.texte.split()) if cell.colonne in ("objet", "ej") else cell.texte.strip()
    a = draft.allocation
    match cell.colonne:
        case "saisi" | "notifie":
            nature = MONTANTS[cell.colonne]
            return replace(draft, montants=draft.montants | {nature: _cents(cell.colonne, text)})
        case "objet":
            return replace(draft, allocation=replace(a, objet=text))
        case "ej":
            return replace(draft, allocation=replace(a, ej=text))
        case "caractere":
            code = _code(text, CARACTERES, "caractere", "un caractère") or "inconnu"
            return replace(draft, allocation=replace(a, caractere=code))
        case "theme":
            changed = replace(a, theme=_code(text, session.nomenclatures.themes(), "theme", "un thème"))
            return replace(draft, allocation=replace(changed, theme_choisi=theme_choisi(session, changed)))
    raise Refus("Cette colonne ne se modifie pas dans le tableau : ouvrir la fiche (Entrée).")


def _cents(field: str, text: str) -> int | None:
    try:
        return money.parse_strict("" if text == "—" else text)
    except ValueError as error:
        raise Invalide((Problem(field, str(error)),)) from error


def _code(text: str, known: dict[str, str], field: str, what: str) -> str:
    """The code of a label, or of a code, whatever the accents; several beginnings are no answer."""
    wanted = sans_accents(" ".join(text.split()))
    if not wanted:
        return ""
    for code, label in known.items():
        if wanted in (sans_accents(label), code.lower()):
            return code
    near = [code for code, label in known.items() if sans_accents(label).startswith(wanted)]
    if len(near) == 1:
        return near[0]
    raise Invalide((Problem(field, f"« {text} » n'est pas {what} de la liste."),))
