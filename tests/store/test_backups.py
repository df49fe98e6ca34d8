"""A backup is verified before it counts; the old ones are thinned by date, the user's own files never."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.problem import Refus
from firdesk.store import backups, database
from firdesk.store.database import Base

NOW = datetime(2026, 3, 15, 12, 0, 0)  # noqa: DTZ001
MOMENTS = st.lists(
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 3, 15)).map(lambda d: d.replace(microsecond=0)),  # noqa: DTZ001
    unique=True,
    max_size=60,
)


def test_a_backup_opens_as_a_base_and_holds_the_same(base: Base, check: Callable[[Base], None]) -> None:
    with base.operation("Renommer"):
        base.conn.execute("UPDATE theme SET libelle = 'sauvé'")
    copy = backups.backup(base.conn, base.path, "essai")
    assert [p.name for p in copy.parent.iterdir()] == [copy.name]
    opened = database.open_base(copy)
    assert opened.conn.execute("SELECT DISTINCT libelle FROM theme").fetchall() == [("sauvé",)]
    check(opened)
    opened.close()


def test_the_base_stays_locked_and_usable_after_a_backup(base: Base) -> None:
    backups.backup(base.conn, base.path, "essai")
    other = sqlite3.connect(base.path, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("SELECT * FROM theme")
    other.close()
    with base.operation("Après"):
        base.conn.execute("UPDATE theme SET libelle = 'x'")


def test_a_backup_that_cannot_be_written_is_refused_in_french(base: Base) -> None:
    backups.folder(base.path).write_text("un fichier à la place du dossier", encoding="utf-8")
    with pytest.raises(Refus, match="a échoué"):
        backups.backup(base.conn, base.path, "essai")


def test_a_damaged_file_makes_no_backup(file: Path) -> None:
    body = bytearray(file.read_bytes())
    conn = sqlite3.connect(file)
    start = (conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'theme'").fetchone()[0] - 1) * 4096
    conn.close()
    body[start : start + 8] = b"\x0d\xff\xff\xff\xff\xff\xff\xff"
    file.write_bytes(body)
    base = database.open_base(file)
    with pytest.raises(Refus, match="ne se relit pas"):
        backups.backup(base.conn, base.path, "essai")
    assert list(backups.folder(file).iterdir()) == []
    base.close()


def test_thinning_keeps_the_last_ten_one_a_day_then_one_a_month() -> None:
    hourly = [NOW - timedelta(hours=h) for h in range(48)]
    daily = [NOW - timedelta(days=d) for d in range(2, 400)]
    kept = sorted(set(hourly + daily) - set(backups.superfluous(hourly + daily)), reverse=True)
    assert kept[:10] == hourly[:10]
    recent = [m.date() for m in kept[10:] if NOW - m < timedelta(days=30)]
    assert len(recent) == len(set(recent)) == 29
    older = [(m.year, m.month) for m in kept if NOW - m >= timedelta(days=30)]
    assert len(older) == len(set(older)) == 12


@given(MOMENTS)
def test_thinning_keeps_every_month_and_the_last_ten_and_is_stable(moments: list[datetime]) -> None:
    gone = backups.superfluous(moments)
    kept = set(moments) - set(gone)
    assert {(m.year, m.month) for m in kept} == {(m.year, m.month) for m in moments}
    assert set(sorted(moments)[-10:]) <= kept
    assert backups.superfluous(kept) == []


def test_thinning_touches_neither_migration_backups_nor_files_of_another_name(base: Base) -> None:
    folder = backups.folder(base.path)
    folder.mkdir()
    old = [f"essai 2020-01-{day:02d} 10h00m00 quotidienne.firdesk" for day in range(1, 31)]
    spared = [
        "essai 2020-01-02 10h00m01 avant format 2.firdesk",
        "essai gardé.firdesk",
        "autre 2020-01-03 10h00m00 x.firdesk",
    ]
    for name in [*old, *spared]:
        (folder / name).touch()
    backups.backup(base.conn, base.path, "quotidienne")
    left = {p.name for p in folder.iterdir()}
    assert set(spared) <= left
    assert sorted(left & set(old)) == old[-9:]
