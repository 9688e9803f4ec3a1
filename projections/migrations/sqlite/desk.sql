-- Projection `desk`: conversations in versions, their messages and stretches, and what they are called after.
-- A moment is partition << 48 | position. What is valid now ends at the greatest integer.

-- What never changes about a conversation.
CREATE TABLE desk_conversations (
    no INTEGER PRIMARY KEY, -- the moment of its first commit
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at INTEGER NOT NULL -- microseconds since 1970, as all times
);
CREATE UNIQUE INDEX desk_conversations_by_id ON desk_conversations (tenant_id, id);
CREATE INDEX desk_conversations_by_customer ON desk_conversations (tenant_id, customer_id);
-- How many there were at a moment.
CREATE INDEX desk_conversations_by_start ON desk_conversations (tenant_id, no, page_id);

-- What every commit left of a conversation.
CREATE TABLE desk_versions (
    no INTEGER NOT NULL,
    valid_from INTEGER NOT NULL, -- a moment
    valid_to INTEGER NOT NULL, -- a moment
    tenant_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL, -- 0 low, 1 normal, 2 high, 3 urgent
    stopped INTEGER NOT NULL, -- the moment of the request for a person; 0: none is wanted
    stopped_at INTEGER NOT NULL,
    agent_id TEXT NOT NULL, -- empty: nobody handles it
    agent_name TEXT NOT NULL,
    agent_email TEXT NOT NULL,
    assigned_at INTEGER NOT NULL,
    helper_id TEXT NOT NULL, -- who handled it last
    unread INTEGER NOT NULL,
    messages INTEGER NOT NULL, -- how many: also the number of the last one
    active INTEGER NOT NULL, -- the moment of the last message, or of the start
    seen_at INTEGER NOT NULL, -- when the customer last wrote, or the start
    rating INTEGER NOT NULL, -- 0: none
    rating_comment TEXT NOT NULL,
    rated_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (no, valid_from)
) WITHOUT ROWID;
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
    tenant_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    stopped INTEGER NOT NULL, -- 1: a person is wanted
    agent_id TEXT NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, page_id, stopped, agent_id, status, priority)
) WITHOUT ROWID;

CREATE TABLE desk_messages (
    no INTEGER NOT NULL, -- the conversation
    seq INTEGER NOT NULL, -- from 1
    id TEXT NOT NULL,
    author INTEGER NOT NULL, -- 0 customer, 1 agent, 2 bot
    speaker_id TEXT NOT NULL, -- the agent
    speaker_name TEXT NOT NULL,
    text TEXT NOT NULL,
    moment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL,
    state INTEGER NOT NULL, -- 0 received, 1 pending, 2 delivered, 3 failed
    settled INTEGER NOT NULL, -- the moment since which it is delivered or failed
    settled_at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (no, seq)
) WITHOUT ROWID;
-- Answers that wait to be delivered: few.
CREATE INDEX desk_messages_pending ON desk_messages (moment, no, seq) WHERE state = 1;
CREATE INDEX desk_messages_to_settle ON desk_messages (no, id) WHERE state = 1;

-- Stretches of a conversation that figures are made of.
CREATE TABLE desk_spells (
    no INTEGER NOT NULL,
    kind INTEGER NOT NULL, -- 0 request, 1 wait, 2 help, 3 rating
    started INTEGER NOT NULL, -- a moment
    ended INTEGER NOT NULL, -- a moment
    answered INTEGER NOT NULL, -- a moment: when the first agent came to a request
    tenant_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    agent_id TEXT NOT NULL, -- who helped, came first, or is rated
    closer_id TEXT NOT NULL, -- who handled a request last
    cause TEXT NOT NULL,
    outcome TEXT NOT NULL,
    score INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL, -- the greatest integer: it lasts
    answered_at INTEGER NOT NULL, -- the greatest integer: nobody came yet
    PRIMARY KEY (no, kind, started)
) WITHOUT ROWID;
CREATE INDEX desk_spells_open ON desk_spells (no) WHERE ended = 9223372036854775807;
CREATE INDEX desk_spells_by_end ON desk_spells (tenant_id, kind, ended_at, started_at);
-- What was settled lately, of all tenants together.
CREATE INDEX desk_spells_by_answer ON desk_spells (answered) WHERE kind = 0;
CREATE INDEX desk_spells_by_release ON desk_spells (ended) WHERE kind = 2;

-- What customers, pages and users were called from when to when.
CREATE TABLE desk_names (
    at INTEGER PRIMARY KEY, -- the moment since which it is so
    valid_to INTEGER NOT NULL, -- a moment
    tenant_id TEXT NOT NULL,
    kind INTEGER NOT NULL, -- 0 customer, 1 page, 2 user
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL, -- without regard to case
    first_name TEXT NOT NULL, -- the channel's
    last_name TEXT NOT NULL,
    source_id TEXT NOT NULL,
    is_gone INTEGER NOT NULL, -- 1: a customer who was forgotten
    is_listed INTEGER NOT NULL -- 1: a customer of a conversation, who can be searched
);
CREATE INDEX desk_names_by_id ON desk_names (tenant_id, kind, id, at);

-- The search grams of listed names by their moments. Only the index is kept, and what is taken out is overwritten at once.
CREATE VIRTUAL TABLE customer_search USING fts5 (grams, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);

CREATE TABLE desk_pages (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    connected INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
-- The one lookup across tenants: a channel's call names an account and no tenant.
CREATE INDEX desk_pages_by_account ON desk_pages (source, external_id, tenant_id) WHERE connected = 1;

CREATE TABLE desk_tags (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL, -- without regard to case
    is_deleted INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX desk_tags_by_name ON desk_tags (tenant_id, name_key, id) WHERE is_deleted = 0;

-- The users of a tenant, as far as they may help customers.
CREATE TABLE desk_agents (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    said_available INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

-- Conversations that were forgotten.
CREATE TABLE desk_forgotten (
    tenant_id TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL, -- a moment
    PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
