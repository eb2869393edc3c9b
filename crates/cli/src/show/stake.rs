//! A stake in an insurance fund.

use backstop_client::InsuranceStake;
use backstop_engine::{Result, quantity::Assets};
use solana_address::Address;

use super::Books;
use crate::view::{Figure, View};

/// What a staker has.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn stake(books: &Books, address: &Address, stake: &InsuranceStake) -> Result<View> {
    let (fund, insured) = (&books.fund, &books.insured);
    let shares = stake.shares_in(fund);
    let holder = stake.holder.settled(&fund.claims);
    let ledger = fund.claims.ledger();
    let request = stake.request_in(fund).at_most(shares);
    let mut view = View::new(format!("Stake in the insurance fund of the pool of {}", books.token.symbol));
    view.figure("stake", "stake", Figure::address(address))
        .figure("owner", "owner", Figure::address(&stake.owner))
        .figure("shares", "shares", books.shares(shares))
        .figure("worth", "worth now", books.amount(insured.worth(shares, Assets::ZERO)?))
        .figure("exit_worth", "worth to who leaves now", books.amount(insured.worth(shares, books.from_stakers)?))
        .figure("claimable", "claimable now", books.amount(holder.payable(&ledger)))
        .figure("unrecovered", "lost and not recovered", books.amount(holder.unrecovered(&ledger)))
        .figure("request", "leaving requested", Figure::text(books.request(&request)));
    if !request.shares.is_zero() {
        view.figure("request_worth", "  worth then, the most it pays", books.amount(request.worth));
    }
    Ok(view)
}
