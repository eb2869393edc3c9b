//! The view of a stake in an insurance fund.

use backstop_client::InsuranceStake;
use backstop_engine::Result;
use solana_address::Address;

use super::losses::borne;
use crate::loaded_pool::{Borne, PoolSummary};
use crate::view::{Cell, View};

/// A staker's shares and their worth, its share of losses, and its unstake request.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn stake(summary: &PoolSummary, address: &Address, stake: &InsuranceStake, losses: &[Borne]) -> Result<View> {
    let (fund, insured) = (&summary.fund, &summary.insured);
    let shares = stake.shares_in(fund);
    let claimable = losses.iter().map(|loss| loss.due).sum();
    let request = stake.request_in(&summary.pool, fund, summary.now);
    let mut view = View::new(format!("Stake in the insurance fund of the {} pool", summary.token.symbol));
    view.figure("stake", "stake", Cell::address(address))
        .figure("owner", "owner", Cell::address(&stake.owner))
        .figure("shares", "shares", summary.shares(shares))
        .figure("worth", "worth now", summary.amount(insured.worth(shares)?))
        .figure("claimable", "claimable now", Cell::amount(claimable, &summary.token))
        .figure("request", "unstake request", Cell::text(summary.request(&request)))
        .figure("payable", "payable now", Cell::amount(stake.request.payable, &summary.token));
    if !request.shares.is_zero() {
        view.figure("request_worth", "  maximum payout", summary.amount(request.worth));
    }
    if !losses.is_empty() {
        borne(&mut view, summary, losses, [">shares claimed", ">shares claimable"]);
    }
    if stake.request.payable != 0 {
        view.note("Collect the payable amount with `backstop collect-unstake`.");
    }
    if claimable != 0 {
        view.note(
            "Add the claimable shares to your stake with `backstop claim-stake-recovery`. Claim before the next loss: \
             unclaimed shares bear losses, but get no recoveries of them.",
        );
    }
    Ok(view)
}
