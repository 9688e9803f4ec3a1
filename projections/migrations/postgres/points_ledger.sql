-- Projection `points_ledger`: one row per change of a balance.
CREATE TABLE points_ledger (
    tenant_id TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL, -- from 1 for every customer: the count, and the way to a deep page
    position BIGINT NOT NULL,
    event_index BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    requested BIGINT NOT NULL,
    applied BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, seq)
);
