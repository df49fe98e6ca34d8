"""What a file does not say, or says in cut cells, is answered once in the window."""

from pathlib import Path

from firdesk.ui.kit.jobs import ManualExecutor
from firdesk.ui.pages.import_question import QuestionCard
from firdesk.ui.pages.imports import Imports
from tests.services.importing.fichiers import scdl, stars, write_scdl
from tests.services.importing.test_reconnaissance_litiges import commas
from tests.ui.pages.imports.shown import Drop


def question(imports: Imports) -> QuestionCard:
    (card,) = imports.assistant.decider.bloquantes.cards
    assert isinstance(card, QuestionCard)
    return card


def test_the_destination_of_published_subsidies_is_typed_once(
    tmp_path: Path, imports: Imports, drop: Drop, worker: ManualExecutor
) -> None:
    drop(write_scdl(tmp_path / "scdl.csv", [scdl(n, mesure3="") for n in range(1, 30)]))
    card = question(imports)
    assert card.question.id == "destination"
    assert not imports.assistant.suite.isEnabled()
    assert card.saisie is not None
    card.saisie.typed.emit("MI2-3-8")
    worker.run()
    plan = imports.encours.plan
    assert plan is not None
    assert ({x.destination for x in plan.nouvelles}, plan.rejetees) == ({"MI2-3-8"}, 0)
    assert imports.assistant.suite.isEnabled()


def test_cut_decimals_are_put_together_in_one_click(
    tmp_path: Path, imports: Imports, drop: Drop, worker: ManualExecutor
) -> None:
    drop(commas(tmp_path / "a.csv", [stars(n) for n in range(1, 30)]))
    card = question(imports)
    assert card.buttons()[0].text() == "Recoller les décimales"
    card.buttons()[0].click()
    worker.run()
    plan = imports.encours.plan
    assert plan is not None
    assert (plan.total_importe, plan.rejetees) == (29 * 100050, 0)
