"""The step that shows what would change: one table at a time, chosen by tabs that carry their count."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QTabBar, QWidget

from firdesk.domain import money
from firdesk.services.importing.plan import Plan
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card
from firdesk.ui.kit.table_model import TableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.kit.text import Text
from firdesk.ui.pages import import_missions, import_tables

Build = Callable[[], TableModel]


@dataclass(frozen=True, slots=True)
class Onglet:
    """One tab: its key, its word, how many lines it has, how its table is made, what it means."""

    key: str
    titre: str
    nombre: int
    build: Build
    phrase: str
    compte: bool = True

    @property
    def texte(self) -> str:
        return f"{self.titre} {money.nombre(self.nombre)}" if self.compte else self.titre


class Onglets(Card):
    """Tabs over one table; tables are made when first looked at."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self._tabs: list[Onglet] = []
        self._models: dict[str, TableModel] = {}
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName("Différences")
        self.bar.currentChanged.connect(self._show)
        self.phrase = Text("", "petit", "faible", wrap=True)
        self.table = DataTable(name="Différences")
        self.body.setSpacing(style.SPACE)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.phrase)
        self.body.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def set_tabs(self, tabs: list[Onglet], empty: str) -> None:
        """Show these tabs, on the one looked at before where it is still there, else the first with lines."""
        before = self.current()
        self._tabs, self._models = tabs, {}
        self.bar.blockSignals(True)
        while self.bar.count():
            self.bar.removeTab(0)
        for tab in tabs:
            self.bar.addTab(tab.texte)
        keys = [t.key for t in tabs]
        first = next((i for i, t in enumerate(tabs) if t.nombre > 0), 0)
        self.bar.setCurrentIndex(keys.index(before) if before in keys and tabs[keys.index(before)].nombre else first)
        self.bar.blockSignals(False)
        self.bar.setVisible(bool(tabs))
        if tabs:
            self._show(self.bar.currentIndex())
        else:
            self.phrase.hide()
            self.table.set_state("vide", empty)

    def current(self) -> str:
        """The key of the tab looked at, empty before the first."""
        index = self.bar.currentIndex()
        return self._tabs[index].key if 0 <= index < len(self._tabs) else ""

    def go(self, key: str) -> None:
        """Look at a tab."""
        self.bar.setCurrentIndex([t.key for t in self._tabs].index(key))

    def texts(self) -> list[str]:
        """What the tabs say."""
        return [t.texte for t in self._tabs]

    def _show(self, index: int) -> None:
        if not 0 <= index < len(self._tabs):
            return
        tab = self._tabs[index]
        self.phrase.setText(tab.phrase)
        self.phrase.show()
        if not tab.nombre:
            self.table.set_state("vide", "Aucune ligne.")
            return
        if tab.key not in self._models:
            self._models[tab.key] = tab.build()
        self.table.set_model(self._models[tab.key])
        self.table.view.setAccessibleName(tab.titre)
        self.table.set_state("donnees")


class Differences(Onglets):
    """What a plan changes in the base."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Différences avec la base", parent)

    def show_plan(self, plan: Plan, missions: list[import_missions.Mission]) -> None:
        """Every difference, and the totals by mission where there are some."""
        self.set_tabs(tabs(plan, missions, self), "Ce fichier ne change rien à la base.")


def tabs(plan: Plan, missions: list[import_missions.Mission], parent: QObject) -> list[Onglet]:
    """The tabs of a plan; those that are rarely needed only where they hold something."""
    t, p = import_tables, parent
    found = [
        Onglet("nouvelles", "Nouvelles", len(plan.nouvelles), lambda: t.nouvelles(plan, p), "Absentes de la base."),
        Onglet("modifiees", "Modifiées", len(plan.modifiees), lambda: t.modifiees(plan, p), "Champ par champ."),
        Onglet(
            "disparues",
            "Disparues",
            len(plan.disparues),
            lambda: t.disparues(plan, p),
            "Dans la base, plus dans ce fichier : gardées et marquées comme disparues.",
        ),
    ]
    rare = [
        Onglet(
            "conflits",
            "Conflits",
            len(plan.conflits),
            lambda: t.conflits(plan, p),
            "Corrigées à la main depuis leur import : la correction est gardée, sauf décision contraire.",
        ),
        Onglet(
            "rejetees",
            "Rejetées",
            len(plan.rejets),
            lambda: t.constats(plan.rejets, p),
            "Cellules qui empêchent d'importer leur ligne.",
        ),
        Onglet(
            "ignorees",
            "Ignorées",
            len(plan.ignorees),
            lambda: t.constats(plan.ignorees, p),
            "Laissées de côté, avec leur raison.",
        ),
    ]
    found += [x for x in rare if x.nombre]
    if missions:
        found.append(
            Onglet(
                "missions",
                "Par mission",
                len(missions),
                lambda: import_missions.model(missions, p),
                "Montant notifié de l'exercice avant et après l'import.",
                compte=False,
            )
        )
    return found
