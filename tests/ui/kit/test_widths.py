"""Columns of amounts hold their longest amount, in a line as in a sub-total, and their title."""

import pytest

from firdesk.domain import money
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.delegates import PAD
from firdesk.ui.kit.text import text_width
from firdesk.ui.kit.widths import fitted

COLUMNS = (ColumnSpec("nom", "Ligne", width=77, stretch=True), ColumnSpec("ae", "AE", "montant", 10, decimals=True))


@pytest.mark.parametrize("role", ["montant", "total"])
@pytest.mark.parametrize("cents", [0, 527_499_262_00, -527_499_262_05])
@pytest.mark.usefixtures("qapp")
def test_the_longest_amount_fits(cents: int, role: str) -> None:
    made = fitted(COLUMNS, [("a", 1_00), ("b", cents), ("c", None), ("d", "—")])
    wide = text_width(money.euros(cents, decimals=True), role)  # type: ignore[arg-type]
    assert made[1].width - 2 * PAD >= wide


@pytest.mark.usefixtures("qapp")
def test_without_rows_the_title_fits_and_other_columns_keep_their_width() -> None:
    made = fitted((COLUMNS[0], ColumnSpec("ae", "Autorisations d'engagement", "montant", 10)), [])
    assert made[0].width == 77
    assert made[1].width - 2 * PAD >= text_width("Autorisations d'engagement", "entete")
