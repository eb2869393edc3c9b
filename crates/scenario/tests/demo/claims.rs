//! Who is owed what, the long way: every loss and every recovery visits every holder.

use std::collections::BTreeMap;

/// What the holders of one kind of shares bore of one loss.
struct Borne {
    lost: u128,
    holders: BTreeMap<String, u128>,
    back: u128,
    paid: BTreeMap<String, u128>,
}

impl Borne {
    /// A holder's part of what came back.
    fn part(&self, who: &str) -> u128 {
        let all: u128 = self.holders.values().sum();
        self.holders.get(who).map_or(0, |shares| self.back * shares / all)
    }

    fn due(&self, who: &str) -> u128 {
        self.part(who) - self.paid.get(who).copied().unwrap_or(0)
    }
}

/// What all holders of one kind of shares are owed, loss by loss.
#[derive(Default)]
pub(crate) struct Claims {
    losses: Vec<Borne>,
}

impl Claims {
    /// A loss that these shares bear.
    pub(crate) fn lose(&mut self, lost: u128, holders: &BTreeMap<String, u128>) {
        self.losses.push(Borne { lost, holders: holders.clone(), back: 0, paid: BTreeMap::new() });
    }

    /// So much of a loss comes back.
    pub(crate) fn recover(&mut self, loss: usize, amount: u128) {
        self.losses[loss].back += amount;
    }

    /// What did not come back.
    pub(crate) fn unrecovered(&self) -> u128 {
        self.losses.iter().map(|loss| loss.lost - loss.back).sum()
    }

    /// What came back and was not paid out.
    pub(crate) fn unclaimed(&self) -> u128 {
        self.losses.iter().map(|loss| loss.back - loss.paid.values().sum::<u128>()).sum()
    }

    /// What a holder got back, claimed or not.
    pub(crate) fn recovered(&self, who: &str) -> u128 {
        self.losses.iter().map(|loss| loss.part(who)).sum()
    }

    /// What a holder can claim.
    pub(crate) fn claimable(&self, who: &str) -> u128 {
        self.losses.iter().map(|loss| loss.due(who)).sum()
    }

    /// What a holder can claim of each loss, by its index.
    pub(crate) fn due(&self, who: &str) -> Vec<(usize, u128)> {
        self.losses.iter().map(|loss| loss.due(who)).enumerate().filter(|(_, due)| *due != 0).collect()
    }

    /// Pays a holder so much of a loss.
    pub(crate) fn pay(&mut self, loss: usize, who: &str, amount: u128) {
        *self.losses[loss].paid.entry(who.to_owned()).or_default() += amount;
    }

    /// Pays a holder all of it.
    pub(crate) fn claim(&mut self, who: &str) -> u128 {
        let paid = self.claimable(who);
        for (loss, due) in self.due(who) {
            self.pay(loss, who, due);
        }
        paid
    }
}
