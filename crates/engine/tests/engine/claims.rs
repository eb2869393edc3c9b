//! The claim ledger: by hand, at its extremes, and against a ledger in exact rationals that visits every holder.

use backstop_engine::{
    claims::{End, GENERATIONS, Holder, Ledger, VOID},
    quantity::{Assets, Shares},
};
use num_traits::{One as _, ToPrimitive as _, Zero as _};
use proptest::prelude::*;

use crate::{
    given::{any_size, cases, real_amount},
    model::{self, Rational, down, int, ratio, whole},
};

const MAX: u64 = u64::MAX;
/// One with 96 and with 63 fractional bits.
const PER_SHARE: u128 = 1 << 96;
const CONSTANT: u128 = 1 << 63;

fn assets(units: u64) -> Assets {
    Assets::new(units)
}

/// A holder that was there from the beginning.
fn early(shares: u64) -> Holder {
    Holder { shares: Shares::new(shares), ..Holder::default() }
}

/// A holder that comes now.
fn late(shares: u64, ledger: &Ledger) -> Holder {
    Holder { shares: Shares::new(shares), generation: ledger.generation, seen: ledger.mark(), ..Holder::default() }
}

/// Where no generation has ended.
fn none_ended(generation: u32) -> End {
    panic!("generation {generation} has not ended")
}

fn lose(ledger: &Ledger, loss: u64, shares: u64) -> Ledger {
    ledger.write_down(assets(loss), Shares::new(shares))
}

fn recover(ledger: &Ledger, paid: u64) -> Ledger {
    let (taken, ledger) = ledger.recover(assets(paid));
    assert_eq!(taken, assets(paid));
    ledger
}

/// What a holder can claim after settling, and what it has not got back.
fn claims(holder: &Holder, ledger: &Ledger) -> (u64, u64) {
    let settled = holder.settle(ledger, none_ended);
    (settled.payable(ledger).get(), settled.unrecovered(ledger).get())
}

#[test]
fn ledger_by_hand() {
    // Thirty over a hundred shares: 0.3 a share, rounded up in A; at P = 1 the same in E, rounded down.
    let ledger = lose(&Ledger::empty(), 30, 100);
    let third_of_nine = 3 * PER_SHARE / 10 + 1;
    assert_eq!((ledger.loss_per_share, ledger.claims_per_share), (third_of_nine, third_of_nine));
    assert_eq!((ledger.claims, ledger.outstanding), (30 * CONSTANT, assets(30)));

    // Ten of it: T stays, P = 20/30, so a unit lost from now on is 3/2 constant shares.
    let ledger = recover(&ledger, 10);
    assert_eq!((ledger.claims, ledger.outstanding, ledger.payable), (30 * CONSTANT, assets(20), assets(10)));
    assert_eq!((ledger.scale, ledger.epoch), (0, 0));
    assert_eq!(ledger.loss_per_share, third_of_nine);

    // Another fifteen: P = 5/30, below a half. Constant shares become quarters: T = 7.5 for C = 5, again 3/2.
    let ledger = recover(&ledger, 15);
    assert_eq!((ledger.claims, ledger.outstanding, ledger.payable), (15 * CONSTANT / 2, assets(5), assets(25)));
    assert_eq!((ledger.scale, ledger.claims_per_share), (2, third_of_nine / 4));

    // Ten more are lost by fifty shares: 0.2 a share, which is 0.3 constant ones, and fifteen for all.
    let before = ledger;
    let ledger = lose(&ledger, 10, 50);
    let fifth = PER_SHARE / 5 + 1;
    assert_eq!(ledger.loss_per_share, third_of_nine + fifth);
    // The rate is one of 2^-63, rounded down for each holder and up for all.
    let (each, all) = (ledger.claims_per_share - before.claims_per_share, 45 * CONSTANT / 2);
    assert!(each <= fifth * 3 / 2 && each > fifth * 3 / 2 - (1 << 34), "{each}");
    assert!(ledger.claims >= all && ledger.claims <= all + 10, "{}", ledger.claims);
    assert_eq!((ledger.outstanding, ledger.scale, ledger.payable), (assets(15), 2, assets(25)));

    // All of it, and a hundred that nobody here is owed: a new epoch.
    let (taken, ledger) = ledger.recover(assets(115));
    assert_eq!((taken, ledger.outstanding, ledger.payable), (assets(15), Assets::ZERO, assets(40)));
    assert_eq!((ledger.claims, ledger.claims_per_share, ledger.rate), (0, 0, Ledger::empty().rate));
    assert_eq!((ledger.epoch, ledger.scale, ledger.loss_per_share), (1, 0, third_of_nine + fifth));
    // Nothing is owed any more: nothing is taken, and the epoch stays.
    assert_eq!(ledger.recover(assets(7)), (Assets::ZERO, ledger));
    assert_eq!(Ledger::empty().recover(assets(7)), (Assets::ZERO, Ledger::empty()));
}

#[test]
fn holders_by_hand() {
    // A hundred shares lose 30; alice has 60 of them, bob 40.
    let (alice, bob) = (early(60), early(40));
    let ledger = lose(&Ledger::empty(), 30, 100);
    assert_eq!((claims(&alice, &ledger), claims(&bob, &ledger)), ((0, 18), (0, 12)), "claims-fair");
    // Ten are recovered: 6 and 4.
    let ledger = recover(&ledger, 10);
    assert_eq!((claims(&alice, &ledger), claims(&bob, &ledger)), ((6, 12), (4, 8)), "claims-fair");
    // Bob leaves, carol comes with 90 shares. What she did not lose is not hers.
    let bob = Holder { shares: Shares::ZERO, ..bob.settle(&ledger, none_ended) };
    let carol = late(90, &ledger);
    assert_eq!((claims(&bob, &ledger), claims(&carol, &ledger)), ((4, 8), (0, 0)), "claims-fair");
    // Ten more are recovered, half of what is owed: 6 and 4 again.
    let ledger = recover(&ledger, 10);
    assert_eq!((claims(&alice, &ledger), claims(&bob, &ledger)), ((12, 6), (8, 4)), "claims-fair");
    assert_eq!(claims(&carol, &ledger), (0, 0), "claims-fair: a newcomer gets nothing");
    // Alice and carol, 150 shares, lose 50: 20 and 30. Owed are 26, 4 and 30; of 60, 30 are recovered.
    let ledger = recover(&lose(&ledger, 50, 150), 30);
    assert_eq!((claims(&alice, &ledger), claims(&bob, &ledger)), ((25, 13), (10, 2)), "claims-fair");
    assert_eq!(claims(&carol, &ledger), (15, 15), "claims-fair");

    // Alice claims all she can, twice; the rest is there for the others.
    let paid = alice.settle(&ledger, none_ended).claim(&ledger);
    assert_eq!((paid.assets, paid.ledger.payable), (assets(25), assets(25)));
    assert_eq!(claims(&paid.holder, &paid.ledger), (0, 13));
    let nothing = paid.holder.claim(&paid.ledger);
    assert_eq!((nothing.assets, nothing.holder, nothing.ledger), (Assets::ZERO, paid.holder, paid.ledger));
    assert_eq!((claims(&bob, &paid.ledger), claims(&carol, &paid.ledger)), ((10, 2), (15, 15)));
    // The rest comes back: everyone has all.
    let ledger = recover(&paid.ledger, 30);
    assert_eq!((claims(&paid.holder, &ledger), claims(&bob, &ledger)), ((13, 0), (12, 0)), "claims-fair");
    assert_eq!(claims(&carol, &ledger), (30, 0), "claims-fair");
}

#[test]
fn whole_units_are_paid_down() {
    // Three of equal shares lose ten, and eight come back: 2.67 each, so two; two units stay for whom more is recovered.
    let ledger = recover(&lose(&Ledger::empty(), 10, 3), 8);
    let three = [early(1), early(1), early(1)];
    for holder in three {
        assert_eq!(claims(&holder, &ledger), (2, 1), "claims-solvent"); // 3.33 - 2.67 = 0.67, rounded up
    }
    // All ten: 3.33 each.
    let ledger = recover(&ledger, 2);
    for holder in three {
        assert_eq!(claims(&holder, &ledger), (3, 0), "claims-solvent");
    }
}

#[test]
fn thirds_come_out_whole() {
    // 2^64 - 1 is three times 6,148,914,691,236,517,205: neither a third of the loss per share nor of what comes back is a
    // number of bits, and the last unit is paid all the same.
    let third = MAX / 3;
    let ledger = lose(&Ledger::empty(), third, MAX);
    let ledger = recover(&ledger, third / 5);
    for shares in [3, 15, third, MAX] {
        // A third of a unit a share, a fifth of it back.
        assert_eq!(claims(&early(shares), &ledger).0, shares / 15, "claims-fair: {shares} shares");
    }
}

#[test]
fn what_exact_fractions_pay_is_paid() {
    // Bob loses 10 tokens of six decimals and four come back: 6 are owed, and P = 6/10 is no number of bits. Carol loses 6; of the 12
    // owed then, 6 come back: 3 for each, and bob has 7 in all.
    const TOKEN: u64 = 1_000_000;
    let (bob, ledger) = (early(TOKEN), recover(&lose(&Ledger::empty(), 10 * TOKEN, TOKEN), 4 * TOKEN));
    let bob = Holder { shares: Shares::ZERO, ..bob.settle(&ledger, none_ended) };
    let carol = late(TOKEN, &ledger);
    let ledger = recover(&lose(&ledger, 6 * TOKEN, TOKEN), 6 * TOKEN);
    let got = (claims(&bob, &ledger).0, claims(&carol, &ledger).0);
    assert_eq!(got, (7 * TOKEN, 3 * TOKEN), "claims-fair: exact results are exact");
}

#[test]
fn exact_results_survive_shifts() {
    // Two lose w each, the second with 2^63 shares; all but 2^20 come back, so forty bits are shifted out, and each has 2^19 left. The
    // last bits of E differ from one w to the next.
    for odd in (1_u64..64).step_by(2) {
        let lost = (1 << 59) + odd * 32;
        let early_shares = 3 * (1 << 57) + odd;
        let ledger = lose(&Ledger::empty(), lost, early_shares);
        let first = Holder { shares: Shares::ZERO, ..early(early_shares).settle(&ledger, none_ended) };
        let second = late(1 << 63, &ledger);
        let ledger = recover(&lose(&ledger, lost, 1 << 63), 2 * lost - (1 << 20));
        assert_eq!(ledger.scale, 40);
        let left = 1 << 19;
        assert_eq!(
            (claims(&first, &ledger).0, claims(&second, &ledger).0),
            (lost - left, lost - left),
            "claims-fair: {odd}"
        );
    }
}

#[test]
fn settling_is_known() {
    let ledger = lose(&Ledger::empty(), 7, 100);
    let holder = early(10);
    assert!(holder.is_settled(&Ledger::empty()) && !holder.is_settled(&ledger));
    let holder = holder.settle(&ledger, none_ended);
    assert!(holder.is_settled(&ledger));
    // Again changes nothing.
    assert_eq!(holder.settle(&ledger, none_ended), holder);
    // A recovery that shifts, one that ends the epoch, and a generation's end have to be settled.
    for next in [recover(&ledger, 6), recover(&ledger, 7), ledger.end_generation(VOID).1] {
        assert!(!holder.is_settled(&next), "{next:?}");
        let end = End { mark: ledger.mark(), shift: VOID };
        assert!(holder.settle(&next, |_| end).is_settled(&next));
    }
    // One that only pays changes nothing about holders.
    assert!(holder.is_settled(&recover(&ledger, 1)));
}

#[test]
fn void_shares_keep_their_claims() {
    // Ten shares of a hundred, worth a unit each, lose all.
    let ledger = lose(&Ledger::empty(), 100, 100);
    let (end, next) = ledger.end_generation(VOID);
    assert_eq!((end.shift, end.mark, next.generation), (VOID, ledger.mark(), 1));
    assert_eq!((next.loss_per_share, next.claims_per_share, next.outstanding), (0, 0, assets(100)));
    let ledger = next;
    let old = early(10);
    // New shares lose fifty before the old holder wakes up.
    let ledger = recover(&lose(&ledger, 50, 500), 75);
    let old = old.settle(&ledger, |_| end);
    assert_eq!((old.shares, old.generation), (Shares::ZERO, 1), "wipe-out: old shares are void");
    // Half of 150 came back: half of the ten it lost, and nothing of the losses of others.
    assert_eq!((old.payable(&ledger), old.unrecovered(&ledger)), (assets(5), assets(5)), "wipe-out: old claims stay");
    // Another full loss and recovery leaves it with what it lost.
    let ledger = recover(&ledger, 75);
    let (_, ledger) = lose(&ledger, 9, 9).end_generation(VOID);
    let ledger = recover(&ledger, 9);
    assert_eq!(old.settle(&ledger, |_| End::default()).payable(&ledger), assets(10), "wipe-out: old claims stay");
}

#[test]
fn divided_shares_lose_on() {
    // 1,000 shares lose a unit each, and are divided by four: 250, of which one who had 103 keeps 25.
    let ledger = lose(&Ledger::empty(), 1_000, 1_000);
    let (end, ledger) = ledger.end_generation(2);
    let ledger = recover(&lose(&ledger, 500, 250), 1_500);
    let holder = early(103).settle(&ledger, |_| end);
    assert_eq!((holder.shares, holder.generation), (Shares::new(25), 1));
    // 103 of the first loss and 50 of the second.
    assert_eq!(holder.payable(&ledger), assets(153), "claims-fair");
}

#[test]
fn sixteen_generations_and_no_more() {
    let mut ledger = Ledger::empty();
    let mut ends = Vec::new();
    let sleeper = early(5);
    for generation in 0..GENERATIONS {
        assert_eq!((ledger.generation, ledger.is_closed()), (generation, false), "wipe-out");
        assert_eq!(ledger.may_renew(), generation < 15, "wipe-out: {generation}");
        let shares = 10 + u64::from(generation);
        let (end, next) = lose(&ledger, 2 * shares, shares).end_generation(VOID);
        ends.push(end);
        ledger = next;
    }
    assert!(ledger.is_closed() && !ledger.may_renew(), "wipe-out: after the last nobody enters");
    assert_eq!((ledger.generation, GENERATIONS), (16, 16));
    // 2 * (10 + ... + 25) = 560 were lost, of which the sleeper bore 10. All of it can still be recovered and claimed.
    let ledger = recover(&ledger, 280);
    let settled = sleeper.settle(&ledger, |generation| ends[generation as usize]);
    assert_eq!((settled.shares, settled.generation), (Shares::ZERO, 16), "wipe-out");
    assert_eq!((settled.payable(&ledger), settled.unrecovered(&ledger)), (assets(5), assets(5)), "wipe-out");
    let ledger = recover(&ledger, 280);
    assert_eq!(settled.settle(&ledger, none_ended).payable(&ledger), assets(10), "wipe-out");
}

#[test]
fn nobody_is_left_to_claim() {
    // A loss that no shares bear is nobody's claim.
    assert_eq!(lose(&Ledger::empty(), 9, 0), Ledger::empty(), "claims-alive");
    // All leave before anything is recovered: it waits for them.
    let ledger = lose(&Ledger::empty(), 9, 3);
    let gone = Holder { shares: Shares::ZERO, ..early(3).settle(&ledger, none_ended) };
    let ledger = lose(&recover(&ledger, 4), 100, 0);
    assert_eq!(claims(&gone, &ledger), (4, 5), "claims-alive");
    // And a new holder's loss stands beside theirs: 5 of 5 + 5 are 2.5 for each.
    let new = late(1, &ledger);
    let ledger = recover(&lose(&ledger, 5, 1), 5);
    assert_eq!((claims(&gone, &ledger), claims(&new, &ledger)), ((6, 3), (2, 3)), "claims-alive");
    let ledger = recover(&ledger, 5);
    assert_eq!((claims(&gone, &ledger), claims(&new, &ledger)), ((9, 0), (5, 0)), "claims-alive");
}

#[test]
fn losses_of_one_unit() {
    // A unit is lost by 2^64 - 2 shares, a thousand times, with a recovery of one between.
    let (all, mine) = (MAX - 1, MAX / 3);
    let mut ledger = Ledger::empty();
    for _ in 0..1_000 {
        ledger = recover(&lose(&lose(&ledger, 1, all), 1, all), 1);
    }
    let (payable, unrecovered) = claims(&early(mine), &ledger);
    // A third of 1,000 units came back, a third is owed: 333.33 rounded down, and up.
    assert_eq!((payable, unrecovered), (333, 334), "claims-alive");
    // What is owed is rounded up, and 2,000 losses of one unit were rounded up by less than 2^-32 each.
    let (payable, unrecovered) = claims(&early(all), &ledger);
    assert!(payable == 1_000 && (1_000..=1_001).contains(&unrecovered), "claims-alive: {unrecovered}");
}

#[test]
fn everything_of_one_share_and_of_all_shares() {
    // All that can be lost by one share: 2^31 - 1 units; by 2^64 - 1 shares: 2^64 - 1 units.
    for (loss, shares) in [((1 << 31) - 1, 1), (MAX, MAX), (MAX, 1 << 33)] {
        let ledger = lose(&Ledger::empty(), loss, shares);
        assert_eq!(claims(&early(shares), &ledger), (0, loss), "claims-alive: {loss} of {shares}");
        for back in [1, loss / 2, loss - 1, loss] {
            let ledger = recover(&ledger, back);
            assert_eq!(claims(&early(shares), &ledger), (back, loss - back), "claims-alive: {back} of {loss}");
        }
    }
}

#[test]
fn the_largest_losses_take_nothing_from_the_pot() {
    // Two of three units are back, and wait for the first holder, when others lose 3 * 2^62: nothing of that is back.
    let ledger = recover(&lose(&Ledger::empty(), 3, 1 << 40), 2);
    let first = Holder { shares: Shares::ZERO, ..early(1 << 40).settle(&ledger, none_ended) };
    let others = late(1 << 40, &ledger);
    let ledger = lose(&ledger, 3 << 62, 1 << 40);
    assert_eq!((claims(&first, &ledger).0, claims(&others, &ledger).0), (2, 0), "claims-solvent");
}

#[test]
fn what_does_not_fit_has_no_claim() {
    // 2^32 units a share do not fit; the ledger goes on as if they had not been lost.
    assert_eq!(lose(&Ledger::empty(), 1 << 32, 1), Ledger::empty(), "claims-alive");
    assert_eq!(lose(&Ledger::empty(), MAX, 1 << 31), Ledger::empty(), "claims-alive");
    // Nor do 2^64 units outstanding.
    let full = lose(&Ledger::empty(), MAX, MAX);
    assert_eq!(lose(&full, 1, MAX), full, "claims-alive");
    let almost = recover(&full, 1);
    assert_eq!(lose(&almost, 1, MAX).outstanding, assets(MAX), "claims-alive");
    // What is recovered and not claimed is counted in 64 bits: more is left to those who are next.
    let waiting = lose(&recover(&full, MAX - 3), 10, MAX);
    let (taken, ledger) = waiting.recover(assets(13));
    assert_eq!((taken, ledger.payable, ledger.outstanding), (assets(3), assets(MAX), assets(10)), "claims-alive");
    assert_eq!(ledger.recover(assets(13)), (Assets::ZERO, ledger), "claims-alive");
}

#[test]
fn losses_of_one_generation_leave_room_for_the_next() {
    // One share loses 2^31 - 1 units and is void, and so does the next. Others start anew at one to one, and lose all of it twice.
    let (_, ledger) = lose(&Ledger::empty(), (1 << 31) - 1, 1).end_generation(VOID);
    let (_, ledger) = lose(&ledger, (1 << 31) - 1, 1).end_generation(VOID);
    let ledger = recover(&ledger, (1 << 32) - 2);
    let next = late(1_000_000, &ledger);
    let ledger = lose(&lose(&ledger, 1_000_000, 1_000_000), 1_000_000, 1_000_000);
    assert_eq!(claims(&next, &ledger), (0, 2_000_000), "claims-alive: the first shares left no room for later ones");
}

/// So many holders act, of which the last never settles but when it must; one more stands for shares that a division of all
/// shares rounded away.
const HOLDERS: usize = 5;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// New shares.
    Join(usize, u64),
    /// This part of its shares is burned, in ten-thousandths.
    Leave(usize, u64),
    /// This part of the shares of one becomes another's.
    Transfer(usize, usize, u64),
    Lose(u64),
    /// A loss that ends the generation.
    WipeOut(u64),
    /// All shares are divided by this power of two.
    Divide(u32),
    /// This part of what is owed comes back, in ten-thousandths, or all but so many units, or more than all.
    Recover(u64),
    AllBut(u64),
    MoreThanAll,
    Claim(usize),
    Settle(usize),
}

fn history(amount: impl Strategy<Value = u64> + 'static) -> impl Strategy<Value = Vec<Step>> {
    let amount = amount.boxed();
    let who = || 0..HOLDERS;
    let awake = || 0..HOLDERS - 1;
    let part = || prop_oneof![1_u64..=10_000, Just(10_000)];
    let step = prop_oneof![
        6 => (who(), amount.clone()).prop_map(|(who, shares)| Step::Join(who, shares)),
        2 => (awake(), part()).prop_map(|(who, part)| Step::Leave(who, part)),
        2 => (awake(), who(), part()).prop_map(|(from, to, part)| Step::Transfer(from, to, part)),
        8 => amount.clone().prop_map(Step::Lose),
        1 => amount.prop_map(Step::WipeOut),
        1 => (1_u32..20).prop_map(Step::Divide),
        4 => part().prop_map(Step::Recover),
        2 => (1_u64..4).prop_map(Step::AllBut),
        1 => Just(Step::MoreThanAll),
        3 => awake().prop_map(Step::Claim),
        1 => awake().prop_map(Step::Settle),
    ];
    (0_u64..1_000_000, prop::collection::vec(step, 1..40)).prop_map(|(first, steps)| {
        [0, HOLDERS - 1].map(|who| Step::Join(who, first + 1)).into_iter().chain(steps).collect()
    })
}

/// The ledger that visits every holder: each has a list of what it has not got back of every loss.
#[derive(Clone, Debug, Default)]
struct Visited {
    shares: [u64; HOLDERS + 1],
    unrecovered: [Vec<Rational>; HOLDERS + 1],
    recovered: [Rational; HOLDERS + 1],
    outstanding: u64,
    /// What was recovered in all.
    back: u128,
    /// How far from exact the engine may be before it rounds to whole units, as `docs/math.md` derives it.
    bound: Rational,
}

impl Visited {
    fn total(&self) -> u64 {
        self.shares.iter().sum()
    }

    /// Every share loses the same.
    fn lose(&mut self, loss: u64) {
        let total = self.total();
        for (shares, unrecovered) in self.shares.iter().zip(&mut self.unrecovered) {
            unrecovered.push(ratio(int(loss) * *shares, total));
        }
        self.bound += ratio(1, int(1) << 30);
        self.outstanding += loss;
    }

    /// Every loss of every holder gets back the same part of what is missing.
    fn recover(&mut self, paid: u64) {
        let left = ratio(self.outstanding - paid, self.outstanding);
        for (unrecovered, recovered) in self.unrecovered.iter_mut().zip(&mut self.recovered) {
            for loss in unrecovered.iter_mut().filter(|loss| !loss.is_zero()) {
                let after = &*loss * &left;
                *recovered += &*loss - &after;
                *loss = after;
            }
            unrecovered.retain(|loss| !loss.is_zero());
        }
        self.bound += ratio(1, int(1) << 30);
        self.outstanding -= paid;
        self.back += u128::from(paid);
    }

    fn owed(&self, who: usize) -> Rational {
        self.unrecovered[who].iter().sum()
    }
}

/// The engine's ledger with its holders.
#[derive(Clone, Debug)]
struct Kept {
    ledger: Ledger,
    ends: Vec<End>,
    holders: [Holder; HOLDERS],
    paid: [u128; HOLDERS],
    /// Whether everyone settles after every step.
    eager: bool,
}

impl Kept {
    fn new(eager: bool) -> Self {
        let nobody = [Holder::default(); HOLDERS];
        Self { ledger: Ledger::empty(), ends: Vec::new(), holders: nobody, paid: [0; HOLDERS], eager }
    }

    fn settled(&self, who: usize) -> Holder {
        self.holders[who].settle(&self.ledger, |generation| self.ends[generation as usize])
    }

    fn settle_all(&mut self) {
        self.holders = std::array::from_fn(|who| self.settled(who));
    }

    fn set_shares(&mut self, who: usize, shares: u64) {
        self.holders[who] = Holder { shares: Shares::new(shares), ..self.settled(who) };
    }

    fn end_generation(&mut self, shift: u32) {
        let (end, ledger) = self.ledger.end_generation(shift);
        self.ends.push(end);
        self.ledger = ledger;
    }

    fn claim(&mut self, who: usize) {
        let claim = self.settled(who).claim(&self.ledger);
        (self.holders[who], self.ledger) = (claim.holder, claim.ledger);
        self.paid[who] += u128::from(claim.assets.get());
    }

    /// What a holder was paid and can claim.
    fn got(&self, who: usize) -> u128 {
        self.paid[who] + u128::from(self.settled(who).payable(&self.ledger).get())
    }

    fn waiting(&self) -> u128 {
        (0..HOLDERS).map(|who| u128::from(self.settled(who).payable(&self.ledger).get())).sum()
    }

    /// `claims-solvent`, `claims-fair` and `claims-alive` against the ledger that visits every holder.
    fn check(&self, exact: &Visited) -> Result<(), TestCaseError> {
        let ledger = &self.ledger;
        prop_assert_eq!(ledger.outstanding.get(), exact.outstanding, "claims-solvent: outstanding");
        prop_assert_eq!(
            u128::from(ledger.payable.get()) + self.paid.iter().sum::<u128>(),
            exact.back,
            "claims-solvent: the pot"
        );
        let mut short = whole(exact.back);
        for who in 0..HOLDERS {
            let (got, right) = (self.got(who), &exact.recovered[who]);
            let (least, most) = (down(right), down(&(right + &exact.bound)));
            prop_assert!(
                least <= int(got) && int(got) <= most,
                "claims-fair: {} got {} instead of {}",
                who,
                got,
                right
            );
            let owed = exact.owed(who);
            let told = self.settled(who).unrecovered(ledger).get();
            let (least, most) = (model::up(&(&owed - &exact.bound)), model::up(&(&owed + &exact.bound)));
            prop_assert!(least <= int(told) && int(told) <= most, "claims-fair: {} is owed {} not {}", who, owed, told);
            prop_assert_eq!(self.settled(who).shares.get(), exact.shares[who], "wipe-out: shares of {}", who);
            // At most a billionth of it is lost to rounding, beyond the one unit.
            let billionth = right / whole(1_000_000_000);
            prop_assert!(whole(got) + whole(1) + billionth >= *right, "claims-alive: {} got {} of {}", who, got, right);
            short -= whole(got);
        }
        // What nobody gets is less than a unit for each, and what the shares that were rounded away would have got.
        short -= &exact.recovered[HOLDERS];
        prop_assert!(short < whole(HOLDERS), "claims-solvent: short by {}", short);
        Ok(())
    }
}

/// Runs a history in both ledgers.
fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut exact = Visited::default();
    let mut both = [Kept::new(false), Kept::new(true)];
    for (count, step) in steps.iter().enumerate() {
        take(*step, &mut exact, &mut both)?;
        for kept in &mut both {
            if kept.eager {
                kept.settle_all();
            }
            let (ledger, waiting) = (&kept.ledger, kept.waiting());
            prop_assert!(
                waiting <= u128::from(ledger.payable.get()),
                "claims-solvent: {} wait after {:?}",
                waiting,
                step
            );
            prop_assert!(ledger.rate >= Ledger::empty().rate, "claims-alive: no loss counts less than itself");
            let least = u128::from(ledger.outstanding.get()) << 63;
            prop_assert!(ledger.claims >= least, "claims-alive: no part of claims is above one");
        }
        if count % 8 == 7 || count + 1 == steps.len() {
            both[0].check(&exact)?;
            both[1].check(&exact)?;
        }
        let [lazy, eager] = &both;
        for who in 0..HOLDERS {
            prop_assert!(
                lazy.got(who).abs_diff(eager.got(who)) <= 1,
                "claims-fair: the times of settling count for {}",
                who
            );
        }
    }
    // All comes back, and everyone claims it.
    take(Step::MoreThanAll, &mut exact, &mut both)?;
    for kept in &mut both {
        kept.check(&exact)?;
        for who in 0..HOLDERS {
            kept.claim(who);
        }
        kept.check(&exact)?;
    }
    Ok(())
}

fn take(step: Step, exact: &mut Visited, both: &mut [Kept; 2]) -> Result<(), TestCaseError> {
    let part_of = |shares: u64, part: u64| u64::try_from(u128::from(shares) * u128::from(part) / 10_000).unwrap();
    let set_shares = |exact: &mut Visited, both: &mut [Kept; 2], who: usize, shares: u64| {
        exact.shares[who] = shares;
        both.iter_mut().for_each(|kept| kept.set_shares(who, shares));
    };
    match step {
        Step::Join(who, shares) => {
            if exact.total().checked_add(shares).is_some_and(|total| total < MAX) {
                let shares = exact.shares[who] + shares;
                set_shares(exact, both, who, shares);
            }
        }
        Step::Leave(who, part) => {
            let shares = exact.shares[who] - part_of(exact.shares[who], part);
            set_shares(exact, both, who, shares);
        }
        Step::Transfer(from, to, part) => {
            let moved = part_of(exact.shares[from], part);
            let left = exact.shares[from] - moved;
            set_shares(exact, both, from, left);
            let shares = exact.shares[to] + moved;
            set_shares(exact, both, to, shares);
        }
        Step::Lose(loss) => {
            let total = exact.total();
            // What does not fit has a test of its own.
            let waiting = u128::from(both[0].ledger.payable.get());
            let fits = waiting + u128::from(exact.outstanding) + u128::from(loss) < 1 << 64;
            let room = both[0].ledger.loss_per_share >> 126 == 0 && u128::from(loss) < u128::from(total) << 30;
            if loss > 0 && fits && room {
                exact.lose(loss);
                both.iter_mut().for_each(|kept| kept.ledger = lose(&kept.ledger, loss, total));
            }
        }
        Step::WipeOut(loss) => {
            if both[0].ledger.may_renew() && exact.total() > 0 {
                take(Step::Lose(loss), exact, both)?;
                exact.shares = [0; HOLDERS + 1];
                both.iter_mut().for_each(|kept| kept.end_generation(VOID));
            }
        }
        Step::Divide(shift) => {
            if both[0].ledger.may_renew() {
                let total = exact.total() >> shift;
                exact.shares = exact.shares.map(|shares| shares >> shift);
                exact.shares[HOLDERS] = 0;
                exact.shares[HOLDERS] = total - exact.total();
                both.iter_mut().for_each(|kept| kept.end_generation(shift));
            }
        }
        Step::Recover(part) => pay(part_of(exact.outstanding, part), 0, exact, both)?,
        Step::AllBut(left) => pay(exact.outstanding.saturating_sub(left), 0, exact, both)?,
        Step::MoreThanAll => pay(exact.outstanding, 5, exact, both)?,
        Step::Claim(who) => both.iter_mut().for_each(|kept| kept.claim(who)),
        Step::Settle(who) => both.iter_mut().for_each(|kept| kept.holders[who] = kept.settled(who)),
    }
    Ok(())
}

/// Pays so much towards what is owed, and offers some more.
fn pay(paid: u64, more: u64, exact: &mut Visited, both: &mut [Kept; 2]) -> Result<(), TestCaseError> {
    for kept in both {
        let (taken, ledger) = kept.ledger.recover(assets(paid.saturating_add(more)));
        prop_assert_eq!(taken.get(), paid, "claims-solvent: a ledger takes what is owed");
        let full = paid == exact.outstanding && paid > 0;
        prop_assert_eq!(ledger.epoch, kept.ledger.epoch + u32::from(full), "claims-alive: all back is a new epoch");
        kept.ledger = ledger;
    }
    if paid > 0 {
        exact.recover(paid);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1_500))]

    /// `claims-solvent`, `claims-fair` and `claims-alive` with amounts that a pool may see.
    #[test]
    fn agrees_with_a_ledger_that_visits_every_holder(steps in history(real_amount())) {
        run(&steps)?;
    }

    /// The same with few units among few shares, where every unit counts.
    #[test]
    fn agrees_in_small_numbers(steps in history(prop_oneof![1_u64..=6, 1_u64..=200])) {
        run(&steps)?;
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// The same with amounts and shares of any size.
    #[test]
    fn agrees_at_any_size(steps in history(any_size())) {
        run(&steps)?;
    }

    /// `u * C / T`, two divisions of three words by two, against numbers of any size.
    #[test]
    fn unrecovered_is_exact(
        words in [any_word(), any_word(), any_word(), any_word()], outstanding in any_word(), more in 1_u64..1_000,
    ) {
        let [claims, all] = [0, 2].map(|at| u128::from(words[at]) << 64 | u128::from(words[at + 1]));
        let ledger = Ledger {
            claims: claims.max(all), outstanding: assets(outstanding), payable: assets(MAX), ..Ledger::empty()
        };
        let holder = Holder { claims: claims.min(all), ..Holder::default() };
        // u * C / T in 2^-64.
        let exact = if ledger.claims == 0 {
            Rational::zero()
        } else {
            ratio((int(holder.claims) * outstanding) << 64, ledger.claims)
        };
        let unit = int(1) << 64;
        if model::down(&exact) >= int(outstanding) << 64 {
            // Nobody else has any: all that is owed.
            prop_assert_eq!(holder.unrecovered(&ledger).get(), outstanding);
        }
        let bits = down(&exact).to_u128().unwrap();
        prop_assert_eq!(int(holder.unrecovered(&ledger).get()), model::up(&ratio(bits, unit)));
        // With a nominal claim of so many units more, or a bit less than that, every bit counts.
        if let Some(nominal) = bits.checked_add(u128::from(more) << 64) {
            prop_assert_eq!(Holder { nominal, ..holder }.payable(&ledger).get(), more);
            prop_assert_eq!(Holder { nominal: nominal - 1, ..holder }.payable(&ledger).get(), more - 1);
        }
        prop_assert_eq!(Holder { nominal: bits, ..holder }.payable(&ledger), Assets::ZERO);
        // Never more than the pot.
        let poor = Ledger { payable: assets(more), ..ledger };
        let all = down(&ratio(int(u128::MAX) - bits, int(1) << 64)).min(int(more));
        prop_assert_eq!(int(Holder { nominal: u128::MAX, ..holder }.payable(&poor).get()), all);
    }

    /// Nothing that a holder's memory holds can stop the ledger.
    #[test]
    fn nothing_panics(
        high in [any_word(), any_word(), any_word(), any_word(), any_word()],
        (epoch, scale, shift) in (0_u32..3, any::<u32>(), any::<u32>()), amounts in [any_word(), any_word(), any_word()],
    ) {
        let bits = |at: usize| u128::from(high[at]) << 64 | u128::from(high[(at + 1) % 5]);
        let [loss, shares, paid] = amounts;
        let ledger = Ledger {
            loss_per_share: bits(0), claims_per_share: bits(1), claims: bits(2), outstanding: assets(high[3]), payable: assets(high[4]),
            epoch, scale, generation: 1, ..Ledger::empty()
        };
        let seen = Ledger { loss_per_share: bits(3), claims_per_share: bits(4), scale: shift, epoch: 1, ..ledger }.mark();
        let holder = Holder { shares: Shares::new(shares), generation: 0, seen, nominal: bits(1), claims: bits(0) };
        let lost = lose(&ledger, loss, shares);
        let (_, back) = lost.recover(assets(paid));
        for ledger in [ledger, lost, back] {
            let settled = holder.settle(&ledger, |_| End { mark: seen, shift: shift % 70 });
            let _ = (settled.claim(&ledger), settled.unrecovered(&ledger), ledger.end_generation(shift));
        }
    }
}

/// A word whose products and quotients are hard: ends, powers, and anything between.
fn any_word() -> impl Strategy<Value = u64> {
    prop_oneof![any_size(), (0_u32..64).prop_map(|bit| (1 << bit) - 1), Just(1 << 63), Just((1 << 63) + 1)]
}

/// `claims-alive`: everything is lost, all but one unit comes back, again and again, and one holder sleeps through it.
fn near_total_recoveries(times: usize, left: u64, loss: u64) {
    let mut steps =
        vec![Step::Join(0, MAX / 2), Step::Join(1, MAX / 3), Step::Join(2, 1), Step::Join(HOLDERS - 1, 1 << 40)];
    for _ in 0..times {
        steps.extend([Step::Lose(loss), Step::AllBut(left), Step::Claim(0), Step::Claim(1), Step::Claim(2)]);
    }
    run(&steps).unwrap();
}

#[test]
fn three_near_total_recoveries() {
    for left in 1..=3 {
        near_total_recoveries(3, left, MAX - 1_000_000_000_000_000_000);
    }
}

#[test]
fn fifty_near_total_recoveries() {
    near_total_recoveries(50, 1, MAX / 4 * 3);
    // With one share for each unit: fifty times 64 bits, less a few, are shifted out.
    let mut ledger = Ledger::empty();
    let sleeper = early(1);
    for _ in 0..50 {
        ledger = lose(&ledger, MAX - ledger.outstanding.get(), MAX);
        ledger = recover(&ledger, MAX - 1);
        ledger = early(MAX).settle(&ledger, none_ended).claim(&Ledger { payable: assets(MAX - 1), ..ledger }).ledger;
        ledger.payable = Assets::ZERO;
    }
    assert!(ledger.scale > 3_000 && ledger.outstanding == assets(1), "claims-alive");
    assert!(ledger.claims >= CONSTANT && ledger.rate >= Ledger::empty().rate, "claims-alive");
    // One share of 2^64 - 1 lost a unit, 49 times almost a unit, and all but 2^-64 of it came back: just below 50.
    let ledger = Ledger { payable: assets(MAX), ..ledger };
    assert_eq!(sleeper.settle(&ledger, none_ended).payable(&ledger), assets(49), "claims-alive");
}

#[test]
fn asleep_through_generations_epochs_and_rescales() {
    let mut steps = vec![Step::Join(HOLDERS - 1, 1_000_003), Step::Join(0, 999_999_999_989)];
    for round in 0..14_u64 {
        steps.extend([
            Step::Lose(999_983 + round),
            Step::AllBut(1),
            Step::Claim(0),
            Step::Lose(7 + round),
            Step::Recover(3_333),
            if round % 3 == 1 { Step::MoreThanAll } else { Step::Settle(1) },
            if round == 12 { Step::WipeOut(77_777) } else { Step::Divide(1 + (round % 2) as u32) },
            Step::Join(1, 1_000_000_007 >> round),
            Step::Lose(1),
        ]);
    }
    run(&steps).unwrap();
}

#[test]
fn one_unit_survives_the_loss_of_all_but_one() {
    // 10^15 - 1 of 10^15 are lost, and again of what comes next; then all comes back.
    let (all, lost) = (1_000_000_000_000_000, 999_999_999_999_999);
    let steps =
        [Step::Join(0, all / 2), Step::Join(1, all / 2), Step::Lose(lost), Step::Divide(49), Step::Join(2, lost)];
    let again =
        [Step::Lose(lost), Step::AllBut(1), Step::Claim(2), Step::Lose(1), Step::Recover(5_000), Step::MoreThanAll];
    run(&[steps.as_slice(), again.as_slice()].concat()).unwrap();
    // Half of it each: 499,999,999,999,999.5.
    let ledger = recover(&lose(&Ledger::empty(), lost, all), lost);
    assert_eq!(claims(&early(all / 2), &ledger), (499_999_999_999_999, 0), "claims-alive");
    assert!(Rational::one() > ratio(lost, all));
}
