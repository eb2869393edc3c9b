//! `waterfall-exact`, `pro-rata`, `slash-only`, `wipe-out`, `provision-once` of a loss.

use backstop_client::LossRecorded;

use super::Moment;
use crate::{
    reckoning::{self, Pot, Split},
    step::ACTORS,
    violation::{Holds, equal, holds},
};

pub(super) fn check(moment: &Moment, told: &LossRecorded) -> Holds {
    let just = moment.just();
    let split = reckoning::split(moment.before, &just, just.debt_shares - moment.after.pool.debt_shares, moment.now);
    waterfall_exact(moment, told, &just, &split)?;
    wipe_out(moment, told, &just)?;
    pro_rata(moment, told, &just)?;
    provision_once(moment, told, &just)
}

/// The split of a loss, computed anew.
fn waterfall_exact(moment: &Moment, told: &LossRecorded, just: &Pot, split: &Split) -> Holds {
    let parts = (told.loss, told.from_reserves, told.from_insurance, told.to_lps, told.uncovered);
    let expected = (split.loss, split.reserves, split.insurance, split.lps, split.uncovered);
    equal!("waterfall-exact", parts, expected, "loss, from reserves, from insurance, to LPs, uncovered");
    let sum = told.from_reserves + told.from_insurance + told.to_lps + told.uncovered;
    equal!("waterfall-exact", told.loss, sum, "the loss, and its parts");
    equal!(
        "waterfall-exact",
        told.uncovered,
        0,
        "what exceeds NAV, though all that was lent came from NAV or reserves"
    );
    let (fund, before) = (&moment.after.fund, &moment.before.fund);
    equal!("slash-only", fund.assets, before.assets + just.due - split.insurance, "the fund after the draw");
    equal!("slash-only", fund.drawn, before.drawn + split.insurance, "all that was drawn");
    let fell = just.nav() - Pot::of(&moment.after.pool.totals()).nav();
    equal!("price-falls-only-by-loss", fell, i128::from(split.lps), "what NAV fell by, and what LPs bear");
    let sequence = moment.before.pool.losses + 1;
    equal!("waterfall-exact", (told.sequence, moment.after.pool.losses), (sequence, sequence), "the sequence number");
    let generation = u64::from(moment.before.pool.claims.ledger.generation);
    equal!("waterfall-exact", (told.shares, told.generation), (just.shares, generation), "who bore it");
    Ok(())
}

/// A loss of all voids the shares, and nothing else does.
fn wipe_out(moment: &Moment, told: &LossRecorded, just: &Pot) -> Holds {
    let wiped = told.to_lps != 0 && i128::from(told.to_lps) == just.nav();
    let (before, after) = (&moment.before.pool, &moment.after.pool);
    let generation = before.claims.ledger.generation + u32::from(wiped);
    let shares = if wiped { 0 } else { just.shares };
    equal!("wipe-out", (after.claims.ledger.generation, after.shares), (generation, shares), "generation and shares");
    let (staked, _) = reckoning::stake_shares(&moment.before.fund, just.due);
    let drained = told.from_insurance != 0 && moment.after.fund.assets == 0 && staked != 0;
    let generation = moment.before.fund.claims.ledger.generation + u32::from(drained);
    let shares = if drained { 0 } else { moment.before.fund.shares };
    let fund = &moment.after.fund;
    equal!(
        "wipe-out",
        (fund.claims.ledger.generation, fund.shares),
        (generation, shares),
        "the fund's generation and shares"
    );
    Ok(())
}

/// Every LP's value falls by their part of the loss, within a unit of rounding to each side and what the virtual share bears.
fn pro_rata(moment: &Moment, told: &LossRecorded, just: &Pot) -> Holds {
    let wiped = moment.after.pool.claims.ledger.generation != moment.before.pool.claims.ledger.generation;
    let value = |nav: i128, all: u64, shares: u64| {
        let worth = u128::from(shares) * (u128::try_from(nav).unwrap() + 1) / (u128::from(all) + 1);
        i128::try_from(worth).unwrap()
    };
    let is = Pot::of(&moment.is);
    for who in ACTORS {
        let shares = moment.before.shares(who);
        if shares == 0 {
            continue;
        }
        let kept = if wiped { 0 } else { value(is.nav(), is.shares, shares) };
        let fell = value(just.nav(), just.shares, shares) - kept;
        let part = i128::from(reckoning::share_of(told.to_lps, shares, told.shares));
        let allowed = 2 + i128::from(told.to_lps) / (i128::from(told.shares) + 1);
        holds!("pro-rata", (fell - part).abs() <= allowed, "{who:?} lost {fell}, their part is {part}");
    }
    Ok(())
}

/// What was provisioned is released when it is recorded: the exit price falls by no more than what the loss exceeds it by.
fn provision_once(moment: &Moment, told: &LossRecorded, just: &Pot) -> Holds {
    let Some(who) = moment.step.obligation() else { return Ok(()) };
    equal!("provision-once", moment.after.obligations[who].provision, 0, "the provision of a recorded debt");
    let was = reckoning::exit_nav(moment.before, just, moment.now);
    let is = reckoning::exit_nav(moment.after, &Pot::of(&moment.is), moment.now);
    let surprise = i128::from(told.loss.saturating_sub(moment.before.obligations[who].provision));
    holds!(
        "provision-once",
        was - is <= surprise + 3,
        "exit NAV fell from {was} to {is}, {surprise} were not provisioned"
    );
    Ok(())
}
