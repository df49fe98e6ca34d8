"""SIBC snapshots once imported: list them, compare two of an exercice line by line, date or delete one.

Compared, never added; every change is one operation.
"""

from collections.abc import Iterable, Sequence

from firdesk.domain import money
from firdesk.domain.budget import MESURES_EXECUTION, Comparaison, Instantane, LigneComparee, Montants
from firdesk.domain.execution import LigneExecution
from firdesk.domain.jour import french_date
from firdesk.domain.nomenclature import mission_de, rang
from firdesk.domain.problem import Refus
from firdesk.services.importing.datation import lire_date
from firdesk.services.session import Session

_PLACES = range(len(MESURES_EXECUTION))


def liste(session: Session, exercice: int | None = None) -> list[Instantane]:
    """The snapshots, latest exercice and date first."""
    years = session.budgets.exercices_executes() if exercice is None else [exercice]
    return [x for annee in years for x in session.budgets.instantanes(annee)]


def comparer(session: Session, exercice: int, date_a: str, date_b: str) -> Comparaison:
    """What changed from one date to another (ISO or ``JJ/MM/AAAA``); ``Refus`` where there is no such snapshot."""
    first, second = (_trouver(session, exercice, lire_date(text)) for text in (date_a, date_b))
    if first.id == second.id:
        raise Refus("Choisir deux dates différentes : une situation ne se compare pas à elle-même.")
    before, after = (session.budgets.lignes_execution(x.id) for x in (first, second))
    keys = sorted(before.keys() | after.keys(), key=lambda k: (rang(k[0]), k))
    lines = []
    for key in keys:
        a, b = (side[key][1] if key in side else None for side in (before, after))
        named = b or a
        libelle = named.libelle if named else ""
        lines.append(LigneComparee(*key, libelle, mission_de(key[0]) or "", _amounts(a), _amounts(b)))
    return Comparaison(first, second, tuple(lines), tuple(_missions(session, lines)))


def _trouver(session: Session, exercice: int, jour: str) -> Instantane:
    known = session.budgets.instantanes(exercice)
    for x in known:
        if x.date == jour:
            return x
    told = f"il y en a au {', '.join(french_date(x.date) for x in known)}" if known else "il n'y en a aucune"
    raise Refus(f"Aucune situation SIBC de {exercice} au {french_date(jour)} : {told}.")


def _amounts(x: LigneExecution | None) -> Montants | None:
    return (x.ae_ouvertes, x.cp_ouverts, x.ej_valides, x.decaissements) if x is not None else None


def _missions(session: Session, lines: Sequence[LigneComparee]) -> Iterable[LigneComparee]:
    """The sums of the lines of each mission."""
    labels = session.nomenclatures.missions() | {"": "Sans mission"}
    for code in [k for k in labels if any(x.mission == k for x in lines)]:
        mine = [x for x in lines if x.mission == code]
        before, after = (_sum(mine, apres=side) for side in (False, True))
        yield LigneComparee(code, "", labels[code], code, before, after)


def _sum(lines: Sequence[LigneComparee], *, apres: bool) -> Montants | None:
    """Nothing on a side where no line is."""
    if all((x.apres if apres else x.avant) is None for x in lines):
        return None
    a, b, c, d = (sum(x.montant(i, apres=apres) for x in lines) for i in _PLACES)
    return a, b, c, d


def provenance(session: Session, instantane: int, destination: str, enveloppe: str) -> str:
    """Where the amounts of a line come from, in one sentence; empty where the snapshot has no such line."""
    found = session.budgets.lignes_execution(instantane).get((destination, enveloppe))
    if found is None:
        return ""
    line = found[1]
    lot = session.imports.lot(line.lot) if line.lot is not None else None
    if lot is None:
        return "Import non conservé."
    sheet = f"feuille « {lot.feuille} », " if lot.feuille and not lot.fichier.startswith(lot.feuille) else ""
    several = ", " in line.cellule
    cells = f"EJ validés {'additionnés de' if several else 'lus en'} {line.cellule}"
    rows = "les mêmes lignes" if several else "la même ligne"
    return f"{lot.fichier}, {sheet}{cells} (autres montants sur {rows}), importé le {french_date(lot.importe_le)}"


def redater(session: Session, instantane: int, date: str) -> Instantane:
    """Give a snapshot another date, in one operation."""
    before, jour = _un(session, instantane), lire_date(date)
    if any(x.date == jour and x.id != instantane for x in session.budgets.instantanes(before.exercice)):
        taken = f"Une situation SIBC de {before.exercice} est déjà au {french_date(jour)}"
        raise Refus(f"{taken} : choisir une autre date.")
    if jour != before.date:
        with session.operation(f"Redater la situation SIBC {_nom(before)} au {french_date(jour)}"):
            session.budgets.redater(instantane, jour)
    return _un(session, instantane)


def supprimer(session: Session, instantane: int) -> None:
    """Delete a snapshot and its lines, in one operation."""
    with session.operation(f"Supprimer la situation SIBC {_nom(_un(session, instantane))}"):
        session.budgets.delete_instantane(instantane)


def _un(session: Session, number: int) -> Instantane:
    for x in liste(session):
        if x.id == number:
            return x
    raise Refus("Cette situation SIBC n'existe plus.")


def _nom(x: Instantane) -> str:
    return f"{x.exercice} du {french_date(x.date)}"


def liste_dite(session: Session, exercice: int | None) -> tuple[list[str], dict[str, object]]:
    """``situations``: one sentence a snapshot, and the object of ``--json``."""
    found = liste(session, exercice)
    told = [
        f"{x.exercice}  {french_date(x.date)}  EJ {money.euros(x.ej_valides)}  CP {money.euros(x.decaissements)}  "
        + x.fichier
        for x in found
    ]
    return told, {"situations": [instantane_json(x) for x in found]}


def comparaison_dite(found: Comparaison) -> list[str]:
    """``situations --comparer``: each measure before, after, and the gap."""
    told = []
    for i, (_, label) in enumerate(MESURES_EXECUTION):
        amounts = (found.total(i, apres=False), found.total(i, apres=True), found.ecart(i))
        told.append(f"{label:<14}" + "".join(f"{money.euros(cents):>22}" for cents in amounts))
    return told


def instantane_json(x: Instantane) -> dict[str, object]:
    """One snapshot of ``situations --json``."""
    amounts = {f"{name}_centimes": getattr(x, name) for name, _ in MESURES_EXECUTION}
    return {"exercice": x.exercice, "date": x.date, "fichier": x.fichier, "lignes": x.lignes} | amounts


def comparaison_json(found: Comparaison) -> dict[str, object]:
    """``situations --comparer --json``: each amount before, after, and the gap; ``null`` where there is none."""
    total: dict[str, object] = {}
    for i, (name, _) in enumerate(MESURES_EXECUTION):
        before, after = found.total(i, apres=False), found.total(i, apres=True)
        total |= _three(name, before, after, after - before)
    return {
        "exercice": found.exercice,
        "avant": instantane_json(found.avant),
        "apres": instantane_json(found.apres),
        "lignes": [_line_json(x) for x in found.lignes],
        "missions": [_line_json(x) for x in found.missions],
        "total": total,
    }


def _line_json(x: LigneComparee) -> dict[str, object]:
    made: dict[str, object] = {name: getattr(x, name) for name in ("destination", "enveloppe", "libelle", "mission")}
    made["statut"] = x.statut
    for i, (name, _) in enumerate(MESURES_EXECUTION):
        before, after = (side[i] if side is not None else None for side in (x.avant, x.apres))
        made |= _three(name, before, after, x.ecart(i))
    return made


def _three(name: str, before: int | None, after: int | None, gap: int) -> dict[str, object]:
    return {
        f"{name}_avant_centimes": before,
        f"{name}_apres_centimes": after,
        f"{name}_ecart_centimes": gap,
    }
