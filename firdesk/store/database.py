"""The user's file, opened in one place: header, lock, pragmas read back, known errors said in French.

Knows nothing of what the tables mean.
"""

import getpass
import json
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import sqlite_utils

from firdesk.domain.problem import Refus
from firdesk.store import backups, journal, migrations

APPLICATION_ID = 0x46495244  # "FIRD", bytes 68-71 of the file
_MAGIC = b"SQLite format 3\x00"

#: Every pragma with the value the file must read back (DESIGN: 0 acknowledged commit lost in 1,000 power cuts).
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("trusted_schema", "OFF", 0),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "TRUNCATE", "truncate"),
    ("synchronous", "EXTRA", 3),
    ("temp_store", "MEMORY", 2),
    ("secure_delete", "ON", 1),
    ("cell_size_check", "ON", 1),
    ("mmap_size", "0", 0),
)

_opened: set[tuple[int, int]] = set()


@dataclass(frozen=True, slots=True)
class Changes:
    """What an operation changed: its number, its label, and the tables that a view may depend on."""

    operation: int
    libelle: str
    tables: frozenset[str]


class Base:
    """One open file and its only connection; closed by :meth:`close`."""

    def __init__(self, path: Path, conn: sqlite3.Connection, key: tuple[int, int]) -> None:
        self.path = path
        self.conn = conn
        self.db = sqlite_utils.Database(conn, execute_plugins=False)
        self._key = key
        self._in_operation = False

    @contextmanager
    def operation(self, libelle: str, *, nature: str = "saisie", cible: int | None = None) -> Iterator[list[Changes]]:
        """Run a block as one operation in one transaction; an empty one leaves no trace.

        Yields a list that holds the :class:`Changes` after the block. Whatever is raised inside rolls the file
        back to what it was. Nested operations are a bug of the caller.
        """
        if self._in_operation:
            raise RuntimeError(f"operation {libelle!r} started inside another one")
        done: list[Changes] = []
        self._in_operation = True
        self.conn.execute("BEGIN IMMEDIATE")
        try:
            cursor = self.conn.execute(
                "INSERT INTO operation (libelle, nature, faite_le, auteur, cible_id) VALUES (?, ?, ?, ?, ?)",
                (libelle, nature, now(), author(), cible),
            )
            number = int(cursor.lastrowid or 0)
            self.conn.execute("UPDATE operation_courante SET operation_id = ? WHERE id = 1", (number,))
            yield done
            self.conn.execute("UPDATE operation_courante SET operation_id = NULL WHERE id = 1")
            tables = journal.tables_of(self.conn, number)
            if tables:
                self.conn.execute("COMMIT")
                done.append(Changes(number, libelle, tables))
            else:
                self.conn.execute("ROLLBACK")
        except BaseException:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            raise
        finally:
            self._in_operation = False

    def close(self) -> None:
        self.conn.close()
        _opened.discard(self._key)
        lock_file(self.path).unlink(missing_ok=True)


def now() -> str:
    """The moment of an operation: local time, ISO, to the second, with its offset."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def author() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def lock_file(path: Path) -> Path:
    return path.with_name(path.name + ".verrou")


def create(path: Path, populate: Callable[[Base], None]) -> None:
    """Write a new file: built beside the target, moved into place when complete. Refuses to overwrite."""
    path = path.resolve()
    if path.exists():
        raise Refus(f"« {path.name} » existe déjà : choisir un autre nom, ou ouvrir cette base.")
    if not path.parent.is_dir():
        raise Refus(f"Le dossier « {path.parent} » n'existe pas : le créer ou en choisir un autre.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.nouveau")
    try:
        draft.touch()
        base = _connect(draft)
        try:
            base.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            migrations.apply(base.db)
            populate(base)
        finally:
            base.close()
        draft.replace(path)
    except OSError as error:
        raise Refus(f"La base n'a pas pu être créée dans « {path.parent} » : {error.strerror}.") from error
    finally:
        for leftover in (draft, draft.with_name(draft.name + "-journal")):
            leftover.unlink(missing_ok=True)


def open_base(path: Path) -> Base:
    """Open an existing file for this process alone; migrates an older one after a backup."""
    path = path.resolve()
    version = _check_header(path)
    if version > migrations.latest():
        raise Refus(
            f"« {path.name} » a été écrite par une version plus récente de FIRDesk "
            f"(format {version}, ce programme connaît le format {migrations.latest()}) : "
            "mettre le programme à jour. Rien n'a été modifié."
        )
    base = _connect(path)
    try:
        if version < migrations.latest():
            backups.before_migration(base.conn, path, version)
            migrations.apply(base.db)
        _write_lock_file(path)
    except BaseException:
        base.close()
        raise
    return base


def _check_header(path: Path) -> int:
    """The ``user_version`` written in the header, read without SQLite; refuses what is no FIRDesk base."""
    if not path.exists():
        raise Refus(f"« {path} » n'existe pas : vérifier le nom et le dossier.")
    if path.is_dir():
        raise Refus(f"« {path.name} » est un dossier, pas une base FIRDesk.")
    _refuse_twice(path)
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise Refus(f"« {path.name} » ne peut pas être lue : {error.strerror}.") from error
    if len(header) < 100 or not header.startswith(_MAGIC):
        what = "vide" if not header else "d'un autre format ou abîmée"
        raise Refus(f"« {path.name} » n'est pas une base FIRDesk (fichier {what}). Rien n'a été modifié.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise Refus(f"« {path.name} » est une base SQLite, mais pas une base FIRDesk. Rien n'a été modifié.")
    return int.from_bytes(header[60:64], "big")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _refuse_twice(path: Path) -> None:
    # Reading a file that this process has connected would drop SQLite's own lock on Linux.
    if _identity(path) in _opened:
        raise Refus(f"« {path.name} » est déjà ouverte dans cette fenêtre.")


def _connect(path: Path) -> Base:
    key = _identity(path)
    _refuse_twice(path)
    posix = path.as_posix()
    uri = "file://" + quote(posix if posix.startswith("/") else "/" + posix) + "?mode=rw"
    conn = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=0.5)
    base = Base(path, conn, key)
    _opened.add(key)
    try:
        for name, value, expected in _PRAGMAS:
            conn.execute(f"PRAGMA {name} = {value}")
            read = conn.execute(f"PRAGMA {name}").fetchone()
            if name != "mmap_size" and (read is None or read[0] != expected):
                raise Refus(f"SQLite refuse le réglage {name}={value} (lu : {read}) : la base n'a pas été ouverte.")
        conn.execute("BEGIN EXCLUSIVE")
        conn.execute("COMMIT")
    except sqlite3.Error as error:
        conn.close()
        _opened.discard(key)
        raise refusal(error, path) from error
    except BaseException:
        conn.close()
        _opened.discard(key)
        raise
    return base


def _write_lock_file(path: Path) -> None:
    holder = {"utilisateur": author(), "poste": platform.node(), "processus": os.getpid(), "depuis": now()}
    try:
        lock_file(path).write_text(json.dumps(holder), encoding="utf-8")
    except OSError:
        return  # only a courtesy to the second opener: the lock itself is SQLite's


def _holder(path: Path) -> str:
    try:
        holder = json.loads(lock_file(path).read_text(encoding="utf-8"))
        since = datetime.fromisoformat(holder["depuis"]).strftime("%d/%m/%Y à %H:%M")
        return f" par {holder['utilisateur']} sur le poste {holder['poste']}, depuis le {since}"
    except (OSError, ValueError, KeyError, TypeError):
        return " par un autre programme"


def refusal(error: sqlite3.Error, path: Path) -> Exception:
    """The French refusal for an error of the environment; the error itself when it is a bug."""
    code = getattr(error, "sqlite_errorname", "") or ""
    name = path.name
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Refus(f"« {name} » est déjà ouverte{_holder(path)}. La fermer là-bas, puis recommencer.")
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")):
        return Refus(f"« {name} » est en lecture seule ou inaccessible : vérifier les droits sur le dossier.")
    if code.startswith("SQLITE_FULL"):
        return Refus("Le disque est plein : libérer de la place. Rien n'a été enregistré, la base est intacte.")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR")):
        return Refus(f"« {name} » est abîmée ou illisible : reprendre une sauvegarde.", detail=str(error))
    return error
