"""The step that shows what would change: amounts along each axis, then line by line, one table at a time."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from firdesk.domain.money import nombre
from firdesk.domain.synthese import LIBELLES_AXES, Axe
from firdesk.services.importing import bilan
from firdesk.services.importing.ecarts import Ecarts
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import Famille
from firdesk.ui.kit.cards import Note
from firdesk.ui.kit.text import Text, button
from firdesk.ui.pages import import_tables
from firdesk.ui.pages.import_choix import CONFLITS, DISPARUES, Barre
from firdesk.ui.pages.import_onglets import Onglet, Onglets

_DISPARUES = {
    Famille.ENGAGEMENTS: "Dans la base, plus dans ce fichier. Gardée : rien ne change. Marquée : ses montants comptent "
    "toujours. Retirée : ses montants importés ne comptent plus.",
    Famille.PAIEMENTS: "Dans la base, plus dans ce fichier : gardées, sauf décision contraire.",
    Famille.EXECUTION: "Dans la situation de cette date, plus dans ce fichier : remplacées par lui.",
}


class Differences(Onglets):
    """What a plan changes in the base; vanished lines and conflicts are decided in their own tab."""

    #: answers by question (``None``: ask again)
    decided = Signal(object)
    #: write the differences in a workbook
    export_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Différences avec la base", parent)
        self._plan: Plan | None = None
        self.add_action(button("Exporter les différences…", "lien", self.export_asked.emit))
        self.resume = Text("", "petit", wrap=True)
        self.body.insertWidget(0, self.resume)
        self.partiel = Note("")
        self.barre = Barre()
        self.barre.listen(self.table.view)
        self.barre.chosen.connect(self._choose)
        place = self.body.indexOf(self.phrase) + 1
        self.body.insertWidget(place, self.partiel)
        self.body.insertWidget(place + 1, self.barre)

    def show_plan(self, plan: Plan, ecarts: Mapping[Axe, Ecarts]) -> None:
        """Every difference, and the amounts along each axis where there are some."""
        self._plan = plan
        noted = plan.confirmees
        said = f" {nombre(noted)} correction{'s' * (noted > 1)} à la main confirmée{'s' * (noted > 1)} par le fichier."
        self.resume.setText(f"{bilan.phrase(plan)}." + (said if noted else ""))
        shown = [*axes(plan, ecarts, self), *tabs(plan, self), *rares(plan, self)]
        self.set_tabs(shown, "Ce fichier ne change rien à la base.")

    def _show(self, index: int) -> None:
        super()._show(index)
        plan, key = self._plan, self.current()
        vanished = key == "disparues" and plan is not None and any(x.choix for x in plan.disparues)
        self.barre.set_choix(DISPARUES if vanished else CONFLITS if key == "conflits" else ())
        self.partiel.set_note(plan.partiel if plan is not None and vanished else "", "alerte")

    def _choose(self, code: str) -> None:
        """Give the lines chosen (else the one with the focus) this choice; all of them make one answer for all."""
        plan, ids = self._plan, self.table.selected_ids()
        row = self.table.current_id()
        if plan is None or not (ids or row is not None):
            return
        ids = ids or [row or 0]
        key = self.current()
        if key == "disparues":
            every = [f"disparue:{x.reference}" for x in plan.disparues]
        else:
            every = [x.id for x in plan.conflits]
        answers: dict[str, str | None] = {every[i]: code for i in ids}
        if len(answers) == len(set(every)):
            answers = dict.fromkeys(every) | {key: code}
        if len(ids) == 1:
            self._next_line()
        self.decided.emit(answers)

    def _next_line(self) -> None:
        model, view = self.table.model, self.table.view
        below = view.currentIndex().row() + 1
        if model is not None and below < model.rowCount():
            self.table.select([model.id_at(below)])


def axes(plan: Plan, ecarts: Mapping[Axe, Ecarts], parent: QObject) -> list[Onglet]:
    """A tab for each axis."""
    what = "Montant notifié de l'exercice" if plan.famille is Famille.ENGAGEMENTS else plan.mesure
    return [
        Onglet(
            str(axe),
            f"Par {LIBELLES_AXES[axe].lower()}",
            len(found.lignes),
            lambda found=found: import_tables.ecarts(found, parent),  # type: ignore[misc]
            f"{what} avant et après l'import.",
            compte=False,
            mesure=what,
        )
        for axe, found in ecarts.items()
        if found.lignes
    ]


def tabs(plan: Plan, parent: QObject) -> list[Onglet]:
    """The tabs of the lines."""
    t, p = import_tables, parent
    what = "notifié" if plan.famille is Famille.ENGAGEMENTS else plan.mesure
    return [
        Onglet(
            "nouvelles",
            "Nouvelles",
            len(plan.nouvelles),
            lambda: t.nouvelles(plan, p),
            "Absentes de la base.",
            mesure=what,
        ),
        Onglet(
            "modifiees",
            "Modifiées",
            len(plan.modifiees),
            lambda: t.modifiees(plan, p),
            "Champ par champ, avant et après.",
            mesure=what,
        ),
        Onglet(
            "disparues",
            "Disparues",
            len(plan.disparues),
            lambda: t.disparues(plan, p),
            _DISPARUES[plan.famille],
            mesure=what,
        ),
    ]


def rares(plan: Plan, parent: QObject) -> list[Onglet]:
    """The tabs that are rarely needed, where they hold something."""
    t, p = import_tables, parent
    found = [
        Onglet(
            "conflits",
            "Conflits",
            len(plan.conflits),
            lambda: t.conflits(plan, p),
            "Corrigées à la main depuis leur dernier import, et le fichier dit autre chose.",
        ),
        Onglet(
            "rejetees",
            "Rejetées",
            len(plan.rejets),
            lambda: t.constats(plan.rejets, p),
            "Cellules qui empêchent d'importer leur ligne.",
        ),
        Onglet(
            "orphelines",
            "En attente",
            len(plan.orphelines),
            lambda: t.orphelines(plan.orphelines, p),
            "Paiements sans allocation : importer ce fichier à nouveau quand l'allocation existera les rattache.",
        ),
        Onglet(
            "ignorees",
            "Ignorées",
            len(plan.ignorees),
            lambda: t.constats(plan.ignorees, p),
            "Laissées de côté, avec leur raison.",
        ),
    ]
    return [x for x in found if x.nombre]
