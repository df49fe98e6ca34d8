"""Subsidies published as open data become allocations, once their destination is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.lot import Lot
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import Line, scdl, write_scdl

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]
NULLE_PART = {"destination": "=MI2-3-8"}


def only(session: Session) -> Allocation:
    (number,) = session.allocations.ids(Filtre())
    found = session.allocations.get(number)
    assert found is not None
    return found


def test_a_published_line_becomes_an_allocation(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_scdl(tmp_path / "scdl.csv", [scdl(1, notifie="12450.00")]))
    a = only(session)
    assert (a.exercice, a.destination, a.objet, a.decision) == (2025, "MI1-2-3", "Action 1", "DA-1")
    assert (a.date_notification, [m.montant for m in a.mouvements]) == ("2025-03-15", [1245000])
    assert a.cle == "2025|SCDL|DA-1|30000001500010#1"


def test_the_destination_is_asked_once_and_gives_theme_and_mission(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    path = write_scdl(tmp_path / "scdl.csv", [scdl(i, mesure3="") for i in range(1, 4)])
    plan = preparer(path)
    (question,) = plan.sans_reponse
    assert (question.id, question.lignes, question.saisie, question.bloquante) == ("destination", 3, True, True)
    assert (plan.rejetees, plan.total_fichier, plan.total_lu) == (3, 300150, 300150)
    assert plan.remedes == ()
    answered = preparer(path, decisions=NULLE_PART)
    assert (answered.rejetees, answered.sans_reponse) == (0, ())
    theme = session.nomenclatures.themes_par_destination()["MI2-3-8"]
    assert {(x.destination, x.theme) for x in answered.nouvelles} == {("MI2-3-8", theme)}


def test_what_is_no_destination_leaves_the_question_open(tmp_path: Path, preparer: Preparer) -> None:
    path = write_scdl(tmp_path / "scdl.csv", [scdl(1, mesure3="")])
    plan = preparer(path, decisions={"destination": "=quelque part"})
    assert [q.id for q in plan.sans_reponse] == ["destination"]
    assert plan.rejetees == 1


def test_a_scheme_that_is_no_code_takes_the_destination_of_the_file(tmp_path: Path, preparer: Preparer) -> None:
    lines = [scdl(1, mesure3="1000 premiers jours"), scdl(2, mesure3="2-3-8 : Équipes mobiles"), scdl(3, mesure3="5")]
    plan = preparer(write_scdl(tmp_path / "scdl.csv", lines), decisions={"destination": "=MI1-2-3"})
    assert [x.destination for x in plan.nouvelles] == ["MI1-2-3", "MI2-3-8", "MI1-2-3"]


def test_the_year_is_that_of_the_date_unless_one_is_given(tmp_path: Path, preparer: Preparer) -> None:
    path = write_scdl(tmp_path / "scdl.csv", [scdl(1), scdl(2, date_notification="2026-01-20")])
    assert [x.exercice for x in preparer(path).nouvelles] == [2025, 2026]
    assert [x.exercice for x in preparer(path, exercice=2025).nouvelles] == [2025, 2025]


def test_a_second_vintage_changes_and_doubles_nothing(
    tmp_path: Path, session: Session, importer: Importer, preparer: Preparer
) -> None:
    lines = [scdl(1), scdl(1, action="Autre action"), scdl(2, decision=""), scdl(3, siret="", identifiant="W123456789")]
    importer(write_scdl(tmp_path / "v1.csv", lines))
    assert len(session.allocations.ids(Filtre())) == 4
    again = preparer(write_scdl(tmp_path / "v2.csv", list(reversed(lines))))
    assert (len(again.nouvelles), len(again.modifiees), again.inchangees, len(again.disparues)) == (0, 0, 4, 0)
    other = preparer(
        write_scdl(tmp_path / "v3.csv", [*lines[:3], scdl(3, siret="", identifiant="W123456789", notifie="7")])
    )
    assert ([x.montant for x in other.modifiees], other.notifie_apres - other.notifie_avant) == ([700], 700 - 100050)


def test_the_destination_of_another_answer_does_not_double_the_lines(
    tmp_path: Path, importer: Importer, preparer: Preparer
) -> None:
    path = write_scdl(tmp_path / "scdl.csv", [scdl(1, mesure3="")])
    importer(path, decisions=NULLE_PART)
    again = preparer(path, decisions={"destination": "=MI1-2-3"})
    assert len(again.nouvelles) == 0


@pytest.mark.parametrize(
    ("changes", "attendu"),
    [
        ({"part": "50"}, "une part entre 0,01 et 1"),
        ({"notification_ue": "peut-être"}, "« oui » ou « non »"),
        ({"nature": "prêt"}, "« aide en numéraire », « aide en nature », ou les deux séparées par ;"),
        ({"identifiant": "W12"}, "W et neuf chiffres"),
        ({"periode": "mars 2025"}, "AAAA-MM-JJ, ou deux dates séparées par /"),
        ({"action": "x" * 257}, "un objet de 256 caractères au plus"),
    ],
)
def test_what_the_format_forbids_is_said_and_imported(
    tmp_path: Path, preparer: Preparer, changes: dict[str, str], attendu: str
) -> None:
    plan = preparer(write_scdl(tmp_path / "scdl.csv", [scdl(1), scdl(2, **changes)]))
    assert attendu in [c.attendu for c in plan.alertes]
    assert plan.rejetees == 0


def test_a_plain_file_raises_no_alert_of_its_format(tmp_path: Path, session: Session) -> None:
    lines: list[Line] = [scdl(1), scdl(2, nature="aide en numéraire;aide en nature", part="1")]
    plan = run.plan(session, lire(write_scdl(tmp_path / "scdl.csv", lines)))
    assert (plan.profil, plan.alertes, plan.questions) == ("SCDL", (), ())


def test_a_year_typed_for_a_line_without_date_is_read_as_a_year(tmp_path: Path, preparer: Preparer) -> None:
    path = write_scdl(tmp_path / "scdl.csv", [scdl(1), scdl(2, date_notification="")])
    (asked,) = (q for q in preparer(path).remedes if q.cellule.startswith("ligne"))
    assert preparer(path, decisions={asked.id: "=douze"}).rejetees == 1
    plan = preparer(path, decisions={asked.id: "=2024"})
    assert (plan.exercices, plan.rejetees) == ((2024, 2025), 0)
