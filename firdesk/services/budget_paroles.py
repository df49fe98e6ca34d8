"""The budget in lines of text for the console, and versions compared as one object."""

from collections.abc import Iterator

from firdesk.domain import money
from firdesk.domain.budget_execution import Execution, LigneExecutee, missions
from firdesk.domain.budget_versions import ComparaisonVersions, EcartVersion
from firdesk.domain.jour import french_date
from firdesk.domain.recette import SOURCES
from firdesk.services import budget_execution, budgets
from firdesk.services import recettes as services
from firdesk.services.session import Session

_UNKNOWN = "—"


def execution(session: Session, found: Execution) -> list[str]:
    """``budget``: one line a destination, the sums of missions, the total, the canaux."""
    labels, names = session.nomenclatures.missions(), budgets.libelles(session, found.exercice)
    sources = (budget_execution.etalon_dit(found.etalon), budget_execution.source_dite(found))
    told = [
        f"Budget {found.exercice} · {' · '.join(sources)}",
        _columns("", "AE ouvertes", "engagées", "disponibles", "", "CP ouverts", "payés", "disponibles", ""),
    ]
    by_destination = {x.destination: x for x in found.destinations}
    for mission, lines in missions(found.lignes):
        for code in dict.fromkeys(x.destination for x in lines):
            told.append(_line(found, f"{code} {names.get(code, '')}", by_destination[code]))
        name = f"Mission {mission.mission}" if mission.mission else "Sans mission"
        told.append(_line(found, f"{name} {labels.get(mission.mission, '')}", mission))
    told.append(_line(found, "Total", found.total))
    told.append(f"Notifié : {money.euros(found.total.notifie)}")
    what = "CP payés" if found.mesure_canaux == "paye" else "Notifié"
    told += [f"{what}, {x.libelle.lower()} : {money.euros(x.montant)}" for x in found.canaux]
    return told


def _line(found: Execution, name: str, x: LigneExecutee) -> str:
    told = []
    for names, rate in ((("ae", "engage", "disponible_ae"), x.taux_ae), (("cp", "paye", "disponible_cp"), x.taux_cp)):
        told += [money.euros(getattr(x, n)) if found.dit(n) else _UNKNOWN for n in names]
        known = found.dit(names[-1])
        told.append("" if not known else money.pourcent(rate) if rate is not None else _UNKNOWN)
    return _columns(name, *told)


def _columns(name: str, *texts: str) -> str:
    widths = (20, 20, 18, 10, 20, 20, 18, 10)
    return f"{name.strip()[:44]:<44}" + "".join(f"{t:>{w}}" for t, w in zip(texts, widths, strict=True))


def comparaison(found: ComparaisonVersions) -> list[str]:
    """``budget --comparer``: the lines that differ, then missions and total."""
    a, b = found.avant.code, found.apres.code
    told = [_columns_of("", f"AE {a}", f"AE {b}", "écart", f"CP {a}", f"CP {b}", "écart")]
    for x in found.lignes:
        if x.change:
            told.append(_sides(f"{x.destination} {x.enveloppe}", x))
    for x in found.missions:
        told.append(_sides(f"Mission {x.mission}" if x.mission else "Sans mission", x))
    return [*told, _sides("Total", found.total)]


def _sides(name: str, x: EcartVersion) -> str:
    texts = []
    for place in (0, 1):
        texts += [money.euros(side[place]) if side is not None else _UNKNOWN for side in (x.avant, x.apres)]
        texts.append(money.euros(x.ecart(place)))
    return _columns_of(name, *texts)


def _columns_of(name: str, *texts: str) -> str:
    return f"{name.strip()[:32]:<32}" + "".join(f"{t:>20}" for t in texts)


def comparaison_json(session: Session, found: ComparaisonVersions) -> dict[str, object]:
    """``budget --comparer --json``: ``null`` on the side where a line is not."""
    names, labels = budgets.libelles(session, found.apres.exercice), session.nomenclatures.missions()
    return {
        "exercice": found.apres.exercice,
        "avant": found.avant.code,
        "apres": found.apres.code,
        "lignes": [
            {"destination": x.destination, "enveloppe": x.enveloppe, "libelle": names.get(x.destination, "")}
            | _sides_json(x)
            for x in found.lignes
        ],
        "missions": [
            {"mission": x.mission, "libelle": labels.get(x.mission, "Sans mission")} | _sides_json(x)
            for x in found.missions
        ],
        "total": _sides_json(found.total),
    }


def _sides_json(x: EcartVersion) -> dict[str, object]:
    made: dict[str, object] = {}
    for place, name in enumerate(("ae", "cp")):
        for when, side in (("avant", x.avant), ("apres", x.apres)):
            made[f"{name}_{when}_centimes"] = side[place] if side is not None else None
        made[f"{name}_ecart_centimes"] = x.ecart(place)
    return made


def recettes(session: Session, exercice: int, au: str) -> list[str]:
    """``recettes``: the lines, what they are reserved for, the balance."""
    return list(_recettes(session, exercice, au))


def _recettes(session: Session, exercice: int, au: str) -> Iterator[str]:
    added = services.cumul(session, exercice, au)
    yield f"Recettes {exercice}" + (f" au {french_date(au)}" if au else "")
    for r in services.liste(session, exercice, au):
        day = french_date(r.date) if r.date else "sans date"
        yield f"  {services.nom(r)[:44]:<44} {day:>10}  {SOURCES[r.source]:<20} {money.euros(r.montant):>20}"
    yield f"  {'Total':<44} {'':>10}  {'':<20} {money.euros(added.total):>20}"
    yield f"  dont déléguées {money.euros(added.deleguees)}, ressources propres {money.euros(added.propres)}"
    if added.sans_date:
        yield f"  {added.sans_date} recette(s) sans date, hors de ce cumul"
    for x in services.suivi(session, exercice, au):
        amounts = f"fléché {money.euros(x.fleche)}, {x.mesure} {money.euros(x.consomme)}, reste {money.euros(x.reste)}"
        yield f"  {x.theme or x.destination} {x.libelle} : {amounts}"
    balance, source = services.equilibre(session, exercice, au)
    yield f"Équilibre ({source})"
    for label, cents in (
        ("Recettes", balance.recettes),
        ("Report de trésorerie", balance.report),
        ("CP décaissés", balance.decaisse),
        ("Recettes + report − CP décaissés", balance.tresorerie),
        ("AE engagées", balance.engage),
        ("AE engagées − recettes", balance.engage_sans_recette),
    ):
        yield f"  {label:<34} {money.euros(cents) if cents is not None else _UNKNOWN:>20}"
