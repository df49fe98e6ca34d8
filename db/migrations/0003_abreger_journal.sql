-- Rows that enter as a set make one entry, from ligne_id to jusqu_a, with no image: what a row held then is what its
-- first entry afterwards found there, or what it still holds.

ALTER TABLE journal ADD COLUMN jusqu_a INTEGER
    CONSTRAINT journal_plage_de_lignes_ajoutees CHECK (jusqu_a IS NULL OR (jusqu_a >= ligne_id AND avant IS NULL AND apres = ''));
CREATE INDEX journal_par_plage ON journal (format_id, ligne_id) WHERE jusqu_a IS NOT NULL;
