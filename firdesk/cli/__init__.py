"""The command line: the same use cases as the window. Exit 0 done, 1 refused (French, on stderr), 2 usage."""

import sys

import click

from firdesk import __version__
from firdesk.cli import (
    alertes,
    atterrissage,
    bases,
    budgets,
    conventions,
    dispositifs,
    engagements,
    exercices,
    importer,
    lots,
    operateurs,
    rapprochement,
    recettes,
    syntheses,
    tables,
    territoires,
)
from firdesk.cli.console import OpenByDefault


@click.group(cls=OpenByDefault, help="FIRDesk : suivre le fonds d'intervention régional dans un seul fichier.")
@click.version_option(__version__, prog_name="FIRDesk")
def cli() -> None:
    pass


ROOMS = (
    alertes,
    atterrissage,
    bases,
    budgets,
    conventions,
    dispositifs,
    engagements,
    exercices,
    importer,
    lots,
    operateurs,
    rapprochement,
    recettes,
    syntheses,
    tables,
    territoires,
)
for room in ROOMS:
    for command in room.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Entry point; output is UTF-8 whatever the console of Windows says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="firdesk")
