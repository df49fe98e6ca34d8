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


def ligne(deux_ans: Annees, axe: str = "destination", cle: str = D) -> Ligne:
    return next(x for x in atterrissage.atterrir(deux_ans.session, 2025, axe).lignes if x.cle == cle)


def euros(x: Ligne) -> tuple[int, int, int]:
    return x.bas // 100, x.central // 100, x.haut // 100


def test_engaged_is_certain_where_it_is_known_and_the_rest_is_planned(deux_ans: Annees) -> None:
    deux_ans.ligne((S, 100), (N, 100))
    deux_ans.ligne((S, 30))
    deux_ans.sibc({D: 80})
    assert euros(ligne(deux_ans)) == (80, 130, 130)


def test_by_theme_notified_is_certain_where_nothing_says_what_is_engaged(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    deux_ans.ligne((S, 30))
    deux_ans.sibc({D: 80})
    found = atterrissage.atterrir(deux_ans.session, 2025, "theme")
    assert (found.source, euros(ligne(deux_ans, "theme", "PA"))) == ("notifie", (100, 130, 130))
    assert "notifié, faute d'engagé connu par thème" in atterrissage.regle(found)
    assert found.total.ouvert is None


def test_the_recurring_base_not_renewed_in_its_cell_makes_the_high_scenario(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100), annee=2024, caractere="perenne")
    deux_ans.ligne((N, 500), annee=2024, caractere="non_reconductible")
    deux_ans.ligne((N, 30))
    deux_ans.ligne((S, 20))
    deux_ans.ligne((N, 70), theme="CANCER")
    deux_ans.ligne((N, 5), caractere="non_reconductible")
    assert euros(ligne(deux_ans)) == (105, 125, 175)
    assert euros(ligne(deux_ans, "theme", "PA")) == (35, 55, 105)


def test_the_base_follows_its_codes(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100), annee=2024, caractere="perenne")
    passages.ecrire(deux_ans.session, [Passage(2025, "destination", D, AUTRE)])
    deux_ans.ligne((N, 60), ou=AUTRE)
    assert euros(ligne(deux_ans, cle=AUTRE)) == (60, 60, 100)


def test_the_central_scenario_is_set_against_the_opened_credits(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    deux_ans.budget({D: 90, AUTRE: 10})
    assert (ligne(deux_ans).ouvert, ligne(deux_ans).marge) == (90_00, -10_00)
    total = atterrissage.atterrir(deux_ans.session, 2025, "destination").total
    assert (total.ouvert, total.marge) == (100_00, 0)


def test_shares_are_kept_with_their_source_and_undone(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    deux_ans.ligne((S, 30))
    atterrissage.enregistrer(deux_ans.session, Parametres(5_000, source="Moyenne 2022-2024"))
    found = atterrissage.atterrir(deux_ans.session, 2025, "theme")
    assert (found.total.central, found.parametres.source) == (115_00, "Moyenne 2022-2024")
    assert "50\u00a0%" in atterrissage.regle(found)
    deux_ans.session.undo()
    assert ligne(deux_ans).central == 130_00
    with pytest.raises(Invalide, match="de 0 à 100"):
        atterrissage.enregistrer(deux_ans.session, Parametres(10_001))


def test_the_base_of_the_next_year_opens_its_recurring_lines(deux_ans: Annees) -> None:
    number = deux_ans.ligne((N, 100), caractere="perenne")
    deux_ans.ligne((N, 40))
    found = atterrissage.atterrir(deux_ans.session, 2025, "theme")
    assert ligne(deux_ans, "theme", "PA").base_suivante == 100_00
    wanted = atterrissage.filtre(found, "PA", perennes=True)
    assert list(deux_ans.session.allocations.ids(wanted)) == [number]
    assert atterrissage.filtre(found, None) == Filtre(2025)


def test_the_workbook_adds_up_and_says_the_rule(deux_ans: Annees, tmp_path: Path) -> None:
    deux_ans.ligne((N, 100.5))
    deux_ans.ligne((S, 30), ou=AUTRE)
    found = atterrissage.atterrir(deux_ans.session, 2025, "destination")
    path = tmp_path / "a.xlsx"
    atterrissage.exporter(path, found)
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "Code")
    column = rows[head].index("Central")
    amounts = [round(float(str(r[column])) * 100) for r in rows[head + 1 :]]
    assert amounts == [*(x.central for x in found.lignes), found.total.central]
    assert rows[1][0] == atterrissage.regle(found)


def test_an_exercice_that_is_not_opened_is_refused(deux_ans: Annees) -> None:
    with pytest.raises(Refus, match="2030 n'est pas ouvert"):
        atterrissage.atterrir(deux_ans.session, 2030, "theme")


def test_the_demonstration_lands_on_its_totals(base_demo: Path) -> None:
    with Session.open(base_demo) as session:
        by_destination = atterrissage.atterrir(session, 2025, "destination").total
        by_theme = atterrissage.atterrir(session, 2025, "theme").total
        assert (by_destination.bas, by_theme.bas) == (52_697_176_300, 52_687_476_400)
        assert by_theme.central == by_theme.bas + 548_770_000
        assert by_destination.ouvert == 52_749_926_200
