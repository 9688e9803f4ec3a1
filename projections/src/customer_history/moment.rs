//! Places in the log, as tables that hold the events of several partitions name them.

use events::Position;
use events::subject::Partition;

/// How many bits of a moment are the position.
const POSITION_BITS: u32 = 48;
/// How many bits of a moment tell places within a block apart: a block has 1,024 positions.
const BLOCK_BITS: u32 = 10;

/// The place of a commit: its partition and its position in one number. Moments of a partition stand in the order of their
/// positions, and no two commits have the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// After everything that ever happens: where what is valid now ends.
    pub const OPEN: Self = Self(i64::MAX);

    /// The moment of a position. `START` is before everything.
    #[must_use]
    pub fn of(partition: Partition, position: Position) -> Self {
        let high = i64::from(partition.0 & 0x7FFF) << POSITION_BITS;
        Self(high | i64::try_from(position.0).unwrap_or(i64::MAX).min((1 << POSITION_BITS) - 1))
    }

    /// The number of the block that it is in.
    #[must_use]
    pub const fn block(self) -> i64 {
        self.0 >> BLOCK_BITS
    }

    /// The first moment behind its block.
    #[must_use]
    pub const fn block_end(self) -> Self {
        Self((self.block() + 1) << BLOCK_BITS)
    }

    /// The first moment of its block.
    #[must_use]
    pub const fn block_start(self) -> Self {
        Self(self.block() << BLOCK_BITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_partitions_are_apart_and_in_order() {
        let of = |partition, position| Moment::of(Partition(partition), Position(position));
        assert_eq!(of(0, 7), Moment(7));
        assert!(of(0, u64::MAX) < of(1, 0) && of(1, 0) < of(1, 1));
        assert!(of(u16::MAX, u64::MAX) <= Moment::OPEN);
        assert_eq!((of(0, 1_023).block(), of(0, 1_024).block()), (0, 1));
        assert_eq!(of(0, 2_000).block_start(), Moment(1_024));
    }
}
