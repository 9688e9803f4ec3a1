//! How enums are declared: those of events (variants, names on the wire and schema versions in one place), and those of named
//! values.

/// Declares the events of one aggregate.
///
/// Each line `Variant(Payload) = "kind.happened" v 1` gives a variant, its frozen type name and the newest schema version.
macro_rules! define_events {
    (
        $(#[$doc:meta])*
        $name:ident {
            $( $(#[$variant_doc:meta])* $variant:ident($payload:ty) = $type_name:literal v $version:literal, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $( $(#[$variant_doc])* $variant($payload), )+
        }

        impl $name {
            /// Every type of this aggregate, each with its newest schema version.
            pub const TYPES: &'static [$crate::EventType] = &[
                $( $crate::EventType { name: $type_name, version: $version }, )+
            ];

            /// The type of this event.
            #[must_use]
            pub const fn event_type(&self) -> $crate::EventType {
                match self {
                    $( Self::$variant(_) => $crate::EventType { name: $type_name, version: $version }, )+
                }
            }

            pub(crate) fn encode_data(&self) -> Result<Vec<u8>, $crate::CodecError> {
                match self {
                    $( Self::$variant(data) => $crate::codec::encode_named(data), )+
                }
            }

            pub(crate) fn serialize_data<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant(data) => serde::Serialize::serialize(data, serializer), )+
                }
            }

            pub(crate) fn decode_data(
                name: &str,
                version: u16,
                data: &[u8],
            ) -> Option<Result<Self, $crate::CodecError>> {
                match name {
                    $( $type_name => Some(
                        $crate::codec::decode_versioned($type_name, version, $version, data).map(Self::$variant)
                    ), )+
                    _ => None,
                }
            }
        }
    };
}

/// Why a text is no name of an enum's value: what it should name, and the names there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is one of {}", .allowed.join(", "))]
pub struct UnknownName {
    /// What the text should name.
    pub what: &'static str,
    /// Every name there is.
    pub allowed: &'static [&'static str],
}

/// Declares an enum whose values have frozen names, the same on the wire and in every API.
///
/// Each line `Variant = "name"` gives a value and its name; the text after the enum's name says what it is, for errors.
macro_rules! define_names {
    (
        $(#[$doc:meta])*
        $name:ident($what:literal) {
            $( $(#[$variant_doc:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $( $(#[$variant_doc])* #[serde(rename = $text)] $variant, )+
        }

        impl $name {
            /// Every value there is.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];
            /// Every name there is, in the same order.
            pub const NAMES: &'static [&'static str] = &[$( $text, )+];

            /// The name on the wire and in every API.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Self::$variant => $text, )+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownName> {
                let known = Self::ALL.iter().copied().find(|value| value.name() == text);
                known.ok_or($crate::UnknownName { what: $what, allowed: Self::NAMES })
            }
        }
    };
}

pub(crate) use {define_events, define_names};

#[cfg(test)]
mod tests {
    use crate::contact::Source;

    #[test]
    fn what_is_no_name_is_told_with_the_names_there_are() {
        for source in Source::ALL {
            assert_eq!(source.name().parse(), Ok(*source));
        }
        let error = "fax".parse::<Source>().expect_err("no channel");
        assert_eq!(error.to_string(), "source is one of telegram, instagram, messenger, unknown");
    }
}
