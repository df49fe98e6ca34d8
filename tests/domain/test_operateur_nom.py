"""A name taken apart: what comes and goes from one file to the next, and what tells two operators apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firdesk.domain.operateur_nom import lire_nom


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CH DE LENS", "CENTRE HOSPITALIER DE LENS"),
        ("CH DE LENS", "Hôpital de Lens"),
        ("LENS CENTRE HOSPITALIER", "C.H. Lens"),
        ("CH ST-QUENTIN", "Centre hospitalier de Saint Quentin"),
        ("C.H.U. d'Amiens", "Centre Hospitalier Universitaire AMIENS"),
        ("C.H.R.U. DE LILLE", "CHU Lille"),
        ("EHPAD « Les Lilas »", "Résidence Les Lilas - E.H.P.A.D"),
        ("Maison de retraite Les Lilas", "EHPAD LES LILAS"),
        ("CCAS de Guise", "Centre communal d'action sociale de GUISE"),
        ("M.S.P. de Vervins", "Maison de santé pluriprofessionnelle VERVINS"),
        ("SISA MSP de Vervins", "MSP Vervins"),
        ("GIP Inéa", "INEA"),
        ("Groupement d'intérêt public INÉA", "G.I.P. Inea"),
        ("ASSO L'Étape", "Association L'ETAPE (loi 1901)"),
        ("ASS. LES PAPILLONS BLANCS", "Assoc. Les Papillons blancs"),
        ("GEM La Source", "Association GEM LA SOURCE"),
        ("Clinique du Parc SAS", "S.A.S. CLINIQUE DU PARC"),
        ("GEM n° 2 de Laon", "Groupe d'entraide mutuelle Laon 2"),
        ("C.P.A.M. de l'Aisne", "Caisse primaire d'assurance maladie Aisne"),
        ("Maison du Cœur", "MAISON COEUR"),
        ("Foyer Dr Schaffner", "FOYER DOCTEUR SCHAFFNER"),
    ],
)
def test_two_writings_of_a_name_come_apart_the_same_way(one: str, other: str) -> None:
    assert lire_nom(one) == lire_nom(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CH Laon", "CHU Laon"),
        ("CCAS de Lens", "CIAS de Lens"),
        ("CCAS de Lens", "EHPAD du CCAS de Lens"),
        ("EHPAD de Lens", "CH de Lens"),
        ("GEM 1", "GEM 2"),
        ("Aide 59", "Aide 62"),
        ("URPS A", "URPS B"),
        ("CH de Lens", "CH de Sens"),
        ("IME Les Papillons blancs", "Association Les Papillons blancs"),
        ("Ville de Lens", "Association de Lens"),
    ],
)
def test_two_operators_come_apart_differently(one: str, other: str) -> None:
    assert lire_nom(one) != lire_nom(other)


@pytest.mark.parametrize("name", ["Fondation", "SAS", "Le Siège", "Résidence"])
def test_a_name_made_of_a_legal_form_alone_keeps_it(name: str) -> None:
    assert lire_nom(name).mots


@given(st.text())
def test_any_text_is_read(name: str) -> None:
    read = lire_nom(name)
    assert read == lire_nom(name.upper().lower()) or not name.isascii()
    assert all(n.isdigit() for n in read.nombres)
