//! What users and keepers do, as `backstop_client::preview` says, and what that means for wallets and vaults.

use backstop_client::{
    LossRecord,
    preview::{PricedCollateral, Snapshot},
};
use backstop_engine::waterfall::Loss;

use super::{Done, Name, name};
use crate::{
    state::State,
    step::{Actor, COLLATERALS, Step, Token},
};

/// Kinds of records.
const LOSS: u8 = 1;
const RECOVERY: u8 = 2;

impl State {
    /// What previews read.
    fn snapshot(&self, now: i64, slot: u64) -> Snapshot {
        let collaterals = COLLATERALS.map(|token| PricedCollateral {
            address: self.collateral_addresses[token],
            account: self.collaterals[token],
            price: self.quote(token).map_err(Into::into),
        });
        let price = self.quote(Token::Usdc).map_err(Into::into);
        Snapshot { now, slot, pool: self.pool, fund: self.fund, price, collaterals: collaterals.into() }
    }

    /// Takes over what a preview left.
    fn adopt(&mut self, snapshot: Snapshot) {
        (self.pool, self.fund) = (snapshot.pool, snapshot.fund);
        for (token, listed) in COLLATERALS.into_iter().zip(snapshot.collaterals) {
            self.collaterals[token] = listed.account;
        }
    }

    pub(super) fn verb(&mut self, step: Step, now: i64, slot: u64) -> Done {
        let mut view = self.snapshot(now, slot);
        let (generation, fund_generation) = (self.pool.claims.ledger.generation, self.fund.claims.ledger.generation);
        match step {
            Step::Deposit { who, assets } => {
                let deposited = view.deposit(&mut self.positions[who], assets).map_err(refused)?;
                self.adopt(view);
                if self.pool.claims.ledger.generation != generation {
                    self.orphaned.0 = self.pool.shares - self.held_shares();
                }
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
            Step::TransferShares { who, to, .. } if who == to => Err("ConstraintDuplicateMutableAccount".into()),
            Step::TransferShares { who, to, shares } => {
                let (mut from, mut into) = (self.positions[who], self.positions[to]);
                view.transfer_shares(&mut from, &mut into, shares).map_err(refused)?;
                (self.positions[who], self.positions[to]) = (from, into);
                Ok(())
            }
            Step::ClaimRecovery { who } => {
                let paid = view.claim_recovery(&mut self.positions[who]).map_err(refused)?;
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
            Step::Provision { borrower } => {
                view.provision(&mut self.obligations[borrower]).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::Liquidate { who, borrower, token, max_repay } => {
                let address = self.collateral_addresses[token];
                let done = view.liquidate(&mut self.obligations[borrower], &address, max_repay).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, done.paid)?;
                self.hand_over(who, token, done.taken.seize.get());
                if let Some(loss) = &done.recorded {
                    self.remember_loss(borrower, loss, (generation, fund_generation), now);
                }
                Ok(())
            }
            Step::Record { borrower } => {
                let loss = view.record_bad_debt(&mut self.obligations[borrower]).map_err(refused)?;
                self.adopt(view);
                self.remember_loss(borrower, &loss, (generation, fund_generation), now);
                Ok(())
            }
            Step::Recover { who, borrower, assets } => {
                let recovered = view.recover(&mut self.obligations[borrower], assets).map_err(refused)?;
                self.adopt(view);
                let parts = &recovered.recovery;
                self.remember(LossRecord {
                    obligation: self.obligation_addresses[borrower],
                    at: now,
                    sequence: 0,
                    assets: recovered.assets,
                    reserves: parts.to_reserves.get(),
                    insurance: parts.to_stakers.get() + parts.to_fund.get(),
                    lps: parts.to_lps.get(),
                    uncovered: 0,
                    shares: 0,
                    share_price_before: 0,
                    share_price_after: 0,
                    generation: self.pool.claims.ledger.generation,
                    kind: RECOVERY,
                    spare: [0; 3],
                });
                self.pay_in(who, recovered.assets)
            }
            Step::Fund { who, assets } => {
                view.fund_insurance(assets).map_err(refused)?;
                self.adopt(view);
                self.pay_in(who, assets)
            }
            Step::Stake { who, assets } => {
                let staked = view.stake(&mut self.stakes[who], assets).map_err(refused)?;
                self.adopt(view);
                if self.fund.claims.ledger.generation != fund_generation {
                    self.orphaned.1 = self.fund.shares - self.held_stake();
                }
                self.pay_in(who, staked.assets)
            }
            Step::RequestUnstake { who, shares } => {
                view.request_unstake(&mut self.stakes[who], shares).map_err(refused)?;
                self.adopt(view);
                Ok(())
            }
            Step::CancelUnstake { who } => view.cancel_unstake(&mut self.stakes[who]).map_err(refused),
            Step::Unstake { who } => {
                let left = view.unstake(&mut self.stakes[who]).map_err(refused)?;
                self.adopt(view);
                self.pay_out(who, left.assets)
            }
            Step::ClaimStakeRecovery { who } => {
                let paid = view.claim_stake_recovery(&mut self.stakes[who]).map_err(refused)?;
                self.adopt(view);
                self.pay_out(who, paid)
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

    /// What a loss leaves in the loss ledger. `generations` are those of LPs and stakers before it.
    fn remember_loss(&mut self, borrower: Actor, loss: &Loss, generations: (u32, u32), now: i64) {
        if self.pool.claims.ledger.generation != generations.0 {
            self.orphaned.0 = 0;
        }
        if self.fund.claims.ledger.generation != generations.1 {
            self.orphaned.1 = 0;
        }
        self.remember(LossRecord {
            obligation: self.obligation_addresses[borrower],
            at: now,
            sequence: self.pool.losses,
            assets: loss.loss.get(),
            reserves: loss.from_reserves.get(),
            insurance: loss.from_insurance.get(),
            lps: loss.to_lps.get(),
            uncovered: loss.uncovered.get(),
            shares: loss.shares.get(),
            share_price_before: loss.share_price_before,
            share_price_after: loss.share_price_after,
            generation: generations.0,
            kind: LOSS,
            spare: [0; 3],
        });
    }

    fn remember(&mut self, record: LossRecord) {
        let size = self.losses.records.len();
        self.losses.records[usize::try_from(self.losses.count).unwrap() % size] = record;
        self.losses.count += 1;
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

fn refused(error: backstop_client::BackstopError) -> Name {
    name(error)
}
