"""The decisions of a campaign: who gets what of each scheme, adding up to the published themes and départements.

Amounts are integer cents; nothing here knows how a file is written.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from firdesk.services.demonstration.operateurs import Beneficiaire, exemples
from firdesk.store.nomenclatures import reference

#: Totals of the campaigns; 2025 is the published one, 2024 is invented.
TOTAUX = {2025: 526_874_764_00, 2024: 498_214_306_00}
#: By seat of the operator, rounding to the published 260, 53, 48, 95 and 71 M€.
DEPARTEMENTS_2025 = {
    "59": 259_812_406_00,
    "02": 53_104_218_00,
    "60": 48_236_955_00,
    "62": 94_918_730_00,
    "80": 70_802_455_00,
}
#: The scheme whose split between départements makes the others come out right.
_AJUSTEMENT = "MI4-2-8"
#: Absent from every nomenclature: the fourth planted anomaly.
DESTINATION_INCONNUE = "MI2-3-31"
#: Kinds that get every scheme open to them: teaching hospitals, and the association of the third planted anomaly.
_TOUJOURS = {"CHU", "RESEAU"}
_NON_NOTIFIEES = 58
_SEUIL = 23_000_00
_MOTIVATIONS = (
    "Base {0}",
    "Base {0}",
    "NR {0}",
    "convention {1}-{2}-acompte 70%+cplt",
    "Appel à projets {0}",
    "Avenant n°2",
    "CPOM",
    "",
)


@dataclass(frozen=True, slots=True)
class Dispositif:
    """One scheme of the theme: who may get it, how much in all (``None``: what is left of the theme)."""

    theme: str
    destination: str
    action: str
    genres: tuple[str, ...]
    montant: int
    decisions: int
    dispersion: float
    variantes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Versement:
    """One notification: a line of the export."""

    numero: str
    date: date
    montant: int


@dataclass(slots=True)
class Decision:
    """One decision: an operator, a scheme, an amount, notified in one or more times (none: only typed)."""

    exercice: int
    dispositif: Dispositif
    beneficiaire: Beneficiaire
    objet: str
    montant: int
    versements: list[Versement] = field(default_factory=list)
    ej: str = ""
    piece: str = ""
    nature_piece: str = ""
    motivation: str = ""
    projet: str = ""


Choix = list[tuple[Dispositif, list[Beneficiaire]]]


def dispositifs() -> list[Dispositif]:
    """The schemes of 2025 with their amounts: each theme adds up to its published amount."""
    restes = {r["code"]: int(r["montant_2025_eur"]) * 100 for r in reference("themes")}
    lines = exemples("dispositifs")
    for line in lines:
        restes[line["theme"]] -= int(line["montant"] or 0) * 100
    return [
        Dispositif(
            theme=x["theme"],
            destination=x["destination"],
            action=x["action"],
            genres=tuple(x["operateurs"].split()),
            montant=int(x["montant"]) * 100 if x["montant"] else restes[x["theme"]],
            decisions=int(x["decisions"]),
            dispersion=float(x["dispersion"]),
            variantes=tuple(x["variantes"].split("/")) if x["variantes"] else (),
        )
        for x in lines
    ]


def choisir(schemes: Sequence[Dispositif], operateurs: Sequence[Beneficiaire], rng: Random) -> Choix:
    """Who gets each scheme: teaching hospitals always, then those who have the least, so that nobody is left out."""
    uses: Counter[str] = Counter()
    chosen: Choix = []
    for scheme in schemes:
        pool = [o for o in operateurs if o.genre in scheme.genres]
        order = sorted(pool, key=lambda o: (o.genre not in _TOUJOURS, uses[o.identifiant], rng.random()))
        taken = [order[i % len(order)] for i in range(scheme.decisions)]
        uses.update(o.identifiant for o in taken)
        chosen.append((scheme, taken))
    return chosen


def decider(exercice: int, chosen: Choix, rng: Random) -> list[Decision]:
    """Every decision of a campaign, with its notifications, numbers and dates."""
    schemes = [
        (scheme, who) for scheme, who in chosen if exercice == 2025 or scheme.destination != DESTINATION_INCONNUE
    ]
    if exercice != 2025:
        schemes = [(_autre_annee(scheme, rng), _moins(scheme, who, rng)) for scheme, who in schemes]
    found: list[Decision] = []
    for scheme, who in schemes:
        if scheme.destination != _AJUSTEMENT:
            found += _repartir(exercice, scheme, who, rng)
    for scheme, who in schemes:
        if scheme.destination == _AJUSTEMENT:
            found += _ajuster(exercice, scheme, who, found, rng)
    _numeroter(exercice, found, rng)
    _non_notifiees(exercice, found, rng)
    if exercice == 2025:
        _sans_convention(found)
    return found


def partager(total: int, poids: Sequence[float], pas: int) -> list[int]:
    """Cut ``total`` along weights in multiples of ``pas``; what does not divide goes to the largest part."""
    whole = sum(poids)
    parts = [int(total * p / whole / pas) * pas for p in poids]
    parts[max(range(len(parts)), key=parts.__getitem__)] += total - sum(parts)
    return parts


def _autre_annee(scheme: Dispositif, rng: Random) -> Dispositif:
    factor = rng.uniform(0.88, 1.0)
    return replace(scheme, montant=int(scheme.montant * factor / 100) * 100)


def _moins(scheme: Dispositif, who: list[Beneficiaire], rng: Random) -> list[Beneficiaire]:
    if scheme.destination == _AJUSTEMENT:
        return who
    return [o for o in who if rng.random() < 0.87] or who[:1]


def _repartir(exercice: int, scheme: Dispositif, who: Sequence[Beneficiaire], rng: Random) -> list[Decision]:
    if scheme.dispersion:
        poids = [o.taille * rng.lognormvariate(0, scheme.dispersion) for o in who]
    else:
        poids = [1.0] * len(who)
    mean = scheme.montant / len(who)
    montants = partager(scheme.montant, poids, 100_00 if mean > 20_000_00 else 10_00 if mean > 2_000_00 else 1_00)
    if len(who) > 5 and rng.random() < 0.4:  # some amounts are not round: a convention paid on actual costs
        cents = rng.randrange(5, 95)
        montants[-1] += cents
        montants[-2] -= cents
    return [
        Decision(exercice, scheme, o, _objet(scheme, rank, rng), m)
        for rank, (o, m) in enumerate(zip(who, montants, strict=True))
    ]


def _ajuster(
    exercice: int, scheme: Dispositif, who: Sequence[Beneficiaire], others: Sequence[Decision], rng: Random
) -> list[Decision]:
    """Give each département what it lacks to reach its total; the scheme then makes up the campaign's."""
    total, published = TOTAUX[exercice], TOTAUX[2025]
    found = []
    cibles = {d: cents * total // published // 100 * 100 for d, cents in DEPARTEMENTS_2025.items()}
    cibles["59"] += total - sum(cibles.values())
    for departement, cible in cibles.items():
        manque = cible - sum(d.montant for d in others if d.beneficiaire.departement == departement)
        local = [o for o in who if o.departement == departement]
        found += _repartir(exercice, replace(scheme, montant=manque), local, rng)
    return found


def _objet(scheme: Dispositif, rank: int, rng: Random) -> str:
    if not scheme.variantes:
        return scheme.action
    return f"{scheme.action} - {scheme.variantes[(rank + rng.randrange(2)) % len(scheme.variantes)]}"


def _numeroter(exercice: int, decisions: list[Decision], rng: Random) -> None:
    """Dates, EJ, notifications and decision numbers; several payments for some, four legitimate twins."""
    totals: Counter[str] = Counter()
    for d in decisions:
        totals[d.beneficiaire.identifiant] += d.montant
    order = list(range(len(decisions)))
    rng.shuffle(order)
    ej, notification = 400, 0
    for rank, position in enumerate(order):
        d = decisions[position]
        ej += rng.randrange(1, 9)
        d.ej = f"E{exercice}{ej:06d}_01"
        jumeaux = rank % 260 == 7 and d.montant % 200_00 == 0
        parts = [d.montant // 2] * 2 if jumeaux else _parts(d.montant, rng)
        day = date(exercice, 2, 17) + timedelta(days=int(300 * rank / len(order)))
        for part in parts:
            notification += not (jumeaux and d.versements)
            d.versements.append(Versement(f"{exercice}-{notification:05d}", _ouvre(day, exercice), part))
            day += timedelta(days=0 if jumeaux else rng.randrange(20, 45))
        d.nature_piece = "C" if d.beneficiaire.prive and totals[d.beneficiaire.identifiant] > _SEUIL else "DA"
        if not d.beneficiaire.prive and rank % 5 == 0:
            d.nature_piece = "A"
        d.piece = f"{exercice}-{d.nature_piece}-{rank + 1:04d}"
        d.motivation = rng.choice(_MOTIVATIONS).format(exercice, exercice - 1, exercice + 1)
        d.projet = f"P{exercice}{rng.randrange(10_000):04d}" if rng.random() < 0.2 else ""


def _parts(montant: int, rng: Random) -> list[int]:
    draw = rng.random()
    if montant > 500_000_00 and draw < 0.12:
        return partager(montant, (0.4, 0.4, 0.2), 100_00)
    if montant > 15_000_00 and draw < 0.1:
        return partager(montant, (0.7, 0.3), 1_00)
    return [montant]


def _ouvre(day: date, exercice: int) -> date:
    """The same day or the Monday that follows, never after the 9th of January."""
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    return min(day, date(exercice + 1, 1, 9))


def _non_notifiees(exercice: int, decisions: list[Decision], rng: Random) -> None:
    """Decided and typed, not yet notified: no number, no date, no notified amount."""
    known = [d for d in decisions if not d.beneficiaire.prive and d.dispositif.destination != DESTINATION_INCONNUE]
    for model in rng.sample(known, _NON_NOTIFIEES if exercice == 2025 else 14):
        montant = max(1_000_00, int(model.montant * rng.uniform(0.2, 0.6) / 100_00) * 100_00)
        extra = Decision(
            exercice, model.dispositif, model.beneficiaire, f"{model.objet} - complément", min(montant, 400_000_00)
        )
        extra.motivation = f"NR {exercice}"
        decisions.append(extra)


def _sans_convention(decisions: Sequence[Decision]) -> None:
    """Third planted anomaly: an association above 23 000 € over several small lines, without any convention."""
    for d in decisions:
        if d.beneficiaire.genre == "RESEAU":
            d.piece, d.nature_piece = "", "DA"
