"""The recettes of an exercice, what they are reserved for, and its balance."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@EXERCICE
@click.option("--au", default="", metavar="JJ/MM/AAAA", help="Cumul à cette date ; l'année entière sinon.")
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire les recettes dans un classeur.")
@JSON
@refusing
def recettes(base: Path, exercice: int | None, au: str, sortie: Path | None, as_json: bool) -> None:
    """Recettes, fléchages consommés, équilibre de l'exercice."""
    from firdesk.services import budget_exporting, budget_paroles
    from firdesk.services import recettes as services
    from firdesk.services.importing.datation import lire_date

    day = lire_date(au) if au else ""
    with open_session(base) as session:
        year = exercice or session.exercice
        lines, told = budget_paroles.recettes(session, year, day), services.as_json(session, year, day)
        if sortie is not None:
            budget_exporting.export_recettes(session, sortie, year, day)
    if as_json:
        dump(told)
        return
    for line in lines:
        click.echo(line)


COMMANDS = (recettes,)
