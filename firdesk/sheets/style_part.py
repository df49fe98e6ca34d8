"""The styles of a workbook with a few more: every style already there keeps its number and its text."""

import re

#: The background of a marked cell; unlike any colour of the palettes, so that it is known again.
FILL = "FFFFCFC8"
_XF = r"<{p}xf\b[^>]*?/>|<{p}xf\b[^>]*>.*?</{p}xf>"
_FILL_ID = re.compile(r"""\s+fillId=["']\d+["']""")
_APPLY_FILL = re.compile(r"""\s+applyFill=["'][^"']*["']""")
_COUNT = re.compile(r"""\s+count=["']\d+["']""")
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{main}">'
    '<fonts><font/></fonts><fills><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf xfId="0"/></cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Styles:
    """``cellXfs``, ``fonts`` and ``fills`` of one ``styles.xml``; the rest goes through as it came."""

    def __init__(self, text: str) -> None:
        self._text = text
        root = re.search(r"<(?:([A-Za-z_][\w.-]*):)?styleSheet\b", text)
        if root is None:
            raise ValueError("no styleSheet element")
        self._p = f"{root.group(1)}:" if root.group(1) else ""
        self._xfs = re.findall(_XF.format(p=self._p), self._block("cellXfs"), re.DOTALL)
        self._fonts = self._children("fonts", "font")
        self._fills = self._children("fills", "fill")
        self._known = (len(self._fonts), len(self._fills), len(self._xfs))
        self._marked: dict[int, int] = {}
        self._fill: int | None = None

    @classmethod
    def empty(cls, main: str) -> "Styles":
        """Those of a workbook that has none; ``main`` is its name space."""
        return cls(_EMPTY.format(main=main))

    def marked(self, style: int) -> int:
        """The style of a cell that has ``style`` (or none: 0), with the background of a mark."""
        if style not in self._marked:
            made = self._xfs[style] if style < len(self._xfs) else f"<{self._p}xf/>"
            self._marked[style] = self._add(_filled(made, self._p, self._mark_fill()))
        return self._marked[style]

    def restored(self) -> dict[int, int]:
        """Styles that bear the mark of an earlier time → the style they were before."""
        fills = {i for i, fill in enumerate(self._fills) if f'"{FILL}"' in fill.upper()}
        plain: dict[str, int] = {}
        for number, xf in enumerate(self._xfs):
            if _fill_of(xf) not in fills:
                kept = plain.setdefault(_bare(xf), number)
                if _fill_of(xf) == 0 and _fill_of(self._xfs[kept]):
                    plain[_bare(xf)] = number
        found = {}
        for number, xf in enumerate(self._xfs):
            if _fill_of(xf) in fills and _bare(xf) in plain:
                found[number] = plain[_bare(xf)]
        return found

    def add(self, *, bold: bool = False, link: bool = False, wrap: bool = False, grey: bool = False) -> int:
        """A style of our own, as texts."""
        p = self._p
        font = 0
        if bold or link:
            base = self._fonts[0] if self._fonts else f"<{p}font/>"
            name, size = (re.search(rf"<{p}{tag}\b[^>]*/>", base) for tag in ("name", "sz"))
            parts = [f"<{p}b/>"] if bold else [f"<{p}u/>"]
            parts += [size.group()] if size else []
            parts += [f'<{p}color rgb="FF0B5CAD"/>'] if link else []
            parts += [name.group()] if name else []
            font = len(self._fonts)
            self._fonts.append(f"<{p}font>{''.join(parts)}</{p}font>")
        fill = self._add_fill("FFE7ECF3") if grey else 0
        wrapped = ' wrapText="1"' if wrap else ""
        return self._add(
            f'<{p}xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" applyNumberFormat="1" '
            f'applyFont="1" applyFill="1" applyAlignment="1"><{p}alignment vertical="top"{wrapped}/></{p}xf>'
        )

    def render(self) -> str:
        """The whole part."""
        text = self._text
        fonts, fills, xfs = self._known
        for name, items, known in (
            ("fonts", self._fonts, fonts),
            ("fills", self._fills, fills),
            ("cellXfs", self._xfs, xfs),
        ):
            if len(items) > known:
                text = self._appended(text, name, items[known:], len(items))
        return text

    def _mark_fill(self) -> int:
        if self._fill is None:
            self._fill = self._add_fill(FILL)
        return self._fill

    def _add_fill(self, colour: str) -> int:
        p = self._p
        self._fills.append(
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{colour}"/><{p}bgColor indexed="64"/>'
            f"</{p}patternFill></{p}fill>"
        )
        return len(self._fills) - 1

    def _add(self, xf: str) -> int:
        self._xfs.append(xf)
        return len(self._xfs) - 1

    def _block(self, name: str) -> str:
        found = re.search(rf"<{self._p}{name}\b[^>]*>(.*?)</{self._p}{name}>", self._text, re.DOTALL)
        return found.group(1) if found else ""

    def _children(self, name: str, child: str) -> list[str]:
        return re.findall(
            rf"<{self._p}{child}\b[^>]*?/>|<{self._p}{child}\b[^>]*>.*?</{self._p}{child}>",
            self._block(name),
            re.DOTALL,
        )

    def _appended(self, text: str, name: str, items: list[str], count: int) -> str:
        def opening(match: re.Match[str]) -> str:
            return _COUNT.sub("", match.group(1)) + f' count="{count}">'

        p = self._p
        text = re.sub(rf"(<{p}{name}\b[^>]*?)>", opening, text, count=1)
        return text.replace(f"</{p}{name}>", "".join(items) + f"</{p}{name}>", 1)


def _filled(xf: str, prefix: str, fill: int) -> str:
    name = f"<{prefix}xf"
    bare = _APPLY_FILL.sub("", _FILL_ID.sub("", xf, count=1), count=1)
    return f'{name} fillId="{fill}" applyFill="1"{bare[len(name) :]}'


def _fill_of(xf: str) -> int:
    found = re.search(r"""\sfillId=["'](\d+)["']""", xf)
    return int(found.group(1)) if found else 0


def _bare(xf: str) -> str:
    """What a style is beside its background, whatever the order of its attributes."""
    head, _, rest = xf.partition(">")
    attributes = sorted(re.findall(r"""([\w:]+)=["']([^"']*)["']""", _APPLY_FILL.sub("", _FILL_ID.sub("", head))))
    return str(attributes) + rest
