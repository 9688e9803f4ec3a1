-- Projection `contact_list`: the live customer list, and the latest changes of its rows.
CREATE TABLE contacts (
    no INTEGER PRIMARY KEY, -- partition << 48 | position of the customer's first commit
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    is_live INTEGER NOT NULL, -- 1: in lists, 0: deleted
    kind INTEGER NOT NULL, -- source, what is there, statuses of conversations: see contact_list/kind.rs
    name_key TEXT NOT NULL, -- first name without regard to case
    created_at INTEGER NOT NULL, -- microseconds since 1970, as all times
    updated_at INTEGER NOT NULL,
    last_activity INTEGER NOT NULL,
    search_text TEXT NOT NULL, -- names, email, phone: one per line, without regard to case
    body BLOB NOT NULL -- all that is shown, as MessagePack
);
CREATE UNIQUE INDEX contacts_by_id ON contacts (tenant_id, id);

-- One index per order. What the filters ask rides along, so that pages and counts are found without touching rows.
CREATE INDEX contacts_by_created ON contacts (tenant_id, created_at, no, kind, last_activity) WHERE is_live = 1;
CREATE INDEX contacts_by_updated ON contacts (tenant_id, updated_at, no, kind, created_at, last_activity) WHERE is_live = 1;
CREATE INDEX contacts_by_name ON contacts (tenant_id, name_key, no, kind, created_at, last_activity) WHERE is_live = 1;

-- Which live customers have a tag, and what tags are called.
CREATE TABLE contact_tagged (
    tenant_id TEXT NOT NULL,
    tag_id TEXT NOT NULL,
    no INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, tag_id, no)
) WITHOUT ROWID;
CREATE TABLE contact_tags (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

-- Whose conversations are.
CREATE TABLE contact_conversations (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

-- How many live customers there are of every kind: with a tag, or in all where the tag is empty. Rows with nobody are not kept.
CREATE TABLE contact_facets (
    tenant_id TEXT NOT NULL,
    tag_id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, tag_id, kind)
) WITHOUT ROWID;

-- What commits changed: the latest 50,000 and a few of every tenant.
CREATE TABLE contact_changes (
    tenant_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    what INTEGER NOT NULL, -- 0 a row, 1 something was erased, 2 a tag
    about TEXT NOT NULL, -- the customer or the tag
    row_before BLOB NOT NULL, -- as MessagePack; empty: nothing
    row_after BLOB NOT NULL,
    PRIMARY KEY (tenant_id, position)
);
CREATE INDEX contact_changes_by_about ON contact_changes (tenant_id, about);
CREATE TABLE contact_changes_kept (
    tenant_id TEXT PRIMARY KEY,
    most INTEGER NOT NULL, -- no more than so many are kept
    after INTEGER NOT NULL -- all behind this position are
) WITHOUT ROWID;

-- The search grams of live customers by row number. Only the index is kept, and what is taken out is overwritten at once.
CREATE VIRTUAL TABLE customer_search USING fts5 (grams, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
