//! The plan of a command.

use std::sync::Arc;

use backstop_client::token::{associated, create_associated};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::{
    loaded_pool::{LoadError, LoadedPool, MarketChoice, PoolChoice},
    receipt::EventFormatter,
    tokens::Token,
    view::{Cell, View},
};

/// The preview and the transaction of a command.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The engine's preview of the outcome.
    pub preview: View,
    /// The instructions of the transaction.
    pub instructions: Vec<Instruction>,
    /// A warning to show with the confirmation.
    pub warning: Option<String>,
    /// Signers besides the payer.
    pub signers: Vec<Arc<Keypair>>,
    /// The tokens that the signer pays.
    pub pays: Vec<Payment>,
    /// The view to show afterwards, if any.
    pub after: Option<After>,
    /// Formats the events of the transaction.
    pub event_formatter: EventFormatter,
}

/// A payment that the signer must be able to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The token account that pays.
    pub account: Address,
    /// Amount in base units.
    pub units: u64,
    /// The token.
    pub token: Token,
}

/// The view to show after the transaction.
#[derive(Clone, Debug)]
pub enum After {
    /// A market.
    Market(MarketChoice),
    /// A pool.
    Pool(PoolChoice),
    /// A collateral of a pool, by its mint.
    Collateral(PoolChoice, Address),
    /// An insurance fund.
    Fund(PoolChoice),
    /// An owner's LP position.
    Position(PoolChoice, Address),
    /// An owner's obligation.
    Obligation(PoolChoice, Address),
    /// An owner's stake.
    Stake(PoolChoice, Address),
    /// The queued changes of a market.
    Changes(MarketChoice),
}

impl After {
    /// The command that shows this view.
    pub fn command(&self) -> String {
        let in_market = |choice: &MarketChoice| {
            let id = if choice.market == 0 { String::new() } else { format!(" --market {}", choice.market) };
            id + &choice.creator.map(|creator| format!(" --creator {creator}")).unwrap_or_default()
        };
        let in_pool = |choice: &PoolChoice| {
            let pool = choice.pool.as_ref().map(|pool| format!(" --pool {pool}")).unwrap_or_default();
            in_market(&choice.market) + &pool
        };
        match self {
            Self::Market(choice) => format!("backstop show market{}", in_market(choice)),
            Self::Changes(choice) => format!("backstop show changes{}", in_market(choice)),
            Self::Pool(choice) => format!("backstop show pool{}", in_pool(choice)),
            Self::Fund(choice) => format!("backstop show fund{}", in_pool(choice)),
            Self::Collateral(choice, mint) => format!("backstop show collateral {mint}{}", in_pool(choice)),
            Self::Position(choice, owner) => format!("backstop show position {owner}{}", in_pool(choice)),
            Self::Obligation(choice, owner) => format!("backstop show obligation {owner}{}", in_pool(choice)),
            Self::Stake(choice, owner) => format!("backstop show stake {owner}{}", in_pool(choice)),
        }
    }
}

impl Plan {
    /// An empty plan.
    pub fn new(title: impl Into<String>, event_formatter: EventFormatter) -> Self {
        Self {
            preview: View::new(title),
            instructions: Vec::new(),
            warning: None,
            signers: Vec::new(),
            pays: Vec::new(),
            after: None,
            event_formatter,
        }
    }

    /// Adds an instruction.
    pub fn step(&mut self, instruction: Instruction) -> &mut Self {
        self.instructions.push(instruction);
        self
    }

    /// Adds a preparatory instruction, and a note about it.
    pub fn first(&mut self, instruction: Instruction, what: &str) -> &mut Self {
        self.preview.note(format!("First, in the same transaction, {what}."));
        self.step(instruction)
    }

    /// Adds instructions before all others, and a note about them.
    pub fn before(&mut self, instructions: &[Instruction], what: &str) -> &mut Self {
        self.preview.note(format!("First, in the same transaction, {what}."));
        self.instructions.splice(0..0, instructions.iter().cloned());
        self
    }

    /// Adds a figure to the preview.
    pub fn tell(&mut self, key: &'static str, name: &str, figure: Cell) -> &mut Self {
        self.preview.figure(key, name, figure);
        self
    }

    /// Adds a payment from the signer's associated token account. Returns that account.
    pub fn pay(&mut self, me: &Address, token: &Token, token_program: &Address, units: u64) -> Address {
        let account = associated(me, &token.mint, token_program);
        self.pays.push(Payment { account, units, token: token.clone() });
        account
    }

    /// Returns an owner's associated token account, which the plan creates if it does not exist.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn receive(
        &mut self,
        loaded: &LoadedPool<'_>,
        me: Address,
        owner: Address,
        token: &Token,
        token_program: Address,
    ) -> Result<Address, LoadError> {
        let account = associated(&owner, &token.mint, &token_program);
        if loaded.cluster().get_raw(&[account]).await?.pop().flatten().is_none() {
            let create = create_associated(me, owner, token.mint, token_program);
            self.first(create, &format!("your {} account {account} is created (you pay its rent)", token.symbol));
        }
        Ok(account)
    }
}
