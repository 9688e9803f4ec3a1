-- Projection `directory`.
CREATE TABLE tenants (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    earning_points BIGINT NOT NULL, -- 0 with 0: orders earn no points
    earning_per BIGINT NOT NULL, -- minor units
    view_audit BIGINT NOT NULL,
    audit_retention_days BIGINT NOT NULL, -- 0: audit views go back for ever
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE users (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    email_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX users_by_email ON users (tenant_id, email_key);
-- The one lookup across tenants: a login knows an address and no tenant.
CREATE INDEX users_for_login ON users (email_key);
