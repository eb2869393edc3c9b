//! Commands for liquidity providers.

use std::{path::PathBuf, sync::Arc};

use backstop_client::{
    BackstopError, LpPosition, address,
    preview::{Snapshot, Withdrawn},
    verb,
};
use backstop_engine::{governance::Pausable, quantity::Assets};
use clap::Args;
use solana_address::Address;
use solana_signer::Signer;

use super::{
    After, Plan, Verb,
    amounts::{Amount, Slippage, Whole},
    claims::{claimable, open_claim, tell_claims, tell_given_up, tell_room},
    refusal::{Subject, refused},
};
use crate::{
    blank,
    context::{self, Context},
    failure::Failure,
    loaded_pool::{LoadError, LoadedPool, PoolChoice},
    view::Cell,
};

/// `backstop deposit`.
#[derive(Args, Debug)]
pub struct Deposit {
    /// Maximum amount to deposit, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Deposit {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let token = &loaded.token;
        let mut plan = Plan::new(format!("Deposit into the {} pool", token.symbol), loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), me));
        let mut position = match loaded.position(&me).await? {
            Some(position) => position,
            None => {
                plan.first(verb::open_position(&loaded.key, me, me), "your LP position is opened (you pay its rent)");
                blank::position(loaded.key.pool, me)
            }
        };
        let offered = self.amount.units(token)?;
        let subject = Subject { operation: Some(Pausable::Deposit), ..Subject::default() };
        let mut after = loaded.snapshot.clone();
        let moved = after.deposit(&mut position, offered).map_err(|error| refused(&loaded, error, &subject))?;
        let least = self.slippage.least(moved.shares);
        let source = plan.pay(&me, token, &loaded.key.token_program, offered);
        plan.step(verb::deposit(&loaded.key, me, source, offered, least));
        plan.tell("pay", "you pay", Cell::amount(moved.assets, token))
            .tell("receive", "you receive", Cell::shares(moved.shares, token))
            .tell("least", "  at least", Cell::shares(least, token))
            .tell(
                "share_price",
                "share price",
                Cell::share_price(loaded.summary()?.totals.share_price().map_err(LoadError::from)?),
            );
        tell_position(&mut plan, &loaded, &after, &position)?;
        Ok(plan)
    }
}

/// Adds to the plan what a position holds after a preview.
fn tell_position(
    plan: &mut Plan,
    loaded: &LoadedPool,
    after: &Snapshot,
    position: &LpPosition,
) -> Result<(), LoadError> {
    let summary = loaded.summary_of(after)?;
    let shares = position.shares_in(&after.pool);
    let worth = summary.totals.value_of(shares)?;
    plan.tell("shares_after", "your shares after", Cell::shares(shares.get(), &loaded.token));
    plan.tell("worth_after", "  worth", Cell::amount(worth.get(), &loaded.token));
    Ok(())
}

/// An amount of shares, given by value or by number.
#[derive(Args, Debug)]
pub(super) struct SomeShares {
    /// Value of the shares, in whole liquidity tokens, or `all`.
    amount: Amount,
    /// Interpret the amount as a number of shares instead of their value.
    #[arg(long)]
    shares: bool,
}

impl SomeShares {
    /// The number of shares, as the program takes it.
    fn units(&self, loaded: &LoadedPool) -> Result<u64, Failure> {
        let units = self.amount.units(&loaded.token)?;
        if self.shares || self.amount == Amount::All {
            return Ok(units);
        }
        let summary = loaded.summary()?;
        Ok(summary.totals.shares_worth(Assets::new(units)).map_err(LoadError::from)?.get())
    }
}

/// The signer's position.
async fn own(loaded: &LoadedPool<'_>, me: Address) -> Result<LpPosition, LoadError> {
    loaded.position(&me).await?.ok_or(LoadError::NoPosition { owner: me })
}

/// `backstop withdraw`.
#[derive(Args, Debug)]
pub struct Withdraw {
    #[command(flatten)]
    shares: SomeShares,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Withdraw {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let token = &loaded.token;
        let before = own(&loaded, me).await?;
        let (mut after, mut position) = (loaded.snapshot.clone(), before.clone());
        let mut shares = self.shares.units(&loaded)?;
        // `all` withdraws as much as the cash allows.
        let stays = self.shares.amount == Amount::All
            && loaded.snapshot.clone().withdraw(&mut before.clone(), shares) == Err(BackstopError::InsufficientCash);
        if stays {
            shares = match loaded.snapshot.most_leaving(&before) {
                0 => shares,
                most => most,
            };
        }
        let subject = Subject { position: Some(&before), operation: Some(Pausable::Withdraw), ..Subject::default() };
        let moved = after.withdraw(&mut position, shares).map_err(|error| refused(&loaded, error, &subject))?;
        let mut plan = Plan::new(format!("Withdraw from the {} pool", token.symbol), loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), me));
        let destination = plan.receive(&loaded, me, me, token, loaded.key.token_program).await?;
        let least = self.slippage.least(moved.assets);
        plan.step(verb::withdraw(&loaded.key, me, destination, shares, least));
        plan.tell("receive", "you receive", Cell::amount(moved.assets, token))
            .tell("least", "  at least", Cell::amount(least, token))
            .tell("shares", "you burn", Cell::shares(moved.shares, token))
            .tell(
                "share_price",
                "share price",
                Cell::share_price(loaded.summary()?.totals.share_price().map_err(LoadError::from)?),
            );
        tell_position(&mut plan, &loaded, &after, &position)?;
        if stays {
            plan.preview.note(
                "The pool has no cash for more: the rest is lent out. Withdraw it when borrowers repay or others \
                 deposit.",
            );
        }
        Ok(plan)
    }
}

/// `backstop request-withdrawal`.
#[derive(Args, Debug)]
pub struct RequestWithdrawal {
    #[command(flatten)]
    shares: SomeShares,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for RequestWithdrawal {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let before = own(&loaded, me).await?;
        let mut position = before.clone();
        let shares = self.shares.units(&loaded)?;
        let subject = Subject { position: Some(&before), ..Subject::default() };
        let request = loaded
            .snapshot
            .request_withdrawal(&mut position, shares)
            .map_err(|error| refused(&loaded, error, &subject))?;
        let mut plan = Plan::new("Request a withdrawal", loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), me));
        plan.step(verb::request_withdrawal(&loaded.key, me, shares));
        plan.tell("shares", "you request", Cell::shares(request.shares.get(), &loaded.token)).tell(
            "matures_at",
            "matures",
            Cell::time(request.matures_at, loaded.snapshot.now),
        );
        plan.preview.note(FINAL);
        Ok(plan)
    }
}

/// The note about what a request to withdraw or unstake commits to.
pub(super) const FINAL: &str = "You cannot cancel the request, or make another until it is done. Once it matures, \
    anyone can execute it at the price \
                                at execution; bots do. Collect the payout at any time.";

/// The owner of the request to execute.
#[derive(Args, Debug)]
pub(super) struct Whose {
    /// Owner of the request [default: you].
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Option<Address>,
}

impl Whose {
    pub(super) fn owner(&self, me: Address) -> Address {
        self.owner.unwrap_or(me)
    }
}

/// Adds to the plan what executing a request does, and what waits for cash.
pub(super) fn tell_executed(plan: &mut Plan, loaded: &LoadedPool, moved: &Withdrawn, left: u64) {
    plan.tell("payable", "becomes payable", Cell::amount(moved.assets, &loaded.token))
        .tell("shares", "shares burned", Cell::shares(moved.shares, &loaded.token))
        .tell("left", "still requested", Cell::shares(left, &loaded.token));
    if left != 0 {
        plan.preview.note("There is no cash for the rest yet: execute again later.");
    }
    if moved.shares == 0 {
        plan.preview.note("The shares are worthless: they are not burned, and the request ends.");
    }
}

/// `backstop execute-withdrawal`.
#[derive(Args, Debug)]
pub struct ExecuteWithdrawal {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExecuteWithdrawal {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let owner = self.whose.owner(me);
        let before = own(&loaded, owner).await?;
        let (mut after, mut position) = (loaded.snapshot.clone(), before.clone());
        let subject = Subject { position: Some(&before), operation: Some(Pausable::Withdraw), ..Subject::default() };
        let moved = after.execute_withdrawal(&mut position).map_err(|error| refused(&loaded, error, &subject))?;
        let mut plan = Plan::new("Execute a withdrawal request", loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), owner));
        plan.step(verb::execute_withdrawal(&loaded.key, &owner));
        tell_executed(&mut plan, &loaded, &moved, position.request.shares);
        Ok(plan)
    }
}

/// `backstop collect-withdrawal`.
#[derive(Args, Debug)]
pub struct CollectWithdrawal {
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for CollectWithdrawal {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let before = own(&loaded, me).await?;
        let subject = Subject { position: Some(&before), ..Subject::default() };
        let paid = loaded
            .snapshot
            .clone()
            .collect_withdrawal(&mut before.clone())
            .map_err(|error| refused(&loaded, error, &subject))?;
        let (holder, after) = (address::position(&loaded.key.pool, &me), After::Position(loaded.choice(), me));
        collecting(&loaded, me, ("an LP", holder), paid, after).await
    }
}

/// A plan that collects what is payable to a position or a stake. `who` is "an LP" or "a staker".
pub(super) async fn collecting(
    loaded: &LoadedPool<'_>,
    me: Address,
    (who, holder): (&str, Address),
    paid: u64,
    after: After,
) -> Result<Plan, Failure> {
    let mut plan = Plan::new(format!("Collect your payout as {who}"), loaded.event_formatter());
    plan.after = Some(after);
    let destination = plan.receive(loaded, me, me, &loaded.token, loaded.key.token_program).await?;
    plan.step(verb::collect(&loaded.key, holder, me, destination));
    plan.tell("receive", "you receive", Cell::amount(paid, &loaded.token));
    Ok(plan)
}

/// `backstop transfer-shares`.
#[derive(Args, Debug)]
pub struct TransferShares {
    /// Number of shares, or `all`.
    shares: Amount,
    /// Keypair file of the recipient, who signs too.
    #[arg(value_name = "KEYPAIR")]
    to: PathBuf,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for TransferShares {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let receiver = Arc::new(context::keypair(&self.to).map_err(Failure::unable)?);
        let to = receiver.pubkey();
        if to == me {
            return Err(Failure::unable("the recipient is you: pass the keypair of another owner"));
        }
        let before = own(&loaded, me).await?;
        let mut position = before.clone();
        let mut plan = Plan::new("Transfer LP shares", loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), me));
        plan.signers.push(receiver);
        let mut recipient = match loaded.position(&to).await? {
            Some(position) => position,
            None => {
                let open = verb::open_position(&loaded.key, to, me);
                plan.first(open, "the recipient's LP position is opened (you pay its rent)");
                blank::position(loaded.key.pool, to)
            }
        };
        let shares = self.shares.units(&loaded.token)?;
        let subject = Subject { position: Some(&before), ..Subject::default() };
        let moved = loaded
            .snapshot
            .transfer_shares(&mut position, &mut recipient, shares)
            .map_err(|error| refused(&loaded, error, &subject))?;
        plan.step(verb::transfer_shares(&loaded.key, me, to, shares));
        plan.tell("shares", "you transfer", Cell::shares(moved, &loaded.token)).tell("to", "to", Cell::address(&to));
        tell_position(&mut plan, &loaded, &loaded.snapshot, &position)?;
        plan.preview.note("Claims on past losses stay with you.");
        Ok(plan)
    }
}

/// `backstop claim-recovery`.
#[derive(Args, Debug)]
pub struct ClaimRecovery {
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ClaimRecovery {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let position = own(&loaded, me).await?;
        let losses = loaded.position_losses(&position).await?;
        let subject = Subject { position: Some(&position), ..Subject::default() };
        let due = claimable(&losses).map_err(|error| refused(&loaded, error, &subject))?;
        let mut plan = Plan::new("Claim recoveries of your losses", loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), me));
        let destination = plan.receive(&loaded, me, me, &loaded.token, loaded.key.token_program).await?;
        let holder = address::position(&loaded.key.pool, &me);
        for loss in &due {
            open_claim(&mut plan, loss, holder, me);
            // The claimable amount only grows until it is claimed.
            plan.step(verb::claim_recovery(&loaded.key, me, destination, loss.number, loss.claimable));
        }
        tell_claims(&mut plan, &loaded, &losses, &due);
        Ok(plan)
    }
}

/// `backstop extend-history`.
#[derive(Args, Debug)]
pub struct ExtendHistory {
    /// Number of history rows to add, one for each share change after losses; at most 256 at once.
    #[arg(default_value_t = 8)]
    rows: u32,
    /// Owner of the position [default: you].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExtendHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let position = own(&loaded, owner).await?;
        let mut plan =
            Plan::new("Add rows to the history of an LP position (you pay the rent)", loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), owner));
        plan.step(verb::extend_history(address::position(&loaded.key.pool, &owner), me, self.rows));
        tell_room(&mut plan, position.history.len(), position.room, self.rows);
        Ok(plan)
    }
}

/// `backstop trim-history`.
#[derive(Args, Debug)]
pub struct TrimHistory {
    /// Number of the last loss to give up.
    through: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for TrimHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let loaded = LoadedPool::open(context, &self.choice).await?;
        let position = own(&loaded, me).await?;
        let losses = loaded.position_losses(&position).await?;
        let mut plan = Plan::new("Give up old losses in the history of your LP position", loaded.event_formatter());
        plan.after = Some(After::Position(loaded.choice(), me));
        plan.step(verb::trim_history(address::position(&loaded.key.pool, &me), me, self.through));
        tell_given_up(&mut plan, &loaded, &losses, self.through);
        Ok(plan)
    }
}
