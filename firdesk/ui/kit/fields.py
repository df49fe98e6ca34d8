"""Fields for one value each: text, long text, amount, date. Each says ``edited`` and what is wrong with it.

``problem()`` is the French sentence to show under the field, empty when the text has a value; reading the
value of a field in that state raises ``Invalide``, so that a page that forgets to look never saves a guess.
"""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from firdesk.domain import indicateur, money
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Invalide, Problem
from firdesk.domain.territoire import lire_part, part_dite
from firdesk.ui.kit import style

_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class TexteEdit(QLineEdit):
    """One line of text, trimmed."""

    edited = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.textEdited.connect(self.edited)

    def value(self) -> str:
        return self.text().strip()

    def set_value(self, value: str | None) -> None:
        self.setText(value or "")
        self.setCursorPosition(0)


class TexteLong(QPlainTextEdit):
    """Several lines of text; the tab key leaves it."""

    edited = Signal()

    def __init__(self, placeholder: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 22)
        self._setting = False
        self.textChanged.connect(self._changed)

    def value(self) -> str:
        return self.toPlainText().strip()

    def set_value(self, value: str | None) -> None:
        self._setting = True
        self.setPlainText(value or "")
        self._setting = False

    def _changed(self) -> None:
        if not self._setting:
            self.edited.emit()


class _Parsed(QLineEdit):
    """A line whose text is read on leaving: written again if it has a value, told if it has none."""

    edited = Signal()
    problem_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self.settle)

    def problem(self) -> str:
        """What is wrong with the text, empty if nothing."""
        raise NotImplementedError

    def written(self) -> str:
        """The text of the value, as it should be written."""
        raise NotImplementedError

    def settle(self) -> None:
        """What leaving the field does."""
        told = self.problem()
        if not told and self.text() != self.written():
            self.setText(self.written())
        self._tell(told)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.settle()

    def _typed(self) -> None:
        if self._told and not self.problem():
            self._tell("")
        self.edited.emit()

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._told = text
            self.problem_changed.emit(text)

    def _refuse(self) -> None:
        if told := self.problem():
            raise Invalide((Problem(self.objectName(), told),))


class MontantEdit(_Parsed):
    """An amount in euros, held in cents; ``1.234`` is never guessed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(style.font("montant"))
        self.setPlaceholderText("0,00 €")

    def cents(self) -> int | None:
        """The amount, ``None`` for an empty field; ``Invalide`` for a text that is no single amount."""
        self._refuse()
        return money.parse_strict(self.text())

    def set_cents(self, cents: int | None) -> None:
        self.setText("" if cents is None else money.euros(cents))
        self._tell("")

    def problem(self) -> str:
        try:
            money.parse_strict(self.text())
        except ValueError as error:
            return str(error)
        return ""

    def written(self) -> str:
        cents = money.parse_strict(self.text())
        return "" if cents is None else money.euros(cents)


class PourcentEdit(_Parsed):
    """A share in percent, held in ten-thousandths."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(style.font("montant"))
        self.setPlaceholderText("0\u00a0%")

    def part(self) -> int | None:
        """The share, ``None`` for an empty field; ``Invalide`` for a text that is none."""
        self._refuse()
        return lire_part(self.text()) if self.text().strip() else None

    def set_part(self, part: int | None) -> None:
        self.setText("" if part is None else part_dite(part))
        self._tell("")

    def problem(self) -> str:
        try:
            if self.text().strip():
                lire_part(self.text())
        except ValueError as error:
            return str(error)
        return ""

    def written(self) -> str:
        return part_dite(lire_part(self.text())) if self.text().strip() else ""


class NombreEdit(_Parsed):
    """A number with three decimals at most, held in thousandths."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(style.font("montant"))
        self.setPlaceholderText(placeholder)

    def milliemes(self) -> int | None:
        """The number, ``None`` for an empty field; ``Invalide`` for a text that is none."""
        self._refuse()
        return indicateur.lire(self.text())

    def set_milliemes(self, value: int | None) -> None:
        self.setText(indicateur.ecrit(value))
        self._tell("")

    def problem(self) -> str:
        try:
            indicateur.lire(self.text())
        except ValueError as error:
            return str(error)
        return ""

    def written(self) -> str:
        return indicateur.ecrit(indicateur.lire(self.text()))


class DateEdit(_Parsed):
    """A day written JJ/MM/AAAA, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("JJ/MM/AAAA")

    def iso(self) -> str | None:
        """``2025-11-18``, ``None`` for an empty field; ``Invalide`` for a text that is no day."""
        self._refuse()
        return _read_day(self.text())

    def set_iso(self, iso: str | None) -> None:
        self.setText(french_date(iso) if iso else "")
        self._tell("")

    def problem(self) -> str:
        try:
            _read_day(self.text())
        except ValueError:
            return f"« {self.text().strip()} » n'est pas une date : attendu JJ/MM/AAAA, par exemple 18/11/2025."
        return ""

    def written(self) -> str:
        iso = _read_day(self.text())
        return french_date(iso) if iso else ""


def _read_day(text: str) -> str | None:
    body = text.strip()
    if not body:
        return None
    if found := _ISO.fullmatch(body):
        year, month, day = (int(g) for g in found.groups())
    elif found := _DATE.fullmatch(body):
        day, month, year = (int(g) for g in found.groups() if g)
        year += 2000 if year < 100 else 0
    else:
        raise ValueError(text)
    return date(year, month, day).isoformat()
