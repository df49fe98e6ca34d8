"""A synthèse turned into columns, rows and totals for the table; sub-totals come after their lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from firdesk.domain import money
from firdesk.domain.dispositif import DONT_COMPRIS, Dont
from firdesk.domain.money import parts
from firdesk.domain.nomenclature import mission_de
from firdesk.domain.synthese import EXECUTEES, LIBELLES_AXES, LIBELLES_VALEURS, Axe, Ligne, Synthese, Valeur
from firdesk.domain.territoire import REGION
from firdesk.services.syntheses import Croise
from firdesk.ui.kit.columns import ColumnSpec

CODED = {Axe.MISSION, Axe.DESTINATION, Axe.DEPARTEMENT}
#: Beyond that many columns the table scrolls: its total comes first.
WIDE = 6
INCONNU = "—"
#: What sets a « dont » back from the line that holds it.
RETRAIT = "\u2003"


@dataclass(slots=True)
class Grid:
    """What the table shows; ``keys`` says for each row what it stands for, ``column_keys`` for each column."""

    columns: list[ColumnSpec]
    totals: dict[str, str]
    source: str
    source_date: str
    told: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    strong: list[int] = field(default_factory=list)
    keys: list[tuple[Axe, str | None]] = field(default_factory=list)
    column_keys: dict[str, str] = field(default_factory=dict)
    #: rows told inside another one (child to parent): no total counts them
    under: dict[int, int] = field(default_factory=dict)

    def add(self, axe: Axe, cle: str, row: tuple[Any, ...], *, strong: bool = False) -> None:
        if strong:
            self.strong.append(len(self.rows))
        self.rows.append(row)
        self.keys.append((axe, cle))

    def add_donts(self, axe: Axe, cle: str, inside: Sequence[Dont]) -> None:
        """Under the row just added, the amounts told inside it, in a column of their own."""
        parent = len(self.rows) - 1
        for dont in inside:
            self.under[len(self.rows)] = parent
            cells = {"libelle": f"{RETRAIT}dont {dont.libelle}", "dont": dont.montant}
            self.add(axe, cle, tuple(cells.get(c.key) for c in self.columns))


def simple(
    synthese: Synthese,
    before: Synthese | None,
    missions: Mapping[str, str],
    *,
    mesure: Valeur = Valeur.NOTIFIE,
    sub_totals: bool = False,
    donts: Mapping[str, Sequence[Dont]] | None = None,
) -> Grid:
    """One axis: the measure asked, its share, the exercice before and the « dont » where there are some; AE and CP."""
    inside = donts or {}
    axe = synthese.axes[0]
    own, others = _measures(synthese, mesure)
    earlier = {x.cle[0]: x.valeur(mesure) for x in before.lignes} if before is not None else {}
    told = f"{LIBELLES_VALEURS[mesure].lower()} "
    told += money.euros(synthese.total.valeur(mesure), decimals=False) if own else INCONNU
    totals = _simple_totals(synthese, before, mesure)
    columns = _simple_columns(axe, before, mesure, others)
    if inside:
        place = next(i for i, c in enumerate(columns) if c.key == "part")
        columns.insert(place, ColumnSpec("dont", "Dont", "montant", 120, tooltip=DONT_COMPRIS, sortable=False))
    grid = Grid(columns, totals, synthese.source, synthese.source_date, told)

    def row(code: str, label: str, x: Ligne, share: Decimal, past: int | None) -> tuple[Any, ...]:
        head = ("" if code == REGION else code, label) if axe in CODED else (label,)
        amount = x.valeur(mesure)
        middle = (past, _change(amount, past)) if before is not None else ()
        tail = [x.valeur(v) if known else INCONNU for v, known in others]
        blank = (None,) if inside else ()
        return (*head, x.nombre, amount if own else INCONNU, *blank, share if own else None, *middle, *tail)

    groups = _groups(list(synthese.lignes), sub_totals)
    shares = _shares([(x.cle[0], x.valeur(mesure)) for x in lines] for _, lines in groups)
    for mission, lines in groups:
        for x in lines:
            code = x.cle[0]
            grid.add(axe, code, row(code, x.libelle[0], x, shares[code], earlier.get(code)))
            grid.add_donts(axe, code, inside.get(code, ()))
        if sub_totals:
            added = Synthese((), None, tuple(lines)).total
            past = sum(v for k, v in earlier.items() if (mission_de(k) or "") == mission)
            share = sum((shares[x.cle[0]] for x in lines), Decimal(0))
            grid.add(Axe.MISSION, mission, row(*_mission_names(mission, missions), added, share, past), strong=True)
    return grid


def _measures(synthese: Synthese, mesure: Valeur) -> tuple[bool, list[tuple[Valeur, bool]]]:
    """Whether the measure asked is known, then the others shown, each with whether it is."""
    known = synthese.source != "aucune"
    own = known or mesure not in EXECUTEES or any(x.valeur(mesure) for x in synthese.lignes)
    shown = [v for v in (Valeur.NOTIFIE, Valeur.ENGAGE, Valeur.PAYE) if v is not mesure]
    return own, [(v, known or v not in EXECUTEES) for v in shown[-2:]]


#: Names of the columns of a measure, where they are not those of the measure.
_COLUMNS = {Valeur.ENGAGE: "ae", Valeur.PAYE: "cp"}


def _simple_columns(
    axe: Axe, before: Synthese | None, mesure: Valeur, others: Sequence[tuple[Valeur, bool]]
) -> list[ColumnSpec]:
    label = LIBELLES_VALEURS[mesure]
    columns = [
        *([ColumnSpec("code", "Code", "code", 96)] if axe in CODED else []),
        ColumnSpec("libelle", LIBELLES_AXES[axe], width=260, stretch=True),
        ColumnSpec("nombre", "Allocations", "entier", 96),
        ColumnSpec(_COLUMNS.get(mesure, str(mesure)), _short(mesure), "montant", 136, tooltip=label),
        ColumnSpec("part", "Part", "pourcent", 76, tooltip=f"Part : {label.lower()}"),
    ]
    if before is not None:
        told = f"{label}, par rapport à {before.exercice}"
        columns += [
            ColumnSpec("avant", f"{_short(mesure)} {before.exercice}", "montant", 144),
            ColumnSpec("evolution", "Évolution", "pourcent", 88, tooltip=told),
        ]
    for v, known in others:
        narrow = 80 if v is Valeur.PAYE else 96
        columns.append(ColumnSpec(_COLUMNS.get(v, str(v)), _short(v), "montant", 144 if known else narrow))
    return columns


def _short(valeur: Valeur) -> str:
    return "Retiré" if valeur is Valeur.RETIRE else LIBELLES_VALEURS[valeur]


def _simple_totals(synthese: Synthese, before: Synthese | None, mesure: Valeur) -> dict[str, str]:
    total = synthese.total
    own, others = _measures(synthese, mesure)
    totals = {"nombre": money.nombre(total.nombre)}
    for v, known in ((mesure, own), *others):
        totals[_COLUMNS.get(v, str(v))] = money.euros(total.valeur(v)) if known else INCONNU
    if total.valeur(mesure):
        totals["part"] = money.pourcent(100)
    if before is not None:
        change = _change(total.valeur(mesure), before.total.valeur(mesure))
        totals["avant"] = money.euros(before.total.valeur(mesure))
        totals["evolution"] = money.pourcent(change) if change is not None else ""
    return totals


def crossed(made: Croise, missions: Mapping[str, str], *, sub_totals: bool = False) -> Grid:
    """Two axes and one measure: a column for each key of the second, the total and the share."""
    axe, known = made.axes[0], not (made.source == "aucune" and made.mesure in EXECUTEES and not made.total)
    wide = len(made.colonnes) > WIDE
    across = [
        ColumnSpec(f"c{i}", f"{code} {label}" if made.axes[1] in CODED else label, "montant", 128, tooltip=label)
        for i, (code, label) in enumerate(made.colonnes)
    ]
    sums = [ColumnSpec("total", "Total", "montant", 136), ColumnSpec("part", "Part", "pourcent", 76)]
    label = ColumnSpec("libelle", LIBELLES_AXES[axe], width=260, stretch=not wide)
    columns = [label, *([*sums, *across] if wide else [*across, *sums])]
    totals = {f"c{i}": money.euros(v) if known else INCONNU for i, v in enumerate(made.totaux)}
    totals["total"] = money.euros(made.total) if known else INCONNU
    if made.total:
        totals["part"] = money.pourcent(100)
    told = f"{LIBELLES_VALEURS[made.mesure].lower()} {money.euros(made.total, decimals=False) if known else INCONNU}"
    grid = Grid(columns, totals, made.source, made.source_date, told)
    grid.column_keys = {f"c{i}": code for i, (code, _) in enumerate(made.colonnes)}

    def row(label: str, values: Sequence[int], share: Decimal) -> tuple[Any, ...]:
        cells: tuple[Any, ...] = tuple(v or None for v in values) if known else (INCONNU,) * len(values)
        tail = (sum(values) if known else INCONNU, share if known else None)
        return (label, *((*tail, *cells) if wide else (*cells, *tail)))

    groups = _groups(list(made.lignes), sub_totals)
    shares = _shares([(x.cle, x.total) for x in lines] for _, lines in groups)
    for code, lines in groups:
        for x in lines:
            grid.add(
                axe, x.cle, row(f"{x.cle} {x.libelle}".strip() if axe in CODED else x.libelle, x.valeurs, shares[x.cle])
            )
        if sub_totals:
            added = [sum(x.valeurs[i] for x in lines) for i in range(len(made.colonnes))]
            share = sum((shares[x.cle] for x in lines), Decimal(0))
            grid.add(Axe.MISSION, code, row(_mission(code, missions), added, share), strong=True)
    return grid


def _shares(groups: Iterable[Sequence[tuple[str, int]]]) -> dict[str, Decimal]:
    """Share of each key: groups add up to 100 and the lines of a group to its share, all by largest remainder."""
    made: dict[str, Decimal] = {}
    kept = list(groups)
    for group, share in zip(kept, parts([sum(v for _, v in group) for group in kept]), strict=True):
        total, tenths = sum(v for _, v in group), int(share * 10)
        exact = [Decimal(v) * tenths / total if total else Decimal(0) for _, v in group]
        floors = [int(e // 1) for e in exact]
        missing = tenths - sum(floors) if total else 0
        order = sorted(range(len(group)), key=lambda i: (exact[i] - floors[i], group[i][1]), reverse=True)
        for i in order[:missing]:
            floors[i] += 1
        made |= {key: Decimal(f).scaleb(-1) for (key, _), f in zip(group, floors, strict=True)}
    return made


def _groups(lines: list[Any], by_mission: bool) -> list[tuple[str, list[Any]]]:
    """Lines under the mission of their destination, or all together."""
    if not by_mission:
        return [("", lines)]
    groups: dict[str, list[Any]] = {}
    for x in lines:
        cle = x.cle if isinstance(x.cle, str) else x.cle[0]
        groups.setdefault(mission_de(cle) or "", []).append(x)
    return sorted(groups.items())


def _mission_names(code: str, missions: Mapping[str, str]) -> tuple[str, str]:
    return (f"Mission {code}", missions.get(code, "")) if code else ("", "Sans mission")


def _mission(code: str, missions: Mapping[str, str]) -> str:
    return f"Total mission {code} · {missions.get(code, '')}" if code else "Total sans mission"


def _change(now: int, past: int | None) -> Decimal | None:
    return Decimal(now - past) * 100 / abs(past) if past else None
