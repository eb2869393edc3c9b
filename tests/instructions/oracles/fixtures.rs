//! Markets whose prices stand in accounts that the tests write.

use core::slice;

use backstop_client::{
    AccountData, Collateral, CollateralParameters, PoolParameters,
    verb::{self, CollateralKey, PoolKey},
};
use backstop_engine::price::Quote;
use backstop_testkit::{
    CollateralSetup, Failure, Network, Receipt, Refusal, STARTING_BALANCE, Setup, World, price_update, switchboard_feed,
};
use solana_account::Account;
use solana_address::{Address, address};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// The Pyth receiver program.
pub(super) const RECEIVER: Address = address!("rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ");
/// The second one, which publishes the same feeds with fewer guardians.
pub(super) const SECOND_RECEIVER: Address = address!("rec2HHDDnjLfj4kE7VyEtFA1HPGQLK33259532cRyHp");
/// Switchboard On-Demand on mainnet and on devnet.
pub(super) const ON_DEMAND: [Address; 2] =
    [address!("SBondMDrcV3K4kxZR1HNVT7osZxAHVHgYXL5Ze1oMUv"), address!("Aio4gaXjXzJNVLtzwtNVmSqGKpANtXhybbkhtAC94ji2")];
/// The tokens whose prices stand in accounts of the tests.
const SYMBOLS: [&str; 2] = ["SOL", "USDC"];
const ADD: &str = "add_collateral";

/// Where a token's price stands.
pub(super) const fn at(symbol: &str) -> Address {
    Address::new_from_array([symbol.as_bytes()[0]; 32])
}

/// What a market is bound to.
pub(super) fn feed(oracle: Network, symbol: &str) -> [u8; 32] {
    match oracle {
        Network::Pyth => [!symbol.as_bytes()[0]; 32],
        Network::Switchboard => at(symbol).to_bytes(),
    }
}

/// The default collateral, bound to a feed.
pub(super) fn collateral_of(feed: [u8; 32]) -> CollateralParameters {
    let mut parameters = Setup::default().collaterals[0].parameters;
    parameters.oracle.feed = feed;
    parameters.stressed_max_ltv_bps = parameters.max_ltv_bps;
    parameters.stressed_threshold_bps = parameters.liquidation_threshold_bps;
    parameters
}

/// The default pool, bound to a feed.
fn pool_of(feed: [u8; 32]) -> PoolParameters {
    let mut parameters = Setup::default().parameters;
    parameters.oracle.feed = feed;
    parameters.risk.stressed_insurance_factor_bps = parameters.rates.insurance_factor_bps;
    parameters.risk.stressed_insurance_share_bps = parameters.loss.insurance_share_bps;
    parameters
}

/// The same instruction with another account in place of one.
pub(super) fn passing(mut instruction: Instruction, from: Address, to: Address) -> Instruction {
    instruction.accounts.iter_mut().filter(|meta| meta.pubkey == from).for_each(|meta| meta.pubkey = to);
    instruction
}

/// What an instruction does, as `look` sees it. Then it is undone. A refused one must change nothing.
#[track_caller]
pub(super) fn undone<T>(
    world: &mut World,
    instruction: &Instruction,
    signers: &[&str],
    look: impl FnOnce(&World, &Receipt) -> T,
) -> Result<T, Failure> {
    let before = snapshot(world, slice::from_ref(instruction));
    let outcome = world.execute(instruction.clone(), signers).map(|receipt| look(world, &receipt));
    for (address, account) in before {
        if world.account(&address) != account {
            assert!(outcome.is_ok(), "a refused transaction changed an account");
            world.set_account(address, account.unwrap_or_default());
        }
    }
    outcome
}

/// The program's own error that something was refused with.
#[track_caller]
pub(super) fn typed<T>(outcome: Result<T, Failure>) -> Result<T, &'static str> {
    outcome.map_err(|failure| match failure.refusal {
        Refusal::Backstop(error) => error.name(),
        Refusal::Other(error) => panic!("no error of the program's own: {error:?}\n{}", failure.logs.join("\n")),
    })
}

/// An instruction that reads prices.
struct Reader {
    name: &'static str,
    instruction: Instruction,
    signers: &'static [&'static str],
    reads: &'static [&'static str],
}

/// A market at USDC 1 USD and SOL 24 USD, both of one network, in accounts of the tests.
///
/// Bob owes 50 against 10 SOL; Carl owes 200 against 10 SOL, of which 80 % are 192; Dora owes 0.6 against 0.03 SOL,
/// worth 0.72, which is dust and, at a bonus of a quarter, covers 0.576.
pub(super) struct Stage {
    world: World,
    oracle: Network,
    readers: Vec<Reader>,
}

impl Stage {
    pub(super) fn new(oracle: Network) -> Self {
        let world = World::empty(&Setup::default());
        let mut stage = Self { world, oracle, readers: Vec::new() };
        stage.put("USDC", stage.at_dollars("USDC", 1));
        stage.put("SOL", stage.at_dollars("SOL", 30));
        stage.open();
        stage.put("SOL", stage.at_dollars("SOL", 24));
        stage.readers = stage.all_readers();
        stage
    }

    fn open(&mut self) {
        let (roles, payer) = (self.world.roles(), self.world.payer());
        let (pool, sol) = (*self.world.key(), self.world.collateral_key("SOL"));
        let create_market = verb::create_market(&roles, payer, 0);
        let parameters = pool_of(feed(self.oracle, "USDC"));
        let create_pool = verb::create_pool(&pool, roles.authority, payer, &at("USDC").into(), parameters);
        let mut parameters = collateral_of(feed(self.oracle, "SOL"));
        (parameters.bonus_min_bps, parameters.bonus_max_bps) = (2_500, 2_500);
        let add = verb::add_collateral(&pool, &sol, roles.authority, payer, &at("SOL").into(), parameters);
        for instruction in [create_market, create_pool, add] {
            self.world.execute(instruction, &["dao"]).unwrap();
        }
        self.world.open_pool(1_000_000).unwrap();
        self.world.deposit("alice", 1_000 * USDC).unwrap();
        self.world.fund_insurance("ines", 50 * USDC).unwrap();
        for (who, units, debt) in
            [("bob", 10 * SOL, 50 * USDC), ("carl", 10 * SOL, 200 * USDC), ("dora", SOL / 100 * 3, USDC / 10 * 6)]
        {
            self.world.deposit_collateral(who, "SOL", units).unwrap();
            let borrow = self.world.borrow_instruction(who, debt);
            self.world.execute(self.bound(borrow), &[who]).unwrap();
        }
    }

    fn all_readers(&mut self) -> Vec<Reader> {
        const BOTH: &[&str] = &SYMBOLS;
        let (dao, payer, pool) = (self.world.actor("dao"), self.world.payer(), *self.world.key());
        let gem = CollateralKey::new(&pool.pool, mint_like(&mut self.world, &pool.mint, 1));
        let gem_pool = PoolKey::new(pool.market, mint_like(&mut self.world, &pool.mint, 2));
        let (sol, usdc) = (collateral_of(feed(self.oracle, "SOL")), pool_of(feed(self.oracle, "USDC")));
        let add = verb::add_collateral(&pool, &gem, dao, payer, &at("SOL").into(), sol);
        let create = verb::create_pool(&gem_pool, dao, payer, &at("USDC").into(), usdc);
        let world = &mut self.world;
        let list: [(&str, Instruction, &[&str], &[&str]); 8] = [
            ("borrow", world.borrow_instruction("bob", USDC), &["bob"], BOTH),
            ("withdraw_collateral", world.withdraw_collateral_instruction("bob", "SOL", SOL), &["bob"], BOTH),
            ("liquidate", world.liquidate_instruction("liz", "carl", "SOL", u64::MAX), &["liz"], BOTH),
            ("mark", world.mark_instruction("dora"), &[], BOTH),
            ("record_bad_debt", world.record_bad_debt_instruction("dora"), &[], BOTH),
            ("refresh_risk", world.refresh_risk_instruction("SOL"), &[], BOTH),
            (ADD, add, &["dao"], &["SOL"]),
            ("create_pool", create, &["dao"], &["USDC"]),
        ];
        let bound =
            |(name, instruction, signers, reads)| Reader { name, instruction: self.bound(instruction), signers, reads };
        list.into_iter().map(bound).collect()
    }

    /// The same instruction with the prices of the tests in place of the world's.
    fn bound(&self, instruction: Instruction) -> Instruction {
        let bind = |instruction, symbol| passing(instruction, self.world.price_account(symbol), at(symbol));
        SYMBOLS.into_iter().fold(instruction, bind)
    }

    pub(super) fn now(&self) -> i64 {
        self.world.now()
    }

    pub(super) fn put(&mut self, symbol: &str, account: Account) {
        self.world.set_account(at(symbol), account);
    }

    /// An account that says so much, now and for certain.
    fn at_dollars(&self, symbol: &str, dollars: u32) -> Account {
        match self.oracle {
            Network::Pyth => {
                let quote = Quote { price: u64::from(dollars) * 100_000_000, confidence: 0, exponent: -8 };
                price_update(&feed(self.oracle, symbol), &quote, self.now())
            }
            Network::Switchboard => {
                switchboard_feed(i128::from(dollars) * 10_i128.pow(18), 0, self.now(), 340_000_000, 3, 3)
            }
        }
    }

    /// Spoils the account of each token in turn, and checks that every instruction that reads it refuses it with this
    /// error.
    #[track_caller]
    pub(super) fn refuses(&mut self, error: &str, spoil: impl Fn(&mut Account)) {
        self.changed(Err(error), spoil);
    }

    /// Changes the account of each token in turn, and checks that every instruction that reads it goes through.
    #[track_caller]
    pub(super) fn reads(&mut self, change: impl Fn(&mut Account)) {
        self.changed(Ok(()), change);
    }

    /// Dates the account of each token in turn, and checks how old, and how far ahead of the clock, it may be.
    #[track_caller]
    pub(super) fn is_believed_for_a_minute_to_each_side(&mut self, date: impl Fn(&mut Account, i64)) {
        let now = self.now();
        for time in [now - 60, now, now + 60] {
            self.reads(|account| date(account, time));
        }
        for time in [now - 61, 0, -1, i64::MIN, i64::MIN + now, i64::MIN + now + 1] {
            self.refuses("StalePrice", |account| date(account, time));
        }
        for time in [now + 61, i64::MAX - 1, i64::MAX] {
            self.refuses("PriceFromFuture", |account| date(account, time));
        }
    }

    #[track_caller]
    fn changed(&mut self, expected: Result<(), &str>, change: impl Fn(&mut Account)) {
        for symbol in SYMBOLS {
            let account = self.account(symbol);
            let mut changed = account.clone();
            change(&mut changed);
            self.put(symbol, changed);
            self.elsewhere_of(symbol, at(symbol), expected);
            self.put(symbol, account);
        }
    }

    /// Checks what every instruction says that is passed this address for each token's price.
    #[track_caller]
    pub(super) fn elsewhere(&mut self, address: Address, expected: Result<(), &str>) {
        for symbol in SYMBOLS {
            self.elsewhere_of(symbol, address, expected);
        }
    }

    /// The same of one token.
    #[track_caller]
    pub(super) fn elsewhere_of(&mut self, symbol: &str, address: Address, expected: Result<(), &str>) {
        for Reader { name, instruction, signers, .. } in
            self.readers.iter().filter(|reader| reader.reads.contains(&symbol))
        {
            let instruction = passing(instruction.clone(), at(symbol), address);
            let outcome = undone(&mut self.world, &instruction, signers, |_, _| ());
            assert_eq!(typed(outcome), expected, "{name}, by the price of {symbol}");
        }
    }

    /// Checks that each of these spoilt accounts of SOL is refused, each by another instruction, in turn.
    #[track_caller]
    pub(super) fn refuses_in_turn(&mut self, error: &str, spoilt: impl Iterator<Item = Account>) {
        let account = self.account("SOL");
        let readers: Vec<_> = self.readers.iter().filter(|reader| reader.reads.contains(&"SOL")).collect();
        for (number, (spoilt, reader)) in spoilt.zip(readers.into_iter().cycle()).enumerate() {
            self.world.set_account(at("SOL"), spoilt);
            let outcome = self.world.execute(reader.instruction.clone(), reader.signers).map(drop);
            assert_eq!(typed(outcome), Err(error), "{}, by account {number}", reader.name);
        }
        self.put("SOL", account);
    }

    pub(super) fn account(&self, symbol: &str) -> Account {
        self.world.account(&at(symbol)).unwrap()
    }

    pub(super) fn set_account(&mut self, address: Address, account: Account) {
        self.world.set_account(address, account);
    }

    /// The average that a collateral begins with that is bound to SOL's feed.
    pub(super) fn begins_with(&mut self) -> Result<u128, &'static str> {
        let add = &self.readers.iter().find(|reader| reader.name == ADD).unwrap().instruction;
        typed(undone(&mut self.world, add, &["dao"], |world, _| average_of(world, add)))
    }
}

/// The average of the collateral that an instruction has listed.
pub(super) fn average_of(world: &World, add: &Instruction) -> u128 {
    let account = world.account(&add.address_of("collateral")).unwrap();
    Collateral::from_account_data(&account.data).unwrap().average.price
}

/// A new mint like another.
fn mint_like(world: &mut World, mint: &Address, byte: u8) -> Address {
    let (address, account) = (Address::new_from_array([byte; 32]), world.account(mint).unwrap());
    world.set_account(address, account);
    address
}

/// A pool of USDC at 1 USD, and a token `X` to be bound to what stands in an account of the tests.
pub(super) struct Listing {
    pub(super) world: World,
    pub(super) price: Address,
    /// Lists X.
    pub(super) add: Instruction,
}

impl Listing {
    /// At this time, of a token with these decimals.
    pub(super) fn new(price: Address, account: Account, feed: [u8; 32], decimals: u8, time: i64) -> Self {
        let setup = Setup { collaterals: vec![CollateralSetup::new("X", decimals, 1)], ..Setup::default() };
        let mut world = World::empty(&setup);
        world.advance(time - world.now(), 0);
        world.set_account(price, account);
        let (roles, payer) = (world.roles(), world.payer());
        world.execute(verb::create_market(&roles, payer, 0), &["dao"]).unwrap();
        let create_pool = world.create_pool_instruction(setup.parameters);
        world.execute(create_pool, &["dao"]).unwrap();
        let key = world.collateral_key("X");
        let add = verb::add_collateral(world.key(), &key, roles.authority, payer, &price.into(), collateral_of(feed));
        Self { world, price, add }
    }

    /// Lists X.
    pub(super) fn list(&mut self) -> Result<(), &'static str> {
        typed(self.world.execute(self.add.clone(), &["dao"]).map(drop))
    }

    /// Lists another token that is bound to the same feed.
    pub(super) fn another(&mut self) -> Instruction {
        let (dao, payer, pool) = (self.world.actor("dao"), self.world.payer(), *self.world.key());
        let key = CollateralKey::new(&pool.pool, mint_like(&mut self.world, &pool.mint, 1));
        let parameters = self.world.collateral("X").parameters;
        verb::add_collateral(&pool, &key, dao, payer, &self.price.into(), parameters)
    }

    /// The same instruction with this price of X in place of the world's.
    pub(super) fn bound(&self, instruction: Instruction) -> Instruction {
        passing(instruction, self.world.price_account("X"), self.price)
    }

    /// The pool opens, Alice pays in all she has, and Bob borrows so much of it against X.
    pub(super) fn lend(&mut self, units: u64, debt: u64) {
        self.world.open_pool(USDC).unwrap();
        self.world.deposit("alice", STARTING_BALANCE).unwrap();
        self.world.deposit_collateral("bob", "X", units).unwrap();
        self.borrow(debt).unwrap();
    }

    pub(super) fn borrow(&mut self, debt: u64) -> Result<(), &'static str> {
        let borrow = self.world.borrow_instruction("bob", debt);
        typed(self.world.execute(self.bound(borrow), &["bob"]).map(drop))
    }
}
