//! Reads the state of a world.

use std::collections::BTreeMap;

use backstop_client::{InsuranceFund, LossBook, LossRecord, PausableOperation, Pool};
use backstop_engine::{
    average::Average,
    governance::Pausable,
    loss_book::Parts,
    pool::Totals,
    quantity::{Assets, Shares},
};
use backstop_testkit::{STARTING_BALANCE, World};
use backstop_text::Decimal;
use serde_json::{Map, Value};

use crate::{
    govern,
    report::{CollateralState, InsuranceState, LossReport, PoolState, RecoveryReport, State},
};
use backstop_text::{
    amount::{change, share_price, tokens},
    snake_case,
};

/// Decimals of an average price.
const VALUE_DECIMALS: u8 = 18;
/// Billionths in a basis point.
const NANO_PER_BPS: u64 = 100_000;

type Result<T> = core::result::Result<T, backstop_engine::Error>;

/// The current state of the pool and these actors, with interest accrued up to now.
pub(crate) fn read(
    world: &mut World,
    actors: &[String],
    nonces: &[u64],
    losses: Vec<LossReport>,
    recoveries: Vec<RecoveryReport>,
) -> Result<State> {
    let books = Accounts::read(world)?;
    let actors = actors.iter().map(|name| Ok((name.clone(), books.actor(world, name)?))).collect::<Result<_>>()?;
    let (collaterals, market) = (books.collaterals(world), govern::market(world, nonces));
    Ok(State { pool: books.pool()?, insurance: books.insurance()?, collaterals, market, actors, losses, recoveries })
}

/// The accounts of the pool and its fund, as an instruction sees them now.
struct Accounts {
    pool: Pool,
    fund: InsuranceFund,
    book: LossBook,
    totals: Totals,
    now: i64,
    decimals: u8,
}

impl Accounts {
    fn read(world: &World) -> Result<Self> {
        let (pool, fund, now) = (world.pool(), world.fund(), world.now());
        let totals = pool.totals_at(now)?;
        let (book, decimals) = (world.loss_book(), world.decimals(world.liquidity()));
        Ok(Self { pool, fund, book, totals, now, decimals })
    }

    fn format(&self, units: u64) -> String {
        tokens(units, self.decimals)
    }

    fn pool(&self) -> Result<PoolState> {
        let (pool, totals) = (&self.pool, &self.totals);
        let nav = totals.nav()?;
        Ok(PoolState {
            nav: self.format(nav.get()),
            cash: self.format(totals.cash.get()),
            performing_debt: self.format(totals.performing_debt()?.get()),
            reserves: self.format(totals.reserves.get()),
            marked: self.format(pool.marked),
            on_hold: pool.holds().require_pool_open(nav).is_err(),
            insurance_due: self.format(totals.insurance_due.get()),
            insurance_owed: self.format(totals.insurance_owed.get()),
            shares: self.format(totals.shares.get()),
            share_price: share_price(totals.share_price()?),
            generation: pool.generation,
            unrecovered: self.format(unrecovered(&self.book, |borne| borne.lps)?),
            unclaimed: self.format(pool.unclaimed),
            payable: self.format(pool.payable),
            breaker_until: pool.breaker().is_tripped(self.now).then_some(pool.breaker_until),
            uncovered: self.format(pool.uncovered),
            insurance_factor_bps: pool.risk().insurance_factor.floor().get(),
            insurance_share_bps: pool.risk().insurance_share.floor().get(),
            paused: self.paused(),
        })
    }

    fn paused(&self) -> BTreeMap<String, i64> {
        let pauses = PausableOperation::ALL.iter().zip(Pausable::ALL);
        let formatted = pauses.map(|(name, what)| (snake_case(&format!("{name:?}")), self.pool.pause(what)));
        formatted.filter(|(_, pause)| pause.holds(self.now)).map(|(name, pause)| (name, pause.until)).collect()
    }

    fn collaterals(&self, world: &World) -> BTreeMap<String, CollateralState> {
        let symbols = world.symbols().filter(|symbol| *symbol != world.liquidity());
        symbols.map(|symbol| (symbol.to_owned(), self.collateral(world, symbol))).collect()
    }

    fn collateral(&self, world: &World, symbol: &str) -> CollateralState {
        let collateral = world.collateral(symbol);
        let (max_ltv, threshold) = collateral.risk().limits(self.now);
        let deviation = Average::from(&collateral.average).deviation_with(&Average::from(&self.pool.average));
        CollateralState {
            max_ltv_bps: max_ltv.get(),
            max_ltv_target_bps: collateral.max_ltv.target_bps,
            liquidation_threshold_bps: threshold.get(),
            threshold_target_bps: collateral.threshold.target_bps,
            average_price: Decimal::of_units(collateral.average.price, VALUE_DECIMALS).to_string(),
            deviation_bps: deviation.checked_div(NANO_PER_BPS).unwrap_or(0),
            deposited: tokens(collateral.deposited, world.decimals(symbol)),
        }
    }

    fn insurance(&self) -> Result<InsuranceState> {
        let fund = &self.fund;
        let (settled, _) = fund.fund().settled(&self.totals)?;
        Ok(InsuranceState {
            assets: self.format(fund.assets),
            on_hold: self.pool.holds().require_fund_open(settled.all()).is_err(),
            stake_shares: self.format(fund.shares),
            protocol_shares: self.format(fund.protocol_shares),
            drawn: self.format(fund.drawn),
            unrecovered: self.format(unrecovered(&self.book, |borne| borne.stakers)?),
            unclaimed: self.format(settled.worth(settled.waiting_shares)?.get()),
            generation: fund.generation,
        })
    }

    fn actor(&self, world: &mut World, name: &str) -> Result<Value> {
        let liquidity = world.liquidity().to_owned();
        let symbols: Vec<String> = world.symbols().map(Into::into).collect();
        let obligation = world.obligation(name);
        let (mut formatted, mut held) = (Map::new(), Map::new());
        for symbol in std::iter::once(&liquidity).chain(symbols.iter().filter(|symbol| **symbol != liquidity)) {
            let places = world.decimals(symbol);
            formatted.insert(symbol.clone(), change(STARTING_BALANCE, world.balance(name, symbol), places).into());
            if *symbol != liquidity {
                let collateral = world.collateral_key(symbol).collateral;
                let units = obligation.as_ref().map_or(0, |obligation| obligation.units_of(&collateral));
                held.insert(symbol.clone(), tokens(units, places).into());
            }
        }
        let mut put = |key: &str, units: u64| formatted.insert(key.into(), self.format(units).into());

        let position = world.position(name);
        let shares = position.as_ref().map_or(Shares::ZERO, |position| position.shares_in(&self.pool));
        put("shares", shares.get());
        put("share_value", self.totals.value_of(shares)?.get());
        put("claimable", world.claimable(name).iter().map(|(_, due)| *due).sum());

        let stake = world.stake_of(name);
        let shares = stake.as_ref().map_or(Shares::ZERO, |stake| stake.shares_in(&self.fund));
        let (fund, _) = self.fund.fund().settled(&self.totals)?;
        let worth = fund.worth(shares)?;
        put("stake_shares", shares.get());
        put("stake_value", worth.get());
        let due = Shares::new(world.stake_claimable(name).iter().map(|(_, due)| *due).sum());
        put("stake_claimable", fund.worth(due)?.get());

        let debt = obligation.as_ref().map_or(Ok(Assets::ZERO), |obligation| self.totals.debt(obligation.debt()))?;
        put("debt", debt.get());
        put("marked", obligation.map_or(0, |obligation| obligation.marked));
        formatted.insert("collateral".into(), Value::Object(held));
        Ok(Value::Object(formatted))
    }
}

/// The unrecovered losses of one side, over all losses in the book.
fn unrecovered(book: &LossBook, side: impl Fn(&Parts) -> Assets) -> Result<u64> {
    book.records.iter().try_fold(0_u64, |sum, record: &LossRecord| {
        let record = record.record();
        let borne =
            Parts { lps: record.lps, stakers: record.stakers, protocol: record.protocol, reserves: record.reserves };
        let left = side(&borne).minus(side(&record.parts()?))?;
        Ok(sum.saturating_add(left.get()))
    })
}
