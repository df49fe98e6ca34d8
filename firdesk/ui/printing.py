"""Printing: the pages of the PDF, as images, sent to the printer the user chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from firdesk.domain.problem import Refus

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

PPI = 300


def ask(parent: QWidget, title: str, then: Callable[[QPrinter], object]) -> None:
    """Open the system's print dialog; ``then`` gets the printer chosen."""
    from PySide6.QtPrintSupport import QPrintDialog

    printer = new_printer()
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, on=True)
    dialog.setWindowTitle("Imprimer")
    if dialog.exec() == QPrintDialog.DialogCode.Accepted:
        then(printer)
    dialog.deleteLater()


def new_printer() -> QPrinter:
    """An A4 printer whose whole sheet is ours: the pages bring their margins."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    return printer


def send(printer: QPrinter, pages: Sequence[bytes]) -> None:
    """Paint the pages (those of the range asked); ``Refus`` where the printer does not answer."""
    first = printer.fromPage() or 1
    last = printer.toPage() or len(pages)
    images = [QImage.fromData(content) for content in pages[first - 1 : last]]
    if not images:
        raise Refus(f"Le document a {len(pages)} pages : choisir une page qui existe.")
    printer.setPageOrientation(_orientation(images[0]))
    painter = QPainter()
    if not painter.begin(printer):
        raise Refus("L'imprimante ne répond pas : vérifier qu'elle est allumée, ou en choisir une autre.")
    try:
        for place, image in enumerate(images):
            if place and not printer.newPage():
                raise Refus(f"L'impression s'est arrêtée après {place} pages.")
            painter.drawImage(_room(painter, image), image)
    finally:
        painter.end()


def _orientation(image: QImage) -> QPageLayout.Orientation:
    wide = image.width() > image.height()
    return QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait


def _room(painter: QPainter, image: QImage) -> QRectF:
    """The largest room of the image's shape on the sheet."""
    sheet = QRectF(painter.viewport())
    scale = min(sheet.width() / image.width(), sheet.height() / image.height())
    room = QRectF(0, 0, image.width() * scale, image.height() * scale)
    room.moveCenter(sheet.center())
    return room
