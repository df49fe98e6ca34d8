"""How a long task tells where it is and learns that the user cancelled it."""

from typing import Protocol


class Progress(Protocol):
    """``report`` from time to time; ``check`` raises :class:`firdesk.domain.problem.Annulation` once cancelled."""

    def report(self, done: int, total: int | None, text: str) -> None: ...

    def check(self) -> None: ...


class Silent:
    """Nobody listens and nobody cancels."""

    def report(self, done: int, total: int | None, text: str) -> None:
        return

    def check(self) -> None:
        return
