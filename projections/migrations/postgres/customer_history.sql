-- Projection `customer_history`. A moment is partition << 48 | position: no two commits have the same one.

-- What changes often of a customer, once per commit. The versions of a customer lie together.
CREATE TABLE customer_versions (
    no BIGINT NOT NULL, -- of the customer: the moment of the first commit
    at BIGINT NOT NULL, -- the moment of the commit
    profile_at BIGINT NOT NULL, -- names the profile
    state BIGINT NOT NULL, -- 0 live, 1 deleted
    version BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    loyalty_points BIGINT NOT NULL,
    total_orders BIGINT NOT NULL,
    total_spent BIGINT NOT NULL, -- minor units
    updated_at BIGINT NOT NULL, -- microseconds since 1970, as all times
    last_order_at BIGINT NOT NULL, -- the least integer: never
    PRIMARY KEY (no, at)
);

-- What changes seldom or never, once per commit that changed it.
CREATE TABLE customer_profiles (
    at BIGINT PRIMARY KEY, -- the moment of the commit: rows are only ever put behind the last one
    no BIGINT NOT NULL,
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    search_text TEXT COLLATE "C" NOT NULL, -- name, email, phone: one per line, without regard to case
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    province TEXT COLLATE "C" NOT NULL,
    postal_code TEXT COLLATE "C" NOT NULL,
    notes TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX customer_profiles_by_id ON customer_profiles (tenant_id, id, at);
-- Finds the profile of a customer at a moment without a look at versions: the first one, unless there is a later one here.
CREATE INDEX customer_profiles_later ON customer_profiles (no, at) WHERE at <> no;

-- The places of live customers in every list, and from when until before when they stood there. What filters ask rides along. A list
-- is begun anew in chapters: each has a copy of what was open when it began, and what came after.
CREATE TABLE customer_stays (
    list BIGINT NOT NULL, -- 0 name, 1 created, 2 points, 3 orders, 4 spent, 5 last order, 6 city and created, 7 province and created
    chapter BIGINT NOT NULL, -- by when it begins
    text TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    no BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT, -- null: not ended in this chapter
    is_active BIGINT, -- told in list 1 alone: versions tell it where it is asked in others
    tier BIGINT NOT NULL, -- 0 bronze, 1 silver, 2 gold, 3 platinum
    city TEXT COLLATE "C" NOT NULL,
    province TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (list, chapter, text, number, no, valid_from)
);

-- The chapters of every list. A moment is of one tenant, so no two tenants have the same chapter of a list.
CREATE TABLE customer_chapters (
    tenant_id TEXT COLLATE "C" NOT NULL,
    list BIGINT NOT NULL,
    begins BIGINT NOT NULL,
    stays BIGINT NOT NULL, -- how many are in it, as long as it is the last one
    open BIGINT NOT NULL, -- how many of them have not ended
    PRIMARY KEY (tenant_id, list, begins)
);

-- To which kind of live customer the text of a profile led, from when on: what a search with another filter asks. Narrow, for a search
-- for a frequent word looks at very many.
CREATE TABLE customer_finds (
    text_at BIGINT NOT NULL, -- names the profile
    at BIGINT NOT NULL,
    kind BIGINT NOT NULL, -- tier, and 4 more when active; -1: to nobody
    PRIMARY KEY (text_at, at)
);

-- When the greatest number of a list grew: where a page as of some moment begins.
CREATE TABLE customer_peaks (
    tenant_id TEXT COLLATE "C" NOT NULL,
    list BIGINT NOT NULL,
    at BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, list, at)
);

-- How many live customers there are, and the sum of their balances: after every change what the changes of its block of moments
-- (moment >> 10) have come to so far, and at the end of every block with changes what all have come to.
CREATE TABLE customer_totals (
    tenant_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    inactive_bronze BIGINT NOT NULL,
    inactive_silver BIGINT NOT NULL,
    inactive_gold BIGINT NOT NULL,
    inactive_platinum BIGINT NOT NULL,
    active_bronze BIGINT NOT NULL,
    active_silver BIGINT NOT NULL,
    active_gold BIGINT NOT NULL,
    active_platinum BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, at)
);
CREATE TABLE customer_block_totals (
    tenant_id TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    changes BIGINT NOT NULL, -- moments of this block at which something changed
    inactive_bronze BIGINT NOT NULL,
    inactive_silver BIGINT NOT NULL,
    inactive_gold BIGINT NOT NULL,
    inactive_platinum BIGINT NOT NULL,
    active_bronze BIGINT NOT NULL,
    active_silver BIGINT NOT NULL,
    active_gold BIGINT NOT NULL,
    active_platinum BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, block)
);

-- Customers of a kind that came (1) or went (-1).
CREATE TABLE customer_changes (
    tenant_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    n BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    province TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, at, n)
);

-- What these come to at the end of every block in which the facet changed. `level` says which of city and province count: 1 city,
-- 2 province, 3 both; what does not count is empty.
CREATE TABLE customer_marks (
    tenant_id TEXT COLLATE "C" NOT NULL,
    level BIGINT NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    province TEXT COLLATE "C" NOT NULL,
    is_active BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    block BIGINT NOT NULL,
    changes BIGINT NOT NULL, -- in this block
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, level, city, province, is_active, tier, block)
);

-- What channels told of customers and which tags they had, since every moment at which that changed.
CREATE TABLE customer_cards (
    at BIGINT PRIMARY KEY, -- the moment of the commit: rows are only ever put behind the last one
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL, -- the customer
    source TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    username TEXT COLLATE "C" NOT NULL,
    first_name TEXT COLLATE "C" NOT NULL,
    last_name TEXT COLLATE "C" NOT NULL,
    profile_picture TEXT COLLATE "C" NOT NULL,
    tags TEXT COLLATE "C" NOT NULL -- ids, with blanks between them
);
CREATE UNIQUE INDEX customer_cards_by_id ON customer_cards (tenant_id, id, at);

-- What tags were called, since every moment at which that changed.
CREATE TABLE customer_tag_names (
    at BIGINT PRIMARY KEY,
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL, -- the tag
    name TEXT COLLATE "C" NOT NULL, -- empty: the tag is gone
    recorded_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX customer_tag_names_by_id ON customer_tag_names (tenant_id, id, at);

-- Customers of whom nothing is left.
CREATE TABLE customer_forgotten (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- The search grams of profiles by their moments. Needs no extension.
CREATE TABLE customer_search (
    no BIGINT PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX customer_search_by_gram ON customer_search USING gin (grams);
