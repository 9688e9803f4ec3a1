-- Projection `audit_trail`: one row per event.
CREATE TABLE audit_events (
    no INTEGER PRIMARY KEY, -- partition << 48 | position of the commit << 12 | place in the commit
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, -- microseconds since 1970
    actor_id TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL, -- as it was at the time
    event_type TEXT NOT NULL,
    model TEXT NOT NULL, -- the kind of the record that it is about
    activity TEXT NOT NULL,
    object_id TEXT NOT NULL, -- empty: all records of the kind
    object_repr TEXT NOT NULL,
    description TEXT NOT NULL,
    changes TEXT NOT NULL, -- names of the fields that changed, each between commas
    fields INTEGER NOT NULL, -- how many they are
    old_values TEXT NOT NULL, -- their values before, as a JSON array; empty: none changed
    new_values TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    causation_id TEXT NOT NULL -- empty: none
);
CREATE UNIQUE INDEX audit_events_by_id ON audit_events (tenant_id, event_id);
-- The columns of the filters ride along, so that pages are found and counted without touching rows.
CREATE INDEX audit_events_by_time ON audit_events (tenant_id, recorded_at, no, model, activity, actor_id, fields);
CREATE INDEX audit_events_by_object ON audit_events (tenant_id, object_id, recorded_at, no, model, activity, actor_id, fields, changes);
CREATE INDEX audit_events_by_actor ON audit_events (tenant_id, actor_id, recorded_at, no, model, activity);
CREATE INDEX audit_events_by_activity ON audit_events (tenant_id, model, activity, recorded_at, no, actor_id);

-- The folded state of every object, and how far its stream is folded in.
CREATE TABLE audit_objects (
    tenant_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL, -- JSON
    PRIMARY KEY (tenant_id, kind, id)
) WITHOUT ROWID;

-- How many rows there are of every kind, and how many fields they changed: per day, and under day -1 in all.
CREATE TABLE audit_cells (
    tenant_id TEXT NOT NULL,
    day INTEGER NOT NULL, -- days since 1970, UTC
    model TEXT NOT NULL,
    activity TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    fields INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, day, model, activity, actor_id)
) WITHOUT ROWID;

-- The least and the greatest row number of every day: which days a position of the log is within.
CREATE TABLE audit_days (
    tenant_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    first_no INTEGER NOT NULL,
    last_no INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, day)
) WITHOUT ROWID;

-- How often every field changed: per day, and under day -1 in all.
CREATE TABLE audit_fields (
    tenant_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    model TEXT NOT NULL,
    field TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, day, model, field)
) WITHOUT ROWID;

-- The words of rows by row number. Only the index is kept, and what is taken out is overwritten at once.
CREATE VIRTUAL TABLE audit_search USING fts5 (terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
INSERT INTO audit_search (audit_search, rank) VALUES ('secure-delete', 1);
