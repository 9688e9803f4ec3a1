-- Projection `customer_list`: the current row of every customer.
CREATE TABLE customers (
    no INTEGER PRIMARY KEY, -- partition << 48 | position of the customer's first commit
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name_key TEXT NOT NULL, -- without regard to case
    search_text TEXT NOT NULL, -- name, email, phone: one per line, without regard to case
    state INTEGER NOT NULL, -- 0 live, 1 deleted, 2 forgotten
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    notes TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    loyalty_points INTEGER NOT NULL,
    tier INTEGER NOT NULL, -- 0 bronze, 1 silver, 2 gold, 3 platinum
    total_orders INTEGER NOT NULL,
    total_spent INTEGER NOT NULL, -- minor units
    created_at INTEGER NOT NULL, -- microseconds since 1970, as all times
    updated_at INTEGER NOT NULL,
    last_order_at INTEGER NOT NULL -- the least integer: never
);
CREATE UNIQUE INDEX customers_by_id ON customers (tenant_id, id);

-- One index per order. The columns of the filters ride along, so that pages are found without touching rows. Whether a customer is
-- active rides along in the default order only: it changes more often than the rest, and each index it is in is written then.
CREATE INDEX customers_by_created ON customers (tenant_id, created_at, no, is_active, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_name ON customers (tenant_id, name_key, no, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_points ON customers (tenant_id, loyalty_points, no, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_orders ON customers (tenant_id, total_orders, no, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_spent ON customers (tenant_id, total_spent, no, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_last_order ON customers (tenant_id, last_order_at, no, tier, city, province) WHERE state = 0;
-- Two for filters that are narrow.
CREATE INDEX customers_by_city ON customers (tenant_id, city, created_at, no, tier, province) WHERE state = 0;
CREATE INDEX customers_by_province ON customers (tenant_id, province, created_at, no, tier, city) WHERE state = 0;
-- And one that tells whether a customer who was found elsewhere is active, and the tier: a small part of the row, which a cache holds
-- for every customer of a large tenant.
CREATE INDEX customers_by_no ON customers (no, is_active, tier) WHERE state = 0;

-- How many live customers there are of every kind, and their points (at level 0 only). `level` says which of city and province
-- count: 0 neither, 1 city, 2 province, 3 both; what does not count is empty. Rows with nobody are not kept.
CREATE TABLE customer_facets (
    tenant_id TEXT NOT NULL,
    level INTEGER NOT NULL,
    city TEXT NOT NULL,
    province TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    n INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, level, city, province, is_active, tier)
) WITHOUT ROWID;

-- The search grams of live customers by row number. Only the index is kept, and what is taken out is overwritten at once.
CREATE VIRTUAL TABLE customer_search USING fts5 (grams, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
