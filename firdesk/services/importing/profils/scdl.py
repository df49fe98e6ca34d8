"""SCDL « subventions » 2.1.1, the open data format in which public bodies publish their subsidies (DOMAIN §7)."""

from firdesk.services.importing.champs import Famille, Genre, L, M, Profil, T, champ

SCDL = Profil(
    nom="SCDL",
    libelle="SCDL, subventions publiées",
    famille=Famille.ENGAGEMENTS,
    champs=(
        champ("nom_ars", "nomAttribuant", L, "Nom attribuant", "Nom de l'attribuant"),
        champ("attribuant", "idAttribuant", T, "ID attribuant", "SIRET attribuant", "SIRET de l'attribuant"),
        champ("date_notification", "dateConvention", Genre.DATE, "Date convention", "Date de convention", requis=True),
        champ("decision", "referenceDecision", T, "Référence décision", "Référence de la décision"),
        champ("nom", "nomBeneficiaire", L, "Nom bénéficiaire", "Nom du bénéficiaire", "Bénéficiaire", requis=True),
        champ("siret", "idBeneficiaire", Genre.SIRET, "ID bénéficiaire", "SIRET bénéficiaire", "SIRET"),
        champ("identifiant", "rnaBeneficiaire", Genre.IDENTIFIANT, "RNA bénéficiaire", "RNA"),
        champ("action", "objet", L, "Objet de la subvention", requis=True),
        champ("notifie", "montant", M, "Montant de la subvention", requis=True),
        champ("nature", "nature", T, "Nature de la subvention"),
        champ("conditions", "conditionsVersement", T, "Conditions de versement"),
        champ("periode", "datesPeriodeVersement", T, "Dates période versement", "Dates de versement"),
        champ("rae", "idRAE", T, "Numéro RAE"),
        champ("notification_ue", "notificationUE", T, "Notification UE"),
        champ("part", "pourcentageSubvention", T, "Pourcentage subvention", "Pourcentage de la subvention"),
        champ("mesure3", "dispositifAide", Genre.CODE_POSSIBLE, "Dispositif d'aide", "Dispositif", "Destination"),
    ),
    un_parmi=(("siret", "identifiant"), ("nom_ars", "attribuant")),
    identite=("date_notification", "nom", "siret", "identifiant"),
    total="notifie",
    # No EJ in this format: the decision, or its date, and who receives the money.
    cle=(("=SCDL",), ("decision", "date_notification"), ("siret", "identifiant", "nom")),
    signes=("nomAttribuant", "idAttribuant", "datesPeriodeVersement", "pourcentageSubvention", "notificationUE"),
    annee="date_notification",
)
