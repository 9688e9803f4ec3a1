//! Agents: the users who may help customers, and how busy they are.

use std::collections::HashMap;

use events::{Role, UserId};
use projections::db::Sql;
use projections::desk::{self, Entity, NAME};
use projections::{Db, ReadModels};
use sea_query::Value;

use crate::{QueryError, Scope};

/// A user who may help customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// The user.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether customers may be given to them: they said so, and may sign in.
    pub available: bool,
    /// How many conversations they handle now.
    pub conversations: u64,
}

/// The roles whose users may help customers, as they stand in the table.
const HELPERS: &str = "a.role IN ('agent', 'admin', 'owner')";

/// The agents of the tenant by name.
///
/// # Errors
/// When the database does not answer.
pub async fn agents(models: &ReadModels, scope: &Scope) -> Result<Vec<AgentRow>, QueryError> {
    rows(&models.of(NAME)?, scope, "", []).await
}

/// An agent of the tenant.
///
/// # Errors
/// When the database does not answer.
pub async fn agent(models: &ReadModels, scope: &Scope, id: &UserId) -> Result<Option<AgentRow>, QueryError> {
    Ok(rows(&models.of(NAME)?, scope, " AND a.id = $2", [id.as_str().into()]).await?.pop())
}

/// The available agent who handles the fewest conversations; of several, the one with the least id.
#[must_use]
pub fn least_busy(agents: &[AgentRow]) -> Option<&AgentRow> {
    agents.iter().filter(|agent| agent.available).min_by_key(|agent| (agent.conversations, &agent.id))
}

async fn rows(
    db: &Db,
    scope: &Scope,
    condition: &str,
    more: impl IntoIterator<Item = Value>,
) -> Result<Vec<AgentRow>, QueryError> {
    let tenant = || Value::from(scope.id().as_str());
    let columns = desk::AgentRow::TARGET.columns.join(", a.");
    let text =
        format!("SELECT a.{columns} FROM desk_agents a WHERE a.tenant_id = $1 AND {HELPERS}{condition} ORDER BY a.name, a.id");
    let values = [tenant()].into_iter().chain(more);
    let stored: Vec<<desk::AgentRow as Entity>::Stored> = db.fetch_all(Sql::composed(text, values)).await?;
    let handled = "SELECT f.agent_id, CAST(SUM(f.n) AS BIGINT) FROM desk_facets f WHERE f.tenant_id = $1 AND f.agent_id <> '' GROUP BY f.agent_id";
    let handled: Vec<(String, i64)> = db.fetch_all(Sql::fixed(handled, [tenant()])).await?;
    let handled: HashMap<String, i64> = handled.into_iter().collect();
    let shown = |row: desk::AgentRow| AgentRow {
        conversations: handled.get(row.id.as_str()).copied().unwrap_or_default().unsigned_abs(),
        available: row.said_available && row.is_active,
        id: row.id,
        name: row.name,
        email: row.email,
        role: row.role,
        is_active: row.is_active,
    };
    let rows = stored.into_iter().map(|stored| desk::AgentRow::read(stored).map(shown));
    Ok(rows.collect::<Result<_, _>>()?)
}
