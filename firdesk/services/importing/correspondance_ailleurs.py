"""Lines that another file brought already: an office's workbook and an export often speak of the same money.

They share no key, so that only a person can tell: the question is asked, and the lines are imported unless one says no.
"""

from collections.abc import Mapping

from firdesk.services.importing.etat import Connue, Etat
from firdesk.services.importing.plan import NATURES, PlannedLine, Question

REMEDE = "Sans doute déjà dans la base par un autre fichier, laissée de côté comme demandé."
IMPORTER, IGNORER = "importer", "ignorer"
QUESTION = "ailleurs"
LIBRE = "libre:"
#: How many pairs are named in the question.
_NOMMEES = 5


class Ailleurs:
    """New lines against allocations of the same operator, exercice and amount that files of another kind brought."""

    def __init__(self, etat: Etat, espace: str, total: str, decisions: Mapping[str, str]) -> None:
        self.ignorer = decisions.get(QUESTION) == IGNORER
        self._reponse = decisions.get(QUESTION, IMPORTER)
        self._nature = NATURES[total]
        self._etat = etat
        self._pairs: list[tuple[int, Connue]] = []
        self._known: dict[tuple[int, int, int], list[Connue]] = {}
        for cle, connues in etat.connues.items():
            room = cle.partition("|")[2].partition("|")[0]
            other = room != espace if espace else room.startswith(LIBRE)
            for connue in connues if other else ():
                if cents := self._montant(connue):
                    self._known.setdefault((connue.exercice, connue.operateur_id, cents), []).append(connue)

    def _montant(self, connue: Connue) -> int:
        known = self._etat.montants.get(connue.id, {}).get(self._nature)
        return known.total if known else 0

    def ressemble(self, line: PlannedLine) -> bool:
        """Whether a new line may be in the base already; each allocation is met once."""
        met = self._known.get((line.exercice, line.operateur_ref, line.montant)) if self._known else None
        if not met:
            return False
        same = next((c for c in met if line.destination in c.cle.split("|")), met[0])
        met.remove(same)
        self._pairs.append((line.ligne, same))
        return True

    def question(self) -> Question | None:
        """What to ask of them, once all lines are known."""
        if not self._pairs:
            return None
        named = [f"ligne {row} et {c.reference} ({c.profil or 'saisie'})" for row, c in self._pairs[:_NOMMEES]]
        more = "…" if len(self._pairs) > _NOMMEES else ""
        detail = (
            "Même opérateur, même exercice, même montant qu'une allocation venue d'un autre fichier : "
            f"{', '.join(named)}{more}."
        )
        choix = ((IMPORTER, "Les importer quand même"), (IGNORER, "Les laisser de côté"))
        titre = "Lignes qui sont peut-être déjà dans la base"
        return Question(QUESTION, titre, detail, len(self._pairs), choix, IMPORTER, self._reponse, groupe=titre)
