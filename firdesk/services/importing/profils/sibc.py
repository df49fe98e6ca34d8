"""SIBC, what the budget opened and consumed by destination (DOMAIN §2.3)."""

from firdesk.services.importing.champs import Famille, Genre, L, M, Profil, T, champ

SIBC = Profil(
    nom="SIBC",
    libelle="SIBC, exécution budgétaire",
    famille=Famille.EXECUTION,
    champs=(
        champ("exercice", "Exercice", Genre.EXERCICE, "Année", "Exercice budgétaire", requis=True),
        champ("etablissement", "Libellé Etablissement", L, "Etablissement", "ARS"),
        champ("sg1", "SG1", T, "Structure de gestion 1", "Budget", requis=True),
        champ("rang1", "Libellé destination de rang 1", L),
        champ(
            "code2",
            "Code destination rang 2",
            Genre.DESTINATION,
            "Code destination de rang 2",
            "Destination rang 2",
            "Code rang 2",
        ),
        champ("rang2", "Libellé destination de rang 2", L),
        champ(
            "code3",
            "Code destination rang 3",
            Genre.DESTINATION,
            "Code destination de rang 3",
            "Destination rang 3",
            "Code rang 3",
        ),
        champ("rang3", "Libellé destination de rang 3", L),
        champ("enveloppe", "Libellé enveloppe", L, "Enveloppe"),
        champ(
            "ae_ouvertes",
            "AE ouvertes",
            M,
            "AE ouverte",
            "Autorisations d'engagement ouvertes",
            "Montant AE ouvertes",
            requis=True,
        ),
        champ(
            "cp_ouverts", "CP ouverts", M, "CP ouvert", "Crédits de paiement ouverts", "Montant CP ouverts", requis=True
        ),
        champ(
            "ej_valides",
            "EJ validés",
            M,
            "EJ validé",
            "AE consommées",
            "AE engagées",
            "Engagements validés",
            "Montant engagé",
            requis=True,
        ),
        champ(
            "decaissements",
            "Décaissements CP",
            M,
            "Décaissements",
            "CP payés",
            "CP consommés",
            "Montant payé",
            "Montants payés",
            "Paiements",
            requis=True,
        ),
    ),
    un_parmi=(("code3", "code2"),),
    identite=("exercice", "sg1", "code2", "code3"),
    total="ej_valides",
)
