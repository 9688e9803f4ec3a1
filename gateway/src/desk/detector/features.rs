//! What of a message the model sees: its words, and above all what they say, in which order, and what stands beside it.

use std::collections::HashSet;

use super::lexicon::{Concepts, Lexicon, Token};
use super::normal::{BREAK, normal};
use super::words::Concept;

/// So many words after "not", what is said is denied.
const DENIED: usize = 3;
/// Concepts there can be.
const MOST: usize = 64;

/// Those who could help.
const HELPERS: Concepts = Concepts::of(&[Concept::Human, Concept::Someone, Concept::Role, Concept::Desk]);
const NO: Concepts = Concepts::of(&[Concept::Not, Concept::Nobody]);
const FILLER: Concepts = Concepts::of(&[Concept::Filler]);

/// One thing that is true of a message. Concepts go by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Feature {
    /// Of every message.
    Any,
    /// It has a word.
    Word(String),
    /// A word says something.
    Says(u8),
    /// A word says something, soon after a "no".
    Denied(u8),
    /// Within one part of the message, a later word says the second.
    Then(u8, u8),
    /// It says both, anywhere.
    Both(u8, u8),
    /// So many unknown words stand in one part with what is said.
    Strangers(u8, u8),
    /// A part with what is said has so many words.
    Among(u8, u8),
    /// A part with or without helpers has so many unknown words.
    Strange(bool, u8),
    /// It has about so many words.
    Length(u8),
}

/// The features of a message, each once.
pub fn features(lexicon: &Lexicon, message: &str) -> Vec<Feature> {
    let text = normal(message);
    let mut found = Found { features: vec![Feature::Any], ..Found::default() };
    for part in text.split(BREAK) {
        let tokens = lexicon.read(part);
        if !tokens.is_empty() {
            found.part(&tokens);
        }
    }
    found.finish()
}

#[derive(Default)]
struct Found {
    features: Vec<Feature>,
    words: usize,
    says: Concepts,
    denied: Concepts,
    /// By what is said, what is said after it in the same part.
    then: Vec<Concepts>,
}

impl Found {
    fn part(&mut self, tokens: &[Token<'_>]) {
        self.words += tokens.len();
        self.then.resize(MOST, Concepts::default());
        let mut before = Concepts::default();
        for (at, token) in tokens.iter().enumerate() {
            self.features.push(Feature::Word(token.word.to_owned()));
            before.numbers().for_each(|first| {
                let then = &mut self.then[usize::from(first)];
                *then = then.and(token.says);
            });
            before = before.and(token.says.without(FILLER));
            let near = &tokens[at.saturating_sub(DENIED)..at];
            if near.iter().any(|token| !token.says.among(NO).is_empty()) {
                self.denied = self.denied.and(token.says);
            }
        }
        self.says = tokens.iter().fold(self.says, |says, token| says.and(token.says));
        self.around(tokens);
    }

    /// How much else stands around those who could help.
    fn around(&mut self, tokens: &[Token<'_>]) {
        let helpers = tokens.iter().fold(Concepts::default(), |says, token| says.and(token.says)).among(HELPERS);
        let unknown = tokens.iter().filter(|token| !token.known).count();
        let telling = |token: &&Token<'_>| token.says.among(FILLER).is_empty() || !token.says.among(HELPERS).is_empty();
        let telling = tokens.iter().filter(telling).count();
        for helper in helpers.numbers() {
            self.features.push(Feature::Strangers(helper, at_most(unknown, 3)));
            self.features.push(Feature::Among(helper, at_most(telling, 6)));
        }
        self.features.push(Feature::Strange(!helpers.is_empty(), at_most(unknown, 4)));
    }

    fn finish(mut self) -> Vec<Feature> {
        self.features.extend(self.says.numbers().map(Feature::Says));
        self.features.extend(self.denied.numbers().map(Feature::Denied));
        for (first, then) in (0_u8..).zip(&self.then) {
            self.features.extend(then.numbers().map(|second| Feature::Then(first, second)));
        }
        let says = self.says.without(FILLER);
        for first in says.numbers() {
            self.features.extend(says.numbers().filter(|second| *second > first).map(|second| Feature::Both(first, second)));
        }
        self.features.push(Feature::Length(match self.words {
            0..=1 => 0,
            2 => 1,
            3..=4 => 2,
            5..=8 => 3,
            9..=15 => 4,
            _ => 5,
        }));
        let mut seen = HashSet::with_capacity(self.features.len());
        self.features.retain(|feature| seen.insert(feature.clone()));
        self.features
    }
}

fn at_most(count: usize, most: u8) -> u8 {
    u8::try_from(count).map_or(most, |count| count.min(most))
}
