//! A CSV file with named columns: its rows, each with the line where it begins and with a cell for each column that is known.

use std::io::Read;

use super::FileError;
use super::guard::unguarded;
use super::numbered::Numbered;
use crate::problem::FieldErrors;
use crate::words::counted;

/// A row: its line, from 1, and what was made of it, or what is wrong with it.
pub(super) type Told<T> = (u64, Result<T, FieldErrors>);

/// The rows of a file, one after another. A file may have the `N` columns in any order, and need not have all.
pub(super) struct Table<R, const N: usize> {
    reader: csv::Reader<Numbered<R>>,
    record: csv::ByteRecord,
    columns: [&'static str; N],
    /// For each known column, its place in the file.
    places: [Option<usize>; N],
    /// How many cells a row has.
    width: usize,
}

impl<R: Read, const N: usize> Table<R, N> {
    /// Reads the first line, which names the columns; the first so many of them must be there.
    ///
    /// # Errors
    /// When it does not, or cannot be read.
    pub(super) fn new(source: R, columns: [&'static str; N], required: usize) -> Result<Self, FileError> {
        // How many cells a row has is judged here: to the reader, a row that is empty but for its commas would be wrong, too.
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(Numbered::new(source));
        let mut record = csv::ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(FileError::Io)?;
        let places = places(&record, columns, required)?;
        Ok(Self { reader, width: record.len(), record, columns, places })
    }

    /// How many bytes of the file were read.
    pub(super) fn read_bytes(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next row with anything in it, made of its cells in the order of the columns; `None` at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn next_row<T>(
        &mut self,
        make: impl FnOnce([&str; N]) -> Result<T, FieldErrors>,
    ) -> Result<Option<Told<T>>, FileError> {
        loop {
            self.reader.get_mut().begin_row();
            if !self.reader.read_byte_record(&mut self.record).map_err(FileError::Io)? {
                return Ok(None);
            }
            if !self.record.iter().all(<[u8]>::is_empty) {
                return Ok(Some((self.reader.get_ref().row_line(), self.cells().and_then(make))));
            }
        }
    }

    fn cells(&self) -> Result<[&str; N], FieldErrors> {
        if self.record.len() != self.width {
            let (cells, width) = (counted(self.record.len() as u64, "cell"), self.width);
            let sentence = format!("Has {cells}, not {width}. A cell with a comma in it stands in double quotes.");
            return Err(wrong("row", &sentence));
        }
        let mut errors = FieldErrors::new();
        let mut texts = [""; N];
        for ((text, place), column) in texts.iter_mut().zip(self.places).zip(self.columns) {
            match std::str::from_utf8(place.and_then(|place| self.record.get(place)).unwrap_or_default()) {
                Ok(cell) => *text = unguarded(cell).trim(),
                Err(_) => errors.extend(wrong(column, "Is not UTF-8.")),
            }
        }
        if errors.is_empty() { Ok(texts) } else { Err(errors) }
    }
}

fn places<const N: usize>(
    header: &csv::ByteRecord,
    columns: [&'static str; N],
    required: usize,
) -> Result<[Option<usize>; N], FileError> {
    let mut places = [None; N];
    for (place, cell) in header.iter().enumerate() {
        let name = std::str::from_utf8(cell).map_err(|_| FileError::Header("it is not UTF-8".to_owned()))?;
        let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let Some((_, known)) = columns.iter().zip(&mut places).find(|(column, _)| **column == name) else {
            let shown: String = name.chars().take(60).collect();
            return Err(FileError::Header(format!("{shown:?} is none of {}", columns.join(", "))));
        };
        if known.replace(place).is_some() {
            return Err(FileError::Header(format!("{name:?} is there twice")));
        }
    }
    match columns.iter().zip(places).take(required).find(|(_, place)| place.is_none()) {
        Some((column, _)) => Err(FileError::Header(format!("{column:?} is missing"))),
        None => Ok(places),
    }
}

/// What is wrong with one column.
pub(super) fn wrong(column: &str, sentence: &str) -> FieldErrors {
    FieldErrors::from([(column.to_owned(), vec![sentence.to_owned()])])
}
