"""Which allocations and in what order: the SQL of a filter and of a sort.

A criterion on another table is a list asked once, never a join, so that 100,000 lines answer at once.
"""

from collections.abc import Sequence

from firdesk.domain.allocation import Filtre
from firdesk.domain.operateur import nom_normalise, sans_accents
from firdesk.store import cumul_axes, cumul_engagements

#: The sum of a measure of one allocation, over every exercice; NULL when no mouvement was ever written.
AMOUNT = "(SELECT SUM(c.{0}) FROM cumul_allocation c WHERE c.allocation_id = a.id)"

_PLAIN = "FROM allocation a "
_SOURCES = {
    "operateur": _PLAIN + "JOIN operateur o ON o.id = a.operateur_id ",
    "departement": _PLAIN + "JOIN operateur o ON o.id = a.operateur_id ",
    "mission": _PLAIN + "JOIN destination d ON d.exercice = a.exercice AND d.code = a.destination ",
    "theme": _PLAIN + "LEFT JOIN theme t ON t.code = a.theme ",
    "enveloppe": _PLAIN + "LEFT JOIN enveloppe e ON e.code = a.enveloppe ",
}
#: Read in the order of the index of names: nothing is left to sort.
_BY_NAME = "FROM operateur o CROSS JOIN allocation a ON a.operateur_id = o.id "
#: What each column of the table sorts by.
_SORTS = {
    "reference": "a.exercice {0}, a.numero {0}",
    "operateur": "o.nom_normalise {0}, o.id {0}, a.id {0}",
    "departement": "o.departement {0}, a.id",
    "destination": "a.destination {0}, a.id",
    "mission": "d.mission {0}, a.destination {0}, a.id",
    "theme": "t.ordre {0}, a.id",
    "enveloppe": "e.ordre {0}, a.id",
    "saisi": f"IFNULL({AMOUNT.format('saisi')}, 0) {{0}}, a.id",
    "notifie": f"IFNULL({AMOUNT.format('notifie')}, 0) {{0}}, a.id",
    "engage": f"IFNULL({AMOUNT.format('engage')}, 0) {{0}}, a.id",
    "paye": f"IFNULL({AMOUNT.format('paye')}, 0) {{0}}, a.id",
} | {name: f"a.{name} {{0}}, a.id" for name in ("objet", "ej", "date_notification", "statut", "caractere")}

#: What was planned in the year of a day or later, is dated before it, and was not paid in its exercice.
DATEES = (
    "SELECT * FROM (SELECT m.allocation_id, m.exercice, SUM(m.montant) - IFNULL((SELECT c.paye FROM cumul_allocation c "
    "WHERE c.allocation_id = m.allocation_id AND c.exercice = m.exercice), 0) AS reste FROM mouvement m "
    "WHERE m.nature = 'echeance' AND m.exercice >= ? AND m.date <> '' AND m.date < ? "
    "GROUP BY m.allocation_id, m.exercice) WHERE reste > 0"
)
#: With what was planned in the years before. Binds :func:`echeance`.
_ECHUES = (
    "SELECT e.allocation_id FROM cumul_engagement e WHERE e.impaye > 0 AND e.impaye < ? "
    f"UNION ALL SELECT allocation_id FROM ({DATEES})"
)
_STAGES = {
    "a_notifier": f"IFNULL({AMOUNT.format('notifie')}, 0) = 0",
    "notifie": f"{AMOUNT.format('notifie')} <> 0",
    "engage": f"{AMOUNT.format('engage')} <> 0",
    "paye": f"{AMOUNT.format('paye')} <> 0",
} | {
    name: f"a.id IN (SELECT e.allocation_id FROM cumul_engagement e WHERE {condition.format('e.')})"
    for name, (condition, _, _) in cumul_engagements.RESTES.items()
}
_STAGES["echeance_impayee"] = f"a.id IN ({_ECHUES})"


def ordered(filtre: Filtre, tri: str, decroissant: bool) -> tuple[str, str]:
    """FROM and ORDER BY of a sort; a name is read through its index unless few lines are wanted."""
    source = _SOURCES.get(tri, _PLAIN)
    if tri == "operateur" and filtre.empty:
        source = _BY_NAME
    return source, _SORTS[tri].format("DESC" if decroissant else "ASC")


#: Where each allocation acts: its places, else the seat of its operator unless that one covers the whole region.
_AT = (
    "SELECT id FROM (SELECT allocation_id AS id, departement AS lieu FROM allocation_lieu UNION ALL "
    "SELECT b.id, CASE o.perimetre WHEN 'regional' THEN 'region' ELSE IFNULL(o.departement, '') END "
    "FROM allocation b JOIN operateur o ON o.id = b.operateur_id "
    "WHERE b.id NOT IN (SELECT allocation_id FROM allocation_lieu)) WHERE lieu IN ({})"
)
#: What a criterion reads in the lines (``a``), and in the summary that crosses the axes where it is one of them.
_CRITERIA = {
    "missions": (
        "(a.exercice, a.destination) IN (SELECT exercice, code FROM destination WHERE IFNULL(mission, '') IN ({}))",
        "(c.campagne, c.destination) IN (SELECT exercice, code FROM destination WHERE IFNULL(mission, '') IN ({}))",
    ),
    "destinations": ("a.destination IN ({})", "c.destination IN ({})"),
    "themes": ("IFNULL(a.theme, '') IN ({})", "c.theme IN ({})"),
    "departements": (
        "a.operateur_id IN (SELECT id FROM operateur WHERE IFNULL(departement, '') IN ({}))",
        "c.departement IN ({})",
    ),
    "enveloppes": ("IFNULL(a.enveloppe, '') IN ({})", "c.enveloppe IN ({})"),
    "caracteres": ("a.caractere IN ({})", "c.caractere IN ({})"),
    "dispositifs": ("a.dispositif IN ({})", "c.dispositif IN ({})"),
    "canaux": ("a.canal IN ({})", "c.canal IN ({})"),
    # What is bound to an avenant answers for the act it changes; 0 is no act at all.
    "conventions": (
        "IFNULL((SELECT IFNULL(v.parent_id, v.id) FROM convention v WHERE v.id = a.convention_id), 0) IN ({})",
        "",
    ),
    "lieux": (f"a.id IN ({_AT})", ""),
    "operateurs": ("a.operateur_id IN ({})", ""),
    "statuts": ("a.statut IN ({})", ""),
    "lots": ("a.id IN (SELECT allocation_id FROM import_ligne WHERE lot_id IN ({}))", ""),
    "lignes": ("a.id IN ({})", ""),
}


def echeance(jour: str) -> list[object]:
    """What :data:`_ECHUES` binds: the year of a day (ISO) twice, and the day; without a day nothing is past."""
    return [int(jour[:4] or 0), int(jour[:4] or 0), jour]


def where(filtre: Filtre, jour: str = "") -> tuple[str, list[object]]:
    """The condition on ``allocation a`` and the values it binds; ``jour`` (ISO) is today."""
    clauses, values = _criteria(filtre, 0)
    if filtre.exercice is not None:
        clauses.append("a.exercice = ?")
        values.append(filtre.exercice)
    if filtre.avancements:
        clauses.append("(" + " OR ".join(_STAGES[stage] for stage in filtre.avancements) + ")")
        values.extend(echeance(jour) * filtre.avancements.count("echeance_impayee"))
    for word in filtre.texte.split():
        sql, bound = _word(word)
        clauses.append(sql)
        values.extend(bound)
    return " AND ".join(clauses), values


#: The axis of the summary that each criterion is about.
_AXES = {
    "missions": "destination",
    "destinations": "destination",
    "themes": "theme",
    "departements": "departement",
    "enveloppes": "enveloppe",
    "caracteres": "caractere",
    "dispositifs": "dispositif",
    "canaux": "canal",
}


def where_summed(filtre: Filtre) -> tuple[str, str, list[object]] | None:
    """The summary, as ``c``, and the condition on it that keep the same lines; ``None`` where none tells them apart."""
    apart = (
        filtre.avancements,
        filtre.operateurs,
        filtre.conventions,
        filtre.lieux,
        filtre.statuts,
        filtre.lots,
        filtre.lignes,
    )
    if filtre.texte.split() or any(apart):
        return None
    clauses, values = _criteria(filtre, 1)
    if filtre.exercice is not None:
        clauses.append("c.campagne = ?")
        values.append(filtre.exercice)
    axes = {axe for name, axe in _AXES.items() if getattr(filtre, name)}
    source = "cumul" if len(axes) > 1 else cumul_axes.source(min(axes, default="canal"))
    return f"{source} c", " AND ".join(clauses), values


def _criteria(filtre: Filtre, place: int) -> tuple[list[str], list[object]]:
    clauses: list[str] = ["1"]
    values: list[object] = []
    for name, expressions in _CRITERIA.items():
        wanted: Sequence[object] = getattr(filtre, name)
        if wanted:
            clauses.append(expressions[place].format(",".join("?" * len(wanted))))
            values.extend(wanted)
    if filtre.statuts == ("disparue",) and place == 0:
        clauses.append("a.statut = 'disparue'")  # said literally, so that the partial index serves
    return clauses, values


def _word(word: str) -> tuple[str, list[object]]:
    """One word looked for in operator and line; a letter that may bear an accent matches with or without it."""
    normalised = nom_normalise(word) or sans_accents(word)
    like, loose = f"%{_literal(word)}%", f"%{_accented(word)}%"
    owner = (
        "nom_normalise LIKE ? OR nom LIKE ? ESCAPE '\\' OR commune LIKE ? ESCAPE '\\' OR siret LIKE ? OR finess LIKE ?"
    )
    values: list[object] = [f"%{normalised}%", loose, loose, f"{word}%", f"{word}%"]
    line = ["a.objet LIKE ? ESCAPE '\\'", "a.motivation LIKE ? ESCAPE '\\'", "a.ej LIKE ? ESCAPE '\\'"]
    values += [loose, loose, like]
    line.append("a.destination LIKE ? ESCAPE '\\'")
    values.append(like)
    if word[:2] == "20" and word.replace("-", "").isdigit():
        line.append("printf('%d-%04d', a.exercice, a.numero) LIKE ?")
        values.append(f"%{word}%")
    return f"(a.operateur_id IN (SELECT id FROM operateur WHERE {owner}) OR {' OR '.join(line)})", values


def _literal(word: str) -> str:
    return "".join(f"\\{c}" if c in "\\%_" else c for c in word)


def _accented(word: str) -> str:
    """SQLite folds ASCII only: where a letter has an accent, in the word or maybe in the base, any one matches.

    Only the letters typed with an accent are loosened, and « e », which bears most of them.
    """
    return "".join("_" if not c.isascii() or c in "eE" else _literal(c) for c in word)
