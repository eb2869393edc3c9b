//! Keepers: what anyone may do, and somebody should.

use backstop_client::{
    BackstopError, Obligation, address,
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
            Some(listed.price.ok()?.lower(listed.account.decimals).ok()?.value_down(seized.get()).ok()?.get())
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
        owing(&desk, &before, "liquidate")?;
        let most = self.repay.units(&desk.token)?;
        let listed = self.target(&mut desk, &before, most).await?;
        let at = listed.key.collateral;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), collateral: Some(at), ..Subject::default() };
        let done = after.liquidate(&mut then, &at, most).map_err(|error| refused(&desk, error, &subject))?;

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
            .tell("repaid", "  of it towards the debt", Figure::amount(done.taken.repay.get(), &desk.token))
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

/// `backstop provision`.
#[derive(Args, Debug)]
pub struct Provision {
    /// Whose obligation.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Provision {
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, self.owner).await?;
        if before.provision == 0 {
            owing(&desk, &before, "provision")?;
        }
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let marked = after.provision(&mut then).map_err(|error| match error {
            // Whether it can be liquidated or not.
            BackstopError::ObligationHealthy => Failure::refused(
                "nothing of this debt is expected to be lost, and nothing is marked: there is nothing to provision",
            ),
            error => refused(&desk, error, &subject),
        })?;
        let mut plan = Plan::new(format!("Mark the expected loss of {}", self.owner), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), self.owner));
        let obligation = address::obligation(&desk.key.pool, &self.owner);
        plan.step(verb::provision(&desk.key, obligation, &desk.prices(&before)?));
        let exit_price = |snapshot| desk.books_of(snapshot)?.exit_price().map_err(DeskError::from);
        plan.tell("before", "provision before", Figure::amount(before.provision, &desk.token))
            .tell("after", "provision then", Figure::amount(marked, &desk.token))
            .tell("exit_price_before", "exit price before", Figure::share_price(exit_price(&desk.snapshot)?))
            .tell("exit_price_after", "exit price then", Figure::share_price(exit_price(&after)?));
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
    async fn plan(&self, context: &Context, _: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, self.owner).await?;
        owing(&desk, &before, "record")?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let loss = after.record_bad_debt(&mut then).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new(format!("Record the debt of {} as a loss", self.owner), desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        let obligation = address::obligation(&desk.key.pool, &self.owner);
        plan.step(verb::record_bad_debt(&desk.key, obligation, &desk.prices(&before)?));
        tell_loss(&mut plan.preview, &desk, &loss, &after)?;
        Ok(plan)
    }
}

/// `backstop recover`.
#[derive(Args, Debug)]
pub struct Recover {
    /// Whose written-off debt.
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Address,
    /// How much at most, in whole tokens; or all.
    amount: Amount,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Recover {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, self.owner).await?;
        let most = self.amount.units(&desk.token)?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let done = after.recover(&mut then, most).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new(format!("Pay towards the written-off debt of {}", self.owner), desk.teller());
        plan.after = Some(After::Pool(desk.choice()));
        let source = plan.pay(&me, &desk.token, &desk.key.token_program, done.assets);
        plan.step(verb::recover(&desk.key, address::obligation(&desk.key.pool, &self.owner), me, source, most));
        let amount = |units: u64| Figure::amount(units, &desk.token);
        plan.tell("pay", "you pay", amount(done.assets))
            .tell("to_lps", "  LPs can claim", amount(done.recovery.to_lps.get()))
            .tell("to_stakers", "  stakers can claim", amount(done.recovery.to_stakers.get()))
            .tell("to_fund", "  to the insurance fund", amount(done.recovery.to_fund.get()))
            .tell("to_reserves", "  to reserves", amount(done.recovery.to_reserves.get()))
            .tell("unrecovered", "still unrecovered then", amount(then.unrecovered().get()));
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
