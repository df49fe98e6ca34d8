"""The commands about commitments: what is planned and left to pay along an axis, typing one mouvement."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing
from firdesk.domain import money
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import LIBELLES_AXES, Axe

_NATURES = ["notification", "engagement", "retrait", "paiement", "reprise", "echeance"]


@click.command()
@BASE
@click.option(
    "--par", "par", type=click.Choice([str(a) for a in Axe]), default=str(Axe.DESTINATION), help="Axe des lignes."
)
@EXERCICE
@JSON
@refusing
def echeancier(base: Path, par: str, exercice: int | None, as_json: bool) -> None:
    """Échéancier des CP et reste à payer, par axe."""
    from firdesk.services import echeanciers

    with open_session(base) as session:
        found = echeanciers.par(session, Axe(par), exercice or session.exercice)
    if as_json:
        dump(echeanciers.as_json(found))
        return
    titles = ["AE engagée", "CP payé", "Reste à payer", *map(str, found.annees), "À planifier"]
    click.echo(f"{LIBELLES_AXES[found.axe]} · vu de {found.exercice}")
    click.echo(" " * 48 + "".join(f"{t:>18}" for t in titles))
    lines = [(f"{x.cle} {x.libelle}", x.echeancier) for x in found.lignes]
    for name, e in [*lines, ("Total", found.total)]:
        amounts = [e.ae, e.cp, e.reste_a_payer, *(e.du(y) for y in found.annees), e.a_planifier]
        click.echo(f"{name[:48]:<48}" + "".join(f"{money.euros(a):>18}" for a in amounts))


@click.command()
@BASE
@click.argument("reference")
@click.argument("nature", type=click.Choice(_NATURES))
@click.argument("montant")
@click.option("--date", "le", default="", metavar="JOUR", help="Jour du mouvement (JJ/MM/AAAA).")
@EXERCICE
@click.option("--ej", default="", help="EJ et poste (E2024000477_01) ; sans lui, celui de l'allocation.")
@click.option("--piece", default="", help="Numéro de la pièce (demande de paiement, titre…).")
@click.option("--reference-piece", default="", help="Référence du document (avenant, décision…).")
@refusing
def mouvement(
    base: Path,
    reference: str,
    nature: str,
    montant: str,
    le: str,
    exercice: int | None,
    ej: str,
    piece: str,
    reference_piece: str,
) -> None:
    """Saisir un mouvement sur une allocation (2025-0412) : MONTANT comme « 44 976,00 »."""
    from firdesk.services import engagements, provenance
    from firdesk.services.importing.datation import lire_date

    try:
        cents = money.parse_strict(montant)
    except ValueError as error:
        raise Refus(str(error)) from error
    date = lire_date(le) if le else ""
    with open_session(base) as session:
        number = provenance.numero_de(session, reference)
        year = exercice or (int(date[:4]) if date else session.exercice)
        typed = Mouvement(Nature(nature), year, cents or 0, date, reference_piece, ej=ej, piece=piece)
        told = [p.message for p in engagements.problems(session, number, typed) if not p.blocking]
        left = engagements.ajouter(session, number, typed)
    for message in told:
        click.echo(f"Attention : {message}", err=True)
    click.echo(f"Fait : {reference}, reste à payer {money.euros(left.reste_a_payer, decimals=True)}")


@click.command()
@BASE
@EXERCICE
@refusing
def engager(base: Path, exercice: int | None) -> None:
    """Engager pour leur montant notifié les allocations qui ont un n° d'EJ et aucun engagement."""
    from firdesk.domain.allocation import Filtre
    from firdesk.services import engagements

    with open_session(base) as session:
        year = exercice or session.exercice
        done = engagements.engager(session, session.allocations.ids(Filtre(exercice=year)))
    click.echo(f"Allocations engagées : {money.nombre(done)}, exercice {year}")


COMMANDS = (echeancier, mouvement, engager)
