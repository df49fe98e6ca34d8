"""Imports: from a file of the finance department to the base, and every import still in force."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.historique import Obstacle
from firdesk.domain.jour import french_date
from firdesk.domain.lot import Lot, Suivi
from firdesk.domain.problem import Refus
from firdesk.services.importing import bilan, decisions, lots, rejets
from firdesk.services.importing.brouillons import Brouillon
from firdesk.ui.base_commands import SHEETS, documents
from firdesk.ui.bridge import Bridge
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.page import Page
from firdesk.ui.pages import import_liste, import_obstacles
from firdesk.ui.pages.import_assistant import Assistant
from firdesk.ui.pages.import_en_cours import ImportEnCours
from firdesk.ui.pages.import_liste import Liste
from firdesk.ui.pages.import_lot import PageLot
from firdesk.ui.pages.import_profils import PageProfil, ProfilsAppris
from firdesk.ui.pages.import_rejets import ExportRejets
from firdesk.ui.pages.import_reprise import Reprise
from firdesk.ui.pages.import_retenues import Retenues
from firdesk.ui.pages.import_situations import Situations


class Imports(Page):
    """The list of imports, the one being prepared, or one that was written."""

    key = "imports"
    title = "Imports"
    icon = "inbox-archive-line"
    guide = "importer"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._lot: int | None = None
        self._annule: int | None = None
        self._profil: int | None = None
        self._answers = self._situations = False
        self.rejets = ExportRejets(bridge, self)
        self.encours = ImportEnCours(bridge, self)
        self.liste = Liste()
        self.assistant = Assistant(self.encours, self.session)
        self.page_lot = PageLot()
        self.profils, self.page_profil = ProfilsAppris(bridge), PageProfil(bridge)
        self.liste.add_below(self.profils)
        self.reprise, self.retenues = Reprise(), Retenues()
        self.situations = Situations(bridge)
        self.stack = QStackedWidget()
        shown: tuple[QWidget, ...] = (self.liste, self.assistant, self.page_lot, self.page_profil, self.retenues)
        for part in (*shown, self.situations):
            self.stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.reprise)
        layout.addWidget(self.stack, 1)
        self._connect()

    def _connect(self) -> None:
        self.liste.asked.connect(self.choose_files)
        self.liste.opened.connect(self.show_suivi)
        self.liste.cancelled.connect(self.cancel)
        self.liste.restored.connect(self.restore)
        self.liste.situations_asked.connect(self.show_situations)
        self.situations.back.connect(self.show_list)
        self.page_lot.back.connect(self.show_list)
        self.profils.opened.connect(self.show_profil)
        self.page_profil.back.connect(self.show_list)
        self.page_lot.lines_asked.connect(self._show_lines)
        self.page_lot.cancelled.connect(self.cancel_lot)
        self.page_lot.restored.connect(self.restore)
        self.page_lot.rejects_asked.connect(self._export_rejects)
        self.page_lot.obstacles.all_asked.connect(self._cancel_all)
        self.page_lot.obstacles.opened.connect(self._show_operation)
        self.page_lot.fiche.operation_asked.connect(self._show_operation)
        self.reprise.resumed.connect(self.encours.reprendre)
        self.reprise.forgotten.connect(self._forget_draft)
        self.reprise.answers_asked.connect(self.show_retenues)
        self.retenues.back.connect(self.show_list)
        self.retenues.forgotten.connect(self._forget_answers)
        self.assistant.other_file.connect(self._choose_other)
        self.assistant.rejects_asked.connect(self._export_plan_rejects)
        self.encours.changed.connect(self._import_changed)
        self.encours.written.connect(self._written)
        self.encours.finished.connect(self._show)

    # What others ask

    def accept(self, argument: object) -> None:
        """Paths are imported one after the other; a number is a lot to look at, ``situations`` the snapshots."""
        if isinstance(argument, int):
            self.show_lot(argument)
        elif argument == "situations":
            self.show_situations()
        elif isinstance(argument, list | tuple):
            self.add_files([Path(p) for p in argument])

    def add_files(self, files: list[Path]) -> None:
        """Read these files, after those that wait already."""
        if not self.encours.actif:
            self._lot = self._annule = None
        self.encours.add(files)

    def choose_files(self) -> None:
        """Ask for files to import."""
        self._ask(self.add_files)

    @property
    def loading(self) -> bool:
        return self.encours.etat in ("lecture", "ecriture")

    # Which part is shown

    def refresh(self) -> None:
        self.encours.freshen()
        self._show()

    def show_retenues(self) -> None:
        """Look at the answers remembered for the next files."""
        self._lot = self._annule = self._profil = None
        self._answers = True
        self._show()

    def show_list(self) -> None:
        self._lot = self._annule = self._profil = None
        self._answers = self._situations = False
        self._show()

    def show_profil(self, number: int) -> None:
        """Look at a mapping that the base remembers."""
        self._lot = self._annule = None
        self._profil = number
        self._situations = False
        self._show()

    def show_suivi(self, suivi: Suivi) -> None:
        """Look at an import, in force or undone."""
        self._lot = suivi.lot.id if suivi.en_vigueur else None
        self._annule = None if suivi.en_vigueur else suivi.operation
        self._show()
        if self.isVisible() and self.stack.currentWidget() is self.page_lot:
            self.page_lot.setFocus()

    def show_situations(self) -> None:
        """Look at the SIBC snapshots."""
        self._situations = True
        self._show()

    def show_lot(self, number: int) -> None:
        """Look at an import; back to the list if it is no more in force."""
        self._lot, self._annule, self._answers = number, None, False
        self._show()

    def _suivi(self) -> Suivi | None:
        if self._annule is not None:
            return self.session.lots.annule(self._annule)
        return lots.suivi(self.session, self._lot) if self._lot is not None else None

    def _show(self) -> None:
        self.reprise.hide()
        if self.encours.actif:
            self._part(self.assistant)
            return
        suivi = self._suivi()
        if suivi is not None:
            self._show_page(suivi)
            return
        if self._situations:
            self._show_situations()
            return
        self._lot = self._annule = None
        if self._profil is not None and self.page_profil.show_profil(self._profil):
            self._part(self.page_profil)
            self.set_subtitle("Correspondance apprise")
            self.set_status("")
            return
        self._profil = None
        kept = self.session.imports.retenues()
        if self._answers:
            self.retenues.show_retenues(kept)
            self._part(self.retenues)
            self.set_subtitle("Décisions retenues")
            self.set_status("")
            return
        self.reprise.show_state(self.encours.brouillons(), len(kept))
        suivis = lots.tous(self.session)
        self.liste.show_suivis(suivis)
        self.profils.refresh()
        self._part(self.liste)
        self.set_subtitle("Exports StarsFIR, HAPI et SIBC, paiements, classeurs de suivi")
        self.set_status(import_liste.count(suivis))

    def _show_situations(self) -> None:
        self.situations.refresh()
        self._part(self.situations)
        self.set_subtitle("Situations SIBC : les comparer, changer leur date")
        self.set_status(self.situations.count())

    def _show_page(self, suivi: Suivi) -> None:
        lot, found = suivi.lot, lots.constats(self.session, suivi)
        written = lots.lignes_execution(self.session, suivi)
        self.page_lot.show_lot(suivi, found, lots.choix(lot, found), written)
        self._part(self.page_lot)
        self.set_subtitle(f"{import_liste.source(lot.fichier, lot.feuille)} · profil {lot.profil}")
        self.set_status(f"{money.nombre(lot.lues)} lignes lues")

    def _part(self, shown: QWidget) -> None:
        moved = self.stack.currentWidget() is not shown
        self.stack.setCurrentWidget(shown)
        lead_focus(self, shown)
        if moved and self.isVisible():
            shown.setFocus()

    def _import_changed(self) -> None:
        self._show()
        self.assistant.show_import()
        self._tell()

    def _tell(self) -> None:
        encours = self.encours
        plan = encours.plan
        told = [encours.chemin.name]
        if plan is not None:
            chosen = "choisi" if encours.reglages.profil else "reconnu"
            told = [import_liste.source(plan.fichier, plan.feuille), f"profil {plan.profil} {chosen}"]
        if encours.nombre > 1:
            told.append(f"fichier {encours.rang} sur {encours.nombre}")
        self.set_subtitle(" · ".join(told))
        self.set_status(f"{money.nombre(plan.lues)} lignes lues" if plan is not None else "")

    # What the user does

    def _forget_draft(self, brouillon: Brouillon) -> None:
        """Leave an import for good; the message brings it back."""
        self.encours.oublier(brouillon.chemin)
        self._show()

        def again() -> None:
            kept = (brouillon.chemin, brouillon.sha256, brouillon.reglages, brouillon.suite)
            self.bridge.brouillons.garder(self.session.path, *kept)
            self._show()

        self.bridge.message.emit("info", f"Import oublié : {brouillon.nom}.", "Annuler", again)

    def _forget_answers(self, gone: list[tuple[str, str]]) -> None:
        if gone:
            told = "Décision oubliée." if len(gone) == 1 else f"{len(gone)} décisions oubliées."
            self.bridge.perform(lambda: decisions.oublier(self.session, gone), done=told)

    def _ask(self, then: Callable[[list[Path]], object]) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Importer", str(documents()), SHEETS)
        if chosen:
            then([Path(c) for c in chosen])

    def _choose_other(self) -> None:
        def instead(files: list[Path]) -> None:
            self.encours.add(files)
            self.encours.give_up()

        self._ask(instead)

    def cancel_lot(self, number: int) -> None:
        """Undo an import whole, by its number."""
        suivi = lots.suivi(self.session, number)
        if suivi is None or suivi.operation is None:
            self.bridge.message.emit("info", "Cet import n'est plus en vigueur.", "", None)
        else:
            self.cancel(suivi)

    def cancel(self, suivi: Suivi, avec: Sequence[Obstacle] = ()) -> None:
        """Undo an import after ``avec``; where later operations stand in the way, show them."""
        operation, fichier = suivi.operation or 0, suivi.lot.fichier

        def work(progress: Progress) -> list[Obstacle]:
            try:
                lots.annuler(self.session, operation, avec, progress)
            except Refus:
                if found := lots.obstacles(self.session, operation):
                    return found
                raise
            return []

        def done(found: list[Obstacle]) -> None:
            if found:
                self._blocked(suivi, found)
            elif avec:
                more = f" et {len(avec)} opération{'s' * (len(avec) > 1)} plus récente{'s' * (len(avec) > 1)}"
                self.bridge.message.emit("succes", f"Import annulé : {fichier}{more}.", "", None)
            else:
                said = f"Import annulé : {fichier}"
                self.bridge.message.emit("succes", said, "Rétablir (Ctrl+Y)", self.bridge.redo)

        self.bridge.run("Annulation", work, done)

    def _blocked(self, suivi: Suivi, found: list[Obstacle]) -> None:
        self.show_suivi(suivi)
        self.page_lot.show_obstacles(found)
        latest = f"« {import_obstacles.label(found[0])} » du {french_date(found[0].operation.faite_le)}"
        more = f" et {money.nombre(len(found) - 1)} autre{'s' * (len(found) > 2)}" if len(found) > 1 else ""
        rest = "repose" if len(found) == 1 else "reposent"
        text = f"« {suivi.lot.fichier} » ne peut pas être annulé seul : {latest}{more} {rest} sur ses lignes."
        self.bridge.message.emit("alerte", text, "", None)

    def _cancel_all(self) -> None:
        if self.page_lot.suivi is not None:
            self.cancel(self.page_lot.suivi, self.page_lot.obstacles.obstacles())

    def restore(self, suivi: Suivi) -> None:
        """Do an undone import again."""

        def done(_: object) -> None:
            said = f"Import rétabli : {suivi.lot.fichier}"
            self.show_suivi(replace(suivi, annulation=None, annule_le=""))
            self.bridge.message.emit("succes", said, "Annuler (Ctrl+Z)", self.bridge.undo)

        self.bridge.run("Rétablissement", lambda progress: lots.retablir(self.session, suivi, progress), done)

    def _export_rejects(self) -> None:
        suivi = self.page_lot.suivi
        if suivi is not None:
            self.rejets.start(rejets.du_lot(suivi.lot, lots.constats(self.session, suivi)))

    def _export_plan_rejects(self) -> None:
        if self.encours.plan is not None:
            self.rejets.start(rejets.du_plan(self.encours.plan))

    def _show_operation(self, number: int) -> None:
        self.bridge.navigate.emit("historique", number)

    def _show_lines(self, number: int) -> None:
        self.bridge.navigate.emit("allocations", Filtre(exercice=None, lots=(number,)))

    def _written(self, lot: Lot) -> None:
        self._lot = lot.id
        told = bilan.resume(lot, nuls=False)
        number = lot.id or 0
        self.bridge.message.emit(
            "succes", f"{lot.fichier} importé : {told}.", "Annuler (Ctrl+Z)", lambda: self.cancel_lot(number)
        )
