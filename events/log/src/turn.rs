//! Where the log turns from what was recorded by a time to what was recorded later: which few positions to look at, one after
//! another. No I/O.
//!
//! Times grow along the log but for commits that were stored late, so a few looks find the place: outwards from a guess in steps
//! that double, then always in the middle.

/// How many messages one look takes in. Several, so that single commits of another clock lead nowhere.
pub(crate) const FEW: usize = 16;
/// The same, as positions are counted.
const STEP: u64 = FEW as u64;

/// What a look saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A commit that was recorded by the time: the last one there.
    By(u64),
    /// Only commits that were recorded later, the first one here.
    Later(u64),
    /// No commit at all from there to where later ones are known to be.
    Nothing,
}

/// What is known so far.
#[derive(Debug)]
pub(crate) struct Turn {
    guess: u64,
    end: u64,
    /// The last commit that was seen to be recorded by the time; 0 where none was.
    by: u64,
    /// No commit that was seen from here on was recorded by the time; behind the end where none was seen.
    later: u64,
    /// The first commit that was seen from there on.
    witness: u64,
    /// How far the next step outwards goes. The first look is no step.
    step: u64,
}

impl Turn {
    /// Nothing is known but that it is likely near `guess`, and that nothing is asked about what is behind `end`.
    pub(crate) const fn new(guess: u64, end: u64) -> Self {
        let behind = end.saturating_add(1);
        Self { guess, end, by: 0, later: behind, witness: behind, step: STEP / 2 }
    }

    /// The positions to look at next: from the first one on, as far as need be to see a commit, and before the second one. `None`
    /// when the place is known but for a few positions.
    pub(crate) fn next(&self) -> Option<(u64, u64)> {
        if self.later - self.by <= STEP {
            return None;
        }
        let from = match (self.by > 0, self.later <= self.end) {
            (false, false) => self.guess.saturating_sub(STEP - 1),
            (true, false) => self.by.saturating_add(self.step),
            (false, true) => self.later.saturating_sub(self.step),
            (true, true) => self.by + (self.later - self.by) / 2,
        };
        Some((from.clamp(self.by + 1, self.later - 1), self.later))
    }

    /// Takes in what was seen from a position on.
    pub(crate) const fn saw(&mut self, from: u64, seen: Seen) {
        match seen {
            Seen::By(position) => self.by = position,
            Seen::Later(first) => (self.later, self.witness) = (from, first),
            Seen::Nothing => self.later = from,
        }
        self.step = self.step.saturating_mul(2);
    }

    /// The last commit that was seen to be recorded by the time; 0 where none was.
    pub(crate) const fn by(&self) -> u64 {
        self.by
    }

    /// The last position that can have been recorded by the time, when a commit is stored behind at most `late` positions that
    /// were recorded later.
    pub(crate) fn last(&self, late: u64) -> u64 {
        self.witness.saturating_add(late).min(self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A log: at each position a commit with its time, or something else.
    type Times = Vec<Option<u32>>;

    /// Growing times of commits that were stored late by some positions each, with claims between them.
    fn times() -> impl Strategy<Value = Times> {
        let commit = (0..3_u32, 0..40_usize, prop_oneof![3 => Just(0_usize), 1 => 0..50_usize]);
        proptest::collection::vec(commit, 0..1_500).prop_map(|commits| {
            let mut time = 0;
            let mut stored = Vec::new();
            for (at, (ticks, late, claims)) in commits.into_iter().enumerate() {
                time += ticks;
                stored.push((at + late, time, claims));
            }
            stored.sort_by_key(|(at, _, _)| *at);
            let with_claims = |(_, time, claims)| std::iter::once(Some(time)).chain(std::iter::repeat_n(None, claims));
            stored.into_iter().flat_map(with_claims).collect()
        })
    }

    fn at(times: &Times, position: u64) -> Option<u32> {
        times[usize::try_from(position - 1).expect("a position")]
    }

    /// By how many positions the latest commit is late.
    fn latest(times: &Times) -> u64 {
        let mut latest = 0;
        let mut highest: Vec<(u32, usize)> = Vec::new();
        for (index, time) in times.iter().enumerate().filter_map(|(index, time)| Some((index, (*time)?))) {
            if let Some((_, first)) = highest.get(highest.partition_point(|(higher, _)| *higher <= time)) {
                latest = latest.max(index - first);
            }
            if highest.last().is_none_or(|(higher, _)| *higher < time) {
                highest.push((time, index));
            }
        }
        latest as u64
    }

    /// As the log looks: a few messages, and on where no commit is among them.
    fn look(times: &Times, time: u32, (from, before): (u64, u64)) -> Seen {
        let mut first = None;
        let mut seen = from;
        while seen < before && (first.is_none() || seen < from + STEP) {
            let upto = (seen + STEP).min(before);
            let commits = (seen..upto).filter_map(|position| Some((position, at(times, position)?)));
            if let Some((position, _)) = commits.clone().rfind(|(_, recorded)| *recorded <= time) {
                return Seen::By(position);
            }
            first = first.or(commits.map(|(position, _)| position).next());
            seen = upto;
        }
        first.map_or(Seen::Nothing, Seen::Later)
    }

    proptest! {
        #[test]
        fn what_was_recorded_by_a_time_is_never_behind_the_last_position(
            times in times(), time in 0_u32..3_000, guess in 0_u64..1_500, cut in 0_u64..1_500,
        ) {
            let end = (times.len() as u64).saturating_sub(cut % 7);
            let mut turn = Turn::new(guess.min(end), end);
            let mut looks = 0;
            while let Some((from, before)) = turn.next() {
                prop_assert!(turn.by() < from && from < before && before <= end + 1);
                turn.saw(from, look(&times, time, (from, before)));
                looks += 1;
            }
            prop_assert!(looks <= 2 * u64::BITS - 2 * end.leading_zeros(), "{} looks at {} positions", looks, end);
            let wanted = (1..=end).rev().find(|position| at(&times, *position).is_some_and(|recorded| recorded <= time));
            let wanted = wanted.unwrap_or(0);
            prop_assert!(turn.by() <= wanted && wanted <= turn.last(latest(&times)), "{} in {:?}", wanted, turn);
        }
    }

    #[test]
    fn near_the_guess_two_looks_are_enough() {
        let mut turn = Turn::new(50_000, 90_000);
        assert_eq!(turn.next(), Some((49_985, 90_001)));
        turn.saw(49_985, Seen::By(49_999));
        assert_eq!(turn.next(), Some((50_015, 90_001)));
        turn.saw(50_015, Seen::Later(50_015));
        assert_eq!(turn.next(), None);
        assert_eq!((turn.by(), turn.last(100), turn.last(u64::MAX)), (49_999, 50_115, 90_000));
    }
}
