"""The step that shows what would change: amounts along each axis, then line by line, one table at a time."""

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from firdesk.domain.synthese import LIBELLES_AXES, Axe
from firdesk.services.importing.ecarts import Ecarts
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import Famille
from firdesk.ui.pages import import_tables
from firdesk.ui.pages.import_onglets import Onglet, Onglets


class Differences(Onglets):
    """What a plan changes in the base."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Différences avec la base", parent)

    def show_plan(self, plan: Plan, ecarts: Mapping[Axe, Ecarts]) -> None:
        """Every difference, and the amounts along each axis where there are some."""
        shown = [*axes(plan, ecarts, self), *tabs(plan, self), *rares(plan, self)]
        self.set_tabs(shown, "Ce fichier ne change rien à la base.")


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
            "Dans la base, plus dans ce fichier : gardées, sauf décision contraire."
            if plan.famille is Famille.PAIEMENTS
            else "Dans la base, plus dans ce fichier : gardées et marquées comme disparues.",
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
            "orphelines",
            "En attente",
            len(plan.orphelines),
            lambda: t.constats(plan.orphelines, p),
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
