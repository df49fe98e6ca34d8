"""A change of the journal in the delegate's words: what was touched, which field, before and after."""

from collections.abc import Callable
from dataclasses import dataclass

from firdesk.domain import convention, dispositif, exercice, indicateur, money, recette, territoire
from firdesk.domain.allocation import CANAUX, CARACTERES, STATUTS
from firdesk.domain.execution import LIBELLES_NATURES
from firdesk.domain.historique import Modification
from firdesk.domain.jour import french_date
from firdesk.domain.operateur import LIBELLES, NATURES_ALIAS, PERIMETRES
from firdesk.services.session import Session

TABLES = {
    "allocation": "Allocation",
    "mouvement": "Montant",
    "operateur": "Opérateur",
    "operateur_alias": "Alias d'opérateur",
    "operateur_distinct": "Opérateurs distincts",
    "budget_version": "Version du budget",
    "budget_ligne": "Ligne de budget",
    "execution": "Exécution SIBC",
    "execution_ligne": "Ligne d'exécution SIBC",
    "exercice": "Exercice",
    "destination": "Destination",
    "destination_theme": "Thème par défaut d'une destination",
    "theme": "Thème",
    "mission": "Mission",
    "enveloppe": "Enveloppe",
    "departement": "Département",
    "import_lot": "Import",
    "import_ligne": "Ligne importée",
    "import_constat": "Constat d'import",
    "import_decision": "Décision retenue",
    "import_profil": "Correspondance de colonnes retenue",
    "convention": "Convention",
    "convention_annee": "Montant annuel d'une convention",
    "allocation_lieu": "Lieu d'action",
    "virement": "Virement de crédits",
    "recette": "Recette",
    "flechage": "Fléchage",
    "passage": "Passage d'un exercice à l'autre",
    "perimetre_evenement": "Changement de périmètre",
    "rapprochement_note": "Écart expliqué",
    "dispositif": "Dispositif",
    "dispositif_plafond": "Plafond d'un dispositif",
    "dont": "Montant « dont »",
    "cofinancement": "Cofinancement",
    "indicateur": "Indicateur",
    "indicateur_valeur": "Valeur d'un indicateur",
    "parametre": "Paramètre",
}
CHAMPS = {
    "operateur_id": "Opérateur",
    "autre_id": "Autre opérateur",
    "destination": "Destination",
    "theme": "Thème",
    "theme_choisi": "Thème choisi à la main",
    "enveloppe": "Enveloppe",
    "dispositif": "Dispositif",
    "objet": "Objet",
    "caractere": "Caractère",
    "canal": "Canal",
    "ej": "EJ",
    "notification": "N° de notification",
    "decision": "Décision",
    "type_decision": "Type de décision",
    "date_notification": "Date de notification",
    "payeur": "Payeur",
    "motivation": "Motivation",
    "projet": "Projet",
    "code_ars": "Code ARS",
    "note": "Note",
    "statut": "Statut",
    "numero": "Numéro",
    "exercice": "Exercice",
    "allocation_id": "Allocation",
    "nature": "Nature",
    "montant": "Montant",
    "date": "Date",
    "reference": "Référence",
    "origine": "Origine",
    "cellule": "Cellule",
    "brut": "Texte lu",
    "ae": "AE ouvertes",
    "cp": "CP ouverts",
    "ae_ouvertes": "AE ouvertes",
    "cp_ouverts": "CP ouverts",
    "ej_valides": "EJ validés",
    "decaissements": "Décaissements CP",
    **LIBELLES,
    "code": "Code",
    "libelle": "Libellé",
    "libelle_court": "Libellé court",
    "ordre": "Ordre",
    "annee": "Année",
    "valeur": "Valeur",
    "fichier": "Fichier",
    "feuille": "Feuille",
    "ligne": "Ligne",
    "mission": "Mission",
    "niveau": "Rang",
    "parent": "Destination de rang supérieur",
    "profil": "Profil",
    "importe_le": "Importé le",
    "exercices": "Exercices",
    "lues": "Lignes lues",
    "nouvelles": "Nouvelles",
    "modifiees": "Modifiées",
    "inchangees": "Inchangées",
    "disparues": "Disparues",
    "rejetees": "Rejetées",
    "ignorees": "Ignorées",
    "reparees": "Réparées",
    "orphelines": "En attente d'un EJ",
    "total_fichier": "Total du fichier",
    "total_importe": "Importé",
    "total_ignore": "Ignoré",
    "total_rejete": "Rejeté",
    "mesure": "Montant compté",
    "notifie_avant": "Avant l'import",
    "notifie_apres": "Après l'import",
    "chemin": "Emplacement",
    "question": "Question",
    "choix": "Réponse",
    "genre": "Genre",
    "lu": "Lu",
    "attendu": "Attendu",
    "remede": "Que faire",
    "report": "Report de trésorerie",
    "motif": "Motif",
    "convention_id": "Convention",
    "parent_id": "Acte modifié",
    "signee_le": "Signée le",
    "debut": "Début",
    "fin": "Fin",
    "duree_engagement": "Durée d'engagement (ans)",
    "piece": "N° de pièce",
    "part": "Part",
    "de_destination": "De la destination",
    "de_enveloppe": "De l'enveloppe",
    "vers_destination": "Vers la destination",
    "vers_enveloppe": "Vers l'enveloppe",
    "source": "Source",
    "fongible": "Fongible",
    "protege_prevention": "Protégé prévention",
    "protege_medico_social": "Protégé médico-social",
    "sanctuarise": "Sanctuarisé",
    "encaisse": "Encaissé",
    "encaissee_le": "Encaissée le",
    "code_avant": "Code de l'exercice précédent",
    "code_apres": "Code de l'exercice",
    "sens": "Sens",
    "contrepartie": "Contrepartie",
    "texte": "Texte",
    "part_max": "Part maximale du FIR",
    "plafond_unite": "Plafond par unité",
    "unite": "Unité",
    "financeur": "Financeur",
    "quantite": "Quantité",
    "cible": "Cible",
}
#: Fields that only serve the program.
TUS = {
    "id", "cle", "nom_normalise", "ligne_id", "lot_id", "sha256", "taille", "version_id", "execution_id", "connue",
    "reglages", "signature", "correspondance", "recette_id", "mouvement_id", "indicateur_id",
}  # fmt: skip
_CENTS = {
    "montant", "ae", "cp", "ae_ouvertes", "cp_ouverts", "ej_valides", "decaissements", "total_fichier", "total_importe",
    "total_ignore", "total_rejete", "notifie_avant", "notifie_apres", "report", "fongible", "protege_prevention",
    "protege_medico_social", "sanctuarise", "encaisse", "plafond_unite",
}  # fmt: skip
_CODES: dict[str, dict[str, str]] = {
    "caractere": CARACTERES,
    "canal": CANAUX,
    "statut": STATUTS | exercice.STATUTS,
    "sens": exercice.SENS | dispositif.SENS,
    "source": recette.SOURCES,
    "perimetre": PERIMETRES,
    "nature": {str(k): v for k, v in LIBELLES_NATURES.items()} | NATURES_ALIAS | convention.NATURES | recette.NATURES,
    "origine": {"saisie": "Saisi", "import": "Importé"},
    "theme_choisi": {"0": "non", "1": "oui"},
    "genre": dispositif.GENRES,
}
#: Numbers kept in another unit than they are read in.
_ECRITS: dict[str, Callable[[int], str]] = {
    "part": territoire.part_dite,
    "part_max": territoire.part_dite,
    "quantite": lambda hundredths: indicateur.ecrit(hundredths * 10),
    "cible": indicateur.ecrit,
}
#: First words of :data:`TABLES` whose participle takes an « e ».
FEMININS = {
    "Allocation", "Version", "Ligne", "Exécution", "Destination", "Mission", "Recette", "Convention",
}  # fmt: skip
VIDE = "—"


@dataclass(frozen=True, slots=True)
class Champ:
    """One field of one row: ``—`` where there was or is nothing."""

    nom: str
    avant: str
    apres: str


class Wording:
    """Remembers the names it has looked up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._themes = session.nomenclatures.themes()
        self._found: dict[tuple[str, int], str] = {}

    def title(self, m: Modification) -> str:
        """``Allocation 2025-0412 modifiée``."""
        verb = "créé" if not m.avant else "supprimé" if not m.apres else "modifié"
        name, values = TABLES.get(m.table, m.table), m.apres or m.avant
        ending = "e" if name.split()[0] in FEMININS else ""
        told = self._name(m, values)
        return f"{name} {told} · {verb}{ending}" if told else f"{name} · {verb}{ending}"

    def fields(self, m: Modification) -> list[Champ]:
        """The fields that differ, without those that only serve the program."""
        made = []
        for name in m.champs:
            if name not in TUS:
                kind = "cible" if m.table == "indicateur_valeur" and name == "valeur" else name
                before, after = self._value(kind, m.avant.get(name)), self._value(kind, m.apres.get(name))
                if before != after:
                    made.append(Champ(CHAMPS.get(name, name.replace("_", " ").capitalize()), before, after))
        return made

    def _name(self, m: Modification, values: dict[str, object]) -> str:
        match m.table:
            case "allocation":
                return f"{values.get('exercice')}-{_int(values.get('numero')):04d}"
            case "mouvement":
                nature = _CODES["nature"].get(str(values.get("nature")), "")
                return f"{nature.lower()} de {self._allocation(_int(values.get('allocation_id')))}"
            case "virement":
                return f"{values.get('de_destination')} → {values.get('vers_destination')}"
            case "operateur_alias":
                return f"« {values.get('valeur')} »"
            case "allocation_lieu":
                return f"de {self._allocation(_int(values.get('allocation_id')))} ({values.get('departement')})"
            case "dispositif_plafond":
                return f"{values.get('dispositif')} {values.get('exercice')}"
            case "cofinancement":
                return str(values.get("financeur"))
            case "indicateur_valeur":
                return str(values.get("exercice"))
            case _:
                shown = (
                    values.get("nom")
                    or values.get("code")
                    or values.get("numero")
                    or values.get("destination")
                    or values.get("fichier")
                )
                return str(shown or values.get("libelle") or values.get("annee") or "")

    def _value(self, name: str, value: object) -> str:
        if value is None or value == "":
            return VIDE
        if name in _CENTS and isinstance(value, int):
            return money.euros(value)
        if name in {"operateur_id", "autre_id"}:
            return self._operateur(_int(value))
        if name in _ECRITS and isinstance(value, int):
            return _ECRITS[name](value)
        if name == "allocation_id":
            return self._allocation(_int(value))
        if name in {"convention_id", "parent_id"} and isinstance(value, int):
            return self._convention(value)
        if name == "theme":
            return self._themes.get(str(value), str(value))
        if name in _CODES:
            return _CODES[name].get(str(value), str(value))
        return french_date(str(value))

    def _operateur(self, number: int) -> str:
        return self._look("operateur", number, lambda: self._session.operateurs.get(number).nom)

    def _convention(self, number: int) -> str:
        def find() -> str:
            found = self._session.conventions.get(number)
            return found.numero if found else ""

        return self._look("convention", number, find)

    def _allocation(self, number: int) -> str:
        def find() -> str:
            found = self._session.allocations.get(number)
            return found.reference if found else ""

        return self._look("allocation", number, find)

    def _look(self, what: str, number: int, find: Callable[[], str]) -> str:
        """A name, or the bare number of a row that is gone since."""
        if (what, number) not in self._found:
            try:
                named = find()
            except (TypeError, LookupError):
                named = ""
            self._found[what, number] = named or f"n° {number}"
        return self._found[what, number]


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
