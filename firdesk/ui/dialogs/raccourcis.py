"""The keys of the program, on one sheet."""

from PySide6.QtWidgets import QGridLayout, QWidget

from firdesk.ui.dialogs.sheet import Sheet
from firdesk.ui.kit import style
from firdesk.ui.kit.text import Text

KEYS = (
    ("Ctrl+K", "Chercher partout : page, commande, opérateur, thème, destination"),
    ("Ctrl+1 … Ctrl+9, Ctrl+0", "Aller à une page, de haut en bas"),
    ("Alt+Gauche", "Revenir à la page précédente, comme elle était"),
    ("Ctrl+Page préc. / suiv.", "Passer d'un onglet à l'autre : Budget, fiche d'une convention, d'un dispositif"),
    ("Ctrl+Tab / Ctrl+Maj+Tab", "Passer d'une vue à l'autre dans l'onglet Exercices"),
    ("Ctrl+Z / Ctrl+Y", "Annuler / rétablir, même après une fermeture"),
    ("Ctrl+N / Ctrl+D", "Nouvelle allocation / dupliquer ; nouvelle convention / avenant"),
    ("Inser", "Ajouter un engagement, un paiement, un retrait, une reprise à l'allocation"),
    ("Ctrl+Maj+E", "Planifier les paiements de l'allocation"),
    ("Ctrl+F", "Filtrer les allocations par un texte"),
    ("Ctrl+Entrée", "Enregistrer l'allocation et passer à la suivante (Ctrl+S : y rester)"),
    ("Ctrl+I", "Importer un fichier"),
    ("Ctrl+E", "Exporter en Excel"),
    ("Ctrl+P", "Imprimer le rapport affiché"),
    ("Entrée", "Ouvrir les allocations derrière une barre ou une cellule"),
    ("Ctrl+Maj+O", "Dire d'où vient un montant : fichier, feuille, cellule, texte lu"),
    ("T", "Sur un graphique : les mêmes données en tableau"),
    ("Maj+F10", "Le menu de la ligne choisie d'un tableau, comme le clic droit"),
    ("Ctrl+C", "Copier les lignes choisies d'un tableau"),
    ("Ctrl+O / Ctrl+W", "Ouvrir / fermer une base"),
    ("F1", "Guide"),
)


def show(parent: QWidget) -> Sheet:
    sheet = Sheet(parent, "Raccourcis clavier", 600)
    grid = QGridLayout()
    grid.setHorizontalSpacing(style.PAGE_MARGIN)
    grid.setVerticalSpacing(style.SPACE)
    grid.setColumnStretch(1, 1)
    for row, (keys, meaning) in enumerate(KEYS):
        grid.addWidget(Text(keys, "fort"), row, 0)
        grid.addWidget(Text(meaning), row, 1)
    sheet.body.addLayout(grid)
    sheet.open()
    return sheet
