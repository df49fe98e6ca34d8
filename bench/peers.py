"""Run by the interpreter of the peers (``.venv-bench``): time the mere reading of a workbook, print seconds."""

import importlib
import json
import sys
import time
from collections.abc import Callable


def pandas_openpyxl(path: str) -> int:
    import pandas

    return len(pandas.read_excel(path, engine="openpyxl", dtype=str))


def openpyxl_read_only(path: str) -> int:
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    return sum(1 for _ in sheet.iter_rows(values_only=True)) - 1


def calamine(path: str) -> int:
    import python_calamine

    return len(python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1


PEERS: dict[str, Callable[[str], int]] = {
    "pandas (openpyxl)": pandas_openpyxl,
    "openpyxl read-only": openpyxl_read_only,
    "calamine": calamine,
}


MODULES = {"pandas (openpyxl)": "pandas", "openpyxl read-only": "openpyxl", "calamine": "python_calamine"}


def main() -> None:
    name, path = sys.argv[1:]
    importlib.import_module(MODULES[name])  # what is timed is the reading, as for us
    start = time.perf_counter()
    lines = PEERS[name](path)
    json.dump({"seconds": time.perf_counter() - start, "lines": lines}, sys.stdout)


if __name__ == "__main__":
    main()
