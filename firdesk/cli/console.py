"""What every command shares: its arguments, how a refusal is told, the base it works on, what it writes."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from firdesk.domain.problem import Refus

BASE = click.argument("base", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Écrire un seul objet JSON, montants en centimes.")
EXERCICE = click.option("--exercice", type=int, default=None, help="Année de l'exercice.")


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a refusal into one French sentence on stderr and exit code 1."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Refus as refusal:
            click.echo(refusal.message, err=True)
            sys.exit(1)

    return wrapped


class OpenByDefault(click.Group):
    """``firdesk BASE`` and ``firdesk`` alone open the window; anything else is a command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = {*self.commands, "--help", "--version"}
        if not args or (args[0] not in known and not args[0].startswith("-")):
            args = ["fenetre", *args]
        return super().parse_args(ctx, args)


def open_session(base: Path) -> Any:
    from firdesk.services.session import Session

    return Session.open(base)


def dump(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
