"""Indicators of the schemes and their values by exercice."""

from dataclasses import replace

from firdesk.domain.dispositif import Indicateur, ValeurIndicateur
from firdesk.store.database import Base


class Indicateurs:
    """Reads and writes of indicators; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def all(self, dispositif: str | None = None) -> list[Indicateur]:
        """The indicators of a scheme (or of all), each with its values, oldest first."""
        conn = self._base.conn
        values: dict[int, list[ValeurIndicateur]] = {}
        for number, *row in conn.execute(
            "SELECT indicateur_id, exercice, annee, valeur, cible, source, id FROM indicateur_valeur ORDER BY exercice"
        ):
            values.setdefault(number, []).append(ValeurIndicateur(*row))
        rows = conn.execute(
            "SELECT dispositif, libelle, unite, sens, id FROM indicateur WHERE ? IS NULL OR dispositif = ? "
            "ORDER BY dispositif, id",
            (dispositif, dispositif),
        )
        return [replace(Indicateur(*row), valeurs=tuple(values.get(row[4], ()))) for row in rows]

    def get(self, number: int) -> Indicateur | None:
        return next((i for i in self.all() if i.id == number), None)

    def save(self, indicateur: Indicateur) -> int:
        """Insert or update an indicator and its values (those that say nothing are taken away); returns its number."""
        conn = self._base.conn
        own = (indicateur.dispositif, indicateur.libelle, indicateur.unite, indicateur.sens)
        number = indicateur.id
        if number is None:
            cursor = conn.execute("INSERT INTO indicateur (dispositif, libelle, unite, sens) VALUES (?, ?, ?, ?)", own)
            number = int(cursor.lastrowid or 0)
        else:
            sets = "dispositif = ?, libelle = ?, unite = ?, sens = ?"
            conn.execute(f"UPDATE indicateur SET {sets} WHERE id = ?", (*own, number))
        for v in indicateur.valeurs:
            if v.vide:
                conn.execute(
                    "DELETE FROM indicateur_valeur WHERE indicateur_id = ? AND exercice = ?", (number, v.exercice)
                )
                continue
            conn.execute(
                "INSERT INTO indicateur_valeur (indicateur_id, exercice, annee, valeur, cible, source) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (indicateur_id, exercice) DO UPDATE SET "
                "annee = excluded.annee, valeur = excluded.valeur, cible = excluded.cible, source = excluded.source",
                (number, v.exercice, v.annee, v.valeur, v.cible, v.source),
            )
        return number

    def delete(self, number: int) -> None:
        """Remove an indicator and its values."""
        self._base.conn.execute("DELETE FROM indicateur_valeur WHERE indicateur_id = ?", (number,))
        self._base.conn.execute("DELETE FROM indicateur WHERE id = ?", (number,))
