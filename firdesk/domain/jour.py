"""Days and moments as the delegate writes them."""

from datetime import date


def french_date(iso: str) -> str:
    """``2025-11-18`` as ``18/11/2025`` (a time is kept to the minute); anything else unchanged."""
    day, _, hour = iso.partition("T") if "T" in iso else iso.partition(" ")
    pieces = day.split("-")
    if [len(p) for p in pieces] != [4, 2, 2]:
        return iso
    return "/".join(reversed(pieces)) + (f" {hour[:5]}" if hour else "")


def is_day(text: str) -> bool:
    """Whether a text is an ISO date of the calendar, as the file keeps it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
