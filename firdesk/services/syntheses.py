"""Tables of figures for the screen: one or two axes, the lines behind any cell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Mesure
from firdesk.domain.synthese import Axe, Ligne, Synthese, Valeur
from firdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class LigneCroisee:
    """One row of a crossed table: amounts in cents, one a column, and their sum."""

    cle: str
    libelle: str
    valeurs: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.valeurs)


@dataclass(frozen=True, slots=True)
class Croise:
    """A table of one measure along two axes; totals are sums of its own cells."""

    axes: tuple[Axe, Axe]
    mesure: Valeur
    exercice: int | None
    colonnes: tuple[tuple[str, str], ...]
    lignes: tuple[LigneCroisee, ...]
    source: str
    source_date: str

    @property
    def totaux(self) -> tuple[int, ...]:
        return tuple(sum(x.valeurs[i] for x in self.lignes) for i in range(len(self.colonnes)))

    @property
    def total(self) -> int:
        return sum(self.totaux)


def table(session: Session, axes: Sequence[Axe], exercice: int | None, *, origine: bool = False) -> Synthese:
    """Figures along one or two axes; ``exercice`` of ``None`` means all of them.

    With ``origine`` what is left to pay is since the origin, whatever the exercice, and has lines of its own.
    """
    return session.syntheses.par(tuple(axes), exercice, origine=origine)


def croise(session: Session, ligne: Axe, colonne: Axe, mesure: Valeur | Mesure, exercice: int | None) -> Croise:
    """One measure with ``ligne`` down and ``colonne`` across."""
    valeur = Valeur(mesure.value)
    since = valeur is Valeur.RESTE_A_PAYER
    synthese = session.syntheses.par((ligne, colonne), exercice, origine=since)
    order = [x.cle for x in session.syntheses.par((colonne,), exercice, origine=since).lignes]
    labels = {x.cle[1]: x.libelle[1] for x in synthese.lignes}
    columns = sorted(labels.items(), key=lambda c: order.index((c[0],)) if (c[0],) in order else len(order))
    places = {code: i for i, (code, _) in enumerate(columns)}
    rows: dict[str, tuple[str, list[int]]] = {}
    for x in synthese.lignes:
        _, cells = rows.setdefault(x.cle[0], (x.libelle[0], [0] * len(columns)))
        cells[places[x.cle[1]]] += x.valeur(valeur)
    return Croise(
        (ligne, colonne),
        valeur,
        exercice,
        tuple(columns),
        tuple(LigneCroisee(key, label, tuple(cells)) for key, (label, cells) in rows.items()),
        synthese.source,
        synthese.source_date,
    )


def filtre(axes: Sequence[Axe], cles: Sequence[str | None], exercice: int | None) -> Filtre:
    """The lines behind a cell; a key of ``None`` (a total) leaves its axis open."""
    found = Filtre(exercice=exercice)
    for axe, cle in zip(axes, cles, strict=True):
        if cle is not None:
            found = _narrowed(found, axe, cle)
    return found


def _narrowed(found: Filtre, axe: Axe, cle: str) -> Filtre:
    match axe:
        case Axe.MISSION:
            return replace(found, missions=(cle,))
        case Axe.DESTINATION:
            return replace(found, destinations=(cle,))
        case Axe.THEME:
            return replace(found, themes=(cle,))
        case Axe.DEPARTEMENT:
            return replace(found, departements=(cle,))
        case Axe.ENVELOPPE:
            return replace(found, enveloppes=(cle,))
        case Axe.CARACTERE:
            return replace(found, caracteres=(cle,))
        case Axe.OPERATEUR:
            return replace(found, operateurs=(int(cle),))
        case Axe.EXERCICE:
            return replace(found, exercice=int(cle))
        case Axe.DISPOSITIF:
            return replace(found, dispositifs=(cle,))
        case Axe.CANAL:
            return replace(found, canaux=(cle,))
        case Axe.CONVENTION:
            return replace(found, conventions=(int(cle or 0),))


def ligne_json(ligne: Ligne, part: float | None) -> dict[str, object]:
    """One line of ``synthese --json``."""
    return {
        "cle": list(ligne.cle),
        "libelle": list(ligne.libelle),
        "nombre": ligne.nombre,
        "notifie_centimes": ligne.notifie,
        "ae_engagee_centimes": ligne.ae_engagee,
        "cp_paye_centimes": ligne.cp_paye,
        "reste_a_payer_centimes": ligne.reste_a_payer,
        "cp_prevu_centimes": ligne.prevu,
        "part": part,
    }


def as_json(synthese: Synthese, mesure: Valeur = Valeur.NOTIFIE) -> dict[str, object]:
    """``synthese --json``: ``part`` is the share of the total of one measure in percent, adding up to 100."""
    shares = synthese.parts(mesure)
    lines = [ligne_json(x, float(p)) for x, p in zip(synthese.lignes, shares, strict=True)]
    total = ligne_json(synthese.total, float(sum(shares)))
    del total["cle"], total["libelle"]
    return {
        "axes": [str(a) for a in synthese.axes],
        "exercice": synthese.exercice,
        "mesure": str(mesure),
        "execution": {"source": synthese.source, "date": synthese.source_date},
        "lignes": lines,
        "total": total,
    }
