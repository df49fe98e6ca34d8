"""What the budget of the demonstration is judged against: recettes, commitments, conventions, schemes, what comes next.

Fléchages, indicators and exits are those of the published report, where they are found; the rest is invented around.
"""

from dataclasses import replace

from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.budget import Virement
from firdesk.domain.convention import AnneeConvention, Convention
from firdesk.domain.dispositif import (
    MILLIEME,
    Cofinancement,
    Dispositif,
    Dont,
    Indicateur,
    Plafond,
    ValeurIndicateur,
)
from firdesk.domain.exercice import Evenement
from firdesk.domain.rapprochement import Note
from firdesk.domain.recette import Flechage, Recette
from firdesk.domain.territoire import Lieu
from firdesk.services import (
    budgets,
    conventions,
    dispositifs,
    donts,
    engagements,
    exercices,
    indicateurs,
    perimetre,
    rapprochement,
    recettes,
    territoires,
)
from firdesk.services.demonstration.execution import DEPASSEMENT
from firdesk.services.demonstration.paiements import ACOMPTE
from firdesk.services.session import Session

_M = 1_000_000_00
#: Nature, number, day, source, amount, then the parts protected (prévention, médico-social) and sanctuarisée.
_ARRETES = (
    ("arrete_initial", "SFHS2503412A", "2025-02-28", "assurance_maladie", 402_300_000_00, 96 * _M, 0, 0),
    ("arrete_initial", "SFHS2503412A", "2025-02-28", "cnsa", 15_400_000_00, 0, 15_400_000_00, 0),
    ("arrete_complementaire", "SFHS2518730A", "2025-07-18", "assurance_maladie", 71_800_000_00, 0, 0, 4_700_000_00),
    ("arrete_complementaire", "SFHS2518730A", "2025-07-18", "fongibilite", 8_900_000_00, 0, 0, 0),
    ("arrete_final", "SFHS2532288A", "2025-12-12", "assurance_maladie", 23_900_000_00, 0, 0, 0),
)
#: Fléchages of the published report: amount, destination, label.
_FLECHAGES = (
    (3_100_000_00, "MI1-2-30", "Fonds de lutte contre les addictions"),
    (1_600_000_00, "MI2-3-30", "Unités d'accueil pédiatriques enfants en danger"),
)
#: Code, label, theme, destination, words of the object, ceiling of 2025 in cents (0: none).
_DISPOSITIFS = (
    ("GEM", "Groupes d'entraide mutuelle", "PH", "MI2-4-6", "GEM - ", 5_000_000_00),
    ("EMSP", "Équipes mobiles de soins palliatifs", "PALLIA", "MI2-3-2", "EMSP", 15_500_000_00),
    ("CLS", "Contrats locaux de santé", "COORD", "MI1-1-6", "CLS - ", 0),
    ("DAC", "Dispositifs d'appui à la coordination", "COORD", "MI2-7-1", "DAC", 0),
    ("CEGIDD", "CeGIDD", "INFECT", "MI1-3-7", "CeGIDD", 0),
    ("EMG", "Équipes mobiles de gériatrie", "PA", "MI2-3-8", "quipe mobile de g", 0),
)
_BILAN = "Bilan du FIR 2025"
#: Scheme, what is counted, unit, what is wished, then by year from 2023: (rank, (value, target, source)).
_INDICATEURS = (
    ("GEM", "Groupes ouverts", "GEM", "hausse", ((1, (47, 48, "")), (2, (51, 50, f"{_BILAN}, l. 2176")))),
    ("EMSP", "Équipes mobiles", "équipes", "hausse", ((1, (32, 33, "")), (2, (33, 33, f"{_BILAN}, l. 1537")))),
    ("CEGIDD", "Centres", "centres", "hausse", ((1, (17, 19, "")), (2, (19, 19, f"{_BILAN}, l. 653")))),
    ("EMG", "Patients vus en établissement", "patients", "hausse", ((1, (19_648, 20_000, f"{_BILAN}, l. 1706")),)),
)
#: What the published report says to leave the FIR in 2026: label, destination, theme, cents.
_SORTIES = (
    ("Équipes mobiles de gériatrie", "MI2-3-8", "PA", 8_736_000_00),
    ("Consultations mémoire", "MI1-5-2", "PA", 5_663_000_00),
    ("Organisation des RCP", "MI2-3-5", "CANCER", 1_155_000_00),
)


def saisir(session: Session) -> None:
    """Each fact one operation of the history, as the delegate would type it."""
    for exercice in (2024, 2025):
        engagements.engager(session, session.allocations.ids(Filtre(exercice=exercice)))
    _recettes(session)
    _conventions(session)
    _dispositifs(session)
    _territoire(session)
    _suites(session)


def _recettes(session: Session) -> None:
    for nature, numero, jour, source, montant, prevention, medico, sanctuarise in _ARRETES:
        fleche = (
            tuple(Flechage(m, destination=code, libelle=label) for m, code, label in _FLECHAGES) if sanctuarise else ()
        )
        recettes.enregistrer(
            session,
            Recette(
                2025, nature, source, montant, numero, jour, fongible=montant - prevention - medico - sanctuarise,
                protege_prevention=prevention, protege_medico_social=medico, sanctuarise=sanctuarise, encaisse=montant,
                encaissee_le=jour, flechages=fleche,
            ),
        )  # fmt: skip
    own = Recette(2025, "titre", "ressources_propres", 3_500_000_00, "Titres 2025", "2025-11-30", "Titres recouvrés")
    recettes.enregistrer(session, replace(own, fongible=own.montant, encaisse=own.montant, encaissee_le=own.date))
    recettes.fixer_report(session, 2025, 1_260_000_00)


def _conventions(session: Session) -> None:
    """The acts behind the balances: two years of AE, the rest planned for the next one."""
    for a in _trouver(session, Filtre(exercice=2025, texte=ACOMPTE)):
        found = engagements.echeancier(session, a.id or 0, 2025)
        left = found.reste_a_payer
        if left <= 0 or not a.decision:
            continue
        engagements.planifier(session, a.id or 0, {2025: found.ae - left, 2026: left})
        if not [c for c in session.conventions.all() if c.numero == a.decision]:
            last = 2025 + a.numero % 4  # some have run out, some go on
            years = tuple(AnneeConvention(annee, found.ae) for annee in range(2025, last + 1))
            act = Convention(
                "convention", a.decision, a.operateur_id, a.objet, a.date_notification, "2025-01-01", f"{last}-12-31",
                annees=years,
            )  # fmt: skip
            conventions.rattacher(session, conventions.save(session, act), [a.id or 0])


def _dispositifs(session: Session) -> None:
    for code, libelle, theme, destination, mots, plafond in _DISPOSITIFS:
        ceiling = (Plafond(2025, plafond, plafond),) if plafond else ()
        made = Dispositif(code, libelle, theme, destination, plafonds=ceiling)
        if code == "CLS":
            made = replace(made, part_max=5_000, plafond_unite=30_000_00, unite="ETP")
        dispositifs.enregistrer(session, made)
        for exercice in (2024, 2025):
            where = Filtre(exercice=exercice, destinations=(destination,), texte=mots)
            dispositifs.affecter(session, session.allocations.ids(where), code)
    cls = _trouver(session, Filtre(exercice=2025, dispositifs=("CLS",)))[:1]
    for a in cls:
        donts.enregistrer_cofinancement(
            session, Cofinancement(2025, "cofinancement", "Communauté de communes", 30_000_00, a.id, quantite=100)
        )
    donts.enregistrer_dont(
        session, Dont(2025, "fonds de lutte contre les addictions", 3_100_000_00, destination="MI1-2-30")
    )
    for code, libelle, unite, sens, valeurs in _INDICATEURS:
        values = tuple(ValeurIndicateur(2023 + i, 2023 + i, v * MILLIEME, c * MILLIEME, s) for i, (v, c, s) in valeurs)
        indicateurs.enregistrer(session, Indicateur(code, libelle, unite, sens, valeurs=values))


def _territoire(session: Session) -> None:
    """Where the actions of a few operators of the whole region take place."""
    shares = (("59", 4_500), ("62", 2_500), ("80", 1_200), ("60", 1_000), ("02", 800))
    regional = [o.id or 0 for o in session.operateurs.all() if o.perimetre == "regional"][:4]
    wanted = session.allocations.ids(Filtre(exercice=2025, operateurs=tuple(regional)))
    territoires.enregistrer(session, list(wanted), [Lieu(code, part) for code, part in shares])


def _suites(session: Session) -> None:
    """A move between lines, an explanation, the year to come with what leaves the FIR."""
    version = budgets.version(session, 2025, "BR3")
    motif = "Renfort des gardes de fin d'année, décidé au comité du 15 décembre"
    move = Virement(version.id or 0, "MI3-3-3", "Intervention", "MI3-3-2", "Intervention", 40_000_00, 40_000_00, motif,
                    "2025-12-16")  # fmt: skip
    budgets.virer(session, version, move)
    for x in rapprochement.rapprocher(session, 2025).lignes:
        if x.destination == DEPASSEMENT[0] and x.inexplique:
            texte = "EJ pris en fin d'année, notifiés en janvier 2026"
            rapprochement.noter(session, Note(2025, x.destination, texte, x.inexplique))
    exercices.ouvrir(session, 2026)
    for libelle, destination, theme, montant in _SORTIES:
        event = Evenement(2026, "sortie", libelle, montant, destination, theme, contrepartie="ONDAM hospitalier")
        perimetre.ecrire_evenement(session, event)


def _trouver(session: Session, filtre: Filtre) -> list[Allocation]:
    return [a for number in session.allocations.ids(filtre) if (a := session.allocations.get(number)) is not None]
