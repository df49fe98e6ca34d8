"""What a cell of identifiers means: département, SIRET, SIREN, FINESS, agency and destination codes.

A zero that a check digit or a closed list proves is put back; one that nothing proves is asked, never guessed.
"""

import re
from datetime import date

from firdesk.domain import identifiants
from firdesk.domain.nomenclature import code_destination, libelle_destination
from firdesk.domain.operateur import sans_accents
from firdesk.services.importing.lecture_textes import absent, label, plain
from firdesk.services.importing.lu import (
    ALERTE,
    GARDER,
    QUESTION,
    REJET,
    REJETER,
    VIDE,
    Choix,
    Destination,
    Groupe,
    Lecture,
    Lu,
    repare,
)
from firdesk.sheets.cell import Value, shown

#: A code that could not be a mere number or the beginning of a sentence.
_CODE = re.compile(r"(?:MI\s*\d|BA\s*-\s*PAI).*|\d(?:\s*[-.]\s*\d{1,3}){1,3}\s*(?::.*)?", re.IGNORECASE | re.DOTALL)
_ACCOUNT = re.compile(r"\s*\(\d{5,}\)\s*$")
_NOMS = {sans_accents(nom): code for code, nom in identifiants.DEPARTEMENTS_REGION.items()}
_SANS = Choix(VIDE, "Laisser sans département", "")
_ZERO = Groupe("zero", "Zéro de tête perdu")
_POSTAL = Groupe("postal", "Code postal à la place du département")


def _tel_quel(text: str) -> Choix:
    return Choix(GARDER, f"Garder « {text} » tel quel", text)


def departement(value: Value) -> Lecture:
    """A département of the list; a lost zero is repaired, another text is a question (left empty by default)."""
    text = as_text(value)
    if not text or identifiants.departement_valide(text):
        return text
    attendu = "un département (02, 59, 2A)"
    if repaired := identifiants.reparer_departement(text):
        return repare(repaired.valeur, repaired.valeur, f"Complété : {repaired.motif}.", _SANS, _ZERO)
    if named := _NOMS.get(sans_accents(plain(value)).replace(" ", "-")):
        groupe = Groupe("nom", "Nom de département à la place de son numéro")
        return repare(named, named, f"{identifiants.DEPARTEMENTS_REGION[named]} : département {named}.", _SANS, groupe)
    postal = identifiants.departement_du_code_postal(text)
    if postal and identifiants.departement_valide(postal):
        return repare(postal, postal, f"Code postal {text} : département {postal}.", _SANS, _POSTAL)
    rejeter = Choix(REJETER, "Rejeter ces lignes")
    short = identifiants.departement_du_code_postal(text.zfill(5)) if len(text) == 4 else None
    if short:
        choices = (Choix("completer", f"{short} (code postal {text.zfill(5)})", short), _SANS, rejeter)
        remede = "Quatre chiffres : un code postal qui a perdu son zéro, sans doute. Importé sans département."
        groupe = Groupe("postal_court", "Code postal à 4 chiffres : compléter par un zéro à gauche")
        return Lu("", QUESTION, attendu, remede, choices, VIDE, groupe)
    if text == "20":
        corse = (Choix("2A", "2A Corse-du-Sud", "2A"), Choix("2B", "2B Haute-Corse", "2B"), _SANS, rejeter)
        return Lu("", QUESTION, attendu, "Importé sans département : choisir 2A ou 2B.", corse, VIDE)
    remede = "Importé sans département : écrire les deux caractères (02, 59, 2A)."
    return Lu("", QUESTION, attendu, remede, (_SANS, rejeter), VIDE, Groupe("inconnu", "Département inconnu"))


def code_postal(value: Value) -> Lecture:
    """Five figures of a French place; a lost zero is put back unless refused, anything else is left empty and said."""
    text = as_text(value)
    if not text or identifiants.departement_du_code_postal(text):
        return text
    attendu, lost = "un code postal à 5 chiffres (02000)", "Quatre chiffres : le zéro de tête s'est perdu."
    whole = text.zfill(5)
    if len(text) == 4 and identifiants.departement_du_code_postal(whole):
        choices = (Choix("completer", f"Compléter : {whole}", whole), Choix(VIDE, "Laisser sans code postal", ""))
        groupe = Groupe("postal_court", "Code postal à 4 chiffres : compléter par un zéro à gauche")
        return Lu(whole, QUESTION, attendu, lost, choices, "completer", groupe)
    return Lu("", ALERTE, attendu, "Laissé vide.")


def siret(value: Value) -> Lecture:
    """Fourteen digits; a zero that the check digits prove is put back, a rounded one is no identifier."""
    text = as_text(value)
    if not text or identifiants.siret_valide(text):
        return text
    if repaired := identifiants.reparer_siret(text):
        return repare(repaired.valeur, repaired.valeur, f"Complété : {repaired.motif}.", _tel_quel(text), _ZERO)
    if identifiants.siret_arrondi(shown(value) if value is not None else text):
        remede = "Arrondi par Excel, ce n'est plus un identifiant : laissé vide."
        return Lu("", ALERTE, "un SIRET à 14 chiffres", remede)
    if re.fullmatch(r"\d{11,13}", text):
        return _court(text, 14, "SIRET")
    return Lu(text, ALERTE, "un SIRET à 14 chiffres dont la clé est juste", "Gardé tel quel : vérifier le SIRET.")


def _court(text: str, length: int, name: str) -> Lu:
    """An identifier that lacks figures, without proof of where: kept as it is unless completed or left out."""
    full, lost = text.zfill(length), length - len(text)
    with_ = "un zéro" if lost == 1 else f"{lost} zéros"
    choices = (
        Choix("completer", full, full),
        _tel_quel(text),
        Choix(VIDE, f"Laisser sans {name}", ""),
    )
    groupe = Groupe(f"court_{len(text)}", f"{name} à {len(text)} chiffres : compléter par {with_} à gauche")
    remede = f"La clé ne prouve pas les zéros manquants : « {text} » est gardé tel quel, sauf si vous complétez."
    return Lu(text, QUESTION, f"un {name} à {length} chiffres", remede, choices, GARDER, groupe)


def siren(value: Value) -> Lecture:
    """Nine digits; a zero that the key proves is put back."""
    text = as_text(value)
    if text.isdigit() and len(text) < 9 and identifiants.siren_valide(text.zfill(9)):
        why = "Complété : zéro de tête perdu, prouvé par la clé du SIREN."
        return repare(text.zfill(9), text.zfill(9), why, _tel_quel(text), _ZERO)
    return text


def identifiant(value: Value) -> Lecture:
    """FINESS or internal code of the operator; a zero that the FINESS key proves is put back."""
    text = as_text(value)
    if len(text) == 8 and (repaired := identifiants.reparer_finess(text)):
        return repare(repaired.valeur, repaired.valeur, f"Complété : {repaired.motif}.", _tel_quel(text), _ZERO)
    if re.fullmatch(r"[1-9]\d{7}", text):
        found = _court(text, 9, "FINESS")
        return found._replace(choix=found.choix[:2], attendu="un FINESS à 9 caractères ou un code interne")
    if re.fullmatch(r"(\d{2}|2[AB])\d{7}", text) and not identifiants.finess_valide(text):
        remede = "La clé de ce FINESS est fausse : gardé tel quel, à vérifier."
        return Lu(text, ALERTE, "un FINESS dont la clé est juste", remede)
    return text


def code_ars(value: Value) -> Lecture:
    """``032`` or ``A59``; three figures where Excel took the zero away."""
    text = as_text(value)
    if len(text) < 3 and text.isdigit():
        full = text.zfill(3)
        return repare(full, full, "Complété : code d'agence à trois caractères.", _tel_quel(text), _ZERO)
    return text


def destination(value: Value) -> Lecture:
    """Code and label of a nomenclature cell; ``None`` when empty, a reject when there is no code in it."""
    if value is None:
        return None
    groupe = Groupe("sans_code", "Destination sans code")
    if isinstance(value, date | int | float):
        why = "Excel a changé le code en date ou en nombre : saisir le code, ou remettre la colonne au format texte."
        return Lu(None, REJET, "un code de destination (MI2-3-8)", why, groupe=groupe)
    text = _ACCOUNT.sub("", label(plain(value)))
    if not text or absent(text):
        return None
    code = code_destination(text)
    if code is None:
        remede = "Saisir le code de la nomenclature, ou l'écrire devant le libellé dans le fichier."
        return Lu(None, REJET, "un code de destination (MI2-3-8 : …)", remede, groupe=groupe)
    return Destination(code, label(_ACCOUNT.sub("", libelle_destination(text))))


def code_possible(value: Value) -> Lecture:
    """The destination of a cell that may hold any text: ``None`` where it holds no code."""
    if not isinstance(value, str) or not _CODE.fullmatch(value.strip()):
        return None
    read = destination(value)
    return None if isinstance(read, Lu) else read


def as_text(value: Value) -> str:
    """An identifier as compact text; the placeholders for nothing are empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return identifiants.compact(shown(value))
    text = plain(value)
    return "" if absent(text) else identifiants.compact(text)
