"""The command that lists the acts: what they foresee, what was committed and paid, what is due."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@EXERCICE
@JSON
@refusing
def conventions(base: Path, exercice: int | None, as_json: bool) -> None:
    """Lister les conventions : état, AE, payé, reste à payer, échéancier."""
    from firdesk.services import conventions as service

    with open_session(base) as session:
        year = exercice or session.exercice
        found = service.suivis(session, year)
    if as_json:
        dump(service.en_json(found, year))
        return
    for line in service.en_lignes(found):
        click.echo(line)


COMMANDS = (conventions,)
