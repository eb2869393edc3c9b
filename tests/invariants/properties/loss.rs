//! `waterfall-exact`, `pro-rata`, `slash-only`, `wipe-out` of a loss.

use backstop_client::LossRecorded;

use super::Moment;
use crate::{
    model::{self, Allocation, ModelPool},
    step::ACTORS,
    violation::{Holds, equal, holds},
};

pub(super) fn check(moment: &Moment, reported: &LossRecorded) -> Holds {
    let just = moment.just();
    let split = model::split(moment.before, &just, just.debt_shares - moment.after.pool.debt_shares, moment.now);
    waterfall_exact(moment, reported, &just, &split)?;
    wipe_out(moment, reported, &just)?;
    pro_rata(moment, reported, &just)
}

/// The split of a loss, computed anew.
fn waterfall_exact(moment: &Moment, reported: &LossRecorded, just: &ModelPool, split: &Allocation) -> Holds {
    let parts = (reported.loss, reported.from_reserves, reported.from_insurance, reported.to_lps, reported.uncovered);
    let expected = (split.loss, split.reserves, split.insurance, split.lps, split.uncovered);
    equal!("waterfall-exact", parts, expected, "loss, from reserves, from insurance, to LPs, uncovered");
    let sum = reported.from_reserves + reported.from_insurance + reported.to_lps + reported.uncovered;
    equal!("waterfall-exact", reported.loss, sum, "the loss, and its parts");
    equal!(
        "waterfall-exact",
        reported.uncovered,
        0,
        "what exceeds NAV, though all that was lent came from NAV or reserves"
    );
    let (fund, before) = (&moment.after.fund, &moment.before.fund);
    let from_owed = split.insurance.min(just.owed);
    let has = before.assets + just.due + from_owed - split.insurance;
    equal!("slash-only", fund.assets, has, "the fund after the draw");
    let owed = just.owed - from_owed;
    equal!("slash-only", moment.after.pool.insurance_owed, owed, "what the fund is owed: that is drawn first");
    equal!("slash-only", fund.drawn, before.drawn + split.insurance, "all that was drawn");
    let fell = just.nav() - ModelPool::of(&moment.after.pool.totals()).nav();
    equal!("price-falls-only-by-loss", fell, i128::from(split.lps), "what NAV fell by, and what LPs bear");
    let sequence = moment.before.pool.losses + 1;
    equal!(
        "waterfall-exact",
        (reported.sequence, moment.after.pool.losses),
        (sequence, sequence),
        "the sequence number"
    );
    let stakers = reported.from_stakers;
    equal!("waterfall-exact", stakers, split.stakers, "what stakers bear of what insurance does");
    let generation = u64::from(moment.before.pool.generation);
    equal!("waterfall-exact", (reported.shares, reported.generation), (just.shares, generation), "who bore it");
    Ok(())
}

/// A loss divides all shares until one is worth a thousandth of a unit, one of all voids them; nothing else does.
fn wipe_out(moment: &Moment, reported: &LossRecorded, just: &ModelPool) -> Holds {
    let (before, after) = (&moment.before.pool, &moment.after.pool);
    let left = u64::try_from(just.nav()).unwrap() - reported.to_lps;
    let times = if reported.to_lps == 0 { 0 } else { model::rescalings(left, just.shares) };
    let expected = (before.generation + times, just.shares.checked_shr(10 * times).unwrap_or(0));
    equal!("wipe-out", (after.generation, after.shares), expected, "generation and shares");
    let settled = model::stake_shares(&moment.before.fund, just.insured(), moment.now);
    let fund = &moment.after.fund;
    let drawn = reported.from_insurance != 0;
    let times = if drawn { model::rescalings(fund.assets + after.insurance_owed, settled.iter().sum()) } else { 0 };
    let before = &moment.before.fund;
    let shift = |shares: u64| shares.checked_shr(10 * times).unwrap_or(0);
    // Where nobody has a share and nothing is drawn, none is made yet.
    let had = [before.shares, before.waiting_shares, before.protocol_shares];
    let shares = if drawn || had != [0; 3] { settled.map(shift) } else { had };
    let expected = (before.generation + times, shares);
    let found = (fund.generation, [fund.shares, fund.waiting_shares, fund.protocol_shares]);
    equal!("wipe-out", found, expected, "the fund's generation and shares");
    Ok(())
}

/// Every LP's value falls by their part of the loss, within a unit of rounding to each side and what the virtual share
/// bears.
fn pro_rata(moment: &Moment, reported: &LossRecorded, just: &ModelPool) -> Holds {
    // Shares that were divided are cut off, to a unit each, and so is the virtual one's part of the rest.
    let divided = moment.after.pool.generation != moment.before.pool.generation;
    let value = |nav: i128, all: u64, shares: u64| {
        let worth = u128::from(shares) * (u128::try_from(nav).unwrap() + 1) / (u128::from(all) + 1);
        i128::try_from(worth).unwrap()
    };
    let is = ModelPool::of(&moment.is);
    for who in ACTORS {
        let shares = moment.before.shares(who);
        if shares == 0 {
            continue;
        }
        let kept = value(is.nav(), is.shares, moment.after.shares(who));
        let fell = value(just.nav(), just.shares, shares) - kept;
        let part = i128::from(model::share_of(reported.to_lps, shares, reported.shares));
        let allowed = 2 + i128::from(reported.to_lps) / (i128::from(reported.shares) + 1) + if divided { 3 } else { 0 };
        holds!("pro-rata", (fell - part).abs() <= allowed, "{who:?} lost {fell}, their part is {part}");
    }
    Ok(())
}
