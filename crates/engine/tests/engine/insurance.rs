//! The insurance fund: entering, leaving, founding, draws, and what comes back.

use backstop_engine::{
    Error,
    bounds::MIN_INITIAL_DONATION,
    exit::Request,
    history::TOTAL_LOSS,
    insurance::{Fund, InsuranceLimits},
    loss_book::Record,
    pool::Totals,
    quantity::{Assets, Bps, DebtShares, Shares},
    waterfall::{LossState, Recording, record, recover},
    window::Window,
};
use num_traits::Zero as _;
use proptest::prelude::*;

use crate::{
    model::{Rational, bps, down, int, ratio, whole},
    strategies::{
        any_size, cases, fresh_pool, fund, fund_with_history, open_handed, real_amount, staked, state, terms,
    },
};

const MAX: u64 = u64::MAX;
const NONE: Assets = Assets::ZERO;
const NONE_SHARES: Shares = Shares::ZERO;

fn assets(units: u64) -> Assets {
    Assets::new(units)
}

fn shares(count: u64) -> Shares {
    Shares::new(count)
}

/// A loss that meets nothing but the fund, and LPs who have as much.
fn drawn(state: &LossState, limits: &InsuranceLimits, loss: u64, now: i64) -> Recording {
    let state = LossState { totals: fresh_pool(0, loss), ..*state };
    record(&state, &terms(limits), DebtShares::new(loss), now).unwrap()
}

/// What the fund pays of such a loss.
fn draw(fund: &Fund, limits: &InsuranceLimits, loss: u64, now: i64) -> (u64, Fund) {
    let done = drawn(&state(&fresh_pool(0, 1), fund), limits, loss, now);
    (done.loss.from_insurance.get(), done.state.fund)
}

/// A matured request of stakers for so many shares, which were worth so much when asked.
fn asked(count: u64, then: u64) -> Request {
    Request::new(shares(count), assets(then), 0, 0_u32)
}

/// The price of a share, those of protocol-owned shares counted.
fn price(fund: &Fund) -> Rational {
    let all = fund.all_shares().unwrap().get();
    ratio(int(fund.assets.get()) + 1, int(if all == 0 { fund.assets.get() } else { all }) + 1)
}

/// A recovery of which so much is the protocol-owned shares' part.
fn given_back(fund: &Fund, protocol: u64) -> backstop_engine::waterfall::Recovery {
    recover(&state(&fresh_pool(0, 0), fund), &terms(&open_handed()), None, assets(protocol), 0).unwrap()
}

#[test]
fn donations_found_the_fund() {
    // A donation of 50, and revenue of 20 that nobody has shares in: both are protocol-owned shares to who stakes 30
    // next.
    let founded = Fund { assets: assets(20), ..Fund::default() }.donate(assets(50)).unwrap();
    assert_eq!((founded.assets, founded.shares, founded.fund.protocol_shares), (assets(50), shares(50), shares(70)));
    let done = founded.fund.stake(assets(30)).unwrap();
    assert_eq!((done.assets, done.shares), (assets(30), shares(30)));
    assert_eq!(
        (done.fund.shares, done.fund.protocol_shares, done.fund.assets),
        (shares(30), shares(70), assets(100)),
        "slash-only"
    );
    assert_eq!(done.fund.worth(shares(30)), Ok(assets(30)), "slash-only: no donation can be taken out");
    let (exit, left) = done.fund.execute(&asked(30, MAX)).unwrap();
    assert_eq!((exit.assets, left.shares), (assets(30), Shares::ZERO), "slash-only");
    assert_eq!((left.assets, left.protocol_shares), (assets(70), shares(70)), "slash-only");
    // Nobody owns the fund's own shares, so nobody burns them.
    assert_eq!(done.fund.execute(&asked(31, MAX)), Err(Error::MathOverflow));
    // The next to come finds them there.
    assert_eq!(left.stake(assets(9)).unwrap().shares, shares(9));
}

#[test]
fn nobody_stakes_around_a_donation() {
    // 30 of stakers, 70 of protocol-owned shares, and revenue of 101 since: a share costs two. A donation of 1,000 buys
    // 500 shares for the fund itself.
    let earned = Fund { assets: assets(201), shares: shares(30), protocol_shares: shares(70), ..Fund::default() };
    assert_eq!(earned.worth(shares(30)), Ok(assets(60)));
    let given = earned.donate(assets(1_000)).unwrap();
    assert_eq!((given.assets, given.shares), (assets(1_000), shares(500)));
    assert_eq!((given.fund.shares, given.fund.protocol_shares), (shares(30), shares(570)));
    assert_eq!(given.fund.worth(shares(30)), Ok(assets(60)), "one-hand: a donation is nobody's gain");
    // What would not pay for a whole share stays with who gives.
    assert_eq!(earned.donate(assets(11)).unwrap().assets, assets(10));
    assert_eq!(earned.donate(assets(1)), Err(Error::AmountTooSmall));
    // A share costs two: of eleven, ten are taken.
    let done = earned.stake(assets(11)).unwrap();
    assert_eq!((done.shares, done.assets), (shares(5), assets(10)));
    assert_eq!(earned.stake(assets(1)), Err(Error::AmountTooSmall));
    assert_eq!(earned.stake(NONE), Err(Error::AmountTooSmall));
}

#[test]
fn leaving_pays_the_lesser_of_then_and_now() {
    let fund = staked(100);
    // then, drawn since: paid, and the shares that what it is not paid is worth: 39 cost 39, 15 cost 15 * 101 / 51 =
    // 29.7
    for (then, gone, paid, donation) in
        [(40, 0, 40, 0), (39, 0, 39, 1), (41, 0, 40, 0), (40, 50, 20, 0), (15, 50, 15, 10), (MAX, 99, 0, 0)]
    {
        let fund = Fund { assets: assets(100 - gone), ..fund };
        let (exit, left) = fund.execute(&asked(40, then)).unwrap();
        // 40 of 100 shares at (101 - gone) / 101: 40, 20.2, 0.8. What is worth nothing is not burnt, and its request
        // ends.
        let burned = if paid == 0 { 0 } else { 40 };
        assert_eq!(exit.assets, assets(paid), "slash-only: {then} then, {gone} drawn since");
        assert_eq!((exit.shares, exit.left), (shares(burned), Request::default()));
        assert_eq!((left.assets, left.shares), (assets(100 - gone - paid), shares(100 - burned)), "slash-only");
        assert_eq!(left.protocol_shares, shares(donation), "no-windfall: what they earned since is no newcomer's");
    }
    // What the last to leave does not get belongs to nobody: it is a donation to who comes next.
    let (_, left) = fund.execute(&asked(100, 90)).unwrap();
    let next = left.stake(assets(5)).unwrap();
    assert_eq!((next.shares, next.fund.protocol_shares), (shares(5), shares(10)), "slash-only");
}

#[test]
fn revenue_due_is_settled_whole() {
    // 60 held beside the initial donation and 40 due, for 100 shares: all of it is the fund's, and the pool has what it
    // had without it.
    let fund = |held| Fund {
        assets: assets(MIN_INITIAL_DONATION + held),
        shares: shares(100),
        protocol_shares: shares(MIN_INITIAL_DONATION),
        ..Fund::default()
    };
    let pool = Totals { insurance_due: assets(40), ..fresh_pool(7, 3) };
    let (settled, rest) = fund(60).settled(&pool).unwrap();
    assert_eq!((settled, rest), (fund(100), fresh_pool(7, 3)), "conservation");
    assert_eq!(settled.settled(&rest), Ok((settled, rest)));
    assert_eq!(staked(MAX - 39).settled(&pool), Err(Error::MathOverflow));
    // Recording and recovering settle first, whatever else they do: 100 held are drawn by ten; of ten back all is the
    // stakers'.
    let due =
        LossState { totals: Totals { insurance_due: assets(40), ..fresh_pool(0, 10) }, ..state(&pool, &fund(60)) };
    let done = record(&due, &terms(&open_handed()), DebtShares::new(10), 0).unwrap().state;
    assert_eq!(
        (done.fund.assets, done.totals.insurance_due),
        (assets(MIN_INITIAL_DONATION + 90), NONE),
        "conservation"
    );
    let due = LossState { totals: Totals { insurance_due: assets(5), ..done.totals }, ..done };
    let record = Record { stakers: assets(10), ..Record::default() };
    let back = recover(&due, &terms(&open_handed()), Some(&record), assets(10), 0).unwrap();
    let after = back.state;
    assert_eq!((back.to_stakers, after.fund.assets), (assets(10), assets(MIN_INITIAL_DONATION + 105)), "conservation");
    assert_eq!(after.totals.insurance_due, NONE);
}

#[test]
fn what_is_owed_counts_but_cannot_be_paid_out() {
    // 60,000 shares of a fund that holds 40,000 and is owed 20,000.
    let pool = Totals { insurance_owed: assets(20_000), ..fresh_pool(0, 100_000) };
    let (fund, totals) = fund(40_000).settled(&pool).unwrap();
    let fund = Fund { shares: shares(60_000), ..fund };
    assert_eq!((fund.assets, fund.owed, totals), (assets(40_000), assets(20_000), pool), "revenue-is-owed");
    assert_eq!(fund.worth(shares(30_000)), Ok(assets(30_000)), "revenue-is-owed: a share is worth its part of all");
    assert_eq!(fund.stake(assets(30)).unwrap().shares, shares(30), "revenue-is-owed: nor does one enter for less");
    assert_eq!(fund.execute(&asked(40_000, 40_000)).unwrap().0.assets, assets(40_000));
    // 49,000 for 50,000: 40,000 pay for 40,816.3 of them, and 40,816 get 39,999.7. 9,184 stay requested, for 9,000.3 at
    // most, until the pool has paid what it owes. What 40,816 shares are worth beyond is the fund's own.
    let (exit, left) = fund.execute(&asked(50_000, 49_000)).unwrap();
    assert_eq!((exit.shares, exit.assets), (shares(40_816), assets(39_999)), "revenue-is-owed: not yet");
    assert_eq!((exit.left.shares, exit.left.worth), (shares(9_184), assets(9_000)), "slash-only: pro rata");
    assert_eq!(
        (left.assets, left.owed, left.protocol_shares),
        (assets(1), assets(20_000), shares(817)),
        "revenue-is-owed"
    );
    for held in [0, 999] {
        let empty = Fund { assets: assets(held), ..fund };
        assert_eq!(empty.execute(&asked(50_000, 49_000)), Err(Error::InsufficientCash), "revenue-is-owed: not yet");
    }
    // What founds the fund is owed to nobody else, either.
    let founded = Fund { shares: NONE_SHARES, ..fund }.stake(assets(6)).unwrap().fund;
    assert_eq!((founded.protocol_shares, founded.shares), (shares(60_000), shares(6)), "revenue-is-owed");
}

#[test]
fn caps_by_hand() {
    // A fifth of 100 in the window: by one loss, or by as many as you like.
    let limits = InsuranceLimits { cap: Bps::new(2_000), ..open_handed() };
    let (all, _) = draw(&staked(100), &limits, 1_000, 0);
    let (first, drew) = draw(&staked(100), &limits, 13, 0);
    let (second, drew) = draw(&drew, &limits, 1_000, 0);
    let (third, _) = draw(&drew, &limits, 1_000, 0);
    assert_eq!((all, first, second, third), (20, 13, 7, 0), "slash-only: 20 in all");
}

#[test]
fn donations_bear_their_part() {
    // 60 shares of stakers, 40 of protocol-owned shares: of 50 drawn, 30 and 20.
    let fund = Fund { assets: assets(100), protocol_shares: shares(40), ..staked(60) };
    let done = drawn(&state(&fresh_pool(0, 1), &fund), &open_handed(), 50, 0);
    let record = done.record.unwrap();
    assert_eq!((record.stakers, record.protocol, record.stake_shares), (assets(30), assets(20), shares(60)));
    let after = done.state.fund;
    assert_eq!((after.shares, after.protocol_shares, after.assets), (shares(60), shares(40), assets(50)));
    // One unit of 101 is the protocol-owned shares' by 60 / 100 rounded down for stakers: 0 and 1.
    let record = drawn(&state(&fresh_pool(0, 1), &fund), &open_handed(), 1, 0).record.unwrap();
    assert_eq!((record.stakers, record.protocol), (NONE, assets(1)));

    // Ten come back for protocol-owned shares: 10 * 101 / 51 = 19.8 shares, so 19, for 19 * 51 / 101 = 9.6, so ten.
    let back = given_back(&after, 10);
    assert_eq!((back.to_protocol, back.to_reserves), (assets(10), NONE));
    assert_eq!((back.state.fund.assets, back.state.fund.protocol_shares), (assets(60), shares(59)));
}

#[test]
fn what_buys_no_whole_share_of_the_fund_is_the_reserves() {
    // A share costs 4: of 11, 8 are given; of 3, nothing.
    let dear = Fund { assets: assets(43), shares: shares(10), ..Fund::default() };
    let back = given_back(&dear, 11);
    assert_eq!(
        (back.to_protocol, back.to_reserves, back.state.fund.protocol_shares),
        (assets(8), assets(3), shares(2))
    );
    let back = given_back(&dear, 3);
    assert_eq!((back.to_protocol, back.to_reserves, back.state.fund), (NONE, assets(3), dear), "no-windfall");
    // Nor what the fund cannot count.
    let back = given_back(&staked(MAX - 5), 5);
    assert_eq!((back.to_protocol, back.to_reserves), (NONE, assets(5)), "always-open");
}

#[test]
fn drained_fund_begins_anew() {
    let start = state(&fresh_pool(0, 1), &Fund { protocol_shares: shares(40), assets: assets(100), ..staked(60) });
    let done = drawn(&start, &open_handed(), 500, 0);
    assert_eq!((done.loss.from_insurance, done.loss.stake_rescalings), (assets(100), TOTAL_LOSS));
    let fund = done.state.fund;
    assert_eq!((fund.shares, fund.protocol_shares, fund.assets), (Shares::ZERO, Shares::ZERO, NONE), "wipe-out");
    assert_eq!(fund.generation, 7, "wipe-out");
    // The next stake is one to one, and what comes back for protocol-owned shares is not the new stakers'.
    let next = fund.stake(assets(10)).unwrap();
    assert_eq!((next.shares, next.fund.protocol_shares), (shares(10), Shares::ZERO), "wipe-out");
    let back = given_back(&next.fund, 40);
    assert_eq!((back.to_protocol, back.state.fund.protocol_shares), (assets(40), shares(40)));
    assert_eq!(back.state.fund.worth(shares(10)), Ok(assets(10)), "no-windfall: newcomers get nothing");
    // Nothing to draw from a fund that is empty, and nothing is rescaled by it.
    let again = drawn(&LossState { fund, ..start }, &open_handed(), 5, 0);
    assert_eq!((again.loss.from_insurance, again.loss.stake_rescalings, again.state.fund), (NONE, 0, fund), "wipe-out");
    // However often: there is no last generation.
    let mut fund = fund;
    for round in 2..=100_u32 {
        fund =
            drawn(&LossState { fund: fund.stake(assets(9)).unwrap().fund, ..start }, &open_handed(), 9, 0).state.fund;
        assert_eq!((fund.generation, fund.shares), (7 * round, Shares::ZERO), "wipe-out");
    }
}

#[test]
fn shares_that_became_too_cheap_are_divided() {
    // 10^15 shares of stakers and as many of protocol-owned shares, of which all but two units are drawn: four times by
    // 1,024, 909 of each are left.
    let many = 1_000_000_000_000_000;
    let rich = Fund { protocol_shares: shares(many), assets: assets(2 * many), ..staked(many) };
    let done = drawn(&state(&fresh_pool(0, 1), &rich), &open_handed(), 2 * many - 2, 0);
    let poor = done.state.fund;
    assert_eq!(
        (poor.assets, poor.shares, poor.protocol_shares, poor.generation),
        (assets(2), shares(909), shares(909), 4)
    );
    // So what comes later fits: 10^12 units buy 10^12 * 1,819 / 3.
    assert_eq!(poor.stake(assets(1_000_000_000_000)).unwrap().shares, shares(606_333_333_333_333));
    // With a unit less it is five times, and nobody has a share left: the unit is a donation.
    let done = drawn(&state(&fresh_pool(0, 1), &rich), &open_handed(), 2 * many - 1, 0);
    let poor = done.state.fund;
    assert_eq!(
        (poor.assets, poor.shares, poor.protocol_shares, poor.generation),
        (assets(1), Shares::ZERO, Shares::ZERO, 5)
    );
    assert_eq!(poor.stake(assets(8)).unwrap().shares, shares(8));
    // Beyond 64 bits it is refused, and so is what would leave no room for the virtual unit.
    assert_eq!(staked(MAX - 5).stake(assets(5)), Err(Error::MathOverflow));
    assert!(staked(MAX - 5).stake(assets(4)).is_ok());
    assert_eq!(fund(10).stake(assets(MAX - 10)), Err(Error::MathOverflow));
    assert!(fund(10).stake(assets(MAX - 11)).is_ok());
}

#[test]
fn window_counts_recent_draws_once() {
    // Half of 100 within the window: 30 drawn, 20 more, and after half the window, in which 50 fade to 25, (50 + 25) /
    // 2 - 25.
    let limits = InsuranceLimits { cap: Bps::new(5_000), window_seconds: 100, ..open_handed() };
    let (first, fund) = draw(&staked(100), &limits, 30, 0);
    let (second, fund) = draw(&fund, &limits, 30, 0);
    let (third, fund) = draw(&fund, &limits, 30, 50);
    assert_eq!((first, second, third), (30, 20, 12), "slash-only: the cap");
    // 25 for 50 seconds more and 12 for 100: together for 50 + 50 * 12 / 37 = 66.2, rounded up.
    assert_eq!((fund.drawn, fund.draws.counted, fund.draws.ends_at), (assets(62), assets(37), 117), "slash-only");
}

#[test]
fn a_default_that_is_paid_back_shelters_no_stake() {
    // A million of stakers, a million of protocol-owned shares; a window draws half of it. A loss of ten million draws
    // a million, half of it stakers'.
    let mega = 1_000_000;
    let limits = InsuranceLimits { cap: Bps::new(5_000), window_seconds: 3_600, ..open_handed() };
    let fund =
        Fund { assets: assets(2 * mega), shares: shares(mega), protocol_shares: shares(mega), ..Fund::default() };
    let start = state(&fresh_pool(0, 100 * mega), &fund);
    let lose = |state: &LossState, lost| record(state, &terms(&limits), DebtShares::new(lost), 0).unwrap();
    let at_once = lose(&start, 10 * mega);
    assert_eq!((at_once.loss.from_insurance, at_once.loss.from_stakers), (assets(mega), assets(mega / 2)));
    assert_eq!(at_once.state.fund.worth(shares(mega)), Ok(assets(mega / 2)));

    // A staker has a default of its own drawn first, and pays it back: the same is drawn, and stakers bear the same.
    let own = lose(&start, mega);
    assert_eq!(own.loss.from_insurance, assets(mega));
    let back = recover(&own.state, &terms(&limits), own.record.as_ref(), assets(mega), 0).unwrap();
    assert_eq!((back.to_stakers, back.to_protocol, back.to_reserves), (assets(mega / 2), assets(mega / 2), NONE));
    assert_eq!((back.state.fund.assets, back.state.fund.draws.counted), (assets(2 * mega), NONE), "one-hand");
    let then = lose(&back.state, 10 * mega);
    assert_eq!((then.loss.from_insurance, then.loss.to_lps), (assets(mega), assets(9 * mega)), "one-hand");
    let after = then.state.fund;
    let stakers = after.worth(after.shares.plus(after.waiting_shares).unwrap());
    assert_eq!(stakers, Ok(assets(mega / 2)), "one-hand: what waits bears like any");
    // What waited is nobody's stake yet: of what comes back of this loss its part is the fund's own.
    assert_eq!((then.loss.from_stakers, then.loss.stake_shares), (assets(mega / 4), shares(mega)));
}

#[test]
fn a_recovered_loss_counts_for_no_breaker() {
    // 60 of 1,000 trip it, 40 do not: with 20 of 60 back, and with all, it is as if they had not been lost.
    let start = state(&fresh_pool(0, 1_000), &Fund::default());
    let terms = terms(&open_handed());
    let lost = record(&start, &terms, DebtShares::new(60), 0).unwrap();
    assert!(lost.state.breaker.is_tripped(0));
    let back = |assets| recover(&lost.state, &terms, lost.record.as_ref(), assets, 0).unwrap().state.breaker;
    assert_eq!(back(assets(20)).losses, record(&start, &terms, DebtShares::new(40), 0).unwrap().state.breaker.losses);
    assert!(back(assets(9)).is_tripped(0) && !back(assets(10)).is_tripped(0), "breaker: 50 of 1,000 is within it");
    assert_eq!(back(assets(60)).losses.counted, NONE);
}

#[test]
fn nobody_earns_for_what_was_drawn() {
    // 500 of 1,000 are drawn, and 300 come in: half of it is what the others would have had, a donation at the price
    // before it.
    let draws = Window { counted: assets(500), at: 0, ends_at: 1_000 };
    let fund = Fund { assets: assets(500), shares: shares(1_000), draws, ..Fund::default() };
    let settled =
        |now| fund.settled(&Totals { insurance_due: assets(300), accrued_at: now, ..fresh_pool(0, 0) }).unwrap().0;
    // 150 * 1,001 / 501; after half of the window 300 * 250 / 750 = 100: 100 * 1,001 / 501.
    let protocol = [0, 500, 1_000].map(|now| settled(now).protocol_shares.get());
    assert_eq!(protocol, [299, 199, 0], "one-hand");
    assert_eq!(settled(0).worth(shares(1_000)), Ok(assets(616)), "one-hand: 801 * 1,000 / 1,300");
}

#[test]
fn a_drained_fund_is_founded_again_by_revenue() {
    // Drained, and one unit staked: of what comes in a million is a donation first, so a share stays within a millionth
    // of all.
    let drained = Fund { generation: 7, ..Fund::default() };
    let staked = drained.stake(assets(1)).unwrap().fund;
    let due = |units| Totals { insurance_due: assets(units), ..fresh_pool(0, 0) };
    let (fund, _) = staked.settled(&due(5_000_000_000)).unwrap();
    assert_eq!((fund.protocol_shares, fund.assets), (shares(MIN_INITIAL_DONATION), assets(5_000_000_001)));
    assert_eq!(fund.worth(shares(1)), Ok(assets(4_999)), "one-hand: 5,000,000,002 / 1,000,002");
    assert!(fund.stake(assets(5_000)).is_ok() && fund.restore(assets(5_000)).is_ok(), "always-open");
    // In parts it is the same. A fund that has as much takes no more of it.
    let (part, _) = staked.settled(&due(400_000)).unwrap();
    let (rest, _) = part.settled(&due(4_999_600_000)).unwrap();
    assert_eq!((part.protocol_shares, rest), (shares(400_000), fund));
    assert_eq!(fund.settled(&due(9)).unwrap().0.protocol_shares, shares(MIN_INITIAL_DONATION));
    // Nearly drained: what is missing is counted in units, not in shares that cost a fiftieth of one. 976 of
    // protocol-owned shares' shares are worth one.
    let poor =
        Fund { assets: assets(1_000), shares: shares(50_000), protocol_shares: shares(976), generation: 1, ..drained };
    let (rich, _) = poor.settled(&due(10_000_000)).unwrap();
    // 999,981 * 50,977 / 1,001 shares
    assert_eq!((poor.worth(shares(976)), rich.protocol_shares), (Ok(assets(19)), shares(976 + 50_925_106)));
    assert!(rich.worth(shares(50_000)).unwrap() < assets(11_000), "one-hand: a thousandth of it");
    // What is owed counts when it accrues, not when it is paid.
    let owed = Totals { insurance_owed: assets(400_000), ..fresh_pool(0, 900_000) };
    let (owed, _) = staked.settled(&owed).unwrap();
    let (paid, _) = owed.settled(&due(400_000)).unwrap();
    assert_eq!((owed.protocol_shares, paid.protocol_shares), (shares(400_000), shares(400_000)), "revenue-is-owed");
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// `slash-only`: entering and leaving never lower the price for others, and cost their caller less than a unit.
    #[test]
    fn staking_costs_less_than_one_unit(
        fund in fund_with_history(), amount in real_amount(), part in 0_u64..=10_000,
        then in real_amount(),
    ) {
        let before = price(&fund);
        let one = whole(1);
        if let Ok(done) = fund.stake(assets(amount)) {
            let cost = whole(done.assets.get()) - whole(done.shares.get()) * &before;
            prop_assert!(
                done.assets.get() <= amount && cost >= Rational::zero() && cost < one,
                "slash-only: a stake cost {}",
                cost
            );
            prop_assert!(price(&done.fund) >= before, "slash-only");
            prop_assert_eq!(done.fund.assets.get(), fund.assets.get() + done.assets.get());
            // At once out again: no profit, for stakers of before neither.
            let worth = done.fund.worth(done.shares).unwrap();
            prop_assert!(worth <= done.assets, "no-free-money: {} for {}", worth.get(), done.assets.get());
        }
        let burned = u64::try_from(u128::from(fund.shares.get()) * u128::from(part) / 10_000).unwrap();
        let exit = before.clone();
        let worth = down(&(whole(burned) * exit)).min(int(then));
        if burned != 0 {
            let (exit, left) = fund.execute(&asked(burned, then)).unwrap();
            prop_assert_eq!(int(exit.assets.get()), worth.clone(), "slash-only: the lesser of then and now");
            prop_assert_eq!(
                exit.shares.get(),
                if worth.is_zero() { 0 } else { burned },
                "nobody gives shares for nothing"
            );
            prop_assert_eq!(exit.left, Request::default());
            prop_assert_eq!(left.assets.get() + exit.assets.get(), fund.assets.get());
            prop_assert_eq!(left.shares.get() + exit.shares.get(), fund.shares.get());
            // What is worth more than is paid stays as a donation: who stays, or comes, has less than a share of it.
            let all = fund.worth(shares(exit.shares.get())).unwrap();
            let unpaid = all > exit.assets;
            let paid_for = crate::model::up(&(whole(exit.assets.get()) / &before));
            let donation = if unpaid { int(exit.shares.get()) - paid_for } else { int(0) };
            prop_assert_eq!(int(left.protocol_shares.get()), int(fund.protocol_shares.get()) + donation, "no-windfall");
            let stay = int(left.all_shares().unwrap().get());
            prop_assert!(stay.is_zero() || price(&left) >= before, "slash-only");
            let gain = (price(&left) - &before) * whole(stay.clone() + 1);
            prop_assert!(stay.is_zero() || !unpaid || gain < before.max(one), "no-windfall: {} for who stays", gain);
        }
    }

    /// `slash-only`: protocol-owned shares are nobody's, whatever is drawn and whoever comes.
    #[test]
    fn no_donation_can_be_taken_out(
        donation in real_amount(), stake in real_amount(), lost in real_amount(),
        share in 0_u32..10_000,
    ) {
        let done = fund(donation).stake(assets(stake)).unwrap();
        prop_assert_eq!((done.shares.get(), done.fund.protocol_shares.get()), (stake, donation), "slash-only");
        // A loss takes from both in proportion: stakers lose at most their part of it, rounded down, plus the unit of
        // rounding.
        let limits = InsuranceLimits { share: Bps::new(share), ..open_handed() };
        let recorded = drawn(&state(&fresh_pool(0, 1), &done.fund), &limits, lost, 0);
        let taken = recorded.loss.from_insurance.get();
        let bears = down(&(whole(taken) * ratio(stake, stake + donation)));
        let record = recorded.record.unwrap();
        prop_assert_eq!(int(record.stakers.get()), bears.clone(), "slash-only");
        prop_assert_eq!(int(record.protocol.get()), int(taken) - &bears);
        if recorded.loss.stake_rescalings == 0 {
            let worth = recorded.state.fund.worth(shares(stake)).unwrap().get();
            prop_assert!(worth <= stake, "slash-only: a donation was taken out");
            prop_assert!(worth + taken + 1 >= stake, "slash-only: only the draw is lost");
        }
    }

    /// `no-windfall`: a donation, of anyone or out of a recovery, raises no share by more than a unit, and takes no
    /// more than it gives.
    #[test]
    fn a_donation_is_nobodys_gain(fund in fund_with_history(), amount in real_amount(), held in any::<u64>()) {
        let held = shares(held % (fund.shares.get() + 1));
        let back = given_back(&fund, amount);
        prop_assert_eq!(back.to_protocol.get() + back.to_reserves.get(), amount, "waterfall-exact");
        prop_assert_eq!(back.state.fund.shares, fund.shares);
        prop_assert_eq!(back.state.fund.assets.get(), fund.assets.get() + back.to_protocol.get());
        let (before, after) = (fund.worth(held).unwrap(), back.state.fund.worth(held).unwrap());
        prop_assert!(
            after >= before && after.get() <= before.get() + 1,
            "no-windfall: {} to {}",
            before.get(),
            after.get()
        );
        let one = whole(1);
        prop_assert!(whole(back.to_reserves.get()) < price(&fund) + one, "less than a share is left over");
        match fund.donate(assets(amount)) {
            Ok(given) => prop_assert_eq!((given.assets, given.fund), (back.to_protocol, back.state.fund)),
            Err(error) => prop_assert_eq!((error, back.to_protocol), (Error::AmountTooSmall, NONE)),
        }
    }

    /// `slash-only`: no draw takes more than its part of the loss, than the caps, and than there is.
    #[test]
    fn draws_respect_share_and_cap(
        fund in fund_with_history(), cap in 0_u32..=10_000, share in 0_u32..=10_000,
        losses in prop::collection::vec((real_amount(), 0_i64..200), 1..6),
    ) {
        let [cap, share] = [cap, share].map(Bps::new);
        let limits = InsuranceLimits { share, cap, window_seconds: 100 };
        let (mut kept, mut now) = (fund, fund.draws.at);
        for (lost, passed) in losses {
            now += passed;
            let base = int(kept.assets.get());
            let recent = crate::model::counted(&kept.draws, now);
            let (taken, after) = draw(&kept, &limits, lost, now);
            prop_assert!(whole(taken) <= whole(lost) * bps(share), "slash-only: the share of the loss");
            prop_assert!(whole(taken) <= whole(base.clone()) * bps(cap), "slash-only: the cap, of one loss");
            let most = whole(&base + &recent) * bps(cap);
            prop_assert!(taken == 0 || whole(int(taken) + recent) <= most, "slash-only: the cap, of the window");
            prop_assert_eq!(after.assets.get() + taken, kept.assets.get());
            kept = after;
        }
    }

    #[test]
    fn nothing_panics(
        (held, count, protocol) in (any_size(), any_size(), any_size()),
        (offered, then) in (any_size(), any_size()),
    ) {
        let fund = Fund { shares: shares(count), protocol_shares: shares(protocol), ..fund(held) };
        let _ = (fund.stake(assets(offered)), fund.worth(shares(offered)));
        if offered != 0 {
            let _ = fund.execute(&asked(offered, then));
        }
        let record =
            Record { protocol: assets(protocol), stakers: assets(held), lps: assets(then), ..Record::default() };
        let start = state(&fresh_pool(1, 0), &fund);
        for record in [None, Some(&record)] {
            let _ = recover(&start, &terms(&open_handed()), record, assets(offered), 0);
        }
        let _ = (fund.donate(assets(offered)), fund.restore(assets(offered)), fund.claim(shares(offered)));
    }
}
