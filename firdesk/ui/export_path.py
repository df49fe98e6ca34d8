"""Where to export, asked in one way everywhere; the work that follows, and what is said once it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from firdesk.ui.base_commands import open_file
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.jobs import Progress

CLASSEUR = "Classeur Excel (*.xlsx)"
CLASSEUR_OU_CSV = f"{CLASSEUR};;CSV (*.csv)"


def ask_path(parent: QWidget, title: str, proposed: Path, kinds: str = CLASSEUR, suffix: str = ".xlsx") -> Path | None:
    """The file that the user names, ``None`` when they gave up; a name without suffix gets ``suffix``."""
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(proposed), kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(suffix)


def run_export(
    bridge: Bridge, path: Path, write: Callable[[Progress], object], label: str = "Export vers Excel"
) -> None:
    """Write a file on the worker, then say so beside *Ouvrir*."""

    def written(_: object) -> None:
        bridge.message.emit("succes", f"Exporté : {path.name}", "Ouvrir", lambda: open_file(path))

    bridge.run(label, write, written)
