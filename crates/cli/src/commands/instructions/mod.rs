//! Every instruction of the program, as a command.
//!
//! All commands follow the same steps: read the accounts, preview with the engine, show the preview, ask for
//! confirmation, send the transaction, then report the events and the new state. A [`Verb`] supplies only what differs.

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

/// The part of a command that is specific to it.
pub trait Verb: Args {
    /// Returns the preview and the instructions, with `me` as the signer.
    ///
    /// # Errors
    /// If a required account is missing, or the program would refuse.
    fn plan(&self, context: &Context, me: Address) -> impl Future<Output = Result<Plan, Failure>>;
}

/// The role that a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Liquidity providers.
    Lp,
    /// Borrowers.
    Borrower,
    /// Stakers in the insurance fund.
    Staker,
    /// Keepers: anyone who keeps a pool solvent.
    Keeper,
    /// The authority and the guardian of a market.
    Authority,
}

impl Role {
    /// The heading for this role's commands in the help text.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Lp => "Liquidity providers",
            Self::Borrower => "Borrowers",
            Self::Staker => "Insurance stakers",
            Self::Keeper => "Keepers (anyone)",
            Self::Authority => "Authority and guardian",
        }
    }
}

macro_rules! instructions {
    ($($role:ident: { $($(#[$doc:meta])* $name:ident($verb:path),)* })*) => {
        /// The program's instructions, one command each.
        #[derive(Debug, Subcommand)]
        pub enum Instruction {
            $($($(#[$doc])* $name(Act<$verb>),)*)*
        }

        impl Instruction {
            /// Runs the command: previews, confirms, sends and reports.
            ///
            /// # Errors
            /// If the chain refuses, the user does not confirm, or it is not possible in the current state.
            pub async fn run(&self, context: &Context) -> Result<(), Failure> {
                match self {
                    $($(Self::$name(act) => act.run(context).await,)*)*
                }
            }

            /// Returns the plan, with `me` as the signer.
            ///
            /// # Errors
            /// As [`Verb::plan`].
            pub async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
                match self {
                    $($(Self::$name(act) => act.verb.plan(context, me).await,)*)*
                }
            }
        }

        /// Every command's variant and its role.
        pub const ROLES: &[(&str, Role)] = &[$($((stringify!($name), Role::$role),)*)*];
    };
}

instructions! {
    Lp: {
        /// Deposit liquidity and receive LP shares; opens your position if needed.
        #[command(after_help = "Examples:\n  backstop deposit 1000\n  backstop deposit 250.5 --pool USDC --dry-run")]
        Deposit(lp::Deposit),
        /// Withdraw liquidity by burning LP shares, where no notice is due.
        #[command(after_help = "Examples:\n  \
            backstop withdraw 100          # shares worth 100 tokens\n  \
            backstop withdraw all\n  \
            backstop withdraw 100 --shares # 100 shares, at any price")]
        Withdraw(lp::Withdraw),
        /// Request a withdrawal, where the pool requires notice; a request cannot be cancelled.
        RequestWithdrawal(lp::RequestWithdrawal),
        /// Execute a withdrawal request whose notice has passed; anyone can.
        ExecuteWithdrawal(lp::ExecuteWithdrawal),
        /// Collect the payout of your executed withdrawals.
        CollectWithdrawal(lp::CollectWithdrawal),
        /// Transfer LP shares to another owner, who signs too; past losses and their claims stay with you.
        TransferShares(lp::TransferShares),
        /// Claim recoveries of the losses you bore as an LP.
        ClaimRecovery(lp::ClaimRecovery),
        /// Make room for more share changes after losses in a position's history; anyone can pay.
        ExtendHistory(lp::ExtendHistory),
        /// Give up claims on old losses, to free history rows without paying.
        TrimHistory(lp::TrimHistory),
        /// Open an LP position without depositing; anyone can pay.
        OpenPosition(open::OpenPosition),
    }
    Borrower: {
        /// Deposit collateral into an obligation; opens your own if needed.
        #[command(after_help = "Examples:\n  \
            backstop deposit-collateral 10 SOL\n  \
            backstop deposit-collateral 10 SOL --owner <ADDRESS>")]
        DepositCollateral(borrower::DepositCollateral),
        /// Withdraw collateral from your obligation.
        #[command(after_help = "Examples:\n  \
            backstop withdraw-collateral 2.5 SOL\n  \
            backstop withdraw-collateral all SOL")]
        WithdrawCollateral(borrower::WithdrawCollateral),
        /// Borrow against your collateral.
        #[command(after_help = "Examples:\n  \
            backstop borrow 500\n  \
            backstop show obligation    # how much you can borrow, and your health")]
        Borrow(borrower::Borrow),
        /// Repay debt, yours or another borrower's, then written-off debt.
        #[command(after_help = "Examples:\n  \
            backstop repay 100\n  \
            backstop repay all\n  \
            backstop repay all --owner <ADDRESS>")]
        Repay(borrower::Repay),
        /// Open an obligation without depositing collateral; anyone can pay.
        OpenObligation(open::OpenObligation),
    }
    Staker: {
        /// Stake in the pool's insurance fund: earn its revenue, and bear losses before LPs do.
        #[command(after_help = "Examples:\n  backstop stake 100\n  backstop show fund")]
        Stake(staker::Stake),
        /// Request to unstake; starts the cooldown and cannot be cancelled.
        #[command(after_help = "Examples:\n  backstop request-unstake all\n  backstop request-unstake 50")]
        RequestUnstake(staker::RequestUnstake),
        /// Execute an unstake request whose cooldown has passed; anyone can.
        ExecuteUnstake(staker::ExecuteUnstake),
        /// Collect the payout of your executed unstake requests.
        CollectUnstake(staker::CollectUnstake),
        /// Claim recoveries of the losses you bore as a staker, as shares added to your stake.
        ClaimStakeRecovery(staker::ClaimStakeRecovery),
        /// Make room for more share changes after losses in a stake's history; anyone can pay.
        ExtendStakeHistory(staker::ExtendStakeHistory),
        /// Give up claims on old losses, to free history rows without paying.
        TrimStakeHistory(staker::TrimStakeHistory),
        /// Donate liquidity to the insurance fund; a donation cannot be withdrawn.
        FundInsurance(staker::FundInsurance),
        /// Open a stake account without staking; anyone can pay.
        OpenStake(open::OpenStake),
    }
    Keeper: {
        /// Liquidate an unhealthy obligation: repay debt, and receive collateral worth more.
        #[command(after_help = "Examples:\n  \
            backstop show obligations --unhealthy\n  \
            backstop liquidate <OWNER>\n  \
            backstop liquidate <OWNER> SOL --repay 250")]
        Liquidate(keeper::Liquidate),
        /// Mark the known shortfall of an obligation, or end its mark.
        Mark(keeper::Mark),
        /// Report a token without a usable price, so that it cannot block liquidating, marking and recording forever.
        ReportPrice(keeper::ReportPrice),
        /// Record as a loss the debt that an obligation's last dust of collateral does not cover, or settle its mark.
        RecordBadDebt(keeper::RecordBadDebt),
        /// Make room for more losses in a pool's loss book.
        ExtendLossBook(keeper::ExtendLossBook),
        /// Accrue a pool's interest up to now.
        Accrue(keeper::Accrue),
        /// Observe prices, and update the risk targets of a collateral and its pool.
        RefreshRisk(keeper::RefreshRisk),
    }
    Authority: {
        /// Create a market, with you as its authority.
        #[command(after_help = "Examples:\n  \
            backstop create-market --guardian <ADDRESS> --treasury <ADDRESS> --timelock 2d")]
        CreateMarket(create::CreateMarket),
        /// Create a pool that lends a token, with its insurance fund; it starts closed (authority).
        #[command(after_help = "Examples:\n  \
            backstop show parameters > pool.toml    # from an existing pool, such as `backstop localnet`'s; edit it\n  \
            backstop create-pool USDC --parameters pool.toml")]
        CreatePool(create::CreatePool),
        /// List a token as collateral of a pool (authority).
        #[command(after_help = "Examples:\n  \
            backstop show parameters SOL > sol.toml    # from an existing collateral; edit it\n  \
            backstop add-collateral SOL --parameters sol.toml")]
        AddCollateral(create::AddCollateral),
        /// Open a pool to everyone, and found its insurance fund with a donation (authority).
        #[command(after_help = "Examples:\n  \
            backstop open-pool --donation 100\n  \
            backstop open-pool --donation 100 --pool USDC")]
        OpenPool(create::OpenPool),
        /// Change a parameter at once: to a stricter value (authority or guardian), or to any value before the pool
        /// opens (authority).
        #[command(after_help = "Examples:\n  \
            backstop tighten max-ltv-bps 70% --of SOL\n  \
            backstop tighten deposit-cap 10000 --of SOL\n  \
            backstop show parameters    # names and values")]
        Tighten(change::Tighten),
        /// Queue a parameter change, to execute after the timelock (authority).
        #[command(after_help = "Examples:\n  \
            backstop queue-change reserve-factor-bps 15%\n  \
            backstop queue-change liquidation-threshold-bps 78% --of SOL\n  \
            backstop queue-change guardian <ADDRESS>\n  \
            backstop show changes")]
        QueueChange(change::QueueChange),
        /// Execute a queued change whose timelock has passed (authority).
        ExecuteChange(change::ExecuteChange),
        /// Cancel a queued change (authority or guardian).
        CancelChange(change::CancelChange),
        /// Pause one operation of a pool for a limited time (authority or guardian).
        #[command(after_help = "Examples:\n  backstop pause deposit 12h\n  backstop pause withdraw-collateral 72h")]
        Pause(market::Pause),
        /// End a pause (authority).
        Unpause(market::Unpause),
        /// Propose the next authority (authority).
        ProposeAuthority(market::ProposeAuthority),
        /// Become the authority, after you were proposed and the timelock has passed.
        AcceptAuthority(market::AcceptAuthority),
        /// Cancel the proposal of an authority (authority or guardian).
        CancelAuthority(market::CancelAuthority),
        /// Pay reserves to the treasury (authority).
        CollectReserves(market::CollectReserves),
    }
}
