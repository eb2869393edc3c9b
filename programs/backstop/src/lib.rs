//! Backstop: a lending pool whose bad debt lands fairly.
//!
//! This crate is thin: instructions read accounts, ask `backstop-engine` what happens, store the answer and move tokens. It
//! does no arithmetic of its own.
//!
//! | module | what is in it |
//! | --- | --- |
//! | [`instructions`] | one file per instruction: its accounts, its specification, its handler |
//! | [`state`] | one file per account |
//! | [`oracle`] | prices out of oracle accounts |
//! | [`valuation`] | what an obligation is worth, from the accounts that price it |
//! | [`recognition`] | recording a loss |
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
pub mod transfers;
pub mod valuation;

use {
    instructions::*,
    state::{CollateralParameters, PoolParameters},
};

declare_id!("Backstop11111111111111111111111111111111111");

#[program]
pub mod backstop {
    use super::*;

    /// Creates a market. See [`CreateMarket`].
    pub fn create_market(ctx: &mut Context<CreateMarket>, id: u64) -> Result<()> {
        instructions::create_market(ctx, id)
    }

    /// Creates a pool with its insurance fund. See [`CreatePool`].
    pub fn create_pool(ctx: &mut Context<CreatePool>, parameters: PoolParameters) -> Result<()> {
        instructions::create_pool(ctx, parameters)
    }

    /// Lists a token as collateral. See [`AddCollateral`].
    pub fn add_collateral(ctx: &mut Context<AddCollateral>, parameters: CollateralParameters) -> Result<()> {
        instructions::add_collateral(ctx, parameters)
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

    /// Pays an obligation's debt. See [`Repay`].
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
}
