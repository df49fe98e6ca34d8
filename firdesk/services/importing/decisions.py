"""The answers of an import: which may be typed, which hold for a whole group, which are remembered.

Knows questions and plans; asks nothing itself.
"""

from collections.abc import Iterable, Mapping, Sequence

from firdesk.domain.nomenclature import code_destination
from firdesk.domain.problem import Refus
from firdesk.services.importing import codes
from firdesk.services.importing.champs import Genre, fold
from firdesk.services.importing.constats import relire
from firdesk.services.importing.disparues import CHOIX
from firdesk.services.importing.lu import REJETER, Lu
from firdesk.services.importing.plan import Plan, Question
from firdesk.services.importing.profiles import PROFILS
from firdesk.services.session import Session

#: Answers that are good for one file only: they speak of one line, one cell, or of what may be overwritten.
_UNE_FOIS = ("cellule:", "conflit:", "disparue:", "operateur:", "date:", "colonne:")
_UN_FICHIER = {
    "rattachements",
    "conflits",
    "disparues",
    "doublons",
    "negatifs",
    "saisies",
    "colonnes_masquees",
    "decimales",
    "fusions",
    "destination",
}
#: An answer that puts off deciding.
_PLUS_TARD = "orphelines"
#: What a choice says of a whole group, where its own label speaks of one value.
_COMMUNS = {
    "milliers": "Lire des milliers",
    "decimale": "Lire une virgule",
    "completer": "Compléter",
    "garder": "Garder tel quel",
    "reparer": "Réparer",
    "premiere": "Garder la première",
    "derniere": "Garder la dernière",
    "telle": "Garder telle quelle",
    "defaut": "Celle de la destination",
    "ajouter": "Ajouter, signalée",
    "vide": "Laisser vide",
    "rejeter": "Rejeter",
    "importer": "Importer",
    "ignorer": "Laisser de côté",
}
_QUESTIONS = {
    "masquees": "Lignes masquées dans la feuille",
    "colonnes_masquees": "Colonnes masquées dans la feuille",
    "accents": "Accents encodés deux fois",
}
#: The groups of the readers, in words.
_GROUPES = {
    "ambigu": "montants ambigus",
    "illisible": "valeurs illisibles",
    "zero": "zéros de tête perdus",
    "nom": "noms de département",
    "postal": "codes postaux",
    "postal_court": "codes postaux à 4 chiffres",
    "inconnu": "départements inconnus",
    "sans_code": "destinations sans code",
    "plusieurs": "cellules de plusieurs dates",
    "annee": "dates d'une autre époque",
    "annee_courte": "années sur deux chiffres",
}


def toutes(plan: Plan) -> tuple[Question, ...]:
    """Everything of a plan that an answer changes: questions, then rejects and repairs."""
    return plan.questions + plan.remedes


def refus(session: Session, question: Question, text: str) -> str:
    """Why a text typed in the place of what was read cannot be taken; empty when it can."""
    if not question.saisie:
        return "Choisir une des réponses proposées."
    typed = text.strip()
    if not typed:
        return "Saisir une valeur."
    table, _, annee = question.relecture.partition(":")
    names = session.nomenclatures
    if table == codes.DESTINATIONS:
        code = code_destination(typed)
        if code in names.codes(int(annee)):
            return ""
        return f"« {typed} » n'est pas un code de la nomenclature {annee} (MI2-3-8)."
    if table in (codes.THEMES, codes.ENVELOPPES):
        labels = names.themes() if table == codes.THEMES else names.enveloppes()
        found = codes.par_nom(labels).get(fold(typed))
        return "" if found else f"« {typed} » n'est pas dans la liste : {', '.join(list(labels.values())[:6])}…"
    if table not in set(Genre):
        return ""
    read = relire(table, typed)
    if isinstance(read, Lu):
        return f"« {typed} » ne convient pas : attendu {read.attendu}."
    if question.genre == "rejet" and read in ("", None):
        return f"« {typed} » ne dit rien : attendu une valeur."
    return ""


def choix_communs(questions: Sequence[Question]) -> tuple[tuple[str, str], ...]:
    """The choices that all the questions of a group share, worded for all of them."""
    shared = [code for code, _ in questions[0].choix if all(code in dict(q.choix) for q in questions)]
    found = []
    for code in shared:
        labels = {dict(q.choix)[code] for q in questions}
        found.append((code, labels.pop() if len(labels) == 1 else _COMMUNS.get(code, code)))
    return tuple(found)


def lisible(profil: str, question: str, choix: str) -> tuple[str, str]:
    """A remembered question and its answer in words."""
    kind, _, rest = question.partition(":")
    champ, _, code = rest.partition(":") if kind == "groupe" else (kind, "", "")
    known = PROFILS.get(profil)
    header = next((c.entete for c in known.champs if c.code == champ), champ) if known is not None else champ
    if kind == "groupe":
        short = code.removeprefix("court_")
        asked = f"{header} : {_GROUPES.get(code) or f'valeurs à {short} chiffres'}, toutes"
    else:
        asked = _QUESTIONS.get(question) or f"{header} : « {rest} »"
    said = f"lire « {choix[1:]} »" if choix.startswith("=") else _COMMUNS.get(choix, choix)
    return asked, said


def memorables(plan: Plan) -> dict[str, str]:
    """The answers of a plan to remember for the next file of its profile, those to forget as empty."""
    asked = {i: q for q in toutes(plan) for i in (q.id, q.tous) if i}
    return {
        ident: answer
        for ident, answer in plan.reglages.decisions.items()
        if ident in asked and answer != _PLUS_TARD and ident not in _UN_FICHIER and not ident.startswith(_UNE_FOIS)
    }


def oublier(session: Session, retenues: Sequence[tuple[str, str]]) -> None:
    """Forget remembered answers (profile, question) in one operation that can be undone."""
    what = "une décision retenue" if len(retenues) == 1 else f"{len(retenues)} décisions retenues"
    with session.operation(f"Oublier {what}"):
        session.imports.oublier(retenues)


def resume(plan: Plan, *, simuler: bool) -> dict[str, object]:
    """What ``importer --json`` says of answers: how many come from earlier imports; simulated, all that is asked."""
    asked = toutes(plan)
    kept = sum(q.retenue for q in asked)
    found: dict[str, object] = {"retenues": kept} if kept else {}
    if simuler:
        found["questions"] = [
            {
                "id": q.id,
                "groupe": q.tous,
                "titre": q.titre,
                "detail": q.detail,
                "lignes": q.lignes,
                "choix": [{"code": code, "libelle": label} for code, label in q.choix],
                "saisie": q.saisie,
                "reponse": q.reponse,
                "retenue": q.retenue,
            }
            for q in asked
        ]
    return found


def lues(options: Iterable[str]) -> dict[str, str]:
    """``id=choix`` and ``id==texte`` as written on the command line; ``Refus`` for anything else."""
    found = {}
    for option in options:
        ident, equal, answer = option.partition("=")
        if not (ident and equal and answer):
            raise Refus(f"« {option} » n'est pas une décision : écrire « question=choix », ou « question==texte ».")
        found[ident] = answer
    return found


def _verifier_ligne(plan: Plan, ident: str, answer: str) -> None:
    """``Refus`` when an answer about one vanished line or one conflict names none, or is none of its choices."""
    if ident.startswith("disparue:"):
        known, choices = {f"disparue:{x.reference}" for x in plan.disparues}, tuple(CHOIX)
    else:
        known, choices = {c.id for c in plan.conflits}, ("garder", "fichier")
    if ident not in known:
        names = ", ".join(f"« {i} »" for i in sorted(known)[:5]) or "aucune"
        raise Refus(f"« {plan.fichier} » ne pose pas la question « {ident} ». De ce genre : {names}.")
    if answer not in choices:
        raise Refus(f"Question « {ident} » : « {answer} » n'est pas une réponse, choisir parmi {', '.join(choices)}.")


def verifier(session: Session, plan: Plan, answers: Mapping[str, str]) -> None:
    """``Refus`` when an answer answers nothing of this plan, or not by one of its choices."""
    asked = toutes(plan)
    known = {q.id: q for q in asked}
    for ident, answer in answers.items():
        if ident.startswith("operateur:"):
            continue
        if ident.startswith(("conflit:", "disparue:")):
            _verifier_ligne(plan, ident, answer)
            continue
        group = [q for q in asked if q.tous == ident]
        question = known.get(ident) or (group[0] if group else None)
        if question is None:
            names = ", ".join(f"« {i} »" for i in known) or "aucune"
            raise Refus(f"« {plan.fichier} » ne pose pas la question « {ident} ». Questions posées : {names}.")
        if answer.startswith("="):
            why = refus(session, question, answer[1:])
        else:
            known_ = [*dict(question.choix), REJETER]
            why = "" if answer in known_ else f"« {answer} » n'est pas une réponse : choisir parmi {', '.join(known_)}."
        if why:
            raise Refus(f"Question « {ident} » : {why}")
