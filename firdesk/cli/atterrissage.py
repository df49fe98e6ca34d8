"""The command that says where an exercice will land."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@click.option("--par", type=click.Choice(["theme", "destination"]), default="theme", help="Axe des lignes.")
@EXERCICE
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire l'atterrissage dans un classeur (.xlsx).")
@JSON
@refusing
def atterrissage(base: Path, par: str, exercice: int | None, sortie: Path | None, as_json: bool) -> None:
    """Atterrissage de l'exercice : bas, central et haut, par thème ou par destination."""
    from firdesk.services import atterrissage as service

    with open_session(base) as session:
        found = service.atterrir(session, exercice or session.exercice, par)
        if sortie is not None:
            service.exporter(sortie, found)
    if as_json:
        dump(service.as_json(found))
        return
    for line in service.dite(found):
        click.echo(line)


COMMANDS = (atterrissage,)
