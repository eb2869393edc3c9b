//! Claims on losses and their histories: the parts that LPs and stakers share.

use backstop_client::{BackstopError, verb};
use solana_address::Address;

use super::Plan;
use crate::{
    loaded_pool::{Borne, LoadedPool},
    view::Cell,
};

/// The most losses that one transaction claims.
const CLAIMS: usize = 6;

/// The losses with a claimable amount, up to as many as fit into one transaction.
pub(super) fn claimable(losses: &[Borne]) -> Result<Vec<Borne>, BackstopError> {
    let mut due: Vec<Borne> = losses.iter().filter(|loss| loss.claimable != 0).copied().collect();
    due.truncate(CLAIMS);
    if due.is_empty() { Err(BackstopError::NothingToClaim) } else { Ok(due) }
}

/// Opens the claim account of a loss unless it is open.
pub(super) fn open_claim(plan: &mut Plan, loss: &Borne, holder: Address, me: Address) {
    if loss.claim.is_none() {
        let what = format!("your claim account for loss {} is opened (you pay its rent)", loss.number);
        plan.first(verb::open_claim(holder, me, loss.number), &what);
    }
}

/// Adds the claimed amount, and what stays unrecovered.
pub(super) fn tell_claims(plan: &mut Plan, loaded: &LoadedPool, losses: &[Borne], claimed: &[Borne]) {
    let due = |losses: &[Borne]| losses.iter().map(|loss| loss.due).sum::<u64>();
    plan.tell("receive", "recovered", Cell::amount(due(claimed), &loaded.token));
    let rest = due(losses).saturating_sub(due(claimed));
    if rest != 0 {
        let rest = Cell::amount(rest, &loaded.token).text;
        plan.preview.note(format!("{rest} more can be claimed later."));
    }
    let left = losses.iter().map(|loss| loss.lost.saturating_sub(loss.recovered)).sum();
    plan.tell("unrecovered", "not recovered yet", Cell::amount(left, &loaded.token));
}

/// Adds how many rows a history uses, has, and will have.
pub(super) fn tell_room(plan: &mut Plan, rows: usize, room: u32, more: u32) {
    plan.tell("rows", "history rows used", Cell::count(rows as u64))
        .tell("room", "history rows", Cell::count(room))
        .tell("then", "history rows after", Cell::count(room.saturating_add(more)));
}

/// Warns about the claims that are given up.
pub(super) fn tell_given_up(plan: &mut Plan, loaded: &LoadedPool, losses: &[Borne], through: u32) {
    let given: Vec<_> = losses.iter().filter(|loss| loss.number <= through).collect();
    let lost = given.iter().map(|loss| loss.lost.saturating_sub(loss.recovered).saturating_add(loss.due)).sum();
    let lost = Cell::amount(lost, &loaded.token);
    let warning = format!(
        "You forfeit {}, the part of these losses that was not paid back to you. This cannot be undone.",
        lost.text
    );
    plan.tell("given_up", "given up", lost);
    plan.preview.note(warning.as_str());
    plan.warning = Some(warning);
}
