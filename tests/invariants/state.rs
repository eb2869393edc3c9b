//! A world with its accounts at hand, and all that they hold at one moment.

use std::collections::BTreeMap;

use backstop_client::{Collateral, InsuranceFund, LpPosition, Obligation, Pool, address};
use backstop_engine::{
    health::{Health, Holding},
    pool::Totals,
    price::{Price, Quote},
};
use backstop_testkit::{CollateralSetup, Failure, Receipt, Setup, World};
use solana_address::Address;

use crate::step::{ACTORS, Actor, COLLATERALS, Step, Symbol, TOKENS};

/// Decimals of a token.
pub(crate) fn decimals(symbol: Symbol) -> u8 {
    match symbol {
        "SOL" => 9,
        "ETH" => 8,
        _ => 6,
    }
}

/// A world in which all actors have a position and an obligation.
pub(crate) struct Scene {
    pub(crate) world: World,
    /// The slot of the last transaction.
    pub(crate) slot: u64,
    addresses: BTreeMap<(Actor, &'static str), Address>,
}

/// All that the program's accounts and the token accounts hold.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) pool: Pool,
    pub(crate) fund: InsuranceFund,
    pub(crate) collaterals: BTreeMap<Symbol, Collateral>,
    pub(crate) positions: BTreeMap<Actor, LpPosition>,
    pub(crate) obligations: BTreeMap<Actor, Obligation>,
    pub(crate) wallets: BTreeMap<(Actor, Symbol), u64>,
    pub(crate) vault: u64,
    pub(crate) insurance_vault: u64,
    pub(crate) collateral_vaults: BTreeMap<Symbol, u64>,
    /// What was donated to the pool's vault and to the fund's.
    pub(crate) donated: (u64, u64),
    pub(crate) quotes: BTreeMap<Symbol, Quote>,
    pub(crate) collateral_addresses: BTreeMap<Symbol, Address>,
}

impl Scene {
    pub(crate) fn new(mut setup: Setup) -> Self {
        setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
        let mut world = World::new(setup);
        let mut addresses = BTreeMap::new();
        for name in ACTORS {
            world.open_position(name).unwrap();
            world.open_obligation(name).unwrap();
            let owner = world.actor(name);
            addresses.insert((name, "position"), address::position(&world.key().pool, &owner));
            addresses.insert((name, "obligation"), world.obligation_address(name));
            for symbol in TOKENS {
                addresses.insert((name, symbol), world.wallet(name, symbol));
            }
        }
        // A collateral withdrawal notes its slot: from here on the slots are counted.
        world.deposit_collateral("liz", "SOL", 1).unwrap();
        world.withdraw_collateral("liz", "SOL", 1).unwrap();
        let slot = world.obligation("liz").unwrap().exposed_at_slot;
        Self { world, slot, addresses }
    }

    fn read<T>(&self, address: &Address, parse: fn(&[u8]) -> Option<T>) -> T {
        parse(&self.world.account(address).expect("an account").data).expect("an account of this kind")
    }

    /// Everything, now. What was donated is carried over.
    pub(crate) fn state(&self, donated: (u64, u64)) -> State {
        let world = &self.world;
        let of = |name: Actor, kind: &'static str| &self.addresses[&(name, kind)];
        let wallets = ACTORS.iter().flat_map(|name| TOKENS.map(|symbol| (*name, symbol)));
        State {
            pool: world.pool(),
            fund: world.fund(),
            collaterals: COLLATERALS.map(|symbol| (symbol, world.collateral(symbol))).into(),
            positions: ACTORS.map(|name| (name, self.read(of(name, "position"), LpPosition::from_account_data))).into(),
            obligations: ACTORS
                .map(|name| (name, self.read(of(name, "obligation"), Obligation::from_account_data)))
                .into(),
            wallets: wallets.map(|key| (key, world.balance_at(&self.addresses[&key]))).collect(),
            vault: world.balance_at(&world.key().vault),
            insurance_vault: world.balance_at(&world.key().insurance_vault),
            collateral_vaults: COLLATERALS
                .map(|symbol| (symbol, world.balance_at(&world.collateral_key(symbol).vault)))
                .into(),
            donated,
            quotes: TOKENS.map(|symbol| (symbol, world.quote(symbol))).into(),
            collateral_addresses: COLLATERALS.map(|symbol| (symbol, world.collateral_key(symbol).collateral)).into(),
        }
    }

    /// Does it.
    pub(crate) fn act(&mut self, step: Step) -> Result<Option<Receipt>, Failure> {
        if step.is_instruction() {
            self.slot += 1;
        }
        let world = &mut self.world;
        let outcome = match step {
            Step::Deposit { who, assets } => world.deposit(who, assets),
            Step::Withdraw { who, shares } => world.withdraw(who, shares),
            Step::DepositCollateral { who, symbol, units } => world.deposit_collateral(who, symbol, units),
            Step::WithdrawCollateral { who, symbol, units } => world.withdraw_collateral(who, symbol, units),
            Step::Borrow { who, assets } => world.borrow(who, assets),
            Step::Repay { who, borrower, assets } => world.repay(who, borrower, assets),
            Step::Accrue => world.accrue(),
            Step::Liquidate { who, borrower, symbol, max_repay } => world.liquidate(who, borrower, symbol, max_repay),
            Step::Record { who, borrower } => world.record_bad_debt(who, borrower),
            Step::Fund { who, assets } => world.fund_insurance(who, assets),
            Step::Donate { to_fund, units } => {
                let vault = if to_fund { world.key().insurance_vault } else { world.key().vault };
                let mut account = world.account(&vault).unwrap();
                let balance = world.balance_at(&vault) + units;
                account.data[64..72].copy_from_slice(&balance.to_le_bytes());
                world.set_account(vault, account);
                return Ok(None);
            }
            Step::Wait { seconds } => {
                let slots = u64::from(seconds) * 5 / 2;
                world.advance(i64::from(seconds), slots);
                self.slot += slots;
                return Ok(None);
            }
            Step::Price { symbol, quote } => {
                world.set_price(symbol, quote, 0);
                return Ok(None);
            }
        };
        outcome.map(Some)
    }
}

impl State {
    /// The pool's totals, accrued to now.
    pub(crate) fn totals(&self, now: i64) -> Totals {
        self.pool.totals_at(now).unwrap()
    }

    /// The shares of an actor that count.
    pub(crate) fn shares(&self, who: Actor) -> u64 {
        self.positions[who].shares_in(&self.pool).get()
    }

    /// The upper price of the liquidity token.
    pub(crate) fn debt_price(&self) -> backstop_engine::Result<Price> {
        self.quotes["USDC"].upper(decimals("USDC"))
    }

    /// What units of a collateral count for.
    pub(crate) fn holding(&self, symbol: Symbol, units: u64) -> backstop_engine::Result<Holding> {
        self.collaterals[symbol].holding(units, self.quotes[symbol])
    }

    /// The symbol of a collateral account.
    pub(crate) fn symbol(&self, collateral: &Address) -> Symbol {
        self.collateral_addresses.iter().find(|(_, address)| *address == collateral).map(|(symbol, _)| *symbol).unwrap()
    }

    /// An obligation's health with these totals.
    pub(crate) fn health(&self, totals: &Totals, who: Actor) -> backstop_engine::Result<Health> {
        let obligation = &self.obligations[who];
        let debt = totals.debt(obligation.debt())?;
        let mut health = Health::of_debt(self.debt_price()?.value_up(debt.get())?);
        for slot in obligation.held() {
            health = health.with(&self.holding(self.symbol(&slot.collateral), slot.units)?)?;
        }
        Ok(health)
    }

    /// How much of a collateral an actor's obligation holds.
    pub(crate) fn held(&self, who: Actor, symbol: Symbol) -> u64 {
        self.obligations[who].units_of(&self.collateral_addresses[symbol])
    }
}
