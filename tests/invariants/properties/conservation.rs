//! `conservation`, `isolation`, `provision-once` as a sum.

use super::Moment;
use crate::{
    reckoning::Pot,
    state::State,
    step::{ACTORS, COLLATERALS, Step, TOKENS},
    violation::{Holds, equal, holds},
};

/// Holds after every step.
pub(super) fn check(moment: &Moment) -> Holds {
    let after = moment.after;
    vaults(after)?;
    shares(after)?;
    let pot = Pot::of(&after.pool.totals());
    let told = after.pool.totals().nav().map(|nav| i128::from(nav.get()));
    equal!("conservation", told, Ok(pot.nav()), "NAV and cash + performing debt - reserves");
    holds!("wipe-out", after.pool.shares != 0 || pot.nav() == 0, "NAV of {} without shares", pot.nav());
    equal!("conservation", after.supply(), moment.before.supply(), "tokens of each kind");
    Ok(())
}

/// Vaults hold what is owed, donations besides, and nothing else.
fn vaults(state: &State) -> Holds {
    let (pool, fund) = (&state.pool, &state.fund);
    let pools = u128::from(pool.cash) + u128::from(pool.insurance_due) + u128::from(pool.claims.ledger.payable);
    let funds = u128::from(fund.assets) + u128::from(fund.claims.ledger.payable);
    let vault = u128::from(state.vault) - u128::from(state.donated);
    let what = "the vault, and cash + due to insurance + the fund's assets + what LPs and stakers can claim";
    equal!("conservation", vault, pools + funds, "{what}");
    for token in COLLATERALS {
        let held: u64 = ACTORS.iter().map(|who| state.held(*who, token)).sum();
        let (deposited, vault) = (state.collaterals[token].deposited, state.collateral_vaults[token]);
        equal!(
            "conservation",
            (deposited, vault),
            (held, held),
            "{token:?} counted and in the vault, and in obligations"
        );
    }
    Ok(())
}

/// Shares of all kinds are somebody's.
fn shares(state: &State) -> Holds {
    let pool = &state.pool;
    let held = state.held_shares() + state.orphaned.0;
    equal!("conservation", pool.shares, held, "LP shares, and those of all LPs");
    let staked = state.held_stake() + state.orphaned.1;
    equal!("conservation", state.fund.shares, staked, "stakers' shares, and those of all stakers");
    let owed: u64 = state.obligations.values().map(|obligation| obligation.debt_shares).sum();
    equal!("no-interest-on-bad-debt", pool.debt_shares, owed, "debt shares, and those of all who owe");
    let provisions: u64 = state.obligations.values().map(|obligation| obligation.provision).sum();
    let count = state.obligations.values().filter(|obligation| obligation.provision != 0).count();
    let told = (pool.provisions, usize::try_from(pool.provisioned).unwrap());
    equal!("provision-once", told, (provisions, count), "provisions and their number, and those of all obligations");
    Ok(())
}

/// A step touches nobody but whom it names.
pub(super) fn isolation(moment: &Moment) -> Holds {
    let (step, before, after) = (moment.step, moment.before, moment.after);
    for who in ACTORS {
        let untouched = step.obligation() == Some(who) || before.obligations[who] == after.obligations[who];
        holds!("isolation", untouched, "the obligation of {who:?}");
        let untouched = step.changes_position(who) || before.positions[who] == after.positions[who];
        holds!("isolation", untouched, "the position of {who:?}");
        let untouched = step.changes_stake(who) || before.stakes[who] == after.stakes[who];
        holds!("isolation", untouched, "the stake of {who:?}");
        let untouched = step.who() == Some(who) || before.wallets[who] == after.wallets[who];
        holds!("isolation", untouched, "the wallet of {who:?}");
    }
    holds!("isolation", before.pool.parameters == after.pool.parameters, "parameters");
    let moved = TOKENS.into_iter().find(|token| before.quotes[*token] != after.quotes[*token]);
    let expected =
        if let Step::Price { token, .. } = step { moved.is_none_or(|moved| moved == token) } else { moved.is_none() };
    holds!("isolation", expected, "the price of {moved:?}");
    Ok(())
}
