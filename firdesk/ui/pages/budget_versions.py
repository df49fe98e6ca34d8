"""The versions of the budget of an exercice: their lines typed or pasted, their virements, one beside another.

The last version, virements included, is what the execution of the exercice is judged against.
"""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.budget import LigneBudget, VersionBudget
from firdesk.domain.budget_versions import Cle
from firdesk.domain.jour import french_date
from firdesk.services import budget_exporting, budgets
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.text import Text, button, icon_button
from firdesk.ui.kit.undo_keys import UndoKeys
from firdesk.ui.pages.budget_versions_form import LigneForm, VersionForm
from firdesk.ui.pages.budget_versions_grid import Noms, ecarts, lignes
from firdesk.ui.pages.budget_versions_table import Lignes
from firdesk.ui.pages.budget_virements import Virements
from firdesk.ui.volet import Volet

AUCUNE = "Aucune"
PANNEAU = 400
ALERTES_MONTREES = 3


class Versions(Volet):
    """One version at a time; another one stands beside it when asked."""

    key = "versions"
    title = "Versions"
    tables = frozenset(
        {"budget_version", "budget_ligne", "virement", "execution", "execution_ligne", "exercice", "destination"}
    )

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._known: list[VersionBudget] = []
        self._exercice = 0
        self._montree: object = None
        self.choix, self.avec = combo_box("Version"), combo_box("Comparer avec")
        self.nouvelle = button("Nouvelle version…", "secondaire", self.start_version, icon="add-line")
        self.nouvelle.setToolTip("Nouvelle version (Ctrl+N)")
        self.plus = icon_button("more-2-fill", "Autres actions sur la version")
        self.menu = QMenu(self.plus)
        self.plus.setMenu(self.menu)
        self.virer = button("Virements", "secondaire", self.toggle_virements, icon="arrow-left-right-line")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.note = Note("", "alerte")
        self.version_form, self.ligne_form = VersionForm(self.session), LigneForm(self.session)
        self.lignes = Lignes(bridge)
        self.virements = Virements(bridge)
        self.virements.hide()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for combo in (self.choix, self.avec):
            label = Text(combo.accessibleName(), "petit", "faible")
            label.setBuddy(combo)
            tools.addWidget(label)
            tools.addWidget(combo)
        tools.addWidget(self.plus)
        tools.addStretch()
        for widget in (self.virer, self.nouvelle, self.exporter):
            tools.addWidget(widget)
        self.virements.setFixedWidth(PANNEAU)
        beside = QHBoxLayout()
        beside.setSpacing(style.WIDE)
        beside.addWidget(self.lignes.table, 1)
        beside.addWidget(self.virements)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addWidget(self.version_form)
        layout.addWidget(self.ligne_form)
        layout.addWidget(self.note)
        layout.addLayout(beside, 1)
        lead_focus(self, self.lignes.table)

    def _connect(self) -> None:
        self.choix.activated.connect(lambda _: self._chosen())
        self.avec.activated.connect(lambda _: self._show())
        self.menu.aboutToShow.connect(self._fill_menu)
        self.version_form.submitted.connect(self._save_version)
        self.ligne_form.submitted.connect(self._save_ligne)
        for form in (self.version_form, self.ligne_form):
            form.cancelled.connect(self.lignes.table.setFocus)
        self.virements.closed.connect(self.toggle_virements)
        self.lignes.table.set_context_menu(self._fill_lines_menu)
        shortcut("Ctrl+N", self, self.start_version)
        shortcut("Ins", self.lignes.table, self.add_line)
        UndoKeys(self)

    # What is shown

    @property
    def version(self) -> VersionBudget | None:
        """The version shown."""
        number = self.choix.currentData()
        return next((x for x in self._known if x.id == number), None)

    @property
    def autre(self) -> VersionBudget | None:
        """The version beside it, ``None`` where none is compared."""
        number = self.avec.currentData()
        return next((x for x in self._known if x.id == number), None)

    def accept(self, argument: object) -> None:
        """A version's code, or (code, destination)."""
        code, destination = argument if isinstance(argument, tuple) else (argument, "")
        found = next((x for x in self._known if x.code == code), None)
        if found is not None and (found.id == self._montree or self.leave()):
            self.avec.setCurrentIndex(0)
            self.show_version(found.id or 0)
            self.lignes.select(str(destination))

    def show_version(self, number: int) -> None:
        """Show a version by its number."""
        self.choix.setCurrentIndex(self.choix.findData(number))
        self._chosen()

    def compare(self, code: str) -> None:
        """Put another version beside the one shown."""
        found = next((x for x in self._known if x.code == code), None)
        self.avec.setCurrentIndex(self.avec.findData(found.id) if found is not None else 0)
        self._show()

    def refresh(self) -> None:
        exercice = self.bridge.exercice
        kept, beside = (
            (None, None) if exercice != self._exercice else (self.choix.currentData(), self.avec.currentData())
        )
        if exercice != self._exercice:
            self._exercice = exercice
            if self.leave():
                self._close_forms()
        self._known = self.session.budgets.versions(exercice)
        last = self._known[-1].id if self._known else None
        self.choix.clear()
        for x in self._known:
            day = f" du {french_date(x.date)}" if x.date else ""
            self.choix.addItem(f"{x.code}{day}" + (" · référence" if x.id == last else ""), x.id)
        self.choix.setCurrentIndex(max(self.choix.findData(kept), -1))
        if self.choix.currentIndex() < 0:
            self.choix.setCurrentIndex(self.choix.findData(last))
        self._fill_others(beside)
        self._show()

    def _fill_others(self, kept: object) -> None:
        self.avec.clear()
        self.avec.addItem(AUCUNE, None)
        for x in self._known:
            if x.id != self.choix.currentData():
                self.avec.addItem(x.code, x.id)
        self.avec.setCurrentIndex(max(0, self.avec.findData(kept)) if kept is not None else 0)

    def leave(self) -> bool:
        for form in (self.version_form, self.ligne_form, self.virements):
            if form.dirty:
                text = "Modifications non enregistrées : les enregistrer (Entrée) ou les abandonner (Échap)."
                self.bridge.message.emit("alerte", text, "Enregistrer", form.submit)
                form.valider.setFocus()
                return False
        return True

    def _close_forms(self) -> None:
        self.version_form.hide()
        self.ligne_form.hide()

    def _chosen(self) -> None:
        if self.choix.currentData() != self._montree and not self.leave():
            self.choix.setCurrentIndex(self.choix.findData(self._montree))
            return
        self._close_forms()
        self._fill_others(self.avec.currentData())
        self._show()

    def noms(self) -> Noms:
        nomenclatures = self.session.nomenclatures
        names = budgets.libelles(self.session, self.bridge.exercice)
        return Noms(names, nomenclatures.missions(), nomenclatures.enveloppes())

    def _show(self) -> None:
        version, other, noms = self.version, self.autre, self.noms()
        self._montree = self.choix.currentData()
        for widget in (self.choix, self.avec, self.plus, self.exporter, self.virer):
            widget.setEnabled(version is not None)
        if version is None:
            self._show_none()
            return
        opened = self.session.budgets.lignes_virees(version.id or 0)
        moved = len(self.session.budgets.virements(version.id or 0))
        self.virer.setText(f"Virements ({moved})" if moved else "Virements")
        self.virements.show_version(version, opened, dict(noms.destinations))
        if other is None:
            made = lignes(self.session.budgets.lignes(version.id or 0), opened, noms)
            empty = f"Aucune ligne dans le {version.nom} : coller un tableau (Ctrl+V) ou ouvrir une ligne (Inser)."
            self.lignes.show_grille(version, made, "", empty, ("Ouvrir une ligne", self.add_line))
        else:
            made = ecarts(budgets.comparaison(self.session, other, version), noms)
            self.lignes.show_grille(version, made, other.code, "Ces deux versions n'ouvrent aucune ligne.")
        self.lignes.narrow(narrow=other is None and self.virements.isVisible())
        told = f"{version.libelle or version.nom}" + (f" du {french_date(version.date)}" if version.date else "")
        sums = f"AE {money.euros(version.ae)} · CP {money.euros(version.cp)}"
        self.set_subtitle(f"{told} · {sums}")
        self.set_status(f"{money.nombre(made.nombre)} ligne{'s' * (made.nombre > 1)} · {sums}")
        self._tell_alerts(version)

    def _show_none(self) -> None:
        year = self.bridge.exercice
        self.lignes.show_nothing(f"Aucune version du budget {year}.", "Créer une version", self.start_version)
        if not self.virements.dirty:
            self.virements.hide()
        self.virer.setText("Virements")
        self.note.set_note("")
        self.set_subtitle(f"Exercice {year} · aucune version")
        self.set_status("")

    def _tell_alerts(self, version: VersionBudget) -> None:
        told = budgets.alertes(self.session, version)
        more = len(told) - ALERTES_MONTREES
        lines = [*told[:ALERTES_MONTREES], *([f"Et {more} autre{'s' * (more > 1)}."] if more > 0 else [])]
        self.note.set_note("\n".join(lines), "alerte")

    # What the user does

    def start_version(self) -> None:
        """Open the form of a new version."""
        if self.leave():
            self.ligne_form.hide()
            self.version_form.start(self.bridge.exercice)

    def edit(self) -> None:
        """Open the form on the version shown."""
        if self.version is not None and self.leave():
            self.ligne_form.hide()
            self.version_form.edit(self.version)

    def add_line(self) -> None:
        """Open the form of a new line."""
        typed = self.version_form.dirty or self.ligne_form.dirty
        # A virement may need the line: it stays as typed.
        if self.version is not None and self.autre is None and (not typed or self.leave()):
            self.version_form.hide()
            self.ligne_form.start(self.version)

    def delete(self) -> None:
        """Delete the version shown; the message gives it back."""
        version = self.version
        if version is not None and self.leave():
            self.bridge.perform(
                lambda: budgets.supprimer(self.session, version.exercice, version.id or 0),
                done=f"{version.nom} supprimé.",
            )

    def reorder(self, step: int) -> None:
        """Put the version shown earlier or later among the others."""
        version = self.version
        if version is not None:
            said = f"{version.nom} placé {'après' if step > 0 else 'avant'} son voisin."
            self.bridge.perform(
                lambda: budgets.deplacer(self.session, version.exercice, version.id or 0, step), done=said
            )

    def fill(self, date: str) -> None:
        """Take the AE and CP that SIBC shows as opened at a date; lines that it has not are left."""
        version = self.version
        if version is not None:
            label = f"Reprendre l'ouvert SIBC au {french_date(date)} dans le {version.nom}"

            def write() -> int:
                return budgets.ecrire(
                    self.session, version, budgets.lignes_sibc(self.session, version.exercice, date), label
                )

            self.bridge.perform(write, done=f"{version.nom} repris de SIBC au {french_date(date)}.")

    def toggle_virements(self, cle: Cle | None = None) -> None:
        """Show or hide the virements of the version."""
        shown = cle is not None or not self.virements.isVisible()
        self.virements.setVisible(shown)
        self.lignes.narrow(narrow=shown and self.autre is None)
        if shown:
            self.virements.start(cle)
        else:
            if self.virements.number != self._montree:
                self._show()  # what was being typed was of another version
            self.lignes.table.setFocus()

    def _save_version(self, draft: VersionBudget) -> None:
        said = f"{'Créé' if draft.id is None else 'Enregistré'} : {draft.nom}."
        number = self.bridge.perform(lambda: self._write_version(draft), done=said)
        if number is None:
            return
        if draft.id is None and draft.exercice == self.bridge.exercice:
            self.show_version(number)
        self.lignes.table.setFocus()

    def _write_version(self, draft: VersionBudget) -> int:
        number = draft.id
        if number is None:
            number = budgets.creer(self.session, draft, self.version_form.lignes())
        else:
            budgets.modifier(self.session, draft)
        self.version_form.hide()
        return number

    def _save_ligne(self, line: LigneBudget) -> None:
        version = self.ligne_form.version
        if version is None:
            return

        def write() -> int:
            count = budgets.ecrire(self.session, version, [line])
            self.ligne_form.hide()
            return count

        said = f"Ligne {line.destination} ouverte dans le {version.nom}."
        if self.bridge.perform(write, done=said) is not None:
            if version.id == self._montree:
                self.lignes.select(line.destination)
            self.lignes.table.setFocus()

    def _fill_menu(self) -> None:
        self.menu.clear()
        version = self.version
        if version is None:
            return
        self.menu.addAction("Modifier le code, la date, le libellé…", self.edit)
        self.menu.addAction("Ouvrir une ligne…\tInser", self.add_line).setEnabled(self.autre is None)
        for x in self.session.budgets.instantanes(version.exercice):
            if x.ae_ouvertes or x.cp_ouverts:
                told = f"Reprendre l'ouvert SIBC au {french_date(x.date)}"
                self.menu.addAction(told, partial(self.fill, x.date))
        self.menu.addSeparator()
        place = self._known.index(version)
        self.menu.addAction("Placer avant la précédente", lambda: self.reorder(-1)).setEnabled(place > 0)
        later = self.menu.addAction("Placer après la suivante", lambda: self.reorder(1))
        later.setEnabled(place < len(self._known) - 1)
        self.menu.addSeparator()
        self.menu.addAction(f"Supprimer le {version.nom}", self.delete)

    def _fill_lines_menu(self, menu: QMenu, _rows: list[int]) -> None:
        self.lignes.fill_menu(menu)
        cle = self.lignes.current_cle()
        if cle is not None:
            menu.addAction("Virer des crédits de cette ligne…", lambda: self.toggle_virements(cle))
        menu.addAction("Ouvrir une ligne…\tInser", self.add_line)

    def export_to(self, path: Path) -> None:
        """Write what is shown: the version, or the two side by side."""
        version, other, session = self.version, self.autre, self.session
        if version is None:
            return

        def write(_: object) -> None:
            if other is None:
                budget_exporting.export_version(session, path, version.exercice, version.id or 0)
            else:
                budget_exporting.export_comparaison(session, path, budgets.comparaison(session, other, version))

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        version, other = self.version, self.autre
        if version is None:
            return
        name = f"budget-{version.exercice}-" + (f"{other.code}-{version.code}" if other else version.code)
        proposed = self.session.path.with_name(f"{name}.xlsx")
        if path := ask_path(self, "Exporter le budget", proposed):
            self.export_to(path)

    def present(self) -> None:
        if self.version is not None and not self.virements.isVisible():
            self.toggle_virements()
