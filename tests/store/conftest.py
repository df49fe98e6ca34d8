"""Real files: a small base made once, copied for each test, with short ways to write in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firdesk.store import database, verifications
from firdesk.store.database import Base

ROOT = Path(__file__).resolve().parents[2]
YEARS = (2024, 2025, 2026)


def populate(base: Base) -> None:
    """Reference rows and three operators; no allocation."""
    conn = base.conn
    with base.operation("Créer la base", nature="systeme"):
        conn.executemany("INSERT INTO exercice (annee) VALUES (?)", [(y,) for y in YEARS])
        conn.execute("INSERT INTO mission (code, libelle, libelle_court) VALUES ('2', 'Parcours', 'Parcours')")
        conn.executemany(
            "INSERT INTO departement (code, libelle) VALUES (?, ?)", [("02", "Aisne"), ("59", "Nord"), ("80", "Somme")]
        )
        conn.executemany(
            "INSERT INTO theme (code, libelle, ordre) VALUES (?, ?, ?)", [("gem", "GEM", 1), ("cls", "CLS", 2)]
        )
        conn.executemany(
            "INSERT INTO enveloppe (code, libelle, ordre) VALUES (?, ?, ?)", [("SAN", "Sanitaire", 1), ("PREV", "P", 2)]
        )
        conn.executemany(
            "INSERT INTO destination (exercice, code, niveau, libelle, mission) VALUES (?, ?, 3, 'D', '2')",
            [(y, code) for y in YEARS for code in ("MI2-3-8", "MI2-3-9")],
        )
        conn.executemany(
            "INSERT INTO operateur (id, nom, nom_normalise, departement) VALUES (?, ?, ?, ?)",
            [(1, "CH de Laon", "ch laon", "02"), (2, "L'Étape", "etape", "59"), (3, "Région", "region", None)],
        )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("modele") / "modele.firdesk"
    database.create(path, populate)
    return path


@pytest.fixture
def file(template: Path, tmp_path: Path) -> Path:
    """A closed base of its own for the test."""
    return Path(shutil.copy(template, tmp_path / "essai.firdesk"))


@pytest.fixture
def base(file: Path) -> Iterator[Base]:
    opened = database.open_base(file)
    yield opened
    opened.close()


Fund = Callable[..., int]


@pytest.fixture
def fund() -> Fund:
    """Insert an allocation with its mouvements (nature, cents); returns its id. Belongs inside an operation."""

    def insert(base: Base, *mouvements: tuple[str, int], **columns: object) -> int:
        values = {"exercice": 2025, "operateur_id": 1, "destination": "MI2-3-8", "theme": "gem", **columns}
        values.setdefault(
            "numero", base.conn.execute("SELECT IFNULL(MAX(numero), 0) + 1 FROM allocation").fetchone()[0]
        )
        marks = ", ".join("?" * len(values))
        cursor = base.conn.execute(
            f"INSERT INTO allocation ({', '.join(values)}) VALUES ({marks})", list(values.values())
        )
        base.conn.executemany(
            "INSERT INTO mouvement (allocation_id, nature, exercice, montant) VALUES (?, ?, ?, ?)",
            [(cursor.lastrowid, nature, values["exercice"], cents) for nature, cents in mouvements],
        )
        return int(cursor.lastrowid or 0)

    return insert


@pytest.fixture
def content() -> Callable[[Base], dict[str, list[object]]]:
    """Every row of every table of facts and of every summary that is not zero: equal contents compare equal."""

    def read(base: Base) -> dict[str, list[object]]:
        names = [
            name
            for (name,) in base.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            if not name.startswith(("journal", "operation", "sqlite_", "_sqlite_"))
        ]
        names.append("operateur")
        found: dict[str, list[object]] = {}
        for name in names:
            rows = base.conn.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            columns = base.conn.execute(f"PRAGMA table_info({name})").fetchall()
            keys = sum(column[1] == "campagne" or column[5] > 0 for column in columns)
            found[name] = [r for r in rows if not name.startswith("cumul") or any(r[keys:])]
        return found

    return read


@pytest.fixture
def check() -> Callable[[Base], None]:
    """Assert that every verification finds nothing."""

    def run(base: Base) -> None:
        found = [
            *verifications.integrity(base),
            *verifications.foreign_keys(base),
            *verifications.schema(base),
            *verifications.journal_complete(base),
            *verifications.summaries(base),
        ]
        assert found == []

    return run


@pytest.fixture
def child() -> Callable[..., "subprocess.Popen[str]"]:
    """Start a Python program in a process of its own, with the package importable; arguments in ``sys.argv``."""

    def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
