"""The budget: opened, engaged, paid and available, and all that the figures of an exercice are judged against."""

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
        ExercicesVolet,
    )
