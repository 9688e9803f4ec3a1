-- Projection `desk`: conversations in versions, their messages and stretches, and what they are called after.
-- A moment is partition << 48 | position. What is valid now ends at the greatest integer.

-- What never changes about a conversation.
CREATE TABLE desk_conversations (
    no BIGINT PRIMARY KEY, -- the moment of its first commit
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    page_id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL -- microseconds since 1970, as all times
);
CREATE UNIQUE INDEX desk_conversations_by_id ON desk_conversations (tenant_id, id);
CREATE INDEX desk_conversations_by_customer ON desk_conversations (tenant_id, customer_id);
-- How many there were at a moment.
CREATE INDEX desk_conversations_by_start ON desk_conversations (tenant_id, no, page_id);

-- What every commit left of a conversation.
CREATE TABLE desk_versions (
    no BIGINT NOT NULL,
    valid_from BIGINT NOT NULL, -- a moment
    valid_to BIGINT NOT NULL, -- a moment
    tenant_id TEXT COLLATE "C" NOT NULL,
    page_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    priority BIGINT NOT NULL, -- 0 low, 1 normal, 2 high, 3 urgent
    stopped BIGINT NOT NULL, -- the moment of the request for a person; 0: none is wanted
    stopped_at BIGINT NOT NULL,
    agent_id TEXT COLLATE "C" NOT NULL, -- empty: nobody handles it
    agent_name TEXT COLLATE "C" NOT NULL,
    agent_email TEXT COLLATE "C" NOT NULL,
    assigned_at BIGINT NOT NULL,
    helper_id TEXT COLLATE "C" NOT NULL, -- who handled it last
    unread BIGINT NOT NULL,
    messages BIGINT NOT NULL, -- how many: also the number of the last one
    active BIGINT NOT NULL, -- the moment of the last message, or of the start
    seen_at BIGINT NOT NULL, -- when the customer last wrote, or the start
    rating BIGINT NOT NULL, -- 0: none
    rating_comment TEXT COLLATE "C" NOT NULL,
    rated_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (no, valid_from)
);
-- The lists of now. The columns of the filters ride along, so that pages are found without touching rows.
CREATE INDEX desk_versions_by_activity ON desk_versions (tenant_id, active, no, page_id, stopped, agent_id, status, priority)
    WHERE valid_to = 9223372036854775807;
CREATE INDEX desk_versions_by_wait ON desk_versions (tenant_id, priority DESC, stopped, no, page_id, agent_id, status, active)
    WHERE valid_to = 9223372036854775807 AND stopped > 0;
-- The lists of then.
CREATE INDEX desk_versions_by_activity_then
    ON desk_versions (tenant_id, active, no, valid_from, valid_to, page_id, stopped, agent_id, status, priority);
CREATE INDEX desk_versions_by_wait_then
    ON desk_versions (tenant_id, valid_to, valid_from, no, priority, stopped, page_id, agent_id, status, active) WHERE stopped > 0;

-- How many conversations there are now of every kind. Kinds with none are not kept.
CREATE TABLE desk_facets (
    tenant_id TEXT COLLATE "C" NOT NULL,
    page_id TEXT COLLATE "C" NOT NULL,
    stopped BIGINT NOT NULL, -- 1: a person is wanted
    agent_id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    priority BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, page_id, stopped, agent_id, status, priority)
);

CREATE TABLE desk_messages (
    no BIGINT NOT NULL, -- the conversation
    seq BIGINT NOT NULL, -- from 1
    id TEXT COLLATE "C" NOT NULL,
    author BIGINT NOT NULL, -- 0 customer, 1 agent, 2 bot
    speaker_id TEXT COLLATE "C" NOT NULL, -- the agent
    speaker_name TEXT COLLATE "C" NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    moment BIGINT NOT NULL,
    at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    state BIGINT NOT NULL, -- 0 received, 1 pending, 2 delivered, 3 failed
    settled BIGINT NOT NULL, -- the moment since which it is delivered or failed
    settled_at BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (no, seq)
);
-- Answers that wait to be delivered: few.
CREATE INDEX desk_messages_pending ON desk_messages (moment, no, seq) WHERE state = 1;
CREATE INDEX desk_messages_to_settle ON desk_messages (no, id) WHERE state = 1;

-- Stretches of a conversation that figures are made of.
CREATE TABLE desk_spells (
    no BIGINT NOT NULL,
    kind BIGINT NOT NULL, -- 0 request, 1 wait, 2 help, 3 rating
    started BIGINT NOT NULL, -- a moment
    ended BIGINT NOT NULL, -- a moment
    answered BIGINT NOT NULL, -- a moment: when the first agent came to a request
    tenant_id TEXT COLLATE "C" NOT NULL,
    page_id TEXT COLLATE "C" NOT NULL,
    agent_id TEXT COLLATE "C" NOT NULL, -- who helped, came first, or is rated
    closer_id TEXT COLLATE "C" NOT NULL, -- who handled a request last
    cause TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    score BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL, -- the greatest integer: it lasts
    answered_at BIGINT NOT NULL, -- the greatest integer: nobody came yet
    PRIMARY KEY (no, kind, started)
);
CREATE INDEX desk_spells_open ON desk_spells (no) WHERE ended = 9223372036854775807;
CREATE INDEX desk_spells_by_end ON desk_spells (tenant_id, kind, ended_at, started_at);
-- What was settled lately, of all tenants together.
CREATE INDEX desk_spells_by_answer ON desk_spells (answered) WHERE kind = 0;
CREATE INDEX desk_spells_by_release ON desk_spells (ended) WHERE kind = 2;

-- What customers, pages and users were called from when to when.
CREATE TABLE desk_names (
    at BIGINT PRIMARY KEY, -- the moment since which it is so
    valid_to BIGINT NOT NULL, -- a moment
    tenant_id TEXT COLLATE "C" NOT NULL,
    kind BIGINT NOT NULL, -- 0 customer, 1 page, 2 user
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    first_name TEXT COLLATE "C" NOT NULL, -- the channel's
    last_name TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    is_gone BIGINT NOT NULL, -- 1: a customer who was forgotten
    is_listed BIGINT NOT NULL -- 1: a customer of a conversation, who can be searched
);
CREATE INDEX desk_names_by_id ON desk_names (tenant_id, kind, id, at);

-- The search grams of listed names by their moments. Needs no extension.
CREATE TABLE customer_search (
    no BIGINT PRIMARY KEY,
    grams TSVECTOR NOT NULL
);
CREATE INDEX customer_search_by_gram ON customer_search USING gin (grams);

CREATE TABLE desk_pages (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    connected BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
-- The one lookup across tenants: a channel's call names an account and no tenant.
CREATE INDEX desk_pages_by_account ON desk_pages (source, external_id, tenant_id) WHERE connected = 1;

CREATE TABLE desk_tags (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL, -- without regard to case
    is_deleted BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX desk_tags_by_name ON desk_tags (tenant_id, name_key, id) WHERE is_deleted = 0;

-- The users of a tenant, as far as they may help customers.
CREATE TABLE desk_agents (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    is_active BIGINT NOT NULL,
    said_available BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

-- Conversations that were forgotten.
CREATE TABLE desk_forgotten (
    tenant_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL, -- a moment
    PRIMARY KEY (tenant_id, id)
);
