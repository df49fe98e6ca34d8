"""Answers on the command line: listed by a simulation, given one by one, remembered for the next file."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from firdesk.cli import cli
from tests.services.importing.fichiers import stars, write_stars


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def read(*args: object) -> Any:
    result = run("importer", *args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "a.firdesk"
    assert run("nouveau", path, "--exercice", "2025").exit_code == 0
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    lines = [*(stars(n) for n in range(1, 8)), stars(8, notifie="1.234"), stars(9, notifie="12 4S0")]
    return write_stars(tmp_path / "export.csv", lines)


def test_a_simulation_lists_what_is_asked(base: Path, file: Path) -> None:
    found = read(base, file, "--simuler")
    asked = {q["id"]: q for q in found["questions"]}
    assert asked["notifie:1.234"]["reponse"] == ""
    assert [c["code"] for c in asked["notifie:1.234"]["choix"]] == ["milliers", "decimale"]
    assert (asked["notifie:12 4S0"]["reponse"], asked["notifie:12 4S0"]["saisie"]) == ("rejeter", True)
    assert '--decision "notifie:1.234=milliers"' in run("importer", base, file, "--simuler").stdout


def test_what_is_asked_without_an_answer_is_rejected(base: Path, file: Path) -> None:
    found = read(base, file)
    assert (found["rejetees"], found["total_importe_centimes"]) == (2, 7 * 100050)


def test_answers_are_given_one_by_one_and_remembered(base: Path, file: Path, tmp_path: Path) -> None:
    answers = ("--decision", "notifie:1.234=milliers", "--decision", "notifie:12 4S0==12 450,00")
    found = read(base, file, *answers)
    assert (found["rejetees"], found["total_importe_centimes"]) == (0, 7 * 100050 + 123400 + 1245000)
    later = write_stars(tmp_path / "later.csv", [stars(10, notifie="1.234")])
    again = read(base, later)
    assert (again["retenues"], again["total_importe_centimes"], again["reparees"]) == (1, 123400, 1)


@pytest.mark.parametrize("wrong", ["notifie:9=milliers", "notifie:1.234=x", "notifie:12 4S0==?", "notifie"])
def test_an_answer_to_nothing_is_refused_and_nothing_is_written(base: Path, file: Path, wrong: str) -> None:
    result = run("importer", base, file, "--decision", wrong)
    assert (result.exit_code, bool(result.stderr)) == (1, True)
    assert read(base, file, "--simuler")["nouvelles"] == 7


def test_a_file_with_too_many_rejects_is_written_when_insisted(base: Path, tmp_path: Path) -> None:
    lines = [stars(n, notifie="?" if n < 5 else "1.00") for n in range(1, 11)]
    file = write_stars(tmp_path / "mauvais.csv", lines)
    refused = run("importer", base, file)
    assert (refused.exit_code, "4 lignes sur 10" in refused.stderr) == (1, True)
    assert read(base, file, "--insister")["nouvelles"] == 6
