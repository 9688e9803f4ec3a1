//! Values, of JSON or MessagePack, whose objects have each member once. Of two with one name, the parser would keep the last and
//! say nothing.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::words::shown;

/// A value in which no object has two members of one name; to read one that has is an error, and the only one of its category.
#[derive(Debug)]
pub struct Once(pub Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

/// Builds the value.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Once(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!("the member {:?} is given more than once", shown(&name))));
            }
            let Once(member) = members.next_value()?;
            map.insert(name, member);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_a_repeated_member_is_read_as_it_always_is() {
        let text = r#"{"a":[1,-1,1.5,18446744073709551615,1e300,"x\u0041\n",null,true,{}],"b":{"a":[]},"":"\ud83d\ude00"}"#;
        let Once(value) = serde_json::from_str(text).expect("fine");
        assert_eq!(value, serde_json::from_str::<Value>(text).expect("fine"));
        for text in [r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"b":2,"\u0061":3}}]"#] {
            let error = serde_json::from_str::<Once>(text).expect_err(text);
            assert!(error.is_data() && error.to_string().starts_with("the member \"a\" is given more than once"), "{error}");
        }
        for text in ["{", "", "nul", "{\"a\":1,}", "1 2"] {
            assert!(!serde_json::from_str::<Once>(text).expect_err(text).is_data(), "{text}");
        }
    }
}
