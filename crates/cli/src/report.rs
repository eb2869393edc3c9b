//! What a story came to, in the shape that `--json` prints.

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
    /// Everyone who appears: what their wallets gained or lost, and what they hold in the pool.
    pub actors: Map<String, Value>,
    /// Every loss, in order.
    pub losses: Vec<LossReport>,
}

/// A pool's totals.
#[derive(Clone, Debug, Serialize)]
pub struct PoolState {
    /// What belongs to LPs: cash + performing debt - reserves.
    pub nav: String,
    /// The same for who leaves, less provisions; the same as NAV until there are provisions.
    pub exit_nav: String,
    /// Cash, without what is due to insurance.
    pub cash: String,
    /// What borrowers owe together, rounded down.
    pub performing_debt: String,
    /// What takes losses first.
    pub reserves: String,
    /// Expected shortfalls; none until there are provisions.
    pub provisions: String,
    /// Revenue in the pool's vault that waits to be moved to the insurance fund.
    pub insurance_due: String,
    /// LP shares.
    pub shares: String,
    /// NAV per share.
    pub share_price: String,
    /// How often a loss took all of NAV.
    pub generation: u32,
    /// Unrecovered claims; none until there are recoveries.
    pub claims_outstanding: String,
    /// All losses that nobody bore.
    pub uncovered: String,
}

/// The insurance fund's totals.
#[derive(Clone, Debug, Serialize)]
pub struct InsuranceState {
    /// What it holds.
    pub assets: String,
    /// Stake shares; none until there is staking.
    pub stake_shares: String,
    /// All that was ever drawn.
    pub drawn: String,
}

/// How one loss was split.
#[derive(Clone, Debug, Serialize)]
pub struct LossReport {
    /// Its number in the pool, from one on.
    pub sequence: u64,
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
