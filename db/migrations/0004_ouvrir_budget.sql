-- The budget over the years: exercices closed and compared, money coming in, moves between lines, conventions, planned
-- payments, schemes with their ceilings and indicators, places of action.
-- A planned payment (echeance) is a mouvement: the summaries and the journal count it like any other. A withdrawal on a
-- commitment of an earlier year has a nature of its own, since it gives no credits back to the year it is made in.
-- Summaries are computed: they are made anew with more axes and measures, and filled from the facts by the program.

ALTER TABLE exercice ADD COLUMN report INTEGER NOT NULL DEFAULT 0 CONSTRAINT exercice_report_borne CHECK (report BETWEEN -100000000000000 AND 100000000000000);
ALTER TABLE exercice ADD COLUMN motif TEXT NOT NULL DEFAULT '';

CREATE TABLE convention (
    id INTEGER PRIMARY KEY,
    nature TEXT NOT NULL,
    numero TEXT NOT NULL,
    operateur_id INTEGER NOT NULL,
    parent_id INTEGER,
    objet TEXT NOT NULL DEFAULT '',
    signee_le TEXT NOT NULL DEFAULT '',
    debut TEXT NOT NULL DEFAULT '',
    fin TEXT NOT NULL DEFAULT '',
    duree_engagement INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    CONSTRAINT convention_numero_present CHECK (numero <> ''),
    CONSTRAINT convention_nature_connue CHECK (nature IN ('decision', 'arrete', 'convention', 'avenant', 'cpom', 'contrat', 'marche')),
    CONSTRAINT convention_operateur_existe FOREIGN KEY (operateur_id) REFERENCES operateur (id) ON DELETE RESTRICT,
    CONSTRAINT convention_parent_existe FOREIGN KEY (parent_id) REFERENCES convention (id) ON DELETE RESTRICT,
    CONSTRAINT convention_duree_plausible CHECK (duree_engagement BETWEEN 0 AND 30),
    CONSTRAINT convention_signature_iso CHECK (signee_le = '' OR signee_le GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    CONSTRAINT convention_debut_iso CHECK (debut = '' OR debut GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    CONSTRAINT convention_fin_iso CHECK (fin = '' OR fin GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX convention_par_operateur ON convention (operateur_id);
CREATE INDEX convention_par_parent ON convention (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX convention_par_numero ON convention (numero);

CREATE TABLE convention_annee (
    id INTEGER PRIMARY KEY,
    convention_id INTEGER NOT NULL,
    exercice INTEGER NOT NULL,
    montant INTEGER NOT NULL,
    CONSTRAINT convention_annee_unique UNIQUE (convention_id, exercice),
    CONSTRAINT convention_annee_convention_existe FOREIGN KEY (convention_id) REFERENCES convention (id) ON DELETE RESTRICT,
    CONSTRAINT convention_annee_plausible CHECK (exercice BETWEEN 2000 AND 2100),
    CONSTRAINT convention_annee_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000)
) STRICT;

ALTER TABLE allocation ADD COLUMN convention_id INTEGER CONSTRAINT allocation_convention_existe REFERENCES convention (id) ON DELETE RESTRICT;
CREATE INDEX allocation_par_convention ON allocation (convention_id) WHERE convention_id IS NOT NULL;
CREATE INDEX allocation_par_dispositif ON allocation (dispositif) WHERE dispositif <> '';

CREATE TABLE allocation_lieu (
    id INTEGER PRIMARY KEY,
    allocation_id INTEGER NOT NULL,
    departement TEXT NOT NULL,
    part INTEGER NOT NULL,
    CONSTRAINT allocation_lieu_unique UNIQUE (allocation_id, departement),
    CONSTRAINT allocation_lieu_allocation_existe FOREIGN KEY (allocation_id) REFERENCES allocation (id) ON DELETE RESTRICT,
    CONSTRAINT allocation_lieu_departement_existe FOREIGN KEY (departement) REFERENCES departement (code) ON DELETE RESTRICT,
    CONSTRAINT allocation_lieu_part_bornee CHECK (part BETWEEN 1 AND 10000)
) STRICT;

CREATE TABLE mouvement_nouveau (
    id INTEGER PRIMARY KEY,
    allocation_id INTEGER NOT NULL,
    nature TEXT NOT NULL,
    exercice INTEGER NOT NULL,
    date TEXT NOT NULL DEFAULT '',
    montant INTEGER NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    origine TEXT NOT NULL DEFAULT 'saisie',
    ligne_id INTEGER,
    cellule TEXT NOT NULL DEFAULT '',
    brut TEXT NOT NULL DEFAULT '',
    cle TEXT NOT NULL DEFAULT '',
    ej TEXT NOT NULL DEFAULT '',
    piece TEXT NOT NULL DEFAULT '',
    CONSTRAINT mouvement_allocation_existe FOREIGN KEY (allocation_id) REFERENCES allocation (id) ON DELETE RESTRICT,
    CONSTRAINT mouvement_ligne_existe FOREIGN KEY (ligne_id) REFERENCES import_ligne (id) ON DELETE RESTRICT,
    CONSTRAINT mouvement_exercice_plausible CHECK (exercice BETWEEN 2000 AND 2100),
    CONSTRAINT mouvement_nature_connue CHECK (nature IN ('demande', 'saisie', 'validation_inter', 'validation', 'notification', 'engagement', 'retrait', 'retrait_anterieur', 'paiement', 'reprise', 'echeance')),
    CONSTRAINT mouvement_origine_connue CHECK (origine IN ('saisie', 'import')),
    CONSTRAINT mouvement_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000),
    CONSTRAINT mouvement_date_iso CHECK (date = '' OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
INSERT INTO mouvement_nouveau SELECT *, '', '' FROM mouvement;
DROP TABLE mouvement;
ALTER TABLE mouvement_nouveau RENAME TO mouvement;
CREATE INDEX mouvement_par_allocation ON mouvement (allocation_id);
CREATE INDEX mouvement_par_ligne ON mouvement (ligne_id) WHERE ligne_id IS NOT NULL;
CREATE INDEX mouvement_par_cle ON mouvement (cle) WHERE cle <> '';

CREATE TABLE virement (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL,
    date TEXT NOT NULL DEFAULT '',
    de_destination TEXT NOT NULL,
    de_enveloppe TEXT NOT NULL DEFAULT '',
    vers_destination TEXT NOT NULL,
    vers_enveloppe TEXT NOT NULL DEFAULT '',
    ae INTEGER NOT NULL DEFAULT 0,
    cp INTEGER NOT NULL DEFAULT 0,
    motif TEXT NOT NULL,
    CONSTRAINT virement_version_existe FOREIGN KEY (version_id) REFERENCES budget_version (id) ON DELETE RESTRICT,
    CONSTRAINT virement_motif_present CHECK (motif <> ''),
    CONSTRAINT virement_ailleurs CHECK (de_destination <> vers_destination OR de_enveloppe <> vers_enveloppe),
    CONSTRAINT virement_ae_bornee CHECK (ae BETWEEN 0 AND 100000000000000),
    CONSTRAINT virement_cp_borne CHECK (cp BETWEEN 0 AND 100000000000000),
    CONSTRAINT virement_date_iso CHECK (date = '' OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX virement_par_version ON virement (version_id);

CREATE TABLE recette (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    nature TEXT NOT NULL,
    source TEXT NOT NULL,
    numero TEXT NOT NULL DEFAULT '',
    date TEXT NOT NULL DEFAULT '',
    libelle TEXT NOT NULL DEFAULT '',
    montant INTEGER NOT NULL,
    fongible INTEGER NOT NULL DEFAULT 0,
    protege_prevention INTEGER NOT NULL DEFAULT 0,
    protege_medico_social INTEGER NOT NULL DEFAULT 0,
    sanctuarise INTEGER NOT NULL DEFAULT 0,
    encaisse INTEGER NOT NULL DEFAULT 0,
    encaissee_le TEXT NOT NULL DEFAULT '',
    mouvement_id INTEGER,
    CONSTRAINT recette_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT recette_mouvement_existe FOREIGN KEY (mouvement_id) REFERENCES mouvement (id) ON DELETE RESTRICT,
    CONSTRAINT recette_nature_connue CHECK (nature IN ('arrete_initial', 'arrete_complementaire', 'arrete_final', 'titre', 'autre')),
    CONSTRAINT recette_source_connue CHECK (source IN ('assurance_maladie', 'cnsa', 'fongibilite', 'ressources_propres')),
    CONSTRAINT recette_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000),
    CONSTRAINT recette_parts_egales CHECK (fongible + protege_prevention + protege_medico_social + sanctuarise = montant),
    CONSTRAINT recette_date_iso CHECK (date = '' OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    CONSTRAINT recette_encaissement_iso CHECK (encaissee_le = '' OR encaissee_le GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX recette_par_exercice ON recette (exercice);
CREATE INDEX recette_par_mouvement ON recette (mouvement_id) WHERE mouvement_id IS NOT NULL;

CREATE TABLE flechage (
    id INTEGER PRIMARY KEY,
    recette_id INTEGER NOT NULL,
    theme TEXT,
    destination TEXT NOT NULL DEFAULT '',
    libelle TEXT NOT NULL DEFAULT '',
    montant INTEGER NOT NULL,
    CONSTRAINT flechage_recette_existe FOREIGN KEY (recette_id) REFERENCES recette (id) ON DELETE RESTRICT,
    CONSTRAINT flechage_theme_existe FOREIGN KEY (theme) REFERENCES theme (code) ON DELETE RESTRICT,
    CONSTRAINT flechage_vise CHECK ((theme IS NULL) <> (destination = '')),
    CONSTRAINT flechage_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000)
) STRICT;
CREATE INDEX flechage_par_recette ON flechage (recette_id);

CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    genre TEXT NOT NULL,
    code_avant TEXT NOT NULL,
    code_apres TEXT NOT NULL DEFAULT '',
    motif TEXT NOT NULL DEFAULT '',
    CONSTRAINT passage_unique UNIQUE (exercice, genre, code_avant),
    CONSTRAINT passage_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT passage_genre_connu CHECK (genre IN ('destination', 'theme'))
) STRICT;

CREATE TABLE perimetre_evenement (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    sens TEXT NOT NULL,
    libelle TEXT NOT NULL,
    destination TEXT NOT NULL DEFAULT '',
    theme TEXT,
    dispositif TEXT NOT NULL DEFAULT '',
    montant INTEGER NOT NULL,
    contrepartie TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    CONSTRAINT perimetre_evenement_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT perimetre_evenement_theme_existe FOREIGN KEY (theme) REFERENCES theme (code) ON DELETE RESTRICT,
    CONSTRAINT perimetre_evenement_sens_connu CHECK (sens IN ('entree', 'sortie')),
    CONSTRAINT perimetre_evenement_libelle_present CHECK (libelle <> ''),
    CONSTRAINT perimetre_evenement_montant_borne CHECK (montant BETWEEN 0 AND 100000000000000)
) STRICT;
CREATE INDEX perimetre_evenement_par_exercice ON perimetre_evenement (exercice);

CREATE TABLE rapprochement_note (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    destination TEXT NOT NULL,
    montant INTEGER NOT NULL DEFAULT 0,
    texte TEXT NOT NULL,
    CONSTRAINT rapprochement_note_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT rapprochement_note_texte_present CHECK (texte <> ''),
    CONSTRAINT rapprochement_note_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000)
) STRICT;
CREATE INDEX rapprochement_note_par_destination ON rapprochement_note (exercice, destination);

CREATE TABLE dispositif (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    theme TEXT,
    destination TEXT NOT NULL DEFAULT '',
    part_max INTEGER NOT NULL DEFAULT 10000,
    plafond_unite INTEGER NOT NULL DEFAULT 0,
    unite TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    CONSTRAINT dispositif_code_unique UNIQUE (code),
    CONSTRAINT dispositif_code_present CHECK (code <> ''),
    CONSTRAINT dispositif_libelle_present CHECK (libelle <> ''),
    CONSTRAINT dispositif_theme_existe FOREIGN KEY (theme) REFERENCES theme (code) ON DELETE RESTRICT,
    CONSTRAINT dispositif_part_bornee CHECK (part_max BETWEEN 1 AND 10000),
    CONSTRAINT dispositif_plafond_borne CHECK (plafond_unite BETWEEN 0 AND 100000000000000)
) STRICT;

CREATE TABLE dispositif_plafond (
    id INTEGER PRIMARY KEY,
    dispositif TEXT NOT NULL,
    exercice INTEGER NOT NULL,
    ae INTEGER NOT NULL,
    cp INTEGER NOT NULL,
    CONSTRAINT dispositif_plafond_unique UNIQUE (dispositif, exercice),
    CONSTRAINT dispositif_plafond_dispositif_existe FOREIGN KEY (dispositif) REFERENCES dispositif (code) ON DELETE RESTRICT,
    CONSTRAINT dispositif_plafond_ae_bornee CHECK (ae BETWEEN 0 AND 100000000000000),
    CONSTRAINT dispositif_plafond_cp_borne CHECK (cp BETWEEN 0 AND 100000000000000)
) STRICT;

CREATE TABLE dont (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    libelle TEXT NOT NULL,
    montant INTEGER NOT NULL,
    theme TEXT,
    destination TEXT NOT NULL DEFAULT '',
    dispositif TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    CONSTRAINT dont_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT dont_libelle_present CHECK (libelle <> ''),
    CONSTRAINT dont_theme_existe FOREIGN KEY (theme) REFERENCES theme (code) ON DELETE RESTRICT,
    CONSTRAINT dont_quelque_part CHECK (theme IS NOT NULL OR destination <> '' OR dispositif <> ''),
    CONSTRAINT dont_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000)
) STRICT;
CREATE INDEX dont_par_exercice ON dont (exercice);

CREATE TABLE cofinancement (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    genre TEXT NOT NULL,
    financeur TEXT NOT NULL,
    montant INTEGER NOT NULL,
    allocation_id INTEGER,
    dispositif TEXT NOT NULL DEFAULT '',
    quantite INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    CONSTRAINT cofinancement_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT cofinancement_allocation_existe FOREIGN KEY (allocation_id) REFERENCES allocation (id) ON DELETE RESTRICT,
    CONSTRAINT cofinancement_genre_connu CHECK (genre IN ('cofinancement', 'hors_fir')),
    CONSTRAINT cofinancement_financeur_present CHECK (financeur <> ''),
    CONSTRAINT cofinancement_quelque_part CHECK (allocation_id IS NOT NULL OR dispositif <> ''),
    CONSTRAINT cofinancement_quantite_bornee CHECK (quantite BETWEEN 0 AND 100000000),
    CONSTRAINT cofinancement_montant_borne CHECK (montant BETWEEN 0 AND 100000000000000)
) STRICT;
CREATE INDEX cofinancement_par_allocation ON cofinancement (allocation_id) WHERE allocation_id IS NOT NULL;
CREATE INDEX cofinancement_par_exercice ON cofinancement (exercice);

CREATE TABLE indicateur (
    id INTEGER PRIMARY KEY,
    dispositif TEXT NOT NULL,
    libelle TEXT NOT NULL,
    unite TEXT NOT NULL DEFAULT '',
    sens TEXT NOT NULL DEFAULT 'hausse',
    CONSTRAINT indicateur_unique UNIQUE (dispositif, libelle),
    CONSTRAINT indicateur_dispositif_existe FOREIGN KEY (dispositif) REFERENCES dispositif (code) ON DELETE RESTRICT,
    CONSTRAINT indicateur_sens_connu CHECK (sens IN ('hausse', 'baisse', 'neutre'))
) STRICT;

CREATE TABLE indicateur_valeur (
    id INTEGER PRIMARY KEY,
    indicateur_id INTEGER NOT NULL,
    exercice INTEGER NOT NULL,
    annee INTEGER NOT NULL,
    valeur INTEGER,
    cible INTEGER,
    source TEXT NOT NULL DEFAULT '',
    CONSTRAINT indicateur_valeur_unique UNIQUE (indicateur_id, exercice),
    CONSTRAINT indicateur_valeur_indicateur_existe FOREIGN KEY (indicateur_id) REFERENCES indicateur (id) ON DELETE RESTRICT,
    CONSTRAINT indicateur_valeur_utile CHECK (valeur IS NOT NULL OR cible IS NOT NULL)
) STRICT;

CREATE TABLE parametre (
    id INTEGER PRIMARY KEY,
    cle TEXT NOT NULL,
    valeur INTEGER NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    CONSTRAINT parametre_cle_unique UNIQUE (cle)
) STRICT;

DROP TABLE cumul_allocation;
CREATE TABLE cumul_allocation (
    allocation_id INTEGER NOT NULL,
    exercice INTEGER NOT NULL,
    demande INTEGER NOT NULL DEFAULT 0,
    saisi INTEGER NOT NULL DEFAULT 0,
    valide INTEGER NOT NULL DEFAULT 0,
    notifie INTEGER NOT NULL DEFAULT 0,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    retire INTEGER NOT NULL DEFAULT 0,
    repris INTEGER NOT NULL DEFAULT 0,
    prevu INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_allocation_cle PRIMARY KEY (allocation_id, exercice)
) STRICT, WITHOUT ROWID;

CREATE INDEX cumul_allocation_prevu ON cumul_allocation (allocation_id) WHERE prevu <> 0;

DROP TABLE cumul;
CREATE TABLE cumul (
    exercice INTEGER NOT NULL,
    campagne INTEGER NOT NULL,
    destination TEXT NOT NULL,
    theme TEXT NOT NULL,
    departement TEXT NOT NULL,
    enveloppe TEXT NOT NULL,
    caractere TEXT NOT NULL,
    dispositif TEXT NOT NULL,
    canal TEXT NOT NULL,
    nombre INTEGER NOT NULL DEFAULT 0,
    demande INTEGER NOT NULL DEFAULT 0,
    saisi INTEGER NOT NULL DEFAULT 0,
    valide INTEGER NOT NULL DEFAULT 0,
    notifie INTEGER NOT NULL DEFAULT 0,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    retire INTEGER NOT NULL DEFAULT 0,
    repris INTEGER NOT NULL DEFAULT 0,
    prevu INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_cle PRIMARY KEY (exercice, campagne, destination, theme, departement, enveloppe, caractere, dispositif, canal)
) STRICT, WITHOUT ROWID;

DROP TABLE cumul_operateur;
CREATE TABLE cumul_operateur (
    exercice INTEGER NOT NULL,
    campagne INTEGER NOT NULL,
    operateur_id INTEGER NOT NULL,
    nombre INTEGER NOT NULL DEFAULT 0,
    demande INTEGER NOT NULL DEFAULT 0,
    saisi INTEGER NOT NULL DEFAULT 0,
    valide INTEGER NOT NULL DEFAULT 0,
    notifie INTEGER NOT NULL DEFAULT 0,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    retire INTEGER NOT NULL DEFAULT 0,
    repris INTEGER NOT NULL DEFAULT 0,
    prevu INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_operateur_cle PRIMARY KEY (exercice, campagne, operateur_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cumul_axe (
    exercice INTEGER NOT NULL,
    campagne INTEGER NOT NULL,
    axe TEXT NOT NULL,
    cle TEXT NOT NULL,
    nombre INTEGER NOT NULL DEFAULT 0,
    demande INTEGER NOT NULL DEFAULT 0,
    saisi INTEGER NOT NULL DEFAULT 0,
    valide INTEGER NOT NULL DEFAULT 0,
    notifie INTEGER NOT NULL DEFAULT 0,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    retire INTEGER NOT NULL DEFAULT 0,
    repris INTEGER NOT NULL DEFAULT 0,
    prevu INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_axe_cle PRIMARY KEY (axe, exercice, campagne, cle)
) STRICT, WITHOUT ROWID;

CREATE TABLE cumul_engagement (
    allocation_id INTEGER NOT NULL,
    campagne INTEGER NOT NULL,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    impaye INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_engagement_cle PRIMARY KEY (allocation_id)
) STRICT;
CREATE INDEX cumul_engagement_depasse ON cumul_engagement (campagne) WHERE paye > engage;
CREATE INDEX cumul_engagement_reste ON cumul_engagement (campagne) WHERE engage > paye;
CREATE INDEX cumul_engagement_impaye ON cumul_engagement (impaye) WHERE impaye > 0;

CREATE TABLE cumul_alerte (
    campagne INTEGER NOT NULL,
    regle TEXT NOT NULL,
    exercice INTEGER NOT NULL,
    nombre INTEGER NOT NULL DEFAULT 0,
    montant INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_alerte_cle PRIMARY KEY (campagne, regle, exercice)
) STRICT, WITHOUT ROWID;

CREATE INDEX mouvement_par_echeance ON mouvement (exercice, date, allocation_id, montant) WHERE nature = 'echeance' AND date <> '';
