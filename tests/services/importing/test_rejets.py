"""What is refused, asked, repaired or put aside, and what the user is told of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Refus
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import as_excel, stars, write_stars, write_xlsx

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


def test_a_reject_names_sheet_cell_value_expectation_and_mend(tmp_path: Path, session: Session) -> None:
    lines = [stars(1), stars(2, notifie="douze"), *(stars(i) for i in range(3, 30))]
    lot = run.execute(session, run.plan(session, lire(write_stars(tmp_path / "export.csv", lines))))
    assert run.summary(lot)["rejets"] == [
        {
            "feuille": "export",
            "cellule": "AG3",
            "lu": "douze",
            "attendu": "un montant en chiffres (1 234,56)",
            "remede": "Corriger le montant dans le fichier, puis importer à nouveau.",
        }
    ]
    assert [c.cellule for c in session.imports.constats(lot.id or 0) if c.genre == "rejet"] == ["AG3"]


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"campagne": "soon"}, "AH3"),
        ({"mesure3": "", "mesure2": ""}, "T3"),
        ({"mesure3": "Sans code"}, "T3"),
        ({"nom": "", "identifiant": ""}, "D3"),
        ({"saisi": "?"}, "AD3"),
    ],
)
def test_a_line_that_cannot_be_one_is_rejected_at_its_cell(
    tmp_path: Path, preparer: Preparer, changes: dict[str, str], cell: str
) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1), stars(2, **changes)]))
    assert plan.rejetees == 1
    assert [c.cellule for c in plan.rejets] == [cell]


def test_an_ambiguous_amount_is_a_question_that_rejects_until_answered(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, notifie="1.234"), stars(2, notifie="1.234"), stars(3)])
    plan = preparer(path)
    (question,) = plan.sans_reponse
    assert (question.id, question.lignes) == ("notifie:1.234", 2)
    assert question.choix == (("milliers", "1\u202f234,00\u00a0€"), ("decimale", "1,23\u00a0€"))
    assert plan.rejetees == 2
    answered = preparer(path, decisions={"notifie:1.234": "milliers"})
    assert (answered.rejetees, answered.total_importe) == (0, 2 * 123400 + 100050)
    assert answered.total_fichier == answered.total_lu
    assert answered.sans_reponse == ()


def test_an_unknown_departement_is_left_empty_unless_rejected(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, departement="Aine"), stars(2)])
    plan = preparer(path)
    assert (plan.rejetees, plan.operateurs_nouveaux[0].departement) == (0, "")
    assert [q.id for q in plan.questions] == ["departement:Aine"]
    assert preparer(path, decisions={"departement:Aine": "rejeter"}).rejetees == 1


def test_equal_repairs_are_listed_once_with_their_number(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(3), stars(5)]))
    departements = [c for c in plan.reparations if "département" in c.remede]
    assert [(c.lu, c.attendu) for c in departements] == [("2", "« 02 »")]
    assert "3 cellules" in departements[0].remede
    assert plan.reparees == 3


@pytest.mark.parametrize(("value", "lu"), [("=1/0", "#DIV/0!"), ("=2+2", "(formule non calculée)")])
def test_an_error_or_a_formula_without_result_rejects_its_line(
    tmp_path: Path, preparer: Preparer, value: str, lu: str
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(2)], titles=0, moved=False, total=False)
    book = openpyxl.load_workbook(path)
    cell = book["Export"]["AG3"]
    cell.value = lu if lu.startswith("#") else value
    if lu.startswith("#"):
        cell.data_type = "e"
    book.save(path)
    plan = preparer(path)
    assert [(c.cellule, c.lu) for c in plan.rejets] == [("AG3", lu)]
    assert plan.total_fichier == plan.total_lu == 100050


def test_an_error_elsewhere_is_only_said(tmp_path: Path, preparer: Preparer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1)], titles=0, moved=False, total=False)
    book = openpyxl.load_workbook(path)
    cell = book["Export"]["Z2"]
    cell.value, cell.data_type = "#REF!", "e"
    book.save(path)
    plan = preparer(path)
    assert plan.rejetees == 0
    assert [(c.cellule, c.lu) for c in plan.alertes] == [("Z2", "#REF!")]


def test_nul_characters_are_removed_and_said(tmp_path: Path, session: Session, importer: Importer) -> None:
    lines = [*(stars(i) for i in range(1, 9)), stars(9, motivation="a\0b")]
    lot = importer(write_stars(tmp_path / "a.csv", lines))
    found = session.allocations.get(session.allocations.ids(Filtre())[-1])
    assert found is not None
    assert found.motivation == "ab"
    assert [c.genre for c in session.imports.constats(lot.id or 0)] == ["alerte"]


def test_totals_are_kept_out_and_checked(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(2)]))
    assert plan.lues == 2
    assert [(c.lu, c.calcule) for c in plan.controle_totaux] == [(200100, 200100)] * 4
    assert not [c for c in plan.alertes if "total" in c.remede]


def test_a_total_that_the_lines_do_not_add_up_to_is_said(tmp_path: Path, preparer: Preparer) -> None:
    wrong: list[Any] = [None] * 36
    wrong[1], wrong[33] = "TOTAL", "9 999,00 €"
    plan = preparer(write_xlsx(tmp_path / "a.xlsx", [stars(1)], total=False, extra=[wrong]))
    assert [(c.adresse, c.lu, c.calcule) for c in plan.controle_totaux] == [("AH6", 999900, 100050)]
    assert [c.cellule for c in plan.alertes if "total" in c.remede] == ["AH6"]


def test_subtotals_and_a_grand_total_are_all_checked(tmp_path: Path, preparer: Preparer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(i) for i in range(1, 5)], titles=0, moved=False, total=False)
    book = openpyxl.load_workbook(path)
    sheet = book["Export"]
    for row, label, amount in ((4, "Sous-total Aisne", 2001), (7, "Total Nord", 2001), (8, "Total général", 4002)):
        if row < 8:
            sheet.insert_rows(row)
        sheet.cell(row, 4, label)
        sheet.cell(row, 33, amount)
    book.save(path)
    plan = preparer(path)
    assert plan.lues == 4
    assert [(c.lu, c.calcule) for c in plan.controle_totaux] == [(200100, 200100), (200100, 200100), (400200, 400200)]


def test_notes_blank_rows_and_repeated_headers_are_kept_out(tmp_path: Path, preparer: Preparer) -> None:
    header = list(stars(1))
    extra: list[list[Any]] = [[], header, [], ["Source : StarsFIR, extraction du 12/01/2026"]]
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1)], titles=0, moved=False, total=False, extra=extra)
    plan = preparer(path)
    assert (plan.lues, plan.rejetees) == (1, 0)
    assert any("note" in n for n in plan.notes)


def test_an_operator_called_total_is_no_total(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1, nom="Total santé"), stars(2)]))
    assert plan.lues == 2
    assert plan.controle_totaux == ()


def test_hidden_rows_are_counted_and_asked(tmp_path: Path, preparer: Preparer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(2, notifie="5.00")], hidden=[1])
    plan = preparer(path)
    assert [(q.id, q.lignes, q.reponse) for q in plan.questions] == [("masquees", 1, "importer")]
    assert len(plan.nouvelles) == 2
    left = preparer(path, decisions={"masquees": "ignorer"})
    assert (len(left.nouvelles), left.ignorees_lignes, left.total_ignore) == (1, 1, 500)


def test_amounts_below_zero_are_imported_and_said(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1, notifie="-10.00")]))
    assert plan.total_importe == -1000
    assert any("négatif" in c.remede for c in plan.alertes)


def test_too_many_rejects_refuse_the_file_unless_insisted(tmp_path: Path, session: Session, importer: Importer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(i, notifie="?" if i <= 3 else "1.00") for i in range(1, 31)])
    with pytest.raises(Refus, match=r"3 lignes sur 30 sont rejetées, plus de 5\s?%"):
        importer(path)
    assert session.allocations.count() == 0
    assert importer(path, insister=True).nouvelles == 27


def test_a_couple_of_rejects_do_not_refuse_a_short_file(tmp_path: Path, importer: Importer) -> None:
    lot = importer(write_stars(tmp_path / "a.csv", [stars(1), stars(2), stars(3, notifie="?")]))
    assert (lot.nouvelles, lot.rejetees) == (2, 1)


def test_a_file_of_rejects_only_is_refused(tmp_path: Path, importer: Importer) -> None:
    with pytest.raises(Refus, match="rien n'est importé"):
        importer(write_stars(tmp_path / "a.csv", [stars(1, notifie="?")]))


def test_a_plan_made_before_another_change_is_refused(tmp_path: Path, session: Session, preparer: Preparer) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1)]))
    run.execute(session, preparer(write_stars(tmp_path / "b.csv", [stars(2)])))
    with pytest.raises(Refus, match="préparer à nouveau"):
        run.execute(session, plan)


def test_an_unknown_file_is_refused_with_what_was_found_and_expected(tmp_path: Path, preparer: Preparer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1)], without=["Montant Notifié", "N° de l'EJ"])
    with pytest.raises(Refus) as refus:
        preparer(path)
    for text in ("StarsFIR", "« Export »", "Montant Notifié", "N° de l'EJ", "Raison sociale"):
        assert text in refus.value.message


def test_a_file_without_lines_is_refused(tmp_path: Path, preparer: Preparer) -> None:
    path = tmp_path / "a.csv"
    path.write_text("|".join(stars(1)) + "\n", encoding="utf-8")
    with pytest.raises(Refus, match="aucune ligne"):
        preparer(path)


def test_an_empty_file_is_refused(tmp_path: Path, preparer: Preparer) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(Refus):
        preparer(path)


def test_an_unknown_sheet_or_profile_is_refused_with_the_choices(tmp_path: Path, session: Session) -> None:
    workbook = lire(write_xlsx(tmp_path / "a.xlsx", [stars(1)]))
    with pytest.raises(Refus, match="Export"):
        run.plan(session, workbook, run.Reglages(feuille="Feuil2"))
    with pytest.raises(Refus, match="StarsFIR, HAPI, SIBC"):
        run.plan(session, workbook, run.Reglages(profil="Chorus"))


def test_the_sheet_that_holds_the_export_is_found(tmp_path: Path, preparer: Preparer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1)])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Lisez-moi", 0)["A1"] = "Montant Notifié, Campagne : voir l'autre feuille"
    book.save(path)
    assert preparer(path).feuille == "Export"


def test_dates_and_booleans_among_amounts_are_rejected(tmp_path: Path, preparer: Preparer) -> None:
    def cell(header: str, text: str) -> Any:
        return header == "Montant Notifié" if header in {"Montant Notifié"} else as_excel(header, text)

    plan = preparer(write_xlsx(tmp_path / "a.xlsx", [stars(1)], cell=cell, total=False))
    assert [c.lu for c in plan.rejets] == ["VRAI"]
