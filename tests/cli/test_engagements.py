"""Commitments from the command line: one amount typed, the échéancier that adds up, measures and axes of a synthèse."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from firdesk.cli import cli
from firdesk.domain import money
from firdesk.domain.allocation import Allocation
from firdesk.domain.operateur import Operateur
from firdesk.services import session as sessions
from firdesk.services.session import Session


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in args])


def read(*args: object) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """One allocation of 2020 without any amount."""
    path = tmp_path / "qvt.firdesk"
    sessions.create(path, (2020, 2021, 2022))
    with Session.open(path) as session, session.operation("Créer"):
        who = session.operateurs.add(Operateur(nom="CH de Laon", departement="02"))
        session.allocations.add(Allocation(2020, who, "MI4-2-8", theme="INVEST", ej="E2020000477_01"))
    return path


@pytest.fixture
def qvt(base: Path) -> Path:
    for nature, euros, *more in (
        ("engagement", "900 000"),
        ("echeance", "300000", "--exercice", 2020),
        ("echeance", "300000", "--exercice", 2021),
        ("echeance", "300000", "--exercice", 2022),
        ("paiement", "44 976,00 €", "--date", "30/11/2020", "--piece", "DP 12", "--reference-piece", "Acompte"),
    ):
        assert run("mouvement", base, "2020-0001", nature, euros, *more).exit_code == 0
    return base


def test_the_quality_of_life_at_work_leaves_855_024_euros_to_pay(qvt: Path) -> None:
    found = read("echeancier", qvt, "--exercice", 2021)
    assert (found["exercice"], found["annees"]) == (2021, [2020, 2021, 2022])
    (line,) = found["lignes"]
    assert line["cle"] == "MI4-2-8"
    assert line["reste_a_payer_centimes"] == 855_024_00
    assert line["echeances"] == {"2020": 44_976_00, "2021": 300_000_00, "2022": 300_000_00}
    assert line["a_planifier_centimes"] == 255_024_00
    assert found["total"]["ae_engagee_centimes"] == 900_000_00


@pytest.mark.parametrize("axe", ["destination", "theme", "operateur", "convention", "dispositif", "exercice"])
def test_echeances_and_balance_add_up_to_the_ae_along_any_axis(qvt: Path, axe: str) -> None:
    found = read("echeancier", qvt, "--par", axe, "--exercice", 2022)
    for line in [*found["lignes"], found["total"]]:
        assert sum(line["echeances"].values()) + line["a_planifier_centimes"] == line["ae_engagee_centimes"]
        assert line["ae_engagee_centimes"] - line["cp_paye_centimes"] == line["reste_a_payer_centimes"]
    assert sum(x["reste_a_payer_centimes"] for x in found["lignes"]) == found["total"]["reste_a_payer_centimes"]


def test_the_echeancier_is_printed_with_its_total(qvt: Path) -> None:
    told = run("echeancier", qvt, "--par", "theme", "--exercice", 2021).stdout
    assert "855\u202f024\u00a0€" in told
    assert told.splitlines()[-1].startswith("Total")


def test_a_typed_payment_keeps_its_day_document_and_reference(qvt: Path) -> None:
    with Session.open(qvt) as session:
        paid = next(m for m in session.allocations.mouvements(1) if m.nature == "paiement")
    assert (paid.exercice, paid.date, paid.piece, paid.reference) == (2020, "2020-11-30", "DP 12", "Acompte")


def test_a_typed_withdrawal_of_a_later_year_is_told_by_what_is_left(qvt: Path) -> None:
    done = run("mouvement", qvt, "2020-0001", "retrait", "200000", "--exercice", 2022)
    assert done.stdout == "Fait : 2020-0001, reste à payer 655\u202f024,00\u00a0€\n"
    found = read("synthese", qvt, "--par", "exercice", "--mesure", "retire")
    assert {x["cle"][0]: x["ae_engagee_centimes"] for x in found["lignes"]}["2020"] == 900_000_00
    assert found["total"]["reste_a_payer_centimes"] == 655_024_00


def test_a_payment_above_what_was_committed_is_written_and_said(qvt: Path) -> None:
    done = run("mouvement", qvt, "2020-0001", "paiement", "900000", "--exercice", 2020)
    assert done.exit_code == 0
    assert "Attention : Payé au-dessus de l'engagé" in done.stderr


@pytest.mark.parametrize(
    ("reference", "montant", "more", "told"),
    [
        ("2020-0009", "10", (), "Il n'y a pas d'allocation « 2020-0009 »"),
        ("2020-0001", "1.234", (), "peut se lire"),
        ("2020-0001", "0", (), "Donner un montant supérieur à zéro"),
        ("2020-0001", "10", ("--date", "31/02/2020"), "n'est pas une date"),
    ],
)
def test_what_cannot_be_typed_is_refused_in_french(
    base: Path, reference: str, montant: str, more: tuple[str, ...], told: str
) -> None:
    done = run("mouvement", base, reference, "paiement", montant, *more)
    assert (done.exit_code, told in done.stderr) == (1, True)


def test_a_nature_that_is_not_typed_is_a_wrong_usage(base: Path) -> None:
    assert run("mouvement", base, "2020-0001", "retrait_anterieur", "10").exit_code == 2


@pytest.mark.parametrize(
    ("mesure", "cents"),
    [("engage", 900_000_00), ("paye", 44_976_00), ("prevu", 900_000_00), ("reste_a_payer", 855_024_00), ("notifie", 0)],
)
def test_a_synthese_says_which_amount_it_shares_out(qvt: Path, mesure: str, cents: int) -> None:
    found = read("synthese", qvt, "--par", "theme", "--mesure", mesure)
    assert found["mesure"] == mesure
    assert [x["part"] for x in found["lignes"]] == ([100.0] if cents else [0.0])
    printed = run("synthese", qvt, "--par", "theme", "--mesure", mesure).stdout.splitlines()
    assert printed[-1].endswith(f" {money.euros(cents)}")


def test_what_is_left_to_pay_is_since_the_origin_whatever_the_exercice(qvt: Path) -> None:
    for year in (2020, 2022):
        found = read("synthese", qvt, "--par", "operateur", "--exercice", year, "--mesure", "reste_a_payer")
        assert found["total"]["reste_a_payer_centimes"] == 855_024_00
