//! What is asked of the audit trail, and what it says in SQL.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use events::{Position, StreamKind};
use projections::audit_trail::terms;
use projections::audit_trail::words;
use projections::db::Term;
use sea_query::Value;

use super::Action;
use crate::Scope;

/// Bits of a row's number below its partition: position and place in the commit.
const WITHIN_PARTITION: i64 = (1 << 48) - 1;
/// Bits of a row's number below its position.
const INDEX_BITS: u32 = 12;

/// Which part of the past is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// Recorded then or later.
    pub from: Option<DateTime<Utc>>,
    /// Recorded then or before.
    pub until: Option<DateTime<Utc>>,
    /// At this position of the log or before.
    pub up_to: Option<Position>,
}

/// In which order rows come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

impl Order {
    pub(crate) const fn keyword(self) -> &'static str {
        match self {
            Self::NewestFirst => "DESC",
            Self::OldestFirst => "ASC",
        }
    }
}

/// What is asked of the audit trail. What is not set lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// One of these activities; see [`activities`].
    pub activities: Option<BTreeSet<&'static str>>,
    /// About records of this kind.
    pub kind: Option<StreamKind>,
    /// About this record.
    pub object_id: Option<String>,
    /// Caused by this actor.
    pub actor_id: Option<String>,
    /// The part of the past.
    pub bounds: Bounds,
    /// Words of which every one begins a word of the object's name, the actor's name or the description. Where there are none at
    /// all, nothing has them.
    pub words: Option<Vec<String>>,
    /// The order.
    pub order: Order,
}

/// The names of the activities that are one of these actions.
#[must_use]
pub fn activities(actions: &[Action]) -> BTreeSet<&'static str> {
    words::activities().filter(|activity| actions.contains(&activity.action)).map(|activity| activity.name).collect()
}

impl AuditFilter {
    /// The words of a search as [`AuditFilter::words`] takes them. A blank text is no search; one of other signs than letters and
    /// digits is a search for what no row has.
    #[must_use]
    pub fn words_of(search: &str) -> Option<Vec<String>> {
        (!search.trim().is_empty()).then(|| terms::words(search))
    }

    /// Whether nothing can match: nothing is wanted, or texts that no row holds, and that PostgreSQL would not even take.
    pub(crate) fn cannot_match(&self) -> bool {
        let holds_zero = [&self.object_id, &self.actor_id].into_iter().flatten().any(|text| text.contains('\0'));
        holds_zero || self.activities.as_ref().is_some_and(BTreeSet::is_empty) || self.words.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether the counts that are kept tell how many rows it lets through, and of which days.
    pub(crate) const fn is_kept(&self) -> bool {
        self.object_id.is_none() && self.words.is_none()
    }

    /// What is looked for in the text index.
    pub(crate) fn terms(&self, scope: &Scope) -> Vec<Term> {
        self.words.iter().flatten().map(|word| Term::Beginning(terms::of_word(scope.id(), word))).collect()
    }

    /// What rows are counted by: kind, activity and actor; each as a condition that begins with ` AND `.
    pub(crate) fn kinds(&self, prefix: &str, values: &mut Values) -> String {
        let mut text = self.what(prefix, values);
        text.push_str(&self.who(prefix, values));
        text
    }

    /// The conditions on kind and activity.
    pub(crate) fn what(&self, prefix: &str, values: &mut Values) -> String {
        let mut text = String::new();
        if let Some(kind) = self.kind {
            text.push_str(&format!(" AND {prefix}model = ${}", values.bind(kind.name())));
        }
        if let Some(activities) = &self.activities {
            let places: Vec<String> = activities.iter().map(|name| format!("${}", values.bind(*name))).collect();
            text.push_str(&format!(" AND {prefix}activity IN ({})", places.join(", ")));
        }
        text
    }

    /// The condition on the actor.
    pub(crate) fn who(&self, prefix: &str, values: &mut Values) -> String {
        let Some(actor) = &self.actor_id else { return String::new() };
        format!(" AND {prefix}actor_id = ${}", values.bind(actor.as_str()))
    }
}

impl Bounds {
    /// The conditions, each beginning with ` AND `.
    pub(crate) fn conditions(self, prefix: &str, values: &mut Values) -> String {
        let mut text = String::new();
        if let Some(from) = self.from {
            text.push_str(&format!(" AND {prefix}recorded_at >= ${}", values.bind(from.timestamp_micros())));
        }
        if let Some(until) = self.until {
            text.push_str(&format!(" AND {prefix}recorded_at <= ${}", values.bind(until.timestamp_micros())));
        }
        if let Some(last) = self.last_number() {
            text.push_str(&format!(" AND {} <= ${}", Self::number(&format!("{prefix}no")), values.bind(last)));
        }
        text
    }

    /// The greatest row number, without its partition, up to the position; see [`Bounds::number`].
    pub(crate) fn last_number(self) -> Option<i64> {
        let Position(position) = self.up_to?;
        let position = i64::try_from(position).unwrap_or(i64::MAX).min(WITHIN_PARTITION >> INDEX_BITS);
        Some((position << INDEX_BITS) | ((1 << INDEX_BITS) - 1))
    }

    /// A row number without its partition: position and place in the commit. It stands in every index.
    pub(crate) fn number(column: &str) -> String {
        format!("({column} & {WITHIN_PARTITION})")
    }
}

/// A statement in the making: values go in as they are met.
#[derive(Debug, Default)]
pub(crate) struct Values(pub Vec<Value>);

impl Values {
    /// Binds a value and answers its place.
    pub fn bind(&mut self, value: impl Into<Value>) -> usize {
        self.0.push(value.into());
        self.0.len()
    }
}
