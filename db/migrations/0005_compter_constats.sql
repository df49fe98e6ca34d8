-- What needs all the sums of an allocation at once is counted too: the gap between notified and engaged by destination,
-- what a landing is made of, what was paid on commitments that have a plan, the years of each convention. Kept by triggers, filled when migrated.

ALTER TABLE cumul_allocation ADD COLUMN retrait INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cumul ADD COLUMN retrait INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cumul ADD COLUMN paye_planifie INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cumul_operateur ADD COLUMN retrait INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cumul_operateur ADD COLUMN paye_planifie INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cumul_axe ADD COLUMN retrait INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cumul_axe ADD COLUMN paye_planifie INTEGER NOT NULL DEFAULT 0;

CREATE TABLE cumul_rapprochement (
    exercice INTEGER NOT NULL,
    destination TEXT NOT NULL,
    pluriannuel INTEGER NOT NULL DEFAULT 0,
    pluriannuel_nombre INTEGER NOT NULL DEFAULT 0,
    engage_non_notifie INTEGER NOT NULL DEFAULT 0,
    engage_non_notifie_nombre INTEGER NOT NULL DEFAULT 0,
    engage_partiel INTEGER NOT NULL DEFAULT 0,
    engage_partiel_nombre INTEGER NOT NULL DEFAULT 0,
    autre_exercice INTEGER NOT NULL DEFAULT 0,
    autre_exercice_nombre INTEGER NOT NULL DEFAULT 0,
    retraits INTEGER NOT NULL DEFAULT 0,
    retraits_nombre INTEGER NOT NULL DEFAULT 0,
    notifie_non_engage INTEGER NOT NULL DEFAULT 0,
    notifie_non_engage_nombre INTEGER NOT NULL DEFAULT 0,
    notifie_sans_ej INTEGER NOT NULL DEFAULT 0,
    notifie_sans_ej_nombre INTEGER NOT NULL DEFAULT 0,
    decide_non_notifie INTEGER NOT NULL DEFAULT 0,
    decide_non_notifie_nombre INTEGER NOT NULL DEFAULT 0,
    pluriannuel_prevu INTEGER NOT NULL DEFAULT 0,
    pluriannuel_prevu_nombre INTEGER NOT NULL DEFAULT 0,
    autres_campagnes INTEGER NOT NULL DEFAULT 0,
    autres_campagnes_nombre INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_rapprochement_cle PRIMARY KEY (exercice, destination)
) STRICT, WITHOUT ROWID;

CREATE TABLE cumul_cellule (
    campagne INTEGER NOT NULL,
    destination TEXT NOT NULL,
    theme TEXT NOT NULL,
    notifie INTEGER NOT NULL DEFAULT 0,
    perenne INTEGER NOT NULL DEFAULT 0,
    reconductible INTEGER NOT NULL DEFAULT 0,
    decide INTEGER NOT NULL DEFAULT 0,
    decide_reconductible INTEGER NOT NULL DEFAULT 0,
    notifie_nombre INTEGER NOT NULL DEFAULT 0,
    saisi_a_notifier INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_cellule_cle PRIMARY KEY (campagne, destination, theme)
) STRICT, WITHOUT ROWID;

CREATE TABLE cumul_convention (
    convention_id INTEGER NOT NULL,
    exercice INTEGER NOT NULL,
    engage INTEGER NOT NULL DEFAULT 0,
    retire INTEGER NOT NULL DEFAULT 0,
    paye INTEGER NOT NULL DEFAULT 0,
    prevu INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT cumul_convention_cle PRIMARY KEY (convention_id, exercice)
) STRICT, WITHOUT ROWID;
