//! What the bot knows of one pool: the accounts that matter, as of the slots at which they were read.
//!
//! Obligations are rows with only what rating needs, in one array, with their addresses in a table beside it. An update
//! costs the same for any number of obligations. Nothing here does I/O or reads a clock.

use std::collections::HashMap;

use backstop_client::{
    AccountData, BackstopError, Collateral, ExitRequest, InsuranceFund, InsuranceStake, LpPosition, Obligation,
    PROGRAM_ID, Pool, oracle,
    preview::{Snapshot, Withdrawn},
};
use backstop_engine::{
    mark::Mark,
    quantity::{DebtShares, Units},
};
use solana_address::Address;

mod view;

pub(crate) use view::price_places;

/// How many collaterals an obligation holds at most.
pub const MAX_COLLATERALS: usize = 8;
/// As the index of a collateral: the slot is free.
pub const NO_COLLATERAL: u16 = u16::MAX;

/// An account as it was read or told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Where it is.
    pub address: Address,
    /// The program that owns it.
    pub owner: Address,
    /// What is in it.
    pub data: Vec<u8>,
    /// The slot that it was so in.
    pub slot: u64,
}

/// What became of an account that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is in the book.
    Changed,
    /// The book knows it from a later slot: it was left out.
    Older,
    /// It does not belong to this pool.
    Foreign,
}

/// An obligation, in what a rating needs. The slots have the obligation's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its debt shares.
    pub debt: DebtShares,
    /// What it is marked with.
    pub mark: Mark,
    /// Slot of its last borrow or collateral withdrawal.
    pub last_risk_increase_slot: u64,
    /// Whether a loss of it is not recovered.
    pub defaulted: bool,
    /// How much it holds, by slot.
    pub units: [Units; MAX_COLLATERALS],
    /// Of which collateral, by slot: indices of the book, [`NO_COLLATERAL`] where the slot is free.
    pub collaterals: [u16; MAX_COLLATERALS],
}

impl Row {
    /// The collaterals it holds.
    pub fn holdings(&self) -> impl Iterator<Item = (u16, Units)> {
        let slots = self.collaterals.iter().copied().zip(self.units.iter().copied());
        slots.filter(|(collateral, _)| *collateral != NO_COLLATERAL)
    }
}

/// A collateral that an obligation or a snapshot named.
#[derive(Clone, Debug)]
struct Listed {
    address: Address,
    /// Nothing until it was read.
    account: Option<Collateral>,
    slot: u64,
}

/// All accounts of a pool as they were read at one time.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The pool's address.
    pub address: Address,
    /// A slot that nothing in it is older than.
    pub slot: u64,
    /// The pool.
    pub pool: Pool,
    /// Its insurance fund.
    pub fund: InsuranceFund,
    /// Its collaterals.
    pub collaterals: Vec<(Address, Collateral)>,
    /// Its obligations.
    pub obligations: Vec<(Address, Obligation)>,
    /// Its LP positions.
    pub positions: Vec<(Address, LpPosition)>,
    /// Its fund's stakes.
    pub stakes: Vec<(Address, InsuranceStake)>,
}

impl Reading {
    /// Every place where a price of this pool can be: two for each feed.
    pub fn price_places(&self) -> Vec<Address> {
        let listed = self.collaterals.iter().map(|(_, collateral)| &collateral.parameters.oracle);
        price_places(std::iter::once(&self.pool.parameters.oracle).chain(listed))
    }
}

/// Who asked to leave.
#[derive(Clone, Debug)]
pub enum Leaver {
    /// An LP.
    Position(Box<LpPosition>),
    /// A staker.
    Stake(Box<InsuranceStake>),
}

impl Leaver {
    /// A position or a stake, and the pool or the fund that it is of.
    fn from_account_data(data: &[u8]) -> Option<(Self, Address)> {
        let position = || LpPosition::from_account_data(data).map(|one| (one.pool, Self::Position(Box::new(one))));
        let stake = || InsuranceStake::from_account_data(data).map(|one| (one.fund, Self::Stake(Box::new(one))));
        position().or_else(stake).map(|(of, leaver)| (leaver, of))
    }

    /// The request as it stands in the account.
    pub const fn request(&self) -> &ExitRequest {
        match self {
            Self::Position(position) => &position.request,
            Self::Stake(stake) => &stake.request,
        }
    }

    /// Whether it can be executed now, if there is cash.
    pub fn is_due(&self, pool: &Pool, fund: &InsuranceFund, now: i64) -> bool {
        let due = match self {
            Self::Position(position) => position.request_in(pool, now).require_mature(now),
            Self::Stake(stake) => stake.request_in(pool, fund, now).require_mature(now),
        };
        due.is_ok()
    }

    /// Whose it is, and whether it is a stake.
    pub const fn owner(&self) -> (Address, bool) {
        match self {
            Self::Position(position) => (position.owner, false),
            Self::Stake(stake) => (stake.owner, true),
        }
    }

    /// Executes it.
    ///
    /// # Errors
    /// What the program would refuse it with.
    pub fn execute(&mut self, snapshot: &mut Snapshot) -> Result<Withdrawn, BackstopError> {
        match self {
            Self::Position(position) => snapshot.execute_withdrawal(position),
            Self::Stake(stake) => snapshot.execute_unstake(stake),
        }
    }

    /// Makes room for another change of its shares.
    pub const fn make_room(&mut self) {
        let room = match self {
            Self::Position(position) => &mut position.room,
            Self::Stake(stake) => &mut stake.room,
        };
        *room = room.saturating_add(1);
    }
}

/// What the bot knows of one pool.
#[derive(Clone, Debug)]
pub struct Book {
    address: Address,
    pool: Pool,
    pool_slot: u64,
    fund: InsuranceFund,
    fund_slot: u64,
    collaterals: Vec<Listed>,
    prices: HashMap<Address, Received>,
    rows: Vec<Row>,
    addresses: Vec<Address>,
    slots: Vec<u64>,
    index: HashMap<Address, usize>,
    /// Who asked to leave, nothing for those who have left, with their slots.
    leavers: HashMap<Address, (Option<Leaver>, u64)>,
}

impl Book {
    /// A book that knows what was read.
    pub fn new(reading: Reading) -> Self {
        let mut book = Self {
            address: reading.address,
            pool: reading.pool,
            pool_slot: reading.slot,
            fund: reading.fund,
            fund_slot: reading.slot,
            collaterals: Vec::new(),
            prices: HashMap::new(),
            rows: Vec::new(),
            addresses: Vec::new(),
            slots: Vec::new(),
            index: HashMap::new(),
            leavers: HashMap::new(),
        };
        book.merge(reading);
        book
    }

    /// Takes in all that was read, but for what the book knows from a later slot.
    pub fn merge(&mut self, reading: Reading) {
        let slot = reading.slot;
        replace(&mut self.pool, &mut self.pool_slot, reading.pool, slot);
        replace(&mut self.fund, &mut self.fund_slot, reading.fund, slot);
        for (address, collateral) in reading.collaterals {
            self.put_collateral(address, collateral, slot);
        }
        for (address, obligation) in &reading.obligations {
            self.put(*address, obligation, slot);
        }
        for (address, position) in reading.positions {
            self.put_leaver(address, Leaver::Position(Box::new(position)), slot);
        }
        for (address, stake) in reading.stakes {
            self.put_leaver(address, Leaver::Stake(Box::new(stake)), slot);
        }
    }

    /// Who asked to leave and has not left yet, with the addresses of their accounts.
    pub fn leavers(&self) -> impl Iterator<Item = (&Address, &Leaver)> {
        self.leavers.iter().filter_map(|(address, (leaver, _))| Some((address, leaver.as_ref()?)))
    }

    /// Keeps who asks to leave; of all others only that they do not ask any more.
    fn put_leaver(&mut self, address: Address, leaver: Leaver, slot: u64) -> Applied {
        let asks = (leaver.request().shares != 0).then_some(leaver);
        match self.leavers.get_mut(&address) {
            Some((known, known_slot)) => replace(known, known_slot, asks, slot),
            None => {
                if asks.is_some() {
                    self.leavers.insert(address, (asks, slot));
                }
                Applied::Changed
            }
        }
    }

    /// The pool's address.
    pub const fn address(&self) -> Address {
        self.address
    }

    /// The pool.
    pub const fn pool(&self) -> &Pool {
        &self.pool
    }

    /// How many bytes an obligation takes, with its address and slot and its entry in the index (a byte beside each
    /// entry, of which up to a seventh are spare); the room that vectors and the index keep for more comes on top.
    pub const fn bytes_each() -> usize {
        let index = size_of::<(Address, usize)>().saturating_add(1);
        size_of::<(Row, Address, u64)>().saturating_add(index)
    }

    /// The collaterals that were read, with their addresses.
    pub fn collaterals(&self) -> impl Iterator<Item = (&Address, &Collateral)> {
        self.collaterals.iter().filter_map(|listed| Some((&listed.address, listed.account.as_ref()?)))
    }

    /// A collateral by its address.
    pub fn collateral(&self, address: &Address) -> Option<&Collateral> {
        self.collaterals().find(|(listed, _)| *listed == address).map(|(_, collateral)| collateral)
    }

    /// The address of the collateral with this index.
    pub fn collateral_address(&self, index: u16) -> Option<Address> {
        self.collaterals.get(usize::from(index)).map(|listed| listed.address)
    }

    /// The obligations.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The address of the obligation in a row.
    pub fn address_of(&self, row: usize) -> Option<Address> {
        self.addresses.get(row).copied()
    }

    /// The obligation at an address.
    pub fn row(&self, address: &Address) -> Option<&Row> {
        self.rows.get(*self.index.get(address)?)
    }

    /// As [`Reading::price_places`].
    pub fn price_places(&self) -> Vec<Address> {
        let listed = self.collaterals().map(|(_, collateral)| &collateral.parameters.oracle);
        price_places(std::iter::once(&self.pool.parameters.oracle).chain(listed))
    }

    /// Takes an account in, unless the book knows it from a later slot.
    pub fn apply(&mut self, received: Received) -> Applied {
        if received.owner == PROGRAM_ID {
            return self.apply_own(&received);
        }
        if !oracle::is_oracle(&received.owner) {
            return Applied::Foreign;
        }
        match self.prices.get(&received.address) {
            Some(known) if known.slot > received.slot => Applied::Older,
            None if !self.price_places().contains(&received.address) => Applied::Foreign,
            _ => {
                self.prices.insert(received.address, received);
                Applied::Changed
            }
        }
    }

    fn apply_own(&mut self, received: &Received) -> Applied {
        let Received { address, data, slot, .. } = received;
        if let Some(obligation) = Obligation::from_account_data(data) {
            let own = obligation.pool == self.address;
            return if own { self.put(*address, &obligation, *slot) } else { Applied::Foreign };
        }
        if *address == self.address
            && let Some(pool) = Pool::from_account_data(data)
        {
            return replace(&mut self.pool, &mut self.pool_slot, pool, *slot);
        }
        if *address == self.pool.insurance_fund
            && let Some(fund) = InsuranceFund::from_account_data(data)
        {
            return replace(&mut self.fund, &mut self.fund_slot, fund, *slot);
        }
        if let Some((leaver, of)) = Leaver::from_account_data(data) {
            let own = of == self.address || of == self.pool.insurance_fund;
            return if own { self.put_leaver(*address, leaver, *slot) } else { Applied::Foreign };
        }
        match Collateral::from_account_data(data) {
            Some(collateral) if collateral.pool == self.address => self.put_collateral(*address, collateral, *slot),
            _ => Applied::Foreign,
        }
    }

    fn put_collateral(&mut self, address: Address, collateral: Collateral, slot: u64) -> Applied {
        let index = usize::from(self.index_of(address));
        match self.collaterals.get_mut(index) {
            Some(listed) => replace(&mut listed.account, &mut listed.slot, Some(collateral), slot),
            None => Applied::Foreign,
        }
    }

    /// Takes an obligation of this pool in, unless the book knows it from a later slot.
    pub fn put(&mut self, address: Address, obligation: &Obligation, slot: u64) -> Applied {
        let mut row = Row {
            debt: obligation.debt(),
            mark: obligation.mark(),
            last_risk_increase_slot: obligation.last_risk_increase_slot,
            defaulted: !obligation.unrecovered().is_zero(),
            units: [Units::ZERO; MAX_COLLATERALS],
            collaterals: [NO_COLLATERAL; MAX_COLLATERALS],
        };
        let places = row.units.iter_mut().zip(&mut row.collaterals);
        for (held, (units, index)) in obligation.held().zip(places) {
            (*units, *index) = (Units::new(held.units), self.index_of(held.collateral));
        }
        let known = self.index.get(&address).copied();
        let place = known.and_then(|at| Some((self.rows.get_mut(at)?, self.slots.get_mut(at)?)));
        if let Some((known, known_slot)) = place {
            return replace(known, known_slot, row, slot);
        }
        self.index.insert(address, self.rows.len());
        self.rows.push(row);
        self.addresses.push(address);
        self.slots.push(slot);
        Applied::Changed
    }

    /// The index of a collateral; a new one if it was never named. Beyond 2^16 - 2 of them all share an index that has
    /// no account, so that nothing which holds them is rated.
    fn index_of(&mut self, address: Address) -> u16 {
        let known = self.collaterals.iter().position(|listed| listed.address == address);
        let index = known.unwrap_or_else(|| {
            self.collaterals.push(Listed { address, account: None, slot: 0 });
            self.collaterals.len().saturating_sub(1)
        });
        u16::try_from(index).unwrap_or(NO_COLLATERAL).min(NO_COLLATERAL.saturating_sub(1))
    }
}

fn replace<T>(known: &mut T, known_slot: &mut u64, new: T, slot: u64) -> Applied {
    if *known_slot > slot {
        return Applied::Older;
    }
    (*known, *known_slot) = (new, slot);
    Applied::Changed
}
