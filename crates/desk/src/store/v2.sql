-- The hardware a license is locked to, so that two installations with the same can be told; entries from before name none.

ALTER TABLE entry ADD COLUMN hardware TEXT;

CREATE INDEX entry_hardware ON entry (hardware) WHERE hardware IS NOT NULL;
