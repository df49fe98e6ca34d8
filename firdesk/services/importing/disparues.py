"""The lines that earlier imports brought and a file does not hold any more: which ones, and what becomes of each.

Only lines of the same profile and of the file's exercices can vanish. A file that covers only a part of them is told
from a whole one, since then most of what is missing has not vanished at all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from firdesk.domain.execution import Nature
from firdesk.domain.money import nombre
from firdesk.services.importing.etat import Connue, Etat
from firdesk.services.importing.plan import NATURES, Disparue, Plan, PlannedLine, Question
from firdesk.services.importing.profiles import Famille

GARDER, MARQUER, RETIRER = "garder", "marquer", "retirer"
#: What becomes of a vanished line, and how it is said of several.
CHOIX = {GARDER: "Garder", MARQUER: "Marquer disparue", RETIRER: "Retirer"}
_CHOIX_TOUTES = {
    MARQUER: "Les marquer disparues",
    RETIRER: "Retirer leurs montants",
    GARDER: "Les garder telles quelles",
}
#: A département of which fewer lines were known may well be gone.
LIGNES_D_UN_DEPARTEMENT = 3


@dataclass(frozen=True, slots=True)
class Portee:
    """What the file covers: keys met, new lines, départements of its operators, lines that are there but rejected."""

    profil: str
    exercices: Set[int]
    prises: Set[int]
    rejetees: Mapping[str, int]
    departements: Set[str]


@dataclass(frozen=True, slots=True)
class Absentes:
    """The vanished lines; ``partiel`` says in words why the file seems to cover only a part of what is known."""

    lignes: tuple[Disparue, ...] = ()
    partiel: str = ""

    @property
    def defaut(self) -> str:
        return GARDER if self.partiel else MARQUER


def chercher(etat: Etat, portee: Portee, nouvelles: Sequence[PlannedLine], decisions: Mapping[str, str]) -> Absentes:
    """The lines that vanished, each with the choice made for it, for all, or by default."""
    known: Counter[str] = Counter()
    gone: list[tuple[Connue, str]] = []
    lieux = {o.id or 0: o.departement for o in etat.operateurs}
    for cle, connues in etat.connues.items():
        ours = [
            c
            for c in connues
            if c.exercice in portee.exercices and c.profil == portee.profil and c.statut != "disparue"
        ]
        known.update(lieux.get(c.operateur_id, "") for c in ours)
        left = [c for c in ours if c.id not in portee.prises]
        gone += [(c, cle) for c in left[portee.rejetees.get(cle, 0) :]]
    partiel = _partiel(known, Counter(lieux.get(c.operateur_id, "") for c, _ in gone), portee.departements)
    found = Absentes(partiel=partiel)
    choice = decisions.get("disparues", found.defaut)
    names = {o.id or 0: o.nom for o in etat.operateurs}
    moved = _Deplacees(nouvelles if gone else ())
    lines = []
    for connue, cle in gone:
        amounts = _imported(connue, etat)
        notified = etat.montants.get(connue.id, {}).get(Nature.NOTIFICATION)
        lines.append(
            Disparue(
                connue.id,
                connue.reference,
                names.get(connue.operateur_id, ""),
                notified.total if notified else 0,
                connue.exercice,
                decisions.get(f"disparue:{connue.reference}", choice),
                amounts,
                moved.remarque(cle),
            )
        )
    return Absentes(tuple(lines), partiel)


def suffisent(plan: Plan, answers: Iterable[str]) -> bool:
    """Whether these questions are about vanished lines only, so that :func:`choisir` is enough."""
    ours = plan.famille is Famille.ENGAGEMENTS
    return ours and all(q == "disparues" or q.startswith("disparue:") for q in answers)


def choisir(plan: Plan, decisions: Mapping[str, str]) -> Plan:
    """The plan with other choices about its vanished lines; nothing else of it depends on them."""
    default = Absentes(partiel=plan.partiel).defaut
    choice = decisions.get("disparues", default)
    lines = tuple(x._replace(choix=decisions.get(f"disparue:{x.reference}", choice)) for x in plan.disparues)
    return replace(
        plan,
        disparues=lines,
        questions=tuple(q._replace(reponse=choice) if q.id == "disparues" else q for q in plan.questions),
        notifie_apres=plan.notifie_apres + ecart(lines) - ecart(plan.disparues),
        reglages=replace(plan.reglages, decisions=decisions),
    )


def question(absentes: Absentes, decisions: Mapping[str, str]) -> Question | None:
    """What to ask about all of them; a line may have its own answer under ``disparue:`` and its reference."""
    count = len(absentes.lignes)
    if not count:
        return None
    several = count > 1
    titre = f"{nombre(count)} ligne{'s' * several} de la base absente{'s' * several} de ce fichier"
    detail = (
        "Marquées disparues, leurs montants comptent toujours ; retirées, ils ne comptent plus ; gardées, rien ne "
        "change. L'onglet « Disparues » des différences permet de choisir ligne par ligne."
    )
    if absentes.partiel:
        detail = f"{absentes.partiel} {detail}"
    choix = tuple((code, _CHOIX_TOUTES[code]) for code in (MARQUER, RETIRER, GARDER))
    answer = decisions.get("disparues", absentes.defaut)
    return Question("disparues", titre, detail, count, choix, absentes.defaut, answer)


def ecart(lignes: Iterable[Disparue]) -> int:
    """What the choices made do to the notified total, in cents."""
    return -sum(x.retrait for x in lignes)


def _imported(connue: Connue, etat: Etat) -> tuple[tuple[Nature, int], ...]:
    """The amounts that imports gave the line, by nature: what withdrawing it takes away."""
    known = etat.montants.get(connue.id, {})
    return tuple((n, known[n].importe_cents) for n in NATURES.values() if n in known and known[n].importe_cents)


def _partiel(known: Counter[str], gone: Counter[str], present: Set[str]) -> str:
    total, missing = known.total(), gone.total()
    if not missing:
        return ""
    if 2 * (total - missing) < total:
        met = nombre(total - missing)
        return f"Ce fichier semble partiel : il ne contient que {met} des {nombre(total)} lignes connues."
    absent = sorted(
        code
        for code, count in gone.items()
        if code and code not in present and count == known[code] >= LIGNES_D_UN_DEPARTEMENT
    )
    if not absent:
        return ""
    lines = nombre(sum(known[code] for code in absent))
    which = "du département " if len(absent) == 1 else "des départements "
    return f"Ce fichier semble partiel : aucune des {lines} lignes connues {which}{', '.join(absent)}."


class _Deplacees:
    """New lines by all of their natural key but one part, to say where a vanished line may have gone."""

    def __init__(self, nouvelles: Iterable[PlannedLine]) -> None:
        self._by_rest: dict[tuple[int, tuple[str, ...]], tuple[int, str]] = {}
        for line in nouvelles:
            for place, rest, part in _rests(line.cle.rpartition("#")[0]):
                self._by_rest.setdefault((place, rest), (line.ligne, part))

    def remarque(self, cle: str) -> str:
        for place, rest, _ in _rests(cle):
            if found := self._by_rest.get((place, rest)):
                what = "destination" if place == _DESTINATION else "opérateur"
                return f"Même engagement en ligne {found[0]}, autre {what}"
        return ""


#: Where a natural key of an export (campagne, agency, EJ, notification, destination, operator) holds what may move.
_DESTINATION, _OPERATEUR = 4, 5


def _rests(cle: str) -> Iterable[tuple[int, tuple[str, ...], str]]:
    parts = cle.split("|")
    if len(parts) != _OPERATEUR + 1 or not parts[2]:
        return
    for place in (_DESTINATION, _OPERATEUR):
        yield place, (*parts[:place], *parts[place + 1 :]), parts[place]
