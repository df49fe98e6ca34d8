"""A field for a share in percent, held in ten-thousandths."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.fields import _Parsed

ENTIER = 10_000


class PourcentEdit(_Parsed):
    """From 0 to 100 %, two decimals at most."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(style.font("montant"))

    def part(self) -> int:
        """The share in ten-thousandths; ``Invalide`` for a text that is none."""
        self._refuse()
        return _read(self.text())

    def set_part(self, part: int) -> None:
        self.setText(_written(part))
        self._tell("")

    def problem(self) -> str:
        try:
            _read(self.text())
        except ValueError:
            return f"« {self.text().strip()} » : attendu un pourcentage de 0 à 100, par exemple 80 ou 87,5."
        return ""

    def written(self) -> str:
        return _written(_read(self.text()))


def _read(text: str) -> int:
    body = text.replace("%", "").replace(money.NBSP, "").replace(" ", "").replace(",", ".")
    try:
        part = Decimal(body) * 100
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not part.is_finite() or part != part.to_integral_value() or not 0 <= part <= ENTIER:
        raise ValueError(text)
    return int(part)


def _written(part: int) -> str:
    decimals = 0 if part % 100 == 0 else 1 if part % 10 == 0 else 2
    return money.pourcent(Decimal(part) / 100, decimals=decimals)
