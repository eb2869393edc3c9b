//! Reports of a story, in the format of `--json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::scenario::Problem;

/// The report of a story.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The scenario's name.
    pub name: String,
    /// Mistakes in the file outside its steps.
    pub problems: Vec<Problem>,
    /// What every step did.
    pub steps: Vec<StepReport>,
    /// The final state.
    pub state: State,
}

impl Report {
    /// Whether the file has no mistakes and every step ended as expected.
    pub fn as_expected(&self) -> bool {
        self.problems.is_empty() && self.steps.iter().all(|step| step.expected)
    }
}

/// What one step did.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// Its index in the story, from zero.
    pub index: usize,
    /// The verb.
    #[serde(rename = "do")]
    pub verb: String,
    /// The actor, if any.
    pub who: Option<String>,
    /// Whether it succeeded.
    pub ok: bool,
    /// The name of the error, if it failed.
    pub error: Option<String>,
    /// The error message, with its place.
    pub message: Option<String>,
    /// Whether the outcome is what the file expects.
    pub expected: bool,
    /// The compute units of the instruction. Zero for steps of the world.
    pub compute_units: u64,
    /// The program's events, as decimal strings.
    pub effect: Map<String, Value>,
}

/// Where all funds are, with interest accrued up to now.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// The pool.
    pub pool: PoolState,
    /// The insurance fund.
    pub insurance: InsuranceState,
    /// The collaterals, by symbol.
    pub collaterals: BTreeMap<String, CollateralState>,
    /// The market.
    pub market: MarketState,
    /// All actors: the changes of their wallets, and their holdings in the pool.
    pub actors: Map<String, Value>,
    /// Every loss, in order.
    pub losses: Vec<LossReport>,
    /// Every recovery, in order.
    pub recoveries: Vec<RecoveryReport>,
}

/// A pool's totals.
#[derive(Clone, Debug, Serialize)]
pub struct PoolState {
    /// Net asset value, which belongs to LPs: cash + performing debt - reserves - what is owed to insurance.
    pub nav: String,
    /// Cash, without what is due to insurance.
    pub cash: String,
    /// The debt of all borrowers, rounded down.
    pub performing_debt: String,
    /// Reserves, which bear losses first.
    pub reserves: String,
    /// Known losses, not settled yet: the sum of all marks.
    pub marked: String,
    /// Whether deposits and withdrawals are on hold because of marks.
    pub on_hold: bool,
    /// Revenue in the pool's vault, due to the insurance fund.
    pub insurance_due: String,
    /// Revenue owed to the insurance fund, paid as soon as there is cash.
    pub insurance_owed: String,
    /// LP shares.
    pub shares: String,
    /// NAV per share.
    pub share_price: String,
    /// How often losses rescaled LP shares; a total loss counts seven times.
    pub generation: u32,
    /// Losses in the loss book that LPs bore, less recoveries.
    pub unrecovered: String,
    /// Recoveries for LPs, not claimed yet.
    pub unclaimed: String,
    /// Set aside for executed requests of LPs and stakers, not collected yet.
    pub payable: String,
    /// Unix time at which the loss breaker's trip ends, if it is tripped.
    pub breaker_until: Option<i64>,
    /// All uncovered losses.
    pub uncovered: String,
    /// The share of the interest that goes to the insurance fund.
    pub insurance_factor_bps: u32,
    /// The loss-sharing ratio: the share of a loss, after reserves, that insurance pays.
    pub insurance_share_bps: u32,
    /// Paused operations, with the Unix time at which each pause ends.
    pub paused: BTreeMap<String, i64>,
}

/// A collateral's limits, average price and total deposits.
#[derive(Clone, Debug, Serialize)]
pub struct CollateralState {
    /// The current loan-to-value limit for borrowing.
    pub max_ltv_bps: u32,
    /// The target of that limit.
    pub max_ltv_target_bps: u32,
    /// The current liquidation threshold.
    pub liquidation_threshold_bps: u32,
    /// The target of that threshold.
    pub threshold_target_bps: u32,
    /// Its average price at the last refresh.
    pub average_price: String,
    /// The combined deviation of its price and the liquidity token's from their averages.
    pub deviation_bps: u64,
    /// The holdings of all obligations.
    pub deposited: String,
}

/// The market's roles, and its queued changes.
#[derive(Clone, Debug, Serialize)]
pub struct MarketState {
    /// The authority, who changes parameters.
    pub authority: String,
    /// The proposed next authority.
    pub pending_authority: Option<String>,
    /// The guardian, who may tighten, pause and cancel.
    pub guardian: String,
    /// The treasury, which reserves are paid to.
    pub treasury: String,
    /// The delay before a queued change can execute.
    pub timelock_seconds: u32,
    /// Queued changes.
    pub queued: Vec<QueuedChange>,
}

/// A queued change.
#[derive(Clone, Debug, Serialize)]
pub struct QueuedChange {
    /// Its number.
    pub nonce: u64,
    /// The parameter.
    pub parameter: String,
    /// The collateral, if it is a collateral's parameter.
    pub of: Option<String>,
    /// The new value: a number in the parameter's own unit, or a name.
    pub value: String,
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time at which it lapses.
    pub lapses_at: i64,
}

/// The insurance fund's totals.
#[derive(Clone, Debug, Serialize)]
pub struct InsuranceState {
    /// The fund's assets.
    pub assets: String,
    /// Whether staking and unstaking are on hold because of marks.
    pub on_hold: bool,
    /// Stakers' shares.
    pub stake_shares: String,
    /// Protocol-owned shares: shares that belong to the fund itself.
    pub protocol_shares: String,
    /// Total drawn so far.
    pub drawn: String,
    /// Losses in the loss book that stakers bore, less recoveries.
    pub unrecovered: String,
    /// The value of waiting shares, which stakers have not claimed yet. Part of the fund's assets.
    pub unclaimed: String,
    /// How often losses rescaled the fund's shares; a total loss counts seven times.
    pub generation: u32,
}

/// The split of one loss.
#[derive(Clone, Debug, Serialize)]
pub struct LossReport {
    /// Its number in the pool, from one.
    pub sequence: u64,
    /// Its number in the loss book; zero if it has no record there.
    pub number: u64,
    /// The step that recorded it.
    pub step: usize,
    /// The borrower.
    pub obligation: String,
    /// The written-off debt.
    pub loss: String,
    /// Borne by reserves.
    pub from_reserves: String,
    /// Borne by the insurance fund.
    pub from_insurance: String,
    /// The part of that borne by stakers. Protocol-owned shares bore the rest.
    pub from_stakers: String,
    /// Borne by LPs.
    pub to_lps: String,
    /// Uncovered: borne by no one.
    pub uncovered: String,
    /// The shares that bore it.
    pub shares: String,
    /// Share price before.
    pub share_price_before: String,
    /// Share price after.
    pub share_price_after: String,
    /// The generation of those shares.
    pub generation: u64,
}

/// The split of one recovery: `assets = to_lps + to_stakers + to_protocol + to_reserves`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryReport {
    /// The step that paid it.
    pub step: usize,
    /// The loss's number in the loss book; zero if it has no record there.
    pub loss: u64,
    /// The borrower whose written-off debt was repaid.
    pub obligation: String,
    /// The amount paid.
    pub assets: String,
    /// Claimable by LPs.
    pub to_lps: String,
    /// Claimable by stakers.
    pub to_stakers: String,
    /// Donated to the fund.
    pub to_protocol: String,
    /// Added to reserves.
    pub to_reserves: String,
}
