"""What an import would do, before it does it: every line sorted, every amount accounted for.

``total_fichier = total_importe + total_ignore + total_rejete``, to the cent, over the readable amounts.
"""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from firdesk.domain.execution import LigneExecution, Mouvement, Nature
from firdesk.domain.lot import Constat
from firdesk.domain.operateur import Alias, Operateur
from firdesk.services.importing.entetes import Colonne
from firdesk.services.importing.lecture import Destination
from firdesk.services.importing.profiles import Famille
from firdesk.services.importing.reglages import Reglages
from firdesk.sheets.cell import Value, shown
from firdesk.sheets.packed import Packed

if TYPE_CHECKING:
    from firdesk.services.importing.correspondance_apprise import Apprise


class ChangedField(NamedTuple):
    """One value before and after, as text to show; an amount in cents too, ``None`` where there is none."""

    champ: str
    libelle: str
    avant: str
    apres: str
    avant_cents: int | None = None
    apres_cents: int | None = None


class Montant(NamedTuple):
    """An amount of a line with the cell it came from."""

    nature: Nature
    cents: int
    cellule: str
    brut: str


class LigneLue(NamedTuple):
    """One line of an export of engagements, its cells read; amounts in cents, ``None`` where the cell is empty."""

    numero: int
    campagne: int
    code_ars: str
    ej: str
    notification: str
    identifiant: str
    mesure3: Destination | None
    mesure2: Destination | None
    nom: str
    siret: str
    siren: str
    departement: str
    territoire: str
    code_postal: str
    commune: str
    type: str
    categorie: str
    statut_juridique: str
    secteur: str
    sous_enveloppe: str
    action: str
    payeur: str
    projet: str
    motivation: str
    decision: str
    type_decision: str
    date_notification: str
    theme: str
    pep_engagement: str
    cle: str
    demande: int | None
    saisi: int | None
    validation_inter: int | None
    validation: int | None
    notifie: int | None
    engage: int | None
    bruts: tuple[Value, ...] = ()


#: The field of a :class:`ChangedField` that the totals count.
NOTIFIE = f"mouvement:{Nature.NOTIFICATION}"
#: The same of a payment.
PAYE = f"mouvement:{Nature.PAIEMENT}"

#: What the totals of a plan count.
MESURES = {Famille.ENGAGEMENTS: "Notifié", Famille.EXECUTION: "EJ validés", Famille.PAIEMENTS: "CP payé"}

#: Which column of an export feeds which nature of mouvement.
NATURES = {
    "demande": Nature.DEMANDE,
    "saisi": Nature.SAISIE,
    "validation_inter": Nature.VALIDATION_INTER,
    "validation": Nature.VALIDATION,
    "notifie": Nature.NOTIFICATION,
    "engage": Nature.ENGAGEMENT,
}


class Retouche(NamedTuple):
    """The amount of one column to write: in the mouvement it had, or in a new one; typed ones to take away."""

    champ: str
    mouvement: int | None
    a_retirer: tuple[int, ...] = ()


class PlannedLine(NamedTuple):
    """One line of the file. ``ligne`` is the number shown by a spreadsheet, ``montant`` what the totals count.

    ``operateur_ref`` is a number of the base, or ``-1 - i`` for ``plan.operateurs_nouveaux[i]``.
    """

    ligne: int
    reference: str
    operateur: str
    destination: str
    libelle: str
    montant: int
    exercice: int
    cle: str = ""
    champs: tuple[ChangedField, ...] = ()
    allocation_id: int | None = None
    operateur_ref: int = 0
    theme: str = ""
    enveloppe: str = ""
    source: LigneLue | None = None
    ecritures: Mapping[str, str] | None = None
    retouches: tuple[Retouche, ...] = ()


def lignes_prevues() -> Packed[PlannedLine]:
    """Room for many planned lines that all have their source."""
    place = PlannedLine._fields.index("source")

    def pack(lines: Sequence[PlannedLine]) -> bytes:
        fields: list[Any] = list(zip(*lines, strict=True))
        fields[place] = list(zip(*fields[place], strict=True))
        return pickle.dumps(fields, pickle.HIGHEST_PROTOCOL)

    def unpack(data: bytes) -> list[PlannedLine]:
        fields = pickle.loads(data)  # noqa: S301
        fields[place] = map(LigneLue._make, zip(*fields[place], strict=True))
        return list(map(PlannedLine._make, zip(*fields, strict=True)))

    return Packed(unpack, pack)


class Disparue(NamedTuple):
    """A line of the base that this file does not hold any more.

    ``choix`` says what becomes of it (garder, marquer, retirer; empty in a snapshot of the budget's execution),
    ``importes`` what its imports gave it by nature, in cents, which ``retirer`` takes away.
    """

    allocation_id: int
    reference: str
    operateur: str
    montant: int
    exercice: int = 0
    choix: str = ""
    importes: tuple[tuple[Nature, int], ...] = ()
    remarque: str = ""

    @property
    def retrait(self) -> int:
        """What the notified total loses, in cents."""
        return dict(self.importes).get(Nature.NOTIFICATION, 0) if self.choix == "retirer" else 0


class Conflit(NamedTuple):
    """A value corrected by hand since it was imported (``importe``), and what the file says now.

    ``choix`` is ``garder`` (the correction) or ``fichier``.
    """

    ligne: int
    reference: str
    operateur: str
    champ: str
    libelle: str
    base: str
    fichier: str
    importe: str = ""
    choix: str = "garder"

    @property
    def id(self) -> str:
        """The question that decides of it alone."""
        return f"conflit:{self.reference}:{self.champ}"


class ControleTotal(NamedTuple):
    """A total found in the file against the sum of the lines above it, in cents."""

    adresse: str
    lu: int
    calcule: int


class Question(NamedTuple):
    """What must be decided; ``lignes`` counts the cells concerned, ``defaut`` applies when nobody answers.

    An empty ``defaut`` rejects those lines until a choice is made; ``reponse`` is the choice in force: the code of a
    choice, or where ``saisie`` allows it ``=`` followed by the text to read instead, as ``relecture`` says (a genre of
    column, or what :mod:`decisions` knows). ``groupe`` names the mend; ``tous`` is the id whose answer holds for all
    those of the group that have none of their own. ``genre`` is ``question``, or the ``rejet`` or ``reparation`` that
    an answer changes; ``retenue`` marks an answer remembered from an earlier import.
    """

    id: str
    titre: str
    detail: str
    lignes: int
    choix: tuple[tuple[str, str], ...]
    defaut: str
    reponse: str = ""
    saisie: bool = False
    groupe: str = ""
    tous: str = ""
    genre: str = "question"
    relecture: str = ""
    lu: str = ""
    cellule: str = ""
    retenue: bool = False

    @property
    def bloquante(self) -> bool:
        """Whether lines stay rejected as long as nobody answers."""
        return not self.defaut


class PaiementPrevu(NamedTuple):
    """What to write of one payment: its shares (allocation, mouvement: new, or in place of the one of its number).

    ``ligne`` is the number shown by a spreadsheet, ``statut`` ``nouvelle`` or ``modifiee``, ``cle`` its natural key.
    """

    ligne: int
    statut: str
    cle: str
    parts: tuple[tuple[int, Mouvement], ...]
    a_retirer: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SnapshotPlan:
    """What to write of the budget's execution at one date: a new snapshot, or changes to the one of that date."""

    exercice: int
    date: str
    instantane_id: int | None
    ajouts: tuple[LigneExecution, ...] = ()
    changements: tuple[tuple[int, LigneExecution], ...] = ()
    retraits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is shown before an import, and all that :func:`execute` needs. Amounts in cents.

    ``lues`` are lines of data; ``rejetees`` and ``ignorees_lignes`` count lines, ``rejets`` and ``ignorees``
    describe cells. ``questions`` are asked; ``remedes`` are rejects that a typed value mends and repairs that may be
    refused; ``en_attente`` are the cells rejected only as long as a question has no answer. ``orphelines`` are payments
    without an allocation, counted among the ignored lines; for payments ``notifie_avant`` and ``notifie_apres`` are CP
    payé and ``ecarts_payes`` what each allocation's changes. ``partiel`` says why the file seems to cover only a part
    of the base, ``motifs`` are reasons to ignore with their lines and cents,
    ``confirmees`` counts the corrections made by hand that the file has taken up. ``operation`` is the
    latest operation of the base when the plan was made.
    """

    fichier: str
    sha256: str
    taille: int
    feuille: str
    profil: str
    famille: Famille
    exercices: tuple[int, ...]
    ligne_entete: int
    colonnes: tuple[Colonne, ...]
    lues: int
    nouvelles: Sequence[PlannedLine] = ()
    modifiees: Sequence[PlannedLine] = ()
    inchangees: int = 0
    lignes_inchangees: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    disparues: tuple[Disparue, ...] = ()
    partiel: str = ""
    rejetees: int = 0
    reparees: int = 0
    ignorees_lignes: int = 0
    rejets: tuple[Constat, ...] = ()
    reparations: tuple[Constat, ...] = ()
    alertes: tuple[Constat, ...] = ()
    ignorees: tuple[Constat, ...] = ()
    conflits: tuple[Conflit, ...] = ()
    confirmees: int = 0
    questions: tuple[Question, ...] = ()
    remedes: tuple[Question, ...] = ()
    en_attente: frozenset[str] = field(default=frozenset(), repr=False)
    operateurs_nouveaux: tuple[Operateur, ...] = ()
    operateurs_completes: tuple[Operateur, ...] = field(default=(), repr=False)
    alias: tuple[Alias, ...] = field(default=(), repr=False)
    distincts: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    destinations_nouvelles: tuple[tuple[int, str, str], ...] = ()
    instantanes: tuple[SnapshotPlan, ...] = ()
    paiements: tuple[PaiementPrevu, ...] = field(default=(), repr=False)
    mouvements_retires: tuple[int, ...] = field(default=(), repr=False)
    #: Notified cents of the new lines by (destination, theme, operator as in ``operateur_ref``).
    gains: Mapping[tuple[str, str, int], int] = field(default_factory=dict, repr=False)
    ecarts_payes: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    orphelines: tuple[Constat, ...] = ()
    motifs: tuple[tuple[str, int, int], ...] = ()
    total_fichier: int = 0
    total_importe: int = 0
    total_ignore: int = 0
    total_rejete: int = 0
    notifie_avant: int = 0
    notifie_apres: int = 0
    controle_totaux: tuple[ControleTotal, ...] = ()
    notes: tuple[str, ...] = ()
    operation: int = 0
    chemin: str = ""
    reglages: Reglages = field(default_factory=Reglages)
    lettres: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: The choice of columns to remember with this import.
    a_retenir: "Apprise | None" = field(default=None, repr=False)

    @property
    def mesure(self) -> str:
        """What ``notifie_avant`` and ``notifie_apres`` are."""
        return MESURES[self.famille]

    @property
    def total_lu(self) -> int:
        """What was read, added up line by line; equal to ``total_fichier``, added up down the column."""
        return self.total_importe + self.total_ignore + self.total_rejete

    @property
    def constats(self) -> tuple[Constat, ...]:
        """All that was said of cells, to be kept with the import."""
        return self.rejets + self.reparations + self.alertes + self.ignorees + self.orphelines + self.choix

    @property
    def choix(self) -> tuple[Constat, ...]:
        """What was asked and the answer in force, in words; of questions on one line, those answered only."""
        found = []
        for q in self.questions:
            chosen = q.id in self.reglages.decisions or q.tous in self.reglages.decisions
            if q.reponse and (chosen or not q.id.startswith(("disparue:", "conflit:"))):
                typed = f"lire « {q.reponse[1:]} »" if q.reponse.startswith("=") else q.reponse
                said = dict(q.choix).get(q.reponse, typed)
                asked = f"{q.groupe} : « {q.lu} »" if q.groupe else q.titre
                who = "choisi" if chosen else "retenu de la dernière fois" if q.retenue else "par défaut"
                found.append(Constat("decision", self.feuille, "", asked, said, who))
        return tuple(found)

    @property
    def sans_reponse(self) -> tuple[Question, ...]:
        """The questions that reject lines as long as nobody answers."""
        return tuple(q for q in self.questions if not q.reponse)

    def montants(self, line: PlannedLine) -> tuple[Montant, ...]:
        """The amounts of a line that are not zero, each with its cell and its raw text."""
        source = line.source
        if source is None:
            return ()
        found = []
        for (champ, nature), brut in zip(NATURES.items(), source.bruts, strict=True):
            if cents := getattr(source, champ):
                found.append(
                    Montant(nature, cents, f"{self.lettres[champ]}{line.ligne}", shown(brut).replace("\0", "␀"))
                )
        return tuple(found)
