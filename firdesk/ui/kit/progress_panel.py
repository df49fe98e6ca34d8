"""What long work looks like after a second: what is done, how far, and *Annuler*."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.ui.kit import style
from firdesk.ui.kit.jobs import Jobs
from firdesk.ui.kit.text import ElidedText, Text, button

DELAY_MS = 1_000
WIDTH = 400


class ProgressPanel(QFrame):
    """Floats at the bottom of its parent while a job runs for more than a second."""

    def __init__(self, parent: QWidget, jobs: Jobs) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.setProperty("kind", "carte")
        self.setFixedWidth(WIDTH)
        self._label = ElidedText("", "fort")
        self._detail = ElidedText("", "petit", "faible")
        self._count = Text("", "petit", "faible")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.cancel_button = button("Annuler", "secondaire", self._cancel)
        words = QHBoxLayout()
        words.addWidget(self._detail, 1)
        words.addWidget(self._count)
        left = QVBoxLayout()
        left.setSpacing(style.HALF)
        left.addWidget(self._label)
        left.addLayout(words)
        left.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.MARGIN, style.MARGIN, style.MARGIN)
        layout.setSpacing(style.WIDE)
        layout.addLayout(left, 1)
        layout.addWidget(self.cancel_button)
        self._delay = QTimer(self, interval=DELAY_MS, singleShot=True)
        self._delay.timeout.connect(self.appear)
        jobs.busy.connect(self._start)
        jobs.progressed.connect(self._progress)
        jobs.idle.connect(self._stop)
        parent.installEventFilter(self)
        self.hide()

    def count(self) -> str:
        """The count shown, ``1 200 sur 2 640``."""
        return self._count.text()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._centre()
        return super().eventFilter(watched, event)

    def _start(self, label: str) -> None:
        self._label.setText(label)
        self.setAccessibleName(label)
        self._progress(0, None, "")
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText("Annuler")
        self._delay.start()

    def _stop(self) -> None:
        self._delay.stop()
        self.hide()

    def _progress(self, done: int, total: int | None, text: str) -> None:
        self._detail.setText(text)
        if total:
            # In thousandths: counts of bytes do not fit in the bar's 32 bits.
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * min(1.0, done / total)))
            self._count.setText(f"{money.nombre(done)} sur {money.nombre(total)}")
        else:
            self._bar.setRange(0, 0)
            self._count.setText(money.nombre(done) if done else "")
        self.setAccessibleDescription(" ".join(t for t in (text, self._count.text()) if t))

    def appear(self) -> None:
        """Show the panel over its parent."""
        self.adjustSize()
        self._centre()
        self.show()
        self.raise_()

    def _centre(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            left = (parent.width() - self.width()) // 2
            self.move(left, parent.height() - self.height() - 2 * style.PAGE_MARGIN)

    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancel_button.setText("Arrêt…")
        self._jobs.cancel()
