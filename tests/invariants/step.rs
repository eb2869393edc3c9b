//! What happens in a history, and who and what it happens to.

use std::ops::{Index, IndexMut};

use backstop_client::{Parameter, PausableOperation};
use backstop_engine::price::Quote;

/// Everybody may do everything; each is named after what they mostly do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    Alice,
    Ann,
    Arno,
    Bea,
    Ben,
    Bob,
    Ines,
    Liz,
}

use Actor::{Alice, Ann, Arno, Bea, Ben, Bob, Ines, Liz};

pub(crate) const ACTORS: [Actor; 8] = [Alice, Ann, Arno, Bea, Ben, Bob, Ines, Liz];
pub(crate) const LPS: [Actor; 4] = [Alice, Ann, Arno, Bob];
pub(crate) const BORROWERS: [Actor; 4] = [Bea, Ben, Bob, Alice];
pub(crate) const STAKERS: [Actor; 4] = [Ines, Liz, Ann, Bea];

impl Actor {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Alice => "alice",
            Ann => "ann",
            Arno => "arno",
            Bea => "bea",
            Ben => "ben",
            Bob => "bob",
            Ines => "ines",
            Liz => "liz",
        }
    }
}

/// Who signs for the market, or would like to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Officer {
    Dao,
    Guardian,
    Stranger,
}

impl Officer {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dao => "dao",
            Self::Guardian => "guardian",
            Self::Stranger => "mallory",
        }
    }
}

/// The tokens: two collaterals, and what is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Eth,
    Sol,
    Usdc,
}

pub(crate) const TOKENS: [Token; 3] = [Token::Eth, Token::Sol, Token::Usdc];
pub(crate) const COLLATERALS: [Token; 2] = [Token::Eth, Token::Sol];

impl Token {
    pub(crate) const fn symbol(self) -> &'static str {
        match self {
            Self::Eth => "ETH",
            Self::Sol => "SOL",
            Self::Usdc => "USDC",
        }
    }
}

/// One of something for each actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Each<T>([T; 8]);

impl<T> Each<T> {
    pub(crate) fn new(of: impl FnMut(Actor) -> T) -> Self {
        Self(ACTORS.map(of))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

impl<T> Index<Actor> for Each<T> {
    type Output = T;

    fn index(&self, who: Actor) -> &T {
        &self.0[who as usize]
    }
}

impl<T> IndexMut<Actor> for Each<T> {
    fn index_mut(&mut self, who: Actor) -> &mut T {
        &mut self.0[who as usize]
    }
}

/// One of something for each token; for collaterals the first two count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PerToken<T, const N: usize>([T; N]);

impl<T> PerToken<T, 3> {
    pub(crate) fn new(of: impl FnMut(Token) -> T) -> Self {
        Self(TOKENS.map(of))
    }
}

impl<T> PerToken<T, 2> {
    pub(crate) fn of_collaterals(of: impl FnMut(Token) -> T) -> Self {
        Self(COLLATERALS.map(of))
    }
}

impl<T, const N: usize> Index<Token> for PerToken<T, N> {
    type Output = T;

    fn index(&self, token: Token) -> &T {
        &self.0[token as usize]
    }
}

impl<T, const N: usize> IndexMut<Token> for PerToken<T, N> {
    fn index_mut(&mut self, token: Token) -> &mut T {
        &mut self.0[token as usize]
    }
}

/// As an amount: all there is.
pub(crate) const ALL: u64 = u64::MAX;

/// Changes are queued under these nonces.
pub(crate) const NONCES: [u64; 4] = [0, 1, 2, 3];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Deposit {
        who: Actor,
        assets: u64,
    },
    Withdraw {
        who: Actor,
        shares: u64,
    },
    RequestWithdrawal {
        who: Actor,
        shares: u64,
    },
    /// Executes the request of an LP.
    ExecuteWithdrawal {
        who: Actor,
    },
    CollectWithdrawal {
        who: Actor,
    },
    TransferShares {
        who: Actor,
        to: Actor,
        shares: u64,
    },
    ClaimRecovery {
        who: Actor,
    },
    DepositCollateral {
        who: Actor,
        token: Token,
        units: u64,
    },
    WithdrawCollateral {
        who: Actor,
        token: Token,
        units: u64,
    },
    Borrow {
        who: Actor,
        assets: u64,
    },
    Repay {
        who: Actor,
        borrower: Actor,
        assets: u64,
    },
    Accrue,
    Mark {
        borrower: Actor,
    },
    /// Says that a token has no usable price.
    ReportPrice {
        token: Token,
    },
    Liquidate {
        who: Actor,
        borrower: Actor,
        token: Token,
        max_repay: u64,
    },
    Record {
        borrower: Actor,
    },
    Fund {
        who: Actor,
        assets: u64,
    },
    Stake {
        who: Actor,
        assets: u64,
    },
    RequestUnstake {
        who: Actor,
        shares: u64,
    },
    /// Executes the request of a staker.
    ExecuteUnstake {
        who: Actor,
    },
    CollectUnstake {
        who: Actor,
    },
    ClaimStakeRecovery {
        who: Actor,
    },
    RefreshRisk {
        token: Token,
    },
    Pause {
        by: Officer,
        what: PausableOperation,
        seconds: u32,
    },
    Unpause {
        by: Officer,
        what: PausableOperation,
    },
    /// A parameter of the pool, or of a collateral.
    Tighten {
        by: Officer,
        parameter: Parameter,
        of: Option<Token>,
        value: u64,
    },
    QueueChange {
        by: Officer,
        nonce: u64,
        parameter: Parameter,
        of: Option<Token>,
        value: u64,
    },
    ExecuteChange {
        by: Officer,
        nonce: u64,
    },
    CancelChange {
        by: Officer,
        nonce: u64,
    },
    CollectReserves {
        by: Officer,
        assets: u64,
    },
    /// Sends tokens to the vault, past the program.
    Donate {
        units: u64,
    },
    Wait {
        seconds: u64,
    },
    /// What both feeds say, if there are two.
    Price {
        token: Token,
        quote: Quote,
        /// How old it is, in seconds.
        age: i64,
    },
    /// What the second feed alone says.
    SecondPrice {
        token: Token,
        quote: Quote,
    },
}

impl Step {
    /// What it is called in a scenario file, or would be.
    pub(crate) const fn verb(&self) -> &'static str {
        match self {
            Self::Deposit { .. } => "deposit",
            Self::Withdraw { .. } => "withdraw",
            Self::RequestWithdrawal { .. } => "request_withdrawal",
            Self::ExecuteWithdrawal { .. } => "execute_withdrawal",
            Self::CollectWithdrawal { .. } => "collect_withdrawal",
            Self::TransferShares { .. } => "transfer_shares",
            Self::ClaimRecovery { .. } => "claim_recovery",
            Self::DepositCollateral { .. } => "deposit_collateral",
            Self::WithdrawCollateral { .. } => "withdraw_collateral",
            Self::Borrow { .. } => "borrow",
            Self::Repay { .. } => "repay",
            Self::Accrue => "accrue",
            Self::Mark { .. } => "mark",
            Self::ReportPrice { .. } => "report_price",
            Self::Liquidate { .. } => "liquidate",
            Self::Record { .. } => "record_bad_debt",
            Self::Fund { .. } => "fund_insurance",
            Self::Stake { .. } => "stake",
            Self::RequestUnstake { .. } => "request_unstake",
            Self::ExecuteUnstake { .. } => "execute_unstake",
            Self::CollectUnstake { .. } => "collect_unstake",
            Self::ClaimStakeRecovery { .. } => "claim_stake_recovery",
            Self::RefreshRisk { .. } => "refresh_risk",
            Self::Pause { .. } => "pause",
            Self::Unpause { .. } => "unpause",
            Self::Tighten { .. } => "tighten",
            Self::QueueChange { .. } => "queue_change",
            Self::ExecuteChange { .. } => "execute_change",
            Self::CancelChange { .. } => "cancel_change",
            Self::CollectReserves { .. } => "collect_reserves",
            Self::Donate { .. } => "donate",
            Self::Wait { .. } => "wait",
            Self::Price { .. } | Self::SecondPrice { .. } => "set_price",
        }
    }

    /// Whether it is an instruction.
    pub(crate) const fn is_instruction(&self) -> bool {
        !matches!(self, Self::Donate { .. } | Self::Wait { .. } | Self::Price { .. } | Self::SecondPrice { .. })
    }

    /// Who does it, if it matters who.
    pub(crate) const fn who(&self) -> Option<Actor> {
        match *self {
            Self::Deposit { who, .. }
            | Self::Withdraw { who, .. }
            | Self::RequestWithdrawal { who, .. }
            | Self::TransferShares { who, .. }
            | Self::ClaimRecovery { who }
            | Self::DepositCollateral { who, .. }
            | Self::WithdrawCollateral { who, .. }
            | Self::Borrow { who, .. }
            | Self::Repay { who, .. }
            | Self::Liquidate { who, .. }
            | Self::Fund { who, .. }
            | Self::Stake { who, .. }
            | Self::RequestUnstake { who, .. }
            | Self::ExecuteUnstake { who }
            | Self::CollectUnstake { who }
            | Self::ExecuteWithdrawal { who }
            | Self::CollectWithdrawal { who }
            | Self::ClaimStakeRecovery { who } => Some(who),
            _ => None,
        }
    }

    /// Who signs for the market, if it is theirs to sign.
    pub(crate) const fn officer(&self) -> Option<Officer> {
        match *self {
            Self::Pause { by, .. }
            | Self::Unpause { by, .. }
            | Self::Tighten { by, .. }
            | Self::QueueChange { by, .. }
            | Self::ExecuteChange { by, .. }
            | Self::CancelChange { by, .. }
            | Self::CollectReserves { by, .. } => Some(by),
            _ => None,
        }
    }

    /// What of the pool must not be paused for it.
    pub(crate) const fn pausable(&self) -> Option<PausableOperation> {
        match self {
            Self::Deposit { .. } => Some(PausableOperation::Deposit),
            Self::Borrow { .. } => Some(PausableOperation::Borrow),
            Self::WithdrawCollateral { .. } => Some(PausableOperation::WithdrawCollateral),
            Self::Withdraw { .. } | Self::ExecuteWithdrawal { .. } => Some(PausableOperation::Withdraw),
            _ => None,
        }
    }

    /// Whose obligation it may change.
    pub(crate) const fn obligation(&self) -> Option<Actor> {
        match *self {
            Self::DepositCollateral { who, .. } | Self::WithdrawCollateral { who, .. } | Self::Borrow { who, .. } => {
                Some(who)
            }
            _ => self.borrower(),
        }
    }

    /// Whose debt it names.
    pub(crate) const fn borrower(&self) -> Option<Actor> {
        match *self {
            Self::Repay { borrower, .. }
            | Self::Mark { borrower }
            | Self::Liquidate { borrower, .. }
            | Self::Record { borrower } => Some(borrower),
            _ => None,
        }
    }

    /// Whether it may change this actor's LP position.
    pub(crate) fn changes_position(&self, actor: Actor) -> bool {
        match *self {
            Self::Deposit { who, .. }
            | Self::Withdraw { who, .. }
            | Self::RequestWithdrawal { who, .. }
            | Self::ExecuteWithdrawal { who }
            | Self::CollectWithdrawal { who }
            | Self::ClaimRecovery { who } => who == actor,
            Self::TransferShares { who, to, .. } => who == actor || to == actor,
            _ => false,
        }
    }

    /// Whether it may change this actor's insurance stake.
    pub(crate) fn changes_stake(&self, actor: Actor) -> bool {
        match *self {
            Self::Stake { who, .. }
            | Self::RequestUnstake { who, .. }
            | Self::ExecuteUnstake { who }
            | Self::CollectUnstake { who }
            | Self::ClaimStakeRecovery { who } => who == actor,
            _ => false,
        }
    }
}
