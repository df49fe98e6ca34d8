"""The command that lists what a workbook holds, before any of it is imported."""

from dataclasses import asdict
from pathlib import Path

import click

from firdesk.cli.console import JSON, dump, refusing


@click.command()
@click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
@JSON
@refusing
def tables(fichiers: tuple[Path, ...], as_json: bool) -> None:
    """Lister les tableaux d'un classeur : feuille, ligne d'en-tête, colonne, export reconnu."""
    from firdesk.services.importing import run
    from firdesk.services.importing.tables import tables as found_in

    found = {fichier.name: found_in(run.scan(fichier)) for fichier in fichiers}
    if as_json:
        dump({"tableaux": [{"fichier": name, **asdict(table)} for name, every in found.items() for table in every]})
        return
    for name, every in found.items():
        for table in every:
            hidden = ", feuille masquée" if table.masquee else ""
            rows = "1 ligne" if table.lignes == 1 else f"{table.lignes} lignes"
            click.echo(
                f"{name} : feuille « {table.feuille} », {table.plage}, {rows}{hidden} : "
                f"{table.profil or 'aucun export connu'} "
                f'(--feuille "{table.feuille}" --entete {table.entete} --colonne {table.colonne})'
            )
        if not every:
            click.echo(f"{name} : aucun tableau.")


COMMANDS = (tables,)
