"""What the font of reports can draw."""

from pathlib import Path

import pytest

from firdesk.domain.money import euros, pourcent
from firdesk.paths import font_file
from firdesk.typesetting.glyphs import REPLACEMENT, covered, printable


@pytest.mark.parametrize(
    "text", ["Équipes mobiles, œuvre, Noël, L’Haÿ", euros(-123456789), pourcent(26.6), "« 1 – 2 » … ≥ ×"]
)
def test_french_text_and_amounts_are_kept(text: str) -> None:
    assert printable(text) == text


def test_the_replacement_can_itself_be_drawn() -> None:
    assert ord(REPLACEMENT) in covered(font_file())


@pytest.mark.parametrize("text", ["😀", "漢", "\ue000", "\ud800"])
def test_a_character_that_the_font_lacks_is_replaced(text: str) -> None:
    assert printable(f"a{text}b") == f"a{REPLACEMENT}b"


@pytest.mark.parametrize("text", ["\u00ad", "\u200b", "\ufeff", "\u200e", "\x00", "\x1b"])
def test_an_invisible_mark_is_dropped(text: str) -> None:
    assert printable(f"a{text}b") == "ab"


def test_accents_written_apart_are_composed() -> None:
    assert printable("e\u0301") == "é"


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\r\nb", "a\u2028b"])
def test_a_line_break_becomes_a_space(text: str) -> None:
    assert printable(text) == "a b"


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vide.ttf"
    path.write_bytes(b"\x00\x01\x00\x00" + bytes(12))
    with pytest.raises(ValueError, match="cmap"):
        covered(path)
