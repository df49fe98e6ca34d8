"""One file under study: what was read of it, what is said of it, what was chosen; what every plan says alike."""

from dataclasses import dataclass
from typing import Any

from firdesk.services.importing.constats import Constats
from firdesk.services.importing.controle import somme_colonne
from firdesk.services.importing.lecture import ALERTE, REPARATION
from firdesk.services.importing.lignes import Decoupe
from firdesk.services.importing.plan import Question
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.importing.reglages import Reglages
from firdesk.sheets.cell import Workbook


@dataclass(frozen=True, slots=True)
class Dossier:
    """A workbook, the table found in it, its rows sorted, the findings and the choices made."""

    workbook: Workbook
    table: Reconnu
    decoupe: Decoupe
    constats: Constats
    reglages: Reglages

    def commun(self) -> dict[str, Any]:
        """What every plan says of its file; called last, when all has been said of its cells."""
        return {
            "fichier": self.workbook.name,
            "sha256": self.workbook.sha256,
            "taille": self.workbook.size,
            "chemin": self.workbook.path,
            "reglages": self.reglages,
            "feuille": self.table.grid.name,
            "profil": self.table.profil.nom,
            "famille": self.table.profil.famille,
            "ligne_entete": self.table.ligne_entete + 1,
            "colonnes": self.table.colonnes,
            "lettres": {c.champ: c.lettre for c in self.table.colonnes if c.champ},
            "lues": len(self.decoupe.donnees),
            "reparees": self.constats.reparees,
            "remedes": self.constats.remedes(),
            "en_attente": frozenset(self.constats.en_attente),
            "rejets": tuple(self.constats.rejets),
            "reparations": self.constats.du_genre(REPARATION),
            "alertes": self.constats.du_genre(ALERTE),
            "ignorees": self.constats.du_genre("ignoree"),
            "total_fichier": somme_colonne(self.table, self.decoupe.donnees, self.constats, self.table.profil.total),
        }

    def questions(self, conflits: int, *others: Question | None) -> tuple[Question, ...]:
        """What is asked of the file as a whole and of its cells, then ``others``."""
        asked = [*self.table.questions, *self.constats.questions()]
        for key, count, titre, detail, choix in (
            (
                "masquees",
                self.decoupe.masquees,
                "Lignes masquées dans la feuille",
                "Elles sont importées comme les autres, sauf si vous choisissez de les laisser de côté.",
                (("importer", "Importer les lignes masquées"), ("ignorer", "Les laisser de côté")),
            ),
            (
                "conflits",
                conflits,
                "Valeurs corrigées à la main depuis leur import",
                "Le fichier dit autre chose : la correction est gardée, sauf si vous choisissez le fichier.",
                (("garder", "Garder les corrections"), ("fichier", "Prendre les valeurs du fichier")),
            ),
        ):
            if count:
                default = choix[0][0]
                answer = self.constats.decisions.get(key, default)
                kept = self.constats.retenue(key)
                asked.append(Question(key, titre, detail, count, choix, default, answer, retenue=kept))
        return (*asked, *(q for q in others if q is not None))

    def notes(self) -> tuple[str, ...]:
        """What deserves to be known and asks nothing."""
        notes = list(self.workbook.notes)
        if kept := sum(q.retenue for q in (*self.constats.questions(), *self.constats.remedes())):
            notes.append(f"{kept} réponse(s) retenue(s) de la dernière fois.")
        if self.workbook.kind == "csv":
            names = {"\t": "tabulation", " ": "espace"}
            delimiter = names.get(self.workbook.delimiter or "", self.workbook.delimiter)
            notes.append(f"Séparateur « {delimiter} », encodage {self.workbook.encoding}.")
        if self.decoupe.masquees:
            notes.append(f"{self.decoupe.masquees} ligne(s) masquée(s) parmi les données.")
        return (*notes, *self.table.notes, *self.decoupe.notes)
