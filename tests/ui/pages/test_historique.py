"""The history in French, and undoing from it."""

from dataclasses import replace
from pathlib import Path

import pytest

from firdesk.domain.dispositif import Dispositif, Indicateur, ValeurIndicateur
from firdesk.domain.territoire import Lieu
from firdesk.services import dispositifs, indicateurs, territoires
from firdesk.services import session as sessions
from firdesk.store import database, journal
from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages import modification_text as text
from firdesk.ui.pages.historique import Historique
from firdesk.ui.workspace import Workspace


@pytest.fixture
def page(workspace: Workspace) -> Historique:
    change(workspace, objet="Astreintes", caractere="perenne")
    workspace.go("historique")
    found = workspace.page("historique")
    assert isinstance(found, Historique)
    return found


def change(workspace: Workspace, **values: str) -> None:
    """Modify allocation 1."""
    session = workspace.bridge.session

    def write() -> None:
        found = session.allocations.get(1)
        assert found is not None
        with session.operation(f"Modifier {', '.join(values)}"):
            session.allocations.update(replace(found, **values))  # type: ignore[arg-type]

    workspace.bridge.perform(write)


def labels(page: Historique) -> list[str]:
    place = page.model.column_of("libelle")
    return [str(page.model.row(i)[place]) for i in range(page.model.rowCount())]


def details(page: Historique) -> list[tuple[object, ...]]:
    return [page.detail_model.row(i) for i in range(page.detail_model.rowCount())]


def test_operations_are_listed_latest_first(page: Historique) -> None:
    assert labels(page) == [
        "Modifier objet, caractere",
        "Importer l'exécution SIBC",
        "Saisir le BR1 2025",
        "Importer les allocations",
        "Créer la base",
    ]


def test_changes_are_told_in_french_before_and_after(page: Historique) -> None:
    assert details(page) == [
        ("Allocation 2025-0001 · modifiée", "", ""),
        ("    Objet", "—", "Astreintes"),
        ("    Caractère", "Non précisé", "Pérenne"),
    ]


def test_the_chosen_operation_is_undone_and_can_be_redone(
    page: Historique, workspace: Workspace, worker: ManualExecutor
) -> None:
    page.undo_chosen()
    worker.run()
    found = workspace.bridge.session.allocations.get(1)
    assert found is not None
    assert found.objet == ""
    assert labels(page)[0] == "Annuler : Modifier objet, caractere"
    page.redo_chosen()
    worker.run()
    found = workspace.bridge.session.allocations.get(1)
    assert found is not None
    assert found.objet == "Astreintes"


def test_an_operation_with_later_changes_is_refused_and_the_obstacle_named(
    page: Historique, workspace: Workspace, worker: ManualExecutor
) -> None:
    page.table.select([labels(page).index("Importer les allocations")])
    page.undo_chosen()
    worker.run()
    assert "Modifier objet, caractere" in workspace.messages.text()


def test_the_creation_of_the_base_cannot_be_undone(page: Historique) -> None:
    page.table.select([len(labels(page)) - 1])
    assert not page.undo_button.isEnabled()


def test_an_undone_operation_says_so_and_offers_to_redo(page: Historique, worker: ManualExecutor) -> None:
    page.undo_chosen()
    worker.run()
    page.table.select([1])
    assert page.redo_button.isVisible()
    assert not page.undo_button.isVisible()
    assert ("faible", "Saisie annulée") in page.model.row(1)


def test_search_keeps_the_operations_whose_label_holds_the_text(page: Historique) -> None:
    page.search.setText("SIBC")
    page.refresh()
    assert labels(page) == ["Importer l'exécution SIBC"]


def test_search_that_finds_nothing_says_so(page: Historique) -> None:
    page.search.setText("zzz")
    page.refresh()
    assert page.table.empty.message() == "Aucune opération ne contient « zzz »."


def test_a_long_operation_lists_names_without_their_fields(page: Historique) -> None:
    page.table.select([labels(page).index("Créer la base")])
    assert page.status.startswith("200 premières sur")
    assert all(not str(row[0]).startswith("    ") for row in details(page))


def test_every_table_and_column_that_is_journaled_has_a_name_in_french(tmp_path: Path) -> None:
    sessions.create(tmp_path / "vide.firdesk", (2025,))
    base = database.open_base(tmp_path / "vide.firdesk")
    tables = journal.tables(base.conn)
    columns = {name for table in tables for name in journal.columns(base.conn, table)}
    base.close()
    assert [t for t in tables if t not in text.TABLES] == []
    assert sorted(columns - set(text.CHAMPS) - text.TUS) == []


def test_places_and_indicators_are_told_in_the_units_they_are_read_in(workspace: Workspace) -> None:
    session = workspace.bridge.session
    territoires.enregistrer(session, [1], (Lieu("02", 2_500), Lieu("80", 7_500)))
    dispositifs.enregistrer(session, Dispositif("EMG", "Équipes mobiles"))
    indicateurs.enregistrer(
        session, Indicateur("EMG", "Patients", valeurs=(ValeurIndicateur(2025, 2025, 12_500, 15_000),))
    )
    wording = text.Wording(session)
    told = [
        f"{wording.title(m)} {f.nom} {f.apres}"
        for o in session.operations.recent(limit=3)
        for m in session.operations.modifications(o.id)
        for f in wording.fields(m)
    ]
    assert any(t.startswith("Lieu d'action de 2025-0001 (02)") and t.endswith("Part 25\u00a0%") for t in told)
    assert any(t.endswith("Valeur 12,5") for t in told)
    assert any(t.endswith("Cible 15") for t in told)
