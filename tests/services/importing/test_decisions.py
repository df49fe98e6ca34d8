"""What is asked of a file, the answers typed or chosen, and those remembered for the next one."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Refus
from firdesk.services.importing import decisions, run
from firdesk.services.importing.plan import Plan, Question
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import luhn, sibc, stars, write_sibc, write_stars, write_xlsx

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


def posee(plan: Plan, ident: str) -> Question:
    return next(q for q in decisions.toutes(plan) if q.id == ident)


def test_a_typed_amount_is_imported_exactly_and_keeps_the_text_that_was_read(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(2, notifie="12 4S0,00"), stars(3)])
    lot = importer(path, decisions={"notifie:12 4S0,00": "=12 450,00 €"})
    assert (lot.rejetees, lot.total_importe, lot.total_fichier) == (0, 2 * 100050 + 1245000, 2 * 100050 + 1245000)
    found = session.allocations.get(session.allocations.ids(Filtre())[1])
    assert found is not None
    (move,) = [m for m in found.mouvements if m.nature is Nature.NOTIFICATION]
    assert (move.montant, move.cellule, move.brut) == (1245000, "AG3", "12 4S0,00")
    (said,) = [c for c in session.imports.constats(lot.id or 0) if "Saisi" in c.remede]
    assert (said.genre, said.cellule, said.lu) == ("reparation", "AG3", "12 4S0,00")


@pytest.mark.parametrize("typed", ["", "douze", "1.234", "12 34"])
def test_what_is_typed_unreadable_is_not_accepted_and_says_why(
    tmp_path: Path, session: Session, preparer: Preparer, typed: str
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(2, notifie="12 4S0,00")])
    plan = preparer(path, decisions={"notifie:12 4S0,00": "=" + typed})
    assert plan.rejetees == 1
    assert posee(plan, "notifie:12 4S0,00").reponse == "rejeter"
    assert decisions.refus(session, posee(plan, "notifie:12 4S0,00"), typed)


def test_an_ambiguous_amount_may_be_typed(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, notifie="1.234")])
    plan = preparer(path, decisions={"notifie:1.234": "=1234,50"})
    assert (plan.rejetees, plan.total_importe, plan.sans_reponse) == (0, 123450, ())


def test_one_answer_holds_for_all_the_values_of_a_group_but_those_that_have_their_own(
    tmp_path: Path, preparer: Preparer
) -> None:
    lines = [stars(1, notifie="1.234"), stars(2, notifie="12.500"), stars(3, notifie="2.000")]
    path = write_stars(tmp_path / "a.csv", lines)
    plan = preparer(path)
    assert {q.tous for q in plan.questions} == {"groupe:notifie:ambigu"}
    assert decisions.choix_communs(plan.questions)[0] == ("milliers", "Lire des milliers")
    answered = preparer(path, decisions={"groupe:notifie:ambigu": "milliers", "notifie:2.000": "decimale"})
    assert answered.total_importe == 123400 + 1250000 + 200
    assert answered.total_fichier == answered.total_lu


def test_an_amount_without_a_figure_is_mended_cell_by_cell(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, notifie="n.c."), stars(2, notifie="n.c."), stars(3)])
    plan = preparer(path)
    assert [q.id for q in plan.remedes] == ["cellule:AG2:n.c.", "cellule:AG3:n.c."]
    one = preparer(path, decisions={"cellule:AG2:n.c.": "=5"})
    assert (one.rejetees, one.total_importe) == (1, 500 + 100050)
    without = preparer(path, decisions={"cellule:AG2:n.c.": "vide"})
    assert (without.rejetees, without.total_importe, len(without.nouvelles)) == (1, 100050, 2)


@pytest.mark.parametrize("lu", ["#REF!", "(formule non calculée)"])
def test_a_value_is_typed_in_the_place_of_an_error_or_of_a_formula_without_result(
    tmp_path: Path, preparer: Preparer, lu: str
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(2)], titles=0, moved=False, total=False)
    book = openpyxl.load_workbook(path)
    cell = book["Export"]["AG3"]
    cell.value = lu if lu.startswith("#") else "=2+2"
    if lu.startswith("#"):
        cell.data_type = "e"
    book.save(path)
    plan = preparer(path, decisions={f"cellule:AG3:{lu}": "=1 200,50"})
    assert (plan.rejetees, plan.total_importe, plan.total_fichier) == (0, 100050 + 120050, 100050 + 120050)


@pytest.mark.parametrize(
    ("changes", "ident", "typed"),
    [
        ({"campagne": ""}, "cellule:AH3:", "2025"),
        ({"campagne": "soon"}, "campagne:soon", "2025"),
        ({"mesure3": "", "mesure2": ""}, "cellule:T3:", "MI1-2-3"),
        ({"mesure3": "Prévention"}, "mesure3:Prévention", "MI1-2-3"),
        ({"nom": "", "identifiant": ""}, "cellule:D3:", "Les Amis de Guise"),
    ],
)
def test_what_a_line_lacks_is_typed(
    tmp_path: Path, preparer: Preparer, changes: dict[str, str], ident: str, typed: str
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(2, **changes)])
    assert preparer(path).rejetees == 1
    plan = preparer(path, decisions={ident: "=" + typed})
    assert (plan.rejetees, len(plan.nouvelles), plan.total_importe) == (0, 2, 200100)


def test_a_certain_repair_is_refused_by_keeping_the_text(tmp_path: Path, preparer: Preparer) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(3)])
    plan = preparer(path)
    question = posee(plan, "departement:2")
    assert (question.genre, question.reponse, question.lignes) == ("reparation", "reparer", 2)
    kept = preparer(path, decisions={"departement:2": "vide"})
    assert {o.departement for o in kept.operateurs_nouveaux} == {""}


def test_sirets_that_lack_a_figure_are_one_group_completed_at_once(tmp_path: Path, preparer: Preparer) -> None:
    sirets = [luhn(f"{7 * n:09d}0001")[1:][:-1] + "9" for n in (10_000_001, 10_000_003)]
    wrong = [s for s in sirets if len(s) == 13]
    path = write_stars(tmp_path / "a.csv", [stars(n, siret=s) for n, s in enumerate(wrong, 1)])
    plan = preparer(path)
    (group,) = {q.tous for q in plan.questions}
    assert group == "groupe:siret:court_13"
    assert {o.siret for o in plan.operateurs_nouveaux} == set(wrong)
    done = preparer(path, decisions={group: "completer"})
    assert {o.siret for o in done.operateurs_nouveaux} == {"0" + s for s in wrong}


def test_accents_encoded_twice_are_one_question_for_the_whole_file(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(n, action=f"Équipe mobile n° {n}") for n in range(1, 4)])
    path.write_bytes(path.read_text("utf-8").encode("utf-8").decode("cp1252").encode("utf-8"))
    plan = preparer(path)
    (question,) = plan.questions
    assert (question.id, question.reponse) == ("accents", "garder")
    assert question.lignes > 3
    repaired = preparer(path, decisions={"accents": "reparer"})
    assert {x.libelle for x in repaired.nouvelles} == {f"Équipe mobile n° {n}" for n in range(1, 4)}
    assert repaired.nouvelles[0].enveloppe == "PREVENTION"


def test_an_answer_is_remembered_for_the_next_file_and_forgotten_with_its_import(
    tmp_path: Path, session: Session, importer: Importer, preparer: Preparer
) -> None:
    answers = {"notifie:1.234": "milliers", "cellule:AG3:n.c.": "=5"}
    importer(write_stars(tmp_path / "a.csv", [stars(1, notifie="1.234"), stars(2, notifie="n.c.")]), decisions=answers)
    later = write_stars(tmp_path / "b.csv", [stars(3, notifie="1.234"), stars(4, notifie="n.c."), stars(5)])
    plan = preparer(later)
    assert (posee(plan, "notifie:1.234").reponse, posee(plan, "notifie:1.234").retenue) == ("milliers", True)
    assert (plan.rejetees, plan.sans_reponse) == (1, ())
    assert any("retenue" in n for n in plan.notes)
    changed = preparer(later, decisions={"notifie:1.234": "decimale"})
    assert (posee(changed, "notifie:1.234").retenue, changed.total_importe) == (False, 123 + 100050)
    assert preparer(later, decisions={"notifie:1.234": ""}).sans_reponse
    session.undo()
    assert preparer(later).sans_reponse


def test_remembered_answers_are_listed_forgotten_and_brought_back(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, notifie="1.234")])
    importer(path, decisions={"notifie:1.234": "milliers"})
    assert session.imports.retenues() == [("StarsFIR", "notifie:1.234", "milliers")]
    decisions.oublier(session, [("StarsFIR", "notifie:1.234")])
    assert session.imports.retenues() == []
    session.undo()
    assert len(session.imports.retenues()) == 1


def test_decisions_written_on_the_command_line_are_checked(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1, notifie="1.234")]))
    assert decisions.lues(["notifie:1.234=milliers", "a:b==c=d"]) == {"notifie:1.234": "milliers", "a:b": "=c=d"}
    decisions.verifier(session, plan, {"notifie:1.234": "decimale", "groupe:notifie:ambigu": "milliers"})
    decisions.verifier(session, plan, {"notifie:1.234": "=1 234,00"})
    for wrong in ({"notifie:9": "milliers"}, {"notifie:1.234": "peut-être"}, {"notifie:1.234": "=1.234"}):
        with pytest.raises(Refus, match="uestion"):
            decisions.verifier(session, plan, wrong)
    with pytest.raises(Refus, match="n'est pas une décision"):
        decisions.lues(["notifie"])


AMOUNT = st.sampled_from(["1.234", "12.500", "1 000,00", "douze", "12 4S0", "n.c.", "-3,00", "", "1Â 200,00"])
ANSWER = st.sampled_from(
    ["", "milliers", "decimale", "rejeter", "vide", "garder", "reparer", "=1 234,56", "=?", "=1.5"]
)
IDENT = st.sampled_from(
    ["notifie:1.234", "notifie:12.500", "notifie:douze", "notifie:12 4S0", "cellule:AG2:n.c.", "cellule:AG3:n.c.",
     "groupe:notifie:ambigu", "groupe:notifie:illisible", "accents", "campagne:mille", "cellule:AH2:",
     "mesure3:Rien", "groupe:campagne:illisible"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(
        st.tuples(AMOUNT, st.sampled_from(["2025", "2025", "mille", ""]), st.sampled_from(["MI1-2-3 : A", "Rien"])),
        min_size=1,
        max_size=8,
    ),
    answers=st.dictionaries(IDENT, ANSWER, max_size=6),
)
def test_whatever_the_answers_every_cent_is_imported_ignored_or_rejected(
    tmp_path: Path, session: Session, lines: list[tuple[str, str, str]], answers: dict[str, str]
) -> None:
    made = [stars(n, notifie=a, campagne=c, mesure3=m) for n, (a, c, m) in enumerate(lines, 1)]
    plan = run.plan(session, lire(write_stars(tmp_path / "h.csv", made)), run.Reglages(decisions=answers))
    assert plan.total_fichier == plan.total_importe + plan.total_ignore + plan.total_rejete
    assert plan.lues == len(plan.nouvelles) + plan.rejetees + plan.ignorees_lignes


def test_an_unknown_destination_is_added_unless_another_is_chosen_for_it(tmp_path: Path, preparer: Preparer) -> None:
    lines = [stars(1, mesure3="MI1-2-39 : Actions de prévention, promotion de la santé"), stars(2)]
    path = write_stars(tmp_path / "a.csv", lines)
    plan = preparer(path)
    (question,) = plan.questions
    assert (question.id, question.defaut, question.bloquante) == ("destination:MI1-2-39", "ajouter", False)
    assert plan.destinations_nouvelles == ((2025, "MI1-2-39", "Actions de prévention, promotion de la santé"),)
    assert all(code.startswith("MI") and label.startswith(code) for code, label in question.choix[1:])
    for answer in (question.choix[1][0], "=2.3.8"):
        mapped = preparer(path, decisions={"destination:MI1-2-39": answer})
        assert mapped.destinations_nouvelles == ()
        assert mapped.nouvelles[0].destination == ("MI2-3-8" if answer[0] == "=" else answer)
        assert mapped.nouvelles[0].cle.split("|")[4] == "MI1-2-39"


def test_a_chosen_destination_is_kept_by_the_next_file_without_asking(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, mesure3="MI1-2-39 : Actions"), stars(2)])
    importer(path, decisions={"destination:MI1-2-39": "MI2-3-8"})
    plan = preparer(path)
    assert (plan.inchangees, plan.questions, plan.destinations_nouvelles) == (2, (), ())


def test_an_unknown_theme_or_enveloppe_proposes_the_nearest(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    lines = [stars(1) | {"Thème": "Prise en charge des personnes agees"}, stars(2, sous_enveloppe="Préventoin")]
    lines[1]["Thème"] = ""
    path = write_stars(tmp_path / "a.csv", lines)
    plan = preparer(path)
    theme, enveloppe = plan.questions
    assert theme.id == "theme:Prise en charge des personnes agees"
    assert len(theme.choix) > 1
    assert enveloppe.choix[1] == ("PREVENTION", "Prévention")
    chosen = preparer(path, decisions={theme.id: theme.choix[1][0], enveloppe.id: "=sanitaire"})
    first, second = chosen.nouvelles
    assert (first.theme, second.enveloppe) == (theme.choix[1][0], "SANITAIRE")
    assert decisions.refus(session, enveloppe, "santé")
    assert decisions.refus(session, enveloppe, "Sanitaire") == ""


def test_a_few_amounts_below_zero_among_many_are_asked(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(n, notifie="-5.00" if n == 3 else "10.00") for n in range(1, 21)])
    plan = preparer(path)
    assert [(q.id, q.lignes, q.reponse) for q in plan.questions] == [("negatifs", 1, "importer")]
    assert plan.total_importe == 19 * 1000 - 500
    rejected = preparer(path, decisions={"negatifs": "rejeter"})
    assert (rejected.rejetees, rejected.total_rejete, rejected.total_importe) == (1, -500, 19_000)
    assert rejected.total_fichier == rejected.total_lu
    assert [q.reponse for q in rejected.questions] == ["rejeter"]


def test_a_date_far_from_its_campagne_is_kept_and_said(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, date_notification="15/03/2019"), stars(2)])
    assert [c.lu for c in preparer(path).alertes if "loin de la campagne" in c.remede] == ["15/03/2019"]


@pytest.mark.parametrize(
    ("lu", "answer", "iso"),
    [
        ("15/03/2025 et 16/04/2025", "", ""),
        ("15/03/2025 et 16/04/2025", "premiere", "2025-03-15"),
        ("15/03/2025 et 16/04/2025", "derniere", "2025-04-16"),
        ("15/03/0205", "=15/03/2025", "2025-03-15"),
        ("31/02/2025", "=28/02/2025", "2025-02-28"),
        ("31/02/2025", "=30/02/2025", ""),
    ],
)
def test_a_doubtful_date_is_left_out_unless_chosen_or_typed(
    tmp_path: Path, preparer: Preparer, lu: str, answer: str, iso: str
) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, date_notification=lu)])
    plan = preparer(path, decisions={f"date_notification:{lu}": answer} if answer else {})
    (line,) = plan.nouvelles
    assert line.source is not None
    assert (line.source.date_notification, plan.rejetees) == (iso, 0)


def test_a_departement_against_its_postal_code_is_asked(tmp_path: Path, preparer: Preparer) -> None:
    lines = [stars(1) | {"Code postal": "59000"}, stars(3) | {"Code postal": "02000"}, stars(5, departement="")]
    lines[2]["Code postal"] = "62000"
    path = write_stars(tmp_path / "a.csv", lines)
    plan = preparer(path)
    assert [(q.id, q.lignes, q.reponse) for q in plan.questions] == [("lieu:02 59000", 1, "colonne")]
    assert [o.departement for o in plan.operateurs_nouveaux] == ["02", "02", "62"]
    assert [o.code_postal for o in plan.operateurs_nouveaux] == ["59000", "02000", "62000"]
    chosen = preparer(path, decisions={"lieu:02 59000": "postal"})
    assert [o.departement for o in chosen.operateurs_nouveaux] == ["59", "02", "62"]


def test_what_was_chosen_for_hidden_rows_is_remembered_too(
    tmp_path: Path, importer: Importer, preparer: Preparer
) -> None:
    importer(write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(2)], hidden=[1]), decisions={"masquees": "ignorer"})
    plan = preparer(write_xlsx(tmp_path / "b.xlsx", [stars(1), stars(3)], hidden=[1]))
    assert (posee(plan, "masquees").reponse, posee(plan, "masquees").retenue) == ("ignorer", True)


def test_what_a_line_of_the_execution_lacks_is_typed(tmp_path: Path, preparer: Preparer) -> None:
    lines = [sibc(), sibc("", code2=""), sibc("MI2-3-8", exercice="")]
    path = write_sibc(tmp_path / "SIBC_20251231.csv", lines)
    plan = preparer(path)
    assert [(q.id, q.reponse) for q in plan.remedes] == [("cellule:E3:", "rejeter"), ("cellule:A4:", "rejeter")]
    mended = preparer(path, decisions={"cellule:E3:": "=MI1-2", "cellule:A4:": "=2025"})
    assert (mended.rejetees, len(mended.nouvelles), mended.total_importe) == (0, 3, 3 * 80000)
    assert mended.total_fichier == mended.total_lu
