"""The execution of a budget turned into columns, rows and totals for the table; sub-totals come after their lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from firdesk.domain import money
from firdesk.domain.budget_execution import Execution, LigneExecutee, missions, somme
from firdesk.ui.kit.columns import Barre, ColumnSpec, Jauge
from firdesk.ui.kit.folding import fold
from firdesk.ui.kit.widths import fitted

INCONNU = "—"
#: What a list proposes: its label, the value of :class:`Demande`.
DETAILS = (
    ("Destinations", "destination"),
    ("Destinations et enveloppes", "enveloppe"),
    ("Missions", "mission"),
)
CREDITS = (("AE et CP", "ae_cp"), ("AE", "ae"), ("CP", "cp"))
_AMOUNTS: dict[str, tuple[str, str]] = {
    "ae": ("AE ouvertes", "Ce que le budget ouvre, virements compris"),
    "notifie": ("Notifié", "Écrit dans les décisions envoyées aux opérateurs"),
    "engage": ("AE engagées", "Engagements moins retraits"),
    "disponible_ae": ("AE dispon.", "AE ouvertes moins AE engagées"),
    "cp": ("CP ouverts", "Ce que le budget ouvre, virements compris"),
    "paye": ("CP payés", "Paiements de l'exercice"),
    "disponible_cp": ("CP dispon.", "CP ouverts moins CP payés"),
}
_SHOWN = {
    "ae_cp": ("ae", "engage", "disponible_ae", "cp", "paye", "disponible_cp"),
    "ae": ("ae", "notifie", "engage", "disponible_ae"),
    "cp": ("cp", "notifie", "paye", "disponible_cp"),
}
#: With cents, amounts are wider: what is available gives way, and has its place where AE and CP are apart.
_SHOWN_CENTS = _SHOWN | {"ae_cp": ("ae", "engage", "cp", "paye")}


@dataclass(frozen=True, slots=True)
class Demande:
    """What the user wants to see: a detail, credits, a text, overruns only, sub-totals."""

    detail: str = "destination"
    credits: str = "ae_cp"
    texte: str = ""
    depassements: bool = False
    sous_totaux: bool = True

    @property
    def filtre(self) -> bool:
        return bool(self.texte) or self.depassements


@dataclass(slots=True)
class Grille:
    """What the table shows; ``lignes`` says what each row stands for, ``fortes`` which rows are sub-totals."""

    columns: list[ColumnSpec]
    totals: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    lignes: list[LigneExecutee] = field(default_factory=list)
    fortes: list[int] = field(default_factory=list)
    depassements: int = 0

    @property
    def nombre(self) -> int:
        """How many rows are no sub-totals."""
        return len(self.rows) - len(self.fortes)


def grille(
    found: Execution, wanted: Demande, noms: Mapping[str, str], labels: Mapping[str, str], enveloppes: Mapping[str, str]
) -> Grille:
    """The rows that answer what is wanted; totals and sub-totals are those of the rows shown."""
    made = Grille(_columns(found, wanted))

    def names(x: LigneExecutee) -> tuple[str, ...]:
        if wanted.detail == "mission":
            return (x.mission or INCONNU, labels.get(x.mission, "Sans mission"))
        head = (x.destination, noms.get(x.destination, ""))
        return (*head, enveloppes.get(x.enveloppe, x.enveloppe) or INCONNU) if wanted.detail == "enveloppe" else head

    kept = [x for x in _lines(found, wanted.detail) if _answers(found, x, wanted, names(x))]
    grouped = wanted.sous_totaux and wanted.detail != "mission"
    for mission, lines in missions(kept) if grouped else [(somme(kept), kept)]:
        for x in lines:
            _add(made, found, wanted, names(x), x)
        if grouped:
            made.fortes.append(len(made.rows))
            title = (f"Mission {mission.mission}", labels.get(mission.mission, "")) if mission.mission else ("", "")
            head = (title[0], title[1] or "Sans mission", *([""] if wanted.detail == "enveloppe" else []))
            _add(made, found, wanted, head, mission)
    if kept:
        made.totals = _totals(found, wanted, somme(kept))
    made.columns = fitted(made.columns, made.rows)
    made.depassements = sum(found.connue and x.depasse for x in kept)
    return made


def _lines(found: Execution, detail: str) -> Sequence[LigneExecutee]:
    match detail:
        case "mission":
            return [m for m, _ in missions(found.lignes)]
        case "enveloppe":
            return found.lignes
    return found.destinations


def _answers(found: Execution, x: LigneExecutee, wanted: Demande, names: Iterable[str]) -> bool:
    if wanted.depassements and not (found.connue and x.depasse):
        return False
    told = fold(" ".join(names))
    return all(word in told for word in fold(wanted.texte).split())


def _add(made: Grille, found: Execution, wanted: Demande, names: tuple[str, ...], x: LigneExecutee) -> None:
    amounts = [getattr(x, name) if found.dit(name) else INCONNU for name in _shown(found, wanted)]
    made.rows.append((*names, *amounts, _jauge(found, x, wanted.credits), depassement(x) if found.connue else None))
    made.lignes.append(x)


def _columns(found: Execution, wanted: Demande) -> list[ColumnSpec]:
    mission = wanted.detail == "mission"
    sortable = mission or not wanted.sous_totaux
    return [
        ColumnSpec("code", "Code", "code", 88, sortable=sortable),
        ColumnSpec("libelle", "Mission" if mission else "Destination", width=160, stretch=True, sortable=sortable),
        *([ColumnSpec("enveloppe", "Enveloppe", width=104, sortable=sortable)] if wanted.detail == "enveloppe" else []),
        *(
            ColumnSpec(key, title, "montant", tooltip=tooltip, decimals=_cents(found, wanted), sortable=sortable)
            for key in _shown(found, wanted)
            for title, tooltip in [_AMOUNTS[key]]
        ),
        ColumnSpec("jauge", "Consommé", "jauge", 144, sortable=False, tooltip=_LEGENDS[wanted.credits]),
        ColumnSpec("signal", "", "icone", 36, sortable=False, tooltip="Consommé au-delà de l'ouvert"),
    ]


_LEGENDS = {
    "ae_cp": "En haut AE engagées, en bas CP payés ; le trait : l'ouvert",
    "ae": "AE engagées ; le trait : AE ouvertes",
    "cp": "CP payés ; le trait : CP ouverts",
}


def _shown(found: Execution, wanted: Demande) -> tuple[str, ...]:
    """The keys of the amounts shown."""
    return (_SHOWN_CENTS if _cents(found, wanted) else _SHOWN)[wanted.credits]


def _cents(found: Execution, wanted: Demande) -> bool:
    """Cents everywhere as soon as one amount shown has some: a table is read at one precision."""
    return any(getattr(x, name) % 100 for x in found.lignes for name in _SHOWN[wanted.credits])


def _totals(found: Execution, wanted: Demande, total: LigneExecutee) -> dict[str, str]:
    cents = _cents(found, wanted)
    made = {
        name: money.euros(getattr(total, name), decimals=cents) if found.dit(name) else INCONNU
        for name in _shown(found, wanted)
    }
    if (jauge := _jauge(found, total, wanted.credits)) is not None:
        made["jauge"] = " · ".join(bar.text for bar in jauge.barres)
    return made


def _jauge(found: Execution, x: LigneExecutee, credits: str) -> Jauge | None:
    """The bars of the credits wanted, of which something says what was consumed."""
    kept = []
    if "ae" in credits and found.dit("engage"):
        kept.append(("AE", Barre(x.engage, x.ae, taux(x.taux_ae))))
    if "cp" in credits and found.dit("paye"):
        kept.append(("CP", Barre(x.paye, x.cp, taux(x.taux_cp))))
    if not any(b.used or b.opened for _, b in kept):
        return None
    return Jauge(tuple(b for _, b in kept), ", ".join(f"{name} {b.text}" for name, b in kept))


def taux(value: float | None) -> str:
    """A rate as it is published; more than a thousand percent says nothing more."""
    if value is None:
        return INCONNU
    return money.pourcent(value) if value < 1000 else f">{money.NBSP}1{money.FINE_SPACE}000{money.NBSP}%"


def depassement(x: LigneExecutee) -> str | None:
    """What one line has to say of its overruns."""
    told = [
        f"{what} {money.euros(used - opened)} au-dessus {of}."
        for what, used, opened, of in (
            ("AE engagées", x.engage, x.ae, "des AE ouvertes"),
            ("CP payés", x.paye, x.cp, "des CP ouverts"),
        )
        if used > opened
    ]
    return " ".join(told) or None
