//! Holds: a store that somebody has open is not dropped.
//!
//! Files are held by a lock on a file beside them, schemas by advisory locks of one session of the process. Both go with the
//! process, however it ends.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tokio::sync::{mpsc, oneshot};

use crate::db::DbError;

/// How often the session looks whether it still is one.
const CHECK: Duration = Duration::from_secs(2);

/// Whether others may hold the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// They may.
    Shared,
    /// They may not.
    Alone,
}

/// Gives holds out.
#[derive(Debug)]
pub enum Holds {
    /// Files `<name>.lock` in this directory.
    Files(PathBuf),
    /// Advisory locks of a session.
    Session(mpsc::UnboundedSender<Order>),
}

/// A hold, for as long as it lives.
#[derive(Debug)]
pub enum Hold {
    /// The lock goes with the file.
    File(#[expect(dead_code, reason = "only kept open")] File),
    /// The session gives it back.
    Session {
        /// What is held.
        key: (String, Mode),
        /// The session.
        orders: mpsc::UnboundedSender<Order>,
    },
}

/// What the session is asked to do.
#[derive(Debug)]
pub enum Order {
    /// Take a lock, and tell whether that was possible.
    Take((String, Mode), oneshot::Sender<Result<bool, sqlx::Error>>),
    /// Give it back.
    Release((String, Mode)),
}

impl Holds {
    /// Holds of a session on a server. Locks of different `base` have nothing to do with each other.
    pub fn session(url: &str, base: &str) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        tokio::spawn(Session { url: url.to_owned(), base: base.to_owned(), connection: None, held: BTreeMap::new() }.run(inbox));
        Self::Session(orders)
    }

    /// A hold, unless somebody has one that forbids it.
    pub async fn take(&self, name: &str, mode: Mode) -> Result<Option<Hold>, DbError> {
        match self {
            Self::Files(dir) => {
                let path = dir.join(format!("{name}.lock"));
                let file = File::options().create(true).truncate(false).write(true).open(path).map_err(DbError::Directory)?;
                let taken = match mode {
                    Mode::Shared => file.try_lock_shared(),
                    Mode::Alone => file.try_lock(),
                };
                match taken {
                    Ok(()) => Ok(Some(Hold::File(file))),
                    Err(TryLockError::WouldBlock) => Ok(None),
                    Err(TryLockError::Error(error)) => Err(DbError::Directory(error)),
                }
            }
            Self::Session(orders) => {
                let (key, (answer, taken)) = ((name.to_owned(), mode), oneshot::channel());
                // The session goes only when the whole runtime does.
                let gone = |_| DbError::Sql(sqlx::Error::PoolClosed);
                orders.send(Order::Take(key.clone(), answer)).map_err(|_| DbError::Sql(sqlx::Error::PoolClosed))?;
                let taken = taken.await.map_err(gone)??;
                Ok(taken.then(|| Hold::Session { key, orders: orders.clone() }))
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        match self {
            Self::File(_) => {}
            // Without a session there is no lock either.
            Self::Session { key, orders } => drop(orders.send(Order::Release(key.clone()))),
        }
    }
}

/// The session that has the locks.
struct Session {
    url: String,
    base: String,
    connection: Option<PgConnection>,
    /// What is held, and how often.
    held: BTreeMap<(String, Mode), usize>,
}

impl Session {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) {
        let mut check = tokio::time::interval(CHECK);
        loop {
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(Order::Take(key, answer)) => {
                        // Who does not wait for the answer any more gives nothing back either: the lock goes with the process.
                        let _ = answer.send(self.take(&key).await);
                    }
                    Some(Order::Release(key)) => self.release(&key).await,
                    None => return,
                },
                _ = check.tick() => self.check().await,
            }
        }
    }

    async fn take(&mut self, key: &(String, Mode)) -> Result<bool, sqlx::Error> {
        if !self.held.contains_key(key) && !self.lock(key).await? {
            return Ok(false);
        }
        *self.held.entry(key.clone()).or_default() += 1;
        Ok(true)
    }

    async fn release(&mut self, key: &(String, Mode)) {
        let Some(count) = self.held.get_mut(key) else { return };
        *count -= 1;
        if *count > 0 {
            return;
        }
        self.held.remove(key);
        let unlock = match key.1 {
            Mode::Shared => "SELECT pg_advisory_unlock_shared(hashtextextended($1, 0))",
            Mode::Alone => "SELECT pg_advisory_unlock(hashtextextended($1, 0))",
        };
        let name = lock_name(&self.base, &key.0);
        if let Some(connection) = &mut self.connection
            && sqlx::query(unlock).bind(name).execute(connection).await.is_err()
        {
            self.connection = None;
        }
    }

    /// Takes everything again after the connection broke: whoever was about to drop a store had his chance, and did not know.
    async fn check(&mut self) {
        if let Some(connection) = &mut self.connection
            && connection.ping().await.is_ok()
        {
            return;
        }
        self.connection = None;
        let keys: Vec<(String, Mode)> = self.held.keys().cloned().collect();
        for key in &keys {
            match self.lock(key).await {
                Ok(true) => {}
                Ok(false) => tracing::warn!(store = key.0, "another process has taken a store over while the database was away"),
                Err(_) => return self.connection = None,
            }
        }
    }

    async fn lock(&mut self, (name, mode): &(String, Mode)) -> Result<bool, sqlx::Error> {
        let lock = match mode {
            Mode::Shared => "SELECT pg_try_advisory_lock_shared(hashtextextended($1, 0))",
            Mode::Alone => "SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
        };
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(PgConnection::connect(&self.url).await?),
        };
        let (taken,): (bool,) = sqlx::query_as(lock).bind(lock_name(&self.base, name)).fetch_one(connection).await?;
        Ok(taken)
    }
}

/// The text whose hash is the key of an advisory lock.
pub fn lock_name(base: &str, name: &str) -> String {
    format!("kith {base} {name}")
}
