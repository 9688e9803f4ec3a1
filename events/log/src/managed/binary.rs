//! The nats-server program: where it is and whether it is new enough.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ManagedError;
use crate::link::LEAST_VERSION;

/// The environment variable that names the program.
const VARIABLE: &str = "KITH_NATS_SERVER";

/// Finds the program and checks its version.
pub(super) fn find(asked: Option<&Path>) -> Result<PathBuf, ManagedError> {
    let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let program = asked.map(Path::to_owned).or(named).unwrap_or_else(|| "nats-server".into());
    let output = Command::new(&program)
        .arg("--version")
        .output()
        .map_err(|error| ManagedError::NoBinary(format!("{}: {error}", program.display())))?;
    let text = String::from_utf8_lossy(&output.stdout);
    // "nats-server: v2.15.1"
    let found = text.rsplit('v').next().unwrap_or_default().trim().to_owned();
    match numbers(&found) {
        Some(version) if Some(version) >= numbers(LEAST_VERSION) => Ok(program),
        Some(_) => Err(ManagedError::TooOld { found, least: LEAST_VERSION }),
        None => Err(ManagedError::NoBinary(format!("{} does not tell a version", program.display()))),
    }
}

/// `2.15.1`, also with `-preview.1` behind.
fn numbers(version: &str) -> Option<(u32, u32, u32)> {
    let mut parts = version.split(['.', '-', '+']).map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers("2.9.10") < numbers(LEAST_VERSION));
        assert!(numbers("2.15.1-RC.1") == numbers(LEAST_VERSION));
        assert!(numbers("10.0.0") > numbers(LEAST_VERSION));
        assert_eq!(numbers("dev"), None);
    }
}
