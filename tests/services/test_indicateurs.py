"""Indicators typed by cells, and the figures of the published reports loaded without a guess."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from firdesk.domain.dispositif import Dispositif, Indicateur, ValeurIndicateur
from firdesk.domain.problem import Invalide, Refus
from firdesk.services import bilans, dispositifs, indicateurs
from firdesk.services.session import Session, create
from firdesk.services.verification import verify


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("indicateurs") / "modele.firdesk"
    create(path, (2024, 2025))
    with Session.open(path) as session:
        dispositifs.enregistrer(session, Dispositif("GEM", "Groupes d'entraide mutuelle"))
        indicateurs.enregistrer(session, Indicateur("GEM", "Groupes", "GEM"))
    return path


@pytest.fixture
def session(modele: Path, tmp_path: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copy(modele, tmp_path / "essai.firdesk"))) as opened:
        yield opened


def values(session: Session) -> list[tuple[int, int, int | None, int | None, str]]:
    (found,) = session.indicateurs.all("GEM")
    return [(v.exercice, v.annee, v.valeur, v.cible, v.source) for v in found.valeurs]


def test_cells_of_the_grid_are_written_in_one_operation_that_undoes(session: Session) -> None:
    indicateurs.ecrire(session, 1, [(2025, "valeur", "51,5"), (2025, "annee", "2024"), (2025, "cible", "50")])
    indicateurs.ecrire(session, 1, [(2025, "source", "Bilan 2025")])
    assert values(session) == [(2025, 2024, 51_500, 50_000, "Bilan 2025")]
    session.undo()
    assert values(session) == [(2025, 2024, 51_500, 50_000, "")]
    session.undo()
    assert values(session) == []
    assert not any(c.constats for c in verify(session))


def test_an_emptied_value_is_gone_and_never_zero(session: Session) -> None:
    indicateurs.ecrire(session, 1, [(2025, "valeur", "51")])
    indicateurs.ecrire(session, 1, [(2025, "valeur", "")])
    assert values(session) == []


def test_a_block_with_one_wrong_cell_writes_nothing(session: Session) -> None:
    with pytest.raises(Invalide, match=r"2025 : « 1\.234 »"):
        indicateurs.ecrire(session, 1, [(2024, "valeur", "48"), (2025, "valeur", "1.234")])
    assert values(session) == []


def test_a_source_alone_says_nothing_and_is_refused(session: Session) -> None:
    with pytest.raises(Invalide, match="donner d'abord la valeur"):
        indicateurs.ecrire(session, 1, [(2025, "source", "Bilan")])


def test_an_indicator_has_one_name_in_its_scheme(session: Session) -> None:
    with pytest.raises(Invalide, match="existe déjà"):
        indicateurs.enregistrer(session, Indicateur("GEM", "Groupes"))
    with pytest.raises(Invalide, match="Décrire d'abord"):
        indicateurs.enregistrer(session, Indicateur("CLS", "Contrats"))


def told(session: Session, code: str, label: str) -> ValeurIndicateur:
    return next(i for i in session.indicateurs.all(code) if i.libelle == label).valeurs[0]


def test_the_report_of_2025_is_loaded_with_the_line_each_figure_was_read_at(session: Session) -> None:
    bilans.charger(session, 2025)
    equipes = told(session, "EMSP", "équipes")
    assert (equipes.valeur, equipes.annee) == (33_000, 2025)
    assert equipes.source.startswith("Bilan du FIR 2025, l. 1537")
    assert told(session, "Équipes mobiles gériatriques", "patients vus en ES").annee == 2024
    cegidd = told(session, "CeGIDD", bilans.MONTANT)
    assert cegidd.valeur == 8_800_000_000
    assert cegidd.source.endswith("arrondi au M€")
    assert told(session, "Vaccination HPV", "couverture filles 12 ans").valeur == 62_000


def test_what_is_inside_another_amount_is_a_dont_of_its_theme(session: Session) -> None:
    bilans.charger(session, 2025)
    (flca,) = [d for d in session.dispositifs.donts(2025) if "FLCA" in d.libelle]
    assert (flca.montant, flca.theme, flca.dispositif) == (3_100_000_00, "ADDICT", "Prévention en addictologie")


def test_what_is_not_one_number_is_left_aside_with_its_reason(session: Session) -> None:
    read = bilans.lire(session, 2025)
    assert any("42/46" in line for line in read.ecartes)
    assert any("(hors FIR)" in line for line in read.ecartes)
    assert not any("42" in str(v) for (_, label), (_, v) in read.valeurs.items() if "maisons" in label)


def test_the_report_of_a_year_out_of_the_base_leaves_its_donts_aside(session: Session) -> None:
    read = bilans.charger(session, 2020)
    assert read.donts == []
    assert any("l'exercice 2020 n'est pas dans la base" in line for line in read.ecartes)
    assert told(session, "CRAI", "contrats signés").valeur == 27_000


def test_loading_is_one_operation_done_once(session: Session) -> None:
    before = [d.code for d in session.dispositifs.all()]
    bilans.charger(session, 2025)
    with pytest.raises(Refus, match="déjà dans la base"):
        bilans.charger(session, 2025)
    session.undo()
    assert [d.code for d in session.dispositifs.all()] == before
    assert session.dispositifs.donts() == []
    assert not any(c.constats for c in verify(session))


def test_no_amount_of_the_base_moves_when_a_report_is_loaded(base_demo: Path) -> None:
    with Session.open(base_demo) as session:
        before = dispositifs.en_json(session, 2025)["total"]
        bilans.charger(session, 2025)
        assert dispositifs.en_json(session, 2025)["total"] == before
