"""The commands that deal with operators: who they are, which may be one, making one of two."""

from pathlib import Path
from typing import Any

import click

from firdesk.cli.console import BASE, JSON, dump, open_session, refusing


@click.command()
@BASE
@click.option("--doublons", is_flag=True, help="Lister les opérateurs qui n'en font peut-être qu'un.")
@JSON
@refusing
def operateurs(base: Path, doublons: bool, as_json: bool) -> None:
    """Lister les opérateurs : identifiants, alias, nombre de lignes et totaux."""
    from firdesk.services import operateurs as service

    with open_session(base) as session:
        if doublons:
            found = service.doublons_json(session)
            lines = [f"{d['motif']} : {_named(d['premier'])} et {_named(d['second'])}" for d in found]
        else:
            found, lines = service.en_json(session), list(service.en_lignes(session))
    if as_json:
        dump({"doublons" if doublons else "operateurs": found})
    else:
        click.echo("\n".join(lines) or "Aucun.")


def _named(operateur: Any) -> str:
    return f"n° {operateur['numero']} « {operateur['nom']} »"


@click.command()
@BASE
@click.argument("garder")
@click.argument("absorber")
@refusing
def fusionner(base: Path, garder: str, absorber: str) -> None:
    """Faire un opérateur de deux, désignés par numéro, SIRET, FINESS ou nom exact ; « annuler » les sépare."""
    from firdesk.services import operateurs as service

    with open_session(base) as session:
        kept, gone = service.resoudre(session, garder), service.resoudre(session, absorber)
        service.fusionner(session, kept.id or 0, gone.id or 0)
    click.echo(f"Fait : « {gone.nom} » fusionné avec « {kept.nom} ».")


COMMANDS = (operateurs, fusionner)
