"""Lines of a version of the budget, or two versions side by side, as rows of a table; sub-totals after their lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt

from firdesk.domain import money
from firdesk.domain.budget import LigneBudget
from firdesk.domain.budget_versions import Cle, ComparaisonVersions, EcartVersion
from firdesk.domain.nomenclature import mission_de
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import Index, SimpleTableModel
from firdesk.ui.kit.widths import fitted

INCONNU = "—"
EDITABLES = ("ae", "cp")
_HEAD = (
    ColumnSpec("destination", "Destination", "code", 96, sortable=False),
    ColumnSpec("libelle", "Libellé", width=160, stretch=True, sortable=False),
    ColumnSpec("enveloppe", "Enveloppe", width=120, sortable=False),
)


@dataclass(frozen=True, slots=True)
class Noms:
    """Labels by code: destinations, missions, enveloppes."""

    destinations: Mapping[str, str]
    missions: Mapping[str, str]
    enveloppes: Mapping[str, str]

    def head(self, destination: str, enveloppe: str) -> tuple[str, str, str]:
        named = self.enveloppes.get(enveloppe, enveloppe) or INCONNU
        return destination, self.destinations.get(destination, ""), named

    def mission(self, code: str) -> tuple[str, str, str]:
        return (f"Mission {code}", self.missions.get(code, ""), "") if code else ("", "Sans mission", "")


@dataclass(slots=True)
class Grille:
    """What the table shows; ``cles`` says which line each row is, ``None`` for a sub-total."""

    columns: list[ColumnSpec]
    totals: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    cles: list[Cle | None] = field(default_factory=list)

    @property
    def fortes(self) -> list[int]:
        return [i for i, cle in enumerate(self.cles) if cle is None]

    @property
    def nombre(self) -> int:
        return len(self.rows) - len(self.fortes)


class GrilleModel(SimpleTableModel):
    """Amounts voted can be typed in, sub-totals cannot."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        made = super().flags(index)
        return made & ~Qt.ItemFlag.ItemIsEditable if index.isValid() and self.strong(index.row()) else made


def lignes(votees: Iterable[LigneBudget], ouvertes: Sequence[LigneBudget], noms: Noms) -> Grille:
    """A version: what was voted, and what virements make of it where there are some."""
    voted = {x.cle: x for x in votees}
    moved = any(voted.get(x.cle) != x for x in ouvertes)
    cents = any(a % 100 for x in ouvertes for a in (x.ae, x.cp))
    made = Grille([*_HEAD, *(_montant(k, t, cents) for k, t in _amounts(moved))])
    sums: list[int] = []

    def amounts(x: LigneBudget) -> list[int]:
        v = voted.get(x.cle)
        ae, cp = (v.ae, v.cp) if v is not None else (0, 0)
        return [ae, cp, x.ae - ae, x.cp - cp, x.ae, x.cp] if moved else [ae, cp]

    def shown(values: Sequence[int]) -> list[int | None]:
        """A line that no virement concerns says nothing of them."""
        return [None if i in (2, 3) and not v else v for i, v in enumerate(values)]

    for mission in sorted({mission_de(x.destination) or "" for x in ouvertes}, key=lambda m: m or "~"):
        mine = [(x, amounts(x)) for x in ouvertes if (mission_de(x.destination) or "") == mission]
        for x, values in mine:
            made.rows.append((*noms.head(*x.cle), *shown(values)))
            made.cles.append(x.cle)
        added = [sum(column) for column in zip(*(values for _, values in mine), strict=True)]
        made.rows.append((*noms.mission(mission), *shown(added)))
        made.cles.append(None)
        sums = [a + b for a, b in zip(sums, added, strict=True)] if sums else added
    keys = [c.key for c in made.columns[len(_HEAD) :]]
    made.totals = {k: money.euros(v, decimals=cents) for k, v in zip(keys, sums, strict=False)}
    made.columns = fitted(made.columns, made.rows)
    return made


def _amounts(moved: bool) -> list[tuple[str, str]]:
    voted = [("ae", "AE votées"), ("cp", "CP votés")]
    more = [("vire_ae", "Virements AE"), ("vire_cp", "Virements CP"), ("ae_ouvertes", "AE ouvertes")]
    return [*voted, *more, ("cp_ouverts", "CP ouverts")] if moved else voted


def _montant(key: str, title: str, cents: bool) -> ColumnSpec:
    return ColumnSpec(key, title, "montant", decimals=cents, editable=key in EDITABLES, sortable=False)


def ecarts(found: ComparaisonVersions, noms: Noms) -> Grille:
    """Two versions side by side, virements included."""
    a, b = found.avant.code, found.apres.code
    cents = any(x.montant(place, apres=side) % 100 for x in found.lignes for place in (0, 1) for side in (False, True))
    titles = [(f"{what.lower()}_{key}", title) for what in ("AE", "CP") for key, title in _sides(what, a, b)]
    made = Grille([*_HEAD, *(_montant(key, title, cents) for key, title in titles)])
    by_mission: dict[str, list[EcartVersion]] = {}
    for x in found.lignes:
        by_mission.setdefault(x.mission, []).append(x)
    for mission in found.missions:
        for x in by_mission[mission.mission]:
            made.rows.append((*noms.head(x.destination, x.enveloppe), *_values(x)))
            made.cles.append((x.destination, x.enveloppe))
        made.rows.append((*noms.mission(mission.mission), *_values(mission)))
        made.cles.append(None)
    if found.lignes:
        values = _values(found.total)
        made.totals = {
            key: money.euros(v, decimals=cents) if isinstance(v, int) else INCONNU
            for (key, _), v in zip(titles, values, strict=True)
        }
    made.columns = fitted(made.columns, made.rows)
    return made


def _sides(what: str, a: str, b: str) -> tuple[tuple[str, str], ...]:
    return (("avant", f"{what} {a}"), ("apres", f"{what} {b}"), ("ecart", f"Écart {what}"))


def _values(x: EcartVersion) -> list[int | str]:
    """Before, after and gap of AE then CP; a dash on the side where the line is not."""
    found: list[int | str] = []
    for place in (0, 1):
        found += [side[place] if side is not None else INCONNU for side in (x.avant, x.apres)]
        found.append(x.ecart(place))
    return found
