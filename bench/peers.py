"""Run by the interpreter of the peers (``.venv-bench``): time the mere reading of a workbook, print seconds."""

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


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


def libreoffice(path: str) -> int:
    """What opening the file and saving it as CSV takes, the program being set up and known to the disk already."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*_soffice(), "--convert-to", "csv", "--outdir", folder, path], capture_output=True, check=True)
        with (Path(folder) / Path(path).with_suffix(".csv").name).open("rb") as stream:
            return sum(1 for _ in stream) - 1


def _soffice() -> list[str]:
    """LibreOffice without a window, with a profile of its own: a session of the user does not answer in its place."""
    profile = (Path(tempfile.gettempdir()) / "firdesk-bench-libreoffice").as_uri()
    return ["soffice", "--headless", "--norestore", f"-env:UserInstallation={profile}"]


def ready() -> list[str]:
    """The peers that can be run here; LibreOffice is installed where that is permitted, or it is said how to."""
    if shutil.which("soffice") is None and shutil.which("apt-get") and os.geteuid() == 0:
        for step in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "libreoffice-calc"]):
            subprocess.run(["apt-get", *step], capture_output=True, check=False)
    if shutil.which("soffice") is None:
        print("LibreOffice is left out: apt-get install --no-install-recommends libreoffice-calc")
        return [name for name in PEERS if name != LIBREOFFICE]
    return list(PEERS)


LIBREOFFICE = "LibreOffice headless, to CSV"
PEERS: dict[str, Callable[[str], int]] = {
    "pandas (openpyxl)": pandas_openpyxl,
    "openpyxl read-only": openpyxl_read_only,
    "calamine": calamine,
    LIBREOFFICE: libreoffice,
}
MODULES = {"pandas (openpyxl)": "pandas", "openpyxl read-only": "openpyxl", "calamine": "python_calamine"}


def main() -> None:
    name, path = sys.argv[1:]
    if name in MODULES:
        importlib.import_module(MODULES[name])  # what is timed is the reading, as for us
    else:
        subprocess.run([*_soffice(), "--terminate_after_init"], capture_output=True, check=True)
    start = time.perf_counter()
    lines = PEERS[name](path)
    json.dump({"seconds": time.perf_counter() - start, "lines": lines}, sys.stdout)


if __name__ == "__main__":
    main()
