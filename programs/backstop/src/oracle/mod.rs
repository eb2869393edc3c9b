//! Prices, read from the accounts of oracle programs.

mod pyth;
mod switchboard;

use {
    crate::{
        errors::{BackstopError, OrRefuse},
        state::{NO_FEED, OracleParameters},
        valuation::AccountWalk,
    },
    anchor_lang::{pinocchio::account::AccountView, prelude::*},
    backstop_engine::{
        price::{Quote, Value},
        quantity::Bps,
    },
};

impl OracleParameters {
    /// The token's price at `now`, from the account of its feed and, if it has a second one, of that.
    ///
    /// # Errors
    /// [`BackstopError::MissingPrice`], [`BackstopError::InvalidPriceAccount`], [`BackstopError::WrongFeed`],
    /// [`BackstopError::TooFewSamples`], [`BackstopError::StalePrice`], [`BackstopError::PriceFromFuture`] beyond the same age ahead,
    /// [`BackstopError::InvalidPrice`], [`BackstopError::PriceUncertain`], or [`BackstopError::PricesDisagree`].
    pub fn read(&self, accounts: &mut AccountWalk, now: i64) -> Result<Quote> {
        let certain = Bps::new(self.max_confidence_bps);
        let first =
            read(accounts.next_account()?, &self.feed, self.max_age_seconds, now)?.within(certain).or_refuse()?;
        if self.second_feed == NO_FEED {
            return Ok(first);
        }
        let second = read(accounts.next_account()?, &self.second_feed, self.second_max_age_seconds, now)?;
        let second = second.within(certain).or_refuse()?;
        first.and(second, Bps::new(self.max_divergence_bps)).or_refuse()
    }

    /// Passes over the accounts that [`OracleParameters::read`] would read.
    pub fn skip(&self, accounts: &mut AccountWalk) -> Result<()> {
        accounts.next_account()?;
        if self.second_feed != NO_FEED {
            accounts.next_account()?;
        }
        Ok(())
    }
}

/// What one feed says. The account's owner tells which oracle program it is of.
fn read(account: &AccountView, feed: &[u8; 32], max_age_seconds: u32, now: i64) -> Result<Quote> {
    if account.owned_by(&pyth::RECEIVER) {
        let update = pyth::read(account)?;
        require!(update.feed_id == *feed, BackstopError::WrongFeed);
        require_fresh(update.publish_time, max_age_seconds, now)?;
        let price = u64::try_from(update.price).map_err(|_| BackstopError::InvalidPrice)?;
        return Ok(Quote { price, confidence: update.confidence, exponent: update.exponent });
    }
    let result = switchboard::read(account)?;
    require!(account.address().as_array() == feed, BackstopError::WrongFeed);
    require_fresh(result.updated_at, max_age_seconds, now)?;
    let value = |value: i128| u128::try_from(value).map(Value::new).map_err(|_| BackstopError::InvalidPrice);
    Quote::of_value(value(result.value)?, value(result.std_dev)?).or_refuse()
}

/// Refuses what is older than the limit, or as far ahead of the clock.
fn require_fresh(time: i64, max_age_seconds: u32, now: i64) -> Result<()> {
    let max_age = i64::from(max_age_seconds);
    let age = now.checked_sub(time).ok_or(BackstopError::StalePrice)?;
    require!(age <= max_age, BackstopError::StalePrice);
    require!(age.saturating_add(max_age) >= 0, BackstopError::PriceFromFuture);
    Ok(())
}
