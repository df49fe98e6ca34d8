"""What deserves a look in an exercice, rule by rule, with the lines or the page behind it: warnings, never refusals."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from firdesk.domain import controle, money
from firdesk.domain.allocation import Filtre
from firdesk.domain.controle import GRAVITES, REGLES, Alerte
from firdesk.domain.jour import french_date
from firdesk.domain.synthese import Axe
from firdesk.services import alertes_credits, dispositifs, donts, recettes
from firdesk.services.alertes_credits import derriere
from firdesk.services.exporting import write
from firdesk.services.session import Session
from firdesk.sheets.writer import Column, SheetSpec

#: Years after which what was notified and never paid lapses: key, value, source.
PRESCRIPTION = ("prescription_annees", controle.PRESCRIPTION, "CSP, art. L1435-10")
_MOUVEMENTS = "mouvements des allocations"


def liste(session: Session, exercice: int) -> list[Alerte]:
    """Every alert of an exercice as of today, gravest first, then the largest amount."""
    day = session.jour()
    return controle.ordonner(
        [
            *alertes_credits.alertes(session, exercice, day),
            *_dispositifs(session, exercice),
            *_flechages(session, exercice),
            *_payees(session, exercice),
            *_protegees(session, exercice),
            *_prescriptions(session, exercice, day),
            *_echeances(session, exercice, day),
            *_lignes(session, exercice),
        ]
    )


def _dispositifs(session: Session, exercice: int) -> Iterator[Alerte]:
    """Ceilings exceeded, then what is told inside an amount above it, or paid above the rule of a scheme."""
    for x in dispositifs.liste(session, exercice):
        kept = Filtre(exercice=exercice, dispositifs=(x.code,))
        for p in x.alertes():
            over = -((x.disponible if p.field == "plafond_ae" else x.disponible_cp) or 0)
            text, source = p.message.rstrip("."), "plafond du dispositif"
            found = Alerte("plafond_dispositif", "alerte", text, over, kept, source=source)
            yield derriere(session, found, ("dispositifs", x.code))
    for p in donts.alertes(session, exercice):
        yield Alerte("cofinancement", "alerte", p.message.rstrip("."), page=("dispositifs", None), source="dispositifs")


def _flechages(session: Session, exercice: int) -> Iterator[Alerte]:
    for x in recettes.suivi(session, exercice):
        if x.reste >= 0:
            continue
        codes = [d.code for d in session.nomenclatures.destinations(exercice)] if x.destination else []
        under = () if x.theme else tuple(c for c in codes if recettes.sous(c, x.destination)) or (x.destination,)
        kept = Filtre(exercice=exercice, themes=(x.theme,) if x.theme else (), destinations=under)
        over = money.euros(-x.reste, decimals=False)
        text = f"Fléchage « {x.libelle} » : {x.mesure} {over} au-dessus des recettes fléchées"
        found = Alerte("flechage_depasse", "alerte", text, -x.reste, kept, source="fléchage des recettes")
        yield derriere(session, found, ("budget", "recettes"))


def _payees(session: Session, exercice: int) -> Iterator[Alerte]:
    """Lines paid beyond what was committed; without any commitment only where commitments are known."""
    for x in session.alertes.comptes("paye_au_dela", exercice, exercice):
        text = f"{_count(x.nombre)} : payé {money.euros(x.montant, decimals=False)} au-delà de l'engagé"
        yield _avancement("paye_au_dela", "grave", text, exercice, x.montant, x.nombre, _MOUVEMENTS)
    if session.alertes.engagements_connus(exercice):
        for x in session.alertes.comptes("paye_sans_engagement", exercice, exercice):
            text = f"{_count(x.nombre)} : payé {money.euros(x.montant, decimals=False)} sans engagement"
            yield _avancement("paye_sans_engagement", "alerte", text, exercice, x.montant, x.nombre, _MOUVEMENTS)


def _avancement(regle: str, gravite: str, texte: str, campagne: int, montant: int, lignes: int, source: str) -> Alerte:
    stage = "reste_a_payer" if regle == "prescription" else regle
    kept = Filtre(exercice=campagne, avancements=(stage,))
    return Alerte(regle, gravite, texte, montant, kept, lignes=lignes, source=source)


def _protegees(session: Session, exercice: int) -> Iterator[Alerte]:
    """What other enveloppes engaged of a protected part: notified where nothing is engaged, none for lines without."""
    came = session.recettes.de(exercice)
    lines = [x for x in session.syntheses.par((Axe.ENVELOPPE,), exercice).lignes if x.cle[0]] if came else []
    engaged = any(x.ae_engagee for x in lines)
    for name, enveloppe, told in controle.PROTEGEES:
        kept = sum(getattr(r, name) for r in came)
        others = [x for x in lines if x.cle[0] != enveloppe]
        elsewhere = sum(x.ae_engagee if engaged else x.notifie for x in others)
        taken = min(max(0, kept), controle.atteinte_protegee(sum(r.montant for r in came), kept, elsewhere))
        if taken:
            what = "engagés" if engaged else "notifiés"
            text = f"Part protégée {told} : {money.euros(taken, decimals=False)} {what} pour d'autres objets"
            behind = Filtre(exercice=exercice, enveloppes=tuple(x.cle[0] for x in others))
            found = Alerte("part_protegee", "grave", text, taken, behind, source="CSP, art. L1435-9")
            yield derriere(session, found, ("budget", "recettes"))


def _prescriptions(session: Session, exercice: int, day: str) -> Iterator[Alerte]:
    """What each campagne leaves to pay that lapses by the end of the exercice, or of the one after.

    The law counts from the year of notification: the campagne's own, but for what was notified after it.
    """
    years, source = session.operateur_fiches.parametre(*PRESCRIPTION)
    for x in session.alertes.comptes("reste_a_payer", 0, exercice + 1 - years):
        end = controle.prescription(x.campagne, years)
        past = end < day
        verb = "prescrit depuis le" if past else "prescription le"
        left = money.euros(x.montant, decimals=False)
        text = f"Campagne {x.campagne} : reste à payer {left}, {verb} {french_date(end)}, {_count(x.nombre)}"
        told = f"{source} ; un an de plus pour ce qui fut notifié l'année suivante"
        gravity = "grave" if past else "alerte" if x.campagne + years <= exercice else "info"
        yield _avancement("prescription", gravity, text, x.campagne, x.montant, x.nombre, told)


def _echeances(session: Session, exercice: int, day: str) -> Iterator[Alerte]:
    for x in session.alertes.echues(exercice, day):
        left = money.euros(x.montant, decimals=False)
        text = f"Campagne {x.campagne} : échéance passée impayée, {left}, {_count(x.nombre)}"
        yield _avancement("echeance_impayee", "alerte", text, x.campagne, x.montant, x.nombre, "échéancier")


def _lignes(session: Session, exercice: int) -> Iterator[Alerte]:
    """Lines that the last export no longer has, of unknown destinations, without theme."""
    gone = Filtre(exercice=exercice, statuts=("disparue",))
    if count := session.allocations.somme(gone).nombre:
        text = f"{_count(count)} {'absentes' if count > 1 else 'absente'} du dernier export"
        yield Alerte("ligne_disparue", "alerte", text, filtre=gone, lignes=count, source="dernier export importé")
    known = session.nomenclatures.destinations(exercice)
    unknown = tuple(d.code for d in known if not d.connue and d.code[:2] == "MI")
    if unknown:
        text = f"Destination absente de la nomenclature {exercice} : {', '.join(unknown[:3])}"
        kept = Filtre(exercice=exercice, destinations=unknown)
        found = Alerte("destination_inconnue", "alerte", text, filtre=kept, source=f"nomenclature {exercice}")
        yield derriere(session, found, ("budget", "execution"))
    untold = Filtre(exercice=exercice, themes=("",))
    if count := session.allocations.somme(untold).nombre:
        text = f"{_count(count)} sans thème"
        yield Alerte("sans_theme", "info", text, filtre=untold, lignes=count, source="thèmes de la publication")


def _count(count: int) -> str:
    return f"{money.nombre(count)} ligne{'s' * (count > 1)}"


# What is shown


def dite(alertes: Sequence[Alerte], exercice: int) -> list[str]:
    """``alertes``: a line each, its source under it."""
    if not alertes:
        return [f"Exercice {exercice} : rien à signaler."]
    made = []
    for x in alertes:
        made.append(f"{GRAVITES[x.gravite]} · {REGLES[x.regle]} · {x.texte}.")
        if x.source:
            made.append(f"    Règle : {x.source}")
    return made


def as_json(alertes: Sequence[Alerte], exercice: int) -> dict[str, object]:
    """``alertes --json``."""
    return {
        "exercice": exercice,
        "alertes": [
            {
                "regle": x.regle,
                "gravite": x.gravite,
                "texte": x.texte,
                "montant_centimes": x.montant,
                "lignes": x.lignes,
                "source": x.source,
            }
            for x in alertes
        ],
    }


_COLONNES = [
    Column("Gravité", "texte"),
    Column("Règle", "texte"),
    Column("Constat", "texte"),
    Column("Montant", "montant"),
    Column("Lignes", "entier"),
    Column("Source de la règle", "texte"),
]


def exporter(path: Path, alertes: Sequence[Alerte], exercice: int) -> None:
    """One alert a row; no total, since one sum may be behind several of them."""
    rows = [
        (GRAVITES[x.gravite], REGLES[x.regle], x.texte, x.montant or None, x.lignes or None, x.source) for x in alertes
    ]
    notes = ("Des alertes, jamais des refus : un même montant peut être derrière plusieurs d'entre elles.",)
    write(path, [SheetSpec("Alertes", _COLONNES, rows, None, f"Alertes {exercice}", notes)])
