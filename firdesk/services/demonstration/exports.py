"""The two exports that say who gets what, byte for byte as the applications write them: StarsFIR and HAPI."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from firdesk.domain.nomenclature import mission_de
from firdesk.domain.operateur import sans_accents
from firdesk.services.demonstration.campagne import DESTINATION_INCONNUE, Decision, Versement
from firdesk.services.demonstration.operateurs import Beneficiaire
from firdesk.store.nomenclatures import reference

STARSFIR = "2025_engagements_exporter_20260112.csv"
HAPI = "ENGAGEMENTS_PAR_BENEFICIAIRE_2024_31012025184502.csv"
LIBELLE_INCONNU = "Equipes mobiles jeunes en rupture de parcours"

COLONNES_STARSFIR = (
    "Nom ARS|ID Bénéficiaire (Finess ou Code interne)|Code PEP|Raison sociale|Code SIRET|Code SIREN|"
    "Code Département du Bénéficiaire|Territoire administratif|Portefeuille du Bénéficiaire|Type de Bénéficiaire|"
    "Catégorie du Bénéficiaire|Statut juridique|Secteur de rattachement|Enveloppe|Sous-Enveloppe|"
    "Mode de délégation délégué|Mode de délégation utilisé|Libellé Mesure N1|Libellé Mesure N2|Libellé Mesure N3|"
    "Action|Payeur|N° de notification|N° de l'EJ|N° de projet/gestion|Motivation|"
    "N° d'Arrêté, de DA ou de Convention|Arrêté, DA ou Convention (A, DA ou C)|Date de notification|Montant saisi|"
    "Validation intermédiaire|Validation finale|Montant Notifié|Campagne|Code ARS"
).split("|")
_HAPI = (
    "NOM_ARS|CODE_ARS|CAMPAGNE|ID_BENEFICIAIRE|CODE_SIBC|RAISON_SOCIALE|SIRET|SIREN|CODE_DEPARTEMENT|"
    "TERRITOIRE_ADMINISTRATIF|PORTEFEUILLE|TYPE_BENEFICIAIRE|CATEGORIE_BENEFICIAIRE|STATUT_JURIDIQUE|"
    "SECTEUR_RATTACHEMENT|ENVELOPPE|SOUS_ENVELOPPE|MODE_DELEGATION_DELEGUE|MODE_DELEGATION_UTILISE|MESURE_NIV1|"
    "MESURE_NIV2|MESURE_NIV3|LIBELLE_ACTION|PAYEUR|NUM_NOTIFICATION|SIBC_ENGAGEMENT|MOTIVATION|NUM_PROJET_GESTION|"
    "NUM_ARRETE_DA|MESURE_NOUVELLE_NOTIFICATION_ANNEE_CAMPAGNE|TYPE_ARRETE|DATE_DOCUMENT|MONTANT_SAISI|"
    "MONTANT_VALIDATION_INTER|MONTANT_VALIDATION_FINALE|MONTANT_NOTIFIE|ID_AUTHOR|DATE_EFFET|CODE_PEP|PEP_ENGAGEMENT"
)
#: The exports know no other; a line of démocratie sanitaire has none.
_SOUS_ENVELOPPES = {"PREVENTION": "Prévention", "MEDICO-SOCIAL": "Médico-Social", "DEMOC SANITAIRE": ""}


def write_starsfir(path: Path, decisions: Iterable[Decision], rng: Random) -> int:
    """``|``, every cell quoted, UTF-8 without mark, LF, an empty cell is ``" "``; returns the number of lines."""
    lines = [COLONNES_STARSFIR, *_starsfir(decisions, rng)]
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for cells in lines:
            stream.write("|".join(f'"{cell or " "}"' for cell in cells) + "\n")
    return len(lines) - 1


def write_hapi(path: Path, decisions: Iterable[Decision], rng: Random) -> int:
    """``|`` without quotes, a blank last line; returns the number of lines."""
    lines = list(_hapi(decisions, rng))
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_HAPI + "\n")
        for cells in lines:
            stream.write("|".join(cells) + "\n")
        stream.write("\n")
    return len(lines)


def _par_beneficiaire(decisions: Iterable[Decision]) -> Iterator[tuple[Decision, Versement | None]]:
    """The lines in the order of the exports: by operator, one a notification."""
    for d in sorted(decisions, key=lambda d: (d.beneficiaire.departement, d.beneficiaire.nom, d.ej or "Z")):
        if not d.versements:
            yield d, None
        yield from ((d, v) for v in d.versements)


def _starsfir(decisions: Iterable[Decision], rng: Random) -> Iterator[list[str]]:
    nomenclature = _Nomenclature()
    for d, versement in _par_beneficiaire(decisions):
        o = d.beneficiaire
        n1, n2, n3 = nomenclature.mesures(d.dispositif.destination)
        saisi, inter, finale, notifie = _montants(d, versement, rng)
        yield [
            "ARS Hauts-de-France",
            o.identifiant,
            "",
            o.nom,
            *_identite(o),
            "FIR",
            nomenclature.sous_enveloppe(d.dispositif.destination),
            "Délégué",
            "Délégué",
            n1,
            n2,
            n3,
            d.objet,
            "CPAM" if d.dispositif.theme == "GUICHET" else "ARS",
            versement.numero if versement else "",
            d.ej,
            d.projet,
            d.motivation,
            d.piece,
            d.nature_piece,
            f"{versement.date:%d/%m/%Y}" if versement else "",
            saisi,
            inter,
            finale,
            notifie,
            str(d.exercice),
            "032" if rng.random() < 0.15 else "A32",
        ]


def _hapi(decisions: Iterable[Decision], rng: Random) -> Iterator[list[str]]:
    nomenclature = _Nomenclature()
    for rank, (d, versement) in enumerate(_par_beneficiaire(decisions)):
        o = d.beneficiaire
        n1, n2, n3 = nomenclature.mesures(d.dispositif.destination)
        pep = rank % 190 == 11
        hour = f" {8 + rank % 10:02d}:{rank * 7 % 60:02d}:{rank * 13 % 60:02d}"
        yield [
            "ARS HAUTS-DE-FRANCE",
            "A32",
            str(d.exercice),
            o.identifiant,
            f"T{rank * 31 % 90000 + 10000}",
            sans_accents(o.nom).upper(),
            *_identite(o),
            "FIR",
            nomenclature.sous_enveloppe(d.dispositif.destination),
            "Délégué",
            "Délégué",
            f"{n1} (65734{mission_de(d.dispositif.destination)})",
            n2,
            n3 + "," if n3 and rank % 23 == 5 else n3,
            d.objet + "," if rank % 41 == 3 else d.objet,
            "CPAM" if d.dispositif.theme == "GUICHET" else "ARS",
            versement.numero if versement else "",
            "" if pep else d.ej,
            d.motivation,
            d.projet,
            d.piece,
            "Oui" if d.motivation.startswith("NR") else "Non",
            d.nature_piece,
            f"{versement.date:%d/%m/%Y}{hour}" if versement else "",
            *_montants(d, versement, rng),
            f"u{rank * 17 % 40:04d}",
            f"01/01/{d.exercice} 00:00:00",
            "",
            f"PEP{d.exercice}{rank:05d}" if pep else "",
        ]


def _identite(o: Beneficiaire) -> list[str]:
    portefeuille = f"Portefeuille {o.departement}"
    return [
        o.siret,
        o.siren,
        o.departement,
        o.territoire,
        portefeuille,
        o.type,
        o.categorie,
        o.statut,
        o.secteur,
    ]


def _montants(d: Decision, versement: Versement | None, rng: Random) -> list[str]:
    """Typed, validated in two steps, notified: the same most often; what waits is typed and no more."""
    if versement is None:
        return [
            _euros(d.montant),
            _euros(d.montant) if rng.random() < 0.5 else "",
            "",
            "0.00" if rng.random() < 0.1 else "",
        ]
    saisi = versement.montant
    if rng.random() < 0.03 and saisi > 5_000_00:  # asked more than was granted
        saisi = (int(saisi * 1.15) // 100_00 + 1) * 100_00
    return [_euros(saisi), *[_euros(versement.montant)] * 3]


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


class _Nomenclature:
    """The labels of the measures as the exports write them."""

    def __init__(self) -> None:
        self._lines = {line["code"]: line for line in reference("nomenclature-fir")}

    def mesures(self, code: str) -> tuple[str, str, str]:
        """``2 : …``, ``2.3 : …``, ``MI2-3-8 : …``; the last is empty when the second holds the destination."""
        ranks = code.removeprefix("MI").split("-")
        n1 = f"{ranks[0]} : {self._lines[f'MI{ranks[0]}']['libelle']}"
        n2 = f"{'.'.join(ranks[:2])} : {self._lines['MI' + '-'.join(ranks[:2])]['libelle']}"
        return n1, n2, f"{code} : {self._libelle(code)}" if len(ranks) > 2 else ""

    def sous_enveloppe(self, code: str) -> str:
        line = self._lines.get(code)
        return _SOUS_ENVELOPPES.get(line["enveloppe"], "Sanitaire") if line else "Sanitaire"

    def _libelle(self, code: str) -> str:
        return LIBELLE_INCONNU if code == DESTINATION_INCONNUE else self._lines[code]["libelle"].replace('"', "")
