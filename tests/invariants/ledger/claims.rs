//! What each bore of every loss, and what of that came back. Each loss is looked at by itself, and everybody at each.
//! LPs get back amounts, stakers shares of the fund, which later losses divide like any.

use backstop_client::Recovered;

use super::holdings::Holdings;
use crate::{
    model::Allocation,
    state::State,
    step::{ACTORS, Actor, Each},
    violation::{Holds, equal, holds},
};

/// One of both kinds of those who get back what they bore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Lps,
    Stakers,
}

use Side::{Lps, Stakers};

/// `all * part / whole`, rounded down.
fn part_of(all: u64, part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { u64::try_from(u128::from(all) * u128::from(part) / u128::from(whole)).unwrap() }
}

/// Who bore a loss on one side, and what they were paid of it: stakers in shares.
struct Bearers {
    borne: u64,
    held: Each<u64>,
    all: u64,
    paid: Each<u64>,
}

impl Bearers {
    fn new(borne: u64, holdings: &Holdings) -> Self {
        Self { borne, held: Each::new(|who| holdings.shares[who]), all: holdings.all, paid: Each::default() }
    }

    /// What is an actor's of so much that came back, and was not paid to them yet.
    fn due(&self, who: Actor, back: u64) -> u64 {
        part_of(back, self.held[who], self.all).saturating_sub(self.paid[who])
    }
}

/// A loss with a record.
struct Loss {
    borrower: Actor,
    lps: Bearers,
    stakers: Bearers,
    protocol: u64,
    reserves: u64,
    recovered: u64,
    /// The stakers' shares that came back, as later losses left them.
    shares_back: u64,
}

/// By whom an amount was borne.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Back {
    pub(crate) lps: u64,
    pub(crate) stakers: u64,
    pub(crate) protocol: u64,
    pub(crate) reserves: u64,
}

impl Loss {
    fn all(&self) -> u64 {
        self.lps.borne + self.stakers.borne + self.protocol + self.reserves
    }

    /// What came back so far: to LPs, stakers and protocol-owned shares by what they bore, then to reserves.
    fn back(&self) -> Back {
        let shared = self.lps.borne + self.stakers.borne + self.protocol;
        let among = self.recovered.min(shared);
        let lps = part_of(among, self.lps.borne, shared);
        let stakers = part_of(among - lps, self.stakers.borne, self.stakers.borne + self.protocol);
        Back { lps, stakers, protocol: among - lps - stakers, reserves: self.recovered - among }
    }

    fn of(&self, side: Side) -> (&Bearers, u64) {
        match side {
            Lps => (&self.lps, self.back().lps),
            Stakers => (&self.stakers, self.shares_back),
        }
    }
}

#[derive(Default)]
pub(crate) struct Claims {
    losses: Vec<Loss>,
    /// What was lost without a record and did not come back.
    minor: Each<u64>,
}

impl Claims {
    /// All shares bear a loss, pro rata.
    pub(crate) fn lose(
        &mut self,
        borrower: Actor,
        split: &Allocation,
        has_record: bool,
        lps: &Holdings,
        stakers: &Holdings,
    ) {
        if !has_record {
            self.minor[borrower] += split.loss;
            return;
        }
        self.losses.push(Loss {
            borrower,
            lps: Bearers::new(split.lps, lps),
            stakers: Bearers::new(split.stakers, stakers),
            protocol: split.insurance - split.stakers,
            reserves: split.reserves + split.uncovered,
            recovered: 0,
            shares_back: 0,
        });
    }

    /// What a payment brings back of each loss of a borrower, oldest first: its number, the amount, and for whom it is.
    /// What has no record comes last, and is for protocol-owned shares.
    pub(crate) fn recover(&mut self, borrower: Actor, paid: u64) -> Vec<(u64, u64, Back)> {
        let (mut left, mut parts) = (paid, Vec::new());
        for (number, loss) in (1..).zip(&mut self.losses) {
            let amount = left.min(loss.all() - loss.recovered);
            if loss.borrower != borrower || amount == 0 {
                continue;
            }
            let was = loss.back();
            loss.recovered += amount;
            let is = loss.back();
            let grown = Back {
                lps: is.lps - was.lps,
                stakers: is.stakers - was.stakers,
                protocol: is.protocol - was.protocol,
                reserves: is.reserves - was.reserves,
            };
            parts.push((number, amount, grown));
            left -= amount;
        }
        let minor = left.min(self.minor[borrower]);
        if minor != 0 {
            self.minor[borrower] -= minor;
            parts.push((0, minor, Back { protocol: minor, ..Back::default() }));
        }
        parts
    }

    /// Notes the shares that came back to stakers of a loss.
    pub(crate) fn restore(&mut self, number: u64, shares: u64) {
        self.losses[usize::try_from(number - 1).unwrap()].shares_back += shares;
    }

    /// The fund's shares are divided: what came back rounded down, what of it was claimed up.
    pub(crate) fn divide(&mut self, times: u32) {
        for loss in &mut self.losses {
            for _ in 0..times {
                loss.shares_back >>= 10;
                loss.stakers.paid = Each::new(|who| loss.stakers.paid[who].div_ceil(1 << 10));
            }
        }
    }

    /// Pays an LP all that is theirs, and tells what that is.
    pub(crate) fn pay(&mut self, who: Actor) -> u64 {
        let mut all = 0;
        for loss in &mut self.losses {
            let due = loss.lps.due(who, loss.back().lps);
            loss.lps.paid[who] += due;
            all += due;
        }
        all
    }

    /// What is an actor's of a loss, and was not paid yet.
    pub(crate) fn due(&self, side: Side, who: Actor, number: u64) -> u64 {
        let (bearers, back) = self.losses[usize::try_from(number - 1).unwrap()].of(side);
        bearers.due(who, back)
    }

    /// Notes what an actor was paid of a loss.
    pub(crate) fn paid(&mut self, side: Side, who: Actor, number: u64, paid: u64) {
        let loss = &mut self.losses[usize::try_from(number - 1).unwrap()];
        let bearers = if side == Lps { &mut loss.lps } else { &mut loss.stakers };
        bearers.paid[who] += paid;
    }

    /// Compares with the accounts.
    pub(crate) fn check(&self, state: &State) -> Holds {
        equal!("claims-follow", usize::try_from(state.book.count()).unwrap(), self.losses.len(), "how many losses");
        for (side, unclaimed) in [(Lps, state.pool.unclaimed), (Stakers, state.fund.waiting_shares)] {
            let (mut waiting, mut due) = (0, 0);
            for (number, loss) in (1..).zip(&self.losses) {
                let (bearers, back) = loss.of(side);
                let (mut claimable, mut paid) = (0, 0);
                for who in ACTORS {
                    let reported = match side {
                        Lps => state.claimable_of(who, number),
                        Stakers => state.stake_claimable_of(who, number),
                    };
                    equal!(
                        "claims-follow",
                        reported,
                        bearers.due(who, back),
                        "what {who:?} can claim of loss {number}"
                    );
                    claimable += reported;
                    paid += bearers.paid[who];
                }
                due += claimable;
                if side == Stakers {
                    continue;
                }
                holds!("claims-solvent", claimable + paid <= back, "{claimable} can be claimed, {paid} was, of {back}");
                // What nobody holds nobody can claim; of the rest, each leaves less than a unit.
                let held: u64 = bearers.held.values().sum();
                let dust = part_of(back, held, bearers.all).saturating_sub(claimable + paid);
                holds!("claims-solvent", dust <= 8, "{claimable} can be claimed of loss {number}, {dust} too little");
                waiting += back - paid;
            }
            holds!("claims-solvent", due <= unclaimed, "{side:?} can claim {due} of {unclaimed}");
            holds!(
                "claims-solvent",
                side == Stakers || unclaimed == waiting,
                "{unclaimed} waits for LPs, not {waiting}"
            );
        }
        Ok(())
    }
}

/// Compares what was told of a recovery.
pub(crate) fn reported(event: &Recovered, (number, amount, back): (u64, u64, Back)) -> Holds {
    let reported =
        Back { lps: event.to_lps, stakers: event.to_stakers, protocol: event.to_protocol, reserves: event.to_reserves };
    equal!("claims-follow", (event.loss, event.assets, reported), (number, amount, back), "what came back of a loss");
    Ok(())
}
