// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! Instruction builders, one per instruction, with the accounts that each declares.

use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use super::{PROGRAM_ID, types::*};
use crate::wire::Write;

/// The accounts of [`accept_authority`].
#[derive(Clone, Copy, Debug)]
pub struct AcceptAuthority {
    /// Who was proposed.
    pub authority: Address,
    /// The market.
    pub market: Address,
}

/// Accepts the role of the market's authority.
///
/// Specification:
/// - only the proposed address signs
/// - refused before the timelock since the proposal has passed, and after the proposal has lapsed
pub fn accept_authority(accounts: AcceptAuthority) -> Instruction {
    let data = [107, 86, 198, 91, 33, 12, 107, 160].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![AccountMeta::new_readonly(accounts.authority, true), AccountMeta::new(accounts.market, false)],
        data,
    }
}

/// The accounts of [`accrue`].
#[derive(Clone, Copy, Debug)]
pub struct Accrue {
    /// The pool.
    pub pool: Address,
}

/// Accrues interest up to now. Every instruction that reads a pool's totals does this first.
///
/// Specification:
/// - anyone can call it
/// - a second call in the same second changes nothing
pub fn accrue(accounts: Accrue) -> Instruction {
    let data = [23, 76, 128, 149, 229, 247, 72, 228].to_vec();
    Instruction { program_id: PROGRAM_ID, accounts: vec![AccountMeta::new(accounts.pool, false)], data }
}

/// The accounts of [`add_collateral`].
#[derive(Clone, Copy, Debug)]
pub struct AddCollateral {
    /// The market's authority.
    pub authority: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
    /// The collateral token's mint.
    pub mint: Address,
    /// The new collateral.
    pub collateral: Address,
    /// The collateral's new vault.
    pub vault: Address,
    /// The mint's token program.
    pub token_program: Address,
    /// The system program.
    pub system_program: Address,
}

/// Lists a token as collateral of a pool.
///
/// Further accounts: the price accounts of the collateral token. Each token has one price account for its feed and, if
/// it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - only the authority of the pool's market signs
/// - a mint is listed once per pool
/// - the mint is of SPL Token, or of Token-2022 with extensions that are all harmless
/// - the token program is the mint's own
/// - every parameter is within its bounds
/// - the prices must be usable: the average price starts with them
/// - if the pool is open, deposits of the collateral open after twice the market's timelock plus the longest pause of
///   exits; so exits were open for a whole timelock before
pub fn add_collateral(accounts: AddCollateral, parameters: CollateralParameters) -> Instruction {
    let mut data = [127, 82, 121, 42, 161, 176, 249, 206].to_vec();
    parameters.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new_readonly(accounts.pool, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new(accounts.collateral, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new_readonly(accounts.token_program, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`borrow`].
#[derive(Clone, Copy, Debug)]
pub struct Borrow {
    /// The borrower.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The borrower's obligation.
    pub obligation: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The token account that is paid.
    pub destination: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Lends liquidity to an obligation.
///
/// Further accounts: the price accounts of the liquidity token; then, for each collateral that the obligation holds, in
/// the order of its slots, the collateral and its price accounts. Each token has one price account for its feed and, if
/// it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - the owner of the obligation signs
/// - refused for zero, and for more than the pool's cash
/// - the debt afterwards is within the loan-to-value limits, at the prices of the further accounts; unrecovered
///   written-off debt counts as debt
/// - the debt afterwards is at least the pool's minimum, and all debt together within its borrow cap
/// - a price far from its average counts only as the average, on the conservative side
/// - refused while borrowing is paused or the loss breaker is tripped
/// - pays out exactly `assets`; the debt grows by that, rounded up to a debt share
pub fn borrow(accounts: Borrow, assets: u64) -> Instruction {
    let mut data = [228, 253, 131, 202, 207, 116, 89, 18].to_vec();
    assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`cancel_authority`].
#[derive(Clone, Copy, Debug)]
pub struct CancelAuthority {
    /// The guardian or the authority.
    pub signer: Address,
    /// The market.
    pub market: Address,
}

/// Cancels the proposal of an authority.
///
/// Specification:
/// - the market's guardian or authority signs
/// - without a proposal nothing changes
pub fn cancel_authority(accounts: CancelAuthority) -> Instruction {
    let data = [9, 60, 251, 100, 254, 226, 62, 110].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![AccountMeta::new_readonly(accounts.signer, true), AccountMeta::new(accounts.market, false)],
        data,
    }
}

/// The accounts of [`cancel_change`].
#[derive(Clone, Copy, Debug)]
pub struct CancelChange {
    /// The guardian or the authority.
    pub signer: Address,
    /// The market.
    pub market: Address,
    /// The change.
    pub change: Address,
    /// Who paid the change's rent.
    pub payer: Address,
}

/// Cancels a queued change, also a lapsed one.
///
/// Specification:
/// - the market's guardian or authority signs
/// - the guardian cannot cancel a change of the guardian
/// - the rent is returned to its payer
pub fn cancel_change(accounts: CancelChange) -> Instruction {
    let data = [100, 30, 4, 148, 3, 244, 243, 168].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.signer, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new(accounts.change, false),
            AccountMeta::new(accounts.payer, false),
        ],
        data,
    }
}

/// The accounts of [`claim_recovery`].
#[derive(Clone, Copy, Debug)]
pub struct ClaimRecovery {
    /// The LP.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's loss book.
    pub loss_book: Address,
    /// The LP's position.
    pub position: Address,
    /// What the position claimed of the loss.
    pub claim: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The token account that is paid.
    pub destination: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Pays an LP its part of what was recovered of a loss. The claim account names the loss; `open_claim` opens it.
///
/// Specification:
/// - the owner of the position signs
/// - pays the part of the LPs' recovery that belongs to the shares held at the loss, rounded down, less what was paid
///   before
/// - LPs who have left since are paid like those who stayed, also after a total loss; LPs who came later have no part
/// - refused if nothing is due, or less than `min_assets`
pub fn claim_recovery(accounts: ClaimRecovery, min_assets: u64) -> Instruction {
    let mut data = [60, 85, 49, 148, 254, 62, 210, 222].to_vec();
    min_assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new_readonly(accounts.loss_book, false),
            AccountMeta::new_readonly(accounts.position, false),
            AccountMeta::new(accounts.claim, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`claim_stake_recovery`].
#[derive(Clone, Copy, Debug)]
pub struct ClaimStakeRecovery {
    /// The staker.
    pub owner: Address,
    /// The insurance fund.
    pub insurance_fund: Address,
    /// The loss book of its pool.
    pub loss_book: Address,
    /// The staker's stake.
    pub stake: Address,
    /// What the stake claimed of the loss.
    pub claim: Address,
}

/// Gives a staker its part of the shares that were minted by the recoveries of a loss. The claim account names the
/// loss; `open_claim` opens it.
///
/// The shares have been part of the fund since the recovery. So a repaid loss takes nothing out of the fund before a
/// cooldown.
///
/// Specification:
/// - the owner of the stake signs
/// - gives the part of the shares that belongs to the stake's shares at the loss, rounded down, less those claimed
///   before
/// - stakers who have left since have the same part, also after the fund was drained; stakers who came later have none
/// - later losses divide waiting shares like all shares of the fund, rounded down; earlier claims are rounded up
/// - refused if nothing is due
/// - moves no money and changes no price, so holds do not stop it
/// - after a loss, the stake's history stores its earlier shares; refused if the history is full
pub fn claim_stake_recovery(accounts: ClaimStakeRecovery) -> Instruction {
    let data = [75, 217, 178, 27, 78, 243, 36, 47].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new_readonly(accounts.loss_book, false),
            AccountMeta::new(accounts.stake, false),
            AccountMeta::new(accounts.claim, false),
        ],
        data,
    }
}

/// The accounts of [`collect`].
#[derive(Clone, Copy, Debug)]
pub struct Collect {
    /// The LP or staker.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The LP's position, or the staker's stake in the pool's insurance fund.
    pub holder: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The token account that is paid.
    pub destination: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Pays an LP or a staker everything that executed requests set aside for it.
///
/// Specification:
/// - the owner of the position or stake signs
/// - always available: on hold, paused, with the loss breaker tripped
/// - refused if nothing is payable
pub fn collect(accounts: Collect) -> Instruction {
    let data = [208, 47, 194, 155, 17, 98, 82, 236].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.holder, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`collect_reserves`].
#[derive(Clone, Copy, Debug)]
pub struct CollectReserves {
    /// The market's authority.
    pub authority: Address,
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The treasury's token account.
    pub destination: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Pays reserves to the market's treasury.
///
/// Specification:
/// - only the market's authority signs
/// - pays only to a token account of the treasury
/// - limited by the reserves less everything marked (marked losses hit reserves first), by the pool's cash, and by the
///   parameter `released_reserves`, which falls by the amount; `ALL` pays that limit
/// - accrues interest first; NAV does not change
pub fn collect_reserves(accounts: CollectReserves, assets: u64) -> Instruction {
    let mut data = [3, 250, 25, 134, 244, 191, 22, 34].to_vec();
    assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`create_market`].
#[derive(Clone, Copy, Debug)]
pub struct CreateMarket {
    /// Becomes the market's authority.
    pub authority: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The new market.
    pub market: Address,
    /// The system program.
    pub system_program: Address,
}

/// Creates a market.
///
/// Specification:
/// - the signer becomes the authority; the market's address is derived from the signer and `id`
/// - the timelock is from one day to thirty days
/// - a signer uses an id once
pub fn create_market(
    accounts: CreateMarket,
    id: u64,
    guardian: Address,
    treasury: Address,
    timelock_seconds: u32,
) -> Instruction {
    let mut data = [103, 226, 97, 235, 200, 188, 251, 254].to_vec();
    id.write(&mut data);
    guardian.write(&mut data);
    treasury.write(&mut data);
    timelock_seconds.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new(accounts.market, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`create_pool`].
#[derive(Clone, Copy, Debug)]
pub struct CreatePool {
    /// The market's authority.
    pub authority: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The market.
    pub market: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The new pool.
    pub pool: Address,
    /// The pool's new vault.
    pub vault: Address,
    /// The new insurance fund.
    pub insurance_fund: Address,
    /// The new loss book.
    pub loss_book: Address,
    /// The mint's token program.
    pub token_program: Address,
    /// The system program.
    pub system_program: Address,
}

/// Creates a pool with its insurance fund and its loss book, all empty. The pool is closed until the market's authority
/// opens it.
///
/// Further accounts: the price accounts of the liquidity token. Each token has one price account for its feed and, if
/// it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - only the market's authority signs
/// - one pool per market and mint
/// - the mint is of SPL Token, or of Token-2022 with extensions that are all harmless
/// - the token program is the mint's own
/// - every parameter is within its bounds
/// - the prices must be usable: the average price starts with them
pub fn create_pool(accounts: CreatePool, parameters: PoolParameters) -> Instruction {
    let mut data = [233, 146, 209, 142, 207, 104, 64, 188].to_vec();
    parameters.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.loss_book, false),
            AccountMeta::new_readonly(accounts.token_program, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`deposit`].
#[derive(Clone, Copy, Debug)]
pub struct Deposit {
    /// The LP.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The LP's position.
    pub position: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The LP's token account.
    pub source: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Deposits liquidity for LP shares at NAV.
///
/// Specification:
/// - refused before the pool is opened
/// - refused while deposits are paused
/// - the owner of the position signs and pays
/// - mints the shares that `max_assets` buys, rounded down, and takes what they cost, rounded up; the rest stays with
///   the owner
/// - refused if that mints no share
/// - refused if that mints fewer than `min_shares`
/// - refused during a hold; available while the loss breaker is tripped
/// - after a loss, the position's history stores its earlier shares; refused if the history is full
pub fn deposit(accounts: Deposit, max_assets: u64, min_shares: u64) -> Instruction {
    let mut data = [242, 35, 198, 137, 82, 225, 242, 182].to_vec();
    max_assets.write(&mut data);
    min_shares.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.position, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`deposit_collateral`].
#[derive(Clone, Copy, Debug)]
pub struct DepositCollateral {
    /// Who pays.
    pub payer: Address,
    /// The obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// The collateral's vault.
    pub vault: Address,
    /// The payer's token account.
    pub source: Address,
    /// The collateral token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Adds collateral to an obligation. Needs no price if the obligation has no debt.
///
/// Further accounts: if the obligation has debt, the price accounts of the collateral token; otherwise none. Each token
/// has one price account for its feed and, if it has a second feed, one for that: a Pyth price update of the feed, or
/// the Switchboard feed itself.
///
/// Specification:
/// - refused before the collateral opens
/// - anyone can add to a collateral that the obligation holds; only its owner can add a new one, so that nobody else
///   fills the slots
/// - refused for zero, and beyond the collateral's cap
/// - if the obligation has debt, the price must be usable, so that no token without a price shields a debt
/// - refused for a ninth collateral
pub fn deposit_collateral(accounts: DepositCollateral, units: u64) -> Instruction {
    let mut data = [156, 131, 142, 116, 146, 247, 162, 120].to_vec();
    units.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.payer, true),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new(accounts.collateral, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`execute_change`].
#[derive(Clone, Copy, Debug)]
pub struct ExecuteChange {
    /// The market's authority.
    pub authority: Address,
    /// The market.
    pub market: Address,
    /// The pool, for a parameter of one or of its collateral.
    pub pool: Option<Address>,
    /// The collateral, for a parameter of one.
    pub collateral: Option<Address>,
    /// The change.
    pub change: Address,
    /// Who paid the change's rent.
    pub payer: Address,
}

/// Executes a queued change.
///
/// Specification:
/// - only the market's authority signs
/// - refused before the timelock has passed and after the change has lapsed; time on hold since it was queued extends
///   both, except for the feed of a token without a usable price
/// - a change of a pool or a collateral is refused until collateral withdrawals and LP withdrawals were open for a
///   whole timelock, the longer of then and now
/// - a change of a pool or a collateral that was queued before the pool opened is refused
/// - takes the accounts that the change was queued with
/// - the parameters afterwards are within their bounds of now; accrues interest first
/// - the rent is returned to its payer
pub fn execute_change(accounts: ExecuteChange) -> Instruction {
    let data = [104, 53, 136, 238, 82, 222, 200, 42].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new(accounts.market, false),
            accounts.pool.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |pool| AccountMeta::new(pool, false)),
            accounts
                .collateral
                .map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| AccountMeta::new(collateral, false)),
            AccountMeta::new(accounts.change, false),
            AccountMeta::new(accounts.payer, false),
        ],
        data,
    }
}

/// The accounts of [`execute_unstake`].
#[derive(Clone, Copy, Debug)]
pub struct ExecuteUnstake {
    /// The pool.
    pub pool: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The staker's stake.
    pub stake: Address,
}

/// Executes a matured request to leave the insurance fund: its shares become an amount that the owner collects.
///
/// Specification:
/// - anyone can execute it
/// - refused without a request, and before it has matured
/// - refused during a hold of the fund
/// - settles revenue due into the fund first
/// - burns the requested shares for the lesser of their value at the request and now, rounded down, up to what the fund
///   holds without what the pool owes it; the rest stays requested, with its part of the value at the request
/// - shares worth nothing are not burnt, and their request ends; refused if the fund can pay nothing now
/// - moves no token: sets the amount aside
/// - after a loss, the stake's history stores its earlier shares; refused if the history is full, which anyone can
///   extend
pub fn execute_unstake(accounts: ExecuteUnstake) -> Instruction {
    let data = [136, 166, 210, 104, 134, 184, 142, 230].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.stake, false),
        ],
        data,
    }
}

/// The accounts of [`execute_withdrawal`].
#[derive(Clone, Copy, Debug)]
pub struct ExecuteWithdrawal {
    /// The pool.
    pub pool: Address,
    /// The LP's position.
    pub position: Address,
}

/// Executes a matured request to withdraw: its shares become an amount that the owner collects.
///
/// Specification:
/// - anyone can execute it
/// - refused without a request, and before it has matured, unless no notice applies any more
/// - refused while LP withdrawals are paused, and during a hold
/// - burns the requested shares at the current price, rounded down, up to the pool's cash; the rest stays requested
/// - shares worth nothing are not burnt, and their request ends; refused if the cash pays nothing
/// - moves no token: sets the amount aside, outside cash and NAV
/// - after a loss, the position's history stores its earlier shares; refused if the history is full, which anyone can
///   extend
pub fn execute_withdrawal(accounts: ExecuteWithdrawal) -> Instruction {
    let data = [113, 121, 203, 232, 137, 139, 248, 249].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![AccountMeta::new(accounts.pool, false), AccountMeta::new(accounts.position, false)],
        data,
    }
}

/// The accounts of [`extend_history`].
#[derive(Clone, Copy, Debug)]
pub struct ExtendHistory {
    /// Pays the rent.
    pub payer: Address,
    /// The position or stake.
    pub holder: Address,
    /// The system program.
    pub system_program: Address,
}

/// Adds rows to the history of an LP position or a stake.
///
/// Specification:
/// - anyone can pay
/// - refused for zero, and for more than 256
pub fn extend_history(accounts: ExtendHistory, rows: u32) -> Instruction {
    let mut data = [123, 226, 244, 190, 30, 84, 243, 118].to_vec();
    rows.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new(accounts.holder, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`extend_loss_book`].
#[derive(Clone, Copy, Debug)]
pub struct ExtendLossBook {
    /// Pays the rent.
    pub payer: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's loss book.
    pub loss_book: Address,
    /// The system program.
    pub system_program: Address,
}

/// Adds room for losses to a pool's loss book.
///
/// Specification:
/// - anyone can pay
/// - refused for zero, for more than 75, and beyond the largest size of an account
pub fn extend_loss_book(accounts: ExtendLossBook, records: u32) -> Instruction {
    let mut data = [102, 197, 47, 219, 166, 54, 225, 134].to_vec();
    records.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.pool, false),
            AccountMeta::new(accounts.loss_book, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`fund_insurance`].
#[derive(Clone, Copy, Debug)]
pub struct FundInsurance {
    /// Who gives.
    pub donor: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The donor's token account.
    pub source: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Donates liquidity to a pool's insurance fund.
///
/// The donation mints protocol-owned shares. They bear losses like stakes, raise nobody's stake, and can never be taken
/// out.
///
/// Specification:
/// - refused before the pool is opened
/// - anyone can donate
/// - takes what whole shares cost, at most `assets`; refused if that buys no share
/// - settles revenue due into the fund first
pub fn fund_insurance(accounts: FundInsurance, assets: u64) -> Instruction {
    let mut data = [58, 216, 37, 162, 201, 50, 20, 66].to_vec();
    assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.donor, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`liquidate`].
#[derive(Clone, Copy, Debug)]
pub struct Liquidate {
    /// Who repays and receives the collateral.
    pub liquidator: Address,
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The pool's loss book.
    pub loss_book: Address,
    /// The collateral to seize.
    pub collateral: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The collateral's vault.
    pub collateral_vault: Address,
    /// The liquidator's account of the liquidity token.
    pub source: Address,
    /// The account that receives the collateral.
    pub destination: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The collateral token's mint.
    pub collateral_mint: Address,
    /// The liquidity mint's token program.
    pub token_program: Address,
    /// The collateral mint's token program.
    pub collateral_token_program: Address,
}

/// Repays part of an unhealthy obligation's debt for one of its collaterals plus a bonus, and records bad debt that
/// remains.
///
/// Further accounts: the price accounts of the liquidity token; then, for each collateral that the obligation holds, in
/// the order of its slots, the collateral (writable) and its price accounts. For the declared collateral list only its
/// price accounts. Each token has one price account for its feed and, if it has a second feed, one for that: a Pyth
/// price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone can liquidate an obligation beyond its liquidation threshold, at the prices of the further accounts
/// - repays at most `max_repay`, at most what restores the target health, and at most what the seized units are worth
///   at the bonus
/// - exchanges at the middle of both prices, in whole units, and seizes nothing beyond them
/// - refused if less than `min_seized` is seized
/// - the liquidator pays the insurance fund's cut of the bonus in liquidity
/// - records the remaining shortfall if the remaining collateral is worth at most dust; also if the obligation has an
///   unrecovered loss and the shortfall exceeds a ten-thousandth of NAV at the newest prices. Debt that the collateral
///   covers stays, with the collateral. Debt that is too recent, or meets a full loss book, is left to be recorded
///   later
/// - otherwise the remaining shortfall becomes the obligation's mark; without a payment the mark falls only at the
///   newest prices
/// - if the performing debt is within its limit, pays unrecovered written-off debt instead: at the minimum bonus,
///   without a cut, and only as far as the performing debt keeps the target health without collateral that has no
///   usable price. All of it is a recovery
/// - other collateral without a usable price counts in the borrower's favour; the prices of the liquidity token and of
///   the seized collateral must be usable
pub fn liquidate(accounts: Liquidate, max_repay: u64, min_seized: u64) -> Instruction {
    let mut data = [223, 179, 226, 125, 48, 46, 39, 74].to_vec();
    max_repay.write(&mut data);
    min_seized.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.liquidator, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.loss_book, false),
            AccountMeta::new(accounts.collateral, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.collateral_vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.collateral_mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
            AccountMeta::new_readonly(accounts.collateral_token_program, false),
        ],
        data,
    }
}

/// The accounts of [`mark`].
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
}

/// Marks an obligation's shortfall. While marks are material, nobody enters or leaves the pool.
///
/// Further accounts: the price accounts of the liquidity token; then, for each collateral that the obligation holds, in
/// the order of its slots, the collateral (writable) and its price accounts. Each token has one price account for its
/// feed and, if it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone can call it
/// - the mark becomes the shortfall: the debt less the proceeds of the collateral, at the prices of the further
///   accounts; zero for an obligation that cannot be liquidated
/// - its time starts with the first shortfall, restarts if the mark more than doubles, and ends without a shortfall
/// - it falls only at prices that are no older than those read before, and none of which counts in the borrower's
///   favour
/// - refused in the slot in which the obligation borrowed or withdrew collateral
/// - a price that was reported and not read for `hold_seconds` counts in the borrower's favour; any other missing or
///   unusable price is an error
/// - every price that is read is remembered, also if the mark does not change
pub fn mark(accounts: Mark) -> Instruction {
    let data = [203, 149, 171, 234, 35, 230, 238, 184].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new_readonly(accounts.insurance_fund, false),
        ],
        data,
    }
}

/// The accounts of [`open_claim`].
#[derive(Clone, Copy, Debug)]
pub struct OpenClaim {
    /// The position or stake that will claim.
    pub holder: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The new account.
    pub claim: Address,
    /// The system program.
    pub system_program: Address,
}

/// Opens the account that stores what a position or a stake has claimed of a loss. It is never closed, so nothing is
/// paid twice.
///
/// Specification:
/// - one per position or stake, and loss
/// - anyone can pay for it, at any time; only the owner of the position or stake can claim with it
pub fn open_claim(accounts: OpenClaim, loss: u32) -> Instruction {
    let mut data = [222, 101, 161, 226, 92, 247, 44, 252].to_vec();
    loss.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.holder, false),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new(accounts.claim, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`open_obligation`].
#[derive(Clone, Copy, Debug)]
pub struct OpenObligation {
    /// Will own the obligation. Need not sign.
    pub owner: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The pool.
    pub pool: Address,
    /// The new obligation.
    pub obligation: Address,
    /// The system program.
    pub system_program: Address,
}

/// Opens an empty obligation.
///
/// Specification:
/// - one per pool and owner
/// - anyone can pay for it; only the owner can borrow with it or withdraw its collateral
pub fn open_obligation(accounts: OpenObligation) -> Instruction {
    let data = [3, 19, 90, 233, 47, 113, 28, 155].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, false),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`open_pool`].
#[derive(Clone, Copy, Debug)]
pub struct OpenPool {
    /// The market's authority.
    pub authority: Address,
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The authority's token account.
    pub source: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Opens a pool, and starts its insurance fund with a donation from the authority.
///
/// Before, nobody can deposit, stake or donate. Afterwards, changes that loosen wait for the timelock, and changes of
/// the pool and its collaterals that were queued before are void. The donation mints protocol-owned shares, as
/// `FundInsurance` does.
///
/// Specification:
/// - only the authority of the pool's market signs, and pays the donation
/// - a pool is opened once
/// - refused below one million base units
pub fn open_pool(accounts: OpenPool, assets: u64) -> Instruction {
    let mut data = [96, 215, 110, 61, 1, 246, 205, 228].to_vec();
    assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`open_position`].
#[derive(Clone, Copy, Debug)]
pub struct OpenPosition {
    /// Will own the position. Need not sign.
    pub owner: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The pool.
    pub pool: Address,
    /// The new position.
    pub position: Address,
    /// The system program.
    pub system_program: Address,
}

/// Opens an empty LP position.
///
/// Specification:
/// - one per pool and owner
/// - anyone can pay for it; only the owner can use it
pub fn open_position(accounts: OpenPosition) -> Instruction {
    let data = [135, 128, 47, 77, 15, 152, 240, 49].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, false),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.pool, false),
            AccountMeta::new(accounts.position, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`open_stake`].
#[derive(Clone, Copy, Debug)]
pub struct OpenStake {
    /// Will own the stake. Need not sign.
    pub owner: Address,
    /// Pays the rent.
    pub payer: Address,
    /// The insurance fund.
    pub insurance_fund: Address,
    /// The new stake.
    pub stake: Address,
    /// The system program.
    pub system_program: Address,
}

/// Opens an empty insurance stake.
///
/// Specification:
/// - one per insurance fund and owner
/// - anyone can pay for it; only the owner can use it
pub fn open_stake(accounts: OpenStake) -> Instruction {
    let data = [136, 215, 163, 130, 234, 194, 229, 229].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, false),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.insurance_fund, false),
            AccountMeta::new(accounts.stake, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`pause`].
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// The guardian or the authority.
    pub signer: Address,
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
}

/// Pauses deposits, borrowing, collateral withdrawals or LP withdrawals of a pool, or extends their pause.
///
/// Specification:
/// - the market's guardian or authority signs
/// - the pause ends by itself after `seconds`; a running pause is never shortened
/// - collateral withdrawals and LP withdrawals can be paused for at most 72 hours in all, and again only after they
///   were open for as long
/// - deposits and borrowing can be paused for at most thirty days, and again at the end
pub fn pause(accounts: Pause, what: PausableOperation, seconds: u32) -> Instruction {
    let mut data = [211, 22, 221, 251, 74, 121, 193, 47].to_vec();
    what.write(&mut data);
    seconds.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.signer, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new(accounts.pool, false),
        ],
        data,
    }
}

/// The accounts of [`propose_authority`].
#[derive(Clone, Copy, Debug)]
pub struct ProposeAuthority {
    /// The market's authority.
    pub authority: Address,
    /// The market.
    pub market: Address,
}

/// Proposes the market's next authority. It can accept after the timelock, within fourteen days.
///
/// Specification:
/// - only the market's authority signs
/// - replaces an earlier proposal
pub fn propose_authority(accounts: ProposeAuthority, proposed: Address) -> Instruction {
    let mut data = [20, 148, 236, 198, 76, 119, 99, 142].to_vec();
    proposed.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![AccountMeta::new_readonly(accounts.authority, true), AccountMeta::new(accounts.market, false)],
        data,
    }
}

/// The accounts of [`queue_change`].
#[derive(Clone, Copy, Debug)]
pub struct QueueChange {
    /// The market's authority.
    pub authority: Address,
    /// Pays the rent, and gets it back when the change is executed or cancelled.
    pub payer: Address,
    /// The market.
    pub market: Address,
    /// The pool, for a parameter of one or of its collateral.
    pub pool: Option<Address>,
    /// The collateral, for a parameter of one.
    pub collateral: Option<Address>,
    /// The new change.
    pub change: Address,
    /// The system program.
    pub system_program: Address,
}

/// Queues a change of a parameter. It can be executed after the market's timelock, within fourteen days.
///
/// Specification:
/// - only the market's authority signs
/// - the parameters with this change are within their bounds of now
/// - a pool's parameter takes the pool, a collateral's the pool and the collateral, the market's neither; a superfluous
///   account is ignored
/// - a change that decides what stakers bear, earn or wait for waits for the longer of the timelock and their cooldown
/// - one change per nonce at a time
pub fn queue_change(accounts: QueueChange, nonce: u64, parameter: Parameter, value: [u8; 32]) -> Instruction {
    let mut data = [86, 150, 134, 232, 202, 133, 157, 253].to_vec();
    nonce.write(&mut data);
    parameter.write(&mut data);
    value.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new(accounts.payer, true),
            AccountMeta::new_readonly(accounts.market, false),
            accounts
                .pool
                .map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |pool| AccountMeta::new_readonly(pool, false)),
            accounts.collateral.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| {
                AccountMeta::new_readonly(collateral, false)
            }),
            AccountMeta::new(accounts.change, false),
            AccountMeta::new_readonly(accounts.system_program, false),
        ],
        data,
    }
}

/// The accounts of [`record_bad_debt`].
#[derive(Clone, Copy, Debug)]
pub struct RecordBadDebt {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The pool's loss book.
    pub loss_book: Address,
}

/// Records an obligation's shortfall as a loss, and runs it through the waterfall. Settles the obligation's mark if
/// that is due.
///
/// Further accounts: none if the obligation holds no collateral. Otherwise the price accounts of the liquidity token;
/// then, for each collateral that the obligation holds, in the order of its slots, the collateral (writable) and its
/// price accounts. Each token has one price account for its feed and, if it has a second feed, one for that: a Pyth
/// price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone can call it
/// - refused for an obligation without debt, within its threshold, or with collateral worth more than dust; an
///   obligation with an unrecovered loss can have more, if the shortfall exceeds a ten-thousandth of NAV at the newest
///   prices
/// - refused if the collateral, after the minimum bonus, covers the debt: a liquidation pays it
/// - refused within the minimum default age since the last borrow or collateral withdrawal, at least for that slot
/// - writes off the shortfall, to a debt share; the rest of the debt and all collateral stay
/// - collateral of negligible worth at its average price counts for nothing, and its price is not read
/// - any other missing or unusable price is an error
/// - the mark falls by the loss, and ends if the prices are the newest
/// - settlement: once a mark has stood for `hold_seconds`, or the pool or its fund has been on hold for as long, the
///   shortfall is recorded whatever the collateral and the age of the debt. Prices must be no older than the mark, and
///   at most ten seconds older than the newest ones read. Without a shortfall nothing is recorded. The mark ends
/// - collateral whose price was reported and not read for `hold_seconds` counts in the borrower's favour; at settlement
///   also the liquidity token
/// - loss = from reserves + from insurance + to LPs + uncovered, in that order, to the unit
/// - a loss of at least a millionth of NAV gets a record in the loss book; refused while that is full
pub fn record_bad_debt(accounts: RecordBadDebt) -> Instruction {
    let data = [239, 209, 151, 2, 169, 208, 111, 212].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.loss_book, false),
        ],
        data,
    }
}

/// The accounts of [`refresh_risk`].
#[derive(Clone, Copy, Debug)]
pub struct RefreshRisk {
    /// The pool.
    pub pool: Address,
    /// The collateral.
    pub collateral: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
}

/// Updates the risk targets of a collateral's limits and of the pool's insurance factor and loss-sharing ratio.
/// Observes the prices of the liquidity token and of the collateral.
///
/// Further accounts: the price accounts of the liquidity token, then those of the collateral token. Each token has one
/// price account for its feed and, if it has a second feed, one for that: a Pyth price update of the feed, or the
/// Switchboard feed itself.
///
/// Specification:
/// - anyone can call it, at any time; equal accounts and time give an equal outcome
/// - accrues interest first, at the insurance factor that applied until now
/// - reads averages of utilisation and debt, so a momentary state moves nothing
/// - moves no limit of the collateral now: limits ramp from their present value, at most one step a day
/// - the insurance factor and the loss-sharing ratio move by the time since the last refresh, at most one day's step;
///   the loss-sharing ratio does not move during a hold
/// - an unusable price is an error, and nothing changes
pub fn refresh_risk(accounts: RefreshRisk) -> Instruction {
    let data = [0, 166, 132, 169, 134, 113, 30, 47].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.collateral, false),
            AccountMeta::new_readonly(accounts.insurance_fund, false),
        ],
        data,
    }
}

/// The accounts of [`repay`].
#[derive(Clone, Copy, Debug)]
pub struct Repay {
    /// Who pays.
    pub payer: Address,
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The pool's loss book.
    pub loss_book: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The payer's token account.
    pub source: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Repays an obligation's debt, then what was written off of it. Needs no price.
///
/// Specification:
/// - anyone can pay, for any obligation of the pool
/// - takes what whole debt shares cost, at most `max_assets`, or the whole debt if that is less
/// - the mark falls by what is repaid of the debt
/// - an amount beyond the debt recovers written-off debt, the oldest loss first. Each loss pays LPs, stakers and
///   protocol-owned shares pro rata to what they bore, then reserves. Losses without a record come last, as a donation
///   to the fund
/// - refused if nothing is owed, and if the amount pays no debt share or nothing
pub fn repay(accounts: Repay, max_assets: u64) -> Instruction {
    let mut data = [234, 103, 67, 82, 208, 234, 219, 166].to_vec();
    max_assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.payer, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.loss_book, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`report_price`].
#[derive(Clone, Copy, Debug)]
pub struct ReportPrice {
    /// The pool.
    pub pool: Address,
    /// The collateral.
    pub collateral: Option<Address>,
}

/// Reports that a token of a pool has no usable price: a collateral, or without one the liquidity token.
///
/// Specification:
/// - anyone can call it, without proof; any instruction that reads a usable price afterwards ends the report
/// - a standing report continues
/// - if nobody reads a usable price for `hold_seconds`, the token counts in the borrower's favour: collateral in
///   liquidations, marks and recordings, the liquidity token at settlement
pub fn report_price(accounts: ReportPrice) -> Instruction {
    let data = [68, 227, 1, 207, 225, 82, 238, 169].to_vec();
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new(accounts.pool, false),
            accounts
                .collateral
                .map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| AccountMeta::new(collateral, false)),
        ],
        data,
    }
}

/// The accounts of [`request_unstake`].
#[derive(Clone, Copy, Debug)]
pub struct RequestUnstake {
    /// The staker.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The staker's stake.
    pub stake: Address,
}

/// Requests to leave the insurance fund. The shares stay in the fund, with its gains and losses, until the request is
/// executed.
///
/// Specification:
/// - the owner of the stake signs
/// - `ALL` requests all shares of the stake
/// - refused for zero, and for more than the stake holds
/// - settles revenue due into the fund first
/// - stores the present value of the shares, which execution never exceeds
/// - refused while another request stands; a request cannot be taken back
/// - anyone can execute it after the cooldown, which is fixed now and does not run during a hold of the fund
pub fn request_unstake(accounts: RequestUnstake, shares: u64) -> Instruction {
    let mut data = [44, 154, 110, 253, 160, 202, 54, 34].to_vec();
    shares.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.stake, false),
        ],
        data,
    }
}

/// The accounts of [`request_withdrawal`].
#[derive(Clone, Copy, Debug)]
pub struct RequestWithdrawal {
    /// The LP.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The LP's position.
    pub position: Address,
}

/// Requests a withdrawal where a notice applies: in a pool with a notice, and in any pool while the breaker is tripped.
///
/// Specification:
/// - the owner of the position signs
/// - `ALL` requests all shares of the position
/// - refused for zero, for more than the position holds, and if no notice applies
/// - refused while another request stands; a request cannot be taken back
/// - anyone can execute it after the notice, at the price of that moment; the notice does not run during a hold
pub fn request_withdrawal(accounts: RequestWithdrawal, shares: u64) -> Instruction {
    let mut data = [251, 85, 121, 205, 56, 201, 12, 177].to_vec();
    shares.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new_readonly(accounts.pool, false),
            AccountMeta::new(accounts.position, false),
        ],
        data,
    }
}

/// The accounts of [`stake`].
#[derive(Clone, Copy, Debug)]
pub struct Stake {
    /// The staker.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The pool's insurance fund.
    pub insurance_fund: Address,
    /// The staker's stake.
    pub stake: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The staker's token account.
    pub source: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Stakes liquidity in a pool's insurance fund.
///
/// Specification:
/// - refused before the pool is opened
/// - the owner of the stake signs and pays
/// - settles revenue due into the fund first
/// - mints shares at the fund's price, rounded down, and takes what they cost, rounded up, at most `max_assets`
/// - refused if that mints no share, or fewer than `min_shares`
/// - refused during a hold of the fund
/// - after a loss, the stake's history stores its earlier shares; refused if the history is full
pub fn stake(accounts: Stake, max_assets: u64, min_shares: u64) -> Instruction {
    let mut data = [206, 176, 202, 18, 200, 209, 179, 108].to_vec();
    max_assets.write(&mut data);
    min_shares.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.insurance_fund, false),
            AccountMeta::new(accounts.stake, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.source, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`tighten`].
#[derive(Clone, Copy, Debug)]
pub struct Tighten {
    /// The guardian or the authority.
    pub signer: Address,
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
    /// The collateral, for a parameter of one.
    pub collateral: Option<Address>,
}

/// Changes a parameter at once, where that takes nothing from anyone: a change that tightens, or any change before the
/// pool opens.
///
/// Specification:
/// - the market's guardian or authority signs
/// - refused for a change that waits for the timelock (see `governance` in the engine); before the pool opens the
///   authority can make any change of the pool and its collaterals
/// - the parameters afterwards are within their bounds
/// - accrues interest first
pub fn tighten(accounts: Tighten, parameter: Parameter, value: [u8; 32]) -> Instruction {
    let mut data = [123, 119, 90, 10, 140, 44, 191, 123].to_vec();
    parameter.write(&mut data);
    value.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.signer, true),
            AccountMeta::new(accounts.market, false),
            AccountMeta::new(accounts.pool, false),
            accounts
                .collateral
                .map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| AccountMeta::new(collateral, false)),
        ],
        data,
    }
}

/// The accounts of [`transfer_shares`].
#[derive(Clone, Copy, Debug)]
pub struct TransferShares {
    /// Who gives.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The giver's position.
    pub position: Address,
    /// Who receives.
    pub receiver: Address,
    /// The receiver's position.
    pub recipient: Address,
}

/// Transfers LP shares to another position of the pool.
///
/// Specification:
/// - the owners of both positions sign, so that nobody fills another's history
/// - `ALL` transfers all shares except requested ones
/// - refused for zero, and for more than that
/// - claims stay with the position that bore the loss
pub fn transfer_shares(accounts: TransferShares, shares: u64) -> Instruction {
    let mut data = [23, 136, 140, 15, 181, 54, 120, 175].to_vec();
    shares.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new_readonly(accounts.pool, false),
            AccountMeta::new(accounts.position, false),
            AccountMeta::new_readonly(accounts.receiver, true),
            AccountMeta::new(accounts.recipient, false),
        ],
        data,
    }
}

/// The accounts of [`trim_history`].
#[derive(Clone, Copy, Debug)]
pub struct TrimHistory {
    /// Who owns the position or stake.
    pub owner: Address,
    /// The position or stake.
    pub holder: Address,
}

/// Removes old rows from the history of an LP position or a stake. Recoveries of their losses can no longer be claimed.
///
/// Specification:
/// - the owner of the position or stake signs
/// - removes the rows that end with this loss or before; refused if there is none
pub fn trim_history(accounts: TrimHistory, through: u32) -> Instruction {
    let mut data = [11, 215, 89, 30, 183, 211, 77, 49].to_vec();
    through.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![AccountMeta::new_readonly(accounts.owner, true), AccountMeta::new(accounts.holder, false)],
        data,
    }
}

/// The accounts of [`unpause`].
#[derive(Clone, Copy, Debug)]
pub struct Unpause {
    /// The market's authority.
    pub authority: Address,
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
}

/// Ends a pause now.
///
/// Specification:
/// - only the market's authority signs
/// - an operation that is not paused does not change
pub fn unpause(accounts: Unpause, what: PausableOperation) -> Instruction {
    let mut data = [169, 144, 4, 38, 10, 141, 188, 255].to_vec();
    what.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.authority, true),
            AccountMeta::new_readonly(accounts.market, false),
            AccountMeta::new(accounts.pool, false),
        ],
        data,
    }
}

/// The accounts of [`withdraw`].
#[derive(Clone, Copy, Debug)]
pub struct Withdraw {
    /// The LP.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The LP's position.
    pub position: Address,
    /// The pool's vault.
    pub vault: Address,
    /// The token account that is paid.
    pub destination: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Burns LP shares and pays their value, rounded down, where no notice applies.
///
/// Specification:
/// - the owner of the position signs
/// - refused if a notice applies: use `request_withdrawal`
/// - `ALL` burns all shares except requested ones
/// - refused for more than that, and for more value than the pool's cash
/// - after a loss, the position's history stores its earlier shares; refused if the history is full
/// - claims stay with the position; a total loss voids its shares
/// - refused if less than `min_assets` is paid
/// - refused while LP withdrawals are paused, and during a hold
pub fn withdraw(accounts: Withdraw, shares: u64, min_assets: u64) -> Instruction {
    let mut data = [183, 18, 70, 156, 148, 109, 161, 34].to_vec();
    shares.write(&mut data);
    min_assets.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.position, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}

/// The accounts of [`withdraw_collateral`].
#[derive(Clone, Copy, Debug)]
pub struct WithdrawCollateral {
    /// The borrower.
    pub owner: Address,
    /// The pool.
    pub pool: Address,
    /// The borrower's obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// The collateral's vault.
    pub vault: Address,
    /// The token account that is paid.
    pub destination: Address,
    /// The collateral token's mint.
    pub mint: Address,
    /// The mint's token program.
    pub token_program: Address,
}

/// Withdraws collateral from an obligation.
///
/// Further accounts: none without debt. With performing or unrecovered debt: the price accounts of the liquidity token;
/// then, for each collateral that the obligation holds afterwards, in the order of its slots, the collateral and its
/// price accounts. For the declared collateral list only its price accounts. Each token has one price account for its
/// feed and, if it has a second feed, one for that: a Pyth price update of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - the owner of the obligation signs
/// - `ALL` withdraws all of this collateral
/// - refused for zero, and for more than the obligation holds
/// - with debt, the remaining collateral carries it within the loan-to-value limits, at the prices of the further
///   accounts; unrecovered written-off debt counts as debt, and any debt as at least the pool's minimum
/// - a price far from its average counts only as the average, on the conservative side
/// - without debt no price is needed
/// - refused while collateral withdrawals are paused
pub fn withdraw_collateral(accounts: WithdrawCollateral, units: u64) -> Instruction {
    let mut data = [115, 135, 168, 106, 139, 214, 138, 150].to_vec();
    units.write(&mut data);
    Instruction {
        program_id: PROGRAM_ID,
        accounts: vec![
            AccountMeta::new_readonly(accounts.owner, true),
            AccountMeta::new(accounts.pool, false),
            AccountMeta::new(accounts.obligation, false),
            AccountMeta::new(accounts.collateral, false),
            AccountMeta::new(accounts.vault, false),
            AccountMeta::new(accounts.destination, false),
            AccountMeta::new_readonly(accounts.mint, false),
            AccountMeta::new_readonly(accounts.token_program, false),
        ],
        data,
    }
}
