//! What events come to in the audit trail. Pure.

use std::collections::{HashMap, HashSet};

use events::subject::Partition;
use events::{Actor, Recorded, StreamKind, StreamVersion, TenantId};

use super::row::{AuditRow, FieldChange, row_number};
use super::words::{self, Action, Object, Told};
use crate::projection::ApplyError;
use crate::value::storable;

/// An object: whose, of which kind, and which.
pub type Key = (TenantId, StreamKind, String);

/// An object as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The object.
    pub key: Key,
    /// The version of the stream's last event that is folded in.
    pub version: StreamVersion,
    /// The folded state; see [`Object::state`].
    pub state: String,
}

/// An object while a batch is folded in.
struct Open {
    version: StreamVersion,
    object: Box<dyn Object>,
    touched: bool,
}

/// The part of the audit trail that a batch touches.
pub struct Trail {
    partition: Partition,
    objects: HashMap<Key, Open>,
    rows: Vec<AuditRow>,
    forgotten: HashSet<Key>,
}

/// What a batch adds.
#[derive(Debug, Default)]
pub struct Added {
    /// Objects as they are now.
    pub objects: Vec<Kept>,
    /// Rows, in the order of the log.
    pub rows: Vec<AuditRow>,
    /// Objects of which everything that was told before is to go, with what they are called from now on.
    pub forgotten: Vec<(Key, String)>,
}

/// The object that an event is folded into, and the one that it is about where that is another.
///
/// # Errors
/// When the kind of the event has no words.
pub fn keys(recorded: &Recorded) -> (Key, Option<Key>) {
    let stream = &recorded.envelope.stream;
    let own = (stream.tenant.clone(), stream.kind, stream.id().to_owned());
    let about = words::about(&recorded.event).map(|(kind, id)| (stream.tenant.clone(), kind, id.to_owned()));
    (own, about)
}

impl Trail {
    /// The objects as they are kept.
    ///
    /// # Errors
    /// When a state cannot be read.
    pub fn new(partition: Partition, kept: impl IntoIterator<Item = Kept>) -> Result<Self, serde_json::Error> {
        let mut objects = HashMap::new();
        for Kept { key, version, state } in kept {
            let object = words::of(key.1).open(&state)?;
            objects.insert(key, Open { version, object, touched: false });
        }
        Ok(Self { partition, objects, rows: Vec::new(), forgotten: HashSet::new() })
    }

    /// Folds an event in. What is known already changes nothing.
    ///
    /// # Errors
    /// When the event does not fit behind those folded in before.
    pub fn apply(&mut self, recorded: &Recorded) -> Result<(), ApplyError> {
        let (own, about) = keys(recorded);
        let entry = match self.objects.entry(own.clone()) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let object = words::of(own.1).open("").map_err(|error| ApplyError::event(recorded, error.to_string()))?;
                entry.insert(Open { version: 0, object, touched: false })
            }
        };
        if recorded.version <= entry.version {
            return Ok(());
        }
        let told = entry.object.apply(self.partition, recorded)?;
        (entry.version, entry.touched) = (recorded.version, true);
        let Some(told) = told else { return Ok(()) };
        if entry.object.is_erased() {
            let name = entry.object.name();
            self.forget(&own, &name);
        }
        let key = about.unwrap_or(own);
        let name = self.objects.get(&key).map(|open| open.object.name()).unwrap_or_default();
        let row = row(self.partition, recorded, key, &name, told)?;
        self.rows.push(row);
        Ok(())
    }

    /// What was told of an object before goes; that somebody looked at it stays, without its name.
    fn forget(&mut self, key: &Key, name: &str) {
        self.rows.retain_mut(|row| {
            let is_of_it = (&row.tenant, row.kind, &row.object_id) == (&key.0, key.1, &key.2);
            if is_of_it && row.activity.action == Action::View {
                name.clone_into(&mut row.object_repr);
                return true;
            }
            !is_of_it
        });
        self.forgotten.insert(key.clone());
    }

    /// What is to be written.
    ///
    /// # Errors
    /// When a state cannot be written out.
    pub fn into_added(self) -> Result<Added, serde_json::Error> {
        let Self { objects, rows, forgotten, .. } = self;
        let name = |key: &Key| objects.get(key).map(|open| open.object.name()).unwrap_or_default();
        let forgotten = forgotten.into_iter().map(|key| (key.clone(), name(&key))).collect();
        let kept = |(key, open): (Key, Open)| open.object.state().map(|state| Kept { key, version: open.version, state });
        let objects = objects.into_iter().filter(|(_, open)| open.touched).map(kept).collect::<Result<_, _>>()?;
        Ok(Added { objects, rows, forgotten })
    }
}

fn row(partition: Partition, recorded: &Recorded, about: Key, name: &str, told: Told) -> Result<AuditRow, ApplyError> {
    let envelope = &recorded.envelope;
    let change = |change: words::Change| FieldChange { field: change.field.name.to_owned(), old: change.old, new: change.new };
    Ok(AuditRow {
        no: row_number(partition, recorded)?,
        event_id: recorded.event_id,
        position: recorded.position,
        recorded_at: envelope.recorded_at,
        actor: Actor { id: storable(&envelope.actor.id), kind: envelope.actor.kind, name: storable(&envelope.actor.name) },
        activity: told.activity,
        tenant: about.0,
        kind: about.1,
        object_id: about.2,
        object_repr: name.to_owned(),
        description: storable(&told.sentence),
        changes: told.changes.into_iter().map(change).collect(),
        correlation_id: envelope.correlation_id.clone(),
        causation_id: envelope.causation_id,
    })
}
