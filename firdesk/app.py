"""Composition root: builds the application, the settings and the window, and hands them to each other."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QDeadlineTimer,
    QEventLoop,
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    Qt,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

import firdesk
from firdesk import paths
from firdesk.domain.allocation import Filtre
from firdesk.domain.operateur import sans_accents
from firdesk.domain.problem import Refus
from firdesk.ui.kit import style
from firdesk.ui.main_window import MainWindow
from firdesk.ui.settings import Settings

if TYPE_CHECKING:
    from firdesk.ui.pages.imports import Imports

SETTINGS = "reglages.json"
PATIENCE_MS = 60_000


def run(path: Path | None = None) -> int:
    """Open the window, on a base where one is given; returns when it closes."""
    app = application()
    settings = Settings.load(paths.user_data_dir() / SETTINGS)
    style.install(app, settings.theme)  # type: ignore[arg-type]
    window = MainWindow(settings)
    _report_bugs(window)
    if path is not None:
        window.show_loading()
        target = path
        window.painted.connect(lambda: QTimer.singleShot(0, window, lambda: window.open_base(target)))
    window.show()
    return app.exec()


def application() -> QApplication:
    """The one application object, in French."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QCoreApplication.setApplicationName("FIRDesk")
    QCoreApplication.setApplicationVersion(firdesk.__version__)
    app = QApplication(sys.argv[:1])
    app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
    french = QLocale(QLocale.Language.French, QLocale.Country.France)
    QLocale.setDefault(french)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(french, "qtbase", "_", folder):
        app.installTranslator(translator)
    return app


def _report_bugs(window: MainWindow) -> None:
    """What nobody caught becomes a report and a message; the window stays."""
    from firdesk.ui import errors

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        reference = errors.record(error)
        window.say(
            "erreur",
            f"Une erreur imprévue s'est produite (référence {reference}). La base est intacte.",
            "Copier le rapport",
            lambda: errors.copy(reference),
        )

    sys.excepthook = caught


def captures(path: Path, folder: Path, size: tuple[int, int], theme: str, files: Sequence[Path] = ()) -> list[Path]:
    """Write one PNG of each page of a base, of its last import, of Accueil and of each step of the import of ``files``.

    The user's settings and the base are left alone.
    """
    app = _offscreen()
    style.install(app, "sombre" if theme == "sombre" else "clair")
    window = MainWindow(Settings(theme=theme))
    window.resize(*size)
    window.show()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not window.open_base(path):
            raise Refus(window.accueil.note.accessibleName())
        made = [file for place in range(_count(window)) for file in _capture(window, folder, theme, place)]
        made += _capture_lot(window, folder, theme)
        made += _capture_engagements(window, folder, theme)
        for file in files:
            made += _capture_import(window, folder, theme, file)
        window.close_base()
        settle(window)
        return [_save(window, folder / f"0-accueil-{theme}.png"), *made]
    finally:
        window.close_base()
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, 0)


def _count(window: MainWindow) -> int:
    return len(window.workspace.page_classes) if window.workspace is not None else 0


def _capture(window: MainWindow, folder: Path, theme: str, place: int) -> list[Path]:
    """One picture of a page, or one of each of its tabs."""
    workspace = window.workspace
    if workspace is None:
        raise Refus("La base s'est fermée.")
    key = workspace.page_classes[place].key
    workspace.go(key)
    settle(window)
    page = workspace.page(key)
    stem = f"{place + 1}-{key.replace('_', '-')}"
    made = []
    for view in page.views or ("",):
        if view:
            page.show_view(view)
        page.present()
        settle(window)
        made.append(_save(window, folder / f"{stem}{view and f'-{view}'}-{theme}.png"))
    return made


def _capture_import(window: MainWindow, folder: Path, theme: str, file: Path) -> list[Path]:
    """The steps of an import as the user meets them, written nowhere."""
    page = _imports(window)
    page.add_files([file.absolute()])
    settle(window)
    made = []
    for step, name in page.assistant.shown_steps():
        page.assistant.go(step)
        settle(window)
        made.append(_save(window, folder / f"import-{_plain(file.stem)}-{name}-{theme}.png"))
    plan = page.encours.plan
    if plan is not None and plan.disparues:
        page.assistant.differences.go("disparues")
        settle(window)
        made.append(_save(window, folder / f"import-{_plain(file.stem)}-disparues-{theme}.png"))
    page.encours.give_up()
    settle(window)
    return made


def _capture_lot(window: MainWindow, folder: Path, theme: str) -> list[Path]:
    """The page of the last import and the SIBC snapshots, of a base that has some."""
    page = _imports(window)
    settle(window)
    suivis = page.liste.suivis()
    if not suivis:
        return []
    page.show_suivi(suivis[0])
    settle(window)
    made = [_save(window, folder / f"import-ecrit-{theme}.png")]
    page.show_list()
    page.show_situations()
    settle(window)
    if page.situations.comparaison is not None:
        made.append(_save(window, folder / f"situations-{theme}.png"))
    page.show_list()
    return made


def _capture_engagements(window: MainWindow, folder: Path, theme: str) -> list[Path]:
    """The commitments of the first allocation that has planned payments, the sheet that plans them, two exercices."""
    from firdesk.ui.dialogs.echeancier import EcheancierSheet
    from firdesk.ui.pages.allocations import Allocations

    workspace = window.workspace
    planned = workspace.bridge.session.engagements.planifiees() if workspace is not None else ()
    if workspace is None or not planned:
        return []
    workspace.go("allocations")
    page = workspace.current
    if not isinstance(page, Allocations):
        raise Refus("La page des allocations ne s'est pas ouverte.")
    number = min(planned)
    found = page.session.allocations.get(number)
    if found is not None:
        page.accept(Filtre(exercice=found.exercice, operateurs=(found.operateur_id,)))
    page.show_line(number)
    settle(window)
    shown = page.form.fields.engagements
    page.form.sheet.ensureWidgetVisible(shown, 0, 0)
    settle(window)
    made = [_save(window, folder / f"engagements-{theme}.png")]
    shown.plan()
    settle(window)
    sheet = window.findChild(EcheancierSheet)
    if sheet is not None:
        made.append(_save(sheet, folder / f"echeancier-{theme}.png"))
        sheet.reject()
    workspace.go("budget", ("exercices", "comparaison"))
    settle(window)
    return [*made, _save(window, folder / f"comparaison-{theme}.png")]


def _imports(window: MainWindow) -> "Imports":
    from firdesk.ui.pages.imports import Imports

    workspace = window.workspace
    if workspace is None:
        raise Refus("La base s'est fermée.")
    workspace.go("imports")
    page = workspace.current
    if not isinstance(page, Imports):
        raise Refus("La page des imports ne s'est pas ouverte.")
    return page


def _plain(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", sans_accents(name)))


def settle(window: MainWindow) -> None:
    """Let the window finish what it is doing: the job under way, what it leads to, layouts and paints."""
    limit = QDeadlineTimer(PATIENCE_MS)
    while not limit.hasExpired():
        QApplication.processEvents()
        workspace = window.workspace
        page = workspace.current if workspace is not None else None
        if window.jobs.running:
            loop = QEventLoop()
            window.jobs.idle.connect(loop.quit)
            if window.jobs.running:
                loop.exec()
        elif page is None or not page.loading:
            QApplication.processEvents()
            return
    raise Refus("Une page n'a pas fini de se préparer : recommencer, ou l'ouvrir dans la fenêtre.")


def _save(widget: QWidget, file: Path) -> Path:
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    if not picture.save(str(file), quality=0):  # packed as much as can be; the name says PNG
        raise Refus(f"« {file} » ne peut pas être écrit : vérifier les droits sur le dossier.")
    return file


def _offscreen() -> QApplication:
    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_say_unless_offscreen)
    return application()


def _say_unless_offscreen(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """What the screenless platform says of itself concerns nobody."""
    if not text.startswith("This plugin does not support"):
        sys.stderr.write(f"{text}\n")


def self_check(base: Path) -> str:
    """Open a real window on a base without a screen and paint every page, charts too; a sentence for ``autotest``."""
    with TemporaryDirectory(prefix="firdesk-fenetre-", ignore_cleanup_errors=True) as name:
        files = captures(base, Path(name), (1366, 768), "clair")
        if any(not f.stat().st_size for f in files):
            raise Refus("Une page de la fenêtre ne s'est pas peinte.")
    return f"Fenêtre ouverte, {len(files)} pages peintes."
