"""*Exporter les rejets*: asks where, writes the copy on the worker, and where the file moved or changed, what to do."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from firdesk.domain import money
from firdesk.services.importing import rejets
from firdesk.services.importing.rejets import Copie, Demande
from firdesk.ui.base_commands import SHEETS, documents, open_file
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import CLASSEUR, ask_path

KINDS = {".xlsx": CLASSEUR, ".xlsm": "Classeur Excel avec macros (*.xlsm)"}


class ExportRejets:
    """One export at a time; what it has to say goes to the message bar."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        self._bridge, self._parent = bridge, parent

    def start(self, demande: Demande) -> None:
        """Ask for a name, then write."""
        name, kind = rejets.nom_propose(demande), rejets.suffixe(demande)
        folder = Path(demande.chemin).parent if demande.chemin else documents()
        proposed = (folder if folder.is_dir() else documents()) / name
        if path := ask_path(self._parent, "Exporter les rejets", proposed, KINDS[kind], kind):
            self.write(demande, path)

    def write(self, demande: Demande, sortie: Path, *, original: Path | None = None, liste_seule: bool = False) -> None:
        """Write the copy with progress."""
        self._bridge.run(
            "Export des rejets",
            lambda progress: rejets.exporter(
                demande, sortie, original=original, liste_seule=liste_seule, progress=progress
            ),
            self._written,
            on_error=lambda error: self._refused(error, demande, sortie),
        )

    def _written(self, copie: Copie) -> None:
        several = "s" * (copie.cellules > 1)
        marked = f"{money.nombre(copie.cellules)} cellule{several} à corriger"
        told = " ".join([f"Écrit : {copie.chemin.name}, {marked}.", *copie.notes])
        folder = copie.chemin.absolute().parent
        self._bridge.message.emit("succes", told, "Ouvrir le dossier", lambda: open_file(folder))

    def _refused(self, error: Exception, demande: Demande, sortie: Path) -> None:
        action, then = "", None
        if isinstance(error, rejets.Deplace):
            action, then = "Indiquer où il est…", self._asking(demande, sortie)
        elif isinstance(error, rejets.Change):
            action = "Exporter la liste seule"

            def then() -> None:
                self.write(demande, sortie.with_suffix(".xlsx"), liste_seule=True)

        if action:
            self._bridge.message.emit("alerte", str(error), action, then)
        else:
            self._bridge.fail(error)

    def _asking(self, demande: Demande, sortie: Path) -> Callable[[], None]:
        def ask() -> None:
            start = str(documents() / demande.fichier)
            chosen, _ = QFileDialog.getOpenFileName(self._parent, f"Où est « {demande.fichier} » ?", start, SHEETS)
            if chosen:
                self.write(demande, sortie, original=Path(chosen))

        return ask
