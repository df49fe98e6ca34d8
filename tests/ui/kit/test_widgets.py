"""The smaller widgets: messages, cards, chips, steps, progress."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from firdesk.ui.kit.cards import Card, FigureCard, Note
from firdesk.ui.kit.charts import RankedBars
from firdesk.ui.kit.chips import Chip, ChipBar
from firdesk.ui.kit.jobs import Jobs, ManualExecutor
from firdesk.ui.kit.message_bar import MessageBar
from firdesk.ui.kit.progress_panel import ProgressPanel
from firdesk.ui.kit.states import EmptyState
from firdesk.ui.kit.steps import Steps
from firdesk.ui.kit.text import ElidedText, Text, icon_button


def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def test_the_last_message_replaces_the_one_before(qtbot: QtBot) -> None:
    made = bar(qtbot)
    made.erreur("Le fichier n'a pas pu être lu.")
    made.info("Base ouverte.")
    assert made.text() == "Base ouverte."
    assert made.accessibleName() == "Information : Base ouverte."


def test_the_action_of_a_message_runs_once_and_closes_it(qtbot: QtBot) -> None:
    made, done = bar(qtbot), list[str]()
    made.succes("Enregistré.", "Annuler", lambda: done.append("annulé"))
    made.run_action()
    made.run_action()
    assert done == ["annulé"]
    assert made.text() == ""


def test_an_action_may_show_another_message(qtbot: QtBot) -> None:
    made = bar(qtbot)
    made.succes("Enregistré.", "Annuler", lambda: made.info("Modification annulée."))
    made.run_action()
    assert made.text() == "Modification annulée."


def test_information_leaves_by_itself_but_an_error_stays(qtbot: QtBot) -> None:
    made = bar(qtbot)
    made.info("Base ouverte.")
    assert made.expires()
    made.erreur("Disque plein.")
    assert not made.expires()


def test_a_message_expires(qtbot: QtBot) -> None:
    made = bar(qtbot)
    made.info("Base ouverte.")
    made.expire()
    assert made.text() == ""


def test_a_figure_card_is_told_as_one_sentence(qtbot: QtBot) -> None:
    card = FigureCard("Reste à payer")
    qtbot.addWidget(card)
    card.set_figure("41 203 118 €", "dont 12,6 M€ échus", alert="7 échéances dépassées")
    assert card.accessibleName() == "Reste à payer : 41 203 118 €, dont 12,6 M€ échus, 7 échéances dépassées"


def test_a_clickable_figure_answers_to_enter(qtbot: QtBot) -> None:
    card = FigureCard("AE", clickable=True)
    qtbot.addWidget(card)
    with qtbot.waitSignal(card.clicked):
        QTest.keyClick(card, Qt.Key.Key_Return)


def test_a_card_keeps_the_order_of_what_is_added_to_it(qtbot: QtBot) -> None:
    card = Card("Thèmes", "notifié")
    qtbot.addWidget(card)
    first, chart, last = Text("avant"), RankedBars("Thèmes"), Text("après")
    for widget in (first, chart, last):
        card.add(widget)
    card.resize(400, 400)
    card.show()
    assert first.y() < chart.y() < last.y()


def test_a_note_without_text_takes_no_room(qtbot: QtBot) -> None:
    note = Note("À voir")
    qtbot.addWidget(note)
    note.set_note("")
    assert note.isHidden()


def chips(qtbot: QtBot) -> ChipBar:
    made = ChipBar()
    qtbot.addWidget(made)
    made.set_chips([Chip("departement", "Département : 02 Aisne"), Chip("statut", "Statut : notifié")])
    made.show()
    return made


def test_the_cross_of_a_chip_removes_it(qtbot: QtBot) -> None:
    made = chips(qtbot)
    chip = made.chip("departement")
    with qtbot.waitSignal(made.removed) as signal, qtbot.assertNotEmitted(made.chip_clicked):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, chip.height() // 2))
    assert signal.args == ["departement"]


def test_the_text_of_a_chip_opens_it(qtbot: QtBot) -> None:
    made = chips(qtbot)
    with qtbot.waitSignal(made.chip_clicked) as signal:
        QTest.mouseClick(made.chip("statut"), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert signal.args == ["statut"]


def test_delete_removes_the_chip_that_has_the_focus(qtbot: QtBot) -> None:
    made = chips(qtbot)
    with qtbot.waitSignal(made.removed) as signal:
        QTest.keyClick(made.chip("statut"), Qt.Key.Key_Delete)
    assert signal.args == ["statut"]


def test_chips_wrap_where_the_width_runs_out(qtbot: QtBot) -> None:
    made = chips(qtbot)
    assert made.heightForWidth(200) > made.heightForWidth(1000)


def test_steps_say_what_is_done_and_what_is_to_come(qtbot: QtBot) -> None:
    steps = Steps(["Fichier", "À décider", "Écriture"])
    qtbot.addWidget(steps)
    steps.set_current(1)
    assert steps.states() == ["fait", "courant", "venir"]
    assert steps.accessibleName() == "Étape 2 sur 3 : À décider"


def test_only_a_step_that_is_done_can_be_clicked(qtbot: QtBot) -> None:
    steps = Steps(["Fichier", "À décider", "Écriture"])
    qtbot.addWidget(steps)
    steps.set_current(1)
    steps.resize(600, 40)
    steps.show()
    with qtbot.waitSignal(steps.step_clicked) as signal:
        QTest.mouseClick(steps.step(0), Qt.MouseButton.LeftButton)
    assert signal.args == [0]
    with qtbot.assertNotEmitted(steps.step_clicked):
        QTest.mouseClick(steps.step(2), Qt.MouseButton.LeftButton)


def test_progress_is_counted_and_can_be_cancelled(qtbot: QtBot, executor: ManualExecutor) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    jobs, told = Jobs(executor=executor), list[str]()
    panel = ProgressPanel(window, jobs)
    jobs.start(
        lambda p: p.check(),
        on_done=lambda _r: told.append("done"),
        on_error=lambda _e: told.append("error"),
        on_cancel=lambda: told.append("cancelled"),
        label="Import",
    )
    jobs.progressed.emit(1200, 2640, "feuille « Engagements »")
    assert panel.count() == "1\u202f200 sur 2\u202f640"
    panel.cancel_button.click()
    executor.run()
    assert told == ["cancelled"]
    assert panel.isHidden()


def test_the_progress_panel_comes_after_a_while_in_sight(qtbot: QtBot, executor: ManualExecutor) -> None:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    window.show()
    jobs = Jobs(executor=executor)
    panel = ProgressPanel(window, jobs)
    jobs.start(lambda _p: None, on_done=lambda _r: None, on_error=lambda _e: None, label="Import")
    assert panel.isHidden()
    panel.appear()
    assert panel.isVisible()
    assert window.rect().contains(panel.geometry())
    executor.run()
    assert panel.isHidden()


def test_an_empty_state_is_told_whole(qtbot: QtBot) -> None:
    state = EmptyState("inbox-line", "Aucun import", "Déposer un fichier ici.", [("Choisir…", lambda: None)])
    qtbot.addWidget(state)
    assert state.accessibleName() == "Aucun import Déposer un fichier ici."
    assert [b.text() for b in state.buttons()] == ["Choisir…"]


def test_a_cut_text_can_be_read_in_its_tooltip(qtbot: QtBot) -> None:
    label = ElidedText("Accès aux soins des personnes en situation de précarité")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.grab()
    assert label.toolTip() == label.text()


def test_no_line_breaks_inside_french_quotes_nor_before_high_punctuation(qtbot: QtBot) -> None:
    said = "Plafond de « EMSP » : dépassé ? 12 % ; à 9 h: non !"
    label = Text(said)
    qtbot.addWidget(label)
    shown = "Plafond de «\u00a0EMSP\u00a0»\u00a0: dépassé\u00a0? 12\u00a0%\u00a0; à 9 h: non\u00a0!"
    assert QLabel.text(label) == shown
    label.setText(said)
    assert (QLabel.text(label), label.text()) == (shown, said)


def test_markup_in_a_text_is_shown_as_it_is(qtbot: QtBot) -> None:
    label = Text("<b>Laon</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_an_icon_button_has_a_name(qtbot: QtBot) -> None:
    made = icon_button("add-line", "Ajouter")
    qtbot.addWidget(made)
    assert made.accessibleName() == "Ajouter"
    assert made.findChild(QLabel) is None
