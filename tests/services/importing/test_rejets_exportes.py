"""The rejects given back in a copy of the user's file, and that copy imported once corrected."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from firdesk.domain.lot import Constat, Lot
from firdesk.domain.problem import Annulation, Refus
from firdesk.services.importing import rejets, run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from firdesk.sheets.style_part import FILL
from tests.services.importing.fichiers import stars, write_stars, write_xlsx

Preparer = Callable[..., Plan]


def lines(bad: str = "douze") -> list[dict[str, str]]:
    return [
        stars(1),
        stars(2, notifie=bad),
        stars(3),
        stars(4, nom="", identifiant=""),
        *(stars(n) for n in range(5, 9)),
    ]


def imported(session: Session, path: Path) -> Lot:
    return run.execute(session, run.plan(session, run.scan(path)))


def corrected(copy: Path, sheet: str) -> Path:
    """The copy with its coloured cells mended, as the user does it, saved by another program."""
    book = openpyxl.load_workbook(copy)
    marked = [c for row in book[sheet].iter_rows() for c in row if c.fill.fgColor.rgb == FILL]
    assert len(marked) == 2
    for cell in marked:
        assert cell.comment is not None
        cell.value = "Association fictive n° 4" if "nom" in cell.comment.text else "1 000,50"
    book.save(copy)
    return copy


def test_the_copy_of_a_workbook_shows_each_reject_at_its_cell(session: Session, tmp_path: Path) -> None:
    source = write_xlsx(tmp_path / "envoi.xlsx", lines(), cell=lambda _h, text: text, total=False)
    lot = imported(session, source)
    demande = rejets.de_la_base(session, lot.id or 0)
    copie = rejets.exporter(demande, tmp_path / rejets.nom_propose(demande))
    assert (copie.chemin.name, copie.cellules, copie.notes) == ("envoi - rejets.xlsx", 2, ())
    book = openpyxl.load_workbook(copie.chemin)
    for constat in demande.constats:
        cell = book["Export"][constat.cellule]
        assert (cell.fill.fgColor.rgb, cell.comment.author) == (FILL, "FIRDesk")
        assert cell.comment.text == rejets.commentaire(constat)
    assert rejets.commentaire(demande.constats[0]).startswith("Lu : « douze »\nAttendu : un montant")
    assert [c.value for c in book["Rejets FIRDesk"]["B"][3:]] == [c.cellule for c in demande.constats]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_corrected_copy_brings_the_rejected_lines_and_leaves_the_others(
    session: Session, tmp_path: Path, kind: str
) -> None:
    if kind == "xlsx":
        source = write_xlsx(tmp_path / "envoi.xlsx", lines(), cell=lambda _h, text: text, total=False)
    else:
        source = write_stars(tmp_path / "envoi.csv", lines())
    lot = imported(session, source)
    assert (lot.nouvelles, lot.rejetees) == (6, 2)
    copie = rejets.exporter(rejets.de_la_base(session, lot.id or 0), tmp_path / "à corriger.xlsx")
    plan = run.plan(session, run.scan(corrected(copie.chemin, lot.feuille)))
    assert (len(plan.nouvelles), plan.inchangees, len(plan.modifiees)) == (2, 6, 0)
    assert (len(plan.disparues), plan.rejetees, plan.feuille) == (0, 0, lot.feuille)
    assert plan.total_importe == 8 * 1000_50


def test_a_copy_still_wrong_is_marked_again_where_it_is_wrong_only(session: Session, tmp_path: Path) -> None:
    lot = imported(session, write_xlsx(tmp_path / "a.xlsx", lines(), cell=lambda _h, text: text, total=False))
    first = rejets.exporter(rejets.de_la_base(session, lot.id or 0), tmp_path / "b.xlsx").chemin
    book = openpyxl.load_workbook(first)
    amount, name = (c.cellule for c in session.imports.constats(lot.id or 0) if c.genre == "rejet")
    book["Export"][amount].value = "1000,50"
    book.save(first)
    plan = run.plan(session, run.scan(first))
    again = openpyxl.load_workbook(rejets.exporter(rejets.du_plan(plan), tmp_path / "c.xlsx").chemin)
    assert again.sheetnames == ["Rejets FIRDesk", "Export"]
    sheet = again["Export"]
    assert (sheet[amount].comment, sheet[amount].fill.fgColor.rgb == FILL) == (None, False)
    assert (sheet[name].fill.fgColor.rgb, len(list(again["Rejets FIRDesk"].iter_rows(min_row=4)))) == (FILL, 1)


def test_the_rejects_of_a_file_refused_as_a_whole_are_given_too(session: Session, tmp_path: Path) -> None:
    source = write_stars(tmp_path / "a.csv", [stars(n, notifie="?") for n in range(1, 9)])
    plan = run.plan(session, run.scan(source))
    with pytest.raises(Refus):
        run.execute(session, plan)
    assert rejets.exporter(rejets.du_plan(plan), tmp_path / "r.xlsx").cellules == 8


def test_texts_of_a_csv_stay_texts_at_the_same_addresses(session: Session, tmp_path: Path) -> None:
    source = write_stars(tmp_path / "a.csv", [stars(1, notifie="?"), stars(2, action="=1+1", siret="00012")])
    plan = run.plan(session, run.scan(source))
    sheet = openpyxl.load_workbook(rejets.exporter(rejets.du_plan(plan), tmp_path / "r.xlsx").chemin)["a"]
    headers = [c.value for c in sheet[1]]
    values = dict(zip(headers, sheet[3], strict=True))
    assert (values["Code SIRET"].value, values["Code SIRET"].data_type) == ("00012", "s")
    assert (values["Action"].value, values["Action"].data_type) == ("=1+1", "s")
    assert values["Montant Notifié"].value == "1000.50"


def test_an_ods_comes_back_as_a_workbook_that_reads_the_same(session: Session, tmp_path: Path) -> None:
    source = write_xlsx(tmp_path / "a.xlsx", [stars(n) for n in range(1, 9)], total=False, hidden=[2])
    book = openpyxl.load_workbook(source)
    book["Export"]["AH5"].value = 1234.56
    book["Export"]["AH6"].value = "douze"
    book.save(source)
    convert = ["soffice", f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless", "--convert-to", "ods"]
    try:
        subprocess.run([*convert, source.name], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    except FileNotFoundError:
        pytest.skip("LibreOffice is not there")
    plan = run.plan(session, run.scan(tmp_path / "a.ods"))
    copie = rejets.exporter(rejets.du_plan(plan), tmp_path / "r.xlsx")
    assert "sans sa mise en forme" in copie.notes[0]
    again = run.plan(session, run.scan(copie.chemin))
    assert (again.total_fichier, again.total_importe) == (plan.total_fichier, plan.total_importe)
    assert [(c.cellule, c.lu) for c in again.rejets] == [(c.cellule, c.lu) for c in plan.rejets]
    assert [q.lignes for q in again.questions if q.id == "masquees"] == [1]


def test_a_file_moved_is_asked_for_and_one_that_changed_gives_the_list_only(session: Session, tmp_path: Path) -> None:
    source = write_stars(tmp_path / "a.csv", lines())
    demande = rejets.de_la_base(session, imported(session, source).id or 0)
    moved = Path(shutil.move(source, tmp_path / "rangé.csv"))
    with pytest.raises(rejets.Deplace, match="n'est plus dans"):
        rejets.exporter(demande, tmp_path / "r.xlsx")
    assert rejets.exporter(demande, tmp_path / "r.xlsx", original=moved).cellules == 2
    moved.write_text(moved.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(rejets.Change, match="n'est pas le fichier lu"):
        rejets.exporter(demande, tmp_path / "s.xlsx", original=moved)
    assert not (tmp_path / "s.xlsx").exists()
    rejets.exporter(demande, tmp_path / "s.xlsx", liste_seule=True)
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["Rejets FIRDesk"]
    assert [c.value for c in sheet["B"]][-2:] == ["AG3", "D5"]


def test_the_original_is_never_written_over(session: Session, tmp_path: Path) -> None:
    source = write_xlsx(tmp_path / "a.xlsx", lines(), cell=lambda _h, text: text, total=False)
    before = source.read_bytes()
    with pytest.raises(Refus, match="jamais modifié"):
        rejets.exporter(rejets.du_plan(run.plan(session, run.scan(source))), source)
    assert source.read_bytes() == before


def test_without_rejects_there_is_nothing_to_export(session: Session, tmp_path: Path) -> None:
    lot = imported(session, write_stars(tmp_path / "a.csv", [stars(1)]))
    with pytest.raises(Refus, match="aucune ligne n'a été rejetée"):
        rejets.exporter(rejets.de_la_base(session, lot.id or 0), tmp_path / "r.xlsx")
    with pytest.raises(Refus, match="pas d'import n° 99"):
        rejets.de_la_base(session, 99)


def test_the_copy_bears_the_extension_of_its_kind(session: Session, tmp_path: Path) -> None:
    plan = run.plan(session, run.scan(write_stars(tmp_path / "a.csv", lines())))
    with pytest.raises(Refus, match=r"s'enregistre en \.xlsx"):
        rejets.exporter(rejets.du_plan(plan), tmp_path / "r.csv")


def test_a_whole_row_is_shown_by_its_first_cell() -> None:
    constat = Constat("rejet", "Export", "ligne 12", "", "une campagne", "La saisir.")
    demande = rejets.Demande("a.csv", "", "", "Export", run.Reglages(), "", (constat,))
    assert [(m.row, m.column) for m in rejets._marks(demande, 2)] == [(11, 2)]


def test_giving_up_leaves_no_copy(session: Session, tmp_path: Path) -> None:
    class Impatient:
        def report(self, done: int, total: int | None, text: str) -> None:
            return

        def check(self) -> None:
            raise Annulation

    plan = run.plan(
        session, run.scan(write_xlsx(tmp_path / "a.xlsx", lines(), cell=lambda _h, text: text, total=False))
    )
    with pytest.raises(Annulation):
        rejets.exporter(rejets.du_plan(plan), tmp_path / "r.xlsx", progress=Impatient())
    assert [p.name for p in tmp_path.glob("*r.xlsx*")] == []
