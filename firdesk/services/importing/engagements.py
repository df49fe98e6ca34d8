"""The plan of an export of allocations (StarsFIR, HAPI): what is new, changed, unchanged, vanished, rejected.

Pure: rows and the state of the base in, a plan out. A line is known by its natural key and an occurrence
number, since identical legitimate lines exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firdesk.services.importing import disparues, doublons
from firdesk.services.importing.appariement import Appariement, apparier
from firdesk.services.importing.champs import CLE_EXPORT
from firdesk.services.importing.cles import cle_naturelle, cles_libres, cles_naturelles, destination
from firdesk.services.importing.codes import Codes
from firdesk.services.importing.comparaison import Comparaison
from firdesk.services.importing.constats import Constats
from firdesk.services.importing.controle import Controle
from firdesk.services.importing.correspondance_ailleurs import REMEDE, Ailleurs
from firdesk.services.importing.disparues import Absentes, Portee
from firdesk.services.importing.etat import Etat
from firdesk.services.importing.lecture import ALERTE, Destination, Valeur
from firdesk.services.importing.lignes import STEP, Decoupe, Lecteur
from firdesk.services.importing.operateurs import Annuaire
from firdesk.services.importing.plan import NATURES, Conflit, LigneLue, PlannedLine, Question, lignes_prevues
from firdesk.services.importing.prevues import Prevues
from firdesk.services.importing.recognise import Reconnu
from firdesk.services.importing.vraisemblance import douteuses, ecarte, rejette_les_negatifs, situer
from firdesk.services.progress import Progress
from firdesk.sheets.packed import Packed, of_tuples

_CODES = LigneLue._fields[1:-1]
_AMOUNTS = tuple(NATURES)


@dataclass(slots=True)
class Lecture:
    """The lines of a file: ``lignes`` to import, the natural keys of those rejected, sums of the notified amounts.

    ``cles`` are the natural keys of the lines to import where the profile alone gives them, ``douteuses`` whether
    something is unlikely in one of them. ``motifs`` counts the lines ignored and adds up their amounts, by reason.
    """

    lignes: Packed[LigneLue] = field(default_factory=lambda: of_tuples(LigneLue._make, level=0))
    cles: list[str] = field(default_factory=list)
    douteuses: bool = False
    annees: set[int] = field(default_factory=set)
    cles_rejetees: dict[str, int] = field(default_factory=dict)
    rejetees: int = 0
    ignorees: int = 0
    total_ignore: int = 0
    total_rejete: int = 0
    motifs: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def exercices(self) -> list[int]:
        return sorted(self.annees)


@dataclass(slots=True)
class Tri:
    """The lines sorted, with what goes beside them in the plan."""

    annuaire: Annuaire
    nouvelles: Prevues = field(default_factory=Prevues)
    modifiees: Packed[PlannedLine] = field(default_factory=lignes_prevues)
    inchangees: list[tuple[int, int]] = field(default_factory=list)
    absentes: Absentes = field(default_factory=Absentes)
    doublons: Question | None = None
    ailleurs: Question | None = None
    comparaison: Comparaison | None = None
    destinations: dict[tuple[int, str], str] = field(default_factory=dict)
    total_importe: int = 0
    delta: int = 0
    gains: dict[tuple[str, str, int], int] = field(default_factory=dict)

    @property
    def conflits(self) -> tuple[Conflit, ...]:
        return tuple(self.comparaison.conflits) if self.comparaison else ()

    def ajouter(self, line: PlannedLine, notifie: int, place: int | None) -> None:
        """One more new line, with what the totals gain and the place of its source among the lines read."""
        self.nouvelles.ajouter(line, place)
        self.total_importe += line.montant
        self.delta += notifie
        gainer = (line.destination, line.theme, line.operateur_ref)
        self.gains[gainer] = self.gains.get(gainer, 0) + notifie


def lire(
    table: Reconnu, decoupe: Decoupe, constats: Constats, controle: Controle, exercice: int | None, progress: Progress
) -> Lecture:
    """Read the rows; those that cannot be a line are rejected, those of another exercice ignored."""
    found = Lecture()
    tri = _Lire(table, constats, found, exercice)
    raw = [table.positions.get(c) for c in _AMOUNTS]
    lecteur = Lecteur(table, _CODES, constats)
    for lues in lecteur.lire(decoupe.donnees, progress):
        tri.noter()
        nothing = (None,) * len(lues.numeros)
        bruts = zip(*[nothing if i is None or i >= len(lues.colonnes) else lues.colonnes[i] for i in raw], strict=True)
        lignes = list(map(LigneLue._make, zip(lues.numeros, *lues.valeurs, bruts, strict=True)))
        if not lues.aparts and tri.simple:
            controle.ajouter_ensemble(lues.numeros, lues.valeurs[-len(_AMOUNTS) :])  # type: ignore[arg-type]
            for ligne in lignes:
                if tri.entiere(ligne):
                    tri.garder(situer(ligne, constats) if ligne.code_postal else ligne)
                else:
                    tri.prendre(ligne, rejected=False)
            continue
        for place, plain in enumerate(lignes):
            ligne, rejected = plain, False
            if place in lues.aparts:
                values, rejected = lecteur.juger(lues, place)
                ligne = LigneLue(plain.numero, *values, plain.bruts)  # type: ignore[arg-type, call-arg]
            if table.constantes:
                ligne = _completed(ligne, table.constantes)
            controle.ajouter(ligne.numero, ligne[-1 - len(_AMOUNTS) : -1])  # type: ignore[arg-type]
            tri.prendre(ligne, rejected=rejected)
    tri.noter()
    return found


class _Lire:
    """Sorts the lines read: to import, rejected, left out."""

    def __init__(self, table: Reconnu, constats: Constats, found: Lecture, exercice: int | None) -> None:
        self._table, self._constats, self._found, self._exercice = table, constats, found, exercice
        self._hidden = constats.masquees_ecartees()
        self._kept: list[LigneLue] = []
        #: Whether what a line lacks is all that may keep it out.
        self.simple = not (self._hidden or table.constantes or table.profil.annee or rejette_les_negatifs(constats))

    def entiere(self, ligne: LigneLue) -> bool:
        """Whether a line of plain values has all that makes it one to import."""
        annee = ligne.campagne
        if not annee or (self._exercice and annee != self._exercice):
            return False
        if not (ligne.mesure3 or ligne.mesure2) or not (ligne.nom or ligne.identifiant):
            return False
        self._found.annees.add(annee)
        return True

    def prendre(self, ligne: LigneLue, *, rejected: bool) -> None:
        table, constats, found, exercice = self._table, self._constats, self._found, self._exercice
        montant = getattr(ligne, table.profil.total) or 0
        if ligne.numero in self._hidden:
            _ignore(found, constats, ligne, montant, "Ligne masquée, laissée de côté comme demandé.")
            return
        undated = False
        if not exercice and table.profil.annee and (day := getattr(ligne, table.profil.annee)):
            ligne = ligne._replace(campagne=int(day[:4]))
        if not rejected:
            ligne, undated = _dater(ligne, exercice, constats)
        if exercice and ligne.campagne and ligne.campagne != exercice:
            _ignore(found, constats, ligne, montant, f"Ligne d'un autre exercice que {exercice}, laissée de côté.")
            return
        ligne, missing = _completer(ligne, constats)
        if missing or rejected or undated or ecarte(ligne, constats):
            found.rejetees += 1
            found.total_rejete += montant
            cle = cle_naturelle(ligne, table.espace, table.profil.cle)
            found.cles_rejetees[cle] = found.cles_rejetees.get(cle, 0) + 1
        else:
            self.garder(situer(ligne, constats))
            found.annees.add(ligne.campagne)

    def garder(self, ligne: LigneLue) -> None:
        self._found.lignes.append(ligne)
        self._kept.append(ligne)

    def noter(self) -> None:
        """Keep in mind what is known of the lines kept since the last time, while they are at hand."""
        if self._kept and not self._table.espace:
            self._found.cles += cles_naturelles(self._kept, self._table.profil.cle)
        self._found.douteuses = self._found.douteuses or douteuses(self._kept)
        self._kept = []


def _completed(ligne: LigneLue, constantes: Mapping[str, Valeur]) -> LigneLue:
    return ligne._replace(**{c: v for c, v in constantes.items() if not getattr(ligne, c)})  # type: ignore[arg-type]


def _ignore(found: Lecture, constats: Constats, ligne: LigneLue, montant: int, remede: str) -> None:
    found.ignorees += 1
    found.total_ignore += montant
    lines, cents = found.motifs.get(remede, (0, 0))
    found.motifs[remede] = (lines + 1, cents + montant)
    constats.grouper("ignoree", ligne.numero, "campagne", "", remede)


def _dater(ligne: LigneLue, exercice: int | None, constats: Constats) -> tuple[LigneLue, bool]:
    """A line without a year takes the one that was chosen, or typed for its cell; else it is rejected there."""
    if ligne.campagne:
        return ligne, False
    if exercice:
        return ligne._replace(campagne=exercice), False
    found = constats.manque(ligne.numero, "campagne", "une année (2025)")
    return (ligne, True) if found.rejete else (ligne._replace(campagne=found.valeur), False)  # type: ignore[arg-type]


def _completer(ligne: LigneLue, constats: Constats) -> tuple[LigneLue, bool]:
    """What was typed for the empty cells that make a line one, and whether one is still missing."""
    if (ligne.mesure3 or ligne.mesure2) and (ligne.nom or ligne.identifiant):
        return ligne, False
    table = constats.table
    told = {c.cellule for c in constats.rejets[-8:]}
    missing = False
    second = "mesure3" if "mesure3" in table.positions else "mesure2"
    for champ, column, value, attendu in (
        ("mesure2", second, ligne.mesure3 or ligne.mesure2, "un code de destination (MI2-3-8 : …)"),
        ("nom", "nom", ligne.nom or ligne.identifiant, "le nom de l'opérateur"),
    ):
        if value or told.intersection(table.adresse(ligne.numero, c) for c in (champ, column)):
            continue
        found = constats.manque(ligne.numero, column, attendu)
        missing |= found.rejete
        ligne = ligne._replace(**{column: found.valeur})  # type: ignore[arg-type]
    return ligne, missing


def ej(ligne: LigneLue) -> str:
    """The EJ; in HAPI its number in the former tool stands in."""
    return ligne.ej or ligne.pep_engagement


def _cles(lecture: Lecture, table: Reconnu, etat: Etat) -> list[str]:
    """The key of each line: in a room of its own, the one by which the base knows it."""
    if not table.espace:
        return lecture.cles
    every = (cles_libres(x, table.espace) for x in lecture.lignes)
    return [next((cle for cle in cles if cle in etat.connues), cles[0]) for cles in every]


def trier(table: Reconnu, lecture: Lecture, etat: Etat, constats: Constats, progress: Progress) -> Tri:
    """Compare each line with the base."""

    def signaler(number: int, champ: str, attendu: str, remede: str) -> None:
        constats.grouper(ALERTE, number, champ, attendu, remede)

    def ecarter(number: int, remede: str) -> None:
        constats.grouper("ignoree", number, table.profil.total, "", remede)

    codes = Codes(etat, constats)
    comparaison = Comparaison(table, etat, codes, constats.decisions, ecarter)
    tri = Tri(Annuaire(etat, signaler, constats.decisions), Prevues(lecture.lignes), comparaison=comparaison)
    pairs = apparier(lecture.lignes, _cles(lecture, table, etat), etat, table.positions)
    left_out = _doublons(table, lecture, pairs, tri, constats.decisions)
    total = table.profil.total
    ailleurs = Ailleurs(etat, table.espace, total, constats.decisions)
    for done, (ligne, connue) in enumerate(zip(lecture.lignes, pairs.connues, strict=True)):
        if done % STEP == 0:
            progress.check()
            progress.report(done, len(lecture.lignes), "Comparaison avec la base")
        if done in left_out:
            _ignore(lecture, constats, ligne, getattr(ligne, total) or 0, doublons.REMEDE)
            continue
        read_ = destination(ligne)
        where = codes.destination(ligne, read_, demander=connue is None)
        if where is not read_:
            ligne = ligne._replace(mesure3=where)  # noqa: PLW2901
        if connue is None:
            montant = getattr(ligne, total) or 0
            planned = _nouvelle(ligne, montant, pairs.cle(done), where, codes, tri.annuaire)
            if ailleurs.ressemble(planned) and ailleurs.ignorer:
                _ignore(lecture, constats, ligne, montant, REMEDE)
                continue
            tri.ajouter(planned, ligne.notifie or 0, done if where is read_ else None)
            continue
        tri.annuaire.verifier(connue.operateur_id, ligne)
        changed = comparaison.comparer(ligne, connue, tri.annuaire.fiches[connue.operateur_id].nom)
        tri.total_importe += changed.importe
        tri.delta += changed.delta
        if changed.ligne is None:
            tri.inchangees.append((ligne.numero + 1, connue.id))
        else:
            tri.modifiees.append(changed.ligne)
    tri.destinations, tri.ailleurs = codes.nouvelles, ailleurs.question()
    tri.absentes = _absentes(table, pairs, lecture, etat, tri, constats.decisions)
    tri.delta += disparues.ecart(tri.absentes.lignes)
    return tri


def _doublons(
    table: Reconnu, lecture: Lecture, pairs: Appariement, tri: Tri, decisions: Mapping[str, str]
) -> frozenset[int]:
    """The lines to leave out because another says exactly the same; what to ask about them goes to ``tri``."""
    if not pairs.jumelles:
        return frozenset()
    numeros = [x.numero for x in lecture.lignes]
    groups = doublons.chercher(table, numeros, pairs)
    tri.doublons = doublons.question(groups, numeros, decisions)
    return doublons.a_ecarter(groups, pairs, decisions)


def _nouvelle(
    ligne: LigneLue, montant: int, cle: str, where: Destination, codes: Codes, annuaire: Annuaire
) -> PlannedLine:
    ref = annuaire.trouver(ligne)
    return PlannedLine(
        ligne.numero + 1,
        "",
        annuaire.fiches[ref].nom,
        where.code,
        ligne.action or where.libelle,
        montant,
        ligne.campagne,
        cle,
        operateur_ref=ref,
        theme=codes.theme(ligne, where) or codes.theme_par_defaut(where),
        enveloppe=codes.enveloppe(ligne, where),
        source=ligne,
    )


def _absentes(
    table: Reconnu, pairs: Appariement, lecture: Lecture, etat: Etat, tri: Tri, decisions: Mapping[str, str]
) -> Absentes:
    fiches = tri.annuaire.fiches
    refs = {c.operateur_id for c in pairs.connues if c is not None} | {ref for _, _, ref in tri.gains}
    portee = Portee(
        table.profil.nom,
        set(lecture.exercices),
        pairs.prises,
        lecture.cles_rejetees,
        {fiches[ref].departement for ref in refs},
    )
    plain = table.profil.cle is CLE_EXPORT and not table.espace
    return disparues.chercher(etat, portee, tri.nouvelles if plain else (), decisions)


def questions(tri: Tri, decisions: Mapping[str, str]) -> tuple[Question | None, ...]:
    """What the comparison with the base asks, besides its conflicts."""
    return disparues.question(tri.absentes, decisions), tri.doublons, tri.ailleurs


def motifs(lecture: Lecture, tri: Tri) -> tuple[tuple[str, int, int], ...]:
    """Why amounts of the file do not enter the base: reason, lines, cents."""
    found = [(text, lines, cents) for text, (lines, cents) in lecture.motifs.items()]
    kept = tri.comparaison
    if kept is not None and kept.gardees:
        found.append(("Montant corrigé à la main dans la base, gardé", kept.gardees, kept.conserve))
    return tuple(found)
