//! Channels, and who somebody is there (spec 000, "Customer List Response").

use serde::{Deserialize, Serialize};

use crate::define::define_names;

define_names! {
    /// The channel that a customer, a page or a conversation is of.
    #[derive(Default)]
    Source("source") {
        /// Telegram.
        Telegram = "telegram",
        /// Instagram.
        Instagram = "instagram",
        /// Facebook Messenger.
        Messenger = "messenger",
        /// None that Kith knows: entered by hand, imported, or another program's.
        #[default]
        Unknown = "unknown",
    }
}

/// What a channel tells about a person. Text that is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The channel.
    pub source: Source,
    /// Who they are in the channel. Together with the channel it is one customer's in the tenant.
    pub source_id: String,
    /// The name that they chose there.
    pub username: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address of a picture of them.
    pub profile_picture: String,
}

impl Contact {
    /// The name to call them by: first and last name, else the user name, else the id in the channel.
    #[must_use]
    pub fn full_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        let candidates = [name.trim(), &self.username, &self.source_id];
        candidates.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned()
    }

    /// First and last name: the channel's, or where it told none the first word of the name that the tenant wrote down and the
    /// rest of it.
    #[must_use]
    pub fn names<'a>(&'a self, name: &'a str) -> (&'a str, &'a str) {
        if !self.first_name.is_empty() || !self.last_name.is_empty() {
            return (&self.first_name, &self.last_name);
        }
        let name = name.trim();
        name.split_once(char::is_whitespace).map_or((name, ""), |(first, rest)| (first, rest.trim_start()))
    }

    /// The contact with every text put through a function.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self {
            source: self.source,
            source_id: change(&self.source_id),
            username: change(&self.username),
            first_name: change(&self.first_name),
            last_name: change(&self.last_name),
            profile_picture: change(&self.profile_picture),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(first: &str, last: &str, username: &str) -> Contact {
        let [first_name, last_name, username] = [first, last, username].map(str::to_owned);
        Contact { source: Source::Telegram, source_id: "42".into(), username, first_name, last_name, ..Contact::default() }
    }

    #[test]
    fn somebody_is_called_by_what_is_known_best() {
        assert_eq!(contact("John", "Doe", "jd").full_name(), "John Doe");
        assert_eq!(contact("", "Doe", "jd").full_name(), "Doe");
        assert_eq!(contact("", "", "jd").full_name(), "jd");
        assert_eq!(contact("", "", "").full_name(), "42");
    }

    #[test]
    fn a_name_that_was_written_down_is_a_first_word_and_the_rest() {
        assert_eq!(contact("John", "", "").names("Mr Somebody Else"), ("John", ""));
        assert_eq!(contact("", "", "").names(" Anna Maria  Silva "), ("Anna", "Maria  Silva"));
        assert_eq!(contact("", "", "").names("Cher"), ("Cher", ""));
        assert_eq!(contact("", "", "").names(""), ("", ""));
    }
}
