-- Reference tables, facts, imports, operations and journal.
-- Money is INTEGER euro cents, dates are ISO text, an unknown text is '' and an unknown code is NULL.

CREATE TABLE exercice (
    id INTEGER PRIMARY KEY,
    annee INTEGER NOT NULL,
    statut TEXT NOT NULL DEFAULT 'ouvert',
    CONSTRAINT exercice_annee_unique UNIQUE (annee),
    CONSTRAINT exercice_annee_plausible CHECK (annee BETWEEN 2000 AND 2100),
    CONSTRAINT exercice_statut_connu CHECK (statut IN ('ouvert', 'clos'))
) STRICT;

CREATE TABLE mission (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    libelle_court TEXT NOT NULL,
    CONSTRAINT mission_code_unique UNIQUE (code)
) STRICT;

CREATE TABLE enveloppe (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    ordre INTEGER NOT NULL,
    CONSTRAINT enveloppe_code_unique UNIQUE (code)
) STRICT;

CREATE TABLE theme (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    ordre INTEGER NOT NULL,
    CONSTRAINT theme_code_unique UNIQUE (code)
) STRICT;

CREATE TABLE departement (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    libelle TEXT NOT NULL,
    CONSTRAINT departement_code_unique UNIQUE (code)
) STRICT;

CREATE TABLE destination (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    code TEXT NOT NULL,
    niveau INTEGER NOT NULL,
    parent TEXT NOT NULL DEFAULT '',
    mission TEXT,
    libelle TEXT NOT NULL,
    libelle_court TEXT NOT NULL DEFAULT '',
    enveloppe TEXT,
    connue INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT destination_code_unique UNIQUE (exercice, code),
    CONSTRAINT destination_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT destination_mission_existe FOREIGN KEY (mission) REFERENCES mission (code) ON DELETE RESTRICT,
    CONSTRAINT destination_enveloppe_existe FOREIGN KEY (enveloppe) REFERENCES enveloppe (code) ON DELETE RESTRICT,
    CONSTRAINT destination_connue_booleen CHECK (connue IN (0, 1))
) STRICT;

CREATE TABLE destination_theme (
    id INTEGER PRIMARY KEY,
    destination TEXT NOT NULL,
    theme TEXT NOT NULL,
    CONSTRAINT destination_theme_unique UNIQUE (destination),
    CONSTRAINT destination_theme_existe FOREIGN KEY (theme) REFERENCES theme (code) ON DELETE RESTRICT
) STRICT;

CREATE TABLE operateur (
    id INTEGER PRIMARY KEY,
    nom TEXT NOT NULL,
    nom_normalise TEXT NOT NULL,
    siret TEXT NOT NULL DEFAULT '',
    siren TEXT NOT NULL DEFAULT '',
    finess TEXT NOT NULL DEFAULT '',
    code_interne TEXT NOT NULL DEFAULT '',
    departement TEXT,
    code_postal TEXT NOT NULL DEFAULT '',
    commune TEXT NOT NULL DEFAULT '',
    type TEXT NOT NULL DEFAULT '',
    categorie TEXT NOT NULL DEFAULT '',
    statut_juridique TEXT NOT NULL DEFAULT '',
    secteur TEXT NOT NULL DEFAULT '',
    territoire TEXT NOT NULL DEFAULT '',
    perimetre TEXT NOT NULL DEFAULT 'inconnu',
    CONSTRAINT operateur_nom_present CHECK (nom <> ''),
    CONSTRAINT operateur_departement_existe FOREIGN KEY (departement) REFERENCES departement (code) ON DELETE RESTRICT,
    CONSTRAINT operateur_perimetre_connu CHECK (perimetre IN ('inconnu', 'departemental', 'plusieurs', 'regional'))
) STRICT;
CREATE INDEX operateur_par_siret ON operateur (siret) WHERE siret <> '';
CREATE INDEX operateur_par_finess ON operateur (finess) WHERE finess <> '';
CREATE INDEX operateur_par_nom ON operateur (nom_normalise);

CREATE TABLE operateur_alias (
    id INTEGER PRIMARY KEY,
    operateur_id INTEGER NOT NULL,
    nature TEXT NOT NULL,
    valeur TEXT NOT NULL,
    CONSTRAINT operateur_alias_unique UNIQUE (nature, valeur),
    CONSTRAINT operateur_alias_nature_connue CHECK (nature IN ('nom', 'siret', 'finess', 'code_interne')),
    CONSTRAINT operateur_alias_existe FOREIGN KEY (operateur_id) REFERENCES operateur (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX operateur_alias_par_operateur ON operateur_alias (operateur_id);

CREATE TABLE import_lot (
    id INTEGER PRIMARY KEY,
    fichier TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    taille INTEGER NOT NULL,
    feuille TEXT NOT NULL,
    profil TEXT NOT NULL,
    importe_le TEXT NOT NULL,
    exercices TEXT NOT NULL,
    lues INTEGER NOT NULL,
    nouvelles INTEGER NOT NULL,
    modifiees INTEGER NOT NULL,
    inchangees INTEGER NOT NULL,
    disparues INTEGER NOT NULL,
    rejetees INTEGER NOT NULL,
    ignorees INTEGER NOT NULL,
    reparees INTEGER NOT NULL,
    total_fichier INTEGER NOT NULL,
    total_importe INTEGER NOT NULL
) STRICT;

CREATE TABLE import_ligne (
    id INTEGER PRIMARY KEY,
    lot_id INTEGER NOT NULL,
    feuille TEXT NOT NULL,
    ligne INTEGER NOT NULL,
    statut TEXT NOT NULL,
    allocation_id INTEGER,
    CONSTRAINT import_ligne_lot_existe FOREIGN KEY (lot_id) REFERENCES import_lot (id) ON DELETE RESTRICT,
    CONSTRAINT import_ligne_allocation_existe FOREIGN KEY (allocation_id) REFERENCES allocation (id) ON DELETE RESTRICT,
    CONSTRAINT import_ligne_statut_connu CHECK (statut IN ('nouvelle', 'modifiee', 'inchangee', 'disparue'))
) STRICT;
CREATE INDEX import_ligne_par_lot ON import_ligne (lot_id);
CREATE INDEX import_ligne_par_allocation ON import_ligne (allocation_id);

CREATE TABLE import_constat (
    id INTEGER PRIMARY KEY,
    lot_id INTEGER NOT NULL,
    genre TEXT NOT NULL,
    feuille TEXT NOT NULL,
    cellule TEXT NOT NULL,
    lu TEXT NOT NULL,
    attendu TEXT NOT NULL,
    remede TEXT NOT NULL,
    CONSTRAINT import_constat_lot_existe FOREIGN KEY (lot_id) REFERENCES import_lot (id) ON DELETE RESTRICT,
    CONSTRAINT import_constat_genre_connu CHECK (genre IN ('rejet', 'reparation', 'alerte', 'ignoree'))
) STRICT;
CREATE INDEX import_constat_par_lot ON import_constat (lot_id);

CREATE TABLE import_profil (
    id INTEGER PRIMARY KEY,
    nom TEXT NOT NULL,
    genre TEXT NOT NULL,
    signature TEXT NOT NULL,
    correspondance TEXT NOT NULL,
    CONSTRAINT import_profil_signature_unique UNIQUE (signature)
) STRICT;

CREATE TABLE allocation (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    numero INTEGER NOT NULL,
    operateur_id INTEGER NOT NULL,
    destination TEXT NOT NULL,
    theme TEXT,
    theme_choisi INTEGER NOT NULL DEFAULT 0,
    enveloppe TEXT,
    dispositif TEXT NOT NULL DEFAULT '',
    objet TEXT NOT NULL DEFAULT '',
    caractere TEXT NOT NULL DEFAULT 'inconnu',
    canal TEXT NOT NULL DEFAULT 'operateur',
    ej TEXT NOT NULL DEFAULT '',
    notification TEXT NOT NULL DEFAULT '',
    decision TEXT NOT NULL DEFAULT '',
    type_decision TEXT NOT NULL DEFAULT '',
    date_notification TEXT NOT NULL DEFAULT '',
    payeur TEXT NOT NULL DEFAULT '',
    motivation TEXT NOT NULL DEFAULT '',
    projet TEXT NOT NULL DEFAULT '',
    code_ars TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    cle TEXT,
    statut TEXT NOT NULL DEFAULT 'active',
    CONSTRAINT allocation_numero_unique UNIQUE (exercice, numero),
    CONSTRAINT allocation_cle_unique UNIQUE (cle),
    CONSTRAINT allocation_operateur_existe FOREIGN KEY (operateur_id) REFERENCES operateur (id) ON DELETE RESTRICT,
    CONSTRAINT allocation_destination_existe FOREIGN KEY (exercice, destination) REFERENCES destination (exercice, code) ON DELETE RESTRICT,
    CONSTRAINT allocation_theme_existe FOREIGN KEY (theme) REFERENCES theme (code) ON DELETE RESTRICT,
    CONSTRAINT allocation_enveloppe_existe FOREIGN KEY (enveloppe) REFERENCES enveloppe (code) ON DELETE RESTRICT,
    CONSTRAINT allocation_theme_choisi_booleen CHECK (theme_choisi IN (0, 1)),
    CONSTRAINT allocation_caractere_connu CHECK (caractere IN ('inconnu', 'perenne', 'non_reconductible')),
    CONSTRAINT allocation_canal_connu CHECK (canal IN ('operateur', 'commande_publique', 'guichet')),
    CONSTRAINT allocation_statut_connu CHECK (statut IN ('active', 'disparue')),
    CONSTRAINT allocation_date_iso CHECK (date_notification = '' OR date_notification GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX allocation_par_operateur ON allocation (operateur_id);
CREATE INDEX allocation_par_destination ON allocation (exercice, destination);
CREATE INDEX allocation_par_theme ON allocation (exercice, theme);
CREATE INDEX allocation_disparue ON allocation (exercice) WHERE statut = 'disparue';

CREATE TABLE mouvement (
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
    CONSTRAINT mouvement_allocation_existe FOREIGN KEY (allocation_id) REFERENCES allocation (id) ON DELETE RESTRICT,
    CONSTRAINT mouvement_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT mouvement_ligne_existe FOREIGN KEY (ligne_id) REFERENCES import_ligne (id) ON DELETE RESTRICT,
    CONSTRAINT mouvement_nature_connue CHECK (nature IN ('demande', 'saisie', 'validation_inter', 'validation', 'notification', 'engagement', 'retrait', 'paiement', 'reprise')),
    CONSTRAINT mouvement_origine_connue CHECK (origine IN ('saisie', 'import')),
    CONSTRAINT mouvement_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000),
    CONSTRAINT mouvement_date_iso CHECK (date = '' OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
CREATE INDEX mouvement_par_allocation ON mouvement (allocation_id);
CREATE INDEX mouvement_par_ligne ON mouvement (ligne_id) WHERE ligne_id IS NOT NULL;

CREATE TABLE budget_version (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    code TEXT NOT NULL,
    ordre INTEGER NOT NULL,
    libelle TEXT NOT NULL DEFAULT '',
    date TEXT NOT NULL DEFAULT '',
    CONSTRAINT budget_version_code_unique UNIQUE (exercice, code),
    CONSTRAINT budget_version_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT
) STRICT;

CREATE TABLE budget_ligne (
    id INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL,
    destination TEXT NOT NULL,
    enveloppe TEXT NOT NULL DEFAULT '',
    ae INTEGER NOT NULL,
    cp INTEGER NOT NULL,
    CONSTRAINT budget_ligne_unique UNIQUE (version_id, destination, enveloppe),
    CONSTRAINT budget_ligne_version_existe FOREIGN KEY (version_id) REFERENCES budget_version (id) ON DELETE RESTRICT,
    CONSTRAINT budget_ligne_ae_bornee CHECK (ae BETWEEN -100000000000000 AND 100000000000000),
    CONSTRAINT budget_ligne_cp_borne CHECK (cp BETWEEN -100000000000000 AND 100000000000000)
) STRICT;

CREATE TABLE execution (
    id INTEGER PRIMARY KEY,
    exercice INTEGER NOT NULL,
    date TEXT NOT NULL,
    lot_id INTEGER,
    CONSTRAINT execution_date_unique UNIQUE (exercice, date),
    CONSTRAINT execution_exercice_existe FOREIGN KEY (exercice) REFERENCES exercice (annee) ON DELETE RESTRICT,
    CONSTRAINT execution_lot_existe FOREIGN KEY (lot_id) REFERENCES import_lot (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE execution_ligne (
    id INTEGER PRIMARY KEY,
    execution_id INTEGER NOT NULL,
    destination TEXT NOT NULL,
    enveloppe TEXT NOT NULL DEFAULT '',
    libelle TEXT NOT NULL DEFAULT '',
    ae_ouvertes INTEGER,
    cp_ouverts INTEGER,
    ej_valides INTEGER,
    decaissements INTEGER,
    cellule TEXT NOT NULL DEFAULT '',
    CONSTRAINT execution_ligne_unique UNIQUE (execution_id, destination, enveloppe),
    CONSTRAINT execution_ligne_execution_existe FOREIGN KEY (execution_id) REFERENCES execution (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    libelle TEXT NOT NULL,
    nature TEXT NOT NULL,
    faite_le TEXT NOT NULL,
    auteur TEXT NOT NULL DEFAULT '',
    lignes INTEGER NOT NULL DEFAULT 0,
    cible_id INTEGER,
    annulee_par INTEGER,
    CONSTRAINT operation_nature_connue CHECK (nature IN ('systeme', 'saisie', 'import', 'annulation', 'retablissement')),
    CONSTRAINT operation_cible_existe FOREIGN KEY (cible_id) REFERENCES operation (id) ON DELETE RESTRICT,
    CONSTRAINT operation_annulation_existe FOREIGN KEY (annulee_par) REFERENCES operation (id) ON DELETE RESTRICT
) STRICT;

CREATE TABLE operation_courante (
    id INTEGER PRIMARY KEY,
    operation_id INTEGER,
    CONSTRAINT operation_courante_seule CHECK (id = 1)
) STRICT;
INSERT INTO operation_courante (id, operation_id) VALUES (1, NULL);

CREATE TABLE journal_format (
    id INTEGER PRIMARY KEY,
    nom_table TEXT NOT NULL,
    colonnes TEXT NOT NULL,
    CONSTRAINT journal_format_unique UNIQUE (nom_table, colonnes)
) STRICT;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    operation_id INTEGER NOT NULL,
    format_id INTEGER NOT NULL,
    ligne_id INTEGER NOT NULL,
    avant TEXT,
    apres TEXT,
    CONSTRAINT journal_operation_existe FOREIGN KEY (operation_id) REFERENCES operation (id) ON DELETE RESTRICT,
    CONSTRAINT journal_format_existe FOREIGN KEY (format_id) REFERENCES journal_format (id) ON DELETE RESTRICT,
    CONSTRAINT journal_image_presente CHECK (avant IS NOT NULL OR apres IS NOT NULL)
) STRICT;
CREATE INDEX journal_par_operation ON journal (operation_id);
CREATE INDEX journal_par_ligne ON journal (format_id, ligne_id);

CREATE TABLE cumul_allocation (
    allocation_id INTEGER NOT NULL,
    exercice INTEGER NOT NULL,
    demande INTEGER NOT NULL DEFAULT 0,
    saisi INTEGER NOT NULL DEFAULT 0,
    valide INTEGER NOT NULL DEFAULT 0,
    notifie INTEGER NOT NULL DEFAULT 0,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_allocation_cle PRIMARY KEY (allocation_id, exercice)
) STRICT, WITHOUT ROWID;

CREATE TABLE cumul (
    exercice INTEGER NOT NULL,
    campagne INTEGER NOT NULL,
    destination TEXT NOT NULL,
    theme TEXT NOT NULL,
    departement TEXT NOT NULL,
    enveloppe TEXT NOT NULL,
    caractere TEXT NOT NULL,
    nombre INTEGER NOT NULL DEFAULT 0,
    demande INTEGER NOT NULL DEFAULT 0,
    saisi INTEGER NOT NULL DEFAULT 0,
    valide INTEGER NOT NULL DEFAULT 0,
    notifie INTEGER NOT NULL DEFAULT 0,
    engage INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_cle PRIMARY KEY (exercice, campagne, destination, theme, departement, enveloppe, caractere)
) STRICT, WITHOUT ROWID;

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
    CONSTRAINT cumul_operateur_cle PRIMARY KEY (exercice, campagne, operateur_id)
) STRICT, WITHOUT ROWID;
