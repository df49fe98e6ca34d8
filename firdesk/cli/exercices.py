"""The commands that deal with exercices: opened, closed, reopened, two compared at constant scope."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, JSON, dump, open_session, refusing

ANNEE = click.argument("annee", type=int)


@click.command()
@BASE
@JSON
@refusing
def exercices(base: Path, as_json: bool) -> None:
    """Lister les exercices : ouverts ou clos, leurs montants."""
    from firdesk.services import exercices as service

    with open_session(base) as session:
        found = service.liste(session)
    if as_json:
        dump(service.as_json(found))
        return
    for line in service.dite(found):
        click.echo(line)


@click.command("exercice-ouvrir")
@BASE
@ANNEE
@refusing
def ouvrir(base: Path, annee: int) -> None:
    """Ouvrir un exercice avec la nomenclature de son année."""
    from firdesk.services import exercices as service

    with open_session(base) as session:
        service.ouvrir(session, annee)
    click.echo(f"Fait : exercice {annee} ouvert.")


@click.command("exercice-clore")
@BASE
@ANNEE
@refusing
def clore(base: Path, annee: int) -> None:
    """Clore un exercice : il devient en lecture seule ; ce qui reste en suspens est dit."""
    from firdesk.services import exercices as service

    with open_session(base) as session:
        pending = service.en_suspens(session, annee)
        service.clore(session, annee)
    for attention in pending:
        click.echo(f"À savoir : {attention.texte}.")
    click.echo(f"Fait : exercice {annee} clos. « exercice-rouvrir » ou « annuler » le rouvrent.")


@click.command("exercice-rouvrir")
@BASE
@ANNEE
@click.option("--motif", required=True, help="Pourquoi l'exercice est rouvert ; gardé dans l'historique.")
@refusing
def rouvrir(base: Path, annee: int, motif: str) -> None:
    """Rouvrir un exercice clos, en disant pourquoi."""
    from firdesk.services import exercices as service

    with open_session(base) as session:
        service.rouvrir(session, annee, motif)
    click.echo(f"Fait : exercice {annee} rouvert.")


@click.command()
@BASE
@click.argument("avant", type=int)
@click.argument("apres", type=int)
@click.option("--par", type=click.Choice(["theme", "destination"]), default="theme", help="Axe de comparaison.")
@click.option("--mesure", type=click.Choice(["notifie", "engage", "paye"]), default="notifie", help="Montant comparé.")
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire la comparaison dans un classeur (.xlsx).")
@JSON
@refusing
def comparer(base: Path, avant: int, apres: int, par: str, mesure: str, sortie: Path | None, as_json: bool) -> None:
    """Comparer deux exercices à périmètre constant et à périmètre courant."""
    from firdesk.services import perimetre

    with open_session(base) as session:
        found = perimetre.comparer_exercices(session, avant, apres, par, mesure)
        if sortie is not None:
            perimetre.exporter(sortie, found)
    if as_json:
        dump(perimetre.as_json(found))
        return
    for line in perimetre.dite(found):
        click.echo(line)


COMMANDS = (exercices, ouvrir, clore, rouvrir, comparer)
