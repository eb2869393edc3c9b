//! Properties, checked on what the reports print and with arithmetic of their own.

use backstop_cli::{
    report::{LossReport, State, StepReport},
    story::Story,
};
use backstop_client::InsuranceFund;
use backstop_testkit::Decimal;

/// Base units of a printed amount of liquidity or shares. All stories lend a token with six decimals.
fn units(printed: &str) -> i128 {
    i128::from(Decimal::parse(printed).unwrap().base_units(6).unwrap())
}

/// `conservation`: NAV is what there is, and the vaults hold it.
pub(crate) fn conservation(at: &str, story: &mut Story, state: &State) {
    let pool = &state.pool;
    let (cash, debt, reserves) = (units(&pool.cash), units(&pool.performing_debt), units(&pool.reserves));
    assert_eq!(units(&pool.nav), cash + debt - reserves, "conservation: {at}: NAV = cash + performing debt - reserves");

    let key = *story.world().key();
    let vault = i128::from(story.world().balance_at(&key.vault));
    assert_eq!(vault, cash + units(&pool.insurance_due), "conservation: {at}: the vault holds cash and what is due");
    let insurance = i128::from(story.world().balance_at(&key.insurance_vault));
    assert_eq!(insurance, units(&state.insurance.assets), "conservation: {at}: the fund's vault holds its assets");

    let share_values: i128 = state.actors.values().map(|actor| units(actor["share_value"].as_str().unwrap())).sum();
    assert!(share_values <= units(&pool.nav), "conservation: {at}: shares are worth at most NAV");
}

/// `waterfall-exact`: the split adds up; reserves pay all they have, insurance the lesser of its share, its caps and what it
/// holds, and LPs only what is left.
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
    let (passed, window) = (world.now() - fund.window_at, i64::from(limits.window_seconds));
    let drawn = i128::from(fund.window_drawn);
    let faded = drawn - drawn * i128::from(passed.min(window)) / i128::from(window);
    let bps = |amount: i128, bps: u32| amount * i128::from(bps) / 10_000;
    let allowed = bps(total - reserves, limits.insurance_share_bps)
        .min(bps(assets, limits.event_cap_bps))
        .min((bps(assets + faded, limits.window_cap_bps) - faded).max(0))
        .min(assets);
    assert_eq!(insurance, allowed, "waterfall-exact: {at}: insurance pays its share within its caps");
}

/// `pro-rata`: every LP loses its shares' part of the writedown, within the unit that rounding takes before and after.
pub(crate) fn pro_rata(at: &str, before: &State, after: &State, loss: &LossReport) {
    let (to_lps, all) = (units(&loss.to_lps), units(&loss.shares));
    for (name, actor) in &before.actors {
        let told = |state: &State, key: &str| units(state.actors[name][key].as_str().unwrap());
        let (shares, lost) =
            (units(actor["shares"].as_str().unwrap()), told(before, "share_value") - told(after, "share_value"));
        let fair = shares * to_lps / all;
        assert!((lost - fair).abs() <= 2, "pro-rata: {at}: {name} lost {lost}, its part is {fair}");
    }
    let fell = units(&before.pool.nav) - units(&after.pool.nav);
    assert!((fell - to_lps).abs() <= 2, "pro-rata: {at}: NAV fell by {fell}, the writedown is {to_lps}");
}
