"""Where a year will land, from the lines and SIBC; shares kept in the file; the recurring base of both years."""

from pathlib import Path

import openpyxl
import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.atterrissage import Ligne, Parametres
from firdesk.domain.execution import Nature
from firdesk.domain.exercice import Passage
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import atterrissage, passages
from firdesk.services.session import Session
from tests.services.budget_annees import AUTRE, Annees, D

N, S, E = Nature.NOTIFICATION, Nature.SAISIE, Nature.ENGAGEMENT


def ligne(annees: Annees, axe: str = "destination", cle: str = D) -> Ligne:
    return next(x for x in atterrissage.atterrir(annees.session, 2025, axe).lignes if x.cle == cle)


def euros(x: Ligne) -> tuple[int, int, int]:
    return x.bas // 100, x.central // 100, x.haut // 100


def test_engaged_is_certain_where_it_is_known_and_the_rest_is_planned(annees: Annees) -> None:
    annees.ligne((S, 100), (N, 100))
    annees.ligne((S, 30))
    annees.sibc({D: 80})
    assert euros(ligne(annees)) == (80, 130, 130)


def test_by_theme_notified_is_certain_where_nothing_says_what_is_engaged(annees: Annees) -> None:
    annees.ligne((N, 100))
    annees.ligne((S, 30))
    annees.sibc({D: 80})
    found = atterrissage.atterrir(annees.session, 2025, "theme")
    assert (found.source, euros(ligne(annees, "theme", "PA"))) == ("notifie", (100, 130, 130))
    assert "notifié, faute d'engagé connu par thème" in atterrissage.regle(found)
    assert found.total.ouvert is None


def test_the_recurring_base_not_renewed_in_its_cell_makes_the_high_scenario(annees: Annees) -> None:
    annees.ligne((N, 100), annee=2024, caractere="perenne")
    annees.ligne((N, 500), annee=2024, caractere="non_reconductible")
    annees.ligne((N, 30))
    annees.ligne((S, 20))
    annees.ligne((N, 70), theme="CANCER")
    annees.ligne((N, 5), caractere="non_reconductible")
    assert euros(ligne(annees)) == (105, 125, 175)
    assert euros(ligne(annees, "theme", "PA")) == (35, 55, 105)


def test_the_base_follows_its_codes(annees: Annees) -> None:
    annees.ligne((N, 100), annee=2024, caractere="perenne")
    passages.ecrire(annees.session, [Passage(2025, "destination", D, AUTRE)])
    annees.ligne((N, 60), ou=AUTRE)
    assert euros(ligne(annees, cle=AUTRE)) == (60, 60, 100)


def test_the_central_scenario_is_set_against_the_opened_credits(annees: Annees) -> None:
    annees.ligne((N, 100))
    annees.budget({D: 90, AUTRE: 10})
    assert (ligne(annees).ouvert, ligne(annees).marge) == (90_00, -10_00)
    total = atterrissage.atterrir(annees.session, 2025, "destination").total
    assert (total.ouvert, total.marge) == (100_00, 0)


def test_shares_are_kept_with_their_source_and_undone(annees: Annees) -> None:
    annees.ligne((N, 100))
    annees.ligne((S, 30))
    atterrissage.enregistrer(annees.session, Parametres(5_000, source="Moyenne 2022-2024"))
    found = atterrissage.atterrir(annees.session, 2025, "theme")
    assert (found.total.central, found.parametres.source) == (115_00, "Moyenne 2022-2024")
    assert "50\u00a0%" in atterrissage.regle(found)
    annees.session.undo()
    assert ligne(annees).central == 130_00
    with pytest.raises(Invalide, match="de 0 à 100"):
        atterrissage.enregistrer(annees.session, Parametres(10_001))


def test_the_base_of_the_next_year_opens_its_recurring_lines(annees: Annees) -> None:
    number = annees.ligne((N, 100), caractere="perenne")
    annees.ligne((N, 40))
    found = atterrissage.atterrir(annees.session, 2025, "theme")
    assert ligne(annees, "theme", "PA").base_suivante == 100_00
    wanted = atterrissage.filtre(found, "PA", perennes=True)
    assert list(annees.session.allocations.ids(wanted)) == [number]
    assert atterrissage.filtre(found, None) == Filtre(2025)


def test_the_workbook_adds_up_and_says_the_rule(annees: Annees, tmp_path: Path) -> None:
    annees.ligne((N, 100.5))
    annees.ligne((S, 30), ou=AUTRE)
    found = atterrissage.atterrir(annees.session, 2025, "destination")
    path = tmp_path / "a.xlsx"
    atterrissage.exporter(path, found)
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "Code")
    column = rows[head].index("Central")
    amounts = [round(float(str(r[column])) * 100) for r in rows[head + 1 :]]
    assert amounts == [*(x.central for x in found.lignes), found.total.central]
    assert rows[1][0] == atterrissage.regle(found)


def test_an_exercice_that_is_not_opened_is_refused(annees: Annees) -> None:
    with pytest.raises(Refus, match="2030 n'est pas ouvert"):
        atterrissage.atterrir(annees.session, 2030, "theme")


def test_the_demonstration_lands_on_its_totals(base_demo: Path) -> None:
    with Session.open(base_demo) as session:
        by_destination = atterrissage.atterrir(session, 2025, "destination").total
        by_theme = atterrissage.atterrir(session, 2025, "theme").total
        assert (by_destination.bas, by_theme.bas) == (52_697_176_300, 52_687_476_400)
        assert by_theme.central == by_theme.bas + 548_770_000
        assert by_destination.ouvert == 52_749_926_200
