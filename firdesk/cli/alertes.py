"""The command that tells what deserves a look in an exercice."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@EXERCICE
@JSON
@refusing
def alertes(base: Path, exercice: int | None, as_json: bool) -> None:
    """Ce qui mérite un regard dans un exercice, du plus grave au moins grave."""
    from firdesk.services import alertes as service

    with open_session(base) as session:
        year = exercice or session.exercice
        found = service.liste(session, year)
    if as_json:
        dump(service.as_json(found, year))
        return
    for line in service.dite(found, year):
        click.echo(line)


COMMANDS = (alertes,)
