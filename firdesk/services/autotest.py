"""The program tries itself: real files, real base, real workbook, real PDF, in a folder thrown away at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from firdesk.domain import money
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import Axe
from firdesk.services import demonstration, exporting, reports, verification
from firdesk.services.importing import run as importing
from firdesk.services.session import Session


def run(paint: Callable[[Path], str]) -> Iterator[str]:
    """One sentence (French) for each step that succeeded; ``Refus`` at the first that fails.

    ``paint`` opens the window on the base, which this layer cannot.
    """
    with TemporaryDirectory(prefix="firdesk-autotest-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        base, files = folder / "essai.firdesk", folder / "fichiers"
        demonstration.build(base, fichiers=files)
        yield "Base créée et fichiers importés par le processus de lecture."
        with Session.open(base) as session:
            yield from _steps(session, folder, files)
        yield paint(base)


def _steps(session: Session, folder: Path, files: Path) -> Iterator[str]:
    total = session.syntheses.par((Axe.THEME,), 2025).total.notifie
    if not total:
        raise Refus("La base d'essai est vide.")
    again = importing.plan(session, importing.scan(next(files.glob("*engagements*.csv"))))
    if again.nouvelles or again.modifiees:
        raise Refus("Le même fichier importé deux fois n'est pas reconnu.")
    yield f"Second import reconnu : {money.nombre(again.inchangees)} lignes inchangées."
    target = session.operations.next_undo()
    session.undo()
    session.redo()
    yield f"Annulé puis rétabli : {target.libelle if target else ''}."
    workbook = folder / "themes.xlsx"
    exporting.export(session, workbook, axes=[Axe.THEME], exercice=2025)
    read = importing.scan(workbook)
    yield f"Classeur écrit et relu : {sum(len(g.rows) for g in read.grids)} lignes."
    report = folder / "themes.pdf"
    reports.write(session, "themes", 2025, report)
    if not report.read_bytes().startswith(b"%PDF-"):
        raise Refus("Le rapport écrit n'est pas un PDF.")
    yield f"Rapport PDF écrit : {report.stat().st_size // 1024} Ko."
    found = [c for check in verification.verify(session) for c in check.constats]
    if found:
        raise Refus("La vérification a trouvé : " + " ".join(found))
    yield f"Vérification conforme. Total notifié 2025 : {money.euros(total)}."
