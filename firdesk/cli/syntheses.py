"""Figures out: tables along axes, dated SIBC snapshots, workbooks, reports."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing
from firdesk.domain import money
from firdesk.domain.synthese import LIBELLES_AXES, LIBELLES_VALEURS, Axe, Valeur

_AXES = [str(a) for a in Axe]


@click.command()
@BASE
@click.option("--par", "par", type=click.Choice(_AXES), required=True, help="Premier axe.")
@click.option("--et", "et", type=click.Choice(_AXES), default=None, help="Second axe.")
@click.option(
    "--mesure",
    type=click.Choice([str(v) for v in Valeur]),
    default=str(Valeur.NOTIFIE),
    help="Le montant imprimé, et celui dont « part » est la part.",
)
@EXERCICE
@JSON
@refusing
def synthese(base: Path, par: str, et: str | None, mesure: str, exercice: int | None, as_json: bool) -> None:
    """Totaux par axe."""
    from firdesk.services import syntheses

    if et == par:
        raise click.UsageError("--par et --et doivent être deux axes différents.")
    with open_session(base) as session:
        found = syntheses.table(session, [Axe(par), *([Axe(et)] if et else [])], exercice, origine=True)
    if as_json:
        dump(syntheses.as_json(found, Valeur(mesure)))
        return
    year = f" · exercice {exercice}" if exercice else ""
    click.echo(" / ".join(LIBELLES_AXES[a] for a in found.axes) + f"{year} · {LIBELLES_VALEURS[Valeur(mesure)]}")
    for x in [*found.lignes, found.total]:
        name = " / ".join(x.libelle)
        click.echo(f"{name[:70]:<70} {money.nombre(x.nombre):>7} {money.euros(x.valeur(Valeur(mesure))):>20}")


@click.command()
@BASE
@EXERCICE
@click.option("--comparer", nargs=2, default=None, metavar="DATE DATE", help="Deux dates (JJ/MM/AAAA) à comparer.")
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire la comparaison dans un classeur.")
@JSON
@refusing
def situations(
    base: Path, exercice: int | None, comparer: tuple[str, str] | None, sortie: Path | None, as_json: bool
) -> None:
    """Lister les situations SIBC, ou en comparer deux."""
    from firdesk.services import exporting, instantanes

    if sortie is not None and comparer is None:
        raise click.UsageError("--sortie s'emploie avec --comparer.")
    with open_session(base) as session:
        if comparer is None:
            lines, told = instantanes.liste_dite(session, exercice)
        else:
            compared = instantanes.comparer(session, exercice or session.exercice, *comparer)
            lines, told = instantanes.comparaison_dite(compared), instantanes.comparaison_json(compared)
            if sortie is not None:
                exporting.export_situations(sortie, compared)
    if as_json:
        dump(told)
        return
    for line in lines:
        click.echo(line)


@click.command()
@BASE
@click.argument("sortie", type=click.Path(path_type=Path))
@click.option("--par", type=click.Choice(_AXES), default=None, help="Une table par axe plutôt que les lignes.")
@EXERCICE
@refusing
def exporter(base: Path, sortie: Path, par: str | None, exercice: int | None) -> None:
    """Écrire un classeur Excel (.xlsx) ou un fichier CSV."""
    from firdesk.services import exporting

    with open_session(base) as session:
        exporting.export(session, sortie, axes=[Axe(par)] if par else [], exercice=exercice)
    click.echo(f"Écrit : {sortie}")


@click.command()
@BASE
@click.argument("nom")
@click.option("--sortie", type=click.Path(path_type=Path), required=True, help="Le fichier PDF à écrire.")
@EXERCICE
@refusing
def rapport(base: Path, nom: str, sortie: Path, exercice: int | None) -> None:
    """Écrire un rapport PDF (themes, missions, departements, departements-lieu, destinations)."""
    from firdesk.services import reports

    with open_session(base) as session:
        reports.write(session, nom, exercice or session.exercice, sortie)
    click.echo(f"Écrit : {sortie}")


COMMANDS = (synthese, situations, exporter, rapport)
