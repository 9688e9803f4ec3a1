//! Where the password of a new user comes from.

use std::io::{BufRead, IsTerminal, stdin};

use super::CliError;

/// From `KITH_PASSWORD`, else typed unseen at a terminal, else the first line of standard input.
pub fn read() -> Result<String, CliError> {
    if let Ok(password) = std::env::var("KITH_PASSWORD") {
        return Ok(password);
    }
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().lock().read_line(&mut line).map_err(CliError::Terminal)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let terminal = console::Term::stderr();
    let typed = ask(&terminal, "Password: ")?;
    if typed == ask(&terminal, "The same again: ")? { Ok(typed) } else { Err(CliError::PasswordsDiffer) }
}

fn ask(terminal: &console::Term, question: &str) -> Result<String, CliError> {
    terminal.write_str(question).and_then(|()| terminal.read_secure_line()).map_err(CliError::Terminal)
}
