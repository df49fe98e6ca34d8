"""The column mappings the user chose, kept by the headers of the workbook; knows nothing of what they mean."""

from typing import NamedTuple

from firdesk.store.database import Base


class ProfilRetenu(NamedTuple):
    """One mapping: ``genre`` is the export that it reads, ``correspondance`` JSON, ``signature`` unique."""

    nom: str
    genre: str
    signature: str
    correspondance: str
    id: int | None = None


class ImportProfils:
    """Reads and writes of mappings; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def all(self) -> list[ProfilRetenu]:
        """By name."""
        rows = self._base.conn.execute(
            "SELECT nom, genre, signature, correspondance, id FROM import_profil ORDER BY nom, id"
        )
        return [ProfilRetenu(*row) for row in rows]

    def add(self, profil: ProfilRetenu) -> int:
        cursor = self._base.conn.execute(
            "INSERT INTO import_profil (nom, genre, signature, correspondance) VALUES (?, ?, ?, ?)", profil[:-1]
        )
        return int(cursor.lastrowid or 0)

    def update(self, profil: ProfilRetenu) -> None:
        self._base.conn.execute(
            "UPDATE import_profil SET nom = ?, genre = ?, signature = ?, correspondance = ? WHERE id = ?", profil
        )

    def delete(self, number: int) -> None:
        self._base.conn.execute("DELETE FROM import_profil WHERE id = ?", (number,))

    def rename_uses(self, before: str, after: str) -> None:
        """Give the imports and the answers remembered under a name another one."""
        for table in ("import_lot", "import_decision"):
            self._base.conn.execute(f"UPDATE {table} SET profil = ? WHERE profil = ?", (after, before))

    def set_reglages(self, lot: int, reglages: str) -> None:
        """Write again the choices of an import."""
        self._base.conn.execute("UPDATE import_lot SET reglages = ? WHERE id = ?", (reglages, lot))
