"""The schemes of an exercice: what they weigh against their ceilings, describing them, telling which lines are theirs.

Ceilings warn and never refuse; each change is one operation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from firdesk.domain import money
from firdesk.domain.dispositif import Dispositif, Plafond
from firdesk.domain.operateur import sans_accents
from firdesk.domain.problem import Problem, Refus, Severity, require
from firdesk.domain.synthese import Axe, Ligne
from firdesk.services import donts
from firdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class LigneDispositif:
    """A scheme in an exercice: its amounts and its ceiling in cents; ``decrit`` is false for a name met in lines only.

    ``engage`` and ``paye`` are those of the mouvements, ``hors_fir`` and ``cofinance`` never inside the others.
    """

    dispositif: Dispositif
    decrit: bool
    nombre: int
    notifie: int
    engage: int
    paye: int
    plafond: Plafond | None
    dont: int
    cofinance: int
    hors_fir: int

    @property
    def code(self) -> str:
        return self.dispositif.code

    @property
    def consomme(self) -> int:
        """What counts against the ceiling in AE: notified or engaged, whichever says more."""
        return max(self.notifie, self.engage)

    @property
    def disponible(self) -> int | None:
        """AE left under the ceiling, below zero above it; ``None`` without ceiling."""
        return None if self.plafond is None else self.plafond.ae - self.consomme

    @property
    def disponible_cp(self) -> int | None:
        return None if self.plafond is None else self.plafond.cp - self.paye

    def alertes(self) -> tuple[Problem, ...]:
        """What deserves a look: a ceiling exceeded, in AE or in CP."""
        found = []
        for left, what, field in (
            (self.disponible, "AE", "plafond_ae"),
            (self.disponible_cp, "CP", "plafond_cp"),
        ):
            if left is not None and left < 0:
                over = money.euros(-left)
                text = f"Plafond {what} de « {self.code} » dépassé de {over} : l'augmenter ou revoir les allocations."
                found.append(Problem(field, text, Severity.ALERTE))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Affectation:
    """Which allocations would get a scheme: their numbers, their sum in cents, how many have another one already."""

    ids: tuple[int, ...]
    notifie: int
    deja: int
    autres: int


def liste(session: Session, exercice: int) -> list[LigneDispositif]:
    """Every described scheme by code, then those met in the lines of the exercice and not described."""
    sums = {x.cle[0]: x for x in session.syntheses.par((Axe.DISPOSITIF,), exercice).lignes if x.cle[0]}
    inside = donts.par_dispositif(session, exercice)
    beside = donts.financements(session, exercice)
    described = {d.code: d for d in session.dispositifs.all()}
    unknown = {code: Dispositif(code, code) for code in sums if code not in described}
    found = []
    for code, d in (described | unknown).items():
        x = sums.get(code, Ligne((code,), (code,), 0, 0, 0, 0))
        cofinance, hors_fir = beside.get(code, (0, 0))
        found.append(
            LigneDispositif(
                d, code in described, x.nombre, x.notifie, x.ae_engagee, x.cp_paye, d.plafond(exercice),
                inside.get(code, 0), cofinance, hors_fir,
            )
        )  # fmt: skip
    return sorted(found, key=lambda x: (not x.decrit, sans_accents(x.code)))


def ligne(session: Session, code: str, exercice: int) -> LigneDispositif | None:
    """One line of :func:`liste`."""
    return next((x for x in liste(session, exercice) if x.code == code), None)


def enregistrer(session: Session, dispositif: Dispositif, avant: str = "") -> str:
    """Create a scheme, or change the one whose code was ``avant``, in one operation; returns its code.

    Raises ``Invalide`` with what prevents it. Another code follows on everything that bore the old one.
    """
    d = replace(dispositif, code=dispositif.code.strip(), libelle=dispositif.libelle.strip())
    known = session.dispositifs.codes()
    found = list(d.problems())
    if d.code != avant and d.code in known:
        text = f"Le code « {d.code} » est déjà celui de « {known[d.code]} » : en choisir un autre."
        found.append(Problem("code", text))
    require(found)
    if avant not in known:
        with session.operation(f"Décrire le dispositif « {d.code} »"):
            session.dispositifs.add(d)
        return d.code
    with session.operation(f"Modifier le dispositif « {avant} »"):
        if d.code != avant:
            session.dispositifs.renommer(avant, d.code)
        session.dispositifs.update(d)
    return d.code


def decrire(session: Session, code: str) -> str:
    """Describe in one gesture a scheme that allocations bear; its label is its code until it is typed.

    Theme and destination are those of its allocations where all of them agree.
    """
    if code in session.dispositifs.codes():
        raise Refus(f"« {code} » est déjà décrit.")
    found = {
        axe: {x.cle[0] for x in session.syntheses.par((axe, Axe.DISPOSITIF)).lignes if x.cle[1] == code}
        for axe in (Axe.THEME, Axe.DESTINATION)
    }
    only = {axe: next(iter(values)) if len(values) == 1 else "" for axe, values in found.items()}
    return enregistrer(session, Dispositif(code, code, only[Axe.THEME], only[Axe.DESTINATION]))


def supprimer(session: Session, code: str) -> None:
    """Forget the description of a scheme in one operation; its allocations keep its name."""
    if code not in session.dispositifs.codes():
        raise Refus(f"Le dispositif « {code} » n'existe plus.")
    with session.operation(f"Supprimer la description du dispositif « {code} »"):
        session.dispositifs.delete(code)


def apercu(
    session: Session,
    exercice: int,
    code: str,
    *,
    themes: Sequence[str] = (),
    destinations: Sequence[str] = (),
    mots: str = "",
    remplacer: bool = False,
) -> Affectation:
    """The allocations of an exercice that a filter means, without those that have ``code`` already.

    ``mots`` must all be in the object. Those that have another scheme are left alone unless ``remplacer``.
    """
    wanted, deja, autres = [], 0, 0
    for number, present in session.dispositifs.allocations(exercice, themes, destinations, mots):
        if present == code:
            deja += 1
        elif present and not remplacer:
            autres += 1
        else:
            wanted.append(number)
    return Affectation(tuple(wanted), session.allocations.somme_ids(wanted).notifie, deja, autres)


def affecter(session: Session, ids: Iterable[int], code: str) -> int:
    """Say in one operation that these allocations are of a scheme (empty: of none); returns their number."""
    wanted = list(ids)
    if not wanted:
        raise Refus("Aucune allocation à affecter : élargir le filtre.")
    count = f"{money.nombre(len(wanted))} allocation{'s' * (len(wanted) > 1)}"
    label = f"Affecter {count} au dispositif « {code} »" if code else f"Retirer {count} de leur dispositif"
    with session.operation(label):
        session.dispositifs.affecter(wanted, code)
    return len(wanted)


def en_json(session: Session, exercice: int) -> dict[str, object]:
    """``dispositifs --json``: every scheme of an exercice, what is inside and beside it, in cents."""
    lines = liste(session, exercice)
    inside = session.dispositifs.donts(exercice)
    return {
        "exercice": exercice,
        "dispositifs": [
            {
                "code": x.code,
                "libelle": x.dispositif.libelle,
                "decrit": x.decrit,
                "theme": x.dispositif.theme,
                "destination": x.dispositif.destination,
                "nombre": x.nombre,
                "notifie_centimes": x.notifie,
                "ae_engagee_centimes": x.engage,
                "cp_paye_centimes": x.paye,
                "plafond_ae_centimes": x.plafond.ae if x.plafond else None,
                "plafond_cp_centimes": x.plafond.cp if x.plafond else None,
                "disponible_ae_centimes": x.disponible,
                "disponible_cp_centimes": x.disponible_cp,
                "cofinancements_centimes": x.cofinance,
                "hors_fir_centimes": x.hors_fir,
                "dont": [
                    {"libelle": d.libelle, "montant_centimes": d.montant} for d in inside if d.dispositif == x.code
                ],
                "alertes": [p.message for p in (*x.alertes(), *donts.alertes(session, exercice, x.code))],
            }
            for x in lines
        ],
        "total": {
            "nombre": sum(x.nombre for x in lines),
            "notifie_centimes": sum(x.notifie for x in lines),
            "ae_engagee_centimes": sum(x.engage for x in lines),
            "cp_paye_centimes": sum(x.paye for x in lines),
        },
    }


def en_lignes(session: Session, exercice: int) -> list[str]:
    """The same as text to read."""
    found = []
    for x in liste(session, exercice):
        mark = "" if x.decrit else " (non décrit)"
        found.append(f"{x.code + mark:<44.44} {money.nombre(x.nombre):>6} {money.euros(x.notifie, decimals=True):>22}")
        if x.plafond is not None:
            left = money.euros(x.disponible or 0, decimals=True)
            found.append(f"    plafond AE {money.euros(x.plafond.ae, decimals=True)}, disponible {left}")
        told = [d for d in session.dispositifs.donts(exercice) if d.dispositif == x.code]
        found += [f"    dont {d.libelle} : {money.euros(d.montant, decimals=True)}" for d in told]
        alerts = (*x.alertes(), *donts.alertes(session, exercice, x.code))
        found += [f"    À vérifier : {p.message}" for p in alerts]
    return found
