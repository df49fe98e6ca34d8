"""The step that shows how a file is understood: sheet, header row, the field of each column; and changes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from firdesk.services.importing import correspondance_apprise as apprises
from firdesk.services.importing import correspondance_brouillon as brouillons
from firdesk.services.importing.correspondance import LIBRE
from firdesk.services.importing.correspondance_brouillon import Apercu, Brouillon
from firdesk.services.importing.plan import Plan
from firdesk.services.importing.profiles import PROFILS
from firdesk.services.importing.reglages import Reglages
from firdesk.services.importing.run import Workbook
from firdesk.services.importing.tables import Table
from firdesk.services.session import Session
from firdesk.ui.kit import style
from firdesk.ui.kit.cards import Card, Note
from firdesk.ui.kit.room import Room
from firdesk.ui.kit.text import ElidedText, button
from firdesk.ui.pages.import_colonnes_listes import ENCODAGES, SEPARATEURS, avec, liste, rangee, remplir
from firdesk.ui.pages.import_correspondance_choix import ChampPropose, ChoixChamp
from firdesk.ui.pages.import_correspondance_grille import Grille
from firdesk.ui.pages.import_correspondance_modele import Titre
from firdesk.ui.pages.import_correspondance_panneau import Panneau, champs_de
from firdesk.ui.pages.import_en_cours import ImportEnCours
from firdesk.ui.pages.import_tableaux import ChoixTableau

INCONNU = "Ce fichier ne ressemble à aucun export connu. Vérifier ce que deviennent ses colonnes, puis continuer."
AIDE = "Flèches : aller à une colonne · Entrée : choisir son champ · Suppr : ne pas la reprendre · Espace : en-tête ici"


class Colonnes(Room, QWidget):
    """Rows of the file under the fields that its columns become; nothing is planned again before *Continuer*."""

    profil_chosen = Signal(object)
    feuille_chosen = Signal(object)
    #: a table of the workbook that is a known export
    table_chosen = Signal(object)
    exercice_chosen = Signal(object)
    #: choices to plan with
    applied = Signal(object)
    #: separator or encoding to read the file again with
    reread = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._book: Workbook | None = None
        self._plan: Plan | None = None
        self._reglages = Reglages()
        self._drafts: list[Brouillon] = []
        self._column = 0
        self.apercu: Apercu | None = None
        self.profil = liste("Lire comme", 176)
        self.feuille = liste("Feuille", 152)
        self.exercice = liste("Exercice", 168)
        self.separateur = liste("Séparateur", 144)
        self.encodage = liste("Encodage", 160)
        self.tableaux = ChoixTableau()
        self.faits = ElidedText("", "petit", "faible")
        self.refus = Note("")
        self.grille = Grille()
        self.panneau = Panneau()
        self.choix = ChoixChamp(self)
        self.annuler = button("Annuler le changement", "lien", self.undo)
        self.revenir = button("Revenir à la proposition", "lien", self.start_again)
        self.notes = QVBoxLayout()
        self.notes.setSpacing(style.HALF)
        self._texte = QWidget()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.grille)

    def _lay_out(self) -> None:
        card = Card("En-tête et colonnes")
        card.add_action(self.annuler)
        card.add_action(self.revenir)
        self._feuilles = QWidget()
        self._feuilles.setLayout(rangee(self.feuille, stretch=False))
        head = rangee(self.profil, stretch=False)
        head.addWidget(self._feuilles)
        head.addLayout(rangee(self.exercice))
        card.body.addLayout(head)
        card.body.addWidget(self.tableaux)
        text = rangee(self.separateur, self.encodage)
        text.setContentsMargins(0, 0, 0, 0)
        self._texte.setLayout(text)
        card.body.addWidget(self._texte)
        card.body.addWidget(self.faits)
        card.body.addWidget(self.refus)
        card.body.addWidget(self.grille, 1)
        card.body.addWidget(ElidedText(AIDE, "petit", "faible"))
        card.body.addLayout(self.notes)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.WIDE)
        layout.addWidget(card, 1)
        layout.addWidget(self.panneau)

    def _connect(self) -> None:
        self.profil.activated.connect(self._profil_chosen)
        self.feuille.activated.connect(lambda _: self._feuille_chosen(self.feuille.currentData()))
        self.tableaux.table_chosen.connect(self._table_chosen)
        self.tableaux.feuille_chosen.connect(self._feuille_chosen)
        self.exercice.activated.connect(self._exercice_chosen)
        self.separateur.activated.connect(lambda _: self.reread.emit({"separateur": self.separateur.currentData()}))
        self.encodage.activated.connect(lambda _: self.reread.emit({"encodage": self.encodage.currentData()}))
        self.grille.asked.connect(self._ask)
        self.grille.cleared.connect(lambda column: self.put(column, ""))
        self.grille.dropped_on.connect(self.put)
        self.grille.header_chosen.connect(self.choose_header)
        self.choix.chosen.connect(self._chosen)
        self.choix.closed.connect(self.grille.setFocus)
        self.panneau.destination_chosen.connect(self._destination_chosen)
        self.panneau.named.connect(self._named)
        self.panneau.champ_asked.connect(lambda champ: self.put(self.grille.currentIndex().column(), champ))

    # What is shown

    @property
    def brouillon(self) -> Brouillon | None:
        return self._drafts[-1] if self._drafts else None

    @property
    def changed(self) -> bool:
        """Whether the user has changed something since the step was filled."""
        return len(self._drafts) > 1

    def show_import(self, encours: ImportEnCours) -> None:
        """Show the workbook as planned, or as proposed; what the user has changed stays until it is planned."""
        book, plan = encours.workbook, encours.plan
        if book is None:
            return
        again = self.changed and encours.reglages == self._reglages
        if book is not self._book or (plan is not None and plan is not self._plan and not again):
            begun = brouillons.commencer(book, encours.reglages, plan, apprises.toutes(self._session))
            self._drafts = [begun] if begun is not None else []
            if book is not self._book:
                self.grille.forget()
        self._book, self._plan, self._reglages = book, plan, encours.reglages
        self.tableaux.set_tables(encours.tables, [g.name for g in book.grids if g.rows])
        self._feuilles.setVisible(not self.tableaux.plusieurs)
        self.refus.set_note(
            _refusal(encours, self.brouillon), "alerte" if _unknown(encours, self.brouillon) else "erreur"
        )
        self._fill_combos(encours, book)
        self._show_draft(rows=True)

    def _fill_combos(self, encours: ImportEnCours, book: Workbook) -> None:
        draft, known = self.brouillon, apprises.toutes(self._session)
        kinds: list[tuple[str, object]] = [("Reconnaître", None), *((p.nom, p.nom) for p in PROFILS.values())]
        kinds += [(LIBRE.libelle, LIBRE.nom), *((a.nom, a.nom) for a in known)]
        remplir(self.profil, kinds, None)
        remplir(self.feuille, [(g.name, g.name) for g in book.grids if g.rows], draft.feuille if draft else None)
        self.feuille.setEnabled(self.feuille.count() > 1)
        years = sorted({*encours.annees, *self._session.nomenclatures.exercices()}, reverse=True)
        first = "Celui du fichier"
        if draft is not None and draft.index_de("campagne") is None and draft.libre:
            said = brouillons.apercu(book, replace(draft, exercice=None)).exercice
            first = f"{said} (lu)" if said else "À choisir"
        remplir(self.exercice, [(first, None), *((str(y), y) for y in years)], draft.exercice if draft else None)
        self._texte.setVisible(book.kind == "csv")
        remplir(self.separateur, avec(SEPARATEURS, book.delimiter), book.delimiter)
        remplir(self.encodage, avec(ENCODAGES, book.encoding), book.encoding)

    def _show_draft(self, *, rows: bool = False) -> None:
        draft, book = self.brouillon, self._book
        self.tableaux.show_draft(draft, brouillons.grille(book, draft.feuille).first_column if book and draft else 0)
        if draft is None or book is None:
            self.grille.show_file((), (), -1)
            return
        known = self.profil.findData(draft.nom)
        self.profil.setCurrentIndex(known if draft.nom and known >= 0 else self.profil.findData(draft.genre))
        lettres = brouillons.lettres(book, draft)
        titres = [_titre(draft, i, letter) for i, letter in enumerate(lettres)]
        if rows:
            self.grille.show_file(titres, brouillons.lignes(book, draft), draft.entete + 1)
        else:
            self.grille.retitle(titres)
        plan = self._plan if brouillons.meme_table(draft, self._drafts[0]) else None
        self._show_notes(dict.fromkeys(plan.notes if plan is not None else book.notes))
        self.apercu = brouillons.apercu(book, draft, None if self.changed else self._plan)
        taken = {a.nom for a in apprises.toutes(self._session)}
        self.panneau.set_destinations(self._destinations(draft, self.apercu))
        self.panneau.show_draft(draft, self.apercu, lettres, apprises.nom_du_fichier(book.name, taken))
        self.faits.setText(_facts(book, draft, len(lettres)))
        self.annuler.setVisible(self.changed)
        self.revenir.setVisible(self.changed and draft != self._drafts[0])

    def _destinations(self, draft: Brouillon, apercu: Apercu) -> list[tuple[str, str]]:
        years = self._session.nomenclatures.exercices()
        year = apercu.exercice if apercu.exercice in years else next(iter(years), 0)
        return [(d.code, f"{d.code} {d.libelle}") for d in self._session.nomenclatures.destinations(year)]

    def _show_notes(self, notes: Iterable[str]) -> None:
        while (item := self.notes.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for note in list(notes)[:3]:
            self.notes.addWidget(ElidedText(f"· {note}", "petit", "faible"))

    # What the user changes

    def put(self, column: int, champ: str) -> None:
        """Give a column a field, or none."""
        if self.brouillon is not None and column >= 0:
            self._change(self.brouillon.poser(column, champ))

    def choose_header(self, number: int) -> None:
        """Take another row (as a spreadsheet numbers it) as the header: proposed again from there."""
        draft, book = self.brouillon, self._book
        if draft is None or book is None or number == draft.entete + 1:
            return
        known = apprises.toutes(self._session)
        made = brouillons.proposer(
            book,
            draft.feuille,
            known,
            genre=draft.genre,
            entete=number,
            colonne=draft.colonne,
            exercice=draft.exercice,
        )
        self._change(replace(made, textes=made.textes or draft.textes, nom=made.nom or draft.nom), rows=True)

    def undo(self) -> None:
        """Take back the latest change of this step."""
        if self.changed:
            before = self._drafts.pop()
            self._show_draft(rows=not brouillons.meme_table(self._drafts[-1], before))

    def start_again(self) -> None:
        """Back to what was proposed; that can be undone too."""
        if self.changed and self.brouillon != self._drafts[0]:
            self._change(self._drafts[0], rows=True)

    def apply(self) -> bool:
        """Ask for a plan with what was changed; whether the step goes on only after it."""
        draft, book = self.brouillon, self._book
        if draft is None or book is None or self.apercu is None:
            return False
        if self._plan is not None and not self.changed:
            return False
        if not self.apercu.manquants:
            self.applied.emit(brouillons.reglages(book, draft))
        return True

    def _change(self, draft: Brouillon, *, rows: bool = False) -> None:
        if draft != self.brouillon:
            self._drafts.append(draft)
            self._show_draft(rows=rows)

    def _ask(self, column: int, typed: str) -> None:
        draft, book = self.brouillon, self._book
        if draft is None or book is None:
            return
        self._column = column
        case = draft.cases.get(column)
        champs = [
            ChampPropose("", "Ne pas reprendre cette colonne"),
            *champs_de(draft, brouillons.lettres(book, draft)),
        ]
        self.choix.open_at(self.grille.place_of(column), champs, case.champ if case else "", typed)

    def _chosen(self, champ: str) -> None:
        self.put(self._column, champ)
        self.grille.setFocus()

    def _destination_chosen(self, code: str) -> None:
        draft = self.brouillon
        if draft is None:
            return
        if self.changed and replace(draft, textes=self._drafts[-2].textes) == self._drafts[-2]:
            self._drafts.pop()  # still typing: one change
        wanted = draft.texte("mesure3", code)
        if wanted != self.brouillon:
            self._drafts.append(wanted)
        self._show_draft()

    def _named(self, nom: str) -> None:
        if self._drafts:
            self._drafts[-1] = replace(self._drafts[-1], nom=nom)

    def _profil_chosen(self) -> None:
        chosen = self.profil.currentData()
        if chosen != LIBRE.nom:
            self._drafts, self._plan, self._book = [], None, None
            self.profil_chosen.emit(chosen)
        elif (
            self._book is not None
            and self.brouillon is not None
            and not (self.brouillon.libre and not self.brouillon.nom)
        ):
            draft = self.brouillon
            made = brouillons.proposer(self._book, draft.feuille, (), colonne=draft.colonne, exercice=draft.exercice)
            self._change(replace(made, nom=""), rows=True)

    def _table_chosen(self, table: Table) -> None:
        """An export is planned at once; the columns of any other table are proposed, to be looked at."""
        draft, book = self.brouillon, self._book
        if draft is None or book is None:
            return
        if table.profil:
            self._drafts, self._plan, self._book = [], None, None
            self.table_chosen.emit(table)
            return
        where = table.reglages(self.tableaux.tables)
        known = apprises.toutes(self._session)
        self._change(brouillons.proposer(book, apprises=known, exercice=draft.exercice, **where), rows=True)
        self.grille.show_column(table.colonnes[0] - brouillons.grille(book, table.feuille).first_column)

    def _feuille_chosen(self, name: object) -> None:
        draft, book = self.brouillon, self._book
        if draft is None or book is None or name == draft.feuille:
            return
        if draft.libre:
            known = apprises.toutes(self._session)
            self._change(brouillons.proposer(book, str(name), known, exercice=draft.exercice), rows=True)
        else:
            self._drafts, self._plan, self._book = [], None, None
            self.feuille_chosen.emit(name)

    def _exercice_chosen(self) -> None:
        year, draft = self.exercice.currentData(), self.brouillon
        if draft is not None and (draft.libre or self.changed or self._plan is None):
            self._change(replace(draft, exercice=year))
        else:
            self.exercice_chosen.emit(year)

    # Keys

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z belongs to this step while it has a change to take back."""
        if self.changed and event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Undo):
                event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo) and self.changed:
            self.undo()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.panneau.liste.hasFocus():
            self.panneau.champ_asked.emit(self.panneau.liste.code())
        else:
            super().keyPressEvent(event)


def _titre(draft: Brouillon, index: int, letter: str) -> Titre:
    case = draft.cases.get(index)
    if case is None:
        return Titre(letter)
    label = draft.profil.champ(case.champ).entete
    return Titre(letter, case.champ, label, case.surete, case.raison, brouillons.est_montant(case.champ, draft))


def _unknown(encours: ImportEnCours, draft: Brouillon | None) -> bool:
    """Whether the columns are merely to be said, nothing having been tried yet."""
    asked = encours.reglages.correspondance or encours.reglages.profil
    return encours.plan is None and draft is not None and bool(draft.cases) and not asked


def _refusal(encours: ImportEnCours, draft: Brouillon | None) -> str:
    if encours.plan is not None or encours.refus is None:
        return ""
    return INCONNU if _unknown(encours, draft) else encours.refus.message


def _facts(book: Workbook, draft: Brouillon, columns: int) -> str:
    told = [f"En-tête en ligne {draft.entete + 1}", f"{len(draft.cases)} colonnes reprises sur {columns}"]
    told.append("fichier texte" if book.kind == "csv" else f"classeur {book.kind}")
    return " · ".join(told)
