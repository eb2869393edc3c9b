//! Properties, checked on what the reports print and with arithmetic of their own.

use backstop_client::InsuranceFund;
use backstop_scenario::{
    report::{LossReport, RecoveryReport, State, StepReport},
    story::Story,
};
use backstop_text::Decimal;
use serde_json::Value;

/// Base units of a printed amount of liquidity or shares. All stories lend a token with six decimals.
fn units(printed: &str) -> i128 {
    i128::from(Decimal::parse(printed).unwrap().base_units(6).unwrap())
}

/// `conservation`: NAV is what there is, and the vaults hold it.
pub(crate) fn conservation(at: &str, story: &mut Story, state: &State) {
    let pool = &state.pool;
    let (cash, debt, reserves) = (units(&pool.cash), units(&pool.performing_debt), units(&pool.reserves));
    let owed = units(&pool.insurance_owed);
    assert_eq!(
        units(&pool.nav),
        cash + debt - reserves - owed,
        "conservation: {at}: cash + performing debt - reserves - owed"
    );

    let (vault, insurance) = (story.world().key().vault, &state.insurance);
    let held = i128::from(story.world().balance_at(&vault));
    let fund = units(&insurance.assets) + units(&pool.insurance_due);
    assert_eq!(
        held,
        cash + fund + units(&pool.unclaimed) + units(&pool.payable),
        "conservation: {at}: the vault holds cash, the fund, and what waits to be claimed or collected"
    );

    let shares = all(state, "shares");
    assert_eq!(shares, units(&pool.shares), "conservation: {at}: all shares are somebody's");
    assert!(all(state, "share_value") <= units(&pool.nav), "conservation: {at}: shares pay at most NAV");
    let stakes = all(state, "stake_shares");
    assert_eq!(stakes, units(&insurance.stake_shares), "conservation: {at}: all stake is somebody's");
    let staked = all(state, "stake_value") + units(&insurance.unclaimed);
    assert!(staked <= fund + owed, "conservation: {at}: stake is worth at most what is the fund's");
}

/// The sum of an amount over everyone.
fn all(state: &State, key: &str) -> i128 {
    state.actors.values().map(|actor| units(actor[key].as_str().unwrap())).sum()
}

/// What LPs' claims paid so far.
#[derive(Default)]
pub(crate) struct Claimed {
    by_lps: i128,
}

impl Claimed {
    /// `claims-solvent`: what was recovered is what was paid and what waits; what can be claimed is all that waits, but
    /// for less than a unit for each holder and loss; what is unrecovered is what was lost less what was recovered.
    pub(crate) fn claims_solvent(&mut self, at: &str, step: &StepReport, state: &State) {
        if step.verb == "claim_recovery" {
            self.by_lps += step.effect.get("assets").map_or(0, |paid| units(paid.as_str().unwrap()));
        }
        let (pool, insurance) = (&state.pool, &state.insurance);
        let recovered = |of: fn(&RecoveryReport) -> &str| state.recoveries.iter().map(|paid| units(of(paid))).sum();
        let (to_lps, to_stakers): (i128, i128) = (recovered(|paid| &paid.to_lps), recovered(|paid| &paid.to_stakers));
        let rounded = i128::try_from(state.actors.len() * state.losses.len()).unwrap();
        let waiting = units(&pool.unclaimed);
        assert_eq!(to_lps, self.by_lps + waiting, "claims-solvent: {at}: what was recovered was paid or waits");
        for (waiting, claimable) in
            [(waiting, all(state, "claimable")), (units(&insurance.unclaimed), all(state, "stake_claimable"))]
        {
            assert!(claimable <= waiting, "claims-solvent: {at}: {claimable} can be claimed of {waiting}");
            assert!(
                waiting - claimable < rounded.max(1),
                "claims-solvent: {at}: {claimable} of {waiting} is too little"
            );
        }
        let lost = |of: fn(&LossReport) -> &str| -> i128 {
            state.losses.iter().filter(|loss| loss.number > 0).map(|loss| units(of(loss))).sum()
        };
        let (by_lps, by_stakers) = (lost(|loss| &loss.to_lps), lost(|loss| &loss.from_stakers));
        assert_eq!(units(&pool.unrecovered), by_lps - to_lps, "claims-solvent: {at}: what LPs lost is in the book");
        // What of it pays for no whole share of the fund is the reserves'.
        let dust = by_stakers - to_stakers - units(&insurance.unrecovered);
        let most = i128::try_from(state.recoveries.len()).unwrap();
        assert!((0..=most).contains(&dust), "claims-solvent: {at}: and what stakers lost: {dust}");
        for recovery in &state.recoveries {
            let parts = [&recovery.to_lps, &recovery.to_stakers, &recovery.to_protocol, &recovery.to_reserves];
            let sum: i128 = parts.map(|part| units(part)).iter().sum();
            assert_eq!(units(&recovery.assets), sum, "claims-solvent: {at}: the split adds up");
        }
    }
}

/// `marked-once`: a mark is no more than the debt, all of them add up, and it falls by what is recorded.
pub(crate) fn marked_once(at: &str, before: &State, after: &State) {
    for (name, actor) in &after.actors {
        let reported = |key: &str| units(actor[key].as_str().unwrap());
        assert!(reported("marked") <= reported("debt"), "marked-once: {at}: {name}'s mark exceeds its debt");
    }
    assert_eq!(all(after, "marked"), units(&after.pool.marked), "marked-once: {at}: marks add up");
    if let Some(loss) = after.losses.get(before.losses.len()) {
        let marked = |state: &State| {
            state.actors.get(&loss.obligation).map_or(0, |actor| units(actor["marked"].as_str().unwrap()))
        };
        // A liquidation marks what it records first: to a debt share the same.
        let left = (marked(before) - units(&loss.loss)).max(0);
        assert!(marked(after) <= left + 2, "marked-once: {at}: {} is still marked", marked(after));
    }
}

/// `nobody-leaves-a-known-loss`: a pool or a fund is on hold while more than a ten-thousandth of what it holds is
/// marked, and meanwhile nobody's shares come or go: those who hold them when the loss is recorded are those who held
/// them when it became visible.
pub(crate) fn nobody_leaves_a_known_loss(at: &str, before: &State, after: &State, step: &StepReport) {
    let known = |state: &State, held: i128| units(&state.pool.marked) * 10_000 > held;
    let nav = units(&after.pool.nav);
    assert_eq!(after.pool.on_hold, known(after, nav), "nobody-leaves-a-known-loss: {at}: {nav}");
    let fund = |state: &State| units(&state.insurance.assets) + units(&state.pool.insurance_due);
    let of_pool = ["deposit", "withdraw", "execute_withdrawal"];
    for (verbs, is_known) in [
        (&of_pool[..], known(before, units(&before.pool.nav))),
        (&["stake", "execute_unstake"], known(before, fund(before))),
    ] {
        let moved = step.ok && verbs.contains(&step.verb.as_str());
        assert!(!(is_known && moved), "nobody-leaves-a-known-loss: {at}: {}", step.verb);
    }
}

/// `price-falls-only-by-loss`: what a share is worth falls by a recorded loss and by nothing else.
pub(crate) fn price_falls_only_by_loss(at: &str, before: &State, after: &State) {
    if after.losses.len() > before.losses.len() || after.pool.generation != before.pool.generation {
        return;
    }
    let price = |state: &State| (units(&state.pool.nav) + 1, units(&state.pool.shares) + 1);
    let ((nav_before, shares_before), (nav_after, shares_after)) = (price(before), price(after));
    assert!(nav_after * shares_before >= nav_before * shares_after, "price-falls-only-by-loss: {at}");
}

/// `waterfall-exact`: the split adds up; reserves pay all they have, insurance the lesser of its share, its cap and
/// what it holds, and LPs only what is left.
pub(crate) fn waterfall_exact(
    at: &str,
    story: &mut Story,
    fund: &InsuranceFund,
    before: &State,
    step: &StepReport,
    loss: &LossReport,
) {
    let world = story.world();
    let limits = world.pool().parameters.loss;
    let (total, reserves, insurance) = (units(&loss.loss), units(&loss.from_reserves), units(&loss.from_insurance));
    let (lps, uncovered) = (units(&loss.to_lps), units(&loss.uncovered));
    assert_eq!(total, reserves + insurance + lps + uncovered, "waterfall-exact: {at}: the split adds up");
    assert_eq!(reserves, total.min(units(&before.pool.reserves)), "waterfall-exact: {at}: reserves first, all of them");

    let cut = step.effect.get("insurance_cut").map_or(0, |cut| units(cut.as_str().unwrap()));
    let assets = i128::from(fund.assets) + units(&before.pool.insurance_due) + cut;
    let (passed, span) = (world.now() - fund.window_at, (fund.window_ends_at - fund.window_at).max(1));
    let drawn = i128::from(fund.window_drawn);
    let faded = drawn - drawn * i128::from(passed.min(span)) / i128::from(span);
    let bps = |amount: i128, bps: u32| amount * i128::from(bps) / 10_000;
    let allowed = bps(total - reserves, before.pool.insurance_share_bps)
        .min((bps(assets + faded, limits.draw_cap_bps) - faded).max(0))
        .min(assets);
    assert_eq!(insurance, allowed, "waterfall-exact: {at}: insurance pays its share within its cap");
}

/// `pro-rata`: every LP loses its shares' part of the writedown, within the unit that rounding takes before and after.
pub(crate) fn pro_rata(at: &str, before: &State, after: &State, loss: &LossReport) {
    let (to_lps, all) = (units(&loss.to_lps), units(&loss.shares));
    let worth = |state: &State, name: &str| {
        let shares = state.actors.get(name).map_or(0, |actor| units(actor["shares"].as_str().unwrap()));
        shares * (units(&state.pool.nav) + 1) / (units(&state.pool.shares) + 1)
    };
    for (name, actor) in &before.actors {
        let lost = worth(before, name) - worth(after, name);
        let fair = units(actor["shares"].as_str().unwrap()) * to_lps / all;
        assert!((lost - fair).abs() <= 2, "pro-rata: {at}: {name} lost {lost}, its part is {fair}");
    }
    let fell = units(&before.pool.nav) - units(&after.pool.nav);
    assert!((fell - to_lps).abs() <= 2, "pro-rata: {at}: NAV fell by {fell}, the writedown is {to_lps}");
}

/// Base units of a printed change of a balance.
fn change(printed: &Value, decimals: u8) -> i128 {
    let text = printed.as_str().unwrap();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    sign * i128::from(Decimal::parse(digits).unwrap().base_units(decimals).unwrap())
}

/// What base units are worth at a price of so many digits, in 10^-18 USD, rounded down.
fn worth(units: i128, digits: u64, exponent: i32, decimals: u8) -> i128 {
    let power = 18 + exponent - i32::from(decimals);
    let scale = 10_i128.pow(power.unsigned_abs());
    let product = units * i128::from(digits);
    if power < 0 { product / scale } else { product * scale }
}

/// `nothing-for-nothing`: collateral reaches a wallet as what its owner takes out, or as what a liquidation pays for at
/// its bonus.
pub(crate) fn nothing_for_nothing(at: &str, story: &mut Story, before: &State, after: &State, step: &StepReport) {
    let world = story.world();
    for symbol in after.collaterals.keys() {
        let decimals = world.decimals(symbol);
        let held = |state: &State, name: &str| {
            state.actors.get(name).map_or(0, |actor| change(&actor[symbol.as_str()], decimals))
        };
        let takes = matches!(step.verb.as_str(), "liquidate" | "withdraw_collateral");
        for name in after.actors.keys().filter(|name| !takes || step.who.as_ref() != Some(*name)) {
            let (was, is) = (held(before, name), held(after, name));
            assert!(is <= was, "nothing-for-nothing: {at}: {name} got {} of {symbol}", is - was);
        }
    }
    if step.ok && step.verb == "liquidate" {
        let reported = |key: &str| step.effect[key].as_str().unwrap();
        let symbol = reported("collateral");
        let decimals = world.decimals(symbol);
        let quote = world.conservative_quote(symbol).unwrap();
        let seized = worth(change(&step.effect["seized"], decimals), quote.price, quote.exponent, decimals);
        let bonus: i128 = reported("bonus_bps").parse().unwrap();
        // Every story's liquidity costs 1 USD: a unit is 10^12 of value.
        let paid_for = units(reported("repaid")) * 1_000_000_000_000 * (10_000 + bonus);
        assert!(
            seized * 10_000 <= paid_for,
            "nothing-for-nothing: {at}: {} was seized for {}",
            seized,
            reported("repaid")
        );
    }
}

/// `covered-is-never-lost`: what is lost of a debt is no more than what its collateral, at the lower price and after
/// the least bonus, did not bring towards it just before. What is worth next to nothing at its average counts for
/// nothing.
pub(crate) fn covered_is_never_lost(at: &str, story: &mut Story, before: &State, loss: &LossReport) {
    let world = story.world();
    let actor = &before.actors[&loss.obligation];
    let dust = i128::from(world.pool().parameters.loss.dust_value) * 1_000_000_000_000;
    let mut brings = 0;
    for (symbol, held) in actor["collateral"].as_object().unwrap() {
        let (listed, decimals) = (world.collateral(symbol), world.decimals(symbol));
        let held = change(held, decimals);
        let average = i128::try_from(listed.average.price).unwrap();
        if held * average * 20 > dust * 10_i128.pow(u32::from(decimals)) {
            let quote = world.conservative_quote(symbol).unwrap();
            let value = worth(held, quote.price - quote.confidence, quote.exponent, decimals);
            brings += value * 10_000 / (10_000 + i128::from(listed.parameters.bonus_min_bps));
        }
    }
    let uncovered = (units(actor["debt"].as_str().unwrap()) - brings / 1_000_000_000_000).max(0);
    // A liquidation rounds what it takes and what is paid for it.
    let lost = units(&loss.loss);
    assert!(lost <= uncovered + 2, "covered-is-never-lost: {at}: {lost} was lost, {uncovered} was not covered");
}
