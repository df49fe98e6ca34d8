"""What the checks of the base found, one line a check."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from firdesk.services.verification import Controle
from firdesk.ui.dialogs.sheet import Sheet
from firdesk.ui.kit import style
from firdesk.ui.kit.text import Icon, Text

SHOWN = 5


def show(parent: QWidget, controles: Sequence[Controle]) -> Sheet:
    found = sum(len(c.constats) for c in controles)
    sheet = Sheet(parent, "Vérification de la base")
    if found:
        sheet.line(
            f"{found} constat{'s' if found > 1 else ''} : garder une copie du fichier avant de continuer.", "erreur"
        )
    else:
        sheet.line("La base est saine : tous les contrôles sont conformes.", "succes")
    for controle in controles:
        row = QHBoxLayout()
        row.setSpacing(style.SPACE)
        sound = not controle.constats
        row.addWidget(Icon("checkbox-circle-line" if sound else "close-circle-line", "succes" if sound else "erreur"))
        row.addWidget(Text(controle.libelle), 1)
        row.addWidget(Text("conforme" if sound else f"{len(controle.constats)} constats", "petit", "faible"))
        sheet.body.addLayout(row)
        for constat in controle.constats[:SHOWN]:
            sheet.line(constat, "erreur")
    sheet.open()
    return sheet
