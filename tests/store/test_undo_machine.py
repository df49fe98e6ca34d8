"""Any sequence of operations, undos, redos and restarts leaves the file as a plain dictionary says it should be."""

import shutil
import tempfile
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from firdesk.domain.problem import Refus
from firdesk.store import bulk, database, insertion, verifications
from firdesk.store.operations import Operations

Row = tuple[Any, ...]
Key = tuple[str, int]
Step = tuple[Key, Row | None, Row | None]

#: The columns the model follows; the first of each is the parent's number, where there is one.
COLUMNS = {
    "operateur": ["nom", "nom_normalise", "departement"],
    "allocation": ["operateur_id", "exercice", "numero", "destination", "theme", "objet"],
    "mouvement": ["allocation_id", "exercice", "nature", "montant"],
}
PARENT = {"allocation": "operateur", "mouvement": "allocation"}

_numbers = st.integers(1, 6)
_years = st.sampled_from([2024, 2025])
_rows: dict[str, st.SearchStrategy[Row]] = {
    "operateur": st.tuples(st.sampled_from(["A", "L'É", "B\n"]), st.just("n"), st.sampled_from([None, "02", "59"])),
    "allocation": st.tuples(
        _numbers,
        _years,
        st.integers(1, 8),
        st.sampled_from(["MI2-3-8", "MI2-3-9"]),
        st.sampled_from([None, "gem", "cls"]),
        st.sampled_from(["", "x,'y'"]),
    ),
    "mouvement": st.tuples(
        _numbers, _years, st.sampled_from(["notification", "engagement", "retrait"]), st.integers(-5, 5)
    ),
}
_write = st.sampled_from(["mouvement", "mouvement", "allocation", "allocation", "operateur"]).flatmap(
    lambda table: st.tuples(st.just(table), _numbers, st.sampled_from(["put", "put", "delete"]), _rows[table])
)
_new = st.sampled_from(["mouvement", "mouvement", "allocation", "operateur"]).flatmap(
    lambda table: st.tuples(st.just(table), _rows[table])
)
#: What the user does, and may undo.
USER = {"saisie", "import"}


@dataclass
class Done:
    """An operation as the model remembers it: what it did to rows, in its order, before and after each time."""

    number: int
    nature: str
    steps: list[Step]
    cible: "Done | None" = None
    undone: bool = False

    @property
    def rows(self) -> dict[Key, tuple[Row | None, Row | None]]:
        """Each row it touched, before and after the whole of it."""
        found: dict[Key, tuple[Row | None, Row | None]] = {}
        for key, before, after in self.steps:
            found[key] = (found[key][0] if key in found else before, after)
        return found


@dataclass
class Model:
    rows: dict[Key, Row] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)

    def valid(self) -> bool:
        """Whether the foreign keys and the unique numbers hold."""
        numbers = [(row[1], row[2]) for (table, _), row in self.rows.items() if table == "allocation"]
        parents = all((PARENT[t], row[0]) in self.rows for (t, _), row in self.rows.items() if t in PARENT)
        return parents and len(numbers) == len(set(numbers))

    def with_row(self, key: Key, row: Row | None) -> "Model":
        rows = {k: v for k, v in self.rows.items() if k != key}
        return Model(rows if row is None else {**rows, key: row})

    def reverted(self, done: Done) -> "Model | None":
        """The rows without an operation; ``None`` when something stands in the way."""
        if any(self.rows.get(key) != after for key, (_, after) in done.rows.items()):
            return None
        model = Model(dict(self.rows))
        for key, before, _ in reversed(done.steps):
            model = model.with_row(key, before)
            if not model.valid():
                return None
        return model


class UndoMachine(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="firdesk-"))
        self.path = Path(shutil.copy(self.template, self.folder / "essai.firdesk"))
        self.model = Model()
        self._open()
        self.model.rows = self._content()

    def _open(self) -> None:
        self.base = database.open_base(self.path)
        self.base.conn.execute("PRAGMA synchronous = OFF")  # power cuts are another test's matter
        self.operations = Operations(self.base)

    def _content(self) -> dict[Key, Row]:
        return {
            (table, number): tuple(row)
            for table, names in COLUMNS.items()
            for number, *row in self.base.conn.execute(f"SELECT id, {', '.join(names)} FROM {table}")
        }

    @rule(writes=st.lists(_write, min_size=1, max_size=6))
    def operation(self, writes: list[tuple[str, int, str, Row]]) -> None:
        """Put and delete rows of three tables; what the file would refuse is left out."""
        steps: list[Step] = []
        label = f"Opération {len(self.model.done) + 1}"
        with self.base.operation(label) as changes:
            for table, number, verb, row in writes:
                key = (table, number)
                before, after = self.model.rows.get(key), row if verb == "put" else None
                attempt = self.model.with_row(key, after)
                if before == after or not attempt.valid():
                    continue
                self._write(table, number, before, after)
                self.model.rows = attempt.rows
                steps.append((key, before, after))
        assert bool(changes) == bool(steps)
        if changes:
            self.model.done.append(Done(changes[0].operation, "saisie", steps))

    @rule(rows=st.lists(_new, min_size=1, max_size=4))
    def bulk(self, rows: list[tuple[str, Row]]) -> None:
        """Add rows as an import does: sets of them, after all those there are."""
        steps: list[Step] = []
        label = f"Opération {len(self.model.done) + 1}"
        with self.base.operation(label, nature="import") as changes, insertion.bulk_insert(self.base.conn, *COLUMNS):
            for table, row in rows:
                number = max((n for t, n in self.model.rows if t == table), default=0) + 1
                attempt = self.model.with_row((table, number), row)
                if attempt.valid():
                    self._write(table, number, None, row)
                    self.model.rows = attempt.rows
                    steps.append(((table, number), None, row))
        if changes:
            assert self.operations.get(changes[0].operation).lignes == len(steps)
            self.model.done.append(Done(changes[0].operation, "import", steps))

    def _write(self, table: str, number: int, before: Row | None, after: Row | None) -> None:
        names = COLUMNS[table]
        if after is None:
            self.base.conn.execute(f"DELETE FROM {table} WHERE id = ?", (number,))
        elif before is None:
            marks = ", ".join("?" * (len(names) + 1))
            self.base.conn.execute(f"INSERT INTO {table} (id, {', '.join(names)}) VALUES ({marks})", (number, *after))
        else:
            assign = ", ".join(f"{n} = ?" for n in names)
            self.base.conn.execute(f"UPDATE {table} SET {assign} WHERE id = ?", (*after, number))

    def _revert(self, target: Done) -> None:
        """Undo (or redo) it, or be refused for a reason that the model sees too."""
        while target.nature == "retablissement" and target.cible and target.cible.cible:
            target = target.cible.cible  # undoing a redo undoes the original
        expected = None if target.undone else self.model.reverted(target)
        if expected is None:
            named = "est déjà annulée" if target.undone else "d'abord : « Opération "
            with pytest.raises(Refus, match=named):
                self.operations.undo(target.number)
            return
        changes = self.operations.undo(target.number)
        redo = target.nature == "annulation"
        reverse = [(key, after, before) for key, before, after in reversed(target.steps)]
        self.model.rows = expected.rows
        self.model.done.append(
            Done(changes.operation, "retablissement" if redo else "annulation", reverse, cible=target)
        )
        target.undone = True
        if redo and target.cible:
            target.cible.undone = False

    @rule()
    def undo(self) -> None:
        found = self.operations.next_undo()
        expected = [d for d in self.model.done if d.nature in USER and not d.undone]
        assert (found.id if found else None) == (expected[-1].number if expected else None)
        if expected:
            self._revert(expected[-1])

    @rule()
    def redo(self) -> None:
        found = self.operations.next_redo()
        since = max((i for i, d in enumerate(self.model.done) if d.nature in USER), default=0)
        expected = [d for d in self.model.done[since:] if d.nature == "annulation" and not d.undone]
        assert (found.id if found else None) == (expected[-1].number if expected else None)
        if expected:
            self._revert(expected[-1])

    @rule(data=st.data())
    def undo_any(self, data: st.DataObject) -> None:
        if self.model.done:
            self._revert(data.draw(st.sampled_from(self.model.done)))

    @rule()
    def reopen(self) -> None:
        self.base.close()
        self._open()

    @rule()
    def abandon(self) -> None:
        """A block that raises changes nothing."""
        before = deepcopy(self.model.rows)
        with pytest.raises(ZeroDivisionError):
            self._fail()
        assert self._content() == before

    def _fail(self) -> None:
        with self.base.operation("Abandon"):
            self.base.conn.execute("DELETE FROM mouvement")
            raise ZeroDivisionError

    @invariant()
    def the_file_holds_what_the_model_says(self) -> None:
        assert self._content() == self.model.rows
        assert verifications.summaries(self.base) == []

    def _assert_that_the_history_tells_what_each_operation_did(self) -> None:
        for done in self.model.done:
            told: dict[Key, tuple[Row | None, Row | None]] = {}
            for change in self.operations.modifications(done.number):
                key = (change.table, change.ligne)
                before, after = (
                    tuple(image[name] for name in COLUMNS[change.table]) if image else None
                    for image in (change.avant, change.apres)
                )
                told[key] = (told[key][0] if key in told else before, after)
            assert told == done.rows

    def teardown(self) -> None:
        try:
            assert verifications.foreign_keys(self.base) == []
            assert verifications.journal_complete(self.base) == []
            assert verifications.schema(self.base) == []
            self._assert_that_the_history_tells_what_each_operation_did()
        finally:
            self.base.close()
            shutil.rmtree(self.folder)


@pytest.mark.parametrize("worth", [1000, 1], ids=["row by row", "by sets"])
def test_undo_and_redo_follow_the_model(template: Path, worth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "WORTH", worth)
    monkeypatch.setattr(UndoMachine, "template", template, raising=False)
    health = [HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(max_examples=20, stateful_step_count=25, deadline=None, suppress_health_check=health)
    run_state_machine_as_test(UndoMachine, settings=chosen)
