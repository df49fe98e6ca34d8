"""What a page shows, as text."""

from collections.abc import Callable

from firdesk.ui.kit.table_model import TableModel
from firdesk.ui.kit.table_view import DataTable
from firdesk.ui.workspace import Workspace

Drop = Callable[..., None]


def rows(table: DataTable) -> list[tuple[str, ...]]:
    """What a table shows."""
    model = table.model
    assert isinstance(model, TableModel)
    return [tuple(c.text for c in model.cells(r)) for r in range(model.rowCount())]


def said(workspace: Workspace) -> str:
    return workspace.messages.text()
