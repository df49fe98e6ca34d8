"""Every figure that the guide to the budget and the page of the demonstration quote is the one the base gives."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firdesk import paths
from firdesk.domain import money
from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.synthese import Axe
from firdesk.domain.territoire import Par
from firdesk.services import (
    atterrissage,
    budget_execution,
    budgets,
    conventions,
    dispositifs,
    donts,
    echeanciers,
    engagements,
    exercices,
    indicateurs,
    perimetre,
    rapprochement,
    recettes,
    territoires,
)
from firdesk.services.session import Session

ROOT = Path(__file__).resolve().parents[2]
GUIDE = paths.GUIDE / "budget.md"
DEMONSTRATION = ROOT / "docs" / "demonstration.md"
#: Amounts of the guide that are no figure of the base: the example of AE and CP.
EXEMPLES = {"100 000 €", "70 000 €", "30 000 €"}
_AMOUNT = re.compile(r"(?<![\d,])\d{1,3}(?: \d{3})*(?:,\d\d)? €")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def euros(cents: int) -> str:
    return plain(money.euros(abs(cents)))


def read(page: Path) -> str:
    return plain(page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def session(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    copy = tmp_path_factory.mktemp("budget") / "demonstration.firdesk"
    copy.write_bytes((demonstration / "demonstration.firdesk").read_bytes())
    with Session.open(copy) as opened:
        yield opened


def _execution(session: Session) -> list[int]:
    found = budget_execution.execution(session, 2025)
    t = found.total
    worst = min(found.lignes, key=lambda x: x.disponible_ae or 0)
    assert worst.destination == "MI2-3-1"
    twelfths = budget_execution.execution(session, 2026, mois=3)
    assert (twelfths.etalon.nature, twelfths.etalon.code) == ("douziemes", "BR3")
    return [
        *(t.ae, t.engage, t.disponible_ae, t.cp, t.paye, t.disponible_cp, worst.disponible_ae),
        *(twelfths.total.ae, twelfths.total.cp),
    ]


def _rapprochement(session: Session) -> list[int]:
    found = rapprochement.rapprocher(session, 2025)
    lines = {x.destination: x for x in found.lignes}
    noted, hinted = lines["MI2-3-1"], lines["MI3-3-3"]
    assert noted.rapprochee
    assert not hinted.explications
    (hint,) = hinted.pistes
    assert (hint.nature, hint.nombre, found.rapprochees, len(found.lignes)) == ("decide_non_notifie", 9, 1, 108)
    total = found.total
    return [noted.engage, noted.notifie, noted.ecart, hinted.ecart, hint.montant, total.ecart, total.inexplique]


def _echeancier(session: Session) -> list[int]:
    t = echeanciers.par(session, Axe.THEME, 2025).total
    return [t.ae, t.cp, t.reste_a_payer, t.du(2026), t.a_planifier]


def _atterrissage(session: Session) -> list[int]:
    t = atterrissage.atterrir(session, 2025, "theme").total
    margin = atterrissage.atterrir(session, 2025, "destination").total.marge
    assert margin is not None
    assert margin < 0
    return [t.bas, t.central, t.haut, t.base_suivante, margin]


def _versions(session: Session) -> list[int]:
    found = {v.code: v for v in session.budgets.versions(2025)}
    assert list(found) == ["BI", "BR1", "BR2", "BR3"]
    before, after = found["BR2"], found["BR3"]
    (move,) = session.budgets.virements(after.id or 0)
    assert (move.de_destination, move.vers_destination) == ("MI3-3-3", "MI3-3-2")
    assert move.motif in read(GUIDE)
    sums = [cents for v in found.values() for cents in (v.ae, v.cp)]
    return [*sums, after.ae - before.ae, after.cp - before.cp, move.ae, move.cp]


def _recettes(session: Session) -> list[int]:
    balance, _ = recettes.equilibre(session, 2025)
    first = recettes.liste(session, 2025)[0]
    aimed = {x.destination: x for x in recettes.suivi(session, 2025)}["MI1-2-30"]
    added, july = recettes.cumul(session, 2025), recettes.cumul(session, 2025, "2025-07-31")
    found = [balance.recettes, balance.report, balance.decaisse, balance.tresorerie, balance.engage_sans_recette]
    return [
        *(x or 0 for x in found),
        *(first.montant, first.protege_prevention, first.fongible),
        *(aimed.fleche, aimed.consomme, added.propres, july.total),
    ]


def _exercices(session: Session) -> list[int]:
    pending = plain(" ".join(x.texte for x in exercices.en_suspens(session, 2025)))
    assert "58 lignes à notifier, 5 487 700 € saisis" in pending
    assert "107 destinations à rapprocher" in pending
    past = perimetre.comparer_exercices(session, 2024, 2025, "theme", "notifie").tableau.total
    assert past.evolution is not None
    assert plain(money.pourcent(past.evolution)) == "5,8 %"
    coming = perimetre.comparer_exercices(session, 2025, 2026, "destination", "notifie")
    t = coming.tableau.total
    events = {e.libelle: e for e in coming.evenements}
    for name, e in events.items():
        assert f"| {name} | `{e.destination}` | {euros(e.montant)} |" in read(GUIDE)
    return [
        *(5_487_700_00, past.avant, past.apres, past.ecart, t.sorties, t.avant_constant),
        *(e.montant for e in events.values()),
    ]


def _engagements(session: Session) -> list[int]:
    ej = engagements.ej(session, "E2025007172")
    assert len(ej.postes) == 3
    assert ej.ae == ej.cp
    number = min(session.engagements.planifiees())
    found = session.allocations.get(number)
    assert found is not None
    assert found.reference == "2025-0017"
    e = engagements.echeancier(session, number, 2025)
    assert e.planifie
    assert e.du(2025) + e.du(2026) == e.ae
    return [ej.ae, e.ae, e.du(2025), e.du(2026)]


def _conventions(session: Session) -> list[int]:
    found = conventions.suivis(session, 2025)
    assert len(found) == 265
    assert not any(s.echeancier.a_planifier for s in found)
    first = found[0]
    assert first.convention.numero == "2025-A-0081"
    sums = [sum(s.echeancier.ae for s in found), sum(s.echeancier.reste_a_payer for s in found)]
    assert sums[1] == sum(s.echeancier.du(2026) for s in found)
    return [*sums, first.echeancier.ae, first.echeancier.cp, first.echeancier.du(2026)]


def _territoire(session: Session) -> list[int]:
    made = []
    for by in Par:
        found = territoires.table(session, by, 2025)
        made += [x.notifie for x in found.lignes] + [found.total.notifie]
    placed = [n for n in session.allocations.ids(Filtre(exercice=2025)) if session.lieux.de(n)]
    assert len(placed) == 21
    assert all(len(session.lieux.de(n)) == 5 for n in placed)
    return made


def _dispositifs(session: Session) -> list[int]:
    found = {x.code: x for x in dispositifs.liste(session, 2025)}
    made = []
    for code in ("EMSP", "GEM"):
        ceiling = found[code].dispositif.plafond(2025)
        assert ceiling is not None
        made += [ceiling.ae or 0, found[code].notifie, (ceiling.ae or 0) - found[code].notifie]
    (rule,) = donts.regles(session, found["CLS"].dispositif, 2025)
    assert (rule.objet, rule.notifie) == ("l'allocation 2025-0204", 24_200_00)
    (inside,) = session.dispositifs.donts(2025)
    assert inside.destination == "MI1-2-30"
    return [*made, rule.autres, rule.notifie, rule.maximum or 0, inside.montant]


PARTS = (
    _execution, _rapprochement, _echeancier, _atterrissage, _versions, _recettes, _exercices, _engagements,
    _conventions, _territoire, _dispositifs,
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda f: f.__name__.strip("_"))
def test_the_guide_says_what_the_base_holds(session: Session, part: Callable[[Session], list[int]]) -> None:
    text = read(GUIDE)
    assert [euros(cents) for cents in part(session) if euros(cents) not in text] == []


def test_no_other_amount_is_in_the_guide(session: Session) -> None:
    known = {euros(cents) for part in PARTS for cents in part(session)} | EXEMPLES
    assert sorted({x for x in _AMOUNT.findall(read(GUIDE)) if x not in known}) == []


def test_what_the_guide_counts(session: Session) -> None:
    text = read(GUIDE)
    committed = [
        sum(
            any(m.nature is Nature.ENGAGEMENT for m in a.mouvements)
            for n in session.allocations.ids(Filtre(exercice=year))
            if (a := session.allocations.get(n)) is not None
        )
        for year in (2024, 2025)
    ]
    assert plain("{} et {} allocations".format(*map(money.nombre, committed))) in text
    assert f"{len(session.engagements.planifiees())} allocations ont des échéances" in text
    assert f"La démonstration en a {len(session.operateurs.all())}." in text
    assert "1 destination rapprochée sur 108" in text
    told = plain(" ".join(indicateurs.en_lignes(session, 2025)))
    for words in ("51 GEM en 2025", "hausse de 4 depuis 2024", "cible 50 GEM dépassée de 1"):
        assert words in told
    sums: dict[str, list[int]] = {}
    for x in budget_execution.execution(session, 2025).lignes:
        left = sums.setdefault(x.destination, [0, 0])
        left[0] += x.disponible_ae
        left[1] += x.disponible_cp
    assert f"l'exercice en a {sum(min(left) < 0 for left in sums.values())}," in text


def test_every_tab_judges_against_the_same_opened_credits(session: Session) -> None:
    executed: dict[str, int] = {}
    for x in budget_execution.execution(session, 2025).lignes:
        executed[x.destination] = executed.get(x.destination, 0) + x.ae
    told = {x.destination: x.ae_ouvertes for x in rapprochement.rapprocher(session, 2025).lignes}
    assert {k: v for k, v in executed.items() if v} == {k: v for k, v in told.items() if v}
    assert budgets.version(session, 2025, "BR3").ae == sum(told.values())


def test_the_page_of_the_demonstration_says_what_the_base_holds(session: Session) -> None:
    text = read(DEMONSTRATION).split("## Le budget, d'une année sur l'autre")[1].split("## ")[0]
    paid = session.paiements.totaux()
    plan = echeanciers.par(session, Axe.THEME, 2025).total
    acts = conventions.suivis(session, 2025)
    move = session.budgets.virements(budgets.version(session, 2025, "BR3").id or 0)[0]
    gone = perimetre.comparer_exercices(session, 2025, 2026, "destination", "notifie").tableau.total.sorties
    known = [
        *(paid[2024], paid[2025], plan.reste_a_payer, plan.du(2026), plan.a_planifier),
        *(recettes.cumul(session, 2025).total, session.recettes.report(2025)),
        *(x.fleche for x in recettes.suivi(session, 2025)),
        *(sum(s.echeancier.ae for s in acts), sum(s.echeancier.reste_a_payer for s in acts)),
        *(_dispositifs(session)[0], _dispositifs(session)[3], _dispositifs(session)[2], 30_000_00),
        *(session.dispositifs.donts(2025)[0].montant, move.ae, gone, _rapprochement(session)[2]),
    ]
    amounts = {euros(cents) for cents in known}
    assert amounts - set(_AMOUNT.findall(text)) == set()
    assert set(_AMOUNT.findall(text)) - amounts == set()
    assert recettes.cumul(session, 2025).encaisse == recettes.cumul(session, 2025).total
    assert {i.dispositif for i in session.indicateurs.all()} == {"GEM", "EMSP", "CEGIDD", "EMG"}
    placed = [n for n in session.allocations.ids(Filtre(exercice=2025)) if session.lieux.de(n)]
    shares = {x.departement: x.part for x in session.lieux.de(placed[0])}
    assert shares == {"59": 4500, "62": 2500, "80": 1200, "60": 1000, "02": 800}
    for words in (
        "2 165 en 2024, 2 489 en 2025",
        "265, d'une à quatre années",
        "303 allocations",
        f"{len(placed)} allocations",
    ):
        assert words in text
