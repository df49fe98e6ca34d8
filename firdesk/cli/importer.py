"""The import of files of the finance department."""

from pathlib import Path
from typing import Any

import click

from firdesk.cli import lots
from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing
from firdesk.domain import money
from firdesk.domain.synthese import Axe


@click.command()
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
                lots.write_rejects(rejets, planned)
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


COMMANDS = (importer,)
