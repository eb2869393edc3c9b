//! Keepers: what anyone may do, and somebody should.

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
    desk::{Desk, DeskError, Listed, PoolChoice},
    failure::Failure,
    view::{Figure, View},
};

/// `backstop liquidate`.
#[derive(Args, Debug)]
pub struct Liquidate {
    /// Whose obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    /// The collateral to receive: its symbol or mint [default: the one that pays most].
    token: Option<String>,
    /// How much to repay at most, in whole tokens; or all that is allowed.
    #[arg(long, value_name = "AMOUNT", default_value = "all")]
    repay: Amount,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Liquidate {
    /// The collateral to receive: the one named, else the one whose seized part is worth most; of several the first.
    async fn target(&self, desk: &mut Desk<'_>, obligation: &Obligation, most: u64) -> Result<Listed, Failure> {
        if let Some(name) = &self.token {
            return Ok(desk.collateral(Some(name)).await?);
        }
        let worth = |at: &Address| {
            let seized = desk.snapshot.clone().liquidate(&mut obligation.clone(), at, most).ok()?.taken.seize;
            let listed = desk.snapshot.collateral(at).ok()?;
            Some(listed.price.ok()?.quote.lower(listed.account.decimals).ok()?.value_down(seized.get()).ok()?.get())
        };
        let held: Vec<Address> = obligation.held().map(|slot| slot.collateral).collect();
        let best = held.iter().rev().max_by_key(|at| worth(at));
        let Some(best) = best else {
            let subject = Subject { obligation: Some(obligation), ..Subject::default() };
            return Err(refused(desk, BackstopError::InsufficientCollateral, &subject));
        };
        Ok(desk.listed_at(best)?)
    }
}

impl Verb for Liquidate {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, self.owner).await?;
        owing(&before, "liquidate")?;
        let most = self.repay.units(&desk.token)?;
        let listed = self.target(&mut desk, &before, most).await?;
        let at = listed.key.collateral;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), collateral: Some(at), ..Subject::default() };
        let done = after.liquidate(&mut then, &at, most).map_err(|error| refused(&desk, error, &subject))?;
        let towards = match done.recovered.is_empty() {
            true => "  of it towards the debt",
            false => "  of it towards what was written off",
        };

        let mut plan = Plan::new(format!("Liquidate {}", self.owner), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), self.owner));
        let source = plan.pay(&me, &desk.token, &desk.key.token_program, done.paid);
        let destination = plan.receive(&desk, me, me, &listed.token, listed.key.token_program).await?;
        let seized = done.taken.seize.get();
        let least = self.slippage.least(seized);
        let who = Liquidator { owner: me, source, destination };
        let (prices, obligation) = (desk.prices(&before)?, address::obligation(&desk.key.pool, &self.owner));
        plan.step(verb::liquidate(&desk.key, &listed.key, obligation, &who, &prices, most, least));
        plan.tell("pay", "you pay", Figure::amount(done.paid, &desk.token))
            .tell("repaid", towards, Figure::amount(done.taken.repay.get(), &desk.token))
            .tell("cut", "  of it to the insurance fund", Figure::amount(done.taken.insurance_cut.get(), &desk.token))
            .tell("receive", "you receive", Figure::amount(seized, &listed.token))
            .tell("least", "  at least", Figure::amount(least, &listed.token))
            .tell("bonus", "bonus", Figure::bps(done.taken.bonus.get()));
        tell_health(&mut plan, &desk, &before, &after, &then);
        if let Some(loss) = &done.recorded {
            tell_loss(&mut plan.preview, &desk, loss, &after)?;
        }
        Ok(plan)
    }
}

/// How a loss is split.
fn tell_loss(view: &mut View, desk: &Desk, loss: &Loss, after: &Snapshot) -> Result<(), DeskError> {
    let amount = |assets: backstop_engine::quantity::Assets| Figure::amount(assets.get(), &desk.token);
    view.figure("loss", "a loss is recorded", amount(loss.loss))
        .figure("from_reserves", "  borne by reserves", amount(loss.from_reserves))
        .figure("from_insurance", "  borne by the insurance fund", amount(loss.from_insurance))
        .figure("to_lps", "  borne by LPs", amount(loss.to_lps))
        .figure("uncovered", "  borne by nobody", amount(loss.uncovered))
        .figure("share_price_before", "share price before", Figure::share_price(desk.books()?.totals.share_price()?))
        .figure(
            "share_price_after",
            "share price then",
            Figure::share_price(desk.books_of(after)?.totals.share_price()?),
        );
    Ok(())
}

/// `backstop mark`.
#[derive(Args, Debug)]
pub struct Mark {
    /// Whose obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Mark {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, self.owner).await?;
        if before.marked == 0 {
            owing(&before, "mark")?;
        }
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let marked = after.mark(&mut then).map_err(|error| refused(&desk, error, &subject))?;
        if marked == before.marked {
            let why = match marked {
                0 => "nothing of this debt is lost at the prices now, and nothing is marked: there is nothing to mark",
                _ => "the mark would stay as it is: it falls by newer prices than were read, or by what is paid",
            };
            return Err(Failure::refused(why));
        }
        let mut plan = Plan::new(format!("Mark the known loss of {}", self.owner), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), self.owner));
        let obligation = address::obligation(&desk.key.pool, &self.owner);
        plan.step(verb::mark(&desk.key, obligation, &desk.prices(&before)?));
        plan.tell("before", "mark before", Figure::amount(before.marked, &desk.token))
            .tell("after", "mark then", Figure::amount(marked, &desk.token))
            .tell("on_hold", "on hold then", Figure::text(on_hold(&after.pool)));
        Ok(plan)
    }
}

/// What nobody enters or leaves.
fn on_hold(pool: &Pool) -> &'static str {
    match (pool.hold.on != 0, pool.fund_hold.on != 0) {
        (false, false) => "nothing",
        (true, false) => "deposits and withdrawals",
        (false, true) => "staking and leaving the fund",
        (true, true) => "deposits, withdrawals, staking and leaving the fund",
    }
}

/// `backstop report-price`.
#[derive(Args, Debug)]
pub struct ReportPrice {
    /// The token that has no usable price: a collateral, or what the pool lends.
    token: String,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ReportPrice {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let collateral = match self.token.eq_ignore_ascii_case(&desk.token.symbol) {
            true => None,
            false => Some(desk.collateral(Some(&self.token)).await?.key.collateral),
        };
        let reading = match &collateral {
            Some(at) => desk.snapshot.collateral(at).map_err(Failure::unable)?.price,
            None => desk.snapshot.price,
        };
        if reading.is_ok() {
            return Err(Failure::refused("its price is usable now: whoever reads it would end the report at once"));
        }
        let mut plan = Plan::new(format!("Report that {} has no usable price", self.token), desk.teller());
        plan.step(verb::report_price(&desk.key, collateral));
        Ok(plan)
    }
}

/// `backstop record-bad-debt`.
#[derive(Args, Debug)]
pub struct RecordBadDebt {
    /// Whose obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for RecordBadDebt {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, self.owner).await?;
        owing(&before, "record")?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        if !after.book.takes_another() {
            after.book.room = after.book.room.saturating_add(verb::MORE_RECORDS);
        }
        let loss = after.record_bad_debt(&mut then).map_err(|error| refused(&desk, error, &subject))?;
        let what = match loss {
            Some(_) => format!("Record the debt of {} as a loss", self.owner),
            None => format!("End the mark of {}, whose collateral covers its debt", self.owner),
        };
        let mut plan = Plan::new(what, desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        let obligation = address::obligation(&desk.key.pool, &self.owner);
        if !desk.snapshot.book.takes_another() {
            let extend = verb::extend_loss_book(&desk.key, me, verb::MORE_RECORDS);
            plan.first(extend, "the loss book, which is full, is extended; you pay its rent");
        }
        plan.step(verb::record_bad_debt(&desk.key, obligation, &desk.prices(&before)?));
        if let Some(loss) = &loss {
            tell_loss(&mut plan.preview, &desk, loss, &after)?;
        }
        Ok(plan)
    }
}

/// `backstop extend-loss-book`.
#[derive(Args, Debug)]
pub struct ExtendLossBook {
    /// For how many losses more; at most 75 at once.
    #[arg(default_value_t = verb::MORE_RECORDS)]
    losses: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExtendLossBook {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let book = &desk.snapshot.book;
        let mut plan = Plan::new("Make room for losses in the loss book; you pay its rent", desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        plan.step(verb::extend_loss_book(&desk.key, me, self.losses));
        plan.tell("count", "losses in it", Figure::count(book.count()))
            .tell("room", "room for", Figure::count(book.room))
            .tell("then", "  then", Figure::count(book.room.saturating_add(self.losses)));
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
        let desk = Desk::open(context, &self.choice).await?;
        let pool = &desk.snapshot.pool;
        let accrued = pool.totals().accrue(&pool.rates(), desk.snapshot.now).map_err(DeskError::from)?;
        let mut plan = Plan::new("Count interest up to now", desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        plan.step(verb::accrue(&desk.key));
        plan.tell("interest", "interest so far", Figure::amount(accrued.interest.get(), &desk.token))
            .tell("to_reserves", "  to reserves", Figure::amount(accrued.to_reserves.get(), &desk.token))
            .tell("to_insurance", "  to the insurance fund", Figure::amount(accrued.to_insurance.get(), &desk.token))
            .tell("since", "counted up to", Figure::time(pool.accrued_at, desk.snapshot.now));
        Ok(plan)
    }
}

/// `backstop refresh-risk`.
#[derive(Args, Debug)]
pub struct RefreshRisk {
    /// The collateral: its symbol or mint [default: the only one of the pool].
    token: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for RefreshRisk {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let listed = desk.collateral(self.token.as_deref()).await?;
        let at = listed.key.collateral;
        let mut after = desk.snapshot.clone();
        after.refresh_risk(&at).map_err(|error| refused(&desk, error, &Subject::default()))?;
        let mut plan = Plan::new(format!("Refresh the risk of {}", listed.token.symbol), desk.teller());
        plan.after = Some(After::Collateral(desk.choice(), listed.key.mint));
        plan.step(verb::refresh_risk(&desk.key, at, &desk.price, &listed.price));
        let limits = |snapshot: &Snapshot| {
            let account = &snapshot.collateral(&at).map_err(Failure::unable)?.account;
            Ok::<_, Failure>((account.max_ltv.heading_bps, account.threshold.heading_bps))
        };
        let ((max_ltv, threshold), (max_ltv_then, threshold_then)) = (limits(&desk.snapshot)?, limits(&after)?);
        plan.tell("max_ltv_heading_before", "loan-to-value limit heads for", Figure::bps(max_ltv))
            .tell("max_ltv_heading_after", "  then for", Figure::bps(max_ltv_then))
            .tell("threshold_heading_before", "liquidation threshold heads for", Figure::bps(threshold))
            .tell("threshold_heading_after", "  then for", Figure::bps(threshold_then));
        Ok(plan)
    }
}
