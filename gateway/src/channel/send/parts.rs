//! Answers that are longer than one message of a channel may be, in parts.

use events::Source;
use text_splitter::{ChunkConfig, ChunkSizer, TextSplitter};

/// How long one message of the Send API may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    /// Messenger: 2,000 characters. It is not said what a character is, so what counts is what takes most: UTF-16's units.
    Units(usize),
    /// Instagram: 1,000 bytes at most, and less than 1,000 characters.
    Bytes(usize),
}

impl Limit {
    const fn of(source: Source) -> Self {
        match source {
            Source::Instagram => Self::Bytes(999),
            Source::Messenger | Source::Telegram | Source::Unknown => Self::Units(2_000),
        }
    }

    const fn most(self) -> usize {
        match self {
            Self::Units(most) | Self::Bytes(most) => most,
        }
    }
}

impl ChunkSizer for Limit {
    fn size(&self, chunk: &str) -> usize {
        match self {
            Self::Units(_) => chunk.encode_utf16().count(),
            Self::Bytes(_) => chunk.len(),
        }
    }
}

/// A text in parts, each of which the channel takes as one message, in order. They end where a paragraph, a line, a sentence or a word
/// does, whatever leaves a part longest in this order. The same text has always the same parts.
#[must_use]
pub fn of(text: &str, source: Source) -> Vec<String> {
    let limit = Limit::of(source);
    if limit.size(text) <= limit.most() {
        return vec![text.to_owned()];
    }
    let splitter = TextSplitter::new(ChunkConfig::new(limit.most()).with_sizer(limit));
    splitter.chunks(text).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(parts: &[String]) -> Vec<&str> {
        parts.iter().flat_map(|part| part.split_whitespace()).collect()
    }

    #[test]
    fn what_fits_stays_whole() {
        for text in ["Hello", " two\n\nparagraphs ", "x".repeat(2_000).as_str()] {
            assert_eq!(of(text, Source::Messenger), [text]);
        }
        assert_eq!(of(&"x".repeat(999), Source::Instagram).len(), 1);
    }

    #[test]
    fn what_does_not_ends_at_sentences_and_loses_no_word() {
        let sentence = "Your order left the kitchen in Depok at noon, and the courier will ring you. ";
        let text = sentence.repeat(53);
        assert!((4_000..4_096).contains(&text.trim().len()));
        for (source, most) in [(Source::Messenger, 2_000), (Source::Instagram, 999)] {
            let parts = of(text.trim(), source);
            assert!(parts.iter().all(|part| part.len() <= most && part.ends_with("you.")), "{parts:?}");
            assert!(parts.iter().rev().skip(1).all(|part| part.len() > most - sentence.len()), "as few as can be: {parts:?}");
            assert_eq!(words(&parts), text.split_whitespace().collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_sentence_no_word_and_no_plain_letters_are_cut_to_size_all_the_same() {
        let emoji = "👩‍👩‍👧‍👦".repeat(400);
        for text in ["x".repeat(4_096), "ж".repeat(4_096), "好".repeat(4_096), emoji] {
            for source in [Source::Messenger, Source::Instagram] {
                let (parts, limit) = (of(&text, source), Limit::of(source));
                assert!(parts.iter().all(|part| !part.is_empty() && limit.size(part) <= limit.most()));
                assert_eq!(parts.concat(), text);
            }
        }
        let family = of(&"👩‍👩‍👧‍👦".repeat(400), Source::Messenger);
        assert!(family.iter().all(|part| part.starts_with('👩') && part.ends_with('👦')), "families stay together");
    }
}
