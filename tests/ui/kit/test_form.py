"""Forms and fields: problems beside their field, nothing guessed, everything named."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from firdesk.domain.problem import Invalide, Problem, Severity
from firdesk.ui.kit.form import Choix, DateEdit, Form, MontantEdit, Recherche, TexteEdit, TexteLong

DESTINATIONS = [
    ("MI1-2-9", "MI1-2-9 Dépistage des cancers"),
    ("MI2-3-8", "MI2-3-8 Équipes mobiles de gériatrie"),
    ("MI2-3-3", "MI2-3-3 Équipes mobiles de soins palliatifs"),
]


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form()
    qtbot.addWidget(made)
    made.add_row("Objet", TexteEdit(), help="En quelques mots", key="objet")
    made.add_pair(("AE engagée", MontantEdit(), "ae"), ("CP payé", MontantEdit(), "cp"))
    made.show()
    return made


def montant(form: Form, key: str) -> MontantEdit:
    widget = form.field(key).widget
    assert isinstance(widget, MontantEdit)
    return widget


def texts(widget: QWidget) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def test_a_field_has_a_name_a_buddy_and_a_description(form: Form) -> None:
    field = form.field("objet")
    assert field.widget.accessibleName() == "Objet"
    assert field.label.buddy() is field.widget
    assert field.widget.accessibleDescription() == "En quelques mots"


def test_a_problem_appears_under_its_field_and_is_told(form: Form) -> None:
    form.show_problems([Problem("ae", "L'AE manque : saisir un montant.")])
    assert "L'AE manque : saisir un montant." in texts(form.field("ae"))
    assert texts(form.field("cp")) == ["CP payé"]
    assert form.field("ae").widget.accessibleDescription() == "Erreur : L'AE manque : saisir un montant."
    assert form.field("ae").widget.property("probleme") == "erreur"


def test_an_alert_is_not_an_error(form: Form) -> None:
    form.show_problems([Problem("cp", "CP supérieur à l'AE.", Severity.ALERTE)])
    assert form.field("cp").widget.property("probleme") == "alerte"
    assert form.field("cp").widget.accessibleDescription().startswith("Alerte : ")


def test_problems_can_be_cleared(form: Form) -> None:
    form.show_problems([Problem("ae", "Faux.")])
    form.clear_problems()
    assert form.field("ae").problems() == ()
    assert form.field("ae").widget.accessibleDescription() == ""


def test_a_problem_of_no_field_is_still_shown(form: Form) -> None:
    form.show_problems([Problem("inconnu", "Deux lignes se contredisent.")])
    assert "Deux lignes se contredisent." in texts(form)


def test_the_first_error_gets_the_cursor_before_any_alert(form: Form, qtbot: QtBot) -> None:
    form.show_problems([Problem("objet", "Court.", Severity.ALERTE), Problem("cp", "Manque.")])
    with qtbot.waitExposed(form):
        form.activateWindow()
    form.focus_first_problem()
    assert form.focusWidget() is form.field("cp").widget


def test_typing_says_which_value_changed(form: Form, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.edited) as signal:
        QTest.keyClicks(form.field("objet").widget, "a")
    assert signal.args == ["objet"]


def test_setting_values_is_not_editing(form: Form, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.edited):
        montant(form, "ae").set_cents(100)


@pytest.mark.parametrize("text", ["1.234", "12,450"])
def test_an_amount_with_two_readings_is_never_guessed(form: Form, qtbot: QtBot, text: str) -> None:
    edit = montant(form, "ae")
    QTest.keyClicks(edit, text)
    edit.settle()
    assert edit.text() == text
    with pytest.raises(Invalide):
        edit.cents()
    assert any("peut se lire" in t for t in texts(form.field("ae")))
    assert [p.field for p in form.input_problems()] == ["ae"]


def test_a_form_refuses_to_be_read_while_a_text_has_no_value(form: Form) -> None:
    montant(form, "ae").setText("environ 12")
    with pytest.raises(Invalide):
        form.require_readable()
    assert form.field("ae").problems()


def test_the_message_leaves_as_soon_as_the_amount_is_readable(form: Form, qtbot: QtBot) -> None:
    edit = montant(form, "ae")
    QTest.keyClicks(edit, "1.234")
    edit.settle()
    edit.clear()
    QTest.keyClicks(edit, "1234")
    assert form.field("ae").problems() == ()


@pytest.mark.parametrize(
    ("typed", "cents", "shown"),
    [
        ("240000", 24_000_000, "240\u202f000\u00a0€"),
        ("12,5 k€", 1_250_000, "12\u202f500\u00a0€"),
        ("-3,2", -320, "\u22123,20\u00a0€"),
        ("", None, ""),
    ],
)
def test_an_amount_is_written_again_on_leaving(qtbot: QtBot, typed: str, cents: int | None, shown: str) -> None:
    edit = MontantEdit()
    qtbot.addWidget(edit)
    edit.insert(typed)
    edit.settle()
    assert edit.cents() == cents
    assert edit.text() == shown


@pytest.mark.parametrize(
    ("typed", "iso"),
    [("18/11/2025", "2025-11-18"), ("1/2/25", "2025-02-01"), ("01022025", "2025-02-01"), ("", None)],
)
def test_a_date_is_read_day_first(qtbot: QtBot, typed: str, iso: str | None) -> None:
    edit = DateEdit()
    qtbot.addWidget(edit)
    edit.insert(typed)
    assert edit.iso() == iso


def test_a_day_that_does_not_exist_is_a_problem(qtbot: QtBot) -> None:
    edit = DateEdit()
    qtbot.addWidget(edit)
    QTest.keyClicks(edit, "31/02/2026")
    assert "JJ/MM/AAAA" in edit.problem()
    with pytest.raises(Invalide):
        edit.iso()


def type_in(choix: Choix, text: str) -> None:
    line = choix.lineEdit()
    assert line is not None
    QTest.keyClicks(line, text)


@pytest.fixture
def choix(qtbot: QtBot) -> Choix:
    made = Choix()
    qtbot.addWidget(made)
    made.set_items(DESTINATIONS)
    made.show()
    return made


def test_a_choice_is_found_without_accents_anywhere_in_the_label(choix: Choix, qtbot: QtBot) -> None:
    type_in(choix, "equipes geria")
    assert choix.suggestions() == ["MI2-3-8 Équipes mobiles de gériatrie"]


def test_a_text_that_designates_one_entry_becomes_it(choix: Choix, qtbot: QtBot) -> None:
    type_in(choix, "palliatif")
    with qtbot.waitSignal(choix.edited):
        choix.settle()
    assert choix.code() == "MI2-3-3"


def test_a_text_that_designates_several_is_a_problem(choix: Choix, qtbot: QtBot) -> None:
    type_in(choix, "equipes")
    choix.settle()
    assert "n'est pas dans la liste" in choix.problem()
    with pytest.raises(Invalide):
        choix.code()


def test_a_code_typed_whole_is_enough(choix: Choix, qtbot: QtBot) -> None:
    type_in(choix, "mi1-2-9")
    assert choix.code() == "MI1-2-9"


def test_an_empty_choice_has_no_code(choix: Choix) -> None:
    assert choix.code() is None
    choix.set_code("MI2-3-8")
    choix.set_code(None)
    assert choix.code() is None


def test_new_items_keep_the_code_chosen(choix: Choix) -> None:
    choix.set_code("MI2-3-8")
    choix.set_items(DESTINATIONS[1:])
    assert choix.code() == "MI2-3-8"
    choix.set_items(DESTINATIONS[:1])
    assert choix.code() is None


@pytest.fixture
def recherche(qtbot: QtBot) -> Recherche:
    def search(text: str) -> list[tuple[int, str, str]]:
        return [(7, "URPS Infirmiers", "Lille")] if "urps" in text.casefold() else []

    made = Recherche(search, creatable=True)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_search_proposes_what_it_found_and_creation(recherche: Recherche, qtbot: QtBot) -> None:
    QTest.keyClicks(recherche, "urps")
    assert recherche.suggestions() == ["URPS Infirmiers", "Créer « urps »"]


def test_choosing_by_keyboard_gives_the_id(recherche: Recherche, qtbot: QtBot) -> None:
    QTest.keyClicks(recherche, "urps")
    popup = recherche.popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    with qtbot.waitSignal(recherche.chosen):
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert recherche.id() == 7
    assert recherche.text() == "URPS Infirmiers"


def test_asking_for_creation_gives_the_text_typed(recherche: Recherche, qtbot: QtBot) -> None:
    QTest.keyClicks(recherche, "CPTS neuve")
    popup = recherche.popup()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    with qtbot.waitSignal(recherche.create_requested) as signal:
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert signal.args == ["CPTS neuve"]
    assert recherche.text() == "CPTS neuve"


def test_typing_after_a_choice_forgets_it(recherche: Recherche, qtbot: QtBot) -> None:
    recherche.set_value(7, "URPS Infirmiers")
    recherche.end(False)
    QTest.keyClicks(recherche, " x")
    with pytest.raises(Invalide):
        recherche.id()


def test_long_text_lets_the_tab_key_go(qtbot: QtBot) -> None:
    edit = TexteLong()
    qtbot.addWidget(edit)
    assert edit.tabChangesFocus()
    with qtbot.assertNotEmitted(edit.edited):
        edit.set_value("Trois lignes")
    assert edit.value() == "Trois lignes"
