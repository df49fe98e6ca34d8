"""Looking back at imports from the command line: listed for ever, undone with what depends on them."""

from pathlib import Path

import pytest

from firdesk.domain.allocation import Filtre
from firdesk.services.session import Session, create
from tests.cli.test_commands import read, run
from tests.services.importing.fichiers import stars, write_stars


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base with one import, a line of it corrected since."""
    path = tmp_path / "base.firdesk"
    create(path, (2025,))
    read("importer", path, write_stars(tmp_path / "envoi.csv", [stars(1), stars(2)]))
    with Session.open(path) as session, session.operation("Corriger l'objet"):
        session.allocations.assign(session.allocations.ids(Filtre())[0], {"objet": "Corrigé"})
    return path


def test_an_undone_import_is_still_listed(base: Path) -> None:
    (one,) = read("imports", base)["imports"]
    assert (one["lot"], one["fichier"], one["nouvelles"], one["annule_le"]) == (1, "envoi.csv", 2, None)
    assert one["total_importe_centimes"] == 2 * 1000_50
    assert {"question": "Profil", "choix": "StarsFIR", "par": "reconnu"} in one["choix"]
    assert run("annuler", base, one["operation"], "--suivantes").exit_code == 0
    (one,) = read("imports", base)["imports"]
    assert (one["lot"], one["nouvelles"], bool(one["annule_le"])) == (None, 2, True)
    assert "(annulé le " in run("imports", base).stdout


def test_what_stands_in_the_way_is_named_with_the_way_to_undo_it(base: Path) -> None:
    operation = read("imports", base)["imports"][0]["operation"]
    refused = run("annuler", base, operation)
    assert refused.exit_code == 1
    assert f"n° {operation + 1}, Corriger l'objet : 2025-0001" in refused.stderr
    assert "--suivantes" in refused.stderr
    done = run("annuler", base, operation, "--suivantes")
    assert "et 1 opération(s) plus récente(s)" in done.stdout
    with Session.open(base) as session:
        assert session.allocations.count() == 0
