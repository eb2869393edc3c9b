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

/// Takes over as the market's authority.
///
/// Specification:
/// - only who was proposed
/// - not before the timelock has passed since, nor after the proposal has lapsed
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

/// Counts interest up to now. Every instruction that reads a pool's totals does the same first.
///
/// Specification:
/// - anyone may call it
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
/// Further accounts: the price accounts of the collateral token. Price accounts of a token are one for its feed and, if it
/// has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - only the authority of the pool's market
/// - a mint is listed once per pool
/// - the mint is one of SPL Token, or one of Token-2022 whose extensions are all harmless
/// - the token program is the mint's own
/// - every parameter is within its bounds
/// - the accounts of its feeds follow, and can be read: the average price begins with them
/// - where the pool is open, deposits of it open after twice the market's timelock and the longest
///   pause of exits only: so exits were open for a whole timelock before
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
/// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
/// order of its slots, the collateral and its price accounts. Price accounts of a token are one for its feed and, if it has a
/// second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - the owner of the obligation signs
/// - nothing, or more than the pool's cash, is refused
/// - the debt afterwards must be within the loan-to-value limits, at the prices of the further accounts; what was written off of it and
///   is not recovered counts as debt
/// - the debt afterwards must reach the pool's minimum, and all debt together must be within its borrow cap
/// - a price far from its average counts only the average, on the conservative side
/// - refused while borrowing is paused or the loss breaker is tripped
/// - exactly `assets` are paid out; the debt grows by them, rounded up to a debt share
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
/// - where nobody was proposed nothing changes
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

/// Cancels a queued change, also one that has lapsed.
///
/// Specification:
/// - the market's guardian or authority signs
/// - the guardian cannot cancel the change of the guardian
/// - the rent goes back to who paid it
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

/// Pays an LP its part of what was recovered of a loss: that of the claim account, which `open_claim` opens.
///
/// Specification:
/// - the owner of the position signs
/// - pays the part of what LPs got back of the loss that belongs to the shares held at it, rounded down, less what was paid of it already
/// - an LP who has left is paid as one who stayed, also after a wipe-out; one who came later has no part
/// - nothing to pay is refused, and so is less than `min_assets`
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

/// Gives a staker its part of the shares that came back of a loss: that of the claim account, which `open_claim` opens. They are shares of the fund since the
/// recovery, and waited there; so a loss that is paid back takes nothing out of the fund before a cooldown.
///
/// Specification:
/// - the owner of the stake signs
/// - its part is that of the shares back which belongs to the shares held at the loss, rounded down, less those that it claimed already
/// - a staker who has left has the part of one who stayed, also after the fund was drained; one who came later has none
/// - later losses divided what waits like any shares of the fund, rounded down; what was claimed before them is rounded up
/// - no part is refused
/// - moves no money and changes no price, so nothing marked is in the way
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
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

/// Pays an LP or a staker what executed requests left: all of it.
///
/// Specification:
/// - the owner of the position or stake signs
/// - works at any time: on hold, paused, with the loss breaker tripped
/// - nothing payable is refused
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
/// - only the market's authority
/// - to a token account of the treasury only
/// - at most the reserves beyond all that is marked, which would bear those losses first, and at most the pool's cash; `assets` of
///   `ALL` are all of that
/// - interest is counted first; NAV does not change
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
/// - the signer becomes its authority; its address is derived from the signer's, so nobody creates it in another's place
/// - the timelock is from a day to thirty days
/// - an id is used once by a signer
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

/// Creates a pool with its insurance fund and its loss book, all empty. It is closed until its market's authority opens it.
///
/// Further accounts: the price accounts of the liquidity token. Price accounts of a token are one for its feed and, if it has
/// a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - only the market's authority
/// - one pool per market and mint
/// - the mint is one of SPL Token, or one of Token-2022 whose extensions are all harmless
/// - the token program is the mint's own
/// - every parameter is within its bounds
/// - the accounts of its feeds follow, and can be read: the average price begins with them
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

/// Pays liquidity into a pool for shares at NAV, rounded down.
///
/// Specification:
/// - refused before the pool is opened
/// - refused while deposits are paused
/// - the owner of the position signs and pays
/// - takes what the shares cost, at most `max_assets`: what would not pay for a whole share stays with the owner
/// - an amount that mints no share is refused
/// - fewer shares than `min_shares` are refused
/// - refused while a loss that is worth a wait is marked, but not while the loss breaker is tripped
/// - after a loss the position's history keeps what its shares were; refused if it has no room for that
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

/// Adds collateral to an obligation. Without debt it needs no price.
///
/// Further accounts: the price accounts of the collateral token where the obligation is in debt; else none. Price accounts of a token
/// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed
/// itself.
///
/// Specification:
/// - refused before the collateral opens
/// - anyone may top up a collateral that the obligation holds; a kind that it does not hold yet only its owner may add, so
///   that nobody fills a borrower's slots
/// - nothing, or more than the collateral's cap, is refused
/// - to an obligation in debt it is added only while its price can be read, so that no token without a price shields a debt
/// - a ninth kind of collateral is refused
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

/// Makes a queued change.
///
/// Specification:
/// - only the market's authority
/// - not before the timelock has passed, nor after the change has lapsed; what pool and fund were on hold since it was queued lengthens both, but
///   not for a feed of a token whose price is unusable
/// - one of a pool or collateral not before collateral withdrawals and LP withdrawals were open for a whole timelock, the longer of then and now: what kept people in does not
///   count as time to leave
/// - one of a pool or collateral not if the pool was opened after it was queued
/// - takes the accounts that the change was queued with
/// - the parameters afterwards are within their bounds as they are now; interest is counted first
/// - the rent goes back to who paid it
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

/// Executes a matured request to leave the insurance fund: its shares become an amount that their owner collects.
///
/// Specification:
/// - anyone may execute
/// - refused without a request, and before it has matured
/// - refused while a loss that is worth a wait is marked
/// - revenue due is settled into the fund first
/// - burns the requested shares for the lesser of what they were worth when asked and what they are worth now, rounded down; as far as the fund
///   holds that without what the pool owes it, and the rest stays requested, worth its part of then
/// - shares for which nothing would be paid are not burnt, and their request ends; a fund that can pay nothing of it now is refused
/// - moves no token: the amount is set aside, no part of the fund
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that: anyone can extend it
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

/// Executes a matured request to withdraw: its shares become an amount that their owner collects.
///
/// Specification:
/// - anyone may execute
/// - refused without a request, and before it has matured, unless no notice is due any more
/// - refused while LP withdrawals are paused, and while a loss that is worth a wait is marked
/// - burns the requested shares at the price of now, rounded down; as far as the pool's cash goes, and the rest stays requested
/// - shares that are worth nothing are not burnt, and their request ends; cash that pays nothing is refused
/// - moves no token: the amount is set aside, no part of cash or NAV
/// - after a loss the position's history keeps what its shares were; refused if it has no room for that: anyone can extend it
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

/// Makes room for more rows in the history of an LP's position, or of a stake.
///
/// Specification:
/// - anyone may pay
/// - none, and more at once, are refused
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

/// Makes room for more losses in a pool's loss book.
///
/// Specification:
/// - anyone may pay
/// - none, more at once, and more in all than the largest account has room for, are refused
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

/// Gives liquidity to a pool's insurance fund. A donation: nothing is received for it.
///
/// It mints shares of the fund itself: it bears losses as stakes do, raises nobody's stake, and nobody can ever take it out.
///
/// Specification:
/// - refused before the pool is opened, which founds the fund
/// - anyone may give
/// - takes what whole shares cost, at most `assets`: what would not pay for one stays with who gives; what pays for none is refused
/// - revenue due is settled into the fund first
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

/// Repays part of an unhealthy obligation's debt for one of its collaterals and a bonus, and records what bad debt it leaves.
///
/// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
/// order of its slots, the collateral (writable) and its price accounts; of the collateral that is declared, only its price accounts.
/// Price accounts of a token are one for its feed and, if it has a second feed, one for that: a Pyth price update account of
/// the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone may liquidate an obligation beyond its liquidation threshold, at the prices of the further accounts
/// - repays at most `max_repay`, at most what restores the target health, at most what the units received are worth at the bonus
/// - exchanges at the middle of both prices; whole units only, and none on top
/// - less collateral than `min_seized` is refused
/// - the insurance fund's cut of the bonus is paid on top, in liquidity
/// - if the collateral left is worth at most dust, or a loss of the obligation is not recovered and the shortfall of the debt left exceeds a
///   ten-thousandth of NAV by the newest prices, that shortfall is recorded in the same step; the rest of the
///   debt and the collateral stay; a debt that is too recent is left to be recorded later, and so is any while the loss book is full
/// - else what the debt left is known to leave unpaid becomes the obligation's mark, which falls by the newest prices that were read
///   only, and to the debt
/// - where the performing debt is within its limit, or there is none, debt that was written off and is not recovered is paid instead: at the
///   least bonus, without a cut, only as far as the performing debt keeps the target health without collateral whose price is unusable; all of
///   it is a recovery
/// - other collateral whose price is unusable counts in the borrower's favour; the liquidity token's and that of what is seized must be usable
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

/// Marks what an obligation is known to leave unpaid. While what is marked is worth a wait, nobody enters or leaves.
///
/// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
/// order of its slots, the collateral (writable) and its price accounts. Price accounts of a token are one for its feed and, if it has a
/// second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - anyone may call it
/// - the mark becomes the shortfall: what the debt exceeds the proceeds of the collateral by, at the prices of the further accounts, and
///   nothing for an obligation that cannot be liquidated; it begins with the first, anew where it more than doubles, and ends without one
/// - it falls only by prices none of which is older than one of the same feed that was read before, and none of which counts in the
///   borrower's favour; else it stays
/// - an obligation that borrowed or took collateral in this slot is refused
/// - a price that was reported, and not read for as long as a mark stands, counts in the borrower's favour; any other missing or unusable
///   price is an error, never a reading of "worthless"
/// - every price that is read is remembered, also where the mark stays as it is
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

/// Opens the account that remembers what a position or a stake claimed of a loss. It is never closed, so that nothing is paid twice.
///
/// Specification:
/// - one per position or stake, and loss
/// - anyone may pay for it, also before there is anything to claim; only who owns the position or stake can claim with it
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
/// - anyone may pay for it; only the owner can borrow with it or take collateral out of it
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

/// Opens a pool, and founds its insurance fund with a donation of the authority's. Before, nobody can deposit, stake or give; from now on what
/// loosens must wait, and every change of the pool and its collaterals that was queued before is void.
///
/// The donation is one as those of `FundInsurance`: its shares are the fund's own, and nobody can ever take
/// it out.
///
/// Specification:
/// - only the authority of the pool's market, who also pays the donation
/// - a pool is opened once
/// - less than a million base units is refused
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
/// - anyone may pay for it; only the owner can use it
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
/// - anyone may pay for it; only the owner can use it
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

/// Pauses deposits, borrowing, collateral withdrawals or LP withdrawals of a pool, or prolongs their pause. All else goes on.
///
/// Specification:
/// - the market's guardian or authority signs
/// - the pause ends by itself, `seconds` from now; one that is on is never shortened
/// - collateral withdrawals and LP withdrawals are paused for at most 72 hours in all, and then not again before they were open for as long
/// - deposits and borrowing are paused for at most thirty days, and can be paused anew at the end
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

/// Proposes the market's next authority, which accepts after the timelock, within fourteen days.
///
/// Specification:
/// - only the market's authority
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

/// Queues a change of a parameter: it can be executed after the market's timelock, for fourteen days.
///
/// Specification:
/// - only the market's authority
/// - the parameters would be within their bounds as they are now
/// - a parameter of a pool takes the pool, one of a collateral the pool and the collateral, one of the market neither; an account more is not looked at
/// - what decides what stakers bear, earn or wait for waits for the longer of the timelock and their cooldown
/// - a nonce is used by one change at a time
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

/// Records what an obligation's collateral does not cover of its debt, and runs the loss through the waterfall. Settles its mark, if that is due.
///
/// Further accounts: none where nothing is held as collateral. Else the price accounts of the liquidity token, then for each
/// collateral that the obligation holds, in the order of its slots, the collateral (writable) and its price accounts. Price accounts of a token
/// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed
/// itself.
///
/// Specification:
/// - anyone may call it
/// - an obligation without debt, within its threshold, or with collateral worth more than dust is refused; but not for the collateral if a loss
///   of it is not recovered and the shortfall exceeds a ten-thousandth of NAV by the newest prices that were read
/// - so is one whose collateral covers its debt after the least bonus: a liquidation pays it
/// - so is one that borrowed or took collateral in this slot or within the minimum default age
/// - what is lost is the shortfall, to a debt share; the rest of the debt and all collateral stay
/// - collateral that is worth next to nothing at its average price counts for nothing, and its price is not read; where nothing else is
///   held, no price is
/// - any other missing or unusable price is an error, never a reading of "worthless"
/// - a mark falls by what is recorded, and ends if the prices are the newest that were read
/// - a mark that has stood for `hold_seconds`, or while the pool or its fund has been on hold for as long, is settled: the shortfall is recorded whatever
///   collateral remains and whatever the debt's age, by prices that are no older than the mark, and at most ten seconds older than the newest that were read; without one
///   nothing is; and the mark ends
/// - other collateral whose price was reported, and not read for as long, counts in the borrower's favour, and at settlement the liquidity
///   token, too
/// - loss = from reserves + from insurance + to LPs + uncovered, in that order, to the unit
/// - a loss of at least a millionth of NAV is entered into the loss book; refused while that is full
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

/// Observes the prices of the liquidity token and of one collateral, and heads the collateral's limits and the pool's insurance
/// factor and loss-sharing ratio for where risk puts them.
///
/// Further accounts: the price accounts of the liquidity token, then those of the collateral token. Price accounts of a token
/// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the
/// Switchboard feed itself.
///
/// Specification:
/// - anyone may call it, at any time; the same accounts and the same time give the same outcome
/// - counts interest first, at the factor that held until now
/// - reads averages of utilisation and debt over the horizon of prices: what stands for a moment moves nothing
/// - no limit of a collateral moves by this: it goes on from where it is, at most a step a day
/// - the insurance factor and the loss-sharing ratio move by the time since the last refresh, at most a day's step; the latter
///   not while the pool or its fund is on hold
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

/// Pays an obligation's debt, then what was written off of it. Needs no price.
///
/// Specification:
/// - anyone may pay, for any obligation of the pool
/// - takes `max_assets`, less what would not pay for a whole debt share, or the whole debt if that is less: the bound and
///   the "all" form in one
/// - its mark falls by what is paid of the debt
/// - what exceeds the debt recovers what was written off of it, the oldest loss first, at most what is unrecovered: each loss pays LPs, stakers
///   and protocol-owned shares pro rata to what they bore of it, then reserves; what has no record in the loss book comes last, as a donation to the fund
/// - an obligation with nothing to pay, and an amount that pays no debt share or nothing, are refused
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

/// Says that a token of a pool has no usable price: a collateral's, or without one the liquidity token's.
///
/// Specification:
/// - anyone may call it, and need not prove it: whoever reads a usable price afterwards, in any instruction, ends the report
/// - a report that stands goes on
/// - where nobody reads one for as long as a mark stands, the token counts in the borrower's favour: collateral when liquidating,
///   marking and recording, the liquidity token when a mark is settled
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

/// Asks to leave the insurance fund. The shares stay in it, and lose and gain with it, until they leave.
///
/// Specification:
/// - the owner of the stake signs
/// - `shares` of `ALL` are all the stake holds
/// - nothing, or more shares than it holds, is refused
/// - revenue due is settled into the fund first
/// - notes what they are worth now, whatever is marked: more is never paid
/// - refused while an earlier request stands: it is the only one, and nothing takes it back
/// - anyone can execute it after the cooldown, which is fixed by this call and does not run while the fund is on hold
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

/// Asks to withdraw, where that takes notice: always in a pool with a notice of its own, else while the breaker is tripped.
///
/// Specification:
/// - the owner of the position signs
/// - `shares` of `ALL` are all the position holds
/// - nothing, or more shares than it holds, is refused; so is a request where no notice is due
/// - refused while an earlier request stands: it is the only one, and nothing takes it back
/// - anyone can execute it from the end of the notice on, at the price of that moment; the notice does not run while the pool is on hold
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

/// Pays liquidity into a pool's insurance fund for shares of it.
///
/// Specification:
/// - refused before the pool is opened
/// - the owner of the stake signs and pays
/// - revenue due is settled into the fund first
/// - shares cost their part of what the fund holds; shares are rounded down, their cost up, at most
///   `max_assets`
/// - an amount that mints no share is refused, and so are fewer shares than `min_shares`
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
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

/// Changes a parameter at once, where that can take nothing from anyone: because it tightens, or because the pool is not open yet.
///
/// Specification:
/// - the market's guardian or authority signs
/// - a change that must wait for the timelock is refused: see `governance` in the engine; none must of a pool that is not open yet and of its
///   collaterals, if the authority signs
/// - the parameters afterwards are within their bounds
/// - interest is counted first
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

/// Gives LP shares to another position of the pool.
///
/// Specification:
/// - the owners of both positions sign, so that nobody fills a stranger's history
/// - `shares` of `ALL` are all the position holds beside those that are requested to leave, which stay
/// - nothing, or more shares than these, is refused
/// - claims stay with who bore the loss
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

/// Gives up old rows of the history of an LP's position, or of a stake, for new ones. What is recovered of their losses cannot be claimed any more.
///
/// Specification:
/// - the owner of the position or stake signs
/// - gives up the rows that end with this loss or before; none is refused
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
/// - only the market's authority
/// - what is not paused stays as it is
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

/// Burns shares and pays out their value, rounded down, where no notice is due.
///
/// Specification:
/// - the owner of the position signs
/// - refused where a notice is due: `request_withdrawal` asks
/// - `shares` of `ALL` are all the position holds beside those that are requested
/// - more shares than these, or more value than the pool's cash, are refused
/// - after a loss the position's history keeps what its shares were; refused if it has no room for that
/// - claims stay with the position; shares of a pool that was wiped out are gone
/// - fewer assets than `min_assets` are refused
/// - refused while LP withdrawals are paused, and while a loss that is worth a wait is marked
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

/// Takes collateral out of an obligation.
///
/// Further accounts: none without debt. With debt, also if it was written off and is not recovered: the price accounts of the liquidity token, then for each collateral that
/// the obligation holds afterwards, in the order of its slots, the collateral and its price accounts; of the collateral that
/// is declared, only its price accounts. Price accounts of a token are one for its feed and, if it has a second feed, one for
/// that: a Pyth price update account of the feed, or the Switchboard feed itself.
///
/// Specification:
/// - the owner of the obligation signs
/// - `units` of `ALL` are all it holds of this collateral
/// - nothing, or more than it holds, is refused
/// - with debt, what stays must carry it within the loan-to-value limits, at the prices of the further accounts; what was written off of
///   it and is not recovered counts as debt, and any debt as at least the pool's minimum
/// - a price far from its average counts only the average, on the conservative side
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
