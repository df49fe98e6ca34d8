"""The command that tells the départements, by seat or by place of action."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing
from firdesk.domain.execution import Mesure
from firdesk.domain.territoire import Par


@click.command()
@BASE
@EXERCICE
@click.option("--par", type=click.Choice([str(p) for p in Par]), default="siege", help="Siège ou lieu d'action.")
@click.option("--mesure", type=click.Choice(["notifie", "engage", "paye"]), default="notifie", help="Montant compté.")
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire aussi la table dans un classeur.")
@JSON
@refusing
def territoire(base: Path, exercice: int | None, par: str, mesure: str, sortie: Path | None, as_json: bool) -> None:
    """Montants par département, selon le siège de l'opérateur ou le lieu d'action."""
    from firdesk.services import exporting, territoires

    with open_session(base) as session:
        found = territoires.table(session, Par(par), exercice or session.exercice)
    if sortie is not None:
        exporting.export_territoire(sortie, found, Par(par))
    if as_json:
        dump(territoires.en_json(found, Par(par), Mesure(mesure)))
        return
    for line in territoires.en_lignes(found, Par(par), Mesure(mesure)):
        click.echo(line)


COMMANDS = (territoire,)
