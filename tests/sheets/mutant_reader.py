"""A child that reads many files, one named on each line of its input, so that a panic or an abort is met for real.

Answers one line a file: ``lu``, ``refus``, or the trace of what should never have been raised. What was read is
beside the file, as the program would receive it.
"""

import gc
import json
import sys
import traceback
from pathlib import Path

from firdesk.domain.problem import Refus
from firdesk.sheets.reader import read_lines


def main() -> None:
    gc.disable()
    for line in sys.stdin:
        path = Path(json.loads(line))
        try:
            path.with_name(path.name + ".lu").write_bytes(b"".join(read_lines(path)))
            answer = ["lu", ""]
        except Refus as refus:
            answer = ["refus", refus.message]
        except MemoryError:
            answer = ["refus", ""]
        except BaseException:
            answer = ["bogue", traceback.format_exc()]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
