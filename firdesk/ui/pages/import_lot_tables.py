"""The tables of an import that was written: the choices made before it, what it wrote of the budget's execution."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from firdesk.domain.execution import LigneExecution
from firdesk.services.importing.lots import Choix
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.pages.import_lines import LinesModel, Row
from firdesk.ui.pages.import_tables import model

CHOIX = (
    ColumnSpec("question", "Question", width=240, stretch=True),
    ColumnSpec("choix", "Choix", width=220, stretch=True),
    ColumnSpec("par", "Comment", width=112),
)
EXECUTION = (
    ColumnSpec("destination", "Destination", "code", 96),
    ColumnSpec("libelle", "Libellé", width=140, stretch=True),
    ColumnSpec("enveloppe", "Enveloppe", width=104),
    ColumnSpec("ej", "EJ validés", "montant", 132, decimals=True),
    ColumnSpec("decaissements", "Décaissements", "montant", 132, decimals=True),
    ColumnSpec("cellule", "Cellule", width=92, tooltip="Cellule des EJ validés dans le fichier"),
)


def choix(found: Sequence[Choix], parent: QObject) -> LinesModel:
    """What was recognised or chosen, what was asked and answered."""
    return model(CHOIX, found, lambda c: c, parent)


def execution(found: Sequence[LigneExecution], parent: QObject) -> LinesModel:
    """Lines of the budget's execution with the cell they came from."""

    def row(x: LigneExecution) -> Row:
        return x.destination, x.libelle, x.enveloppe, x.ej_valides, x.decaissements, x.cellule

    return model(EXECUTION, found, row, parent)
