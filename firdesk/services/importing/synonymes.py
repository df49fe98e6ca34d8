"""The names that people give to the columns of allocations when they rename them, whatever the export they come from.

Two columns never share a name here; what a name alone does not settle is in the second table, told when used.
"""

from firdesk.services.importing.champs import Champ, Genre

#: Column → names that mean it without doubt.
SYNONYMES: dict[str, tuple[str, ...]] = {
    "nom_ars": ("ARS", "Agence", "Nom de l'ARS"),
    "code_ars": ("Code de l'ARS", "Code agence", "N° ARS"),
    "campagne": ("Année de campagne", "Exercice", "Année", "Campagne budgétaire", "Exercice budgétaire", "Millésime"),
    "identifiant": (
        "ID Bénéficiaire",
        "Identifiant bénéficiaire",
        "Identifiant du bénéficiaire",
        "Identifiant",
        "Finess ou Code interne",
        "FINESS",
        "N° FINESS",
        "Numéro FINESS",
        "Code FINESS",
        "FINESS juridique",
        "FINESS EJ",
        "FINESS ou code interne",
    ),
    "nom": (
        "Raison sociale",
        "Raison sociale du bénéficiaire",
        "Bénéficiaire",
        "Nom bénéficiaire",
        "Nom du bénéficiaire",
        "Opérateur",
        "Nom opérateur",
        "Nom de l'opérateur",
        "Dénomination",
        "Dénomination sociale",
    ),
    "siret": ("Code SIRET", "SIRET", "N° SIRET", "Numéro SIRET", "SIRET du bénéficiaire", "SIRET bénéficiaire"),
    "siren": ("Code SIREN", "SIREN", "N° SIREN", "Numéro SIREN", "SIREN du bénéficiaire"),
    "departement": (
        "Code Département",
        "Département",
        "Département du Bénéficiaire",
        "Dépt",
        "Dép",
        "Dpt",
        "N° département",
        "Numéro de département",
    ),
    "territoire": ("Territoire administratif", "Territoire"),
    "portefeuille": ("Portefeuille du Bénéficiaire", "Portefeuille"),
    "type": ("Type de Bénéficiaire", "Type Bénéficiaire", "Type d'opérateur"),
    "categorie": ("Catégorie du Bénéficiaire", "Catégorie bénéficiaire", "Catégorie"),
    "statut_juridique": ("Statut juridique", "Statut", "Forme juridique"),
    "secteur": ("Secteur de rattachement", "Secteur"),
    "sous_enveloppe": ("Sous-Enveloppe", "Sous enveloppe FIR"),
    "mesure1": ("Libellé Mesure N1", "Mesure N1", "Mesure niveau 1", "Libellé mesure niveau 1", "Mission"),
    "mesure2": ("Libellé Mesure N2", "Mesure N2", "Mesure niveau 2", "Libellé mesure niveau 2", "Destination rang 2"),
    "mesure3": (
        "Libellé Mesure N3",
        "Mesure N3",
        "Mesure niveau 3",
        "Libellé mesure niveau 3",
        "Destination",
        "Code destination",
        "Destination rang 3",
        "Destination FIR",
    ),
    "action": (
        "Action",
        "Libellé action",
        "Libellé de l'action",
        "Intitulé de l'action",
        "Intitulé",
        "Objet",
        "Objet de la subvention",
        "Projet financé",
    ),
    "notification": (
        "N° de notification",
        "Numéro de notification",
        "N° notification",
        "Num notification",
        "Notification n°",
    ),
    "ej": (
        "N° de l'EJ",
        "N° EJ",
        "Numéro EJ",
        "Numéro de l'EJ",
        "Num EJ",
        "EJ",
        "Engagement juridique",
        "N° engagement juridique",
        "N° d'engagement",
        "N° engagement",
    ),
    "projet": ("N° de projet", "N° projet", "Numéro de projet", "N° de projet/gestion", "N° de gestion"),
    "motivation": ("Commentaire", "Commentaires", "Observation", "Observations"),
    "decision": (
        "N° d'Arrêté, de DA ou de Convention",
        "N° d'arrêté",
        "N° de convention",
        "N° de décision",
        "N° décision",
        "N° convention",
        "N° arrêté",
        "Référence de la décision",
    ),
    "type_decision": (
        "Arrêté, DA ou Convention (A, DA ou C)",
        "Arrêté, DA ou Convention",
        "Type d'arrêté",
        "Type de décision",
        "Type décision",
    ),
    "date_notification": ("Date de notification", "Date notification", "Date de la notification", "Notifié le"),
    "saisi": ("Montant saisi", "Saisi", "Montant saisi en euros"),
    "validation_inter": ("Validation intermédiaire", "Montant validation intermédiaire"),
    "validation": ("Validation finale", "Montant validation finale", "Montant validé", "Validé"),
    "notifie": (
        "Montant notifié",
        "Notifié",
        "Montant notifié (€)",
        "Montant notifié en euros",
        "Montant notifié EUR",
        "Total notifié",
        "Somme notifiée",
    ),
    "pep_engagement": ("PEP engagement",),
    "payeur": ("Organisme payeur",),
}

#: Column → names that may mean it.
VAGUES: dict[str, tuple[str, ...]] = {
    "nom": ("Nom", "Structure", "Établissement", "Porteur", "Association", "Organisme", "Promoteur"),
    "identifiant": ("ID", "Code interne", "Code bénéficiaire", "Code opérateur"),
    "notification": ("Notification",),
    "ej": ("Engagement", "N° SIBC"),
    "mesure3": ("Mesure", "Code mesure", "Imputation"),
    "notifie": (
        "Montant",
        "EUR",
        "Euros",
        "Montant EUR",
        "Montant (€)",
        "Montant en euros",
        "Montant attribué",
        "Montant accordé",
        "Montant alloué",
        "Montant de la subvention",
        "Subvention",
    ),
    "date_notification": ("Date",),
}


def colonne(code: str, entete: str, genre: Genre = Genre.TEXTE, *autres: str, requis: bool = False) -> Champ:
    """A column of an export of allocations, with the names of this module."""
    names = dict.fromkeys((*autres, *SYNONYMES.get(code, ())))
    return Champ(code, entete, genre, requis, tuple(names), VAGUES.get(code, ()))


#: Columns that people add to an export: nothing is said when they are not there.
AJOUTEES = frozenset({"theme", "code_postal"})
CODE_POSTAL = Champ(
    "code_postal",
    "Code postal",
    Genre.CODE_POSTAL,
    autres=("CP", "Code postal du bénéficiaire"),
)
THEME = Champ("theme", "Thème", Genre.LIBELLE, autres=("Thématique", "Grande thématique", "Thème du FIR"))
