//! Values derived from the accounts of a pool and its holders.

use backstop_client::{InsuranceFund, LossClaim, Pool};
use backstop_engine::{
    Result,
    exit::Request,
    insurance::Fund,
    pool::{Totals, share_price},
    quantity::{Assets, Shares},
};
use solana_address::Address;

use crate::{tokens::Token, view::Cell};

/// A pool and its fund as an instruction sees them now: with interest accrued, and the fund's revenue settled.
#[derive(Clone, Debug)]
pub struct PoolSummary {
    /// The pool's address.
    pub address: Address,
    /// The pool, as stored.
    pub pool: Pool,
    /// The pool's insurance fund, as stored.
    pub fund: InsuranceFund,
    /// The liquidity token.
    pub token: Token,
    /// The chain's unix time.
    pub now: i64,
    /// The pool's totals, accrued up to now.
    pub totals: Totals,
    /// The fund with its revenue settled.
    pub insured: Fund,
}

impl PoolSummary {
    /// Accrues interest up to `now`.
    ///
    /// # Errors
    /// If the accounts hold values that the program never stores.
    pub fn new(address: Address, pool: Pool, fund: InsuranceFund, token: Token, now: i64) -> Result<Self> {
        let totals = pool.totals_at(now)?;
        let (insured, _) = fund.fund().settled(&totals)?;
        Ok(Self { address, pool, fund, token, now, totals, insured })
    }

    /// The pool's net asset value, which belongs to LPs.
    ///
    /// # Errors
    /// As [`Totals::nav`].
    pub fn nav(&self) -> Result<Assets> {
        self.totals.nav()
    }

    /// The price of a share of the fund, in trillionths, rounded down.
    ///
    /// # Errors
    /// If the value does not fit.
    pub fn stake_price(&self) -> Result<u64> {
        Ok(share_price(self.insured.all(), self.insured.all_shares()?))
    }

    pub(crate) fn amount(&self, assets: Assets) -> Cell {
        Cell::amount(assets.get(), &self.token)
    }

    pub(crate) fn shares(&self, shares: Shares) -> Cell {
        Cell::shares(shares.get(), &self.token)
    }

    pub(crate) fn time(&self, at: i64) -> Cell {
        Cell::time(at, self.now)
    }

    /// Describes the state of an exit request.
    pub(crate) fn request(&self, request: &Request) -> String {
        if request.shares.is_zero() {
            return "none".into();
        }
        let shares = self.shares(request.shares).text;
        let at = self.time(request.matures_at).text;
        if self.now < request.matures_at {
            format!("{shares}, matures {at}")
        } else {
            format!("{shares}, mature since {at}: anyone can execute it")
        }
    }
}

/// A holder's share of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borne {
    /// The number of the loss.
    pub number: u32,
    /// The amount that the holder bore.
    pub lost: u64,
    /// The recovered part of it.
    pub recovered: u64,
    /// The claim account, if open.
    pub claim: Option<LossClaim>,
    /// What can be claimed now: an amount for an LP, shares for a staker.
    pub claimable: u64,
    /// The value of `claimable`.
    pub due: u64,
}
