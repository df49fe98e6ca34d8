"""Imports left before they were written: where the file is and the answers given, kept beside the window's settings.

Nothing of the base nor of the file's content; a damaged or unwritable file only loses comfort, never says so.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firdesk.services.importing.reglages import Reglages

FICHIER = "imports-en-cours.json"
#: How many imports under way are kept for one base.
GARDES = 5


@dataclass(frozen=True, slots=True)
class Brouillon:
    """One import under way; ``suite`` are the files that waited behind it, ``quand`` is ISO."""

    chemin: Path
    sha256: str
    reglages: Reglages
    suite: tuple[Path, ...] = ()
    quand: str = ""

    @property
    def nom(self) -> str:
        return self.chemin.name

    @property
    def reponses(self) -> int:
        """How many answers were given."""
        return sum(1 for answer in self.reglages.decisions.values() if answer)

    @property
    def disparu(self) -> bool:
        return not self.chemin.is_file()

    def pour(self, sha256: str) -> Reglages:
        """The choices that still hold for what the file holds now: an answer about one cell only for the same bytes."""
        kept = self.reglages
        if sha256 == self.sha256:
            return kept
        lasting = {i: answer for i, answer in kept.decisions.items() if not i.startswith("cellule:")}
        return replace(kept, decisions=lasting)


class Brouillons:
    """The imports under way of each base, in one file of ``dossier``; without a folder nothing is kept."""

    def __init__(self, dossier: Path | None) -> None:
        self._file = dossier / FICHIER if dossier is not None else None

    def de(self, base: Path) -> list[Brouillon]:
        """Those of a base, the latest first."""
        found = []
        for entry in self._read().get(_key(base), []):
            try:
                found.append(_brouillon(entry))
            except (KeyError, TypeError, ValueError, AttributeError):
                continue
        return found

    def garder(self, base: Path, chemin: Path, sha256: str, reglages: Reglages, suite: Sequence[Path] = ()) -> None:
        """Keep an import under way, in the place of an earlier one of the same file."""
        entry = {
            "chemin": str(chemin),
            "sha256": sha256,
            "reglages": reglages.to_json(),
            "suite": [str(p) for p in suite],
            "quand": datetime.now(UTC).astimezone().isoformat(timespec="minutes"),
        }
        values = self._read()
        others = [e for e in values.get(_key(base), []) if _chemin(e) != str(chemin)]
        self._write({**values, _key(base): [entry, *others][:GARDES]})

    def oublier(self, base: Path, chemin: Path) -> None:
        values = self._read()
        left = [e for e in values.get(_key(base), []) if _chemin(e) != str(chemin)]
        if len(left) == len(values.get(_key(base), [])):
            return
        kept = {k: v for k, v in values.items() if k != _key(base)}
        self._write({**kept, _key(base): left} if left else kept)

    def _read(self) -> dict[str, list[Any]]:
        if self._file is None:
            return {}
        try:
            read = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {k: v for k, v in read.items() if isinstance(v, list)} if isinstance(read, dict) else {}

    def _write(self, values: dict[str, list[Any]]) -> None:
        if self._file is None:
            return
        draft = self._file.with_suffix(".tmp")
        try:
            draft.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(self._file)
        except OSError:
            return


def _key(base: Path) -> str:
    return str(base.resolve())


def _chemin(entry: Any) -> str:
    return str(entry.get("chemin", "")) if isinstance(entry, dict) else ""


def _brouillon(entry: Any) -> Brouillon:
    return Brouillon(
        Path(str(entry["chemin"])),
        str(entry["sha256"]),
        Reglages.from_json(str(entry["reglages"])),
        tuple(Path(str(p)) for p in entry.get("suite", [])),
        str(entry.get("quand", "")),
    )
