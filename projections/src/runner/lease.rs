//! Who runs: of several processes on one PostgreSQL, the one that holds the partition's lock. On SQLite, who owns the directory.

use sqlx::{Connection as _, PgConnection};

use events::subject::Partition;

use crate::db::{Db, DbError};

/// The right to run the projections of a partition, as long as it is held.
#[derive(Debug)]
pub enum Lease {
    /// There is nobody else.
    Alone,
    /// The lock belongs to this connection and goes with it.
    Locked(Box<PgConnection>),
}

impl Lease {
    /// Takes the lease, if nobody has it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take(db: &Db, partition: Partition) -> Result<Option<Self>, DbError> {
        let Some(pool) = db.postgres() else { return Ok(Some(Self::Alone)) };
        // A connection of its own: the lock is not to keep others from the pool.
        let mut connection = pool.acquire().await?.detach();
        let (taken,): (bool,) = sqlx::query_as("SELECT pg_try_advisory_lock(hashtext('kith:' || current_schema()), $1)")
            .bind(i32::from(partition.0))
            .fetch_one(&mut connection)
            .await?;
        if taken {
            return Ok(Some(Self::Locked(Box::new(connection))));
        }
        connection.close().await?;
        Ok(None)
    }

    /// Whether the lease is still held.
    pub async fn holds(&mut self) -> bool {
        match self {
            Self::Alone => true,
            Self::Locked(connection) => connection.ping().await.is_ok(),
        }
    }

    /// Gives the lease back.
    pub async fn give_back(self) {
        match self {
            Self::Alone => {}
            // When this fails, the server has noticed already.
            Self::Locked(connection) => drop(connection.close().await),
        }
    }
}
