"""The demonstration base: invented finance files, imported by the ordinary path, then a few facts typed by hand.

The figures of 2025 are those of the published Bilan, to the euro; operators, lines and 2024 are invented.
"""

import tempfile
from pathlib import Path

from firdesk.services import session as sessions
from firdesk.services.demonstration import atelier, budget
from firdesk.services.demonstration.fichiers import alea, write_files
from firdesk.services.demonstration.saisies import saisir
from firdesk.services.importing import run
from firdesk.services.importing.rattachement import PRORATA, TOUS
from firdesk.services.progress import Progress, Silent
from firdesk.services.session import Session

#: A payment of several allocations is shared between them.
REGLAGES = run.Reglages(decisions={TOUS: PRORATA})

__all__ = ["AVERTISSEMENT", "build"]

AVERTISSEMENT = "Données de démonstration fictives, calées sur le Bilan 2025 publié"


def build(path: Path, progress: Progress | None = None, *, fichiers: Path | None = None) -> None:
    """Write the demonstration base at ``path``; the files it is made from stay in ``fichiers`` when it is given,
    with others to practise importing in its folder ``a-importer``.

    ``Refus`` when ``path`` exists already; cancelled or failed, nothing is left of the base.
    """
    told = progress or Silent()
    sessions.create(path, (2024, 2025), libelle=sessions.LIBELLE_DEMONSTRATION)
    try:
        if fichiers is not None:
            fichiers.mkdir(parents=True, exist_ok=True)
            _fill(path, fichiers, told)
            atelier.write_files(fichiers, alea("atelier"))
        else:
            with tempfile.TemporaryDirectory(prefix="firdesk-demo-") as folder:
                _fill(path, Path(folder), told)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _fill(path: Path, folder: Path, told: Progress) -> None:
    files = write_files(folder, _Part(told, 0, 10))
    with Session.open(path) as session:
        for position, file in enumerate(files):
            part = _Part(told, 10 + 80 * position // len(files), 10 + 80 * (position + 1) // len(files))
            part.report(0, None, f"Import de {file.name}")
            workbook = run.scan(file, part)
            run.execute(session, run.plan(session, workbook, REGLAGES, part), part)
        told.check()
        told.report(92, 100, "Saisie des budgets et de quelques faits")
        saisir(session, alea("saisies"))
        budget.saisir(session)
    told.report(100, 100, "Base de démonstration prête")


class _Part:
    """A share of the whole progress, in hundredths."""

    def __init__(self, told: Progress, start: int, end: int) -> None:
        self._told = told
        self._start = start
        self._width = end - start

    def report(self, done: int, total: int | None, text: str) -> None:
        share = min(1.0, done / total) if total else 0.0
        self._told.report(self._start + int(self._width * share), 100, text)

    def check(self) -> None:
        self._told.check()
