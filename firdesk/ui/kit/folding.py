"""Text folded for comparison: without case, accents, ligatures nor doubled spaces."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-"})


def fold(text: str) -> str:
    """``Équipes  mobiles`` as ``equipes mobiles``."""
    bare = unicodedata.normalize("NFD", text.casefold().translate(_LIGATURES))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())
