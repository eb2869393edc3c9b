//! Claims on losses and the histories that they are read from: what is alike for LPs and stakers.

use backstop_client::{BackstopError, verb};
use solana_address::Address;

use super::Plan;
use crate::{desk::Desk, show::Borne, view::Figure};

/// Of how many losses one transaction claims.
const CLAIMS: usize = 6;

/// Losses of which something can be claimed: as many as fit one transaction.
pub(super) fn claimable(losses: &[Borne]) -> Result<Vec<Borne>, BackstopError> {
    let mut due: Vec<Borne> = losses.iter().filter(|loss| loss.claimable != 0).copied().collect();
    due.truncate(CLAIMS);
    if due.is_empty() { Err(BackstopError::NothingToClaim) } else { Ok(due) }
}

/// Opens the account of what is claimed of a loss, if it is not open.
pub(super) fn open_claim(plan: &mut Plan, loss: &Borne, holder: Address, me: Address) {
    if loss.claim.is_none() {
        let what =
            format!("the account that remembers what you claim of loss {} is opened; you pay its rent", loss.number);
        plan.first(verb::open_claim(holder, me, loss.number), &what);
    }
}

/// Tells how much is claimed, and of what.
pub(super) fn tell_claims(plan: &mut Plan, desk: &Desk, losses: &[Borne], claimed: &[Borne]) {
    let due = |losses: &[Borne]| losses.iter().map(|loss| loss.due).sum::<u64>();
    plan.tell("receive", "you have back", Figure::amount(due(claimed), &desk.token));
    let rest = due(losses).saturating_sub(due(claimed));
    if rest != 0 {
        let rest = Figure::amount(rest, &desk.token).text;
        plan.preview.note(format!("{rest} more can be claimed later."));
    }
    let left = losses.iter().map(|loss| loss.lost.saturating_sub(loss.recovered)).sum();
    plan.tell("unrecovered", "lost and not recovered", Figure::amount(left, &desk.token));
}

/// Tells how much room a history has, and will have.
pub(super) fn tell_room(plan: &mut Plan, rows: usize, room: u32, more: u32) {
    plan.tell("rows", "changes of shares after losses", Figure::count(rows as u64))
        .tell("room", "room for", Figure::count(room))
        .tell("then", "  then", Figure::count(room.saturating_add(more)));
}

/// Warns of what can still come back of losses that are given up.
pub(super) fn tell_given_up(plan: &mut Plan, desk: &Desk, losses: &[Borne], through: u32) {
    let given: Vec<_> = losses.iter().filter(|loss| loss.number <= through).collect();
    let lost = given.iter().map(|loss| loss.lost.saturating_sub(loss.recovered).saturating_add(loss.due)).sum();
    let lost = Figure::amount(lost, &desk.token);
    let warning = format!("Of what you lost by these losses {} was not paid to you, and never will be.", lost.text);
    plan.tell("given_up", "given up", lost);
    plan.preview.note(warning.as_str());
    plan.warning = Some(warning);
}
