"""Copies of the file made by SQLite itself, checked before they count, the old ones thinned."""

import sqlite3
from datetime import datetime
from pathlib import Path

from firdesk.domain.problem import Refus


def folder(path: Path) -> Path:
    """The folder of the backups of a base, beside it."""
    return path.with_name(f"{path.stem} - sauvegardes")


def backup(conn: sqlite3.Connection, path: Path, reason: str) -> Path:
    """Copy the open file, verify the copy, move it into place; returns its path."""
    target_folder = folder(path)
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d %Hh%Mm%S")
    target = target_folder / f"{path.stem} {stamp} {reason}.firdesk"
    draft = target.with_suffix(".partiel")
    try:
        target_folder.mkdir(exist_ok=True)
        copy = sqlite3.connect(draft)
        try:
            conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            sound = copy.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        finally:
            copy.close()
        if not sound:
            raise Refus(f"La sauvegarde de « {path.name} » ne se relit pas : la base n'a pas été modifiée.")
        draft.replace(target)
    except OSError as error:
        raise Refus(f"La sauvegarde dans « {target_folder} » a échoué : {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def before_migration(conn: sqlite3.Connection, path: Path, version: int) -> Path:
    return backup(conn, path, f"avant format {version + 1}")
