//! What a command is about to do.

use std::sync::Arc;

use backstop_client::token::{associated, create_associated};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use crate::{
    desk::{Desk, DeskError, MarketChoice, PoolChoice},
    receipt::Teller,
    tokens::Token,
    view::{Figure, View},
};

/// What a command is about to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What will happen, as the engine previews it.
    pub preview: View,
    /// What makes it happen, in one transaction.
    pub instructions: Vec<Instruction>,
    /// What whoever confirms must have read.
    pub warning: Option<String>,
    /// Who signs besides the payer.
    pub signers: Vec<Arc<Keypair>>,
    /// What the signer pays.
    pub pays: Vec<Payment>,
    /// What to show afterwards, if anything.
    pub after: Option<After>,
    /// What tells of the events.
    pub teller: Teller,
}

/// Tokens that the signer must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The token account that pays.
    pub account: Address,
    /// Base units.
    pub units: u64,
    /// The token.
    pub token: Token,
}

/// What to show afterwards.
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
    /// What is queued in a market.
    Changes(MarketChoice),
}

impl After {
    /// The command that shows it.
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
    /// A plan that does nothing yet.
    pub fn new(title: impl Into<String>, teller: Teller) -> Self {
        Self {
            preview: View::new(title),
            instructions: Vec::new(),
            warning: None,
            signers: Vec::new(),
            pays: Vec::new(),
            after: None,
            teller,
        }
    }

    /// Adds an instruction.
    pub fn step(&mut self, instruction: Instruction) -> &mut Self {
        self.instructions.push(instruction);
        self
    }

    /// Adds an instruction that something takes first, and says so.
    pub fn first(&mut self, instruction: Instruction, what: &str) -> &mut Self {
        self.preview.note(format!("First, in the same transaction, {what}."));
        self.step(instruction)
    }

    /// Adds instructions that something takes before all others, and says so.
    pub fn before(&mut self, instructions: &[Instruction], what: &str) -> &mut Self {
        self.preview.note(format!("First, in the same transaction, {what}."));
        self.instructions.splice(0..0, instructions.iter().cloned());
        self
    }

    /// Adds a figure to the preview.
    pub fn tell(&mut self, key: &'static str, name: &str, figure: Figure) -> &mut Self {
        self.preview.figure(key, name, figure);
        self
    }

    /// Lets the signer pay tokens out of its own account, which is returned.
    pub fn pay(&mut self, me: &Address, token: &Token, token_program: &Address, units: u64) -> Address {
        let account = associated(me, &token.mint, token_program);
        self.pays.push(Payment { account, units, token: token.clone() });
        account
    }

    /// Lets an owner receive tokens in its own account, which is created if it is not there, and returned.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn receive(
        &mut self,
        desk: &Desk<'_>,
        me: Address,
        owner: Address,
        token: &Token,
        token_program: Address,
    ) -> Result<Address, DeskError> {
        let account = associated(&owner, &token.mint, &token_program);
        if desk.cluster().raw(&[account]).await?.pop().flatten().is_none() {
            let create = create_associated(me, owner, token.mint, token_program);
            self.first(create, &format!("your {} account {account} is created; you pay its rent", token.symbol));
        }
        Ok(account)
    }
}
