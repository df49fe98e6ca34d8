"""Pictures of the pages, as the command line takes them."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from firdesk import app
from firdesk.domain.problem import Refus


def test_captures_writes_a_picture_of_accueil_and_of_each_page(qapp: object, base: Path, tmp_path: Path) -> None:
    files = app.captures(base, tmp_path / "captures", (1366, 768), "sombre")
    assert [f.name for f in files][:2] == ["0-accueil-sombre.png", "1-tableau-de-bord-sombre.png"]
    assert len(files) >= 5
    sizes = {(QImage(str(f)).width(), QImage(str(f)).height()) for f in files}
    assert sizes == {(1366, 768)}


def test_captures_of_what_is_no_base_are_refused(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(Refus, match="n'existe pas"):
        app.captures(tmp_path / "absente.firdesk", tmp_path, (1366, 768), "clair")


def test_the_program_paints_its_window_on_its_own(qapp: object, base_demo: Path) -> None:
    assert app.self_check(base_demo).startswith("Fenêtre ouverte")
