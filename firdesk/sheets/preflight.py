"""What is checked of a file before any spreadsheet parser sees it; everything is judged by content, never by
name.

A refusal is one French sentence that says what is wrong and how to mend it.
"""

import io
import re
import stat
import zipfile
import zlib
from pathlib import Path

from firdesk.domain.problem import Refus
from firdesk.sheets import ole
from firdesk.sheets.cell import Kind
from firdesk.sheets.scan import DamagedError

MAX_FILE = 256 * 1024**2
MAX_UNPACKED = 1536 * 1024**2
MAX_MEMBERS = 5000
#: Real sheets of repeated values reach a ratio of 60; a bomb 1 000.
MAX_RATIO = 250
#: Below this size no ratio is suspicious.
RATIO_FROM = 32 * 1024**2
MAX_DEPTH = 128

#: What zipfile may raise on a damaged member.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_HEAD = 65536
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SAVE_AS = "l'ouvrir dans Excel et l'enregistrer au format Classeur Excel (.xlsx)"
PASSWORD = "il est protégé par un mot de passe : l'enregistrer sans mot de passe et recommencer"  # noqa: S105
_ROOT = re.compile(rb"<[A-Za-z_]")
_TAG = re.compile(rb"<(/?)[A-Za-z_][^<>]*?(/?)>")
_FOREIGN = (
    (b"%PDF", "c'est un document PDF, non un classeur : demander l'export en .xlsx ou .csv"),
    (b"\x89PNG", "c'est une image, non un classeur : demander l'export en .xlsx ou .csv"),
    (b"\xff\xd8\xff", "c'est une image, non un classeur : demander l'export en .xlsx ou .csv"),
    (b"Rar!", "c'est une archive : en extraire d'abord le classeur"),
    (b"7z\xbc\xaf", "c'est une archive : en extraire d'abord le classeur"),
    (b"\x1f\x8b", "c'est une archive : en extraire d'abord le classeur"),
)


def refusal(name: str, why: str) -> Refus:
    """The sentence of every unreadable file; ``why`` says what is wrong and how to mend it, without a full
    stop.
    """
    return Refus(f"Le fichier « {name} » n'a pas pu être lu : {why}.")


def shown_name(path: Path) -> str:
    """The name of a file as a text; one that comes from another system may be none."""
    return path.name.encode("utf-8", "replace").decode()


def check(path: Path | str) -> Kind:
    """The real kind of the file; ``Refus`` for what no parser should be given.

    The used area of the sheets, which takes a pass over them, is checked too.
    """
    from firdesk.sheets.reader import scan

    path = Path(path)
    data = load(path)
    kind = inspect(data, path.name)
    if kind != "csv":
        scan(data, path.name, kind)
    return kind


def load(path: Path) -> bytes:
    """The whole file, read once so that every later check is about the same bytes; ``Refus`` if impossible."""
    name = shown_name(path)
    if name.startswith("~$"):
        raise refusal(name, "c'est le témoin d'un classeur ouvert dans Excel : choisir le classeur lui-même")
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise refusal(name, "c'est un dossier : choisir un fichier")
        if not stat.S_ISREG(found.st_mode):
            raise refusal(name, "ce n'est pas un fichier : en choisir un")
        if found.st_size > MAX_FILE:
            limit = MAX_FILE // 1024**2
            raise refusal(name, f"il dépasse {limit} Mo : l'enregistrer sans ses images ou le couper en plusieurs")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise refusal(name, "il n'existe pas ou plus à cet endroit") from error
    except PermissionError as error:
        raise refusal(name, "il est ouvert ailleurs ou protégé : le fermer dans Excel et recommencer") from error
    except (OSError, ValueError) as error:
        refus = refusal(name, "le disque ou le réseau ne le donne pas ; le copier sur ce poste et recommencer")
        refus.detail = str(error)
        raise refus from error
    if not data:
        raise refusal(name, "il est vide (0 octet) : demander un nouvel envoi")
    return data


def inspect(data: bytes, name: str) -> Kind:
    """The kind by content, once the container is found sound; the cells are not looked at."""
    if data.startswith(_ZIP):
        return _inspect_zip(data, name)
    if data.startswith(b"PK"):
        raise refusal(name, "l'archive est vide ou en plusieurs morceaux : demander un nouvel envoi")
    if data.startswith(_OLE):
        return _inspect_ole(data, name)
    for magic, why in _FOREIGN:
        if data.startswith(magic):
            raise refusal(name, why)
    return _inspect_text(data, name)


def _inspect_text(data: bytes, name: str) -> Kind:
    from firdesk.sheets.csvfile import utf_16

    head = data[:4096]
    if not head.strip(b"\0"):
        raise refusal(name, "il ne contient que des zéros, signe d'une copie interrompue : demander un nouvel envoi")
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff"))
    if head.count(0) > max(3, len(head) // 50) and not marked and utf_16(head) is None:
        raise refusal(name, "ce n'est ni un classeur ni un fichier CSV : demander l'export en .xlsx ou .csv")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"urn:oasis:names:tc:opendocument" in text:
        raise refusal(name, "c'est un classeur OpenDocument à plat : l'enregistrer au format .ods ou .xlsx")
    if text.startswith((b"<!doctype html", b"<html", b"mime-version:")) or (text[:1] == b"<" and b"<table" in text):
        raise refusal(name, f"c'est une page web qui porte un nom de classeur : {_SAVE_AS}")
    if text.startswith(b"<?xml"):
        raise refusal(name, f"c'est un document XML, non un classeur : {_SAVE_AS}")
    if text.startswith(b"{\\rtf"):
        raise refusal(name, "c'est un document texte : demander l'export en .xlsx ou .csv")
    return "csv"


def _inspect_ole(data: bytes, name: str) -> Kind:
    """Old Excel files; an encrypted ``.xlsx`` is one of these containers too."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise refusal(
            name,
            "il est protégé par un mot de passe : l'enregistrer sans mot de passe et recommencer",
        )
    if len(data) < 1536:
        raise refusal(name, "il est tronqué : demander un nouvel envoi")
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return "xls"
    try:
        ole.stream(data, ())
    except DamagedError as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error
    raise refusal(name, "ce n'est pas un classeur Excel : demander l'export en .xlsx ou .csv")


def _inspect_zip(data: bytes, name: str) -> Kind:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error
    with archive:
        members = archive.infolist()
        _check_directory(members, len(data), name)
        try:
            kind = _kind_of(archive, {m.filename.replace("\\", "/").lower() for m in members}, name)
        except (*UNREADABLE, KeyError) as error:
            raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")):
                _check_xml(archive, member, name)
    return kind


def _check_directory(members: list[zipfile.ZipInfo], size: int, name: str) -> None:
    bomb = "il se déploie en un volume anormal : l'ouvrir dans Excel, l'enregistrer à nouveau et recommencer"
    unpacked = sum(m.file_size for m in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise refusal(name, bomb)
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * max(size, 1):
        raise refusal(name, bomb)
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end or member.header_offset + member.compress_size > size:
            raise refusal(name, "son archive est incohérente : demander un nouvel envoi")
        end = member.header_offset + member.compress_size
        if member.flag_bits & 1:
            raise refusal(name, "son archive est chiffrée : l'enregistrer sans mot de passe et recommencer")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refusal(name, f"sa compression n'est pas celle d'un classeur : {_SAVE_AS}")
    if len({m.filename for m in members}) != len(members):
        raise refusal(name, "son archive est incohérente : demander un nouvel envoi")


def _kind_of(archive: zipfile.ZipFile, names: set[str], name: str) -> Kind:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"
    if "mimetype" in names and archive.read("mimetype")[:200].strip().startswith(_ODS):
        if "content.xml" not in names:
            raise refusal(name, "il est abîmé : demander un nouvel envoi")
        if "meta-inf/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise refusal(name, "il est protégé par un mot de passe : l'enregistrer sans mot de passe et recommencer")
        return "ods"
    if any(n.startswith("word/") for n in names):
        raise refusal(name, "c'est un document Word : en copier le tableau dans un classeur")
    if any(n.startswith("ppt/") for n in names):
        raise refusal(name, "c'est une présentation : en copier le tableau dans un classeur")
    if any(n.endswith((".xlsx", ".xls", ".csv", ".ods")) for n in names):
        raise refusal(name, "c'est une archive : en extraire d'abord le classeur")
    raise refusal(name, "ce n'est pas un classeur : demander l'export en .xlsx ou .csv")


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """Entities (a way to blow memory up or to read other files), foreign encodings and absurd nesting."""
    try:
        with archive.open(member) as stream:
            head = stream.read(_HEAD)
    except UNREADABLE as error:
        raise refusal(name, "il est tronqué ou abîmé : demander un nouvel envoi") from error
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:64]:
        raise refusal(name, f"son contenu est dans un encodage inattendu : {_SAVE_AS}")
    root = _ROOT.search(head)
    if root is None and len(head) == _HEAD:
        raise refusal(name, f"son contenu n'est pas celui d'un classeur : {_SAVE_AS}")
    prologue = head[: root.start()] if root else head
    if b"<!DOCTYPE" in prologue or b"<!ENTITY" in prologue:
        raise refusal(name, f"il déclare des entités XML, ce qu'aucun tableur n'écrit : {_SAVE_AS}")
    depth = deepest = 0
    for closing, single in _TAG.findall(head):
        depth += -1 if closing else 0 if single else 1
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise refusal(name, f"son contenu est imbriqué de façon anormale : {_SAVE_AS}")
