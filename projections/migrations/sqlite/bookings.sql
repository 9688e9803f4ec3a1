-- Projection `bookings`. A moment is partition << 48 | position: no two commits have the same one.

-- Who the customers of every tenant are, for those who will book.
CREATE TABLE booking_customers (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    city TEXT NOT NULL,
    picture TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE services (
    no INTEGER PRIMARY KEY, -- the moment of the first commit
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    title TEXT NOT NULL,
    price INTEGER NOT NULL,
    duration_minutes INTEGER NOT NULL,
    description TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX services_by_id ON services (tenant_id, id);
CREATE INDEX services_by_provider ON services (tenant_id, provider_id, no);

CREATE TABLE bookings (
    no INTEGER PRIMARY KEY, -- the moment of the first commit
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    relation_no INTEGER NOT NULL,
    version INTEGER NOT NULL,
    provider_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    title TEXT NOT NULL,
    amount INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    paid INTEGER NOT NULL,
    rating INTEGER NOT NULL, -- 0: none
    review TEXT NOT NULL,
    reviewed_at INTEGER NOT NULL,
    cancelled_by TEXT NOT NULL, -- empty: not cancelled
    cancel_reason TEXT NOT NULL,
    reference TEXT NOT NULL, -- empty: not from another system
    booked_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX bookings_by_id ON bookings (tenant_id, id);
CREATE INDEX bookings_by_start ON bookings (tenant_id, provider_id, starts_at, no);
CREATE INDEX bookings_by_tenant ON bookings (tenant_id, starts_at, no);
CREATE INDEX bookings_by_relation ON bookings (relation_no, starts_at, no);

CREATE TABLE payments (
    booking_no INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event_index INTEGER NOT NULL,
    relation_no INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    method TEXT NOT NULL,
    reference TEXT NOT NULL,
    paid_at INTEGER NOT NULL,
    PRIMARY KEY (booking_no, at, event_index)
) WITHOUT ROWID;
CREATE INDEX payments_by_relation ON payments (relation_no);

-- What happened between providers and customers.
CREATE TABLE activity (
    tenant_id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    event_index INTEGER NOT NULL,
    activity INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    relation_no INTEGER NOT NULL,
    booking_id TEXT NOT NULL, -- empty: about no booking
    title TEXT NOT NULL,
    amount INTEGER NOT NULL,
    rating INTEGER NOT NULL, -- 0: none
    PRIMARY KEY (tenant_id, provider_id, happened_at, at, event_index)
) WITHOUT ROWID;
CREATE INDEX activity_by_tenant ON activity (tenant_id, happened_at, at, event_index);
CREATE INDEX activity_by_relation ON activity (relation_no);

-- What is between each provider and each customer, now.
CREATE TABLE relations (
    no INTEGER PRIMARY KEY, -- the moment of the first commit
    at INTEGER NOT NULL, -- the moment of the last commit that changed it: valid from here
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    city TEXT NOT NULL,
    picture TEXT NOT NULL,
    joined_at INTEGER NOT NULL, -- microseconds since 1970, as all times; the least integer: never
    name_key TEXT NOT NULL, -- without regard to case
    search_text TEXT NOT NULL, -- name, email, phone: one per line, without regard to case
    bookings INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    spent INTEGER NOT NULL, -- minor units, as all amounts
    rating_sum INTEGER NOT NULL,
    ratings INTEGER NOT NULL,
    average_rating INTEGER NOT NULL, -- thousandths; -1: none
    first_booking_at INTEGER NOT NULL,
    last_booking_at INTEGER NOT NULL,
    is_favourite INTEGER NOT NULL,
    is_blocked INTEGER NOT NULL,
    block_reason TEXT NOT NULL,
    notes TEXT NOT NULL,
    status INTEGER NOT NULL, -- 0 new, 1 returning, 2 regular, 3 favorite, 4 blocked
    rule INTEGER NOT NULL, -- the version of the rule that gave the status
    updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX relations_by_id ON relations (tenant_id, id);
CREATE INDEX relations_by_customer ON relations (tenant_id, customer_id);
CREATE INDEX relations_by_change ON relations (tenant_id, at);
-- One index per order. The status rides along, so that filtered pages are found without touching rows.
CREATE INDEX relations_by_name ON relations (tenant_id, provider_id, name_key, no, status);
CREATE INDEX relations_by_bookings ON relations (tenant_id, provider_id, bookings, no, status);
CREATE INDEX relations_by_spent ON relations (tenant_id, provider_id, spent, no, status);
CREATE INDEX relations_by_rating ON relations (tenant_id, provider_id, average_rating, no, status);
CREATE INDEX relations_by_first ON relations (tenant_id, provider_id, first_booking_at, no, status);
CREATE INDEX relations_by_last ON relations (tenant_id, provider_id, last_booking_at, no, status);
-- The same for the customers of all providers together.
CREATE INDEX tenant_relations_by_name ON relations (tenant_id, name_key, no, status);
CREATE INDEX tenant_relations_by_bookings ON relations (tenant_id, bookings, no, status);
CREATE INDEX tenant_relations_by_spent ON relations (tenant_id, spent, no, status);
CREATE INDEX tenant_relations_by_rating ON relations (tenant_id, average_rating, no, status);
CREATE INDEX tenant_relations_by_first ON relations (tenant_id, first_booking_at, no, status);
CREATE INDEX tenant_relations_by_last ON relations (tenant_id, last_booking_at, no, status);

-- What was between them ever: the row that each commit left, valid until the next one of the relation.
CREATE TABLE relation_versions (
    no INTEGER NOT NULL, -- the moment of the first commit
    at INTEGER NOT NULL, -- the moment of the last commit that changed it: valid from here
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    city TEXT NOT NULL,
    picture TEXT NOT NULL,
    joined_at INTEGER NOT NULL, -- microseconds since 1970, as all times; the least integer: never
    name_key TEXT NOT NULL, -- without regard to case
    search_text TEXT NOT NULL, -- name, email, phone: one per line, without regard to case
    bookings INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    spent INTEGER NOT NULL, -- minor units, as all amounts
    rating_sum INTEGER NOT NULL,
    ratings INTEGER NOT NULL,
    average_rating INTEGER NOT NULL, -- thousandths; -1: none
    first_booking_at INTEGER NOT NULL,
    last_booking_at INTEGER NOT NULL,
    is_favourite INTEGER NOT NULL,
    is_blocked INTEGER NOT NULL,
    block_reason TEXT NOT NULL,
    notes TEXT NOT NULL,
    status INTEGER NOT NULL, -- 0 new, 1 returning, 2 regular, 3 favorite, 4 blocked
    rule INTEGER NOT NULL, -- the version of the rule that gave the status
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (no, at)
) WITHOUT ROWID;

-- How many relations of every kind there are, summed up in blocks of moments: level 0 is a commit, 1 a block of 1,024 moments, 2 a
-- block of 1,024 of these, 3 all. `month` 0 counts all, another month (202403) those that began in it. No provider: all providers.
CREATE TABLE provider_counts (
    tenant_id TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    month INTEGER NOT NULL,
    level INTEGER NOT NULL,
    block INTEGER NOT NULL,
    changes INTEGER NOT NULL, -- commits that are in the sum
    total INTEGER NOT NULL,
    bookings INTEGER NOT NULL,
    returning_customers INTEGER NOT NULL, -- more than one booking
    regular_customers INTEGER NOT NULL, -- five bookings or more
    rated INTEGER NOT NULL,
    rating_sum INTEGER NOT NULL, -- of the averages of who rated, in thousandths
    status_new INTEGER NOT NULL,
    status_returning INTEGER NOT NULL,
    status_regular INTEGER NOT NULL,
    status_favorite INTEGER NOT NULL,
    status_blocked INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, provider_id, month, level, block)
) WITHOUT ROWID;

-- The search grams of relations by row number. Only the index is kept, and what is taken out is overwritten at once.
CREATE VIRTUAL TABLE customer_search USING fts5 (grams, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
