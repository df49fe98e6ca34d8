"""What one does to lines of the table: create, duplicate, delete, type in a cell, paste, export, look for the like."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.services import allocation_cells, allocations, engagements, exporting
from firdesk.services.allocation_cells import Cellule
from firdesk.ui.dialogs.provenance import QUESTION, TOUCHE
from firdesk.ui.export_path import CLASSEUR_OU_CSV, ask_path, run_export
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.pages.allocation_engagements import TOUCHE_ECHEANCIER_DITE
from firdesk.ui.pages.allocation_table import block

if TYPE_CHECKING:
    from firdesk.ui.pages.allocations import Allocations

REFUSALS_SHOWN = 4
_NATURES = {
    "saisi": Nature.SAISIE,
    "notifie": Nature.NOTIFICATION,
    "engage": Nature.ENGAGEMENT,
    "paye": Nature.PAIEMENT,
}


class LineActions:
    """Acts on the page's selection; each change is one operation that the message can undo."""

    def __init__(self, page: Allocations) -> None:
        self._page = page
        self._bridge, self._session = page.bridge, page.session

    def create(self) -> None:
        """A blank line in the form."""
        if self._page.may_move(self.create):
            self._page.leave_line()
            self._page.form.start(self._bridge.exercice)

    def duplicate(self) -> None:
        """A new line like the one shown."""
        number = self._page.form.number
        if number is not None and self._page.may_move(self.duplicate):
            self._page.leave_line()
            self._page.form.start_copy(number)

    def delete(self) -> None:
        """Delete the selected lines; the message gives them back."""
        page, ids = self._page, self._page.table.selected_ids()
        if not ids or not page.may_move(self.delete):
            return
        row = page.model.row_of(ids[-1]) + 1
        following = page.model.id_at(row) if row < page.model.rowCount() else None
        said = "Supprimé : 1 allocation." if len(ids) == 1 else f"Supprimé : {money.nombre(len(ids))} allocations."
        page.form.clear()
        self._bridge.perform(lambda: allocations.delete(self._session, ids), done=said)
        if following is not None and page.model.row_of(following) >= 0:
            page.show_line(following)

    def write_cell(self, number: object, key: str, text: str) -> None:
        """What the end of an edit in the table does."""
        page = self._page
        if isinstance(number, int) and page.may_move():
            title = page.model.columns[page.model.column_of(key)].title
            cell = Cellule(number, key, text)
            self._bridge.perform(
                lambda: allocation_cells.write(self._session, cell), done=f"Enregistré : {title.lower()}."
            )

    def paste(self, text: str) -> None:
        """Write a block copied from a spreadsheet from the current cell on."""
        page = self._page
        if not text.strip() or not page.may_move():
            return
        cells, beyond = block(page.model, page.table.view.currentIndex(), text, page.shown_columns())
        wanted = [Cellule(*c) for c in cells]
        done = self._bridge.perform(lambda: allocation_cells.paste(self._session, wanted))
        if done is None:
            return
        refused = list(done.refus)
        if beyond:
            refused.append(f"{beyond} ligne{'s' * (beyond > 1)} du bloc au-delà de la fin du tableau.")
        said = f"Collé dans {done.modifiees} allocation{'s' * (done.modifiees > 1)}."
        if refused:
            more = len(refused) - REFUSALS_SHOWN
            said += f" {len(refused)} refus : {' '.join(refused[:REFUSALS_SHOWN])}"
            said += f" Et {more} autre{'s' * (more > 1)}." if more > 0 else ""
        undo = self._bridge.undo if done.modifiees else None
        self._bridge.message.emit("alerte" if refused else "succes", said, "Annuler (Ctrl+Z)" if undo else "", undo)

    def merge_operator(self, number: int) -> None:
        """Put the operator of a line beside another one, to make one of them."""
        from firdesk.ui.dialogs import fusion_operateurs

        if self._page.may_move(lambda: self.merge_operator(number)):
            fusion_operateurs.show(self._page, self._bridge, number)

    def show_ej(self, ej: str) -> None:
        """The items of a commitment, on this allocation and others."""
        from firdesk.ui.dialogs import ej as sheet

        sheet.show(self._bridge, self._page, ej)

    def commit(self) -> None:
        """Commit the selected lines that have an EJ for what was notified."""
        ids = self._page.table.selected_ids()
        if ids and self._page.may_move(self.commit):
            done = self._bridge.perform(lambda: engagements.engager(self._session, ids))
            if done:
                said = f"{money.nombre(done)} allocations engagées." if done > 1 else "1 allocation engagée."
                self._bridge.message.emit("succes", said, "Annuler (Ctrl+Z)", self._bridge.undo)
            elif done == 0:
                said = "Rien à engager : il faut un n° d'EJ, un montant notifié, et aucun engagement déjà saisi."
                self._bridge.message.emit("info", said, "", None)

    def places(self) -> None:
        """Say where the selected lines act."""
        from firdesk.ui.dialogs import lieux

        ids = self._page.table.selected_ids()
        if not ids:
            self._bridge.message.emit("info", "Choisir d'abord des allocations dans le tableau.", "", None)
        elif self._page.may_move(self.places):
            lieux.show(self._bridge, self._page, ids)

    def explain(self) -> None:
        """Show the cell that the amount under the cursor comes from, or every amount of the line."""
        key = self._page.model.columns[max(0, self._page.table.view.currentIndex().column())].key
        self._page.form.explain((_NATURES[key],) if key in _NATURES else ())

    def export(self) -> None:
        """Ask for a file and write the lines of the filter in it."""
        year = self._page.filtre.exercice
        proposed = self._session.path.with_name(f"Allocations {year or ''}.xlsx".replace(" .", "."))
        if path := ask_path(self._page, "Exporter les allocations du filtre", proposed, CLASSEUR_OU_CSV):
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write the lines of the filter, with progress."""
        filtre, session = self._page.filtre, self._session

        def write(progress: Progress) -> None:
            exporting.export_allocations(session, path, filtre, progress)

        run_export(self._bridge, path, write, "Export des allocations")

    # Menus

    def fill_menu(self, menu: QMenu, ids: list[int]) -> None:
        """The context menu of the table."""
        if not ids:
            menu.addAction("Nouvelle allocation\tCtrl+N", self.create)
            return
        if len(ids) == 1:
            menu.addAction("Ouvrir dans la fiche\tEntrée", self._page.edit_current)
            self.fill_line_menu(menu)
        else:
            menu.addAction(f"Supprimer les {money.nombre(len(ids))} allocations\tSuppr", self.delete)
        menu.addAction("Lieux d'action…", self.places)
        menu.addAction("Engager pour le montant notifié", self.commit)
        menu.addSeparator()
        menu.addAction("Exporter les lignes du filtre (Excel)…", self.export)

    def fill_form_menu(self) -> None:
        """The menu of the form, filled when it opens."""
        menu = self._page.form.menu
        menu.clear()
        if self._page.form.number is not None:
            self.fill_line_menu(menu)

    def fill_line_menu(self, menu: QMenu) -> None:
        """What concerns the line shown in the form."""
        money_of = self._page.form.fields.engagements
        menu.addAction("Engagement, paiement, retrait…\tInser", money_of.add)
        menu.addAction(f"Échéancier des CP…\t{TOUCHE_ECHEANCIER_DITE}", money_of.plan)
        menu.addSeparator()
        menu.addAction("Dupliquer\tCtrl+D", self.duplicate)
        menu.addAction("Supprimer\tSuppr", self.delete)
        menu.addSeparator()
        menu.addAction(f"{QUESTION}\t{TOUCHE}", self.explain)
        menu.addSeparator()
        allocation = self._session.allocations.get(self._page.form.number or 0)
        if allocation is None:
            return
        if allocation.ej:
            menu.addAction(f"Voir l'EJ {allocation.ej}…", partial(self.show_ej, allocation.ej))
        same: list[tuple[str, Filtre]] = [
            ("cet opérateur", Filtre(operateurs=(allocation.operateur_id,))),
            ("ce thème", Filtre(themes=(allocation.theme,))),
            ("cette destination", Filtre(destinations=(allocation.destination,))),
        ]
        for name, filtre in same:
            wanted = replace(filtre, exercice=self._bridge.exercice)
            menu.addAction(f"Filtrer sur {name}", partial(self._page.accept, wanted))
        sheet = partial(self._bridge.navigate.emit, "operateurs", allocation.operateur_id)
        menu.addAction("Fiche de cet opérateur", sheet)
        menu.addAction("Fusionner cet opérateur avec un autre…", partial(self.merge_operator, allocation.operateur_id))
