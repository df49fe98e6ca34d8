"""The commands that deal with schemes: their ceilings and amounts, their indicators."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@EXERCICE
@JSON
@refusing
def dispositifs(base: Path, exercice: int | None, as_json: bool) -> None:
    """Lister les dispositifs : montants, plafonds, disponible, « dont », alertes."""
    from firdesk.services import dispositifs as service

    with open_session(base) as session:
        year = exercice or session.exercice
        found, lines = service.en_json(session, year), service.en_lignes(session, year)
    if as_json:
        dump(found)
        return
    click.echo("\n".join(lines) or f"Aucun dispositif en {year}.")


@click.command()
@BASE
@EXERCICE
@click.option("--charger-bilan", "bilan", type=int, default=None, help="Charger d'abord le Bilan publié de l'année.")
@JSON
@refusing
def indicateurs(base: Path, exercice: int | None, bilan: int | None, as_json: bool) -> None:
    """Lister les indicateurs des dispositifs : valeurs, cibles, tendances."""
    from firdesk.services import bilans
    from firdesk.services import indicateurs as service

    with open_session(base) as session:
        if bilan is not None:
            read = bilans.charger(session, bilan)
            click.echo(f"Bilan {bilan} chargé : {read.dit()}.", err=True)
            for line in read.ecartes:
                click.echo(f"  laissé de côté : {line}", err=True)
        found, lines = service.en_json(session, exercice), service.en_lignes(session, exercice)
    if as_json:
        dump({"exercice": exercice, "indicateurs": found})
        return
    click.echo("\n".join(lines) or "Aucun indicateur.")


COMMANDS = (dispositifs, indicateurs)
