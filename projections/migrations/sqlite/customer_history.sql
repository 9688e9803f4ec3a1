-- Projection `customer_history`. A moment is partition << 48 | position: no two commits have the same one.

-- What changes often of a customer, once per commit. The versions of a customer lie together.
CREATE TABLE customer_versions (
    no INTEGER NOT NULL, -- of the customer: the moment of the first commit
    at INTEGER NOT NULL, -- the moment of the commit
    profile_at INTEGER NOT NULL, -- names the profile
    state INTEGER NOT NULL, -- 0 live, 1 deleted
    version INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    loyalty_points INTEGER NOT NULL,
    total_orders INTEGER NOT NULL,
    total_spent INTEGER NOT NULL, -- minor units
    updated_at INTEGER NOT NULL, -- microseconds since 1970, as all times
    last_order_at INTEGER NOT NULL, -- the least integer: never
    PRIMARY KEY (no, at)
) WITHOUT ROWID;

-- What changes seldom or never, once per commit that changed it.
CREATE TABLE customer_profiles (
    at INTEGER PRIMARY KEY, -- the moment of the commit: rows are only ever put behind the last one
    no INTEGER NOT NULL,
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    name_key TEXT NOT NULL, -- without regard to case
    search_text TEXT NOT NULL, -- name, email, phone: one per line, without regard to case
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    notes TEXT NOT NULL
);
CREATE UNIQUE INDEX customer_profiles_by_id ON customer_profiles (tenant_id, id, at);
-- What filters and the default order ask of a profile that was found by its text: a small part of the row, and much faster to read.
CREATE INDEX customer_profiles_by_moment ON customer_profiles (at, no, created_at, city, province);
-- Finds the profile of a customer at a moment without a look at versions: the first one, unless there is a later one here.
CREATE INDEX customer_profiles_later ON customer_profiles (no, at) WHERE at <> no;

-- The places of live customers in every list, and from when until before when they stood there. What filters ask rides along. A list
-- is begun anew in chapters: each has a copy of what was open when it began, and what came after.
CREATE TABLE customer_stays (
    list INTEGER NOT NULL, -- 0 name, 1 created, 2 points, 3 orders, 4 spent, 5 last order, 6 city and created, 7 province and created
    chapter INTEGER NOT NULL, -- by when it begins
    text TEXT NOT NULL,
    number INTEGER NOT NULL,
    no INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER, -- null: not ended in this chapter
    is_active INTEGER, -- told in list 1 alone: versions tell it where it is asked in others
    tier INTEGER NOT NULL, -- 0 bronze, 1 silver, 2 gold, 3 platinum
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    PRIMARY KEY (list, chapter, text, number, no, valid_from)
) WITHOUT ROWID;

-- The chapters of every list. A moment is of one tenant, so no two tenants have the same chapter of a list.
CREATE TABLE customer_chapters (
    tenant_id TEXT NOT NULL,
    list INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    stays INTEGER NOT NULL, -- how many are in it, as long as it is the last one
    open INTEGER NOT NULL, -- how many of them have not ended
    PRIMARY KEY (tenant_id, list, begins)
) WITHOUT ROWID;

-- To which kind of live customer the text of a profile led, from when on: what a search with another filter asks. Narrow, for a search
-- for a frequent word looks at very many.
CREATE TABLE customer_finds (
    text_at INTEGER NOT NULL, -- names the profile
    at INTEGER NOT NULL,
    kind INTEGER NOT NULL, -- tier, and 4 more when active; -1: to nobody
    PRIMARY KEY (text_at, at)
) WITHOUT ROWID;

-- When the greatest number of a list grew: where a page as of some moment begins.
CREATE TABLE customer_peaks (
    tenant_id TEXT NOT NULL,
    list INTEGER NOT NULL,
    at INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, list, at)
) WITHOUT ROWID;

-- How many live customers there are, and the sum of their balances: after every change what the changes of its block of moments
-- (moment >> 10) have come to so far, and at the end of every block with changes what all have come to.
CREATE TABLE customer_totals (
    tenant_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    inactive_bronze INTEGER NOT NULL,
    inactive_silver INTEGER NOT NULL,
    inactive_gold INTEGER NOT NULL,
    inactive_platinum INTEGER NOT NULL,
    active_bronze INTEGER NOT NULL,
    active_silver INTEGER NOT NULL,
    active_gold INTEGER NOT NULL,
    active_platinum INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, at)
) WITHOUT ROWID;
CREATE TABLE customer_block_totals (
    tenant_id TEXT NOT NULL,
    block INTEGER NOT NULL,
    changes INTEGER NOT NULL, -- moments of this block at which something changed
    inactive_bronze INTEGER NOT NULL,
    inactive_silver INTEGER NOT NULL,
    inactive_gold INTEGER NOT NULL,
    inactive_platinum INTEGER NOT NULL,
    active_bronze INTEGER NOT NULL,
    active_silver INTEGER NOT NULL,
    active_gold INTEGER NOT NULL,
    active_platinum INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, block)
) WITHOUT ROWID;

-- Customers of a kind that came (1) or went (-1).
CREATE TABLE customer_changes (
    tenant_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    PRIMARY KEY (tenant_id, at, n)
) WITHOUT ROWID;

-- What these come to at the end of every block in which the facet changed. `level` says which of city and province count: 1 city,
-- 2 province, 3 both; what does not count is empty.
CREATE TABLE customer_marks (
    tenant_id TEXT NOT NULL,
    level INTEGER NOT NULL,
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    block INTEGER NOT NULL,
    changes INTEGER NOT NULL, -- in this block
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, level, city, province, is_active, tier, block)
) WITHOUT ROWID;

-- What channels told of customers and which tags they had, since every moment at which that changed.
CREATE TABLE customer_cards (
    at INTEGER PRIMARY KEY, -- the moment of the commit: rows are only ever put behind the last one
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL, -- the customer
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    username TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    profile_picture TEXT NOT NULL,
    tags TEXT NOT NULL -- ids, with blanks between them
);
CREATE UNIQUE INDEX customer_cards_by_id ON customer_cards (tenant_id, id, at);

-- What tags were called, since every moment at which that changed.
CREATE TABLE customer_tag_names (
    at INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL, -- the tag
    name TEXT NOT NULL, -- empty: the tag is gone
    recorded_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX customer_tag_names_by_id ON customer_tag_names (tenant_id, id, at);

-- Customers of whom nothing is left.
CREATE TABLE customer_forgotten (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

-- The search grams of profiles by their moments, and of those that could not be found any more by the moments when that was.
-- Only the indexes are kept, and what is taken out is overwritten at once.
CREATE VIRTUAL TABLE customer_search USING fts5 (grams, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE customer_search_ended USING fts5 (grams, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO customer_search_ended (customer_search_ended, rank) VALUES ('secure-delete', 1);
