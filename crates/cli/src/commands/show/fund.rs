//! The view of an insurance fund.

use backstop_engine::Result;

use crate::loaded_pool::PoolSummary;
use crate::view::{Cell, View};

/// The fund's assets, its limits for paying losses, and its cooldown.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn fund(summary: &PoolSummary) -> Result<View> {
    let PoolSummary { pool, fund, insured, totals, now, .. } = summary;
    let limits = pool.insurance();
    let drawn = insured.draws.counted_at(*now)?;
    let before = insured.all().plus(drawn)?;
    let window_left = limits.cap.of_down(before)?.saturating_sub(drawn);
    let coverage = match totals.performing_debt()?.get() {
        0 => Cell::none("nothing is lent"),
        debt => Cell::bps(backstop_engine::fixed::mul_div_down(insured.all().get(), 10_000, debt)?),
    };
    let mut view = View::new(format!("Insurance fund of the {} pool, with revenue settled", summary.token.symbol));
    view.figure("fund", "fund", Cell::address(&pool.insurance_fund))
        .figure("assets", "assets", summary.amount(insured.all()))
        .figure("owed", "  owed by the pool until it has cash", summary.amount(insured.owed))
        .figure("stake_shares", "stakers' shares", summary.shares(insured.shares))
        .figure("waiting_shares", "waiting shares, unclaimed", summary.shares(insured.waiting_shares))
        .figure("protocol_shares", "protocol-owned shares", summary.shares(insured.protocol_shares))
        .figure("stake_price", "stake price", Cell::share_price(summary.stake_price()?))
        .figure("coverage", "coverage of performing debt", coverage)
        .figure("target_coverage", "  target", Cell::bps(pool.parameters.risk.target_coverage_bps))
        .figure("insurance_share", "share of losses, after reserves", Cell::bps(limits.share.get()))
        .figure("draw_cap", "  maximum draw per window", Cell::bps(limits.cap.get()))
        .figure("window", "  window", Cell::seconds(pool.parameters.exit.window_seconds))
        .figure("window_left", "  left in this window", summary.amount(window_left.min(insured.all())))
        .figure("drawn", "drawn so far", summary.amount(insured.drawn))
        .figure("on_hold", "staking and unstaking", super::pool::hold(summary, &pool.holds().fund))
        .figure("unclaimed", "recovered for stakers, unclaimed", summary.amount(insured.worth(insured.waiting_shares)?))
        .figure("generation", "share rescalings by losses", Cell::count(fund.generation))
        .figure(
            "cooldown",
            "cooldown to unstake",
            Cell::seconds(pool.parameters.insurance.cooldown_seconds.cast_signed()),
        );
    Ok(view)
}
