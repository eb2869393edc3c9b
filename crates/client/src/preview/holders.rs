//! Holders of shares and claims, stored as their accounts do.

use backstop_engine::{
    claims::{End, Holder, Ledger},
    exit::Request,
    quantity::Shares,
};

use super::{Result, require};
use crate::{BackstopError, ClaimBook, ClaimHolder, ExitRequest, GenerationEnd, verb::ALL};

pub(super) fn store_holder(account: &mut ClaimHolder, holder: &Holder) {
    *account = ClaimHolder {
        loss_per_share: holder.seen.loss_per_share,
        claims_per_share: holder.seen.claims_per_share,
        nominal: holder.nominal,
        claims: holder.claims,
        shares: holder.shares.get(),
        generation: holder.generation,
        epoch: holder.seen.epoch,
        scale: holder.seen.scale,
        spare: account.spare,
    };
}

pub(super) fn store_ledger(book: &mut ClaimBook, ledger: &Ledger) {
    let account = &mut book.ledger;
    (account.loss_per_share, account.claims_per_share) = (ledger.loss_per_share, ledger.claims_per_share);
    (account.claims, account.rate) = (ledger.claims, ledger.rate);
    (account.outstanding, account.payable) = (ledger.outstanding.get(), ledger.payable.get());
    (account.epoch, account.scale, account.generation) = (ledger.epoch, ledger.scale, ledger.generation);
}

/// Notes how the present generation ends.
pub(super) fn store_end(book: &mut ClaimBook, end: &End) {
    let place = usize::try_from(book.ledger.generation).ok().and_then(|index| book.ends.get_mut(index));
    if let Some(place) = place {
        *place = GenerationEnd {
            loss_per_share: end.mark.loss_per_share,
            claims_per_share: end.mark.claims_per_share,
            epoch: end.mark.epoch,
            scale: end.mark.scale,
            shift: end.shift,
            spare: place.spare,
        };
    }
}

/// Ends the present generation because its shares are divided by 2^shift.
pub(super) fn consolidate(book: &mut ClaimBook, shift: u32) -> Result<()> {
    let ledger = book.ledger();
    require(ledger.may_renew(), BackstopError::MathOverflow)?;
    let (end, next) = ledger.end_generation(shift);
    store_end(book, &end);
    store_ledger(book, &next);
    Ok(())
}

/// Settles a holder and its request to leave.
pub(super) fn settle(account: &mut ClaimHolder, request: &mut ExitRequest, book: &ClaimBook) {
    let (settled, asked) = (account.settled(book), request.settled(account, book));
    store_holder(account, &settled);
    store_request(request, &asked);
}

/// Pays a settled holder all that it can claim.
pub(super) fn claim(account: &mut ClaimHolder, request: &mut ExitRequest, book: &mut ClaimBook) -> Result<u64> {
    settle(account, request, book);
    let claim = account.holder().claim(&book.ledger());
    require(!claim.assets.is_zero(), BackstopError::NothingToClaim)?;
    store_holder(account, &claim.holder);
    store_ledger(book, &claim.ledger);
    Ok(claim.assets.get())
}

pub(super) fn store_request(account: &mut ExitRequest, request: &Request) {
    *account = ExitRequest {
        shares: request.shares.get(),
        worth: request.worth.get(),
        matures_at: request.matures_at,
        lapses_at: request.lapses_at,
    };
}

/// Lowers a request to the shares that are left.
pub(super) fn limit_request(account: &mut ExitRequest, shares: u64) {
    let limited = account.request().at_most(Shares::new(shares));
    store_request(account, &limited);
}

/// Gives a settled holder shares.
pub(super) fn mint(holder: &mut ClaimHolder, shares: Shares) -> Result<()> {
    holder.shares = holder.shares.checked_add(shares.get()).ok_or(BackstopError::MathOverflow)?;
    Ok(())
}

/// Takes shares of a settled holder away, and what was requested beyond those left.
pub(super) fn burn(holder: &mut ClaimHolder, request: &mut ExitRequest, shares: u64) -> Result<()> {
    holder.shares = holder.shares.checked_sub(shares).ok_or(BackstopError::InsufficientShares)?;
    limit_request(request, holder.shares);
    Ok(())
}

/// The shares meant by an amount of a settled holder: some, and no more than it holds.
pub(super) fn some_of(holder: &ClaimHolder, shares: u64) -> Result<u64> {
    let shares = if shares == ALL { holder.shares } else { shares };
    require(shares != 0, BackstopError::AmountTooSmall)?;
    require(shares <= holder.shares, BackstopError::InsufficientShares)?;
    Ok(shares)
}
