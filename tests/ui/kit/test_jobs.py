"""Long work: what comes back, how it is cancelled, what is refused."""

import threading

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from firdesk.domain.problem import Annulation
from firdesk.ui.kit.jobs import Jobs, ManualExecutor, Progress


def test_a_result_comes_back_on_the_gui_thread(qtbot: QtBot) -> None:
    jobs, got = Jobs(), list[object]()
    with qtbot.waitSignal(jobs.idle):
        jobs.start(
            lambda _p: threading.current_thread().name,
            on_done=lambda name: got.append((name, threading.current_thread().name)),
            on_error=got.append,
            label="Lecture",
        )
    qtbot.waitUntil(lambda: bool(got))
    jobs.shutdown()
    assert got == [("firdesk-job", threading.main_thread().name)]


def test_a_bug_comes_to_on_error(qtbot: QtBot, executor: ManualExecutor) -> None:
    jobs, got = Jobs(executor=executor), list[Exception]()

    def work(_progress: Progress) -> None:
        raise ZeroDivisionError

    jobs.start(work, on_done=lambda _r: None, on_error=got.append, label="Lecture")
    executor.run()
    assert [type(e) for e in got] == [ZeroDivisionError]


def test_a_second_start_while_busy_is_refused(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs, got = Jobs(executor=executor), list[int]()
    assert jobs.start(lambda _p: 1, on_done=got.append, on_error=lambda e: None, label="Un")
    assert not jobs.start(lambda _p: 2, on_done=got.append, on_error=lambda e: None, label="Deux")
    executor.run()
    assert got == [1]
    assert not jobs.running


def test_a_cancelled_job_stops_at_its_next_check(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs, told = Jobs(executor=executor), list[str]()
    jobs.start(
        lambda p: p.report(1, 2, "ligne 1"),
        on_done=lambda _r: told.append("done"),
        on_error=lambda _e: told.append("error"),
        on_cancel=lambda: told.append("cancelled"),
        label="Import",
    )
    jobs.cancel()
    executor.run()
    assert told == ["cancelled"]


def test_without_on_cancel_the_error_is_an_annulation(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs, got = Jobs(executor=executor), list[Exception]()
    jobs.start(lambda p: p.check(), on_done=lambda _r: None, on_error=got.append, label="Import")
    jobs.cancel()
    executor.run()
    assert isinstance(got[0], Annulation)


def test_progress_is_polled_and_told_before_the_end(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs, told = Jobs(executor=executor), list[tuple[int, object, str]]()
    jobs.progressed.connect(lambda *state: told.append(state))
    jobs.start(lambda p: p.report(5, 10, "ligne 5"), on_done=lambda _r: None, on_error=lambda e: None, label="Import")
    executor.run()
    assert told[-1] == (5, 10, "ligne 5")


def test_a_job_may_start_another_when_it_is_done(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs, started = Jobs(executor=executor), list[bool]()

    def again(_result: object) -> None:
        started.append(jobs.start(lambda _p: None, on_done=lambda _r: None, on_error=lambda e: None, label="Suite"))

    jobs.start(lambda _p: None, on_done=again, on_error=lambda e: None, label="Début")
    executor.run()
    assert started == [True]


def test_the_cursor_waits_while_a_job_is_long_and_is_given_back(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs = Jobs(executor=executor)
    jobs.start(lambda _p: None, on_done=lambda _r: None, on_error=lambda e: None, label="Lecture")
    qtbot.waitUntil(lambda: QGuiApplication.overrideCursor() is not None)
    executor.run()
    assert QGuiApplication.overrideCursor() is None


def test_closing_delivers_nothing_more(executor: ManualExecutor, qtbot: QtBot) -> None:
    jobs, got = Jobs(executor=executor), list[object]()
    jobs.start(lambda _p: 1, on_done=got.append, on_error=got.append, label="Lecture")
    jobs.shutdown()
    assert got == []
    assert not jobs.start(lambda _p: 1, on_done=got.append, on_error=got.append, label="Lecture")
