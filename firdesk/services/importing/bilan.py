"""What an import comes to, in one sentence and to the cent: counts, amount gained, where the total of the file goes.

The same words for the window and the command line, before (a plan) and after (a lot).
"""

from typing import NamedTuple

from firdesk.domain.lot import Lot
from firdesk.domain.money import euros, nombre
from firdesk.services.importing.plan import Plan


class Part(NamedTuple):
    """A part of the total of the file that the base does not take.

    Amounts in cents; ``cle`` names the findings behind it (``ignoree`` or ``rejet``), ``texte`` says why.
    """

    cle: str
    texte: str
    montant: int


def phrase(x: Plan | Lot) -> str:
    """``12 nouvelles, 3 modifiées, … ; Notifié +1 234,00 € ; total du fichier = total lu (écart 0,00 €)``."""
    gap = x.total_fichier - x.total_lu
    return f"{resume(x)} ; total du fichier {'≠' if gap else '='} total lu (écart {exact(gap)})"


def resume(x: Plan | Lot, *, nuls: bool = True) -> str:
    """``12 nouvelles, 3 modifiées, … ; Notifié +1 234,00 €``; without ``nuls``, only the counts that are not nil."""
    if isinstance(x, Plan):
        counts = (len(x.nouvelles), len(x.modifiees), x.inchangees, len(x.disparues), x.rejetees)
    else:
        counts = (x.nouvelles, x.modifiees, x.inchangees, x.disparues, x.rejetees)
    words = ("nouvelle", "modifiée", "inchangée", "disparue", "rejetée")
    pairs = [(n, word) for n, word in zip(counts, words, strict=True) if n or nuls]
    told = ", ".join(f"{nombre(n)} {word}{'s' * (n > 1)}" for n, word in pairs)
    if waiting := len(x.orphelines) if isinstance(x, Plan) else x.orphelines:
        told += f", {nombre(waiting)} en attente d'un EJ"
    return f"{told} ; {x.mesure} {signe(x.notifie_apres - x.notifie_avant)}" if x.mesure else told


def partage(x: Plan | Lot) -> str:
    """``7 183 269,96 € = importé 7 114 469,96 € + ignoré 68 800,00 € + rejeté 0,00 €``."""
    return (
        f"{exact(x.total_fichier)} = importé {exact(x.total_importe)} + ignoré {exact(x.total_ignore)} "
        f"+ rejeté {exact(x.total_rejete)}"
    )


def parts(x: Plan | Lot) -> tuple[Part, ...]:
    """Why the base does not take the whole file, one part a reason; nothing where it does."""
    found = []
    left = x.total_ignore
    if isinstance(x, Plan):
        for texte, count, cents in x.motifs:
            left -= cents
            found.append(Part("ignoree", f"{_lines(count)} : {texte[:1].lower()}{texte[1:].rstrip('.')}", cents))
    if left:
        found.append(Part("ignoree", "laissé de côté", left))
    if x.total_rejete:
        found.append(Part("rejet", _lines(x.rejetees, "rejetée"), x.total_rejete))
    return tuple(p for p in found if p.montant)


def signe(cents: int) -> str:
    """An amount with its sign, ``+1 234,00 €``."""
    return f"+{exact(cents)}" if cents > 0 else exact(cents)


def _lines(count: int, word: str = "") -> str:
    several = "s" * (count > 1)
    return f"{nombre(count)} ligne{several}" + (f" {word}{several}" if word else "")


def exact(cents: int) -> str:
    """An amount with its cents, even none."""
    return euros(cents, decimals=True)
