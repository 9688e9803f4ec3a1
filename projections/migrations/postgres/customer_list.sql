-- Projection `customer_list`: the current row of every customer.
CREATE TABLE customers (
    no BIGINT PRIMARY KEY, -- partition << 48 | position of the customer's first commit
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    search_text TEXT COLLATE "C" NOT NULL, -- name, email, phone: one per line, without regard to case
    state BIGINT NOT NULL, -- 0 live, 1 deleted, 2 forgotten
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    province TEXT COLLATE "C" NOT NULL,
    postal_code TEXT COLLATE "C" NOT NULL,
    notes TEXT COLLATE "C" NOT NULL,
    is_active BIGINT NOT NULL,
    loyalty_points BIGINT NOT NULL,
    tier BIGINT NOT NULL, -- 0 bronze, 1 silver, 2 gold, 3 platinum
    total_orders BIGINT NOT NULL,
    total_spent BIGINT NOT NULL, -- minor units
    created_at BIGINT NOT NULL, -- microseconds since 1970, as all times
    updated_at BIGINT NOT NULL,
    last_order_at BIGINT NOT NULL -- the least integer: never
);
CREATE UNIQUE INDEX customers_by_id ON customers (tenant_id, id);

-- One index per order. The columns of the filters ride along, so that pages are found without touching rows: a row that changes at
-- all is written to every index anyway.
CREATE INDEX customers_by_name ON customers (tenant_id, name_key, no, is_active, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_created ON customers (tenant_id, created_at, no, is_active, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_points ON customers (tenant_id, loyalty_points, no, is_active, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_orders ON customers (tenant_id, total_orders, no, is_active, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_spent ON customers (tenant_id, total_spent, no, is_active, tier, city, province) WHERE state = 0;
CREATE INDEX customers_by_last_order ON customers (tenant_id, last_order_at, no, is_active, tier, city, province) WHERE state = 0;
-- And two for filters that are narrow.
CREATE INDEX customers_by_city ON customers (tenant_id, city, created_at, no, is_active, tier, province) WHERE state = 0;
CREATE INDEX customers_by_province ON customers (tenant_id, province, created_at, no, is_active, tier, city) WHERE state = 0;

-- How many live customers there are of every kind, and their points (at level 0 only). `level` says which of city and province
-- count: 0 neither, 1 city, 2 province, 3 both; what does not count is empty. Rows with nobody are not kept.
CREATE TABLE customer_facets (
    tenant_id TEXT COLLATE "C" NOT NULL,
    level BIGINT NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    province TEXT COLLATE "C" NOT NULL,
    is_active BIGINT NOT NULL,
    tier BIGINT NOT NULL,
    n BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, level, city, province, is_active, tier)
);

-- The search grams of live customers by row number. Needs no extension.
CREATE TABLE customer_search (
    no BIGINT PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX customer_search_by_gram ON customer_search USING gin (grams);
