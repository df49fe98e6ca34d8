"""The command that sets notified against engaged, destination by destination."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@EXERCICE
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire le rapprochement dans un classeur (.xlsx).")
@JSON
@refusing
def rapprochement(base: Path, exercice: int | None, sortie: Path | None, as_json: bool) -> None:
    """Notifié contre engagé par destination, l'écart expliqué."""
    from firdesk.services import rapprochement as service

    with open_session(base) as session:
        found = service.rapprocher(session, exercice or session.exercice)
        if sortie is not None:
            service.exporter(sortie, found)
    if as_json:
        dump(service.as_json(found))
        return
    for line in service.dite(found):
        click.echo(line)


COMMANDS = (rapprochement,)
