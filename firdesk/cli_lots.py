"""The commands that look back at an import: its rejects in a copy of the file, the cell of each amount."""

from pathlib import Path
from typing import Any

import click

from firdesk.console import BASE, JSON, dump, open_session, refusing
from firdesk.domain import money


@click.command()
@BASE
@click.argument("lot", type=int)
@click.option("--sortie", type=click.Path(path_type=Path), required=True, help="La copie à écrire (.xlsx, .xlsm).")
@click.option("--original", type=click.Path(path_type=Path), help="Où est le fichier importé, s'il a été déplacé.")
@click.option("--liste", is_flag=True, help="La liste seule, sans reprendre le fichier importé.")
@refusing
def rejets(base: Path, lot: int, sortie: Path, original: Path | None, liste: bool) -> None:
    """Écrire une copie du fichier d'un import, ses cellules rejetées coloriées et commentées."""
    from firdesk.services.importing import rejets as service

    with open_session(base) as session:
        copie = service.exporter(service.de_la_base(session, lot), sortie, original=original, liste_seule=liste)
    click.echo(f"Écrit : {sortie} ({copie.cellules} cellule(s) rejetée(s))")
    for note in copie.notes:
        click.echo(note)


def write_rejects(sortie: Path, planned: Any) -> None:
    """Before anything is written, so that a file refused for its rejects gives them all the same."""
    from firdesk.services.importing import rejets as service

    copie = service.exporter(service.du_plan(planned), sortie)
    click.echo(f"Rejets : {copie.cellules} cellule(s) en couleur dans {sortie}", err=True)
    for note in copie.notes:
        click.echo(f"  {note}", err=True)


@click.command()
@BASE
@click.argument("reference")
@JSON
@refusing
def provenance(base: Path, reference: str, as_json: bool) -> None:
    """Dire de quelle cellule vient chaque montant d'une allocation (2025-0412), et ce qu'il était avant."""
    from firdesk.services import provenance as service

    with open_session(base) as session:
        found = service.de_reference(session, reference)
    if as_json:
        dump({"reference": reference, "montants": service.as_json(found)})
        return
    for o in found:
        amount = "—" if o.montant is None else money.euros(o.montant, decimals=True)
        click.echo(f"{'' if o.actuelle else '  auparavant '}{o.quoi} : {amount} — {o.phrase}")
