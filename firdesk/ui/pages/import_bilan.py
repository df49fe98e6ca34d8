"""The panel beside an import: what will be (or was) written, counted and added up to the cent."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from firdesk.domain import money
from firdesk.domain.lot import Lot
from firdesk.services.importing.bilan import Part, parts
from firdesk.services.importing.plan import Plan
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.text import ElidedText, Text, button, hairline

MIN_WIDTH, MAX_WIDTH = 304, 400
#: Between two figures where there is room.
LOOSE = 10
#: How many reasons are told one by one.
RAISONS = 3
RIEN_ECRIT = "Rien n'est encore écrit. Vous pouvez quitter et reprendre plus tard ; l'import s'annule en une fois."
Figure = tuple[str, str, style.Tone]
#: Figures told only where they are not nil, since there is little room.
_PASSES = frozenset({"Réparées", "Ignorées", "Ignoré", "Rejeté"})


class Controle(QFrame):
    """Whether the total of the file is what was read, and where it goes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "encart")
        self._title = Text("", wrap=True)
        self._figure = ElidedText("", "total")
        self._more = Text("", "petit", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.MARGIN, style.SPACE, style.MARGIN, style.SPACE)
        layout.setSpacing(style.HALF)
        for part in (self._title, self._figure, self._more):
            layout.addWidget(part)

    def tell(self, title: str, figure: str, more: Sequence[str], *, sound: bool) -> None:
        """``sound`` is green; otherwise the box is amber and says why."""
        self._title.setText(title)
        self._figure.setText(figure)
        self._more.setText("\n".join(more))
        self._more.setVisible(bool(more))
        style.set_tone(self._figure, "succes" if sound else "alerte")
        self.setProperty("tone", "accent" if sound else "alerte")
        style.repolish(self)
        self.setAccessibleName(" ".join([title, figure, *more]))

    def text(self) -> str:
        """Everything the box says."""
        return self.accessibleName()

    @property
    def sound(self) -> bool:
        return bool(self.property("tone") != "alerte")


class Raisons(QWidget):
    """Why the base does not take the whole file, one line a reason with the way to the findings behind it."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[QWidget] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(style.HALF)

    def show_parts(self, found: Sequence[Part]) -> None:
        """Replace the reasons; the smallest ones beyond ``RAISONS`` share a line."""
        for old in self._shown:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        ordered = sorted(found, key=lambda p: -abs(p.montant))
        shown, rest = ordered[:RAISONS], ordered[RAISONS:]
        if rest:
            shown.append(Part(rest[0].cle, f"{len(rest)} autres motifs", sum(p.montant for p in rest)))
        self._shown = [self._row(part) for part in shown]
        for row in self._shown:
            self._rows.addWidget(row)
        self.setVisible(bool(shown))

    def texts(self) -> list[str]:
        """What the reasons say."""
        return [label.text() for row in self._shown for label in row.findChildren(Text)]

    def links(self) -> list[QPushButton]:
        return [made for row in self._shown for made in row.findChildren(QPushButton)]

    def _row(self, part: Part) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(style.MARGIN, 0, 0, 0)
        row.setSpacing(style.SPACE)
        told = f"{_euros(part.montant)} : {part.texte}"
        row.addWidget(Text(told, "petit", "faible", wrap=True), 1)
        link = button("Voir", "lien", partial(self.asked.emit, part.cle))
        link.setAccessibleName(f"Voir les lignes : {told}")
        row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        return made


class Bilan(Card):
    """Counts, amounts, the check of the totals, and the two buttons of the step."""

    #: the findings behind a part that the base does not take (``ignoree``, ``rejet``)
    lines_asked = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.setMinimumWidth(MIN_WIDTH)
        self.setMaximumWidth(MAX_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._figures: dict[str, str] = {}
        self._counts, self._amounts = QGridLayout(), QGridLayout()
        for grid in (self._counts, self._amounts):
            grid.setColumnStretch(0, 1)
            grid.setVerticalSpacing(LOOSE)
        self._line = hairline()
        self.controle = Controle()
        self.raisons = Raisons()
        self.raisons.asked.connect(self.lines_asked)
        self.connu = Note("")
        self.note = Text("", "petit", "faible", wrap=True)
        self.body.addSpacing(style.HALF)
        self.body.addLayout(self._counts)
        self.body.addSpacing(style.HALF)
        self.body.addWidget(self._line)
        self.body.addSpacing(style.HALF)
        self.body.addLayout(self._amounts)
        self.body.addSpacing(style.HALF)
        self.body.addWidget(self.controle)
        self.body.addWidget(self.raisons)
        self.body.addWidget(self.connu)
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(style.SPACE)
        self.body.addWidget(hairline())
        self.body.addLayout(self._foot)

    def add_buttons(self, *widgets: QWidget) -> None:
        """The first at the left, the others at the right."""
        for place, widget in enumerate(widgets):
            self._foot.addWidget(widget)
            if place == 0:
                self._foot.addStretch(1)

    def show_plan(self, plan: Plan, a_decider: int, rejetees: int) -> None:
        """What a plan would write; ``a_decider`` counts the lines that wait for an answer, not in ``rejetees``."""
        self._fill(self._counts, _counts(plan, a_decider, rejetees))
        self._fill(
            self._amounts,
            _avant_apres(plan),
            label="faible",
        )
        self._line.show()
        self._check(plan)
        self.note.setText(RIEN_ECRIT)

    def show_lot(self, lot: Lot) -> None:
        """What a lot did write."""
        self._fill(
            self._counts,
            [
                ("Lignes lues", money.nombre(lot.lues), "normal"),
                ("Nouvelles", money.nombre(lot.nouvelles), _tone(lot.nouvelles, "succes")),
                ("Modifiées", money.nombre(lot.modifiees), _tone(lot.modifiees, "accent")),
                ("Inchangées", money.nombre(lot.inchangees), "faible"),
                ("Disparues", money.nombre(lot.disparues), _tone(lot.disparues, "alerte")),
                ("Réparées", money.nombre(lot.reparees), _tone(lot.reparees, "alerte")),
                ("Ignorées", money.nombre(lot.ignorees), _tone(lot.ignorees, "normal")),
                *_orphelines(lot.orphelines),
                ("Rejetées", money.nombre(lot.rejetees), _tone(lot.rejetees, "erreur")),
            ],
        )
        self._fill(
            self._amounts,
            [
                ("Total du fichier", _euros(lot.total_fichier), "normal"),
                ("Importé", _euros(lot.total_importe), "normal"),
                ("Ignoré", _euros(lot.total_ignore), _tone(lot.total_ignore, "normal")),
                ("Rejeté", _euros(lot.total_rejete), _tone(lot.total_rejete, "erreur")),
                *(_avant_apres(lot) if lot.mesure else ()),
            ],
            label="faible",
        )
        ecart = lot.ecart - lot.total_ignore - lot.total_rejete
        title = "Total du fichier = importé + ignoré + rejeté"
        if lot.ecart == 0:
            whole = "Tout le fichier est" if not lot.rejetees else "Tous les montants lisibles sont"
            title = f"{whole} dans la base"
        elif ecart:
            title = "Laissé hors de la base (lignes ignorées ou rejetées)"
        self.controle.tell(title, f"écart {_euros(ecart)}", [], sound=not ecart and not lot.rejetees)
        self._show_parts(parts(lot))
        self.note.setText("")

    def figure(self, label: str) -> str:
        """The text shown beside a label."""
        return self._figures[label]

    def warn(self, text: str) -> None:
        """What the user should know before writing; an empty text says nothing."""
        self.connu.set_note(text, "alerte")

    def _check(self, plan: Plan) -> None:
        ecart = plan.total_fichier - plan.total_lu
        wrong = [c for c in plan.controle_totaux if c.lu != c.calcule]
        more = []
        if plan.total_ignore or plan.total_rejete:
            told = [f"importé {_euros(plan.total_importe)}"]
            told += [f"ignoré {_euros(plan.total_ignore)}"] if plan.total_ignore else []
            told += [f"rejeté {_euros(plan.total_rejete)}"] if plan.total_rejete else []
            more.append(" + ".join(told).capitalize())
        more += [f"Total écrit en {c.adresse} : {_euros(c.lu)}, les lignes font {_euros(c.calcule)}." for c in wrong]
        checked = len(plan.controle_totaux) - len(wrong)
        if checked:
            more.append(f"{checked} total{'x' if checked > 1 else ''} du fichier vérifié{'s' if checked > 1 else ''}.")
        title = "Total du fichier = total lu" if not ecart else "Total du fichier ≠ total lu"
        self.controle.tell(
            title,
            f"{_euros(plan.total_fichier)} · écart {_euros(ecart)}",
            more,
            sound=not ecart and not wrong and not plan.total_rejete,
        )
        self._show_parts(parts(plan))
        self.controle.show()

    def _show_parts(self, found: Sequence[Part]) -> None:
        """The reasons take the room of the note, and some from between the figures."""
        self.raisons.show_parts(found)
        self.note.setVisible(len(found) < 2)
        for grid in (self._counts, self._amounts):
            grid.setVerticalSpacing(style.HALF if found else LOOSE)

    def _fill(self, grid: QGridLayout, figures: Sequence[Figure], *, label: style.Tone = "normal") -> None:
        while (item := grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._figures.update((name, figure) for name, figure, _ in figures)
        shown = [f for f in figures if f[0] not in _PASSES or f[2] != "faible"]
        for row, (name, figure, tone) in enumerate(shown):
            words, value = Text(name, "corps", label), Text(figure, "total" if label == "normal" else "montant", tone)
            value.setAccessibleName(f"{name} : {figure}")
            grid.addWidget(words, row, 0)
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)


def _avant_apres(x: Plan | Lot) -> list[Figure]:
    return [
        (f"{x.mesure} avant", _euros(x.notifie_avant), "normal"),
        (f"{x.mesure} après", _euros(x.notifie_apres), "normal"),
        ("Écart", signed(x.notifie_apres - x.notifie_avant), "normal"),
    ]


#: Figures that a screen of 768 pixels shows in full.
_MOST = 7


def _counts(plan: Plan, a_decider: int, rejetees: int) -> list[Figure]:
    vanished = len(plan.disparues)
    told: list[Figure] = [
        ("Lignes lues", money.nombre(plan.lues), "normal"),
        ("Nouvelles", money.nombre(len(plan.nouvelles)), _tone(len(plan.nouvelles), "succes")),
        ("Modifiées", money.nombre(len(plan.modifiees)), _tone(len(plan.modifiees), "accent")),
        ("Inchangées", money.nombre(plan.inchangees), "faible"),
        ("Disparues", money.nombre(vanished), _tone(vanished, "alerte")),
        ("À décider", money.nombre(a_decider), _tone(a_decider, "alerte")),
        ("Rejetées", money.nombre(rejetees), _tone(rejetees, "erreur")),
    ]
    if plan.ignorees_lignes:
        told.append(("Ignorées", money.nombre(plan.ignorees_lignes), "normal"))
    told += _orphelines(len(plan.orphelines))
    # Beyond what a low screen has room for, lines that count nothing are left out.
    return told if len(told) <= _MOST else [x for x in told if x[1] != "0" or x[0] in ("Nouvelles", "Rejetées")]


def _orphelines(count: int) -> list[Figure]:
    return [("dont en attente d'un EJ", money.nombre(count), "alerte")] if count else []


def _tone(count: int, tone: style.Tone) -> style.Tone:
    return tone if count else "faible"


def _euros(cents: int) -> str:
    return money.euros(cents, decimals=True)


def signed(cents: int) -> str:
    """A difference with its sign, ``+ 1 234,00 €``."""
    return f"+ {_euros(cents)}" if cents > 0 else _euros(cents)
