//! What accounts hold, as views: pure, so that programs, tests and commands show the same.

mod collateral;
mod fund;
mod governance;
mod losses;
mod market;
mod obligation;
mod pool;
mod position;
pub(crate) mod price;
mod stake;

pub use collateral::{collateral, collaterals};
pub use fund::fund;
pub use governance::{Queued, change, changes};
pub use losses::{Borne, losses};
pub use market::market;
pub use obligation::{Held, ObligationBooks, obligation, obligations};
pub use pool::{Unmarked, pool, pools};
pub use position::position;
pub use stake::stake;

use backstop_client::{InsuranceFund, Pool};
use backstop_engine::{
    Result,
    exit::Request,
    insurance::Fund,
    pool::{Totals, share_price},
    quantity::{Assets, Shares},
};
use solana_address::Address;

use crate::{tokens::Token, view::Figure};

/// The accounts of a pool and its fund as an instruction finds them now: with interest counted, and the fund's revenue settled.
#[derive(Clone, Debug)]
pub struct Books {
    /// The pool's address.
    pub address: Address,
    /// The pool as it is stored.
    pub pool: Pool,
    /// Its insurance fund as it is stored.
    pub fund: InsuranceFund,
    /// The liquidity token.
    pub token: Token,
    /// The chain's unix time.
    pub now: i64,
    /// The pool's totals now.
    pub totals: Totals,
    /// The fund with its revenue settled.
    pub insured: Fund,
}

impl Books {
    /// Counts interest up to `now`.
    ///
    /// # Errors
    /// If the accounts hold numbers that the program never stores.
    pub fn new(address: Address, pool: Pool, fund: InsuranceFund, token: Token, now: i64) -> Result<Self> {
        let totals = pool.totals_at(now)?;
        let (insured, _) = fund.fund().settled(&totals)?;
        Ok(Self { address, pool, fund, token, now, totals, insured })
    }

    /// What belongs to LPs.
    ///
    /// # Errors
    /// As [`Totals::nav`].
    pub fn nav(&self) -> Result<Assets> {
        self.totals.nav()
    }

    /// What a staker's share is worth, in trillionths, rounded down.
    ///
    /// # Errors
    /// If it does not fit.
    pub fn stake_price(&self) -> Result<u64> {
        Ok(share_price(self.insured.all(), self.insured.all_shares()?))
    }

    fn amount(&self, assets: Assets) -> Figure {
        Figure::amount(assets.get(), &self.token)
    }

    fn shares(&self, shares: Shares) -> Figure {
        Figure::shares(shares.get(), &self.token)
    }

    fn time(&self, at: i64) -> Figure {
        Figure::time(at, self.now)
    }

    /// What has become of a request to leave, in words.
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
