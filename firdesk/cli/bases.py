"""Commands about a base as a whole: create, open, verify, history, pictures."""

import sys
from datetime import date
from pathlib import Path

import click

from firdesk.cli.console import BASE, JSON, dump, open_session, refusing


@click.command(hidden=True)
@click.argument("base", type=click.Path(path_type=Path), required=False)
def fenetre(base: Path | None) -> None:
    """Ouvrir la fenêtre."""
    from firdesk import app

    sys.exit(app.run(base))


@click.command()
@BASE
@click.option("--exercice", "exercices", type=int, multiple=True, help="Exercice à ouvrir (répétable).")
@refusing
def nouveau(base: Path, exercices: tuple[int, ...]) -> None:
    """Créer une base vide avec les données de référence."""
    from firdesk.services import session

    session.create(base, exercices or (date.today().year,))  # noqa: DTZ011 - the user's own year
    click.echo(f"Base créée : {base}")


@click.command()
@BASE
@click.option("--fichiers", type=click.Path(path_type=Path), help="Dossier où garder les fichiers produits.")
@refusing
def demo(base: Path, fichiers: Path | None) -> None:
    """Créer la base de démonstration (données fictives)."""
    from firdesk.services import demonstration

    demonstration.build(base, fichiers=fichiers)
    click.echo(f"Base de démonstration créée : {base}")


@click.command()
@BASE
@JSON
@refusing
def verifier(base: Path, as_json: bool) -> None:
    """Vérifier le fichier : intégrité, liens, structure, journal, cumuls."""
    from firdesk.services import verification

    with open_session(base) as session:
        checks = verification.verify(session)
    sound = not any(c.constats for c in checks)
    if as_json:
        dump({"saine": sound, "controles": [{"nom": c.nom, "constats": list(c.constats)} for c in checks]})
    else:
        for c in checks:
            click.echo(f"{c.libelle} : {'conforme' if not c.constats else ' '.join(c.constats)}")
    if not sound:
        sys.exit(1)


@click.command()
@BASE
@JSON
@refusing
def historique(base: Path, as_json: bool) -> None:
    """Lister les opérations, la plus récente d'abord."""
    with open_session(base) as session:
        operations = session.operations.recent(limit=1_000_000)
    if as_json:
        keys = ("id", "libelle", "nature", "faite_le", "auteur", "cible", "annulee", "lignes")
        dump({"operations": [{k: getattr(o, k) for k in keys} for o in operations]})
        return
    for o in operations:
        click.echo(f"{o.id:>5}  {o.faite_le[:16].replace('T', ' ')}  {o.libelle}{' (annulée)' if o.annulee else ''}")


@click.command()
@BASE
@click.argument("dossier", type=click.Path(path_type=Path))
@click.option("--taille", default="1366x768", help="Largeur x hauteur en pixels.")
@click.option("--theme", type=click.Choice(["clair", "sombre"]), default="clair")
@click.option(
    "--importer", "fichiers", multiple=True, type=click.Path(path_type=Path), help="Fichier dont montrer l'import."
)
@refusing
def captures(base: Path, dossier: Path, taille: str, theme: str, fichiers: tuple[Path, ...]) -> None:
    """Écrire une image PNG de chaque page de la fenêtre, et des étapes d'un import."""
    from firdesk import app

    width, _, height = taille.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise click.UsageError("--taille attend LARGEURxHAUTEUR, par exemple 1366x768.")
    for file in app.captures(base, dossier, (int(width), int(height)), theme, fichiers):
        click.echo(file)


@click.command()
@refusing
def autotest() -> None:
    """Ouvrir, écrire, importer, exporter, imprimer et vérifier, pour de bon, dans un dossier temporaire."""
    from firdesk import app
    from firdesk.services import autotest as checks

    for line in checks.run(app.self_check):
        click.echo(line)


@click.command("lire-classeur", hidden=True)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def lire_classeur(args: tuple[str, ...]) -> None:
    """Lire un classeur pour le processus parent."""
    from firdesk.services import reading

    sys.exit(reading.child(list(args)))


COMMANDS = (fenetre, nouveau, demo, verifier, historique, captures, autotest, lire_classeur)
