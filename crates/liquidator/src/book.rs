//! The bot's copy of one pool: its relevant accounts, each with the slot at which it was read.
//!
//! Obligations are rows with only what rating needs, in one array. Their addresses are in a table beside it. An update
//! costs the same for any number of obligations. This module does no I/O and reads no clock.

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

/// The most collaterals that an obligation can hold.
pub const MAX_COLLATERALS: usize = 8;
/// Marks a free slot, in place of a collateral's index.
pub const NO_COLLATERAL: u16 = u16::MAX;

/// An account from a read or a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The address.
    pub address: Address,
    /// The owner program.
    pub owner: Address,
    /// The data.
    pub data: Vec<u8>,
    /// The slot of this state.
    pub slot: u64,
}

/// The result of applying a received account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The book is up to date with it.
    Changed,
    /// The book has it from a later slot. It was ignored.
    Older,
    /// It does not belong to this pool.
    Foreign,
}

/// The fields of an obligation that rating needs. Slots are in the obligation's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The debt shares.
    pub debt: DebtShares,
    /// The mark.
    pub mark: Mark,
    /// The slot of the last borrow or collateral withdrawal.
    pub last_risk_increase_slot: u64,
    /// Whether it has unrecovered debt.
    pub defaulted: bool,
    /// The units held, by slot.
    pub units: [Units; MAX_COLLATERALS],
    /// The collateral held, by slot: an index into the book's collaterals, or [`NO_COLLATERAL`] for a free slot.
    pub collaterals: [u16; MAX_COLLATERALS],
}

impl Row {
    /// Returns the collaterals held, with their units.
    pub fn holdings(&self) -> impl Iterator<Item = (u16, Units)> {
        let slots = self.collaterals.iter().copied().zip(self.units.iter().copied());
        slots.filter(|(collateral, _)| *collateral != NO_COLLATERAL)
    }
}

/// A collateral that an obligation or a reading refers to.
#[derive(Clone, Debug)]
struct Listed {
    address: Address,
    /// Nothing until it is read.
    account: Option<Collateral>,
    slot: u64,
}

/// All accounts of a pool from one reading.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The pool's address.
    pub address: Address,
    /// The minimum slot: no account is older.
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
    /// Returns every address that can hold a price of this pool: two per feed.
    pub fn price_places(&self) -> Vec<Address> {
        let listed = self.collaterals.iter().map(|(_, collateral)| &collateral.parameters.oracle);
        price_places(std::iter::once(&self.pool.parameters.oracle).chain(listed))
    }
}

/// The account of an LP or staker who can request to leave.
#[derive(Clone, Debug)]
pub enum Leaver {
    /// An LP.
    Position(Box<LpPosition>),
    /// A staker.
    Stake(Box<InsuranceStake>),
}

impl Leaver {
    /// Decodes a position or a stake. Also returns its pool or fund.
    fn from_account_data(data: &[u8]) -> Option<(Self, Address)> {
        let position = || LpPosition::from_account_data(data).map(|one| (one.pool, Self::Position(Box::new(one))));
        let stake = || InsuranceStake::from_account_data(data).map(|one| (one.fund, Self::Stake(Box::new(one))));
        position().or_else(stake).map(|(of, leaver)| (leaver, of))
    }

    /// Returns the request as stored in the account.
    pub const fn request(&self) -> &ExitRequest {
        match self {
            Self::Position(position) => &position.request,
            Self::Stake(stake) => &stake.request,
        }
    }

    /// Returns whether the request can be executed now, if cash is available.
    pub fn is_due(&self, pool: &Pool, fund: &InsuranceFund, now: i64) -> bool {
        let due = match self {
            Self::Position(position) => position.request_in(pool, now).require_mature(now),
            Self::Stake(stake) => stake.request_in(pool, fund, now).require_mature(now),
        };
        due.is_ok()
    }

    /// Returns the owner, and whether it is a stake.
    pub const fn owner(&self) -> (Address, bool) {
        match self {
            Self::Position(position) => (position.owner, false),
            Self::Stake(stake) => (stake.owner, true),
        }
    }

    /// Executes the request on the snapshot.
    ///
    /// # Errors
    /// The error with which the program would refuse it.
    pub fn execute(&mut self, snapshot: &mut Snapshot) -> Result<Withdrawn, BackstopError> {
        match self {
            Self::Position(position) => snapshot.execute_withdrawal(position),
            Self::Stake(stake) => snapshot.execute_unstake(stake),
        }
    }

    /// Adds room for one more change of its shares.
    pub const fn make_room(&mut self) {
        let room = match self {
            Self::Position(position) => &mut position.room,
            Self::Stake(stake) => &mut stake.room,
        };
        *room = room.saturating_add(1);
    }
}

/// The bot's copy of one pool.
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
    /// LPs and stakers who requested to leave, with their slots; nothing for those without a request any more.
    leavers: HashMap<Address, (Option<Leaver>, u64)>,
}

impl Book {
    /// Creates a book from a reading.
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

    /// Merges a reading. Accounts that the book has from a later slot stay.
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

    /// Returns the positions and stakes with a pending request, with their addresses.
    pub fn leavers(&self) -> impl Iterator<Item = (&Address, &Leaver)> {
        self.leavers.iter().filter_map(|(address, (leaver, _))| Some((address, leaver.as_ref()?)))
    }

    /// Stores a position or stake with a pending request. For a known one without a request, stores only that it has
    /// none.
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

    /// Returns the bytes per obligation: its row, address, slot and index entry, with one control byte per index entry.
    /// Up to a seventh of the index entries are spare. Capacity that the vectors and the index reserve for growth comes
    /// on top.
    pub const fn bytes_each() -> usize {
        let index = size_of::<(Address, usize)>().saturating_add(1);
        size_of::<(Row, Address, u64)>().saturating_add(index)
    }

    /// Returns the collaterals read so far, with their addresses.
    pub fn collaterals(&self) -> impl Iterator<Item = (&Address, &Collateral)> {
        self.collaterals.iter().filter_map(|listed| Some((&listed.address, listed.account.as_ref()?)))
    }

    /// Returns a collateral by its address.
    pub fn collateral(&self, address: &Address) -> Option<&Collateral> {
        self.collaterals().find(|(listed, _)| *listed == address).map(|(_, collateral)| collateral)
    }

    /// Returns the address of a collateral by its index.
    pub fn collateral_address(&self, index: u16) -> Option<Address> {
        self.collaterals.get(usize::from(index)).map(|listed| listed.address)
    }

    /// Returns the obligations.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the address of the obligation in a row.
    pub fn address_of(&self, row: usize) -> Option<Address> {
        self.addresses.get(row).copied()
    }

    /// Returns the obligation at an address.
    pub fn row(&self, address: &Address) -> Option<&Row> {
        self.rows.get(*self.index.get(address)?)
    }

    /// See [`Reading::price_places`].
    pub fn price_places(&self) -> Vec<Address> {
        let listed = self.collaterals().map(|(_, collateral)| &collateral.parameters.oracle);
        price_places(std::iter::once(&self.pool.parameters.oracle).chain(listed))
    }

    /// Applies an account, unless the book has it from a later slot.
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

    /// Applies an obligation of this pool, unless the book has it from a later slot.
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

    /// Returns the index of a collateral, and adds it if it is unknown. Past 2^16 - 2 collaterals, the rest share one
    /// index. That index has no account, so obligations that hold them are not rated.
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
