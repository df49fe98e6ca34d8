"""Alerts on credits: over what was opened at any grain, CP without AE, what may not be carried over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from firdesk.domain import controle, money
from firdesk.domain.allocation import Filtre
from firdesk.domain.budget import LigneBudget
from firdesk.domain.budget_execution import Consomme, Etalon, LigneExecutee, executer, missions, somme
from firdesk.domain.budget_versions import Cle
from firdesk.domain.controle import Alerte, Depassement, Poste
from firdesk.domain.synthese import Axe
from firdesk.services import budget_execution, budgets
from firdesk.services.session import Session

_VERBES = {"AE": "engagé", "CP": "payé"}
#: Part of the AE authorised that may be carried over, in ten-thousandths: key, value, source.
REPORT_AE = ("report_ae", controle.REPORT_AE, "arrêté du 22 juin 2018")
#: The snapshot from which the year is far enough to judge what was not used: its month.
_TARD = "-11"


@dataclass
class _Examen:
    """The execution that is judged; labels are read once an alert asks for them."""

    session: Session
    exercice: int
    etalon: Etalon
    lignes: tuple[LigneExecutee, ...]

    @cached_property
    def destinations(self) -> dict[str, list[LigneExecutee]]:
        """The lines of each destination."""
        found: dict[str, list[LigneExecutee]] = {}
        for x in self.lignes:
            found.setdefault(x.destination, []).append(x)
        return found

    @cached_property
    def sommes(self) -> dict[str, Poste]:
        """Each destination, its lines added up."""
        return {code: _poste(x[0] if len(x) == 1 else somme(x, code), code) for code, x in self.destinations.items()}

    @cached_property
    def nombres(self) -> dict[str, int]:
        """How many lines each destination has."""
        return {code: count for code, (_, count) in self.session.rapprochements.notifies(self.exercice).items()}

    @cached_property
    def libelles(self) -> dict[str, str]:
        return budgets.libelles(self.session, self.exercice)

    @property
    def source(self) -> str:
        return budget_execution.etalon_dit(self.etalon)

    def suite(self, code: str) -> str:
        """« (Gériatrie) », what a sentence about a destination ends with."""
        label = self.libelles.get(code, "")
        return f" ({label})" if label else ""

    def depassements(self, poste: Poste) -> list[Depassement]:
        """AE and CP over what is opened; SIBC leaves blank what it does not open, which is no overrun."""
        found = controle.depassements([poste])
        if found and self.etalon.nature == "sibc":
            return [d for d in found if (poste.ae_ouvertes if d.credits == "AE" else poste.cp_ouverts)]
        return found


def alertes(session: Session, exercice: int, jour: str) -> list[Alerte]:
    """What the credits of an exercice call for, seen from a day (ISO)."""
    month = budget_execution.mois_du(exercice, date.fromisoformat(jour))
    etalon, opened = budget_execution.ouvert(session, exercice, mois=month)
    if etalon.nature == "aucun":
        return []
    snapshots = session.budgets.instantanes(exercice)
    lines = _lignes(session, exercice, opened, snapshots[0].id if snapshots else None)
    examined = _Examen(session, exercice, etalon, lines)
    found = [*_depassements(examined), *_sans_ae(examined)]
    late = int(jour[:4]) > exercice or (snapshots and snapshots[0].date[4:7] >= _TARD)
    if late and etalon.nature != "douziemes":
        found += _non_reportables(session, somme(lines))
    return found


def _lignes(
    session: Session, exercice: int, opened: tuple[LigneBudget, ...], snapshot: int | None
) -> tuple[LigneExecutee, ...]:
    """What was opened, engaged and paid by destination × enveloppe.

    Without a snapshot the enveloppes of mouvements are read only where the budget has several.
    """
    if snapshot is not None:
        executed: dict[Cle, Consomme] = {}
        for cle, (_, sibc) in session.budgets.lignes_execution(snapshot).items():
            executed[cle] = Consomme(0, sibc.ej_valides or 0, sibc.decaissements or 0)
        return executer(opened, executed, {})
    places = [x.destination for x in opened]
    allocated: dict[Cle, Consomme] = {}
    for x in session.syntheses.par((Axe.DESTINATION,), exercice).lignes:
        code = x.cle[0]
        if places.count(code) > 1:
            for enveloppe, engaged, paid in session.alertes.par_enveloppe(exercice, code):
                allocated[code, enveloppe] = Consomme(0, engaged, paid)
        elif x.ae_engagee or x.cp_paye:
            allocated[code, ""] = Consomme(0, x.ae_engagee, x.cp_paye)
    return executer(opened, {}, allocated)


def _depassements(e: _Examen) -> Iterator[Alerte]:
    """Over what was opened: the whole, each mission, each destination, each of its enveloppes where it has several."""
    execution: tuple[str, object] = ("budget", "execution")
    for d in e.depassements(_poste(somme(e.lignes), "")):
        yield _depasse(e, f"Exercice {e.exercice}", d, Filtre(exercice=e.exercice), execution)
    for mission, _ in missions(e.lignes):
        code = mission.mission
        for d in e.depassements(_poste(mission, code)):
            named = f"Mission {code} ({e.session.nomenclatures.missions().get(code, '')})" if code else "Sans mission"
            yield _depasse(e, named, d, Filtre(exercice=e.exercice, missions=(code,)), execution)
    for code, poste in e.sommes.items():
        page: tuple[str, object] = ("budget", ("rapprochement", code))
        kept = Filtre(exercice=e.exercice, destinations=(code,))
        for d in e.depassements(poste):
            yield _depasse(e, code, d, kept, page)
        own = e.destinations[code]
        for x in own if len(own) > 1 else ():
            for d in e.depassements(_poste(x, code)) if x.enveloppe else ():
                yield _depasse(e, f"{code} × {x.enveloppe}", d, replace(kept, enveloppes=(x.enveloppe,)), page)


def _depasse(e: _Examen, nom: str, d: Depassement, filtre: Filtre, page: tuple[str, object]) -> Alerte:
    over = money.euros(d.montant, decimals=False)
    gravity = "alerte" if filtre.destinations else "grave"  # credits move between the destinations of a mission
    label = e.suite(d.poste.cle) if filtre.destinations else ""
    text = f"{nom} : {_VERBES[d.credits]} {over} au-dessus de l'ouvert en {d.credits}{label}"
    found = Alerte("credits_depasses", gravity, text, d.montant, filtre, source=e.source)
    return _derriere(e, found, d.poste.cle, page)


def _sans_ae(e: _Examen) -> Iterator[Alerte]:
    """Destinations with CP and no AE at all, where any AE is known."""
    postes = list(e.sommes.values())
    if not any(p.ae_ouvertes or p.ae_engagees for p in postes):
        return
    for p in controle.cp_sans_ae(postes):
        what = "payés" if p.cp_payes else "ouverts"
        cents = p.cp_payes or p.cp_ouverts
        text = f"{p.cle} : {money.euros(cents, decimals=False)} de CP {what} sans aucune AE{e.suite(p.cle)}"
        kept = Filtre(exercice=e.exercice, destinations=(p.cle,))
        found = Alerte("cp_sans_ae", "grave" if p.cp_payes else "alerte", text, cents, kept, source=e.source)
        yield _derriere(e, found, p.cle, ("budget", ("rapprochement", p.cle)))


def _non_reportables(session: Session, total: LigneExecutee) -> Iterator[Alerte]:
    part, source = session.operateur_fiches.parametre(*REPORT_AE)
    lost = controle.ae_non_reportables(total.ae, total.engage, part) if total.engage else 0
    if lost:
        told = money.pourcent(part / 100, decimals=0 if part % 100 == 0 else 2)
        left = money.euros(lost, decimals=False)
        text = f"{left} d'AE non engagées au-delà des {told} qui peuvent être reportés"
        yield Alerte("ae_non_reportables", "alerte", text, lost, page=("budget", "execution"), source=source)


def _poste(x: LigneExecutee, cle: str) -> Poste:
    return Poste(cle, "", x.ae, x.engage, x.cp, x.paye)


def _derriere(e: _Examen, alerte: Alerte, destination: str, page: tuple[str, object]) -> Alerte:
    """The alert with its lines; those of a whole destination are counted once for all alerts."""
    if alerte.filtre == Filtre(exercice=e.exercice, destinations=(destination,)):
        return _ou(alerte, e.nombres.get(destination, 0), page)
    return derriere(e.session, alerte, page)


def derriere(session: Session, alerte: Alerte, page: tuple[str, object]) -> Alerte:
    """The alert with how many lines its filter keeps; where none is known, with the page that says more."""
    kept = alerte.filtre or Filtre()
    if kept.enveloppes and kept.destinations and kept.exercice is not None:
        count = session.alertes.lignes(kept.exercice, kept.destinations[0], kept.enveloppes[0])
    else:
        count = session.allocations.somme(kept).nombre
    return _ou(alerte, count, page)


def _ou(alerte: Alerte, count: int, page: tuple[str, object]) -> Alerte:
    return replace(alerte, lignes=count) if count else replace(alerte, filtre=None, page=page)
