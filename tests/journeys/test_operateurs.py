"""An operator met under another name: said once, known for ever; two operators made one, and two again."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from firdesk.domain.allocation import Filtre
from firdesk.services import verification
from firdesk.ui.dialogs.fusion_operateurs import FusionOperateurs
from firdesk.ui.main_window import MainWindow
from firdesk.ui.pages.imports import Imports
from tests.journeys.conftest import Finish
from tests.journeys.gestes import session
from tests.services.importing.fichiers import Line, stars, write_stars


def line(number: int, nom: str, **changes: str) -> Line:
    return stars(number, nom=nom, identifiant="", siret="", siren="", departement="62", **changes)


def names(window: MainWindow) -> list[str]:
    return [o.nom for o in session(window).operateurs.all()]


def prepare(window: MainWindow, finish: Finish, path: Path) -> Imports:
    window.import_files([path])
    finish()
    page = window.workspace.current if window.workspace else None
    assert isinstance(page, Imports)
    return page


def write(page: Imports, window: MainWindow, finish: Finish) -> None:
    """On to the end by Enter: the answer proposed, else the main button."""
    before = len(session(window).imports.lots())
    for _ in range(4):
        if len(session(window).imports.lots()) == before:
            QTest.keyClick(window.focusWidget() or page.assistant.suite, Qt.Key.Key_Return)
            finish()
    assert len(session(window).imports.lots()) == before + 1


def test_told_once_who_it_is_the_next_file_knows(window: MainWindow, finish: Finish, tmp_path: Path) -> None:
    write(prepare(window, finish, write_stars(tmp_path / "a.csv", [line(1, "CH DE LENS")])), window, finish)

    page = prepare(window, finish, write_stars(tmp_path / "b.csv", [line(2, "Hôpital de Lens")]))
    cards = [c for c in page.assistant.decider.cards() if c.question.id.startswith("operateur:")]
    assert [c.question.titre for c in cards] == ["« Hôpital de Lens » ressemble à un opérateur connu"]
    its_him = next(b for b in cards[0].buttons() if b.toolTip().startswith("C'est CH DE LENS"))
    its_him.setFocus()
    QTest.keyClick(its_him, Qt.Key.Key_Space)
    finish()
    write(page, window, finish)
    assert names(window) == ["CH DE LENS"]

    page = prepare(window, finish, write_stars(tmp_path / "c.csv", [line(3, "HOPITAL DE LENS")]))
    assert [c for c in page.assistant.decider.cards() if c.question.id.startswith("operateur:")] == []
    write(page, window, finish)
    assert names(window) == ["CH DE LENS"]
    assert session(window).allocations.somme(Filtre(2025, operateurs=(1,))).nombre == 3


def test_two_operators_become_one_and_two_again(window: MainWindow, finish: Finish, tmp_path: Path) -> None:
    write(prepare(window, finish, write_stars(tmp_path / "a.csv", [line(1, "CH DE LENS")])), window, finish)
    write(prepare(window, finish, write_stars(tmp_path / "b.csv", [line(2, "Hôpital de Lens")])), window, finish)
    assert names(window) == ["CH DE LENS", "Hôpital de Lens"]

    window.menus.files.merge_operators()
    finish()
    dialog = next(d for d in window.findChildren(FusionOperateurs) if d.isVisible())
    assert dialog.doublons.itemText(0) == "Aucun doublon probable dans la base"  # told apart by the import
    for field, text in ((dialog.garder, "ch de lens"), (dialog.absorber, "hopital")):
        field.setFocus()
        QTest.keyClicks(field, text)
        QTest.keyClick(field.popup(), Qt.Key.Key_Down)
        QTest.keyClick(field.popup(), Qt.Key.Key_Return)
    assert "1 allocation (2025 : 1), 1\u202f000,50\u00a0€ notifiés" in dialog.effet.text()
    dialog.fusionner.setFocus()
    QTest.keyClick(dialog.fusionner, Qt.Key.Key_Return)
    assert names(window) == ["CH DE LENS"]
    assert session(window).allocations.somme(Filtre(2025, operateurs=(1,))).notifie == 2 * 1000_50
    assert not any(c.constats for c in verification.verify(session(window)))

    window.menus.undo.trigger()
    finish()
    assert names(window) == ["CH DE LENS", "Hôpital de Lens"]
    assert session(window).allocations.somme(Filtre(2025, operateurs=(2,))).notifie == 1000_50
