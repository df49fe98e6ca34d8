"""The commands that look back: imports, undoing one and what depends on it, rejects, the cell of each amount."""

from pathlib import Path
from typing import Any

import click

from firdesk.cli.console import BASE, JSON, dump, open_session, refusing
from firdesk.domain import money
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Refus


@click.command()
@BASE
@JSON
@refusing
def imports(base: Path, as_json: bool) -> None:
    """Lister les imports, même annulés, le plus récent d'abord, avec leurs choix."""
    from firdesk.services.importing import lots

    with open_session(base) as session:
        found = [(s, lots.choix(s.lot, lots.constats(session, s))) for s in lots.tous(session)]
    if as_json:
        dump({"imports": [lots.as_json(suivi, choix) for suivi, choix in found]})
        return
    for suivi, _ in found:
        x = suivi.lot
        state = "" if suivi.en_vigueur else f" (annulé le {french_date(suivi.annule_le)})"
        number = f"lot {x.id}" if suivi.en_vigueur else "annulé"
        click.echo(
            f"{number:<8} opération {suivi.operation or '?':<5} {french_date(x.importe_le)} {x.fichier} ({x.profil}) : "
            f"{x.nouvelles} nouvelles, {x.modifiees} modifiées, {x.inchangees} inchangées, {x.disparues} disparues, "
            f"{x.rejetees} rejetées, importé {money.euros(x.total_importe, decimals=True)}{state}"
        )


@click.command()
@BASE
@click.argument("operation", type=int, required=False)
@click.option("--suivantes", is_flag=True, help="Annuler aussi les opérations plus récentes qui l'empêchent.")
@refusing
def annuler(base: Path, operation: int | None, suivantes: bool) -> None:
    """Annuler la dernière opération, ou celle dont le numéro est donné (un import, même des semaines après)."""
    from firdesk.services.importing import lots

    with open_session(base) as session:
        if operation is None:
            click.echo(f"Fait : {session.undo().libelle}")
            return
        label = session.operations.get(operation).libelle
        try:
            done = lots.annuler(session, operation, lots.obstacles(session, operation) if suivantes else ())
        except Refus as refusal:
            found = lots.obstacles(session, operation)
            lines = [f"  n° {o.operation.id}, {o.operation.libelle} : {', '.join(o.references)}" for o in found]
            more = ["Ajouter --suivantes pour les annuler aussi."] if found and not suivantes else []
            raise Refus("\n".join([refusal.message, *lines, *more])) from refusal
    others = f" et {len(done) - 1} opération(s) plus récente(s)" if len(done) > 1 else ""
    click.echo(f"Fait : Annuler : {label}{others}")


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


COMMANDS = (imports, annuler, rejets, provenance)
