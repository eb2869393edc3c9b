// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! Views of the program's accounts of a fixed size: each field is read where it stands in the account's bytes, and nothing else is
//! copied.
//!
//! ```
//! use backstop_client::{AccountData, Obligation, view};
//!
//! let mut data = vec![0; Obligation::SIZE];
//! data[..8].copy_from_slice(&Obligation::DISCRIMINATOR);
//! let obligation = view::Obligation::new(&data).ok_or("another kind of account")?;
//! assert_eq!(obligation.debt_shares(), 0);
//! assert_eq!(Obligation::from_account_data(&data), Some(obligation.into()));
//! # Ok::<_, &str>(())
//! ```

use solana_address::Address;

use crate::AccountData;
use crate::wire::{at, pieces};

/// A token that a pool accepts as collateral. Seeds: `collateral`, pool, mint. Its vault: `vault`, collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collateral<'a>(&'a [u8; 480]);

impl<'a> Collateral<'a> {
    /// The pool that accepts it.
    pub fn pool(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// The token's mint.
    pub fn mint(self) -> Address {
        Address::new_from_array(*at::<40, _, _>(self.0))
    }

    /// The token account that holds all of it.
    pub fn vault(self) -> Address {
        Address::new_from_array(*at::<72, _, _>(self.0))
    }

    /// Oracle, limits and cap.
    pub fn parameters(self) -> CollateralParameters<'a> {
        CollateralParameters(at::<104, _, _>(self.0))
    }

    /// What all obligations together hold.
    pub fn deposited(self) -> u64 {
        u64::from_le_bytes(*at::<216, _, _>(self.0))
    }

    /// Its price's average and variance.
    pub fn average(self) -> AveragePrice<'a> {
        AveragePrice(at::<224, _, _>(self.0))
    }

    /// The loan-to-value limit as of `risk_at`.
    pub fn max_ltv(self) -> RiskGauge<'a> {
        RiskGauge(at::<256, _, _>(self.0))
    }

    /// The liquidation threshold as of `risk_at`.
    pub fn threshold(self) -> RiskGauge<'a> {
        RiskGauge(at::<272, _, _>(self.0))
    }

    /// Its newest price that was read.
    pub fn last_price(self) -> LastPrice<'a> {
        LastPrice(at::<288, _, _>(self.0))
    }

    /// Unix time of the last change of both headings.
    pub fn risk_at(self) -> i64 {
        i64::from_le_bytes(*at::<328, _, _>(self.0))
    }

    /// Unix time from which it can be deposited; zero if it was listed while the pool was closed.
    pub fn opens_at(self) -> i64 {
        i64::from_le_bytes(*at::<336, _, _>(self.0))
    }

    /// Decimals of the mint.
    pub fn decimals(self) -> u8 {
        u8::from_le_bytes(*at::<344, _, _>(self.0))
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<345, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<346, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 133] {
        at::<347, _, _>(self.0)
    }
}

impl From<Collateral<'_>> for crate::Collateral {
    fn from(view: Collateral<'_>) -> Self {
        Self {
            pool: view.pool(),
            mint: view.mint(),
            vault: view.vault(),
            parameters: view.parameters().into(),
            deposited: view.deposited(),
            average: view.average().into(),
            max_ltv: view.max_ltv().into(),
            threshold: view.threshold().into(),
            last_price: view.last_price().into(),
            risk_at: view.risk_at(),
            opens_at: view.opens_at(),
            decimals: view.decimals(),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> Collateral<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::Collateral::DISCRIMINATOR)).map(Self)
    }
}

/// What pays for losses before LPs do. Seeds: `insurance`, pool.
///
/// Its tokens lie in the pool's vault, counted here and never as the pool's cash, so that a draw moves no token and nothing
/// that happens to a token account can keep a loss from being recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceFund<'a>(&'a [u8; 272]);

impl<'a> InsuranceFund<'a> {
    /// The pool that it insures.
    pub fn pool(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// Liquidity in the pool's vault that is the fund's.
    pub fn assets(self) -> u64 {
        u64::from_le_bytes(*at::<40, _, _>(self.0))
    }

    /// Stakers' shares.
    pub fn shares(self) -> u64 {
        u64::from_le_bytes(*at::<48, _, _>(self.0))
    }

    /// Shares of the fund itself: gifts.
    pub fn gift_shares(self) -> u64 {
        u64::from_le_bytes(*at::<56, _, _>(self.0))
    }

    /// Shares that came back of stakers' losses and wait to be claimed.
    pub fn waiting_shares(self) -> u64 {
        u64::from_le_bytes(*at::<64, _, _>(self.0))
    }

    /// All that was ever drawn.
    pub fn drawn(self) -> u64 {
        u64::from_le_bytes(*at::<72, _, _>(self.0))
    }

    /// What recent draws still counted for at `window_at`.
    pub fn window_drawn(self) -> u64 {
        u64::from_le_bytes(*at::<80, _, _>(self.0))
    }

    /// Unix time of the last draw.
    pub fn window_at(self) -> i64 {
        i64::from_le_bytes(*at::<88, _, _>(self.0))
    }

    /// Unix time at which all of them will have faded.
    pub fn window_ends_at(self) -> i64 {
        i64::from_le_bytes(*at::<96, _, _>(self.0))
    }

    /// What the pool owed it when it was last settled.
    pub fn owed(self) -> u64 {
        u64::from_le_bytes(*at::<104, _, _>(self.0))
    }

    /// How often losses divided all shares by 1,024; a loss of the whole fund counts seven times.
    pub fn generation(self) -> u32 {
        u32::from_le_bytes(*at::<112, _, _>(self.0))
    }

    /// Number of the last loss in the loss book that stakers bore.
    pub fn last_loss(self) -> u32 {
        u32::from_le_bytes(*at::<116, _, _>(self.0))
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<120, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<121, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 150] {
        at::<122, _, _>(self.0)
    }
}

impl From<InsuranceFund<'_>> for crate::InsuranceFund {
    fn from(view: InsuranceFund<'_>) -> Self {
        Self {
            pool: view.pool(),
            assets: view.assets(),
            shares: view.shares(),
            gift_shares: view.gift_shares(),
            waiting_shares: view.waiting_shares(),
            drawn: view.drawn(),
            window_drawn: view.window_drawn(),
            window_at: view.window_at(),
            window_ends_at: view.window_ends_at(),
            owed: view.owed(),
            generation: view.generation(),
            last_loss: view.last_loss(),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> InsuranceFund<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::InsuranceFund::DISCRIMINATOR)).map(Self)
    }
}

/// What a position or a stake claimed of a loss. Seeds: `claim`, position or stake, number of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossClaim<'a>(&'a [u8; 80]);

impl<'a> LossClaim<'a> {
    /// The position or stake.
    pub fn holder(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// What it was paid: a position in base units, a stake in shares of the generation.
    pub fn claimed(self) -> u64 {
        u64::from_le_bytes(*at::<40, _, _>(self.0))
    }

    /// Number of the loss.
    pub fn loss(self) -> u32 {
        u32::from_le_bytes(*at::<48, _, _>(self.0))
    }

    /// The generation of a stake's shares.
    pub fn generation(self) -> u32 {
        u32::from_le_bytes(*at::<52, _, _>(self.0))
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<56, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<57, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 22] {
        at::<58, _, _>(self.0)
    }
}

impl From<LossClaim<'_>> for crate::LossClaim {
    fn from(view: LossClaim<'_>) -> Self {
        Self {
            holder: view.holder(),
            claimed: view.claimed(),
            loss: view.loss(),
            generation: view.generation(),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> LossClaim<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::LossClaim::DISCRIMINATOR)).map(Self)
    }
}

/// A group of pools under one authority. Seeds: `market`, creator, id (little endian).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Market<'a>(&'a [u8; 240]);

impl<'a> Market<'a> {
    /// Who creates pools, lists collateral and changes parameters.
    pub fn authority(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// Who may, besides the authority, tighten at once, pause, and cancel what is queued.
    pub fn guardian(self) -> Address {
        Address::new_from_array(*at::<40, _, _>(self.0))
    }

    /// Who owns the token accounts that reserves are paid to.
    pub fn treasury(self) -> Address {
        Address::new_from_array(*at::<72, _, _>(self.0))
    }

    /// Who was proposed as the next authority; zeros are nobody.
    pub fn pending_authority(self) -> Address {
        Address::new_from_array(*at::<104, _, _>(self.0))
    }

    /// Who created it: its first authority. The address is derived from it.
    pub fn creator(self) -> Address {
        Address::new_from_array(*at::<136, _, _>(self.0))
    }

    /// The number that the address is derived from, too.
    pub fn id(self) -> u64 {
        u64::from_le_bytes(*at::<168, _, _>(self.0))
    }

    /// Unix time from which the proposed authority can accept.
    pub fn acceptable_at(self) -> i64 {
        i64::from_le_bytes(*at::<176, _, _>(self.0))
    }

    /// Unix time from which it cannot any more.
    pub fn acceptance_lapses_at(self) -> i64 {
        i64::from_le_bytes(*at::<184, _, _>(self.0))
    }

    /// How long, in seconds, what loosens must wait.
    pub fn timelock_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<192, _, _>(self.0))
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<196, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<197, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 42] {
        at::<198, _, _>(self.0)
    }
}

impl From<Market<'_>> for crate::Market {
    fn from(view: Market<'_>) -> Self {
        Self {
            authority: view.authority(),
            guardian: view.guardian(),
            treasury: view.treasury(),
            pending_authority: view.pending_authority(),
            creator: view.creator(),
            id: view.id(),
            acceptable_at: view.acceptable_at(),
            acceptance_lapses_at: view.acceptance_lapses_at(),
            timelock_seconds: view.timelock_seconds(),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> Market<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::Market::DISCRIMINATOR)).map(Self)
    }
}

/// A borrower's debt and collateral in one pool. Seeds: `obligation`, pool, owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obligation<'a>(&'a [u8; 592]);

impl<'a> Obligation<'a> {
    /// The pool that lent.
    pub fn pool(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// Who may borrow and take collateral back.
    pub fn owner(self) -> Address {
        Address::new_from_array(*at::<40, _, _>(self.0))
    }

    /// Its shares of the pool's performing debt.
    pub fn debt_shares(self) -> u64 {
        u64::from_le_bytes(*at::<72, _, _>(self.0))
    }

    /// What it is known to leave unpaid, as marked last.
    pub fn marked(self) -> u64 {
        u64::from_le_bytes(*at::<80, _, _>(self.0))
    }

    /// Unix time at which it was marked first; zero if it is not.
    pub fn marked_at(self) -> i64 {
        i64::from_le_bytes(*at::<88, _, _>(self.0))
    }

    /// All debt of it that was ever recorded as bad, in base units of liquidity.
    pub fn written_off(self) -> u64 {
        u64::from_le_bytes(*at::<96, _, _>(self.0))
    }

    /// What of that was recovered.
    pub fn recovered(self) -> u64 {
        u64::from_le_bytes(*at::<104, _, _>(self.0))
    }

    /// Number of its oldest loss in the loss book that is not recovered; zero if there is none.
    pub fn first_loss(self) -> u32 {
        u32::from_le_bytes(*at::<112, _, _>(self.0))
    }

    /// Number of its last loss in the loss book.
    pub fn last_loss(self) -> u32 {
        u32::from_le_bytes(*at::<116, _, _>(self.0))
    }

    /// Slot of the last borrow or collateral withdrawal.
    pub fn exposed_at_slot(self) -> u64 {
        u64::from_le_bytes(*at::<120, _, _>(self.0))
    }

    /// The collaterals held, in no particular order.
    pub fn collaterals(self) -> [CollateralSlot<'a>; 8] {
        pieces::<128, 40, 8, _>(self.0).each_ref().map(CollateralSlot)
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<448, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<449, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 142] {
        at::<450, _, _>(self.0)
    }
}

impl From<Obligation<'_>> for crate::Obligation {
    fn from(view: Obligation<'_>) -> Self {
        Self {
            pool: view.pool(),
            owner: view.owner(),
            debt_shares: view.debt_shares(),
            marked: view.marked(),
            marked_at: view.marked_at(),
            written_off: view.written_off(),
            recovered: view.recovered(),
            first_loss: view.first_loss(),
            last_loss: view.last_loss(),
            exposed_at_slot: view.exposed_at_slot(),
            collaterals: view.collaterals().map(Into::into),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> Obligation<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::Obligation::DISCRIMINATOR)).map(Self)
    }
}

/// A queued change of a parameter. Seeds: `change`, market, nonce (little endian).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterChange<'a>(&'a [u8; 232]);

impl<'a> ParameterChange<'a> {
    /// The market whose authority queued it.
    pub fn market(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// The market, pool or collateral that it changes.
    pub fn target(self) -> Address {
        Address::new_from_array(*at::<40, _, _>(self.0))
    }

    /// Who paid the rent and gets it back.
    pub fn payer(self) -> Address {
        Address::new_from_array(*at::<72, _, _>(self.0))
    }

    /// The new value, as in `Parameter`.
    pub fn value(self) -> &'a [u8; 32] {
        at::<104, _, _>(self.0)
    }

    /// The number that the address is derived from.
    pub fn nonce(self) -> u64 {
        u64::from_le_bytes(*at::<136, _, _>(self.0))
    }

    /// Unix time from which it can be executed.
    pub fn executable_at(self) -> i64 {
        i64::from_le_bytes(*at::<144, _, _>(self.0))
    }

    /// Unix time from which it cannot be executed any more.
    pub fn lapses_at(self) -> i64 {
        i64::from_le_bytes(*at::<152, _, _>(self.0))
    }

    /// For how many seconds the pool had been on hold in all when it was queued. Later holds lengthen both times.
    pub fn pool_stopped(self) -> u64 {
        u64::from_le_bytes(*at::<160, _, _>(self.0))
    }

    /// The same of its insurance fund.
    pub fn fund_stopped(self) -> u64 {
        u64::from_le_bytes(*at::<168, _, _>(self.0))
    }

    /// Unix time at which it was queued.
    pub fn queued_at(self) -> i64 {
        i64::from_le_bytes(*at::<176, _, _>(self.0))
    }

    /// The market's timelock when it was queued.
    pub fn timelock_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<184, _, _>(self.0))
    }

    /// The number of the `Parameter`.
    pub fn parameter(self) -> u8 {
        u8::from_le_bytes(*at::<188, _, _>(self.0))
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<189, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<190, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 41] {
        at::<191, _, _>(self.0)
    }
}

impl From<ParameterChange<'_>> for crate::ParameterChange {
    fn from(view: ParameterChange<'_>) -> Self {
        Self {
            market: view.market(),
            target: view.target(),
            payer: view.payer(),
            value: *view.value(),
            nonce: view.nonce(),
            executable_at: view.executable_at(),
            lapses_at: view.lapses_at(),
            pool_stopped: view.pool_stopped(),
            fund_stopped: view.fund_stopped(),
            queued_at: view.queued_at(),
            timelock_seconds: view.timelock_seconds(),
            parameter: view.parameter(),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> ParameterChange<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::ParameterChange::DISCRIMINATOR)).map(Self)
    }
}

/// One liquidity token's lending pool. Seeds: `pool`, market, mint. Its vault: `vault`, pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool<'a>(&'a [u8; 864]);

impl<'a> Pool<'a> {
    /// The market that it belongs to.
    pub fn market(self) -> Address {
        Address::new_from_array(*at::<8, _, _>(self.0))
    }

    /// The liquidity token's mint.
    pub fn mint(self) -> Address {
        Address::new_from_array(*at::<40, _, _>(self.0))
    }

    /// The token account that holds cash, what is due to the insurance fund and what it has, and what waits to be claimed or collected.
    pub fn vault(self) -> Address {
        Address::new_from_array(*at::<72, _, _>(self.0))
    }

    /// Its insurance fund.
    pub fn insurance_fund(self) -> Address {
        Address::new_from_array(*at::<104, _, _>(self.0))
    }

    /// Its loss book.
    pub fn loss_book(self) -> Address {
        Address::new_from_array(*at::<136, _, _>(self.0))
    }

    /// What one debt share is worth, 64 fractional bits.
    pub fn borrow_index(self) -> u128 {
        u128::from_le_bytes(*at::<168, _, _>(self.0))
    }

    /// Liquidity in the vault that is the pool's. Donations to the vault do not count.
    pub fn cash(self) -> u64 {
        u64::from_le_bytes(*at::<184, _, _>(self.0))
    }

    /// Shares of the performing debt.
    pub fn debt_shares(self) -> u64 {
        u64::from_le_bytes(*at::<192, _, _>(self.0))
    }

    /// LP shares.
    pub fn shares(self) -> u64 {
        u64::from_le_bytes(*at::<200, _, _>(self.0))
    }

    /// What belongs to no LP and takes losses first.
    pub fn reserves(self) -> u64 {
        u64::from_le_bytes(*at::<208, _, _>(self.0))
    }

    /// Liquidity in the vault that will be the insurance fund's when it is touched next.
    pub fn insurance_due(self) -> u64 {
        u64::from_le_bytes(*at::<216, _, _>(self.0))
    }

    /// What was recovered for LPs and not claimed yet; lies in the vault.
    pub fn unclaimed(self) -> u64 {
        u64::from_le_bytes(*at::<224, _, _>(self.0))
    }

    /// Unix time up to which interest is counted.
    pub fn accrued_at(self) -> i64 {
        i64::from_le_bytes(*at::<232, _, _>(self.0))
    }

    /// How many losses were recorded: the sequence number of the last one.
    pub fn losses(self) -> u64 {
        u64::from_le_bytes(*at::<240, _, _>(self.0))
    }

    /// All losses that nobody bore.
    pub fn uncovered(self) -> u64 {
        u64::from_le_bytes(*at::<248, _, _>(self.0))
    }

    /// All losses that were recorded.
    pub fn lost(self) -> u64 {
        u64::from_le_bytes(*at::<256, _, _>(self.0))
    }

    /// The sum of all obligations' marks: losses that are known and wait to be settled.
    pub fn marked(self) -> u64 {
        u64::from_le_bytes(*at::<264, _, _>(self.0))
    }

    /// What LP losses counted for at `breaker_at`.
    pub fn breaker_losses(self) -> u64 {
        u64::from_le_bytes(*at::<272, _, _>(self.0))
    }

    /// What parts of NAV they were together, each of NAV before it, in trillionths.
    pub fn breaker_part(self) -> u64 {
        u64::from_le_bytes(*at::<280, _, _>(self.0))
    }

    /// Unix time of the last LP loss that counts for the breaker.
    pub fn breaker_at(self) -> i64 {
        i64::from_le_bytes(*at::<288, _, _>(self.0))
    }

    /// Unix time at which those losses will have faded.
    pub fn breaker_fades_at(self) -> i64 {
        i64::from_le_bytes(*at::<296, _, _>(self.0))
    }

    /// Unix time at which the loss breaker's trip ends; past if there is none.
    pub fn breaker_until(self) -> i64 {
        i64::from_le_bytes(*at::<304, _, _>(self.0))
    }

    /// Pauses of deposits, borrowing, collateral withdrawals and LP withdrawals, in this order.
    pub fn pauses(self) -> [PauseTimes<'a>; 4] {
        pieces::<312, 16, 4, _>(self.0).each_ref().map(PauseTimes)
    }

    /// The liquidity token's average price and variance.
    pub fn average(self) -> AveragePrice<'a> {
        AveragePrice(at::<376, _, _>(self.0))
    }

    /// The part of interest that goes to the insurance fund.
    pub fn insurance_factor(self) -> RiskGauge<'a> {
        RiskGauge(at::<408, _, _>(self.0))
    }

    /// The loss-sharing ratio.
    pub fn insurance_share(self) -> RiskGauge<'a> {
        RiskGauge(at::<424, _, _>(self.0))
    }

    /// What losses counted for, for the loss rate, at `risk_at`.
    pub fn risk_losses(self) -> u64 {
        u64::from_le_bytes(*at::<440, _, _>(self.0))
    }

    /// `lost` at `risk_at`.
    pub fn risk_lost(self) -> u64 {
        u64::from_le_bytes(*at::<448, _, _>(self.0))
    }

    /// Unix time of the last refresh.
    pub fn risk_at(self) -> i64 {
        i64::from_le_bytes(*at::<456, _, _>(self.0))
    }

    /// Whether deposits, withdrawals and the execution of requests are on hold, and for how long they were.
    pub fn hold(self) -> HoldTimes<'a> {
        HoldTimes(at::<464, _, _>(self.0))
    }

    /// The same of staking and leaving the insurance fund.
    pub fn fund_hold(self) -> HoldTimes<'a> {
        HoldTimes(at::<488, _, _>(self.0))
    }

    /// The liquidity token's newest price that was read.
    pub fn last_price(self) -> LastPrice<'a> {
        LastPrice(at::<512, _, _>(self.0))
    }

    /// Rates, loss sharing, liquidation, insurance, leaving, risk, oracle.
    pub fn parameters(self) -> PoolParameters<'a> {
        PoolParameters(at::<552, _, _>(self.0))
    }

    /// What the insurance fund has earned beyond `insurance_due` and is paid as soon as there is cash. No part of NAV.
    pub fn insurance_owed(self) -> u64 {
        u64::from_le_bytes(*at::<768, _, _>(self.0))
    }

    /// The average utilisation, in billionths with 12 fractional bits.
    pub fn average_utilisation(self) -> u64 {
        u64::from_le_bytes(*at::<776, _, _>(self.0))
    }

    /// The average performing debt.
    pub fn average_debt(self) -> u64 {
        u64::from_le_bytes(*at::<784, _, _>(self.0))
    }

    /// Unix time at which the market's authority opened it; zero while it is closed.
    pub fn opened_at(self) -> i64 {
        i64::from_le_bytes(*at::<792, _, _>(self.0))
    }

    /// What executed requests took out of pool and insurance fund and waits to be collected; lies in the vault.
    pub fn payable(self) -> u64 {
        u64::from_le_bytes(*at::<800, _, _>(self.0))
    }

    /// How often losses divided all LP shares by 1,024; a loss of all NAV counts seven times.
    pub fn generation(self) -> u32 {
        u32::from_le_bytes(*at::<808, _, _>(self.0))
    }

    /// Number of the last loss in the loss book that LPs bore.
    pub fn last_loss(self) -> u32 {
        u32::from_le_bytes(*at::<812, _, _>(self.0))
    }

    /// Decimals of the mint.
    pub fn decimals(self) -> u8 {
        u8::from_le_bytes(*at::<816, _, _>(self.0))
    }

    /// `ACCOUNT_VERSION`.
    pub fn version(self) -> u8 {
        u8::from_le_bytes(*at::<817, _, _>(self.0))
    }

    /// Bump seed.
    pub fn bump(self) -> u8 {
        u8::from_le_bytes(*at::<818, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 45] {
        at::<819, _, _>(self.0)
    }
}

impl From<Pool<'_>> for crate::Pool {
    fn from(view: Pool<'_>) -> Self {
        Self {
            market: view.market(),
            mint: view.mint(),
            vault: view.vault(),
            insurance_fund: view.insurance_fund(),
            loss_book: view.loss_book(),
            borrow_index: view.borrow_index(),
            cash: view.cash(),
            debt_shares: view.debt_shares(),
            shares: view.shares(),
            reserves: view.reserves(),
            insurance_due: view.insurance_due(),
            unclaimed: view.unclaimed(),
            accrued_at: view.accrued_at(),
            losses: view.losses(),
            uncovered: view.uncovered(),
            lost: view.lost(),
            marked: view.marked(),
            breaker_losses: view.breaker_losses(),
            breaker_part: view.breaker_part(),
            breaker_at: view.breaker_at(),
            breaker_fades_at: view.breaker_fades_at(),
            breaker_until: view.breaker_until(),
            pauses: view.pauses().map(Into::into),
            average: view.average().into(),
            insurance_factor: view.insurance_factor().into(),
            insurance_share: view.insurance_share().into(),
            risk_losses: view.risk_losses(),
            risk_lost: view.risk_lost(),
            risk_at: view.risk_at(),
            hold: view.hold().into(),
            fund_hold: view.fund_hold().into(),
            last_price: view.last_price().into(),
            parameters: view.parameters().into(),
            insurance_owed: view.insurance_owed(),
            average_utilisation: view.average_utilisation(),
            average_debt: view.average_debt(),
            opened_at: view.opened_at(),
            payable: view.payable(),
            generation: view.generation(),
            last_loss: view.last_loss(),
            decimals: view.decimals(),
            version: view.version(),
            bump: view.bump(),
            spare: *view.spare(),
        }
    }
}

impl<'a> Pool<'a> {
    /// The account in these bytes, or nothing if they are of another kind or too few.
    pub fn new(data: &'a [u8]) -> Option<Self> {
        data.first_chunk().filter(|data| data.starts_with(&crate::Pool::DISCRIMINATOR)).map(Self)
    }
}

/// A price's moving average and variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AveragePrice<'a>(&'a [u8; 32]);

impl<'a> AveragePrice<'a> {
    /// The average value of a whole token, in 10^-18 USD.
    pub fn price(self) -> u128 {
        u128::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// The variance around it, in billionths of it, squared.
    pub fn variance(self) -> u64 {
        u64::from_le_bytes(*at::<16, _, _>(self.0))
    }

    /// Unix time of the last observation.
    pub fn at(self) -> i64 {
        i64::from_le_bytes(*at::<24, _, _>(self.0))
    }
}

impl From<AveragePrice<'_>> for crate::AveragePrice {
    fn from(view: AveragePrice<'_>) -> Self {
        Self { price: view.price(), variance: view.variance(), at: view.at() }
    }
}

/// What may come in, be lent and be taken out, each in base units of liquidity; 2^64 - 1 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapParameters<'a>(&'a [u8; 24]);

impl<'a> CapParameters<'a> {
    /// The most that LPs together may have after a deposit.
    pub fn pool_deposit_cap(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// The most that may be lent after a loan.
    pub fn borrow_cap(self) -> u64 {
        u64::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// How much of the reserves the authority may collect. It falls by what is collected.
    pub fn released_reserves(self) -> u64 {
        u64::from_le_bytes(*at::<16, _, _>(self.0))
    }
}

impl From<CapParameters<'_>> for crate::CapParameters {
    fn from(view: CapParameters<'_>) -> Self {
        Self {
            pool_deposit_cap: view.pool_deposit_cap(),
            borrow_cap: view.borrow_cap(),
            released_reserves: view.released_reserves(),
        }
    }
}

/// All parameters of a collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralParameters<'a>(&'a [u8; 112]);

impl<'a> CollateralParameters<'a> {
    /// The most base units that all obligations together may hold.
    pub fn deposit_cap(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// The collateral's price.
    pub fn oracle(self) -> OracleParameters<'a> {
        OracleParameters(at::<8, _, _>(self.0))
    }

    /// How much debt its value carries when borrowing, in calm.
    pub fn max_ltv_bps(self) -> u32 {
        u32::from_le_bytes(*at::<84, _, _>(self.0))
    }

    /// The same under full stress; above that it counts as that.
    pub fn stressed_max_ltv_bps(self) -> u32 {
        u32::from_le_bytes(*at::<88, _, _>(self.0))
    }

    /// How much debt its value carries before liquidation, in calm.
    pub fn liquidation_threshold_bps(self) -> u32 {
        u32::from_le_bytes(*at::<92, _, _>(self.0))
    }

    /// The same under full stress.
    pub fn stressed_threshold_bps(self) -> u32 {
        u32::from_le_bytes(*at::<96, _, _>(self.0))
    }

    /// What a liquidator gets on top at the liquidation threshold.
    pub fn bonus_min_bps(self) -> u32 {
        u32::from_le_bytes(*at::<100, _, _>(self.0))
    }

    /// The most that this grows to.
    pub fn bonus_max_bps(self) -> u32 {
        u32::from_le_bytes(*at::<104, _, _>(self.0))
    }

    /// Deviation of its price and the liquidity token's at which stress is full; a fifth of it is none.
    pub fn stressed_deviation_bps(self) -> u32 {
        u32::from_le_bytes(*at::<108, _, _>(self.0))
    }
}

impl From<CollateralParameters<'_>> for crate::CollateralParameters {
    fn from(view: CollateralParameters<'_>) -> Self {
        Self {
            deposit_cap: view.deposit_cap(),
            oracle: view.oracle().into(),
            max_ltv_bps: view.max_ltv_bps(),
            stressed_max_ltv_bps: view.stressed_max_ltv_bps(),
            liquidation_threshold_bps: view.liquidation_threshold_bps(),
            stressed_threshold_bps: view.stressed_threshold_bps(),
            bonus_min_bps: view.bonus_min_bps(),
            bonus_max_bps: view.bonus_max_bps(),
            stressed_deviation_bps: view.stressed_deviation_bps(),
        }
    }
}

/// How much of one collateral an obligation holds. Empty slots are all zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralSlot<'a>(&'a [u8; 40]);

impl<'a> CollateralSlot<'a> {
    /// The `Collateral` account.
    pub fn collateral(self) -> Address {
        Address::new_from_array(*at::<0, _, _>(self.0))
    }

    /// Base units of its token.
    pub fn units(self) -> u64 {
        u64::from_le_bytes(*at::<32, _, _>(self.0))
    }
}

impl From<CollateralSlot<'_>> for crate::CollateralSlot {
    fn from(view: CollateralSlot<'_>) -> Self {
        Self { collateral: view.collateral(), units: view.units() }
    }
}

/// How LPs leave, and when losses slow that down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitParameters<'a>(&'a [u8; 24]);

impl<'a> ExitParameters<'a> {
    /// LP losses that add up to at most this, in base units of liquidity, never trip the breaker.
    pub fn breaker_min_losses(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// LP losses within the window beyond this part of NAV trip the breaker; 10,000 is never.
    pub fn breaker_limit_bps(self) -> u32 {
        u32::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// How long, in seconds, an LP loss counts for the breaker, a draw against the insurance fund's cap, and any loss for the loss rate.
    pub fn window_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<12, _, _>(self.0))
    }

    /// How long ahead a withdrawal must be requested while the breaker is tripped, in seconds; from `hold_seconds` to a day.
    pub fn breaker_notice_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<16, _, _>(self.0))
    }

    /// How long ahead a withdrawal must be requested at any time, in seconds; from `hold_seconds` to a day. Zero is no notice.
    pub fn notice_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<20, _, _>(self.0))
    }
}

impl From<ExitParameters<'_>> for crate::ExitParameters {
    fn from(view: ExitParameters<'_>) -> Self {
        Self {
            breaker_min_losses: view.breaker_min_losses(),
            breaker_limit_bps: view.breaker_limit_bps(),
            window_seconds: view.window_seconds(),
            breaker_notice_seconds: view.breaker_notice_seconds(),
            notice_seconds: view.notice_seconds(),
        }
    }
}

/// Whether a pool or a fund is on hold, and for how long it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldTimes<'a>(&'a [u8; 24]);

impl<'a> HoldTimes<'a> {
    /// Unix time since which it is on hold, or open.
    pub fn since(self) -> i64 {
        i64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// Seconds of all holds that are over.
    pub fn stopped(self) -> u64 {
        u64::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// Seconds of those that are over and count together.
    pub fn spent(self) -> u32 {
        u32::from_le_bytes(*at::<16, _, _>(self.0))
    }

    /// One on hold, zero while open.
    pub fn on(self) -> u32 {
        u32::from_le_bytes(*at::<20, _, _>(self.0))
    }
}

impl From<HoldTimes<'_>> for crate::HoldTimes {
    fn from(view: HoldTimes<'_>) -> Self {
        Self { since: view.since(), stopped: view.stopped(), spent: view.spent(), on: view.on() }
    }
}

/// How stakers leave the insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceParameters<'a>(&'a [u8; 8]);

impl<'a> InsuranceParameters<'a> {
    /// From asking to leave to leaving, in seconds; a day to sixty.
    pub fn cooldown_seconds(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }
}

impl From<InsuranceParameters<'_>> for crate::InsuranceParameters {
    fn from(view: InsuranceParameters<'_>) -> Self {
        Self { cooldown_seconds: view.cooldown_seconds() }
    }
}

/// The newest price of a token that was read. All zero before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastPrice<'a>(&'a [u8; 40]);

impl<'a> LastPrice<'a> {
    /// Its digits.
    pub fn price(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// The newest time of its feed.
    pub fn first_at(self) -> i64 {
        i64::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// The newest time of its second feed.
    pub fn second_at(self) -> i64 {
        i64::from_le_bytes(*at::<16, _, _>(self.0))
    }

    /// Unix time at which somebody reported that there is none; zero if nobody did, or it was read since.
    pub fn reported_at(self) -> i64 {
        i64::from_le_bytes(*at::<24, _, _>(self.0))
    }

    /// The power of ten of its digits.
    pub fn exponent(self) -> i32 {
        i32::from_le_bytes(*at::<32, _, _>(self.0))
    }

    /// Zeros, for what comes later.
    pub fn spare(self) -> &'a [u8; 4] {
        at::<36, _, _>(self.0)
    }
}

impl From<LastPrice<'_>> for crate::LastPrice {
    fn from(view: LastPrice<'_>) -> Self {
        Self {
            price: view.price(),
            first_at: view.first_at(),
            second_at: view.second_at(),
            reported_at: view.reported_at(),
            exponent: view.exponent(),
            spare: *view.spare(),
        }
    }
}

/// How obligations are liquidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationParameters<'a>(&'a [u8; 16]);

impl<'a> LiquidationParameters<'a> {
    /// The least debt, in base units of liquidity, that borrowing may result in and liquidating may leave.
    pub fn min_debt(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// Part of a liquidator's bonus that goes to the insurance fund.
    pub fn insurance_cut_bps(self) -> u32 {
        u32::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// The health that a liquidation restores: weighted collateral over debt.
    pub fn target_health_bps(self) -> u32 {
        u32::from_le_bytes(*at::<12, _, _>(self.0))
    }
}

impl From<LiquidationParameters<'_>> for crate::LiquidationParameters {
    fn from(view: LiquidationParameters<'_>) -> Self {
        Self {
            min_debt: view.min_debt(),
            insurance_cut_bps: view.insurance_cut_bps(),
            target_health_bps: view.target_health_bps(),
        }
    }
}

/// How losses are recognised and shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossParameters<'a>(&'a [u8; 24]);

impl<'a> LossParameters<'a> {
    /// Collateral worth at most this, in micro-dollars, does not keep a debt from being recorded.
    pub fn dust_value(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of that
    /// step itself never counts, whatever this says.
    pub fn min_default_age_slots(self) -> u32 {
        u32::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// How long, in seconds, a mark stands before it is settled, and nobody is held longer; ten minutes to a day.
    pub fn hold_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<12, _, _>(self.0))
    }

    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund pays.
    pub fn insurance_share_bps(self) -> u32 {
        u32::from_le_bytes(*at::<16, _, _>(self.0))
    }

    /// The most that draws in a window add up to, of the fund's assets before them.
    pub fn draw_cap_bps(self) -> u32 {
        u32::from_le_bytes(*at::<20, _, _>(self.0))
    }
}

impl From<LossParameters<'_>> for crate::LossParameters {
    fn from(view: LossParameters<'_>) -> Self {
        Self {
            dust_value: view.dust_value(),
            min_default_age_slots: view.min_default_age_slots(),
            hold_seconds: view.hold_seconds(),
            insurance_share_bps: view.insurance_share_bps(),
            draw_cap_bps: view.draw_cap_bps(),
        }
    }
}

/// Which price feeds to read, and when to trust them. A feed is a Pyth feed id, or the address of a Switchboard On-Demand feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OracleParameters<'a>(&'a [u8; 76]);

impl<'a> OracleParameters<'a> {
    /// The primary feed.
    pub fn feed(self) -> &'a [u8; 32] {
        at::<0, _, _>(self.0)
    }

    /// The second feed; zeros are none.
    pub fn second_feed(self) -> &'a [u8; 32] {
        at::<32, _, _>(self.0)
    }

    /// Oldest publish time accepted of either feed, in seconds before the chain's clock.
    pub fn max_age_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<64, _, _>(self.0))
    }

    /// Widest confidence interval accepted, to each side, of the price.
    pub fn max_confidence_bps(self) -> u32 {
        u32::from_le_bytes(*at::<68, _, _>(self.0))
    }

    /// Most that the second feed's price may be off the primary's, of the latter.
    pub fn max_divergence_bps(self) -> u32 {
        u32::from_le_bytes(*at::<72, _, _>(self.0))
    }
}

impl From<OracleParameters<'_>> for crate::OracleParameters {
    fn from(view: OracleParameters<'_>) -> Self {
        Self {
            feed: *view.feed(),
            second_feed: *view.second_feed(),
            max_age_seconds: view.max_age_seconds(),
            max_confidence_bps: view.max_confidence_bps(),
            max_divergence_bps: view.max_divergence_bps(),
        }
    }
}

/// A pause, also one that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PauseTimes<'a>(&'a [u8; 16]);

impl<'a> PauseTimes<'a> {
    /// Unix time at which it began.
    pub fn since(self) -> i64 {
        i64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// Unix time at which it ends.
    pub fn until(self) -> i64 {
        i64::from_le_bytes(*at::<8, _, _>(self.0))
    }
}

impl From<PauseTimes<'_>> for crate::PauseTimes {
    fn from(view: PauseTimes<'_>) -> Self {
        Self { since: view.since(), until: view.until() }
    }
}

/// All parameters of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolParameters<'a>(&'a [u8; 216]);

impl<'a> PoolParameters<'a> {
    /// How losses are recognised and shared.
    pub fn loss(self) -> LossParameters<'a> {
        LossParameters(at::<0, _, _>(self.0))
    }

    /// How obligations are liquidated.
    pub fn liquidation(self) -> LiquidationParameters<'a> {
        LiquidationParameters(at::<24, _, _>(self.0))
    }

    /// How LPs leave, and when losses slow that down.
    pub fn exit(self) -> ExitParameters<'a> {
        ExitParameters(at::<40, _, _>(self.0))
    }

    /// How stakers leave the insurance fund.
    pub fn insurance(self) -> InsuranceParameters<'a> {
        InsuranceParameters(at::<64, _, _>(self.0))
    }

    /// The interest curve.
    pub fn rates(self) -> RateParameters<'a> {
        RateParameters(at::<72, _, _>(self.0))
    }

    /// The liquidity token's price.
    pub fn oracle(self) -> OracleParameters<'a> {
        OracleParameters(at::<96, _, _>(self.0))
    }

    /// How limits and parts move with risk.
    pub fn risk(self) -> RiskParameters<'a> {
        RiskParameters(at::<172, _, _>(self.0))
    }

    /// What may come in, be lent and be taken out.
    pub fn caps(self) -> CapParameters<'a> {
        CapParameters(at::<192, _, _>(self.0))
    }
}

impl From<PoolParameters<'_>> for crate::PoolParameters {
    fn from(view: PoolParameters<'_>) -> Self {
        Self {
            loss: view.loss().into(),
            liquidation: view.liquidation().into(),
            exit: view.exit().into(),
            insurance: view.insurance().into(),
            rates: view.rates().into(),
            oracle: view.oracle().into(),
            risk: view.risk().into(),
            caps: view.caps().into(),
        }
    }
}

/// The interest curve and who gets the interest. Yearly rates and parts in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateParameters<'a>(&'a [u8; 24]);

impl<'a> RateParameters<'a> {
    /// Yearly rate at no utilisation.
    pub fn base_bps(self) -> u32 {
        u32::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// What the rate gains up to the kink.
    pub fn slope1_bps(self) -> u32 {
        u32::from_le_bytes(*at::<4, _, _>(self.0))
    }

    /// Utilisation at which the curve turns steeper; above 0 and below 10,000.
    pub fn kink_bps(self) -> u32 {
        u32::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// What the rate gains from the kink to full utilisation.
    pub fn slope2_bps(self) -> u32 {
        u32::from_le_bytes(*at::<12, _, _>(self.0))
    }

    /// Part of the interest that goes to reserves.
    pub fn reserve_factor_bps(self) -> u32 {
        u32::from_le_bytes(*at::<16, _, _>(self.0))
    }

    /// Part of the interest that goes to the insurance fund while coverage is on target.
    pub fn insurance_factor_bps(self) -> u32 {
        u32::from_le_bytes(*at::<20, _, _>(self.0))
    }
}

impl From<RateParameters<'_>> for crate::RateParameters {
    fn from(view: RateParameters<'_>) -> Self {
        Self {
            base_bps: view.base_bps(),
            slope1_bps: view.slope1_bps(),
            kink_bps: view.kink_bps(),
            slope2_bps: view.slope2_bps(),
            reserve_factor_bps: view.reserve_factor_bps(),
            insurance_factor_bps: view.insurance_factor_bps(),
        }
    }
}

/// A value in basis points on its way to a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskGauge<'a>(&'a [u8; 16]);

impl<'a> RiskGauge<'a> {
    /// Basis points, 32 fractional bits.
    pub fn value(self) -> u64 {
        u64::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// Basis points.
    pub fn heading_bps(self) -> u32 {
        u32::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// How far it moves in a day.
    pub fn step_bps(self) -> u32 {
        u32::from_le_bytes(*at::<12, _, _>(self.0))
    }
}

impl From<RiskGauge<'_>> for crate::RiskGauge {
    fn from(view: RiskGauge<'_>) -> Self {
        Self { value: view.value(), heading_bps: view.heading_bps(), step_bps: view.step_bps() }
    }
}

/// How limits and parts move with risk. See the engine's `risk` and `average`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskParameters<'a>(&'a [u8; 20]);

impl<'a> RiskParameters<'a> {
    /// Horizon of the average prices, in seconds.
    pub fn average_seconds(self) -> u32 {
        u32::from_le_bytes(*at::<0, _, _>(self.0))
    }

    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it, as debt.
    pub fn max_premium_bps(self) -> u32 {
        u32::from_le_bytes(*at::<4, _, _>(self.0))
    }

    /// The insurance fund over performing debt that is aimed at.
    pub fn target_coverage_bps(self) -> u32 {
        u32::from_le_bytes(*at::<8, _, _>(self.0))
    }

    /// Part of the interest that goes to the insurance fund under full stress.
    pub fn stressed_insurance_factor_bps(self) -> u32 {
        u32::from_le_bytes(*at::<12, _, _>(self.0))
    }

    /// The loss-sharing ratio at no coverage.
    pub fn stressed_insurance_share_bps(self) -> u32 {
        u32::from_le_bytes(*at::<16, _, _>(self.0))
    }
}

impl From<RiskParameters<'_>> for crate::RiskParameters {
    fn from(view: RiskParameters<'_>) -> Self {
        Self {
            average_seconds: view.average_seconds(),
            max_premium_bps: view.max_premium_bps(),
            target_coverage_bps: view.target_coverage_bps(),
            stressed_insurance_factor_bps: view.stressed_insurance_factor_bps(),
            stressed_insurance_share_bps: view.stressed_insurance_share_bps(),
        }
    }
}
