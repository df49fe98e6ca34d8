"""The budget: opened, engaged, paid and available, and all that the figures of an exercice are judged against."""

from firdesk.domain.problem import Refus
from firdesk.services import alertes
from firdesk.services.session import Changes
from firdesk.ui.pages.budget_alertes import AlertesVolet
from firdesk.ui.pages.budget_atterrissage import AtterrissageVolet
from firdesk.ui.pages.budget_echeancier import EcheancierEtReste
from firdesk.ui.pages.budget_execution import Execution
from firdesk.ui.pages.budget_exercices import ExercicesVolet
from firdesk.ui.pages.budget_rapprochement import RapprochementVolet
from firdesk.ui.pages.budget_recettes import Recettes
from firdesk.ui.pages.budget_versions import Versions
from firdesk.ui.volet import PageAVolets


class Budget(PageAVolets):
    """One tab a question; a new one is one more line here."""

    key = "budget"
    title = "Budget"
    icon = "scales-3-line"
    guide = "budget"
    classes = (
        Execution,
        RapprochementVolet,
        EcheancierEtReste,
        AtterrissageVolet,
        Versions,
        Recettes,
        AlertesVolet,
        ExercicesVolet,
    )

    #: whether something changed since alerts were counted
    _uncounted = True

    def refresh(self) -> None:
        self._uncounted = True
        super().refresh()
        self._count()

    def ensure_fresh(self) -> None:
        super().ensure_fresh()
        self._count()

    def _changed(self, changes: Changes) -> None:
        self._uncounted = True
        super()._changed(changes)
        if self.isVisible():
            self._count()

    def _count(self) -> None:
        """The tab of alerts tells how many there are, none where they cannot be found."""
        if not self._uncounted:
            return
        self._uncounted = False
        shown = self.volet
        try:
            found = (
                shown.found if isinstance(shown, AlertesVolet) else alertes.liste(self.session, self.bridge.exercice)
            )
        except Refus:
            found = []
        count = len(found)
        self.bar.setTabText(self.classes.index(AlertesVolet), AlertesVolet.title + (f" ({count})" if count else ""))
