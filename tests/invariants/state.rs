//! A world with its accounts at hand, and all that they hold at one moment.

use std::collections::BTreeMap;

use backstop_client::{
    AccountData, Collateral, InsuranceFund, InsuranceStake, LossBook, LossClaim, LpPosition, Market, Obligation,
    OracleParameters, Parameter, ParameterChange, Pool, address,
    verb::{self, Target},
};
use backstop_engine::{
    Error,
    average::Average,
    health::{Health, Holding},
    history::GenerationShares,
    pool::Totals,
    price::{Price, PriceTimes, Quote, Reading, Value},
    quantity::{Bps, Units},
};
use backstop_testkit::{Failure, Feed, Network, Receipt, Setup, TokenSetup, World};
use solana_address::Address;

use crate::step::{ACTORS, Actor, COLLATERALS, Each, NONCES, PerToken, Step, TOKENS, Token};

/// A world in which all actors have a position, an obligation and a stake.
pub(crate) struct Scene {
    pub(crate) world: World,
    /// The slot of the last transaction.
    pub(crate) slot: u64,
    decimals: PerToken<u8, 3>,
    own: Each<Own>,
    collaterals: PerToken<Address, 2>,
    collateral_vaults: PerToken<Address, 2>,
    treasury: Address,
    oracles: PerToken<Oracles, 3>,
    /// What the second feeds say.
    second_quotes: PerToken<Option<Quote>, 3>,
    ages: PerToken<Ages, 3>,
    /// Where claims of LPs stand, and those of stakers.
    claims: Each<BTreeMap<u32, Address>>,
    stake_claims: Each<BTreeMap<u32, Address>>,
}

/// Who publishes a token's price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oracles {
    pub(crate) first: Network,
    pub(crate) second: Option<Network>,
}

/// How old the prices of both feeds of a token are, in seconds, whenever they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ages {
    pub(crate) first: i64,
    pub(crate) second: i64,
}

/// A change that is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Queued {
    pub(crate) parameter: Parameter,
    pub(crate) of: Option<Token>,
    pub(crate) value: u64,
    pub(crate) executable_at: i64,
    pub(crate) lapses_at: i64,
    /// For how long pool and fund had been on hold when it was queued.
    pub(crate) stopped: [u64; 2],
    /// The market's timelock when it was queued.
    pub(crate) timelock_seconds: u32,
}

/// Where an actor's accounts are.
#[derive(Clone, Copy)]
struct Own {
    position: Address,
    obligation: Address,
    stake: Address,
    wallets: PerToken<Address, 3>,
}

/// What an actor has claimed of each loss, where that is anything: an LP as an amount, a staker as shares.
pub(crate) type Claimed = BTreeMap<u32, GenerationShares>;

/// All that the program's accounts and the token accounts hold, and the prices.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) market: Market,
    /// What is queued under each nonce.
    pub(crate) changes: [Option<Queued>; NONCES.len()],
    pub(crate) pool: Pool,
    pub(crate) fund: InsuranceFund,
    pub(crate) book: LossBook,
    pub(crate) collaterals: PerToken<Collateral, 2>,
    pub(crate) positions: Each<LpPosition>,
    pub(crate) stakes: Each<InsuranceStake>,
    pub(crate) claimed: Each<Claimed>,
    pub(crate) stake_claimed: Each<Claimed>,
    pub(crate) obligations: Each<Obligation>,
    pub(crate) wallets: Each<PerToken<u64, 3>>,
    pub(crate) vault: u64,
    pub(crate) collateral_vaults: PerToken<u64, 2>,
    /// What the treasury has of the liquidity token.
    pub(crate) treasury: u64,
    /// What the primary feeds say.
    pub(crate) quotes: PerToken<Quote, 3>,
    /// What the second feeds say, where there is one.
    pub(crate) second_quotes: PerToken<Option<Quote>, 3>,
    pub(crate) ages: PerToken<Ages, 3>,
    pub(crate) oracles: PerToken<Oracles, 3>,
    /// What was donated to the vault.
    pub(crate) donated: u64,
    /// LP shares and stakers' shares that losses left to nobody when they divided all.
    pub(crate) orphaned: (u64, u64),
    pub(crate) decimals: PerToken<u8, 3>,
    pub(crate) collateral_addresses: PerToken<Address, 2>,
    pub(crate) obligation_addresses: Each<Address>,
}

impl Scene {
    pub(crate) fn new(setup: &Setup) -> Self {
        let mut world = World::new(setup.clone());
        let (pool, fund) = (world.key().pool, world.key().insurance_fund);
        let own = Each::new(|who| {
            let (name, owner) = (who.name(), world.actor(who.name()));
            world.open_position(name).unwrap();
            world.open_obligation(name).unwrap();
            world.open_stake(name).unwrap();
            world.extend_history(name, 256).unwrap();
            world.extend_stake_history(name, 256).unwrap();
            Own {
                position: address::position(&pool, &owner),
                obligation: address::obligation(&pool, &owner),
                stake: address::stake(&fund, &owner),
                wallets: PerToken::new(|token| world.wallet(name, token.symbol())),
            }
        });
        for _ in 0..3 {
            world.extend_loss_book(75).unwrap();
        }
        // A collateral withdrawal notes its slot: from here on the slots are counted.
        world.deposit_collateral("liz", "SOL", 1).unwrap();
        world.withdraw_collateral("liz", "SOL", 1).unwrap();
        let slot = world.obligation("liz").unwrap().last_risk_increase_slot;
        let keys = COLLATERALS.map(|token| world.collateral_key(token.symbol()));
        let oracles = PerToken::new(|token| {
            let collateral = setup.collaterals.iter().find(|collateral| collateral.token.symbol == token.symbol());
            let published: &TokenSetup = collateral.map_or(&setup.liquidity, |collateral| &collateral.token);
            Oracles { first: published.feed, second: published.second_feed }
        });
        Self {
            slot,
            oracles,
            claims: Each::default(),
            stake_claims: Each::default(),
            second_quotes: PerToken::new(|token| oracles[token].second.map(|_| world.quote(token.symbol()))),
            ages: PerToken::new(|_| Ages::default()),
            treasury: world.wallet("treasury", Token::Usdc.symbol()),
            decimals: PerToken::new(|token| world.decimals(token.symbol())),
            own,
            collaterals: PerToken::of_collaterals(|token| keys[token as usize].collateral),
            collateral_vaults: PerToken::of_collaterals(|token| keys[token as usize].vault),
            world,
        }
    }

    fn read<T>(&self, address: &Address, parse: fn(&[u8]) -> Option<T>) -> T {
        parse(&self.world.account(address).expect("an account").data).expect("an account of this kind")
    }

    /// Everything, now. What the accounts do not tell is carried over.
    pub(crate) fn state(&self, donated: u64, orphaned: (u64, u64)) -> State {
        let (world, own) = (&self.world, &self.own);
        State {
            market: world.market(),
            changes: NONCES.map(|nonce| world.change(nonce).map(|change| self.queued(&change))),
            pool: world.pool(),
            fund: world.fund(),
            book: world.loss_book(),
            collaterals: PerToken::of_collaterals(|token| {
                self.read(&self.collaterals[token], Collateral::from_account_data)
            }),
            positions: Each::new(|who| self.read(&own[who].position, LpPosition::from_account_data)),
            stakes: Each::new(|who| self.read(&own[who].stake, InsuranceStake::from_account_data)),
            claimed: Each::new(|who| self.claimed(&self.claims[who])),
            stake_claimed: Each::new(|who| self.claimed(&self.stake_claims[who])),
            obligations: Each::new(|who| self.read(&own[who].obligation, Obligation::from_account_data)),
            wallets: Each::new(|who| PerToken::new(|token| world.balance_at(&own[who].wallets[token]))),
            vault: world.balance_at(&world.key().vault),
            collateral_vaults: PerToken::of_collaterals(|token| world.balance_at(&self.collateral_vaults[token])),
            treasury: world.balance_at(&self.treasury),
            quotes: PerToken::new(|token| world.quote(token.symbol())),
            second_quotes: self.second_quotes,
            ages: self.ages,
            oracles: self.oracles,
            donated,
            orphaned,
            decimals: self.decimals,
            collateral_addresses: self.collaterals,
            obligation_addresses: Each::new(|who| own[who].obligation),
        }
    }

    fn claimed(&self, accounts: &BTreeMap<u32, Address>) -> Claimed {
        let read = |(loss, address): (&u32, &Address)| {
            (*loss, self.read(address, LossClaim::from_account_data).claimed_shares())
        };
        accounts.iter().map(read).filter(|(_, claimed)| !claimed.shares.is_zero()).collect()
    }

    fn queued(&self, change: &ParameterChange) -> Queued {
        let of = COLLATERALS.into_iter().find(|token| self.collaterals[*token] == change.target);
        assert!(of.is_some() || change.target == self.world.key().pool, "a change of {}", change.target);
        let (value, zeros) = change.value.split_first_chunk().unwrap();
        assert!(zeros.iter().all(|byte| *byte == 0), "a change to {:?}", change.value);
        Queued {
            parameter: Parameter::ALL[usize::from(change.parameter)],
            of,
            value: u64::from_le_bytes(*value),
            executable_at: change.executable_at,
            lapses_at: change.lapses_at,
            stopped: [change.pool_stopped, change.fund_stopped],
            timelock_seconds: change.timelock_seconds,
        }
    }

    /// Everything at the beginning.
    pub(crate) fn first_state(&self) -> State {
        self.state(0, (0, 0))
    }

    /// Does it.
    pub(crate) fn act(&mut self, step: Step) -> Result<Option<Receipt>, Failure> {
        self.slot += u64::from(step.is_instruction());
        if let Step::ClaimRecovery { who } | Step::ClaimStakeRecovery { who } = step {
            let claimed = self.claim(who, matches!(step, Step::ClaimStakeRecovery { .. }));
            self.slot = self.world.slot();
            return claimed.map(Some);
        }
        let world = &mut self.world;
        let outcome = match step {
            Step::Deposit { who, assets } => world.deposit(who.name(), assets),
            Step::Withdraw { who, shares } => world.withdraw(who.name(), shares),
            Step::RequestWithdrawal { who, shares } => world.request_withdrawal(who.name(), shares),
            Step::ExecuteWithdrawal { who } => world.execute_withdrawal(who.name()),
            Step::CollectWithdrawal { who } => world.collect_withdrawal(who.name()),
            Step::TransferShares { who, to, shares } => world.transfer_shares(who.name(), to.name(), shares),
            Step::DepositCollateral { who, token, units } => {
                world.deposit_collateral(who.name(), token.symbol(), units)
            }
            Step::WithdrawCollateral { who, token, units } => {
                world.withdraw_collateral(who.name(), token.symbol(), units)
            }
            Step::Borrow { who, assets } => world.borrow(who.name(), assets),
            Step::Repay { who, borrower, assets } => world.repay(who.name(), borrower.name(), assets),
            Step::Accrue => world.accrue(),
            Step::Mark { borrower } => world.mark(borrower.name()),
            Step::ReportPrice { token } => world.report_price(token.symbol()),
            Step::Liquidate { who, borrower, token, max_repay } => {
                world.liquidate(who.name(), borrower.name(), token.symbol(), max_repay)
            }
            Step::Record { borrower } => world.record_bad_debt(borrower.name()),
            Step::Fund { who, assets } => world.fund_insurance(who.name(), assets),
            Step::Stake { who, assets } => world.stake(who.name(), assets),
            Step::RequestUnstake { who, shares } => world.request_unstake(who.name(), shares),
            Step::ExecuteUnstake { who } => world.execute_unstake(who.name()),
            Step::CollectUnstake { who } => world.collect_unstake(who.name()),
            Step::RefreshRisk { token } => world.refresh_risk(token.symbol()),
            Step::Donate { .. } | Step::Wait { .. } | Step::Price { .. } | Step::SecondPrice { .. } => {
                self.happen(step);
                return Ok(None);
            }
            _ => self.govern(step),
        };
        outcome.map(Some)
    }

    /// Claims of every loss of which anything is due; of the last one if nothing is, which is refused.
    fn claim(&mut self, who: Actor, of_stake: bool) -> Result<Receipt, Failure> {
        let (world, name) = (&mut self.world, who.name());
        let due = if of_stake { world.stake_claimable(name) } else { world.claimable(name) };
        let last = world.loss_book().count().max(1);
        let losses: Vec<u32> = if due.is_empty() { vec![last] } else { due.iter().map(|(loss, _)| *loss).collect() };
        let mut all = Receipt { compute_units: 0, events: Vec::new() };
        for loss in losses {
            let (holder, accounts) = if of_stake {
                (self.own[who].stake, &mut self.stake_claims[who])
            } else {
                (self.own[who].position, &mut self.claims[who])
            };
            accounts.insert(loss, address::claim(&holder, loss));
            world.open_claim(holder, loss)?;
            let done = if of_stake { world.claim_stake_recovery(name, loss) } else { world.claim_recovery(name, loss) };
            all.events.extend(done?.events);
        }
        Ok(all)
    }

    /// What is done to the market.
    fn govern(&mut self, step: Step) -> Result<Receipt, Failure> {
        let world = &mut self.world;
        let by = step.officer().expect("somebody signs").name();
        match step {
            Step::Pause { what, seconds, .. } => world.pause(by, what, seconds),
            Step::Unpause { what, .. } => world.unpause(by, what),
            Step::Tighten { parameter, of, value, .. } => {
                world.tighten(by, of.map(Token::symbol), parameter, verb::number(value))
            }
            Step::QueueChange { nonce, parameter, of, value, .. } => {
                let target = world.target(of.map(Token::symbol));
                world.queue_change(by, target, nonce, parameter, verb::number(value))
            }
            Step::ExecuteChange { nonce, .. } => {
                let target = self.target_of(nonce);
                self.world.execute_change(by, target, nonce)
            }
            Step::CancelChange { nonce, .. } => world.cancel_change(by, nonce),
            Step::CollectReserves { assets, .. } => world.collect_reserves(by, assets),
            step => panic!("{step:?} is nothing that is done to a market"),
        }
    }

    /// What the change under a nonce changes; the pool if there is none.
    fn target_of(&self, nonce: u64) -> Target {
        let of = self.world.change(nonce).and_then(|change| self.queued(&change).of);
        self.world.target(of.map(Token::symbol))
    }

    /// What is no instruction.
    fn happen(&mut self, step: Step) {
        let world = &mut self.world;
        match step {
            Step::Donate { units } => {
                let vault = world.key().vault;
                let mut account = world.account(&vault).unwrap();
                let balance = world.balance_at(&vault) + units;
                account.data[64..72].copy_from_slice(&balance.to_le_bytes());
                world.set_account(vault, account);
            }
            Step::Wait { seconds } => {
                world.wait(seconds);
                self.slot += slots_in(seconds);
            }
            Step::Price { token, quote, age } => {
                world.set_price(token.symbol(), quote, age);
                self.ages[token] = Ages { first: age, second: age };
                self.second_quotes[token] = self.second_quotes[token].map(|_| quote);
            }
            Step::SecondPrice { token, quote } => {
                world.set_feed(token.symbol(), Feed::Second, quote, 0);
                self.second_quotes[token] = Some(quote);
                self.ages[token].second = 0;
            }
            _ => {}
        }
    }
}

/// Slots that pass in this time: one each 400 ms, a begun one counted whole.
pub(crate) fn slots_in(seconds: u64) -> u64 {
    (seconds * 5).div_ceil(2)
}

impl State {
    /// The pool's totals, accrued to now.
    pub(crate) fn totals(&self, now: i64) -> Totals {
        self.pool.totals_at(now).unwrap()
    }

    /// The LP shares of an actor that count.
    pub(crate) fn shares(&self, who: Actor) -> u64 {
        self.positions[who].shares_in(&self.pool).get()
    }

    /// The stakers' shares of an actor that count.
    pub(crate) fn staked(&self, who: Actor) -> u64 {
        self.stakes[who].shares_in(&self.fund).get()
    }

    /// What an actor could claim of a loss as an LP.
    pub(crate) fn claimable_of(&self, who: Actor, loss: u32) -> u64 {
        let claimed = self.claimed[who].get(&loss).map_or(0, |claimed| claimed.shares.get());
        self.positions[who].claimable(&self.book, loss, claimed).get()
    }

    /// The shares that an actor could claim of a loss as a staker.
    pub(crate) fn stake_claimable_of(&self, who: Actor, loss: u32) -> u64 {
        let claimed = self.stake_claimed[who].get(&loss).copied().unwrap_or_default();
        self.stakes[who].claimable(&self.book, &self.fund, loss, &claimed).get()
    }

    /// What an actor could claim of all losses as an LP.
    pub(crate) fn claimable(&self, who: Actor) -> u64 {
        (1..=self.book.count()).map(|loss| self.claimable_of(who, loss)).sum()
    }

    /// The shares that an actor could claim of all losses as a staker.
    pub(crate) fn stake_claimable(&self, who: Actor) -> u64 {
        (1..=self.book.count()).map(|loss| self.stake_claimable_of(who, loss)).sum()
    }

    /// What the oracles say of a token, of both feeds where there are two.
    pub(crate) fn quote(&self, token: Token) -> backstop_engine::Result<Quote> {
        let (oracle, oracles) = (self.oracle(token), self.oracles[token]);
        let certain = Bps::new(oracle.max_confidence_bps);
        let first = as_read(oracles.first, self.quotes[token])?.within(certain)?;
        match (oracles.second, self.second_quotes[token]) {
            (Some(second), Some(quote)) => {
                first.and(as_read(second, quote)?.within(certain)?, Bps::new(oracle.max_divergence_bps))
            }
            _ => Ok(first),
        }
    }

    /// The same, and of when it is.
    pub(crate) fn reading(&self, token: Token, now: i64) -> backstop_engine::Result<Reading> {
        let ages = self.ages[token];
        let second = if self.second_quotes[token].is_some() { ages.second } else { ages.first };
        Ok(Reading { quote: self.quote(token)?, times: PriceTimes { first: now - ages.first, second: now - second } })
    }

    /// What a collateral counts at when liquidating, marking and recording.
    fn counted_quote(&self, token: Token, now: i64) -> backstop_engine::Result<Quote> {
        let (account, quote) = (&self.collaterals[token], self.quote(token));
        let memory = account.last_price.memory();
        if quote.is_err() && memory.is_unusable(self.pool.hold_seconds(), now) {
            return memory.favourable_collateral(&Average::from(&account.average));
        }
        quote
    }

    /// The rules for a token's price.
    pub(crate) fn oracle(&self, token: Token) -> &OracleParameters {
        match token {
            Token::Usdc => &self.pool.parameters.oracle,
            collateral => &self.collaterals[collateral].parameters.oracle,
        }
    }

    /// Whether all prices can be used.
    pub(crate) fn has_prices(&self) -> bool {
        TOKENS.into_iter().all(|token| self.quote(token).is_ok())
    }

    /// The upper price of the liquidity token.
    pub(crate) fn debt_price(&self) -> backstop_engine::Result<Price> {
        self.quote(Token::Usdc)?.upper(self.decimals[Token::Usdc])
    }

    /// Whether so many units of a collateral are too few to count.
    pub(crate) fn is_negligible(&self, token: Token, units: u64) -> bool {
        self.collaterals[token].is_negligible(Units::new(units), self.pool.parameters.loss.dust())
    }

    /// What units of a collateral count for when liquidating at a time; nothing where they are negligible.
    pub(crate) fn holding(&self, token: Token, units: u64, now: i64) -> backstop_engine::Result<Option<Holding>> {
        if self.is_negligible(token, units) {
            return Ok(None);
        }
        self.collaterals[token].holding(Units::new(units), self.counted_quote(token, now)?, now).map(Some)
    }

    /// The token of a collateral account.
    pub(crate) fn token(&self, collateral: &Address) -> Token {
        COLLATERALS.into_iter().find(|token| self.collateral_addresses[*token] == *collateral).unwrap()
    }

    /// An obligation's health with these totals, at their time.
    pub(crate) fn health(&self, totals: &Totals, who: Actor) -> backstop_engine::Result<Health> {
        let (obligation, now) = (&self.obligations[who], totals.accrued_at);
        let debt = totals.debt(obligation.debt())?;
        let mut health = Health::of_debt(self.debt_price()?.value_up(debt.get())?);
        for slot in obligation.held() {
            if let Some(holding) = self.holding(self.token(&slot.collateral), slot.units, now)? {
                health = health.with(&holding)?;
            }
        }
        Ok(health)
    }

    /// The same for one who borrows or takes collateral out: prices far from their averages count these, and debt that
    /// was written off counts.
    pub(crate) fn health_for_borrowing(&self, totals: &Totals, who: Actor) -> backstop_engine::Result<Health> {
        let (obligation, now) = (&self.obligations[who], totals.accrued_at);
        let price = self.pool.quote_for_borrowing(self.quote(Token::Usdc)?)?.upper(self.decimals[Token::Usdc])?;
        let min_debt = self.pool.parameters.liquidation_terms().min_debt;
        let debt = obligation.debt_to_secure(totals.debt(obligation.debt())?, min_debt)?;
        let mut health = Health::of_debt(price.value_up(debt.get())?);
        for slot in obligation.held() {
            let (token, units) = (self.token(&slot.collateral), Units::new(slot.units));
            if !self.is_negligible(token, slot.units) {
                let (collateral, quote) = (&self.collaterals[token], self.quote(token)?);
                health = health.with(&collateral.holding_for_borrowing(&self.pool, units, quote, now)?)?;
            }
        }
        Ok(health)
    }

    /// Whether an average counts instead of a price for one who borrows or takes collateral out.
    pub(crate) fn counts_averages(&self, who: Actor) -> bool {
        let usdc = self.quote(Token::Usdc).unwrap();
        let far = |token: Token| {
            let quote = self.quote(token).unwrap();
            let of = |holding: Holding| holding.price;
            let collateral = &self.collaterals[token];
            let guarded = collateral.holding_for_borrowing(&self.pool, Units::new(1), quote, 0).map(of);
            guarded != collateral.holding(Units::new(1), quote, 0).map(of)
        };
        let held = self.obligations[who].held().map(|slot| (self.token(&slot.collateral), slot.units));
        let mut counted = held.filter(|(token, units)| !self.is_negligible(*token, *units));
        self.pool.quote_for_borrowing(usdc) != Ok(usdc) || counted.any(|(token, _)| far(token))
    }

    /// Whether an actor owes beyond the liquidation threshold; not, where a price cannot be used.
    pub(crate) fn is_unhealthy(&self, totals: &Totals, who: Actor) -> bool {
        let liquidatable = || self.health(totals, who)?.is_liquidatable();
        self.obligations[who].debt_shares != 0 && reported(liquidatable()).unwrap_or(false)
    }

    /// How much of a collateral an actor's obligation holds.
    pub(crate) fn held(&self, who: Actor, token: Token) -> u64 {
        self.obligations[who].units_of(&self.collateral_addresses[token])
    }

    /// All tokens there are, of each kind, without donations.
    pub(crate) fn supply(&self) -> [u128; 3] {
        TOKENS.map(|token| {
            let wallets: u128 = ACTORS.iter().map(|who| u128::from(self.wallets[*who][token])).sum();
            let vaults = match token {
                Token::Usdc => u128::from(self.vault) + u128::from(self.treasury) - u128::from(self.donated),
                collateral => self.collateral_vaults[collateral].into(),
            };
            wallets + vaults
        })
    }
}

/// What a feed says once its account is read.
fn as_read(oracle: Network, quote: Quote) -> backstop_engine::Result<Quote> {
    if oracle == Network::Pyth {
        return Ok(quote);
    }
    let power = 10_u128.pow(u32::try_from(quote.exponent + 18).unwrap());
    let value = |digits: u64| Value::new(u128::from(digits) * power);
    Quote::of_value(value(quote.price), value(quote.confidence))
}

/// What was computed from prices; nothing if the feeds disagree, or a price died.
pub(crate) fn reported<T>(computed: backstop_engine::Result<T>) -> Option<T> {
    match computed {
        Err(Error::PricesDisagree | Error::PriceUncertain) => None,
        computed => Some(computed.unwrap()),
    }
}

impl State {
    /// All LP shares that someone holds.
    pub(crate) fn held_shares(&self) -> u64 {
        ACTORS.iter().map(|who| self.shares(*who)).sum()
    }

    /// All stakers' shares that someone holds.
    pub(crate) fn held_stake(&self) -> u64 {
        ACTORS.iter().map(|who| self.staked(*who)).sum()
    }
}
