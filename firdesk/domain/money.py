"""Money is an ``int`` of euro cents, read from French text and written back; never a float.

Reading never guesses: ``1.234`` and ``1,234`` mean two amounts a thousand times apart, so they come back as
:class:`Ambigu` with both readings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

FINE_SPACE = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"
_MINUSES = ("-", MINUS, "\u2013")
#: Bounds enforced by the file too: a thousand billion euros, far above any budget, far below 2**53 cents.
LIMIT = 1_000_000_000_000_00

_SPACES = re.compile("[ \u00a0\u2007\u2009\u202f'\u2019]")
_UNITS = {"": 0, "€": 0, "eur": 0, "euro": 0, "euros": 0, "k€": 3, "keur": 3, "m€": 6, "meur": 6, "md€": 9}
_UNIT = re.compile(r"(k€|keur|md€|m€|meur|€|euros?|eur)$", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u2007\u2009\u202f'\u2019]\d{3})+(?![\d])")


@dataclass(frozen=True, slots=True)
class Ambigu:
    """A text with two readings, in cents: the separator as thousands, then as decimal point."""

    milliers: int
    decimale: int


@dataclass(frozen=True, slots=True)
class Illisible:
    """A text that is no amount; ``raison`` says in French what was expected."""

    raison: str


def parse(text: str) -> int | None | Ambigu | Illisible:
    """Cents of a French amount; ``None`` for an empty text.

    Accepts spaces of every kind and apostrophes between thousands, comma or point, ``€ EUR k€ M€ Md€``,
    a leading or trailing minus (U+2212 too) and accounting parentheses (DOMAIN, "Money").
    """
    body = text.strip()
    if not body:
        return None
    body, exponent, signs = _peel(body)
    head, tail = re.fullmatch("([^.,]*)(.*)", body, re.DOTALL).groups()  # type: ignore[union-attr]
    if len(signs) > 1 or _SPACES.search(tail) or (_SPACES.search(head) and not _GROUPED.fullmatch(head)):
        return Illisible("un montant, les milliers séparés par des espaces (1 234,56)")
    plain = _SPACES.sub("", body)
    return _parse_plain(plain, exponent, -1 if "-" in signs else 1, grouped=plain != body)


def _peel(body: str) -> tuple[str, int, str]:
    """What is left without unit and signs, the power of ten of the unit, every sign met (one at most is sound)."""
    exponent: int | None = None
    signs = ""
    while True:
        body = body.strip()
        unit = _UNIT.search(body) if exponent is None else None
        if unit:
            exponent, body = _UNITS[unit.group(1).lower()], body[: unit.start()]
        elif body.startswith("(") and body.endswith(")"):
            signs, body = signs + "-", body[1:-1]
        elif body.startswith(_MINUSES):
            signs, body = signs + "-", body[1:]
        elif body.endswith(_MINUSES):
            signs, body = signs + "-", body[:-1]
        elif body.startswith("+"):
            signs, body = signs + "+", body[1:]
        else:
            return body, exponent or 0, signs


def _parse_plain(plain: str, exponent: int, sign: int, *, grouped: bool) -> int | Ambigu | Illisible:
    points, commas = plain.count("."), plain.count(",")
    if not re.fullmatch(r"[\d.,]+", plain) or not re.search(r"\d", plain):
        return Illisible("un montant en chiffres (1 234,56)")
    if points and commas:
        decimal_mark = "." if plain.rfind(".") > plain.rfind(",") else ","
        thousands = "," if decimal_mark == "." else "."
        if plain.count(decimal_mark) > 1 or not re.fullmatch(
            rf"\d{{1,3}}(\{thousands}\d{{3}})+\{decimal_mark}\d*", plain
        ):
            return Illisible("un montant avec un seul séparateur décimal (1 234,56)")
        return _cents(plain.replace(thousands, "").replace(decimal_mark, "."), exponent, sign)
    mark = "." if points else ","
    if points + commas > 1:
        if re.fullmatch(rf"\d{{1,3}}(\{mark}\d{{3}})+", plain):
            return _cents(plain.replace(mark, ""), exponent, sign)
        return Illisible("un montant avec un seul séparateur décimal (1 234,56)")
    if points + commas == 1:
        whole, fraction = plain.split(mark)
        ambiguous = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole.strip("0") and not grouped
        if ambiguous and exponent == 0:
            milliers = _cents(whole + fraction, exponent, sign)
            decimale = _cents(f"{whole}.{fraction}", exponent, sign)
            if isinstance(milliers, Illisible) or isinstance(decimale, Illisible):
                return Illisible("un montant en euros et centimes (1 234,56)")
            return Ambigu(milliers, decimale)
    return _cents(plain.replace(mark, "."), exponent, sign)


def _cents(number: str, exponent: int, sign: int) -> int | Illisible:
    try:
        return sign * from_decimal(Decimal(number).scaleb(exponent))
    except (InvalidOperation, ValueError):
        return Illisible("un montant en euros et centimes (1 234,56)")


def from_decimal(euros: Decimal) -> int:
    """Cents of an exact number of euros, half a cent rounded away from zero (``ValueError`` outside bounds)."""
    if not euros.is_finite():
        raise ValueError(f"not a finite amount: {euros}")
    if abs(euros) > LIMIT:
        raise ValueError(f"amount out of bounds: {euros}")
    cents = int((euros * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if abs(cents) > LIMIT:
        raise ValueError(f"amount out of bounds: {euros}")
    return cents


def from_number(value: float) -> int:
    """Cents of a spreadsheet number: the shortest decimal that prints as it, then exact arithmetic.

    Where some number of cents is written by this very double, that is the answer, found without ``Decimal``.
    """
    if abs(value) < 1e12:
        cents = round(value * 100)
        if cents / 100 == value:
            return cents
    return from_decimal(Decimal(repr(value)))


def parse_strict(text: str) -> int | None:
    """As :func:`parse`, with ``ValueError`` (French message) for what cannot be one amount."""
    result = parse(text)
    if isinstance(result, Ambigu):
        raise ValueError(
            f"« {text.strip()} » peut se lire {euros(result.milliers)} ou {euros(result.decimale)} : "
            "écrire les milliers avec une espace et les centimes avec une virgule."
        )
    if isinstance(result, Illisible):
        raise ValueError(f"« {text.strip()} » n'est pas un montant : attendu {result.raison}.")
    return result


def nombre(value: int) -> str:
    """An integer with U+202F between thousands and a true minus."""
    return (MINUS if value < 0 else "") + f"{abs(value):,}".replace(",", FINE_SPACE)


def euros(cents: int, *, decimals: bool | None = None, unit: bool = True) -> str:
    """``1 234,50 €``; without ``decimals`` cents are printed only where the amount has some."""
    whole, rest = divmod(abs(cents), 100)
    shown = decimals if decimals is not None else rest != 0
    if not shown and rest:
        whole += rest >= 50
    text = nombre(whole) + (f",{rest:02d}" if shown else "")
    return (MINUS if cents < 0 and (whole or shown) else "") + text + (f"{NBSP}€" if unit else "")


def millions(cents: int, *, decimals: int = 1) -> str:
    """``41,2 M€`` for charts and headings; the exact amount must be one gesture away."""
    value = (Decimal(abs(cents)) / 100_000_000).quantize(Decimal(10) ** -decimals, rounding=ROUND_HALF_UP)
    text = f"{value:,.{decimals}f}".replace(",", FINE_SPACE).replace(".", ",")
    return (MINUS if cents < 0 and value else "") + text + f"{NBSP}M€"


def parts(values: list[int], *, decimals: int = 1) -> list[Decimal]:
    """Percentages of the whole by largest remainder: the column adds up to exactly 100 (or all zero)."""
    total = sum(values)
    if total == 0:
        return [Decimal(0)] * len(values)
    scale = 100 * 10**decimals
    sign = 1 if total > 0 else -1
    shares = [divmod(sign * v * scale, sign * total) for v in values]
    floors = [floor for floor, _ in shares]
    missing = scale - sum(floors)
    order = sorted(range(len(values)), key=lambda i: (shares[i][1], values[i]), reverse=True)
    for i in order[:missing]:
        floors[i] += 1
    return [Decimal(f).scaleb(-decimals) for f in floors]


def repartir(cents: int, poids: Sequence[int]) -> list[int]:
    """An amount shared in proportion to weights by largest remainder: the shares add up to it, to the cent.

    Weights below zero count for nothing; when none is above, the shares are equal.
    """
    weights = [max(0, w) for w in poids]
    total = sum(weights)
    if not total:
        weights, total = [1] * len(weights), len(weights)
    sign = -1 if cents < 0 else 1
    shares = [divmod(abs(cents) * w, total) for w in weights]
    floors = [floor for floor, _ in shares]
    order = sorted(range(len(shares)), key=lambda i: (shares[i][1], weights[i]), reverse=True)
    for i in order[: abs(cents) - sum(floors)]:
        floors[i] += 1
    return [sign * x for x in floors]


def pourcent(value: Decimal | float, *, decimals: int = 1) -> str:
    """``1 026,6 %`` with a non-breaking space, grouped as amounts are."""
    text = f"{value:z,.{decimals}f}".replace(",", FINE_SPACE).replace(".", ",")
    return text.replace("-", MINUS) + f"{NBSP}%"
