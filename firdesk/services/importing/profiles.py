"""What the known exports look like: their columns, the other names these go by, and which must be there.

Knows nothing of sheets: :mod:`recognise` looks for these columns in one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from firdesk.domain.operateur import sans_accents


class Genre(StrEnum):
    """How the cells of a column are read."""

    TEXTE = "texte"
    LIBELLE = "libelle"
    MONTANT = "montant"
    DATE = "date"
    EXERCICE = "exercice"
    DEPARTEMENT = "departement"
    SIRET = "siret"
    SIREN = "siren"
    IDENTIFIANT = "identifiant"
    CODE_ARS = "code_ars"
    DESTINATION = "destination"


class Famille(StrEnum):
    """What a line is: one allocation, or one destination of the budget's execution."""

    ENGAGEMENTS = "engagements"
    EXECUTION = "execution"


@dataclass(frozen=True, slots=True)
class Champ:
    """One column: our name, the export's header, other headers it has been given."""

    code: str
    entete: str
    genre: Genre = Genre.TEXTE
    requis: bool = False
    autres: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profil:
    """One export; of each group in ``un_parmi`` at least one column must be there, ``identite`` tells lines
    from totals (the year first, then what only a real line holds).
    """

    nom: str
    libelle: str
    famille: Famille
    champs: tuple[Champ, ...]
    un_parmi: tuple[tuple[str, ...], ...]
    identite: tuple[str, ...]
    total: str

    def champ(self, code: str) -> Champ:
        return next(c for c in self.champs if c.code == code)

    @property
    def montants(self) -> tuple[Champ, ...]:
        return tuple(c for c in self.champs if c.genre is Genre.MONTANT)


def fold(text: str) -> str:
    """A header without case, accents, line breaks nor punctuation: ``N° de l'EJ`` → ``n de l ej``."""
    plain = sans_accents(text.replace("º", "").replace("°", "").replace("\u2019", "'"))
    return " ".join(re.findall(r"[a-z0-9]+", plain))


_THEME = Champ("theme", "Thème", Genre.LIBELLE, autres=("Thématique", "Grande thématique"))


def _c(code: str, entete: str, genre: Genre = Genre.TEXTE, *autres: str, requis: bool = False) -> Champ:
    return Champ(code, entete, genre, requis, autres)


T, L, M = Genre.TEXTE, Genre.LIBELLE, Genre.MONTANT

STARSFIR = Profil(
    nom="StarsFIR",
    libelle="StarsFIR, engagements",
    famille=Famille.ENGAGEMENTS,
    champs=(
        _c("nom_ars", "Nom ARS", T, "ARS"),
        _c(
            "identifiant",
            "ID Bénéficiaire (Finess ou Code interne)",
            Genre.IDENTIFIANT,
            "ID Bénéficiaire",
            "Identifiant bénéficiaire",
            "Identifiant du bénéficiaire",
            "Finess ou Code interne",
            "FINESS",
            "N° FINESS",
            "Code FINESS",
            requis=True,
        ),
        _c("code_pep", "Code PEP"),
        _c(
            "nom", "Raison sociale", L, "Bénéficiaire", "Nom du bénéficiaire", "Opérateur", "Nom opérateur", requis=True
        ),
        _c("siret", "Code SIRET", Genre.SIRET, "SIRET", "N° SIRET"),
        _c("siren", "Code SIREN", Genre.SIREN, "SIREN", "N° SIREN"),
        _c(
            "departement",
            "Code Département du Bénéficiaire",
            Genre.DEPARTEMENT,
            "Code Département",
            "Département",
            "Département du Bénéficiaire",
            "Dépt",
            "Dép",
        ),
        _c("territoire", "Territoire administratif", L, "Territoire"),
        _c("portefeuille", "Portefeuille du Bénéficiaire", L, "Portefeuille"),
        _c("type", "Type de Bénéficiaire", L, "Type Bénéficiaire"),
        _c("categorie", "Catégorie du Bénéficiaire", L, "Catégorie"),
        _c("statut_juridique", "Statut juridique", L),
        _c("secteur", "Secteur de rattachement", L, "Secteur"),
        _c("enveloppe", "Enveloppe", L),
        _c("sous_enveloppe", "Sous-Enveloppe", L),
        _c("mode_delegue", "Mode de délégation délégué", L),
        _c("mode_utilise", "Mode de délégation utilisé", L),
        _c("mesure1", "Libellé Mesure N1", L, "Mesure N1"),
        _c("mesure2", "Libellé Mesure N2", Genre.DESTINATION, "Mesure N2"),
        _c("mesure3", "Libellé Mesure N3", Genre.DESTINATION, "Mesure N3", "Destination"),
        _c("action", "Action", L, "Libellé action", "Intitulé de l'action", "Objet"),
        _c("payeur", "Payeur", L),
        _c("notification", "N° de notification", T, "Numéro de notification", "N° notification", requis=True),
        _c("ej", "N° de l'EJ", T, "N° EJ", "Numéro de l'EJ", "EJ", "Engagement juridique", requis=True),
        _c("projet", "N° de projet/gestion", T, "N° de projet", "Numéro de projet"),
        _c("motivation", "Motivation", T, "Commentaire"),
        _c("decision", "N° d'Arrêté, de DA ou de Convention", T, "N° d'arrêté", "N° de convention", "N° de décision"),
        _c("type_decision", "Arrêté, DA ou Convention (A, DA ou C)", T, "Arrêté, DA ou Convention", "Type d'arrêté"),
        _c("date_notification", "Date de notification", Genre.DATE, "Date notification"),
        _c("saisi", "Montant saisi", M, "Saisi"),
        _c("validation_inter", "Validation intermédiaire", M, "Montant validation intermédiaire"),
        _c("validation", "Validation finale", M, "Montant validation finale", "Montant validé"),
        _c("notifie", "Montant Notifié", M, "Notifié", "Montant notifié (€)", "Montant notifié en euros", requis=True),
        _c("campagne", "Campagne", Genre.EXERCICE, "Année de campagne", "Exercice", "Année", requis=True),
        _c("code_ars", "Code ARS", Genre.CODE_ARS, requis=True),
        _THEME,
    ),
    un_parmi=(("mesure3", "mesure2"),),
    identite=("campagne", "identifiant", "mesure2", "mesure3"),
    total="notifie",
)

HAPI = Profil(
    nom="HAPI",
    libelle="HAPI, engagements par bénéficiaire",
    famille=Famille.ENGAGEMENTS,
    champs=(
        _c("nom_ars", "NOM_ARS"),
        _c("code_ars", "CODE_ARS", Genre.CODE_ARS, requis=True),
        _c("campagne", "CAMPAGNE", Genre.EXERCICE, requis=True),
        _c("identifiant", "ID_BENEFICIAIRE", Genre.IDENTIFIANT, requis=True),
        _c("code_sibc", "CODE_SIBC"),
        _c("nom", "RAISON_SOCIALE", L, requis=True),
        _c("siret", "SIRET", Genre.SIRET, "CODE_SIRET"),
        _c("siren", "SIREN", Genre.SIREN, "CODE_SIREN"),
        _c("departement", "CODE_DEPARTEMENT", Genre.DEPARTEMENT, "DEPARTEMENT"),
        _c("territoire", "TERRITOIRE_ADMINISTRATIF", L),
        _c("portefeuille", "PORTEFEUILLE", L),
        _c("type", "TYPE_BENEFICIAIRE", L),
        _c("categorie", "CATEGORIE_BENEFICIAIRE", L),
        _c("statut_juridique", "STATUT_JURIDIQUE", L),
        _c("secteur", "SECTEUR_RATTACHEMENT", L),
        _c("enveloppe", "ENVELOPPE", L),
        _c("sous_enveloppe", "SOUS_ENVELOPPE", L),
        _c("mode_delegue", "MODE_DELEGATION_DELEGUE", L),
        _c("mode_utilise", "MODE_DELEGATION_UTILISE", L),
        _c("mesure1", "MESURE_NIV1", L),
        _c("mesure2", "MESURE_NIV2", Genre.DESTINATION),
        _c("mesure3", "MESURE_NIV3", Genre.DESTINATION),
        _c("action", "LIBELLE_ACTION", L),
        _c("payeur", "PAYEUR", L),
        _c("notification", "NUM_NOTIFICATION", T, "NUMERO_NOTIFICATION", requis=True),
        _c("ej", "SIBC_ENGAGEMENT", requis=True),
        _c("motivation", "MOTIVATION"),
        _c("projet", "NUM_PROJET_GESTION"),
        _c("decision", "NUM_ARRETE_DA"),
        _c("mesure_nouvelle", "MESURE_NOUVELLE_NOTIFICATION_ANNEE_CAMPAGNE"),
        _c("type_decision", "TYPE_ARRETE"),
        _c("date_notification", "DATE_DOCUMENT", Genre.DATE),
        _c("saisi", "MONTANT_SAISI", M),
        _c("validation_inter", "MONTANT_VALIDATION_INTER", M),
        _c("validation", "MONTANT_VALIDATION_FINALE", M),
        _c("notifie", "MONTANT_NOTIFIE", M, requis=True),
        _c("auteur", "ID_AUTHOR"),
        _c("date_effet", "DATE_EFFET"),
        _c("code_pep", "CODE_PEP"),
        _c("pep_engagement", "PEP_ENGAGEMENT"),
        _THEME,
    ),
    un_parmi=(("mesure3", "mesure2"),),
    identite=("campagne", "identifiant", "mesure2", "mesure3"),
    total="notifie",
)

SIBC = Profil(
    nom="SIBC",
    libelle="SIBC, exécution budgétaire",
    famille=Famille.EXECUTION,
    champs=(
        _c("exercice", "Exercice", Genre.EXERCICE, "Année", requis=True),
        _c("etablissement", "Libellé Etablissement", L, "Etablissement"),
        _c("sg1", "SG1", requis=True),
        _c("rang1", "Libellé destination de rang 1", L),
        _c("code2", "Code destination rang 2", Genre.DESTINATION, "Code destination de rang 2"),
        _c("rang2", "Libellé destination de rang 2", L),
        _c("code3", "Code destination rang 3", Genre.DESTINATION, "Code destination de rang 3"),
        _c("rang3", "Libellé destination de rang 3", L),
        _c("enveloppe", "Libellé enveloppe", L, "Enveloppe"),
        _c("ae_ouvertes", "AE ouvertes", M, requis=True),
        _c("cp_ouverts", "CP ouverts", M, requis=True),
        _c("ej_valides", "EJ validés", M, "AE consommées", requis=True),
        _c("decaissements", "Décaissements CP", M, "Décaissements", "CP payés", requis=True),
    ),
    un_parmi=(("code3", "code2"),),
    identite=("exercice", "sg1", "code2", "code3"),
    total="ej_valides",
)

PROFILS: dict[str, Profil] = {p.nom: p for p in (STARSFIR, HAPI, SIBC)}

#: Columns that make the natural key of a line (DOMAIN §2.2): without them a second import would double it.
CLE = ("campagne", "code_ars", "ej", "notification", "identifiant")


@cache
def names(profil: str) -> dict[str, tuple[str, bool]]:
    """Folded header → (column code, whether it is the export's own header) for one profile."""
    found: dict[str, tuple[str, bool]] = {}
    for champ in PROFILS[profil].champs:
        for autre in champ.autres:
            found.setdefault(fold(autre), (champ.code, False))
    for champ in PROFILS[profil].champs:
        found[fold(champ.entete)] = (champ.code, True)
    return found
