-- In every store: where its projection is in every partition of the log. Rows and checkpoint change in the same transaction.
CREATE TABLE checkpoints (
    partition BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    mark_position BIGINT NOT NULL, -- the last commit that was seen, wanted or not; 0: none
    mark_event TEXT NOT NULL -- its last event
);
