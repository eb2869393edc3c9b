//! `claims-alive`. That claims are solvent and fair is for the ledger to say, which visits everybody.

use backstop_client::ClaimLedger;

use super::Moment;
use crate::violation::{Holds, holds};

/// One in a claim ledger's rate.
const RATE_ONE: u128 = 1 << 127;

pub(super) fn alive(moment: &Moment) -> Holds {
    let (was, is) = (&moment.before.pool.claims.ledger, &moment.after.pool.claims.ledger);
    ledger_is_alive(was, is)?;
    ledger_is_alive(&moment.before.fund.claims.ledger, &moment.after.fund.claims.ledger)
}

/// No index is worn out: what is unrecovered has constant shares, at least one and fewer than two a unit of loss.
fn ledger_is_alive(was: &ClaimLedger, is: &ClaimLedger) -> Holds {
    let grown = is.loss_per_share >= was.loss_per_share || is.generation != was.generation;
    holds!("claims-alive", grown, "the sum of losses fell");
    holds!("claims-alive", is.rate >= RATE_ONE, "the rate fell to {}", is.rate);
    let least = u128::from(is.outstanding) << 63;
    holds!("claims-alive", is.claims >= least, "{} constant shares for {} unrecovered", is.claims, is.outstanding);
    holds!("claims-alive", is.outstanding != 0 || is.claims == 0, "{} constant shares for nothing", is.claims);
    let ended = was.outstanding != 0 && is.outstanding == 0;
    holds!("claims-alive", is.epoch == was.epoch + u32::from(ended), "epoch {} after {}", is.epoch, was.epoch);
    holds!("claims-alive", is.scale >= was.scale || is.epoch != was.epoch, "scale {} after {}", is.scale, was.scale);
    Ok(())
}
