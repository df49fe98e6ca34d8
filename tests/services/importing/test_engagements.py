"""StarsFIR and HAPI, from the file to the base, first vintage and second."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import contenu, lire
from tests.services.importing.fichiers import as_excel, hapi, stars, write_hapi, write_stars, write_xlsx

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


def counts(x: Plan | Lot) -> tuple[int, ...]:
    """New, changed, unchanged, vanished, rejected, ignored."""
    s = run.summary(x)
    names = ("nouvelles", "modifiees", "inchangees", "disparues", "rejetees", "ignorees")
    return tuple(int(str(s[n])) for n in names)


def only(session: Session) -> Any:
    (number,) = session.allocations.ids(Filtre())
    return session.allocations.get(number)


def test_a_starsfir_line_becomes_an_allocation_with_its_amounts(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    line = stars(1, saisi="1200.00", validation_inter="1100.00", validation="1000.00", notifie="950.25")
    importer(write_stars(tmp_path / "2025_engagements.csv", [line]))
    a = only(session)
    assert (a.exercice, a.destination, a.enveloppe, a.objet) == (2025, "MI1-2-3", "PREVENTION", "Action 1")
    assert a.theme == session.nomenclatures.themes_par_destination()["MI1-2-3"]
    assert (a.ej, a.notification, a.date_notification) == ("E2025000001_01", "N0001", "2025-03-15")
    assert {m.nature: m.montant for m in a.mouvements} == {
        Nature.SAISIE: 120000,
        Nature.VALIDATION_INTER: 110000,
        Nature.VALIDATION: 100000,
        Nature.NOTIFICATION: 95025,
    }


def test_the_key_is_readable(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_stars(tmp_path / "a.csv", [stars(2)]))
    assert only(session).cle == "2025|32|E2025000002_01|N0002|MI1-2-3|590000022#1"


def test_an_amount_leads_back_to_its_cell(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_xlsx(tmp_path / "suivi.xlsx", [stars(1, notifie="12450.00")]))
    notified = next(m for m in only(session).mouvements if m.nature is Nature.NOTIFICATION)
    found = session.allocations.provenance(notified.id)
    assert found is not None
    assert (found.fichier, found.feuille, found.cellule, found.lu) == (
        "suivi.xlsx",
        "Export",
        "AH5",
        "12\u202f450,00 €",
    )


@pytest.mark.parametrize("notifie", ["", "0", "0.00"])
def test_a_line_decided_and_not_notified_is_an_allocation(
    tmp_path: Path, session: Session, importer: Importer, notifie: str
) -> None:
    lot = importer(write_stars(tmp_path / "a.csv", [stars(1, notifie=notifie)]))
    assert counts(lot) == (1, 0, 0, 0, 0, 0)
    assert Nature.NOTIFICATION not in {m.nature for m in only(session).mouvements}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "MI1-2-3"),
        ({"mesure3": ""}, "MI1-2"),
        ({"mesure3": "MI2-3-8 : Équipes (657342)"}, "MI2-3-8"),
    ],
)
def test_the_destination_is_the_third_rank_else_the_second(
    tmp_path: Path, session: Session, importer: Importer, changes: dict[str, str], code: str
) -> None:
    importer(write_stars(tmp_path / "a.csv", [stars(1, **changes)]))
    assert only(session).destination == code


def test_an_unknown_destination_is_kept_and_said(tmp_path: Path, session: Session, importer: Importer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1, mesure3="MI2-9-9 : Nouvelle mesure")])
    plan = run.plan(session, lire(path))
    assert [c.attendu for c in plan.alertes] == ["un code de la nomenclature"]
    run.execute(session, plan)
    found = {d.code: d for d in session.nomenclatures.destinations(2025)}["MI2-9-9"]
    assert (found.libelle, found.connue) == ("Nouvelle mesure", False)


@pytest.mark.parametrize("theme", ["PA", "Parcours Personnes âgées", "parcours personnes agees"])
def test_a_theme_column_is_accepted_by_code_or_label(
    tmp_path: Path, session: Session, importer: Importer, theme: str
) -> None:
    importer(write_stars(tmp_path / "a.csv", [stars(1) | {"Thème": theme}]))
    assert only(session).theme == "PA"


def test_an_unknown_theme_falls_back_on_the_default_and_is_said(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [stars(1) | {"Thème": "Licornes"}]))
    assert plan.nouvelles[0].theme == session.nomenclatures.themes_par_destination()["MI1-2-3"]
    assert "Thème inconnu" in plan.alertes[0].remede


@pytest.mark.parametrize(
    ("text", "code"), [("medico-social", "MEDICO-SOCIAL"), ("Sanitaire", "SANITAIRE"), ("", "PREVENTION")]
)
def test_the_enveloppe_is_the_files_else_the_destinations(
    tmp_path: Path, session: Session, importer: Importer, text: str, code: str
) -> None:
    importer(write_stars(tmp_path / "a.csv", [stars(1, sous_enveloppe=text)]))
    assert only(session).enveloppe == code


def test_the_campagne_of_the_rows_wins_over_the_name_and_opens_its_exercice(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    lot = importer(write_stars(tmp_path / "2025_engagements.csv", [stars(1, campagne="2027")]))
    assert lot.exercices == "2027"
    assert 2027 in session.nomenclatures.exercices()


def test_lines_of_another_exercice_than_asked_are_ignored_and_counted(tmp_path: Path, preparer: Preparer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(2, campagne="2024", notifie="30.00")])
    plan = preparer(path, exercice=2025)
    assert counts(plan) == (1, 0, 0, 0, 0, 1)
    assert plan.total_ignore == 3000
    assert plan.total_fichier == plan.total_lu


def test_an_exercice_given_stands_for_a_missing_column(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_xlsx(tmp_path / "a.xlsx", [stars(1), stars(2)], without=["Campagne"]), exercice=2025)
    assert counts(plan) == (2, 0, 0, 0, 0, 0)


def test_hapi_is_read_with_its_accounts_and_stray_commas(tmp_path: Path, session: Session, importer: Importer) -> None:
    lot = importer(write_hapi(tmp_path / "ENGAGEMENTS_PAR_BENEFICIAIRE_2024_01022025101112.csv", [hapi(1)]))
    a = only(session)
    assert lot.profil == "HAPI"
    assert (a.exercice, a.destination, a.objet, a.date_notification) == (2024, "MI2-3-8", "Action 1", "2024-05-02")


def test_in_hapi_the_pep_number_stands_in_for_an_empty_ej(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_hapi(tmp_path / "a.csv", [hapi(1, ej="", pep_engagement="PEP-77")]))
    assert only(session).ej == "PEP-77"
    assert "|PEP-77|" in only(session).cle


@pytest.mark.parametrize("kind", ["stars", "hapi"])
def test_a_file_saved_from_excel_gives_the_same_base(
    tmp_path: Path, session: Session, autre: Session, kind: str
) -> None:
    make, write = (stars, write_stars) if kind == "stars" else (hapi, write_hapi)
    lines = [make(i, notifie=f"{i * 1234}.{i:02d}") for i in range(1, 30)]
    run.execute(session, run.plan(session, lire(write(tmp_path / "export.csv", lines))))
    plan = run.plan(autre, lire(write_xlsx(tmp_path / "suivi.xlsx", lines)))
    run.execute(autre, plan)
    assert contenu(autre) == contenu(session)
    assert plan.reparees == 15
    assert plan.ligne_entete == 4


@pytest.mark.parametrize("kind", ["stars", "hapi"])
def test_the_same_lines_as_csv_then_as_workbook_change_nothing(tmp_path: Path, importer: Importer, kind: str) -> None:
    make, write = (stars, write_stars) if kind == "stars" else (hapi, write_hapi)
    lines = [make(i) for i in range(1, 12)]
    path = write(tmp_path / "export.csv", lines)
    importer(path)
    assert counts(importer(path)) == (0, 0, 11, 0, 0, 0)
    assert counts(importer(write_xlsx(tmp_path / "suivi.xlsx", lines))) == (0, 0, 11, 0, 0, 0)


def test_numbers_read_from_excel_are_exact_cents(tmp_path: Path, importer: Importer) -> None:
    def cell(header: str, text: str) -> Any:
        return float(text) if header == "Montant Notifié" else as_excel(header, text)

    lot = importer(write_xlsx(tmp_path / "a.xlsx", [stars(i, notifie="0.10") for i in range(1, 4)], cell=cell))
    assert lot.total_importe == 30


def test_columns_renamed_are_recognised(tmp_path: Path, preparer: Preparer) -> None:
    renamed = {"Montant Notifié": "montant notifie (€)", "Raison sociale": "Bénéficiaire", "N° de l'EJ": "N° EJ"}
    assert counts(preparer(write_xlsx(tmp_path / "a.xlsx", [stars(1)], renamed=renamed))) == (1, 0, 0, 0, 0, 0)


def test_a_second_vintage_updates_in_place(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1), stars(2), stars(3)]))
    path = write_stars(tmp_path / "v2.csv", [stars(1), stars(2, notifie="2000.00", action="Autre"), stars(4)])
    plan = run.plan(session, lire(path))
    assert counts(plan) == (1, 1, 1, 1, 0, 0)
    fields = [(c.libelle, c.avant, c.apres) for c in plan.modifiees[0].champs]
    assert fields == [("Objet", "Action 2", "Autre"), ("Notifié", "1\u202f000,50\u00a0€", "2\u202f000,00\u00a0€")]
    assert plan.notifie_apres - plan.notifie_avant == 100050 + 99950
    run.execute(session, plan)
    assert session.allocations.somme(Filtre()).notifie == 4 * 100050 + 99950
    changed = session.allocations.get(plan.modifiees[0].allocation_id or 0)
    assert changed is not None
    moved = next(m for m in changed.mouvements if m.nature is Nature.NOTIFICATION)
    where = session.allocations.provenance(moved.id or 0)
    assert where is not None
    assert where.fichier == "v2.csv"


def test_a_vanished_line_is_kept_marked_and_comes_back(tmp_path: Path, session: Session, importer: Importer) -> None:
    both = write_stars(tmp_path / "v1.csv", [stars(1), stars(2)])
    importer(both)
    importer(write_stars(tmp_path / "v2.csv", [stars(1)]))
    gone = session.allocations.ids(Filtre(statuts=("disparue",)))
    assert len(gone) == 1
    assert session.allocations.somme_ids(gone).notifie == 100050
    assert counts(importer(both)) == (0, 1, 1, 0, 0, 0)
    assert len(session.allocations.ids(Filtre(statuts=("disparue",)))) == 0


def test_a_line_already_marked_does_not_vanish_twice(tmp_path: Path, importer: Importer) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1), stars(2)]))
    path = write_stars(tmp_path / "v2.csv", [stars(1)])
    importer(path)
    assert counts(importer(path)) == (0, 0, 1, 0, 0, 0)


def test_lines_of_another_campagne_or_origin_do_not_vanish(tmp_path: Path, importer: Importer) -> None:
    importer(write_hapi(tmp_path / "hapi.csv", [hapi(1, campagne="2025")]))
    importer(write_stars(tmp_path / "v0.csv", [stars(5, campagne="2024")]))
    assert counts(importer(write_stars(tmp_path / "v1.csv", [stars(1)]))) == (1, 0, 0, 0, 0, 0)


def test_an_amount_emptied_in_the_file_loses_its_mouvement(
    tmp_path: Path, session: Session, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1)]))
    importer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="")]))
    assert {m.nature for m in only(session).mouvements} == {
        Nature.SAISIE,
        Nature.VALIDATION_INTER,
        Nature.VALIDATION,
    }


def test_a_column_missing_from_the_second_vintage_says_nothing(tmp_path: Path, importer: Importer) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1)]))
    path = write_xlsx(tmp_path / "v2.xlsx", [stars(1)], without=["Motivation", "Montant saisi", "Payeur"])
    assert counts(importer(path)) == (0, 0, 1, 0, 0, 0)


def test_identical_twins_are_two_lines(tmp_path: Path, session: Session, importer: Importer) -> None:
    path = write_stars(tmp_path / "a.csv", [stars(1), stars(1)])
    assert counts(importer(path)) == (2, 0, 0, 0, 0, 0)
    assert counts(importer(path)) == (0, 0, 2, 0, 0, 0)
    assert session.allocations.somme(Filtre()).notifie == 200100


def test_a_twin_added_above_does_not_shift_the_others(tmp_path: Path, preparer: Preparer, importer: Importer) -> None:
    first, second = stars(1, notifie="100.00"), stars(1, notifie="200.00")
    importer(write_stars(tmp_path / "v1.csv", [first, second]))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1, notifie="50.00"), first, second]))
    assert counts(plan) == (1, 0, 2, 0, 0, 0)
    assert plan.nouvelles[0].cle.endswith("#3")


def test_lines_sorted_otherwise_are_the_same_lines(tmp_path: Path, importer: Importer) -> None:
    lines = [stars(1, notifie="100.00"), stars(1, notifie="200.00"), stars(2), stars(1, notifie="300.00")]
    importer(write_stars(tmp_path / "v1.csv", lines))
    assert counts(importer(write_stars(tmp_path / "v2.csv", lines[::-1]))) == (0, 0, 4, 0, 0, 0)


def test_a_rejected_line_does_not_vanish(tmp_path: Path, preparer: Preparer, importer: Importer) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1), stars(2)]))
    plan = preparer(write_stars(tmp_path / "v2.csv", [stars(1), stars(2, notifie="illisible")]))
    assert counts(plan) == (0, 0, 1, 0, 1, 0)
