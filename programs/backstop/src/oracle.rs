//! Prices, read from the accounts of oracle programs: `backstop-oracle` judges, this hands it the accounts.

use {
    crate::{errors::BackstopError, state::OracleParameters, valuation::RemainingAccounts},
    anchor_lang::{pinocchio::account::AccountView, prelude::*},
    backstop_engine::{price::Reading, quantity::Bps},
    backstop_oracle::{Error, PriceAccount, Terms},
};

impl OracleParameters {
    fn terms(&self) -> Terms<'_> {
        Terms {
            feed: &self.feed,
            second_feed: &self.second_feed,
            max_age_seconds: self.max_age_seconds,
            max_confidence: Bps::new(self.max_confidence_bps),
            max_divergence: Bps::new(self.max_divergence_bps),
        }
    }

    /// The token's price at `now`, from the account of its feed and, if it has a second one, of that.
    ///
    /// # Errors
    /// [`BackstopError::MissingPrice`], [`BackstopError::InvalidPriceAccount`], [`BackstopError::WrongFeed`],
    /// [`BackstopError::TooFewSamples`], [`BackstopError::StalePrice`], [`BackstopError::PriceFromFuture`] beyond the
    /// same age ahead, [`BackstopError::InvalidPrice`], [`BackstopError::PriceUncertain`], or
    /// [`BackstopError::PricesDisagree`].
    pub fn read(&self, accounts: &mut RemainingAccounts, now: i64) -> Result<Reading> {
        let terms = self.terms();
        let first = with(accounts.next_account()?, |account| terms.first(account, now))?;
        if !terms.has_second_feed() {
            return Ok(first);
        }
        with(accounts.next_account()?, |account| terms.both(first, account, now))
    }

    /// Passes over the accounts that [`OracleParameters::read`] would read.
    pub fn skip(&self, accounts: &mut RemainingAccounts) -> Result<()> {
        accounts.next_account()?;
        if self.terms().has_second_feed() {
            accounts.next_account()?;
        }
        Ok(())
    }
}

/// What `read` makes of an account.
#[inline(always)]
fn with(
    account: &AccountView,
    read: impl FnOnce(&PriceAccount) -> core::result::Result<Reading, Error>,
) -> Result<Reading> {
    let data = account.try_borrow()?;
    let price = PriceAccount { address: account.address(), owner: account.owner(), data: &data };
    read(&price).map_err(|error| BackstopError::from(error).into())
}
