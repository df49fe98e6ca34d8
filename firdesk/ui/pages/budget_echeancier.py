"""When the CP are due and what is left to pay, along an axis: by year to come, or by year of origin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.echeancier import Echeancier, somme
from firdesk.domain.jour import french_date
from firdesk.domain.problem import Refus
from firdesk.domain.synthese import LIBELLES_AXES, Axe
from firdesk.services import echeanciers, engagements, export_engagements, syntheses
from firdesk.services.echeanciers import Echeanciers, LigneEcheancier, LigneOrigine, Origines
from firdesk.ui.bridge import Bridge
from firdesk.ui.export_path import CLASSEUR_OU_CSV, ask_path, run_export
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, FigureCard
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.combo_box import combo_box
from firdesk.ui.kit.entry import lead_focus
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.jobs import Progress
from firdesk.ui.kit.shortcuts import shortcut
from firdesk.ui.kit.stacked import StackedBars, StackRow
from firdesk.ui.kit.text import Text, button
from firdesk.ui.volet import Volet

AXES = (Axe.DESTINATION, Axe.THEME, Axe.OPERATEUR, Axe.CONVENTION, Axe.DISPOSITIF)
_NOUNS = {
    Axe.DESTINATION: "destinations",
    Axe.THEME: "thèmes",
    Axe.OPERATEUR: "opérateurs",
    Axe.CONVENTION: "conventions",
    Axe.DISPOSITIF: "dispositifs",
}
PAR_ANNEE, PAR_ORIGINE = "annee", "origine"
#: What the key of the column of a year of origin begins with.
_ORIGIN = "origine-"
#: Years to come that have a column of their own.
AHEAD = 3
_TYPING_MS = 200
#: Widths of an amount: where there is room, and where many years stand side by side.
_WIDE, _NARROW, _MANY = 136, 120, 6


class EcheancierEtReste(Volet):
    """A choice of axis and of what is shown; the table, its chart one key away (T), the allocations behind a line."""

    key = "echeancier"
    title = "Échéancier et reste à payer"
    tables = frozenset(
        {"mouvement", "allocation", "operateur", "convention", "dispositif", "execution", "execution_ligne"}
    )

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.axe = combo_box("Par", [(LIBELLES_AXES[a], str(a)) for a in AXES])
        vues = [("Échéancier par année", PAR_ANNEE), ("Reste à payer par année d'origine", PAR_ORIGINE)]
        self.vue = combo_box("Montrer", vues)
        self.search = QLineEdit()
        self.cards = {key: FigureCard(label) for key, label in _FIGURES.items()}
        self.chart = StackedBars("Échéancier des CP", hatched=True)
        self.card = Card("", " ")
        self.replanifier_button = button("Replanifier", "secondaire", self.replan, icon="refresh-line")
        self.exporter = button("Exporter…", "secondaire", self._ask_export, icon="file-excel-2-line")
        self._annees: Echeanciers | None = None
        self._origines: Origines | None = None
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.search.setProperty("kind", "recherche")
        self.search.setPlaceholderText("Filtrer les lignes")
        self.search.setAccessibleName("Filtrer les lignes")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(220)
        self.search.addAction(QAction(style.icon("search-line"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self.replanifier_button.setToolTip("Reporter ce qui n'a pas été payé sur les années encore prévues")
        tools = QHBoxLayout()
        tools.setSpacing(style.SPACE)
        for combo in (self.axe, self.vue):
            name = Text(combo.accessibleName(), "petit", "faible")
            name.setBuddy(combo)
            tools.addWidget(name)
            tools.addWidget(combo)
        tools.addWidget(self.search, 1)
        tools.addStretch()
        tools.addWidget(self.replanifier_button)
        tools.addWidget(self.exporter)
        figures = QHBoxLayout()
        figures.setSpacing(style.MARGIN)
        for card in self.cards.values():
            figures.addWidget(card, 1)
        for widget in self.chart.actions_widgets():
            self.card.add_action(widget)
        self.chart.toggle_table()
        self.card.body.addWidget(self.chart.legend)
        self.card.add(self.chart, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MARGIN)
        layout.addLayout(tools)
        layout.addLayout(figures)
        layout.addWidget(self.card, 1)
        lead_focus(self, self.chart.table)

    def _connect(self) -> None:
        for combo in (self.axe, self.vue):
            combo.activated.connect(lambda _: self.refresh())
        self.search.textEdited.connect(lambda _: self._typing.start())
        self._typing.timeout.connect(self._show)
        self.chart.bar_clicked.connect(self.drill)
        self.chart.toggled.connect(self._legend)
        self.chart.table.set_context_menu(self._menu)
        shortcut("Ctrl+F", self, self.search.setFocus)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut(key, self, lambda: self._go(None))

    # What is shown

    @property
    def axis(self) -> Axe:
        return Axe(str(self.axe.currentData()))

    def accept(self, argument: object) -> None:
        """An axis asked by another page."""
        if isinstance(argument, Axe) and argument in AXES:
            self.axe.setCurrentIndex(self.axe.findData(str(argument)))
            self.stale = True

    def refresh(self) -> None:
        origine = self.vue.currentData() == PAR_ORIGINE
        try:
            self._annees = echeanciers.par(self.session, self.axis, self.bridge.exercice)
            self._origines = echeanciers.origines(self.session, self.axis) if origine else None
        except Refus as refusal:
            self.chart.table.set_state("erreur", refusal.message, "Réessayer", self.refresh)
            return
        self._tell(self._annees.total)
        self._show()

    def _tell(self, e: Echeancier) -> None:
        """The five figures, of every line whatever the filter."""
        year = self.bridge.exercice
        self.cards["ae"].set_figure(money.euros(e.ae, decimals=False), "depuis l'origine, retraits déduits")
        self.cards["cp"].set_figure(money.euros(e.cp, decimals=False), _part(e.cp, e.ae, "de l'AE"))
        self.cards["reste"].set_figure(money.euros(e.reste_a_payer, decimals=False), "AE moins CP payés")
        following = f"échéances de {year + 1}"
        self.cards["du"].set_figure(money.euros(e.du(year + 1), decimals=False), following)
        detail = "AE sans échéance" if e.a_planifier >= 0 else "plus prévu qu'engagé"
        if e.deja_paye:
            detail = f"dont déjà payés : {money.millions(e.deja_paye)}"
        self.cards["solde"].set_figure(money.euros(e.a_planifier, decimals=False), detail)

    def _show(self) -> None:
        if self._annees is None:
            return
        words = fold(self.search.text()).split()
        self.chart.noun = _NOUNS[self.axis]
        count = self._show_origins(words) if self._origines is not None else self._show_years(self._annees, words)
        self._legend()
        self.exporter.setEnabled(count > 0)
        year = self.bridge.exercice
        label = LIBELLES_AXES[self.axis].lower()
        self.set_subtitle(f"Par {label} · {_source(self._annees)}")
        self.set_status(f"{money.nombre(count)} ligne{'s' * (count > 1)} · vu de {year}")
        if count:
            self.chart.table.set_state("donnees")
        elif words:
            text = f"Aucune ligne ne contient « {self.search.text().strip()} »."
            self.chart.table.set_state("filtre_vide", text, "Tout montrer", self._clear)
        else:
            text = "Aucun engagement ni paiement : les saisir dans la fiche d'une allocation."
            self.chart.table.set_state("vide", text, "Voir les allocations", self._to_allocations)

    def _show_years(self, found: Echeanciers, words: Sequence[str]) -> int:
        year = found.exercice
        lines = [x for x in found.lignes if _holds(x, words)]
        total = somme(year, (x.echeancier for x in lines))
        self.card.set_title(
            "Échéancier des CP", "payé avant, prévu ensuite ; avec le solde à planifier, somme égale à l'AE"
        )
        names = [f"Avant {year}", *(str(year + i) for i in range(AHEAD + 1)), "Au-delà", "À planifier"]
        keep = [i for i, n in enumerate(names) if i in (1, 2, 6) or any(_series(x.echeancier)[i] for x in lines)]
        heads = [("ae", "AE engagée"), ("reste", "Reste à payer"), *((f"s{i}", names[i]) for i in keep)]
        columns = [_label(self.axis), *_amounts(heads[:-1]), _balance(*heads[-1], year)]

        def amounts(e: Echeancier) -> tuple[int | None, ...]:
            series = _series(e)
            return (e.ae, e.reste_a_payer, *(series[i] or None for i in keep))

        rows = [
            StackRow(
                x.cle,
                _named(self.axis, x),
                tuple(_series(x.echeancier)[i] for i in keep),
                money.millions(x.echeancier.ae, decimals=2),
                (_named(self.axis, x), *amounts(x.echeancier)),
            )
            for x in lines
        ]
        totals = {k: v or 0 for (k, _), v in zip(heads, amounts(total), strict=True)}
        self.chart.set_rows(rows, [names[i] for i in keep], columns, totals, hatched=True)
        return len(lines)

    def _show_origins(self, words: Sequence[str]) -> int:
        found = self._origines
        if found is None:
            return 0
        lines = [x for x in found.lignes if _holds(x, words)]
        years = found.annees
        told = "engagements saisis sur les allocations, par campagne d'origine"
        self.card.set_title("Reste à payer par année d'origine", told)
        heads = [("reste", "Reste à payer"), *((f"{_ORIGIN}{y}", str(y)) for y in years)]
        columns = [_label(self.axis), *_amounts(heads)]
        rows = []
        for x in lines:
            values = tuple(x.restes.get(y, 0) for y in years)
            name = _named(self.axis, x)
            rows.append(
                StackRow(
                    x.cle,
                    name,
                    values,
                    money.millions(x.total, decimals=2),
                    (name, x.total, *(v or None for v in values)),
                )
            )
        sums = [sum(x.total for x in lines), *(sum(x.restes.get(y, 0) for x in lines) for y in years)]
        totals = {k: v for (k, _), v in zip(heads, sums, strict=True)}
        self.chart.set_rows(rows, [str(y) for y in years], columns, totals)
        return len(lines)

    def _legend(self) -> None:
        """Beside the chart only: the columns of the table have names."""
        self.chart.legend.setVisible(not self.chart.table_shown and bool(self.chart.rows()))

    def _clear(self) -> None:
        self.search.clear()
        self._show()

    # What the user does

    def drill(self, cle: str) -> None:
        """The allocations behind a line, of every exercice; behind a figure by year of origin, those of that year."""
        self._go(cle)

    def _go(self, cle: str | None) -> None:
        """``None``: the allocations of the total."""
        self.bridge.navigate.emit("allocations", syntheses.filtre((self.axis,), (cle,), self._origin()))

    def _origin(self) -> int | None:
        """The year of origin under the cursor of the table."""
        table = self.chart.table
        column, model = table.view.currentIndex().column(), table.model
        if self._origines is None or not self.chart.table_shown or model is None or column < 0:
            return None
        key = model.columns[column].key
        return int(key.removeprefix(_ORIGIN)) if key.startswith(_ORIGIN) else None

    def _to_allocations(self) -> None:
        self.bridge.navigate.emit("allocations", None)

    def replan(self) -> None:
        """Plan anew every allocation whose échéances do not follow what was paid."""
        session, year = self.session, self.bridge.exercice

        def work(_progress: Progress) -> int:
            return engagements.replanifier(session, session.engagements.planifiees(), year)

        def done(count: int) -> None:
            if not count:
                self.bridge.message.emit("info", "Rien à replanifier : les échéances suivent les paiements.", "", None)
                return
            text = f"Replanifié : {money.nombre(count)} allocation{'s' * (count > 1)}, à partir de {year}."
            self.bridge.message.emit("succes", text, "Annuler (Ctrl+Z)", self.bridge.undo)

        self.bridge.run("Replanification", work, done)

    def export_to(self, path: Path) -> None:
        """Write every line of what is shown to a workbook."""
        years, origins = self._annees, self._origines
        if years is None:
            return

        def write(_progress: Progress) -> None:
            if origins is not None:
                export_engagements.export_origines(path, origins)
            else:
                export_engagements.export_echeanciers(path, years)

        run_export(self.bridge, path, write)

    def _ask_export(self) -> None:
        name = "reste-a-payer" if self._origines is not None else "echeancier"
        proposed = self.session.path.with_name(f"{name}-{self.axis}-{self.bridge.exercice}.xlsx")
        if path := ask_path(self, "Exporter l'échéancier", proposed, CLASSEUR_OU_CSV):
            self.export_to(path)

    def _menu(self, menu: QMenu, ids: list[int]) -> None:
        if len(ids) == 1:
            key = self.chart.rows()[ids[0]].key
            menu.addAction("Voir les allocations\tEntrée", lambda: self.drill(key))
            menu.addAction("Voir les allocations du total\tCtrl+Entrée", lambda: self._go(None))

    def present(self) -> None:
        self.axe.setCurrentIndex(self.axe.findData(str(Axe.THEME)))
        self.refresh()
        self.chart.table.select([0])


_FIGURES = {
    "ae": "AE engagée",
    "cp": "CP payé",
    "reste": "Reste à payer",
    "du": "Dû l'an prochain",
    "solde": "À planifier",
}


def _series(e: Echeancier) -> tuple[int, ...]:
    """Paid before, each year that has a column, later, to be planned: they add up to the AE."""
    year, due = e.exercice, e.echeances
    before = sum(cents for y, cents in due.items() if y < year)
    return (before, *(e.du(year + i) for i in range(AHEAD + 1)), e.apres(year + AHEAD), e.a_planifier)


def _label(axe: Axe) -> ColumnSpec:
    return ColumnSpec("libelle", LIBELLES_AXES[axe], width=180, stretch=True)


def _amounts(heads: Sequence[tuple[str, str]]) -> list[ColumnSpec]:
    width = _NARROW if len(heads) > _MANY else _WIDE
    return [ColumnSpec(key, title, "montant", width) for key, title in heads]


def _balance(key: str, title: str, year: int) -> ColumnSpec:
    told = f"AE moins ce qui est payé avant {year} et prévu à partir de {year} ; négatif : plus prévu qu'engagé"
    return ColumnSpec(key, title, "montant", _NARROW + style.SPACE, tooltip=told)


def _named(axe: Axe, x: LigneEcheancier | LigneOrigine) -> str:
    return f"{x.cle} {x.libelle}" if axe is Axe.DESTINATION and x.cle != x.libelle else x.libelle


def _holds(x: LigneEcheancier | LigneOrigine, words: Sequence[str]) -> bool:
    text = fold(f"{x.cle} {x.libelle}")
    return all(w in text for w in words)


def _part(cents: int, total: int, of: str) -> str:
    return f"{money.pourcent(100 * cents / total)} {of}" if total > 0 else ""


def _source(found: Echeanciers) -> str:
    if found.source in ("sibc", "mixte"):
        others = ", mouvements des autres exercices" if found.source == "mixte" else ""
        return f"AE et CP : SIBC au {french_date(found.source_date)}{others}"
    return "AE et CP : mouvements des allocations"
