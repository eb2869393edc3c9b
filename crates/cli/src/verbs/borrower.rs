//! Borrowers.

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
    desk::{Desk, DeskError, PoolChoice},
    failure::Failure,
    tokens::Token,
    view::Figure,
};

/// An owner's obligation, with its collaterals and prices in the desk.
pub(super) async fn of(desk: &mut Desk<'_>, owner: Address) -> Result<Obligation, DeskError> {
    desk.obligation(&owner).await?.ok_or(DeskError::NoObligation { owner })
}

/// Requires that an obligation owes something; `to` is what else would be done.
pub(super) fn owing(obligation: &Obligation, to: &str) -> Result<(), Failure> {
    let written_off = matches!(to, "repay" | "liquidate") && !obligation.unrecovered().is_zero();
    if obligation.debt_shares != 0 || written_off {
        return Ok(());
    }
    let owner = obligation.owner;
    Err(Failure::refused(format!("{owner} owes nothing to this pool: there is nothing to {to}, and nothing was sent")))
}

/// Tells of an obligation before and after a preview.
pub(super) fn tell_health(plan: &mut Plan, desk: &Desk, before: &Obligation, after: &Snapshot, then: &Obligation) {
    let health = |snapshot: &Snapshot, obligation: &Obligation| match snapshot.valuation(obligation) {
        Ok(valuation) if obligation.debt_shares == 0 => Figure::factor(valuation.health.factor_bps()),
        Ok(valuation) => Figure::factor(valuation.health.factor_bps()).noted("liquidated below 1"),
        Err(_) if obligation.debt_shares == 0 => Figure::factor(u64::MAX),
        Err(error) => Figure::none(&format!("no price: {error}")),
    };
    let debt = |snapshot: &Snapshot, obligation: &Obligation| {
        let debt = snapshot.totals().and_then(|totals| Ok(totals.debt(obligation.debt())?));
        debt.map_or_else(|error| Figure::none(error.name()), |debt| Figure::amount(debt.get(), &desk.token))
    };
    plan.tell("debt_before", "debt before", debt(&desk.snapshot, before))
        .tell("debt_after", "debt then", debt(after, then))
        .tell("health_before", "health before", health(&desk.snapshot, before))
        .tell("health_after", "health then", health(after, then));
}

/// `backstop deposit-collateral`.
#[derive(Args, Debug)]
pub struct DepositCollateral {
    /// How much, in whole tokens.
    amount: Whole,
    /// The token: its symbol or mint [default: the only collateral of the pool].
    token: Option<String>,
    /// Whose obligation to add it to [default: yours].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for DepositCollateral {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let listed = desk.collateral(self.token.as_deref()).await?;
        let at = listed.key.collateral;
        let found = desk.obligation(&owner).await?;
        if found.is_none() && owner != me {
            return Err(DeskError::NoObligation { owner }.into());
        }
        let before = found.unwrap_or_else(|| blank::obligation(desk.key.pool, owner));
        let units = self.amount.units(&listed.token)?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject =
            Subject { obligation: Some(&before), collateral: Some(at), signer: Some(me), ..Subject::default() };
        after.deposit_collateral(&mut then, &at, &me, units).map_err(|error| refused(&desk, error, &subject))?;

        let mut plan = Plan::new(format!("Deposit {} as collateral", listed.token.symbol), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), owner));
        if found.is_none() {
            plan.first(verb::open_obligation(&desk.key, me, me), "your obligation is opened; you pay its rent");
        }
        let source = plan.pay(&me, &listed.token, &listed.key.token_program, units);
        let obligation = address::obligation(&desk.key.pool, &owner);
        plan.step(if before.debt_shares != 0 {
            verb::deposit_collateral_priced(&listed.key, obligation, me, source, &listed.price, units)
        } else {
            verb::deposit_collateral(&listed.key, obligation, me, source, units)
        });
        plan.tell("pay", "you pay", Figure::amount(units, &listed.token)).tell(
            "held_after",
            "collateral then",
            Figure::amount(then.units_of(&at), &listed.token),
        );
        if owner != me {
            plan.tell("owner", "into the obligation of", Figure::address(&owner));
            plan.preview.note("Only its owner can take it out again.");
        }
        tell_health(&mut plan, &desk, &before, &after, &then);
        Ok(plan)
    }
}

/// `backstop withdraw-collateral`.
#[derive(Args, Debug)]
pub struct WithdrawCollateral {
    /// How much, in whole tokens; or all.
    amount: Amount,
    /// The token: its symbol or mint [default: the only collateral of the pool].
    token: Option<String>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for WithdrawCollateral {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, me).await?;
        let listed = desk.collateral(self.token.as_deref()).await?;
        let at = listed.key.collateral;
        if before.units_of(&at) == 0 {
            let symbol = &listed.token.symbol;
            return Err(Failure::refused(format!("your obligation holds no {symbol}: there is none to take back")));
        }
        let units = self.amount.units(&listed.token)?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let operation = Some(Pausable::WithdrawCollateral);
        let subject = Subject { obligation: Some(&before), collateral: Some(at), operation, ..Subject::default() };
        let moved =
            after.withdraw_collateral(&mut then, &at, units).map_err(|error| refused(&desk, error, &subject))?;

        let mut plan = Plan::new(format!("Take {} back", listed.token.symbol), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), me));
        let destination = plan.receive(&desk, me, me, &listed.token, listed.key.token_program).await?;
        // With debt, the prices of all that stays.
        let prices = if before.debt_shares == 0 { None } else { Some(desk.prices(&then)?) };
        plan.step(verb::withdraw_collateral(&desk.key, &listed.key, me, destination, prices.as_ref(), units));
        plan.tell("receive", "you receive", Figure::amount(moved, &listed.token)).tell(
            "held_after",
            "collateral then",
            Figure::amount(then.units_of(&at), &listed.token),
        );
        tell_health(&mut plan, &desk, &before, &after, &then);
        Ok(plan)
    }
}

/// `backstop borrow`.
#[derive(Args, Debug)]
pub struct Borrow {
    /// How much, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Borrow {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let before = of(&mut desk, me).await?;
        let assets = self.amount.units(&desk.token)?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), operation: Some(Pausable::Borrow), ..Subject::default() };
        after.borrow(&mut then, assets).map_err(|error| refused(&desk, error, &subject))?;

        let mut plan = Plan::new(format!("Borrow {}", desk.token.symbol), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), me));
        let destination = plan.receive(&desk, me, me, &desk.token, desk.key.token_program).await?;
        plan.step(verb::borrow(&desk.key, me, destination, &desk.prices(&before)?, assets));
        plan.tell("receive", "you receive", Figure::amount(assets, &desk.token));
        tell_health(&mut plan, &desk, &before, &after, &then);
        Ok(plan)
    }
}

/// `backstop repay`.
#[derive(Args, Debug)]
pub struct Repay {
    /// How much at most, in whole tokens; or all.
    amount: Amount,
    /// Whose debt [default: yours].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

/// What comes back of a loss, and for whom.
const RECOVERED: [(&str, &str); 6] = [
    ("number", ">#"),
    ("recovered", ">recovered"),
    ("to_lps", ">LPs can claim"),
    ("to_stakers", ">stakers can claim"),
    ("to_gifts", ">to the fund, as a gift"),
    ("to_reserves", ">to reserves"),
];

fn row(part: &Recovered, token: &Token) -> Vec<Figure> {
    let number = match part.loss {
        0 => Figure { text: "small ones".into(), ..Figure::count(0_u32) },
        loss => Figure::count(loss),
    };
    let amounts = [part.assets, part.to_lps, part.to_stakers, part.to_gifts, part.to_reserves];
    std::iter::once(number).chain(amounts.map(|units| Figure::bare(units, token))).collect()
}

impl Verb for Repay {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let mut desk = Desk::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let before = of(&mut desk, owner).await?;
        owing(&before, "repay")?;
        let most = self.amount.units(&desk.token)?;
        let (mut after, mut then) = (desk.snapshot.clone(), before);
        let subject = Subject { obligation: Some(&before), ..Subject::default() };
        let moved = after.repay(&mut then, most).map_err(|error| refused(&desk, error, &subject))?;

        let mut plan = Plan::new(format!("Repay {}", desk.token.symbol), desk.teller());
        plan.after = Some(After::Obligation(desk.choice(), owner));
        let (token, program) = (&desk.token, &desk.key.token_program);
        let source = plan.pay(&me, token, program, moved.assets);
        plan.step(verb::repay(&desk.key, address::obligation(&desk.key.pool, &owner), me, source, most));
        plan.tell("pay", "you pay", Figure::amount(moved.assets, token));
        if owner != me {
            plan.tell("owner", "for the debt of", Figure::address(&owner));
        }
        if !moved.recovered.is_empty() {
            let recovered = moved.recovered.iter().map(|part| part.assets).sum();
            plan.tell("recovered", "  of it towards what was written off", Figure::amount(recovered, token));
        }
        if !before.unrecovered().is_zero() {
            plan.tell("unrecovered", "written off and not recovered then", Figure::amount(moved.unrecovered, token));
        }
        if most != ALL && most > moved.assets && then.debt_shares == 0 {
            let [offered, owed] = [most, moved.assets].map(|units| Figure::amount(units, token).text);
            plan.preview.note(format!("You offered {offered}, and {owed} is owed: no more than that is paid."));
        }
        if most == ALL {
            plan.preview.note("Interest until the transaction lands comes on top.");
        }
        tell_health(&mut plan, &desk, &before, &after, &then);
        if !moved.recovered.is_empty() {
            let rows = moved.recovered.iter().map(|part| row(part, token)).collect();
            plan.preview.list("losses", "Of past losses", &RECOVERED, rows);
        }
        Ok(plan)
    }
}
