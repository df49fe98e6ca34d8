"""The documents name the commands that exist, and only those."""

import importlib
import re
import shlex
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]
)


def commands() -> dict[str, click.Command]:
    """The commands that users see."""
    group = importlib.import_module("firdesk.cli").cli
    assert isinstance(group, click.Group)
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None and not command.hidden}


def usage_of(name: str) -> str:
    """The lines of the README that show how one command is typed."""
    return "\n".join(re.findall(rf"^.*\bfirdesk {name}\b.*$", README, re.MULTILINE))


def test_each_command_is_in_the_readme() -> None:
    assert [name for name in commands() if not usage_of(name)] == []


def test_each_option_is_in_the_readme() -> None:
    missing = []
    for name, command in commands().items():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                missing += [f"{name} {text}" for text in parameter.opts if text not in usage_of(name)]
    assert missing == []


def test_the_readme_shows_no_other_command() -> None:
    shown = set(re.findall(r"^firdesk ([a-z][a-z-]+)", README, re.MULTILINE))
    assert shown - commands().keys() == set()


def shown_in_the_guide() -> list[list[str]]:
    """The command lines of the guide, as the console would cut them."""
    pages = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs" / "guide").glob("*.md")))
    blocks = re.findall(r"^```\n(.*?)^```", pages, re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for line in "".join(blocks).splitlines()]


def test_the_command_lines_of_the_guide_are_understood() -> None:
    assert len(shown_in_the_guide()) > 30
    for program, name, *arguments in shown_in_the_guide():
        assert program == "firdesk"
        with commands()[name].make_context(name, arguments):
            pass  # an option or an argument too many has raised a UsageError


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)\b(?=[`\s])", DOCUMENTS)) - targets == set()


def test_documents_link_to_files_that_exist() -> None:
    broken = []
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md"))]:
        for link in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in link and not (path.parent / link).exists():
                broken.append(f"{path.name}: {link}")
    assert broken == []
