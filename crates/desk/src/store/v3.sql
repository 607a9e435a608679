-- The sum of a pool's transfers up to an entry, as it was when the pool was last charged: only later ones have to be added up then.

CREATE TABLE checked (
    holder TEXT NOT NULL,
    article TEXT NOT NULL,
    entry INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (holder, article)
) STRICT, WITHOUT ROWID;
