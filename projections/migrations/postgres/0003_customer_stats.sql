-- Projection `customer_stats`: one row per tenant, live customers only.
CREATE TABLE customer_stats (
    tenant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    total BIGINT NOT NULL,
    active BIGINT NOT NULL,
    points BIGINT NOT NULL,
    bronze BIGINT NOT NULL,
    silver BIGINT NOT NULL,
    gold BIGINT NOT NULL,
    platinum BIGINT NOT NULL
);

-- What each customer adds to it.
CREATE TABLE customer_stats_members (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    state BIGINT NOT NULL, -- 0 live, 1 deleted, 2 forgotten
    is_active BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
