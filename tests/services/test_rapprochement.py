"""Both sides of a destination, the gap explained line by line, the rest to the cent; notes kept and undone."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firdesk.domain.allocation import Filtre
from firdesk.domain.execution import Nature
from firdesk.domain.problem import Invalide, Refus
from firdesk.domain.rapprochement import Destination, Note
from firdesk.services import exercices, rapprochement
from firdesk.services.session import Session
from tests.services.budget_annees import AUTRE, TIERCE, Annees, D

N, S, E, R, P = Nature.NOTIFICATION, Nature.SAISIE, Nature.ENGAGEMENT, Nature.RETRAIT, Nature.ECHEANCE


def ligne(deux_ans: Annees, code: str = D) -> Destination:
    return next(x for x in rapprochement.rapprocher(deux_ans.session, 2025).lignes if x.destination == code)


def told(x: Destination) -> dict[str, tuple[int, int]]:
    return {e.nature: (e.montant // 100, e.nombre) for e in x.explications}


def test_what_is_decided_and_not_notified_explains_more_engaged(deux_ans: Annees) -> None:
    deux_ans.ligne((S, 900), (N, 900))
    deux_ans.ligne((S, 100), ej="")
    deux_ans.sibc({D: 1000})
    x = ligne(deux_ans)
    assert (x.notifie, x.engage, x.ecart, x.inexplique) == (900_00, 1000_00, 100_00, 0)
    assert told(x) == {"decide_non_notifie": (100, 1)}


def test_what_is_decided_is_only_a_possible_reason_where_it_would_widen_the_gap(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 900))
    deux_ans.ligne((S, 700), ej="")
    deux_ans.sibc({D: 901})
    x = ligne(deux_ans)
    assert (told(x), [p.nature for p in x.pistes], x.inexplique) == ({}, ["decide_non_notifie"], 1_00)


def test_what_is_notified_without_ej_explains_less_engaged(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 900))
    deux_ans.ligne((N, 250), ej="")
    deux_ans.sibc({D: 900})
    assert told(ligne(deux_ans)) == {"notifie_sans_ej": (-250, 1)}
    assert ligne(deux_ans).rapprochee


def test_a_destination_on_one_side_only_is_explained_whole(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 40), ou=AUTRE)
    deux_ans.sibc({TIERCE: 60})
    assert told(ligne(deux_ans, AUTRE)) == {"allocations_seules": (-40, 1)}
    assert told(ligne(deux_ans, TIERCE)) == {"sibc_seul": (60, 0)}


def test_commitments_of_other_campagnes_multi_year_ones_and_withdrawals_are_told_apart(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 50), (E, 30, 2025), annee=2024)
    deux_ans.ligne((N, 100), (E, 300))
    deux_ans.ligne((N, 80), (E, 80), (R, 20))
    deux_ans.ligne((N, 70), (E, 60))
    deux_ans.ligne((N, 10), (E, 10, 2024))
    deux_ans.sibc({D: 30 + 300 + 60 + 60})
    x = ligne(deux_ans)
    assert told(x) == {
        "autres_campagnes": (30, 1),
        "pluriannuel": (200, 1),
        "retraits": (-20, 1),
        "engage_partiel": (-10, 1),
        "autre_exercice": (-10, 1),
    }
    assert x.inexplique == 0


def test_payments_planned_after_the_year_are_a_multi_year_commitment(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100), (P, 100), (P, 40, 2026))
    deux_ans.sibc({D: 140})
    assert told(ligne(deux_ans)) == {"pluriannuel_prevu": (40, 1)}


AMOUNTS = st.tuples(st.sampled_from([S, N, E, R]), st.integers(-500, 500), st.sampled_from([2024, 2025]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([2024, 2025]), st.lists(AMOUNTS, max_size=4)), min_size=1, max_size=6))
def test_without_sibc_the_lines_explain_every_cent(
    deux_ans: Annees, lines: list[tuple[int, list[tuple[Nature, int, int]]]]
) -> None:
    session = deux_ans.session
    with session.operation("Écrire des lignes"):
        session.allocations.add_many(deux_ans.allocation(*amounts, annee=annee) for annee, amounts in lines)
    found = rapprochement.rapprocher(session, 2025)
    assert [x.inexplique for x in found.lignes if found.connue and x.inexplique] == []
    session.undo()


def test_without_anything_engaged_the_gap_is_unknown_not_zero(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    found = rapprochement.rapprocher(deux_ans.session, 2025)
    assert (found.source, found.rapprochees) == ("aucune", 0)
    line = rapprochement.as_json(found)["lignes"][0]  # type: ignore[index]
    assert (line["ae_engagee_centimes"], line["ecart_centimes"], line["notifie_centimes"]) == (None, None, 100_00)


def test_opened_credits_are_those_of_the_last_version(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 100))
    deux_ans.sibc({D: 100})
    deux_ans.budget({D: 120, AUTRE: 5})
    assert (ligne(deux_ans).ae_ouvertes, ligne(deux_ans).cp_ouverts) == (120_00, 120_00)
    assert ligne(deux_ans, AUTRE).rapprochee


@pytest.mark.parametrize("nature", ["decide_non_notifie", "notifie_sans_ej"])
def test_an_explanation_opens_the_lines_it_is_made_of(deux_ans: Annees, nature: str) -> None:
    deux_ans.ligne((N, 900))
    wanted = {
        "decide_non_notifie": deux_ans.ligne((S, 100), ej=""),
        "notifie_sans_ej": deux_ans.ligne((N, 250), ej=""),
    }
    deux_ans.sibc({D: 1000})
    found = rapprochement.rapprocher(deux_ans.session, 2025)
    filtre = rapprochement.filtre(deux_ans.session, found, D, nature)
    assert list(deux_ans.session.allocations.ids(filtre)) == [wanted[nature]]


def test_a_destination_opens_all_its_lines(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 900))
    deux_ans.sibc({D: 1000})
    found = rapprochement.rapprocher(deux_ans.session, 2025)
    assert rapprochement.filtre(deux_ans.session, found, D) == Filtre(2025, destinations=(D,))


def test_a_note_lowers_the_rest_is_changed_and_undone(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 900))
    deux_ans.sibc({D: 1000})
    session = deux_ans.session
    number = rapprochement.noter(session, Note(2025, D, "Marché", 60_00))
    rapprochement.noter(session, Note(2025, D, "Avenant", 40_00))
    assert ligne(deux_ans).rapprochee
    rapprochement.noter(session, Note(2025, D, "Marché et avenant", 50_00, number))
    assert ligne(deux_ans).inexplique == 10_00
    session.undo()
    assert ligne(deux_ans).notes[0].montant == 60_00
    rapprochement.supprimer_note(session, ligne(deux_ans).notes[0])
    assert [n.texte for n in ligne(deux_ans).notes] == ["Avenant"]
    session.undo()
    assert ligne(deux_ans).rapprochee


def test_a_note_may_still_be_written_on_a_closed_exercice(deux_ans: Annees) -> None:
    deux_ans.ligne((N, 900))
    exercices.clore(deux_ans.session, 2025)
    assert rapprochement.noter(deux_ans.session, Note(2025, D, "Vu après coup", 1))


def test_an_empty_note_and_an_unknown_year_are_refused(deux_ans: Annees) -> None:
    with pytest.raises(Invalide, match="quelques mots"):
        rapprochement.noter(deux_ans.session, Note(2025, D, " ", 5))
    with pytest.raises(Refus, match="2019 n'est pas ouvert"):
        rapprochement.noter(deux_ans.session, Note(2019, D, "vu", 5))
    with pytest.raises(Refus, match="2019 n'est pas ouvert"):
        rapprochement.rapprocher(deux_ans.session, 2019)


def test_the_workbook_holds_the_lines_the_total_and_what_explains_them(deux_ans: Annees, tmp_path: Path) -> None:
    deux_ans.ligne((N, 900.5))
    deux_ans.ligne((N, 40), ou=AUTRE)
    deux_ans.sibc({D: 1000})
    rapprochement.noter(deux_ans.session, Note(2025, D, "=Marché", 60_00))
    found = rapprochement.rapprocher(deux_ans.session, 2025)
    path = tmp_path / "r.xlsx"
    rapprochement.exporter(path, found)
    book = openpyxl.load_workbook(path)
    rows = list(book["Rapprochement"].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if row[0] == "Destination")
    column = rows[head].index("Inexpliqué")
    cells = [round(float(str(r[column])) * 100) for r in rows[head + 1 :]]
    assert cells == [*(x.inexplique for x in found.lignes), found.total.inexplique]
    detail = [
        row for row in book["Explications"].iter_rows(values_only=True) if row[3] in ("calculée", "note", "reste")
    ]
    gap = sum(x.ecart for x in found.lignes)
    assert round(sum(float(str(row[5])) for row in detail) * 100) == gap
    with pytest.raises(Refus, match="écrire un fichier"):
        rapprochement.exporter(tmp_path / "r.pdf", found)


def test_the_demonstration_reconciles_to_the_published_totals(base_demo: Path) -> None:
    with Session.open(base_demo) as session:
        found = rapprochement.rapprocher(session, 2025)
        total = found.total
        assert (total.notifie, total.engage, total.ecart) == (52_687_476_400, 52_697_176_300, 9_699_900)
        assert all(abs(x.inexplique) <= abs(x.ecart) for x in found.lignes)
        cells = rapprochement.cellules(session, found, "MI3-3-3")
        assert cells[0].montant == next(x.engage for x in found.lignes if x.destination == "MI3-3-3")
        assert cells[0].lieu is not None
