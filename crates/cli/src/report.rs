//! What a story came to, in the shape that `--json` prints.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::scenario::Problem;

/// A story that was played.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What the scenario is called.
    pub name: String,
    /// Mistakes in the file outside its steps.
    pub problems: Vec<Problem>,
    /// What every step did.
    pub steps: Vec<StepReport>,
    /// Where all the money is.
    pub state: State,
}

impl Report {
    /// Whether the file was without mistakes and every step ended as it was expected to.
    pub fn as_expected(&self) -> bool {
        self.problems.is_empty() && self.steps.iter().all(|step| step.expected)
    }
}

/// What one step did.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// Its place in the story, from zero.
    pub index: usize,
    /// The verb.
    #[serde(rename = "do")]
    pub verb: String,
    /// Who acted, if anybody.
    pub who: Option<String>,
    /// Whether it succeeded.
    pub ok: bool,
    /// The name of the error if it did not.
    pub error: Option<String>,
    /// What the error means and where it is.
    pub message: Option<String>,
    /// Whether that is what the file expects.
    pub expected: bool,
    /// What the instruction cost; nothing for steps of the world.
    pub compute_units: u64,
    /// What the program's events told, as decimal strings.
    pub effect: Map<String, Value>,
}

/// Where all the money is, with interest counted up to the present.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// The pool.
    pub pool: PoolState,
    /// The insurance fund.
    pub insurance: InsuranceState,
    /// The collaterals, by symbol.
    pub collaterals: BTreeMap<String, CollateralState>,
    /// Who runs it.
    pub market: MarketState,
    /// Everyone who appears: what their wallets gained or lost, and what they hold in the pool.
    pub actors: Map<String, Value>,
    /// Every loss, in order.
    pub losses: Vec<LossReport>,
    /// Every recovery, in order.
    pub recoveries: Vec<RecoveryReport>,
}

/// A pool's totals.
#[derive(Clone, Debug, Serialize)]
pub struct PoolState {
    /// What belongs to LPs: cash + performing debt - reserves - what is owed to insurance.
    pub nav: String,
    /// Cash, without what is due to insurance.
    pub cash: String,
    /// What borrowers owe together, rounded down.
    pub performing_debt: String,
    /// What takes losses first.
    pub reserves: String,
    /// Losses that are known and wait to be settled: all obligations' marks.
    pub marked: String,
    /// Whether nobody can enter or leave for that.
    pub on_hold: bool,
    /// Revenue in the pool's vault that waits to be moved to the insurance fund.
    pub insurance_due: String,
    /// Revenue of the insurance fund that is paid as soon as there is cash.
    pub insurance_owed: String,
    /// LP shares.
    pub shares: String,
    /// NAV per share.
    pub share_price: String,
    /// How often losses rescaled LP shares; a total loss counts seven times.
    pub generation: u32,
    /// What LPs bore of losses in the loss book and was not recovered.
    pub unrecovered: String,
    /// What was recovered for LPs and not claimed yet.
    pub unclaimed: String,
    /// What executed requests of LPs and stakers left, not collected yet.
    pub payable: String,
    /// Unix time at which the loss breaker's trip ends, if it is tripped.
    pub breaker_until: Option<i64>,
    /// All losses that nobody bore.
    pub uncovered: String,
    /// The part of the interest that goes to the insurance fund.
    pub insurance_factor_bps: u32,
    /// The loss-sharing ratio: the part of what reserves leave of a loss that insurance pays.
    pub insurance_share_bps: u32,
    /// What is paused, and the unix time at which that ends.
    pub paused: BTreeMap<String, i64>,
}

/// A collateral's limits, its price's average, and what all obligations hold of it.
#[derive(Clone, Debug, Serialize)]
pub struct CollateralState {
    /// How much debt its value carries when borrowing, now.
    pub max_ltv_bps: u32,
    /// Where that is going.
    pub max_ltv_heading_bps: u32,
    /// How much debt its value carries before liquidation, now.
    pub liquidation_threshold_bps: u32,
    /// Where that is going.
    pub threshold_heading_bps: u32,
    /// Its average price, as observed last.
    pub average_price: String,
    /// How far its price and the liquidity token's deviate from their averages, together.
    pub deviation_bps: u64,
    /// What all obligations hold.
    pub deposited: String,
}

/// Who runs the market, and what waits for its timelock.
#[derive(Clone, Debug, Serialize)]
pub struct MarketState {
    /// Who changes parameters.
    pub authority: String,
    /// Who was proposed as the next authority.
    pub pending_authority: Option<String>,
    /// Who may tighten, pause and cancel.
    pub guardian: String,
    /// Who reserves are paid to.
    pub treasury: String,
    /// How long changes wait.
    pub timelock_seconds: u32,
    /// What is queued.
    pub queued: Vec<QueuedChange>,
}

/// A change that waits.
#[derive(Clone, Debug, Serialize)]
pub struct QueuedChange {
    /// Its number.
    pub nonce: u64,
    /// The parameter.
    pub parameter: String,
    /// The collateral, if it is one's parameter.
    pub of: Option<String>,
    /// What it is to be: a number in the parameter's own unit, or a name.
    pub value: String,
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it cannot be executed any more.
    pub lapses_at: i64,
}

/// The insurance fund's totals.
#[derive(Clone, Debug, Serialize)]
pub struct InsuranceState {
    /// What it holds.
    pub assets: String,
    /// Whether nobody can enter or leave it, for a loss that waits to be settled.
    pub on_hold: bool,
    /// Stakers' shares.
    pub stake_shares: String,
    /// Shares of the fund itself: gifts.
    pub gift_shares: String,
    /// All that was ever drawn.
    pub drawn: String,
    /// What stakers bore of losses in the loss book and was not recovered.
    pub unrecovered: String,
    /// What the shares are worth that came back to stakers and wait to be claimed. Part of what it holds.
    pub unclaimed: String,
    /// How often losses rescaled the fund's shares; a total loss counts seven times.
    pub generation: u32,
}

/// How one loss was split.
#[derive(Clone, Debug, Serialize)]
pub struct LossReport {
    /// Its number in the pool, from one on.
    pub sequence: u64,
    /// Its number in the loss book; zero if it has no record there.
    pub number: u64,
    /// The step that recorded it.
    pub step: usize,
    /// Whose debt it was.
    pub obligation: String,
    /// The debt written off.
    pub loss: String,
    /// Borne by reserves.
    pub from_reserves: String,
    /// Borne by the insurance fund.
    pub from_insurance: String,
    /// The part of that which stakers bore; gifts bore the rest.
    pub from_stakers: String,
    /// Borne by LPs.
    pub to_lps: String,
    /// Borne by nobody.
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

/// How one recovery was split: `assets = to_lps + to_stakers + to_gifts + to_reserves`.
#[derive(Clone, Debug, Serialize)]
pub struct RecoveryReport {
    /// The step that paid it.
    pub step: usize,
    /// Number of the loss in the loss book; zero for what has no record there.
    pub loss: u64,
    /// Whose written-off debt it was paid towards.
    pub obligation: String,
    /// What was paid.
    pub assets: String,
    /// Waits for LPs to claim it.
    pub to_lps: String,
    /// Waits for stakers to claim it.
    pub to_stakers: String,
    /// Was given to the fund.
    pub to_gifts: String,
    /// Went to reserves.
    pub to_reserves: String,
}
