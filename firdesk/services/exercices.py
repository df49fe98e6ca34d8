"""Opening, closing and reopening an exercice; what is still pending in one, said before it is closed."""

from collections.abc import Iterable
from dataclasses import dataclass

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.controle import Alerte
from firdesk.domain.exercice import STATUTS, Exercice
from firdesk.domain.problem import Invalide, Problem, Refus, require
from firdesk.domain.synthese import Axe
from firdesk.services import alertes, rapprochement, syntheses
from firdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class Bilan:
    """An exercice and its figures in cents; engaged and paid are ``None`` where nothing says them."""

    exercice: Exercice
    nombre: int
    notifie: int
    engage: int | None
    paye: int | None
    version: str


def liste(session: Session) -> list[Bilan]:
    """The exercices of the file with their figures, latest first."""
    found = []
    for exercice in session.exercices.all():
        table = syntheses.table(session, [Axe.EXERCICE], exercice.annee)
        total, known = table.total, table.source != "aucune"
        versions = session.budgets.versions(exercice.annee)
        found.append(
            Bilan(
                exercice,
                total.nombre,
                total.notifie,
                total.ae_engagee if table.engage_connu else None,
                total.cp_paye if known else None,
                versions[-1].code if versions else "",
            )
        )
    return found


def exiger(session: Session, annee: int) -> Exercice:
    """The exercice; ``Refus`` with those there are where it is not opened."""
    found = session.exercices.get(annee)
    if found is None:
        known = ", ".join(str(y) for y in session.nomenclatures.exercices()) or "aucun"
        raise Refus(f"L'exercice {annee} n'est pas ouvert dans cette base (il y a : {known}).")
    return found


def refuser_clos(session: Session, annees: Iterable[int]) -> None:
    """``Refus`` where one of these years is closed: asked before anything is written."""
    closed = sorted({y for y in annees if session.exercices.clos(y)})
    if closed:
        names = " et ".join(str(y) for y in closed)
        one = len(closed) == 1
        raise Refus(
            f"L'exercice {names} est clos, donc en lecture seule : le rouvrir (page Budget, Exercices)."
            if one
            else f"Les exercices {names} sont clos, donc en lecture seule : les rouvrir (page Budget, Exercices)."
        )


def ouvrir(session: Session, annee: int) -> None:
    """Open an exercice with the nomenclature of its year, in one operation."""
    require(Exercice(annee).problems())
    if session.exercices.get(annee) is not None:
        raise Refus(f"L'exercice {annee} existe déjà.")
    with session.operation(f"Ouvrir l'exercice {annee}"):
        session.nomenclatures.open_exercice(annee)


def clore(session: Session, annee: int) -> None:
    """Make an exercice read-only, in one operation; what is pending never prevents it."""
    if exiger(session, annee).clos:
        raise Refus(f"L'exercice {annee} est déjà clos.")
    with session.operation(f"Clore l'exercice {annee}"):
        session.exercices.set_statut(annee, "clos", "")


def rouvrir(session: Session, annee: int, motif: str) -> None:
    """Let an exercice change again; the reason is kept with it and in the name of the operation."""
    if not exiger(session, annee).clos:
        raise Refus(f"L'exercice {annee} est déjà ouvert.")
    reason = " ".join(motif.split())
    if not reason:
        raise Invalide((Problem("motif", "Dire pourquoi l'exercice est rouvert, par exemple « titre de recettes »."),))
    with session.operation(f"Rouvrir l'exercice {annee} : {reason}"):
        session.exercices.set_statut(annee, "ouvert", reason)


def en_suspens(session: Session, annee: int) -> list[Alerte]:
    """What one should look at before closing an exercice: warnings, never refusals."""
    exiger(session, annee)
    found: list[Alerte] = []

    def say(texte: str, montant: int = 0, filtre: Filtre | None = None, page: tuple[str, object] | None = None) -> None:
        found.append(Alerte("cloture", "alerte", texte, montant, filtre, page))

    count, typed = session.exercices.a_notifier(annee)
    if count:
        waiting = Filtre(exercice=annee, avancements=("a_notifier",))
        say(f"{_lines(count)} à notifier, {money.euros(typed, decimals=False)} saisis", typed, waiting)
    table = syntheses.table(session, [Axe.DESTINATION], annee)
    over = [x for x in table.lignes if x.cp_paye > x.ae_engagee]
    if over and table.engage_connu:
        cents = sum(x.cp_paye - x.ae_engagee for x in over)
        codes = tuple(x.cle[0] for x in over)
        text = f"{_destinations(len(over))} où le payé dépasse l'engagé, de {money.euros(cents, decimals=False)}"
        say(text, cents, Filtre(exercice=annee, destinations=codes))
    compared = rapprochement.rapprocher(session, annee)
    left = len(compared.lignes) - compared.rapprochees
    if compared.connue and left:
        rest = compared.a_expliquer
        told = f"{_destinations(left)} à rapprocher, {money.euros(rest, decimals=False)} d'écarts à expliquer"
        say(told, rest, page=("budget", "rapprochement"))
    if not compared.connue:
        say("Aucune situation SIBC : l'engagé n'est pas connu")
    elif compared.situation and compared.situation < f"{annee}-12-31":
        say("La dernière situation SIBC n'est pas celle du 31 décembre")
    if not session.budgets.versions(annee):
        say("Aucune version du budget n'est saisie")
    if not session.exercices.arrete_final(annee):
        say("Aucun arrêté final parmi les recettes")
    return found + alertes.liste(session, annee)


def _lines(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' * (count > 1)}"


def _destinations(count: int) -> str:
    return f"{money.nombre(count)} destination{'s' * (count > 1)}"


def dite(found: list[Bilan]) -> list[str]:
    """``exercices``: one line each."""
    made = []
    for b in found:
        e = b.exercice
        amounts = " ".join(
            f"{label} {money.euros(cents, decimals=False) if cents is not None else 'inconnu'}"
            for label, cents in (("notifié", b.notifie), ("engagé", b.engage), ("payé", b.paye))
        )
        reason = f" · {e.motif}" if e.motif else ""
        made.append(f"{e.annee}  {STATUTS[e.statut]:<7}{_lines(b.nombre):>16}  {amounts}{reason}")
    return made


def as_json(found: list[Bilan]) -> dict[str, object]:
    """``exercices --json``; what nothing says is ``null``."""
    return {
        "exercices": [
            {
                "annee": b.exercice.annee,
                "statut": b.exercice.statut,
                "motif": b.exercice.motif,
                "report_centimes": b.exercice.report,
                "nombre": b.nombre,
                "notifie_centimes": b.notifie,
                "ae_engagee_centimes": b.engage,
                "cp_paye_centimes": b.paye,
                "version": b.version or None,
            }
            for b in found
        ]
    }
