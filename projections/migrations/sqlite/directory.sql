-- Projection `directory`.
CREATE TABLE tenants (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    earning_points INTEGER NOT NULL, -- 0 with 0: orders earn no points
    earning_per INTEGER NOT NULL, -- minor units
    view_audit INTEGER NOT NULL,
    audit_retention_days INTEGER NOT NULL, -- 0: audit views go back for ever
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

CREATE TABLE users (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL, -- without regard to case
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX users_by_email ON users (tenant_id, email_key);
-- The one lookup across tenants: a login knows an address and no tenant.
CREATE INDEX users_for_login ON users (email_key);
