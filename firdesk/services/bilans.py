"""The figures of the published reports as indicators and « dont » of the schemes, with where each was read.

Only what is printed as one number is taken; the rest is told, never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from firdesk.domain import indicateur as domaine
from firdesk.domain.dispositif import MILLIEME, Dispositif, Dont, Indicateur, ValeurIndicateur
from firdesk.domain.operateur import sans_accents
from firdesk.domain.problem import Refus
from firdesk.services.session import Session

ANNEES = (2020, 2025)
MONTANT = "Montant imprimé au Bilan"
#: What the amounts printed in thousands or millions are worth.
_ARRONDIS = {"M€": "arrondi au M€", "k€": "arrondi au k€"}
_ANNEE = re.compile(r"\s*\((?:fin )?(20\d\d)\)")
_PARTIES = "Partie "


@dataclass(slots=True)
class Chargement:
    """What was found in a report, and what was left out with its reason."""

    annee: int
    dispositifs: dict[str, Dispositif] = field(default_factory=dict)
    valeurs: dict[tuple[str, str], tuple[str, ValeurIndicateur]] = field(default_factory=dict)
    donts: list[Dont] = field(default_factory=list)
    ecartes: list[str] = field(default_factory=list)

    def dit(self) -> str:
        """``131 valeurs, 1 « dont », 12 lignes laissées de côté``."""
        return (
            f"{len(self.valeurs)} valeurs de {len(self.dispositifs)} dispositifs, {len(self.donts)} « dont », "
            f"{len(self.ecartes)} lignes laissées de côté"
        )


def lire(session: Session, annee: int) -> Chargement:
    """What the report of a year would bring; writes nothing."""
    if annee not in ANNEES:
        raise Refus(f"Il n'y a pas de Bilan {annee} : ceux de {' et '.join(map(str, ANNEES))} sont connus.")
    themes = {label: code for code, label in session.nomenclatures.themes().items()}
    known = {_key(name): code for code, label in session.dispositifs.codes().items() for name in (code, label)}
    read = Chargement(annee)
    parent = ""
    for row in session.nomenclatures.bilan(annee):
        name, theme = row["dispositif"], themes.get(row["theme"], "")
        if not row["partie"].startswith(_PARTIES):
            continue
        if name.startswith("("):
            read.ecartes.append(f"{name} : rien ne dit à quel dispositif le rattacher.")
        elif name.startswith("dont "):
            _dont(session, read, row, theme, parent)
        else:
            parent = known.get(_key(name), name)
            read.dispositifs.setdefault(parent, Dispositif(parent, name, theme))
            for problem in _values(read, row, parent):
                read.ecartes.append(f"{name} : {problem}")
    kept = {code for code, _ in read.valeurs} | {d.dispositif for d in read.donts}
    read.dispositifs = {code: d for code, d in read.dispositifs.items() if code in kept}
    return read


def charger(session: Session, annee: int) -> Chargement:
    """Write what the report says in one operation; ``Refus`` where all of it is there already."""
    read = lire(session, annee)
    known = session.dispositifs.codes()
    indicators = {(i.dispositif, i.libelle): i for i in session.indicateurs.all()}
    told = {(d.libelle, d.dispositif) for d in session.dispositifs.donts(annee)}
    fresh = {
        key: found
        for key, found in read.valeurs.items()
        if key not in indicators or all(v.exercice != annee for v in indicators[key].valeurs)
    }
    inside = [d for d in read.donts if (d.libelle, d.dispositif) not in told]
    if not fresh and not inside:
        raise Refus(f"Les chiffres du Bilan {annee} sont déjà dans la base : rien n'a été ajouté.")
    wanted = {code for code, _ in fresh} | {d.dispositif for d in inside}
    with session.operation(f"Charger les chiffres du Bilan {annee}"):
        for code, d in read.dispositifs.items():
            if code in wanted and code not in known:
                session.dispositifs.add(d)
        for (code, label), (unit, value) in fresh.items():
            base = indicators.get((code, label), Indicateur(code, label, unit, "neutre"))
            session.indicateurs.save(Indicateur(code, label, base.unite, base.sens, base.id, (value,)))
        for dont in inside:
            session.dispositifs.save_dont(dont)
    read.valeurs, read.donts = fresh, inside
    return read


def _values(read: Chargement, row: dict[str, str], code: str) -> Iterator[str]:
    """Keep the amount and the indicator of a line; what cannot be kept, in words."""
    if row["montant_eur"]:
        rounded = _ARRONDIS.get(row["precision"], "")
        value = ValeurIndicateur(read.annee, read.annee, int(row["montant_eur"]) * MILLIEME,
                                 source=_source(read.annee, row["note"], rounded))  # fmt: skip
        if problem := _keep(read, code, MONTANT, "€", value):
            yield problem
    label, text = row["indicateur"], row["valeur_indicateur"]
    if not label:
        return
    body, unit = (text[:-1].strip(), "%") if text.endswith("%") else (text, "")
    try:
        number = None if body.startswith(("+", "-")) else domaine.lire(body)
    except ValueError:
        number = None
    if number is None:
        yield f"{label} « {text} » n'est pas un nombre."
        return
    said = _ANNEE.search(label)
    value = ValeurIndicateur(read.annee, int(said.group(1)) if said else read.annee, number,
                             source=_source(read.annee, row["note"], ""))  # fmt: skip
    if problem := _keep(read, code, _ANNEE.sub("", label), unit, value):
        yield problem


def _keep(read: Chargement, code: str, label: str, unit: str, value: ValeurIndicateur) -> str:
    if (code, label) in read.valeurs:
        return f"{label} y figure deux fois."
    read.valeurs[code, label] = (unit, value)
    return ""


def _dont(session: Session, read: Chargement, row: dict[str, str], theme: str, parent: str) -> None:
    label = row["dispositif"].removeprefix("dont ")
    if read.annee not in session.nomenclatures.exercices():
        read.ecartes.append(f"dont {label} : l'exercice {read.annee} n'est pas dans la base.")
        return
    note = _source(read.annee, row["note"], _ARRONDIS.get(row["precision"], ""))
    read.donts.append(Dont(read.annee, label, int(row["montant_eur"]) * 100, theme, "", parent, note))


def _source(annee: int, note: str, rounded: str) -> str:
    return " ; ".join(x for x in (f"Bilan du FIR {annee}, {note}" if note else f"Bilan du FIR {annee}", rounded) if x)


def _key(name: str) -> str:
    return " ".join(sans_accents(name).split())
