//! The actions of actors, one method each: builds the instruction with its accounts, and executes it with the actor's
//! signature.

use backstop_client::{
    Obligation, Parameter, PausableOperation,
    verb::{self, Liquidator, PricedHolding, Prices, Target},
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::{Failure, Receipt, World};

type Outcome = Result<Receipt, Failure>;

impl World {
    /// Opens an actor's LP position unless it is open.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn open_position(&mut self, who: &str) -> Result<(), Failure> {
        if self.position(who).is_some() {
            return Ok(());
        }
        let (owner, payer) = (self.actor(who), self.payer());
        self.execute(verb::open_position(&self.key, owner, payer), &[]).map(drop)
    }

    /// Opens an actor's obligation unless it is open.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn open_obligation(&mut self, who: &str) -> Result<(), Failure> {
        if self.obligation(who).is_some() {
            return Ok(());
        }
        let (owner, payer) = (self.actor(who), self.payer());
        self.execute(verb::open_obligation(&self.key, owner, payer), &[]).map(drop)
    }

    /// Deposits liquidity. Opens a position first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn deposit(&mut self, who: &str, assets: u64) -> Outcome {
        self.open_position(who)?;
        let instruction = self.deposit_instruction(who, assets);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::deposit`].
    pub fn deposit_instruction(&mut self, who: &str, assets: u64) -> Instruction {
        let (owner, source) = (self.actor(who), self.liquidity_wallet(who));
        verb::deposit(&self.key, owner, source, assets, 0)
    }

    /// Burns shares.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn withdraw(&mut self, who: &str, shares: u64) -> Outcome {
        self.open_position(who)?;
        let instruction = self.withdraw_instruction(who, shares);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::withdraw`].
    pub fn withdraw_instruction(&mut self, who: &str, shares: u64) -> Instruction {
        let (owner, destination) = (self.actor(who), self.liquidity_wallet(who));
        verb::withdraw(&self.key, owner, destination, shares, 0)
    }

    /// Executes an actor's matured withdrawal request.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn execute_withdrawal(&mut self, who: &str) -> Outcome {
        self.open_position(who)?;
        let instruction = self.execute_withdrawal_instruction(who);
        self.execute(instruction, &[])
    }

    /// The instruction of [`World::execute_withdrawal`].
    pub fn execute_withdrawal_instruction(&mut self, who: &str) -> Instruction {
        let owner = self.actor(who);
        verb::execute_withdrawal(&self.key, &owner)
    }

    /// Collects an LP's payout of executed requests.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn collect_withdrawal(&mut self, who: &str) -> Outcome {
        self.open_position(who)?;
        let instruction = self.collect_withdrawal_instruction(who);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::collect_withdrawal`].
    pub fn collect_withdrawal_instruction(&mut self, who: &str) -> Instruction {
        let (owner, destination) = (self.actor(who), self.liquidity_wallet(who));
        let position = self.position_address(who);
        verb::collect(&self.key, position, owner, destination)
    }

    /// Deposits collateral into the actor's own obligation. Opens it first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn deposit_collateral(&mut self, who: &str, symbol: &str, units: u64) -> Outcome {
        self.open_obligation(who)?;
        let instruction = self.deposit_collateral_instruction(who, symbol, units);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::deposit_collateral`], with the price if there is debt.
    pub fn deposit_collateral_instruction(&mut self, who: &str, symbol: &str, units: u64) -> Instruction {
        let (payer, source) = (self.actor(who), self.wallet(who, symbol));
        let (at, key) = (self.obligation_address(who), self.collateral_key(symbol));
        if self.obligation(who).is_some_and(|obligation| obligation.debt_shares != 0) {
            return verb::deposit_collateral_priced(&key, at, payer, source, &self.token(symbol).price(), units);
        }
        verb::deposit_collateral(&key, at, payer, source, units)
    }

    /// Withdraws collateral.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn withdraw_collateral(&mut self, who: &str, symbol: &str, units: u64) -> Outcome {
        self.open_obligation(who)?;
        let instruction = self.withdraw_collateral_instruction(who, symbol, units);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::withdraw_collateral`], with prices if there is debt.
    pub fn withdraw_collateral_instruction(&mut self, who: &str, symbol: &str, units: u64) -> Instruction {
        let (owner, destination) = (self.actor(who), self.wallet(who, symbol));
        let key = self.collateral_key(symbol);
        let prices = self.obligation(who).filter(Obligation::owes).map(|obligation| {
            let gone = units >= obligation.units_of(&key.collateral);
            let mut prices = self.prices_of(&obligation);
            prices.holdings.retain(|holding| !gone || holding.key != key);
            prices
        });
        verb::withdraw_collateral(&self.key, &key, owner, destination, prices.as_ref(), units)
    }

    /// Borrows. Opens an obligation first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn borrow(&mut self, who: &str, assets: u64) -> Outcome {
        self.open_obligation(who)?;
        let instruction = self.borrow_instruction(who, assets);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::borrow`].
    pub fn borrow_instruction(&mut self, who: &str, assets: u64) -> Instruction {
        let (owner, destination, prices) = (self.actor(who), self.liquidity_wallet(who), self.prices(who));
        verb::borrow(&self.key, owner, destination, &prices, assets)
    }

    /// Repays a borrower's debt and written-off debt, at most this much.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn repay(&mut self, who: &str, borrower: &str, max_assets: u64) -> Outcome {
        self.open_obligation(borrower)?;
        let instruction = self.repay_instruction(who, borrower, max_assets);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::repay`].
    pub fn repay_instruction(&mut self, who: &str, borrower: &str, max_assets: u64) -> Instruction {
        let (payer, source) = (self.actor(who), self.liquidity_wallet(who));
        let obligation = self.obligation_address(borrower);
        verb::repay(&self.key, obligation, payer, source, max_assets)
    }

    /// Accrues interest.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn accrue(&mut self) -> Outcome {
        self.execute(verb::accrue(&self.key), &[])
    }

    /// Liquidates a borrower for one collateral, repaying at most this much.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn liquidate(&mut self, who: &str, borrower: &str, symbol: &str, max_repay: u64) -> Outcome {
        self.open_obligation(borrower)?;
        let instruction = self.liquidate_instruction(who, borrower, symbol, max_repay);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::liquidate`].
    pub fn liquidate_instruction(&mut self, who: &str, borrower: &str, symbol: &str, max_repay: u64) -> Instruction {
        let liquidator = Liquidator {
            owner: self.actor(who),
            source: self.liquidity_wallet(who),
            destination: self.wallet(who, symbol),
        };
        let (obligation, prices) = (self.obligation_address(borrower), self.prices(borrower));
        verb::liquidate(&self.key, &self.collateral_key(symbol), obligation, &liquidator, &prices, max_repay, 0)
    }

    /// Records a borrower's debt as a loss, or settles its mark.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn record_bad_debt(&mut self, borrower: &str) -> Outcome {
        self.open_obligation(borrower)?;
        let instruction = self.record_bad_debt_instruction(borrower);
        self.execute(instruction, &[])
    }

    /// The instruction of [`World::record_bad_debt`].
    pub fn record_bad_debt_instruction(&mut self, borrower: &str) -> Instruction {
        let (obligation, prices) = (self.obligation_address(borrower), self.prices(borrower));
        verb::record_bad_debt(&self.key, obligation, &prices)
    }

    /// Donates to the insurance fund.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn fund_insurance(&mut self, who: &str, assets: u64) -> Outcome {
        let instruction = self.fund_insurance_instruction(who, assets);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::fund_insurance`].
    pub fn fund_insurance_instruction(&mut self, who: &str, assets: u64) -> Instruction {
        let (donor, source) = (self.actor(who), self.liquidity_wallet(who));
        verb::fund_insurance(&self.key, donor, source, assets)
    }

    /// Opens an actor's insurance stake unless it is open.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn open_stake(&mut self, who: &str) -> Result<(), Failure> {
        if self.stake_of(who).is_some() {
            return Ok(());
        }
        let (owner, payer) = (self.actor(who), self.payer());
        self.execute(verb::open_stake(&self.key, owner, payer), &[]).map(drop)
    }

    /// Marks a borrower's known shortfall.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn mark(&mut self, borrower: &str) -> Outcome {
        self.open_obligation(borrower)?;
        let instruction = self.mark_instruction(borrower);
        self.execute(instruction, &[])
    }

    /// The instruction of [`World::mark`].
    pub fn mark_instruction(&mut self, borrower: &str) -> Instruction {
        let (obligation, prices) = (self.obligation_address(borrower), self.prices(borrower));
        verb::mark(&self.key, obligation, &prices)
    }

    /// Reports that a token has no usable price.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn report_price(&mut self, symbol: &str) -> Outcome {
        let instruction = self.report_price_instruction(symbol);
        self.execute(instruction, &[])
    }

    /// The instruction of [`World::report_price`].
    pub fn report_price_instruction(&self, symbol: &str) -> Instruction {
        let collateral = (symbol != self.liquidity).then(|| self.collateral_key(symbol).collateral);
        verb::report_price(&self.key, collateral)
    }

    /// Claims an LP's recovery of a loss. Opens the claim account first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn claim_recovery(&mut self, who: &str, loss: u32) -> Outcome {
        self.open_position(who)?;
        let position = self.position_address(who);
        self.open_claim(position, loss)?;
        let instruction = self.claim_recovery_instruction(who, loss);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::claim_recovery`].
    pub fn claim_recovery_instruction(&mut self, who: &str, loss: u32) -> Instruction {
        let (owner, destination) = (self.actor(who), self.liquidity_wallet(who));
        verb::claim_recovery(&self.key, owner, destination, loss, 0)
    }

    /// Opens the claim account of a position or a stake for a loss unless it is open.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn open_claim(&mut self, holder: Address, loss: u32) -> Result<(), Failure> {
        if self.claim_of(&holder, loss).is_some() {
            return Ok(());
        }
        let instruction = verb::open_claim(holder, self.payer(), loss);
        self.execute(instruction, &[]).map(drop)
    }

    /// Makes room for more losses in the loss book.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn extend_loss_book(&mut self, records: u32) -> Outcome {
        let instruction = verb::extend_loss_book(&self.key, self.payer(), records);
        self.execute(instruction, &[])
    }

    /// Makes room for more rows in the history of an actor's position.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn extend_history(&mut self, who: &str, rows: u32) -> Outcome {
        self.open_position(who)?;
        let instruction = verb::extend_history(self.position_address(who), self.payer(), rows);
        self.execute(instruction, &[])
    }

    /// Gives up the rows of losses up to this one in the history of an actor's position.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn trim_history(&mut self, who: &str, through: u32) -> Outcome {
        self.open_position(who)?;
        let owner = self.actor(who);
        let instruction = verb::trim_history(self.position_address(who), owner, through);
        self.execute(instruction, &[who])
    }

    /// Makes room for more rows in the history of an actor's stake.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn extend_stake_history(&mut self, who: &str, rows: u32) -> Outcome {
        self.open_stake(who)?;
        let instruction = verb::extend_history(self.stake_address(who), self.payer(), rows);
        self.execute(instruction, &[])
    }

    /// Gives up the rows of losses up to this one in the history of an actor's stake.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn trim_stake_history(&mut self, who: &str, through: u32) -> Outcome {
        self.open_stake(who)?;
        let owner = self.actor(who);
        let instruction = verb::trim_history(self.stake_address(who), owner, through);
        self.execute(instruction, &[who])
    }

    /// Transfers LP shares to another actor. Opens that actor's position first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn transfer_shares(&mut self, who: &str, to: &str, shares: u64) -> Outcome {
        self.open_position(who)?;
        self.open_position(to)?;
        let instruction = self.transfer_shares_instruction(who, to, shares);
        let signers: &[&str] = if who == to { &[who] } else { &[who, to] };
        self.execute(instruction, signers)
    }

    /// The instruction of [`World::transfer_shares`].
    pub fn transfer_shares_instruction(&mut self, who: &str, to: &str, shares: u64) -> Instruction {
        let (owner, to) = (self.actor(who), self.actor(to));
        verb::transfer_shares(&self.key, owner, to, shares)
    }

    /// Requests a withdrawal of shares.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn request_withdrawal(&mut self, who: &str, shares: u64) -> Outcome {
        self.open_position(who)?;
        let instruction = self.request_withdrawal_instruction(who, shares);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::request_withdrawal`].
    pub fn request_withdrawal_instruction(&mut self, who: &str, shares: u64) -> Instruction {
        let owner = self.actor(who);
        verb::request_withdrawal(&self.key, owner, shares)
    }

    /// Stakes in the insurance fund. Opens a stake first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn stake(&mut self, who: &str, assets: u64) -> Outcome {
        self.open_stake(who)?;
        let instruction = self.stake_instruction(who, assets);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::stake`].
    pub fn stake_instruction(&mut self, who: &str, assets: u64) -> Instruction {
        let (owner, source) = (self.actor(who), self.liquidity_wallet(who));
        verb::stake(&self.key, owner, source, assets, 0)
    }

    /// Requests to unstake shares.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn request_unstake(&mut self, who: &str, shares: u64) -> Outcome {
        self.open_stake(who)?;
        let instruction = self.request_unstake_instruction(who, shares);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::request_unstake`].
    pub fn request_unstake_instruction(&mut self, who: &str, shares: u64) -> Instruction {
        let owner = self.actor(who);
        verb::request_unstake(&self.key, owner, shares)
    }

    /// Executes an actor's matured unstake request.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn execute_unstake(&mut self, who: &str) -> Outcome {
        self.open_stake(who)?;
        let instruction = self.execute_unstake_instruction(who);
        self.execute(instruction, &[])
    }

    /// The instruction of [`World::execute_unstake`].
    pub fn execute_unstake_instruction(&mut self, who: &str) -> Instruction {
        let owner = self.actor(who);
        verb::execute_unstake(&self.key, &owner)
    }

    /// Collects a staker's payout of executed requests.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn collect_unstake(&mut self, who: &str) -> Outcome {
        self.open_stake(who)?;
        let instruction = self.collect_unstake_instruction(who);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::collect_unstake`].
    pub fn collect_unstake_instruction(&mut self, who: &str) -> Instruction {
        let (owner, destination) = (self.actor(who), self.liquidity_wallet(who));
        let stake = self.stake_address(who);
        verb::collect(&self.key, stake, owner, destination)
    }

    /// Claims a staker's recovery of a loss, as shares. Opens the claim account first if there is none.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn claim_stake_recovery(&mut self, who: &str, loss: u32) -> Outcome {
        self.open_stake(who)?;
        let stake = self.stake_address(who);
        self.open_claim(stake, loss)?;
        let instruction = self.claim_stake_recovery_instruction(who, loss);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::claim_stake_recovery`].
    pub fn claim_stake_recovery_instruction(&mut self, who: &str, loss: u32) -> Instruction {
        let owner = self.actor(who);
        verb::claim_stake_recovery(&self.key, owner, loss)
    }

    /// Updates the risk targets of a collateral and its pool.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn refresh_risk(&mut self, symbol: &str) -> Outcome {
        let instruction = self.refresh_risk_instruction(symbol);
        self.execute(instruction, &[])
    }

    /// The instruction of [`World::refresh_risk`].
    pub fn refresh_risk_instruction(&self, symbol: &str) -> Instruction {
        let (liquidity, price) = (self.token(&self.liquidity).price(), self.token(symbol).price());
        verb::refresh_risk(&self.key, self.collateral_key(symbol).collateral, &liquidity, &price)
    }

    /// Pauses an operation, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn pause(&mut self, who: &str, what: PausableOperation, seconds: u32) -> Outcome {
        let signer = self.actor(who);
        self.execute(verb::pause(&self.key, signer, what, seconds), &[who])
    }

    /// Ends a pause, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn unpause(&mut self, who: &str, what: PausableOperation) -> Outcome {
        let signer = self.actor(who);
        self.execute(verb::unpause(&self.key, signer, what), &[who])
    }

    /// The target of a parameter change: the pool, or one of its collaterals.
    pub fn target(&self, symbol: Option<&str>) -> Target {
        let pool = self.key.pool;
        match symbol {
            Some(symbol) => Target::Collateral { pool, collateral: self.collateral_key(symbol).collateral },
            None => Target::Pool(pool),
        }
    }

    /// Changes a parameter of the pool or of a collateral at once, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn tighten(&mut self, who: &str, of: Option<&str>, parameter: Parameter, value: [u8; 32]) -> Outcome {
        let collateral = of.map(|symbol| self.collateral_key(symbol).collateral);
        let signer = self.actor(who);
        self.execute(verb::tighten(&self.key, signer, collateral, parameter, value), &[who])
    }

    /// Queues a change, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn queue_change(
        &mut self,
        who: &str,
        target: Target,
        nonce: u64,
        parameter: Parameter,
        value: [u8; 32],
    ) -> Outcome {
        let (authority, payer) = (self.actor(who), self.payer());
        let instruction = verb::queue_change(self.key.market, authority, payer, target, nonce, parameter, value);
        self.execute(instruction, &[who])
    }

    /// Executes a queued change, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn execute_change(&mut self, who: &str, target: Target, nonce: u64) -> Outcome {
        let (authority, payer) = (self.actor(who), self.payer());
        self.execute(verb::execute_change(self.key.market, authority, payer, target, nonce), &[who])
    }

    /// Cancels a queued change, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn cancel_change(&mut self, who: &str, nonce: u64) -> Outcome {
        let (signer, payer) = (self.actor(who), self.payer());
        self.execute(verb::cancel_change(self.key.market, signer, payer, nonce), &[who])
    }

    /// Proposes an authority, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn propose_authority(&mut self, who: &str, proposed: &str) -> Outcome {
        let (authority, proposed) = (self.actor(who), self.actor(proposed));
        self.execute(verb::propose_authority(self.key.market, authority, proposed), &[who])
    }

    /// Accepts the authority.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn accept_authority(&mut self, who: &str) -> Outcome {
        let authority = self.actor(who);
        self.execute(verb::accept_authority(self.key.market, authority), &[who])
    }

    /// Cancels the proposal of an authority, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn cancel_authority(&mut self, who: &str) -> Outcome {
        let signer = self.actor(who);
        self.execute(verb::cancel_authority(self.key.market, signer), &[who])
    }

    /// Pays reserves to the treasury's wallet, signed by an actor.
    ///
    /// # Errors
    /// If the program refuses.
    pub fn collect_reserves(&mut self, who: &str, assets: u64) -> Outcome {
        let instruction = self.collect_reserves_instruction(who, assets);
        self.execute(instruction, &[who])
    }

    /// The instruction of [`World::collect_reserves`].
    pub fn collect_reserves_instruction(&mut self, who: &str, assets: u64) -> Instruction {
        let (authority, destination) = (self.actor(who), self.liquidity_wallet("treasury"));
        verb::collect_reserves(&self.key, authority, destination, assets)
    }

    /// The accounts that price a borrower's obligation.
    pub fn prices(&mut self, borrower: &str) -> Prices {
        match self.obligation(borrower) {
            Some(obligation) => self.prices_of(&obligation),
            None => Prices { liquidity: self.token(&self.liquidity).price(), holdings: Vec::new() },
        }
    }

    fn prices_of(&self, obligation: &Obligation) -> Prices {
        let holdings = obligation
            .held()
            .filter_map(|slot| self.symbol_of(&slot.collateral))
            .map(|symbol| PricedHolding { key: self.collateral_key(symbol), price: self.token(symbol).price() });
        Prices { liquidity: self.token(&self.liquidity).price(), holdings: holdings.collect() }
    }

    fn liquidity_wallet(&mut self, who: &str) -> solana_address::Address {
        let symbol = self.liquidity.clone();
        self.wallet(who, &symbol)
    }
}
