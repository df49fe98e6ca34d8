"""Amounts told inside others and paid beside the FIR: shown, judged, never added to any total."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from firdesk.domain import money
from firdesk.domain.dispositif import PART_ENTIERE, Cofinancement, Dispositif, Dont, fir_maximal
from firdesk.domain.problem import Problem, Refus, Severity, require
from firdesk.domain.synthese import Axe, Synthese
from firdesk.services.session import Session

_AXES = {Axe.THEME: "theme", Axe.DESTINATION: "destination", Axe.DISPOSITIF: "dispositif"}


def de(session: Session, synthese: Synthese) -> dict[str, list[Dont]]:
    """The amounts told inside the lines of a table of one axis, by the key of the line that holds them.

    Only those whose line is in the table; nothing along an axis that has none, nor over several exercices.
    """
    if len(synthese.axes) != 1 or synthese.axes[0] not in _AXES or synthese.exercice is None:
        return {}
    name = _AXES[synthese.axes[0]]
    keys = {x.cle[0] for x in synthese.lignes if x.cle[0]}
    found: dict[str, list[Dont]] = {}
    for dont in session.dispositifs.donts(synthese.exercice):
        if (key := getattr(dont, name)) in keys:
            found.setdefault(key, []).append(dont)
    return found


def par_dispositif(session: Session, exercice: int) -> dict[str, int]:
    """Cents told inside each scheme."""
    return _summed((d.dispositif, d.montant) for d in session.dispositifs.donts(exercice) if d.dispositif)


def financements(session: Session, exercice: int) -> dict[str, tuple[int, int]]:
    """(what cofinances, what is outside the FIR) beside each scheme, in cents, its allocations included."""
    found: dict[str, tuple[int, int]] = {}
    for c, code in _rattaches(session, exercice):
        paid, outside = found.get(code, (0, 0))
        inside = c.genre == "cofinancement"
        found[code] = (paid + c.montant * inside, outside + c.montant * (not inside))
    return found


def du_dispositif(session: Session, exercice: int, code: str) -> list[Cofinancement]:
    """What others pay beside a scheme or one of its allocations."""
    return [c for c, owner in _rattaches(session, exercice) if owner == code]


def _rattaches(session: Session, exercice: int) -> Iterable[tuple[Cofinancement, str]]:
    for c in session.dispositifs.cofinancements(exercice):
        if c.dispositif:
            yield c, c.dispositif
        elif c.allocation_id is not None and (found := session.allocations.get(c.allocation_id)) and found.dispositif:
            yield c, found.dispositif


class Contenants:
    """The notified amounts that hold the « dont » of an exercice, each axis read once."""

    def __init__(self, session: Session, exercice: int) -> None:
        self._session, self._exercice = session, exercice
        self._read: dict[Axe, dict[str, int]] = {}

    def de(self, dont: Dont) -> int:
        """Cents notified to its scheme, else to its destination, else to its theme."""
        for axe in (Axe.DISPOSITIF, Axe.DESTINATION, Axe.THEME):
            if key := getattr(dont, _AXES[axe]):
                return self._sums(axe).get(key, 0)
        return 0

    def _sums(self, axe: Axe) -> dict[str, int]:
        if axe not in self._read:
            lines = self._session.syntheses.par((axe,), self._exercice).lignes
            self._read[axe] = {x.cle[0]: x.notifie for x in lines}
        return self._read[axe]


def alertes(session: Session, exercice: int, code: str | None = None) -> list[Problem]:
    """The « dont » above what holds them, of one scheme or of all; and what is notified above the scheme's rule."""
    found = []
    held = Contenants(session, exercice)
    for dont in session.dispositifs.donts(exercice):
        if code in (None, dont.dispositif) and (over := dont.depassement(held.de(dont))):
            found.append(over)
    for d in session.dispositifs.all():
        if code in (None, d.code) and (d.plafond_unite or d.part_max < PART_ENTIERE):
            found += [_above(r) for r in regles(session, d, exercice) if r.depassement]
    return found


@dataclass(frozen=True, slots=True)
class Regle:
    """What is notified and the most that may be, in cents, beside the other funders of a scheme or an allocation."""

    objet: str
    autres: int
    quantite: int
    notifie: int
    maximum: int | None

    @property
    def depassement(self) -> int:
        """Cents above the rule, never below zero."""
        return 0 if self.maximum is None else max(0, self.notifie - self.maximum)


def regles(session: Session, d: Dispositif, exercice: int) -> list[Regle]:
    """The rule of cofinancement of a scheme judged for each allocation that has its funders, then for the rest.

    Nothing is judged before a funder is told, nor by the unit before a quantity is.
    """
    groups: dict[int | None, list[Cofinancement]] = {}
    for c in du_dispositif(session, exercice, d.code):
        if c.genre == "cofinancement":
            groups.setdefault(c.allocation_id, []).append(c)
    found, apart = [], 0
    for number, funders in sorted(groups.items(), key=lambda g: (g[0] is None, g[0] or 0)):
        if number is None:
            lines = session.syntheses.par((Axe.DISPOSITIF,), exercice).lignes
            name, notified = f"« {d.code} »", sum(x.notifie for x in lines if x.cle[0] == d.code) - apart
        else:
            name, notified = _allocation(session, number)
            apart += notified
        others, quantity = sum(c.montant for c in funders), sum(c.quantite for c in funders)
        rule = d if quantity else replace(d, plafond_unite=0)
        found.append(Regle(name, others, quantity, notified, fir_maximal(rule, others, quantity)))
    return found


def _allocation(session: Session, number: int) -> tuple[str, int]:
    found = session.allocations.get(number)
    name = f"l'allocation {found.reference}" if found is not None else f"l'allocation n° {number}"
    return name, session.allocations.somme_ids([number]).notifie


def _above(regle: Regle) -> Problem:
    text = (
        f"Le FIR notifie {money.euros(regle.notifie)} pour {regle.objet}, {money.euros(regle.depassement)} de plus que "
        f"la règle de cofinancement ({money.euros(regle.maximum or 0)} au plus) : vérifier financeurs et quantités."
    )
    return Problem("part_max", text, Severity.ALERTE)


def enregistrer_dont(session: Session, dont: Dont) -> int:
    """Create or change an amount told inside another, in one operation; returns its number."""
    d = replace(dont, libelle=dont.libelle.strip())
    require(d.problems())
    verb = "Modifier" if d.id is not None else "Ajouter"
    with session.operation(f"{verb} « dont {d.libelle} »"):
        session.nomenclatures.open_exercice(d.exercice)
        return session.dispositifs.save_dont(d)


def supprimer_dont(session: Session, number: int) -> None:
    found = next((d for d in session.dispositifs.donts() if d.id == number), None)
    if found is None:
        raise Refus("Ce montant n'existe plus.")
    with session.operation(f"Supprimer « dont {found.libelle} »"):
        session.dispositifs.delete_dont(number)


def enregistrer_cofinancement(session: Session, cofinancement: Cofinancement) -> int:
    """Create or change what another body pays, in one operation; returns its number."""
    c = replace(cofinancement, financeur=cofinancement.financeur.strip())
    require(c.problems())
    verb = "Modifier" if c.id is not None else "Ajouter"
    with session.operation(f"{verb} le financement de {c.financeur}"):
        session.nomenclatures.open_exercice(c.exercice)
        return session.dispositifs.save_cofinancement(c)


def supprimer_cofinancement(session: Session, number: int) -> None:
    found = next((c for c in session.dispositifs.cofinancements() if c.id == number), None)
    if found is None:
        raise Refus("Ce financement n'existe plus.")
    with session.operation(f"Supprimer le financement de {found.financeur}"):
        session.dispositifs.delete_cofinancement(number)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, cents in pairs:
        found[key] = found.get(key, 0) + cents
    return found
