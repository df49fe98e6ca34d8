"""What a recette is reserved for: one theme or destination a row, with its amount."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain.recette import Flechage
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.form import Choix, MontantEdit
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.text import button, icon_button, text_width

_THEME, _DESTINATION = "theme:", "destination:"


class _Ligne(QWidget):
    """One target and its amount."""

    edited = Signal()
    removed = Signal()

    def __init__(self, items: list[tuple[str, str]], kept: Flechage) -> None:
        super().__init__()
        self._kept = kept
        self.cible, self.montant = Choix("Thème ou destination"), MontantEdit()
        self.cible.setAccessibleName("Thème ou destination fléchés")
        self.montant.setAccessibleName("Montant fléché")
        self.montant.setFixedWidth(text_width("000 000 000,00 €") + style.PAGE_MARGIN)
        self.cible.set_items(items)
        code = f"{_THEME}{kept.theme}" if kept.theme else f"{_DESTINATION}{kept.destination}"
        self.cible.set_code(code if kept.theme or kept.destination else None)
        self.montant.set_cents(kept.montant if kept.theme or kept.destination else None)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.HALF)
        row.addWidget(self.cible, 1)
        row.addWidget(self.montant)
        row.addWidget(icon_button("close-line", "Retirer ce fléchage", self.removed.emit))
        self.cible.edited.connect(self.edited)
        self.montant.edited.connect(self.edited)

    def problem(self) -> str:
        if told := self.cible.problem() or self.montant.problem():
            return told
        if bool(self.cible.code()) != (self.montant.cents() is not None):
            return "Un fléchage a une cible et un montant : compléter l'un, ou retirer la ligne."
        return ""

    def value(self) -> Flechage | None:
        """The fléchage, ``None`` for a row left blank."""
        code = self.cible.code() or ""
        if not code:
            return None
        theme, destination = (code.removeprefix(p) if code.startswith(p) else "" for p in (_THEME, _DESTINATION))
        return replace(self._kept, montant=self.montant.cents() or 0, theme=theme, destination=destination)


class Flechages(Room, QWidget):
    """Rows added and removed; ``value()`` gives the fléchages, ``problem()`` what is wrong with one."""

    edited = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: list[tuple[str, str]] = []
        self._exercice = 0
        self.lignes: list[_Ligne] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(style.HALF)
        self.ajouter = button("Ajouter un fléchage", "lien", self.add, icon="add-line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addLayout(self._rows)
        layout.addWidget(self.ajouter)
        self.setFocusProxy(self.ajouter)

    def set_exercice(self, exercice: int) -> None:
        """Propose the themes, and the destinations of an exercice."""
        if exercice == self._exercice:
            return
        self._exercice = exercice
        nomenclatures = self._session.nomenclatures
        self._items = [(f"{_THEME}{code}", label) for code, label in nomenclatures.themes().items()]
        self._items += [
            (f"{_DESTINATION}{d.code}", f"{d.code} {d.libelle}") for d in nomenclatures.destinations(exercice)
        ]

    def set_value(self, flechages: tuple[Flechage, ...]) -> None:
        """Show these rows."""
        for ligne in list(self.lignes):
            self._take(ligne)
        for f in flechages:
            self._put(f)

    def value(self) -> tuple[Flechage, ...]:
        return tuple(f for f in (x.value() for x in self.lignes) if f is not None)

    def problem(self) -> str:
        """What is wrong with the first row that has something wrong."""
        return next((told for x in self.lignes if (told := x.problem())), "")

    def add(self) -> None:
        """A blank row, the cursor in it."""
        self._put(Flechage(0)).cible.setFocus()
        self.edited.emit()

    def _put(self, f: Flechage) -> _Ligne:
        ligne = _Ligne(self._items, f)
        ligne.edited.connect(self.edited)
        ligne.removed.connect(lambda: self._remove(ligne))
        self.lignes.append(ligne)
        self._rows.addWidget(ligne)
        return ligne

    def _remove(self, ligne: _Ligne) -> None:
        self._take(ligne)
        self.edited.emit()

    def _take(self, ligne: _Ligne) -> None:
        self.lignes.remove(ligne)
        self._rows.removeWidget(ligne)
        ligne.hide()
        ligne.deleteLater()
