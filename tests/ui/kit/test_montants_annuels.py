"""Amounts by year: read, added up, one more year at either end, nothing typed lost."""

import pytest
from pytestqt.qtbot import QtBot

from firdesk.domain.problem import Invalide
from firdesk.ui.kit.montants_annuels import MontantsAnnuels
from tests.ui.pages.conftest import type_in


@pytest.fixture
def montants(qtbot: QtBot) -> MontantsAnnuels:
    made = MontantsAnnuels(lambda values: ("succes" if sum(values.values()) == 300_00 else "alerte", f"{len(values)}"))
    qtbot.addWidget(made)
    made.set_values({2026: None, 2025: 100_00}, {2025: "payé 40 €"})
    made.show()
    return made


def test_years_are_in_order_with_what_they_hold_and_their_sum(montants: MontantsAnnuels) -> None:
    assert montants.years == (2025, 2026)
    assert montants.values() == {2025: 100_00}
    assert montants.sum.text() == "100,00\u00a0€"
    assert montants.field(2025).accessibleDescription() == "payé 40 €"


def test_typing_adds_up_at_once_and_says_so(montants: MontantsAnnuels, qtbot: QtBot) -> None:
    with qtbot.waitSignal(montants.edited):
        type_in(montants.field(2026), "200")
    assert montants.sum.text() == "300,00\u00a0€"
    assert (montants.told.text(), montants.told.property("tone")) == ("2", "succes")


def test_a_text_that_is_no_amount_is_told_with_its_year_and_has_no_value(montants: MontantsAnnuels) -> None:
    type_in(montants.field(2026), "1.234")
    assert montants.problem().startswith("2026 : « 1.234 » peut se lire")
    assert montants.sum.text() == "—"
    with pytest.raises(Invalide):
        montants.values()


def test_one_more_year_at_an_end_keeps_what_was_typed(montants: MontantsAnnuels) -> None:
    type_in(montants.field(2026), "7,50")
    montants.after.click()
    montants.before.click()
    assert montants.years == (2024, 2025, 2026, 2027)
    assert montants.values() == {2025: 100_00, 2026: 7_50}
    assert montants.focusWidget() is montants.field(2024)


def test_nothing_typed_at_all_has_no_sum(montants: MontantsAnnuels) -> None:
    montants.set_values({2025: None})
    assert montants.sum.text() == "—"


def test_years_read_again_keep_the_cursor_where_it_was(montants: MontantsAnnuels) -> None:
    montants.field(2026).setFocus()
    montants.set_values({2025: 100_00, 2026: 50_00})
    assert montants.focusWidget() is montants.field(2026)


def test_the_tab_key_goes_from_the_first_year_to_the_links(montants: MontantsAnnuels) -> None:
    montants.add_year(before=True)
    order = []
    montants.field(2024).setFocus()
    for _ in range(5):
        order.append(montants.focusWidget())
        montants.focusNextChild()
    years = [montants.field(year) for year in (2024, 2025, 2026)]
    assert order == [*years, montants.before, montants.after]
