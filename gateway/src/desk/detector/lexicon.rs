//! Looking words up: which of a message's words say what.

use std::collections::HashMap;

use super::normal::normal;
use super::words::{Concept, Words};

/// What Arabic writes together with the word that follows.
const ARABIC_PREFIXES: [&str; 10] = ["وال", "بال", "فال", "هال", "لل", "ال", "و", "ب", "ل", "ف"];
/// Without its prefix, an Arabic word still has so many letters.
const ARABIC_LEAST: usize = 3;

/// The longest word that is looked up, in bytes.
const LONGEST: usize = 80;

/// A set of concepts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Concepts(u64);

impl Concepts {
    /// The set of these.
    pub const fn of(concepts: &[Concept]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < concepts.len() {
            bits |= 1 << concepts[at] as u8;
            at += 1;
        }
        Self(bits)
    }

    /// Those in either.
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those in both.
    pub const fn among(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Those that are not in the other set.
    pub const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Their numbers, in order.
    pub fn numbers(self) -> impl Iterator<Item = u8> {
        (0..64).filter(move |number| self.0 >> number & 1 == 1)
    }
}

/// A word of a message, and what it says.
#[derive(Debug)]
pub struct Token<'a> {
    /// The word.
    pub word: &'a str,
    /// What it says, alone or as the beginning of a phrase.
    pub says: Concepts,
    /// Whether the lexicon knows it, alone or within a phrase.
    pub known: bool,
}

/// The rest of a phrase whose first word was found, and what the phrase says.
#[derive(Debug)]
struct Phrase {
    rest: Vec<Pattern>,
    says: Concepts,
}

#[derive(Debug)]
enum Pattern {
    Whole(String),
    Beginning(String),
}

impl Pattern {
    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Whole(whole) => whole == word,
            Self::Beginning(beginning) => word.starts_with(beginning.as_str()),
        }
    }
}

/// The words of all languages at once, since people mix them, by the first word of each phrase.
#[derive(Debug, Default)]
pub struct Lexicon {
    wholes: HashMap<String, Vec<Phrase>>,
    beginnings: HashMap<String, Vec<Phrase>>,
    endings: HashMap<String, Vec<Phrase>>,
}

impl Lexicon {
    /// Of these languages.
    pub fn new(languages: &[Words]) -> Self {
        let mut lexicon = Self::default();
        for (concept, entries) in languages.iter().copied().flatten() {
            for entry in entries.split(',').map(str::trim) {
                lexicon.add(entry, *concept);
                let spelled_out = entry.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
                if spelled_out != entry {
                    lexicon.add(&spelled_out, *concept);
                }
            }
        }
        lexicon
    }

    fn add(&mut self, entry: &str, concept: Concept) {
        let mut patterns = entry.split_whitespace().flat_map(patterns);
        let Some(first) = patterns.next() else { return };
        let phrase = || Phrase { rest: Vec::new(), says: Concepts::of(&[concept]) };
        let found = Phrase { rest: patterns.collect(), ..phrase() };
        if entry.starts_with('*') {
            let (Pattern::Whole(ending) | Pattern::Beginning(ending)) = &first;
            self.endings.entry(ending.clone()).or_default().push(phrase());
        }
        match first {
            Pattern::Whole(whole) => self.wholes.entry(whole).or_default().push(found),
            Pattern::Beginning(beginning) => self.beginnings.entry(beginning).or_default().push(found),
        }
    }

    /// The words of a part of a normalized message, and what they say.
    pub fn read<'a>(&self, part: &'a str) -> Vec<Token<'a>> {
        let mut tokens: Vec<Token<'a>> =
            part.split_whitespace().map(|word| Token { word, says: Concepts::default(), known: false }).collect();
        for at in 0..tokens.len() {
            let word = tokens[at].word;
            let mut says = sign(word);
            let mut length = usize::from(!says.is_empty());
            for phrase in self.phrases(word) {
                let follows = |(rest, token): (&Pattern, &Token<'_>)| rest.fits(token.word);
                let after = &tokens[at + 1..];
                if phrase.rest.len() <= after.len() && phrase.rest.iter().zip(after).all(follows) {
                    says = says.and(phrase.says);
                    length = length.max(phrase.rest.len() + 1);
                }
            }
            tokens[at].says = says;
            tokens[at..at + length].iter_mut().for_each(|token| token.known = true);
        }
        tokens
    }

    /// The phrases that begin with a word, in whichever of its forms.
    fn phrases<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a Phrase> {
        forms(word).flat_map(move |form| {
            let ends = form.char_indices().map(|(at, letter)| at + letter.len_utf8());
            let beginnings = ends.filter_map(move |end| self.beginnings.get(&form[..end]));
            let endings = form.char_indices().filter_map(move |(start, _)| self.endings.get(&form[start..]));
            self.wholes.get(form).into_iter().chain(beginnings).chain(endings).flatten()
        })
    }
}

/// One word of an entry, which may become several when it is normalized: "l'un".
fn patterns(word: &str) -> Vec<Pattern> {
    let text = normal(word.trim_matches('*'));
    let mut patterns: Vec<Pattern> = text.split_whitespace().map(|word| Pattern::Whole(word.to_owned())).collect();
    if word.ends_with('*')
        && let Some(Pattern::Whole(last)) = patterns.pop()
    {
        patterns.push(Pattern::Beginning(last));
    }
    patterns
}

/// A word, and an Arabic word also without what is written together with it.
fn forms(word: &str) -> impl Iterator<Item = &str> {
    let word = if word.len() > LONGEST { "" } else { word };
    let is_arabic = word.starts_with(|letter| ('\u{600}'..'\u{700}').contains(&letter));
    let bare = move |prefix: &&str| word.strip_prefix(*prefix).filter(|bare| bare.chars().count() >= ARABIC_LEAST);
    std::iter::once(word).chain(ARABIC_PREFIXES.iter().filter(move |_| is_arabic).filter_map(bare))
}

/// What signs and numbers say.
fn sign(word: &str) -> Concepts {
    match word {
        "?" => Concepts::of(&[Concept::Question]),
        "\"" => Concepts::of(&[Concept::Quoted]),
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => Concepts::of(&[Concept::Count]),
        _ => Concepts::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;

    fn says(text: &str, word: &str) -> Concepts {
        let lexicon = Lexicon::new(&words::ALL);
        lexicon.read(text).into_iter().find(|token| token.word == word).expect("the word").says
    }

    fn is(concepts: Concepts, concept: Concept) -> bool {
        !concepts.among(Concepts::of(&[concept])).is_empty()
    }

    #[test]
    fn every_entry_is_found_again() {
        let lexicon = Lexicon::new(&words::ALL);
        for (concept, entries) in words::ALL.into_iter().flatten() {
            for entry in entries.split(',') {
                let text = normal(&entry.replace('*', ""));
                assert!(!text.is_empty(), "an empty entry of {concept:?}");
                let token = &lexicon.read(&text)[0];
                assert!(is(token.says, *concept), "{entry} does not say {concept:?}");
            }
        }
    }

    #[test]
    fn stars_stand_for_more_letters() {
        assert!(is(says("die vertriebsmitarbeiterin", "vertriebsmitarbeiterin"), Concept::Role));
        assert!(is(says("representatives", "representatives"), Concept::Role));
        assert!(is(says("koennten sie", "koennten"), Concept::May), "umlauts may be spelled out");
        assert!(is(says("والموظفين", "والموظفين"), Concept::Role), "what Arabic writes together is taken apart");
    }

    #[test]
    fn phrases_are_more_than_their_words() {
        let lexicon = Lexicon::new(&words::ALL);
        let tokens = lexicon.read("put me through xyzzy");
        assert!(is(tokens[0].says, Concept::PutThrough));
        assert_eq!(tokens.iter().map(|token| token.known).collect::<Vec<_>>(), [true, true, true, false]);
    }
}
