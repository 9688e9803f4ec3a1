-- Projection `audit_trail`: one row per event.
CREATE TABLE audit_events (
    no BIGINT PRIMARY KEY, -- partition << 48 | position of the commit << 12 | place in the commit
    tenant_id TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL, -- microseconds since 1970
    actor_id TEXT COLLATE "C" NOT NULL,
    actor_kind TEXT COLLATE "C" NOT NULL,
    actor_name TEXT COLLATE "C" NOT NULL, -- as it was at the time
    event_type TEXT COLLATE "C" NOT NULL,
    model TEXT COLLATE "C" NOT NULL, -- the kind of the record that it is about
    activity TEXT COLLATE "C" NOT NULL,
    object_id TEXT COLLATE "C" NOT NULL, -- empty: all records of the kind
    object_repr TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    changes TEXT COLLATE "C" NOT NULL, -- names of the fields that changed, each between commas
    fields BIGINT NOT NULL, -- how many they are
    old_values TEXT COLLATE "C" NOT NULL, -- their values before, as a JSON array; empty: none changed
    new_values TEXT COLLATE "C" NOT NULL,
    correlation_id TEXT COLLATE "C" NOT NULL,
    causation_id TEXT COLLATE "C" NOT NULL -- empty: none
);
CREATE UNIQUE INDEX audit_events_by_id ON audit_events (tenant_id, event_id);
-- The columns of the filters ride along, so that pages are found and counted without touching rows.
CREATE INDEX audit_events_by_time ON audit_events (tenant_id, recorded_at, no, model, activity, actor_id, fields);
CREATE INDEX audit_events_by_object ON audit_events (tenant_id, object_id, recorded_at, no, model, activity, actor_id, fields, changes);
CREATE INDEX audit_events_by_actor ON audit_events (tenant_id, actor_id, recorded_at, no, model, activity);
CREATE INDEX audit_events_by_activity ON audit_events (tenant_id, model, activity, recorded_at, no, actor_id);

-- The folded state of every object, and how far its stream is folded in.
CREATE TABLE audit_objects (
    tenant_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL, -- JSON
    PRIMARY KEY (tenant_id, kind, id)
);

-- How many rows there are of every kind, and how many fields they changed: per day, and under day -1 in all.
CREATE TABLE audit_cells (
    tenant_id TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL, -- days since 1970, UTC
    model TEXT COLLATE "C" NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    fields BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, model, activity, actor_id)
);

-- The least and the greatest row number of every day: which days a position of the log is within.
CREATE TABLE audit_days (
    tenant_id TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    first_no BIGINT NOT NULL,
    last_no BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day)
);

-- How often every field changed: per day, and under day -1 in all.
CREATE TABLE audit_fields (
    tenant_id TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    model TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, model, field)
);

-- The words of rows by row number.
CREATE TABLE audit_search (
    no BIGINT PRIMARY KEY,
    terms TSVECTOR NOT NULL
);
CREATE INDEX audit_search_by_term ON audit_search USING gin (terms);
