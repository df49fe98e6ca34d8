"""A list declares every table that it and its card read: what changes in one of them is shown at once."""

import sqlite3

import pytest

from firdesk.domain.convention import Convention
from firdesk.domain.dispositif import Cofinancement, Dispositif, Dont, Plafond
from firdesk.services import conventions, dispositifs, donts
from firdesk.ui.workspace import Workspace


@pytest.fixture
def described(workspace: Workspace) -> Workspace:
    """A base where the first operator has an act, and a scheme its ceiling, a « dont », a funder and an allocation."""
    session = workspace.bridge.session
    conventions.save(session, Convention("convention", "2025-014", 1))
    dispositifs.enregistrer(session, Dispositif("EMG", "Équipes", part_max=5_000, plafonds=(Plafond(2025, 9, 9),)))
    dispositifs.affecter(session, [1], "EMG")
    donts.enregistrer_dont(session, Dont(2025, "Domicile", 1, dispositif="EMG"))
    made = Cofinancement(2025, "cofinancement", "Département", 1, dispositif="EMG", allocation_id=1)
    donts.enregistrer_cofinancement(session, made)
    return workspace


@pytest.mark.parametrize("key", ["operateurs", "dispositifs"])
def test_every_table_read_is_declared(described: Workspace, key: str) -> None:
    described.go(key)
    page, conn = described.page(key), described.bridge.session.base.conn
    read: set[str] = set()

    def hear(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    conn.set_authorizer(hear)
    try:
        page.refresh()
    finally:
        conn.set_authorizer(None)
    tables = {t for t in read if not t.startswith(("cumul", "sqlite_"))}
    assert tables
    assert tables <= page.tables
