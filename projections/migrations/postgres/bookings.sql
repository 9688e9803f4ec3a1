-- Projection `bookings`. A moment is partition << 48 | position: no two commits have the same one.

-- Who the customers of every tenant are, for those who will book.
CREATE TABLE booking_customers (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    picture TEXT COLLATE "C" NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE services (
    no BIGINT PRIMARY KEY, -- the moment of the first commit
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    price BIGINT NOT NULL,
    duration_minutes BIGINT NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX services_by_id ON services (tenant_id, id);
CREATE INDEX services_by_provider ON services (tenant_id, provider_id, no);

CREATE TABLE bookings (
    no BIGINT PRIMARY KEY, -- the moment of the first commit
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    relation_no BIGINT NOT NULL,
    version BIGINT NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    service_id TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    paid BIGINT NOT NULL,
    rating BIGINT NOT NULL, -- 0: none
    review TEXT COLLATE "C" NOT NULL,
    reviewed_at BIGINT NOT NULL,
    cancelled_by TEXT COLLATE "C" NOT NULL, -- empty: not cancelled
    cancel_reason TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL, -- empty: not from another system
    booked_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX bookings_by_id ON bookings (tenant_id, id);
CREATE INDEX bookings_by_start ON bookings (tenant_id, provider_id, starts_at, no);
CREATE INDEX bookings_by_tenant ON bookings (tenant_id, starts_at, no);
CREATE INDEX bookings_by_relation ON bookings (relation_no, starts_at, no);

CREATE TABLE payments (
    booking_no BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event_index BIGINT NOT NULL,
    relation_no BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    paid_at BIGINT NOT NULL,
    PRIMARY KEY (booking_no, at, event_index)
);
CREATE INDEX payments_by_relation ON payments (relation_no);

-- What happened between providers and customers.
CREATE TABLE activity (
    tenant_id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    happened_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event_index BIGINT NOT NULL,
    activity BIGINT NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    relation_no BIGINT NOT NULL,
    booking_id TEXT COLLATE "C" NOT NULL, -- empty: about no booking
    title TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    rating BIGINT NOT NULL, -- 0: none
    PRIMARY KEY (tenant_id, provider_id, happened_at, at, event_index)
);
CREATE INDEX activity_by_tenant ON activity (tenant_id, happened_at, at, event_index);
CREATE INDEX activity_by_relation ON activity (relation_no);

-- What is between each provider and each customer, now.
CREATE TABLE relations (
    no BIGINT PRIMARY KEY, -- the moment of the first commit
    at BIGINT NOT NULL, -- the moment of the last commit that changed it: valid from here
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    picture TEXT COLLATE "C" NOT NULL,
    joined_at BIGINT NOT NULL, -- microseconds since 1970, as all times; the least integer: never
    name_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    search_text TEXT COLLATE "C" NOT NULL, -- name, email, phone: one per line, without regard to case
    bookings BIGINT NOT NULL,
    completed BIGINT NOT NULL,
    spent BIGINT NOT NULL, -- minor units, as all amounts
    rating_sum BIGINT NOT NULL,
    ratings BIGINT NOT NULL,
    average_rating BIGINT NOT NULL, -- thousandths; -1: none
    first_booking_at BIGINT NOT NULL,
    last_booking_at BIGINT NOT NULL,
    is_favourite BIGINT NOT NULL,
    is_blocked BIGINT NOT NULL,
    block_reason TEXT COLLATE "C" NOT NULL,
    notes TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL, -- 0 new, 1 returning, 2 regular, 3 favorite, 4 blocked
    rule BIGINT NOT NULL, -- the version of the rule that gave the status
    updated_at BIGINT NOT NULL
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
    no BIGINT NOT NULL, -- the moment of the first commit
    at BIGINT NOT NULL, -- the moment of the last commit that changed it: valid from here
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    picture TEXT COLLATE "C" NOT NULL,
    joined_at BIGINT NOT NULL, -- microseconds since 1970, as all times; the least integer: never
    name_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    search_text TEXT COLLATE "C" NOT NULL, -- name, email, phone: one per line, without regard to case
    bookings BIGINT NOT NULL,
    completed BIGINT NOT NULL,
    spent BIGINT NOT NULL, -- minor units, as all amounts
    rating_sum BIGINT NOT NULL,
    ratings BIGINT NOT NULL,
    average_rating BIGINT NOT NULL, -- thousandths; -1: none
    first_booking_at BIGINT NOT NULL,
    last_booking_at BIGINT NOT NULL,
    is_favourite BIGINT NOT NULL,
    is_blocked BIGINT NOT NULL,
    block_reason TEXT COLLATE "C" NOT NULL,
    notes TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL, -- 0 new, 1 returning, 2 regular, 3 favorite, 4 blocked
    rule BIGINT NOT NULL, -- the version of the rule that gave the status
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (no, at)
);

-- How many relations of every kind there are, summed up in blocks of moments: level 0 is a commit, 1 a block of 1,024 moments, 2 a
-- block of 1,024 of these, 3 all. `month` 0 counts all, another month (202403) those that began in it. No provider: all providers.
CREATE TABLE provider_counts (
    tenant_id TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C" NOT NULL,
    month BIGINT NOT NULL,
    level BIGINT NOT NULL,
    block BIGINT NOT NULL,
    changes BIGINT NOT NULL, -- commits that are in the sum
    total BIGINT NOT NULL,
    bookings BIGINT NOT NULL,
    returning_customers BIGINT NOT NULL, -- more than one booking
    regular_customers BIGINT NOT NULL, -- five bookings or more
    rated BIGINT NOT NULL,
    rating_sum BIGINT NOT NULL, -- of the averages of who rated, in thousandths
    status_new BIGINT NOT NULL,
    status_returning BIGINT NOT NULL,
    status_regular BIGINT NOT NULL,
    status_favorite BIGINT NOT NULL,
    status_blocked BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, provider_id, month, level, block)
);

-- The search grams of relations by row number. Needs no extension.
CREATE TABLE customer_search (
    no BIGINT PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX customer_search_by_gram ON customer_search USING gin (grams);
