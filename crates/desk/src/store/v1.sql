-- What is written once: entries, what they moved, and the licenses they paid for.

CREATE TABLE entry (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    facts TEXT NOT NULL,
    license_id TEXT,
    license_digest BLOB CHECK (length(license_digest) = 32),
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- Labels: told by the facts alone, and beside them only to be found by.
    account TEXT,
    order_number TEXT,
    code TEXT,
    parent TEXT,
    unit TEXT,
    product TEXT,
    request TEXT,
    end_user TEXT,
    CHECK ((license_id IS NULL) = (license_digest IS NULL))
) STRICT;

CREATE TABLE transfer (
    entry INTEGER NOT NULL REFERENCES entry (number),
    line INTEGER NOT NULL CHECK (line >= 0),
    article TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    giver TEXT NOT NULL,
    taker TEXT NOT NULL,
    PRIMARY KEY (entry, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE license (
    entry INTEGER PRIMARY KEY REFERENCES entry (number),
    id TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) STRICT;

-- What is computed from it: the sum of all transfers, so that nobody has to add them up; no row where that is nothing.

CREATE TABLE balance (
    holder TEXT NOT NULL,
    article TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0 OR (quantity < 0 AND holder = 'source')),
    PRIMARY KEY (holder, article)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_time ON entry (time);
-- All acts but the one that there are very many of.
CREATE INDEX entry_act ON entry (act) WHERE act <> 'activated';
CREATE INDEX entry_account ON entry (account) WHERE account IS NOT NULL;
CREATE INDEX entry_order ON entry (order_number) WHERE order_number IS NOT NULL;
CREATE INDEX entry_code ON entry (code) WHERE code IS NOT NULL;
CREATE INDEX entry_parent ON entry (parent) WHERE parent IS NOT NULL;
CREATE INDEX entry_unit ON entry (unit) WHERE unit IS NOT NULL;
CREATE INDEX entry_request ON entry (request) WHERE request IS NOT NULL;
CREATE INDEX entry_end_user ON entry (end_user) WHERE end_user IS NOT NULL;
CREATE INDEX transfer_giver ON transfer (giver) WHERE giver <> 'source';
CREATE INDEX transfer_taker ON transfer (taker) WHERE taker >= 'pool/' AND taker < 'pool0';

CREATE TRIGGER entry_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
-- Also keeps INSERT OR REPLACE away, which asks no trigger on deletion.
CREATE TRIGGER entry_insert BEFORE INSERT ON entry
WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'entries are numbered one by one'); END;

CREATE TRIGGER transfer_update BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'a transfer is never changed'); END;
CREATE TRIGGER transfer_delete BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'a transfer is never deleted'); END;
CREATE TRIGGER transfer_insert BEFORE INSERT ON transfer
WHEN EXISTS (SELECT 1 FROM transfer WHERE entry = new.entry AND line = new.line)
BEGIN SELECT RAISE(ABORT, 'a transfer is never replaced'); END;

CREATE TRIGGER license_update BEFORE UPDATE ON license
BEGIN SELECT RAISE(ABORT, 'a license is never changed'); END;
CREATE TRIGGER license_delete BEFORE DELETE ON license
BEGIN SELECT RAISE(ABORT, 'a license is never deleted'); END;
CREATE TRIGGER license_insert BEFORE INSERT ON license
WHEN EXISTS (SELECT 1 FROM license WHERE entry = new.entry OR id = new.id)
BEGIN SELECT RAISE(ABORT, 'a license is never replaced'); END;
