//! How an event enum is declared: its variants, their names on the wire and their schema versions in one place.

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

pub(crate) use define_events;
