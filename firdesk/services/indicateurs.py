"""The indicators of the schemes: typed value by value, each change one operation, told with their trend."""

from collections.abc import Sequence
from dataclasses import replace

from firdesk.domain import indicateur as domaine
from firdesk.domain.dispositif import Indicateur, ValeurIndicateur
from firdesk.domain.problem import Problem, Refus, require
from firdesk.services.session import Session


def enregistrer(session: Session, indicateur: Indicateur) -> int:
    """Create or change an indicator and its values in one operation; returns its number."""
    i = replace(indicateur, libelle=indicateur.libelle.strip(), unite=indicateur.unite.strip())
    found = list(i.problems())
    same = [x for x in session.indicateurs.all(i.dispositif) if x.libelle == i.libelle and x.id != i.id]
    if same:
        found.append(Problem("libelle", f"« {i.libelle} » existe déjà pour ce dispositif : lui ajouter des valeurs."))
    if i.dispositif and i.dispositif not in session.dispositifs.codes():
        found.append(Problem("dispositif", f"Décrire d'abord le dispositif « {i.dispositif} »."))
    require(found)
    verb = "Modifier" if i.id is not None else "Créer"
    with session.operation(f"{verb} l'indicateur « {i.libelle} »"):
        return session.indicateurs.save(i)


def supprimer(session: Session, number: int) -> None:
    """Delete an indicator and its values in one operation."""
    found = _existant(session, number)
    with session.operation(f"Supprimer l'indicateur « {found.libelle} »"):
        session.indicateurs.delete(number)


def ecrire(session: Session, number: int, cellules: Sequence[tuple[int, str, str]]) -> None:
    """Write cells of the grid of an indicator, (exercice, column, text typed), in one operation.

    Raises ``Invalide`` with what cannot be read; then nothing is written.
    """
    found = _existant(session, number)
    values = {v.exercice: v for v in found.valeurs}
    problems: list[Problem] = []
    for exercice, key, text in cellules:
        before = values.get(exercice, ValeurIndicateur(exercice, exercice, None))
        try:
            values[exercice] = replace(before, **{key: _read(key, text)})  # type: ignore[arg-type]
        except ValueError as error:
            problems.append(Problem(key, f"{exercice} : {error}"))
    lost = [v for v in values.values() if v.vide and (v.source or v.annee != v.exercice)]
    if lost and not problems and all(v.exercice not in {x.exercice for x in found.valeurs} for v in lost):
        text = f"{lost[0].exercice} : donner d'abord la valeur ou la cible, puis son année et sa source."
        problems.append(Problem("valeur", text))
    after = replace(found, valeurs=tuple(values.values()))
    require([*problems, *after.problems()])
    with session.operation(f"Saisir l'indicateur « {found.libelle} »"):
        session.indicateurs.save(after)


def _read(key: str, text: str) -> int | str | None:
    if key in ("valeur", "cible"):
        return domaine.lire(text)
    if key == "source":
        return text.strip()
    if not text.strip().isdecimal():
        raise ValueError(f"« {text.strip()} » n'est pas une année : attendu quatre chiffres, par exemple 2024.")
    return int(text)


def _existant(session: Session, number: int) -> Indicateur:
    found = session.indicateurs.get(number)
    if found is None:
        raise Refus("Cet indicateur n'existe plus.")
    return found


def en_json(session: Session, exercice: int | None) -> list[dict[str, object]]:
    """``indicateurs --json``: values and targets in thousandths, with the trend in words."""
    found: list[dict[str, object]] = []
    for i in session.indicateurs.all():
        told = {t.valeur.exercice: domaine.dite(i, t) for t in domaine.tendances(i)}
        values = [v for v in i.valeurs if exercice in (None, v.exercice)]
        if values:
            found.append(
                {
                    "dispositif": i.dispositif,
                    "libelle": i.libelle,
                    "unite": i.unite,
                    "sens": i.sens,
                    "valeurs": [
                        {
                            "exercice": v.exercice,
                            "annee": v.annee,
                            "valeur_milliemes": v.valeur,
                            "cible_milliemes": v.cible,
                            "source": v.source,
                            "tendance": told.get(v.exercice, ""),
                        }
                        for v in values
                    ],
                }
            )
    return found


def en_lignes(session: Session, exercice: int | None) -> list[str]:
    """The same as text to read."""
    found = []
    for i in session.indicateurs.all():
        told = [t for t in domaine.tendances(i) if exercice in (None, t.valeur.exercice)]
        if told:
            found.append(f"{i.dispositif} · {i.libelle}")
            found += [f"    {t.valeur.exercice} : {domaine.dite(i, t)}" for t in told]
    return found
