"""``python -m bench [LINES ...]``: every measurement; 5 000, 100 000 and 300 000 lines unless said."""

import sys

from bench import imports, live


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or [5_000, 100_000, 300_000]
    for lines in sizes:
        imports.compare(lines, times=5 if lines <= 10_000 else 1)
    live.compare(min(max(sizes), 100_000))


if __name__ == "__main__":
    main()
