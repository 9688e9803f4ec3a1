//! What many are told is written once: a value as it stands in frames, and objects into which it is put as it is.

use std::sync::OnceLock;

use poem::web::websocket::Message;
use serde::Serialize;

use super::format::{Format, unwritable};
use super::socket::Ending;

/// A value as it stands in frames: written in each format when the first asks for it, and then lent to all.
#[derive(Debug, Default)]
pub struct Written {
    json: OnceLock<Result<Vec<u8>, Ending>>,
    message_pack: OnceLock<Result<Vec<u8>, Ending>>,
}

impl Written {
    /// How the value stands in frames of a format. Whoever asks means the same value.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn get<V: Serialize>(&self, format: Format, value: impl FnOnce() -> V) -> Result<&[u8], Ending> {
        let place = match format {
            Format::Json => &self.json,
            Format::MessagePack => &self.message_pack,
        };
        let written = place.get_or_init(|| {
            let mut bytes = Vec::new();
            format.write(&mut bytes, &value())?;
            Ok(bytes)
        });
        written.as_deref().map_err(|ending| *ending)
    }
}

/// An object that is written member by member, so that some of them may be [`Written`] already.
pub struct Object {
    format: Format,
    bytes: Vec<u8>,
    /// Members that are still to come.
    left: u32,
}

impl Object {
    /// Begins an object of so many members.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(format: Format, members: u32) -> Result<Self, Ending> {
        let mut bytes = Vec::new();
        match format {
            Format::Json => bytes.push(b'{'),
            Format::MessagePack => {
                rmp::encode::write_map_len(&mut bytes, members).map_err(|error| unwritable(&error))?;
            }
        }
        Ok(Self { format, bytes, left: members })
    }

    /// Writes the next member.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, name: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), Ending> {
        self.name(name)?;
        self.format.write(&mut self.bytes, value)
    }

    /// Puts the next member in as it was written in the same format.
    ///
    /// # Errors
    /// When its name cannot be written.
    pub fn put_written(&mut self, name: &'static str, written: &[u8]) -> Result<(), Ending> {
        self.name(name)?;
        self.bytes.extend_from_slice(written);
        Ok(())
    }

    /// The object as a frame.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> Result<Message, Ending> {
        debug_assert_eq!(self.left, 0, "it has as many members as it was begun with");
        if self.format == Format::Json {
            self.bytes.push(b'}');
        }
        self.format.message(self.bytes)
    }

    fn name(&mut self, name: &'static str) -> Result<(), Ending> {
        self.left = self.left.saturating_sub(1);
        match self.format {
            Format::Json => {
                if self.bytes.len() > 1 {
                    self.bytes.push(b',');
                }
                self.format.write(&mut self.bytes, name)?;
                self.bytes.push(b':');
                Ok(())
            }
            Format::MessagePack => self.format.write(&mut self.bytes, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde::Serializer;
    use serde_json::json;

    use super::*;

    /// A value that counts how often it is written.
    struct Counted<'a>(&'a Cell<u32>);

    impl Serialize for Counted<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.set(self.0.get() + 1);
            json!({ "name": "Jane \"J\" Doe", "tags": [1, null] }).serialize(serializer)
        }
    }

    fn frame(format: Format, number: u32, written: &[u8]) -> Message {
        let mut frame = Object::begin(format, 3).expect("an object");
        frame.put("number", &number).expect("a number");
        frame.put_written("shared", written).expect("what is shared");
        frame.put("nothing", &()).expect("nothing");
        frame.end().expect("a frame")
    }

    #[test]
    fn what_is_told_to_many_is_written_once_in_each_format() {
        let (count, written) = (Cell::new(0), Written::default());
        for number in 0..100 {
            for format in [Format::Json, Format::MessagePack] {
                let shared = written.get(format, || Counted(&count)).expect("written");
                let whole =
                    json!({ "number": number, "shared": { "name": "Jane \"J\" Doe", "tags": [1, null] }, "nothing": null });
                let whole = format.frame(&whole).expect("a frame");
                assert_eq!(frame(format, number, shared).as_bytes(), whole.as_bytes(), "as if it had been written whole");
            }
        }
        assert_eq!(count.get(), 2);
    }
}
