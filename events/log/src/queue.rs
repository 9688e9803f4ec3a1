//! The queue before the appender: what may go out together, and in which order.

use std::collections::{HashSet, VecDeque};

/// Something that waits, with the keys of the subjects that it writes.
pub(crate) trait Keyed {
    /// One key for each of its messages, all different.
    fn keys(&self) -> impl Iterator<Item = u64>;
}

/// What waits, and which subjects are being written.
pub(crate) struct Queue<T> {
    waiting: VecDeque<T>,
    /// The messages of what waits.
    messages: usize,
    /// Subjects of what is under way: what comes later on one of them waits, so that the order of a subject is kept.
    busy: HashSet<u64>,
}

impl<T: Keyed> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { waiting: VecDeque::new(), messages: 0, busy: HashSet::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether something waits that has several messages.
    pub(crate) fn any_with_several(&self) -> bool {
        self.messages > self.waiting.len()
    }

    pub(crate) fn push(&mut self, item: T) {
        self.messages += item.keys().count();
        self.waiting.push_back(item);
    }

    /// Takes what can go out together: no subject twice, none that is under way, none that something earlier waits for,
    /// and at most so many messages (one item alone may have more).
    pub(crate) fn choose(&mut self, most: usize) -> Vec<T> {
        let mut chosen = Vec::new();
        let mut left = VecDeque::new();
        let mut taken = HashSet::new();
        let mut messages = 0;
        while let Some(item) = self.waiting.pop_front() {
            let size = item.keys().count();
            let fits = messages == 0 || messages + size <= most;
            let free = item.keys().all(|key| !self.busy.contains(&key) && !taken.contains(&key));
            taken.extend(item.keys());
            if fits && free {
                messages += size;
                chosen.push(item);
                continue;
            }
            left.push_back(item);
            if !fits {
                break;
            }
        }
        left.append(&mut self.waiting);
        self.waiting = left;
        self.messages -= messages;
        chosen
    }

    /// Puts back, in front, what was chosen and does not go out yet; it was chosen before anything that waits on its subjects.
    pub(crate) fn put_back(&mut self, items: Vec<T>) {
        for item in items.into_iter().rev() {
            self.messages += item.keys().count();
            self.waiting.push_front(item);
        }
    }

    /// Notes that something goes out; gives its keys for when it has landed.
    pub(crate) fn depart(&mut self, items: &[T]) -> Vec<u64> {
        let keys: Vec<u64> = items.iter().flat_map(Keyed::keys).collect();
        self.busy.extend(&keys);
        keys
    }

    /// Sets subjects free again.
    pub(crate) fn land(&mut self, keys: &[u64]) {
        for key in keys {
            self.busy.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    struct Item {
        number: usize,
        keys: Vec<u64>,
    }

    impl Keyed for Item {
        fn keys(&self) -> impl Iterator<Item = u64> {
            self.keys.iter().copied()
        }
    }

    /// What happens next: something arrives, goes out, goes out in part, or lands.
    #[derive(Debug, Clone)]
    enum Step {
        Arrive(Vec<u64>),
        Go { at_most: usize },
        Land(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => proptest::collection::hash_set(0_u64..12, 1..4).prop_map(|keys| Step::Arrive(keys.into_iter().collect())),
            2 => (0_usize..6).prop_map(|at_most| Step::Go { at_most }),
            2 => (0_usize..4).prop_map(Step::Land),
        ]
    }

    proptest! {
        #[test]
        fn no_subject_is_written_twice_at_once_and_each_keeps_its_order(steps in proptest::collection::vec(step(), 1..80)) {
            let mut queue = Queue::new();
            let (mut arrived, mut departed): (Vec<Item>, Vec<Item>) = (Vec::new(), Vec::new());
            let mut under_way: Vec<Vec<u64>> = Vec::new();
            let drain = std::iter::repeat_n([Step::Land(0), Step::Go { at_most: 5 }], 200).flatten();
            for step in steps.into_iter().chain(drain) {
                match step {
                    Step::Arrive(keys) => {
                        let item = Item { number: arrived.len(), keys };
                        arrived.push(item.clone());
                        queue.push(item);
                    }
                    Step::Go { at_most } => {
                        let mut chosen = queue.choose(5);
                        let messages: usize = chosen.iter().map(|it| it.keys.len()).sum();
                        prop_assert!(messages <= 5 || chosen.len() == 1);
                        let back = chosen.split_off(at_most.min(chosen.len()));
                        queue.put_back(back);
                        if !chosen.is_empty() {
                            let keys = queue.depart(&chosen);
                            let all = under_way.iter().flatten().chain(&keys);
                            prop_assert_eq!(all.clone().count(), all.collect::<HashSet<_>>().len());
                            under_way.push(keys);
                            departed.extend(chosen);
                        }
                    }
                    Step::Land(index) if index < under_way.len() => queue.land(&under_way.remove(index)),
                    Step::Land(_) => {}
                }
            }
            prop_assert_eq!((queue.len(), queue.messages), (0, 0));
            prop_assert_eq!(departed.len(), arrived.len());
            for key in 0..12 {
                let order: Vec<usize> = departed.iter().filter(|it| it.keys.contains(&key)).map(|it| it.number).collect();
                prop_assert!(order.is_sorted(), "subject {}: {:?}", key, order);
            }
        }
    }
}
