"""What an import does to the notified amount of each mission, for the tab that tells it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject

from firdesk.domain import money
from firdesk.domain.nomenclature import mission_de
from firdesk.domain.synthese import Axe
from firdesk.services import syntheses
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import Famille
from firdesk.services.session import Session
from firdesk.ui.kit.columns import ColumnSpec
from firdesk.ui.kit.table_model import SimpleTableModel

COLUMNS = (
    ColumnSpec("mission", "Mission", width=240, stretch=True, sortable=False),
    ColumnSpec("avant", "Notifié avant", "montant", 140, decimals=True, sortable=False),
    ColumnSpec("apres", "Notifié après", "montant", 140, decimals=True, sortable=False),
    ColumnSpec("ecart", "Écart", "montant", 140, decimals=True, sortable=False),
)
_NOTIFIE = "mouvement:notification"


class Mission(NamedTuple):
    """One mission, amounts in cents."""

    libelle: str
    avant: int
    apres: int


def missions(session: Session, plan: Plan) -> list[Mission]:
    """Before and after for each mission; nothing where they would not add up to the totals of the plan."""
    if plan.famille is not Famille.ENGAGEMENTS:
        return []
    before: dict[str, int] = {}
    labels = session.nomenclatures.missions()
    for annee in plan.exercices:
        for line in syntheses.table(session, (Axe.MISSION,), annee).lignes:
            before[line.cle[0]] = before.get(line.cle[0], 0) + line.notifie
    after = dict(before)
    for planned in plan.nouvelles:
        _add(after, planned.destination, planned.montant)
    for planned in plan.modifiees:
        for champ in planned.champs:
            if champ.champ == _NOTIFIE:
                _add(after, planned.destination, _cents(champ.apres) - _cents(champ.avant))
    if (sum(before.values()), sum(after.values())) != (plan.notifie_avant, plan.notifie_apres):
        return []
    return [
        Mission(f"{code} · {labels.get(code, '')}" if code else "Sans mission", before.get(code, 0), after[code])
        for code in sorted(after, key=lambda c: (not c, c))
    ]


def model(found: Sequence[Mission], parent: QObject) -> SimpleTableModel:
    """The table, with its total."""
    total = Mission("Total", sum(m.avant for m in found), sum(m.apres for m in found))
    rows = [(m.libelle, m.avant, m.apres, m.apres - m.avant) for m in (*found, total)]
    return SimpleTableModel(COLUMNS, rows, parent, strong_rows=[len(found)])


def _add(totals: dict[str, int], destination: str, cents: int) -> None:
    code = mission_de(destination) or ""
    totals[code] = totals.get(code, 0) + cents


def _cents(text: str) -> int:
    read = money.parse(text)
    return read if isinstance(read, int) else 0
