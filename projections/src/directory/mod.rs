//! The directory: who the tenants are, and who works for them.

mod fold;
mod row;
mod store;
mod table;

use std::collections::BTreeSet;

use events::{Event, StreamKind};
use futures_util::future::BoxFuture;

pub(crate) use fold::{tenant as fold_tenant, user as fold_user};
pub use row::{TenantRow, UserRow, email_key};
pub use store::{tenant, tenants, user, users, users_by_email, users_by_id};

use crate::db::Tx;
use crate::projection::{ApplyError, Batch, Pace, Projection, Replay, Shape, Table, shape};

/// The name of the projection.
pub const NAME: &str = "directory";

/// The projection.
#[derive(Debug, Clone, Copy)]
pub struct Directory;

impl Projection for Directory {
    fn name(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> u32 {
        2
    }

    fn pace(&self) -> Pace {
        Pace::Prompt
    }

    fn replay(&self) -> Replay {
        Replay::Safe
    }

    fn shape(&self) -> Shape {
        shape!("directory")
    }

    fn tables(&self) -> &'static [Table] {
        &[
            Table { name: table::TENANTS.table, columns: table::TENANTS.columns, key: table::TENANTS.key },
            Table { name: table::USERS.table, columns: table::USERS.columns, key: table::USERS.key },
        ]
    }

    fn kinds(&self) -> &'static [StreamKind] {
        &[StreamKind::Tenant, StreamKind::User]
    }

    fn apply<'a>(&'a self, tx: &'a mut Tx, batch: Batch<'a>) -> BoxFuture<'a, Result<(), ApplyError>> {
        Box::pin(async move {
            let mut users = BTreeSet::new();
            let mut tenants = BTreeSet::new();
            for recorded in &batch.events {
                if recorded.event.kind() == StreamKind::User {
                    users.insert(fold::user_key(recorded)?);
                } else {
                    tenants.insert(&recorded.envelope.stream.tenant);
                }
            }
            let mut tenant_rows = store::load_tenants(tx, tenants.into_iter()).await?;
            let mut user_rows = store::load_users(tx, users.iter()).await?;
            for recorded in &batch.events {
                if let Event::Tenant(event) = &recorded.event {
                    let old = tenant_rows.remove(&recorded.envelope.stream.tenant);
                    let row = fold::tenant(old, recorded, event)?;
                    tenant_rows.insert(row.id.clone(), row);
                }
                if let Event::User(event) = &recorded.event {
                    let key = fold::user_key(recorded)?;
                    let row = fold::user(user_rows.remove(&key), recorded, event)?;
                    user_rows.insert(key, row);
                }
            }
            Ok(store::save(tx, &tenant_rows, &user_rows).await?)
        })
    }
}
