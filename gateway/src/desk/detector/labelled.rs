//! The labelled messages: what the local detector learns from, and what it is judged by.
//!
//! A message is labelled as asking for a person when its sender asks, directly or indirectly, that a human being (an agent, a
//! manager, "someone") take over, answer or call from now on. Everything else is not: also mere mentions of people, "are you a bot?", and
//! requests that are denied, past, settled, quoted, or only for later.

/// What the local detector learns from. Whoever meets a message that it gets wrong adds it here.
pub const DEVELOPMENT: &str = include_str!("labelled/development.tsv");

/// One labelled message.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// Two letters: `en`, `es`, `de`, `fr`, `id`, `ar`.
    pub language: &'a str,
    /// Whether it asks for a person.
    pub asks: bool,
    /// What it says.
    pub message: &'a str,
}

/// The messages of a file: language, label (1 or 0) and message, between tabs; the first line tells the rule. Lines of another shape are passed
/// over, and a test finds that there are none.
pub fn messages(file: &str) -> impl Iterator<Item = Labelled<'_>> {
    file.lines().skip(1).filter_map(message)
}

fn message(line: &str) -> Option<Labelled<'_>> {
    let mut columns = line.splitn(3, '\t');
    let (language, label, message) = (columns.next()?, columns.next()?, columns.next()?);
    let asks = match label {
        "1" => true,
        "0" => false,
        _ => return None,
    };
    Some(Labelled { language, asks, message })
}
