//! `claims-follow` of the loss book itself: it only grows. That claims are solvent and follow the shares is for the
//! ledger to say, which visits everybody.

use backstop_client::{LossRecord, Obligation};

use super::Moment;
use crate::{
    step::ACTORS,
    violation::{Holds, equal, holds},
};

pub(super) fn check(moment: &Moment) -> Holds {
    let (was, is) = (&moment.before.book.records, &moment.after.book.records);
    let grown = is.len() - was.len();
    let expected = usize::from(moment.loss().is_some_and(|loss| loss.number != 0));
    equal!("claims-follow", grown, expected, "how many records were added, and losses");
    for (number, (was, is)) in was.iter().zip(is).enumerate() {
        let (shares, generation) = (was.back_shares, was.back_generation);
        let as_before =
            LossRecord { recovered: was.recovered, back_shares: shares, back_generation: generation, ..*is };
        let same = LossRecord { next: was.next, ..as_before } == *was;
        holds!("claims-follow", same, "the record of loss {} was changed", number + 1);
        holds!("claims-follow", is.recovered >= was.recovered, "less of loss {} is recovered", number + 1);
        let came = is.recovered != was.recovered;
        let stays = (is.back_shares, is.back_generation) == (shares, generation);
        holds!("claims-follow", came || stays, "shares of loss {} came back without a payment", number + 1);
        let linked = is.next == was.next || was.next == 0;
        holds!("claims-follow", linked, "loss {} is followed by {}, not {}", number + 1, is.next, was.next);
    }
    for who in ACTORS {
        chain(moment, &moment.after.obligations[who])?;
    }
    let (was, is) = (&moment.before, &moment.after);
    let generations = [(was.pool.generation, is.pool.generation), (was.fund.generation, is.fund.generation)];
    for (was, is) in generations {
        holds!("wipe-out", is == was || (is > was && moment.loss().is_some()), "generation {is} after {was}");
    }
    Ok(())
}

/// An obligation keeps its oldest loss that is not recovered, from which all later ones follow.
fn chain(moment: &Moment, obligation: &Obligation) -> Holds {
    let (mut number, mut last, mut unrecovered) = (obligation.first_loss, 0, 0_u64);
    while number != 0 {
        let record = moment.after.book.loss(number).unwrap();
        let lost = record.reserves + record.protocol + record.stakers + record.lps;
        holds!("claims-follow", record.recovered < lost, "loss {number} is recovered, and still in the chain");
        unrecovered += lost - record.recovered;
        holds!("claims-follow", record.next > number || record.next == 0, "{} follows {number}", record.next);
        (last, number) = (number, record.next);
    }
    if obligation.first_loss != 0 {
        equal!("claims-follow", last, obligation.last_loss, "where the chain of an obligation ends");
    }
    let all = obligation.written_off - obligation.recovered;
    holds!("claims-follow", unrecovered <= all, "{unrecovered} are unrecovered in the book, {all} of the obligation");
    Ok(())
}
