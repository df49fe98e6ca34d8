"""What is said of the cells of one file: rejects, repairs, alerts, and the questions that the user answers.

Knows addresses and texts, not what a line means; one answer holds for every cell that says the same.
"""

from collections.abc import Mapping

from firdesk.domain.lot import Constat
from firdesk.services.importing.lecture import ALERTE, QUESTION, REPARATION, Lu, Valeur
from firdesk.services.importing.plan import Question
from firdesk.services.importing.recognise import Reconnu


class Constats:
    """What is said of cells: rejects one by one, repairs, alerts and questions once for all equal cells."""

    def __init__(self, table: Reconnu, decisions: Mapping[str, str]) -> None:
        self.table = table
        self.decisions = decisions
        self.rejets: list[Constat] = []
        self.reparees = 0
        self._groups: dict[tuple[str, str, str], list[object]] = {}
        self._questions: dict[tuple[str, str], tuple[Lu, list[str]]] = {}

    def masquees_ecartees(self) -> frozenset[int]:
        """The hidden rows that the user chose to leave out."""
        return self.table.grid.hidden_rows if self.decisions.get("masquees") == "ignorer" else frozenset()

    def rejeter(self, number: int, champ: str, attendu: str, remede: str) -> None:
        where = self.table.adresse(number, champ)
        lu = self.table.brut(number, champ)
        self.rejets.append(Constat("rejet", self.table.grid.name, where, lu, attendu, remede))

    def grouper(self, genre: str, number: int, champ: str, attendu: str, remede: str, *, lu: str | None = None) -> None:
        """One repair or alert; those that say the same of the same text are counted together."""
        text = self.table.brut(number, champ) if lu is None else lu
        group = self._groups.setdefault((genre, champ, text + "\0" + remede), [])
        if not group:
            where = self.table.adresse(number, champ)
            group += [0, Constat(genre, self.table.grid.name, where, text, attendu, remede)]
        group[0] = int(str(group[0])) + 1

    def du_genre(self, genre: str) -> tuple[Constat, ...]:
        found = []
        for (kind, _, _), (count, constat) in self._groups.items():
            if kind != genre or not isinstance(constat, Constat):
                continue
            n = int(str(count))
            remede = constat.remede if n == 1 else f"{constat.remede} ({n} cellules, la première est {constat.cellule})"
            found.append(Constat(genre, constat.feuille, constat.cellule, constat.lu, constat.attendu, remede))
        return tuple(found)

    def questions(self) -> tuple[Question, ...]:
        """What would be asked, grouped by mend, answered or not."""
        asked = []
        for (champ, text), (lu, where) in self._questions.items():
            header = self.table.profil.champ(champ).entete
            titre = f"{header} : « {text} », attendu {lu.attendu}"
            more = "…" if len(where) > 5 else ""
            detail = f"Feuille « {self.table.grid.name} », {', '.join(where[:5])}{more}. {lu.remede}"
            choix = tuple((c.code, c.libelle) for c in lu.choix)
            answer = self.decisions.get(f"{champ}:{text}", lu.defaut)
            asked.append(Question(f"{champ}:{text}", titre, detail, len(where), choix, lu.defaut, answer))
        return tuple(asked)

    def juger(self, number: int, champ: str, lu: Lu) -> tuple[Valeur, bool]:
        """Write down what a cell says; its value, and whether the line must be rejected."""
        if lu.genre in (REPARATION, ALERTE):
            self.grouper(lu.genre, number, champ, lu.attendu, lu.remede)
            return lu.valeur, False
        if lu.genre == QUESTION:
            text = self.table.brut(number, champ).strip()
            known = self._questions.setdefault((champ, text), (lu, []))
            known[1].append(self.table.adresse(number, champ))
            answer = self.decisions.get(f"{champ}:{text}", lu.defaut)
            for choice in lu.choix:
                if choice.code == answer and choice.code != "rejeter":
                    if answer == lu.defaut:
                        self.grouper(ALERTE, number, champ, lu.attendu, lu.remede)
                    return choice.valeur, False
        self.rejeter(number, champ, lu.attendu, lu.remede)
        return lu.valeur, True
