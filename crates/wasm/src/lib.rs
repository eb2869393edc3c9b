//! Previews for TypeScript: `backstop_client::preview` behind one function, [`answer`], which takes and returns JSON.
//! Accounts go in and come out as the chain stores them, so nothing is converted twice: TypeScript decodes what it gets
//! as any account.
//!
//! A request, with every number as a decimal string, every account's bytes in base64 and every address in base58:
//!
//! ```json
//! { "version": 1,
//!   "snapshot": { "now": "1667952000", "slot": "1", "pool": "…", "fund": "…",
//!                 "price": [{ "address": "…", "owner": "…", "data": "…" }],
//!                 "collaterals": [{ "address": "…", "account": "…", "price": [] }] },
//!   "call": { "verb": "deposit", "position": "…", "maxAssets": "1000" } }
//! ```
//!
//! The answer has one of `moved` (what the instruction would move, with the accounts `after` it), `refused` (the code
//! of the program's error) and `problem` (a sentence about a request that makes no sense). `price` holds the price
//! accounts of the token's feeds; without them, only what needs no price can be previewed. An account of the caller's
//! that is left out, or is all zeros, is not opened yet, and counts as an empty one that belongs to nobody.

mod call;
#[cfg(target_arch = "wasm32")]
mod memory;
mod reading;
mod request;

use backstop_client::BackstopError;
use serde_json::{Value, json};

/// The version of requests and answers.
pub const VERSION: u32 = 1;

/// Why there is no outcome.
enum Failure {
    /// The program would refuse it.
    Refused(BackstopError),
    /// The request makes no sense.
    Problem(String),
}

impl From<BackstopError> for Failure {
    fn from(error: BackstopError) -> Self {
        Self::Refused(error)
    }
}

impl From<backstop_engine::Error> for Failure {
    fn from(error: backstop_engine::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Answers a request.
///
/// ```
/// let answer = backstop_wasm::answer(r#"{ "version": 2 }"#);
/// assert!(answer.starts_with(r#"{"problem":"#));
/// ```
pub fn answer(request: &str) -> String {
    let outcome = request::parse(request).and_then(|(mut snapshot, call)| call::play(&mut snapshot, &call));
    let answer = match outcome {
        Ok(played) => played,
        Err(Failure::Refused(error)) => json!({ "refused": error as u32 }),
        Err(Failure::Problem(text)) => json!({ "problem": text }),
    };
    answer.to_string()
}

/// A number as the answer tells it.
fn number(number: impl ToString) -> Value {
    Value::String(number.to_string())
}
