//! Commands for keepers. Anyone can run them.

use backstop_client::{
    BackstopError, Obligation, Pool, address,
    preview::Snapshot,
    verb::{self, Liquidator},
};
use backstop_engine::waterfall::Loss;
use clap::Args;
use solana_address::Address;

use super::{
    After, Plan, Verb,
    amounts::{Amount, Slippage},
    borrower::{of, owing, tell_health},
    refusal::{Subject, refused},
};
use crate::{
    context::{self, Context},
    failure::Failure,
    loaded_pool::{Listed, LoadError, LoadedPool, PoolChoice},
    view::{Cell, View},
};

/// `backstop liquidate`.
#[derive(Args, Debug)]
pub struct Liquidate {
    /// Owner of the obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    /// Collateral to receive, by symbol or mint [default: the most valuable payout].
    token: Option<String>,
    /// Maximum amount to repay, in whole tokens, or `all` that is allowed.
    #[arg(long, value_name = "AMOUNT", default_value = "all")]
    repay: Amount,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Liquidate {
    /// The collateral to receive: the named one, else the one whose seized part is worth most. Ties go to the first.
    async fn target(&self, loaded: &mut LoadedPool<'_>, obligation: &Obligation, most: u64) -> Result<Listed, Failure> {
        if let Some(name) = &self.token {
            return Ok(loaded.collateral(Some(name)).await?);
        }
        let worth = |at: &Address| {
            let seized = loaded.snapshot.clone().liquidate(&mut obligation.clone(), at, most).ok()?.taken.seize;
            let listed = loaded.snapshot.collateral(at).ok()?;
            Some(listed.price.ok()?.quote.lower(listed.account.decimals).ok()?.value_down(seized.get()).ok()?.get())
        };
        let held: Vec<Address> = obligation.held().map(|slot| slot.collateral).collect();
        let best = held.iter().rev().max_by_key(|at| worth(at));
        let Some(best) = best else {
            let subject = Subject { obligation: Some(obligation), ..Subject::default() };
            return Err(refused(loaded, BackstopError::InsufficientCollateral, &subject));
        };
        Ok(loaded.listed_at(best)?)
    }
}

impl Verb for Liquidate {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let before = of(&mut loaded, self.owner).await?;
        owing(&before, "liquidate")?;
        let most = self.repay.units(&loaded.token)?;
        let listed = self.target(&mut loaded, &before, most).await?;
        let at = listed.key.collateral;
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), collateral: Some(at), ..Subject::default() };
        let done = after.liquidate(&mut then, &at, most).map_err(|error| refused(&loaded, error, &subject))?;
        let towards = match done.recovered.is_empty() {
            true => "  towards the debt",
            false => "  towards written-off debt",
        };

        let mut plan = Plan::new(format!("Liquidate {}", self.owner), loaded.event_formatter());
        plan.after = Some(After::Obligation(loaded.choice(), self.owner));
        let source = plan.pay(&me, &loaded.token, &loaded.key.token_program, done.paid);
        let destination = plan.receive(&loaded, me, me, &listed.token, listed.key.token_program).await?;
        let seized = done.taken.seize.get();
        let least = self.slippage.least(seized);
        let who = Liquidator { owner: me, source, destination };
        let (prices, obligation) = (loaded.prices(&before)?, address::obligation(&loaded.key.pool, &self.owner));
        plan.step(verb::liquidate(&loaded.key, &listed.key, obligation, &who, &prices, most, least));
        plan.tell("pay", "you pay", Cell::amount(done.paid, &loaded.token))
            .tell("repaid", towards, Cell::amount(done.taken.repay.get(), &loaded.token))
            .tell("cut", "  to the insurance fund", Cell::amount(done.taken.insurance_cut.get(), &loaded.token))
            .tell("receive", "you receive", Cell::amount(seized, &listed.token))
            .tell("least", "  at least", Cell::amount(least, &listed.token))
            .tell("bonus", "bonus", Cell::bps(done.taken.bonus.get()));
        tell_health(&mut plan, &loaded, &before, &after, &then);
        if let Some(loss) = &done.recorded {
            tell_loss(&mut plan.preview, &loaded, loss, &after)?;
        }
        Ok(plan)
    }
}

/// Adds how a loss is split.
fn tell_loss(view: &mut View, loaded: &LoadedPool, loss: &Loss, after: &Snapshot) -> Result<(), LoadError> {
    let amount = |assets: backstop_engine::quantity::Assets| Cell::amount(assets.get(), &loaded.token);
    view.figure("loss", "loss recorded", amount(loss.loss))
        .figure("from_reserves", "  borne by reserves", amount(loss.from_reserves))
        .figure("from_insurance", "  borne by the insurance fund", amount(loss.from_insurance))
        .figure("to_lps", "  borne by LPs", amount(loss.to_lps))
        .figure("uncovered", "  uncovered", amount(loss.uncovered))
        .figure("share_price_before", "share price before", Cell::share_price(loaded.summary()?.totals.share_price()?))
        .figure(
            "share_price_after",
            "share price after",
            Cell::share_price(loaded.summary_of(after)?.totals.share_price()?),
        );
    Ok(())
}

/// `backstop mark`.
#[derive(Args, Debug)]
pub struct Mark {
    /// Owner of the obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Mark {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let before = of(&mut loaded, self.owner).await?;
        if before.marked == 0 {
            owing(&before, "mark")?;
        }
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let marked = after.mark(&mut then).map_err(|error| refused(&loaded, error, &subject))?;
        if marked == before.marked {
            let why = match marked {
                0 => "the debt has no shortfall at current prices, and no mark: there is nothing to mark",
                _ => {
                    "the mark would not change: it falls only with prices newer than those read so far, or with \
                     payments"
                }
            };
            return Err(Failure::refused(why));
        }
        let mut plan = Plan::new(format!("Mark the known shortfall of {}", self.owner), loaded.event_formatter());
        plan.after = Some(After::Obligation(loaded.choice(), self.owner));
        let obligation = address::obligation(&loaded.key.pool, &self.owner);
        plan.step(verb::mark(&loaded.key, obligation, &loaded.prices(&before)?));
        plan.tell("before", "mark before", Cell::amount(before.marked, &loaded.token))
            .tell("after", "mark after", Cell::amount(marked, &loaded.token))
            .tell("on_hold", "on hold after", Cell::text(on_hold(&after.pool)));
        Ok(plan)
    }
}

/// The operations that are on hold.
fn on_hold(pool: &Pool) -> &'static str {
    match (pool.hold.on != 0, pool.fund_hold.on != 0) {
        (false, false) => "nothing",
        (true, false) => "deposits and withdrawals",
        (false, true) => "staking and unstaking",
        (true, true) => "deposits, withdrawals, staking and unstaking",
    }
}

/// `backstop report-price`.
#[derive(Args, Debug)]
pub struct ReportPrice {
    /// Token without a usable price: a collateral, or the pool's liquidity token.
    token: String,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ReportPrice {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let collateral = match self.token.eq_ignore_ascii_case(&loaded.token.symbol) {
            true => None,
            false => Some(loaded.collateral(Some(&self.token)).await?.key.collateral),
        };
        let reading = match &collateral {
            Some(at) => loaded.snapshot.collateral(at).map_err(Failure::unable)?.price,
            None => loaded.snapshot.price,
        };
        if reading.is_ok() {
            return Err(Failure::refused(
                "its price is usable now: the next instruction that reads it would end the report",
            ));
        }
        let mut plan = Plan::new(format!("Report that {} has no usable price", self.token), loaded.event_formatter());
        plan.step(verb::report_price(&loaded.key, collateral));
        Ok(plan)
    }
}

/// `backstop record-bad-debt`.
#[derive(Args, Debug)]
pub struct RecordBadDebt {
    /// Owner of the obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for RecordBadDebt {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let before = of(&mut loaded, self.owner).await?;
        owing(&before, "record")?;
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        if !after.book.takes_another() {
            after.book.room = after.book.room.saturating_add(verb::MORE_RECORDS);
        }
        let loss = after.record_bad_debt(&mut then).map_err(|error| refused(&loaded, error, &subject))?;
        let what = match loss {
            Some(_) => format!("Record the debt of {} as a loss", self.owner),
            None => format!("End the mark of {}: its collateral covers its debt", self.owner),
        };
        let mut plan = Plan::new(what, loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        let obligation = address::obligation(&loaded.key.pool, &self.owner);
        if !loaded.snapshot.book.takes_another() {
            let extend = verb::extend_loss_book(&loaded.key, me, verb::MORE_RECORDS);
            plan.first(extend, "the loss book, which is full, is extended (you pay the rent)");
        }
        plan.step(verb::record_bad_debt(&loaded.key, obligation, &loaded.prices(&before)?));
        if let Some(loss) = &loss {
            tell_loss(&mut plan.preview, &loaded, loss, &after)?;
        }
        Ok(plan)
    }
}

/// `backstop extend-loss-book`.
#[derive(Args, Debug)]
pub struct ExtendLossBook {
    /// Number of losses to make room for; at most 75 at once.
    #[arg(default_value_t = verb::MORE_RECORDS)]
    losses: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExtendLossBook {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let book = &loaded.snapshot.book;
        let mut plan = Plan::new("Add room to the loss book (you pay the rent)", loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        plan.step(verb::extend_loss_book(&loaded.key, me, self.losses));
        plan.tell("count", "losses in the book", Cell::count(book.count()))
            .tell("room", "room for", Cell::count(book.room))
            .tell("then", "room after", Cell::count(book.room.saturating_add(self.losses)));
        Ok(plan)
    }
}

/// `backstop accrue`.
#[derive(Args, Debug)]
pub struct Accrue {
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Accrue {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let pool = &loaded.snapshot.pool;
        let accrued = pool.totals().accrue(&pool.rates(), loaded.snapshot.now).map_err(LoadError::from)?;
        let mut plan = Plan::new("Accrue interest", loaded.event_formatter());
        plan.after = Some(After::Pool(loaded.choice()));
        plan.step(verb::accrue(&loaded.key));
        plan.tell("interest", "interest", Cell::amount(accrued.interest.get(), &loaded.token))
            .tell("to_reserves", "  to reserves", Cell::amount(accrued.to_reserves.get(), &loaded.token))
            .tell("to_insurance", "  to the insurance fund", Cell::amount(accrued.to_insurance.get(), &loaded.token))
            .tell("since", "last accrued", Cell::time(pool.accrued_at, loaded.snapshot.now));
        Ok(plan)
    }
}

/// `backstop refresh-risk`.
#[derive(Args, Debug)]
pub struct RefreshRisk {
    /// Collateral, by symbol or mint [default: the pool's only collateral].
    token: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for RefreshRisk {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let listed = loaded.collateral(self.token.as_deref()).await?;
        let at = listed.key.collateral;
        let mut after = loaded.snapshot.clone();
        after.refresh_risk(&at).map_err(|error| refused(&loaded, error, &Subject::default()))?;
        let mut plan = Plan::new(format!("Refresh the risk of {}", listed.token.symbol), loaded.event_formatter());
        plan.after = Some(After::Collateral(loaded.choice(), listed.key.mint));
        plan.step(verb::refresh_risk(&loaded.key, at, &loaded.price, &listed.price));
        let limits = |snapshot: &Snapshot| {
            let account = &snapshot.collateral(&at).map_err(Failure::unable)?.account;
            Ok::<_, Failure>((account.max_ltv.target_bps, account.threshold.target_bps))
        };
        let ((max_ltv, threshold), (max_ltv_then, threshold_then)) = (limits(&loaded.snapshot)?, limits(&after)?);
        plan.tell("max_ltv_target_before", "loan-to-value target before", Cell::bps(max_ltv))
            .tell("max_ltv_target_after", "  after", Cell::bps(max_ltv_then))
            .tell("threshold_target_before", "liquidation threshold target before", Cell::bps(threshold))
            .tell("threshold_target_after", "  after", Cell::bps(threshold_then));
        Ok(plan)
    }
}
