//! A world with its accounts at hand, and all that they hold at one moment.

use backstop_client::{
    ClaimBook, ClaimHolder, Collateral, InsuranceFund, InsuranceStake, LossLedger, LpPosition, Obligation, Pool,
    address,
};
use backstop_engine::{
    health::{Health, Holding},
    pool::Totals,
    price::{Price, Quote},
};
use backstop_testkit::{Failure, Receipt, Setup, World};
use solana_address::Address;

use crate::step::{ACTORS, Actor, COLLATERALS, Each, PerToken, Step, TOKENS, Token};

/// A world in which all actors have a position, an obligation and a stake.
pub(crate) struct Scene {
    pub(crate) world: World,
    /// The slot of the last transaction.
    pub(crate) slot: u64,
    decimals: PerToken<u8, 3>,
    own: Each<Own>,
    collaterals: PerToken<Address, 2>,
    collateral_vaults: PerToken<Address, 2>,
}

/// Where an actor's accounts are.
#[derive(Clone, Copy)]
struct Own {
    position: Address,
    obligation: Address,
    stake: Address,
    wallets: PerToken<Address, 3>,
}

/// All that the program's accounts and the token accounts hold, and the prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) pool: Pool,
    pub(crate) fund: InsuranceFund,
    pub(crate) losses: LossLedger,
    pub(crate) collaterals: PerToken<Collateral, 2>,
    pub(crate) positions: Each<LpPosition>,
    pub(crate) stakes: Each<InsuranceStake>,
    pub(crate) obligations: Each<Obligation>,
    pub(crate) wallets: Each<PerToken<u64, 3>>,
    pub(crate) vault: u64,
    pub(crate) collateral_vaults: PerToken<u64, 2>,
    pub(crate) quotes: PerToken<Quote, 3>,
    /// What was donated to the vault.
    pub(crate) donated: u64,
    /// LP shares and stakers' shares that dividing all shares left to nobody.
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
            Own {
                position: address::position(&pool, &owner),
                obligation: address::obligation(&pool, &owner),
                stake: address::stake(&fund, &owner),
                wallets: PerToken::new(|token| world.wallet(name, token.symbol())),
            }
        });
        // A collateral withdrawal notes its slot: from here on the slots are counted.
        world.deposit_collateral("liz", "SOL", 1).unwrap();
        world.withdraw_collateral("liz", "SOL", 1).unwrap();
        let slot = world.obligation("liz").unwrap().exposed_at_slot;
        let keys = COLLATERALS.map(|token| world.collateral_key(token.symbol()));
        Self {
            slot,
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
            pool: world.pool(),
            fund: world.fund(),
            losses: world.loss_ledger(),
            collaterals: PerToken::of_collaterals(|token| {
                self.read(&self.collaterals[token], Collateral::from_account_data)
            }),
            positions: Each::new(|who| self.read(&own[who].position, LpPosition::from_account_data)),
            stakes: Each::new(|who| self.read(&own[who].stake, InsuranceStake::from_account_data)),
            obligations: Each::new(|who| self.read(&own[who].obligation, Obligation::from_account_data)),
            wallets: Each::new(|who| PerToken::new(|token| world.balance_at(&own[who].wallets[token]))),
            vault: world.balance_at(&world.key().vault),
            collateral_vaults: PerToken::of_collaterals(|token| world.balance_at(&self.collateral_vaults[token])),
            quotes: PerToken::new(|token| world.quote(token.symbol())),
            donated,
            orphaned,
            decimals: self.decimals,
            collateral_addresses: self.collaterals,
            obligation_addresses: Each::new(|who| own[who].obligation),
        }
    }

    /// Everything at the beginning.
    pub(crate) fn first_state(&self) -> State {
        self.state(0, (0, 0))
    }

    /// Does it.
    pub(crate) fn act(&mut self, step: Step) -> Result<Option<Receipt>, Failure> {
        self.slot += u64::from(step.is_instruction());
        let world = &mut self.world;
        let outcome = match step {
            Step::Deposit { who, assets } => world.deposit(who.name(), assets),
            Step::Withdraw { who, shares } => world.withdraw(who.name(), shares),
            Step::RequestWithdrawal { who, shares } => world.request_withdrawal(who.name(), shares),
            Step::TransferShares { who, to, shares } => world.transfer_shares(who.name(), to.name(), shares),
            Step::ClaimRecovery { who } => world.claim_recovery(who.name()),
            Step::DepositCollateral { who, token, units } => {
                world.deposit_collateral(who.name(), token.symbol(), units)
            }
            Step::WithdrawCollateral { who, token, units } => {
                world.withdraw_collateral(who.name(), token.symbol(), units)
            }
            Step::Borrow { who, assets } => world.borrow(who.name(), assets),
            Step::Repay { who, borrower, assets } => world.repay(who.name(), borrower.name(), assets),
            Step::Accrue => world.accrue(),
            Step::Provision { borrower } => world.provision(borrower.name()),
            Step::Liquidate { who, borrower, token, max_repay } => {
                world.liquidate(who.name(), borrower.name(), token.symbol(), max_repay)
            }
            Step::Record { who, borrower } => world.record_bad_debt(who.name(), borrower.name()),
            Step::Recover { who, borrower, assets } => world.recover(who.name(), borrower.name(), assets),
            Step::Fund { who, assets } => world.fund_insurance(who.name(), assets),
            Step::Stake { who, assets } => world.stake(who.name(), assets),
            Step::RequestUnstake { who, shares } => world.request_unstake(who.name(), shares),
            Step::CancelUnstake { who } => world.cancel_unstake(who.name()),
            Step::Unstake { who } => world.unstake(who.name()),
            Step::ClaimStakeRecovery { who } => world.claim_stake_recovery(who.name()),
            Step::Donate { .. } | Step::Wait { .. } | Step::Price { .. } => {
                self.happen(step);
                return Ok(None);
            }
        };
        outcome.map(Some)
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
            Step::Price { token, quote } => world.set_price(token.symbol(), quote, 0),
            _ => {}
        }
    }
}

/// Slots that pass in this time: one each 400 ms, a begun one counted whole.
pub(crate) fn slots_in(seconds: u64) -> u64 {
    (seconds * 12).div_ceil(5)
}

impl State {
    /// The pool's totals, accrued to now.
    pub(crate) fn totals(&self, now: i64) -> Totals {
        self.pool.totals_at(now).unwrap()
    }

    /// The LP shares of an actor that count.
    pub(crate) fn shares(&self, who: Actor) -> u64 {
        shares_in(&self.positions[who].holder, &self.pool.claims)
    }

    /// The stakers' shares of an actor that count.
    pub(crate) fn staked(&self, who: Actor) -> u64 {
        shares_in(&self.stakes[who].holder, &self.fund.claims)
    }

    /// What an actor could claim of losses as an LP.
    pub(crate) fn claimable(&self, who: Actor) -> u64 {
        self.positions[who].holder.claimable(&self.pool.claims).get()
    }

    /// What an actor could claim of losses as a staker.
    pub(crate) fn stake_claimable(&self, who: Actor) -> u64 {
        self.stakes[who].holder.claimable(&self.fund.claims).get()
    }

    /// The upper price of the liquidity token.
    pub(crate) fn debt_price(&self) -> backstop_engine::Result<Price> {
        self.quotes[Token::Usdc].upper(self.decimals[Token::Usdc])
    }

    /// What units of a collateral count for; nothing for a scrap.
    pub(crate) fn holding(&self, token: Token, units: u64) -> backstop_engine::Result<Option<Holding>> {
        let collateral = &self.collaterals[token];
        if collateral.is_scrap(units) { Ok(None) } else { collateral.holding(units, self.quotes[token]).map(Some) }
    }

    /// The token of a collateral account.
    pub(crate) fn token(&self, collateral: &Address) -> Token {
        COLLATERALS.into_iter().find(|token| self.collateral_addresses[*token] == *collateral).unwrap()
    }

    /// An obligation's health with these totals.
    pub(crate) fn health(&self, totals: &Totals, who: Actor) -> backstop_engine::Result<Health> {
        let obligation = &self.obligations[who];
        let debt = totals.debt(obligation.debt())?;
        let mut health = Health::of_debt(self.debt_price()?.value_up(debt.get())?);
        for slot in obligation.held() {
            if let Some(holding) = self.holding(self.token(&slot.collateral), slot.units)? {
                health = health.with(&holding)?;
            }
        }
        Ok(health)
    }

    /// Whether an actor owes beyond the liquidation threshold.
    pub(crate) fn is_unhealthy(&self, totals: &Totals, who: Actor) -> bool {
        self.obligations[who].debt_shares != 0 && self.health(totals, who).unwrap().is_liquidatable().unwrap()
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
                Token::Usdc => u128::from(self.vault) - u128::from(self.donated),
                collateral => self.collateral_vaults[collateral].into(),
            };
            wallets + vaults
        })
    }
}

/// The shares that count.
pub(crate) fn shares_in(holder: &ClaimHolder, book: &ClaimBook) -> u64 {
    if holder.generation == book.ledger.generation {
        return holder.shares;
    }
    holder.settled(book).shares.get()
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
