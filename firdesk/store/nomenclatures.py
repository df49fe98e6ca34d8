"""Reference tables: exercices with their destinations, missions, themes, enveloppes, départements."""

import csv
from pathlib import Path

from firdesk import paths
from firdesk.domain.nomenclature import Destination, mission_de, parent_de, rang
from firdesk.store.database import Base

_FIRST = 2021  # the oldest year of the reference nomenclature: earlier exercices use it too


class Nomenclatures:
    """Reads are ordered as the user expects them; writes belong inside an operation."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def load_reference(self) -> None:
        """Fill the reference tables of a new file from ``resources/reference``."""
        conn = self._base.conn
        conn.executemany(
            "INSERT INTO mission (code, libelle, libelle_court) VALUES (?, ?, ?)",
            [(r["code"], r["libelle"], r["libelle_court"]) for r in reference("missions")],
        )
        conn.executemany(
            "INSERT INTO enveloppe (code, libelle, ordre) VALUES (?, ?, ?)",
            [(r["code"], r["libelle"], i) for i, r in enumerate(reference("enveloppes"), start=1)],
        )
        conn.executemany(
            "INSERT INTO theme (code, libelle, ordre) VALUES (?, ?, ?)",
            [(r["code"], r["libelle"], int(r["ordre"])) for r in reference("themes")],
        )
        conn.executemany(
            "INSERT INTO departement (code, libelle) VALUES (?, ?)",
            [(r["code"], r["libelle"]) for r in reference("departements")],
        )
        conn.executemany(
            "INSERT INTO destination_theme (destination, theme) VALUES (?, ?)",
            [(r["code_destination"], r["theme"]) for r in reference("destination-theme")],
        )

    def exercices(self) -> list[int]:
        """The exercices of the file, latest first."""
        return [row[0] for row in self._base.conn.execute("SELECT annee FROM exercice ORDER BY annee DESC")]

    def open_exercice(self, annee: int) -> None:
        """Add an exercice with the nomenclature known that year; does nothing if it is there already."""
        conn = self._base.conn
        if annee in self.exercices():
            return
        conn.execute("INSERT INTO exercice (annee) VALUES (?)", (annee,))
        lines = nomenclature_de(annee)
        conn.executemany(
            "INSERT INTO destination (exercice, code, niveau, parent, mission, libelle, libelle_court, enveloppe) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    annee,
                    x["code"],
                    int(x["niveau"]),
                    x["code_parent"],
                    x["mission"],
                    x["libelle"],
                    x["libelle_court"],
                    x["enveloppe"] or None,
                )
                for x in lines.values()
            ],
        )

    def add_destination(self, exercice: int, code: str, libelle: str) -> None:
        """Accept a code absent from the nomenclature: kept, flagged, never lost."""
        self._base.conn.execute(
            "INSERT INTO destination (exercice, code, niveau, parent, mission, libelle, enveloppe, connue) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            (
                exercice,
                code,
                code.count("-") + 1,
                parent_de(code),
                mission_de(code),
                libelle or code,
                "PAI" if code.startswith("BA-PAI") else None,
            ),
        )

    def destinations(self, exercice: int) -> list[Destination]:
        """The nomenclature of an exercice in the order of the codes' numbers."""
        rows = self._base.conn.execute(
            "SELECT code, libelle, mission, niveau, parent, libelle_court, enveloppe, connue FROM destination "
            "WHERE exercice = ?",
            (exercice,),
        )
        return sorted((Destination(*row) for row in rows), key=lambda d: rang(d.code))

    def codes(self, annee: int) -> set[str]:
        """The destination codes of an exercice, those of the reference for one that is not open yet."""
        return {d.code for d in self.destinations(annee)} or set(nomenclature_de(annee))

    def missions(self) -> dict[str, str]:
        """Code to short label."""
        return dict(self._base.conn.execute("SELECT code, libelle_court FROM mission ORDER BY code"))

    def themes(self) -> dict[str, str]:
        """Code to label, in the order of the published report."""
        return dict(self._base.conn.execute("SELECT code, libelle FROM theme ORDER BY ordre"))

    def enveloppes(self) -> dict[str, str]:
        return dict(self._base.conn.execute("SELECT code, libelle FROM enveloppe ORDER BY ordre"))

    def departements(self) -> dict[str, str]:
        return dict(self._base.conn.execute("SELECT code, libelle FROM departement ORDER BY code"))

    def publications(self, exercice: int | None, axe: str) -> list[dict[str, str]]:
        """Totals printed in published reports, to compare with ours: ``total_imprime_eur``, ``source``."""
        return [r for r in reference("publications") if r["exercice"] == str(exercice) and r["axe"] == axe]

    def bilan(self, annee: int) -> list[dict[str, str]]:
        """Every figure printed in the published report of a year, with the line it was read at."""
        return reference(f"bilan-{annee}-chiffres")

    def themes_par_destination(self) -> dict[str, str]:
        """The default theme of each destination code."""
        return dict(self._base.conn.execute("SELECT destination, theme FROM destination_theme"))


def nomenclature_de(annee: int) -> dict[str, dict[str, str]]:
    """Code to reference line, as known that year."""
    lines: dict[str, dict[str, str]] = {}
    for line in reference("nomenclature-fir"):
        if int(line["connu_depuis"]) <= max(annee, _FIRST):
            lines[line["code"]] = line
    return lines


def reference(name: str) -> list[dict[str, str]]:
    """The lines of ``resources/reference/<name>.csv`` (``;``, UTF-8)."""
    file: Path = paths.REFERENCE / f"{name}.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))
