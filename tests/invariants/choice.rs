//! Deterministic choices.

/// SplitMix64, by Steele, Lea and Flood.
pub(crate) struct Choice(u64);

impl Choice {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// From zero up to, not including, `count`.
    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.word() % count.max(1)
    }

    pub(crate) fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[usize::try_from(self.below(items.len() as u64)).unwrap()]
    }

    /// One of those that fulfil a condition, or of all if none does.
    pub(crate) fn among<T: Copy>(&mut self, items: &[T], fits: impl Fn(&T) -> bool) -> T {
        let fitting: Vec<T> = items.iter().copied().filter(fits).collect();
        if fitting.is_empty() { self.of(items) } else { self.of(&fitting) }
    }

    /// A part of `all`: often all, a single unit, a few, or a number of any length; now and then nothing or too much.
    pub(crate) fn part_of(&mut self, all: u64) -> u64 {
        match self.below(16) {
            0 => all,
            1 => 1,
            2 => self.below(100),
            3 if self.one_in(3) => all.saturating_add(1 + self.below(1_000)),
            4 | 5 => {
                let shift = self.below(40);
                self.below(all >> shift)
            }
            _ => self.below(all),
        }
    }
}
