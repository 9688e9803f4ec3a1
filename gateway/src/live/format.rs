//! How frames are written and read: JSON in text frames, or MessagePack in binary ones.

use poem::web::websocket::Message;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::socket::Ending;
use crate::problem::{Kind, Problem};
use crate::rest::once::Once;

/// How deep what a client says may be nested: serde_json's own limit, for MessagePack as well.
const MOST_LEVELS: usize = 128;

/// How frames are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text frames.
    Json,
    /// Binary frames, with the names of members.
    MessagePack,
}

impl Format {
    /// The subprotocols that a client may ask for.
    pub const PROTOCOLS: [&'static str; 2] = ["kith.msgpack", "kith.json"];

    /// The format that the handshake settles on, from what the client offers: the first that is known, else JSON.
    #[must_use]
    pub fn asked(offered: &str) -> Self {
        let known = offered.split(',').map(str::trim).find(|name| Self::PROTOCOLS.contains(name));
        if known == Some("kith.msgpack") { Self::MessagePack } else { Self::Json }
    }

    /// A frame.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn frame(self, value: &impl Serialize) -> Result<Message, Ending> {
        let mut bytes = Vec::new();
        self.write(&mut bytes, value)?;
        self.message(bytes)
    }

    /// Writes a value behind what is there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, bytes: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), Ending> {
        match self {
            Self::Json => serde_json::to_writer(bytes, value).map_err(|error| unwritable(&error)),
            Self::MessagePack => rmp_serde::encode::write_named(bytes, value).map_err(|error| unwritable(&error)),
        }
    }

    /// The frame of a value that is written.
    ///
    /// # Errors
    /// When it is not of this format.
    pub fn message(self, bytes: Vec<u8>) -> Result<Message, Ending> {
        match self {
            Self::Json => String::from_utf8(bytes).map(Message::Text).map_err(|error| unwritable(&error)),
            Self::MessagePack => Ok(Message::Binary(bytes)),
        }
    }

    /// What a client says in a text frame.
    ///
    /// # Errors
    /// The problem when it is no JSON, or the client speaks MessagePack.
    pub fn read_text(self, text: &str) -> Result<Value, Problem> {
        match self {
            Self::Json => {
                serde_json::from_str(text).map(|Once(value)| value).map_err(|error| garbled(format!("Not valid JSON: {error}.")))
            }
            Self::MessagePack => Err(garbled("This socket speaks MessagePack, in binary frames.".to_owned())),
        }
    }

    /// What a client says in a binary frame.
    ///
    /// # Errors
    /// The problem when it is no MessagePack that JSON could say as well, or the client speaks JSON.
    pub fn read_binary(self, bytes: &[u8]) -> Result<Value, Problem> {
        match self {
            Self::Json => Err(garbled("This socket speaks JSON, in text frames.".to_owned())),
            Self::MessagePack => unpack(bytes).map_err(|error| garbled(format!("Not valid MessagePack: {error}."))),
        }
    }
}

/// Something cannot be told to a client.
pub(super) fn unwritable(error: &dyn std::error::Error) -> Ending {
    tracing::error!(%error, "a frame cannot be written");
    Ending::Broken
}

fn garbled(sentence: String) -> Problem {
    Problem::new(Kind::Malformed, sentence)
}

/// One value of MessagePack, and nothing behind it.
fn unpack(bytes: &[u8]) -> Result<Value, rmp_serde::decode::Error> {
    let mut reader = rmp_serde::Deserializer::new(bytes);
    reader.set_max_depth(MOST_LEVELS);
    let Once(value) = Once::deserialize(&mut reader)?;
    if reader.into_inner().is_empty() { Ok(value) } else { Err(rmp_serde::decode::Error::custom("trailing bytes")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_known_subprotocol_settles_the_format() {
        for (offered, format) in [
            ("", Format::Json),
            ("kith.msgpack", Format::MessagePack),
            ("graphql, kith.msgpack", Format::MessagePack),
            ("kith.json, kith.msgpack", Format::Json),
            ("other", Format::Json),
        ] {
            assert_eq!(Format::asked(offered), format, "{offered:?}");
        }
    }

    #[test]
    fn what_is_said_is_read_in_the_client_s_format_alone() {
        let said = json!({ "type": "hello", "data": [1, -2, 0.5, null, "é"] });
        let (text, packed) = (said.to_string(), rmp_serde::to_vec_named(&said).expect("MessagePack"));
        assert_eq!(Format::Json.read_text(&text).expect("JSON"), said);
        assert_eq!(Format::MessagePack.read_binary(&packed).expect("MessagePack"), said);
        assert_eq!(Format::Json.read_binary(&packed).expect_err("binary").kind(), Kind::Malformed);
        assert_eq!(Format::MessagePack.read_text(&text).expect_err("text").kind(), Kind::Malformed);
    }

    #[test]
    fn what_is_garbled_is_told_and_breaks_nothing() {
        for text in ["", "{", "{\"a\":1}x", "{\"a\":1,\"a\":1}", &"[".repeat(60_000)] {
            assert_eq!(Format::Json.read_text(text).expect_err("no JSON").kind(), Kind::Malformed);
        }
        // Nothing, an array that breaks off, two values, a member given twice, nesting without end, bytes that JSON has not.
        for bytes in [&[][..], &[0x92, 1], &[1, 1], b"\x82\xa1a\x01\xa1a\x01", &[0x91; 60_000], &[0xc4, 1, 0]] {
            assert_eq!(Format::MessagePack.read_binary(bytes).expect_err("no MessagePack").kind(), Kind::Malformed);
        }
    }
}
