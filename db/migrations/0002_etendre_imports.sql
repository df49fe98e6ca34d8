-- What an import keeps for ever: where the file was, the choices made, the two other parts of its total, what it
-- changed of the amount of its exercices.
-- Decisions remembered by profile. Findings of any kind. A mouvement no longer looks its year up; a payment keeps its
-- natural key (EJ and number of its request). A line of a SIBC snapshot knows the import that wrote it.
-- A name that an operator also goes by may be of one département; two operators that look alike may be told apart.

ALTER TABLE import_lot ADD COLUMN chemin TEXT NOT NULL DEFAULT '';
ALTER TABLE import_lot ADD COLUMN reglages TEXT NOT NULL DEFAULT '{}';
ALTER TABLE import_lot ADD COLUMN total_ignore INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_lot ADD COLUMN total_rejete INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_lot ADD COLUMN orphelines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_lot ADD COLUMN mesure TEXT NOT NULL DEFAULT '';
ALTER TABLE import_lot ADD COLUMN notifie_avant INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_lot ADD COLUMN notifie_apres INTEGER NOT NULL DEFAULT 0;

CREATE TABLE import_decision (
    id INTEGER PRIMARY KEY,
    profil TEXT NOT NULL,
    question TEXT NOT NULL,
    choix TEXT NOT NULL,
    CONSTRAINT import_decision_unique UNIQUE (profil, question)
) STRICT;

CREATE TABLE import_constat_nouveau (
    id INTEGER PRIMARY KEY,
    lot_id INTEGER NOT NULL,
    genre TEXT NOT NULL,
    feuille TEXT NOT NULL,
    cellule TEXT NOT NULL,
    lu TEXT NOT NULL,
    attendu TEXT NOT NULL,
    remede TEXT NOT NULL,
    CONSTRAINT import_constat_lot_existe FOREIGN KEY (lot_id) REFERENCES import_lot (id) ON DELETE RESTRICT,
    CONSTRAINT import_constat_genre_connu CHECK (genre IN ('rejet', 'reparation', 'alerte', 'ignoree', 'orpheline', 'decision'))
) STRICT;
INSERT INTO import_constat_nouveau SELECT * FROM import_constat;
DROP TABLE import_constat;
ALTER TABLE import_constat_nouveau RENAME TO import_constat;
CREATE INDEX import_constat_par_lot ON import_constat (lot_id);

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
    CONSTRAINT mouvement_allocation_existe FOREIGN KEY (allocation_id) REFERENCES allocation (id) ON DELETE RESTRICT,
    CONSTRAINT mouvement_ligne_existe FOREIGN KEY (ligne_id) REFERENCES import_ligne (id) ON DELETE RESTRICT,
    CONSTRAINT mouvement_exercice_plausible CHECK (exercice BETWEEN 2000 AND 2100),
    CONSTRAINT mouvement_nature_connue CHECK (nature IN ('demande', 'saisie', 'validation_inter', 'validation', 'notification', 'engagement', 'retrait', 'paiement', 'reprise')),
    CONSTRAINT mouvement_origine_connue CHECK (origine IN ('saisie', 'import')),
    CONSTRAINT mouvement_montant_borne CHECK (montant BETWEEN -100000000000000 AND 100000000000000),
    CONSTRAINT mouvement_date_iso CHECK (date = '' OR date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT;
INSERT INTO mouvement_nouveau SELECT *, '' FROM mouvement;
DROP TABLE mouvement;
ALTER TABLE mouvement_nouveau RENAME TO mouvement;
CREATE INDEX mouvement_par_allocation ON mouvement (allocation_id);
CREATE INDEX mouvement_par_ligne ON mouvement (ligne_id) WHERE ligne_id IS NOT NULL;
CREATE INDEX mouvement_par_cle ON mouvement (cle) WHERE cle <> '';

CREATE TABLE execution_ligne_nouvelle (
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
    lot_id INTEGER,
    CONSTRAINT execution_ligne_unique UNIQUE (execution_id, destination, enveloppe),
    CONSTRAINT execution_ligne_execution_existe FOREIGN KEY (execution_id) REFERENCES execution (id) ON DELETE RESTRICT,
    CONSTRAINT execution_ligne_lot_existe FOREIGN KEY (lot_id) REFERENCES import_lot (id) ON DELETE RESTRICT
) STRICT;
INSERT INTO execution_ligne_nouvelle SELECT l.*, e.lot_id FROM execution_ligne l JOIN execution e ON e.id = l.execution_id;
DROP TABLE execution_ligne;
ALTER TABLE execution_ligne_nouvelle RENAME TO execution_ligne;

CREATE TABLE operateur_alias_nouveau (
    id INTEGER PRIMARY KEY,
    operateur_id INTEGER NOT NULL,
    nature TEXT NOT NULL,
    valeur TEXT NOT NULL,
    departement TEXT NOT NULL DEFAULT '',
    CONSTRAINT operateur_alias_unique UNIQUE (nature, valeur, departement),
    CONSTRAINT operateur_alias_nature_connue CHECK (nature IN ('nom', 'siret', 'finess', 'code_interne')),
    CONSTRAINT operateur_alias_existe FOREIGN KEY (operateur_id) REFERENCES operateur (id) ON DELETE RESTRICT
) STRICT;
INSERT INTO operateur_alias_nouveau SELECT *, '' FROM operateur_alias;
DROP TABLE operateur_alias;
ALTER TABLE operateur_alias_nouveau RENAME TO operateur_alias;
CREATE INDEX operateur_alias_par_operateur ON operateur_alias (operateur_id);

CREATE TABLE operateur_distinct (
    id INTEGER PRIMARY KEY,
    operateur_id INTEGER NOT NULL,
    autre_id INTEGER NOT NULL,
    CONSTRAINT operateur_distinct_unique UNIQUE (operateur_id, autre_id),
    CONSTRAINT operateur_distinct_ordre CHECK (operateur_id < autre_id),
    CONSTRAINT operateur_distinct_premier_existe FOREIGN KEY (operateur_id) REFERENCES operateur (id) ON DELETE RESTRICT,
    CONSTRAINT operateur_distinct_second_existe FOREIGN KEY (autre_id) REFERENCES operateur (id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX operateur_distinct_par_autre ON operateur_distinct (autre_id);
