-- Projection `customer_stats`: one row per tenant, live customers only.
CREATE TABLE customer_stats (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    total INTEGER NOT NULL,
    active INTEGER NOT NULL,
    points INTEGER NOT NULL,
    bronze INTEGER NOT NULL,
    silver INTEGER NOT NULL,
    gold INTEGER NOT NULL,
    platinum INTEGER NOT NULL
) WITHOUT ROWID;

-- What each customer adds to it.
CREATE TABLE customer_stats_members (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL, -- 0 live, 1 deleted, 2 forgotten
    is_active INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
