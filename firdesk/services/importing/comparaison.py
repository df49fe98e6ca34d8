"""One line of the file beside the line of the base it is: fields and amounts that differ, conflicts with corrections.

A column that the file does not have says nothing; a theme that the user chose is never overwritten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from firdesk.domain import money
from firdesk.domain.allocation import STATUTS
from firdesk.domain.execution import LIBELLES_NATURES, Nature
from firdesk.services.importing.codes import Codes
from firdesk.services.importing.etat import Connue, Etat, MontantConnu
from firdesk.services.importing.lecture import Destination
from firdesk.services.importing.plan import NATURES, ChangedField, Conflit, LigneLue, PlannedLine, Retouche
from firdesk.services.importing.recognise import Reconnu

#: Column of the file, column of the base, label.
TEXTES = (
    ("action", "objet", "Objet"),
    ("decision", "decision", "N° de décision"),
    ("type_decision", "type_decision", "Type de décision"),
    ("date_notification", "date_notification", "Date de notification"),
    ("payeur", "payeur", "Payeur"),
    ("motivation", "motivation", "Motivation"),
    ("projet", "projet", "N° de projet"),
)
#: Part of the key of an export; in a workbook of the office they may come later.
TEXTES_LIBRES = (("ej", "ej", "N° d'EJ"), ("notification", "notification", "N° de notification"))
_NOTHING = MontantConnu()
_Corrections = Mapping[str, str | int | None]
#: Called with the number of a line whose amount the base does not take, and why.
Ecarter = Callable[[int, str], None]


@dataclass(slots=True)
class Ecart:
    """What the comparison of one line gives; ``importe`` counts the file's amount unless a correction was kept."""

    ligne: PlannedLine | None
    importe: int
    delta: int


class Comparaison:
    """Compares line by line and gathers the conflicts."""

    def __init__(
        self, table: Reconnu, etat: Etat, codes: Codes, decisions: Mapping[str, str], ecarter: Ecarter
    ) -> None:
        self._present = table.positions
        self._total = table.profil.total
        self._texts = TEXTES + TEXTES_LIBRES if table.espace else TEXTES
        self._etat = etat
        self._codes = codes
        self._decisions = decisions
        self.conflits: list[Conflit] = []
        self.conserve = self.gardees = self.confirmees = 0
        self._ecarter = ecarter

    def comparer(self, ligne: LigneLue, connue: Connue, operateur: str) -> Ecart:
        """The line to write (``None`` if nothing changes) and what it does to the totals."""
        corrected = self._etat.corrections.get(connue.id, {})
        head = (ligne.numero + 1, connue.reference, operateur)
        changes: list[ChangedField] = []
        writes: dict[str, str] = {}
        for champ, column, before, after in self._fields(ligne, connue):
            shown = ChangedField(column, champ, self._show(column, before), self._show(column, after))
            if column in corrected and not self._overwrite(head, shown, self._earlier(column, corrected[column])):
                continue
            changes.append(shown)
            writes[column] = after
        if connue.theme_choisi:
            self._chosen_theme(head, ligne, connue, changes, writes)
        retouches, delta, kept = self._amounts(head, ligne, connue, corrected, changes)
        montant = getattr(ligne, self._total) or 0
        importe = 0 if kept else montant
        if kept:
            self.conserve += montant
            self.gardees += 1
            self._ecarter(ligne.numero, f"Montant corrigé à la main dans l'allocation {connue.reference}, gardé.")
        if corrected:
            self.confirmees += self._confirmed(ligne, connue, corrected)
        if not changes:
            return Ecart(None, importe, 0)
        where = ligne.mesure3 or ligne.mesure2 or Destination("", "")
        planned = PlannedLine(
            ligne=head[0],
            reference=connue.reference,
            operateur=operateur,
            destination=where.code,
            libelle=ligne.action or where.libelle,
            montant=montant,
            exercice=ligne.campagne,
            cle=connue.cle,
            champs=tuple(changes),
            allocation_id=connue.id,
            operateur_ref=connue.operateur_id,
            source=ligne,
            ecritures=writes or None,
            retouches=tuple(retouches),
        )
        return Ecart(planned, importe, delta)

    def _fields(self, ligne: LigneLue, connue: Connue) -> list[tuple[str, str, str, str]]:
        """(label, column, before, after) of the texts and codes that differ."""
        found = []
        for champ, column, label in self._texts:
            before, after = getattr(connue, column), getattr(ligne, champ)
            if before != after and champ in self._present and not _same_number(before, after):
                found.append((label, column, before, after))
        where = ligne.mesure3 or ligne.mesure2 or Destination("", "")
        if "sous_enveloppe" in self._present:
            enveloppe = self._codes.enveloppe(ligne, where)
            if enveloppe != connue.enveloppe:
                found.append(("Enveloppe", "enveloppe", connue.enveloppe, enveloppe))
        theme = self._codes.theme(ligne, where)
        if theme and theme != connue.theme and not connue.theme_choisi:
            found.append(("Thème", "theme", connue.theme, theme))
        if connue.statut == "disparue":
            found.append(("Statut", "statut", connue.statut, "active"))
        return found

    def _amounts(
        self,
        head: tuple[int, str, str],
        ligne: LigneLue,
        connue: Connue,
        corrected: _Corrections,
        changes: list[ChangedField],
    ) -> tuple[list[Retouche], int, bool]:
        """Amounts to write, what they do to the notified total, whether what the totals count was kept as corrected."""
        known = self._etat.montants.get(connue.id, {})
        found: list[Retouche] = []
        delta, kept = 0, False
        for champ, nature in NATURES.items():
            if champ not in self._present:
                continue
            cents = getattr(ligne, champ) or 0
            before = known.get(nature, _NOTHING)
            if cents == before.total:
                continue
            column = f"mouvement:{nature}"
            shown = ChangedField(
                column, LIBELLES_NATURES[nature], _euros(before.total), _euros(cents), before.total, cents
            )
            if before.saisis or column in corrected:
                had = corrected.get(column)
                earlier = before.importe_cents if had is None and before.importe is not None else had
                if not self._overwrite(head, shown, self._earlier(column, earlier)):
                    kept |= champ == self._total
                    continue
            changes.append(shown)
            found.append(Retouche(champ, before.importe, (*before.saisis, *before.contres)))
            if nature is Nature.NOTIFICATION:
                delta = cents - before.total
        return found, delta, kept

    def _overwrite(self, head: tuple[int, str, str], shown: ChangedField, earlier: str, *, alone: bool = False) -> bool:
        """Note a conflict; whether the user chose the file's value for it (or for all, unless it stands ``alone``)."""
        conflit = Conflit(*head, shown.champ, shown.libelle, shown.avant, shown.apres, earlier)
        default = "garder" if alone else self._decisions.get("conflits", "garder")
        choice = self._decisions.get(conflit.id, default)
        self.conflits.append(conflit._replace(choix=choice))
        return choice == "fichier"

    def _chosen_theme(
        self,
        head: tuple[int, str, str],
        ligne: LigneLue,
        connue: Connue,
        changes: list[ChangedField],
        writes: dict[str, str],
    ) -> None:
        """A theme that the user chose gives way only where he says so of that very line."""
        theme = self._codes.theme(ligne, ligne.mesure3 or ligne.mesure2 or Destination("", ""))
        if not theme or theme == connue.theme:
            return
        shown = ChangedField("theme", "Thème choisi", self._show("theme", connue.theme), self._show("theme", theme))
        if self._overwrite(head, shown, "", alone=True):
            changes.append(shown)
            writes["theme"] = theme

    def _confirmed(self, ligne: LigneLue, connue: Connue, corrected: _Corrections) -> int:
        """How many corrections the file has taken up since: it said otherwise before, it says the same now."""
        known = self._etat.montants.get(connue.id, {})
        count = 0
        for champ, nature in NATURES.items():
            column = f"mouvement:{nature}"
            if column in corrected and champ in self._present:
                cents = getattr(ligne, champ) or 0
                count += cents == known.get(nature, _NOTHING).total and cents != corrected[column]
        for champ, column, _ in self._texts:
            if column in corrected and champ in self._present:
                value = getattr(ligne, champ)
                count += value == getattr(connue, column) and value != corrected[column]
        return count

    def _earlier(self, column: str, value: str | int | None) -> str:
        """What the last import had written, as shown."""
        return "" if value is None else _euros(value) if isinstance(value, int) else self._show(column, value)

    def _show(self, column: str, value: str) -> str:
        if column == "theme":
            return self._etat.themes.get(value, value)
        if column == "enveloppe":
            return self._etat.enveloppes.get(value, value)
        if column == "statut":
            return STATUTS.get(value, value)
        if column == "date_notification" and value:
            return date.fromisoformat(value).strftime("%d/%m/%Y")
        return value


def _same_number(before: str, after: str) -> bool:
    """The same number but for zeros that a spreadsheet ate."""
    return before.isdigit() and after.isdigit() and before.lstrip("0") == after.lstrip("0")


def _euros(cents: int) -> str:
    return money.euros(cents, decimals=True)
