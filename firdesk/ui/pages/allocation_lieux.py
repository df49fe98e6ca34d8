"""The places of an allocation: département and share, adding up to 100 %, or none and its seat says it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from firdesk.domain import territoire
from firdesk.domain.problem import Invalide, Problem
from firdesk.domain.territoire import ENTIER, Lieu
from firdesk.services import territoires
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.fields import PourcentEdit
from firdesk.ui.kit.form import Choix
from firdesk.ui.kit.text import Text, button, icon_button


class _Ligne(QWidget):
    """One département, its share, and the button that takes it away."""

    edited = Signal()
    removed = Signal()

    def __init__(self, departements: Sequence[tuple[str, str]], rank: int) -> None:
        super().__init__()
        self.departement, self.part = Choix("Département"), PourcentEdit()
        self.departement.set_items(departements)
        self.departement.setAccessibleName(f"Département {rank}")
        self.part.setAccessibleName(f"Part du département {rank}")
        self.part.setFixedWidth(96)
        self.setFixedHeight(style.FIELD)
        self.departement.edited.connect(self.edited)
        self.part.edited.connect(self.edited)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addWidget(self.departement, 1)
        layout.addWidget(self.part)
        self.retirer = icon_button("close-line", f"Retirer le département {rank}", self.removed.emit)
        layout.addWidget(self.retirer)

    def lieu(self) -> Lieu:
        """The place typed; ``Invalide`` where a field has no value."""
        return Lieu(self.departement.code() or "", self.part.part() or 0)


class LieuxEdit(QWidget):
    """Rows of places with what they add up to; ``edited`` when the user changes any."""

    edited = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        names = session.nomenclatures.departements()
        near = territoires.region(session)
        order = [*near, *(c for c in names if c not in near)]
        self._departements = [(c, f"{c} {names[c]}") for c in order]
        self._siege = ""
        self.lignes: list[_Ligne] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(style.HALF)
        self.total = Text("", "petit", "faible", wrap=True)
        self.probleme = Note("", "erreur")
        self.ajouter = button("Ajouter un département", "lien", self.add, icon="add-line")
        self.egales = button("Parts égales", "lien", self.share_equally)
        self.region = button("", "lien", self.whole_region)
        self.au_siege = button("Au siège", "lien", self.clear)
        self._lay_out(len(near))
        self.set_lieux(())

    def _lay_out(self, near: int) -> None:
        self.region.setText(f"Les {near} de la région")
        self.egales.setToolTip("Donner la même part à chaque département")
        self.region.setToolTip("Tous les départements de la région, à parts égales")
        self.au_siege.setToolTip("Retirer les lieux : le siège de l'opérateur compte")
        links = QHBoxLayout()
        links.setSpacing(style.MARGIN)
        for link in (self.ajouter, self.egales, self.region, self.au_siege):
            links.addWidget(link)
        links.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.SPACE)
        layout.addLayout(self._rows)
        layout.addLayout(links)
        layout.addWidget(self.total)
        layout.addWidget(self.probleme)

    # Values

    def set_siege(self, departement: str) -> None:
        """The département of the operator, which serves where there are no places."""
        self._siege = departement
        self._tell()

    def set_lieux(self, lieux: Sequence[Lieu]) -> None:
        """Show these places without saying ``edited``."""
        while self.lignes:
            self._take(self.lignes[-1])
        for x in lieux:
            row = self._add_row()
            row.departement.set_code(x.departement or None)
            row.part.set_part(x.part or None)
        self._tell()

    def lieux(self) -> tuple[Lieu, ...]:
        """The places typed; ``Invalide`` with what prevents keeping them."""
        made = tuple(row.lieu() for row in self.lignes)
        if problems := territoire.problems(made):
            raise Invalide(problems)
        return made

    def problem(self) -> str:
        """What is wrong with what is typed, empty if nothing."""
        try:
            self.lieux()
        except Invalide as invalid:
            return invalid.problems[0].message
        return ""

    # What the user does

    def add(self) -> None:
        """One more row: the seat first, then what is left to share."""
        left = max(0, ENTIER - sum(self._share(row) for row in self.lignes))
        row = self._add_row()
        if len(self.lignes) == 1 and self._siege:
            row.departement.set_code(self._siege)
        row.part.set_part(left or None)
        row.departement.setFocus()
        self._changed()

    def share_equally(self) -> None:
        """The same share for each row."""
        shares = territoire.parts_egales(str(place) for place in range(len(self.lignes)))
        for row, share in zip(self.lignes, shares, strict=True):
            row.part.set_part(share.part)
        self._changed()

    def whole_region(self) -> None:
        """Every département of the region, in equal shares."""
        self.set_lieux(territoire.parts_egales(territoires.region(self._session)))
        self._changed()

    def clear(self) -> None:
        """No place at all: the seat says it."""
        self.set_lieux(())
        self._changed()

    def show_problem(self) -> None:
        """Say what is wrong now, not only what the shares add up to."""
        self.probleme.set_note(self.problem(), "erreur")

    # Inside

    def _add_row(self) -> _Ligne:
        row = _Ligne(self._departements, len(self.lignes) + 1)
        row.edited.connect(self._changed)
        row.removed.connect(lambda: self._remove(row))
        before = self.lignes[-1] if self.lignes else None
        self.lignes.append(row)
        self._rows.addWidget(row)
        if before is not None:
            for one, following in pairwise((before.retirer, row.departement, row.part, row.retirer)):
                self.setTabOrder(one, following)
        return row

    def _remove(self, row: _Ligne) -> None:
        self._take(row)
        self._changed()
        (self.lignes[-1].departement if self.lignes else self.ajouter).setFocus()

    def _take(self, row: _Ligne) -> None:
        self.lignes.remove(row)
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _changed(self) -> None:
        self.probleme.set_note("")
        self._tell()
        self.edited.emit()

    @staticmethod
    def _share(row: _Ligne) -> int:
        return 0 if row.part.problem() else row.part.part() or 0

    def _tell(self) -> None:
        self.egales.setEnabled(len(self.lignes) > 1)
        self.au_siege.setEnabled(bool(self.lignes))
        if not self.lignes:
            names = dict(self._departements)
            where = names.get(self._siege, "département non renseigné")
            self.total.setText(f"Sans lieu : comptée au siège de l'opérateur ({where}).")
            style.set_tone(self.total, "faible")
            return
        shares = sum(self._share(row) for row in self.lignes)
        whole = shares == ENTIER
        self.total.setText(f"Total : {territoire.part_dite(shares)}" + (" ✓" if whole else ""))
        style.set_tone(self.total, "succes" if whole else "alerte")
        wrong = [] if whole else [p for p in territoire.problems([Lieu("x", shares)]) if shares]
        self.total.setAccessibleName(" ".join([self.total.text(), *(_said(p) for p in wrong)]))


def _said(problem: Problem) -> str:
    return problem.message
