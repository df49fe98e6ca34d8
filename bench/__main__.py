"""``python -m bench [WHAT] [LINES ...]``: every measurement, or ``imports``, ``live``, ``figures`` alone.

Imports at 5 000, 100 000 and 300 000 lines, figures at 100 000 and 1 000 000, unless said.
"""

import sys

from bench import figures, imports, live


def main() -> None:
    words = sys.argv[1:]
    wanted = {w for w in words if not w.isdigit()} or {"imports", "live", "figures"}
    sizes = [int(w) for w in words if w.isdigit()]
    if "imports" in wanted:
        for lines in sizes or [5_000, 100_000, 300_000]:
            imports.compare(lines, times=5 if lines <= 10_000 else 1)
    if "live" in wanted:
        live.compare(min(max(sizes, default=100_000), 100_000))
    if "figures" in wanted:
        for lines in sizes or [100_000, 1_000_000]:
            figures.compare(lines)


if __name__ == "__main__":
    main()
