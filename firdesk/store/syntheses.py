"""Figures along axes, read from the summaries; engaged and paid of SIBC where the axes are its own."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from firdesk.domain.allocation import CANAUX
from firdesk.domain.nomenclature import rang
from firdesk.domain.synthese import Axe, Ligne, Synthese
from firdesk.store import cumul_axes, cumul_constats
from firdesk.store.database import Base
from firdesk.store.nomenclatures import Nomenclatures

_MISSION = (
    "CASE WHEN x.destination LIKE 'MI%' THEN substr(x.destination, 3, 1) "
    "WHEN x.destination LIKE 'BA-PAI%' THEN '4' ELSE '' END"
)
_EXPRESSIONS = {
    Axe.MISSION: _MISSION,
    Axe.DESTINATION: "x.destination",
    Axe.THEME: "IFNULL(x.theme, '')",
    Axe.DEPARTEMENT: "IFNULL(x.departement, '')",
    Axe.OPERATEUR: "CAST(x.operateur_id AS TEXT)",
    Axe.ENVELOPPE: "IFNULL(x.enveloppe, '')",
    Axe.EXERCICE: "CAST(x.exercice AS TEXT)",
    Axe.CARACTERE: "x.caractere",
    Axe.DISPOSITIF: "x.dispositif",
    Axe.CANAL: "x.canal",
    # What is bound to an avenant counts for the act it changes.
    Axe.CONVENTION: "IFNULL((SELECT CAST(IFNULL(v.parent_id, v.id) AS TEXT) FROM convention v "
    "WHERE v.id = x.convention_id), '')",
}
#: Axes that SIBC knows: there its snapshot says what was engaged and paid.
_SIBC_AXES = {Axe.MISSION, Axe.DESTINATION, Axe.EXERCICE}
#: A measure of mouvements, in the years of which no snapshot speaks.
_UNEXECUTED = "CASE WHEN x.exercice IN (SELECT exercice FROM execution) THEN 0 ELSE {0} END"
_UNSET = {
    Axe.MISSION: "Sans mission",
    Axe.THEME: "Sans thème",
    Axe.DEPARTEMENT: "Département non renseigné",
    Axe.ENVELOPPE: "Sans enveloppe",
    Axe.DISPOSITIF: "Sans dispositif",
    Axe.CONVENTION: "Sans convention",
}
#: The amounts of a :class:`Ligne` in its order, as columns of the summaries; what other exercices leave to pay follows.
_AMOUNTS = ("nombre", "notifie", "engage", "paye", "saisi", "retire", "repris", "prevu", "paye_planifie")
_ENGAGE, _PAYE, _AILLEURS = _AMOUNTS.index("engage"), _AMOUNTS.index("paye"), len(_AMOUNTS)
_NIL = (0,) * (len(_AMOUNTS) + 1)
_LINES = (
    "(SELECT c.exercice, a.exercice AS campagne, a.destination, a.theme, o.departement, a.enveloppe, a.caractere, "
    "a.operateur_id, a.dispositif, a.canal, a.convention_id, CASE WHEN c.exercice = a.exercice THEN 1 ELSE 0 END "
    "AS nombre, c.notifie, c.engage, c.paye, c.saisi, c.retire, c.repris, c.prevu, "
    f"CASE WHEN {cumul_constats.PLANIFIE} THEN c.paye ELSE 0 END AS paye_planifie FROM allocation a "
    "JOIN cumul_allocation c ON c.allocation_id = a.id JOIN operateur o ON o.id = a.operateur_id WHERE {0} "
    "UNION ALL SELECT a.exercice, a.exercice, a.destination, a.theme, o.departement, a.enveloppe, a.caractere, "
    "a.operateur_id, a.dispositif, a.canal, a.convention_id, 1, 0, 0, 0, 0, 0, 0, 0, 0 "
    "FROM allocation a JOIN operateur o ON o.id = a.operateur_id WHERE {0} AND NOT EXISTS "
    "(SELECT 1 FROM cumul_allocation c WHERE c.allocation_id = a.id AND c.exercice = a.exercice))"
)
_ALL_LINES, _BOUND_LINES = (_LINES.format(condition) for condition in ("1", "a.convention_id IS NOT NULL"))
_CAMPAGNE = "CAST(x.campagne AS TEXT)"
#: Amounts by key, in the order of a :class:`Ligne`.
Sums = dict[tuple[str, ...], tuple[int, ...]]


class Place(NamedTuple):
    """Where the money of one allocation counts, and its notified amount in cents."""

    destination: str
    theme: str
    operateur: int
    notifie: int


class Syntheses:
    """Tables of figures; nothing is written here."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._nomenclatures = Nomenclatures(base)

    def par(
        self, axes: tuple[Axe, ...], exercice: int | None = None, *, origine: bool = False, execution: bool = True
    ) -> Synthese:
        """Count and amounts for each combination of ``axes``, in the order of codes; lines all zero left out.

        Without ``execution``, engaged and paid are those of mouvements at any grain. ``origine``: what is left to pay
        counts every exercice, lines that have nothing else in this one included.
        """
        origine = origine and exercice is not None and Axe.EXERCICE not in axes
        sums = self._sums(axes, exercice, origine=origine, execution=execution)
        moved = any(x[_ENGAGE] or x[_PAYE] for x in sums.values())
        origin, at = ("mouvements", "") if moved else ("aucune", "")
        if execution and set(axes) <= _SIBC_AXES:
            sibc, at = self._sibc(axes, exercice)
            if sibc:
                origin = "mixte" if origin == "mouvements" else "sibc"
                sums = _with_execution(sums, sibc)
            if origine:
                sums = _with_other_years(sums, self._sibc(axes, None)[0], sibc)
        return Synthese(axes, exercice, self._labelled(axes, sums, exercice), origin, at)

    def reste_par_campagne(self, axe: Axe) -> tuple[tuple[Ligne, ...], dict[str, dict[int, int]]]:
        """The lines along an axis and, for each key, what is left to pay by year of its allocations, in cents.

        Read from mouvements alone: a snapshot does not say of which year the EJ it paid were.
        """
        sums = self._sums((axe,), None, campagne=True)
        found: dict[str, dict[int, int]] = {}
        for (key, campagne), amounts in sums.items():
            x = Ligne((key,), (), *amounts)
            if x.reste_a_payer:
                found.setdefault(key, {})[int(campagne)] = x.reste_a_payer
        left: Sums = {(key,): (*_NIL[:-1], sum(years.values())) for key, years in found.items()}
        return self._labelled((axe,), left, None), found

    def _sums(
        self,
        axes: tuple[Axe, ...],
        exercice: int | None,
        *,
        origine: bool = False,
        campagne: bool = False,
        execution: bool = True,
    ) -> Sums:
        """Amounts by key. Of conventions, only the allocations that have one are read: the others are what is left."""
        more = [_CAMPAGNE] if campagne else []
        if Axe.CONVENTION not in axes:
            executed = execution and set(axes) <= _SIBC_AXES and not campagne
            keys = [_EXPRESSIONS[a] for a in axes] + more
            return self._read(self._source(axes), keys, exercice, origine=origine, executed=executed)
        found = self._read(_BOUND_LINES, [_EXPRESSIONS[a] for a in axes] + more, exercice, origine=origine)
        place = axes.index(Axe.CONVENTION)
        others = axes[:place] + axes[place + 1 :]
        keys = [_EXPRESSIONS[a] for a in others] + more
        left = self._read(self._source(others), keys, exercice, origine=origine)
        for key, amounts in found.items():
            rest = key[:place] + key[place + 1 :]
            before = left.get(rest, (0,) * len(amounts))
            left[rest] = tuple(a - b for a, b in zip(before, amounts, strict=True))
        return found | {(*k[:place], "", *k[place:]): amounts for k, amounts in left.items() if any(amounts)}

    def _read(
        self, source: str, keys: Sequence[str], exercice: int | None, *, origine: bool, executed: bool = False
    ) -> Sums:
        """One reading of a summary; with ``origine`` the other exercices give what they leave to pay."""
        # Of a year that has a snapshot, mouvements would be counted twice.
        own = _UNEXECUTED if executed else "{0}"
        engage, paye = own.format("engage"), own.format("paye")
        amounts = {m: m for m in _AMOUNTS} | {"engage": engage, "paye": paye}
        elsewhere, kept = "0", "? IS NULL OR x.exercice = ?"
        if origine:
            here = f"x.exercice = {exercice or 0:d}"
            amounts = {m: f"CASE WHEN {here} THEN {sql} ELSE 0 END" for m, sql in amounts.items()}
            elsewhere = f"CASE WHEN {here} THEN 0 ELSE {engage} - retire - {paye} END"
            kept = f"? IS NULL OR {here} OR engage <> retire + paye"
        sums = [f"SUM({sql})" for sql in (*amounts.values(), elsewhere)]
        group = ", ".join(str(i + 1) for i in range(len(keys))) or "NULL"
        told = [f"SUM({m}) <> 0" for m in _AMOUNTS] if not origine else [f"{sql} <> 0" for sql in sums]
        rows = self._base.conn.execute(
            f"SELECT {', '.join([*keys, *sums])} FROM {source} x WHERE {kept} GROUP BY {group} "
            f"HAVING {' OR '.join(told)}",
            (exercice, exercice)[: kept.count("?")],
        )
        return {row[: len(keys)]: row[len(keys) :] for row in rows}

    def notifie_par_destination_et_theme(self, campagne: int) -> Iterator[tuple[str, str, int]]:
        """(destination, theme, cents) of the allocations of a campagne, whatever the exercice of their mouvements."""
        return iter(
            self._base.conn.execute(
                "SELECT destination, theme, notifie FROM cumul_cellule WHERE campagne = ? AND notifie <> 0", (campagne,)
            )
        )

    def notifie_par_operateur(self, campagne: int) -> Iterator[tuple[int, int]]:
        """(operator, cents) of the same allocations."""
        return iter(
            self._base.conn.execute(
                "SELECT operateur_id, SUM(notifie) FROM cumul_operateur WHERE campagne = ? GROUP BY 1", (campagne,)
            )
        )

    def places(self, allocations: Sequence[int]) -> dict[int, Place]:
        """Where the money of these allocations counts."""
        found: dict[int, Place] = {}
        for start in range(0, len(allocations), 900):
            part = allocations[start : start + 900]
            rows = self._base.conn.execute(
                "SELECT a.id, a.destination, IFNULL(a.theme, ''), a.operateur_id, IFNULL((SELECT SUM(c.notifie) "
                "FROM cumul_allocation c WHERE c.allocation_id = a.id), 0) FROM allocation a "
                f"WHERE a.id IN ({','.join('?' * len(part))})",
                list(part),
            )
            found |= {row[0]: Place(*row[1:]) for row in rows}
        return found

    def _source(self, axes: tuple[Axe, ...]) -> str:
        if Axe.OPERATEUR not in axes:
            alone = {Axe.DESTINATION if axe is Axe.MISSION else axe for axe in axes} - {Axe.EXERCICE}
            return "cumul" if len(alone) > 1 else cumul_axes.source(min(alone, default="canal"))
        return "cumul_operateur" if set(axes) <= {Axe.OPERATEUR, Axe.EXERCICE} else _ALL_LINES

    def _sibc(self, axes: tuple[Axe, ...], exercice: int | None) -> tuple[dict[tuple[str, ...], tuple[int, int]], str]:
        """Engaged and paid of the latest snapshot of each exercice, by key; and the date of the last one."""
        keys = ", ".join(_EXPRESSIONS[a] for a in axes)
        marks = ", ".join(str(i + 1) for i in range(len(axes)))
        rows = self._base.conn.execute(
            f"SELECT {keys}, SUM(IFNULL(ej_valides, 0)), SUM(IFNULL(decaissements, 0)), MAX(date) FROM ("
            "SELECT e.exercice, e.date, l.* FROM execution e JOIN execution_ligne l ON l.execution_id = e.id "
            "WHERE e.date = (SELECT MAX(date) FROM execution f WHERE f.exercice = e.exercice)"
            f") x WHERE ? IS NULL OR x.exercice = ? GROUP BY {marks}",
            (exercice, exercice),
        ).fetchall()
        n = len(axes)
        return {row[:n]: (row[n], row[n + 1]) for row in rows}, max((row[n + 2] for row in rows), default="")

    def _labelled(self, axes: tuple[Axe, ...], sums: Sums, exercice: int | None) -> tuple[Ligne, ...]:
        labels = [self._labels(axe, exercice) for axe in axes]
        orders = [{code: i for i, code in enumerate(table)} for table in labels]

        def order(cle: tuple[str, ...]) -> tuple[object, ...]:
            return tuple(
                (rang(key) if axe is Axe.DESTINATION else (position.get(key, len(position)),), key)
                for axe, key, position in zip(axes, cle, orders, strict=True)
            )

        def label(cle: tuple[str, ...]) -> tuple[str, ...]:
            named = zip(axes, cle, labels, strict=True)
            return tuple(table.get(key) or _UNSET.get(axe, key) for axe, key, table in named)

        return tuple(Ligne(cle, label(cle), *sums[cle]) for cle in sorted(sums, key=order))

    def _labels(self, axe: Axe, exercice: int | None) -> dict[str, str]:
        conn = self._base.conn
        match axe:
            case Axe.MISSION:
                return self._nomenclatures.missions()
            case Axe.THEME:
                return self._nomenclatures.themes()
            case Axe.DEPARTEMENT:
                return self._nomenclatures.departements()
            case Axe.ENVELOPPE:
                return self._nomenclatures.enveloppes()
            case Axe.DESTINATION:
                return dict(
                    conn.execute(
                        "SELECT code, libelle FROM destination WHERE ? IS NULL OR exercice = ? ORDER BY exercice",
                        (exercice, exercice),
                    )
                )
            case Axe.OPERATEUR:
                return dict(conn.execute("SELECT CAST(id AS TEXT), nom FROM operateur ORDER BY nom_normalise, id"))
            case Axe.EXERCICE:
                return {str(a): str(a) for a in sorted(self._nomenclatures.exercices())}
            case Axe.CARACTERE:
                return {"perenne": "Pérenne", "non_reconductible": "Non reconductible", "inconnu": "Non précisé"}
            case Axe.DISPOSITIF:
                return dict(conn.execute("SELECT code, libelle FROM dispositif ORDER BY code"))
            case Axe.CANAL:
                return dict(CANAUX)
            case Axe.CONVENTION:
                return dict(conn.execute("SELECT CAST(id AS TEXT), numero FROM convention ORDER BY numero, id"))


def _with_execution(sums: Sums, sibc: dict[tuple[str, ...], tuple[int, int]]) -> Sums:
    """The snapshots beside the mouvements of the years that have none."""
    merged = dict(sums)
    for key, (engaged, paid) in sibc.items():
        if engaged or paid or key in merged:
            merged[key] = _more(_more(merged.get(key, _NIL), _ENGAGE, engaged), _PAYE, paid)
    return merged


def _with_other_years(
    sums: Sums, every: dict[tuple[str, ...], tuple[int, int]], mine: dict[tuple[str, ...], tuple[int, int]]
) -> Sums:
    """What the snapshots of the other exercices leave to pay."""
    merged = dict(sums)
    for key, (engaged, paid) in every.items():
        own = mine.get(key, (0, 0))
        left = engaged - paid - (own[0] - own[1])
        if left:
            merged[key] = _more(merged.get(key, _NIL), _AILLEURS, left)
    return merged


def _more(amounts: tuple[int, ...], place: int, cents: int) -> tuple[int, ...]:
    return (*amounts[:place], amounts[place] + cents, *amounts[place + 1 :])
