//! Old events in new clothes: one small function per schema version that is left behind.
//!
//! Stored bytes never change. An upcaster turns the data of one version of one type into that of the next, and `decode` runs
//! the chain up to the newest version. The sample of the old version stays in `events/golden` and must go on decoding.

use rmpv::Value;

/// The step from one schema version of a type to the next.
pub struct Upcaster {
    /// The event type.
    pub name: &'static str,
    /// The version that it reads; it gives this plus one.
    pub from: u16,
    /// The change.
    pub step: fn(Value) -> Value,
}

/// Every step there is.
pub const UPCASTERS: &[Upcaster] = &[];

/// Takes data from version `found` to version `newest`.
pub(crate) fn upcast(steps: &[Upcaster], name: &str, found: u16, newest: u16, data: Value) -> Value {
    (found..newest).fold(data, |data, from| match steps.iter().find(|step| step.name == name && step.from == from) {
        Some(upcaster) => (upcaster.step)(data),
        None => data,
    })
}

/// Renames a field of a map; a helper for steps.
#[must_use]
pub fn rename_field(data: Value, old: &str, new: &str) -> Value {
    let Value::Map(fields) = data else { return data };
    let rename = |(key, value): (Value, Value)| if key.as_str() == Some(old) { (Value::from(new), value) } else { (key, value) };
    Value::Map(fields.into_iter().map(rename).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A worked example: `points.given` said `why` in version 1, says `reason` since 2, and carries `strict` since 3.
    const STEPS: &[Upcaster] = &[
        Upcaster { name: "points.given", from: 1, step: |data| rename_field(data, "why", "reason") },
        Upcaster {
            name: "points.given",
            from: 2,
            step: |data| {
                let Value::Map(mut fields) = data else { return data };
                fields.push((Value::from("strict"), Value::from(false)));
                Value::Map(fields)
            },
        },
    ];

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct PointsGiven {
        points: i64,
        reason: String,
        strict: bool,
    }

    fn read(found: u16, json: serde_json::Value) -> PointsGiven {
        let bytes = rmp_serde::to_vec_named(&json).expect("writes");
        let old: Value = rmp_serde::from_slice(&bytes).expect("reads");
        rmpv::ext::from_value(upcast(STEPS, "points.given", found, 3, old)).expect("fits")
    }

    #[test]
    fn events_of_every_version_come_out_in_the_newest_form() {
        let newest = PointsGiven { points: 5, reason: "birthday".to_owned(), strict: false };
        assert_eq!(read(1, serde_json::json!({"points": 5, "why": "birthday"})), newest);
        assert_eq!(read(2, serde_json::json!({"points": 5, "reason": "birthday"})), newest);
        assert_eq!(read(3, serde_json::json!({"points": 5, "reason": "birthday", "strict": false})), newest);
    }
}
