"""Exercices opened and closed, how their codes follow each other, what enters the FIR and leaves it."""

from firdesk.domain.exercice import Evenement, Exercice, Passage
from firdesk.store.cumul_axes import source
from firdesk.store.database import Base

_PASSAGE = "exercice, genre, code_avant, code_apres, motif"
_EVENEMENT = "exercice, sens, libelle, montant, destination, theme, dispositif, contrepartie, note"


class Exercices:
    """Reads by year; writes belong inside an operation. Years are opened by ``Nomenclatures.open_exercice``."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def get(self, annee: int) -> Exercice | None:
        """An exercice of the file; ``None`` where it is not opened."""
        row = self._base.conn.execute(
            "SELECT annee, statut, report, motif FROM exercice WHERE annee = ?", (annee,)
        ).fetchone()
        return Exercice(*row) if row else None

    def clos(self, annee: int) -> bool:
        """Whether an exercice is closed, hence read-only."""
        found = self.get(annee)
        return found is not None and found.clos

    def all(self) -> list[Exercice]:
        """Latest first."""
        rows = self._base.conn.execute("SELECT annee, statut, report, motif FROM exercice ORDER BY annee DESC")
        return [Exercice(*row) for row in rows]

    def set_statut(self, annee: int, statut: str, motif: str) -> None:
        self._base.conn.execute("UPDATE exercice SET statut = ?, motif = ? WHERE annee = ?", (statut, motif, annee))

    def a_notifier(self, annee: int) -> tuple[int, int]:
        """How many lines of a year have nothing notified, and what is typed on them, in cents."""
        conn = self._base.conn
        counted = f"SELECT IFNULL(SUM(nombre), 0) FROM {source('canal')} WHERE campagne = ?"
        (lines,) = conn.execute(counted, (annee,)).fetchone()
        sums = "IFNULL(SUM(notifie_nombre), 0), IFNULL(SUM(saisi_a_notifier), 0)"
        notified, typed = conn.execute(f"SELECT {sums} FROM cumul_cellule WHERE campagne = ?", (annee,)).fetchone()
        return lines - notified, typed

    def arrete_final(self, annee: int) -> bool:
        """Whether the incomes of an exercice hold a final arrêté."""
        sql = "SELECT 1 FROM recette WHERE exercice = ? AND nature = 'arrete_final' LIMIT 1"
        return self._base.conn.execute(sql, (annee,)).fetchone() is not None

    # Codes from one exercice to the next

    def passages(self, genre: str = "", *, exercice: int | None = None) -> list[Passage]:
        """Of one exercice or of all, by year and code."""
        rows = self._base.conn.execute(
            f"SELECT {_PASSAGE}, id FROM passage WHERE (:g = '' OR genre = :g) AND (:e IS NULL OR exercice = :e) "
            "ORDER BY exercice, genre, code_avant",
            {"g": genre, "e": exercice},
        )
        return [Passage(*row) for row in rows]

    def put_passage(self, passage: Passage) -> None:
        """Write a passage, in the place of the one its code already has."""
        self._base.conn.execute(
            f"INSERT INTO passage ({_PASSAGE}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (exercice, genre, code_avant) "
            "DO UPDATE SET code_apres = excluded.code_apres, motif = excluded.motif",
            (passage.exercice, passage.genre, passage.code_avant, passage.code_apres, passage.motif),
        )

    def delete_passage(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM passage WHERE id = ?", (number,))

    # Scope

    def evenements(self, apres: int, jusqua: int) -> list[Evenement]:
        """What changed the scope after one exercice and until another, that one included."""
        rows = self._base.conn.execute(
            "SELECT exercice, sens, libelle, montant, destination, IFNULL(theme, ''), dispositif, contrepartie, note, "
            "id FROM perimetre_evenement WHERE exercice > ? AND exercice <= ? ORDER BY exercice, id",
            (apres, jusqua),
        )
        return [Evenement(*row) for row in rows]

    def add_evenement(self, evenement: Evenement) -> int:
        marks = ", ".join("?" * 9)
        cursor = self._base.conn.execute(
            f"INSERT INTO perimetre_evenement ({_EVENEMENT}) VALUES ({marks})", _values(evenement)
        )
        return int(cursor.lastrowid or 0)

    def update_evenement(self, evenement: Evenement) -> None:
        assign = ", ".join(f"{name.strip()} = ?" for name in _EVENEMENT.split(","))
        self._base.conn.execute(
            f"UPDATE perimetre_evenement SET {assign} WHERE id = ?", (*_values(evenement), evenement.id)
        )

    def delete_evenement(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM perimetre_evenement WHERE id = ?", (number,))


def _values(e: Evenement) -> tuple[object, ...]:
    return (
        e.exercice,
        e.sens,
        e.libelle,
        e.montant,
        e.destination,
        e.theme or None,
        e.dispositif,
        e.contrepartie,
        e.note,
    )
