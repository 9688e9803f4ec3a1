-- Every generation of every projection, each in a store of its own.
CREATE TABLE IF NOT EXISTS generations (
    projection TEXT NOT NULL,
    generation BIGINT NOT NULL, -- from 1
    version BIGINT NOT NULL, -- of the projection that fills it
    state TEXT NOT NULL, -- filling, scratch, serving, retired
    PRIMARY KEY (projection, generation)
);
CREATE UNIQUE INDEX IF NOT EXISTS generations_serving ON generations (projection) WHERE state = 'serving';

-- How far whoever fills the stores has come: for other processes. The checkpoint in a store may be behind, where nothing that
-- its projection wants came after it.
CREATE TABLE IF NOT EXISTS progress (
    projection TEXT NOT NULL,
    generation BIGINT NOT NULL,
    partition BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (projection, generation, partition)
);
