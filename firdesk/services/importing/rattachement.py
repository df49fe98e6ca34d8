"""Which allocation a payment belongs to, by the number and item of its EJ; where several may, the user says.

A payment that no allocation answers for is an orphan: left out, listed, attached when the file comes again.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from firdesk.domain import money
from firdesk.domain.identifiants import numero_ej
from firdesk.domain.operateur import nom_normalise
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.lecture import ALERTE
from firdesk.services.importing.plan import Question
from firdesk.services.importing.profiles import fold
from firdesk.store.paiements import Engagee

PRORATA, ORPHELINES = "prorata", "orphelines"
#: Above that many allocations of one EJ, the reference is typed instead of chosen.
_CHOIX = 6
#: Words by which an export marks money that comes back.
_REPRISES = ("reprise", "revers", "rembours", "annul", "avoir", "recette", "trop percu")
#: Answers for every EJ of :data:`GROUPE` that has no answer of its own.
TOUS = "rattachements"
GROUPE = "Paiements d'un EJ commun à plusieurs allocations"


class PaiementLu(NamedTuple):
    """One payment read; ``exercice`` that of the payment, ``montant`` as the file writes it, in cents."""

    numero: int
    ej: str
    poste: str
    reference: str
    exercice: int
    date: str
    sens: str
    nom: str
    montant: int | None

    @property
    def engagement(self) -> tuple[str, str]:
        """Number and item of the EJ."""
        number, item = numero_ej(self.ej)
        return number, item or numero_ej(self.poste)[0].lstrip("0")

    @property
    def effet(self) -> int:
        """What it adds to CP payé, in cents: what comes back counts below zero however it is written."""
        cents = self.montant or 0
        if cents > 0 and self.sens and any(word in fold(self.sens) for word in _REPRISES):
            return -cents
        return cents

    @property
    def cle(self) -> str:
        """The natural key, without date and amount: numbers of the EJ and of the request."""
        return f"{self.engagement[0]}|{reference_dp(self.reference)}"


Part = tuple[Engagee, int]


def reference_dp(text: str) -> str:
    """The number of a payment request as both a CSV and a spreadsheet that ate its zeros would write it."""
    body = "".join(text.upper().split())
    return body.lstrip("0") or body if body.isdigit() else body


class _Ambigu(NamedTuple):
    engagees: list[Engagee]
    lignes: list[PaiementLu]


class Rattachement:
    """Finds allocations by EJ, and gathers the questions that this raises."""

    def __init__(self, engagees: Iterable[Engagee], constats: Constats) -> None:
        self._constats = constats
        self._decisions: Mapping[str, str] = constats.decisions
        self._par_poste: dict[tuple[str, str], list[Engagee]] = {}
        self._par_numero: dict[str, list[Engagee]] = {}
        self._ambigus: dict[tuple[str, str], _Ambigu] = {}
        for e in engagees:
            number, item = numero_ej(e.ej)
            self._par_numero.setdefault(number, []).append(e)
            if item:
                self._par_poste.setdefault((number, item), []).append(e)

    def parts(self, ligne: PaiementLu, cents: int) -> tuple[list[Part], str]:
        """The allocations that a payment of ``cents`` goes to, and each one's share; why there is none otherwise."""
        number, item = ligne.engagement
        if not number:
            return [], "Sans numéro d'EJ"
        found = self._par_poste.get((number, item)) or self._par_numero.get(number, [])
        if not found:
            return [], "Aucune allocation n'a cet EJ"
        if len(found) == 1:
            self._signaler_poste(ligne, item, found[0])
            return [(found[0], cents)], ""
        ambigu = self._ambigus.setdefault((number, item), _Ambigu(found, []))
        ambigu.lignes.append(ligne)
        answer = self._answer(_id(number, item)).removeprefix("=").strip()
        if answer == PRORATA:
            shares = money.repartir(cents, [e.notifie for e in found])
            return [(e, share) for e, share in zip(found, shares, strict=True) if share], ""
        chosen = [e for e in found if e.reference == answer]
        return [(e, cents) for e in chosen], f"{len(found)} allocations ont cet EJ, aucune n'est choisie"

    def questions(self) -> list[Question]:
        """One question for each EJ that several allocations share."""
        asked = []
        for (number, item), (engagees, lignes) in self._ambigus.items():
            key = _id(number, item)
            total = money.euros(sum(x.montant or 0 for x in lignes), decimals=True)
            names = nom_normalise(lignes[0].nom)
            ordered = sorted(engagees, key=lambda e: not names or nom_normalise(e.operateur) != names)
            choices = [(e.reference, _label(e)) for e in ordered[:_CHOIX]]
            many = len(engagees) > _CHOIX
            detail = f"{total} en tout, à partir de la ligne {lignes[0].numero + 1}."
            if many:
                detail += f" {len(engagees)} allocations ont cet EJ : écrire la référence (2025-0012) des autres."
            choices.append((PRORATA, "Répartir au prorata du notifié"))
            choices.append((ORPHELINES, "Laisser en attente"))
            title = f"EJ {lignes[0].ej} : à quelle allocation rattacher ?"
            asked.append(
                Question(
                    id=key,
                    titre=title,
                    detail=detail,
                    lignes=len(lignes),
                    choix=tuple(choices),
                    defaut=ORPHELINES,
                    reponse=self._answer(key),
                    saisie=many,
                    groupe=GROUPE,
                    tous=TOUS,
                    lu=f"{lignes[0].ej}, {total}",
                    cellule=self._constats.table.adresse(lignes[0].numero, "ej"),
                )
            )
        return asked

    def _answer(self, key: str) -> str:
        """The answer of one EJ, else that of all of them."""
        return self._decisions.get(key) or self._decisions.get(TOUS) or ORPHELINES

    def _signaler_poste(self, ligne: PaiementLu, item: str, found: Engagee) -> None:
        own = numero_ej(found.ej)[1]
        if item and own and item != own:
            remede = f"Poste {item} absent de la base : rattaché à {found.reference}, seule allocation de cet EJ."
            self._constats.grouper(ALERTE, ligne.numero, "ej", f"l'EJ {found.ej}", remede)


def _id(number: str, item: str) -> str:
    return f"rattachement:{number}_{item}" if item else f"rattachement:{number}"


def _label(e: Engagee) -> str:
    return f"{e.reference} · {e.operateur} · {money.euros(e.notifie, decimals=True)} notifiés"
