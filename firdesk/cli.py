"""The command line: the same use cases as the window. Exit 0 done, 1 refused (French, on stderr), 2 usage."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from firdesk import __version__, cli_lots, cli_operateurs, cli_tables
from firdesk.console import BASE, EXERCICE, JSON, OpenByDefault, dump, open_session, refusing
from firdesk.domain import money
from firdesk.domain.synthese import LIBELLES_AXES, Axe

_AXES = [str(a) for a in Axe]


@click.group(cls=OpenByDefault, help="FIRDesk : suivre le fonds d'intervention régional dans un seul fichier.")
@click.version_option(__version__, prog_name="FIRDesk")
def cli() -> None:
    pass


cli.add_command(cli_operateurs.operateurs)
cli.add_command(cli_lots.imports)
cli.add_command(cli_lots.annuler)
cli.add_command(cli_lots.rejets)
cli.add_command(cli_lots.provenance)
cli.add_command(cli_operateurs.fusionner)
cli.add_command(cli_tables.tables)


@cli.command(hidden=True)
@click.argument("base", type=click.Path(path_type=Path), required=False)
def fenetre(base: Path | None) -> None:
    """Ouvrir la fenêtre."""
    from firdesk import app

    sys.exit(app.run(base))


@cli.command()
@BASE
@click.option("--exercice", "exercices", type=int, multiple=True, help="Exercice à ouvrir (répétable).")
@refusing
def nouveau(base: Path, exercices: tuple[int, ...]) -> None:
    """Créer une base vide avec les données de référence."""
    from firdesk.services import session

    session.create(base, exercices or (date.today().year,))  # noqa: DTZ011 - the user's own year
    click.echo(f"Base créée : {base}")


@cli.command()
@BASE
@click.option("--fichiers", type=click.Path(path_type=Path), help="Dossier où garder les fichiers produits.")
@refusing
def demo(base: Path, fichiers: Path | None) -> None:
    """Créer la base de démonstration (données fictives)."""
    from firdesk.services import demonstration

    demonstration.build(base, fichiers=fichiers)
    click.echo(f"Base de démonstration créée : {base}")


@cli.command()
@BASE
@click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--profil",
    default=None,
    help="StarsFIR, HAPI, SIBC, SCDL, Paiements ou une correspondance apprise ; reconnu sinon.",
)
@click.option("--feuille", default=None, help="Feuille à lire ; la plus vraisemblable sinon.")
@click.option("--entete", type=int, default=None, help="Numéro de la ligne d'en-tête.")
@click.option("--colonne", default=None, help="Une colonne du tableau (B), quand plusieurs sont côte à côte.")
@click.option("--correspondance", default="", help='Colonnes des champs : "nom=B,notifie=F,mesure3==MI2-3-8".')
@click.option("--separateur", default=None, help="Séparateur d'un fichier texte ; deviné sinon.")
@click.option("--date", default=None, help="Date d'une situation SIBC (JJ/MM/AAAA) ; celle du nom du fichier sinon.")
@click.option("--encodage", default=None, help="Encodage d'un fichier texte (utf-8, cp1252…) ; deviné sinon.")
@EXERCICE
@click.option(
    "--disparues",
    type=click.Choice(["garder", "marquer", "retirer"]),
    help="Lignes de la base absentes du fichier : les garder, les marquer disparues ou retirer leurs montants.",
)
@click.option("--decision", multiple=True, help='Répondre à une question : "id=choix", ou "id==texte" (répétable).')
@click.option("--insister", is_flag=True, help="Importer le reste même si trop de lignes sont rejetées.")
@click.option("--simuler", is_flag=True, help="Dire ce qui serait écrit, sans rien écrire.")
@click.option("--rejets", type=click.Path(path_type=Path), help="Copie du classeur, cellules rejetées en couleur.")
@JSON
@refusing
def importer(
    base: Path,
    fichiers: tuple[Path, ...],
    correspondance: str,
    disparues: str | None,
    simuler: bool,
    rejets: Path | None,
    as_json: bool,
    decision: tuple[str, ...],
    insister: bool,
    **choix: Any,
) -> None:
    """Importer des fichiers de la direction financière."""
    from firdesk.services.importing import decisions, ecarts, run

    if rejets is not None and len(fichiers) > 1:
        raise click.UsageError("--rejets s'emploie avec un seul fichier à la fois.")
    results = []
    answers = decisions.lues(decision)
    chosen = {**answers, **({"disparues": disparues} if disparues else {})}
    reglages = run.Reglages(correspondance=_columns(correspondance), decisions=chosen, **choix)
    with open_session(base) as session:
        for fichier in fichiers:
            planned = run.plan(session, run.scan(fichier, reglages=reglages), reglages)
            if len(fichiers) == 1:
                decisions.verifier(session, planned, answers)
            if rejets is not None and planned.rejets:
                cli_lots.write_rejects(rejets, planned)
            missions = ecarts.par(session, planned, Axe.MISSION)
            lot = None if simuler else run.execute(session, planned, insister=insister)
            results.append(run.summary(planned if lot is None else lot) | decisions.resume(planned, simuler=simuler))
            if simuler:
                results[-1]["ecarts"] = ecarts.as_json(missions)
            if not as_json:
                _say_import(fichier, results[-1], planned, missions, simuler)
    if as_json:
        dump(results[0] if len(results) == 1 else {"imports": results})


def _columns(text: str) -> dict[str, str]:
    """``nom=B,notifie=F`` as a mapping; after a second ``=``, a value for the whole file."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not equals for _, equals, _ in pairs):
        raise click.UsageError(
            '--correspondance s\'écrit "champ=colonne,champ=colonne", par exemple "nom=B,notifie=F".'
        )
    return {name.strip(): value.strip() for name, _, value in pairs}


def _say_import(fichier: Path, result: dict[str, Any], planned: Any, missions: Any, simuler: bool) -> None:
    from firdesk.services.importing import bilan

    waiting = f", {result['orphelines']} en attente d'une allocation" if result["orphelines"] else ""
    click.echo(
        f"{'Simulation' if simuler else 'Importé'} : {fichier.name} ({result['profil']}) : "
        f"{result['lues']} lignes lues, {result['ignorees']} ignorées, {result['reparees']} réparées{waiting}."
    )
    click.echo(f"  {bilan.phrase(planned)}")
    click.echo(f"  {bilan.partage(planned)}")
    for part in bilan.parts(planned):
        click.echo(f"    {money.euros(part.montant, decimals=True)} : {part.texte}")
    if planned.partiel:
        click.echo(f"  {planned.partiel}")
    for x in missions.lignes:
        if x.ecart:
            before, after = (money.euros(c, decimals=True) for c in (x.avant, x.apres))
            click.echo(f"  {x.libelle} : {before} → {after} ({bilan.signe(x.ecart)})")
    if result.get("retenues"):
        click.echo(f"  {result['retenues']} réponses retenues d'un import précédent.")
    for x in result.get("questions", ()):
        if x["reponse"] in ("", "rejeter"):
            choices = " ou ".join(f'--decision "{x["id"]}={c["code"]}" ({c["libelle"]})' for c in x["choix"])
            click.echo(f"  À décider, {x['lignes']} lignes : {x['titre']} : {choices}")
    for x in [*result["rejets"], *result["orphelins"]]:
        click.echo(f"  {x['feuille']} {x['cellule']} : lu « {x['lu']} », attendu {x['attendu']} ; {x['remede']}")


@cli.command()
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


@cli.command()
@BASE
@click.option("--par", "par", type=click.Choice(_AXES), required=True, help="Premier axe.")
@click.option("--et", "et", type=click.Choice(_AXES), default=None, help="Second axe.")
@EXERCICE
@JSON
@refusing
def synthese(base: Path, par: str, et: str | None, exercice: int | None, as_json: bool) -> None:
    """Totaux par axe."""
    from firdesk.services import syntheses

    if et == par:
        raise click.UsageError("--par et --et doivent être deux axes différents.")
    with open_session(base) as session:
        found = syntheses.table(session, [Axe(par), *([Axe(et)] if et else [])], exercice)
    if as_json:
        dump(syntheses.as_json(found))
        return
    click.echo(" / ".join(LIBELLES_AXES[a] for a in found.axes) + (f" · exercice {exercice}" if exercice else ""))
    for x in [*found.lignes, found.total]:
        name = " / ".join(x.libelle)
        click.echo(f"{name[:70]:<70} {money.nombre(x.nombre):>7} {money.euros(x.notifie):>20}")


@cli.command()
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


@cli.command()
@BASE
@click.argument("nom")
@click.option("--sortie", type=click.Path(path_type=Path), required=True, help="Le fichier PDF à écrire.")
@EXERCICE
@refusing
def rapport(base: Path, nom: str, sortie: Path, exercice: int | None) -> None:
    """Écrire un rapport PDF (themes, missions, departements, destinations)."""
    from firdesk.services import reports

    with open_session(base) as session:
        reports.write(session, nom, exercice or session.exercice, sortie)
    click.echo(f"Écrit : {sortie}")


@cli.command()
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


@cli.command()
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


@cli.command()
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


@cli.command()
@refusing
def autotest() -> None:
    """Ouvrir, écrire, importer, exporter, imprimer et vérifier, pour de bon, dans un dossier temporaire."""
    from firdesk import app
    from firdesk.services import autotest as checks

    for line in checks.run(app.self_check):
        click.echo(line)


@cli.command("lire-classeur", hidden=True)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def lire_classeur(args: tuple[str, ...]) -> None:
    """Lire un classeur pour le processus parent."""
    from firdesk.services import reading

    sys.exit(reading.child(list(args)))


def main() -> None:
    """Entry point; output is UTF-8 whatever the console of Windows says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="firdesk")
