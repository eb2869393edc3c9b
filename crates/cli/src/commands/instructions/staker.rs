//! Commands for stakers in the insurance fund.

use backstop_client::{
    InsuranceStake, address,
    preview::{Snapshot, largest_allowed},
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
    failure::Failure,
    loaded_pool::{LoadError, LoadedPool, PoolChoice},
    view::Cell,
};

/// The signer's stake.
async fn own(loaded: &LoadedPool<'_>, me: Address) -> Result<InsuranceStake, LoadError> {
    loaded.stake(&me).await?.ok_or(LoadError::NoStake { owner: me })
}

/// Adds to the plan what a stake holds after a preview.
fn tell_stake(plan: &mut Plan, loaded: &LoadedPool, after: &Snapshot, stake: &InsuranceStake) -> Result<(), LoadError> {
    let summary = loaded.summary_of(after)?;
    let shares = stake.shares_in(&after.fund);
    let worth = summary.insured.worth(shares)?;
    plan.tell("shares_after", "your shares after", Cell::shares(shares.get(), &loaded.token));
    plan.tell("worth_after", "  worth", Cell::amount(worth.get(), &loaded.token));
    Ok(())
}

/// `backstop stake`.
#[derive(Args, Debug)]
pub struct Stake {
    /// Maximum amount to stake, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Stake {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let token = &loaded.token;
        let mut plan = Plan::new("Stake in the insurance fund", loaded.event_formatter());
        plan.after = Some(After::Stake(loaded.choice(), me));
        let mut stake = match loaded.stake(&me).await? {
            Some(stake) => stake,
            None => {
                plan.first(verb::open_stake(&loaded.key, me, me), "your stake is opened (you pay its rent)");
                blank::stake(loaded.key.insurance_fund, me)
            }
        };
        let offered = self.amount.units(token)?;
        let mut after = loaded.snapshot.clone();
        let moved = after.stake(&mut stake, offered).map_err(|error| refused(&loaded, error, &Subject::default()))?;
        let least = self.slippage.least(moved.shares);
        let source = plan.pay(&me, token, &loaded.key.token_program, offered);
        plan.step(verb::stake(&loaded.key, me, source, offered, least));
        plan.tell("pay", "you pay", Cell::amount(moved.assets, token))
            .tell("receive", "you receive", Cell::shares(moved.shares, token))
            .tell("least", "  at least", Cell::shares(least, token));
        tell_stake(&mut plan, &loaded, &after, &stake)?;
        let cooldown = Cell::seconds(after.pool.parameters.insurance.cooldown_seconds.cast_signed()).text;
        plan.preview.note(format!("Your stake bears losses before LPs do. Unstaking takes a cooldown of {cooldown}."));
        Ok(plan)
    }
}

/// `backstop request-unstake`.
#[derive(Args, Debug)]
pub struct RequestUnstake {
    /// Value of the shares, in whole liquidity tokens, or `all`.
    amount: Amount,
    /// Interpret the amount as a number of shares instead of their value.
    #[arg(long)]
    shares: bool,
    #[command(flatten)]
    choice: PoolChoice,
}

impl RequestUnstake {
    fn units(&self, loaded: &LoadedPool, stake: &InsuranceStake) -> Result<u64, Failure> {
        let units = self.amount.units(&loaded.token)?;
        if self.shares || self.amount == Amount::All {
            return Ok(units);
        }
        let summary = loaded.summary()?;
        let worth = |shares| summary.insured.worth(Shares::new(shares));
        let held = stake.shares_in(&loaded.snapshot.fund).get();
        // The fewest shares worth the amount: one more than the most worth less.
        let short = largest_allowed(held, |shares| worth(shares).is_ok_and(|worth| worth.get() < units));
        Ok(if units == 0 { 0 } else { short.saturating_add(1) })
    }
}

impl Verb for RequestUnstake {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let before = own(&loaded, me).await?;
        let (mut after, mut stake) = (loaded.snapshot.clone(), before.clone());
        let shares = self.units(&loaded, &before)?;
        let subject = Subject { stake: Some(&before), ..Subject::default() };
        let request = after.request_unstake(&mut stake, shares).map_err(|error| refused(&loaded, error, &subject))?;
        let mut plan = Plan::new("Request to unstake", loaded.event_formatter());
        plan.after = Some(After::Stake(loaded.choice(), me));
        plan.step(verb::request_unstake(&loaded.key, me, shares));
        plan.tell("shares", "you request", Cell::shares(request.shares.get(), &loaded.token))
            .tell("worth", "worth (maximum payout)", Cell::amount(request.worth.get(), &loaded.token))
            .tell("matures_at", "matures", Cell::time(request.matures_at, after.now));
        plan.preview.note("Until execution the shares bear losses, and their earnings stay in the fund.").note(FINAL);
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
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let owner = self.whose.owner(me);
        let before = own(&loaded, owner).await?;
        let (mut after, mut stake) = (loaded.snapshot.clone(), before.clone());
        let subject = Subject { stake: Some(&before), ..Subject::default() };
        let moved = after.execute_unstake(&mut stake).map_err(|error| refused(&loaded, error, &subject))?;
        let mut plan = Plan::new("Execute an unstake request", loaded.event_formatter());
        plan.after = Some(After::Stake(loaded.choice(), owner));
        plan.step(verb::execute_unstake(&loaded.key, &owner));
        tell_executed(&mut plan, &loaded, &moved, stake.request.shares);
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
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let before = own(&loaded, me).await?;
        let subject = Subject { stake: Some(&before), ..Subject::default() };
        let paid = loaded
            .snapshot
            .clone()
            .collect_unstake(&mut before.clone())
            .map_err(|error| refused(&loaded, error, &subject))?;
        let (holder, after) = (address::stake(&loaded.key.insurance_fund, &me), After::Stake(loaded.choice(), me));
        collecting(&loaded, me, ("a staker", holder), paid, after).await
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
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let mut stake = own(&loaded, me).await?;
        let losses = loaded.stake_losses(&stake).await?;
        let before = stake.clone();
        let refuse = |error| refused(&loaded, error, &Subject { stake: Some(&before), ..Subject::default() });
        let due = claimable(&losses).map_err(refuse)?;
        let mut plan = Plan::new("Claim recoveries of your losses as a staker", loaded.event_formatter());
        plan.after = Some(After::Stake(loaded.choice(), me));
        let holder = address::stake(&loaded.key.insurance_fund, &me);
        let mut after = loaded.snapshot.clone();
        for loss in &due {
            let mut claim = loss.claim.unwrap_or_else(|| blank::claim(holder, loss.number));
            after.claim_stake_recovery(&mut stake, &mut claim).map_err(refuse)?;
            open_claim(&mut plan, loss, holder, me);
            plan.step(verb::claim_stake_recovery(&loaded.key, me, loss.number));
        }
        tell_claims(&mut plan, &loaded, &losses, &due);
        let back = due.iter().map(|loss| loss.claimable).sum();
        plan.tell("shares", "shares added", Cell::shares(back, &loaded.token));
        tell_stake(&mut plan, &loaded, &after, &stake)?;
        plan.preview.note("The shares become part of your stake. To pay them out, request to unstake.");
        Ok(plan)
    }
}

/// `backstop extend-stake-history`.
#[derive(Args, Debug)]
pub struct ExtendStakeHistory {
    /// Number of history rows to add, one for each share change after losses; at most 256 at once.
    #[arg(default_value_t = 8)]
    rows: u32,
    /// Owner of the stake [default: you].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExtendStakeHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let stake = own(&loaded, owner).await?;
        let mut plan = Plan::new("Add rows to the history of a stake (you pay the rent)", loaded.event_formatter());
        plan.after = Some(After::Stake(loaded.choice(), owner));
        plan.step(verb::extend_history(address::stake(&loaded.key.insurance_fund, &owner), me, self.rows));
        tell_room(&mut plan, stake.history.len(), stake.room, self.rows);
        Ok(plan)
    }
}

/// `backstop trim-stake-history`.
#[derive(Args, Debug)]
pub struct TrimStakeHistory {
    /// Number of the last loss to give up.
    through: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for TrimStakeHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let stake = own(&loaded, me).await?;
        let losses = loaded.stake_losses(&stake).await?;
        let mut plan = Plan::new("Give up old losses in the history of your stake", loaded.event_formatter());
        plan.after = Some(After::Stake(loaded.choice(), me));
        plan.step(verb::trim_history(address::stake(&loaded.key.insurance_fund, &me), me, self.through));
        tell_given_up(&mut plan, &loaded, &losses, self.through);
        Ok(plan)
    }
}

/// `backstop fund-insurance`.
#[derive(Args, Debug)]
pub struct FundInsurance {
    /// Amount to donate, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for FundInsurance {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let assets = self.amount.units(&loaded.token)?;
        let mut after = loaded.snapshot.clone();
        let given = after.fund_insurance(assets).map_err(|error| refused(&loaded, error, &Subject::default()))?;
        let mut plan = Plan::new("Donate to the insurance fund", loaded.event_formatter());
        plan.after = Some(After::Fund(loaded.choice()));
        let source = plan.pay(&me, &loaded.token, &loaded.key.token_program, given);
        plan.step(verb::fund_insurance(&loaded.key, me, source, assets));
        let fund = loaded.summary_of(&after)?.insured.all().get();
        plan.tell("pay", "you donate", Cell::amount(given, &loaded.token)).tell(
            "assets_after",
            "fund after",
            Cell::amount(fund, &loaded.token),
        );
        plan.preview.note("A donation cannot be withdrawn.");
        Ok(plan)
    }
}
