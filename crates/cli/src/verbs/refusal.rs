//! What the program would refuse, with the numbers that help.

use backstop_client::{BackstopError, InsuranceStake, LpPosition, Obligation, preview::Snapshot};
use backstop_engine::{exit::Request, governance::Pausable};
use solana_address::Address;

use super::signer;
use crate::{
    desk::{Desk, Feed},
    failure::Failure,
    show::{self, Books},
    tokens::Token,
    view::Figure,
};

/// The program would refuse it: the preview says so, and nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("the program would refuse this, so nothing was sent: {} ({}){}", said(*.error), error.name(), hint(.help))]
pub struct Refused {
    /// Why.
    pub error: BackstopError,
    /// The numbers that help.
    pub help: Option<String>,
}

/// Where parameters are explained.
const PARAMETERS: &str =
    "docs/scenarios.md lists all parameters with their meaning and bounds, docs/risk.md those that move with risk.";

/// Parameters that break a rule are refused with it.
pub(super) fn within_bounds(broken: Option<String>) -> Result<(), Failure> {
    match broken {
        Some(rule) => Err(Failure::refused(Refused {
            error: BackstopError::InvalidParameter,
            help: Some(format!("The rule: {rule}.\n{PARAMETERS}")),
        })),
        None => Ok(()),
    }
}

/// The program's own words, which know no pages.
fn said(error: BackstopError) -> String {
    match error {
        BackstopError::InvalidParameter => "a parameter is outside its bounds".into(),
        error => error.to_string(),
    }
}

fn hint(help: &Option<String>) -> String {
    help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default()
}

/// What a preview was about, as it was before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject<'a> {
    pub(super) position: Option<&'a LpPosition>,
    pub(super) stake: Option<&'a InsuranceStake>,
    pub(super) obligation: Option<&'a Obligation>,
    /// The collateral that is moved.
    pub(super) collateral: Option<Address>,
    /// Who signs, where others may sign too.
    pub(super) signer: Option<Address>,
    /// What could be paused.
    pub(super) operation: Option<Pausable>,
}

impl Subject<'_> {
    /// The request to leave of the position or the stake, in Unix time.
    fn request(&self, Snapshot { pool, fund, now, .. }: &Snapshot) -> Option<Request> {
        let of_position = self.position.map(|position| position.request_in(pool, *now));
        of_position.or_else(|| self.stake.map(|stake| stake.request_in(pool, fund, *now)))
    }
}

/// Why the program would refuse, in numbers.
pub(super) fn refused(desk: &Desk, error: BackstopError, subject: &Subject) -> Failure {
    let help = desk.books().ok().and_then(|books| help(desk, &books, error, subject));
    Failure::refused(Refused { error, help })
}

fn help(desk: &Desk, books: &Books, error: BackstopError, subject: &Subject) -> Option<String> {
    let (snapshot, now) = (&desk.snapshot, desk.snapshot.now);
    let liquidity = |units: u64| Figure::amount(units, &desk.token).text;
    let shares = |units: u64| Figure::shares(units, &desk.token).text;
    let time = |at: i64| Figure::time(at, now).text;
    match error {
        BackstopError::LoanToValueExceeded => {
            let obligation = subject.obligation?;
            let Some(collateral) = subject.collateral else {
                return Some(format!(
                    "You can borrow at most {} now.",
                    liquidity(snapshot.most_borrowable(obligation))
                ));
            };
            let listed = desk.listed_at(&collateral).ok()?;
            let most = snapshot.most_withdrawable(obligation, &collateral);
            Some(format!("You can take out at most {} now.", Figure::amount(most, &listed.token).text))
        }
        BackstopError::InsufficientCash if subject.stake.is_some() => Some(format!(
            "The fund holds {}; the pool owes it {} more, and pays that as soon as it has cash.",
            liquidity(books.insured.assets.get()),
            liquidity(books.insured.owed.get())
        )),
        BackstopError::InsufficientCash => {
            let cash = format!("The pool has {} in cash; the rest is lent.", liquidity(books.totals.cash.get()));
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
                requested => format!("{held}, of which {} are requested to leave.", shares(requested)),
            })
        }
        BackstopError::InsufficientCollateral => {
            let (obligation, collateral) = (subject.obligation?, subject.collateral?);
            let listed = desk.listed_at(&collateral).ok()?;
            Some(format!("It holds {}.", Figure::amount(obligation.units_of(&collateral), &listed.token).text))
        }
        BackstopError::DepositCapExceeded => {
            let account = &snapshot.collateral(&subject.collateral?).ok()?.account;
            let listed = desk.listed_at(&subject.collateral?).ok()?;
            let room = account.parameters.deposit_cap.saturating_sub(account.deposited);
            Some(format!("There is room for {} more.", Figure::amount(room, &listed.token).text))
        }
        BackstopError::CollateralNotOpen => {
            Some(format!("It opens at {}.", time(snapshot.collateral(&subject.collateral?).ok()?.account.opens_at)))
        }
        BackstopError::DebtBelowMinimum => {
            Some(format!("The least debt is {}.", liquidity(snapshot.pool.parameters.liquidation.min_debt)))
        }
        BackstopError::BreakerTripped => Some(format!("It ends at {}.", time(snapshot.pool.breaker_until))),
        BackstopError::Paused => {
            Some(format!("The pause ends at {}.", time(snapshot.pool.pause(subject.operation?).until)))
        }
        BackstopError::ExitNotRequested if subject.stake.is_some() => {
            Some("Ask first with `backstop request-unstake`.".into())
        }
        BackstopError::ExitNotRequested => Some("Ask first with `backstop request-withdrawal`.".into()),
        BackstopError::NoticeDue => {
            let notice = Figure::seconds(snapshot.pool.notice_seconds(now)).text;
            Some(format!("The notice is {notice}: `backstop request-withdrawal`."))
        }
        BackstopError::ExitNotMature | BackstopError::ExitPending => {
            let request = subject.request(snapshot)?;
            let execute = if subject.stake.is_some() { "execute-unstake" } else { "execute-withdrawal" };
            Some(format!("It matures {}: then `backstop {execute}`.", time(request.matures_at)))
        }
        BackstopError::InsufficientReserves => Some(format!(
            "Reserves are {}, of which {} are held for known losses.",
            liquidity(books.totals.reserves.get()),
            liquidity(snapshot.pool.marked.min(books.totals.reserves.get()))
        )),
        BackstopError::DefaultTooRecent => Some(format!(
            "The pool asks for {} slots since the last borrow or collateral withdrawal, which was in slot {}; it is slot {} now.",
            snapshot.pool.parameters.loss.min_default_age_slots, subject.obligation?.exposed_at_slot, snapshot.slot
        )),
        BackstopError::CollateralRemains => {
            Some(format!("Liquidate it first: `backstop liquidate {}`.", subject.obligation?.owner))
        }
        BackstopError::DebtCovered => {
            Some(format!("A liquidation pays it: `backstop liquidate {}`.", subject.obligation?.owner))
        }
        BackstopError::PoolOnHold | BackstopError::FundOnHold => {
            let (holds, seconds) = (snapshot.pool.holds(), snapshot.pool.hold_seconds());
            let hold = if error == BackstopError::PoolOnHold { holds.pool } else { holds.fund };
            let marked = format!(
                "Marked as lost are {}: `backstop show obligations` tells whose.",
                liquidity(holds.marked.get())
            );
            let end = match hold.settles_all_at(seconds).filter(|at| *at > now) {
                Some(at) => {
                    format!("It ends when that is liquidated, paid or recorded; from {} on anyone settles it", time(at))
                }
                None => "Anyone settles it now".into(),
            };
            Some(format!("{marked}\n{end} with `backstop record-bad-debt <OWNER>`."))
        }
        BackstopError::PriceBeforeMark => Some(format!("It was marked at {}.", time(subject.obligation?.marked_at))),
        BackstopError::HistoryFull if subject.stake.is_some() => {
            Some("Extend it with `backstop extend-stake-history`.".into())
        }
        BackstopError::HistoryFull => Some("Extend it with `backstop extend-history`.".into()),
        BackstopError::LossBookFull => Some("Extend it with `backstop extend-loss-book`.".into()),
        BackstopError::ObligationHealthy => {
            let health = snapshot.valuation(subject.obligation?).ok()?.health.factor_bps();
            Some(format!("Its health is {}; it can be liquidated below 1.", Figure::factor(health).text))
        }
        BackstopError::WrongOwner => {
            let (owner, me) = (subject.obligation?.owner, subject.signer?);
            let symbol = desk.listed_at(&subject.collateral?).ok()?.token.symbol;
            let give = signer::give(&format!("its owner, {owner}"), me);
            Some(format!(
                "The obligation holds no {symbol} yet, and only its owner can add a token of another kind. {give}"
            ))
        }
        BackstopError::AmountTooSmall => {
            let position = subject.position.map(|position| position.shares_in(&snapshot.pool));
            let held = position.or_else(|| subject.stake.map(|stake| stake.shares_in(&snapshot.fund)))?;
            held.is_zero().then(|| "You hold no shares.".into())
        }
        BackstopError::InvalidParameter => Some(PARAMETERS.into()),
        BackstopError::MathOverflow => None,
        error => prices(desk, error),
    }
}

/// Which token's price cannot be used for this reason, and where it was read.
fn prices(desk: &Desk, error: BackstopError) -> Option<String> {
    let liquidity = (desk.snapshot.price, &desk.token, &desk.feeds);
    let collaterals = desk.snapshot.collaterals.iter().zip(&desk.listed);
    let collaterals = collaterals.map(|(priced, listed)| (priced.price, &listed.token, &listed.feeds));
    let told = |(_, token, feeds): (_, &Token, &Vec<Feed>)| {
        let bad = feeds.iter().filter(|feed| feed.problem == Some(error)).map(show::price::problem);
        let mut bad: Vec<String> = bad.collect();
        if bad.is_empty() {
            // Only together.
            bad = feeds.iter().map(|feed| format!("the account {}", feed.account)).collect();
        }
        format!("It is the price of {}, in {}.", token.symbol, bad.join(", and in "))
    };
    let bad = std::iter::once(liquidity).chain(collaterals).filter(|(price, _, _)| *price == Err(error));
    let bad: Vec<String> = bad.map(told).collect();
    if bad.is_empty() { None } else { Some(bad.join("\n")) }
}
