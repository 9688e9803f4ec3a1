//! Generations come and go: filled beside the one that serves, put in its place, and dropped when nobody reads them any more.

use super::ReadModels;
use super::catalogue::{self, Generation, State};
use super::hold::Hold;
use super::slot::{self, Store};
use crate::db::DbError;
use crate::projection::Projection;

impl ReadModels {
    /// All generations in the catalogue.
    pub(crate) async fn generations(&self) -> Result<Vec<Generation>, DbError> {
        self.catalogue().generations().await
    }

    /// Looks what other processes changed. A store that was waited for is read when it is full; one that was put in the place of
    /// another is opened, and the runner takes it up when it shows as much as the old one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self) -> Result<(), DbError> {
        let known = self.generations().await?;
        for one in known.iter().filter(|one| one.state == State::Serving) {
            self.slots(|slots| {
                let slot = slots.get_mut(one.projection.as_str()).filter(|slot| slot.serving.generation == one.number);
                slot.map(|slot| slot.is_full = true)
            });
        }
        let news: Vec<Generation> = known.into_iter().filter(|one| self.is_news(one)).collect();
        if news.is_empty() {
            return Ok(());
        }
        let tx = self.catalogue().change().await?;
        for new in &news {
            let store = Store::open(&self.0.home, new).await?;
            self.slots(|slots| {
                if let Some(slot) = slots.get_mut(new.projection.as_str()) {
                    slot.coming = Some(store);
                }
            });
        }
        tx.rollback().await
    }

    fn is_news(&self, one: &Generation) -> bool {
        let Ok(slot) = self.slot(&one.projection) else { return false };
        let ours = self.projections().iter().any(|it| it.name() == one.projection && it.version() == one.version);
        let later = one.number > slot.coming.as_ref().map_or(slot.serving.generation, |coming| coming.generation);
        one.state == State::Serving && ours && later
    }

    /// A store that is filled here shows everything: from now on it is the one that is read, by everybody.
    pub(crate) async fn serve(&self, projection: &str, generation: i64) -> Result<(), DbError> {
        let mut tx = self.catalogue().change().await?;
        let known = catalogue::generations(&mut tx).await?;
        let is_filling = |one: &Generation| {
            one.projection == projection && one.number == generation && matches!(one.state, State::Filling | State::Scratch)
        };
        if known.iter().any(is_filling) {
            catalogue::switch(&mut tx, projection, generation).await?;
        }
        tx.commit().await?;
        self.take_up(projection, generation);
        Ok(())
    }

    /// Puts a scratch generation in the place of the one that is read: whoever reads takes it up when it shows as much.
    pub(crate) async fn put_to_serve(&self, projection: &str, generation: i64) -> Result<(), DbError> {
        let mut tx = self.catalogue().change().await?;
        catalogue::switch(&mut tx, projection, generation).await?;
        tx.commit().await
    }

    /// Reads from now on what [`ReadModels::look`] found: for a process that keeps nothing current by itself.
    pub fn take_up_all(&self) {
        for (projection, slot) in self.each() {
            if let Some(coming) = slot.coming {
                self.take_up(projection.name(), coming.generation);
            }
        }
    }

    /// Reads a generation from now on, if it is the one that serves or the one that comes.
    fn take_up(&self, projection: &str, generation: i64) {
        self.slots(|slots| {
            let Some(slot) = slots.get_mut(projection) else { return };
            if slot.coming.as_ref().is_some_and(|coming| coming.generation == generation)
                && let Some(coming) = slot.coming.take()
            {
                slot.serving = coming;
            }
            slot.is_full |= slot.serving.generation == generation;
        });
    }

    /// Declares every store full, as it is now: for stores that were filled up to some position and stay there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn serve_all(&self) -> Result<(), DbError> {
        for projection in self.projections() {
            let slot = self.slot(projection.name())?;
            self.serve(projection.name(), slot.coming.unwrap_or(slot.serving).generation).await?;
        }
        Ok(())
    }

    /// A new, empty store for a projection, beside the one that serves. It goes when it is let go of, unless it is put to serve.
    pub(crate) async fn scratch(&self, projection: &dyn Projection) -> Result<Store, DbError> {
        let mut tx = self.catalogue().change().await?;
        let new = slot::make(&mut tx, &self.0.home, projection, State::Scratch).await?;
        let store = Store::open(&self.0.home, &new).await?;
        tx.commit().await?;
        Ok(store)
    }

    /// The right to fill scratch stores of a projection; `None` while another process does.
    pub(crate) async fn alone(&self, projection: &str) -> Result<Option<Hold>, DbError> {
        self.0.home.alone(&format!("{projection}.rebuild")).await
    }

    /// Drops every store that nobody needs and nobody has open: retired ones, scratch ones of commands that were killed, and
    /// those of projections that are no more. Answers how many are not needed but still open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self) -> Result<usize, DbError> {
        let known = self.generations().await?;
        let mut open = 0;
        for one in known.iter().filter(|one| self.is_needless(one, &known)) {
            let mut tx = self.catalogue().change().await?;
            // It may have changed since it was looked at.
            if catalogue::generations(&mut tx).await?.contains(one) {
                if self.0.home.drop_store(&mut tx, &one.projection, one.number).await? {
                    catalogue::strike(&mut tx, &one.projection, one.number).await?;
                } else {
                    open += 1;
                }
            }
            tx.commit().await?;
        }
        Ok(open)
    }

    fn is_needless(&self, one: &Generation, known: &[Generation]) -> bool {
        let Some(projection) = self.projections().iter().find(|it| it.name() == one.projection) else { return true };
        match one.state {
            State::Retired | State::Scratch => true,
            State::Serving => false,
            State::Filling => {
                let served = |it: &Generation| {
                    it.projection == one.projection && it.state == State::Serving && it.version == projection.version()
                };
                one.version < projection.version() || (one.version == projection.version() && known.iter().any(served))
            }
        }
    }
}
