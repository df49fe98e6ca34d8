"""What the window remembers between two runs: recent bases, theme, place on the screen; nothing of their content."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

RECENTS = 8
THEMES = {"systeme": "Comme le système", "clair": "Clair", "sombre": "Sombre"}


@dataclass(frozen=True, slots=True)
class Recent:
    """A base opened before, and when (ISO)."""

    path: Path
    opened: str = ""

    @property
    def missing(self) -> bool:
        return not self.path.is_file()


@dataclass(slots=True)
class Settings:
    """Read once, written at each change; a damaged or unwritable file only loses comfort, never says so."""

    file: Path | None = None
    theme: str = "systeme"
    geometry: str = ""
    recents: list[Recent] = field(default_factory=list)
    exercices: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> "Settings":
        made = cls(file)
        try:
            read = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return made
        if isinstance(read, dict):
            made._take(read)
        return made

    def _take(self, read: dict[str, Any]) -> None:
        if read.get("theme") in THEMES:
            self.theme = read["theme"]
        if isinstance(read.get("geometry"), str):
            self.geometry = read["geometry"]
        for entry in read.get("recents") or []:
            if isinstance(entry, dict) and entry.get("path"):
                self.recents.append(Recent(Path(str(entry["path"])), str(entry.get("opened", ""))))
        years = read.get("exercices")
        if isinstance(years, dict):
            self.exercices = {str(k): v for k, v in years.items() if isinstance(v, int)}

    def save(self) -> None:
        if self.file is None:
            return
        values = asdict(self) | {"recents": [{"path": str(r.path), "opened": r.opened} for r in self.recents]}
        del values["file"]
        draft = self.file.with_suffix(".tmp")
        try:
            draft.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self.file)
        except OSError:
            return

    def opened(self, path: Path) -> None:
        """Put a base at the head of the recent ones."""
        now = datetime.now().astimezone().isoformat(timespec="minutes")
        self.recents = [Recent(path, now), *(r for r in self.recents if r.path != path)][:RECENTS]
        self.save()

    def forget(self, path: Path) -> None:
        self.recents = [r for r in self.recents if r.path != path]
        self.save()
