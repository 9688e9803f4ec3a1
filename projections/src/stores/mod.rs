//! The stores: every projection has a database of its own per generation, with its tables and its checkpoint.
//!
//! So generations are filled, switched and dropped independently, and writers of different projections do not wait for each
//! other. The catalogue says which generation of a projection is read.

mod catalogue;
mod home;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use events::Position;
use events::subject::Partition;

use crate::db::{DatabaseUrl, Db, DbError, DbOptions};
use crate::projection::Projection;
pub(crate) use catalogue::Catalogue;
use home::Home;

/// All read models. Clones share everything.
#[derive(Clone)]
pub struct ReadModels(Arc<Inner>);

struct Inner {
    projections: Vec<Arc<dyn Projection>>,
    catalogue: Catalogue,
    serving: RwLock<BTreeMap<&'static str, Store>>,
}

/// The store of a generation.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    /// The database.
    pub db: Db,
    /// The number of the generation.
    pub generation: i64,
}

impl ReadModels {
    /// Opens the stores of projections, and makes those that are missing.
    ///
    /// # Errors
    /// When the database cannot be reached, or a store cannot be opened or made.
    pub async fn open(url: &DatabaseUrl, options: DbOptions, projections: &[Arc<dyn Projection>]) -> Result<Self, DbError> {
        let (home, db) = Home::open(url).await?;
        let catalogue = Catalogue::new(db);
        let mut serving = BTreeMap::new();
        let mut tx = catalogue.change().await?;
        for projection in projections {
            let name = projection.name();
            let known = catalogue::serving(&mut tx, name).await?.filter(|known| known.version == projection.version());
            let generation = match known {
                Some(known) => known,
                None => {
                    let new = catalogue::enter(&mut tx, name, projection.version()).await?;
                    catalogue::switch(&mut tx, name, new.number).await?;
                    new
                }
            };
            let db = home.store(&**projection, generation.number, options).await?;
            serving.insert(name, Store { db, generation: generation.number });
        }
        tx.commit().await?;
        let inner = Inner { projections: projections.to_vec(), catalogue, serving: RwLock::new(serving) };
        Ok(Self(Arc::new(inner)))
    }

    /// The projections whose stores these are.
    #[must_use]
    pub fn projections(&self) -> &[Arc<dyn Projection>] {
        &self.0.projections
    }

    /// The store of a projection that is to be read now. It stays as it is for as long as it is held.
    ///
    /// # Errors
    /// When there is no such projection.
    pub fn of(&self, projection: &str) -> Result<Db, DbError> {
        self.serving(projection).map(|store| store.db)
    }

    /// The position up to which whoever fills the stores says that all of them are filled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reached(&self, partition: Partition) -> Result<Position, DbError> {
        let places: BTreeMap<String, Position> = self.0.catalogue.progress(partition).await?.into_iter().collect();
        let of = |projection: &Arc<dyn Projection>| places.get(projection.name()).copied().unwrap_or_default();
        Ok(self.0.projections.iter().map(of).min().unwrap_or_default())
    }

    pub(crate) fn serving(&self, projection: &str) -> Result<Store, DbError> {
        // Nothing that holds the lock can panic halfway through a change.
        let serving = self.0.serving.read().unwrap_or_else(PoisonError::into_inner);
        serving.get(projection).cloned().ok_or_else(|| DbError::NoProjection(projection.to_owned()))
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    /// Closes all connections and waits until they are closed.
    pub async fn close(&self) {
        let stores: Vec<Db> = {
            let serving = self.0.serving.read().unwrap_or_else(PoisonError::into_inner);
            serving.values().map(|store| store.db.clone()).collect()
        };
        for store in &stores {
            store.close().await;
        }
        self.0.catalogue.db().close().await;
    }
}

impl std::fmt::Debug for ReadModels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadModels").finish_non_exhaustive()
    }
}
