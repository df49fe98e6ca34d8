"""Text whose accents were encoded twice (« DÃ©partement »), told from text that merely looks odd."""

#: What two-byte accents look like once read as cp1252; a text without any of them needs no look.
SIGNES = ("Ã", "Â", "â€", "Å")


def decode_deux_fois(text: str) -> str | None:
    """The text that was meant, ``None`` when this one is not UTF-8 that was read as cp1252."""
    if text.isascii() or not any(sign in text for sign in SIGNES):
        return None
    try:
        meant = b"".join(_byte(c) for c in text).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None
    return meant if len(meant) < len(text) else None


def _byte(char: str) -> bytes:
    """One byte of cp1252; its five holes are read as Latin-1, as browsers and spreadsheets do."""
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")
