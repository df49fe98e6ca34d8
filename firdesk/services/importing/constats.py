"""What is said of the cells of one file: rejects, repairs, alerts, and the questions that the user answers.

Knows addresses and texts, not what a line means. One answer holds for every cell that says the same, except where
the text says nothing of the value (an error, an empty cell): there each cell has its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from firdesk.domain.lot import Constat
from firdesk.services.importing.lecture import READERS
from firdesk.services.importing.lu import ALERTE, GARDER, QUESTION, REJET, REJETER, REPARATION, Choix, Lu, Valeur
from firdesk.services.importing.plan import Question
from firdesk.services.importing.profiles import Genre
from firdesk.services.importing.recognise import Reconnu

#: How many addresses of equal cells are shown.
SHOWN = 5

#: What a line lacks where its export has no such column, and how what is typed for it is read.
_ABSENTS = {"campagne": "Campagne", "mesure2": "Destination", "mesure3": "Destination"}
_GENRES_ABSENTS = {"campagne": Genre.EXERCICE, "mesure2": Genre.DESTINATION, "mesure3": Genre.DESTINATION}


class Jugement(NamedTuple):
    """What a cell gives once answers are heard: ``repare`` when the value is not the one that was read."""

    valeur: Valeur
    rejete: bool
    repare: bool = False


@dataclass(slots=True)
class _Demande:
    """One question under way, with the first cells that raise it."""

    champ: str
    lu: Lu
    texte: str
    reponse: str
    titre: str = ""
    relecture: str = ""
    saisie: bool = True
    resolu: tuple[Valeur, bool, str] = (None, False, "")
    ou: list[str] = field(default_factory=list)
    nombre: int = 0


class Constats:
    """Rejects one by one; repairs, alerts and questions once for all equal cells.

    ``decisions`` are the answers given for this file, ``retenues`` those remembered from earlier ones.
    """

    def __init__(self, table: Reconnu, decisions: Mapping[str, str], retenues: Mapping[str, str] | None = None) -> None:
        self.table = table
        self._own = decisions
        self.decisions = {k: v for k, v in {**(retenues or {}), **decisions}.items() if v}
        self.rejets: list[Constat] = []
        self.reparees = 0
        self.en_attente: set[str] = set()
        self._groups: dict[tuple[str, str, str], list[object]] = {}
        self._demandes: dict[str, _Demande] = {}
        self._genres = _GENRES_ABSENTS | {c.code: c.genre for c in table.profil.champs}
        self._broken = frozenset(table.grid.errors) | table.grid.uncached

    def masquees_ecartees(self) -> frozenset[int]:
        """The hidden rows that the user chose to leave out."""
        return self.table.grid.hidden_rows if self.decisions.get("masquees") == "ignorer" else frozenset()

    # Rejects, repairs and alerts

    def rejeter(self, number: int, champ: str, attendu: str, remede: str) -> None:
        where = self.table.adresse(number, champ)
        lu = self.table.brut(number, champ)
        self.rejets.append(Constat(REJET, self.table.grid.name, where, lu, attendu, remede))

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

    # Cells

    def juger(self, number: int, champ: str, lu: Lu) -> Jugement:
        """Write down what a cell says; its value as answered, and whether the line must be rejected."""
        if lu.genre == ALERTE:
            self.grouper(ALERTE, number, champ, lu.attendu, lu.remede)
            return Jugement(lu.valeur, False)
        raw = self.table.brut(number, champ)
        text = raw.strip()
        ident = self.identite(number, champ, lu, text)
        known = self._demandes.get(ident)
        if known is None or lu.question:
            found = self.resoudre(ident, champ, lu)
            if known is None:
                genre = self._genres.get(champ, Genre.TEXTE)
                known = self._demandes[ident] = _Demande(champ, lu, text, found[2], relecture=genre, resolu=found)
        else:
            found = known.resolu
        self._noter(known, number)
        valeur, rejete, answer = found
        if rejete:
            if not answer:
                self.en_attente.add(self.table.adresse(number, champ))
            self.rejeter(number, champ, lu.attendu, lu.remede)
            return Jugement(valeur, True)
        return Jugement(valeur, False, self._say(number, champ, lu, answer, raw))

    def identite(self, number: int, champ: str, lu: Lu, text: str) -> str:
        """The id of the question that a cell raises."""
        if lu.question:
            return lu.question
        index = self.table.positions.get(champ)
        broken = index is not None and (number, self.table.grid.first_column + index) in self._broken
        wordless = lu.genre == REJET and self._genres.get(champ) is Genre.MONTANT and not any(map(str.isdigit, text))
        if not text or wordless or broken:
            return f"cellule:{self.table.adresse(number, champ)}:{text}"
        return f"{champ}:{text}"

    def resoudre(self, ident: str, champ: str, lu: Lu) -> tuple[Valeur, bool, str]:
        """The value of a cell, whether it rejects its line, and the answer in force."""
        default = lu.defaut or (REJETER if lu.genre == REJET else "")
        for answer in (self.decisions.get(ident), self.decisions.get(_tous(champ, lu)), default):
            if not answer:
                continue
            if answer.startswith("="):
                read = relire(self._genres.get(champ, Genre.TEXTE), answer[1:])
                empty = lu.genre == REJET and read in ("", None)
                if not isinstance(read, Lu) and not lu.question and not empty:
                    return read, False, answer
            elif answer == REJETER or any(c.code == answer for c in lu.choix):
                chosen = [c.valeur for c in lu.choix if c.code == answer and answer != REJETER]
                return (chosen[0], False, answer) if chosen else (lu.valeur, True, answer)
        return lu.valeur, True, default

    def manque(self, number: int, champ: str, attendu: str) -> Jugement:
        """A line lacks what makes it one: rejected at that cell, unless something was typed for it."""
        remede = "Saisir la valeur ici, ou compléter la cellule vide dans le fichier."
        return self.juger(number, champ, Lu(None, REJET, attendu, remede))

    def _say(self, number: int, champ: str, lu: Lu, answer: str, raw: str) -> bool:
        """Tell what was made of a cell; whether its value is not the one that was read."""
        if answer.startswith("="):
            remede = f"Saisi pendant l'import : « {answer[1:].strip()} »."
        elif lu.genre == REPARATION and answer == GARDER:
            self.grouper(ALERTE, number, champ, lu.attendu, "Gardé tel quel, comme demandé.", lu=raw)
            return False
        elif answer == lu.defaut:
            self.grouper(lu.genre if lu.genre == REPARATION else ALERTE, number, champ, lu.attendu, lu.remede, lu=raw)
            return lu.genre == REPARATION
        else:
            remede = f"Choisi pendant l'import : {next(c.libelle for c in lu.choix if c.code == answer)}."
        self.grouper(REPARATION, number, champ, lu.attendu, remede, lu=raw)
        return True

    # Questions

    def demander(
        self,
        number: int,
        champ: str,
        ident: str,
        titre: str,
        detail: str,
        choix: Sequence[tuple[str, str]],
        defaut: str,
        *,
        relecture: str = "",
    ) -> str:
        """Ask what reading a cell alone could not settle; the answer in force (``=…`` only with ``relecture``)."""
        codes = [code for code, _ in choix]
        answer = self.decisions.get(ident, "")
        if not (answer in codes or (answer.startswith("=") and relecture)):
            answer = defaut
        known = self._demandes.get(ident)
        if known is None:
            lu = Lu(None, QUESTION, "", detail, tuple(Choix(c, text) for c, text in choix), defaut)
            text = self.table.brut(number, champ).strip()
            known = self._demandes[ident] = _Demande(champ, lu, text, answer, titre, relecture, saisie=bool(relecture))
        self._noter(known, number)
        return answer

    def questions(self) -> tuple[Question, ...]:
        """What would be asked, answered or not."""
        return tuple(q for q in self._posees() if q.genre == QUESTION)

    def remedes(self) -> tuple[Question, ...]:
        """The rejects that a typed value mends, and the repairs that may be refused."""
        return tuple(q for q in self._posees() if q.genre != QUESTION)

    def _noter(self, demande: _Demande, number: int) -> None:
        demande.nombre += 1
        if len(demande.ou) <= SHOWN:
            demande.ou.append(self.table.adresse(number, demande.champ))

    def _posees(self) -> Iterable[Question]:
        for ident, x in self._demandes.items():
            lu, champ = x.lu, x.champ
            where = ", ".join(x.ou[:SHOWN]) + ("…" if len(x.ou) > SHOWN else "")
            header = self._entete(champ)
            answer = x.reponse
            tous = _tous(champ, lu)
            yield Question(
                ident,
                x.titre or _titre(header, x.texte, lu),
                _detail(where, header, x.texte, lu),
                x.nombre,
                tuple((c.code, c.libelle) for c in lu.choix),
                lu.defaut or (REJETER if lu.genre == REJET else ""),
                answer,
                saisie=x.saisie and not lu.question,
                groupe=f"{header} · {lu.groupe.titre}" if lu.groupe else "",
                tous=tous,
                genre=lu.genre,
                relecture=x.relecture,
                lu=x.texte,
                cellule=x.ou[0],
                retenue=self.retenue(ident, tous),
            )

    def retenue(self, ident: str, tous: str = "") -> bool:
        """Whether the answer in force was remembered from an earlier import."""
        return not any(i in self._own for i in (ident, tous)) and (ident in self.decisions or tous in self.decisions)

    def _entete(self, champ: str) -> str:
        known = {c.code: c.entete for c in self.table.profil.champs}
        return known.get(champ) or _ABSENTS.get(champ, champ)


def _titre(header: str, text: str, lu: Lu) -> str:
    if lu.question:
        return f"Accents encodés deux fois : « {text} » pour {lu.attendu}"
    if lu.genre == QUESTION and lu.groupe:
        return lu.groupe.titre
    return f"{header} : « {text} », attendu {lu.attendu}" if text else f"{header} : cellule vide, attendu {lu.attendu}"


def _detail(where: str, header: str, text: str, lu: Lu) -> str:
    read = f", {header} lu « {text} »" if lu.genre == QUESTION and lu.groupe else ""
    return f"{where}{read}. {lu.remede}"


def _tous(champ: str, lu: Lu) -> str:
    return f"groupe:{champ}:{lu.groupe.code}" if lu.groupe else ""


def relire(genre: str, text: str) -> Valeur | Lu:
    """A text typed in the place of a cell, read by the cell's reader; :class:`Lu` says why it cannot be taken.

    What the reader can only take with a remark (a rounded amount, a repaired zero) is taken; an empty text never is.
    """
    if not text.strip():
        return Lu(None, REJET, "une valeur", "Saisir une valeur.")
    read = READERS[Genre(genre)](text.strip())
    if isinstance(read, Lu):
        return read if read.genre in (REJET, QUESTION) else read.valeur
    return read
