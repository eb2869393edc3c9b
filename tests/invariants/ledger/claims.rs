//! What each bore of every loss, and what of that came back.

use backstop_client::{ClaimBook, ClaimHolder};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::{BITS, fixed, holdings::Holdings, slack};
use crate::{
    step::{ACTORS, Actor, Each},
    violation::{Holds, equal, holds},
};

#[derive(Default)]
pub(crate) struct Claims {
    /// What nobody has got back yet.
    pub(crate) outstanding: u64,
    /// What came back and was not paid out.
    payable: u64,
    /// What came back in all.
    recovered: u64,
    /// All losses that have a claim.
    lost: BigInt,
    /// The part of them that shares bore which are nobody's.
    nobodys: BigInt,
    holders: Each<Claim>,
    /// How many losses and recoveries there were.
    events: u32,
    /// All that a share lost that was there from the beginning of its generation, and which that is.
    per_share: (u32, BigInt),
}

#[derive(Default)]
struct Claim {
    /// What it bore in its life.
    borne: BigInt,
    /// What of it did not come back yet.
    unrecovered: BigInt,
    /// What came back and was not paid out to it yet.
    payable: BigInt,
    /// What it was paid in its life.
    paid: u64,
}

/// The whole units of a number, were it this much more.
fn floor(number: &BigInt, more: &BigInt) -> u64 {
    ((number + more).max(BigInt::ZERO) >> BITS).to_u64().unwrap()
}

impl Claims {
    /// All shares bear a loss, pro rata. `told` is what the program has outstanding afterwards: a loss beyond what it can count,
    /// in all or a share, has no claim.
    pub(crate) fn lose(&mut self, loss: u64, holdings: &Holdings, told: u64) {
        if loss == 0 || holdings.all == 0 {
            return;
        }
        let before = if self.per_share.0 == holdings.generation { self.per_share.1.clone() } else { BigInt::ZERO };
        let per_share = before + fixed(loss) / holdings.all;
        let beyond = u128::from(self.outstanding) + u128::from(loss) >= 1 << 63 || per_share >= fixed(1_u64 << 31);
        if beyond && told == self.outstanding {
            return;
        }
        self.events += 1;
        self.per_share = (holdings.generation, per_share);
        self.outstanding += loss;
        self.lost += loss;
        let held: u64 = holdings.shares.values().sum();
        self.nobodys += fixed(loss) * (holdings.all - held) / holdings.all;
        for who in ACTORS {
            let part = fixed(loss) * holdings.shares[who] / holdings.all;
            let claim = &mut self.holders[who];
            claim.borne += &part;
            claim.unrecovered += part;
        }
    }

    /// All claims are paid alike.
    pub(crate) fn recover(&mut self, paid: u64) {
        if paid == 0 {
            return;
        }
        self.events += 1;
        for who in ACTORS {
            let claim = &mut self.holders[who];
            let part = &claim.unrecovered * paid / self.outstanding;
            claim.unrecovered -= &part;
            claim.payable += part;
        }
        self.outstanding -= paid;
        self.payable += paid;
        self.recovered += paid;
    }

    pub(crate) fn pay(&mut self, who: Actor, paid: u64) -> Holds {
        let (rounding, claim) = (self.rounding(), &mut self.holders[who]);
        let (least, most) = (floor(&claim.payable, &-&rounding), floor(&claim.payable, &rounding));
        holds!("claims-fair", (least..=most).contains(&paid), "{who:?} was paid {paid}, not {least}");
        claim.payable -= fixed(paid);
        claim.paid += paid;
        holds!("claims-solvent", paid <= self.payable, "{who:?} was paid {paid} out of {}", self.payable);
        self.payable -= paid;
        Ok(())
    }

    /// What the program may round, all holders together: less than 2^-30 of a unit each time.
    fn rounding(&self) -> BigInt {
        (BigInt::from(self.events) << (BITS - 30)) + slack()
    }

    /// Compares with the accounts.
    pub(crate) fn check(&self, kind: &str, accounts: &Each<ClaimHolder>, book: &ClaimBook) -> Holds {
        let told = (book.ledger.outstanding, book.ledger.payable);
        equal!("claims-fair", told, (self.outstanding, self.payable), "{kind}s: what is unrecovered, and payable");
        let rounding = self.rounding();
        let (mut sum, mut exact) = (0_u128, BigInt::ZERO);
        for who in ACTORS {
            let (claim, holder) = (&self.holders[who], accounts[who].settled(book));
            let payable = accounts[who].claimable(book).get();
            let (least, most) = (floor(&claim.payable, &-&rounding), floor(&claim.payable, &rounding));
            holds!("claims-fair", (least..=most).contains(&payable), "{kind} {who:?} can claim {payable}, not {least}");
            let unrecovered = holder.unrecovered(&book.ledger()).get();
            // Rounded up to a unit.
            let (least, most) = (floor(&claim.unrecovered, &-&rounding), floor(&claim.unrecovered, &rounding) + 1);
            let fits = (least..=most).contains(&unrecovered);
            holds!("claims-alive", fits, "{kind} {who:?} has {unrecovered} unrecovered, not {least}");
            sum += u128::from(payable);
            exact += &claim.payable;
        }
        // What nobody holds nobody can claim; of the rest, each leaves less than a unit.
        let dust = (exact >> BITS).to_i128().unwrap() - i128::try_from(sum).unwrap();
        holds!("claims-solvent", sum <= u128::from(self.payable), "{kind}s can claim {sum} of {}", self.payable);
        holds!("claims-solvent", dust <= 8, "{kind}s can claim {sum}, {dust} less than came back");
        Ok(())
    }

    /// In the whole of their lives, all that was borne is unrecovered, payable or paid.
    pub(crate) fn close(&self, kind: &str) -> Holds {
        let mut all = BigInt::ZERO;
        for who in ACTORS {
            let claim = &self.holders[who];
            let accounted = &claim.unrecovered + &claim.payable + fixed(claim.paid);
            let apart = (&accounted - &claim.borne).abs();
            holds!("claims-fair", apart <= slack(), "{kind} {who:?} bore {}", &claim.borne >> BITS);
            all += &claim.borne;
        }
        let missing: BigInt = fixed(self.lost.clone()) - all - &self.nobodys;
        let units = &missing >> BITS;
        holds!("pro-rata", missing.abs() <= slack(), "{kind}s' losses add up to {units} less than was lost");
        let gone = BigInt::from(self.recovered) - self.payable;
        let paid: u64 = self.holders.values().map(|claim| claim.paid).sum();
        equal!(
            "claims-solvent",
            gone,
            BigInt::from(paid),
            "{kind}s: what came back and is not there, and what was paid"
        );
        Ok(())
    }
}
