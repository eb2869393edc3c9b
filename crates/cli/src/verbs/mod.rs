//! Every instruction of the program as a command.
//!
//! All go one way: the accounts are read, the engine previews what will happen, the preview is shown, whoever typed the command
//! confirms, the transaction is sent, and what happened is told with the state afterwards. A [`Verb`] adds only what differs.

mod amounts;
mod borrower;
mod change;
mod claims;
mod create;
mod funds;
mod keeper;
mod lp;
mod market;
mod open;
mod plan;
mod recipient;
mod refusal;
mod run;
mod sending;
mod signer;
mod staker;

use std::future::Future;

use clap::{Args, Subcommand};
use solana_address::Address;

pub use plan::{After, Payment, Plan};
pub use refusal::Refused;
pub use run::Act;

use crate::{context::Context, failure::Failure};

/// What a command does: everything but the way that all of them go.
pub trait Verb: Args {
    /// What will happen, and the instructions that make it happen. `me` signs.
    ///
    /// # Errors
    /// If an account that it needs is not there, or the program would refuse it.
    fn plan(&self, context: &Context, me: Address) -> impl Future<Output = Result<Plan, Failure>>;
}

/// Who a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Liquidity providers.
    Lp,
    /// Borrowers.
    Borrower,
    /// Stakers in the insurance fund.
    Staker,
    /// Anyone who keeps a pool solvent.
    Keeper,
    /// The authority and the guardian of a market.
    Authority,
}

impl Role {
    /// The heading of its commands in the help text.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Lp => "Liquidity providers",
            Self::Borrower => "Borrowers",
            Self::Staker => "Insurance stakers",
            Self::Keeper => "Keepers, who can be anyone",
            Self::Authority => "Authority and guardian",
        }
    }
}

macro_rules! instructions {
    ($($role:ident: { $($(#[$doc:meta])* $name:ident($verb:path),)* })*) => {
        /// The instructions of the program, each a command.
        #[derive(Debug, Subcommand)]
        pub enum Instruction {
            $($($(#[$doc])* $name(Act<$verb>),)*)*
        }

        impl Instruction {
            /// Goes the way of all commands.
            ///
            /// # Errors
            /// If the chain or whoever is asked refuses, or it cannot be done.
            pub async fn run(&self, context: &Context) -> Result<(), Failure> {
                match self {
                    $($(Self::$name(act) => act.run(context).await,)*)*
                }
            }

            /// What it would do, for `me` to sign.
            ///
            /// # Errors
            /// As [`Verb::plan`].
            pub async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
                match self {
                    $($(Self::$name(act) => act.verb.plan(context, me).await,)*)*
                }
            }
        }

        /// Every command's variant and who it is for.
        pub const ROLES: &[(&str, Role)] = &[$($((stringify!($name), Role::$role),)*)*];
    };
}

instructions! {
    Lp: {
        /// Deposits liquidity for LP shares; opens your position if there is none.
        #[command(after_help = "Examples:\n  backstop deposit 1000\n  backstop deposit 250.5 --pool USDC --dry-run")]
        Deposit(lp::Deposit),
        /// Withdraws liquidity by burning LP shares, where no notice is due.
        #[command(after_help = "Examples:\n  backstop withdraw 100          # shares worth 100 tokens\n  backstop withdraw all\n  backstop withdraw 100 --shares # 100 shares, whatever they are worth")]
        Withdraw(lp::Withdraw),
        /// Gives notice of a withdrawal, where the pool asks for that; it cannot be taken back.
        RequestWithdrawal(lp::RequestWithdrawal),
        /// Executes a withdrawal whose notice has passed; anyone can.
        ExecuteWithdrawal(lp::ExecuteWithdrawal),
        /// Pays out what executed withdrawals left for you.
        CollectWithdrawal(lp::CollectWithdrawal),
        /// Gives LP shares to someone else, who signs too; past losses and their claims stay with you.
        TransferShares(lp::TransferShares),
        /// Claims what was recovered of your losses as an LP.
        ClaimRecovery(lp::ClaimRecovery),
        /// Makes room for more changes of your shares after losses; anyone can pay for it.
        ExtendHistory(lp::ExtendHistory),
        /// Gives up old losses, to make room without paying for it.
        TrimHistory(lp::TrimHistory),
        /// Opens an LP position without depositing; anyone can pay for it.
        OpenPosition(open::OpenPosition),
    }
    Borrower: {
        /// Adds collateral to an obligation; opens your own if there is none.
        #[command(after_help = "Examples:\n  backstop deposit-collateral 10 SOL\n  backstop deposit-collateral 10 SOL --owner <ADDRESS>")]
        DepositCollateral(borrower::DepositCollateral),
        /// Takes collateral back.
        #[command(after_help = "Examples:\n  backstop withdraw-collateral 2.5 SOL\n  backstop withdraw-collateral all SOL")]
        WithdrawCollateral(borrower::WithdrawCollateral),
        /// Borrows against your collateral.
        #[command(after_help = "Examples:\n  backstop borrow 500\n  backstop show obligation    # how much you can borrow, and your health")]
        Borrow(borrower::Borrow),
        /// Repays debt, yours or someone else's, then what was written off of it.
        #[command(after_help = "Examples:\n  backstop repay 100\n  backstop repay all\n  backstop repay all --owner <ADDRESS>")]
        Repay(borrower::Repay),
        /// Opens an obligation without depositing collateral; anyone can pay for it.
        OpenObligation(open::OpenObligation),
    }
    Staker: {
        /// Stakes in the pool's insurance fund: earns its revenue, and bears losses before LPs do.
        #[command(after_help = "Examples:\n  backstop stake 100\n  backstop show fund")]
        Stake(staker::Stake),
        /// Asks to leave the insurance fund; starts the cooldown, and cannot be taken back.
        #[command(after_help = "Examples:\n  backstop request-unstake all\n  backstop request-unstake 50")]
        RequestUnstake(staker::RequestUnstake),
        /// Executes a request to leave the insurance fund whose cooldown has passed; anyone can.
        ExecuteUnstake(staker::ExecuteUnstake),
        /// Pays out what executed requests left for you.
        CollectUnstake(staker::CollectUnstake),
        /// Adds to your stake what came back of your losses as a staker.
        ClaimStakeRecovery(staker::ClaimStakeRecovery),
        /// Makes room for more changes of your stake after losses; anyone can pay for it.
        ExtendStakeHistory(staker::ExtendStakeHistory),
        /// Gives up old losses, to make room without paying for it.
        TrimStakeHistory(staker::TrimStakeHistory),
        /// Gives liquidity to the insurance fund for good.
        FundInsurance(staker::FundInsurance),
        /// Opens a stake without staking; anyone can pay for it.
        OpenStake(open::OpenStake),
    }
    Keeper: {
        /// Liquidates an unhealthy obligation: repays debt, and receives collateral worth more.
        #[command(after_help = "Examples:\n  backstop show obligations --unhealthy\n  backstop liquidate <OWNER>\n  backstop liquidate <OWNER> SOL --repay 250")]
        Liquidate(keeper::Liquidate),
        /// Marks what an obligation is known to leave unpaid, or ends the mark.
        Mark(keeper::Mark),
        /// Reports that a token has no usable price, so that what it prices does not shield the rest for ever.
        ReportPrice(keeper::ReportPrice),
        /// Records what an obligation's last dust of collateral does not cover of its debt as a loss, or settles its mark, and runs it through
        /// the waterfall.
        RecordBadDebt(keeper::RecordBadDebt),
        /// Makes room for more losses in a pool's loss book.
        ExtendLossBook(keeper::ExtendLossBook),
        /// Counts a pool's interest up to now.
        Accrue(keeper::Accrue),
        /// Observes prices, and sets where a collateral's limits and the pool's parts are heading.
        RefreshRisk(keeper::RefreshRisk),
    }
    Authority: {
        /// Creates a market, with you as its authority.
        #[command(after_help = "Examples:\n  backstop create-market --guardian <ADDRESS> --treasury <ADDRESS> --timelock 2d")]
        CreateMarket(create::CreateMarket),
        /// Creates a pool that lends a token, with its insurance fund, closed (authority).
        #[command(after_help = "Examples:\n  backstop show parameters > pool.toml    # of a pool that exists, such as that of `backstop localnet`; then edit it\n  backstop create-pool USDC --parameters pool.toml")]
        CreatePool(create::CreatePool),
        /// Lists a token as collateral of a pool (authority).
        #[command(after_help = "Examples:\n  backstop show parameters SOL > sol.toml    # of a collateral that exists; then edit it\n  backstop add-collateral SOL --parameters sol.toml")]
        AddCollateral(create::AddCollateral),
        /// Opens a pool for everyone, and founds its insurance fund with a gift (authority).
        #[command(after_help = "Examples:\n  backstop open-pool --gift 100\n  backstop open-pool --gift 100 --pool USDC")]
        OpenPool(create::OpenPool),
        /// Changes a parameter at once, where that takes nothing from anyone (authority or guardian), or before the pool is opened (authority).
        #[command(after_help = "Examples:\n  backstop tighten max-ltv-bps 70% --of SOL\n  backstop tighten deposit-cap 10000 --of SOL\n  backstop show parameters    # names and values")]
        Tighten(change::Tighten),
        /// Queues a change of a parameter, to be executed after the timelock (authority).
        #[command(after_help = "Examples:\n  backstop queue-change reserve-factor-bps 15%\n  backstop queue-change liquidation-threshold-bps 78% --of SOL\n  backstop queue-change guardian <ADDRESS>\n  backstop show changes")]
        QueueChange(change::QueueChange),
        /// Makes a change whose timelock has passed (authority).
        ExecuteChange(change::ExecuteChange),
        /// Cancels a change that is queued (authority or guardian).
        CancelChange(change::CancelChange),
        /// Pauses one operation of a pool for a time (authority or guardian).
        #[command(after_help = "Examples:\n  backstop pause deposit 12h\n  backstop pause withdraw-collateral 72h")]
        Pause(market::Pause),
        /// Ends a pause (authority).
        Unpause(market::Unpause),
        /// Proposes the next authority (authority).
        ProposeAuthority(market::ProposeAuthority),
        /// Takes over as the authority, after you were proposed and the timelock has passed.
        AcceptAuthority(market::AcceptAuthority),
        /// Cancels the proposal of an authority (authority or guardian).
        CancelAuthority(market::CancelAuthority),
        /// Pays reserves to the treasury (authority).
        CollectReserves(market::CollectReserves),
    }
}
