//! Errors for what the program would refuse, with numbers that help.

use backstop_client::{BackstopError, InsuranceStake, LpPosition, Obligation, preview::Snapshot};
use backstop_engine::{exit::Request, governance::Pausable};
use solana_address::Address;

use super::signer;
use crate::{
    commands::show,
    failure::Failure,
    loaded_pool::{Feed, LoadedPool, PoolSummary},
    tokens::Token,
    view::Cell,
};

/// The program would refuse, according to the preview. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the program would refuse this, so nothing was sent: {} ({}){}", said(*.error), error.name(), hint(.help))]
pub struct Refused {
    /// The program's error.
    pub error: BackstopError,
    /// Numbers and next steps that help.
    pub help: Option<String>,
}

/// The hint where parameters are explained.
const PARAMETERS: &str =
    "See docs/scenarios.md for all parameters and their bounds, docs/risk.md for those that move with risk.";

/// Refuses parameters that break a rule, and names the rule.
pub(super) fn within_bounds(broken: Option<String>) -> Result<(), Failure> {
    match broken {
        Some(rule) => Err(Failure::refused(Refused {
            error: BackstopError::InvalidParameter,
            help: Some(format!("Rule: {rule}.\n{PARAMETERS}")),
        })),
        None => Ok(()),
    }
}

/// The program's own message, without its reference to the documentation.
fn said(error: BackstopError) -> String {
    match error {
        BackstopError::InvalidParameter => "a parameter is outside its bounds".into(),
        error => error.to_string(),
    }
}

fn hint(help: &Option<String>) -> String {
    help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default()
}

/// The accounts that a preview is about, in the state before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject<'a> {
    pub(super) position: Option<&'a LpPosition>,
    pub(super) stake: Option<&'a InsuranceStake>,
    pub(super) obligation: Option<&'a Obligation>,
    /// The collateral to move.
    pub(super) collateral: Option<Address>,
    /// The signer, where others may sign too.
    pub(super) signer: Option<Address>,
    /// The operation that could be paused.
    pub(super) operation: Option<Pausable>,
}

impl Subject<'_> {
    /// The exit request of the position or the stake, in Unix time.
    fn request(&self, Snapshot { pool, fund, now, .. }: &Snapshot) -> Option<Request> {
        let of_position = self.position.map(|position| position.request_in(pool, *now));
        of_position.or_else(|| self.stake.map(|stake| stake.request_in(pool, fund, *now)))
    }
}

/// The failure for an error of the program, with helpful numbers.
pub(super) fn refused(loaded: &LoadedPool, error: BackstopError, subject: &Subject) -> Failure {
    let help = loaded.summary().ok().and_then(|summary| help(loaded, &summary, error, subject));
    Failure::refused(Refused { error, help })
}

fn help(loaded: &LoadedPool, summary: &PoolSummary, error: BackstopError, subject: &Subject) -> Option<String> {
    let (snapshot, now) = (&loaded.snapshot, loaded.snapshot.now);
    let liquidity = |units: u64| Cell::amount(units, &loaded.token).text;
    let shares = |units: u64| Cell::shares(units, &loaded.token).text;
    let time = |at: i64| Cell::time(at, now).text;
    match error {
        BackstopError::LoanToValueExceeded => {
            let obligation = subject.obligation?;
            let Some(collateral) = subject.collateral else {
                return Some(format!(
                    "You can borrow at most {} now.",
                    liquidity(snapshot.most_borrowable(obligation))
                ));
            };
            let listed = loaded.listed_at(&collateral).ok()?;
            let most = snapshot.most_withdrawable(obligation, &collateral);
            Some(format!("You can withdraw at most {} now.", Cell::amount(most, &listed.token).text))
        }
        BackstopError::InsufficientCash if subject.stake.is_some() => Some(format!(
            "The fund holds {}. The pool owes it {} more, and pays that as soon as it has cash.",
            liquidity(summary.insured.assets.get()),
            liquidity(summary.insured.owed.get())
        )),
        BackstopError::InsufficientCash => {
            let cash = format!("The pool has {} in cash; the rest is lent out.", liquidity(summary.totals.cash.get()));
            let Some(obligation) = subject.obligation else { return Some(cash) };
            Some(format!("{cash} You can borrow at most {} now.", liquidity(snapshot.most_borrowable(obligation))))
        }
        BackstopError::InsufficientShares => {
            let position = subject.position.map(|position| position.shares_in(&snapshot.pool));
            let held = position.or_else(|| subject.stake.map(|stake| stake.shares_in(&snapshot.fund)))?;
            let request = subject.request(snapshot).unwrap_or_default();
            let held = format!("You hold {}", shares(held.get()));
            Some(match request.shares.get() {
                0 => format!("{held}."),
                requested => format!("{held}, of which {} are in an exit request.", shares(requested)),
            })
        }
        BackstopError::InsufficientCollateral => {
            let (obligation, collateral) = (subject.obligation?, subject.collateral?);
            let listed = loaded.listed_at(&collateral).ok()?;
            Some(format!(
                "The obligation holds {}.",
                Cell::amount(obligation.units_of(&collateral), &listed.token).text
            ))
        }
        BackstopError::DepositCapExceeded => {
            let account = &snapshot.collateral(&subject.collateral?).ok()?.account;
            let listed = loaded.listed_at(&subject.collateral?).ok()?;
            let room = account.parameters.deposit_cap.saturating_sub(account.deposited);
            Some(format!("The cap leaves room for {} more.", Cell::amount(room, &listed.token).text))
        }
        BackstopError::CollateralNotOpen => {
            Some(format!("It opens at {}.", time(snapshot.collateral(&subject.collateral?).ok()?.account.opens_at)))
        }
        BackstopError::DebtBelowMinimum => {
            Some(format!("The minimum debt is {}.", liquidity(snapshot.pool.parameters.liquidation.min_debt)))
        }
        BackstopError::BreakerTripped => Some(format!("It ends at {}.", time(snapshot.pool.breaker_until))),
        BackstopError::Paused => {
            Some(format!("The pause ends at {}.", time(snapshot.pool.pause(subject.operation?).until)))
        }
        BackstopError::ExitNotRequested if subject.stake.is_some() => {
            Some("Request it first with `backstop request-unstake`.".into())
        }
        BackstopError::ExitNotRequested => Some("Request it first with `backstop request-withdrawal`.".into()),
        BackstopError::NoticeDue => {
            let notice = Cell::seconds(snapshot.pool.notice_seconds(now)).text;
            Some(format!("The notice is {notice}. Request the withdrawal with `backstop request-withdrawal`."))
        }
        BackstopError::ExitNotMature | BackstopError::ExitPending => {
            let request = subject.request(snapshot)?;
            let execute = if subject.stake.is_some() { "execute-unstake" } else { "execute-withdrawal" };
            Some(format!("The request matures at {}. Then run `backstop {execute}`.", time(request.matures_at)))
        }
        BackstopError::InsufficientReserves => Some(format!(
            "Reserves are {}, of which {} are held for known losses.",
            liquidity(summary.totals.reserves.get()),
            liquidity(snapshot.pool.marked.min(summary.totals.reserves.get()))
        )),
        BackstopError::DefaultTooRecent => Some(format!(
            "The pool requires {} slots since the last borrow or collateral withdrawal. That was in slot {}; the \
             current slot is {}.",
            snapshot.pool.parameters.loss.min_default_age_slots,
            subject.obligation?.last_risk_increase_slot,
            snapshot.slot
        )),
        BackstopError::CollateralRemains => {
            Some(format!("Liquidate it first: `backstop liquidate {}`.", subject.obligation?.owner))
        }
        BackstopError::DebtCovered => {
            Some(format!("A liquidation repays it: `backstop liquidate {}`.", subject.obligation?.owner))
        }
        BackstopError::PoolOnHold | BackstopError::FundOnHold => {
            let (holds, seconds) = (snapshot.pool.holds(), snapshot.pool.hold_seconds());
            let hold = if error == BackstopError::PoolOnHold { holds.pool } else { holds.fund };
            let marked = format!(
                "Marked losses: {}. List them with `backstop show obligations`.",
                liquidity(holds.marked.get())
            );
            let end = match hold.settles_all_at(seconds).filter(|at| *at > now) {
                Some(at) => {
                    format!(
                        "The hold ends when that debt is liquidated, repaid or recorded. From {}, anyone can settle it",
                        time(at)
                    )
                }
                None => "Anyone can settle it now".into(),
            };
            Some(format!("{marked}\n{end} with `backstop record-bad-debt <OWNER>`."))
        }
        BackstopError::PriceBeforeMark => {
            Some(format!("The obligation was marked at {}.", time(subject.obligation?.marked_at)))
        }
        BackstopError::HistoryFull if subject.stake.is_some() => {
            Some("Extend it with `backstop extend-stake-history`.".into())
        }
        BackstopError::HistoryFull => Some("Extend it with `backstop extend-history`.".into()),
        BackstopError::LossBookFull => Some("Extend it with `backstop extend-loss-book`.".into()),
        BackstopError::ObligationHealthy => {
            let health = snapshot.valuation(subject.obligation?).ok()?.health.factor_bps();
            Some(format!("Its health is {}. It can be liquidated below 1.", Cell::factor(health).text))
        }
        BackstopError::WrongOwner => {
            let (owner, me) = (subject.obligation?.owner, subject.signer?);
            let symbol = loaded.listed_at(&subject.collateral?).ok()?.token.symbol;
            let give = signer::give(&format!("its owner, {owner}"), me);
            Some(format!("The obligation holds no {symbol} yet, and only its owner can add another token. {give}"))
        }
        BackstopError::AmountTooSmall => {
            let position = subject.position.map(|position| position.shares_in(&snapshot.pool));
            let held = position.or_else(|| subject.stake.map(|stake| stake.shares_in(&snapshot.fund)))?;
            held.is_zero().then(|| "You hold no shares.".into())
        }
        BackstopError::InvalidParameter => Some(PARAMETERS.into()),
        BackstopError::MathOverflow => None,
        error => prices(loaded, error),
    }
}

/// Names the tokens whose price fails with this error, and the accounts they were read from.
fn prices(loaded: &LoadedPool, error: BackstopError) -> Option<String> {
    let liquidity = (loaded.snapshot.price, &loaded.token, &loaded.feeds);
    let collaterals = loaded.snapshot.collaterals.iter().zip(&loaded.listed);
    let collaterals = collaterals.map(|(priced, listed)| (priced.price, &listed.token, &listed.feeds));
    let formatted = |(_, token, feeds): (_, &Token, &Vec<Feed>)| {
        let bad = feeds.iter().filter(|feed| feed.problem == Some(error)).map(show::price::problem);
        let mut bad: Vec<String> = bad.collect();
        if bad.is_empty() {
            // The feeds fail only together.
            bad = feeds.iter().map(|feed| format!("the account {}", feed.account)).collect();
        }
        format!("This is the price of {}, in {}.", token.symbol, bad.join(", and in "))
    };
    let bad = std::iter::once(liquidity).chain(collaterals).filter(|(price, _, _)| *price == Err(error));
    let bad: Vec<String> = bad.map(formatted).collect();
    if bad.is_empty() { None } else { Some(bad.join("\n")) }
}
