"""Rows whose cells are not where they seem: what is proven is read, the rest is asked or rejected, never guessed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import AMOUNTS, Line, stars
from tests.services.importing.test_reconnaissance import plain, save
from tests.services.importing.test_reconnaissance_tables import short

RECOLLER = {"decimales": "recoller"}


def commas(path: Path, lines: Sequence[Line]) -> Path:
    """A comma-separated file whose amounts have a decimal comma and no quotes."""
    rows = [",".join(f'"{h}"' if "," in h else h for h in lines[0])]
    for line in lines:
        rows.append(",".join(v.replace(".", ",") if h in AMOUNTS else v.replace(",", " ") for h, v in line.items()))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def plan(session: Session, path: Path, decisions: dict[str, str] | None = None) -> Plan:
    return run.plan(session, lire(path), run.Reglages(decisions=decisions or {}))


def test_decimals_cut_by_commas_are_put_together_once_agreed(tmp_path: Path, session: Session) -> None:
    path = commas(tmp_path / "a.csv", [stars(i, notifie=f"{1000 * i}.25") for i in range(1, 5)])
    asked = plan(session, path)
    (question,) = asked.sans_reponse
    assert (question.id, question.titre) == ("decimales", "Recoller les décimales : 4 lignes")
    assert (asked.rejetees, len(asked.nouvelles)) == (4, 0)
    assert asked.total_fichier == asked.total_lu == 1000100
    assert [c.cellule for c in asked.rejets] == [f"AG{i}" for i in range(2, 6)]
    glued = plan(session, path, RECOLLER)
    assert (glued.rejetees, glued.total_importe, glued.total_fichier) == (0, 1000100, 1000100)
    assert [m.brut for m in glued.montants(glued.nouvelles[0])][-1] == "1000,25"
    assert {x.exercice for x in glued.nouvelles} == {2025}


def test_whole_amounts_beside_cut_ones_are_told_apart(tmp_path: Path, session: Session) -> None:
    lines = [stars(1, saisi="1000", validation_inter="1000", validation="1000", notifie="999.5"), stars(2, saisi="")]
    glued = plan(session, commas(tmp_path / "a.csv", lines), RECOLLER)
    assert [x.montant for x in glued.nouvelles] == [99950, 100050]
    assert glued.rejetees == 0


def test_a_row_with_two_readings_is_rejected_with_its_number(tmp_path: Path, session: Session) -> None:
    ambiguous = stars(2, saisi="10", validation_inter="20.30", validation="40", notifie="50")
    path = commas(tmp_path / "a.csv", [stars(1), ambiguous, *(stars(i) for i in range(3, 9))])
    found = plan(session, path, RECOLLER)
    assert (found.rejetees, found.total_lu - found.total_fichier) == (1, 0)
    assert [(c.cellule, "sans lecture certaine" in c.attendu) for c in found.rejets] == [("ligne 3", True)]
    assert any("1 ligne(s) décalée(s)" in note for note in found.notes)


def test_a_comma_in_a_label_proves_nothing(tmp_path: Path, session: Session) -> None:
    path = commas(tmp_path / "a.csv", [stars(1, notifie="1000", saisi="1", validation="1", validation_inter="1")])
    text = path.read_text(encoding="utf-8").replace("Association fictive", "Association, fictive")
    path.write_text(text, encoding="utf-8")
    found = plan(session, path, RECOLLER)
    assert (found.rejetees, found.questions) == (1, ())


def test_commas_at_the_end_of_lines_shift_nothing(tmp_path: Path, session: Session) -> None:
    lines = [stars(i, notifie="1000", saisi="1", validation="1", validation_inter="1") for i in range(1, 4)]
    path = commas(tmp_path / "a.csv", lines)
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *(row + ",," for row in rows)]), encoding="utf-8")
    found = plan(session, path)
    assert (found.rejetees, found.questions, found.total_importe) == (0, (), 300000)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.decimals(0, 99999, places=2) for _ in range(4)]), min_size=1, max_size=5))
def test_what_is_put_together_is_what_was_written(
    tmp_path: Path, session: Session, rows: list[tuple[Any, ...]]
) -> None:
    names = ("saisi", "validation_inter", "validation", "notifie")
    lines = [stars(i, **{n: str(v) for n, v in zip(names, row, strict=True)}) for i, row in enumerate(rows, 1)]
    glued = plan(session, commas(tmp_path / "a.csv", lines), RECOLLER)
    assert [x.montant for x in glued.nouvelles] == [int(row[3] * 100) for row in rows]


def test_a_merged_label_holds_for_each_of_its_rows(tmp_path: Path, session: Session) -> None:
    rows = plain("StarsFIR")
    name, year = rows[0].index("Raison sociale"), rows[0].index("Campagne")
    for i in (2, 3):
        rows[i][name] = rows[i][year] = None
    found = plan(session, save(tmp_path / "a.xlsx", rows, merge=[(1, name, 3, name), (1, year, 3, year)]))
    assert [x.operateur for x in found.nouvelles][:3] == ["Association fictive n° 1"] * 3
    assert found.rejetees == 0
    assert any("Cellules fusionnées" in note for note in found.notes)


def test_a_merged_amount_is_one_amount_and_asked(tmp_path: Path, session: Session) -> None:
    rows = short(1, 40)
    amount = rows[0].index("Montant Notifié")
    for i in (2, 3):
        rows[i][amount] = None
    path = save(tmp_path / "a.xlsx", rows, merge=[(1, amount, 3, amount)])
    asked = plan(session, path)
    (question,) = asked.sans_reponse
    assert (question.id, question.lignes, asked.rejetees) == ("fusions", 3, 3)
    assert asked.total_fichier == asked.total_lu == 38 * 100050
    answered = plan(session, path, {"fusions": "premiere"})
    assert [x.montant for x in answered.nouvelles][:4] == [100050, 0, 0, 100050]
    assert (answered.total_importe, answered.rejetees) == (38 * 100050, 0)


def test_a_title_merged_over_the_table_is_no_line(tmp_path: Path, session: Session) -> None:
    rows = short(1, 4)
    path = save(tmp_path / "a.xlsx", [rows[0], ["Département 02"], *rows[1:]], merge=[(1, 0, 1, 7)])
    found = plan(session, path)
    assert (found.lues, found.rejetees) == (4, 0)
