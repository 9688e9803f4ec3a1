//! Where the database is.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::DbError;

/// Where the read models are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// In files in this directory, by SQLite.
    Sqlite(PathBuf),
    /// On the PostgreSQL server with this URL.
    Postgres(String),
}

impl DatabaseUrl {
    /// The default: a directory in the data directory.
    #[must_use]
    pub fn in_dir(data_dir: &Path) -> Self {
        Self::Sqlite(data_dir.join("read-models"))
    }
}

impl FromStr for DatabaseUrl {
    type Err = DbError;

    fn from_str(text: &str) -> Result<Self, DbError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            return Ok(Self::Sqlite(path.trim_start_matches("//").into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(DbError::Url)
    }
}

impl std::fmt::Debug for DatabaseUrl {
    /// Without the password that the URL of a server may carry.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}
