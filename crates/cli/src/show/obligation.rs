//! Obligations.

use std::cmp::Reverse;

use backstop_client::{
    BackstopError, Obligation,
    preview::{Snapshot, Valuation},
};
use backstop_engine::{Result, quantity::Assets};
use solana_address::Address;

use super::Books;
use crate::{
    tokens::{Token, short},
    view::{Figure, View},
};

/// A collateral that an obligation holds, with its token.
#[derive(Clone, Debug)]
pub struct Held {
    /// The collateral's address.
    pub collateral: Address,
    /// Its token.
    pub token: Token,
}

/// What a view of obligations is made of: the pool, and its collaterals with their prices.
#[derive(Clone, Debug)]
pub struct ObligationBooks<'a> {
    /// The pool.
    pub books: Books,
    /// Prices and collaterals.
    pub snapshot: &'a Snapshot,
    /// The tokens of the collaterals.
    pub tokens: Vec<Held>,
}

impl ObligationBooks<'_> {
    fn token(&self, collateral: &Address) -> Token {
        let held = self.tokens.iter().find(|held| held.collateral == *collateral);
        held.map_or_else(
            || Token { symbol: short(collateral), mint: *collateral, decimals: 0 },
            |held| held.token.clone(),
        )
    }

    fn debt(&self, obligation: &Obligation) -> Result<Assets> {
        self.books.totals.debt(obligation.debt())
    }
}

/// What a borrower owes, what stands behind it, and what happens next.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn obligation(desk: &ObligationBooks, address: &Address, obligation: &Obligation) -> Result<View> {
    let books = &desk.books;
    let mut view = View::new(format!("Obligation in the pool of {}", books.token.symbol));
    view.figure("obligation", "obligation", Figure::address(address))
        .figure("owner", "owner", Figure::address(&obligation.owner))
        .figure("debt", "debt", books.amount(desk.debt(obligation)?));
    match desk.snapshot.valuation(obligation) {
        Ok(valuation) => health(&mut view, desk, obligation, &valuation)?,
        Err(error) => {
            view.figure("health", "health", Figure::none(&format!("no price: {error}")));
        }
    }
    view.figure(
        "marked",
        "marked as lost",
        match obligation.marked {
            0 => Figure::none("nothing"),
            marked => {
                Figure::amount(marked, &books.token).noted(format!("since {}", books.time(obligation.marked_at).text))
            }
        },
    );
    if obligation.written_off != 0 {
        view.figure("written_off", "written off so far", Figure::amount(obligation.written_off, &books.token)).figure(
            "unrecovered",
            "  of it not recovered",
            books.amount(obligation.unrecovered()),
        );
    }
    view.figure("next", "what is next", Figure::text(next(desk, obligation)));
    view.list("collaterals", "Collateral", &COLUMNS, obligation.held().map(|slot| row(desk, slot)).collect());
    Ok(view)
}

const COLUMNS: [(&str, &str); 6] = [
    ("token", "token"),
    ("units", ">amount"),
    ("price", ">price, low side"),
    ("value", ">value"),
    ("max_ltv", ">limit now"),
    ("liquidation_threshold", ">threshold now"),
];

fn health(view: &mut View, desk: &ObligationBooks, obligation: &Obligation, valuation: &Valuation) -> Result<()> {
    let health = &valuation.health;
    let state = if health.debt.get() == 0 {
        Figure::factor(u64::MAX)
    } else if health.is_liquidatable()? {
        Figure::factor(health.factor_bps()).noted("below 1 or at its edge: can be liquidated")
    } else {
        Figure::factor(health.factor_bps()).noted("liquidated below 1")
    };
    view.figure("debt_value", "debt, in value", Figure::usd(health.debt.get())).figure(
        "collateral_value",
        "collateral, in value",
        Figure::usd(health.collateral.get()),
    );
    // Borrowing counts a price that is far above its average as less.
    if let Ok(guarded) = desk.snapshot.health_for_borrowing(obligation)
        && guarded.collateral != health.collateral
    {
        let counts = Figure::usd(guarded.collateral.get()).noted("a price too far above its average counts less");
        view.figure("collateral_value_for_borrowing", "  for borrowing it counts", counts);
    }
    view.figure("health", "health", state).figure("borrowable", "can borrow now", borrowable(desk, obligation));
    Ok(())
}

/// The most that could be borrowed now on top.
fn borrowable(desk: &ObligationBooks, obligation: &Obligation) -> Figure {
    let most = desk.snapshot.most_borrowable(obligation);
    match desk.snapshot.clone().borrow(&mut obligation.clone(), most.max(1)) {
        Err(error @ (BackstopError::Paused | BackstopError::BreakerTripped)) => {
            Figure::amount(0, &desk.books.token).noted(error)
        }
        _ => Figure::amount(most, &desk.books.token),
    }
}

fn row(desk: &ObligationBooks, slot: &backstop_client::CollateralSlot) -> Vec<Figure> {
    let token = desk.token(&slot.collateral);
    let unknown = || Figure::none("?");
    let listed = desk.snapshot.collateral(&slot.collateral);
    let (max_ltv, threshold) = listed.map_or_else(
        |_| (unknown(), unknown()),
        |listed| {
            let (max_ltv, threshold) = listed.account.risk().limits(desk.snapshot.now);
            (Figure::bps(max_ltv.get()), Figure::bps(threshold.get()))
        },
    );
    let (price, value) = match listed.and_then(|listed| {
        let price = listed.price?.quote.lower(token.decimals)?;
        let whole = 10_u64.checked_pow(token.decimals.into()).unwrap_or(u64::MAX);
        Ok((price.value_down(whole)?, price.value_down(slot.units)?))
    }) {
        Ok((price, value)) => (Figure::usd(price.get()), Figure::usd(value.get())),
        Err(error) => (Figure::none(error.name()), unknown()),
    };
    vec![Figure::text(&token.symbol), Figure::bare(slot.units, &token), price, value, max_ltv, threshold]
}

/// What can or will be done with it, and by which command.
fn next(desk: &ObligationBooks, obligation: &Obligation) -> String {
    let (snapshot, owner) = (desk.snapshot, &obligation.owner);
    if obligation.debt_shares == 0 {
        return match (obligation.unrecovered().is_zero(), obligation.held().next()) {
            (false, Some(_)) if is_takeable(snapshot, obligation) => format!(
                "its debt was written off: anyone can pay for its collateral with `backstop liquidate {owner}`, or without with `backstop repay <AMOUNT> --owner {owner}`"
            ),
            (false, _) => {
                format!(
                    "its debt was written off: anyone can pay towards it with `backstop repay <AMOUNT> --owner {owner}`"
                )
            }
            (true, Some(_)) => "it owes nothing: its owner can borrow, or take the collateral back".into(),
            (true, None) => "it owes nothing and holds nothing: its owner can add collateral".into(),
        };
    }
    if snapshot.clone().record_bad_debt(&mut obligation.clone()).is_ok() {
        return match snapshot.settles(obligation) {
            true => format!("its mark is to be settled: anyone does it with `backstop record-bad-debt {owner}`"),
            false => format!(
                "what its collateral does not cover is lost: anyone can record it with `backstop record-bad-debt {owner}`"
            ),
        };
    }
    match is_liquidatable(snapshot, obligation) {
        Err(error) => format!(
            "it needs a usable price first ({error}); if there is none, anyone says so with `backstop report-price <TOKEN>`"
        ),
        Ok(false) if is_takeable(snapshot, obligation) => format!(
            "it is healthy, but was written off in part: anyone can take collateral for that with `backstop liquidate {owner}`"
        ),
        Ok(false) => "it is healthy: nobody can liquidate it".into(),
        Ok(true) if mismarked(snapshot, obligation).unwrap_or(false) => format!(
            "anyone can liquidate it with `backstop liquidate {owner}`, and mark the known loss with `backstop mark {owner}`"
        ),
        Ok(true) => format!("anyone can liquidate it with `backstop liquidate {owner}`"),
    }
}

/// Whether collateral can be taken for what was written off.
fn is_takeable(snapshot: &Snapshot, obligation: &Obligation) -> bool {
    let taken = |at| snapshot.clone().liquidate(&mut obligation.clone(), at, u64::MAX).is_ok();
    !obligation.unrecovered().is_zero() && obligation.held().any(|slot| taken(&slot.collateral))
}

fn is_liquidatable(snapshot: &Snapshot, obligation: &Obligation) -> backstop_client::preview::Result<bool> {
    Ok(snapshot.valuation(obligation)?.health.is_liquidatable()?)
}

/// Whether it is known to leave something else unpaid than is marked.
fn mismarked(snapshot: &Snapshot, obligation: &Obligation) -> backstop_client::preview::Result<bool> {
    Ok(snapshot.shortfall(obligation)? != obligation.marked)
}

/// How an obligation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    NoDebt,
    WrittenOff,
    Healthy,
    Liquidatable,
    /// Nobody can tell without the prices that it needs.
    Unpriced,
}

impl State {
    fn of(snapshot: &Snapshot, obligation: &Obligation) -> Self {
        match is_liquidatable(snapshot, obligation) {
            _ if obligation.debt_shares == 0 && obligation.unrecovered().is_zero() => Self::NoDebt,
            _ if obligation.debt_shares == 0 => Self::WrittenOff,
            Ok(true) => Self::Liquidatable,
            Ok(false) => Self::Healthy,
            Err(_) => Self::Unpriced,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::NoDebt => "no debt",
            Self::WrittenOff => "written off",
            Self::Healthy => "healthy",
            Self::Liquidatable => "liquidatable",
            Self::Unpriced => "no usable price",
        }
    }
}

/// Obligations, the least healthy first; those without debt last.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn obligations(desk: &ObligationBooks, all: &[(Address, Obligation)], unhealthy_only: bool) -> Result<View> {
    let token = &desk.books.token;
    let mut rows = Vec::new();
    for (address, obligation) in all {
        let valuation = desk.snapshot.valuation(obligation);
        let rated = valuation.map(|valuation| (valuation.health.factor_bps(), valuation.health.collateral));
        let state = State::of(desk.snapshot, obligation);
        if unhealthy_only && !matches!(state, State::Liquidatable | State::Unpriced) {
            continue;
        }
        let debt = desk.debt(obligation)?;
        let (health, value) = match rated {
            Ok((factor, value)) => (Figure::factor(factor), Figure::usd(value.get())),
            Err(error) => (Figure::none(error.name()), Figure::none("?")),
        };
        let order = (obligation.debt_shares == 0, rated.map_or(0, |(factor, _)| factor), Reverse(debt));
        rows.push((
            order,
            vec![
                Figure::address(&obligation.owner),
                Figure::short(address),
                Figure::bare(debt.get(), token),
                value,
                health,
                Figure::bare(obligation.marked, token),
                Figure::text(state.word()),
            ],
        ));
    }
    rows.sort_by_key(|(order, _)| *order);
    let columns = [
        ("owner", "owner"),
        ("obligation", "obligation"),
        ("debt", ">debt"),
        ("collateral_value", ">collateral value"),
        ("health", ">health"),
        ("marked", ">marked as lost"),
        ("state", "state"),
    ];
    let mut view = View::default();
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    view.list(
        "obligations",
        format!("Obligations in the pool of {}, least healthy first", token.symbol),
        &columns,
        rows,
    );
    Ok(view)
}
