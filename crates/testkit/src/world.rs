//! The world: a runtime, a market with one pool, actors, prices, time.

use std::{borrow::Cow, collections::BTreeMap};

use backstop_client::{
    ClaimHolder, Collateral, InsuranceFund, InsuranceStake, LossLedger, LpPosition, Obligation, PROGRAM_ID, Pool,
    address, logs,
    verb::{self, CollateralKey, PoolKey},
};
use backstop_engine::price::Quote;
use litesvm::LiteSVM;
use solana_account::Account;
use solana_address::{Address, address as at};
use solana_clock::Clock;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::{
    Decimal, Failure, Receipt, Refusal, Setup, TokenSetup,
    accounts::{mint, price_update, token, token_balance},
};

/// What every actor has of every token at first, in base units.
pub const STARTING_BALANCE: u64 = 1 << 60;
/// When the world begins: the first of November 2022.
const GENESIS: i64 = 1_667_260_800;
/// Slots in a second: the cluster's target of 400 ms.
const SLOTS_PER_FIVE_SECONDS: u64 = 12;
/// Lamports of an account that the world puts in place: more than its rent.
const RENT: u64 = 10_000_000;
const ASSOCIATED_TOKEN: Address = at!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
const BUILT_PROGRAM: &[u8] = include_bytes!("../../../artifacts/backstop.so");

/// A token of the world.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) mint: Address,
    pub(crate) decimals: u8,
    pub(crate) price: Address,
    feed_id: [u8; 32],
    quote: Quote,
    age_seconds: i64,
}

/// A runtime with the built program, one pool, and actors that are known by name and exist once they are named.
pub struct World {
    pub(crate) svm: LiteSVM,
    payer: Keypair,
    actors: BTreeMap<String, Keypair>,
    pub(crate) key: PoolKey,
    pub(crate) liquidity: String,
    tokens: BTreeMap<String, Token>,
}

impl World {
    /// A world with this pool, created by the authority `dao`.
    ///
    /// # Panics
    /// If the setup is refused; a test that expects that uses [`World::try_new`].
    pub fn new(setup: Setup) -> Self {
        match Self::try_new(setup) {
            Ok(world) => world,
            Err(failure) => panic!("the setup was refused: {failure}\n{}", failure.logs.join("\n")),
        }
    }

    /// The same, or why the program refused it.
    ///
    /// # Errors
    /// If the program refuses the parameters.
    pub fn try_new(setup: Setup) -> Result<Self, Failure> {
        let mut world = Self::empty(&setup);
        let (payer, authority) = (world.payer.pubkey(), world.actor("dao"));
        world.execute(verb::create_market(authority, payer, 0), &["dao"])?;
        let mut parameters = setup.parameters;
        parameters.oracle.feed_id = feed_id(&setup.liquidity.symbol);
        world.execute(verb::create_pool(&world.key, authority, payer, parameters), &["dao"])?;
        for collateral in setup.collaterals {
            let key = world.collateral_key(&collateral.token.symbol);
            let mut parameters = collateral.parameters;
            parameters.oracle.feed_id = feed_id(&collateral.token.symbol);
            world.execute(verb::add_collateral(&world.key, &key, authority, payer, parameters), &["dao"])?;
        }
        Ok(world)
    }

    /// The runtime, the tokens and the prices of a setup, with no market yet.
    pub fn empty(setup: &Setup) -> Self {
        let mut svm = LiteSVM::new();
        if let Err(error) = svm.add_program(PROGRAM_ID, &built_program()) {
            panic!("the runtime refuses the built program: {error:?}");
        }
        svm.set_sysvar(&Clock { slot: 1_000, unix_timestamp: GENESIS, ..Clock::default() });
        let payer = keypair("the payer of fees and rent");
        let liquidity = setup.liquidity.symbol.clone();
        let key = PoolKey::new(address::market(0), address_of("mint", &liquidity));
        let mut world = Self { svm, payer, actors: BTreeMap::new(), key, liquidity, tokens: BTreeMap::new() };
        world.set_account(world.payer.pubkey(), wallet());
        world.add_token(&setup.liquidity);
        setup.collaterals.iter().for_each(|collateral| world.add_token(&collateral.token));
        world
    }

    /// Bytes of the built program.
    pub fn program_size() -> u64 {
        u64::try_from(built_program().len()).unwrap_or(u64::MAX)
    }

    fn add_token(&mut self, setup: &TokenSetup) {
        let none = Decimal { digits: 0, places: 0 };
        let Ok(quote) = setup.price.quote(&none) else { panic!("{} has no usable price", setup.symbol) };
        let token = Token {
            mint: address_of("mint", &setup.symbol),
            decimals: setup.decimals,
            price: address_of("price", &setup.symbol),
            feed_id: feed_id(&setup.symbol),
            quote,
            age_seconds: 0,
        };
        self.set_account(token.mint, mint(setup.decimals, STARTING_BALANCE));
        self.tokens.insert(setup.symbol.clone(), token);
        self.publish();
    }

    pub(crate) fn token(&self, symbol: &str) -> &Token {
        match self.tokens.get(symbol) {
            Some(token) => token,
            None => panic!("this world has no token {symbol}"),
        }
    }

    /// The symbols of all tokens.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// The symbol of the liquidity token.
    pub fn liquidity(&self) -> &str {
        &self.liquidity
    }

    /// Decimals of a token.
    pub fn decimals(&self, symbol: &str) -> u8 {
        self.token(symbol).decimals
    }

    /// The pool's addresses.
    pub fn key(&self) -> &PoolKey {
        &self.key
    }

    /// A collateral's addresses.
    pub fn collateral_key(&self, symbol: &str) -> CollateralKey {
        CollateralKey::new(&self.key.pool, self.token(symbol).mint)
    }

    /// The account that a token's price is published in.
    pub fn price_account(&self, symbol: &str) -> Address {
        self.token(symbol).price
    }

    /// The payer of fees and rent.
    pub fn payer(&self) -> Address {
        self.payer.pubkey()
    }

    /// An actor's wallet. One who is named for the first time comes with a balance of every token.
    pub fn actor(&mut self, name: &str) -> Address {
        if let Some(actor) = self.actors.get(name) {
            return actor.pubkey();
        }
        let actor = keypair(name);
        let owner = actor.pubkey();
        self.actors.insert(name.into(), actor);
        self.set_account(owner, wallet());
        for symbol in self.tokens.keys().cloned().collect::<Vec<_>>() {
            self.set_balance(name, &symbol, STARTING_BALANCE);
        }
        owner
    }

    /// The actors named so far.
    pub fn actors(&self) -> impl Iterator<Item = &str> {
        self.actors.keys().map(String::as_str)
    }

    /// An actor's token account, at the associated address.
    pub fn wallet(&mut self, name: &str, symbol: &str) -> Address {
        let owner = self.actor(name);
        associated(&owner, &self.token(symbol).mint)
    }

    /// Gives an actor exactly this balance.
    pub fn set_balance(&mut self, name: &str, symbol: &str, units: u64) {
        let (wallet, owner, mint) = (self.wallet(name, symbol), self.actor(name), self.token(symbol).mint);
        self.set_account(wallet, token(&mint, &owner, units));
    }

    /// An actor's balance.
    pub fn balance(&mut self, name: &str, symbol: &str) -> u64 {
        let wallet = self.wallet(name, symbol);
        self.balance_at(&wallet)
    }

    /// The balance of a token account; none if there is no such account.
    pub fn balance_at(&self, wallet: &Address) -> u64 {
        self.svm.get_account(wallet).and_then(|account| token_balance(&account.data)).unwrap_or(0)
    }

    /// Puts an account into the world as it is.
    ///
    /// # Panics
    /// If the runtime refuses it.
    pub fn set_account(&mut self, address: Address, account: Account) {
        if let Err(error) = self.svm.set_account(address, account) {
            panic!("the runtime refuses the account {address}: {error:?}");
        }
    }

    /// An account as it is.
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.svm.get_account(address)
    }

    /// Sets a token's price; it is published anew before every transaction, so that it stays this old.
    pub fn set_price(&mut self, symbol: &str, quote: Quote, age_seconds: i64) {
        let Some(token) = self.tokens.get_mut(symbol) else { panic!("this world has no token {symbol}") };
        (token.quote, token.age_seconds) = (quote, age_seconds);
        self.publish();
    }

    /// Sets a token's price to whole dollars, certain and fresh.
    pub fn set_dollars(&mut self, symbol: &str, dollars: u64) {
        self.set_price(symbol, Quote { price: dollars, confidence: 0, exponent: 0 }, 0);
    }

    /// A token's price.
    pub fn quote(&self, symbol: &str) -> Quote {
        self.token(symbol).quote
    }

    fn publish(&mut self) {
        let now = self.now();
        for token in self.tokens.values().cloned().collect::<Vec<_>>() {
            let update = price_update(&token.feed_id, &token.quote, now.saturating_sub(token.age_seconds));
            self.set_account(token.price, update);
        }
    }

    /// The chain's time.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// Lets time pass, and with it slots.
    pub fn wait(&mut self, seconds: u64) {
        let slots = seconds.saturating_mul(SLOTS_PER_FIVE_SECONDS).div_ceil(5);
        self.advance(i64::try_from(seconds).unwrap_or(i64::MAX), slots);
    }

    /// Moves the clock and the slot.
    pub fn advance(&mut self, seconds: i64, slots: u64) {
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.unix_timestamp = clock.unix_timestamp.saturating_add(seconds);
        clock.slot = clock.slot.saturating_add(slots);
        self.svm.set_sysvar(&clock);
        self.publish();
    }

    /// Runs one instruction as a transaction in a slot of its own, signed by these actors.
    ///
    /// # Errors
    /// Why it failed. Then nothing has changed.
    pub fn execute(&mut self, instruction: Instruction, signers: &[&str]) -> Result<Receipt, Failure> {
        self.execute_all(&[instruction], signers)
    }

    /// Runs several instructions as one transaction in a slot of its own, signed by these actors.
    ///
    /// # Errors
    /// Why it failed. Then nothing has changed.
    pub fn execute_all(&mut self, instructions: &[Instruction], signers: &[&str]) -> Result<Receipt, Failure> {
        self.advance(0, 1);
        for name in signers {
            self.actor(name);
        }
        self.svm.expire_blockhash();
        let message =
            Message::new_with_blockhash(instructions, Some(&self.payer.pubkey()), &self.svm.latest_blockhash());
        let keys: Vec<&Keypair> =
            core::iter::once(&self.payer).chain(signers.iter().filter_map(|name| self.actors.get(*name))).collect();
        let transaction = match VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keys) {
            Ok(transaction) => transaction,
            Err(error) => panic!("{signers:?} cannot sign this transaction: {error}"),
        };
        match self.svm.send_transaction(transaction) {
            Ok(done) => {
                let logged = logs::read(&done.logs);
                assert!(!logged.truncated, "the runtime cut the log of one instruction");
                Ok(Receipt { compute_units: done.compute_units_consumed, events: logged.events })
            }
            Err(failed) => Err(Failure {
                refusal: Refusal::new(failed.err),
                compute_units: failed.meta.compute_units_consumed,
                logs: failed.meta.logs,
            }),
        }
    }

    fn read<T>(&self, address: &Address, parse: fn(&[u8]) -> Option<T>) -> Option<T> {
        parse(&self.svm.get_account(address)?.data)
    }

    /// The pool account.
    ///
    /// # Panics
    /// If it was not created.
    pub fn pool(&self) -> Pool {
        match self.read(&self.key.pool, Pool::from_account_data) {
            Some(pool) => pool,
            None => panic!("this world has no pool yet"),
        }
    }

    /// The insurance fund's account.
    ///
    /// # Panics
    /// If it was not created.
    pub fn fund(&self) -> InsuranceFund {
        match self.read(&self.key.insurance_fund, InsuranceFund::from_account_data) {
            Some(fund) => fund,
            None => panic!("this world has no insurance fund yet"),
        }
    }

    /// A collateral's account.
    ///
    /// # Panics
    /// If it was not listed.
    pub fn collateral(&self, symbol: &str) -> Collateral {
        match self.read(&self.collateral_key(symbol).collateral, Collateral::from_account_data) {
            Some(collateral) => collateral,
            None => panic!("{symbol} is not listed as collateral"),
        }
    }

    /// An actor's LP position, if opened.
    pub fn position(&mut self, name: &str) -> Option<LpPosition> {
        let owner = self.actor(name);
        self.position_of(&owner)
    }

    /// The LP position of a wallet, if opened.
    pub fn position_of(&self, owner: &Address) -> Option<LpPosition> {
        self.read(&address::position(&self.key.pool, owner), LpPosition::from_account_data)
    }

    /// Spreads an LP's shares: gives `shares` each to this many strangers, in real accounts at their real addresses. The
    /// pool's totals stay, so what costs must not depend on the number of LPs can be compared to the unit.
    ///
    /// # Panics
    /// If the actor has no position or too few shares.
    pub fn spread_shares(&mut self, who: &str, strangers: u32, shares: u64) {
        let (Some(held), owner, pool) = (self.position(who), self.actor(who), self.key.pool) else {
            panic!("{who} has no position")
        };
        let given = shares.checked_mul(u64::from(strangers)).and_then(|given| held.holder.shares.checked_sub(given));
        let Some(left) = given else { panic!("{who} has too few shares") };
        self.put_position(address::position(&pool, &owner), &with_shares(&held, left));
        for number in 0..strangers {
            let owner = Self::stranger(number);
            let seeds = [b"lp", pool.as_ref(), owner.as_ref()];
            let (address, bump) = Address::find_program_address(&seeds, &PROGRAM_ID);
            self.put_position(address, &LpPosition { owner, bump, ..with_shares(&held, shares) });
        }
    }

    /// The wallet of one of the strangers of [`World::spread_shares`].
    pub fn stranger(number: u32) -> Address {
        address_of("stranger", &number.to_string())
    }

    fn put_position(&mut self, address: Address, position: &LpPosition) {
        let data = position.to_account_data();
        self.set_account(address, Account { lamports: RENT, data, owner: PROGRAM_ID, ..Account::default() });
    }

    /// The loss ledger's account.
    ///
    /// # Panics
    /// If it was not created.
    pub fn loss_ledger(&self) -> LossLedger {
        match self.read(&self.key.loss_ledger, LossLedger::from_account_data) {
            Some(ledger) => ledger,
            None => panic!("this world has no loss ledger yet"),
        }
    }

    /// An actor's insurance stake, if opened.
    pub fn stake_of(&mut self, name: &str) -> Option<InsuranceStake> {
        let owner = self.actor(name);
        self.read(&address::stake(&self.key.insurance_fund, &owner), InsuranceStake::from_account_data)
    }

    /// Where an actor's obligation is.
    pub fn obligation_address(&mut self, name: &str) -> Address {
        let owner = self.actor(name);
        address::obligation(&self.key.pool, &owner)
    }

    /// An actor's obligation, if opened.
    pub fn obligation(&mut self, name: &str) -> Option<Obligation> {
        let address = self.obligation_address(name);
        self.read(&address, Obligation::from_account_data)
    }

    /// The symbol of a collateral account.
    pub fn symbol_of(&self, collateral: &Address) -> Option<&str> {
        self.tokens.keys().map(String::as_str).find(|symbol| self.collateral_key(symbol).collateral == *collateral)
    }
}

fn with_shares(position: &LpPosition, shares: u64) -> LpPosition {
    LpPosition { holder: ClaimHolder { shares, ..position.holder }, ..*position }
}

/// The program that `BACKSTOP_PROGRAM` names, or the committed one.
fn built_program() -> Cow<'static, [u8]> {
    let Some(path) = std::env::var_os("BACKSTOP_PROGRAM") else { return Cow::Borrowed(BUILT_PROGRAM) };
    match std::fs::read(&path) {
        Ok(program) => Cow::Owned(program),
        Err(error) => panic!("BACKSTOP_PROGRAM names {}, which cannot be read: {error}", path.display()),
    }
}

fn wallet() -> Account {
    Account { lamports: 1_000_000_000_000, ..Account::default() }
}

fn associated(owner: &Address, mint: &Address) -> Address {
    let seeds = [owner.as_ref(), verb::TOKEN_PROGRAM.as_ref(), mint.as_ref()];
    Address::find_program_address(&seeds, &ASSOCIATED_TOKEN).0
}

/// The same key for the same name, in every run.
fn keypair(name: &str) -> Keypair {
    Keypair::new_from_array(address_of("key", name).to_bytes())
}

/// Thirty-two bytes that follow from two names.
fn address_of(kind: &str, name: &str) -> Address {
    Address::find_program_address(&[kind.as_bytes(), name.as_bytes()], &PROGRAM_ID).0
}

fn feed_id(symbol: &str) -> [u8; 32] {
    address_of("feed", symbol).to_bytes()
}
