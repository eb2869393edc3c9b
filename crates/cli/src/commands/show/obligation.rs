//! Views of obligations.

use std::cmp::Reverse;

use backstop_client::{
    BackstopError, Obligation,
    preview::{Snapshot, Valuation},
};
use backstop_engine::{Result, quantity::Assets};
use solana_address::Address;

use crate::loaded_pool::PoolSummary;
use crate::{
    tokens::{Token, short},
    view::{Cell, View},
};

/// A collateral and its token.
#[derive(Clone, Debug)]
pub struct Held {
    /// The collateral's address.
    pub collateral: Address,
    /// Its token.
    pub token: Token,
}

/// The input of views of obligations: the pool, and its collaterals with prices.
#[derive(Clone, Debug)]
pub struct ObligationSummary<'a> {
    /// The pool.
    pub summary: PoolSummary,
    /// The snapshot with prices and collaterals.
    pub snapshot: &'a Snapshot,
    /// The tokens of the collaterals.
    pub tokens: Vec<Held>,
}

impl ObligationSummary<'_> {
    fn token(&self, collateral: &Address) -> Token {
        let held = self.tokens.iter().find(|held| held.collateral == *collateral);
        held.map_or_else(
            || Token { symbol: short(collateral), mint: *collateral, decimals: 0 },
            |held| held.token.clone(),
        )
    }

    fn debt(&self, obligation: &Obligation) -> Result<Assets> {
        self.summary.totals.debt(obligation.debt())
    }
}

/// An obligation's debt, its collateral, and what can happen next.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn obligation(loaded: &ObligationSummary, address: &Address, obligation: &Obligation) -> Result<View> {
    let summary = &loaded.summary;
    let mut view = View::new(format!("Obligation in the {} pool", summary.token.symbol));
    view.figure("obligation", "obligation", Cell::address(address))
        .figure("owner", "owner", Cell::address(&obligation.owner))
        .figure("debt", "debt", summary.amount(loaded.debt(obligation)?));
    match loaded.snapshot.valuation(obligation) {
        Ok(valuation) => health(&mut view, loaded, obligation, &valuation)?,
        Err(error) => {
            view.figure("health", "health", Cell::none(&format!("no price: {error}")));
        }
    }
    view.figure(
        "marked",
        "marked shortfall",
        match obligation.marked {
            0 => Cell::none("none"),
            marked => {
                Cell::amount(marked, &summary.token).noted(format!("since {}", summary.time(obligation.marked_at).text))
            }
        },
    );
    if obligation.written_off != 0 {
        view.figure("written_off", "written off so far", Cell::amount(obligation.written_off, &summary.token)).figure(
            "unrecovered",
            "  not recovered yet",
            summary.amount(obligation.unrecovered()),
        );
    }
    view.figure("next", "next", Cell::text(next(loaded, obligation)));
    view.list("collaterals", "Collateral", &COLUMNS, obligation.held().map(|slot| row(loaded, slot)).collect());
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

fn health(view: &mut View, loaded: &ObligationSummary, obligation: &Obligation, valuation: &Valuation) -> Result<()> {
    let health = &valuation.health;
    let state = if health.debt.get() == 0 {
        Cell::factor(u64::MAX)
    } else if health.is_liquidatable()? {
        Cell::factor(health.factor_bps()).noted("below 1: can be liquidated")
    } else {
        Cell::factor(health.factor_bps()).noted("liquidated below 1")
    };
    view.figure("debt_value", "debt value", Cell::usd(health.debt.get())).figure(
        "collateral_value",
        "collateral value",
        Cell::usd(health.collateral.get()),
    );
    // Borrowing caps a price that is far above its average.
    if let Ok(guarded) = loaded.snapshot.health_for_borrowing(obligation)
        && guarded.collateral != health.collateral
    {
        let counts = Cell::usd(guarded.collateral.get()).noted("a price too far above its average is capped");
        view.figure("collateral_value_for_borrowing", "  counted for borrowing", counts);
    }
    view.figure("health", "health", state).figure("borrowable", "can borrow now", borrowable(loaded, obligation));
    Ok(())
}

/// The additional amount that can be borrowed now.
fn borrowable(loaded: &ObligationSummary, obligation: &Obligation) -> Cell {
    let most = loaded.snapshot.most_borrowable(obligation);
    match loaded.snapshot.clone().borrow(&mut obligation.clone(), most.max(1)) {
        Err(error @ (BackstopError::Paused | BackstopError::BreakerTripped)) => {
            Cell::amount(0, &loaded.summary.token).noted(error)
        }
        _ => Cell::amount(most, &loaded.summary.token),
    }
}

fn row(loaded: &ObligationSummary, slot: &backstop_client::CollateralSlot) -> Vec<Cell> {
    let token = loaded.token(&slot.collateral);
    let unknown = || Cell::none("?");
    let listed = loaded.snapshot.collateral(&slot.collateral);
    let (max_ltv, threshold) = listed.map_or_else(
        |_| (unknown(), unknown()),
        |listed| {
            let (max_ltv, threshold) = listed.account.risk().limits(loaded.snapshot.now);
            (Cell::bps(max_ltv.get()), Cell::bps(threshold.get()))
        },
    );
    let (price, value) = match listed.and_then(|listed| {
        let price = listed.price?.quote.lower(token.decimals)?;
        let whole = 10_u64.checked_pow(token.decimals.into()).unwrap_or(u64::MAX);
        Ok((price.value_down(whole)?, price.value_down(slot.units)?))
    }) {
        Ok((price, value)) => (Cell::usd(price.get()), Cell::usd(value.get())),
        Err(error) => (Cell::none(error.name()), unknown()),
    };
    vec![Cell::text(&token.symbol), Cell::bare(slot.units, &token), price, value, max_ltv, threshold]
}

/// What can happen to an obligation next, and by which command.
fn next(loaded: &ObligationSummary, obligation: &Obligation) -> String {
    let (snapshot, owner) = (loaded.snapshot, &obligation.owner);
    if obligation.debt_shares == 0 {
        return match (obligation.unrecovered().is_zero(), obligation.held().next()) {
            (false, Some(_)) if is_takeable(snapshot, obligation) => format!(
                "its debt was written off: anyone can buy its collateral with `backstop liquidate {owner}`, or repay \
                 with `backstop repay <AMOUNT> --owner {owner}`"
            ),
            (false, _) => {
                format!("its debt was written off: anyone can repay it with `backstop repay <AMOUNT> --owner {owner}`")
            }
            (true, Some(_)) => "it owes nothing: its owner can borrow, or withdraw the collateral".into(),
            (true, None) => "it owes nothing and holds nothing: its owner can deposit collateral".into(),
        };
    }
    if snapshot.clone().record_bad_debt(&mut obligation.clone()).is_ok() {
        return match snapshot.settles(obligation) {
            true => {
                format!("its mark is due for settlement: anyone can settle it with `backstop record-bad-debt {owner}`")
            }
            false => {
                format!("its uncovered debt is lost: anyone can record it with `backstop record-bad-debt {owner}`")
            }
        };
    }
    match is_liquidatable(snapshot, obligation) {
        Err(error) => format!(
            "it needs a usable price first ({error}): if there is none, anyone can report that with `backstop \
             report-price <TOKEN>`"
        ),
        Ok(false) if is_takeable(snapshot, obligation) => format!(
            "it is healthy, but part of its debt was written off: anyone can buy collateral against that with \
             `backstop liquidate {owner}`"
        ),
        Ok(false) => "it is healthy: it cannot be liquidated".into(),
        Ok(true) if mismarked(snapshot, obligation).unwrap_or(false) => format!(
            "anyone can liquidate it with `backstop liquidate {owner}`, and mark its shortfall with `backstop mark \
             {owner}`"
        ),
        Ok(true) => format!("anyone can liquidate it with `backstop liquidate {owner}`"),
    }
}

/// Whether collateral can be bought against written-off debt.
fn is_takeable(snapshot: &Snapshot, obligation: &Obligation) -> bool {
    let taken = |at| snapshot.clone().liquidate(&mut obligation.clone(), at, u64::MAX).is_ok();
    !obligation.unrecovered().is_zero() && obligation.held().any(|slot| taken(&slot.collateral))
}

fn is_liquidatable(snapshot: &Snapshot, obligation: &Obligation) -> backstop_client::preview::Result<bool> {
    Ok(snapshot.valuation(obligation)?.health.is_liquidatable()?)
}

/// Whether its shortfall differs from its mark.
fn mismarked(snapshot: &Snapshot, obligation: &Obligation) -> backstop_client::preview::Result<bool> {
    Ok(snapshot.shortfall(obligation)? != obligation.marked)
}

/// The state of an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    NoDebt,
    WrittenOff,
    Healthy,
    Liquidatable,
    /// Unknown, because a price that it needs is not usable.
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

/// A list of obligations, least healthy first, and those without debt last.
///
/// # Errors
/// If the accounts hold values that the program never stores.
pub fn obligations(loaded: &ObligationSummary, all: &[(Address, Obligation)], unhealthy_only: bool) -> Result<View> {
    let token = &loaded.summary.token;
    let mut rows = Vec::new();
    for (address, obligation) in all {
        let valuation = loaded.snapshot.valuation(obligation);
        let rated = valuation.map(|valuation| (valuation.health.factor_bps(), valuation.health.collateral));
        let state = State::of(loaded.snapshot, obligation);
        if unhealthy_only && !matches!(state, State::Liquidatable | State::Unpriced) {
            continue;
        }
        let debt = loaded.debt(obligation)?;
        let (health, value) = match rated {
            Ok((factor, value)) => (Cell::factor(factor), Cell::usd(value.get())),
            Err(error) => (Cell::none(error.name()), Cell::none("?")),
        };
        let order = (obligation.debt_shares == 0, rated.map_or(0, |(factor, _)| factor), Reverse(debt));
        rows.push((
            order,
            vec![
                Cell::address(&obligation.owner),
                Cell::short(address),
                Cell::bare(debt.get(), token),
                value,
                health,
                Cell::bare(obligation.marked, token),
                Cell::text(state.word()),
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
        ("marked", ">marked"),
        ("state", "state"),
    ];
    let mut view = View::default();
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    view.list("obligations", format!("Obligations in the {} pool, least healthy first", token.symbol), &columns, rows);
    Ok(view)
}
