//! The stores: every projection has a database of its own per generation, with its tables and its checkpoint.
//!
//! So generations are filled, switched and dropped independently, and writers of different projections do not wait for each
//! other. The catalogue says which generation of a projection is read; a store that anybody has open is not dropped.
//!
//! What a program finds when it starts, for each projection:
//!
//! | in the catalogue | read | filled |
//! | --- | --- | --- |
//! | a serving generation of its version | that | that |
//! | a serving one of an earlier version whose tables it can read | that, until the new one is full | both |
//! | none that it can read | nothing: questions are refused until the new one is full | a new one |

mod catalogue;
mod hold;
mod home;
mod slot;
mod upkeep;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use events::Position;
use events::subject::Partition;

use crate::db::{DatabaseUrl, Db, DbError, DbOptions};
use crate::projection::Projection;
pub(crate) use catalogue::{Catalogue, Place};
pub(crate) use hold::Hold;
use home::Home;
pub(crate) use slot::{Slot, Store};

/// All read models. Clones share everything.
#[derive(Clone)]
pub struct ReadModels(Arc<Inner>);

struct Inner {
    projections: Vec<Arc<dyn Projection>>,
    home: Home,
    catalogue: Catalogue,
    slots: RwLock<BTreeMap<&'static str, Slot>>,
}

impl ReadModels {
    /// Opens the stores of projections, and makes those that are missing.
    ///
    /// # Errors
    /// When the database cannot be reached, or a store cannot be opened or made.
    pub async fn open(url: &DatabaseUrl, options: DbOptions, projections: &[Arc<dyn Projection>]) -> Result<Self, DbError> {
        let (home, db) = Home::open(url, options).await?;
        let catalogue = Catalogue::open(db).await?;
        let mut slots = BTreeMap::new();
        let mut tx = catalogue.change().await?;
        for projection in projections {
            slots.insert(projection.name(), slot::choose(&mut tx, &home, &**projection).await?);
        }
        tx.commit().await?;
        Ok(Self(Arc::new(Inner { projections: projections.to_vec(), home, catalogue, slots: RwLock::new(slots) })))
    }

    /// The projections whose stores these are.
    #[must_use]
    pub fn projections(&self) -> &[Arc<dyn Projection>] {
        &self.0.projections
    }

    /// The store of a projection that is to be read now. It stays as it is for as long as it is held.
    ///
    /// # Errors
    /// When there is no such projection, or its only store is still being filled.
    pub fn of(&self, projection: &str) -> Result<Db, DbError> {
        let slots = self.0.slots.read().unwrap_or_else(PoisonError::into_inner);
        match slots.get(projection) {
            Some(slot) if slot.is_full => Ok(slot.serving.db.clone()),
            Some(_) => Err(DbError::Filling(projection.to_owned())),
            None => Err(DbError::NoProjection(projection.to_owned())),
        }
    }

    /// Whether every projection can be read.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.each().iter().all(|(_, slot)| slot.is_full)
    }

    /// The position up to which whoever fills the stores says that all of them are filled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reached(&self, partition: Partition) -> Result<Position, DbError> {
        let serving: Vec<_> =
            self.generations().await?.into_iter().filter(|one| one.state == catalogue::State::Serving).collect();
        let places = self.0.catalogue.places(partition).await?;
        let of = |projection: &Arc<dyn Projection>| {
            let generation = serving.iter().find(|one| one.projection == projection.name())?;
            let here = |place: &&Place| place.projection == generation.projection && place.generation == generation.number;
            Some(places.iter().find(here)?.position)
        };
        Ok(self.0.projections.iter().map(|projection| of(projection).unwrap_or_default()).min().unwrap_or_default())
    }

    /// What is known of a projection's stores.
    pub(crate) fn slot(&self, projection: &str) -> Result<Slot, DbError> {
        self.slots(|slots| slots.get(projection).cloned()).ok_or_else(|| DbError::NoProjection(projection.to_owned()))
    }

    /// Every projection with what is known of its stores.
    pub(crate) fn each(&self) -> Vec<(Arc<dyn Projection>, Slot)> {
        let slots = self.0.slots.read().unwrap_or_else(PoisonError::into_inner);
        let of = |projection: &Arc<dyn Projection>| Some((Arc::clone(projection), slots.get(projection.name())?.clone()));
        self.0.projections.iter().filter_map(of).collect()
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.0.catalogue
    }

    fn slots<T>(&self, look: impl FnOnce(&mut BTreeMap<&'static str, Slot>) -> T) -> T {
        // Nothing that holds the lock can panic halfway through a change.
        look(&mut self.0.slots.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Closes all connections and waits until they are closed.
    pub async fn close(&self) {
        let stores: Vec<Db> = self.slots(|slots| {
            slots
                .values()
                .flat_map(|slot| std::iter::once(&slot.serving).chain(&slot.coming))
                .map(|store| store.db.clone())
                .collect()
        });
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
