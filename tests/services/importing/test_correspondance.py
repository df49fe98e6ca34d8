"""Workbooks of the office: columns given once, met again, updated instead of doubled."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.domain.problem import Refus
from firdesk.services import allocations
from firdesk.services.importing import correspondance_apprise as apprises
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.reglages import Reglages
from firdesk.services.session import Session
from firdesk.sheets.cell import column_name
from tests.services.importing.classeurs import EN_TETES, TITRES, Ligne, classeur, lignes
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import luhn, stars, write_stars

CHOIX = Reglages(correspondance={"nom": "A", "notifie": "B", "departement": "C", "action": "D", "mesure3": "=MI2-3-8"})
Compte = tuple[int, int, int, int]


@pytest.fixture
def suivi(tmp_path: Path) -> Path:
    return classeur(tmp_path / "Suivi_FIR_2025.xlsx", lignes())


@pytest.fixture
def retenu(session: Session, suivi: Path) -> Lot:
    """The workbook imported once, its columns given by hand."""
    return run.execute(session, run.plan(session, lire(suivi), CHOIX))


def compte(plan: Plan) -> Compte:
    return len(plan.nouvelles), len(plan.modifiees), plan.inchangees, len(plan.disparues)


def refus(action: Callable[[], object]) -> str:
    with pytest.raises(Refus) as caught:
        action()
    return caught.value.message


def test_an_unknown_workbook_is_refused_with_the_columns_that_are_proposed(session: Session, suivi: Path) -> None:
    said = refus(lambda: run.plan(session, lire(suivi)))
    assert '--correspondance "nom=A,notifie=B,departement=C,action=D,motivation=E"' in said
    assert "Il manque : la destination" in said


def test_the_columns_given_make_allocations_with_their_cells(session: Session, retenu: Lot) -> None:
    assert (retenu.profil, retenu.nouvelles, retenu.total_fichier) == ("Suivi FIR", 10, retenu.total_importe)
    first = session.allocations.get(session.allocations.ids(Filtre(2025), tri="reference")[0])
    assert first is not None
    (amount,) = first.mouvements
    assert (first.destination, first.objet, amount.montant, amount.cellule) == ("MI2-3-8", "Action 1", 1001_50, "B4")


@pytest.mark.parametrize("missing", ["nom", "notifie", "mesure3"])
def test_what_lacks_is_said(session: Session, suivi: Path, missing: str) -> None:
    given_ = {code: letter for code, letter in CHOIX.correspondance.items() if code != missing}
    said = refus(lambda: run.plan(session, lire(suivi), Reglages(correspondance=given_)))
    assert {"nom": "l'opérateur", "notifie": "le montant", "mesure3": "la destination"}[missing] in said


def test_the_year_comes_from_the_titles_or_must_be_given(session: Session, tmp_path: Path) -> None:
    plan = run.plan(session, lire(classeur(tmp_path / "a.xlsx", lignes())), CHOIX)
    assert "Exercice 2025, lu dans le titre, A2." in plan.notes
    several = classeur(tmp_path / "b.xlsx", lignes(), titres=("Suivi", "Convention 2024-2026"))
    assert "l'exercice" in refus(lambda: run.plan(session, lire(several), CHOIX))
    assert run.plan(session, lire(several), replace(CHOIX, exercice=2024)).exercices == (2024,)


def test_the_same_workbook_again_changes_nothing_and_asks_nothing(session: Session, retenu: Lot, suivi: Path) -> None:
    plan = run.plan(session, lire(suivi))
    assert (plan.profil, compte(plan)) == ("Suivi FIR", (0, 0, 10, 0))
    assert plan.a_retenir is None


def test_a_changed_amount_is_a_change_and_a_line_gone_has_vanished(
    session: Session, retenu: Lot, tmp_path: Path
) -> None:
    rows = [(*lignes()[0][:1], 5000, *lignes()[0][2:]), *lignes(12)[1:9], lignes(12)[11]]
    plan = run.plan(session, lire(classeur(tmp_path / "Suivi FIR mars.xlsx", rows)))
    assert compte(plan) == (1, 1, 8, 1)
    assert plan.modifiees[0].champs[0].apres.startswith("5\u202f000,00")
    assert plan.total_fichier == plan.total_lu


def test_a_siret_that_comes_later_does_not_double_the_line(session: Session, retenu: Lot, tmp_path: Path) -> None:
    siret = luhn(luhn("30000001") + "0001")
    rows = [(*row, siret if i == 0 else "") for i, row in enumerate(lignes())]
    path = classeur(tmp_path / "b.xlsx", rows, entetes=(*EN_TETES, "SIRET"))
    plan = run.plan(session, lire(path), replace(CHOIX, correspondance={**CHOIX.correspondance, "siret": "F"}))
    assert (plan.profil, compte(plan)[:3]) == ("Suivi FIR", (0, 0, 10))


def test_lines_alike_are_told_apart_by_their_object(session: Session, tmp_path: Path) -> None:
    rows: list[Ligne] = [("Association fictive", 100 * n, "02", f"Action {n}", "") for n in (1, 2, 3)]
    run.execute(session, run.plan(session, lire(classeur(tmp_path / "a.xlsx", rows)), CHOIX))
    later = [rows[2], ("Association fictive", 999, "02", "Action 1", ""), rows[1]]
    plan = run.plan(session, lire(classeur(tmp_path / "b.xlsx", later)))
    assert compte(plan) == (0, 1, 2, 0)
    assert plan.modifiees[0].libelle == "Action 1"


def test_a_column_of_keys_survives_a_change_of_name(session: Session, tmp_path: Path) -> None:
    chosen = replace(CHOIX, correspondance={**CHOIX.correspondance, "cle": "E"})
    rows = [(*row[:4], f"K{i}") for i, row in enumerate(lignes(3))]
    run.execute(session, run.plan(session, lire(classeur(tmp_path / "a.xlsx", rows)), chosen))
    renamed = [(f"{name} (ex)", *rest) for name, *rest in rows]
    assert compte(run.plan(session, lire(classeur(tmp_path / "b.xlsx", renamed))))[:3] == (0, 0, 3)


def test_two_workbooks_do_not_touch_the_lines_of_one_another(session: Session, retenu: Lot, tmp_path: Path) -> None:
    other = classeur(
        tmp_path / "Suivi GEM 2025.xlsx", lignes(3), entetes=("Porteur", "Accordé", "Dép", "Projet", "Notes")
    )
    plan = run.plan(session, lire(other), CHOIX)
    assert (plan.profil, compte(plan)) == ("Suivi GEM", (3, 0, 0, 0))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ordre=st.permutations(range(len(EN_TETES))), titres=st.integers(0, 3))
def test_moved_columns_give_the_same_plan(
    session: Session, suivi: Path, tmp_path: Path, ordre: list[int], titres: int
) -> None:
    if not apprises.toutes(session):
        run.execute(session, run.plan(session, lire(suivi), CHOIX))
    rows = [(*lignes()[0][:1], 5000, *lignes()[0][2:]), *lignes(11)[1:]]
    moved = classeur(tmp_path / "FIR 2025.xlsx", rows, ordre=ordre, titres=(TITRES * 2)[:titres])
    plan = run.plan(session, lire(moved))
    assert (plan.profil, compte(plan)) == ("Suivi FIR", (1, 1, 9, 0))
    assert [c.cle for c in plan.modifiees] == [run.plan(session, lire(moved)).modifiees[0].cle]


def test_the_mapping_goes_with_the_import_that_is_undone(session: Session, retenu: Lot, suivi: Path) -> None:
    assert [u.imports for u in apprises.usages(session)] == [1]
    session.undo()
    assert apprises.toutes(session) == []
    session.redo()
    assert run.plan(session, lire(suivi)).profil == "Suivi FIR"


def test_a_mapping_renamed_keeps_its_uses_and_its_lines(session: Session, retenu: Lot, suivi: Path) -> None:
    (known,) = apprises.toutes(session)
    apprises.renommer(session, known.id or 0, "Suivi de l'Aisne")
    plan = run.plan(session, lire(suivi))
    assert (plan.profil, compte(plan)) == ("Suivi de l'Aisne", (0, 0, 10, 0))
    assert apprises.usages(session)[0].imports == 1
    session.undo()
    assert apprises.toutes(session)[0].nom == "Suivi FIR"


@pytest.mark.parametrize("nom", ["", "  ", "StarsFIR", "Autre"])
def test_a_name_empty_or_taken_is_refused(session: Session, retenu: Lot, tmp_path: Path, nom: str) -> None:
    other = classeur(tmp_path / "Autre.xlsx", lignes(2), entetes=("Porteur", "Accordé", "Dép", "Projet", "Notes"))
    run.execute(session, run.plan(session, lire(other), replace(CHOIX, exercice=2025)))
    number = next(a.id for a in apprises.toutes(session) if a.nom == "Suivi FIR")
    assert refus(lambda: apprises.renommer(session, number or 0, nom))


def test_a_mapping_forgotten_is_asked_again_until_undone(session: Session, retenu: Lot, suivi: Path) -> None:
    apprises.oublier(session, apprises.toutes(session)[0].id or 0)
    assert "dire ce que sont ses colonnes" in refus(lambda: run.plan(session, lire(suivi)))
    session.undo()
    assert run.plan(session, lire(suivi)).inchangees == 10


def test_a_mapping_can_be_changed(session: Session, retenu: Lot, suivi: Path) -> None:
    (known,) = apprises.toutes(session)
    champs = {**known.champs, "motivation": "observations"}
    apprises.modifier(session, known.id or 0, champs, known.textes)
    assert "motivation" in run.plan(session, lire(suivi)).lettres
    assert "ne connaît pas" in refus(lambda: apprises.modifier(session, known.id or 0, {"nom": "absente"}, {}))


def test_the_name_of_a_mapping_can_be_asked_for(session: Session, retenu: Lot, tmp_path: Path) -> None:
    wider = classeur(tmp_path / "b.xlsx", [(*x, 1, 2, 3) for x in lignes()], entetes=(*EN_TETES, "X", "Y", "Z"))
    assert run.plan(session, lire(wider), Reglages(profil="Suivi FIR")).inchangees == 10
    poor = classeur(tmp_path / "c.xlsx", [x[:1] for x in lignes()], entetes=EN_TETES[:1])
    assert "n'a pas les colonnes" in refus(lambda: run.plan(session, lire(poor), Reglages(profil="Suivi FIR")))


def test_a_column_renamed_in_an_export_is_given_by_hand_once(session: Session, tmp_path: Path) -> None:
    rows = []
    for n in range(1, 6):
        line = stars(n)
        line["EUR"] = line.pop("Montant Notifié")
        rows.append(line)
    path = tmp_path / "2025_engagements.csv"
    path.write_text("\n".join("|".join(x) for x in [list(rows[0]), *(r.values() for r in rows)]) + "\n", "utf-8")
    chosen = Reglages(profil="StarsFIR", correspondance={"notifie": column_name(list(rows[0]).index("EUR"))})
    lot = run.execute(session, run.plan(session, lire(path), chosen))
    assert (lot.profil, lot.total_importe) == ("StarsFIR", 5 * 1000_50)
    plan = run.plan(session, lire(path))
    assert (plan.profil, compte(plan)) == ("StarsFIR", (0, 0, 5, 0))
    usual = write_stars(tmp_path / "2025_bis.csv", [stars(n) for n in range(1, 6)])
    assert compte(run.plan(session, lire(usual))) == (0, 0, 5, 0)


def test_a_workbook_with_only_amounts_asked_for_is_counted_by_them(session: Session, tmp_path: Path) -> None:
    chosen = replace(CHOIX, correspondance={"nom": "A", "demande": "B", "mesure3": "=MI2-3-8"})
    rows = [*lignes(3), ("Association sans montant lisible", "n.c.", "02", "", "")]
    plan = run.plan(session, lire(classeur(tmp_path / "a.xlsx", rows)), chosen)
    assert (plan.total_fichier, plan.total_importe, plan.rejetees) == (3006_00 + 1_50, 3006_00 + 1_50, 1)
    run.execute(session, plan)
    found = session.allocations.get(session.allocations.ids(Filtre(2025))[0])
    assert found is not None
    assert allocations.total(found, Nature.DEMANDE)
    assert allocations.total(found, Nature.NOTIFICATION) is None


@pytest.mark.parametrize(
    ("correspondance", "said"),
    [
        ({"planete": "A"}, "n'est pas un champ"),
        ({"nom": "ZZ"}, "Il n'y a pas de colonne « ZZ »"),
        ({"nom": "A", "action": "A"}, "donnée deux fois"),
        ({"nom": "A", "notifie": "B", "mesure3": "=n'importe quoi"}, "attendu un code de destination"),
        ({"nom": "A", "notifie": "=12"}, "vient d'une colonne"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    session: Session, suivi: Path, correspondance: dict[str, str], said: str
) -> None:
    assert said in refus(lambda: run.plan(session, lire(suivi), Reglages(correspondance=correspondance)))


def test_fields_may_be_called_as_people_say(session: Session, suivi: Path) -> None:
    named = {"Opérateur": "A", "montant": "B", "Département": "C", "objet": "D", "destination": "=MI2-3-8"}
    assert (
        run.plan(session, lire(suivi), Reglages(correspondance=named)).lettres
        == run.plan(session, lire(suivi), CHOIX).lettres
    )


def test_a_line_that_an_export_brought_already_is_asked_about(session: Session, tmp_path: Path) -> None:
    export = [stars(n, nom=f"Association fictive n° {n}", departement="02") for n in range(1, 4)]
    run.execute(session, run.plan(session, lire(write_stars(tmp_path / "2025.csv", export))))
    same = ("Association fictive n° 1", 1000.5, "02", "La même action", "")
    book = lire(classeur(tmp_path / "Suivi 2025.xlsx", [same, *lignes()[4:6]]))
    plan = run.plan(session, book, CHOIX)
    (question,) = [q for q in plan.questions if q.id == "ailleurs"]
    assert (question.lignes, question.defaut, len(plan.nouvelles)) == (1, "importer", 3)
    assert "ligne 4 et 2025-0001 (StarsFIR)" in question.detail
    left = run.plan(session, book, replace(CHOIX, decisions={"ailleurs": "ignorer"}))
    assert (len(left.nouvelles), left.ignorees_lignes) == (2, 1)
    assert left.total_fichier == left.total_lu == plan.total_fichier


def test_an_export_that_comes_after_the_workbook_is_asked_about_too(
    session: Session, retenu: Lot, tmp_path: Path
) -> None:
    line = stars(1, nom="Association fictive n° 1", departement="02", siret="", siren="", notifie="1001.50")
    plan = run.plan(session, lire(write_stars(tmp_path / "2025.csv", [line])))
    assert [q.lignes for q in plan.questions if q.id == "ailleurs"] == [1]


def test_what_an_export_cannot_do_without_is_said_too(session: Session, tmp_path: Path) -> None:
    book = lire(write_stars(tmp_path / "2025.csv", [stars(1)]))
    without = {"mesure2": "", "mesure3": ""}
    said = refus(lambda: run.plan(session, book, Reglages(profil="StarsFIR", correspondance=without)))
    assert "« Libellé Mesure N3 » ou « Libellé Mesure N2 »" in said
