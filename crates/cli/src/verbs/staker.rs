//! Stakers in the insurance fund.

use backstop_client::{
    InsuranceStake, address,
    preview::{Snapshot, most},
    verb,
};
use backstop_engine::quantity::Shares;
use clap::Args;
use solana_address::Address;

use super::{
    After, Plan, Verb,
    amounts::{Amount, Slippage, Whole},
    claims::{claimable, open_claim, tell_claims, tell_given_up, tell_room},
    lp::{FINAL, Whose, collecting, tell_executed},
    refusal::{Subject, refused},
};
use crate::{
    blank,
    context::{self, Context},
    desk::{Desk, DeskError, PoolChoice},
    failure::Failure,
    view::Figure,
};

/// The signer's stake.
async fn own(desk: &Desk<'_>, me: Address) -> Result<InsuranceStake, DeskError> {
    desk.stake(&me).await?.ok_or(DeskError::NoStake { owner: me })
}

/// What a stake holds after a preview.
fn tell_stake(plan: &mut Plan, desk: &Desk, after: &Snapshot, stake: &InsuranceStake) -> Result<(), DeskError> {
    let books = desk.books_of(after)?;
    let shares = stake.shares_in(&after.fund);
    let worth = books.insured.worth(shares)?;
    plan.tell("shares_after", "your shares then", Figure::shares(shares.get(), &desk.token));
    plan.tell("worth_after", "  worth", Figure::amount(worth.get(), &desk.token));
    Ok(())
}

/// `backstop stake`.
#[derive(Args, Debug)]
pub struct Stake {
    /// How much to stake at most, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Stake {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let token = &desk.token;
        let mut plan = Plan::new("Stake in the insurance fund", desk.teller());
        plan.after = Some(After::Stake(desk.choice(), me));
        let mut stake = match desk.stake(&me).await? {
            Some(stake) => stake,
            None => {
                plan.first(verb::open_stake(&desk.key, me, me), "your stake is opened; you pay its rent");
                blank::stake(desk.key.insurance_fund, me)
            }
        };
        let offered = self.amount.units(token)?;
        let mut after = desk.snapshot.clone();
        let moved = after.stake(&mut stake, offered).map_err(|error| refused(&desk, error, &Subject::default()))?;
        let least = self.slippage.least(moved.shares);
        let source = plan.pay(&me, token, &desk.key.token_program, offered);
        plan.step(verb::stake(&desk.key, me, source, offered, least));
        plan.tell("pay", "you pay", Figure::amount(moved.assets, token))
            .tell("receive", "you receive", Figure::shares(moved.shares, token))
            .tell("least", "  at least", Figure::shares(least, token));
        tell_stake(&mut plan, &desk, &after, &stake)?;
        let cooldown = Figure::seconds(after.pool.parameters.insurance.cooldown_seconds.cast_signed()).text;
        plan.preview.note(format!("Your stake bears losses before LPs do. Leaving takes a cooldown of {cooldown}."));
        Ok(plan)
    }
}

/// `backstop request-unstake`.
#[derive(Args, Debug)]
pub struct RequestUnstake {
    /// How much, in whole tokens of liquidity that the shares are worth; or all.
    amount: Amount,
    /// The amount is a number of shares, not what they are worth.
    #[arg(long)]
    shares: bool,
    #[command(flatten)]
    choice: PoolChoice,
}

impl RequestUnstake {
    fn units(&self, desk: &Desk, stake: &InsuranceStake) -> Result<u64, Failure> {
        let units = self.amount.units(&desk.token)?;
        if self.shares || self.amount == Amount::All {
            return Ok(units);
        }
        let books = desk.books()?;
        let worth = |shares| books.insured.worth(Shares::new(shares));
        let held = stake.shares_in(&desk.snapshot.fund).get();
        // The fewest shares that are worth it: one more than the most that are worth less.
        let short = most(held, |shares| worth(shares).is_ok_and(|worth| worth.get() < units));
        Ok(if units == 0 { 0 } else { short.saturating_add(1) })
    }
}

impl Verb for RequestUnstake {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let before = own(&desk, me).await?;
        let (mut after, mut stake) = (desk.snapshot.clone(), before.clone());
        let shares = self.units(&desk, &before)?;
        let subject = Subject { stake: Some(&before), ..Subject::default() };
        let request = after.request_unstake(&mut stake, shares).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new("Ask to leave the insurance fund", desk.teller());
        plan.after = Some(After::Stake(desk.choice(), me));
        plan.step(verb::request_unstake(&desk.key, me, shares));
        plan.tell("shares", "you ask for", Figure::shares(request.shares.get(), &desk.token))
            .tell("worth", "worth, the most it pays", Figure::amount(request.worth.get(), &desk.token))
            .tell("matures_at", "matures", Figure::time(request.matures_at, after.now));
        plan.preview.note("Until then the shares bear losses, and what they earn stays in the fund.").note(FINAL);
        Ok(plan)
    }
}

/// `backstop execute-unstake`.
#[derive(Args, Debug)]
pub struct ExecuteUnstake {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExecuteUnstake {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let owner = self.whose.owner(me);
        let before = own(&desk, owner).await?;
        let (mut after, mut stake) = (desk.snapshot.clone(), before.clone());
        let subject = Subject { stake: Some(&before), ..Subject::default() };
        let moved = after.execute_unstake(&mut stake).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new("Execute a request to leave the insurance fund", desk.teller());
        plan.after = Some(After::Stake(desk.choice(), owner));
        plan.step(verb::execute_unstake(&desk.key, &owner));
        tell_executed(&mut plan, &desk, &moved, stake.request.shares);
        Ok(plan)
    }
}

/// `backstop collect-unstake`.
#[derive(Args, Debug)]
pub struct CollectUnstake {
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for CollectUnstake {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let before = own(&desk, me).await?;
        let subject = Subject { stake: Some(&before), ..Subject::default() };
        let paid = desk
            .snapshot
            .clone()
            .collect_unstake(&mut before.clone())
            .map_err(|error| refused(&desk, error, &subject))?;
        let (holder, after) = (address::stake(&desk.key.insurance_fund, &me), After::Stake(desk.choice(), me));
        collecting(&desk, me, ("a staker", holder), paid, after).await
    }
}

/// `backstop claim-stake-recovery`.
#[derive(Args, Debug)]
pub struct ClaimStakeRecovery {
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ClaimStakeRecovery {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let mut stake = own(&desk, me).await?;
        let losses = desk.stake_losses(&stake).await?;
        let before = stake.clone();
        let refuse = |error| refused(&desk, error, &Subject { stake: Some(&before), ..Subject::default() });
        let due = claimable(&losses).map_err(refuse)?;
        let mut plan = Plan::new("Add to your stake what came back of your losses as a staker", desk.teller());
        plan.after = Some(After::Stake(desk.choice(), me));
        let holder = address::stake(&desk.key.insurance_fund, &me);
        let mut after = desk.snapshot.clone();
        for loss in &due {
            let mut claim = loss.claim.unwrap_or_else(|| blank::claim(holder, loss.number));
            after.claim_stake_recovery(&mut stake, &mut claim).map_err(refuse)?;
            open_claim(&mut plan, loss, holder, me);
            plan.step(verb::claim_stake_recovery(&desk.key, me, loss.number));
        }
        tell_claims(&mut plan, &desk, &losses, &due);
        let back = due.iter().map(|loss| loss.claimable).sum();
        plan.tell("shares", "shares back", Figure::shares(back, &desk.token));
        tell_stake(&mut plan, &desk, &after, &stake)?;
        plan.preview.note("It is part of your stake: to take it out, ask to leave.");
        Ok(plan)
    }
}

/// `backstop extend-stake-history`.
#[derive(Args, Debug)]
pub struct ExtendStakeHistory {
    /// For how many changes of your shares after losses; at most 256 at once.
    #[arg(default_value_t = 8)]
    rows: u32,
    /// Whose stake [default: yours].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExtendStakeHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let stake = own(&desk, owner).await?;
        let mut plan = Plan::new("Make room in the history of a stake; you pay its rent", desk.teller());
        plan.after = Some(After::Stake(desk.choice(), owner));
        plan.step(verb::extend_history(address::stake(&desk.key.insurance_fund, &owner), me, self.rows));
        tell_room(&mut plan, stake.history.len(), stake.room, self.rows);
        Ok(plan)
    }
}

/// `backstop trim-stake-history`.
#[derive(Args, Debug)]
pub struct TrimStakeHistory {
    /// The number of the last loss that is given up.
    through: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for TrimStakeHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let stake = own(&desk, me).await?;
        let losses = desk.stake_losses(&stake).await?;
        let mut plan = Plan::new("Give up old losses in the history of your stake", desk.teller());
        plan.after = Some(After::Stake(desk.choice(), me));
        plan.step(verb::trim_history(address::stake(&desk.key.insurance_fund, &me), me, self.through));
        tell_given_up(&mut plan, &desk, &losses, self.through);
        Ok(plan)
    }
}

/// `backstop fund-insurance`.
#[derive(Args, Debug)]
pub struct FundInsurance {
    /// How much to give, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for FundInsurance {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let assets = self.amount.units(&desk.token)?;
        let mut after = desk.snapshot.clone();
        let given = after.fund_insurance(assets).map_err(|error| refused(&desk, error, &Subject::default()))?;
        let mut plan = Plan::new("Give to the insurance fund", desk.teller());
        plan.after = Some(After::Fund(desk.choice()));
        let source = plan.pay(&me, &desk.token, &desk.key.token_program, given);
        plan.step(verb::fund_insurance(&desk.key, me, source, assets));
        let fund = desk.books_of(&after)?.insured.all().get();
        plan.tell("pay", "you give", Figure::amount(given, &desk.token)).tell(
            "assets_after",
            "the fund then",
            Figure::amount(fund, &desk.token),
        );
        plan.preview.note("It is a gift: it cannot be taken out again.");
        Ok(plan)
    }
}
