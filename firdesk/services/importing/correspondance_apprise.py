"""Mappings remembered by the headers of a workbook: stored with the import that used them, met again, managed.

Renaming, changing or forgetting one is an operation like any other.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from firdesk.domain.problem import Refus
from firdesk.services.importing.correspondance import Bornes, Choisies, entetes, genre_de, largeur, manquants
from firdesk.services.importing.correspondance_proposition import PROCHE, Appris, noms_de_colonnes, ressemblance
from firdesk.services.importing.profiles import PROFILS, Profil
from firdesk.services.importing.reglages import Reglages
from firdesk.services.session import Session
from firdesk.sheets.cell import Grid
from firdesk.store.import_profils import ProfilRetenu

_DATES = re.compile(
    r"(?<!\d)(20\d\d[-_. ]?\d\d[-_. ]?\d\d|\d\d[-_.]\d\d[-_.]20\d\d|20\d\d[-_.]\d\d|\d\d[-_.]20\d\d|20\d\d)(?!\d)"
)

#: A mapping without a column for the exercice is whole: the year comes with each file.
_ANY_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Apprise:
    """``entetes`` are the names of all columns in order, ``champs`` field → name, ``textes`` values for the whole file.

    ``espace`` keeps the lines of this workbook from those of another, whatever its name and headers become;
    ``libelles`` are the headers as they were written.
    """

    nom: str
    genre: str
    entetes: tuple[str, ...]
    champs: Mapping[str, str]
    textes: Mapping[str, str]
    espace: str = ""
    id: int | None = None
    libelles: Mapping[str, str] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        return signature(self.entetes)

    @property
    def profil(self) -> Profil:
        """The profile to read with: an export keeps its name, a workbook has its own."""
        base = genre_de(self.genre)
        return base if base.nom in PROFILS else replace(base, nom=self.nom)

    def choisies(self, entetes: Sequence[str]) -> Choisies | None:
        """The columns among these headers; ``None`` when a field's column is not there."""
        where = {name: i for i, name in enumerate(entetes)}
        if any(name not in where for name in self.champs.values()):
            return None
        return Choisies({champ: where[name] for champ, name in self.champs.items()}, self.textes)

    def appris(self) -> Appris:
        by_name = {name: champ for champ, name in self.champs.items()}
        return Appris(self.nom, {name: by_name.get(name, "") for name in self.entetes if name[:1] != "#"})

    def rangee(self) -> ProfilRetenu:
        """As the base keeps it."""
        what = {
            "entetes": list(self.entetes),
            "champs": dict(self.champs),
            "textes": dict(self.textes),
            "espace": self.espace,
            "libelles": dict(self.libelles),
        }
        text = json.dumps(what, ensure_ascii=False, sort_keys=True)
        return ProfilRetenu(self.nom, self.genre, self.signature, text, self.id)


@dataclass(frozen=True, slots=True)
class Usage:
    """One mapping with the imports in force that used it."""

    apprise: Apprise
    imports: int
    dernier: str

    @property
    def colonnes(self) -> str:
        """``Opérateur, Montant notifié, Objet``."""
        profil = genre_de(self.apprise.genre)
        named = [c.entete for c in profil.champs if c.code in self.apprise.champs]
        fixed = [f"{profil.champ(c).entete} = {text}" for c, text in self.apprise.textes.items()]
        return ", ".join(named + fixed)


def signature(entetes: Sequence[str]) -> str:
    """A digest of the folded headers in order."""
    return hashlib.sha256("\n".join(entetes).encode()).hexdigest()[:32]


def entetes_de(grid: Grid, row: int, bornes: Bornes = None) -> tuple[str, ...]:
    """The names of the columns under a header row; blank ones at the end do not count."""
    found = noms_de_colonnes(entetes(grid, row, bornes), largeur(grid))
    while found and found[-1].startswith("#"):
        found.pop()
    return tuple(found)


def retenue(row: ProfilRetenu) -> Apprise:
    """The reverse of :meth:`Apprise.rangee`; ``ValueError`` for a text that is none."""
    what = json.loads(row.correspondance)
    return Apprise(
        row.nom,
        row.genre,
        tuple(what.get("entetes", ())),
        what.get("champs", {}),
        what.get("textes", {}),
        what.get("espace", ""),
        row.id,
        what.get("libelles", {}),
    )


def toutes(session: Session) -> list[Apprise]:
    """The mappings of the base, by name; one that cannot be read is left out."""
    found = []
    for row in session.import_profils.all():
        try:
            found.append(retenue(row))
        except (ValueError, AttributeError, TypeError):
            continue
    return found


def proche(apprises: Sequence[Apprise], entetes: Sequence[str], *, seule: bool = True) -> Apprise | None:
    """The mapping of the same headers, or of most of them; of these at this very place where others stand beside."""
    same = next((a for a in apprises if a.signature == signature(entetes)), None)
    if same is not None or not seule:
        return same
    here = _headers(entetes)
    shared = [(ressemblance(here, _headers(a.entetes)), -i) for i, a in enumerate(apprises)]
    best, minus = max(shared, default=(0.0, 0))
    return apprises[-minus] if best >= PROCHE else None


def identique(apprise: Apprise, entetes: Sequence[str]) -> bool:
    """Whether a workbook has the very headers of a mapping, wherever its columns are."""
    return _headers(apprise.entetes) == _headers(entetes)


def _headers(entetes: Sequence[str]) -> AbstractSet[str]:
    return {name for name in entetes if not name.startswith("#")}


def nom_du_fichier(fichier: str, pris: AbstractSet[str]) -> str:
    """A name for the mapping of a file: its own without dates, not one that is taken."""
    stem = _DATES.sub(" ", PurePath(fichier).stem.replace("_", " "))
    name = " ".join(stem.split()).strip(" -–.") or "Classeur"
    taken = {*pris, *PROFILS}
    if name not in taken:
        return name
    return next(f"{name} ({n})" for n in range(2, len(taken) + 3) if f"{name} ({n})" not in taken)


def retenir(session: Session, apprise: Apprise) -> None:
    """Inside the operation of an import: keep the mapping that it used."""
    row = apprise.rangee()
    known = {p.signature: p for p in session.import_profils.all()}
    if row.signature in known:
        row = row._replace(id=known[row.signature].id)
    if row.id is None or all(p.id != row.id for p in known.values()):
        session.import_profils.add(row)
    elif row not in known.values():
        session.import_profils.update(row)


# What the user does with them


def usages(session: Session) -> list[Usage]:
    """Every mapping with how often and when it was used last."""
    used: dict[str, list[str]] = {}
    for lot in session.imports.lots():
        used.setdefault(_profil_of(lot.reglages) or lot.profil, []).append(lot.importe_le)
    return [Usage(a, len(used.get(a.nom, [])), max(used.get(a.nom, []), default="")) for a in toutes(session)]


def renommer(session: Session, number: int, nom: str) -> None:
    """Give a mapping another name, in the imports that used it too; ``Refus`` for one that is taken or empty."""
    apprise = _get(session, number)
    new = " ".join(nom.split())
    if new == apprise.nom:
        return
    if not new:
        raise Refus("Donner un nom à la correspondance.")
    if new in PROFILS or any(a.nom == new for a in toutes(session)):
        raise Refus(f"Une correspondance s'appelle déjà « {new} » : en choisir un autre.")
    with session.operation(f"Renommer la correspondance « {apprise.nom} » en « {new} »"):
        session.import_profils.update(replace(apprise, nom=new).rangee())
        session.import_profils.rename_uses(apprise.nom, new)
        for lot in session.imports.lots():
            if _profil_of(lot.reglages) == apprise.nom and lot.id is not None:
                chosen = replace(Reglages.from_json(lot.reglages), profil=new)
                session.import_profils.set_reglages(lot.id, chosen.to_json())


def modifier(session: Session, number: int, champs: Mapping[str, str], textes: Mapping[str, str]) -> None:
    """Change which header becomes which field; ``Refus`` for a header it does not know, or when too little is left."""
    apprise = _get(session, number)
    unknown = sorted(set(champs.values()) - set(apprise.entetes))
    if unknown:
        raise Refus(f"La correspondance « {apprise.nom} » ne connaît pas la colonne « {unknown[0]} ».")
    if (dict(champs), dict(textes)) == (dict(apprise.champs), dict(apprise.textes)):
        return
    choix = Choisies({champ: apprise.entetes.index(name) for champ, name in champs.items()}, textes)
    if missing := manquants(genre_de(apprise.genre), choix, _ANY_YEAR):
        raise Refus(f"La correspondance « {apprise.nom} » doit encore dire {' ; '.join(missing)}.")
    with session.operation(f"Modifier la correspondance « {apprise.nom} »"):
        session.import_profils.update(replace(apprise, champs=dict(champs), textes=dict(textes)).rangee())


def oublier(session: Session, number: int) -> None:
    """Forget a mapping; the lines that it brought stay."""
    apprise = _get(session, number)
    with session.operation(f"Oublier la correspondance « {apprise.nom} »"):
        session.import_profils.delete(number)


def _get(session: Session, number: int) -> Apprise:
    found = next((a for a in toutes(session) if a.id == number), None)
    if found is None:
        raise Refus("Cette correspondance n'existe plus.")
    return found


def _profil_of(reglages: str) -> str:
    try:
        return Reglages.from_json(reglages).profil or ""
    except (ValueError, TypeError):
        return ""
