//! The form of an import: read to its end before anything is entered, since what is wrong with it may come last. Meanwhile the file is
//! kept on disk, and never as a whole in memory.

use std::fmt::Display;
use std::fs::File;
use std::io;
use std::path::Path;

use poem::web::{Field, Multipart};
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use query_api::customers::parse_flag;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::problem::{Kind, Problem};
use crate::rest::fields::sentence;

/// How much of a file is read at a time.
const PIECE_BYTES: usize = 64 * 1024;
/// The most bytes of a field that is no file.
const MOST_FIELD_BYTES: u64 = 200;

/// A form that is still arriving.
pub struct Upload(Multipart);

/// A form.
pub(super) struct Form {
    /// The CSV file, at its beginning.
    pub(super) file: File,
    /// Whether all rows or none are wanted, if it says so.
    pub(super) atomic: Option<bool>,
}

impl Upload {
    /// Reads the form to its end, whatever the order of its fields.
    ///
    /// # Errors
    /// The problem when it ends early, or has other fields than it should, or one twice.
    pub(super) async fn read(mut self, scratch_dir: &Path) -> Result<Form, Problem> {
        let (mut file, mut atomic) = (None, None);
        while let Some(field) = self.0.next_field().await.map_err(broken)? {
            match field.name() {
                Some("file") if file.is_none() => file = Some(keep(field, scratch_dir).await?),
                Some("atomic") if atomic.is_none() => atomic = Some(flag(field).await?),
                Some(name @ ("file" | "atomic")) => return Err(wrong(name, "The form has this field twice.")),
                Some(_) | None => return Err(wrong("file", "The form has the fields atomic and file.")),
            }
        }
        let file = file.ok_or_else(|| wrong("file", "A field named file with the CSV file is required."))?;
        Ok(Form { file, atomic: atomic.flatten() })
    }
}

/// Keeps a file on disk, under no name: it is gone as soon as nobody reads it any more.
async fn keep(field: Field, scratch_dir: &Path) -> Result<File, Problem> {
    let unkept = |error: io::Error| Problem::internal(&error);
    let mut file = tokio::fs::File::from_std(tempfile::tempfile_in(scratch_dir).map_err(unkept)?);
    let mut source = field.into_async_read();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match source.read(&mut piece).await.map_err(broken)? {
            0 => break,
            read => file.write_all(&piece[..read]).await.map_err(unkept)?,
        }
    }
    // What the last write met with is told by a flush alone.
    file.flush().await.map_err(unkept)?;
    file.rewind().await.map_err(unkept)?;
    Ok(file.into_std().await)
}

/// What a field says that is true or false; an empty one says nothing.
async fn flag(field: Field) -> Result<Option<bool>, Problem> {
    let unclear = || wrong("atomic", "Must be true or false.");
    let mut text = Vec::new();
    field.into_async_read().take(MOST_FIELD_BYTES).read_to_end(&mut text).await.map_err(broken)?;
    match std::str::from_utf8(&text).map(str::trim) {
        Ok("") => Ok(None),
        Ok(text) => parse_flag(text).map(Some).ok_or_else(unclear),
        Err(_) => Err(unclear()),
    }
}

fn wrong(field: &str, sentence: &str) -> Problem {
    Problem::field(Kind::Invalid, field, sentence)
}

fn broken(error: impl Display) -> Problem {
    Problem::new(Kind::Malformed, sentence(&error.to_string()))
}

impl<'a> ApiExtractor<'a> for Upload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<MetaRequest> {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let described = |text, schema| inline(MetaSchema { description: Some(text), ..schema });
        let schema = MetaSchema {
            required: vec!["file"],
            properties: vec![
                ("atomic", described("Enter all rows or none.", MetaSchema::new("boolean"))),
                ("file", described("The CSV file.", MetaSchema::new_with_format("string", "binary"))),
            ],
            ..MetaSchema::new("object")
        };
        let content = vec![MetaMediaType { content_type: "multipart/form-data", schema: inline(schema) }];
        Some(MetaRequest { description: None, content, required: true })
    }

    async fn from_request(request: &'a Request, body: &mut RequestBody, _options: ExtractParamOptions<()>) -> poem::Result<Self> {
        Ok(Self(<Multipart as FromRequest>::from_request(request, body).await?))
    }
}
