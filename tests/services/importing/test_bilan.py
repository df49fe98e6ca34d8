"""The sentence of an import and where the total of its file goes, before and after writing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.lot import Lot
from firdesk.services.importing import bilan, run
from firdesk.services.importing.plan import Plan
from firdesk.services.session import Session
from tests.services.importing.fichiers import stars, write_stars

Preparer = Callable[..., Plan]
Importer = Callable[..., Lot]


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_sentence_is_the_same_before_and_after(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(n) for n in range(1, 5)]))
    lines = [stars(1), stars(2), stars(3, notifie="1200.50"), *(stars(n) for n in (5, 6))]
    plan = preparer(write_stars(tmp_path / "v2.csv", lines))
    said = plain(bilan.phrase(plan))
    assert said == (
        "2 nouvelles, 1 modifiée, 2 inchangées, 1 disparue, 0 rejetée ; Notifié +2 201,00 € ; "
        "total du fichier = total lu (écart 0,00 €)"
    )
    lot = run.execute(session, plan)
    kept = session.imports.lot(lot.id or 0)
    assert kept is not None
    assert bilan.phrase(kept) == bilan.phrase(plan)
    assert plain(bilan.partage(kept)) == "5 202,50 € = importé 5 202,50 € + ignoré 0,00 € + rejeté 0,00 €"
    assert bilan.parts(kept) == bilan.parts(plan) == ()


def test_every_cent_left_out_has_its_reason(
    tmp_path: Path, session: Session, preparer: Preparer, importer: Importer
) -> None:
    importer(write_stars(tmp_path / "v1.csv", [stars(1)]))
    known = session.allocations.get(session.allocations.ids(Filtre())[0])
    assert known is not None
    with session.operation("Modifier l'allocation"):
        moved = next(m for m in known.mouvements if m.nature is Nature.NOTIFICATION)
        session.allocations.update_mouvement(replace(moved, montant=77700))
    lines = [
        stars(1, notifie="1200.00"),
        *(stars(n) for n in range(2, 50)),
        stars(50, campagne="2024", notifie="10.00"),
        stars(51, campagne="2024", notifie="20.00"),
        stars(52, campagne="vingt-cinq", notifie="5.00"),
    ]
    plan = preparer(write_stars(tmp_path / "v2.csv", lines), exercice=2025)
    assert [(p.cle, p.texte, p.montant) for p in bilan.parts(plan)] == [
        ("ignoree", "2 lignes : ligne d'un autre exercice que 2025, laissée de côté", 3000),
        ("ignoree", "1 ligne : montant corrigé à la main dans la base, gardé", 120000),
        ("rejet", "1 ligne rejetée", 500),
    ]
    assert sum(p.montant for p in bilan.parts(plan)) == plan.total_ignore + plan.total_rejete
    lot = run.execute(session, plan)
    assert [(p.cle, p.montant) for p in bilan.parts(lot)] == [("ignoree", 123000), ("rejet", 500)]
