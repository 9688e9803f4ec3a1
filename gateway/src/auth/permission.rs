//! Who may do what: the one table of operations and roles.

use events::Role;

/// Looking at customers.
const LOOK: &[Role] = &[Role::Viewer, Role::Agent, Role::Admin, Role::Owner, Role::Operator];
/// Working with customers.
const WORK: &[Role] = &[Role::Agent, Role::Admin, Role::Owner, Role::Operator];
/// What cannot be undone by who did it, touches many customers, or concerns other users.
const MANAGE: &[Role] = &[Role::Admin, Role::Owner, Role::Operator];
/// Serving customers: a provider's own business, or, for those who manage the tenant, every provider's.
const SERVE: &[Role] = &[Role::Provider, Role::Admin, Role::Owner, Role::Operator];
/// Running the platform.
const PLATFORM: &[Role] = &[Role::Operator];
/// What everyone may do who is signed in.
const EVERYONE: &[Role] = &Role::ALL;

/// Whose data an operation works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One tenant's: the user's own, or the one that an operator picks with `X-Tenant-ID`.
    Tenant,
    /// The signed-in user's own.
    Own,
    /// The platform's.
    Platform,
}

/// An operation as a type, so that a request handler names what it does in its signature.
pub trait Permission: Send + Sync + 'static {
    /// The operation.
    const OPERATION: Operation;
}

macro_rules! operations {
    ($( $(#[$doc:meta])* $name:ident: $reach:ident for $roles:ident, )+) => {
        /// Everything that the REST interface can do for a signed-in user.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Operation { $( $(#[$doc])* $name, )+ }

        impl Operation {
            /// Every operation there is.
            pub const ALL: &'static [Self] = &[$( Self::$name, )+];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )+ }
            }

            /// The roles that may do it.
            #[must_use]
            pub const fn roles(self) -> &'static [Role] {
                match self { $( Self::$name => $roles, )+ }
            }

            /// Whose data it works on.
            #[must_use]
            pub const fn reach(self) -> Reach {
                match self { $( Self::$name => Reach::$reach, )+ }
            }
        }

        /// The operations as types.
        pub mod op {
            use super::{Operation, Permission};
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl Permission for $name { const OPERATION: Operation = Operation::$name; }
            )+
        }
    };
}

operations! {
    /// List customers.
    CustomersList: Tenant for LOOK,
    /// Look at one customer.
    CustomersRead: Tenant for LOOK,
    /// See the statistics.
    CustomersStats: Tenant for LOOK,
    /// See how a balance came about.
    CustomersLedger: Tenant for LOOK,
    /// See a customer's versions.
    CustomersHistory: Tenant for LOOK,
    /// Enter a customer.
    CustomersCreate: Tenant for WORK,
    /// Change a customer.
    CustomersChange: Tenant for WORK,
    /// Put a customer's profile back.
    CustomersRevert: Tenant for WORK,
    /// Give or take points.
    CustomersPoints: Tenant for WORK,
    /// Record an order.
    CustomersOrder: Tenant for WORK,
    /// Delete a customer.
    CustomersDelete: Tenant for MANAGE,
    /// Bring a deleted customer back.
    CustomersRestore: Tenant for MANAGE,
    /// Erase a customer for good.
    CustomersForget: Tenant for MANAGE,
    /// Activate or deactivate many customers.
    CustomersBulk: Tenant for MANAGE,
    /// Import customers from a file.
    CustomersImport: Tenant for MANAGE,
    /// Export customers to a file.
    CustomersExport: Tenant for MANAGE,
    /// Page through everything that happened.
    EventsList: Tenant for MANAGE,
    /// Follow everything that happens.
    EventsStream: Tenant for MANAGE,
    /// Look through the audit trail and the field history.
    AuditRead: Tenant for MANAGE,
    /// Read the timeline of the tenant, or what somebody else did.
    TimelineRead: Tenant for MANAGE,
    /// Read what happened to an entity.
    TimelineEntity: Tenant for LOOK,
    /// Read what one did oneself.
    TimelineOwn: Tenant for EVERYONE,
    /// See the customers of the desk, what they wrote, and who works there.
    DeskRead: Tenant for LOOK,
    /// Work at the desk, as an agent or as the bot.
    DeskWork: Tenant for WORK,
    /// Follow what happens at the desk, and work there.
    DeskStream: Tenant for WORK,
    /// Say how the desk works.
    DeskManage: Tenant for MANAGE,
    /// See how the desk is doing.
    DeskMetrics: Tenant for MANAGE,
    /// Hand on what customers write.
    DeskInbound: Tenant for WORK,
    /// See the pages.
    PagesList: Tenant for LOOK,
    /// Connect, change and disconnect pages.
    PagesManage: Tenant for MANAGE,
    /// See the tags.
    TagsList: Tenant for LOOK,
    /// Make a tag.
    TagsCreate: Tenant for WORK,
    /// Rename and delete tags.
    TagsManage: Tenant for MANAGE,
    /// Put tags on customers, and take them off.
    CustomersTag: Tenant for WORK,
    /// See providers' customers, services and bookings.
    ProvidersRead: Tenant for SERVE,
    /// Offer services, book them, and say what came of it and of customers.
    ProvidersWork: Tenant for SERVE,
    /// List the tenant's users.
    UsersList: Tenant for MANAGE,
    /// Look at a user.
    UsersRead: Tenant for MANAGE,
    /// Add a user.
    UsersCreate: Tenant for MANAGE,
    /// Change a user.
    UsersChange: Tenant for MANAGE,
    /// Look at the tenant's settings.
    TenantRead: Tenant for MANAGE,
    /// Change the tenant's settings.
    TenantChange: Tenant for MANAGE,
    /// See who is signed in.
    Me: Own for EVERYONE,
    /// Take another password.
    OwnPassword: Own for EVERYONE,
    /// List the platform's tenants.
    TenantsList: Platform for PLATFORM,
    /// Add a tenant to the platform.
    TenantsCreate: Platform for PLATFORM,
}

/// Whether a role may do an operation.
#[must_use]
pub fn allows(role: Role, operation: Operation) -> bool {
    operation.roles().contains(&role)
}

/// Whether a user of role `actor` may make, or change, a user of role `subject`: owners are made and changed by owners only
/// (and by the platform's operators), so that nobody lifts themselves above their own role.
#[must_use]
pub fn may_manage(actor: Role, subject: Role) -> bool {
    match actor {
        Role::Operator | Role::Owner => true,
        Role::Admin => !matches!(subject, Role::Owner | Role::Operator),
        Role::Agent | Role::Provider | Role::Viewer => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_roles_and_operations_changes_only_on_purpose() {
        let table: Vec<String> = Operation::ALL
            .iter()
            .map(|operation| {
                let roles: Vec<_> = Role::ALL.into_iter().filter(|role| allows(*role, *operation)).map(Role::name).collect();
                format!("{:<17} {}", operation.name(), roles.join(" "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn nobody_lifts_themselves_above_their_own_role() {
        assert!(may_manage(Role::Owner, Role::Owner));
        assert!(may_manage(Role::Admin, Role::Admin));
        assert!(!may_manage(Role::Admin, Role::Owner));
        assert!(!may_manage(Role::Agent, Role::Viewer));
    }
}
