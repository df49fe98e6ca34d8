"""What is known of operators beside their identity: sums by exercice, acts, the lines of a SIREN."""

from typing import NamedTuple

from firdesk.store.database import Base


class Cumul(NamedTuple):
    """Sums of one operator in one exercice, in cents; ``nombre`` counts the allocations of that exercice."""

    exercice: int
    nombre: int
    notifie: int
    engage: int
    paye: int
    retire: int


class Acte(NamedTuple):
    """An act: ``source`` is ``allocation`` (as its export says) or ``convention``; ``id`` that of a convention."""

    source: str
    nature: str
    numero: str
    exercice: int
    nombre: int
    notifie: int
    id: int | None


class OperateurFiches:
    """Reads only."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def cumuls(self, exercice: int) -> dict[int, Cumul]:
        """The sums of every operator in an exercice."""
        rows = self._base.conn.execute(
            "SELECT operateur_id, exercice, SUM(nombre), SUM(notifie), SUM(engage), SUM(paye), SUM(retire) "
            "FROM cumul_operateur WHERE exercice = ? GROUP BY operateur_id",
            (exercice,),
        )
        return {number: Cumul(*row) for number, *row in rows}

    def historique(self, operateur: int) -> list[Cumul]:
        """The sums of one operator, one line an exercice, oldest first."""
        rows = self._base.conn.execute(
            "SELECT exercice, SUM(nombre), SUM(notifie), SUM(engage), SUM(paye), SUM(retire) FROM cumul_operateur "
            "WHERE operateur_id = ? GROUP BY exercice ORDER BY exercice",
            (operateur,),
        )
        return [Cumul(*row) for row in rows]

    def siren(self, siren: str) -> list[int]:
        """The operators that bear a SIREN, by their own or by their SIRET."""
        rows = self._base.conn.execute(
            "SELECT id FROM operateur WHERE siren = ? OR substr(siret, 1, 9) = ? ORDER BY id", (siren, siren)
        )
        return [number for (number,) in rows]

    def actes(self, operateur: int) -> list[Acte]:
        """Decisions named by the allocations of an operator, then its conventions, latest exercice first."""
        conn = self._base.conn
        decisions = conn.execute(
            "SELECT 'allocation', a.type_decision, a.decision, a.exercice, COUNT(*), IFNULL(SUM((SELECT SUM(c.notifie) "
            "FROM cumul_allocation c WHERE c.allocation_id = a.id)), 0), NULL FROM allocation a "
            "WHERE a.operateur_id = ? AND a.decision <> '' GROUP BY a.type_decision, a.decision, a.exercice "
            "ORDER BY a.exercice DESC, a.decision",
            (operateur,),
        )
        conventions = conn.execute(
            "SELECT 'convention', v.nature, v.numero, IFNULL(MIN(y.exercice), CAST(substr(v.debut, 1, 4) AS INTEGER)), "
            "(SELECT COUNT(*) FROM allocation a WHERE a.convention_id = v.id), IFNULL(SUM(y.montant), 0), v.id "
            "FROM convention v LEFT JOIN convention_annee y ON y.convention_id = v.id WHERE v.operateur_id = ? "
            "GROUP BY v.id ORDER BY 4 DESC, v.numero",
            (operateur,),
        )
        return [Acte(*row) for rows in (conventions, decisions) for row in rows]

    def conventions_en_cours(self, operateurs: list[int], exercice: int) -> list[str]:
        """The numbers of the conventions that bind one of these operators in an exercice."""
        marks = ",".join("?" * len(operateurs))
        day = str(exercice)
        rows = self._base.conn.execute(
            "SELECT v.numero FROM convention v WHERE v.nature IN ('convention', 'avenant', 'cpom', 'contrat') "
            f"AND v.operateur_id IN ({marks}) AND (EXISTS (SELECT 1 FROM convention_annee y WHERE y.convention_id = "
            "v.id AND y.exercice = ?) OR (v.debut <> '' AND substr(v.debut, 1, 4) <= ? AND (v.fin = '' OR "
            "substr(v.fin, 1, 4) >= ?)) OR EXISTS (SELECT 1 FROM allocation a WHERE a.convention_id = v.id "
            "AND a.exercice = ?)) ORDER BY v.numero",
            [*operateurs, exercice, day, day, exercice],
        )
        return [numero for (numero,) in rows]

    def conventions_des_lignes(self, operateurs: list[int], exercice: int) -> list[str]:
        """The convention numbers (act ``C``) that allocations of these operators bear in an exercice."""
        marks = ",".join("?" * len(operateurs))
        rows = self._base.conn.execute(
            f"SELECT DISTINCT decision FROM allocation WHERE operateur_id IN ({marks}) AND exercice = ? "
            "AND type_decision = 'C' AND decision <> '' ORDER BY decision",
            [*operateurs, exercice],
        )
        return [numero for (numero,) in rows]

    def parametre(self, cle: str, valeur: int, source: str) -> tuple[int, str]:
        """A threshold and its source: those of the base where it was set, else those given."""
        row = self._base.conn.execute("SELECT valeur, source FROM parametre WHERE cle = ?", (cle,)).fetchone()
        return (int(row[0]), str(row[1]) or source) if row else (valeur, source)
