//! The loss book and the share histories: by hand, and against a ledger in exact rationals that visits every holder at
//! every loss.

use std::collections::BTreeMap;

use backstop_engine::{
    Error,
    history::{Era, FIRST_ROWS, GenerationShares, Holder, Row, TOTAL_LOSS},
    loss_book::{Record, is_minor},
    quantity::{Assets, Shares},
};
use num_traits::{One as _, Zero as _};
use proptest::prelude::*;

use crate::{
    model::{Rational, int, ratio, whole},
    strategies::{any_size, cases, real_amount},
};

const MAX: u64 = u64::MAX;

fn assets(units: u64) -> Assets {
    Assets::new(units)
}

fn shares(count: u64) -> Shares {
    Shares::new(count)
}

/// Which part of a record a side bore, over how many shares of which generation, and how its claims are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Lps,
    Stakers,
}

/// The holders of one side as the program keeps them, and beside them what each of them held, counted plainly at every
/// step.
#[derive(Clone, Debug)]
pub(crate) struct Side<const N: usize> {
    kind: Kind,
    pub(crate) era: Era,
    of: [Holder; N],
    rows: [Vec<Row>; N],
    /// What was claimed of each loss: LPs' amounts, stakers' shares.
    claimed: BTreeMap<(usize, u32), GenerationShares>,
    /// The plain count of stakers' shares that came back of each loss, and that were claimed, as exact parts of those
    /// that are left.
    back: BTreeMap<u32, Rational>,
    given: BTreeMap<(usize, u32), Rational>,
    /// The plain count: shares now, and at each loss.
    held: [u64; N],
    at_loss: BTreeMap<u32, [u64; N]>,
}

impl<const N: usize> Side<N> {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            era: Era::default(),
            of: [Holder::default(); N],
            rows: std::array::from_fn(|_| Vec::new()),
            claimed: BTreeMap::new(),
            back: BTreeMap::new(),
            given: BTreeMap::new(),
            held: [0; N],
            at_loss: BTreeMap::new(),
        }
    }

    pub(crate) fn shares(&self, who: usize) -> u64 {
        self.of[who].now(&self.era).get()
    }

    /// Adds and takes shares.
    pub(crate) fn change(&mut self, who: usize, shares: impl Fn(u64) -> u64) {
        let (now, row) = self.of[who].brought_to(&self.era);
        self.rows[who].extend(row);
        self.of[who] = Holder { shares: Shares::new(shares(now.shares.get())), ..now };
        self.held[who] = shares(self.held[who]);
    }

    /// A loss, with its number if it has a record, that rescaled all shares so often.
    pub(crate) fn lose(&mut self, recorded: Option<(u32, &Record)>, rescalings: u32) {
        if let Some((number, record)) = recorded {
            self.at_loss.insert(number, self.held);
            if !self.borne(record).0.is_zero() {
                self.era.last_loss = number;
            }
        }
        self.era.generation += rescalings;
        for exact in self.back.values_mut().chain(self.given.values_mut()) {
            *exact /= whole(int(1) << (10 * rescalings));
        }
        for held in &mut self.held {
            for _ in 0..rescalings {
                *held /= 1024;
            }
        }
    }

    /// What this side bore of a loss, over how many shares, and its generation.
    fn borne(&self, record: &Record) -> (Assets, Shares, u32) {
        match self.kind {
            Kind::Lps => (record.lps, record.shares, record.generation),
            Kind::Stakers => (record.stakers, record.stake_shares, record.stake_generation),
        }
    }

    /// Shares that come back to stakers.
    pub(crate) fn restored(&mut self, number: u32, shares: Shares) {
        *self.back.entry(number).or_default() += whole(shares.get());
    }

    /// The shares that the program finds one to have had at a loss.
    fn held_at(&self, who: usize, number: u32, record: &Record) -> Shares {
        let rows = &self.rows[who];
        self.of[who].held_at(number, self.borne(record).2, rows.len(), |index| rows.get(index).copied())
    }

    fn claimed(&self, who: usize, number: u32) -> GenerationShares {
        self.claimed.get(&(who, number)).copied().unwrap_or_default()
    }

    /// What one could claim of a loss now: an LP an amount, a staker shares.
    fn claimable(&self, who: usize, number: u32, record: &Record) -> u64 {
        let held = self.held_at(who, number, record);
        let claimed = self.claimed(who, number);
        let claim = match self.kind {
            Kind::Lps => record.lp_claim(held, assets(claimed.shares.get())).map(Assets::get),
            Kind::Stakers => record.stake_claim(held, &claimed, self.era.generation).map(Shares::get),
        };
        match claim {
            Ok(due) => due,
            Err(error) => {
                assert_eq!(error, Error::NothingToClaim);
                0
            }
        }
    }

    /// Claims all of every loss, and says what is paid.
    pub(crate) fn claim(&mut self, who: usize, records: &[Record]) -> u64 {
        let mut paid = 0;
        for (number, record) in (1_u32..).zip(records) {
            let due = self.claimable(who, number, record);
            let generation = if self.kind == Kind::Lps { 0 } else { self.era.generation };
            let before = self.claimed(who, number).at_up(generation).get();
            self.claimed.insert((who, number), GenerationShares { shares: shares(before + due), generation });
            *self.given.entry((who, number)).or_default() += whole(due);
            paid += due;
        }
        paid
    }

    /// All that an LP claimed of a loss, or can.
    fn all_of(&self, who: usize, number: u32, record: &Record) -> u64 {
        self.claimable(who, number, record) + self.claimed(who, number).shares.get()
    }

    /// `claims-follow` and `claims-solvent`.
    pub(crate) fn check(&self, records: &[Record]) {
        for who in 0..N {
            assert_eq!(self.shares(who), self.held[who], "claims-follow: shares of {who} now");
        }
        for (number, record) in (1_u32..).zip(records) {
            let (borne, all, _) = self.borne(record);
            if borne.is_zero() {
                continue;
            }
            for (who, held) in self.at_loss[&number].iter().enumerate() {
                assert_eq!(self.held_at(who, number, record), shares(*held), "claims-follow: {who} at loss {number}");
                if *held == 0 {
                    assert_eq!(
                        self.claimable(who, number, record),
                        0,
                        "no-windfall: {who} had no shares at loss {number}"
                    );
                }
                if self.kind == Kind::Stakers {
                    self.check_stake(who, number, record, &ratio(*held, all.get()));
                }
            }
            if self.kind == Kind::Stakers {
                continue;
            }
            let bore = whole(int(record.lps.get()) + record.stakers.get() + record.protocol.get());
            let back = whole(record.recovered.get()).min(bore.clone());
            let part = back * whole(borne.get()) / bore;
            for (who, held) in self.at_loss[&number].iter().enumerate() {
                let exact = &part * ratio(*held, all.get());
                let has = self.all_of(who, number, record);
                // The side's part is within a unit, and so is the holder's part of it.
                let apart = whole(has) - exact;
                assert!(apart < Rational::one() && apart > whole(-2), "claims-follow: {who} of loss {number}: {apart}");
            }
            let paid = record.parts().unwrap().lps.get();
            let claims: u64 = (0..N).map(|who| self.all_of(who, number, record)).sum();
            assert!(claims <= paid, "claims-solvent: {claims} of {paid}");
            // What is short is rounding, and the part of shares that rescaling left to nobody.
            let present: u64 = self.at_loss[&number].iter().sum();
            if present == all.get() {
                assert!(paid < claims + N as u64, "claims-solvent: {claims} of {paid}");
            }
        }
    }

    /// A staker can claim its part of the shares that came back, as later losses left them, less what it claimed: never
    /// more, and less than one short for each of what is rounded (what came back, its part, what it claimed).
    fn check_stake(&self, who: usize, number: u32, record: &Record, part: &Rational) {
        let [back, given] =
            [self.back.get(&number), self.given.get(&(who, number))].map(|exact| exact.cloned().unwrap_or_default());
        let apart = whole(self.claimable(who, number, record)) + given - back * part;
        assert!(apart <= Rational::zero() && apart > whole(-4), "claims-follow: {who} of loss {number}: {apart}");
    }

    /// What can be claimed of all losses.
    pub(crate) fn unclaimed(&self, records: &[Record]) -> u64 {
        let claims = (1_u32..).zip(records);
        claims.map(|(number, record)| (0..N).map(|who| self.claimable(who, number, record)).sum::<u64>()).sum()
    }

    /// The rows of all histories.
    pub(crate) fn longest(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// 50 borne by LPs over 100 shares, 20 by stakers over 40, 30 by protocol-owned shares, 10 by reserves.
fn record() -> Record {
    Record {
        shares: shares(100),
        stake_shares: shares(40),
        lps: assets(50),
        stakers: assets(20),
        protocol: assets(30),
        reserves: assets(10),
        ..Record::default()
    }
}

#[test]
fn recovery_by_hand() {
    // back: LPs, stakers, protocol-owned shares, reserves. LPs floor(back / 2); stakers floor(2 / 5 of the rest);
    // protocol-owned shares what is left of it.
    let table = [
        (0, [0, 0, 0, 0]),
        (1, [0, 0, 1, 0]),
        (2, [1, 0, 1, 0]),
        (5, [2, 1, 2, 0]),
        (50, [25, 10, 15, 0]),
        (99, [49, 20, 30, 0]),
        (100, [50, 20, 30, 0]),
        (101, [50, 20, 30, 1]),
        (110, [50, 20, 30, 10]),
    ];
    for (back, expected) in table {
        let (parts, after) = record().recover(assets(back)).unwrap();
        let found = [parts.lps, parts.stakers, parts.protocol, parts.reserves].map(Assets::get);
        assert_eq!(found, expected, "waterfall-exact: {back} back");
        assert_eq!(after.unrecovered(), Ok(assets(110 - back)));
    }
    assert_eq!(record().recover(assets(111)), Err(Error::MathOverflow));
    // Where each side were rounded for itself, and protocol-owned shares had the rest, of 1 and 1 the first unit back
    // would be the protocol-owned shares', and the second would have to be paid twice.
    let halves = Record { lps: assets(1), stakers: assets(1), ..Record::default() };
    let (first, halves) = halves.recover(assets(1)).unwrap();
    let (second, _) = halves.recover(assets(1)).unwrap();
    assert_eq!((first.lps.get(), first.stakers.get(), first.protocol.get()), (0, 1, 0), "claims-solvent");
    assert_eq!((second.lps.get(), second.stakers.get(), second.protocol.get()), (1, 0, 0), "claims-solvent");
}

#[test]
fn claims_by_hand() {
    // 31 come back: LPs 15, stakers floor(16 * 2 / 5) = 6. Of 100 shares 33 get 4.95, 67 get 10.05; of 40 stakers' 39
    // get 5.85.
    let (_, record) = record().recover(assets(31)).unwrap();
    assert_eq!(record.lp_claim(shares(33), Assets::ZERO), Ok(assets(4)));
    assert_eq!(record.lp_claim(shares(67), assets(3)), Ok(assets(7)));
    assert_eq!(record.lp_claim(shares(67), assets(10)), Err(Error::NothingToClaim), "claims-follow: never twice");
    // The stakers' came back as 12 shares of generation 3: 39 of 40 get 11.7.
    let of = |shares, generation| GenerationShares { shares: Shares::new(shares), generation };
    let record = Record { back: of(12, 3), ..record };
    assert_eq!(record.stake_claim(shares(39), &of(0, 0), 3), Ok(shares(11)));
    assert_eq!(record.stake_claim(shares(39), &of(9, 3), 3), Ok(shares(2)));
    assert_eq!(record.stake_claim(shares(39), &of(11, 3), 3), Err(Error::NothingToClaim), "claims-follow: never twice");
    assert_eq!(record.stake_claim(Shares::ZERO, &of(0, 0), 3), Err(Error::NothingToClaim), "no-windfall");
    // A later loss divides them with all others: 12,000 became 11, of which 39 of 40 get 10.7. Of 3,000 that were
    // claimed before, 2.9 are left: three.
    let record = Record { back: of(12_000, 3), ..record };
    assert_eq!(record.stake_claim(shares(39), &of(3_000, 3), 4), Ok(shares(7)), "claims-follow");
    assert_eq!(record.stake_claim(shares(39), &of(3_072, 3), 4), Ok(shares(7)));
    assert_eq!(record.stake_claim(shares(39), &of(3_073, 3), 4), Ok(shares(6)));
    assert_eq!(record.stake_claim(shares(39), &of(0, 0), 10), Err(Error::NothingToClaim), "wipe-out");
    assert_eq!([(0, 0, 9), (1, 0, 9), (MAX, 0, 6)].map(|(had, from, to)| of(had, from).at_up(to).get()), [0, 1, 16]);
    // A loss that nobody of a side bore has nothing for it.
    let none = Record::default();
    assert_eq!(none.lp_claim(Shares::ZERO, Assets::ZERO), Err(Error::NothingToClaim));
    assert_eq!(none.stake_claim(Shares::ZERO, &GenerationShares::default(), 0), Err(Error::NothingToClaim));
}

#[test]
fn a_loss_below_a_millionth_of_nav_is_minor() {
    // loss, NAV before
    for (loss, nav, minor) in [
        (0, 0, false),
        (0, 1, true),
        (1, 1_000_000, false),
        (1, 1_000_001, true),
        (9, 9_000_000, false),
        (9, 9_000_001, true),
        (MAX, MAX, false),
        (MAX / 1_000_000, MAX, true),
        (MAX / 1_000_000 + 1, MAX, false),
    ] {
        assert_eq!(is_minor(assets(loss), assets(nav)), minor, "{loss} of {nav}");
    }
}

#[test]
fn history_by_hand() {
    let mut side = Side::<3>::new(Kind::Lps);
    let lose = |side: &mut Side<3>, number: u32, rescalings: u32| {
        let record = Record { lps: assets(10), generation: side.era.generation, ..Record::default() };
        side.lose(Some((number, &record)), rescalings);
    };
    side.change(0, |_| 5_000);
    side.change(1, |_| 1_023);
    lose(&mut side, 1, 0);
    lose(&mut side, 2, 1);
    // 5,000 / 1,024 = 4.9 and 0.999: four and none. Nothing is written until shares change.
    assert_eq!([side.shares(0), side.shares(1)], [4, 0]);
    assert_eq!(side.longest(), 0, "constant-cost");
    side.change(0, |shares| shares + 6);
    assert_eq!(side.rows[0], [Row { shares: shares(5_000), from: 1, to: 2, generation: 0 }]);
    lose(&mut side, 3, 0);
    side.change(0, |shares| shares - 10);
    side.change(0, |shares| shares + 1);
    lose(&mut side, 4, TOTAL_LOSS);
    assert_eq!(side.shares(0), 0, "wipe-out");
    side.change(0, |shares| shares + 7);
    assert_eq!(
        side.rows[0],
        [
            Row { shares: shares(5_000), from: 1, to: 2, generation: 0 },
            Row { shares: shares(10), from: 3, to: 3, generation: 1 },
            Row { shares: shares(1), from: 4, to: 4, generation: 1 },
        ]
    );
    // A newcomer has a row for nothing, and one who holds nothing writes none.
    side.change(2, |_| 9);
    assert_eq!(side.rows[2], []);
    // A part of the losses that this side did not bear writes none either.
    let other = Record { stakers: assets(10), generation: 8, ..Record::default() };
    side.lose(Some((5, &other)), 0);
    side.change(2, |_| 10);
    assert_eq!((side.rows[2].len(), side.era.last_loss), (0, 4));
}

#[test]
fn shares_at_a_loss_are_found_between_and_beyond_rows() {
    // Rows for losses 2 to 4 and 7 to 7, of generations 0 and 1; present shares since 9, of generation 2.
    let rows = [
        Row { shares: shares(9_000), from: 2, to: 4, generation: 0 },
        Row { shares: shares(3_000), from: 7, to: 7, generation: 1 },
    ];
    let holder = Holder { shares: shares(2_048), generation: 2, since: 9 };
    let held = |loss, generation| holder.held_at(loss, generation, rows.len(), |index| rows.get(index).copied()).get();
    assert_eq!([held(1, 0), held(2, 0), held(4, 0), held(4, 1)], [0, 9_000, 9_000, 8]);
    assert_eq!([held(5, 1), held(6, 1), held(7, 1), held(7, 2), held(8, 2), held(9, 2)], [0, 0, 3_000, 2, 0, 0]);
    assert_eq!([held(10, 2), held(u32::MAX, 3), held(10, 9)], [2_048, 2, 0]);
}

#[test]
fn shares_follow_any_number_of_generations() {
    assert_eq!(shares(MAX).rescaled(0, 6), shares(15)); // 2^64 / 2^60 = 16
    assert_eq!(shares(MAX).rescaled(5, 12), Shares::ZERO, "wipe-out");
    assert_eq!(shares(MAX).rescaled(0, u32::MAX), Shares::ZERO, "wipe-out: there is no last generation");
    assert_eq!(shares(7).rescaled(u32::MAX, u32::MAX), shares(7));
}

#[derive(Clone, Copy, Debug)]
enum Move {
    /// Changes the shares of one to so many.
    Hold(usize, u64),
    /// All hold and lose this part of what they have, in ten-thousandths; stakers and protocol-owned shares bear so
    /// much of it besides.
    Lose(u64, u64, u64),
    /// A loss so small that it has no record, which rescales.
    Minor(u32),
    /// So much comes back of the loss that is so far from the last.
    Recover(usize, u64),
    Claim(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => (0_usize..4, prop_oneof![Just(0), real_amount()]).prop_map(|(who, count)| Move::Hold(who, count)),
        3 => (1_u64..=10_000, 0_u64..1_000, 0_u64..1_000)
            .prop_map(|(part, stakers, protocol)| Move::Lose(part, stakers, protocol)),
        1 => (0_u32..3).prop_map(Move::Minor),
        3 => (0_usize..6, real_amount()).prop_map(|(back, paid)| Move::Recover(back, paid)),
        2 => (0_usize..4).prop_map(Move::Claim),
    ];
    prop::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(cases(3_000))]

    /// `claims-follow`, `claims-solvent`, `no-windfall`: whatever shares do between losses, in whatever order claims
    /// are made.
    #[test]
    fn claims_follow(moves in moves()) {
        let mut side = Side::<4>::new(Kind::Lps);
        let mut records: Vec<Record> = Vec::new();
        let (mut back, mut paid) = (0, 0);
        for step in moves {
            match step {
                Move::Hold(who, count) => side.change(who, |_| count),
                Move::Lose(part, stakers, protocol) => {
                    let all: u64 = (0..4).map(|who| side.shares(who)).sum();
                    if all == 0 {
                        continue;
                    }
                    let lost = u64::try_from(u128::from(all) * u128::from(part) / 10_000).unwrap();
                    // One unit a share, before; the engine decides how often a loss rescales.
                    let rescalings = if part == 10_000 { TOTAL_LOSS } else { u32::from(part > 9_990) };
                    let record = Record {
                        shares: shares(all),
                        lps: assets(lost),
                        stakers: assets(stakers),
                        protocol: assets(protocol),
                        generation: side.era.generation,
                        ..Record::default()
                    };
                    records.push(record);
                    let number = u32::try_from(records.len()).unwrap();
                    side.lose(Some((number, &record)), rescalings);
                }
                Move::Minor(rescalings) => side.lose(None, rescalings),
                Move::Recover(which, amount) => {
                    let Some(index) = records.len().checked_sub(which + 1) else { continue };
                    let amount = records[index].unrecovered().unwrap().min(assets(amount));
                    let (parts, after) = records[index].recover(amount).unwrap();
                    records[index] = after;
                    back += parts.lps.get();
                }
                Move::Claim(who) => paid += side.claim(who, &records),
            }
            side.check(&records);
            prop_assert!(paid + side.unclaimed(&records) <= back, "claims-solvent: {} of {}", paid, back);
        }
    }

    /// `claims-follow`: how it came back, and when it was claimed, changes nothing.
    #[test]
    fn the_order_of_payments_changes_nothing(
        (lps, stakers, protocol, reserves) in (real_amount(), real_amount(), real_amount(), real_amount()),
        payments in prop::collection::vec(real_amount(), 1..20), held in any::<u64>(), all in real_amount(),
    ) {
        let start = Record {
            lps: assets(lps),
            stakers: assets(stakers),
            protocol: assets(protocol),
            reserves: assets(reserves),
            shares: shares(all),
            ..Record::default()
        };
        let held = shares(held % (all + 1));
        let (mut record, mut sums, mut claimed) = (start, [0; 4], 0);
        for paid in payments {
            let paid = record.unrecovered().unwrap().min(assets(paid));
            let (parts, after) = record.recover(paid).unwrap();
            for (sum, part) in sums.iter_mut().zip([parts.lps, parts.stakers, parts.protocol, parts.reserves]) {
                *sum += part.get();
            }
            record = after;
            prop_assert_eq!(sums.iter().sum::<u64>(), record.recovered.get(), "waterfall-exact");
            claimed += record.lp_claim(held, assets(claimed)).map_or(0, Assets::get);
        }
        let (whole, _) = start.recover(record.recovered).unwrap();
        prop_assert_eq!(sums, [whole.lps, whole.stakers, whole.protocol, whole.reserves].map(Assets::get));
        prop_assert_eq!(record.lp_claim(held, assets(claimed)), Err(Error::NothingToClaim));
        // Each side is within a unit of its exact part, protocol-owned shares within two.
        let bore = int(lps) + stakers + protocol;
        let back = int(record.recovered.get()).min(bore.clone());
        for (has, side, most) in [(sums[0], lps, 1), (sums[1], stakers, 1), (sums[2], protocol, 2)] {
            let apart = crate::model::whole(has) - ratio(back.clone() * side, bore.clone());
            prop_assert!(
                apart > crate::model::whole(-1) && apart < crate::model::whole(most),
                "waterfall-exact: {}",
                apart
            );
        }
    }

    /// `constant-cost`: a look-up in a history takes its logarithm.
    #[test]
    fn a_look_up_is_logarithmic(rows in 0_u32..5_000, loss in 0_u32..12_000) {
        let row = |index: usize| Row {
            shares: shares(1),
            from: 2 * index as u32 + 1,
            to: 2 * index as u32 + 1,
            generation: 0,
        };
        let looks = std::cell::Cell::new(0_u32);
        let holder = Holder { shares: shares(1), generation: 0, since: 2 * rows };
        let held = holder.held_at(loss, 0, rows as usize, |index| {
            looks.set(looks.get() + 1);
            (index < rows as usize).then(|| row(index))
        });
        prop_assert_eq!(held.get(), u64::from(loss > 2 * rows || loss % 2 == 1));
        prop_assert!(looks.get() <= (rows + 1).ilog2() + 2, "constant-cost: {} looks at {} rows", looks.get(), rows);
        prop_assert!(rows > FIRST_ROWS || looks.get() <= 5, "constant-cost");
    }

    #[test]
    fn nothing_panics(
        sizes in (any_size(), any_size(), any_size(), any_size()),
        (recovered, held, all) in (any_size(), any_size(), any_size()),
        claimed in any_size(), (own, since, last) in (any::<u32>(), any::<u32>(), any::<u32>()),
    ) {
        let record = Record {
            lps: assets(sizes.0),
            stakers: assets(sizes.1),
            protocol: assets(sizes.2),
            reserves: assets(sizes.3),
            recovered: assets(recovered),
            shares: shares(all),
            stake_shares: shares(all),
            ..Record::default()
        };
        let _ = (record.parts(), record.recover(assets(claimed)), record.lp_claim(shares(held), assets(claimed)));
        let of = |shares, generation| GenerationShares { shares: Shares::new(shares), generation };
        let _ = Record { back: of(recovered, own), ..record }.stake_claim(shares(held), &of(claimed, since), last);
        let holder = Holder { shares: shares(held), generation: own, since };
        let _ = holder.brought_to(&Era { generation: last, last_loss: last });
        let _ = holder.held_at(last, own, usize::MAX, |_| None);
    }
}
