//! Where a commit or a claim stands: the subjects of the log.
//!
//! `kith.<pp>.ev.<tenant>.<kind>.<id>` and `kith.<pp>.claim.<tenant>.<name>.<hash>`, `pp` being the partition. Beside them, and not
//! kept: `kith.cmd.<tenant>.<command>`, where commands are asked for.

use sha2::{Digest, Sha256};

use crate::claim::ClaimKey;
use crate::ids::{StreamKind, StreamRef, TenantId};

/// A part of the log with a total order of its own. A tenant lives in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(pub u16);

impl Partition {
    /// The partition of a tenant among `count`; the same for ever, since `count` is fixed when the log is made.
    #[must_use]
    pub fn of(tenant: &TenantId, count: u16) -> Self {
        let digest = Sha256::digest(tenant.as_str().as_bytes());
        let number = u16::from_be_bytes([digest[0], digest[1]]);
        Self(number % count.max(1))
    }

    /// The name of its JetStream stream.
    #[must_use]
    pub fn stream_name(self) -> String {
        format!("KITH_{:02}", self.0)
    }

    /// All subjects of the partition.
    #[must_use]
    pub fn all_subjects(self) -> String {
        format!("kith.{:02}.>", self.0)
    }
}

/// The subject of a stream's commits.
#[must_use]
pub fn of_stream(partition: Partition, stream: &StreamRef) -> String {
    format!("kith.{:02}.ev.{}.{}.{}", partition.0, stream.tenant, stream.kind.name(), stream.id())
}

/// The pattern of all commits, or only of those of a tenant, on streams of a kind, or with an id.
#[must_use]
pub fn of_selection(partition: Partition, tenant: Option<&TenantId>, kind: Option<StreamKind>, id: Option<&str>) -> String {
    let (tenant, kind) = (tenant.map_or("*", TenantId::as_str), kind.map_or("*", StreamKind::name));
    format!("kith.{:02}.ev.{tenant}.{kind}.{}", partition.0, id.unwrap_or("*"))
}

/// The subject of a claim.
#[must_use]
pub fn of_claim(partition: Partition, key: &ClaimKey) -> String {
    format!("kith.{:02}.claim.{}.{}.{}", partition.0, key.tenant, key.name.name(), key.hash)
}

/// The stream that a subject is of; `None` for claims and for anything else.
#[must_use]
pub fn stream_of(subject: &str) -> Option<StreamRef> {
    let mut parts = subject.split('.');
    let (root, _partition, family) = (parts.next()?, parts.next()?, parts.next()?);
    let (tenant, kind, id) = (parts.next()?, parts.next()?, parts.next()?);
    if root != "kith" || family != "ev" || parts.next().is_some() {
        return None;
    }
    StreamRef::new(tenant.parse().ok()?, kind.parse::<StreamKind>().ok()?, id).ok()
}

/// The pattern of all commands that are asked for.
pub const ALL_COMMANDS: &str = "kith.cmd.*.>";

/// The subject on which a command is asked for, such as `customer.update_points`.
#[must_use]
pub fn of_command(tenant: &TenantId, command: &str) -> String {
    format!("kith.cmd.{tenant}.{command}")
}

/// The tenant and the command that a subject asks for; `None` for any other subject.
#[must_use]
pub fn command_of(subject: &str) -> Option<(TenantId, &str)> {
    let (tenant, command) = subject.strip_prefix("kith.cmd.")?.split_once('.')?;
    Some((tenant.parse().ok()?, command))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CustomerId;

    #[test]
    fn a_subject_names_its_tenant_and_command() {
        let tenant = TenantId::generate();
        let subject = of_command(&tenant, "customer.update_points");
        assert_eq!(command_of(&subject), Some((tenant, "customer.update_points")));
        for other in ["kith.cmd.t", "kith.00.ev.t.customer.c", "kith.cmd.a b.customer.register"] {
            assert_eq!(command_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_subject_names_its_stream() {
        let stream = StreamRef::customer(&TenantId::generate(), &CustomerId::generate());
        assert_eq!(stream_of(&of_stream(Partition(7), &stream)), Some(stream));
        assert_eq!(stream_of("kith.00.claim.t.customer_email.abc"), None);
    }

    #[test]
    fn a_tenant_stays_in_its_partition() {
        let tenant: TenantId = "0193-fixed".parse().expect("an id");
        assert_eq!(Partition::of(&tenant, 1), Partition(0));
        assert_eq!(Partition::of(&tenant, 16), Partition::of(&tenant, 16));
    }
}
