-- In every store: where its projection is in every partition of the log. Rows and checkpoint change in the same transaction.
CREATE TABLE checkpoints (
    partition BIGINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);
