//! The world: a runtime, a market with one pool, actors, prices, time.

use std::{borrow::Cow, collections::BTreeMap};

use backstop_client::{
    AccountData, Collateral, InsuranceFund, InsuranceStake, LossBook, LossClaim, LpPosition, Market, Obligation,
    OracleParameters, PROGRAM_ID, ParameterChange, Pool, PoolParameters, ShareHolder, address, logs, token,
    verb::{self, CollateralKey, MarketRoles, PoolKey, PriceAccounts},
};
use backstop_engine::{bounds::MIN_INITIAL_DONATION, history::FIRST_ROWS, price::Quote, quantity::Bps};
use backstop_text::Decimal;
use litesvm::{LiteSVM, types::FailedTransactionMetadata};
use solana_account::Account;
use solana_address::Address;
use solana_clock::Clock;
use solana_hash::Hash;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::{Message, VersionedMessage};
use solana_signer::Signer;
use solana_transaction::versioned::VersionedTransaction;

use crate::{
    CollateralSetup, Extension, Failure, Feed, Network, Receipt, Refusal, Setup, TokenSetup,
    accounts::{self, price_update, put_token_balance},
    setup::{settled, settled_collateral},
    switchboard::switchboard_feed,
    token_2022,
};

/// Every actor's initial balance of every token, in base units.
pub const STARTING_BALANCE: u64 = 1 << 60;
/// The initial Unix time: 1 November 2022.
const GENESIS: i64 = 1_667_260_800;
/// The duration of a slot, the cluster's target.
const SLOT_MILLISECONDS: u64 = 400;
/// Lamports of accounts that the world creates: more than their rent.
const RENT: u64 = 10_000_000;
/// The committed program.
pub const BUILT_PROGRAM: &[u8] = include_bytes!("../../../artifacts/backstop.so");

/// A token of the world.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) mint: Address,
    program: Address,
    pub(crate) decimals: u8,
    pub(crate) first: PublishedPrice,
    pub(crate) second: Option<PublishedPrice>,
}

/// A price, republished before every transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublishedPrice {
    oracle: Network,
    account: Address,
    pyth_id: [u8; 32],
    quote: Quote,
    age_seconds: i64,
}

impl PublishedPrice {
    fn new(oracle: Network, name: &str, quote: Quote) -> Self {
        let pyth_id = address_of("feed", name).to_bytes();
        Self { oracle, account: address_of("price", name), pyth_id, quote, age_seconds: 0 }
    }

    /// The feed id, or the feed's address, as in the parameters.
    fn feed(&self) -> [u8; 32] {
        match self.oracle {
            Network::Pyth => self.pyth_id,
            Network::Switchboard => self.account.to_bytes(),
        }
    }

    fn account_data(&self, now: i64, slot: u64) -> Account {
        let time = now.saturating_sub(self.age_seconds);
        match self.oracle {
            Network::Pyth => price_update(&self.pyth_id, &self.quote, time),
            Network::Switchboard => {
                let power = self.quote.exponent.checked_add(18).and_then(|power| u32::try_from(power).ok());
                let Some(power) = power.and_then(|power| 10_i128.checked_pow(power)) else {
                    panic!("{:?} has more than eighteen decimal places", self.quote)
                };
                let value = |digits: u64| i128::from(digits).saturating_mul(power);
                switchboard_feed(value(self.quote.price), value(self.quote.confidence), time, slot, 3, 3)
            }
        }
    }
}

impl Token {
    /// The accounts of its price.
    pub(crate) fn price(&self) -> PriceAccounts {
        PriceAccounts { first: self.first.account, second: self.second.map(|second| second.account) }
    }

    /// Sets the feeds in oracle parameters.
    fn bind(&self, oracle: &mut OracleParameters) {
        oracle.feed = self.first.feed();
        oracle.second_feed = self.second.map_or([0; 32], |second| second.feed());
    }
}

/// A runtime with the built program, one pool, and named actors, who are created on first use.
pub struct World {
    pub(crate) svm: LiteSVM,
    payer: Keypair,
    actors: BTreeMap<String, Keypair>,
    pub(crate) key: PoolKey,
    pub(crate) liquidity: String,
    tokens: BTreeMap<String, Token>,
}

impl World {
    /// Creates a world with a pool, created and opened by the authority `dao`.
    ///
    /// # Panics
    /// If the program refuses the setup. A test that expects that uses [`World::try_new`].
    pub fn new(setup: Setup) -> Self {
        match Self::try_new(setup) {
            Ok(world) => world,
            Err(failure) => panic!("the setup was refused: {failure}\n{}", failure.logs.join("\n")),
        }
    }

    /// Like [`World::new`], but returns the program's refusal.
    ///
    /// # Errors
    /// If the program refuses the parameters, or the initial donation.
    pub fn try_new(setup: Setup) -> Result<Self, Failure> {
        let donation = setup.initial_donation;
        let mut world = Self::closed(setup)?;
        world.open_pool(if donation == 0 { MIN_INITIAL_DONATION } else { donation })?;
        if donation == 0 {
            world.empty_fund();
        }
        Ok(world)
    }

    /// Like [`World::try_new`], but does not open the pool.
    ///
    /// # Errors
    /// If the program refuses the parameters.
    pub fn closed(setup: Setup) -> Result<Self, Failure> {
        let mut world = Self::empty(&setup);
        let (roles, payer) = (world.roles(), world.payer());
        world.execute(verb::create_market(&roles, payer, 0), &["dao"])?;
        let create_pool = world.create_pool_instruction(setup.parameters);
        world.execute(create_pool, &["dao"])?;
        for collateral in setup.collaterals {
            world.add_collateral(&collateral)?;
        }
        Ok(world)
    }

    /// Opens the pool: `dao` founds its insurance fund.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn open_pool(&mut self, donation: u64) -> Result<Receipt, Failure> {
        let instruction = self.open_pool_instruction(donation);
        self.execute(instruction, &["dao"])
    }

    /// The instruction of [`World::open_pool`].
    pub fn open_pool_instruction(&mut self, donation: u64) -> Instruction {
        let (dao, liquidity) = (self.actor("dao"), self.liquidity.clone());
        let source = self.wallet("dao", &liquidity);
        verb::open_pool(&self.key, dao, source, donation)
    }

    /// Empties the fund and returns the founding donation to `dao`.
    fn empty_fund(&mut self) {
        let (at, vault, liquidity) = (self.key.insurance_fund, self.key.vault, self.liquidity.clone());
        let fund = InsuranceFund { assets: 0, protocol_shares: 0, ..self.fund() };
        let mut account = self.account(&at).unwrap_or_default();
        account.data = fund.to_account_data();
        self.set_account(at, account);
        let mut account = self.account(&vault).unwrap_or_default();
        put_token_balance(&mut account.data, 0);
        self.set_account(vault, account);
        self.set_balance("dao", &liquidity, STARTING_BALANCE);
    }

    /// The market's roles: the authority `dao`, the guardian `guardian` and the treasury `treasury`, with a timelock of
    /// a day.
    pub fn roles(&mut self) -> MarketRoles {
        MarketRoles {
            authority: self.actor("dao"),
            guardian: self.actor("guardian"),
            treasury: self.actor("treasury"),
            timelock_seconds: 86_400,
        }
    }

    /// The instruction that creates the world's pool. Sets the feeds.
    pub fn create_pool_instruction(&mut self, parameters: PoolParameters) -> Instruction {
        let mut parameters = settled(parameters);
        let (authority, payer) = (self.actor("dao"), self.payer());
        let liquidity = self.token(&self.liquidity);
        liquidity.bind(&mut parameters.oracle);
        verb::create_pool(&self.key, authority, payer, &liquidity.price(), parameters)
    }

    /// Lists a collateral. The world must have its token.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn add_collateral(&mut self, collateral: &CollateralSetup) -> Result<Receipt, Failure> {
        let instruction = self.add_collateral_instruction(collateral);
        self.execute(instruction, &["dao"])
    }

    /// The instruction of [`World::add_collateral`].
    pub fn add_collateral_instruction(&mut self, collateral: &CollateralSetup) -> Instruction {
        let (authority, payer) = (self.actor("dao"), self.payer());
        let (token, key) = (self.token(&collateral.token.symbol), self.collateral_key(&collateral.token.symbol));
        let mut parameters = settled_collateral(collateral.parameters);
        token.bind(&mut parameters.oracle);
        verb::add_collateral(&self.key, &key, authority, payer, &token.price(), parameters)
    }

    /// Creates a world with the tokens and prices of a setup, but no market.
    pub fn empty(setup: &Setup) -> Self {
        let mut svm = LiteSVM::new();
        if let Err(error) = svm.add_program(PROGRAM_ID, &built_program()) {
            panic!("the runtime refuses the built program: {error:?}");
        }
        svm.set_sysvar(&Clock { slot: 1_000, unix_timestamp: GENESIS, ..Clock::default() });
        let payer = keypair("the payer of fees and rent");
        let liquidity = setup.liquidity.symbol.clone();
        let (mint, program) = mint_of(&setup.liquidity);
        let key = PoolKey::new(address::market(&keypair("dao").pubkey(), 0), mint).with_token_program(program);
        let mut world = Self { svm, payer, actors: BTreeMap::new(), key, liquidity, tokens: BTreeMap::new() };
        world.set_account(world.payer.pubkey(), wallet());
        world.add_token(&setup.liquidity);
        setup.collaterals.iter().for_each(|collateral| world.add_token(&collateral.token));
        world
    }

    /// Size of the built program in bytes.
    pub fn program_size() -> u64 {
        u64::try_from(built_program().len()).unwrap_or(u64::MAX)
    }

    /// Adds another program.
    ///
    /// # Panics
    /// If the runtime refuses it.
    pub fn add_program(&mut self, address: Address, program: &[u8]) {
        if let Err(error) = self.svm.add_program(address, program) {
            panic!("the runtime refuses the program {address}: {error:?}");
        }
    }

    /// Adds a token.
    ///
    /// # Panics
    /// If its price is unusable, or Token-2022 refuses its mint.
    pub fn add_token(&mut self, setup: &TokenSetup) {
        let none = Decimal { digits: 0, places: 0 };
        let Ok(quote) = setup.price.quote(&none) else { panic!("{} has no usable price", setup.symbol) };
        let (mint, program) = mint_of(setup);
        let token = Token {
            mint,
            program,
            decimals: setup.decimals,
            first: PublishedPrice::new(setup.feed, &setup.symbol, quote),
            second: setup
                .second_feed
                .map(|oracle| PublishedPrice::new(oracle, &format!("{}, second", setup.symbol), quote)),
        };
        match &setup.token_2022 {
            None => self.set_account(token.mint, accounts::mint(None, setup.decimals, STARTING_BALANCE)),
            Some(extensions) => {
                if let Err(failure) = self.create_mint(&setup.symbol, setup.decimals, extensions) {
                    panic!("Token-2022 refuses the mint of {}: {failure}\n{}", setup.symbol, failure.logs.join("\n"));
                }
            }
        }
        self.tokens.insert(setup.symbol.clone(), token);
        self.publish();
    }

    /// Creates a Token-2022 mint with these extensions. Its authority is the payer. For a group member, creates the
    /// group first.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn create_mint(&mut self, name: &str, decimals: u8, extensions: &[Extension]) -> Result<Address, Failure> {
        let (payer, key, group) = (self.payer.insecure_clone(), mint_keypair(name), mint_keypair("group"));
        let (authority, mint, group_mint) = (payer.pubkey(), key.pubkey(), group.pubkey());
        if extensions.contains(&Extension::TokenGroupMember) && self.account(&group_mint).is_none() {
            let of_group = [Extension::GroupPointer, Extension::TokenGroup];
            let make = token_2022::create_mint(&group_mint, &authority, 0, &of_group, &group_mint);
            self.send(&make, &[group])?;
        }
        let make = token_2022::create_mint(&mint, &authority, decimals, extensions, &group_mint);
        self.send(&make, &[key])?;
        Ok(mint)
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
        let token = self.token(symbol);
        CollateralKey::new(&self.key.pool, token.mint).with_token_program(token.program)
    }

    /// The account of a token's first price feed.
    pub fn price_account(&self, symbol: &str) -> Address {
        self.token(symbol).first.account
    }

    /// The accounts of a token's price feeds.
    pub fn price_accounts(&self, symbol: &str) -> PriceAccounts {
        self.token(symbol).price()
    }

    /// The payer of fees and rent.
    pub fn payer(&self) -> Address {
        self.payer.pubkey()
    }

    /// An actor's wallet. Creates the actor on first use, with a balance of every token.
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
        associated(&owner, self.token(symbol))
    }

    /// Sets an actor's balance.
    pub fn set_balance(&mut self, name: &str, symbol: &str, units: u64) {
        let (wallet, owner, token) = (self.wallet(name, symbol), self.actor(name), self.token(symbol).clone());
        let account = match token.program {
            verb::TOKEN_2022_PROGRAM => self.open_account(&wallet, &owner, &token.mint, units),
            _ => accounts::token(&token.mint, &owner, units),
        };
        self.set_account(wallet, account);
    }

    /// A token account opened by the Token-2022 program, with this balance.
    fn open_account(&mut self, wallet: &Address, owner: &Address, mint: &Address, units: u64) -> Account {
        let open = token::create_associated(self.payer.pubkey(), *owner, *mint, verb::TOKEN_2022_PROGRAM);
        if let Err(failure) = self.send(&[open], &[]) {
            panic!("Token-2022 refuses the account: {failure}\n{}", failure.logs.join("\n"));
        }
        let mut account = self.account(wallet).unwrap_or_default();
        put_token_balance(&mut account.data, units);
        account
    }

    /// An actor's balance.
    pub fn balance(&mut self, name: &str, symbol: &str) -> u64 {
        let wallet = self.wallet(name, symbol);
        self.balance_at(&wallet)
    }

    /// The balance of a token account. Zero if there is no such account.
    pub fn balance_at(&self, wallet: &Address) -> u64 {
        self.svm.get_account(wallet).and_then(|account| token::amount(&account.data)).unwrap_or(0)
    }

    /// Writes an account.
    ///
    /// # Panics
    /// If the runtime refuses it.
    pub fn set_account(&mut self, address: Address, account: Account) {
        if let Err(error) = self.svm.set_account(address, account) {
            panic!("the runtime refuses the account {address}: {error:?}");
        }
    }

    /// Reads an account.
    pub fn account(&self, address: &Address) -> Option<Account> {
        self.svm.get_account(address)
    }

    /// Sets a token's price on all its feeds. The price is republished before every transaction, so that its age stays
    /// the same.
    pub fn set_price(&mut self, symbol: &str, quote: Quote, age_seconds: i64) {
        self.set_feed(symbol, Feed::First, quote, age_seconds);
        if self.token(symbol).second.is_some() {
            self.set_feed(symbol, Feed::Second, quote, age_seconds);
        }
    }

    /// Sets the price of one of a token's feeds.
    ///
    /// # Panics
    /// If the token has no such feed.
    pub fn set_feed(&mut self, symbol: &str, feed: Feed, quote: Quote, age_seconds: i64) {
        let token = self.tokens.get_mut(symbol);
        let published = token.and_then(|token| match feed {
            Feed::First => Some(&mut token.first),
            Feed::Second => token.second.as_mut(),
        });
        let Some(published) = published else { panic!("this world has no such feed of {symbol}") };
        (published.quote, published.age_seconds) = (quote, age_seconds);
        self.publish();
    }

    /// Whether a token has a second feed.
    pub fn has_second_feed(&self, symbol: &str) -> bool {
        self.token(symbol).second.is_some()
    }

    /// Sets a token's price to whole dollars, with no confidence interval and no age.
    pub fn set_dollars(&mut self, symbol: &str, dollars: u64) {
        self.set_price(symbol, Quote { price: dollars, confidence: 0, exponent: 0 }, 0);
    }

    /// A token's price on its primary feed.
    pub fn quote(&self, symbol: &str) -> Quote {
        self.token(symbol).first.quote
    }

    /// A token's price as the program takes it. With a second feed, its interval covers both.
    ///
    /// # Errors
    /// As [`Quote::and`].
    pub fn conservative_quote(&self, symbol: &str) -> backstop_engine::Result<Quote> {
        let token = self.token(symbol);
        let Some(second) = token.second else { return Ok(token.first.quote) };
        let oracle = if symbol == self.liquidity {
            self.pool().parameters.oracle
        } else {
            self.collateral(symbol).parameters.oracle
        };
        token.first.quote.and(second.quote, Bps::new(oracle.max_divergence_bps))
    }

    fn publish(&mut self) {
        let clock = self.svm.get_sysvar::<Clock>();
        let prices: Vec<_> =
            self.tokens.values().flat_map(|token| [Some(token.first), token.second]).flatten().collect();
        for price in prices {
            self.set_account(price.account, price.account_data(clock.unix_timestamp, clock.slot));
        }
    }

    /// The chain's Unix time.
    pub fn now(&self) -> i64 {
        self.svm.get_sysvar::<Clock>().unix_timestamp
    }

    /// The chain's slot: that of the last transaction, unless time has passed since.
    pub fn slot(&self) -> u64 {
        self.svm.get_sysvar::<Clock>().slot
    }

    /// Advances the time, and the slots with it.
    pub fn wait(&mut self, seconds: u64) {
        let slots = seconds.saturating_mul(1_000).div_ceil(SLOT_MILLISECONDS);
        self.advance(i64::try_from(seconds).unwrap_or(i64::MAX), slots);
    }

    /// Advances the clock and the slot.
    pub fn advance(&mut self, seconds: i64, slots: u64) {
        let mut clock = self.svm.get_sysvar::<Clock>();
        clock.unix_timestamp = clock.unix_timestamp.saturating_add(seconds);
        clock.slot = clock.slot.saturating_add(slots);
        self.svm.set_sysvar(&clock);
        self.publish();
    }

    /// Executes one instruction as a transaction in its own slot, signed by these actors.
    ///
    /// # Errors
    /// If the transaction fails. Then nothing has changed.
    pub fn execute(&mut self, instruction: Instruction, signers: &[&str]) -> Result<Receipt, Failure> {
        self.execute_all(&[instruction], signers)
    }

    /// Executes several instructions as one transaction in its own slot, signed by these actors.
    ///
    /// # Errors
    /// If the transaction fails. Then nothing has changed.
    pub fn execute_all(&mut self, instructions: &[Instruction], signers: &[&str]) -> Result<Receipt, Failure> {
        self.advance(0, 1);
        let keys = self.keys(signers);
        self.send(instructions, &keys)
    }

    fn keys(&mut self, names: &[&str]) -> Vec<Keypair> {
        for name in names {
            self.actor(name);
        }
        names.iter().filter_map(|name| self.actors.get(*name)).map(Keypair::insecure_clone).collect()
    }

    /// An instruction as a transaction for another runtime, with its blockhash: signed by the payer and these actors.
    pub fn signed(&mut self, instruction: Instruction, signers: &[&str], blockhash: Hash) -> VersionedTransaction {
        let keys = self.keys(signers);
        self.sign(&[instruction], &keys, &blockhash)
    }

    /// Simulates an instruction that only the payer signs, and returns its return data. Nothing changes.
    ///
    /// # Errors
    /// If the instruction fails.
    pub fn returned(&mut self, instruction: Instruction) -> Result<Vec<u8>, Failure> {
        let transaction = self.transaction(&[instruction], &[]);
        match self.svm.simulate_transaction(transaction) {
            Ok(done) => Ok(done.meta.return_data.data),
            Err(failed) => Err(failure(failed)),
        }
    }

    /// Builds a transaction, signed by the payer and these keys.
    fn transaction(&mut self, instructions: &[Instruction], signers: &[Keypair]) -> VersionedTransaction {
        self.svm.expire_blockhash();
        let blockhash = self.svm.latest_blockhash();
        self.sign(instructions, signers, &blockhash)
    }

    fn sign(&self, instructions: &[Instruction], signers: &[Keypair], blockhash: &Hash) -> VersionedTransaction {
        let message = Message::new_with_blockhash(instructions, Some(&self.payer.pubkey()), blockhash);
        let keys: Vec<&Keypair> = core::iter::once(&self.payer).chain(signers).collect();
        match VersionedTransaction::try_new(VersionedMessage::Legacy(message), &keys) {
            Ok(transaction) => transaction,
            Err(error) => panic!("this transaction cannot be signed: {error}"),
        }
    }

    /// Sends a transaction, signed by the payer and these keys.
    fn send(&mut self, instructions: &[Instruction], signers: &[Keypair]) -> Result<Receipt, Failure> {
        let transaction = self.transaction(instructions, signers);
        match self.svm.send_transaction(transaction) {
            Ok(done) => {
                let logged = logs::read(&done.logs);
                assert!(!logged.truncated, "the runtime cut the log of one instruction");
                Ok(Receipt { compute_units: done.compute_units_consumed, events: logged.events })
            }
            Err(failed) => Err(failure(failed)),
        }
    }

    fn read<T>(&self, address: &Address, parse: fn(&[u8]) -> Option<T>) -> Option<T> {
        parse(&self.svm.get_account(address)?.data)
    }

    /// The pool account.
    ///
    /// # Panics
    /// If it does not exist.
    pub fn pool(&self) -> Pool {
        match self.read(&self.key.pool, Pool::from_account_data) {
            Some(pool) => pool,
            None => panic!("this world has no pool yet"),
        }
    }

    /// The market's account.
    ///
    /// # Panics
    /// If it does not exist.
    pub fn market(&self) -> Market {
        match self.read(&self.key.market, Market::from_account_data) {
            Some(market) => market,
            None => panic!("this world has no market yet"),
        }
    }

    /// The change queued under a nonce, if any.
    pub fn change(&self, nonce: u64) -> Option<ParameterChange> {
        self.read(&address::change(&self.key.market, nonce), ParameterChange::from_account_data)
    }

    /// The insurance fund's account.
    ///
    /// # Panics
    /// If it does not exist.
    pub fn fund(&self) -> InsuranceFund {
        match self.read(&self.key.insurance_fund, InsuranceFund::from_account_data) {
            Some(fund) => fund,
            None => panic!("this world has no insurance fund yet"),
        }
    }

    /// A collateral's account.
    ///
    /// # Panics
    /// If it is not listed.
    pub fn collateral(&self, symbol: &str) -> Collateral {
        match self.read(&self.collateral_key(symbol).collateral, Collateral::from_account_data) {
            Some(collateral) => collateral,
            None => panic!("{symbol} is not listed as collateral"),
        }
    }

    /// An actor's LP position, if open.
    pub fn position(&mut self, name: &str) -> Option<LpPosition> {
        let owner = self.actor(name);
        self.position_of(&owner)
    }

    /// The LP position of a wallet, if open.
    pub fn position_of(&self, owner: &Address) -> Option<LpPosition> {
        self.read(&address::position(&self.key.pool, owner), LpPosition::from_account_data)
    }

    /// Spreads an LP's shares: gives `shares` each to this many strangers, in real accounts at their real addresses.
    /// The pool's totals stay the same, so costs that must not depend on the number of LPs can be compared exactly.
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
        let mut data = position.to_account_data();
        let rows = FIRST_ROWS.saturating_mul(20);
        data.resize(LpPosition::SIZE.saturating_add(usize::try_from(rows).unwrap_or(0)), 0);
        self.set_account(address, Account { lamports: RENT, data, owner: PROGRAM_ID, ..Account::default() });
    }

    /// The loss book's account.
    ///
    /// # Panics
    /// If it does not exist.
    pub fn loss_book(&self) -> LossBook {
        match self.read(&self.key.loss_book, LossBook::from_account_data) {
            Some(book) => book,
            None => panic!("this world has no loss book yet"),
        }
    }

    /// The claim account of a position or a stake for a loss, if open.
    pub fn claim_of(&self, holder: &Address, loss: u32) -> Option<LossClaim> {
        self.read(&address::claim(holder, loss), LossClaim::from_account_data)
    }

    /// The amount that an actor can claim now as an LP, for each loss where it is not zero.
    pub fn claimable(&mut self, name: &str) -> Vec<(u32, u64)> {
        let (holder, position, book) = (self.position_address(name), self.position(name), self.loss_book());
        let Some(position) = position else { return Vec::new() };
        due(&book, |loss| {
            let claimed = self.claim_of(&holder, loss).map_or(0, |claim| claim.claimed);
            position.claimable(&book, loss, claimed).get()
        })
    }

    /// The shares of the fund that an actor can claim now as a staker, for each loss where they are not zero.
    pub fn stake_claimable(&mut self, name: &str) -> Vec<(u32, u64)> {
        let (holder, stake, book) = (self.stake_address(name), self.stake_of(name), self.loss_book());
        let Some(stake) = stake else { return Vec::new() };
        let fund = self.fund();
        due(&book, |loss| {
            let claimed = self.claim_of(&holder, loss).map(|claim| claim.claimed_shares()).unwrap_or_default();
            stake.claimable(&book, &fund, loss, &claimed).get()
        })
    }

    /// The address of an actor's LP position.
    pub fn position_address(&mut self, name: &str) -> Address {
        let owner = self.actor(name);
        address::position(&self.key.pool, &owner)
    }

    /// The address of an actor's insurance stake.
    pub fn stake_address(&mut self, name: &str) -> Address {
        let owner = self.actor(name);
        address::stake(&self.key.insurance_fund, &owner)
    }

    /// An actor's insurance stake, if open.
    pub fn stake_of(&mut self, name: &str) -> Option<InsuranceStake> {
        let owner = self.actor(name);
        self.read(&address::stake(&self.key.insurance_fund, &owner), InsuranceStake::from_account_data)
    }

    /// The address of an actor's obligation.
    pub fn obligation_address(&mut self, name: &str) -> Address {
        let owner = self.actor(name);
        address::obligation(&self.key.pool, &owner)
    }

    /// An actor's obligation, if open.
    pub fn obligation(&mut self, name: &str) -> Option<Obligation> {
        let address = self.obligation_address(name);
        self.read(&address, Obligation::from_account_data)
    }

    /// The symbol of a collateral account.
    pub fn symbol_of(&self, collateral: &Address) -> Option<&str> {
        self.tokens.keys().map(String::as_str).find(|symbol| self.collateral_key(symbol).collateral == *collateral)
    }
}

fn failure(failed: FailedTransactionMetadata) -> Failure {
    Failure {
        refusal: Refusal::new(failed.err),
        compute_units: failed.meta.compute_units_consumed,
        logs: failed.meta.logs,
    }
}

fn with_shares(position: &LpPosition, shares: u64) -> LpPosition {
    LpPosition { holder: ShareHolder { shares, ..position.holder }, ..position.clone() }
}

/// The program in the file that `BACKSTOP_PROGRAM` names, or the committed one.
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

fn associated(owner: &Address, of: &Token) -> Address {
    token::associated(owner, &of.mint, &of.program)
}

/// An actor's keypair. The same name gives the same keypair in every run.
fn keypair(name: &str) -> Keypair {
    Keypair::new_from_array(address_of("key", name).to_bytes())
}

/// A token's mint and its program. Token-2022 creates its mints itself, which requires the mint's signature.
fn mint_of(token: &TokenSetup) -> (Address, Address) {
    match token.token_2022 {
        None => (address_of("mint", &token.symbol), verb::TOKEN_PROGRAM),
        Some(_) => (mint_keypair(&token.symbol).pubkey(), verb::TOKEN_2022_PROGRAM),
    }
}

/// The keypair of a Token-2022 mint.
fn mint_keypair(name: &str) -> Keypair {
    Keypair::new_from_array(address_of("mint key", name).to_bytes())
}

/// An address derived from two names.
fn address_of(kind: &str, name: &str) -> Address {
    Address::find_program_address(&[kind.as_bytes(), name.as_bytes()], &PROGRAM_ID).0
}

/// The losses with an amount due, and the amounts.
fn due(book: &LossBook, of: impl Fn(u32) -> u64) -> Vec<(u32, u64)> {
    book.losses().map(|(loss, _)| (loss, of(loss))).filter(|(_, due)| *due != 0).collect()
}
