"""What the hidden command ``lire-classeur`` runs: the child process that reads one workbook."""

from firdesk.sheets import reader


def child(args: list[str]) -> int:
    """Read the file named by the last argument and write its cells on standard output."""
    return reader.main(args[-1])
