//! What the subscriptions of a socket are called: as the client likes, or by numbers.

use crate::problem::{Kind, Problem};

/// The most subscriptions of one socket.
pub const MOST_SUBSCRIPTIONS: usize = 20;

/// The names that a socket gives.
#[derive(Debug, Default)]
pub struct Names {
    /// The last number that became a name.
    last: u64,
}

impl Names {
    /// The name of one more subscription: what the client calls it, or the next number that is free; `taken` are those that are there.
    ///
    /// # Errors
    /// The problem when the client has a subscription of this name, or too many.
    pub fn next<'a>(
        &mut self,
        wanted: Option<String>,
        taken: impl ExactSizeIterator<Item = &'a str> + Clone,
    ) -> Result<String, Problem> {
        let wrong = |sentence: String| Problem::field(Kind::InvalidParameter, "subscription", sentence);
        let is_taken = |name: &str| taken.clone().any(|other| other == name);
        if taken.len() >= MOST_SUBSCRIPTIONS {
            return Err(wrong(format!("A socket has at most {MOST_SUBSCRIPTIONS} subscriptions.")));
        }
        match wanted {
            Some(name) if is_taken(&name) => Err(wrong("You have a subscription of this name already.".to_owned())),
            Some(name) => Ok(name),
            None => Ok(self.number(is_taken)),
        }
    }

    fn number(&mut self, is_taken: impl Fn(&str) -> bool) -> String {
        loop {
            self.last += 1;
            let name = self.last.to_string();
            if !is_taken(&name) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_client_s_or_a_number_that_is_free() {
        let mut names = Names::default();
        let mut next = |wanted: Option<&str>, taken: &[&str]| {
            names.next(wanted.map(str::to_owned), taken.iter().copied()).map_err(|problem| problem.sentence().to_owned())
        };
        assert_eq!(next(Some("mine"), &[]).as_deref(), Ok("mine"));
        assert_eq!(next(None, &["mine"]).as_deref(), Ok("1"));
        assert_eq!(next(None, &["mine", "1", "2"]).as_deref(), Ok("3"));
        assert_eq!(next(None, &[]).as_deref(), Ok("4"), "a number is given once");
        assert!(next(Some("mine"), &["mine"]).is_err_and(|sentence| sentence.contains("already")));
        assert!(next(None, &["x"; MOST_SUBSCRIPTIONS]).is_err_and(|sentence| sentence.contains("at most 20")));
    }
}
