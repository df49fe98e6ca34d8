"""The schema as numbered SQL files, applied in order; triggers are generated afterwards from the live schema."""

import re
from functools import cache
from pathlib import Path

import sqlite_utils
from sqlite_utils import Migrations

from firdesk import paths
from firdesk.store import clotures, cumuls, journal

_NAME = re.compile(r"(\d{4})_[a-z]+(_[a-z0-9]+)+\.sql")


def _files() -> tuple[tuple[int, str, str], ...]:
    return _read(paths.MIGRATIONS)


@cache
def _read(folder: Path) -> tuple[tuple[int, str, str], ...]:
    found = []
    for file in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(file.name)
        if not match:
            raise RuntimeError(f"migration with a wrong name: {file.name}")
        found.append((int(match.group(1)), file.stem, file.read_text(encoding="utf-8")))
    if [number for number, _, _ in found] != list(range(1, len(found) + 1)):
        raise RuntimeError("migrations must be numbered 0001, 0002… without a gap")
    return tuple(found)


def latest() -> int:
    """The format this program writes, kept in the file as ``user_version``."""
    return len(_files())


def apply(db: sqlite_utils.Database, *, upto: int | None = None) -> None:
    """Bring the file to the latest format (or ``upto``) in one transaction, triggers included."""
    target = upto or latest()
    steps = Migrations("firdesk")
    for number, stem, sql in _files():
        if number <= target:
            _register(steps, stem, sql)
    with db.atomic():
        journal.drop_triggers(db.conn)
        steps.apply(db)
        if target == latest():
            cumuls.rebuild(db.conn)
        cumuls.install(db.conn)
        clotures.install(db.conn)
        journal.install(db.conn)
        db.conn.execute(f"PRAGMA user_version = {target}")


def _register(steps: Migrations, stem: str, sql: str) -> None:
    @steps(name=stem)
    def step(db: sqlite_utils.Database) -> None:
        db.executescript(sql)
