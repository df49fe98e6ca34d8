"""What is remembered between two runs."""

from pathlib import Path

from firdesk.ui.settings import RECENTS, Settings


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "reglages.json"
    settings = Settings.load(file)
    settings.theme = "sombre"
    settings.exercices["a.firdesk"] = 2024
    settings.opened(tmp_path / "a.firdesk")
    again = Settings.load(file)
    assert (again.theme, again.exercices, again.recents) == ("sombre", {"a.firdesk": 2024}, settings.recents)


def test_a_damaged_file_gives_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "reglages.json"
    for content in ("{", "[]", '{"theme": "rose", "recents": [1, {}], "exercices": 3}'):
        file.write_text(content, encoding="utf-8")
        again = Settings.load(file)
        assert (again.theme, again.recents, again.exercices) == ("systeme", [], {})


def test_the_latest_base_comes_first_once_and_few_are_kept(tmp_path: Path) -> None:
    settings = Settings()
    for i in [*range(10), 5]:
        settings.opened(tmp_path / f"{i}.firdesk")
    assert [r.path.stem for r in settings.recents] == ["5", "9", "8", "7", "6", "4", "3", "2"]
    assert len(settings.recents) == RECENTS


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    Settings(tmp_path / "absent" / "reglages.json").save()
