"""Opened, notified, engaged, paid and available of each line of the budget, its overruns, the lines behind any of them.

What is shown is exported and copied; while no budget is voted, provisional twelfths stand in its place.
"""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.budget_execution import Execution as Executee
from firdesk.domain.budget_execution import LigneExecutee
from firdesk.domain.execution import LIBELLES_MESURES, Mesure
from firdesk.domain.synthese import Axe
from firdesk.services import budget_execution, budget_exporting, budgets, provenance
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import provenance as dialog
from firdesk.ui.export_path import ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.bullet import BulletDelegate
from firdesk.ui.kit.cards import FigureCard, Note
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.table_model import SimpleTableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text, button, icon_button
from firdesk.ui.pages.budget_execution_grid import CREDITS, DETAILS, INCONNU, Demande, Grille, grille
from firdesk.ui.pages.import_onglets import Chercher
from firdesk.ui.volet import Volet

PAUSE_MS = 150
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
#: The measure of SIBC behind each column.
_MESURES = {
    "engage": Mesure.ENGAGE,
    "disponible_ae": Mesure.ENGAGE,
    "paye": Mesure.PAYE,
    "disponible_cp": Mesure.PAYE,
}


class Execution(Volet):
    """Figures of the exercice above, one row a line below."""

    key = "execution"
    title = "Exécution"
    tables = frozenset(
        {"budget_version", "budget_ligne", "virement", "execution", "execution_ligne", "exercice", "mouvement"}
        | {"allocation", "destination"}
    )

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.execution: Executee | None = None
        self.grille: Grille | None = None
        self._mois: int | None = None
        self.ouvert, self.engage = FigureCard("AE ouvertes"), FigureCard("AE engagées")
        self.paye, self.canaux = FigureCard("CP payés"), FigureCard("Par canal")
        self.note = Note("", "accent")
        self.recherche = Chercher()
        self.recherche.setPlaceholderText("Chercher une ligne (Ctrl+F)")
        self.detail = combo_box("Détail", DETAILS)
        self.credits = combo_box("Crédits", CREDITS)
        self.mois = combo_box("Mois", [(nom, str(i)) for i, nom in enumerate(MOIS, start=1)])
        self.sous_totaux = QCheckBox("Sous-totaux")
        self.sous_totaux.setChecked(True)
        self.depassements = QCheckBox("Dépassements seulement")
        self.copier = icon_button("file-copy-line", "Copier le tableau", self.copy_all)
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self.model = SimpleTableModel((), parent=self)
        self.table = DataTable(self.model, name="Exécution du budget")
        self.table.view.setItemDelegate(BulletDelegate(self.table.view))
        self._typing = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(style.MARGIN)
        for card in (self.ouvert, self.engage, self.paye, self.canaux):
            cards.addWidget(card)
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        tools.addWidget(self.recherche)
        for combo in (self.detail, self.credits):
            label = Text(combo.accessibleName(), "petit", "faible")
            label.setBuddy(combo)
            tools.addWidget(label)
            tools.addWidget(combo)
        for widget in (self.sous_totaux, self.depassements):
            tools.addWidget(widget)
        tools.addStretch()
        tools.addWidget(self.copier)
        tools.addWidget(self.exporter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(cards)
        layout.addLayout(self._provisional())
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)
        lead_focus(self, self.table)

    def _provisional(self) -> QHBoxLayout:
        """What is said while no budget is voted, and the month that twelfths are counted up to."""
        self._mois_label = Text("Jusqu'à", "petit", "faible")
        self._mois_label.setBuddy(self.mois)
        row = QHBoxLayout()
        row.setSpacing(style.SPACE)
        row.addWidget(self.note, 1)
        row.addWidget(self._mois_label)
        row.addWidget(self.mois)
        return row

    def _connect(self) -> None:
        self._typing.timeout.connect(self._show)
        self.recherche.textChanged.connect(lambda _: self._typing.start())
        for combo in (self.detail, self.credits):
            combo.activated.connect(lambda _: self._show())
        self.mois.activated.connect(lambda _: self.set_mois(int(self.mois.currentData())))
        for box in (self.sous_totaux, self.depassements):
            box.toggled.connect(lambda _: self._show())
        self.table.activated.connect(lambda row: self.drill(int(str(row))))
        self.table.set_context_menu(self._fill_menu)
        self.note.action.connect(lambda: self.bridge.navigate.emit("budget", "versions"))
        shortcut(dialog.TOUCHE, self, self.explain)
        shortcut("Ctrl+F", self, self.recherche.setFocus)

    # What is shown

    @property
    def demande(self) -> Demande:
        return Demande(
            str(self.detail.currentData()),
            str(self.credits.currentData()),
            self.recherche.text(),
            self.depassements.isChecked(),
            self.sous_totaux.isChecked(),
        )

    def set_mois(self, mois: int | None) -> None:
        """Count the provisional twelfths up to a month."""
        self._mois = mois
        self.refresh()

    def refresh(self) -> None:
        if self.execution is not None and self.execution.exercice != self.bridge.exercice:
            self._mois = None
        found = self.execution = budget_execution.execution(self.session, self.bridge.exercice, mois=self._mois)
        etalon = found.etalon
        provisional = etalon.nature == "douziemes"
        for widget in (self.mois, self._mois_label):
            widget.setVisible(provisional)
        if provisional:
            self.mois.setCurrentIndex(etalon.mois - 1)
        self.note.set_note(_note(found), "accent", "Saisir un budget" if _note(found) else "")
        told = [budget_execution.etalon_dit(etalon), budget_execution.source_dite(found)]
        self.set_subtitle(f"Exercice {found.exercice} · {' · '.join(told)}")
        self._figures(found)
        self._show()

    def _figures(self, found: Executee) -> None:
        total = found.total
        opened = found.etalon.nature != "aucun"
        told = f"CP ouverts {money.euros(total.cp)}" if opened else "aucun budget saisi"
        self.ouvert.set_figure(money.euros(total.ae) if opened else INCONNU, told)
        for card, name, rate, left, what, soft in (
            (self.engage, "engage", total.taux_ae, total.disponible_ae, "AE", False),
            (self.paye, "paye", total.taux_cp, total.disponible_cp, "CP", True),
        ):
            used = getattr(total, name)
            if not found.dit(name):
                card.set_figure(INCONNU, "aucun engagement connu" if found.connue else "aucune exécution connue")
                continue
            detail = f"{money.pourcent(rate)} de l'ouvert" if rate is not None else f"aucun {what} ouvert"
            over = f"{money.euros(-left)} au-delà de l'ouvert" if rate is not None and left < 0 else ""
            detail += f" · disponible {money.euros(left)}" if rate is not None and left >= 0 else ""
            card.set_figure(
                money.euros(used), detail, rate=rate / 100 if rate is not None else None, alert=over, soft=soft
            )
        what = "CP payés" if found.mesure_canaux == "paye" else "notifié"
        if found.canaux:
            first, *others = found.canaux
            detail = " · ".join(f"{x.libelle.lower()} {money.euros(x.montant)}" for x in others)
            self.canaux.set_figure(money.euros(first.montant), f"{first.libelle.lower()}, {what}" + _and(detail))
        else:
            self.canaux.set_figure(INCONNU, "aucun montant par canal")
        self.canaux.setToolTip("\n".join(f"{x.libelle} ({what}) : {money.euros(x.montant)}" for x in found.canaux))

    def _show(self) -> None:
        found, wanted = self.execution, self.demande
        if found is None:
            return
        nomenclatures = self.session.nomenclatures
        names = budgets.libelles(self.session, found.exercice)
        made = grille(found, wanted, names, nomenclatures.missions(), nomenclatures.enveloppes())
        self.grille = made
        self.sous_totaux.setVisible(wanted.detail != "mission")
        self.model.set_columns(made.columns)
        self.model.set_rows(made.rows, strong_rows=made.fortes)
        self.table.set_totals(made.totals, "Total du filtre" if wanted.filtre else "Total")
        self._state(found, made, wanted)
        for widget in (self.copier, self.exporter):
            widget.setEnabled(bool(made.rows))
        over = f"{made.depassements} dépassement{'s' * (made.depassements > 1)}" if made.depassements else ""
        count = f"{money.nombre(made.nombre)} ligne{'s' * (made.nombre > 1)}"
        self.set_status(" · ".join(t for t in (count, over) if t) if found.lignes else "")

    def _state(self, found: Executee, made: Grille, wanted: Demande) -> None:
        if made.rows:
            self.table.set_state("donnees")
        elif found.lignes:
            told = "Aucun dépassement." if wanted.depassements and not wanted.texte else ""
            self.table.set_state("filtre_vide", told, "Tout montrer", self.show_all)
        else:
            told = f"Aucun budget ni exécution pour {found.exercice}."
            self.table.set_state(
                "vide", told, "Saisir un budget", lambda: self.bridge.navigate.emit("budget", "versions")
            )

    def show_all(self) -> None:
        """Take every filter away."""
        self.depassements.setChecked(False)
        self.recherche.clear()
        self._show()

    # What the user does

    def drill(self, row: int) -> None:
        """Open the allocations of a destination or of a mission."""
        self.bridge.navigate.emit("allocations", self._filtre(self._ligne(row)))

    def _ligne(self, row: int) -> LigneExecutee:
        assert self.grille is not None  # noqa: S101 - a row was shown
        return self.grille.lignes[row]

    def _filtre(self, x: LigneExecutee) -> Filtre:
        year = self.bridge.exercice
        if x.destination:
            return Filtre(exercice=year, destinations=(x.destination,))
        return Filtre(exercice=year, missions=(x.mission,))

    def explain(self) -> None:
        """Where the figure under the cursor comes from: rows of SIBC, the version, else the allocations behind it."""
        index, found = self.table.view.currentIndex(), self.execution
        if found is None or not index.isValid():
            return
        row, key = self.model.id_at(index.row()), self.model.columns[index.column()].key
        x = self._ligne(row)
        mesure = _MESURES.get(key, Mesure.ENGAGE if key in ("jauge", "code", "libelle") else None)
        if key in ("ae", "cp"):
            self.bridge.navigate.emit("budget", ("versions", (found.etalon.code, x.destination)))
        elif mesure is None or found.source != "sibc":
            self.drill(row)
        else:
            cles = {Axe.DESTINATION: x.destination} if x.destination else {Axe.MISSION: x.mission}
            lines = provenance.de_l_execution(self.session, found.exercice, cles, (mesure,))
            total = money.euros(sum(y.montant or 0 for y in lines), decimals=True)
            dialog.show(self.bridge, self, f"{dialog.QUESTION} {LIBELLES_MESURES[mesure]} : {total}", lines)

    def _fill_menu(self, menu: QMenu, rows: list[int]) -> None:
        if len(rows) == 1:
            menu.addAction("Voir les allocations\tEntrée", lambda: self.drill(rows[0]))
            menu.addAction(f"{dialog.QUESTION}\t{dialog.TOUCHE}", self.explain)
        menu.addAction("Exporter l'exécution (Excel)…", self._ask_export)

    def copy_all(self) -> None:
        """Put the whole table on the clipboard."""
        self.table.view.selectAll()
        self.table.copy()
        self.table.view.clearSelection()
        self.bridge.message.emit("info", "Tableau copié : le coller dans un classeur ou un message.", "", None)

    def export_to(self, path: Path) -> None:
        """Write the execution of the exercice, every grain, to a workbook."""
        found = self.execution
        if found is not None:
            run_export(self.bridge, path, lambda _: budget_exporting.export_execution(self.session, path, found))

    def _ask_export(self) -> None:
        proposed = self.session.path.with_name(f"execution-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter l'exécution", proposed):
            self.export_to(path)

    def present(self) -> None:
        self.table.select([0])


def _note(found: Executee) -> str:
    e = found.etalon
    if e.nature != "douziemes":
        return ""
    return (
        f"Aucun budget {found.exercice} n'est voté : crédits provisoires, {e.mois}/12 du {e.code} {e.exercice} "
        "(un douzième par mois, art. R1435 du code de la santé publique)."
    )


def _and(detail: str) -> str:
    return f" · {detail}" if detail else ""
