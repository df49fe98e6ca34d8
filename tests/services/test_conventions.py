"""Acts over their years: bound to allocations, rolled up, undone, and of the same figures along the axis."""

from collections.abc import Callable

import pytest

from firdesk.domain.allocation import Filtre
from firdesk.domain.convention import AnneeConvention, Convention, Suivi
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.problem import Invalide, Refus
from firdesk.domain.synthese import Axe
from firdesk.services import conventions, echeanciers, engagements, syntheses
from firdesk.services.session import Session

Allouer = Callable[..., int]
JOUR = "2025-03-01"


def acte(session: Session, numero: str = "2024-014", **fields: object) -> int:
    values: dict[str, object] = {"nature": "convention", "operateur_id": 1} | fields
    return conventions.save(session, Convention(numero=numero, **values))  # type: ignore[arg-type]


def engage(session: Session, number: int, exercice: int, engaged: int, paid: int = 0) -> None:
    engagements.ajouter(session, number, Mouvement(Nature.ENGAGEMENT, exercice, engaged))
    if paid:
        engagements.ajouter(session, number, Mouvement(Nature.PAIEMENT, exercice, paid))


def suivi(session: Session, numero: str = "2024-014") -> Suivi:
    return next(s for s in conventions.suivis(session, 2025, JOUR) if s.convention.numero == numero)


def test_an_act_is_saved_with_its_years_and_changed_in_one_operation(annees: Session) -> None:
    number = acte(annees, annees=(AnneeConvention(2024, 100), AnneeConvention(2025, 200)))
    before = len(annees.operations.recent())
    acte(annees, id=number, objet="Astreintes", annees=(AnneeConvention(2025, 250), AnneeConvention(2026, 50)))
    found = annees.conventions.get(number)
    assert found is not None
    assert (found.objet, [(a.exercice, a.montant) for a in found.annees]) == ("Astreintes", [(2025, 250), (2026, 50)])
    assert len(annees.operations.recent()) == before + 1
    annees.undo()
    undone = annees.conventions.get(number)
    assert undone is not None
    assert [(a.exercice, a.montant) for a in undone.annees] == [(2024, 100), (2025, 200)]


def test_an_act_without_number_is_refused(annees: Session) -> None:
    with pytest.raises(Invalide, match="numéro de l'acte"):
        acte(annees, "  ")


def test_a_number_taken_by_the_same_operator_only_warns(annees: Session) -> None:
    acte(annees)
    twin = Convention("convention", "2024-014", 1)
    assert any("déjà un acte" in p.message for p in conventions.problems(annees, twin))
    other = Convention("convention", "2024-014", 2)
    assert conventions.problems(annees, other) == ()


def test_twenty_seven_contracts_of_fifty_thousand_euros_with_a_duty_of_five_years(
    annees: Session, allouer: Allouer
) -> None:
    for i in range(27):
        who = acte(
            annees,
            f"CRAI-{i + 1:02d}",
            nature="contrat",
            debut="2022-09-01",
            duree_engagement=5,
            annees=(AnneeConvention(2022, 50_000_00),),
        )
        number = allouer(2022, dispositif="CRAI")
        engage(annees, number, 2022, 50_000_00, 50_000_00)
        conventions.rattacher(annees, who, [number])
    found = conventions.suivis(annees, 2025, JOUR)
    assert sum(s.montant for s in found) == sum(s.echeancier.ae for s in found) == 1_350_000_00
    assert {(s.fin, s.etat, s.a_retirer) for s in found} == {("2027-08-31", "en_cours", 0)}


def test_avenants_roll_up_into_the_act_they_change(annees: Session, allouer: Allouer) -> None:
    main = acte(annees, annees=(AnneeConvention(2024, 100),), fin="2025-12-31")
    first = acte(annees, "2024-014-A1", nature="avenant", parent_id=main, annees=(AnneeConvention(2025, 40),))
    second = acte(annees, "2024-014-A2", nature="avenant", parent_id=first, fin="2027-12-31", signee_le="2025-01-05")
    one, two = allouer(2024), allouer(2025)
    conventions.rattacher(annees, main, [one])
    conventions.rattacher(annees, second, [two])
    engage(annees, one, 2024, 100, 30)
    engage(annees, two, 2025, 40)
    found = suivi(annees)
    assert (found.nombre, found.montant, found.fin) == (2, 140, "2027-12-31")
    assert (found.echeancier.ae, found.echeancier.cp, found.echeancier.reste_a_payer) == (140, 30, 110)
    assert len(conventions.suivis(annees, 2025, JOUR)) == 1
    (line,) = [x for x in syntheses.table(annees, [Axe.CONVENTION], None).lignes if x.cle[0]]
    assert (line.cle, line.libelle, line.ae_engagee, line.nombre) == ((str(main),), ("2024-014",), 140, 2)
    assert annees.allocations.somme(syntheses.filtre([Axe.CONVENTION], [str(main)], None)).engage == 140


def test_the_axis_of_conventions_adds_up_to_every_other_axis(annees: Session, allouer: Allouer) -> None:
    bound, free, older = allouer(2025), allouer(2025, operateur_id=2), allouer(2022)
    conventions.rattacher(annees, acte(annees), [bound, older])
    engage(annees, bound, 2025, 100, 30)
    engage(annees, free, 2025, 40)
    engage(annees, older, 2022, 7, 5)
    engagements.ajouter(annees, older, Mouvement(Nature.RETRAIT, 2025, 1))
    for exercice in (None, 2022, 2025):
        wanted = syntheses.table(annees, [Axe.OPERATEUR], exercice, origine=True).total
        by_year = [[Axe.EXERCICE, Axe.CONVENTION]] if exercice is None else []
        for axes in ([Axe.CONVENTION], [Axe.CONVENTION, Axe.THEME], *by_year):
            assert syntheses.table(annees, axes, exercice, origine=True).total == wanted
    unbound = syntheses.table(annees, [Axe.CONVENTION], 2025).lignes[-1]
    assert (unbound.libelle, unbound.nombre, unbound.ae_engagee) == (("Sans convention",), 1, 40)
    assert annees.allocations.somme(Filtre(exercice=2025, conventions=(0,))).engage == 40


def test_allocations_that_bear_the_number_are_bound_those_of_others_are_left(annees: Session, allouer: Allouer) -> None:
    mine, other = allouer(2024, decision=" da-2024-7 "), allouer(2024, decision="DA-2024-7", operateur_id=2)
    allouer(2024, decision="DA-2024-70")
    number = acte(annees, "DA-2024-7", nature="decision")
    done = conventions.rattacher_par_numero(annees, number)
    assert (done.rattachees, done.ailleurs) == (1, 1)
    assert annees.conventions.allocations([number]) == [mine]
    assert annees.allocations.get(other).convention_id is None  # type: ignore[union-attr]
    assert conventions.rattacher_par_numero(annees, number).rattachees == 0


def test_a_deleted_act_leaves_its_allocations_and_comes_back_with_undo(annees: Session, allouer: Allouer) -> None:
    number, bound = acte(annees, annees=(AnneeConvention(2024, 100),)), allouer(2024)
    acte(annees, "A1", nature="avenant", parent_id=number)
    conventions.rattacher(annees, number, [bound])
    conventions.supprimer(annees, number)
    assert [s.convention.numero for s in conventions.suivis(annees, 2025, JOUR)] == ["A1"]
    annees.undo()
    assert (suivi(annees).nombre, suivi(annees).montant, len(suivi(annees).avenants)) == (1, 100, 1)
    with pytest.raises(Refus, match="n'existe plus"):
        conventions.supprimer(annees, 99)


def test_detached_allocations_do_not_count_any_more(annees: Session, allouer: Allouer) -> None:
    number, bound = acte(annees), allouer(2024)
    conventions.rattacher(annees, number, [bound])
    conventions.detacher(annees, [bound])
    assert suivi(annees).nombre == 0


def test_an_act_of_a_closed_exercice_can_still_be_bound(annees: Session, allouer: Allouer) -> None:
    number, bound = acte(annees), allouer(2024)
    with annees.operation("Clore 2024"):
        annees.base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2024")
    conventions.rattacher(annees, number, [bound])
    assert suivi(annees).nombre == 1


def test_acts_are_found_by_number_object_or_operator_that_of_the_operator_first(annees: Session) -> None:
    acte(annees, "2024-001", operateur_id=2, objet="Équipe mobile")
    acte(annees, "2024-002")
    assert [c.numero for c in annees.conventions.search("2024", operateur=1)] == ["2024-002", "2024-001"]
    assert [c.numero for c in annees.conventions.search("urps 001")] == ["2024-001"]


def test_what_the_command_line_says_adds_up(annees: Session, allouer: Allouer) -> None:
    for numero, cents in (("2024-001", 100), ("2024-002", 33)):
        bound = allouer(2024)
        conventions.rattacher(annees, acte(annees, numero), [bound])
        engage(annees, bound, 2024, cents, 10)
        engagements.planifier(annees, bound, {2024: 10, 2026: cents - 20})
    told = conventions.en_json(conventions.suivis(annees, 2025, JOUR), 2025)
    lines, total = told["conventions"], told["total"]
    assert isinstance(lines, list)
    assert isinstance(total, dict)
    for key in ("ae_engagee_centimes", "cp_paye_centimes", "reste_a_payer_centimes", "a_planifier_centimes"):
        assert sum(x[key] for x in lines) == total[key]
    assert total["echeances"] == {"2024": 20, "2026": 93}
    found = echeanciers.par(annees, Axe.CONVENTION, 2025)
    assert (found.total.reste_a_payer, found.total.a_planifier) == (113, 20)
    assert echeanciers.origines(annees, Axe.CONVENTION).restes == {2024: 113}
