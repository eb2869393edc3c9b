//! Prices, read from the accounts of oracle programs.

mod pyth;

use {
    crate::{
        errors::{BackstopError, OrRefuse},
        state::OracleParameters,
    },
    anchor_lang::{pinocchio::account::AccountView, prelude::*},
    backstop_engine::{price::Quote, quantity::Bps},
};

impl OracleParameters {
    /// The price in an account, if it is for this feed, fresh and certain enough at `now`.
    ///
    /// # Errors
    /// [`BackstopError::InvalidPriceAccount`], [`BackstopError::WrongFeed`], [`BackstopError::StalePrice`],
    /// [`BackstopError::PriceFromFuture`] beyond the same age ahead, or [`BackstopError::InvalidPrice`].
    pub fn read(&self, account: &AccountView, now: i64) -> Result<Quote> {
        let update = pyth::read(account)?;
        require!(update.feed_id == self.feed_id, BackstopError::WrongFeed);
        let max_age = i64::from(self.max_age_seconds);
        let age = now.checked_sub(update.publish_time).ok_or(BackstopError::StalePrice)?;
        require!(age <= max_age, BackstopError::StalePrice);
        require!(age.saturating_add(max_age) >= 0, BackstopError::PriceFromFuture);
        let price = u64::try_from(update.price).map_err(|_| BackstopError::InvalidPrice)?;
        let quote = Quote { price, confidence: update.confidence, exponent: update.exponent };
        quote.within(Bps::new(self.max_confidence_bps)).or_refuse()
    }
}
