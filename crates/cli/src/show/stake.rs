//! A stake in an insurance fund.

use backstop_client::InsuranceStake;
use backstop_engine::Result;
use solana_address::Address;

use super::{Books, Borne, losses::borne};
use crate::view::{Figure, View};

/// What a staker has.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn stake(books: &Books, address: &Address, stake: &InsuranceStake, losses: &[Borne]) -> Result<View> {
    let (fund, insured) = (&books.fund, &books.insured);
    let shares = stake.shares_in(fund);
    let claimable = losses.iter().map(|loss| loss.due).sum();
    let request = stake.request_in(&books.pool, fund, books.now);
    let mut view = View::new(format!("Stake in the insurance fund of the pool of {}", books.token.symbol));
    view.figure("stake", "stake", Figure::address(address))
        .figure("owner", "owner", Figure::address(&stake.owner))
        .figure("shares", "shares", books.shares(shares))
        .figure("worth", "worth now", books.amount(insured.worth(shares)?))
        .figure("claimable", "claimable now", Figure::amount(claimable, &books.token))
        .figure("request", "leaving requested", Figure::text(books.request(&request)))
        .figure("payable", "payable to you now", Figure::amount(stake.request.payable, &books.token));
    if !request.shares.is_zero() {
        view.figure("request_worth", "  worth then, the most it pays", books.amount(request.worth));
    }
    if !losses.is_empty() {
        borne(&mut view, books, losses, [">shares claimed", ">shares claimable"]);
    }
    if stake.request.payable != 0 {
        view.note("`backstop collect-unstake` pays out what is payable.");
    }
    if claimable != 0 {
        view.note("`backstop claim-stake-recovery` adds to your stake what is claimable. Do it before the next loss: until then it bears losses, but nothing comes back of those.");
    }
    Ok(view)
}
