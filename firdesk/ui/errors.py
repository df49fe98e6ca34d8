"""A bug leaves a report in the user's data folder, with a reference to quote; nothing is sent anywhere."""

import platform
import secrets
import sys
import traceback
from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QGuiApplication

import firdesk
from firdesk import paths


def record(error: BaseException) -> str:
    """Write the report of an unexpected error; returns its reference (``E-3F2A``)."""
    reference = f"E-{secrets.token_hex(2).upper()}"
    lines = [
        f"Rapport {reference} du {datetime.now().astimezone().isoformat(timespec='seconds')}",
        f"FIRDesk {firdesk.__version__} · Python {sys.version.split()[0]} · {platform.platform()}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    try:
        _report(reference).write_text("\n".join(lines), encoding="utf-8")
    except OSError:
        sys.stderr.write("\n".join(lines))
    return reference


def copy(reference: str) -> None:
    """Put a report on the clipboard."""
    QGuiApplication.clipboard().setText(_report(reference).read_text(encoding="utf-8"))


def _report(reference: str) -> Path:
    folder = paths.user_data_dir() / "rapports"
    folder.mkdir(exist_ok=True)
    return folder / f"{reference}.txt"
