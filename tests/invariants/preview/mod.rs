//! `preview-is-execution`: what the engine says a step will do, applied to all that the accounts hold before it.

mod borrowing;
mod governance;
mod insurance;
mod lending;
mod losses;
mod risk;

use backstop_client::{ClaimBook, ClaimHolder, ExitRequest, GenerationEnd};
use backstop_engine::{
    claims::{End, Holder, Ledger},
    exit::Request,
    insurance::Fund,
    pool::Totals,
    provision::Provisions,
    quantity::{Assets, Shares},
};

use crate::{
    state::State,
    step::{Actor, Step, Token},
};

/// The name of an error.
pub(crate) type Name = String;

type Done = Result<(), Name>;

fn name(error: backstop_engine::Error) -> Name {
    format!("{error:?}")
}

fn refuse<T>(error: &str) -> Result<T, Name> {
    Err(error.into())
}

fn require(fulfilled: bool, error: &str) -> Done {
    if fulfilled { Ok(()) } else { refuse(error) }
}

/// The state after a step at this time and slot, or the error that it must be refused with.
pub(crate) fn preview(before: &State, step: Step, now: i64, slot: u64) -> Result<State, Name> {
    let mut after = *before;
    after.step(step, now, slot)?;
    Ok(after)
}

impl State {
    fn step(&mut self, step: Step, now: i64, slot: u64) -> Done {
        match step {
            Step::Deposit { who, assets } => self.deposit(who, assets, now),
            Step::Withdraw { who, shares } => self.withdraw(who, shares, now),
            Step::RequestWithdrawal { who, shares } => self.request_withdrawal(who, shares, now),
            Step::TransferShares { who, to, shares } => self.transfer_shares(who, to, shares),
            Step::ClaimRecovery { who } => self.claim_recovery(who),
            Step::DepositCollateral { who, token, units } => self.deposit_collateral(who, token, units),
            Step::WithdrawCollateral { who, token, units } => self.withdraw_collateral(who, token, units, now, slot),
            Step::Borrow { who, assets } => self.borrow(who, assets, now, slot),
            Step::Repay { who, borrower, assets } => self.repay(who, borrower, assets, now),
            Step::Accrue => {
                self.apply(&self.accrued(now)?);
                Ok(())
            }
            Step::Provision { borrower } => self.provision(borrower, now, slot),
            Step::Liquidate { who, borrower, token, max_repay } => {
                self.liquidate((who, borrower, token), max_repay, now, slot)
            }
            Step::Record { who, borrower } => self.record(who, borrower, now, slot),
            Step::Recover { who, borrower, assets } => self.recover(who, borrower, assets, now),
            Step::Fund { who, assets } => self.give(who, assets),
            Step::Stake { who, assets } => self.stake(who, assets, now),
            Step::RequestUnstake { who, shares } => self.request_unstake(who, shares, now),
            Step::CancelUnstake { who } => self.cancel_unstake(who),
            Step::Unstake { who } => self.unstake(who, now),
            Step::ClaimStakeRecovery { who } => self.claim_stake_recovery(who),
            Step::RefreshRisk { token } => self.refresh_risk(token, now),
            Step::Donate { .. } | Step::Wait { .. } | Step::Price { .. } | Step::SecondPrice { .. } => {
                self.happen(step);
                Ok(())
            }
            _ => self.govern(step, now),
        }
    }

    fn happen(&mut self, step: Step) {
        match step {
            Step::Donate { units } => {
                self.vault += units;
                self.donated += units;
            }
            Step::Price { token, quote } => {
                self.quotes[token] = quote;
                self.second_quotes[token] = self.second_quotes[token].map(|_| quote);
            }
            Step::SecondPrice { token, quote } => self.second_quotes[token] = Some(quote),
            _ => {}
        }
    }

    fn accrued(&self, now: i64) -> Result<Totals, Name> {
        self.pool.totals_at(now).map_err(name)
    }

    fn apply(&mut self, totals: &Totals) {
        let pool = &mut self.pool;
        (pool.cash, pool.debt_shares) = (totals.cash.get(), totals.debt_shares.get());
        (pool.borrow_index, pool.shares) = (totals.borrow_index.bits(), totals.shares.get());
        (pool.reserves, pool.insurance_due) = (totals.reserves.get(), totals.insurance_due.get());
        pool.accrued_at = totals.accrued_at;
    }

    fn apply_fund(&mut self, fund: &Fund) {
        let account = &mut self.fund;
        (account.assets, account.shares) = (fund.assets.get(), fund.shares.get());
        (account.founding, account.founding_claims) = (fund.founding.get(), fund.founding_claims.get());
        (account.drawn, account.window_drawn) = (fund.drawn.get(), fund.window_drawn.get());
        account.window_at = fund.window_at;
    }

    /// Replaces the provision of an obligation.
    fn replace_provision(&mut self, borrower: Actor, new: Assets) -> Done {
        let old = Assets::new(self.obligations[borrower].provision);
        let provisions: Provisions = self.pool.provisions().replace(old, new).map_err(name)?;
        (self.pool.provisions, self.pool.provisioned) = (provisions.total.get(), provisions.count);
        self.obligations[borrower].provision = new.get();
        Ok(())
    }

    fn pay(&mut self, who: Actor, token: Token, amount: u64) -> Done {
        let wallet = &mut self.wallets[who][token];
        let Some(left) = wallet.checked_sub(amount) else { return refuse("TokenInsufficientFunds") };
        *wallet = left;
        Ok(())
    }

    fn receive(&mut self, who: Actor, token: Token, amount: u64) {
        self.wallets[who][token] += amount;
    }
}

/// Stores a holder as its account does.
fn store_holder(account: &mut ClaimHolder, holder: &Holder) {
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

/// Stores a ledger as its account does.
fn store_ledger(book: &mut ClaimBook, ledger: &Ledger) {
    let account = &mut book.ledger;
    (account.loss_per_share, account.claims_per_share) = (ledger.loss_per_share, ledger.claims_per_share);
    (account.claims, account.rate) = (ledger.claims, ledger.rate);
    (account.outstanding, account.payable) = (ledger.outstanding.get(), ledger.payable.get());
    (account.epoch, account.scale, account.generation) = (ledger.epoch, ledger.scale, ledger.generation);
}

/// Notes how the present generation ends.
fn store_end(book: &mut ClaimBook, end: &End) {
    let generation = usize::try_from(book.ledger.generation).unwrap();
    book.ends[generation] = GenerationEnd {
        loss_per_share: end.mark.loss_per_share,
        claims_per_share: end.mark.claims_per_share,
        epoch: end.mark.epoch,
        scale: end.mark.scale,
        shift: end.shift,
        spare: [0; 4],
    };
}

/// Ends the present generation because its shares are divided by 2^shift.
fn consolidate(book: &mut ClaimBook, shift: u32) -> Done {
    let ledger = book.ledger();
    require(ledger.may_renew(), "MathOverflow")?;
    let (end, next) = ledger.end_generation(shift);
    store_end(book, &end);
    store_ledger(book, &next);
    Ok(())
}

/// Settles a holder and its request to leave.
fn settle(account: &mut ClaimHolder, request: &mut ExitRequest, book: &ClaimBook) {
    let (settled, asked) = (account.settled(book), request.settled(account, book));
    store_holder(account, &settled);
    store_request(request, &asked);
}

/// Pays a settled holder all that it can claim.
fn claim(account: &mut ClaimHolder, request: &mut ExitRequest, book: &mut ClaimBook) -> Result<u64, Name> {
    settle(account, request, book);
    let claim = account.holder().claim(&book.ledger());
    require(!claim.assets.is_zero(), "NothingToClaim")?;
    store_holder(account, &claim.holder);
    store_ledger(book, &claim.ledger);
    Ok(claim.assets.get())
}

fn store_request(account: &mut ExitRequest, request: &Request) {
    *account = ExitRequest {
        shares: request.shares.get(),
        worth: request.worth.get(),
        matures_at: request.matures_at,
        lapses_at: request.lapses_at,
    };
}

/// Lowers a request to the shares that are left.
fn limit_request(account: &mut ExitRequest, shares: u64) {
    let limited = account.request().at_most(Shares::new(shares));
    store_request(account, &limited);
}

/// Takes shares of a settled holder away, and what was requested beyond those left.
fn burn(holder: &mut ClaimHolder, request: &mut ExitRequest, shares: u64) -> Done {
    let Some(left) = holder.shares.checked_sub(shares) else { return refuse("InsufficientShares") };
    holder.shares = left;
    limit_request(request, left);
    Ok(())
}
