//! What is asked, as JSON, and the accounts in it.

use backstop_client::{
    AccountData, BackstopError, Collateral, OracleParameters,
    oracle::PriceAccount,
    preview::{PricedCollateral, Snapshot},
};
use backstop_engine::price::Reading;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, de::Error};
use solana_address::Address;

use crate::{Failure, VERSION, call::Call};

/// Bytes in base64.
pub(crate) struct Bytes(Vec<u8>);

/// A number as a decimal string: JSON's own lose digits beyond 2^53.
#[derive(Clone, Copy)]
pub(crate) struct Number<T>(pub(crate) T);

/// An address in base58.
#[derive(Clone, Copy)]
pub(crate) struct Base58(pub(crate) Address);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(rename = "version")]
    _version: u32,
    snapshot: State,
    call: Call,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    now: Number<i64>,
    slot: Number<u64>,
    pool: Bytes,
    fund: Bytes,
    book: Bytes,
    price: Vec<Price>,
    collaterals: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    address: Base58,
    account: Bytes,
    price: Vec<Price>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Price {
    address: Base58,
    owner: Base58,
    data: Bytes,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The pool at a moment, and what is asked about it.
pub(crate) fn parse(text: &str) -> Result<(Snapshot, Call), Failure> {
    let unreadable = |error: serde_json::Error| Failure::Problem(format!("the request cannot be read: {error}"));
    let Versioned { version } = serde_json::from_str(text).map_err(unreadable)?;
    if version != VERSION {
        return Err(Failure::Problem(format!("this engine answers requests of version {VERSION}, not {version}")));
    }
    let Request { _version, snapshot: state, call } = serde_json::from_str(text).map_err(unreadable)?;
    let pool: backstop_client::Pool = state.pool.account("the pool")?;
    let now = state.now.0;
    let collaterals = state.collaterals.iter().map(|listed| {
        let account: Collateral = listed.account.account("a collateral")?;
        let price = read(&account.parameters.oracle, &listed.price, now);
        Ok(PricedCollateral { address: listed.address.0, account, price })
    });
    let snapshot = Snapshot {
        now,
        slot: state.slot.0,
        fund: state.fund.account("the insurance fund")?,
        book: state.book.account("the loss book")?,
        price: read(&pool.parameters.oracle, &state.price, now),
        collaterals: collaterals.collect::<Result<_, Failure>>()?,
        pool,
    };
    Ok((snapshot, call))
}

/// What a token costs by its price accounts.
fn read(oracle: &OracleParameters, accounts: &[Price], now: i64) -> Result<Reading, BackstopError> {
    let mut accounts = accounts.iter().map(|account| PriceAccount {
        address: &account.address.0,
        owner: &account.owner.0,
        data: &account.data.0,
    });
    let first = accounts.next().ok_or(BackstopError::MissingPrice)?;
    let second = accounts.next();
    if oracle.terms().has_second_feed() && second.is_none() {
        return Err(BackstopError::MissingPrice);
    }
    Ok(oracle.terms().read(&first, second.as_ref(), now)?)
}

impl Bytes {
    /// The account that is in them.
    pub(crate) fn account<T: AccountData>(&self, what: &str) -> Result<T, Failure> {
        T::from_account_data(&self.0).ok_or_else(|| {
            Failure::Problem(format!("the bytes of {what} are no account of the kind {}: read it again", T::NAME))
        })
    }

    /// What an account without data reads as, of any length.
    pub(crate) fn are_zeros(&self) -> bool {
        self.0.iter().all(|byte| *byte == 0)
    }

    /// The bytes of an account with nothing in it.
    pub(crate) fn of_empty<T: AccountData>() -> Self {
        let mut data = T::DISCRIMINATOR.to_vec();
        data.resize(T::SIZE, 0);
        Self(data)
    }

    /// An account's bytes as the answer tells them.
    pub(crate) fn reported<T: AccountData>(account: &T) -> String {
        BASE64_STANDARD.encode(account.to_account_data())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        BASE64_STANDARD.decode(text).map(Self).map_err(|error| D::Error::custom(format!("not base64: {error}")))
    }
}

impl<'de, T: core::str::FromStr> Deserialize<'de> for Number<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("`{text}` is no number that fits")))
    }
}

impl<'de> Deserialize<'de> for Base58 {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("`{text}` is no address")))
    }
}
