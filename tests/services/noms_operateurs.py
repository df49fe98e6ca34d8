"""Invented operators, other writings of their names as files give them, and names near to theirs that are others'."""

from dataclasses import dataclass
from random import Random

from firdesk.domain.operateur import Operateur, sans_accents

VILLES = {
    "02": "Laon Soissons Guise Vervins Hirson Chauny Tergnier Saint-Quentin Château-Thierry Villers-Cotterêts",
    "59": "Lille Douai Cambrai Valenciennes Maubeuge Denain Dunkerque Armentières Hazebrouck Seclin Le-Quesnoy",
    "60": "Beauvais Compiègne Creil Senlis Clermont Noyon Chantilly Méru Crépy-en-Valois Nogent-sur-Oise",
    "62": "Lens Arras Béthune Calais Boulogne-sur-Mer Hénin-Beaumont Carvin Saint-Omer Montreuil Hesdin Bapaume Berck",
    "80": "Amiens Abbeville Péronne Albert Corbie Doullens Montdidier Ham Roye Rue Friville-Escarbotin Moreuil",
}
CORPS = {
    "CH": ("CH", "Centre hospitalier", "C.H.", "Hôpital", "CENTRE HOSP."),
    "EPSM": ("EPSM", "Établissement public de santé mentale"),
    "CCAS": ("CCAS", "Centre communal d'action sociale", "C.C.A.S."),
    "MSP": ("MSP", "Maison de santé pluriprofessionnelle", "SISA MSP", "M.S.P."),
    "CPTS": ("CPTS", "Communauté professionnelle territoriale de santé"),
    "COMMUNE": ("Commune", "Ville", "Mairie"),
    "CPAM": ("CPAM", "Caisse primaire d'assurance maladie"),
    "SSIAD": ("SSIAD", "S.S.I.A.D."),
}
MAISONS = {
    "EHPAD": ("EHPAD", "EHPAD Résidence", "Maison de retraite", "E.H.P.A.D."),
    "GEM": ("GEM", "Groupe d'entraide mutuelle", "Association GEM"),
    "ASSO": ("Association", "ASSO", "Ass.", ""),
    "ESAT": ("ESAT", "E.S.A.T."),
    "CLINIQUE": ("Clinique", "SAS Clinique"),
    "IME": ("IME", "Institut médico-éducatif"),
}
EVOCATIONS = (
    "Les Lilas|Le Bois joli|La Roseraie|Les Papillons blancs|L'Étape|Le Cap vert|Les Tilleuls|La Passerelle|L'Envol|"
    "Le Clos fleuri|Jean Moulin|Jean Jaurès|Marie Curie|Louise Michel|Saint-Vincent|Saint-Joseph|Notre-Dame|Le Phare|"
    "La Boussole|Les Deux Vallées|Le Moulin|La Fontaine|Les Marronniers|Victor Hugo|Pierre Delattre|Les Cèdres|Horizon|"
    "La Source|Le Trait d'union|Espoir et vie|Aide aux familles|Le Relais|La Clairière|Les Peupliers|Vivre ensemble"
).split("|")


@dataclass(frozen=True)
class Jeu:
    """``base``: the operators known. ``memes``: other writings, each with its place in the base. ``autres``: others."""

    base: list[Operateur]
    memes: list[tuple[Operateur, int]]
    autres: list[Operateur]


def composer(graine: int, combien: int = 900) -> Jeu:
    """Operators drawn for this seed, without any identifier: the hard case."""
    rng = Random(graine)  # noqa: S311 - names for a test
    tout = [(c, v.replace("-", " "), d) for d, vs in VILLES.items() for v in vs.split() for c in CORPS]
    for departement, villes in VILLES.items():
        for corps in MAISONS:
            for evocation in rng.sample(EVOCATIONS, len(EVOCATIONS) // 2):
                some = rng.sample(villes.split(), rng.choice((0, 0, 1, 2)))
                tout += [(corps, f"{evocation}{s}", departement) for s in [f" de {v}" for v in some] or [""]]
    names = list(dict.fromkeys(tout))
    rng.shuffle(names)
    base = [Operateur(_nom(c, p, 0), departement=d) for c, p, d in names[:combien]]
    memes = []
    for place in rng.sample(range(combien), combien // 3):
        written = _reecrire(names[place], rng)
        if written.lower() != base[place].nom.lower():
            memes.append((Operateur(written, departement=names[place][2]), place))
    autres = [Operateur(_reecrire(k, rng), departement=k[2]) for k in names[combien : combien + combien // 3]]
    return Jeu(base, memes, autres)


def _nom(corps: str, propre: str, maniere: int) -> str:
    ways = CORPS.get(corps) or MAISONS[corps]
    link = "de " if corps in CORPS else ""
    return f"{ways[maniere]} {link}{propre}".strip()


def _reecrire(key: tuple[str, str, str], rng: Random) -> str:
    """Another writing of the same name: abbreviation, order, case, punctuation, legal form, a letter mistyped."""
    corps, propre, _ = key
    if rng.random() < 0.25:
        propre = _faute(propre, rng)
    ways = CORPS.get(corps) or MAISONS[corps]
    way = rng.randrange(len(ways))
    name = f"{propre} ({ways[way]})" if ways[way] and rng.random() < 0.2 else _nom(corps, propre, way)
    if rng.random() < 0.3:
        name = rng.choice(("{} SAS", "Association {}", "{} (association loi 1901)", "{}, fondation")).format(name)
    if rng.random() < 0.5:
        name = sans_accents(name).upper()
    if rng.random() < 0.3:
        name = name.replace("-", " ").replace("'", " ")
    return name


def _faute(text: str, rng: Random) -> str:
    """One letter dropped, doubled or exchanged in the longest word."""
    word = max(text.split(), key=len)
    if len(word) < 6:
        return text
    at = rng.randrange(1, len(word) - 2)
    wrong = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return text.replace(word, rng.choice(wrong))
