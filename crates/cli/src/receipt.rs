//! Formats the events of a transaction.

use backstop_client::{Event, Parameter, PausableOperation, logs::Logged};
use solana_address::Address;

use crate::{
    parameters,
    tokens::{Token, short},
    view::{Cell, View},
};

/// What formatting events needs: the tokens that they count, and the time.
#[derive(Clone, Debug, Default)]
pub struct EventFormatter {
    /// The market and its creator, in words.
    pub market: Option<String>,
    /// The liquidity token.
    pub liquidity: Option<Token>,
    /// Collaterals and their tokens.
    pub collaterals: Vec<(Address, Token)>,
    /// The chain's unix time.
    pub now: i64,
}

type Row = (&'static str, &'static str, Cell);

impl EventFormatter {
    /// Formats events in order, those of the last instruction last.
    pub fn format(&self, logged: &Logged) -> View {
        let mut view = View::default();
        for event in &logged.events {
            let (key, mut formatted) = (key(event), View::default());
            for (key, name, figure) in self.rows(event) {
                formatted.figure(key, name, figure);
            }
            view.view(key, formatted);
        }
        if logged.truncated {
            view.note("The node truncated the log, so events may be missing. The state below is complete.");
        }
        view
    }

    fn liquidity(&self, units: u64) -> Cell {
        self.liquidity.as_ref().map_or_else(|| Cell::count(units), |token| Cell::amount(units, token))
    }

    fn shares(&self, units: u64) -> Cell {
        self.liquidity.as_ref().map_or_else(|| Cell::count(units), |token| Cell::shares(units, token))
    }

    fn collateral(&self, at: &Address, units: u64) -> Cell {
        let found = self.collaterals.iter().find(|(collateral, _)| collateral == at);
        found.map_or_else(|| Cell::count(units), |(_, token)| Cell::amount(units, token))
    }

    fn executed(&self, assets: u64, shares: u64, left: u64) -> Vec<Row> {
        vec![
            ("payable", "became payable", self.liquidity(assets)),
            ("shares", "shares burned", self.shares(shares)),
            ("left", "still requested", self.shares(left)),
        ]
    }

    fn time(&self, at: i64) -> Cell {
        Cell::time(at, self.now)
    }

    /// The figures of an event that the new state does not show.
    fn rows(&self, event: &Event) -> Vec<Row> {
        match event {
            Event::Accrued(event) => vec![
                ("interest", "interest", self.liquidity(event.interest)),
                ("to_reserves", "  to reserves", self.liquidity(event.to_reserves)),
                ("to_insurance", "  to the insurance fund", self.liquidity(event.to_insurance)),
            ],
            Event::Deposited(event) => {
                vec![paid(self.liquidity(event.assets)), ("shares", "shares minted", self.shares(event.shares))]
            }
            Event::Withdrawn(event) => {
                vec![received(self.liquidity(event.assets)), ("shares", "shares burned", self.shares(event.shares))]
            }
            Event::WithdrawalRequested(event) => vec![
                ("shares", "shares requested", self.shares(event.shares)),
                ("matures_at", "matures", self.time(event.matures_at)),
            ],
            Event::WithdrawalExecuted(event) => self.executed(event.assets, event.shares, event.left),
            Event::Collected(event) => vec![received(self.liquidity(event.assets))],
            Event::SharesTransferred(event) => {
                vec![("shares", "shares transferred", self.shares(event.shares)), to(&event.to)]
            }
            Event::RecoveryClaimed(event) => vec![of_loss(event.loss), received(self.liquidity(event.assets))],
            Event::StakeRecoveryClaimed(event) => {
                vec![of_loss(event.loss), ("shares", "shares added", self.shares(event.shares))]
            }
            Event::ClaimOpened(event) => vec![of_loss(event.loss)],
            Event::HistoryExtended(event) => vec![("room", "history rows", Cell::count(event.room))],
            Event::HistoryTrimmed(event) => vec![("rows", "rows given up", Cell::count(event.rows))],
            Event::LossBookExtended(event) => vec![("room", "room for losses", Cell::count(event.room))],
            Event::CollateralDeposited(event) => vec![paid(self.collateral(&event.collateral, event.units))],
            Event::CollateralWithdrawn(event) => vec![received(self.collateral(&event.collateral, event.units))],
            Event::Borrowed(event) => vec![received(self.liquidity(event.assets))],
            Event::Repaid(event) => vec![paid(self.liquidity(event.assets))],
            Event::Staked(event) => {
                vec![paid(self.liquidity(event.assets)), ("shares", "shares minted", self.shares(event.shares))]
            }
            Event::UnstakeRequested(event) => vec![
                ("shares", "shares requested", self.shares(event.shares)),
                ("worth", "worth (maximum payout)", self.liquidity(event.worth)),
                ("matures_at", "matures", self.time(event.matures_at)),
            ],
            Event::UnstakeExecuted(event) => self.executed(event.assets, event.shares, event.left),
            Event::InsuranceFunded(event) => vec![paid(self.liquidity(event.assets))],
            Event::Liquidated(event) => vec![
                ("repaid", "debt repaid", self.liquidity(event.repaid)),
                ("insurance_cut", "paid to insurance on top", self.liquidity(event.insurance_cut)),
                ("seized", "collateral seized", self.collateral(&event.collateral, event.seized)),
                ("bonus", "bonus", Cell::bps(event.bonus_bps)),
            ],
            Event::Marked(event) => vec![
                ("before", "mark before", self.liquidity(event.before)),
                ("after", "mark now", self.liquidity(event.after)),
            ],
            Event::PriceReported(event) => vec![
                ("mint", "token without a usable price", Cell::address(&event.mint)),
                ("reported_at", "reported", self.time(event.reported_at)),
            ],
            Event::LossRecorded(event) => vec![
                ("number", "number in the loss book", Cell::count(event.number)),
                ("loss", "loss", self.liquidity(event.loss)),
                ("from_reserves", "  borne by reserves", self.liquidity(event.from_reserves)),
                ("from_insurance", "  borne by the insurance fund", self.liquidity(event.from_insurance)),
                ("to_lps", "  borne by LPs", self.liquidity(event.to_lps)),
                ("uncovered", "  uncovered", self.liquidity(event.uncovered)),
                ("share_price_before", "share price before", Cell::share_price(event.share_price_before)),
                ("share_price_after", "share price now", Cell::share_price(event.share_price_after)),
            ],
            Event::Recovered(event) => vec![
                of_loss(event.loss),
                ("assets", "recovered", self.liquidity(event.assets)),
                ("to_lps", "  LPs can claim", self.liquidity(event.to_lps)),
                ("to_stakers", "  to stakers, as stake", self.liquidity(event.to_stakers)),
                ("to_protocol", "  to the insurance fund, as a donation", self.liquidity(event.to_protocol)),
                ("to_reserves", "  to reserves", self.liquidity(event.to_reserves)),
                ("unrecovered", "still unrecovered", self.liquidity(event.unrecovered)),
            ],
            Event::ReservesCollected(event) => {
                vec![("assets", "paid", self.liquidity(event.assets)), to(&event.treasury)]
            }
            Event::RiskRefreshed(event) => vec![
                ("volatility_stress", "volatility stress", Cell::bps(event.volatility_stress_bps)),
                ("utilisation_stress", "utilisation stress", Cell::bps(event.utilisation_stress_bps)),
                ("loss_stress", "loss stress", Cell::bps(event.loss_stress_bps)),
                ("coverage_stress", "coverage stress", Cell::bps(event.coverage_stress_bps)),
                ("max_ltv_target", "loan-to-value target", Cell::bps(event.max_ltv_target_bps)),
                ("threshold_target", "liquidation threshold target", Cell::bps(event.threshold_target_bps)),
            ],
            Event::ParameterChanged(event) => {
                let mut rows = self.parameter(event.parameter, &event.before, &event.after, &event.target);
                rows.push(("target", "account", Cell::address(&event.target)));
                rows
            }
            Event::ChangeQueued(event) => {
                let mut rows = self.parameter(event.parameter, &event.before, &event.value, &event.target);
                rows.push(("executable_at", "executable from", self.time(event.executable_at)));
                rows.push(("lapses_at", "until", self.time(event.lapses_at)));
                rows
            }
            Event::ChangeCancelled(event) => vec![("change", "cancelled", Cell::address(&event.change))],
            Event::PauseChanged(event) => {
                let what = usize::try_from(event.what).ok().and_then(|what| PausableOperation::ALL.get(what));
                let what =
                    what.map_or_else(|| format!("operation {}", event.what), |what| parameters::operation(*what));
                vec![("what", "operation", Cell::text(what)), ("until", "paused until", self.time(event.until))]
            }
            Event::AuthorityProposed(event) if event.proposed == Address::default() => {
                vec![("proposed", "proposed authority", Cell::none("none"))]
            }
            Event::AuthorityProposed(event) => vec![
                ("proposed", "proposed authority", Cell::address(&event.proposed)),
                ("acceptable_at", "can accept from", self.time(event.acceptable_at)),
                ("lapses_at", "until", self.time(event.lapses_at)),
            ],
            Event::AuthorityChanged(event) => vec![("authority", "authority", Cell::address(&event.authority))],
            Event::MarketCreated(event) => vec![("market", "market", Cell::address(&event.market))],
            Event::PoolCreated(event) => vec![("pool", "pool", Cell::address(&event.pool))],
            Event::PoolOpened(event) => vec![paid(self.liquidity(event.assets))],
            Event::CollateralAdded(event) => vec![
                ("collateral", "collateral", Cell::address(&event.collateral)),
                (
                    "opens_at",
                    "opens for deposits",
                    match event.opens_at {
                        0 => Cell { text: "now".into(), json: "0".into() },
                        at => self.time(at),
                    },
                ),
            ],
            Event::PositionOpened(event) => vec![opened("LP position", &event.owner)],
            Event::ObligationOpened(event) => vec![opened("obligation", &event.owner)],
            Event::StakeOpened(event) => vec![opened("stake", &event.owner)],
        }
    }

    fn parameter(&self, number: u64, before: &[u8; 32], after: &[u8; 32], target: &Address) -> Vec<Row> {
        let parameter = usize::try_from(number).ok().and_then(|number| Parameter::ALL.get(number)).copied();
        let Some(parameter) = parameter else {
            return vec![("parameter", "parameter", Cell::count(number))];
        };
        let of_collateral = self.collaterals.iter().find(|(at, _)| at == target).map(|(_, token)| token);
        let token = of_collateral.or(self.liquidity.as_ref());
        let (decimals, symbol) = token.map_or((0, ""), |token| (token.decimals, token.symbol.as_str()));
        let formatted = |value| Cell::text(parameters::format_value(parameter, value, decimals, symbol));
        vec![
            ("parameter", "parameter", Cell::text(parameters::name(parameter))),
            ("before", "before", formatted(before)),
            ("after", "after", formatted(after)),
        ]
    }
}

fn paid(figure: Cell) -> Row {
    ("paid", "paid", figure)
}

fn received(figure: Cell) -> Row {
    ("received", "received", figure)
}

fn of_loss(number: u64) -> Row {
    ("number", "loss number", Cell::count(number))
}

fn to(address: &Address) -> Row {
    ("to", "to", Cell::address(address))
}

fn opened(what: &str, owner: &Address) -> Row {
    ("opened", "opened", Cell::text(format!("{what} of {}", short(owner))))
}

/// The JSON key of an event.
const fn key(event: &Event) -> &'static str {
    match event {
        Event::Accrued(_) => "accrued",
        Event::AuthorityChanged(_) => "authority_changed",
        Event::AuthorityProposed(_) => "authority_proposed",
        Event::Borrowed(_) => "borrowed",
        Event::ChangeCancelled(_) => "change_cancelled",
        Event::ChangeQueued(_) => "change_queued",
        Event::ClaimOpened(_) => "claim_opened",
        Event::CollateralAdded(_) => "collateral_added",
        Event::CollateralDeposited(_) => "collateral_deposited",
        Event::CollateralWithdrawn(_) => "collateral_withdrawn",
        Event::Deposited(_) => "deposited",
        Event::HistoryExtended(_) => "history_extended",
        Event::HistoryTrimmed(_) => "history_trimmed",
        Event::InsuranceFunded(_) => "insurance_funded",
        Event::Liquidated(_) => "liquidated",
        Event::LossBookExtended(_) => "loss_book_extended",
        Event::LossRecorded(_) => "loss_recorded",
        Event::MarketCreated(_) => "market_created",
        Event::ObligationOpened(_) => "obligation_opened",
        Event::ParameterChanged(_) => "parameter_changed",
        Event::PauseChanged(_) => "pause_changed",
        Event::PoolCreated(_) => "pool_created",
        Event::PoolOpened(_) => "pool_opened",
        Event::PositionOpened(_) => "position_opened",
        Event::Marked(_) => "marked",
        Event::PriceReported(_) => "price_reported",
        Event::Recovered(_) => "recovered",
        Event::RecoveryClaimed(_) => "recovery_claimed",
        Event::Repaid(_) => "repaid",
        Event::ReservesCollected(_) => "reserves_collected",
        Event::RiskRefreshed(_) => "risk_refreshed",
        Event::SharesTransferred(_) => "shares_transferred",
        Event::StakeOpened(_) => "stake_opened",
        Event::StakeRecoveryClaimed(_) => "stake_recovery_claimed",
        Event::Staked(_) => "staked",
        Event::UnstakeRequested(_) => "unstake_requested",
        Event::UnstakeExecuted(_) => "unstake_executed",
        Event::WithdrawalExecuted(_) => "withdrawal_executed",
        Event::Collected(_) => "collected",
        Event::WithdrawalRequested(_) => "withdrawal_requested",
        Event::Withdrawn(_) => "withdrawn",
    }
}
