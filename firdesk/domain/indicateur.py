"""Values of indicators: read as the French write them, kept in thousandths, compared with the year before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from firdesk.domain import money
from firdesk.domain.dispositif import MILLIEME, Indicateur, ValeurIndicateur

FLECHES = {1: "↗", 0: "→", -1: "↘"}
_PLUS_GRAND = 10**15
_NUMBER = re.compile(r"([-\u2212]?)(\d{1,3}(?:[ \u00a0\u202f']\d{3})+|\d+)(?:,(\d{1,3}))?")


def lire(text: str) -> int | None:
    """Thousandths of ``12,5`` or ``1 204``; ``None`` for an empty text, ``ValueError`` (French) for anything else.

    A point is refused: ``1.234`` would be two numbers a thousand times apart.
    """
    body = text.strip()
    if not body:
        return None
    match = _NUMBER.fullmatch(body)
    if match is None:
        raise ValueError(f"« {body} » n'est pas un nombre : attendu des chiffres et une virgule, par exemple 12,5.")
    sign, whole, decimals = match.groups()
    value = int(re.sub(r"\D", "", whole)) * MILLIEME + int((decimals or "").ljust(3, "0"))
    if value > _PLUS_GRAND:
        raise ValueError(f"« {body} » dépasse ce que le fichier peut porter.")
    return -value if sign else value


def ecrit(value: int | None, unite: str = "") -> str:
    """``1 204``, ``12,5 %``: no more decimals than there are, a non-breaking space before the unit."""
    if value is None:
        return ""
    whole, rest = divmod(abs(value), MILLIEME)
    text = money.nombre(whole) + (f",{rest:03d}".rstrip("0") if rest else "")
    return (money.MINUS if value < 0 else "") + text + (f"{money.NBSP}{unite}" if unite else "")


@dataclass(frozen=True, slots=True)
class Tendance:
    """What a value says: its change since the one before and its gap to the target, in thousandths.

    ``favorable`` follows the sense of the indicator: ``None`` where it has none or nothing moved.
    """

    valeur: ValeurIndicateur
    ecart: int | None = None
    depuis: int | None = None
    favorable: bool | None = None
    ecart_cible: int | None = None
    atteinte: bool | None = None

    @property
    def fleche(self) -> str:
        """An arrow up, flat or down; nothing where there is no value before."""
        return "" if self.ecart is None else FLECHES[_sign(self.ecart)]


def tendances(indicateur: Indicateur) -> list[Tendance]:
    """One for each exercice that has a value, oldest first; compared with the last exercice that had one."""
    found: list[Tendance] = []
    before: ValeurIndicateur | None = None
    for v in sorted(indicateur.valeurs, key=lambda v: v.exercice):
        if v.valeur is None:
            continue
        found.append(_tendance(indicateur.sens, v, before))
        before = v
    return found


def _tendance(sens: str, v: ValeurIndicateur, before: ValeurIndicateur | None) -> Tendance:
    value = v.valeur or 0
    ecart = None if before is None or before.valeur is None else value - before.valeur
    wanted = {"hausse": 1, "baisse": -1}.get(sens)
    favorable = None if not ecart or wanted is None else _sign(ecart) == wanted
    gap = None if v.cible is None else value - v.cible
    reached = None if gap is None or wanted is None else gap * wanted >= 0
    return Tendance(v, ecart, before.annee if before is not None else None, favorable, gap, reached)


def dite(indicateur: Indicateur, t: Tendance) -> str:
    """One French sentence: the value, the change since the year before and the gap to the target, in words."""
    told = [f"{ecrit(t.valeur.valeur, indicateur.unite)} en {t.valeur.annee}"]
    if t.ecart is not None:
        told.append(f"{t.fleche} {_changed(t.ecart, t.valeur.valeur or 0, t.depuis)}{_judged(t.favorable)}")
    if t.ecart_cible is not None and t.valeur.cible is not None:
        target = f"cible {ecrit(t.valeur.cible, indicateur.unite)}"
        if t.ecart_cible == 0:
            told.append(f"{target} atteinte")
        elif t.atteinte:
            told.append(f"{target} dépassée de {ecrit(abs(t.ecart_cible))}")
        elif t.atteinte is None:
            told.append(f"{target}, écart {ecrit(t.ecart_cible)}")
        else:
            told.append(f"{target} manquée de {ecrit(abs(t.ecart_cible))}")
    return " · ".join(told)


def _changed(ecart: int, value: int, since: int | None) -> str:
    if not ecart:
        return f"stable depuis {since}"
    past = value - ecart
    rate = ""
    if past:
        share = (Decimal(ecart) * 100 / abs(past)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        rate = f" ({'+' if share > 0 else ''}{money.pourcent(share)})"
    return f"{'en hausse' if ecart > 0 else 'en baisse'} de {ecrit(abs(ecart))} depuis {since}{rate}"


def _judged(favorable: bool | None) -> str:
    return "" if favorable is None else ", favorable" if favorable else ", défavorable"


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


def serie(indicateur: Indicateur, exercices: Sequence[int]) -> list[ValeurIndicateur]:
    """One value an exercice, an empty one of that year where nothing was said."""
    known = {v.exercice: v for v in indicateur.valeurs}
    return [known.get(e, ValeurIndicateur(e, e, None)) for e in sorted({*exercices, *known})]
