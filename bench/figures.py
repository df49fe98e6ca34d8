"""From an edit of a commitment to every figure of the budget fresh, beside the same sums computed by others."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench import grande_base, measure
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.synthese import Axe
from firdesk.services import (
    alertes,
    allocations,
    atterrissage,
    budget_execution,
    conventions,
    dispositifs,
    echeanciers,
    exercices,
    perimetre,
    rapprochement,
    recettes,
)
from firdesk.services.session import Session

AXES = (Axe.THEME, Axe.MISSION, Axe.DESTINATION, Axe.DEPARTEMENT, Axe.ENVELOPPE, Axe.CARACTERE, Axe.CANAL, Axe.EXERCICE)
_ANNEE = grande_base.EXERCICE
#: What each page or tab reads when it is shown; the window reads again the one that is.
PAGES: dict[str, Callable[[Session], object]] = {
    "Tableau de bord": lambda s: (
        [s.syntheses.par((axe,), None if axe is Axe.EXERCICE else _ANNEE) for axe in AXES],
        s.allocations.somme(Filtre(exercice=_ANNEE)),
        s.budgets.situations(_ANNEE),
    ),
    "Exécution": lambda s: budget_execution.execution(s, _ANNEE),
    "Recettes": lambda s: (recettes.cumul(s, _ANNEE), recettes.suivi(s, _ANNEE), recettes.equilibre(s, _ANNEE)),
    "Échéancier": lambda s: (
        echeanciers.par(s, Axe.DESTINATION, _ANNEE),
        echeanciers.origines(s, Axe.DESTINATION),
    ),
    "Rapprochement": lambda s: rapprochement.rapprocher(s, _ANNEE),
    "Atterrissage": lambda s: atterrissage.atterrir(s, _ANNEE, "destination"),
    "Exercices, comparés": lambda s: perimetre.comparer_exercices(s, _ANNEE - 1, _ANNEE, "destination", "engage"),
    "Clôture, ce qui est en suspens": lambda s: exercices.en_suspens(s, _ANNEE),
    "Alertes": lambda s: alertes.liste(s, _ANNEE),
    "Conventions": lambda s: conventions.suivis(s, _ANNEE),
    "Dispositifs": lambda s: dispositifs.liste(s, _ANNEE),
}


def compare(lines: int) -> None:
    """Print, page by page, an edit with the figures read again, against the sums alone by SQLite, DuckDB and pandas."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name) / "b.firdesk"
        grande_base.write(base, lines)
        with Session.open(base) as session:
            # A commitment of the year, planned and bound to a convention: the most that an edit moves.
            draft = allocations.brouillon(session, lines // 2 + 11)
            if draft is None:
                raise RuntimeError("nothing was written")
            amounts = iter(range(100_00, 200_00))

            def edit_and_read(pages: Iterable[Callable[[Session], object]]) -> None:
                cents = {**draft.montants, Nature.ENGAGEMENT: next(amounts)}
                allocations.save(session, replace(draft, montants=cents))
                for read in pages:
                    read(session)

            edit_and_read(PAGES.values())
            found = {"the edit alone": measure.seconds(lambda: edit_and_read(()), 15)}
            for page, read in PAGES.items():
                found[page] = measure.seconds(partial(edit_and_read, [read]), 15)
            found["every page above"] = measure.seconds(partial(edit_and_read, PAGES.values()), 9)
        peers = _peers(base)
    print(f"\nA commitment edited, on disk, and the page fresh, {lines:,} allocations")
    best = min(peers.values())
    for name, seconds in found.items():
        print(f"  {name:<34}{seconds * 1000:>12.1f} ms   FIRDesk / best peer = {seconds / best:.2g}")
    for name, seconds in peers.items():
        print(f"  {name + ', the sums of seven axes':<46}{seconds * 1000:>12.1f} ms")


def _peers(base: Path) -> dict[str, float]:
    done = subprocess.run(
        [os.environ["FIRDESK_BENCH_PEERS"], "-m", "bench.peer_figures", str(base)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
