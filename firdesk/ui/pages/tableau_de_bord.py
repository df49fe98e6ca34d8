"""The dashboard: what was opened, engaged, paid and notified, where it went, what deserves a look.

Every bar opens the allocations behind it.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.budget import Situation, VersionBudget
from firdesk.domain.controle import GRAVITES, Alerte
from firdesk.domain.execution import LIBELLES_MESURES, Mesure
from firdesk.domain.jour import french_date
from firdesk.domain.synthese import Axe, Ligne, Synthese
from firdesk.services import alertes, provenance, syntheses
from firdesk.ui.bridge import Bridge
from firdesk.ui.dialogs import provenance as dialog
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, FigureCard
from firdesk.ui.kit.charts import BarRow, PairedBars, PairRow, RankedBars
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.text import ElidedText, Icon, button, icon_button
from firdesk.ui.page import Page

#: The two themes that dwarf the others, which the published report also sets apart.
A_PART = ("INVEST", "PDS")
SANS_EXECUTION = "pas encore d'exécution SIBC"
MOUVEMENTS = "AE et CP : mouvements des allocations"
DEPARTEMENTS_VUS = 6
#: Heights of what is no row in the right column: title and margins of a chart's card, the list with one line.
CARD_HEAD = 70
REGARDER = 80
FEWEST = 3
#: How many alerts are listed before « et n autres ».
ALERTES_VUES = 12
_ICONES: dict[str, tuple[str, str]] = {
    "grave": ("close-circle-line", "erreur"),
    "alerte": ("error-warning-line", "alerte"),
    "info": ("information-line", "texte_faible"),
}


class TableauDeBord(Page):
    """Four figures, three charts and a list."""

    key = "tableau_de_bord"
    title = "Tableau de bord"
    icon = "dashboard-line"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._sans_gros = False
        self._rows_of_missions = self._rows_of_departements = FEWEST
        self.ouvertes = FigureCard("AE ouvertes", clickable=True)
        self.engagees = FigureCard("AE engagées", clickable=True)
        self.payes = FigureCard("CP payés", clickable=True)
        self.notifie = FigureCard("Notifié", clickable=True)
        self.themes = RankedBars("Thèmes", noun="thèmes")
        self.missions = PairedBars("Missions", first="AE engagées", second="CP payés", mark="AE ouvertes")
        self.missions_notifie = RankedBars("Missions", noun="missions")
        self.departements = RankedBars("Départements", noun="départements", compact=True)
        self.regarder = Card("À regarder")
        self.vide = EmptyState()
        self._lay_out()
        self._connect()

    # Layout

    def _lay_out(self) -> None:
        figures = QHBoxLayout()
        figures.setSpacing(style.WIDE)
        for card in (self.ouvertes, self.engagees, self.payes, self.notifie):
            figures.addWidget(card, 1)
        right = QVBoxLayout()
        right.setSpacing(style.WIDE)
        right.addWidget(self._missions_card())
        right.addWidget(self._departements_card())
        right.addWidget(self._regarder_card(), 1)
        below = QHBoxLayout()
        below.setSpacing(style.WIDE)
        below.addWidget(self._themes_card(), 13)
        below.addLayout(right, 10)
        data = QWidget()
        column = QVBoxLayout(data)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.WIDE)
        column.addLayout(figures)
        column.addLayout(below, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(data)
        self.stack.addWidget(self.vide)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def _themes_card(self) -> Card:
        self._themes_card_ = card = Card("Thèmes", " ")
        choose = icon_button("filter-3-line", "Thèmes montrés")
        menu = QMenu(choose)
        group = QActionGroup(menu)
        for text, without in (
            ("Tous les thèmes", False),
            ("Hors investissements et permanence des soins", True),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(without is self._sans_gros)
            action.triggered.connect(lambda _checked=False, without=without: self.show_themes(sans_gros=without))
            group.addAction(action)
        choose.setMenu(menu)
        for widget in (choose, *self.themes.actions_widgets()):
            card.add_action(widget)
        card.add(self.themes, 1)
        return card

    def _missions_card(self) -> Card:
        self._missions_card_ = card = Card("Missions", " ")
        self._missions_stack = _Charts()
        for chart in (self.missions, self.missions_notifie):
            self._missions_stack.addWidget(chart)
            for widget in chart.actions_widgets():
                card.add_action(widget)
        card.add(self._missions_stack)
        return card

    def _departements_card(self) -> Card:
        card = Card("Départements", "notifié, par siège de l'opérateur")
        for widget in self.departements.actions_widgets():
            card.add_action(widget)
        card.add(self.departements)
        return card

    def _regarder_card(self) -> Card:
        self._lignes = QWidget()
        self._lignes_layout = QVBoxLayout(self._lignes)
        self._lignes_layout.setContentsMargins(0, 0, 0, 0)
        self._lignes_layout.setSpacing(style.HALF)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setMinimumHeight(28)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._lignes)
        self.toutes = _link("Tout voir", "Toutes les alertes", self.bridge, "budget", "alertes")
        self.regarder.add_action(self.toutes)
        self.regarder.body.addWidget(scroll, 1)
        return self.regarder

    def _connect(self) -> None:
        lead_focus(self, self.ouvertes)
        self.themes.bar_clicked.connect(lambda key: self._open(Axe.THEME, key))
        self.missions.bar_clicked.connect(lambda key: self._open(Axe.MISSION, key))
        self.missions_notifie.bar_clicked.connect(lambda key: self._open(Axe.MISSION, key))
        self.departements.bar_clicked.connect(lambda key: self._open(Axe.DEPARTEMENT, key))
        self.notifie.clicked.connect(
            lambda: self.bridge.navigate.emit("allocations", Filtre(exercice=self.bridge.exercice))
        )
        for card in (self.ouvertes, self.engagees, self.payes):
            card.clicked.connect(lambda: self.bridge.navigate.emit("syntheses", (Axe.DESTINATION,)))
        for card, mesure in ((self.engagees, Mesure.ENGAGE), (self.payes, Mesure.PAYE)):
            ask = QAction(dialog.QUESTION, card)
            ask.setShortcut(QKeySequence(dialog.TOUCHE))
            ask.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            ask.triggered.connect(lambda _checked=False, mesure=mesure: self.explain(mesure))
            card.addAction(ask)
            card.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            card.setToolTip(f"{dialog.QUESTION} {dialog.TOUCHE}")

    def explain(self, mesure: Mesure) -> None:
        """The lines of SIBC behind what was engaged or paid."""
        found = provenance.de_l_execution(self.session, self.bridge.exercice, mesures=(mesure,))
        total = money.euros(sum(x.montant or 0 for x in found), decimals=True)
        dialog.show(self.bridge, self, f"{dialog.QUESTION} {LIBELLES_MESURES[mesure]} : {total}", found)

    def _open(self, axe: Axe, cle: str) -> None:
        self.bridge.navigate.emit("allocations", syntheses.filtre((axe,), (cle,), self.bridge.exercice))

    # Content

    def refresh(self) -> None:
        year = self.bridge.exercice
        par_theme = syntheses.table(self.session, (Axe.THEME,), year)
        budgets = self.session.budgets
        versions, snapshots, situations = budgets.versions(year), budgets.instantanes(year), budgets.situations(year)
        count = self.session.allocations.count(year)
        said = f"exécution SIBC au {french_date(snapshots[0].date)}" if snapshots else SANS_EXECUTION
        if not snapshots and any(s.ae_engagees for s in situations):  # payments alone do not say what was engaged
            said = MOUVEMENTS
        executed = said != SANS_EXECUTION
        self._tell(versions, said, count, par_theme)
        if not par_theme.lignes and not situations:
            self._show_empty(year)
            return
        self.stack.setCurrentIndex(0)
        self._show_figures(
            versions, situations, par_theme.total, count, opened=bool(versions or snapshots), executed=executed
        )
        self._show_themes(par_theme)
        self._show_missions(syntheses.table(self.session, (Axe.MISSION,), year), situations, executed)
        self._show_departements(syntheses.table(self.session, (Axe.DEPARTEMENT,), year))
        self._show_alertes(alertes.liste(self.session, year))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give both charts of the right column the rows that fit; départements yield first, the list keeps a line."""
        chart = self._missions_stack.currentWidget()
        if not isinstance(chart, PairedBars | RankedBars):
            return
        figures = max(card.sizeHint().height() for card in (self.ouvertes, self.engagees))
        room = self.height() - figures - 3 * style.WIDE - 2 * CARD_HEAD - REGARDER
        high, low = chart.row_height, self.departements.row_height
        missions, departements = self._rows_of_missions, self._rows_of_departements
        while departements > FEWEST and missions * high + departements * low > room:
            departements -= 1
        while missions > FEWEST and missions * high + departements * low > room:
            missions -= 1
        chart.set_height_for(missions)
        self._missions_stack.setFixedHeight(missions * high)
        self.departements.set_height_for(departements)

    def _tell(self, versions: Sequence[VersionBudget], execution: str, count: int, par_theme: Synthese) -> None:
        told = []
        if versions:
            told.append(
                f"{versions[-1].code} du {french_date(versions[-1].date)}" if versions[-1].date else versions[-1].code
            )
        self.set_subtitle(" · ".join([*told, execution, _allocations(count)]))
        n = len(par_theme.lignes)
        total = money.euros(par_theme.total.notifie)
        self.set_status(f"Exercice {self.bridge.exercice} · {n} thème{'s' if n > 1 else ''} · {total}" if n else "")

    def _show_empty(self, year: int) -> None:
        actions: list[tuple[str, Callable[[], object]]] = [
            ("Importer un fichier…", lambda: self.bridge.navigate.emit("imports", None)),
            ("Saisir une allocation", lambda: self.bridge.navigate.emit("allocations", None)),
        ]
        others = [y for y in self.session.nomenclatures.exercices() if self.session.allocations.count(y)]
        actions += [(f"Voir {y}", lambda y=y: self.bridge.set_exercice(y)) for y in others[:1]]  # type: ignore[misc]
        self.vide.set_content(
            "seedling-line",
            f"Rien n'est encore enregistré pour {year}",
            "Déposer un export de la direction financière sur la fenêtre, ou saisir une première allocation.",
            actions,
        )
        self.stack.setCurrentIndex(1)

    def _show_figures(
        self,
        versions: Sequence[VersionBudget],
        situations: Sequence[Situation],
        total: Ligne,
        count: int,
        *,
        opened: bool,
        executed: bool,
    ) -> None:
        sums = [
            sum(getattr(s, name) for s in situations)
            for name in ("ae_ouvertes", "cp_ouverts", "ae_engagees", "cp_payes")
        ]
        yardstick = versions[-1].libelle or versions[-1].code if versions else "selon SIBC"
        if opened:
            self.ouvertes.set_figure(money.euros(sums[0], decimals=False), yardstick)
        else:
            self.ouvertes.set_figure("—", "aucun budget enregistré")
        for card, used, credits, what, soft in (
            (self.engagees, sums[2], sums[0], "AE ouvertes", False),
            (self.payes, sums[3], sums[1], "CP ouverts", True),
        ):
            if not executed:
                card.set_figure("—", SANS_EXECUTION)
                continue
            rate = used / credits if credits else None
            detail = f"{money.pourcent(100 * rate)} des {what}" if rate is not None else f"aucun {what[:2]} ouvert"
            card.set_figure(money.euros(used, decimals=False), detail, rate=rate, soft=soft)
        self.notifie.set_figure(money.euros(total.notifie, decimals=False), _allocations(count))

    def show_themes(self, *, sans_gros: bool) -> None:
        """Every theme, or all but the two that dwarf the others."""
        self._sans_gros = sans_gros
        self._show_themes(syntheses.table(self.session, (Axe.THEME,), self.bridge.exercice))

    def _show_themes(self, synthese: Synthese) -> None:
        kept = [x for x in synthese.lignes if not (self._sans_gros and x.cle[0] in A_PART)]
        aside = sum(x.notifie for x in synthese.lignes) - sum(x.notifie for x in kept)
        told = "notifié"
        if self._sans_gros:
            told += f", hors investissements et permanence des soins ({money.millions(aside)})"
        self._themes_card_.set_title("Thèmes", f"{told} · cliquer une barre ouvre ses allocations")
        self.themes.set_rows(_ranked(kept))

    def _show_missions(self, synthese: Synthese, situations: Sequence[Situation], executed: bool) -> None:
        chart = self.missions if executed else self.missions_notifie
        for shown in (self.missions, self.missions_notifie):
            for widget in shown.actions_widgets():
                widget.setVisible(shown is chart)
        self._missions_stack.setCurrentWidget(chart)
        if executed:
            self._missions_card_.set_title("Missions", "AE engagées et CP payés, trait : AE ouvertes")
            self.missions.set_rows(
                [
                    PairRow(
                        s.cle,
                        f"{s.cle} · {s.libelle}" if s.cle else s.libelle,
                        s.ae_engagees,
                        s.cp_payes,
                        s.ae_ouvertes or None,
                        money.millions(s.ae_engagees),
                    )
                    for s in situations
                ]
            )
        else:
            self._missions_card_.set_title("Missions", f"notifié · {SANS_EXECUTION}")
            lines = synthese.lignes
            self.missions_notifie.set_rows([_bar(x, f"{x.cle[0]} · {x.libelle[0]}" if x.cle[0] else "") for x in lines])
        self._rows_of_missions = max(1, len(situations) if executed else len(synthese.lignes))

    def _show_departements(self, synthese: Synthese) -> None:
        rows = [
            _bar(x, f"{x.cle[0]} {x.libelle[0]}".strip()) for x in sorted(synthese.lignes, key=lambda x: -x.notifie)
        ]
        self.departements.set_rows(rows)
        self._rows_of_departements = max(1, min(len(rows), DEPARTEMENTS_VUS))

    def _show_alertes(self, found: Sequence[Alerte]) -> None:
        while (item := self._lignes_layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.toutes.setVisible(bool(found))
        self.toutes.setText(f"Tout voir ({len(found)})")
        for alerte in found[:ALERTES_VUES]:
            self._lignes_layout.addWidget(_line(alerte, self.bridge))
        if (left := len(found) - ALERTES_VUES) > 0:
            self._lignes_layout.addWidget(_more(left, self.bridge), 0, Qt.AlignmentFlag.AlignLeft)
        if not found:
            self._lignes_layout.addWidget(ElidedText("Rien à signaler.", "corps", "faible"))
        self._lignes_layout.addStretch()


class _Charts(QStackedWidget):
    """Charts of which one is shown; like a chart, it reaches past the margin of its card."""

    bleed = True


def _allocations(count: int) -> str:
    return f"{money.nombre(count)} allocation{'s' if count > 1 else ''}"


def _ranked(lines: Sequence[Ligne]) -> list[BarRow]:
    return [_bar(x) for x in sorted(lines, key=lambda x: -x.notifie)]


def _bar(line: Ligne, label: str = "") -> BarRow:
    return BarRow(line.cle[0], label or line.libelle[0], line.notifie, money.millions(line.notifie))


def _line(alerte: Alerte, bridge: Bridge) -> QWidget:
    """An icon, a sentence, *Voir*."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.SPACE)
    icon = Icon(*_ICONES[alerte.gravite])
    icon.setToolTip(GRAVITES[alerte.gravite])
    layout.addWidget(icon)
    layout.addWidget(ElidedText(alerte.texte), 1)
    target = ("allocations", alerte.filtre) if alerte.filtre is not None else alerte.page
    if target is not None:
        layout.addWidget(_link("Voir", f"Voir : {alerte.texte}", bridge, *target))
    return row


def _more(count: int, bridge: Bridge) -> QWidget:
    """« et n autres », which opens the whole list."""
    text = f"et {count} autre{'s' * (count > 1)}"
    return _link(text, f"{text} : toutes les alertes", bridge, "budget", "alertes")


def _link(text: str, name: str, bridge: Bridge, page: str, argument: object) -> QPushButton:
    made = button(text, "lien", lambda: bridge.navigate.emit(page, argument))
    made.setFont(style.font("fort"))
    made.setAccessibleName(name)
    return made
