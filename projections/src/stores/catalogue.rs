//! The catalogue: which generations there are, which of them serves, and how far they are.

use events::Position;
use events::subject::Partition;

use crate::db::{Backend, Db, DbError, Sql, Tx};
use crate::value::{number, position, text};

const SHAPE: &str = include_str!("../../migrations/catalogue.sql");

/// The catalogue. Clones are the same.
#[derive(Debug, Clone)]
pub struct Catalogue(Db);

/// What a generation is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Whoever runs the projections fills it, and lets it serve when it is full.
    Filling,
    /// A command fills it, to compare it with the one that serves, and perhaps to put it in its place.
    Scratch,
    /// It is read.
    Serving,
    /// It was read; it goes when the last reader has gone.
    Retired,
}

impl State {
    const ALL: [Self; 4] = [Self::Filling, Self::Scratch, Self::Serving, Self::Retired];

    const fn name(self) -> &'static str {
        match self {
            Self::Filling => "filling",
            Self::Scratch => "scratch",
            Self::Serving => "serving",
            Self::Retired => "retired",
        }
    }
}

/// A generation of a projection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// The name of the projection.
    pub projection: String,
    /// Its number, from 1.
    pub number: i64,
    /// The version of the projection that fills it.
    pub version: u32,
    /// What it is there for.
    pub state: State,
}

/// Where a generation is in a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The name of the projection.
    pub projection: String,
    /// The number of the generation.
    pub generation: i64,
    /// Everything up to here that it wants is in it.
    pub position: Position,
}

impl Catalogue {
    /// The catalogue in a database, made where it is missing.
    pub async fn open(db: Db) -> Result<Self, DbError> {
        let catalogue = Self(db);
        let mut tx = catalogue.change().await?;
        tx.script(SHAPE).await?;
        tx.commit().await?;
        Ok(catalogue)
    }

    /// The database of the catalogue.
    pub const fn db(&self) -> &Db {
        &self.0
    }

    /// Starts a change of the catalogue: nobody else changes it until it ends.
    pub async fn change(&self) -> Result<Tx, DbError> {
        let mut tx = self.0.begin().await?;
        let turn = match tx.backend() {
            // Whatever the first statement is: it waits for its turn.
            Backend::Sqlite => "SELECT 1",
            Backend::Postgres => "SELECT pg_advisory_xact_lock(hashtextextended('kith catalogue ' || current_schema(), 0))",
        };
        tx.execute(Sql::fixed(turn, [])).await?;
        Ok(tx)
    }

    /// All generations, without waiting for anybody's turn.
    pub async fn generations(&self) -> Result<Vec<Generation>, DbError> {
        let rows: Vec<(String, i64, i64, String)> = self.0.fetch_all(all()).await?;
        rows.into_iter().map(generation).collect()
    }

    /// How far generations are in a partition.
    pub async fn places(&self, partition: Partition) -> Result<Vec<Place>, DbError> {
        let select = "SELECT projection, generation, position FROM progress WHERE partition = $1";
        let rows: Vec<(String, i64, i64)> = self.0.fetch_all(Sql::fixed(select, [i64::from(partition.0).into()])).await?;
        let place = |(projection, generation, at)| Place { projection, generation, position: position(at) };
        Ok(rows.into_iter().map(place).collect())
    }

    /// Tells other processes how far generations are.
    pub async fn publish(&self, partition: Partition, places: &[Place]) -> Result<(), DbError> {
        let mut tx = self.0.begin().await?;
        for Place { projection, generation, position } in places {
            let values = [text(projection), (*generation).into(), i64::from(partition.0).into(), number(position.0).into()];
            let upsert = "INSERT INTO progress (projection, generation, partition, position) VALUES ($1, $2, $3, $4) \
                          ON CONFLICT (projection, generation, partition) DO UPDATE SET position = excluded.position";
            tx.execute(Sql::fixed(upsert, values)).await?;
        }
        tx.commit().await
    }
}

/// All generations.
pub async fn generations(tx: &mut Tx) -> Result<Vec<Generation>, DbError> {
    let rows: Vec<(String, i64, i64, String)> = tx.fetch_all(all()).await?;
    rows.into_iter().map(generation).collect()
}

/// Enters a new generation of a projection.
pub async fn enter(tx: &mut Tx, projection: &str, version: u32, state: State) -> Result<Generation, DbError> {
    let known = generations(tx).await?;
    let number = 1 + known.iter().filter(|one| one.projection == projection).map(|one| one.number).max().unwrap_or(0);
    let values = [text(projection), number.into(), i64::from(version).into(), text(state.name())];
    let insert = "INSERT INTO generations (projection, generation, version, state) VALUES ($1, $2, $3, $4)";
    tx.execute(Sql::fixed(insert, values)).await?;
    Ok(Generation { projection: projection.to_owned(), number, version, state })
}

/// Makes a generation the one that is read, and retires the one that was.
pub async fn switch(tx: &mut Tx, projection: &str, number: i64) -> Result<(), DbError> {
    let retire = "UPDATE generations SET state = 'retired' WHERE projection = $1 AND state = 'serving' AND generation <> $2";
    tx.execute(Sql::fixed(retire, [text(projection), number.into()])).await?;
    let serve = "UPDATE generations SET state = 'serving' WHERE projection = $1 AND generation = $2";
    tx.execute(Sql::fixed(serve, [text(projection), number.into()])).await?;
    Ok(())
}

/// Strikes a generation out.
pub async fn strike(tx: &mut Tx, projection: &str, number: i64) -> Result<(), DbError> {
    for table in ["generations", "progress"] {
        let delete = format!("DELETE FROM {table} WHERE projection = $1 AND generation = $2");
        tx.execute(Sql::composed(delete, [text(projection), number.into()])).await?;
    }
    Ok(())
}

fn all() -> Sql {
    Sql::fixed("SELECT projection, generation, version, state FROM generations ORDER BY projection, generation", [])
}

fn generation((projection, number, version, state): (String, i64, i64, String)) -> Result<Generation, DbError> {
    let wrong = |column| DbError::Value { table: "generations", column };
    Ok(Generation {
        projection,
        number,
        version: u32::try_from(version).map_err(|_| wrong("version"))?,
        state: State::ALL.into_iter().find(|one| one.name() == state).ok_or_else(|| wrong("state"))?,
    })
}
