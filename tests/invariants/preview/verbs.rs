//! What users and keepers do, as `backstop_client::preview` says, and what that means for wallets and vaults.

use backstop_client::{
    LossClaim,
    preview::{PricedCollateral, Snapshot},
};
use backstop_engine::history::GenerationShares;
use solana_address::Address;

use super::{Done, Name, name};
use crate::{
    state::{Claimed, State},
    step::{Actor, COLLATERALS, Step, Token},
};

impl State {
    /// What previews read.
    fn snapshot(&self, now: i64, slot: u64) -> Snapshot {
        let collaterals = COLLATERALS.map(|token| PricedCollateral {
            address: self.collateral_addresses[token],
            account: self.collaterals[token],
            price: self.reading(token, now).map_err(Into::into),
        });
        let price = self.reading(Token::Usdc, now).map_err(Into::into);
        Snapshot {
            now,
            slot,
            pool: self.pool,
            fund: self.fund,
            book: self.book.clone(),
            price,
            collaterals: collaterals.into(),
        }
    }

    /// Takes over what a preview left.
    fn adopt(&mut self, snapshot: Snapshot) {
        // Shares that a loss divided: what is cut off of each holder's is nobody's.
        let divided =
            (snapshot.pool.generation != self.pool.generation, snapshot.fund.generation != self.fund.generation);
        (self.pool, self.fund, self.book) = (snapshot.pool, snapshot.fund, snapshot.book);
        if divided.0 {
            self.orphaned.0 = self.pool.shares - self.held_shares();
        }
        if divided.1 {
            self.orphaned.1 = self.fund.shares - self.held_stake();
        }
        for (token, listed) in COLLATERALS.into_iter().zip(snapshot.collaterals) {
            self.collaterals[token] = listed.account;
        }
    }

    pub(super) fn verb(&mut self, step: Step, now: i64, slot: u64) -> Done {
        let mut view = self.snapshot(now, slot);
        match step {
            Step::Deposit { who, assets } => {
                let deposited = view.deposit(&mut self.positions[who], assets).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, deposited.assets)
            }
            Step::Withdraw { who, shares } => {
                let withdrawn = view.withdraw(&mut self.positions[who], shares).map_err(refused)?;
                self.adopt(view);
                self.pay_out(who, withdrawn.assets)
            }
            Step::RequestWithdrawal { who, shares } => {
                view.request_withdrawal(&mut self.positions[who], shares).map_err(refused).map(drop)
            }
            Step::ExecuteWithdrawal { who } => {
                view.execute_withdrawal(&mut self.positions[who]).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::CollectWithdrawal { who } => {
                let paid = view.collect_withdrawal(&mut self.positions[who]).map_err(refused)?;
                self.adopt(view);
                self.pay_out(who, paid)
            }
            Step::TransferShares { who, to, .. } if who == to => Err("ConstraintDuplicateMutableAccount".into()),
            Step::TransferShares { who, to, shares } => {
                let (mut from, mut into) = (self.positions[who].clone(), self.positions[to].clone());
                view.transfer_shares(&mut from, &mut into, shares).map_err(refused)?;
                (self.positions[who], self.positions[to]) = (from, into);
                Ok(())
            }
            Step::ClaimRecovery { who } => {
                let mut paid = 0;
                for loss in self.due(|state, loss| state.claimable_of(who, loss)) {
                    let mut account = claim_account(loss, &self.claimed[who]);
                    paid += view.claim_recovery(&self.positions[who], &mut account).map_err(refused)?;
                    self.claimed[who].insert(loss, account.claimed_shares());
                }
                self.adopt(view);
                self.pay_out(who, paid)
            }
            Step::DepositCollateral { who, token, units } => {
                let (address, obligation) = (self.collateral_addresses[token], &mut self.obligations[who]);
                let owner = obligation.owner;
                view.deposit_collateral(obligation, &address, &owner, units).map_err(refused)?;
                self.adopt(view);
                self.collateral_vaults[token] += units;
                self.pay(who, token, units)
            }
            Step::WithdrawCollateral { who, token, units } => {
                let address = self.collateral_addresses[token];
                let units = view.withdraw_collateral(&mut self.obligations[who], &address, units).map_err(refused)?;
                self.adopt(view);
                self.hand_over(who, token, units);
                Ok(())
            }
            Step::Borrow { who, assets } => {
                view.borrow(&mut self.obligations[who], assets).map_err(refused)?;
                self.adopt(view);
                self.pay_out(who, assets)
            }
            Step::Repay { who, borrower, assets } => {
                let repaid = view.repay(&mut self.obligations[borrower], assets).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, repaid.assets)
            }
            Step::Accrue => {
                view.accrue().map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::Mark { borrower } => {
                view.mark(&mut self.obligations[borrower]).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::ReportPrice { token } => {
                let collateral = (token != Token::Usdc).then(|| self.collateral_addresses[token]);
                view.report_price(collateral.as_ref()).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::Liquidate { who, borrower, token, max_repay } => {
                let address = self.collateral_addresses[token];
                let done = view.liquidate(&mut self.obligations[borrower], &address, max_repay).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, done.paid)?;
                self.hand_over(who, token, done.taken.seize.get());
                Ok(())
            }
            Step::Record { borrower } => {
                view.record_bad_debt(&mut self.obligations[borrower]).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::Fund { who, assets } => {
                let given = view.fund_insurance(assets).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, given)
            }
            Step::Stake { who, assets } => {
                let staked = view.stake(&mut self.stakes[who], assets).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, staked.assets)
            }
            Step::RequestUnstake { who, shares } => {
                view.request_unstake(&mut self.stakes[who], shares).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::ExecuteUnstake { who } => {
                view.execute_unstake(&mut self.stakes[who]).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::CollectUnstake { who } => {
                let paid = view.collect_unstake(&mut self.stakes[who]).map_err(refused)?;
                self.adopt(view);
                self.pay_out(who, paid)
            }
            Step::ClaimStakeRecovery { who } => {
                for loss in self.due(|state, loss| state.stake_claimable_of(who, loss)) {
                    let mut account = claim_account(loss, &self.stake_claimed[who]);
                    view.claim_stake_recovery(&mut self.stakes[who], &mut account).map_err(refused)?;
                    self.stake_claimed[who].insert(loss, account.claimed_shares());
                }
                self.adopt(view);
                Ok(())
            }
            Step::RefreshRisk { token } => {
                view.refresh_risk(&self.collateral_addresses[token]).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            step => panic!("{step:?} is nothing that users or keepers do"),
        }
    }

    pub(super) fn collect_reserves(&mut self, assets: u64, now: i64) -> Done {
        let mut view = self.snapshot(now, 0);
        let paid = view.collect_reserves(assets).map_err(refused)?;
        self.adopt(view);
        self.vault -= paid;
        self.treasury += paid;
        Ok(())
    }

    /// The losses of which there is anything to claim; the last one, if there is nothing.
    fn due(&self, claimable: impl Fn(&Self, u32) -> u64) -> Vec<u32> {
        let last = self.book.count();
        let due: Vec<u32> = (1..=last).filter(|loss| claimable(self, *loss) != 0).collect();
        if due.is_empty() { vec![last.max(1)] } else { due }
    }

    /// Liquidity into the pool's vault.
    fn pay_in(&mut self, who: Actor, assets: u64) -> Done {
        self.vault += assets;
        self.pay(who, Token::Usdc, assets)
    }

    /// Liquidity out of the pool's vault.
    fn pay_out(&mut self, who: Actor, assets: u64) -> Done {
        self.vault -= assets;
        self.receive(who, Token::Usdc, assets);
        Ok(())
    }

    /// Collateral out of its vault.
    fn hand_over(&mut self, who: Actor, token: Token, units: u64) {
        self.collateral_vaults[token] -= units;
        self.receive(who, token, units);
    }
}

/// The account in which stands what was claimed of a loss.
fn claim_account(loss: u32, claimed: &Claimed) -> LossClaim {
    let GenerationShares { shares, generation } = claimed.get(&loss).copied().unwrap_or_default();
    let (holder, claimed) = (Address::default(), shares.get());
    LossClaim { holder, claimed, loss, generation, version: 1, bump: 0, spare: [0; 22] }
}

fn refused(error: backstop_client::BackstopError) -> Name {
    name(error)
}
