//! The guard against formulas: a spreadsheet runs a cell that starts with one of a few characters, so such a cell gets a `'`.
//!
//! Phone numbers start with `+`, so this happens to honest cells too; reading a file takes the `'` away again. Cells that
//! already start with `'` and go on like that get another one, so that every text survives the round trip.

use std::borrow::Cow;

/// Whether a cell, after any number of `'`, starts with a character that makes it a formula.
fn is_risky(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\0'])
}

/// The cell as it can be opened in a spreadsheet.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if is_risky(cell) { format!("'{cell}").into() } else { cell.into() }
}

/// The cell as it was before it was guarded.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        Some(_) | None => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risky_cells_are_guarded_and_come_back() {
        for cell in ["=1+1", "+62 811", "-5", "@here", "\tx", "\rx", "\0x", "'=1", "''+1"] {
            let guarded = guarded(cell);
            assert!(guarded.starts_with('\''), "{cell:?}");
            assert_eq!(unguarded(&guarded), cell);
        }
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        for cell in ["", "Jane", "'quoted'", "O'Neil", "a=b", "'"] {
            assert_eq!(guarded(cell), cell);
            assert_eq!(unguarded(cell), cell);
        }
    }
}
