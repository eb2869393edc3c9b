//! Backstop: a lending pool whose bad debt lands fairly.
//!
//! This crate is thin: instructions read accounts, ask `backstop-engine` what happens, store the answer and move
//! tokens. It does no arithmetic of its own.
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`instructions`] | one file per instruction: its accounts, its specification, its handler |
//! | [`state`] | one file per account |
//! | [`oracle`] | prices out of oracle accounts |
//! | [`valuation`] | what an obligation is worth, from the accounts that price it |
//! | [`recognition`] | recording a loss, recovering it, and replacing marks |
//! | [`tokens`] | which mints can be listed |
//! | [`transfers`] | the only calls to token programs |
//! | [`events`], [`errors`], [`constants`] | the interface |

use anchor_lang::prelude::*;
#[cfg(backstop_distro_toolchain)]
use backstop_builtins as _;

pub mod constants;
pub mod errors;
pub mod events;
pub mod instructions;
pub mod oracle;
pub mod recognition;
pub mod state;
pub mod tokens;
pub mod transfers;
pub mod valuation;

use {
    instructions::*,
    state::{CollateralParameters, Parameter, PausableOperation, PoolParameters},
};

declare_id!("Backstop11111111111111111111111111111111111");

#[program]
pub mod backstop {
    use super::*;

    /// Creates a market. See [`CreateMarket`].
    pub fn create_market(
        ctx: &mut Context<CreateMarket>,
        id: u64,
        guardian: Address,
        treasury: Address,
        timelock_seconds: u32,
    ) -> Result<()> {
        instructions::create_market(ctx, id, guardian, treasury, timelock_seconds)
    }

    /// Creates a pool with its insurance fund, closed. See [`CreatePool`].
    pub fn create_pool(ctx: &mut Context<CreatePool>, parameters: PoolParameters) -> Result<()> {
        instructions::create_pool(ctx, parameters)
    }

    /// Lists a token as collateral. See [`AddCollateral`].
    pub fn add_collateral(ctx: &mut Context<AddCollateral>, parameters: CollateralParameters) -> Result<()> {
        instructions::add_collateral(ctx, parameters)
    }

    /// Opens a pool and founds its insurance fund. See [`OpenPool`].
    pub fn open_pool(ctx: &mut Context<OpenPool>, assets: u64) -> Result<()> {
        instructions::open_pool(ctx, assets)
    }

    /// Opens an empty LP position. See [`OpenPosition`].
    pub fn open_position(ctx: &mut Context<OpenPosition>) -> Result<()> {
        instructions::open_position(ctx)
    }

    /// Pays liquidity in for shares. See [`Deposit`].
    pub fn deposit(ctx: &mut Context<Deposit>, max_assets: u64, min_shares: u64) -> Result<()> {
        instructions::deposit(ctx, max_assets, min_shares)
    }

    /// Burns shares for liquidity. See [`Withdraw`].
    pub fn withdraw(ctx: &mut Context<Withdraw>, shares: u64, min_assets: u64) -> Result<()> {
        instructions::withdraw(ctx, shares, min_assets)
    }

    /// Opens an empty obligation. See [`OpenObligation`].
    pub fn open_obligation(ctx: &mut Context<OpenObligation>) -> Result<()> {
        instructions::open_obligation(ctx)
    }

    /// Adds collateral to an obligation. See [`DepositCollateral`].
    pub fn deposit_collateral(ctx: &mut Context<DepositCollateral>, units: u64) -> Result<()> {
        instructions::deposit_collateral(ctx, units)
    }

    /// Takes collateral out of an obligation. See [`WithdrawCollateral`].
    pub fn withdraw_collateral(ctx: &mut Context<WithdrawCollateral>, units: u64) -> Result<()> {
        instructions::withdraw_collateral(ctx, units)
    }

    /// Lends liquidity to an obligation. See [`Borrow`].
    pub fn borrow(ctx: &mut Context<Borrow>, assets: u64) -> Result<()> {
        instructions::borrow(ctx, assets)
    }

    /// Pays an obligation's debt, then what was written off of it. See [`Repay`].
    pub fn repay(ctx: &mut Context<Repay>, max_assets: u64) -> Result<()> {
        instructions::repay(ctx, max_assets)
    }

    /// Counts interest up to now. See [`Accrue`].
    pub fn accrue(ctx: &mut Context<Accrue>) -> Result<()> {
        instructions::accrue(ctx)
    }

    /// Liquidates an unhealthy obligation. See [`Liquidate`].
    pub fn liquidate(ctx: &mut Context<Liquidate>, max_repay: u64, min_seized: u64) -> Result<()> {
        instructions::liquidate(ctx, max_repay, min_seized)
    }

    /// Records unrecoverable debt as a loss. See [`RecordBadDebt`].
    pub fn record_bad_debt(ctx: &mut Context<RecordBadDebt>) -> Result<()> {
        instructions::record_bad_debt(ctx)
    }

    /// Gives to a pool's insurance fund. See [`FundInsurance`].
    pub fn fund_insurance(ctx: &mut Context<FundInsurance>, assets: u64) -> Result<()> {
        instructions::fund_insurance(ctx, assets)
    }

    /// Marks what an obligation is known to leave unpaid. See [`Mark`].
    pub fn mark(ctx: &mut Context<Mark>) -> Result<()> {
        instructions::mark(ctx)
    }

    /// Says that a token has no usable price. See [`ReportPrice`].
    pub fn report_price(ctx: &mut Context<ReportPrice>) -> Result<()> {
        instructions::report_price(ctx)
    }

    /// Opens the account that remembers what was claimed of a loss. See [`OpenClaim`].
    pub fn open_claim(ctx: &mut Context<OpenClaim>, loss: u32) -> Result<()> {
        instructions::open_claim(ctx, loss)
    }

    /// Pays an LP what was recovered of a loss. See [`ClaimRecovery`].
    pub fn claim_recovery(ctx: &mut Context<ClaimRecovery>, min_assets: u64) -> Result<()> {
        instructions::claim_recovery(ctx, min_assets)
    }

    /// Makes room in the history of a position or a stake. See [`ExtendHistory`].
    pub fn extend_history(ctx: &mut Context<ExtendHistory>, rows: u32) -> Result<()> {
        instructions::extend_history(ctx, rows)
    }

    /// Gives up old rows of the history of a position or a stake. See [`TrimHistory`].
    pub fn trim_history(ctx: &mut Context<TrimHistory>, through: u32) -> Result<()> {
        instructions::trim_history(ctx, through)
    }

    /// Makes room in the loss book. See [`ExtendLossBook`].
    pub fn extend_loss_book(ctx: &mut Context<ExtendLossBook>, records: u32) -> Result<()> {
        instructions::extend_loss_book(ctx, records)
    }

    /// Gives LP shares to another position. See [`TransferShares`].
    pub fn transfer_shares(ctx: &mut Context<TransferShares>, shares: u64) -> Result<()> {
        instructions::transfer_shares(ctx, shares)
    }

    /// Asks to withdraw where that takes notice. See [`RequestWithdrawal`].
    pub fn request_withdrawal(ctx: &mut Context<RequestWithdrawal>, shares: u64) -> Result<()> {
        instructions::request_withdrawal(ctx, shares)
    }

    /// Executes a matured request to withdraw. See [`ExecuteWithdrawal`].
    pub fn execute_withdrawal(ctx: &mut Context<ExecuteWithdrawal>) -> Result<()> {
        instructions::execute_withdrawal(ctx)
    }

    /// Pays an LP or a staker what executed requests left. See [`Collect`].
    pub fn collect(ctx: &mut Context<Collect>) -> Result<()> {
        instructions::collect(ctx)
    }

    /// Opens an empty insurance stake. See [`OpenStake`].
    pub fn open_stake(ctx: &mut Context<OpenStake>) -> Result<()> {
        instructions::open_stake(ctx)
    }

    /// Pays liquidity into the insurance fund for shares. See [`Stake`].
    pub fn stake(ctx: &mut Context<Stake>, max_assets: u64, min_shares: u64) -> Result<()> {
        instructions::stake(ctx, max_assets, min_shares)
    }

    /// Asks to leave the insurance fund. See [`RequestUnstake`].
    pub fn request_unstake(ctx: &mut Context<RequestUnstake>, shares: u64) -> Result<()> {
        instructions::request_unstake(ctx, shares)
    }

    /// Executes a matured request to leave the insurance fund. See [`ExecuteUnstake`].
    pub fn execute_unstake(ctx: &mut Context<ExecuteUnstake>) -> Result<()> {
        instructions::execute_unstake(ctx)
    }

    /// Gives a staker the shares that came back of a loss. See [`ClaimStakeRecovery`].
    pub fn claim_stake_recovery(ctx: &mut Context<ClaimStakeRecovery>) -> Result<()> {
        instructions::claim_stake_recovery(ctx)
    }

    /// Heads limits and parts for where risk puts them. See [`RefreshRisk`].
    pub fn refresh_risk(ctx: &mut Context<RefreshRisk>) -> Result<()> {
        instructions::refresh_risk(ctx)
    }

    /// Changes a parameter at once. See [`Tighten`].
    pub fn tighten(ctx: &mut Context<Tighten>, parameter: Parameter, value: [u8; 32]) -> Result<()> {
        instructions::tighten(ctx, parameter, value)
    }

    /// Queues a change of a parameter. See [`QueueChange`].
    pub fn queue_change(
        ctx: &mut Context<QueueChange>,
        nonce: u64,
        parameter: Parameter,
        value: [u8; 32],
    ) -> Result<()> {
        instructions::queue_change(ctx, nonce, parameter, value)
    }

    /// Makes a queued change. See [`ExecuteChange`].
    pub fn execute_change(ctx: &mut Context<ExecuteChange>) -> Result<()> {
        instructions::execute_change(ctx)
    }

    /// Cancels a queued change. See [`CancelChange`].
    pub fn cancel_change(ctx: &mut Context<CancelChange>) -> Result<()> {
        instructions::cancel_change(ctx)
    }

    /// Pauses an operation. See [`Pause`].
    pub fn pause(ctx: &mut Context<Pause>, what: PausableOperation, seconds: u32) -> Result<()> {
        instructions::pause(ctx, what, seconds)
    }

    /// Ends a pause. See [`Unpause`].
    pub fn unpause(ctx: &mut Context<Unpause>, what: PausableOperation) -> Result<()> {
        instructions::unpause(ctx, what)
    }

    /// Proposes the next authority. See [`ProposeAuthority`].
    pub fn propose_authority(ctx: &mut Context<ProposeAuthority>, proposed: Address) -> Result<()> {
        instructions::propose_authority(ctx, proposed)
    }

    /// Takes over as the authority. See [`AcceptAuthority`].
    pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
        instructions::accept_authority(ctx)
    }

    /// Cancels the proposal of an authority. See [`CancelAuthority`].
    pub fn cancel_authority(ctx: &mut Context<CancelAuthority>) -> Result<()> {
        instructions::cancel_authority(ctx)
    }

    /// Pays reserves to the treasury. See [`CollectReserves`].
    pub fn collect_reserves(ctx: &mut Context<CollectReserves>, assets: u64) -> Result<()> {
        instructions::collect_reserves(ctx, assets)
    }
}
