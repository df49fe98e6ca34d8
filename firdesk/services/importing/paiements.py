"""The plan of a sheet of payments by EJ: which are new, known, changed, gone, and which find no allocation.

Pure but for :func:`charger`. A negative amount, or one marked as taken back, is a ``reprise``. What the base already
counts as paid is never counted twice: a payment is known by its EJ, request number, date and amount.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from firdesk.domain import money
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.identifiants import numero_ej
from firdesk.domain.jour import french_date
from firdesk.domain.lot import Constat
from firdesk.services.importing.connus import Connu, Connus
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.controle import Controle
from firdesk.services.importing.etat import latest_operation
from firdesk.services.importing.lecture import ALERTE
from firdesk.services.importing.lignes import STEP, Decoupe, read
from firdesk.services.importing.plan import (
    PAYE,
    ChangedField,
    Conflit,
    Disparue,
    PaiementPrevu,
    PlannedLine,
    Question,
)
from firdesk.services.importing.rattachement import PaiementLu, Rattachement, reference_dp
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.progress import Progress
from firdesk.services.session import Session
from firdesk.store.paiements import Engagee, PaiementSaisi

GARDER, RETIRER, REMPLACER, AJOUTER = "garder", "retirer", "remplacer", "ajouter"


@dataclass(slots=True)
class LecturePaiements:
    """The payments of a file: ``lignes`` to attach, the numbers of EJ of those rejected, sums as the file writes."""

    lignes: list[PaiementLu] = field(default_factory=list)
    ej_rejetes: dict[str, int] = field(default_factory=dict)
    rejetees: int = 0
    ignorees: int = 0
    total_ignore: int = 0
    total_rejete: int = 0

    @property
    def exercices(self) -> list[int]:
        return sorted({x.exercice for x in self.lignes})


class EtatPaiements(NamedTuple):
    """What the base knows: allocations by number, imported payments, typed ones, CP payé by exercice."""

    engagees: dict[int, Engagee]
    connus: Connus
    saisis: Mapping[int, Sequence[PaiementSaisi]]
    paye: Mapping[int, int]
    operation: int


@dataclass(slots=True)
class TriPaiements:
    """The payments sorted, and what to write; ``ignores`` counts lines set aside, orphans included."""

    nouvelles: list[PlannedLine] = field(default_factory=list)
    modifiees: list[PlannedLine] = field(default_factory=list)
    inchangees: list[tuple[int, int]] = field(default_factory=list)
    disparues: list[Disparue] = field(default_factory=list)
    conflits: list[Conflit] = field(default_factory=list)
    orphelines: list[Constat] = field(default_factory=list)
    prevus: list[PaiementPrevu] = field(default_factory=list)
    retires: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    inchangees_nombre: int = 0
    ignores: int = 0
    total_importe: int = 0
    total_ignore: int = 0
    #: The exercices whose CP payé may change, and by how much each allocation's does.
    exercices: set[int] = field(default_factory=set)
    deltas: dict[int, int] = field(default_factory=dict)

    @property
    def delta(self) -> int:
        return sum(self.deltas.values())


def lire(
    table: Reconnu, decoupe: Decoupe, constats: Constats, controle: Controle, exercice: int | None, progress: Progress
) -> LecturePaiements:
    """Read the rows; without an amount, or without date and exercice, a row is rejected."""
    found = LecturePaiements()
    hidden = constats.masquees_ecartees()
    for number, values, rejected in read(table, decoupe.donnees, PaiementLu._fields[1:], constats, progress):
        ligne = PaiementLu(number, *values)  # type: ignore[arg-type]
        controle.ajouter(number, (ligne.montant,))
        year = ligne.exercice or int(ligne.date[:4] or 0) or exercice or 0
        ligne = ligne._replace(exercice=year)
        if number in hidden:
            _ignore(found, constats, ligne, "ej", "Ligne masquée, laissée de côté comme demandé.")
        elif exercice and year and year != exercice:
            _ignore(found, constats, ligne, "exercice", f"Paiement d'un autre exercice que {exercice}.")
        elif rejected or not _complete(ligne, constats):
            found.rejetees += 1
            found.total_rejete += ligne.montant or 0
            ej = ligne.engagement[0]
            found.ej_rejetes[ej] = found.ej_rejetes.get(ej, 0) + 1
        elif not ligne.montant:
            _ignore(found, constats, ligne, "montant", "Paiement de 0,00 € : rien à écrire.")
        else:
            found.lignes.append(ligne)
    return found


def _ignore(found: LecturePaiements, constats: Constats, ligne: PaiementLu, champ: str, remede: str) -> None:
    found.ignorees += 1
    found.total_ignore += ligne.montant or 0
    constats.grouper("ignoree", ligne.numero, champ, "", remede)


def _complete(ligne: PaiementLu, constats: Constats) -> bool:
    remede = "Compléter la cellule vide dans le fichier, puis importer à nouveau."
    if ligne.montant is None:
        constats.rejeter(ligne.numero, "montant", "un montant", remede)
    if not 2000 <= ligne.exercice <= 2100:
        champ = "date" if "date" in constats.table.positions else "exercice"
        constats.rejeter(ligne.numero, champ, "une date de paiement ou un exercice", remede)
    return ligne.montant is not None and 2000 <= ligne.exercice <= 2100


def charger(session: Session, lecture: LecturePaiements) -> EtatPaiements:
    """Read what the payments of a file are compared with."""
    numbers = {x.engagement[0] for x in lecture.lignes}
    connus = Connus(session.paiements.connues())
    known = {part.allocation for connu in connus for part in connu.parts}
    engagees = {e.id: e for e in session.paiements.engagees() if e.id in known or numero_ej(e.ej)[0] in numbers}
    saisis, paye = session.paiements.saisis(), session.paiements.totaux()
    return EtatPaiements(engagees, connus, saisis, paye, latest_operation(session))


def trier(
    table: Reconnu, lecture: LecturePaiements, etat: EtatPaiements, constats: Constats, progress: Progress
) -> TriPaiements:
    """Compare each payment with those that were imported before, and find an allocation for the new ones."""
    tri = _Tri(table, etat, constats)
    tri.tri.exercices.update(lecture.exercices)
    pairs = etat.connus.apparier(lecture.lignes)
    for done, (ligne, connu) in enumerate(zip(lecture.lignes, pairs, strict=True)):
        if done % STEP == 0:
            progress.check()
            progress.report(done, len(lecture.lignes), "Comparaison avec la base")
        if ligne.effet < 0 < (ligne.montant or 0):
            remede = "Écrit en positif mais repris : compté en moins dans le CP payé."
            constats.grouper(ALERTE, ligne.numero, "montant", "", remede, lu="")
        if connu is None:
            tri.nouveau(ligne)
        else:
            tri.connu(ligne, connu)
    tri.disparus(lecture, {c.parts[0].mouvement for c in pairs if c is not None})
    return tri.finir()


def notes(tri: TriPaiements) -> tuple[str, ...]:
    """What to say of the file as a whole."""
    count = len(tri.orphelines)
    if not count:
        return ()
    some = f"{count} paiements sont en attente" if count > 1 else "1 paiement est en attente"
    return (f"{some} d'une allocation qui ait leur EJ ; ils comptent dans le total ignoré.",)


class _Tri:
    """Sorts the payments one by one."""

    def __init__(self, table: Reconnu, etat: EtatPaiements, constats: Constats) -> None:
        self._table, self._etat, self._constats = table, etat, constats
        self._decisions = constats.decisions
        self._rattachement = Rattachement(etat.engagees.values(), constats)
        self._importes = {part.allocation for connu in etat.connus for part in connu.parts}
        self._remplaces: set[int] = set()
        self._saisis = 0
        #: The last row that changed each allocation.
        self._rows: dict[int, int] = {}
        self.tri = TriPaiements()

    def nouveau(self, ligne: PaiementLu) -> None:
        cents = ligne.effet
        parts, why = self._rattachement.parts(ligne, cents)
        if not parts:
            self._orpheline(ligne, why)
            return
        typed = [e for e, _ in parts if e.id in self._etat.saisis and e.id not in self._importes]
        if typed:
            self._saisis += 1
            choice = self._decisions.get("saisies", GARDER)
            if choice not in (REMPLACER, AJOUTER):
                self._deja_saisi(ligne, typed[0])
                return
            if choice == REMPLACER:
                self._remplacer(ligne, typed)
        shares = tuple((e.id, self._mouvement(ligne, share)) for e, share in parts)
        self.tri.prevus.append(PaiementPrevu(ligne.numero + 1, "nouvelle", ligne.cle, shares))
        self.tri.nouvelles.append(self._planned(ligne, parts[0][0], len(parts)))
        self._count(ligne, [(e.id, share) for e, share in parts])

    def connu(self, ligne: PaiementLu, connu: Connu) -> None:
        cents = ligne.effet
        reference = ligne.reference if "reference" in self._table.positions else connu.reference
        after = (cents, ligne.date or connu.date, ligne.exercice, reference)
        before = (connu.effet, connu.date, connu.exercice, connu.reference)
        self.tri.total_importe += ligne.montant or 0
        if _same(before, after):
            self._inchangee(ligne, connu)
            return
        champs = tuple(_changes(before, after))
        if connu.corrige and not self._overwrite(ligne, connu, champs):
            self.tri.total_importe -= ligne.montant or 0
            self.tri.total_ignore += ligne.montant or 0
            self._inchangee(ligne, connu)
            return
        self.tri.exercices.add(connu.exercice)
        shares = money.repartir(cents, [p.montant for p in connu.parts])
        kept = [(p, share) for p, share in zip(connu.parts, shares, strict=True) if share]
        gone = tuple(p.mouvement for p, share in zip(connu.parts, shares, strict=True) if not share)
        ligne = ligne._replace(date=after[1], reference=reference)
        moves = tuple((p.allocation, self._mouvement(ligne, share, p.mouvement)) for p, share in kept)
        self.tri.prevus.append(PaiementPrevu(ligne.numero + 1, "modifiee", ligne.cle, moves, gone))
        engagee = self._etat.engagees[connu.parts[0].allocation]
        self.tri.modifiees.append(self._planned(ligne, engagee, len(kept))._replace(champs=champs))
        for p, share in zip(connu.parts, shares, strict=True):
            self._move(ligne, p.allocation, share - p.effet)

    def disparus(self, lecture: LecturePaiements, met: set[int]) -> None:
        """The payments that the file should hold and does not: those of its months, but for the rejected ones."""
        months = {x.date[:7] for x in lecture.lignes if x.date}
        years = set(lecture.exercices)
        rejected = dict(lecture.ej_rejetes)
        for connu in self._etat.connus:
            if connu.parts[0].mouvement in met or connu.exercice not in years:
                continue
            if months and not (connu.date and min(months) <= connu.date[:7] <= max(months)):
                continue
            if rejected.get(connu.ej):
                rejected[connu.ej] -= 1
                continue
            engagee = self._etat.engagees[connu.parts[0].allocation]
            choice = self._decisions.get(f"disparue:{engagee.reference}", self._decisions.get("disparues", GARDER))
            choice = RETIRER if choice == RETIRER else GARDER
            gone = Disparue(engagee.id, engagee.reference, engagee.operateur, connu.effet, connu.exercice, choice)
            self.tri.disparues.append(gone)
            if choice == RETIRER:
                self.tri.retires += [p.mouvement for p in connu.parts]
                for p in connu.parts:
                    self._move(None, p.allocation, -p.effet)

    def finir(self) -> TriPaiements:
        """What is left to say: questions, and what is paid above what was committed."""
        self.tri.questions = [*self._rattachement.questions(), *self._questions()]
        for number, row in self._rows.items():
            e, delta = self._etat.engagees[number], self.tri.deltas[number]
            limit, what = (e.engage, "engagés") if e.engage else (e.notifie, "notifiés")
            if delta > 0 and limit and e.paye + delta > limit:
                paid, most = (money.euros(c, decimals=True) for c in (e.paye + delta, limit))
                remede = f"{e.reference} ({e.operateur}) : {paid} payés au-dessus des {most} {what}."
                self._constats.grouper(ALERTE, row, "montant", "", remede)
        return self.tri

    # One payment

    def _mouvement(self, ligne: PaiementLu, share: int, number: int | None = None) -> Mouvement:
        return Mouvement(
            nature=Nature.PAIEMENT if share >= 0 else Nature.REPRISE,
            exercice=ligne.exercice,
            montant=abs(share),
            date=ligne.date,
            reference=ligne.reference,
            origine="import",
            cellule=self._table.adresse(ligne.numero, "montant"),
            brut=self._table.brut(ligne.numero, "montant"),
            id=number,
        )

    def _planned(self, ligne: PaiementLu, e: Engagee, shares: int) -> PlannedLine:
        told = [f"DP {ligne.reference}"] if ligne.reference else []
        told += [french_date(ligne.date)] if ligne.date else [str(ligne.exercice)]
        told += [f"réparti sur {shares} allocations"] if shares > 1 else []
        return PlannedLine(
            ligne=ligne.numero + 1,
            reference=e.reference,
            operateur=e.operateur,
            destination=e.destination,
            libelle=" · ".join(told),
            montant=ligne.montant or 0,
            exercice=ligne.exercice,
            allocation_id=e.id,
        )

    def _count(self, ligne: PaiementLu, shares: Sequence[tuple[int, int]]) -> None:
        self.tri.total_importe += ligne.montant or 0
        for number, share in shares:
            self._move(ligne, number, share)

    def _move(self, ligne: PaiementLu | None, allocation: int, cents: int) -> None:
        self.tri.deltas[allocation] = self.tri.deltas.get(allocation, 0) + cents
        if ligne is not None:
            self._rows[allocation] = ligne.numero

    def _inchangee(self, ligne: PaiementLu, connu: Connu) -> None:
        self.tri.inchangees_nombre += 1
        self.tri.inchangees += [(ligne.numero + 1, p.allocation) for p in connu.parts]

    def _set_aside(self, ligne: PaiementLu) -> None:
        self.tri.ignores += 1
        self.tri.total_ignore += ligne.montant or 0

    def _orpheline(self, ligne: PaiementLu, why: str) -> None:
        self._set_aside(ligne)
        told = [money.euros(ligne.montant or 0, decimals=True)]
        told += [f"du {french_date(ligne.date)}"] if ligne.date else [f"de {ligne.exercice}"]
        told += [f"DP {ligne.reference}"] if ligne.reference else []
        told += [ligne.nom] if ligne.nom else []
        where, read_ = self._table.adresse(ligne.numero, "ej"), self._table.brut(ligne.numero, "ej")
        remede = f"{', '.join(told)}. {why} : paiement en attente, rattaché au prochain import de ce fichier."
        self.tri.orphelines.append(
            Constat("orpheline", self._table.grid.name, where, read_, "l'EJ d'une allocation", remede)
        )

    # Amounts that a person typed

    def _deja_saisi(self, ligne: PaiementLu, e: Engagee) -> None:
        self._set_aside(ligne)
        typed = money.euros(sum(x.effet for x in self._etat.saisis[e.id]), decimals=True)
        remede = f"{e.reference} a déjà {typed} de CP payé saisis à la main : paiement laissé de côté."
        self._constats.grouper("ignoree", ligne.numero, "montant", "", remede)

    def _remplacer(self, ligne: PaiementLu, typed: Sequence[Engagee]) -> None:
        for e in typed:
            if e.id not in self._remplaces:
                self._remplaces.add(e.id)
                for x in self._etat.saisis[e.id]:
                    self.tri.retires.append(x.mouvement)
                    self.tri.exercices.add(x.exercice)
                    self._move(ligne, e.id, -x.effet)

    def _overwrite(self, ligne: PaiementLu, connu: Connu, champs: Sequence[ChangedField]) -> bool:
        e = self._etat.engagees[connu.parts[0].allocation]
        for x in champs:
            head = (ligne.numero + 1, e.reference, e.operateur)
            self.tri.conflits.append(Conflit(*head, x.champ, x.libelle, x.avant, x.apres))
        general = self._decisions.get("conflits", GARDER)
        return self._decisions.get(f"conflit:{e.reference}:{PAYE}", general) == "fichier"

    def _questions(self) -> Iterator[Question]:
        if self._saisis:
            yield Question(
                "saisies",
                "Un CP payé est déjà saisi à la main sur ces allocations",
                "Les paiements du fichier s'y ajouteraient : rien n'est compté deux fois sans votre accord.",
                self._saisis,
                (
                    (GARDER, "Garder les montants saisis"),
                    (REMPLACER, "Les remplacer par les paiements"),
                    (AJOUTER, "Ajouter les paiements"),
                ),
                GARDER,
                self._decisions.get("saisies", GARDER),
            )
        if self.tri.disparues:
            yield Question(
                "disparues",
                "Paiements déjà importés que ce fichier n'a plus",
                "Ils sont de la même période ; ils sont gardés, sauf si vous choisissez de les retirer.",
                len(self.tri.disparues),
                ((GARDER, "Garder ces paiements"), (RETIRER, "Les retirer de la base")),
                GARDER,
                self._decisions.get("disparues", GARDER),
            )


_Faits = tuple[int, str, int, str]


def _same(before: _Faits, after: _Faits) -> bool:
    return before[:3] == after[:3] and reference_dp(before[3]) == reference_dp(after[3])


def _changes(before: _Faits, after: _Faits) -> Iterator[ChangedField]:
    if before[0] != after[0]:
        was, will = (money.euros(x[0], decimals=True) for x in (before, after))
        yield ChangedField(PAYE, "Paiement (CP)", was, will, before[0], after[0])
    for place, champ, libelle in ((1, "date", "Date"), (2, "exercice", "Exercice"), (3, "reference", "N° DP")):
        if before[place] != after[place]:
            was, will = (french_date(x[1]) if champ == "date" and x[1] else str(x[place]) for x in (before, after))
            yield ChangedField(champ, libelle, was, will)
