"""The commands that deal with operators: who they are, which may be one, making one of two."""

from pathlib import Path
from typing import Any

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing


@click.command()
@BASE
@click.option("--doublons", is_flag=True, help="Lister les opérateurs qui n'en font peut-être qu'un.")
@click.option("--fiche", default=None, metavar="ID_OU_SIRET", help="La fiche d'un seul : numéro, SIRET, FINESS, nom.")
@EXERCICE
@JSON
@refusing
def operateurs(base: Path, doublons: bool, fiche: str | None, exercice: int | None, as_json: bool) -> None:
    """Lister les opérateurs : identifiants, alias, nombre de lignes et totaux ; ou la fiche d'un seul."""
    from firdesk.services import operateur_fiche
    from firdesk.services import operateurs as service

    with open_session(base) as session:
        if fiche is not None:
            number = service.resoudre(session, fiche).id or 0
            shown = operateur_fiche.fiche(session, number, exercice or session.exercice)
            if as_json:
                dump(operateur_fiche.en_json(shown))
            else:
                click.echo("\n".join(operateur_fiche.en_lignes(shown)))
            return
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
