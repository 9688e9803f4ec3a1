-- Projection `contact_list`: the live customer list, and the latest changes of its rows.
CREATE TABLE contacts (
    no BIGINT PRIMARY KEY, -- partition << 48 | position of the customer's first commit
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    is_live BIGINT NOT NULL, -- 1: in lists, 0: deleted
    kind BIGINT NOT NULL, -- source, what is there, statuses of conversations: see contact_list/kind.rs
    name_key TEXT COLLATE "C" NOT NULL, -- first name without regard to case
    created_at BIGINT NOT NULL, -- microseconds since 1970, as all times
    updated_at BIGINT NOT NULL,
    last_activity BIGINT NOT NULL,
    search_text TEXT COLLATE "C" NOT NULL, -- names, email, phone: one per line, without regard to case
    body BYTEA NOT NULL -- all that is shown, as MessagePack
);
CREATE UNIQUE INDEX contacts_by_id ON contacts (tenant_id, id);

-- One index per order. What the filters ask rides along, so that pages and counts are found without touching rows.
CREATE INDEX contacts_by_created ON contacts (tenant_id, created_at, no, kind, last_activity) WHERE is_live = 1;
CREATE INDEX contacts_by_updated ON contacts (tenant_id, updated_at, no, kind, created_at, last_activity) WHERE is_live = 1;
CREATE INDEX contacts_by_name ON contacts (tenant_id, name_key, no, kind, created_at, last_activity) WHERE is_live = 1;

-- Which live customers have a tag, and what tags are called.
CREATE TABLE contact_tagged (
    tenant_id TEXT COLLATE "C" NOT NULL,
    tag_id TEXT COLLATE "C" NOT NULL,
    no BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, tag_id, no)
);
CREATE TABLE contact_tags (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Whose conversations are.
CREATE TABLE contact_conversations (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- How many live customers there are of every kind: with a tag, or in all where the tag is empty. Rows with nobody are not kept.
CREATE TABLE contact_facets (
    tenant_id TEXT COLLATE "C" NOT NULL,
    tag_id TEXT COLLATE "C" NOT NULL,
    kind BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, tag_id, kind)
);

-- What commits changed: the latest 50,000 and a few of every tenant.
CREATE TABLE contact_changes (
    tenant_id TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    what BIGINT NOT NULL, -- 0 a row, 1 something was erased, 2 a tag
    about TEXT COLLATE "C" NOT NULL, -- the customer or the tag
    row_before BYTEA NOT NULL, -- as MessagePack; empty: nothing
    row_after BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, position)
);
CREATE INDEX contact_changes_by_about ON contact_changes (tenant_id, about);
CREATE TABLE contact_changes_kept (
    tenant_id TEXT COLLATE "C" PRIMARY KEY,
    most BIGINT NOT NULL, -- no more than so many are kept
    after BIGINT NOT NULL -- all behind this position are
);

-- The search grams of live customers by row number. Needs no extension.
CREATE TABLE customer_search (
    no BIGINT PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX customer_search_by_gram ON customer_search USING gin (grams);
