//! A projection's stores as this process uses them.

use super::catalogue::{self, Generation, State};
use super::home::Home;
use crate::db::{Db, DbError, Tx};
use crate::projection::Projection;

/// The store of a generation.
#[derive(Debug, Clone)]
pub struct Store {
    /// The database.
    pub db: Db,
    /// The number of the generation.
    pub generation: i64,
}

/// The store that is read, and the one that takes its place when it is full.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The store that is read.
    pub serving: Store,
    /// Whether it shows what was in the log when it was made: until then nobody reads it.
    pub is_full: bool,
    /// The store that takes its place.
    pub coming: Option<Store>,
}

impl Store {
    /// Opens the store of a generation. The catalogue is held meanwhile, so that nobody drops it.
    pub async fn open(home: &Home, known: &Generation) -> Result<Self, DbError> {
        let db = home.store(&known.projection, known.number).await?;
        Ok(Self { db, generation: known.number })
    }
}

/// Whether the program of a projection can read the tables that an earlier version of it filled.
fn reads(projection: &dyn Projection, known: &Generation) -> bool {
    (projection.readable_from()..=projection.version()).contains(&known.version)
}

/// Finds the store that is to be read and the one that is to be filled, and makes what is missing.
pub async fn choose(tx: &mut Tx, home: &Home, projection: &dyn Projection) -> Result<Slot, DbError> {
    let mut known = catalogue::generations(tx).await?;
    known.retain(|one| one.projection == projection.name());
    let mut serving = known.iter().find(|one| one.state == State::Serving && reads(projection, one));
    if let Some(lost) = serving
        && !home.has(tx, &lost.projection, lost.number).await?
    {
        catalogue::strike(tx, &lost.projection, lost.number).await?;
        serving = None;
    }
    let Some(serving) = serving else {
        let serving = Store::open(home, &filling(tx, home, projection, &known).await?).await?;
        return Ok(Slot { serving, is_full: false, coming: None });
    };
    let coming = if serving.version == projection.version() {
        None
    } else {
        Some(Store::open(home, &filling(tx, home, projection, &known).await?).await?)
    };
    Ok(Slot { serving: Store::open(home, serving).await?, is_full: true, coming })
}

/// The generation of this version that is being filled, or a new one.
async fn filling(tx: &mut Tx, home: &Home, projection: &dyn Projection, known: &[Generation]) -> Result<Generation, DbError> {
    for begun in known.iter().filter(|one| one.state == State::Filling && one.version == projection.version()) {
        if home.has(tx, &begun.projection, begun.number).await? {
            return Ok(begun.clone());
        }
        catalogue::strike(tx, &begun.projection, begun.number).await?;
    }
    make(tx, home, projection, State::Filling).await
}

/// Makes a new generation with its store.
pub async fn make(tx: &mut Tx, home: &Home, projection: &dyn Projection, state: State) -> Result<Generation, DbError> {
    let new = catalogue::enter(tx, projection.name(), projection.version(), state).await?;
    home.make(tx, projection, new.number).await?;
    Ok(new)
}
