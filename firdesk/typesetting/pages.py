"""A report template and its data in, finished pages out (PDF/UA-1, PNG or SVG), set by Typst.

Refuses to know where the figures come from. Data reaches the template as one JSON text in ``sys.inputs``:
it is only ever printed as text, so nothing that a user typed is read as Typst markup.
"""

import datetime
import json
import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from firdesk.paths import REPORTS, font_file
from firdesk.typesetting.glyphs import printable

if TYPE_CHECKING:
    import typst

log = logging.getLogger(__name__)

#: Before the French sentence with which a template refuses its data (``#panic``).
_REFUSAL = "panicked with: "


class TypesettingError(Exception):
    """A report that could not be set: ``template``, a French message, and Typst's own ``details``."""

    def __init__(self, template: str, message: str, details: str = "") -> None:
        super().__init__(f"Le rapport « {template} » n'a pas pu être mis en page\u00a0: {message}")
        self.template = template
        self.details = details


def pdf(template: str, data: Mapping[str, object]) -> bytes:
    """The report as a tagged PDF/UA-1 file; the same data gives the same bytes.

    ``template`` is the stem of a file of ``resources/reports``; ``data`` is JSON-like and has at least
    ``date`` (ISO), the date written in the file. Raises :class:`TypesettingError`.
    """
    return _pages(template, data, "pdf")[0]


def png(template: str, data: Mapping[str, object], *, ppi: int = 144) -> list[bytes]:
    """The same pages as :func:`pdf`, one PNG image each, at ``ppi`` pixels per inch."""
    return _pages(template, data, "png", ppi=ppi)


def svg(template: str, data: Mapping[str, object]) -> list[bytes]:
    """The same pages as :func:`pdf`, one SVG document each (text as outlines, no font needed)."""
    return _pages(template, data, "svg")


def _pages(
    template: str, data: Mapping[str, object], kind: Literal["pdf", "png", "svg"], ppi: int = 144
) -> list[bytes]:
    import typst

    source = REPORTS / f"{template}.typ"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", template) or not source.is_file():
        raise TypesettingError(template, "ce modèle n'existe pas.")
    try:
        compiler = typst.Compiler(
            source,
            root=REPORTS,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"donnees": _payload(data)},
        )
        result, warnings = compiler.compile_with_warnings(
            format=kind,
            ppi=ppi,
            pdf_standards="ua-1" if kind == "pdf" else [],
            timestamp=_timestamp(template, data),
        )
    except typst.TypstError as error:
        raise TypesettingError(template, error.message.removeprefix(_REFUSAL), error.diagnostic) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a bug of Typst reaches Python outside Exception
            raise
        raise TypesettingError(template, "défaut du moteur de mise en page.", str(error)) from error
    for warning in warnings:
        log.warning("%s: %s", template, warning.message)
    return result if isinstance(result, list) else [result or b""]


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    """Inter alone, upright and italic with all its weights: neither the system's nor Typst's own fonts."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[font_file().parent],
    )


def _payload(data: Mapping[str, object]) -> str:
    return json.dumps(_clean(data), ensure_ascii=False, allow_nan=False)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_clean(item) for item in value]
    return value


def _timestamp(template: str, data: Mapping[str, object]) -> datetime.datetime:
    """Midnight UTC of the report's date: the only clock that a template can read."""
    try:
        day = datetime.date.fromisoformat(str(data.get("date")))
    except ValueError as error:
        raise TypesettingError(template, f"date attendue AAAA-MM-JJ, lue «\u00a0{data.get('date')}\u00a0».") from error
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)
