//! Commands for borrowers.

use backstop_client::{
    Obligation, address,
    preview::{Recovered, Snapshot},
    verb::{self, ALL},
};
use backstop_engine::governance::Pausable;
use clap::Args;
use solana_address::Address;

use super::{
    After, Plan, Verb,
    amounts::{Amount, Whole},
    refusal::{Subject, refused},
};
use crate::{
    blank,
    context::{self, Context},
    failure::Failure,
    loaded_pool::{LoadError, LoadedPool, PoolChoice},
    tokens::Token,
    view::Cell,
};

/// An owner's obligation. Its collaterals and their prices are added to `loaded`.
pub(super) async fn of(loaded: &mut LoadedPool<'_>, owner: Address) -> Result<Obligation, LoadError> {
    loaded.obligation(&owner).await?.ok_or(LoadError::NoObligation { owner })
}

/// Requires that an obligation owes something. `to` is the verb of the command, for the error.
pub(super) fn owing(obligation: &Obligation, to: &str) -> Result<(), Failure> {
    let written_off = matches!(to, "repay" | "liquidate") && !obligation.unrecovered().is_zero();
    if obligation.debt_shares != 0 || written_off {
        return Ok(());
    }
    let owner = obligation.owner;
    Err(Failure::refused(format!("{owner} owes nothing to this pool: there is nothing to {to}. Nothing was sent")))
}

/// Adds an obligation's debt and health, before and after a preview.
pub(super) fn tell_health(
    plan: &mut Plan,
    loaded: &LoadedPool,
    before: &Obligation,
    after: &Snapshot,
    then: &Obligation,
) {
    let health = |snapshot: &Snapshot, obligation: &Obligation| match snapshot.valuation(obligation) {
        Ok(valuation) if obligation.debt_shares == 0 => Cell::factor(valuation.health.factor_bps()),
        Ok(valuation) => Cell::factor(valuation.health.factor_bps()).noted("liquidated below 1"),
        Err(_) if obligation.debt_shares == 0 => Cell::factor(u64::MAX),
        Err(error) => Cell::none(&format!("no price: {error}")),
    };
    let debt = |snapshot: &Snapshot, obligation: &Obligation| {
        let debt = snapshot.totals().and_then(|totals| Ok(totals.debt(obligation.debt())?));
        debt.map_or_else(|error| Cell::none(error.name()), |debt| Cell::amount(debt.get(), &loaded.token))
    };
    plan.tell("debt_before", "debt before", debt(&loaded.snapshot, before))
        .tell("debt_after", "debt after", debt(after, then))
        .tell("health_before", "health before", health(&loaded.snapshot, before))
        .tell("health_after", "health after", health(after, then));
}

/// `backstop deposit-collateral`.
#[derive(Args, Debug)]
pub struct DepositCollateral {
    /// Amount, in whole tokens.
    amount: Whole,
    /// Collateral token, by symbol or mint [default: the pool's only collateral].
    token: Option<String>,
    /// Owner of the obligation [default: you].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for DepositCollateral {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let listed = loaded.collateral(self.token.as_deref()).await?;
        let at = listed.key.collateral;
        let found = loaded.obligation(&owner).await?;
        if found.is_none() && owner != me {
            return Err(LoadError::NoObligation { owner }.into());
        }
        let before = found.unwrap_or_else(|| blank::obligation(loaded.key.pool, owner));
        let units = self.amount.units(&listed.token)?;
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let subject =
            Subject { obligation: Some(&before), collateral: Some(at), signer: Some(me), ..Subject::default() };
        after.deposit_collateral(&mut then, &at, &me, units).map_err(|error| refused(&loaded, error, &subject))?;

        let mut plan = Plan::new(format!("Deposit {} as collateral", listed.token.symbol), loaded.event_formatter());
        plan.after = Some(After::Obligation(loaded.choice(), owner));
        if found.is_none() {
            plan.first(verb::open_obligation(&loaded.key, me, me), "your obligation is opened (you pay its rent)");
        }
        let source = plan.pay(&me, &listed.token, &listed.key.token_program, units);
        let obligation = address::obligation(&loaded.key.pool, &owner);
        plan.step(if before.debt_shares != 0 {
            verb::deposit_collateral_priced(&listed.key, obligation, me, source, &listed.price, units)
        } else {
            verb::deposit_collateral(&listed.key, obligation, me, source, units)
        });
        plan.tell("pay", "you pay", Cell::amount(units, &listed.token)).tell(
            "held_after",
            "collateral after",
            Cell::amount(then.units_of(&at), &listed.token),
        );
        if owner != me {
            plan.tell("owner", "obligation of", Cell::address(&owner));
            plan.preview.note("Only the owner of the obligation can withdraw it.");
        }
        tell_health(&mut plan, &loaded, &before, &after, &then);
        Ok(plan)
    }
}

/// `backstop withdraw-collateral`.
#[derive(Args, Debug)]
pub struct WithdrawCollateral {
    /// Amount, in whole tokens, or `all`.
    amount: Amount,
    /// Collateral token, by symbol or mint [default: the pool's only collateral].
    token: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for WithdrawCollateral {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let before = of(&mut loaded, me).await?;
        let listed = loaded.collateral(self.token.as_deref()).await?;
        let at = listed.key.collateral;
        if before.units_of(&at) == 0 {
            let symbol = &listed.token.symbol;
            return Err(Failure::refused(format!("your obligation holds no {symbol}: there is nothing to withdraw")));
        }
        let units = self.amount.units(&listed.token)?;
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let operation = Some(Pausable::WithdrawCollateral);
        let subject = Subject { obligation: Some(&before), collateral: Some(at), operation, ..Subject::default() };
        let moved =
            after.withdraw_collateral(&mut then, &at, units).map_err(|error| refused(&loaded, error, &subject))?;

        let mut plan = Plan::new(format!("Withdraw {} collateral", listed.token.symbol), loaded.event_formatter());
        plan.after = Some(After::Obligation(loaded.choice(), me));
        let destination = plan.receive(&loaded, me, me, &listed.token, listed.key.token_program).await?;
        // With debt, the instruction takes the prices of all remaining collateral.
        let prices = if before.debt_shares == 0 { None } else { Some(loaded.prices(&then)?) };
        plan.step(verb::withdraw_collateral(&loaded.key, &listed.key, me, destination, prices.as_ref(), units));
        plan.tell("receive", "you receive", Cell::amount(moved, &listed.token)).tell(
            "held_after",
            "collateral after",
            Cell::amount(then.units_of(&at), &listed.token),
        );
        tell_health(&mut plan, &loaded, &before, &after, &then);
        Ok(plan)
    }
}

/// `backstop borrow`.
#[derive(Args, Debug)]
pub struct Borrow {
    /// Amount, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Borrow {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let before = of(&mut loaded, me).await?;
        let assets = self.amount.units(&loaded.token)?;
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), operation: Some(Pausable::Borrow), ..Subject::default() };
        after.borrow(&mut then, assets).map_err(|error| refused(&loaded, error, &subject))?;

        let mut plan = Plan::new(format!("Borrow {}", loaded.token.symbol), loaded.event_formatter());
        plan.after = Some(After::Obligation(loaded.choice(), me));
        let destination = plan.receive(&loaded, me, me, &loaded.token, loaded.key.token_program).await?;
        plan.step(verb::borrow(&loaded.key, me, destination, &loaded.prices(&before)?, assets));
        plan.tell("receive", "you receive", Cell::amount(assets, &loaded.token));
        tell_health(&mut plan, &loaded, &before, &after, &then);
        Ok(plan)
    }
}

/// `backstop repay`.
#[derive(Args, Debug)]
pub struct Repay {
    /// Maximum amount to pay, in whole tokens, or `all`.
    amount: Amount,
    /// Owner of the debt [default: you].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

/// Columns: how a recovery of a loss is split.
const RECOVERED: [(&str, &str); 6] = [
    ("number", ">#"),
    ("recovered", ">recovered"),
    ("to_lps", ">LPs can claim"),
    ("to_stakers", ">stakers can claim"),
    ("to_protocol", ">to the fund, as a donation"),
    ("to_reserves", ">to reserves"),
];

fn row(part: &Recovered, token: &Token) -> Vec<Cell> {
    let number = match part.loss {
        0 => Cell { text: "small".into(), ..Cell::count(0_u32) },
        loss => Cell::count(loss),
    };
    let amounts = [part.assets, part.to_lps, part.to_stakers, part.to_protocol, part.to_reserves];
    std::iter::once(number).chain(amounts.map(|units| Cell::bare(units, token))).collect()
}

impl Verb for Repay {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut loaded = LoadedPool::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let before = of(&mut loaded, owner).await?;
        owing(&before, "repay")?;
        let most = self.amount.units(&loaded.token)?;
        let (mut after, mut then) = (loaded.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let moved = after.repay(&mut then, most).map_err(|error| refused(&loaded, error, &subject))?;

        let mut plan = Plan::new(format!("Repay {}", loaded.token.symbol), loaded.event_formatter());
        plan.after = Some(After::Obligation(loaded.choice(), owner));
        let (token, program) = (&loaded.token, &loaded.key.token_program);
        let source = plan.pay(&me, token, program, moved.assets);
        plan.step(verb::repay(&loaded.key, address::obligation(&loaded.key.pool, &owner), me, source, most));
        plan.tell("pay", "you pay", Cell::amount(moved.assets, token));
        if owner != me {
            plan.tell("owner", "for the debt of", Cell::address(&owner));
        }
        if !moved.recovered.is_empty() {
            let recovered = moved.recovered.iter().map(|part| part.assets).sum();
            plan.tell("recovered", "  towards written-off debt", Cell::amount(recovered, token));
        }
        if !before.unrecovered().is_zero() {
            plan.tell("unrecovered", "unrecovered debt after", Cell::amount(moved.unrecovered, token));
        }
        if most != ALL && most > moved.assets && then.debt_shares == 0 {
            let [offered, owed] = [most, moved.assets].map(|units| Cell::amount(units, token).text);
            plan.preview.note(format!("You offered {offered}, but only {owed} is owed: you pay no more."));
        }
        if most == ALL {
            plan.preview.note("Interest that accrues until the transaction lands is added.");
        }
        tell_health(&mut plan, &loaded, &before, &after, &then);
        if !moved.recovered.is_empty() {
            let rows = moved.recovered.iter().map(|part| row(part, token)).collect();
            plan.preview.list("losses", "Recovery of past losses", &RECOVERED, rows);
        }
        Ok(plan)
    }
}
