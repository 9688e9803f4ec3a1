-- Projection `points_ledger`: one row per change of a balance.
CREATE TABLE points_ledger (
    tenant_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    seq INTEGER NOT NULL, -- from 1 for every customer: the count, and the way to a deep page
    position INTEGER NOT NULL,
    event_index INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    cause TEXT NOT NULL,
    requested INTEGER NOT NULL,
    applied INTEGER NOT NULL,
    balance INTEGER NOT NULL,
    reason TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, seq)
) WITHOUT ROWID;
