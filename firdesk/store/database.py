"""The user's file, opened in one place: header, lock, pragmas read back, known errors said in French.

Knows nothing of what the tables mean.
"""

import getpass
import json
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import sqlite_utils

from firdesk.domain.problem import Refus
from firdesk.store import backups, clotures, insertion, journal, migrations, plages

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
    ("cache_size", "-49152", -49152),  # kibibytes: an undo of 400,000 rows takes a third less than with 2 MiB
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
        self._keys_last: Callable[[], None] | None = None
        self._closed = False

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
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            cursor = self.conn.execute(
                "INSERT INTO operation (libelle, nature, faite_le, auteur, cible_id) VALUES (?, ?, ?, ?, ?)",
                (libelle, nature, now(), author(), cible),
            )
            number = int(cursor.lastrowid or 0)
            self.conn.execute("UPDATE operation_courante SET operation_id = ? WHERE id = 1", (number,))
            yield done
            if not self.conn.in_transaction:
                raise RuntimeError(f"operation {libelle!r} was taken back inside its block, which went on")
            self.conn.execute("UPDATE operation_courante SET operation_id = NULL WHERE id = 1")
            tables = journal.tables_of(self.conn, number)
            if self._keys_last is not None:
                with insertion.interruptible(self.conn, self._keys_last):
                    if self.conn.execute("PRAGMA foreign_key_check").fetchone():
                        raise sqlite3.IntegrityError("FOREIGN KEY constraint failed")
            if tables:
                self.conn.execute(
                    f"UPDATE operation SET lignes = (SELECT SUM({plages.COUNT}) FROM journal j "
                    "WHERE j.operation_id = operation.id) WHERE id = ?",
                    (number,),
                )
                self.conn.execute("COMMIT")
                done.append(Changes(number, libelle, tables))
            else:
                self.conn.execute("ROLLBACK")
        except BaseException as error:
            # A full disk or a failing one has rolled back already.
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                _raise(error, self.path)
            raise
        finally:
            self._in_operation = False

    @contextmanager
    def keys_last(self, check: Callable[[], None] = lambda: None) -> Iterator[None]:
        """The foreign keys of the operations in the block are checked all at once, at their end, in the whole file.

        Pays where most of the rows of the file are new. Raising from ``check`` cancels.
        """
        self.conn.execute("PRAGMA foreign_keys = OFF")
        self._keys_last = check
        try:
            yield
        finally:
            self._keys_last = None
            self.conn.execute("PRAGMA foreign_keys = ON")

    def close(self) -> None:
        """Close the connection and leave nothing beside the file; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        with suppress(OSError):
            lock_file(self.path).unlink(missing_ok=True)
        with suppress(sqlite3.Error):
            # In this order SQLite deletes the emptied journal while it still holds the lock.
            self.conn.execute("PRAGMA locking_mode = NORMAL")
            self.conn.execute("PRAGMA journal_mode = DELETE")
        self.conn.close()
        _opened.discard(self._key)


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


def journal_file(path: Path) -> Path:
    """SQLite's rollback journal: with bytes in it and nobody at work, it belongs to an interrupted write."""
    return path.with_name(path.name + "-journal")


def create(path: Path, populate: Callable[[Base], None]) -> None:
    """Write a new file: built beside the target, moved into place when complete. Refuses to overwrite."""
    path = path.resolve()
    _check_place(path)
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
    except sqlite3.Error as error:
        _raise(error, path)
    finally:
        for leftover in (draft, journal_file(draft)):
            leftover.unlink(missing_ok=True)


def _check_place(path: Path) -> None:
    try:
        if path.exists():
            raise Refus(f"« {path.name} » existe déjà : choisir un autre nom, ou ouvrir cette base.")
        if not path.parent.is_dir():
            raise Refus(f"Le dossier « {path.parent} » n'existe pas : le créer ou en choisir un autre.")
        orphan = journal_file(path)
        if orphan.exists() and orphan.stat().st_size:
            # SQLite would play it into the new file.
            raise Refus(
                f"« {orphan.name} » est resté d'une base de ce nom qui a été déplacée pendant une écriture : "
                "remettre cette base à sa place et l'ouvrir, ou choisir un autre nom."
            )
    except OSError as error:
        raise Refus(f"« {path} » ne peut pas être créée : {error.strerror}.") from error


def open_base(path: Path) -> Base:
    """Open an existing file for this process alone; migrates an older one after a backup."""
    path = path.resolve()
    announced = _check_header(path)
    if announced > migrations.latest():
        raise Refus(
            f"« {path.name} » a été écrite par une version plus récente de FIRDesk "
            f"(format {announced}, ce programme connaît le format {migrations.latest()}) : "
            "mettre le programme à jour. Rien n'a été modifié."
        )
    base = _connect(path)
    try:
        # Read again: the header may be that of an interrupted migration which SQLite has just taken back.
        version = int(base.conn.execute("PRAGMA user_version").fetchone()[0])
        if version < migrations.latest():
            backups.before_migration(base.conn, path, version)
            migrations.apply(base.db)
        base.conn.execute("SELECT COUNT(*) FROM operation_courante").fetchone()
        _write_lock_file(path)
    except BaseException as error:
        base.close()
        if isinstance(error, sqlite3.Error):
            _raise(error, path)
        raise
    return base


def _check_header(path: Path) -> int:
    """The ``user_version`` written in the header, read without SQLite; refuses what is no FIRDesk base."""
    try:
        if not path.exists():
            raise Refus(f"« {path} » n'existe pas : vérifier le nom et le dossier.")
        if path.is_dir():
            raise Refus(f"« {path.name} » est un dossier, pas une base FIRDesk.")
        _refuse_twice(path)
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
    try:
        conn = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=0.5)
    except sqlite3.Error as error:
        _raise(error, path)
    base = Base(path, conn, key)
    _opened.add(key)
    try:
        for name, value, expected in _PRAGMAS:
            conn.execute(f"PRAGMA {name} = {value}")
            read = conn.execute(f"PRAGMA {name}").fetchone()
            if name != "mmap_size" and (read is None or read[0] != expected):
                raise Refus(f"SQLite refuse le réglage {name}={value} (lu : {read}) : la base n'a pas été ouverte.")
        conn.execute("BEGIN EXCLUSIVE")
        # SQLite opens a file or a folder without the right to write as if all was well, until the first write.
        version = conn.execute("PRAGMA user_version").fetchone()[0]
        conn.execute(f"PRAGMA user_version = {version}")
        conn.execute("ROLLBACK")
    except BaseException as error:
        conn.close()
        _opened.discard(key)
        if isinstance(error, sqlite3.Error):
            _raise(error, path)
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
    if journal.NUL in str(error):
        return Refus("Un texte contient un caractère nul, invisible : le retirer ou retaper ce texte.")
    if clotures.CLOS in str(error):
        return Refus("L'exercice concerné est clos, donc en lecture seule : le rouvrir (page Budget, Exercices).")
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Refus(f"« {name} » est déjà ouverte{_holder(path)}. La fermer là-bas, puis recommencer.")
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")):
        return Refus(f"« {name} » est en lecture seule ou inaccessible : vérifier les droits sur le dossier.")
    if code.startswith("SQLITE_FULL"):
        return Refus("Le disque est plein : libérer de la place. Rien n'a été enregistré, la base est intacte.")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR")):
        return Refus(f"« {name} » est abîmée ou illisible : reprendre une sauvegarde.", detail=str(error))
    return error


def _raise(error: sqlite3.Error, path: Path) -> NoReturn:
    said = refusal(error, path)
    if said is error:
        raise error
    raise said from error
