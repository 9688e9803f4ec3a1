//! The catalogue: which generations there are, which of them serves, and how far they are.

use events::Position;
use events::subject::Partition;

use crate::db::{Backend, Db, DbError, Sql, Tx};
use crate::value::{number, position, text};

const SHAPE: &str = include_str!("../../migrations/catalogue.sql");

/// The catalogue. Clones are the same.
#[derive(Debug, Clone)]
pub struct Catalogue(Db);

/// A generation of a projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// Its number, from 1.
    pub number: i64,
    /// The version of the projection that fills it.
    pub version: u32,
}

impl Catalogue {
    /// The catalogue in a database.
    pub fn new(db: Db) -> Self {
        Self(db)
    }

    /// The database of the catalogue.
    pub const fn db(&self) -> &Db {
        &self.0
    }

    /// Starts a change of the catalogue: nobody else changes it until it ends.
    pub async fn change(&self) -> Result<Tx, DbError> {
        let mut tx = self.0.begin().await?;
        if tx.backend() == Backend::Postgres {
            let turn = "SELECT pg_advisory_xact_lock(hashtext('kith catalogue of ' || current_schema()))";
            tx.execute(Sql::fixed(turn, [])).await?;
        }
        tx.script(SHAPE).await?;
        Ok(tx)
    }

    /// How far the serving generations are in a partition.
    pub async fn progress(&self, partition: Partition) -> Result<Vec<(String, Position)>, DbError> {
        let select = Sql::fixed(
            "SELECT p.projection, p.position FROM progress p JOIN generations g \
             ON g.projection = p.projection AND g.generation = p.generation WHERE g.serves = 1 AND p.partition = $1",
            [i64::from(partition.0).into()],
        );
        let rows: Vec<(String, i64)> = self.0.fetch_all(select).await?;
        Ok(rows.into_iter().map(|(name, at)| (name, position(at))).collect())
    }

    /// Tells other processes how far generations are.
    pub async fn publish(&self, partition: Partition, places: &[(&str, i64, Position)]) -> Result<(), DbError> {
        let mut tx = self.0.begin().await?;
        for (name, generation, at) in places {
            let values = [text(*name), (*generation).into(), i64::from(partition.0).into(), number(at.0).into()];
            let upsert = "INSERT INTO progress (projection, generation, partition, position) VALUES ($1, $2, $3, $4) \
                          ON CONFLICT (projection, generation, partition) DO UPDATE SET position = excluded.position";
            tx.execute(Sql::fixed(upsert, values)).await?;
        }
        tx.commit().await
    }
}

/// The serving generation of a projection, if there is one.
pub async fn serving(tx: &mut Tx, name: &str) -> Result<Option<Generation>, DbError> {
    let select = "SELECT generation, version FROM generations WHERE projection = $1 AND serves = 1";
    let rows: Vec<(i64, i64)> = tx.fetch_all(Sql::fixed(select, [text(name)])).await?;
    Ok(rows.first().map(|(number, version)| Generation { number: *number, version: u32::try_from(*version).unwrap_or(0) }))
}

/// Enters a new generation of a projection and gives its number.
pub async fn enter(tx: &mut Tx, name: &str, version: u32) -> Result<Generation, DbError> {
    let last = "SELECT CAST(COALESCE(MAX(generation), 0) AS BIGINT) FROM generations WHERE projection = $1";
    let last: Vec<(i64,)> = tx.fetch_all(Sql::fixed(last, [text(name)])).await?;
    let number = last.first().map_or(0, |(last,)| *last) + 1;
    let values = [text(name), number.into(), i64::from(version).into()];
    let insert = "INSERT INTO generations (projection, generation, version, serves) VALUES ($1, $2, $3, 0)";
    tx.execute(Sql::fixed(insert, values)).await?;
    Ok(Generation { number, version })
}

/// Makes a generation the one that is read.
pub async fn switch(tx: &mut Tx, name: &str, number: i64) -> Result<(), DbError> {
    tx.execute(Sql::fixed("UPDATE generations SET serves = 0 WHERE projection = $1 AND serves = 1", [text(name)])).await?;
    let update = "UPDATE generations SET serves = 1 WHERE projection = $1 AND generation = $2";
    tx.execute(Sql::fixed(update, [text(name), number.into()])).await?;
    Ok(())
}
