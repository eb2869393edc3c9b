//! The insurance fund: entering, leaving, founding, draws, and what comes back.

use backstop_engine::{
    Error,
    claims::{End, Holder, Ledger},
    insurance::{Fund, InsuranceLimits},
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{Books, Recording, record, recover},
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    given::{any_size, books, cases, fresh_pool, fund, fund_with_history, open_handed, real_amount, staked, terms},
    model::{Rational, bps, down, int, ratio, up, whole},
};

const MAX: u64 = u64::MAX;
const NONE: Assets = Assets::ZERO;

fn assets(units: u64) -> Assets {
    Assets::new(units)
}

fn shares(count: u64) -> Shares {
    Shares::new(count)
}

/// A loss that meets nothing but the fund, and LPs who have as much.
fn drawn(books: &Books, limits: &InsuranceLimits, loss: u64, now: i64) -> Recording {
    let books = Books { totals: fresh_pool(0, loss), ..*books };
    record(&books, &terms(limits), DebtShares::new(loss), now).unwrap()
}

/// What the fund pays of such a loss.
fn draw(fund: &Fund, limits: &InsuranceLimits, loss: u64, now: i64) -> (u64, Fund) {
    let done = drawn(&books(&fresh_pool(0, 1), fund), limits, loss, now);
    (done.loss.from_insurance.get(), done.books.fund)
}

/// The price of a share, founding shares counted.
fn price(fund: &Fund) -> Rational {
    let nobody = fund.shares.is_zero() && fund.founding.is_zero();
    let founding = if nobody { fund.assets.get() } else { fund.founding.get() };
    ratio(int(fund.assets.get()) + 1, int(fund.shares.get()) + founding + 1)
}

#[test]
fn gifts_found_the_fund() {
    // A gift of 50 and revenue of 20 found it; the next who stakes 30 owns 30 and nothing of them.
    let gift = fund(70);
    let done = gift.stake(assets(30)).unwrap();
    assert_eq!((done.assets, done.shares, done.shift), (assets(30), shares(30), 0));
    assert_eq!(
        (done.fund.shares, done.fund.founding, done.fund.assets),
        (shares(30), shares(70), assets(100)),
        "slash-only"
    );
    assert_eq!(done.fund.worth(shares(30), NONE), Ok(assets(30)), "slash-only: no gift can be taken out");
    let left = done.fund.unstake(shares(30), assets(MAX), NONE).unwrap();
    assert_eq!((left.assets, left.fund.shares), (assets(30), Shares::ZERO), "slash-only");
    assert_eq!((left.fund.assets, left.fund.founding), (assets(70), shares(70)), "slash-only");
    // Nobody owns founding shares, so nobody burns them.
    assert_eq!(done.fund.unstake(shares(31), assets(MAX), NONE), Err(Error::InsufficientShares));
    // The next to come finds them there.
    assert_eq!(left.fund.stake(assets(9)).unwrap().shares, shares(9));
}

#[test]
fn gifts_to_stakers_raise_all_shares_alike() {
    // 30 stakers' and 70 founding shares; a gift of 101 makes 202 units of them, with the virtual one: two each.
    let given = Fund { assets: assets(201), shares: shares(30), founding: shares(70), ..Fund::default() };
    assert_eq!(given.worth(shares(30), NONE), Ok(assets(60)));
    // 100 held back: 30 * 102 / 101 = 30.3. All of it, and more: the virtual unit is left, 30 / 101.
    assert_eq!(given.worth(shares(30), assets(100)), Ok(assets(30)));
    assert_eq!(given.worth(shares(30), assets(201)), Ok(NONE));
    assert_eq!(given.worth(shares(30), assets(MAX)), Ok(NONE));
    // A share costs two: of eleven, ten are taken.
    let done = given.stake(assets(11)).unwrap();
    assert_eq!((done.shares, done.assets), (shares(5), assets(10)));
    assert_eq!(given.stake(assets(1)), Err(Error::AmountTooSmall));
    assert_eq!(given.stake(NONE), Err(Error::AmountTooSmall));
}

#[test]
fn leaving_pays_the_lesser_of_then_and_now() {
    let fund = staked(100);
    // then, drawn since: paid
    for (then, gone, paid) in [(40, 0, 40), (39, 0, 39), (41, 0, 40), (40, 50, 20), (15, 50, 15), (MAX, 99, 0)] {
        let fund = Fund { assets: assets(100 - gone), ..fund };
        let left = fund.unstake(shares(40), assets(then), NONE);
        // 40 of 100 shares at (101 - gone) / 101: 40, 20.2, 0.8.
        if paid == 0 {
            assert_eq!(left, Err(Error::AmountTooSmall));
            continue;
        }
        let left = left.unwrap();
        assert_eq!(left.assets, assets(paid), "slash-only: {then} then, {gone} drawn since");
        assert_eq!((left.fund.assets, left.fund.shares), (assets(100 - gone - paid), shares(60)), "slash-only");
    }
    assert_eq!(fund.unstake(shares(101), assets(MAX), NONE), Err(Error::InsufficientShares));
    assert_eq!(fund.unstake(Shares::ZERO, assets(MAX), NONE), Err(Error::AmountTooSmall));
    // What the last to leave does not get belongs to nobody: it founds the fund.
    let left = fund.unstake(shares(100), assets(90), NONE).unwrap();
    let next = left.fund.stake(assets(5)).unwrap();
    assert_eq!((next.shares, next.fund.founding), (shares(5), shares(10)), "slash-only");
}

#[test]
fn revenue_due_is_settled_whole() {
    // 60 held and 40 due for 100 shares: all of it is the fund's, and the pool has what it had without it.
    let pool = Totals { insurance_due: assets(40), ..fresh_pool(7, 3) };
    let (settled, rest) = Fund { assets: assets(60), ..staked(100) }.settled(&pool).unwrap();
    assert_eq!((settled, rest), (staked(100), fresh_pool(7, 3)), "conservation");
    assert_eq!(settled.settled(&rest), Ok((settled, rest)));
    assert_eq!(staked(MAX - 39).settled(&pool), Err(Error::MathOverflow));
    // Recording and recovering settle first, whatever else they do: 100 held are drawn by ten; of ten back all is the stakers'.
    let due = Books { totals: Totals { insurance_due: assets(40), ..fresh_pool(0, 10) }, ..books(&pool, &staked(60)) };
    let done = record(&due, &terms(&open_handed()), DebtShares::new(10), 0).unwrap().books;
    assert_eq!((done.fund.assets, done.totals.insurance_due), (assets(90), NONE), "conservation");
    let due = Books { totals: Totals { insurance_due: assets(5), ..done.totals }, ..done };
    let back = recover(&due, assets(10)).unwrap();
    assert_eq!(
        (back.to_stakers, back.books.fund.assets, back.books.totals.insurance_due),
        (assets(10), assets(95), NONE)
    );
}

#[test]
fn caps_by_hand() {
    // A tenth of 100 a loss, and a fifth in the window.
    let limits = InsuranceLimits { event_cap: Bps::new(1_000), window_cap: Bps::new(2_000), ..open_handed() };
    let (first, drew) = draw(&staked(100), &limits, 1_000, 0);
    let (second, drew) = draw(&drew, &limits, 1_000, 0);
    let (third, _) = draw(&drew, &limits, 1_000, 0);
    assert_eq!((first, second, third), (10, 9, 1), "slash-only: a tenth of 100, of 90 and of 81, and 20 in all");
}

#[test]
fn founding_shares_bear_their_part() {
    // 60 shares of stakers, 40 of gifts: of 50 drawn, 30 and 20. The stakers get a claim, the gifts are remembered.
    let books = books(&fresh_pool(0, 1), &Fund { assets: assets(100), founding: shares(40), ..staked(60) });
    let done = drawn(&books, &open_handed(), 50, 0);
    assert_eq!((done.loss.from_insurance, done.loss.drained), (assets(50), false));
    let (fund, claims) = (done.books.fund, done.books.fund_claims);
    assert_eq!((claims.outstanding, fund.founding_claims), (assets(30), assets(20)));
    assert_eq!((fund.shares, fund.founding, fund.assets), (shares(60), shares(40), assets(50)));
    // One unit of 101 is the gifts' by 60 / 100 rounded down for stakers: 0 and 1.
    let done = drawn(&books, &open_handed(), 1, 0);
    assert_eq!((done.books.fund_claims.outstanding, done.books.fund.founding_claims), (NONE, assets(1)));

    // 25 come back: 15 and 10. Ten buy 10 * 101 / 51 = 19.8 founding shares, so 19.
    let after = Books { fund, fund_claims: claims, ..books };
    let back = recover(&after, assets(25)).unwrap();
    assert_eq!((back.to_stakers, back.to_fund, back.to_reserves), (assets(15), assets(10), NONE));
    let (fund, claims) = (back.books.fund, back.books.fund_claims);
    assert_eq!((fund.assets, fund.founding, fund.founding_claims), (assets(60), shares(59), assets(10)));
    assert_eq!((claims.outstanding, claims.payable), (assets(15), assets(15)));
    // Of more than is owed, reserves get the rest.
    let back = recover(&after, assets(60)).unwrap();
    assert_eq!((back.to_stakers, back.to_fund, back.to_reserves), (assets(30), assets(20), assets(10)));
    assert_eq!(back.books.fund.founding_claims, NONE, "waterfall-exact: nothing is owed twice");
}

#[test]
fn gifts_without_stakers_are_remembered_too() {
    let lonely = books(&fresh_pool(0, 1), &fund(80));
    let done = drawn(&lonely, &open_handed(), 30, 0);
    assert_eq!((done.books.fund.founding_claims, done.books.fund_claims), (assets(30), Ledger::empty()));
    // All that is left is founding; what comes back joins it.
    let back = recover(&Books { fund: done.books.fund, ..lonely }, assets(100)).unwrap();
    assert_eq!((back.to_fund, back.to_stakers, back.to_reserves), (assets(30), NONE, assets(70)));
    // 50 were left of 80 founding shares; 30 buy 30 * 81 / 51 = 47.6 more. Seven buy 7 * 128 / 81 = 11.06, and own what they paid.
    assert_eq!(back.books.fund.founding, shares(127));
    let next = back.books.fund.stake(assets(7)).unwrap();
    assert_eq!((next.shares, next.assets), (shares(11), assets(7)));
}

#[test]
fn drained_fund_begins_anew() {
    let books = books(&fresh_pool(0, 1), &Fund { founding: shares(40), assets: assets(100), ..staked(60) });
    let done = drawn(&books, &open_handed(), 500, 0);
    assert_eq!((done.loss.from_insurance, done.loss.drained), (assets(100), true));
    let (fund, claims) = (done.books.fund, done.books.fund_claims);
    assert_eq!((fund.shares, fund.founding, fund.assets), (Shares::ZERO, Shares::ZERO, NONE), "wipe-out");
    assert_eq!((claims.generation, claims.outstanding, fund.founding_claims), (1, assets(60), assets(40)), "wipe-out");
    // The next stake is one to one, and what comes back is not the new stakers'.
    let next = fund.stake(assets(10)).unwrap();
    assert_eq!((next.shares, next.fund.founding), (shares(10), Shares::ZERO), "wipe-out");
    let back = recover(&Books { fund: next.fund, fund_claims: claims, ..books }, assets(100)).unwrap();
    assert_eq!((back.to_stakers, back.to_fund), (assets(60), assets(40)), "wipe-out: old claims stay");
    assert_eq!(back.books.fund.worth(shares(10), NONE), Ok(assets(10)), "slash-only: newcomers get nothing");
    // The old holder has its 60, and no shares.
    let end = done.fund_end.unwrap();
    let old = Holder { shares: shares(60), ..Holder::default() }.settle(&back.books.fund_claims, |_| end);
    assert_eq!((old.shares, old.payable(&back.books.fund_claims)), (Shares::ZERO, assets(60)), "wipe-out");
    // Nothing to draw from a fund that is empty, and no generation ends twice.
    let again = drawn(&Books { fund, fund_claims: claims, ..books }, &open_handed(), 5, 0);
    assert_eq!(
        (again.loss.from_insurance, again.loss.drained, again.books.fund_claims),
        (NONE, false, claims),
        "wipe-out"
    );
}

#[test]
fn drained_fund_voids_shares_that_bore_less_than_a_unit() {
    // A thousandth of the fund is a staker's; losses left it worth 0.5 units, of which the last loss takes less than a unit.
    let fund = Fund { founding: shares(999_000), assets: assets(500), ..staked(1_000) };
    let done = drawn(&books(&fresh_pool(0, 1), &fund), &open_handed(), 500, 0);
    assert_eq!((done.loss.drained, done.books.fund.shares), (true, Shares::ZERO), "wipe-out");
    assert_eq!(done.books.fund_claims.generation, 1, "wipe-out: 1,000 void shares would be worth 1,000 of new money");
}

#[test]
fn drained_founding_ends_no_generation() {
    let done = drawn(&books(&fresh_pool(0, 1), &fund(80)), &open_handed(), 80, 0);
    assert_eq!((done.loss.drained, done.books.fund_claims), (false, Ledger::empty()));
}

#[test]
fn shares_that_became_too_cheap_are_divided() {
    // 10^15 shares of stakers and as many of gifts share one unit: 2 * 10^15 + 1 to 2, so 2^49 is divided by: one each is left, and
    // (1 + 1) / (2 + 1) is the price.
    let many = shares(1_000_000_000_000_000);
    let poor = Fund { assets: assets(1), shares: many, founding: many, ..Fund::default() };
    let done = poor.stake(assets(1_000_000_000_000)).unwrap();
    assert_eq!((done.shift, done.shares, done.assets), (49, shares(1_500_000_000_000), assets(1_000_000_000_000)));
    assert_eq!((done.fund.shares, done.fund.founding), (shares(1_500_000_000_001), shares(1)));
    // A unit buys 10^15 without that.
    assert_eq!(poor.stake(assets(1)).unwrap().shift, 0);
    // Where no share is left, what there is belongs to nobody.
    let dust = Fund { assets: assets(3), shares: shares((1 << 18) - 1), ..Fund::default() };
    let done = dust.stake(assets(1 << 50)).unwrap();
    assert_eq!((done.shift, done.fund.founding), (16, Shares::ZERO));
    assert_eq!((done.shares, done.fund.shares), (shares(1 << 50), shares((1 << 50) + 3)));
    // Not cheap, and too much: refused.
    assert_eq!(staked(MAX - 5).stake(assets(5)), Err(Error::MathOverflow));
    assert!(staked(MAX - 5).stake(assets(4)).is_ok());
    // They must leave room for the virtual unit.
    assert_eq!(fund(10).stake(assets(MAX - 10)), Err(Error::MathOverflow));
    assert!(fund(10).stake(assets(MAX - 11)).is_ok());
}

#[test]
fn recovered_gifts_are_no_gain_where_shares_are_cheap() {
    // Stakers and gifts had 10^12 each; all but a unit was drawn. A newcomer buys a third of what is left for a unit.
    let each = 1_000_000_000_000;
    let all = books(&fresh_pool(0, 1), &Fund { founding: shares(each), assets: assets(2 * each), ..staked(each) });
    let done = drawn(&all, &open_handed(), 2 * each - 1, 0);
    let next = done.books.fund.stake(assets(1)).unwrap();
    assert!(next.shares.get() >= each && next.shift == 0);
    // The gifts' part comes back. The founding shares that it pays for do not fit 64 bits: it is left for reserves, and the newcomer's
    // shares are worth a unit still.
    let back = recover(&Books { fund: next.fund, ..done.books }, assets(3 * each)).unwrap();
    assert_eq!((back.to_fund, back.books.fund.founding_claims), (NONE, NONE), "claims-fair: their claim is paid");
    assert_eq!(back.to_reserves.get(), 3 * each - back.to_stakers.get(), "waterfall-exact");
    let worth = back.books.fund.worth(next.shares, NONE).unwrap();
    assert!(worth.get() <= 1, "slash-only: a newcomer got {} of what gifts had lost", worth.get());
}

#[test]
fn window_counts_recent_draws_once() {
    // Half of 100 within the window: 30 drawn, 20 more, and after half the window, in which 50 fade to 25, (50 + 25) / 2 - 25.
    let limits = InsuranceLimits { window_cap: Bps::new(5_000), window_seconds: 100, ..open_handed() };
    let (first, fund) = draw(&staked(100), &limits, 30, 0);
    let (second, fund) = draw(&fund, &limits, 30, 0);
    let (third, fund) = draw(&fund, &limits, 30, 50);
    assert_eq!((first, second, third), (30, 20, 12), "slash-only: the window cap");
    assert_eq!((fund.drawn, fund.window_drawn, fund.window_at), (assets(62), assets(37), 50), "slash-only");
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `slash-only`: entering and leaving never lower the price for others, and cost their caller less than a unit.
    #[test]
    fn staking_costs_less_than_one_unit(
        fund in fund_with_history(), amount in real_amount(), part in 0_u64..=10_000,
        held_back in prop_oneof![Just(0), real_amount()], then in real_amount(),
    ) {
        let before = price(&fund);
        let one = whole(1);
        if let Ok(done) = fund.stake(assets(amount)) && done.shift == 0 {
            let cost = whole(done.assets.get()) - whole(done.shares.get()) * &before;
            prop_assert!(done.assets.get() <= amount && cost >= Rational::zero() && cost < one, "slash-only: a stake cost {}", cost);
            prop_assert!(price(&done.fund) >= before, "slash-only");
            prop_assert_eq!(done.fund.assets.get(), fund.assets.get() + done.assets.get());
            // At once out again: no profit, for stakers of before neither.
            let worth = done.fund.worth(done.shares, NONE).unwrap();
            prop_assert!(worth <= done.assets, "no-free-money: {} for {}", worth.get(), done.assets.get());
        }
        let burned = u64::try_from(u128::from(fund.shares.get()) * u128::from(part) / 10_000).unwrap();
        let exit = ratio((int(fund.assets.get()) - held_back).max(int(0)) + 1, int(fund.shares.get()) + fund.founding.get() + 1);
        let worth = down(&(whole(burned) * exit)).min(int(then));
        match fund.unstake(shares(burned), assets(then), assets(held_back)) {
            Ok(left) => {
                prop_assert_eq!(int(left.assets.get()), worth, "slash-only: the lesser of then and now");
                prop_assert_eq!(left.fund.assets.get() + left.assets.get(), fund.assets.get());
                prop_assert_eq!(left.fund.shares.get() + burned, fund.shares.get());
                prop_assert_eq!(left.fund.founding, fund.founding, "slash-only: founding shares stay");
                let nobody = left.fund.shares.is_zero() && left.fund.founding.is_zero();
                prop_assert!(nobody || price(&left.fund) >= before, "slash-only");
            }
            Err(error) => prop_assert!(worth.is_zero() && error == Error::AmountTooSmall, "slash-only: {:?} for {}", error, worth),
        }
    }

    /// `slash-only`: gifts found before anyone stakes are nobody's, whatever is drawn and whoever comes.
    #[test]
    fn no_gift_can_be_taken_out(
        gift in real_amount(), stake in real_amount(), lost in real_amount(),
        share in 0_u32..10_000,
    ) {
        let done = fund(gift).stake(assets(stake)).unwrap();
        prop_assert_eq!((done.shares.get(), done.fund.founding.get()), (stake, gift), "slash-only");
        // A loss takes from both in proportion: stakers lose at most their part of it, rounded down, plus the unit of rounding.
        let limits = InsuranceLimits { share: Bps::new(share), ..open_handed() };
        let recorded = drawn(&books(&fresh_pool(0, 1), &done.fund), &limits, lost, 0);
        let taken = recorded.loss.from_insurance.get();
        let bears = down(&(whole(taken) * ratio(stake, stake + gift)));
        prop_assert_eq!(int(recorded.books.fund_claims.outstanding.get()), bears.clone(), "slash-only");
        prop_assert_eq!(int(recorded.books.fund.founding_claims.get()), int(taken) - &bears);
        if !recorded.loss.drained {
            let worth = recorded.books.fund.worth(shares(stake), NONE).unwrap().get();
            prop_assert!(worth <= stake, "slash-only: a gift was taken out");
            prop_assert!(worth + taken + 1 >= stake, "slash-only: only the draw is lost");
        }
    }

    /// `slash-only`: who stakes after a loss bears none of it and gets none of what is recovered.
    #[test]
    fn new_stakers_have_no_part_in_older_losses(
        old in real_amount(), gift in prop_oneof![Just(0), real_amount()], lost in real_amount(), new in real_amount(),
        back in prop::collection::vec(real_amount(), 1..4),
    ) {
        let founded = Fund { founding: shares(gift), assets: assets(old + gift), ..staked(old) };
        let start = books(&fresh_pool(0, 1), &founded);
        let recorded = drawn(&start, &open_handed(), lost, 0);
        let Ok(next) = recorded.books.fund.stake(assets(new)) else { return Ok(()) };
        prop_assume!(next.shift == 0);
        let claims = recorded.books.fund_claims;
        let mut after = Books { fund: next.fund, claims: Ledger::empty(), ..recorded.books };
        let newcomer = Holder { shares: next.shares, generation: claims.generation, seen: claims.mark(), ..Holder::default() };
        // LPs bore nothing that is counted here; everything paid is the fund's.
        for paid in back {
            let before = price(&after.fund);
            let done = recover(&after, assets(paid)).unwrap();
            prop_assert_eq!(done.to_stakers.get() + done.to_fund.get() + done.to_reserves.get(), paid, "waterfall-exact");
            // In proportion to what is owed, to the unit.
            let (owed, gifts) = (after.fund_claims.outstanding.get(), after.fund.founding_claims.get());
            let taken = paid.min(owed + gifts);
            let to_fund = if gifts == 0 { int(0) } else { down(&ratio(int(taken) * gifts, owed + gifts)) };
            prop_assert_eq!(int(done.to_fund.get()), to_fund.clone(), "claims-fair");
            prop_assert_eq!(int(done.to_stakers.get()), int(taken) - to_fund, "claims-fair");
            // What founding shares did not take up is less than the price of one; a table of its own has shares too cheap to count.
            let all = whole(int(after.fund.shares.get()) + after.fund.founding.get() + 1);
            after = done.books;
            let gained = (price(&after.fund) - &before) * &all;
            let fits = whole(done.to_fund.get()) / &before + all < whole(MAX);
            prop_assert!(!fits || gained < before, "slash-only: shares gained {} by a recovery", gained);
            let claim = newcomer.settle(&after.fund_claims, |_| End::default()).payable(&after.fund_claims);
            prop_assert_eq!(claim, NONE, "claims-fair: a newcomer gets nothing");
        }
    }

    /// `slash-only`: no draw takes more than its part of the loss, than the caps, and than there is.
    #[test]
    fn draws_respect_all_caps(
        fund in fund_with_history(), event in 0_u32..=10_000, window in 0_u32..=10_000, share in 0_u32..=10_000,
        losses in prop::collection::vec((real_amount(), 0_i64..200), 1..6),
    ) {
        let [event_cap, window_cap, share] = [event, window, share].map(Bps::new);
        let limits = InsuranceLimits { share, event_cap, window_cap, window_seconds: 100 };
        let (mut kept, mut now) = (fund, fund.window_at);
        for (lost, passed) in losses {
            now += passed;
            let base = int(kept.assets.get());
            let recent = crate::model::window_drawn(&kept, 100, now);
            let (taken, after) = draw(&kept, &limits, lost, now);
            prop_assert!(whole(taken) <= whole(lost) * bps(share), "slash-only: the share of the loss");
            prop_assert!(whole(taken) <= whole(base.clone()) * bps(event_cap), "slash-only: the event cap");
            let most = whole(&base + &recent) * bps(window_cap);
            prop_assert!(taken == 0 || whole(int(taken) + recent) <= most, "slash-only: the window cap");
            prop_assert_eq!(after.assets.get() + taken, kept.assets.get());
            kept = after;
        }
    }

    #[test]
    fn nothing_panics(
        (held, count, founding, claimed) in (any_size(), any_size(), any_size(), any_size()),
        (offered, then, held_back) in (any_size(), any_size(), any_size()),
    ) {
        let fund = Fund {
            shares: shares(count), founding: shares(founding), founding_claims: assets(claimed),
            ..fund(held)
        };
        let _ = (fund.stake(assets(offered)), fund.worth(shares(offered), assets(held_back)));
        let _ = fund.unstake(shares(offered), assets(then), assets(held_back));
        let _ = recover(&books(&fresh_pool(1, 0), &fund), assets(offered));
    }
}

#[test]
fn rounding_up_is_in_favour_of_the_fund() {
    // 7 drawn, a third of the window gone: 4.67 count as 5.
    let fund = Fund { window_drawn: assets(7), ..fund(0) };
    assert_eq!(fund.window_drawn_at(3, 1), Ok(assets(5)));
    assert_eq!(up(&ratio(14, 3)), int(5));
}
