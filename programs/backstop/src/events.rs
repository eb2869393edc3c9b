//! What happened, in integers, as log data. One event per instruction that changes state.
//!
//! Each carries the pool's state afterwards, so the state before is that of the previous event. Logs can be truncated
//! by the runtime when a transaction prints too much; the accounts are the truth, and a loss also leaves its sequence
//! number there.

use {anchor_lang::prelude::*, backstop_engine::pool::Totals};

/// A pool's totals after an event.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable, IdlType)]
#[repr(C)]
pub struct PoolState {
    /// The value of one debt share, with 64 fractional bits.
    pub borrow_index: PodU128,
    /// The cash.
    pub cash: u64,
    /// Shares of performing debt.
    pub debt_shares: u64,
    /// The LP shares.
    pub shares: u64,
    /// The reserves.
    pub reserves: u64,
    /// Revenue that waits to be credited to the insurance fund.
    pub insurance_due: u64,
    /// Revenue of the insurance fund that cash does not cover yet. No part of NAV.
    pub insurance_owed: u64,
}

impl From<&Totals> for PoolState {
    #[inline(always)]
    fn from(totals: &Totals) -> Self {
        Self {
            borrow_index: totals.borrow_index.bits().into(),
            cash: totals.cash.get(),
            debt_shares: totals.debt_shares.get(),
            shares: totals.shares.get(),
            reserves: totals.reserves.get(),
            insurance_due: totals.insurance_due.get(),
            insurance_owed: totals.insurance_owed.get(),
        }
    }
}

/// Interest was accrued.
#[event(bytemuck)]
pub struct Accrued {
    /// The pool.
    pub pool: Address,
    /// The interest, in base units.
    pub interest: u64,
    /// The part of it that went to reserves.
    pub to_reserves: u64,
    /// The part of it that was set aside for the insurance fund.
    pub to_insurance: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// An LP deposited.
#[event(bytemuck)]
pub struct Deposited {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Assets paid in.
    pub assets: u64,
    /// Shares minted.
    pub shares: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// An LP withdrew.
#[event(bytemuck)]
pub struct Withdrawn {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Assets paid out.
    pub assets: u64,
    /// Shares burned.
    pub shares: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// A borrower borrowed.
#[event(bytemuck)]
pub struct Borrowed {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Assets lent.
    pub assets: u64,
    /// The obligation's debt shares afterwards.
    pub debt_shares: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// An obligation's debt was repaid.
#[event(bytemuck)]
pub struct Repaid {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Assets paid.
    pub assets: u64,
    /// The obligation's debt shares afterwards.
    pub debt_shares: u64,
    /// The obligation's mark afterwards.
    pub marked: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// Collateral was added to an obligation.
#[event(bytemuck)]
pub struct CollateralDeposited {
    /// The obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// Base units added.
    pub units: u64,
    /// Base units held afterwards.
    pub held: u64,
}

/// Collateral was withdrawn.
#[event(bytemuck)]
pub struct CollateralWithdrawn {
    /// The obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// Base units withdrawn.
    pub units: u64,
    /// Base units held afterwards.
    pub held: u64,
}

/// An obligation was liquidated.
#[event(bytemuck)]
pub struct Liquidated {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The collateral seized.
    pub collateral: Address,
    /// The liquidator, who repaid the debt and received the collateral.
    pub liquidator: Address,
    /// Assets paid: towards performing debt, or where [`Recovered`] events follow towards debt that was written off.
    pub repaid: u64,
    /// Assets paid to the insurance fund on top.
    pub insurance_cut: u64,
    /// Base units of collateral seized.
    pub seized: u64,
    /// The bonus applied, in basis points.
    pub bonus_bps: u64,
    /// The obligation's debt shares afterwards, before any recording.
    pub debt_shares: u64,
    /// The obligation's mark afterwards, before any recording.
    pub marked: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// Bad debt was recorded and run through the waterfall: `loss = from_reserves + from_insurance + to_lps + uncovered`.
#[event(bytemuck)]
pub struct LossRecorded {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Number of this loss in the pool, from one on.
    pub sequence: u64,
    /// Its number in the loss book; zero if it has no record there.
    pub number: u64,
    /// The debt written off.
    pub loss: u64,
    /// Borne by reserves.
    pub from_reserves: u64,
    /// Borne by the insurance fund.
    pub from_insurance: u64,
    /// The part of that which stakers bore; protocol-owned shares bore the rest.
    pub from_stakers: u64,
    /// Borne by LPs.
    pub to_lps: u64,
    /// Borne by nobody.
    pub uncovered: u64,
    /// The LP shares that bore it.
    pub shares: u64,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, before shares are rescaled, in trillionths.
    pub share_price_after: u64,
    /// The generation of those shares.
    pub generation: u64,
    /// The insurance fund's assets afterwards.
    pub insurance_assets: u64,
    /// All marks afterwards.
    pub marked: u64,
    /// Unix time until which the loss breaker is tripped; past if it is not.
    pub breaker_until: i64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// An obligation's mark changed or ended.
#[event(bytemuck)]
pub struct Marked {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Its mark before.
    pub before: u64,
    /// Its mark afterwards.
    pub after: u64,
    /// Unix time of the mark; zero without one.
    pub marked_at: i64,
    /// All marks afterwards.
    pub marked: u64,
    /// What is on hold afterwards: 1 for the pool, 2 for its insurance fund, 3 for both.
    pub on_hold: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// A token of a pool was reported to have no usable price.
#[event(bytemuck)]
pub struct PriceReported {
    /// The pool.
    pub pool: Address,
    /// The token's mint.
    pub mint: Address,
    /// Unix time of the standing report.
    pub reported_at: i64,
}

/// Written-off debt was recovered: `assets = to_lps + to_stakers + to_protocol + to_reserves`.
#[event(bytemuck)]
pub struct Recovered {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The payer.
    pub payer: Address,
    /// Number of the loss in the loss book; zero for what has no record there.
    pub loss: u64,
    /// Assets paid.
    pub assets: u64,
    /// The LPs' part, which waits to be claimed.
    pub to_lps: u64,
    /// The stakers' part, paid into the fund for waiting shares.
    pub to_stakers: u64,
    /// The waiting shares minted for it.
    pub stake_shares: u64,
    /// The part of protocol-owned shares, donated to the fund.
    pub to_protocol: u64,
    /// The part of reserves.
    pub to_reserves: u64,
    /// The obligation's unrecovered debt afterwards.
    pub unrecovered: u64,
    /// Unix time until which the loss breaker is tripped.
    pub breaker_until: i64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// A claim account was opened.
#[event(bytemuck)]
pub struct ClaimOpened {
    /// The position or stake that claims.
    pub holder: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
}

/// A history was extended.
#[event(bytemuck)]
pub struct HistoryExtended {
    /// The position or stake.
    pub holder: Address,
    /// Its capacity, in rows.
    pub room: u64,
}

/// Old rows of a history were removed.
#[event(bytemuck)]
pub struct HistoryTrimmed {
    /// The position or stake.
    pub holder: Address,
    /// How many.
    pub rows: u64,
}

/// A loss book was extended.
#[event(bytemuck)]
pub struct LossBookExtended {
    /// The pool.
    pub pool: Address,
    /// Its capacity, in losses.
    pub room: u64,
}

/// An LP claimed its part of a recovery.
#[event(bytemuck)]
pub struct RecoveryClaimed {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
    /// Assets paid out.
    pub assets: u64,
}

/// An LP transferred shares.
#[event(bytemuck)]
pub struct SharesTransferred {
    /// The pool.
    pub pool: Address,
    /// The sender.
    pub from: Address,
    /// The receiver.
    pub to: Address,
    /// The shares.
    pub shares: u64,
}

/// An LP requested a withdrawal.
#[event(bytemuck)]
pub struct WithdrawalRequested {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// The shares.
    pub shares: u64,
    /// Unix time from which anyone can execute it, if nothing is on hold until then, and the breaker not tripped then
    /// if it is not now.
    pub matures_at: i64,
}

/// A matured request to withdraw was executed.
#[event(bytemuck)]
pub struct WithdrawalExecuted {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Assets that became payable.
    pub assets: u64,
    /// Shares burned.
    pub shares: u64,
    /// Shares that stay requested.
    pub left: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// An LP or a staker collected the amounts of executed requests.
#[event(bytemuck)]
pub struct Collected {
    /// The pool.
    pub pool: Address,
    /// The position or stake.
    pub holder: Address,
    /// The owner.
    pub owner: Address,
    /// Assets paid out.
    pub assets: u64,
}

/// An insurance stake was opened.
#[event(bytemuck)]
pub struct StakeOpened {
    /// The insurance fund.
    pub fund: Address,
    /// Its owner.
    pub owner: Address,
}

/// A staker staked in an insurance fund.
#[event(bytemuck)]
pub struct Staked {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Assets paid in.
    pub assets: u64,
    /// Shares minted.
    pub shares: u64,
    /// The fund's assets afterwards.
    pub insurance_assets: u64,
    /// All stakers' shares afterwards.
    pub stake_shares: u64,
}

/// A staker requested to leave.
#[event(bytemuck)]
pub struct UnstakeRequested {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// The shares.
    pub shares: u64,
    /// Their value.
    pub worth: u64,
    /// Unix time from which anyone can execute it, if nothing is on hold until then.
    pub matures_at: i64,
}

/// A matured request to leave the insurance fund was executed.
#[event(bytemuck)]
pub struct UnstakeExecuted {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Assets that became payable.
    pub assets: u64,
    /// Shares burned.
    pub shares: u64,
    /// Shares that stay requested.
    pub left: u64,
    /// The fund's assets afterwards.
    pub insurance_assets: u64,
    /// All stakers' shares afterwards.
    pub stake_shares: u64,
}

/// A staker claimed its part of a recovery, as shares.
#[event(bytemuck)]
pub struct StakeRecoveryClaimed {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
    /// Shares that it received.
    pub shares: u64,
    /// All stakers' shares afterwards.
    pub stake_shares: u64,
}

/// A donation was made to an insurance fund.
#[event(bytemuck)]
pub struct InsuranceFunded {
    /// The pool.
    pub pool: Address,
    /// The donor.
    pub donor: Address,
    /// Assets donated.
    pub assets: u64,
    /// The fund's assets afterwards.
    pub insurance_assets: u64,
}

/// A market was created.
#[event(bytemuck)]
pub struct MarketCreated {
    /// The market.
    pub market: Address,
    /// Its authority.
    pub authority: Address,
    /// Its guardian.
    pub guardian: Address,
    /// The owner of the token accounts that receive reserves.
    pub treasury: Address,
    /// The timelock, in seconds.
    pub timelock_seconds: u64,
}

/// A pool was created.
#[event(bytemuck)]
pub struct PoolCreated {
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
    /// The liquidity token's mint.
    pub mint: Address,
}

/// A pool was opened, with an initial donation to its insurance fund.
#[event(bytemuck)]
pub struct PoolOpened {
    /// The pool.
    pub pool: Address,
    /// The market's authority, who paid.
    pub authority: Address,
    /// The initial donation.
    pub assets: u64,
}

/// A collateral was listed.
#[event(bytemuck)]
pub struct CollateralAdded {
    /// The pool.
    pub pool: Address,
    /// The collateral.
    pub collateral: Address,
    /// Its mint.
    pub mint: Address,
    /// Unix time from which it can be deposited; zero if it was listed before the pool opened.
    pub opens_at: i64,
}

/// An LP position was opened.
#[event(bytemuck)]
pub struct PositionOpened {
    /// The pool.
    pub pool: Address,
    /// Its owner.
    pub owner: Address,
}

/// An obligation was opened.
#[event(bytemuck)]
pub struct ObligationOpened {
    /// The pool.
    pub pool: Address,
    /// Its owner.
    pub owner: Address,
}

/// The risk targets of a collateral and its pool were updated.
#[event(bytemuck)]
pub struct RiskRefreshed {
    /// The pool.
    pub pool: Address,
    /// The collateral.
    pub collateral: Address,
    /// The average value of a whole token of the collateral, in 10^-18 USD.
    pub average_price: PodU128,
    /// How far the two prices deviate from their averages, together, in billionths.
    pub deviation: u64,
    /// Stress of that, in basis points.
    pub volatility_stress_bps: u64,
    /// Stress of utilisation.
    pub utilisation_stress_bps: u64,
    /// Stress of losses.
    pub loss_stress_bps: u64,
    /// Stress of missing coverage.
    pub coverage_stress_bps: u64,
    /// The loan-to-value limit at this moment.
    pub max_ltv_bps: u64,
    /// Its target.
    pub max_ltv_target_bps: u64,
    /// The liquidation threshold at this moment.
    pub threshold_bps: u64,
    /// Its target.
    pub threshold_target_bps: u64,
    /// The part of interest that goes to the insurance fund, before.
    pub insurance_factor_before_bps: u64,
    /// The same, after.
    pub insurance_factor_bps: u64,
    /// Its target.
    pub insurance_factor_target_bps: u64,
    /// The loss-sharing ratio, before.
    pub insurance_share_before_bps: u64,
    /// The same, after.
    pub insurance_share_bps: u64,
    /// Its target.
    pub insurance_share_target_bps: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

/// A parameter was changed.
#[event(bytemuck)]
pub struct ParameterChanged {
    /// The market.
    pub market: Address,
    /// The market, pool or collateral.
    pub target: Address,
    /// The parameter's number.
    pub parameter: u64,
    /// Its value before.
    pub before: [u8; 32],
    /// Its value after.
    pub after: [u8; 32],
}

/// A change of a parameter was queued.
#[event(bytemuck)]
pub struct ChangeQueued {
    /// The market.
    pub market: Address,
    /// The change.
    pub change: Address,
    /// The market, pool or collateral to change.
    pub target: Address,
    /// The parameter's number.
    pub parameter: u64,
    /// Its value now.
    pub before: [u8; 32],
    /// Its value if the change is executed.
    pub value: [u8; 32],
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it can no longer be executed.
    pub lapses_at: i64,
}

/// A queued change was cancelled.
#[event(bytemuck)]
pub struct ChangeCancelled {
    /// The market.
    pub market: Address,
    /// The change.
    pub change: Address,
    /// The signer.
    pub by: Address,
}

/// A pause was started, extended or ended.
#[event(bytemuck)]
pub struct PauseChanged {
    /// The pool.
    pub pool: Address,
    /// The signer.
    pub by: Address,
    /// What: 0 deposits, 1 borrowing, 2 collateral withdrawals, 3 LP withdrawals.
    pub what: u64,
    /// Unix time at which the pause began.
    pub since: i64,
    /// Unix time at which it ends.
    pub until: i64,
}

/// An authority was proposed, or a proposal cancelled.
#[event(bytemuck)]
pub struct AuthorityProposed {
    /// The market.
    pub market: Address,
    /// The authority.
    pub authority: Address,
    /// Who was proposed; zeros are nobody.
    pub proposed: Address,
    /// Unix time from which it can accept.
    pub acceptable_at: i64,
    /// Unix time from which it can no longer accept.
    pub lapses_at: i64,
}

/// The authority changed.
#[event(bytemuck)]
pub struct AuthorityChanged {
    /// The market.
    pub market: Address,
    /// The authority before.
    pub before: Address,
    /// The authority now.
    pub authority: Address,
}

/// Reserves were paid to the treasury.
#[event(bytemuck)]
pub struct ReservesCollected {
    /// The pool.
    pub pool: Address,
    /// The treasury.
    pub treasury: Address,
    /// Assets paid.
    pub assets: u64,
    /// The pool afterwards.
    pub state: PoolState,
}
