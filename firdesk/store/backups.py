"""Copies of the file made by SQLite itself, checked before they count, the old ones thinned."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from firdesk.domain.problem import Refus

_STAMP = "%Y-%m-%d %Hh%Mm%S"
#: What thinning keeps: the last ones, one a day for a while, one a month for ever.
_LAST = 10
_DAILY = timedelta(days=30)
_MIGRATION = "avant format"


def folder(path: Path) -> Path:
    """The folder of the backups of a base, beside it."""
    return path.with_name(f"{path.stem} - sauvegardes")


def backup(conn: sqlite3.Connection, path: Path, reason: str) -> Path:
    """Copy the open file, verify the copy, move it into place, thin the older ones; returns its path."""
    target_folder = folder(path)
    stamp = datetime.now().astimezone().strftime(_STAMP)
    target = target_folder / f"{path.stem} {stamp} {reason}.firdesk"
    draft = target.with_suffix(".partiel")
    try:
        target_folder.mkdir(exist_ok=True)
        draft.unlink(missing_ok=True)
        if not _copied(conn, draft):
            raise Refus(f"La sauvegarde de « {path.name} » ne se relit pas : la base n'a pas été modifiée.")
        draft.replace(target)
        thin(path)
    except (OSError, sqlite3.Error) as error:
        why = "le disque est plein" if "full" in str(error) else getattr(error, "strerror", None) or error
        raise Refus(f"La sauvegarde dans « {target_folder} » a échoué : {why}.") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


def _copied(conn: sqlite3.Connection, draft: Path) -> bool:
    copy = sqlite3.connect(draft)
    try:
        conn.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        return bool(copy.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
            return False
        raise
    finally:
        copy.close()


def before_migration(conn: sqlite3.Connection, path: Path, version: int) -> Path:
    return backup(conn, path, f"{_MIGRATION} {version + 1}")


def thin(path: Path) -> None:
    """Remove the backups of a base that :func:`superfluous` names; those of a migration stay, as any other file."""
    name = re.compile(re.escape(path.stem) + r" (\d{4}-\d\d-\d\d \d\dh\d\dm\d\d) (.+)\.firdesk")
    dated: dict[datetime, list[Path]] = {}
    for file in folder(path).iterdir():
        match = name.fullmatch(file.name)
        if match and not match.group(2).startswith(_MIGRATION):
            # Local time as written in the name: only compared with its like.
            dated.setdefault(datetime.strptime(match.group(1), _STAMP), []).append(file)  # noqa: DTZ007
    for moment in superfluous(dated):
        for file in dated[moment]:
            file.unlink(missing_ok=True)


def superfluous(moments: Iterable[datetime]) -> list[datetime]:
    """The moments to let go: neither among the last, nor the last of a recent day, nor the last of a month."""
    latest = sorted(moments, reverse=True)
    kept = set(latest[:_LAST])
    days: set[object] = set()
    months: set[object] = set()
    for moment in latest:
        month = (moment.year, moment.month)
        if month not in months or (moment.date() not in days and latest[0] - moment < _DAILY):
            kept.add(moment)
        days.add(moment.date())
        months.add(month)
    return [m for m in latest if m not in kept]
