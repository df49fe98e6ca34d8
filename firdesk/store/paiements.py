"""Payments that came from a file: the commitments they may be attached to, those already there, writing new ones.

A payment is a mouvement that has a natural key (``cle``); shares of one payment come from the same line of the file.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firdesk.domain.execution import Mouvement
from firdesk.store.database import Base
from firdesk.store.insertion import insert_rows

_COLUMNS = "allocation_id nature exercice montant date reference origine cellule brut ligne_id cle".split()


class Engagee(NamedTuple):
    """An allocation that has an EJ; amounts of every exercice, in cents."""

    id: int
    exercice: int
    numero: int
    operateur: str
    destination: str
    ej: str
    notifie: int
    engage: int
    paye: int

    @property
    def reference(self) -> str:
        return f"{self.exercice}-{self.numero:04d}"


class PartConnue(NamedTuple):
    """One mouvement of an imported payment; shares of one line of a file have the same ``source``."""

    cle: str
    source: tuple[int, str, int]
    mouvement: int
    allocation: int
    nature: str
    exercice: int
    date: str
    montant: int
    reference: str
    brut: str

    @property
    def effet(self) -> int:
        """What it adds to CP payé, in cents."""
        return -self.montant if self.nature == "reprise" else self.montant


class PaiementSaisi(NamedTuple):
    """A mouvement typed by hand, and what it adds to CP payé, in cents."""

    mouvement: int
    exercice: int
    effet: int


class Paiements:
    """Reads and writes of imported payments; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def engagees(self) -> Iterator[Engagee]:
        """The allocations that have an EJ or imported payments, in the order of their references."""
        rows = self._base.conn.execute(
            "SELECT a.id, a.exercice, a.numero, o.nom, a.destination, a.ej, IFNULL(SUM(c.notifie), 0), "
            "IFNULL(SUM(c.engage), 0), IFNULL(SUM(c.paye), 0) FROM allocation a "
            "JOIN operateur o ON o.id = a.operateur_id LEFT JOIN cumul_allocation c ON c.allocation_id = a.id "
            "WHERE a.ej <> '' OR a.id IN (SELECT allocation_id FROM mouvement WHERE cle <> '') GROUP BY a.id "
            "ORDER BY a.exercice, a.numero"
        )
        return (Engagee(*row) for row in rows)

    def connues(self) -> Iterator[PartConnue]:
        """Every imported payment, share by share, in the order they were written."""
        rows = self._base.conn.execute(
            "SELECT m.cle, IFNULL(i.lot_id, 0), IFNULL(i.feuille, ''), IFNULL(i.ligne, -m.id), m.id, m.allocation_id, "
            "m.nature, m.exercice, m.date, m.montant, m.reference, m.brut FROM mouvement m "
            "LEFT JOIN import_ligne i ON i.id = m.ligne_id WHERE m.cle <> '' ORDER BY m.id"
        )
        return (PartConnue(row[0], row[1:4], *row[4:]) for row in rows)

    def saisis(self) -> dict[int, list[PaiementSaisi]]:
        """What was typed by hand, by allocation."""
        found: dict[int, list[PaiementSaisi]] = {}
        for allocation, *typed in self._base.conn.execute(
            "SELECT allocation_id, id, exercice, CASE nature WHEN 'paiement' THEN montant ELSE -montant END "
            "FROM mouvement WHERE nature IN ('paiement', 'reprise') AND origine = 'saisie' ORDER BY id"
        ):
            found.setdefault(allocation, []).append(PaiementSaisi(*typed))
        return found

    def totaux(self) -> dict[int, int]:
        """CP payé by exercice, in cents."""
        return dict(self._base.conn.execute("SELECT exercice, SUM(paye) FROM cumul GROUP BY exercice"))

    def par_destination_et_theme(self, exercice: int) -> Iterator[tuple[str, str, int]]:
        """(destination, theme, CP payé) of an exercice."""
        return iter(
            self._base.conn.execute(
                "SELECT destination, theme, SUM(paye) FROM cumul WHERE exercice = ? GROUP BY 1, 2", (exercice,)
            )
        )

    def par_operateur(self, exercice: int) -> Iterator[tuple[int, int]]:
        """(operator, CP payé) of an exercice."""
        return iter(
            self._base.conn.execute(
                "SELECT operateur_id, SUM(paye) FROM cumul_operateur WHERE exercice = ? GROUP BY 1", (exercice,)
            )
        )

    def add(self, rows: Iterable[tuple[int, Mouvement, str]]) -> None:
        """Insert mouvements (allocation, mouvement, natural key)."""
        insert_rows(
            self._base.conn,
            "mouvement",
            _COLUMNS,
            (
                (
                    number, str(m.nature), m.exercice, m.montant, m.date, m.reference, m.origine, m.cellule, m.brut,
                    m.ligne, cle,
                )
                for number, m, cle in rows
            ),
        )  # fmt: skip

    def update(self, m: Mouvement, cle: str) -> None:
        """Write a payment that changed over the mouvement of its number."""
        values = (str(m.nature), m.exercice, m.montant, m.date, m.reference, m.cellule, m.brut, m.ligne, cle, m.id)
        self._base.conn.execute(
            "UPDATE mouvement SET nature = ?, exercice = ?, montant = ?, date = ?, reference = ?, cellule = ?, "
            "brut = ?, ligne_id = ?, cle = ? WHERE id = ?",
            values,
        )
