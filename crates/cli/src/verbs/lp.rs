//! Liquidity providers.

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
    desk::{Desk, DeskError, PoolChoice},
    failure::Failure,
    view::Figure,
};

/// `backstop deposit`.
#[derive(Args, Debug)]
pub struct Deposit {
    /// How much to deposit at most, in whole tokens.
    amount: Whole,
    #[command(flatten)]
    slippage: Slippage,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for Deposit {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let token = &desk.token;
        let mut plan = Plan::new(format!("Deposit into the pool of {}", token.symbol), desk.teller());
        plan.after = Some(After::Position(desk.choice(), me));
        let mut position = match desk.position(&me).await? {
            Some(position) => position,
            None => {
                plan.first(verb::open_position(&desk.key, me, me), "your LP position is opened; you pay its rent");
                blank::position(desk.key.pool, me)
            }
        };
        let offered = self.amount.units(token)?;
        let subject = Subject { operation: Some(Pausable::Deposit), ..Subject::default() };
        let mut after = desk.snapshot.clone();
        let moved = after.deposit(&mut position, offered).map_err(|error| refused(&desk, error, &subject))?;
        let least = self.slippage.least(moved.shares);
        let source = plan.pay(&me, token, &desk.key.token_program, offered);
        plan.step(verb::deposit(&desk.key, me, source, offered, least));
        plan.tell("pay", "you pay", Figure::amount(moved.assets, token))
            .tell("receive", "you receive", Figure::shares(moved.shares, token))
            .tell("least", "  at least", Figure::shares(least, token))
            .tell(
                "share_price",
                "share price",
                Figure::share_price(desk.books()?.totals.share_price().map_err(DeskError::from)?),
            );
        tell_position(&mut plan, &desk, &after, &position)?;
        Ok(plan)
    }
}

/// What a position holds after a preview.
fn tell_position(plan: &mut Plan, desk: &Desk, after: &Snapshot, position: &LpPosition) -> Result<(), DeskError> {
    let books = desk.books_of(after)?;
    let shares = position.shares_in(&after.pool);
    let worth = books.totals.value_of(shares)?;
    plan.tell("shares_after", "your shares then", Figure::shares(shares.get(), &desk.token));
    plan.tell("worth_after", "  worth", Figure::amount(worth.get(), &desk.token));
    Ok(())
}

/// Shares, given as what they are worth or by their number.
#[derive(Args, Debug)]
pub(super) struct SomeShares {
    /// How much, in whole tokens of liquidity that the shares are worth; or all.
    amount: Amount,
    /// The amount is a number of shares, not what they are worth.
    #[arg(long)]
    shares: bool,
}

impl SomeShares {
    /// As the program takes it.
    fn units(&self, desk: &Desk) -> Result<u64, Failure> {
        let units = self.amount.units(&desk.token)?;
        if self.shares || self.amount == Amount::All {
            return Ok(units);
        }
        let books = desk.books()?;
        Ok(books.totals.shares_worth(Assets::new(units)).map_err(DeskError::from)?.get())
    }
}

/// The signer's position.
async fn own(desk: &Desk<'_>, me: Address) -> Result<LpPosition, DeskError> {
    desk.position(&me).await?.ok_or(DeskError::NoPosition { owner: me })
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
        let desk = Desk::open(context, &self.choice).await?;
        let token = &desk.token;
        let before = own(&desk, me).await?;
        let (mut after, mut position) = (desk.snapshot.clone(), before.clone());
        let mut shares = self.shares.units(&desk)?;
        // All is what there is cash for, where there is not for all.
        let stays = self.shares.amount == Amount::All
            && desk.snapshot.clone().withdraw(&mut before.clone(), shares) == Err(BackstopError::InsufficientCash);
        if stays {
            shares = match desk.snapshot.most_leaving(&before) {
                0 => shares,
                most => most,
            };
        }
        let subject = Subject { position: Some(&before), operation: Some(Pausable::Withdraw), ..Subject::default() };
        let moved = after.withdraw(&mut position, shares).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new(format!("Withdraw from the pool of {}", token.symbol), desk.teller());
        plan.after = Some(After::Position(desk.choice(), me));
        let destination = plan.receive(&desk, me, me, token, desk.key.token_program).await?;
        let least = self.slippage.least(moved.assets);
        plan.step(verb::withdraw(&desk.key, me, destination, shares, least));
        plan.tell("receive", "you receive", Figure::amount(moved.assets, token))
            .tell("least", "  at least", Figure::amount(least, token))
            .tell("shares", "you give up", Figure::shares(moved.shares, token))
            .tell(
                "share_price",
                "share price",
                Figure::share_price(desk.books()?.totals.share_price().map_err(DeskError::from)?),
            );
        tell_position(&mut plan, &desk, &after, &position)?;
        if stays {
            plan.preview.note(
                "The pool has no cash for more: what stays is lent. Withdraw it when borrowers repay or others deposit.",
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
        let desk = Desk::open(context, &self.choice).await?;
        let before = own(&desk, me).await?;
        let mut position = before.clone();
        let shares = self.shares.units(&desk)?;
        let subject = Subject { position: Some(&before), ..Subject::default() };
        let request =
            desk.snapshot.request_withdrawal(&mut position, shares).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new("Ask to withdraw", desk.teller());
        plan.after = Some(After::Position(desk.choice(), me));
        plan.step(verb::request_withdrawal(&desk.key, me, shares));
        plan.tell("shares", "you ask for", Figure::shares(request.shares.get(), &desk.token)).tell(
            "matures_at",
            "matures",
            Figure::time(request.matures_at, desk.snapshot.now),
        );
        plan.preview.note(FINAL);
        Ok(plan)
    }
}

/// What cannot be undone about a request to leave.
pub(super) const FINAL: &str = "It cannot be taken back, and another waits until it is done. From then on anyone executes it at the price of then, \
                                bots do; what it pays you collect at any time.";

/// Whose request is executed.
#[derive(Args, Debug)]
pub(super) struct Whose {
    /// Whose request [default: yours].
    #[arg(value_name = "OWNER", value_parser = context::address)]
    owner: Option<Address>,
}

impl Whose {
    pub(super) fn owner(&self, me: Address) -> Address {
        self.owner.unwrap_or(me)
    }
}

/// Tells what executing a request does, and what of it waits for cash.
pub(super) fn tell_executed(plan: &mut Plan, desk: &Desk, moved: &Withdrawn, left: u64) {
    plan.tell("payable", "becomes payable", Figure::amount(moved.assets, &desk.token))
        .tell("shares", "shares burned", Figure::shares(moved.shares, &desk.token))
        .tell("left", "stay requested", Figure::shares(left, &desk.token));
    if left != 0 {
        plan.preview.note("There is no cash for the rest: execute again when there is.");
    }
    if moved.shares == 0 {
        plan.preview.note("The shares are worth nothing: they are not burned, and the request ends.");
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
        let desk = Desk::open(context, &self.choice).await?;
        let owner = self.whose.owner(me);
        let before = own(&desk, owner).await?;
        let (mut after, mut position) = (desk.snapshot.clone(), before.clone());
        let subject = Subject { position: Some(&before), operation: Some(Pausable::Withdraw), ..Subject::default() };
        let moved = after.execute_withdrawal(&mut position).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new("Execute a withdrawal that was requested", desk.teller());
        plan.after = Some(After::Position(desk.choice(), owner));
        plan.step(verb::execute_withdrawal(&desk.key, &owner));
        tell_executed(&mut plan, &desk, &moved, position.request.shares);
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
        let desk = Desk::open(context, &self.choice).await?;
        let before = own(&desk, me).await?;
        let subject = Subject { position: Some(&before), ..Subject::default() };
        let paid = desk
            .snapshot
            .clone()
            .collect_withdrawal(&mut before.clone())
            .map_err(|error| refused(&desk, error, &subject))?;
        let (holder, after) = (address::position(&desk.key.pool, &me), After::Position(desk.choice(), me));
        collecting(&desk, me, ("an LP", holder), paid, after).await
    }
}

/// A plan that collects what is payable to a position or a stake, whose owner is an LP or a staker.
pub(super) async fn collecting(
    desk: &Desk<'_>,
    me: Address,
    (who, holder): (&str, Address),
    paid: u64,
    after: After,
) -> Result<Plan, Failure> {
    let mut plan = Plan::new(format!("Collect what is payable to you as {who}"), desk.teller());
    plan.after = Some(after);
    let destination = plan.receive(desk, me, me, &desk.token, desk.key.token_program).await?;
    plan.step(verb::collect(&desk.key, holder, me, destination));
    plan.tell("receive", "you receive", Figure::amount(paid, &desk.token));
    Ok(plan)
}

/// `backstop transfer-shares`.
#[derive(Args, Debug)]
pub struct TransferShares {
    /// How many shares, or all.
    shares: Amount,
    /// The keypair file of who receives them, and signs too.
    #[arg(value_name = "KEYPAIR")]
    to: PathBuf,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for TransferShares {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let receiver = Arc::new(context::keypair(&self.to).map_err(Failure::unable)?);
        let to = receiver.pubkey();
        if to == me {
            return Err(Failure::unable("the recipient is you: give the keypair of someone else"));
        }
        let before = own(&desk, me).await?;
        let mut position = before.clone();
        let mut plan = Plan::new("Give LP shares away", desk.teller());
        plan.after = Some(After::Position(desk.choice(), me));
        plan.signers.push(receiver);
        let mut recipient = match desk.position(&to).await? {
            Some(position) => position,
            None => {
                let open = verb::open_position(&desk.key, to, me);
                plan.first(open, "the recipient's LP position is opened; you pay its rent");
                blank::position(desk.key.pool, to)
            }
        };
        let shares = self.shares.units(&desk.token)?;
        let subject = Subject { position: Some(&before), ..Subject::default() };
        let moved = desk
            .snapshot
            .transfer_shares(&mut position, &mut recipient, shares)
            .map_err(|error| refused(&desk, error, &subject))?;
        plan.step(verb::transfer_shares(&desk.key, me, to, shares));
        plan.tell("shares", "you give", Figure::shares(moved, &desk.token)).tell("to", "to", Figure::address(&to));
        tell_position(&mut plan, &desk, &desk.snapshot, &position)?;
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
        let desk = Desk::open(context, &self.choice).await?;
        let position = own(&desk, me).await?;
        let losses = desk.position_losses(&position).await?;
        let subject = Subject { position: Some(&position), ..Subject::default() };
        let due = claimable(&losses).map_err(|error| refused(&desk, error, &subject))?;
        let mut plan = Plan::new("Claim what was recovered of your losses", desk.teller());
        plan.after = Some(After::Position(desk.choice(), me));
        let destination = plan.receive(&desk, me, me, &desk.token, desk.key.token_program).await?;
        let holder = address::position(&desk.key.pool, &me);
        for loss in &due {
            open_claim(&mut plan, loss, holder, me);
            // What can be claimed only grows until it is claimed.
            plan.step(verb::claim_recovery(&desk.key, me, destination, loss.number, loss.claimable));
        }
        tell_claims(&mut plan, &desk, &losses, &due);
        Ok(plan)
    }
}

/// `backstop extend-history`.
#[derive(Args, Debug)]
pub struct ExtendHistory {
    /// For how many changes of your shares after losses; at most 256 at once.
    #[arg(default_value_t = 8)]
    rows: u32,
    /// Whose position [default: yours].
    #[arg(long, value_name = "ADDRESS", value_parser = context::address)]
    owner: Option<Address>,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for ExtendHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let owner = self.owner.unwrap_or(me);
        let position = own(&desk, owner).await?;
        let mut plan = Plan::new("Make room in the history of an LP position; you pay its rent", desk.teller());
        plan.after = Some(After::Position(desk.choice(), owner));
        plan.step(verb::extend_history(address::position(&desk.key.pool, &owner), me, self.rows));
        tell_room(&mut plan, position.history.len(), position.room, self.rows);
        Ok(plan)
    }
}

/// `backstop trim-history`.
#[derive(Args, Debug)]
pub struct TrimHistory {
    /// The number of the last loss that is given up.
    through: u32,
    #[command(flatten)]
    choice: PoolChoice,
}

impl Verb for TrimHistory {
    async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
        let desk = Desk::open(context, &self.choice).await?;
        let position = own(&desk, me).await?;
        let losses = desk.position_losses(&position).await?;
        let mut plan = Plan::new("Give up old losses in the history of your LP position", desk.teller());
        plan.after = Some(After::Position(desk.choice(), me));
        plan.step(verb::trim_history(address::position(&desk.key.pool, &me), me, self.through));
        tell_given_up(&mut plan, &desk, &losses, self.through);
        Ok(plan)
    }
}
