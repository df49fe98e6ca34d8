"""Whose line it is: matched on what proves it, never merged silently."""

from collections.abc import Callable
from pathlib import Path

import pytest

from firdesk.domain.lot import Lot
from firdesk.domain.operateur import Operateur
from firdesk.services.importing import run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.classeurs import classeur
from tests.services.importing.conftest import lire
from tests.services.importing.fichiers import Line, hapi, luhn, stars, write_hapi, write_stars

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]

SIRET = luhn(f"{luhn('44306184')}0001")
#: Another establishment of the same SIREN, and another SIREN.
SECOND, FOREIGN = luhn(f"{luhn('44306184')}0002"), luhn(f"{luhn('44306185')}0001")
FINESS, OTHER = luhn("59000001"), luhn("59000002")


def line(number: int, **changes: str) -> Line:
    values = {"nom": "Centre hospitalier de Lille", "identifiant": "", "siret": "", "siren": "", "departement": "59"}
    return stars(number, **(values | changes))


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ({"siret": SIRET}, {"siret": SIRET, "nom": "CH Lille"}, True),
        ({"siret": SIRET, "identifiant": FINESS}, {"siret": SIRET, "identifiant": OTHER}, True),
        ({"siret": SIRET, "identifiant": FINESS}, {"siret": SIRET, "identifiant": OTHER, "nom": "Autre"}, False),
        ({"identifiant": FINESS}, {"identifiant": FINESS, "nom": "Hôpital de Lille"}, True),
        ({"identifiant": "H123"}, {"identifiant": "H123", "nom": "Hôpital de Lille"}, True),
        ({}, {"nom": "CENTRE HOSPITALIER DE LILLE"}, True),
        ({}, {"nom": "C.H. de Lille", "departement": "62"}, False),
        ({}, {"departement": "62"}, False),
        ({"identifiant": FINESS}, {"identifiant": OTHER}, False),
        ({"siret": "123"}, {"siret": "123", "nom": "Autre"}, False),
        ({"siret": SIRET}, {"siret": SECOND}, False),
        ({"siret": SIRET, "identifiant": FINESS}, {"siret": SECOND, "identifiant": FINESS}, True),
        ({"siret": SIRET, "identifiant": FINESS}, {"siret": FOREIGN, "identifiant": FINESS}, False),
        ({"siret": SIRET, "identifiant": "H1"}, {"siret": FOREIGN, "identifiant": "H1"}, False),
        ({}, {"departement": ""}, True),
        ({"departement": ""}, {}, False),
    ],
)
def test_two_lines_are_of_one_operator_only_when_something_proves_it(
    tmp_path: Path, preparer: Preparer, first: dict[str, str], second: dict[str, str], together: bool
) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1, **first), line(2, **second)]))
    assert len(plan.operateurs_nouveaux) == (1 if together else 2)


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"siret": SIRET, "identifiant": OTHER, "nom": "Autre"}, "Même SIRET que « Centre hospitalier de Lille »"),
        ({"siret": FOREIGN, "identifiant": FINESS}, "Même FINESS que « Centre hospitalier de Lille », autre SIREN"),
        ({"siret": SECOND}, "Même Nom que « Centre hospitalier de Lille », autre SIRET"),
    ],
)
def test_contradictory_identifiers_are_said(
    tmp_path: Path, preparer: Preparer, second: dict[str, str], told: str
) -> None:
    plan = preparer(
        write_stars(tmp_path / "a.csv", [line(1, siret=SIRET, identifiant=FINESS), line(2, **second)]),
    )
    assert len(plan.operateurs_nouveaux) == 2
    assert any(c.remede.startswith(told) for c in plan.alertes)


def test_a_siret_known_under_another_name_is_said_and_its_spellings_are_kept(
    tmp_path: Path, session: Session, importer: Importer, preparer: Preparer
) -> None:
    importer(write_stars(tmp_path / "a.csv", [line(1, siret=SIRET)]))
    plan = preparer(write_stars(tmp_path / "b.csv", [line(2, siret=SIRET, nom="Clinique du Parc")]))
    assert (plan.operateurs_nouveaux, plan.alias) == ((), ())
    assert any("connu sous le nom « Centre hospitalier de Lille »" in c.remede for c in plan.alertes)
    importer(write_stars(tmp_path / "c.csv", [line(3, siret=SIRET, nom="Hôpital de Lille")]))
    assert [(a.nature, a.valeur, a.departement) for a in session.operateurs.aliases()] == [
        ("nom", "Hôpital de Lille", "59")
    ]
    assert preparer(write_stars(tmp_path / "d.csv", [line(4, nom="HOPITAL LILLE")])).operateurs_nouveaux == ()


def test_the_alias_of_one_departement_says_nothing_of_another(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    with session.operation("Créer"):
        number = session.operateurs.add(Operateur("GHT du Nord", departement="59"))
        session.operateurs.add_alias(number, "nom", "Centre hospitalier de Lille")
        session.operateurs.add_alias(number, "nom", "CH du Sud", "59")
    lines = [line(1, departement="62"), line(2, nom="CH du Sud", departement="62"), line(3, nom="CH du Sud")]
    plan = preparer(write_stars(tmp_path / "a.csv", lines))
    assert [(o.nom, o.departement) for o in plan.operateurs_nouveaux] == [
        ("Centre hospitalier de Lille", "62"),
        ("CH du Sud", "62"),
    ]


def test_without_departement_the_only_one_of_that_name_is_meant_and_it_is_said(
    tmp_path: Path, session: Session, preparer: Preparer
) -> None:
    with session.operation("Créer"):
        session.operateurs.add(Operateur("Centre hospitalier de Lille", departement="59"))
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1, departement="")]))
    assert plan.operateurs_nouveaux == ()
    assert any("seul de ce nom" in c.remede for c in plan.alertes)
    with session.operation("Créer"):
        session.operateurs.add(Operateur("Centre hospitalier de Lille", departement="62"))
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1, departement="")]))
    assert len(plan.operateurs_nouveaux) == 1


def test_an_operator_of_the_base_is_found_and_completed(tmp_path: Path, session: Session, importer: Importer) -> None:
    with session.operation("Créer"):
        number = session.operateurs.add(Operateur("CH de Lille", departement="59"))
    importer(
        write_stars(tmp_path / "a.csv", [line(1, siret=SIRET, identifiant=FINESS, nom="Centre hospitalier Lille")])
    )
    assert len(session.operateurs.all()) == 1
    found = session.operateurs.get(number)
    assert (found.nom, found.siret, found.finess) == ("CH de Lille", SIRET, FINESS)


def test_an_alias_designates_its_operator(tmp_path: Path, session: Session, importer: Importer) -> None:
    with session.operation("Créer"):
        number = session.operateurs.add(Operateur("GHT du Nord", departement="59"))
        session.operateurs.add_alias(number, "nom", "Centre hospitalier de Lille")
    importer(write_stars(tmp_path / "a.csv", [line(1)]))
    assert [o.nom for o in session.operateurs.all()] == ["GHT du Nord"]


def test_a_second_identifier_becomes_an_alias(tmp_path: Path, session: Session, importer: Importer) -> None:
    importer(write_stars(tmp_path / "a.csv", [line(1, siret=SIRET, identifiant=FINESS)]))
    importer(write_hapi(tmp_path / "b.csv", [hapi(1, siret=SIRET, identifiant="H42", nom="CH Lille")]))
    assert [o.finess for o in session.operateurs.all()] == [FINESS]
    assert session.operateurs.all()[0].code_interne == "H42"
    importer(
        write_hapi(tmp_path / "c.csv", [hapi(2, siret=SIRET, identifiant="H43", nom="Centre hospitalier de Lille")])
    )
    assert ("code_interne", "H43") in [(a.nature, a.valeur) for a in session.operateurs.aliases(1)]


def test_a_departement_that_differs_from_the_bases_is_said_and_kept(
    tmp_path: Path, session: Session, importer: Importer, preparer: Preparer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [line(1, identifiant=FINESS)]))
    plan = preparer(write_stars(tmp_path / "v2.csv", [line(1, identifiant=FINESS, departement="62")]))
    assert any("reste en 59" in c.remede for c in plan.alertes)
    assert plan.inchangees == 1


def test_an_operator_without_a_name_goes_by_its_identifier(tmp_path: Path, preparer: Preparer) -> None:
    plan = preparer(write_stars(tmp_path / "a.csv", [line(1, nom="", identifiant=FINESS)]))
    assert [o.nom for o in plan.operateurs_nouveaux] == [FINESS]


def test_importing_again_finds_the_same_operators(tmp_path: Path, session: Session, importer: Importer) -> None:
    lines = [
        line(1, siret=SIRET, identifiant=FINESS),
        line(2, siret=SIRET, identifiant=OTHER, nom="Autre"),
        line(3),
        line(4, departement="62"),
    ]
    path = write_stars(tmp_path / "a.csv", lines)
    importer(path)
    before = session.operateurs.all()
    importer(path)
    assert session.operateurs.all() == before


def test_the_town_of_a_workbook_is_kept_and_completes_a_known_operator(tmp_path: Path, session: Session) -> None:
    with session.operation("Créer"):
        session.operateurs.add(Operateur("Association fictive n° 1", departement="02"))
    columns = ("Structure", "Montant accordé", "Code postal", "Commune", "Action")
    rows = [
        ("Association fictive n° 1", 1000, "02000", "Laon", "Action 1"),
        ("Association fictive n° 2", 2000, "2120", "Guise", "Action 2"),
    ]
    path = classeur(tmp_path / "Suivi_FIR_2025.xlsx", rows, entetes=columns)
    choice = run.Reglages(
        correspondance={
            "nom": "A",
            "notifie": "B",
            "code_postal": "C",
            "commune": "D",
            "action": "E",
            "mesure3": "=MI2-3-8",
        }
    )
    plan = run.plan(session, lire(path), choice)
    assert [q.defaut for q in plan.questions if q.id.startswith("code_postal:")] == ["completer"]
    run.execute(session, plan)
    found = [(o.nom, o.departement, o.code_postal, o.commune) for o in session.operateurs.all()]
    assert found == [
        ("Association fictive n° 1", "02", "02000", "Laon"),
        ("Association fictive n° 2", "02", "02120", "Guise"),
    ]
