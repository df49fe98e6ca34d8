"""Schemes described, assigned and judged against their ceilings; what is inside or beside never moves a total."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from firdesk.domain import money
from firdesk.domain.allocation import Allocation, Filtre
from firdesk.domain.dispositif import (
    DONT_COMPRIS,
    Cofinancement,
    Dispositif,
    Dont,
    Indicateur,
    Plafond,
    ValeurIndicateur,
)
from firdesk.domain.execution import Mouvement, Nature
from firdesk.domain.operateur import Operateur
from firdesk.domain.problem import Invalide, Refus
from firdesk.domain.synthese import Axe
from firdesk.services import (
    alertes,
    allocations,
    dispositif_classeur,
    dispositifs,
    donts,
    exporting,
    indicateurs,
    reports,
)
from firdesk.services.session import Session, create
from firdesk.services.verification import verify

GEM = Dispositif("GEM", "Groupes d'entraide mutuelle", "PH", "MI2-4-6")


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four allocations of 2025: two of the theme PH, one that bears the scheme CLS nobody described, one apart."""
    path = tmp_path_factory.mktemp("dispositifs") / "modele.firdesk"
    create(path, (2024, 2025))
    with Session.open(path) as session, session.operation("Saisir"):
        session.operateurs.add(Operateur("GEM Le Fil", departement="02"))
        for theme, destination, objet, code, cents in (
            ("PH", "MI2-4-6", "Groupe d'Entraide Mutuelle de Laon", "", 100_000_00),
            ("PH", "MI2-4-6", "GEM entraidé mutuelle de Guise", "", 50_000_00),
            ("COORD", "MI1-1-6", "Coordonnateur CLS", "CLS", 40_000_00),
            ("ADDICT", "MI1-2-30", "Prévention", "", 70_000_05),
        ):
            moves = (Mouvement(Nature.NOTIFICATION, 2025, cents),)
            session.allocations.add(
                Allocation(2025, 1, destination, theme=theme, objet=objet, dispositif=code, mouvements=moves)
            )
    return path


@pytest.fixture
def session(modele: Path, tmp_path: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copy(modele, tmp_path / "essai.firdesk"))) as opened:
        yield opened


def shown(session: Session, code: str) -> dispositifs.LigneDispositif:
    found = dispositifs.ligne(session, code, 2025)
    assert found is not None
    return found


def assign_gem(session: Session) -> None:
    dispositifs.enregistrer(session, GEM)
    found = dispositifs.apercu(session, 2025, "GEM", mots="entraide mutuelle")
    dispositifs.affecter(session, found.ids, "GEM")


def test_a_scheme_met_in_lines_is_listed_as_not_described(session: Session) -> None:
    assert [(x.code, x.decrit, x.notifie) for x in dispositifs.liste(session, 2025)] == [("CLS", False, 40_000_00)]


def test_describing_it_takes_one_gesture_and_the_theme_of_its_lines(session: Session) -> None:
    dispositifs.decrire(session, "CLS")
    made = shown(session, "CLS")
    assert (made.decrit, made.dispositif.theme, made.dispositif.destination) == (True, "COORD", "MI1-1-6")


def test_words_of_the_object_find_lines_whatever_their_accents_and_order(session: Session) -> None:
    found = dispositifs.apercu(session, 2025, "GEM", mots="mutuelle ENTRAIDE")
    assert (found.ids, found.notifie) == ((1, 2), 150_000_00)
    assert dispositifs.apercu(session, 2025, "GEM", themes=["PH"], mots="Laon").ids == (1,)


def test_lines_of_another_scheme_are_left_alone_unless_asked(session: Session) -> None:
    kept = dispositifs.apercu(session, 2025, "GEM", destinations=["MI1-1-6"])
    assert (kept.ids, kept.autres) == ((), 1)
    assert dispositifs.apercu(session, 2025, "GEM", destinations=["MI1-1-6"], remplacer=True).ids == (3,)


def test_assigning_many_lines_is_one_operation_that_undoes(session: Session) -> None:
    assign_gem(session)
    assert (shown(session, "GEM").nombre, shown(session, "GEM").notifie) == (2, 150_000_00)
    session.undo()
    assert shown(session, "GEM").nombre == 0
    assert not any(c.constats for c in verify(session))


def test_assigning_nothing_is_refused(session: Session) -> None:
    with pytest.raises(Refus, match="élargir le filtre"):
        dispositifs.affecter(session, [], "GEM")


def test_a_ceiling_says_what_is_left_and_warns_above_it(session: Session) -> None:
    assign_gem(session)
    dispositifs.enregistrer(session, Dispositif("GEM", "GEM", plafonds=(Plafond(2025, 160_000_00, 0),)), "GEM")
    assert (shown(session, "GEM").disponible, shown(session, "GEM").alertes()) == (10_000_00, ())
    dispositifs.enregistrer(session, Dispositif("GEM", "GEM", plafonds=(Plafond(2025, 140_000_00, 0),)), "GEM")
    assert shown(session, "GEM").disponible == -10_000_00
    (alert,) = shown(session, "GEM").alertes()
    assert not alert.blocking
    assert money.euros(10_000_00) in alert.message


def test_the_ceiling_of_another_exercice_stays_when_one_is_written(session: Session) -> None:
    dispositifs.enregistrer(session, Dispositif("GEM", "GEM", plafonds=(Plafond(2024, 5, 5), Plafond(2025, 6, 6))))
    kept = session.dispositifs.get("GEM")
    assert kept is not None
    dispositifs.enregistrer(session, Dispositif("GEM", "GEM", plafonds=(kept.plafonds[0], Plafond(2025, 7, 7))), "GEM")
    again = session.dispositifs.get("GEM")
    assert again is not None
    assert [(p.exercice, p.ae) for p in again.plafonds] == [(2024, 5), (2025, 7)]


def test_another_code_follows_on_all_that_bore_the_old_one_and_comes_back(session: Session) -> None:
    assign_gem(session)
    donts.enregistrer_dont(session, Dont(2025, "Clubhouses", 1, dispositif="GEM"))
    indicateurs.enregistrer(session, Indicateur("GEM", "Groupes", valeurs=(ValeurIndicateur(2025, 2025, 51_000),)))
    dispositifs.enregistrer(session, Dispositif("GEMC", "GEM et clubhouses"), "GEM")
    assert (shown(session, "GEMC").nombre, shown(session, "GEMC").dont) == (2, 1)
    assert [i.dispositif for i in session.indicateurs.all()] == ["GEMC"]
    session.undo()
    assert (shown(session, "GEM").nombre, shown(session, "GEM").dont) == (2, 1)
    assert not any(c.constats for c in verify(session))


def test_a_code_serves_once(session: Session) -> None:
    dispositifs.enregistrer(session, GEM)
    with pytest.raises(Invalide, match="déjà celui de"):
        dispositifs.enregistrer(session, Dispositif("GEM", "Autre"))


def test_forgetting_a_description_leaves_the_name_on_its_lines(session: Session) -> None:
    assign_gem(session)
    donts.enregistrer_dont(session, Dont(2025, "Clubhouses", 1, dispositif="GEM"))
    indicateurs.enregistrer(session, Indicateur("GEM", "Groupes", valeurs=(ValeurIndicateur(2025, 2025, 1),)))
    dispositifs.supprimer(session, "GEM")
    assert (shown(session, "GEM").decrit, shown(session, "GEM").nombre) == (False, 2)
    assert session.dispositifs.donts() == []
    session.undo()
    assert (shown(session, "GEM").decrit, shown(session, "GEM").dont) == (True, 1)


def test_a_closed_exercice_keeps_its_lines_as_they_are(session: Session) -> None:
    dispositifs.enregistrer(session, GEM)
    with session.operation("Clore"):
        session.base.conn.execute("UPDATE exercice SET statut = 'clos' WHERE annee = 2025")
    with pytest.raises(Refus, match="clos"):
        dispositifs.affecter(session, [1], "GEM")


# Inside and beside


@pytest.fixture
def flca(session: Session) -> Session:
    """A « dont » of the theme ADDICT, one of the destination, and money outside the FIR."""
    assign_gem(session)
    donts.enregistrer_dont(session, Dont(2025, "FLCA", 31_000_05, theme="ADDICT", destination="MI1-2-30"))
    donts.enregistrer_cofinancement(session, Cofinancement(2025, "hors_fir", "ONDAM", 3_200_000_00, dispositif="GEM"))
    return session


@pytest.mark.parametrize("axe", [Axe.THEME, Axe.DESTINATION, Axe.MISSION, Axe.DISPOSITIF])
def test_no_total_moves_when_something_is_told_inside_or_beside(session: Session, axe: Axe) -> None:
    assign_gem(session)
    before = session.syntheses.par((axe,), 2025)
    donts.enregistrer_dont(session, Dont(2025, "FLCA", 31_000_05, theme="ADDICT", destination="MI1-2-30"))
    donts.enregistrer_cofinancement(session, Cofinancement(2025, "hors_fir", "ONDAM", 1_00, dispositif="GEM"))
    assert session.syntheses.par((axe,), 2025) == before


def test_a_dont_stands_under_the_line_that_holds_it(flca: Session) -> None:
    for axe, key in ((Axe.THEME, "ADDICT"), (Axe.DESTINATION, "MI1-2-30")):
        found = donts.de(flca, flca.syntheses.par((axe,), 2025))
        assert {k: [d.libelle for d in v] for k, v in found.items()} == {key: ["FLCA"]}
    assert donts.de(flca, flca.syntheses.par((Axe.MISSION,), 2025)) == {}
    assert donts.de(flca, flca.syntheses.par((Axe.THEME,), 2024)) == {}


def test_the_workbook_writes_it_in_a_column_that_the_total_skips(flca: Session, tmp_path: Path) -> None:
    file = tmp_path / "themes.csv"
    exporting.export(flca, file, axes=[Axe.THEME], exercice=2025)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    told = next(r for r in rows if "dont FLCA" in r["Thème"])
    assert (told["Notifié"], money.parse_strict(told["Dont (compris)"])) == ("", 31_000_05)
    cents = [money.parse_strict(r["Notifié"]) or 0 for r in rows]
    assert cents[-1] == sum(cents[:-1]) == 260_000_05
    assert rows[-1]["Dont (compris)"] == ""


@pytest.mark.parametrize(("axe", "told"), [(Axe.THEME, True), (Axe.MISSION, False)])
def test_the_workbook_speaks_of_them_only_where_it_has_some(
    flca: Session, tmp_path: Path, axe: Axe, told: bool
) -> None:
    file = tmp_path / "table.xlsx"
    exporting.export(flca, file, axes=[axe], exercice=2025)
    cells = {str(cell.value) for row in openpyxl.load_workbook(file).worksheets[0] for cell in row}
    assert (DONT_COMPRIS in cells) is told


@pytest.mark.parametrize("name", ["themes", "destinations"])
def test_the_report_prints_it_under_its_line_and_says_no_total_counts_it(flca: Session, name: str) -> None:
    data = reports.data(flca, name, 2025)
    rows, total = data["lignes"], data["total"]
    assert isinstance(rows, list)
    assert isinstance(total, list)
    (told,) = [r["cellules"] for r in rows if "dont FLCA" in str(r["cellules"])]
    assert money.euros(31_000_05, decimals=True) in told
    assert money.euros(260_000_05, decimals=True) in total
    assert all(len(r["cellules"]) == len(total) for r in rows)
    assert any("aucun total" in str(note) for note in data["notes"])  # type: ignore[attr-defined]
    assert reports.pdf(flca, name, 2025).startswith(b"%PDF")


def test_a_dont_above_what_holds_it_is_told(flca: Session) -> None:
    assert donts.alertes(flca, 2025) == []
    donts.enregistrer_dont(flca, Dont(2025, "Clubhouses", 150_000_01, dispositif="GEM"))
    assert ["Clubhouses" in p.message for p in donts.alertes(flca, 2025)] == [True]


def test_a_coordinator_paid_above_half_is_told_once_the_other_funder_is_known(session: Session) -> None:
    cls = Dispositif("CLS", "CLS", part_max=5000, plafond_unite=30_000_00, unite="ETP")
    dispositifs.enregistrer(session, cls)
    assert donts.alertes(session, 2025, "CLS") == []
    donts.enregistrer_cofinancement(
        session, Cofinancement(2025, "cofinancement", "Ville de Laon", 40_000_00, allocation_id=3, quantite=100)
    )
    (rule,) = donts.regles(session, cls, 2025)
    assert (rule.notifie, rule.maximum, rule.depassement) == (40_000_00, 30_000_00, 10_000_00)
    assert "2025-0003" in donts.alertes(session, 2025, "CLS")[0].message
    assert shown(session, "CLS").cofinance == 40_000_00


def test_an_allocation_is_deleted_with_its_funders_and_comes_back_with_them(session: Session) -> None:
    donts.enregistrer_cofinancement(session, Cofinancement(2025, "cofinancement", "Ville", 5_00, allocation_id=3))
    allocations.delete(session, [3])
    assert session.dispositifs.cofinancements() == []
    session.undo()
    assert [c.allocation_id for c in session.dispositifs.cofinancements()] == [3]


def test_the_dashboard_hears_of_a_ceiling_passed(session: Session) -> None:
    dispositifs.enregistrer(session, Dispositif("CLS", "CLS", plafonds=(Plafond(2025, 1, 1),)))
    told = [a for a in alertes.liste(session, 2025) if a.regle == "plafond_dispositif"]
    assert ["Plafond AE" in a.texte for a in told] == [True]


def test_the_workbook_of_schemes_adds_up_and_keeps_apart_what_is_outside(flca: Session, tmp_path: Path) -> None:
    file = tmp_path / "dispositifs.xlsx"
    dispositif_classeur.ecrire(flca, file, 2025)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Dispositifs", "Dont", "Financements", "Indicateurs"]
    rows = list(book["Dispositifs"].iter_rows(values_only=True))
    head = next(i for i, row in enumerate(rows) if "Notifié" in row)
    place = rows[head].index("Notifié")
    cells = [round(float(str(r[place])) * 100) for r in rows[head + 1 :] if r[place] is not None]
    assert cells[-1] == sum(cells[:-1]) == 190_000_00
    assert any("ONDAM" in str(r) for r in book["Financements"].iter_rows(values_only=True))


def test_the_lines_of_a_scheme_answer_its_filter(session: Session) -> None:
    assign_gem(session)
    assert session.allocations.somme(Filtre(2025, dispositifs=("GEM",))).notifie == shown(session, "GEM").notifie
