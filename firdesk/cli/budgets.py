"""The budget: its execution, two of its versions side by side, a version typed in from a table."""

from pathlib import Path

import click

from firdesk.cli.console import BASE, EXERCICE, JSON, dump, open_session, refusing
from firdesk.domain import money


@click.command()
@BASE
@EXERCICE
@click.option("--version", default=None, help="Code de la version (BI, BR1…) ; la dernière sinon.")
@click.option("--comparer", nargs=2, default=None, metavar="CODE CODE", help="Deux versions à comparer.")
@click.option("--sortie", type=click.Path(path_type=Path), help="Écrire ce qui est montré dans un classeur.")
@JSON
@refusing
def budget(
    base: Path,
    exercice: int | None,
    version: str | None,
    comparer: tuple[str, str] | None,
    sortie: Path | None,
    as_json: bool,
) -> None:
    """Exécution du budget par destination, ou deux versions côte à côte."""
    from firdesk.services import budget_execution, budget_exporting, budget_paroles, budgets

    if version and comparer:
        raise click.UsageError("--version et --comparer ne s'emploient pas ensemble.")
    with open_session(base) as session:
        year = exercice or session.exercice
        if comparer is not None:
            found = budgets.comparaison(session, *(budgets.version(session, year, code) for code in comparer))
            lines, told = budget_paroles.comparaison(found), budget_paroles.comparaison_json(session, found)
            if sortie is not None:
                budget_exporting.export_comparaison(session, sortie, found)
        else:
            chosen = budgets.version(session, year, version) if version else None
            executed = budget_execution.execution(session, year, version=chosen)
            lines, told = budget_paroles.execution(session, executed), budget_execution.as_json(session, executed)
            if sortie is not None:
                budget_exporting.export_execution(session, sortie, executed)
    if as_json:
        dump(told)
        return
    for line in lines:
        click.echo(line)


@click.command("budget-saisir")
@BASE
@click.argument("fichier", type=click.Path(path_type=Path))
@click.option("--exercice", type=int, required=True, help="Année de l'exercice.")
@click.option("--version", required=True, help="Code de la version (BI, BR1…), créée si elle n'existe pas.")
@click.option("--feuille", default=None, help="Feuille à lire ; la première remplie sinon.")
@click.option("--date", default="", help="Date du vote (JJ/MM/AAAA).")
@click.option("--libelle", default="", help="Libellé de la version.")
@click.option("--simuler", is_flag=True, help="Dire ce qui serait écrit, sans rien écrire.")
@JSON
@refusing
def budget_saisir(
    base: Path,
    fichier: Path,
    exercice: int,
    version: str,
    feuille: str | None,
    date: str,
    libelle: str,
    simuler: bool,
    as_json: bool,
) -> None:
    """Saisir une version depuis un tableau destination, enveloppe, AE, CP (.xlsx ou .csv)."""
    from firdesk.services import budget_fichier

    wanted = budget_fichier.Demande(exercice, version, feuille, date, libelle)
    with open_session(base) as session:
        done = budget_fichier.saisir(session, fichier, wanted, simuler=simuler)
    if as_json:
        dump(done.as_json())
        return
    verb = "Simulation" if simuler else "Saisi"
    click.echo(f"{verb} : {done.version.nom}, {money.nombre(done.ecrites)} ligne(s) écrite(s) sur {len(done.lignes)}.")
    click.echo(f"  AE {money.euros(done.ae)}, CP {money.euros(done.cp)} dans le fichier.")
    for told in done.alertes:
        click.echo(f"  {told}")


COMMANDS = (budget, budget_saisir)
