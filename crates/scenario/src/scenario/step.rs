//! The steps of a story.

use backstop_client::verb::ALL;
use backstop_engine::price::Quote;
use backstop_testkit::Feed;
use backstop_text::Decimal;
use serde_json::Value;

use super::{
    Kind, Problem,
    fields::Fields,
    governance::{Act, default_actor},
    is_name,
};

/// All verbs.
const KNOWN: [&str; 35] = [
    "deposit",
    "withdraw",
    "request_withdrawal",
    "execute_withdrawal",
    "collect_withdrawal",
    "transfer_shares",
    "claim_recovery",
    "deposit_collateral",
    "withdraw_collateral",
    "borrow",
    "repay",
    "liquidate",
    "mark",
    "report_price",
    "record_bad_debt",
    "fund_insurance",
    "stake",
    "request_unstake",
    "execute_unstake",
    "collect_unstake",
    "claim_stake_recovery",
    "accrue",
    "refresh_risk",
    "pause",
    "unpause",
    "tighten",
    "queue_change",
    "execute_change",
    "cancel_change",
    "propose_authority",
    "accept_authority",
    "cancel_authority",
    "collect_reserves",
    "set_price",
    "wait",
];

/// Every key of any verb.
const KEYS: [&str; 18] = [
    "do",
    "who",
    "amount",
    "shares",
    "of",
    "borrower",
    "to",
    "price",
    "confidence",
    "age_seconds",
    "ahead_seconds",
    "seconds",
    "what",
    "feed",
    "parameter",
    "value",
    "nonce",
    "expect",
];

/// What a step does, with amounts in base units. [`ALL`] means everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Deposits liquidity.
    Deposit(u64),
    /// Burns shares.
    WithdrawShares(u64),
    /// Burns the fewest shares that are worth this much.
    WithdrawAssets(u64),
    /// Requests a withdrawal of shares.
    RequestWithdrawal(u64),
    /// Executes the matured withdrawal request of `who`.
    ExecuteWithdrawal,
    /// Collects the payout.
    CollectWithdrawal,
    /// Transfers shares to an actor.
    TransferShares(String, u64),
    /// Claims the recoveries of all of an LP's losses.
    ClaimRecovery,
    /// Deposits collateral.
    DepositCollateral(String, u64),
    /// Withdraws collateral.
    WithdrawCollateral(String, u64),
    /// Borrows.
    Borrow(u64),
    /// Repays a borrower's debt, then its written-off debt, at most this much.
    Repay(String, u64),
    /// Liquidates a borrower for a collateral, repaying at most this much.
    Liquidate(String, Option<String>, u64),
    /// Marks a borrower's known shortfall.
    Mark(String),
    /// Reports that a token has no usable price.
    ReportPrice(String),
    /// Records a borrower's debt as a loss, or settles its mark.
    RecordBadDebt(String),
    /// Donates to the insurance fund.
    FundInsurance(u64),
    /// Stakes in the insurance fund.
    Stake(u64),
    /// Requests to unstake shares.
    RequestUnstake(u64),
    /// Executes the matured unstake request of `who`.
    ExecuteUnstake,
    /// Collects the payout.
    CollectUnstake,
    /// Claims the recoveries of all of a staker's losses.
    ClaimStakeRecovery,
    /// Accrues interest.
    Accrue,
    /// Observes the prices of the liquidity token and of a collateral, and updates the risk targets.
    RefreshRisk(String),
    /// Governs the market.
    Govern(Act),
    /// Sets a token's price, this many seconds old, on one feed or on all.
    SetPrice(String, Option<Feed>, Quote, i64),
    /// Waits for this many seconds.
    Wait(u64),
}

/// A step that can be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The actor. `None` for steps of the world.
    pub who: Option<String>,
    /// The action.
    pub verb: Verb,
}

/// The names that a step can refer to.
pub trait Tokens {
    /// Decimals of a token, if the story has it.
    fn decimals_of(&self, symbol: &str) -> Option<u8>;
    /// The liquidity token.
    fn liquidity_symbol(&self) -> &str;
    /// The collateral, if there is only one.
    fn only_collateral(&self) -> Option<&str>;
    /// Whether a token has a second feed.
    fn has_second_feed(&self, symbol: &str) -> bool;
    /// Whether an actor has acted before.
    fn knows(&self, actor: &str) -> bool;
}

impl Step {
    /// Parses the step at a place. Refuses unknown keys, so that a mistyped `amount` does not mean "all".
    ///
    /// # Errors
    /// The first mistake in it, with its place.
    pub fn parse(place: &str, value: &Value, world: &impl Tokens) -> Result<Self, Problem> {
        let mut reader = Reader { fields: Fields::of(place, value)?, world };
        let verb = reader.fields.required_text("do")?;
        if !matches!(reader.fields.value("expect"), None | Some(Value::Null | Value::String(_))) {
            let message = "must be the name of an error, \"LikeThis\"";
            return Err(Problem::new(Kind::InvalidValue, reader.fields.place("expect"), message));
        }
        let step = reader.step(verb)?;
        match reader.fields.unknown().into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(step),
        }
    }
}

/// Reads one step.
pub(super) struct Reader<'a, W> {
    pub(super) fields: Fields<'a>,
    pub(super) world: &'a W,
}

impl<W: Tokens> Reader<'_, W> {
    fn step(&mut self, verb: &str) -> Result<Step, Problem> {
        self.refuse_strange_keys()?;
        let who = match verb {
            "set_price" | "wait" => None,
            "accrue" | "mark" | "report_price" | "refresh_risk" => self.fields.text("who")?.map(Into::into),
            _ if default_actor(verb).is_some() => self.fields.text("who")?.or(default_actor(verb)).map(Into::into),
            _ if KNOWN.contains(&verb) => Some(self.fields.required_text("who")?.to_owned()),
            _ => {
                let message = format!("`{verb}` is not a verb; known are {}", KNOWN.join(", "));
                return Err(Problem::new(Kind::UnknownVerb, self.fields.place("do"), message));
            }
        };
        if who.as_deref().is_some_and(|who| !is_name(who)) {
            return Err(self.not_a_name("who"));
        }
        let verb = self.verb(verb, who.as_deref().unwrap_or_default())?;
        Ok(Step { who, verb })
    }

    /// Refuses keys that no verb has. They are most likely typos, so they are reported before missing keys.
    fn refuse_strange_keys(&self) -> Result<(), Problem> {
        match self.fields.unknown_beside(&KEYS) {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }

    fn verb(&mut self, verb: &str, who: &str) -> Result<Verb, Problem> {
        let liquidity = self.world.liquidity_symbol().to_owned();
        Ok(match verb {
            "deposit" => Verb::Deposit(self.amount(&liquidity)?),
            "withdraw" => self.withdrawal(&liquidity)?,
            "request_withdrawal" => Verb::RequestWithdrawal(self.shares(&liquidity)?),
            "execute_withdrawal" => Verb::ExecuteWithdrawal,
            "collect_withdrawal" => Verb::CollectWithdrawal,
            "transfer_shares" => {
                let to = self.receiver()?;
                Verb::TransferShares(to, self.shares(&liquidity)?)
            }
            "claim_recovery" => Verb::ClaimRecovery,
            "deposit_collateral" => {
                let of = self.collateral()?;
                let amount = self.amount(&of)?;
                Verb::DepositCollateral(of, amount)
            }
            "withdraw_collateral" => {
                let of = self.collateral()?;
                let amount = self.bound(&of)?;
                Verb::WithdrawCollateral(of, amount)
            }
            "borrow" => Verb::Borrow(self.amount(&liquidity)?),
            "repay" => {
                let amount = self.bound(&liquidity)?;
                Verb::Repay(self.borrower()?.unwrap_or_else(|| who.into()), amount)
            }
            "liquidate" => {
                let borrower = self.required_borrower()?;
                let of = if self.fields.value("of").is_some() { Some(self.collateral()?) } else { None };
                Verb::Liquidate(borrower, of, self.amount_or_all("amount", &liquidity)?.unwrap_or(ALL))
            }
            "mark" => Verb::Mark(self.required_borrower()?),
            "report_price" => Verb::ReportPrice(self.token()?),
            "record_bad_debt" => Verb::RecordBadDebt(self.required_borrower()?),
            "fund_insurance" => Verb::FundInsurance(self.amount(&liquidity)?),
            "stake" => Verb::Stake(self.amount(&liquidity)?),
            "request_unstake" => Verb::RequestUnstake(self.amount_or_all("shares", &liquidity)?.unwrap_or(ALL)),
            "execute_unstake" => Verb::ExecuteUnstake,
            "collect_unstake" => Verb::CollectUnstake,
            "claim_stake_recovery" => Verb::ClaimStakeRecovery,
            "accrue" => Verb::Accrue,
            "refresh_risk" => Verb::RefreshRisk(self.collateral_or_only()?),
            "set_price" => self.price()?,
            "wait" => Verb::Wait(self.fields.integer("seconds")?.ok_or_else(|| self.fields.missing("seconds"))?),
            verb => Verb::Govern(self.act(verb)?),
        })
    }

    /// Reads the receiver.
    pub(super) fn receiver(&mut self) -> Result<String, Problem> {
        let to = self.fields.required_text("to")?;
        if is_name(to) { Ok(to.into()) } else { Err(self.not_a_name("to")) }
    }

    fn withdrawal(&mut self, liquidity: &str) -> Result<Verb, Problem> {
        match (self.amount_or_all("shares", liquidity)?, self.amount_or_all("amount", liquidity)?) {
            (Some(shares), None) => Ok(Verb::WithdrawShares(shares)),
            (None, Some(ALL)) => Ok(Verb::WithdrawShares(ALL)),
            (None, Some(assets)) => Ok(Verb::WithdrawAssets(assets)),
            (None, None) => Err(self.fields.missing("shares")),
            (Some(_), Some(_)) => {
                let message = "give either shares or an amount, not both";
                Err(Problem::new(Kind::InvalidValue, self.fields.place("amount"), message))
            }
        }
    }

    fn price(&mut self) -> Result<Verb, Problem> {
        let of = self.token()?;
        let price = self.fields.decimal("price")?.ok_or_else(|| self.fields.missing("price"))?;
        let confidence = self.fields.decimal("confidence")?.unwrap_or(Decimal { digits: 0, places: 0 });
        let age = match (self.fields.integer("age_seconds")?, self.fields.integer::<u32>("ahead_seconds")?) {
            (Some(_), Some(_)) => {
                let message = "give either age_seconds or ahead_seconds, not both";
                return Err(Problem::new(Kind::InvalidValue, self.fields.place("ahead_seconds"), message));
            }
            (age, None) => age.unwrap_or(0),
            (None, Some(ahead)) => i64::from(ahead).saturating_neg(),
        };
        let quote = price.quote(&confidence);
        let quote = quote.map_err(|message| Problem::new(Kind::InvalidValue, self.fields.place("price"), message))?;
        let feed = self.feed(&of)?;
        Ok(Verb::SetPrice(of, feed, quote, age))
    }

    /// Reads which of a token's feeds is meant. `None` means all.
    fn feed(&mut self, symbol: &str) -> Result<Option<Feed>, Problem> {
        let message = match self.fields.text("feed")? {
            None => return Ok(None),
            Some("first") => return Ok(Some(Feed::First)),
            Some("second") if self.world.has_second_feed(symbol) => return Ok(Some(Feed::Second)),
            Some("second") => format!("{symbol} has no second feed: add one with `oracle.second_feed`"),
            Some(_) => "must be \"first\" or \"second\"".into(),
        };
        Err(Problem::new(Kind::InvalidValue, self.fields.place("feed"), message))
    }

    fn token(&mut self) -> Result<String, Problem> {
        let symbol = self.fields.required_text("of")?;
        match self.world.decimals_of(symbol) {
            Some(_) => Ok(symbol.into()),
            None => {
                let message = format!("there is no token {symbol} in this story");
                Err(Problem::new(Kind::UnknownToken, self.fields.place("of"), message))
            }
        }
    }

    fn collateral(&mut self) -> Result<String, Problem> {
        let symbol = self.token()?;
        if symbol == self.world.liquidity_symbol() {
            let message = format!("{symbol} is what the pool lends, not a collateral");
            return Err(Problem::new(Kind::UnknownToken, self.fields.place("of"), message));
        }
        Ok(symbol)
    }

    /// The named collateral, or the only one.
    pub(super) fn collateral_or_only(&mut self) -> Result<String, Problem> {
        match (self.fields.value("of"), self.world.only_collateral()) {
            (None, Some(only)) => Ok(only.into()),
            _ => self.collateral(),
        }
    }

    fn borrower(&mut self) -> Result<Option<String>, Problem> {
        match self.fields.text("borrower")? {
            Some(name) if !self.world.knows(name) => {
                let message = format!("no actor called {name} has acted yet");
                Err(Problem::new(Kind::UnknownActor, self.fields.place("borrower"), message))
            }
            name => Ok(name.map(Into::into)),
        }
    }

    fn required_borrower(&mut self) -> Result<String, Problem> {
        self.borrower()?.ok_or_else(|| self.fields.missing("borrower"))
    }

    pub(super) fn not_a_name(&self, key: &str) -> Problem {
        Problem::new(Kind::InvalidValue, self.fields.place(key), "a name must have 1 to 32 bytes")
    }

    /// Reads required shares, or "all".
    fn shares(&mut self, liquidity: &str) -> Result<u64, Problem> {
        self.amount_or_all("shares", liquidity)?.ok_or_else(|| self.fields.missing("shares"))
    }

    /// Reads a required amount, or "all".
    pub(super) fn bound(&mut self, symbol: &str) -> Result<u64, Problem> {
        self.amount_or_all("amount", symbol)?.ok_or_else(|| self.fields.missing("amount"))
    }

    fn amount(&mut self, symbol: &str) -> Result<u64, Problem> {
        let units = self.fields.units("amount", self.world.decimals_of(symbol).unwrap_or(0))?;
        units.ok_or_else(|| self.fields.missing("amount"))
    }

    fn amount_or_all(&mut self, key: &'static str, symbol: &str) -> Result<Option<u64>, Problem> {
        match self.fields.value(key) {
            Some(Value::String(text)) if text == "all" => Ok(Some(ALL)),
            _ => self.fields.units(key, self.world.decimals_of(symbol).unwrap_or(0)),
        }
    }
}
