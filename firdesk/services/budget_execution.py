"""The execution of the budget of an exercice: opened, notified, engaged, paid and available, and by which canal."""

from datetime import date

from firdesk.domain.allocation import CANAUX
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.budget_execution import Canal, Consomme, Etalon, Execution, LigneExecutee, executer, missions
from firdesk.domain.budget_versions import Cle, douziemes
from firdesk.domain.execution import Mesure
from firdesk.domain.jour import french_date
from firdesk.domain.synthese import Axe, Ligne
from firdesk.services import budgets
from firdesk.services.session import Session


def execution(
    session: Session, exercice: int, *, version: VersionBudget | None = None, mois: int | None = None
) -> Execution:
    """Every line of an exercice against ``version`` (the last one by default).

    Where no budget is voted, what SIBC opened, else ``mois`` twelfths of the last version of the year before.
    """
    snapshots = session.budgets.instantanes(exercice)
    etalon, opened = ouvert(session, exercice, version, mois)
    executed: dict[Cle, Consomme] = {}
    if snapshots:
        for _, x in session.budgets.lignes_execution(snapshots[0].id).values():
            if x.ej_valides or x.decaissements:
                executed[x.destination, x.enveloppe] = Consomme(0, x.ej_valides or 0, x.decaissements or 0)
    allocated = {
        (x.cle[0], x.cle[1] if len(x.cle) > 1 else ""): Consomme(
            x.notifie, *((0, 0) if snapshots else (x.ae_engagee, x.cp_paye))
        )
        for x in _alloue(session, exercice, {cle[1] for cle in executed} | {x.enveloppe for x in opened})
        if x.notifie or not snapshots
    }
    lines = executer(opened, executed, allocated)
    told = any(x.engage or x.paye for x in lines)
    source = "sibc" if snapshots else "mouvements" if told else "aucune"
    measure, canaux = _canaux(session, exercice, lines)
    return Execution(exercice, etalon, source, snapshots[0].date if snapshots else "", lines, canaux, measure)


def _alloue(session: Session, exercice: int, enveloppes: set[str]) -> tuple[Ligne, ...]:
    """What allocations say by destination; by enveloppe too where the budget has one of theirs."""
    own = {x.cle[0] for x in session.syntheses.par((Axe.ENVELOPPE,), exercice).lignes} - {""}
    axes = (Axe.DESTINATION, Axe.ENVELOPPE) if own & enveloppes else (Axe.DESTINATION,)
    return session.syntheses.par(axes, exercice, execution=False).lignes


def ouvert(
    session: Session, exercice: int, version: VersionBudget | None = None, mois: int | None = None
) -> tuple[Etalon, tuple[LigneBudget, ...]]:
    """What is opened, and by what."""
    chosen = version or session.budgets.etalon(exercice)
    if chosen is not None:
        etalon = Etalon("version", exercice, chosen.code, chosen.libelle, chosen.date)
        return etalon, session.budgets.lignes_virees(chosen.id or 0)
    snapshots = session.budgets.instantanes(exercice)
    if snapshots and (opened := budgets.lignes_sibc(session, exercice)):
        return Etalon("sibc", exercice, date=snapshots[0].date), opened
    last = session.budgets.etalon(exercice - 1)
    if last is None:
        return Etalon("aucun"), ()
    n = mois or mois_du(exercice, date.fromisoformat(session.jour()))
    etalon = Etalon("douziemes", exercice - 1, last.code, last.libelle, last.date, n)
    return etalon, douziemes(session.budgets.lignes_virees(last.id or 0), n)


def mois_du(exercice: int, jour: date) -> int:
    """The month to count twelfths up to: that of the day, December once the year is over, January before it."""
    return jour.month if jour.year == exercice else 12 if jour.year > exercice else 1


def _canaux(session: Session, exercice: int, lines: tuple[LigneExecutee, ...]) -> tuple[str, tuple[Canal, ...]]:
    """What was paid by canal where mouvements tell it, else what was notified; what no allocation tells comes last."""
    table = session.syntheses.par((Axe.CANAL,), exercice)
    measure = Mesure.PAYE if any(x.cp_paye for x in table.lignes) else Mesure.NOTIFIE
    amounts = {x.cle[0]: x.cp_paye if measure is Mesure.PAYE else x.notifie for x in table.lignes}
    found = [Canal(code, label, amounts[code]) for code, label in CANAUX.items() if amounts.get(code)]
    whole = sum(x.paye if measure is Mesure.PAYE else x.notifie for x in lines)
    if found and (rest := whole - sum(x.montant for x in found)):
        found.append(Canal("", "Non réparti", rest))
    return str(measure), tuple(found)


def etalon_dit(etalon: Etalon) -> str:
    """« BR3 du 11/12/2025 », « ouvert selon SIBC au 31/12/2025 », « provisoire, 3/12 du BR3 2025 »…"""
    match etalon.nature:
        case "version":
            return etalon.code + (f" du {french_date(etalon.date)}" if etalon.date else "")
        case "sibc":
            return f"ouvert selon SIBC au {french_date(etalon.date)}"
        case "douziemes":
            return f"provisoire, {etalon.mois}/12 du {etalon.code} {etalon.exercice}"
    return "aucun budget saisi"


def source_dite(found: Execution) -> str:
    """Where engaged and paid come from."""
    match found.source:
        case "sibc":
            return f"exécution SIBC au {french_date(found.source_date)}"
        case "mouvements":
            told = "engagé et payé" if found.engage_connu else "engagé inconnu ; payé"
            return f"{told} : mouvements des allocations"
    return "engagé et payé inconnus"


def as_json(session: Session, found: Execution) -> dict[str, object]:
    """``budget --json``: amounts in cents; engaged, paid and available are ``null`` where nothing tells them."""
    names = budgets.libelles(session, found.exercice)
    labels = session.nomenclatures.missions()
    e = found.etalon
    return {
        "exercice": found.exercice,
        "etalon": {"nature": e.nature, "exercice": e.exercice, "version": e.code, "date": e.date, "douziemes": e.mois},
        "execution": {"source": found.source, "date": found.source_date},
        "destinations": [
            {"destination": x.destination, "libelle": names.get(x.destination, ""), "mission": x.mission}
            | _amounts(found, x)
            | {
                "enveloppes": [
                    {"enveloppe": y.enveloppe} | _amounts(found, y)
                    for y in found.lignes
                    if y.destination == x.destination
                ]
            }
            for x in found.destinations
        ],
        "missions": [
            {"mission": x.mission, "libelle": labels.get(x.mission, "Sans mission")} | _amounts(found, x)
            for x, _ in missions(found.lignes)
        ],
        "total": _amounts(found, found.total),
        "canaux": {
            "mesure": found.mesure_canaux,
            "lignes": [{"canal": x.code, "libelle": x.libelle, "montant_centimes": x.montant} for x in found.canaux],
        },
    }


def _amounts(found: Execution, x: LigneExecutee) -> dict[str, object]:
    ae, cp = (rate if found.dit(name) else None for name, rate in (("taux_ae", x.taux_ae), ("taux_cp", x.taux_cp)))
    return {
        "ae_ouvertes_centimes": x.ae,
        "cp_ouverts_centimes": x.cp,
        "notifie_centimes": x.notifie,
        "ae_engagees_centimes": x.engage if found.dit("engage") else None,
        "cp_payes_centimes": x.paye if found.dit("paye") else None,
        "ae_disponibles_centimes": x.disponible_ae if found.dit("disponible_ae") else None,
        "cp_disponibles_centimes": x.disponible_cp if found.dit("disponible_cp") else None,
        "taux_ae": round(ae, 2) if ae is not None else None,
        "taux_cp": round(cp, 2) if cp is not None else None,
    }
