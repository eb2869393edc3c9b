// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! The program's accounts, instructions, events and errors, generated from its IDL.

use solana_address::{Address, address};
use solana_instruction::{AccountMeta, Instruction};

use crate::AccountData;
use crate::wire::{Read, Reader, Write};

/// The program's address.
pub const PROGRAM_ID: Address = address!("Backstop11111111111111111111111111111111111");

/// Interest was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrued {
    /// The pool.
    pub pool: Address,
    /// What the performing debt grew by.
    pub interest: u64,
    /// The part of it that went to reserves.
    pub to_reserves: u64,
    /// The part of it that was set aside for the insurance fund.
    pub to_insurance: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Accrued {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            interest: Read::read(reader)?,
            to_reserves: Read::read(reader)?,
            to_insurance: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Accrued {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.interest.write(out);
        self.to_reserves.write(out);
        self.to_insurance.write(out);
        self.state.write(out);
    }
}

/// The authority changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorityChanged {
    /// The market.
    pub market: Address,
    /// The authority before.
    pub before: Address,
    /// The authority now.
    pub authority: Address,
}

impl Read for AuthorityChanged {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { market: Read::read(reader)?, before: Read::read(reader)?, authority: Read::read(reader)? })
    }
}

impl Write for AuthorityChanged {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.before.write(out);
        self.authority.write(out);
    }
}

/// An authority was proposed, or a proposal cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorityProposed {
    /// The market.
    pub market: Address,
    /// The authority.
    pub authority: Address,
    /// Who was proposed; zeros are nobody.
    pub proposed: Address,
    /// Unix time from which it can accept.
    pub acceptable_at: i64,
    /// Unix time from which it cannot any more.
    pub lapses_at: i64,
}

impl Read for AuthorityProposed {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            market: Read::read(reader)?,
            authority: Read::read(reader)?,
            proposed: Read::read(reader)?,
            acceptable_at: Read::read(reader)?,
            lapses_at: Read::read(reader)?,
        })
    }
}

impl Write for AuthorityProposed {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.authority.write(out);
        self.proposed.write(out);
        self.acceptable_at.write(out);
        self.lapses_at.write(out);
    }
}

/// A price's moving average and variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AveragePrice {
    /// The average value of a whole token, in 10^-18 USD.
    pub price: u128,
    /// The variance around it, in billionths of it, squared.
    pub variance: u64,
    /// Unix time of the last observation.
    pub at: i64,
}

impl Read for AveragePrice {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { price: Read::read(reader)?, variance: Read::read(reader)?, at: Read::read(reader)? })
    }
}

impl Write for AveragePrice {
    fn write(&self, out: &mut Vec<u8>) {
        self.price.write(out);
        self.variance.write(out);
        self.at.write(out);
    }
}

/// A borrower took a loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borrowed {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Assets lent.
    pub assets: u64,
    /// The obligation's debt shares afterwards.
    pub debt_shares: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Borrowed {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            obligation: Read::read(reader)?,
            assets: Read::read(reader)?,
            debt_shares: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Borrowed {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.obligation.write(out);
        self.assets.write(out);
        self.debt_shares.write(out);
        self.state.write(out);
    }
}

/// What may come in, be lent and be taken out, each in base units of liquidity; 2^64 - 1 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapParameters {
    /// The most that LPs together may have after a deposit.
    pub pool_deposit_cap: u64,
    /// The most that may be lent after a loan.
    pub borrow_cap: u64,
    /// How much of the reserves the authority may collect. It falls by what is collected.
    pub released_reserves: u64,
}

impl Read for CapParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool_deposit_cap: Read::read(reader)?,
            borrow_cap: Read::read(reader)?,
            released_reserves: Read::read(reader)?,
        })
    }
}

impl Write for CapParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool_deposit_cap.write(out);
        self.borrow_cap.write(out);
        self.released_reserves.write(out);
    }
}

/// A queued change was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeCancelled {
    /// The market.
    pub market: Address,
    /// The change.
    pub change: Address,
    /// Who cancelled it.
    pub by: Address,
}

impl Read for ChangeCancelled {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { market: Read::read(reader)?, change: Read::read(reader)?, by: Read::read(reader)? })
    }
}

impl Write for ChangeCancelled {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.change.write(out);
        self.by.write(out);
    }
}

/// A change of a parameter was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeQueued {
    /// The market.
    pub market: Address,
    /// The change.
    pub change: Address,
    /// The market, pool or collateral that it would change.
    pub target: Address,
    /// The parameter's number.
    pub parameter: u64,
    /// Its value now.
    pub before: [u8; 32],
    /// Its value if the change is executed.
    pub value: [u8; 32],
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it cannot be executed any more.
    pub lapses_at: i64,
}

impl Read for ChangeQueued {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            market: Read::read(reader)?,
            change: Read::read(reader)?,
            target: Read::read(reader)?,
            parameter: Read::read(reader)?,
            before: Read::read(reader)?,
            value: Read::read(reader)?,
            executable_at: Read::read(reader)?,
            lapses_at: Read::read(reader)?,
        })
    }
}

impl Write for ChangeQueued {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.change.write(out);
        self.target.write(out);
        self.parameter.write(out);
        self.before.write(out);
        self.value.write(out);
        self.executable_at.write(out);
        self.lapses_at.write(out);
    }
}

/// An account for what is claimed of a loss was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimOpened {
    /// The position or stake that claims.
    pub holder: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
}

impl Read for ClaimOpened {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { holder: Read::read(reader)?, loss: Read::read(reader)? })
    }
}

impl Write for ClaimOpened {
    fn write(&self, out: &mut Vec<u8>) {
        self.holder.write(out);
        self.loss.write(out);
    }
}

/// A token that a pool accepts as collateral. Seeds: `collateral`, pool, mint. Its vault: `vault`, collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collateral {
    /// The pool that accepts it.
    pub pool: Address,
    /// The token's mint.
    pub mint: Address,
    /// The token account that holds all of it.
    pub vault: Address,
    /// Oracle, limits and cap.
    pub parameters: CollateralParameters,
    /// What all obligations together hold.
    pub deposited: u64,
    /// Its price's average and variance.
    pub average: AveragePrice,
    /// The loan-to-value limit as of `risk_at`.
    pub max_ltv: RiskGauge,
    /// The liquidation threshold as of `risk_at`.
    pub threshold: RiskGauge,
    /// Its newest price that was read.
    pub last_price: LastPrice,
    /// Unix time of the last change of both headings.
    pub risk_at: i64,
    /// Unix time from which it can be deposited; zero if it was listed while the pool was closed.
    pub opens_at: i64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 133],
}

impl Read for Collateral {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            mint: Read::read(reader)?,
            vault: Read::read(reader)?,
            parameters: Read::read(reader)?,
            deposited: Read::read(reader)?,
            average: Read::read(reader)?,
            max_ltv: Read::read(reader)?,
            threshold: Read::read(reader)?,
            last_price: Read::read(reader)?,
            risk_at: Read::read(reader)?,
            opens_at: Read::read(reader)?,
            decimals: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for Collateral {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.mint.write(out);
        self.vault.write(out);
        self.parameters.write(out);
        self.deposited.write(out);
        self.average.write(out);
        self.max_ltv.write(out);
        self.threshold.write(out);
        self.last_price.write(out);
        self.risk_at.write(out);
        self.opens_at.write(out);
        self.decimals.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// A collateral was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralAdded {
    /// The pool.
    pub pool: Address,
    /// The collateral.
    pub collateral: Address,
    /// Its mint.
    pub mint: Address,
    /// Unix time from which it can be deposited; zero if it was listed while the pool was closed.
    pub opens_at: i64,
}

impl Read for CollateralAdded {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            collateral: Read::read(reader)?,
            mint: Read::read(reader)?,
            opens_at: Read::read(reader)?,
        })
    }
}

impl Write for CollateralAdded {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.collateral.write(out);
        self.mint.write(out);
        self.opens_at.write(out);
    }
}

/// Collateral was added to an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralDeposited {
    /// The obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// Base units added.
    pub units: u64,
    /// Base units held afterwards.
    pub held: u64,
}

impl Read for CollateralDeposited {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            obligation: Read::read(reader)?,
            collateral: Read::read(reader)?,
            units: Read::read(reader)?,
            held: Read::read(reader)?,
        })
    }
}

impl Write for CollateralDeposited {
    fn write(&self, out: &mut Vec<u8>) {
        self.obligation.write(out);
        self.collateral.write(out);
        self.units.write(out);
        self.held.write(out);
    }
}

/// All parameters of a collateral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralParameters {
    /// The most base units that all obligations together may hold.
    pub deposit_cap: u64,
    /// The collateral's price.
    pub oracle: OracleParameters,
    /// How much debt its value carries when borrowing, in calm.
    pub max_ltv_bps: u32,
    /// The same under full stress; above that it counts as that.
    pub stressed_max_ltv_bps: u32,
    /// How much debt its value carries before liquidation, in calm.
    pub liquidation_threshold_bps: u32,
    /// The same under full stress.
    pub stressed_threshold_bps: u32,
    /// What a liquidator gets on top at the liquidation threshold.
    pub bonus_min_bps: u32,
    /// The most that this grows to.
    pub bonus_max_bps: u32,
    /// Deviation of its price and the liquidity token's at which stress is full; a fifth of it is none.
    pub stressed_deviation_bps: u32,
}

impl Read for CollateralParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            deposit_cap: Read::read(reader)?,
            oracle: Read::read(reader)?,
            max_ltv_bps: Read::read(reader)?,
            stressed_max_ltv_bps: Read::read(reader)?,
            liquidation_threshold_bps: Read::read(reader)?,
            stressed_threshold_bps: Read::read(reader)?,
            bonus_min_bps: Read::read(reader)?,
            bonus_max_bps: Read::read(reader)?,
            stressed_deviation_bps: Read::read(reader)?,
        })
    }
}

impl Write for CollateralParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.deposit_cap.write(out);
        self.oracle.write(out);
        self.max_ltv_bps.write(out);
        self.stressed_max_ltv_bps.write(out);
        self.liquidation_threshold_bps.write(out);
        self.stressed_threshold_bps.write(out);
        self.bonus_min_bps.write(out);
        self.bonus_max_bps.write(out);
        self.stressed_deviation_bps.write(out);
    }
}

/// How much of one collateral an obligation holds. Empty slots are all zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralSlot {
    /// The `Collateral` account.
    pub collateral: Address,
    /// Base units of its token.
    pub units: u64,
}

impl Read for CollateralSlot {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { collateral: Read::read(reader)?, units: Read::read(reader)? })
    }
}

impl Write for CollateralSlot {
    fn write(&self, out: &mut Vec<u8>) {
        self.collateral.write(out);
        self.units.write(out);
    }
}

/// Collateral was taken back by its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralWithdrawn {
    /// The obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// Base units taken.
    pub units: u64,
    /// Base units held afterwards.
    pub held: u64,
}

impl Read for CollateralWithdrawn {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            obligation: Read::read(reader)?,
            collateral: Read::read(reader)?,
            units: Read::read(reader)?,
            held: Read::read(reader)?,
        })
    }
}

impl Write for CollateralWithdrawn {
    fn write(&self, out: &mut Vec<u8>) {
        self.obligation.write(out);
        self.collateral.write(out);
        self.units.write(out);
        self.held.write(out);
    }
}

/// An LP or a staker collected what executed requests left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// The pool.
    pub pool: Address,
    /// The position or stake.
    pub holder: Address,
    /// Who owns it.
    pub owner: Address,
    /// Assets paid out.
    pub assets: u64,
}

impl Read for Collected {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            holder: Read::read(reader)?,
            owner: Read::read(reader)?,
            assets: Read::read(reader)?,
        })
    }
}

impl Write for Collected {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.holder.write(out);
        self.owner.write(out);
        self.assets.write(out);
    }
}

/// An LP deposited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deposited {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Assets paid in.
    pub assets: u64,
    /// Shares minted.
    pub shares: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Deposited {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Deposited {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.assets.write(out);
        self.shares.write(out);
        self.state.write(out);
    }
}

/// How LPs leave, and when losses slow that down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitParameters {
    /// LP losses that add up to at most this, in base units of liquidity, never trip the breaker.
    pub breaker_min_losses: u64,
    /// LP losses within the window beyond this part of NAV trip the breaker; 10,000 is never.
    pub breaker_limit_bps: u32,
    /// How long, in seconds, an LP loss counts for the breaker, a draw against the insurance fund's cap, and any loss for the loss rate.
    pub window_seconds: u32,
    /// How long ahead a withdrawal must be requested while the breaker is tripped, in seconds; from `hold_seconds` to a day.
    pub breaker_notice_seconds: u32,
    /// How long ahead a withdrawal must be requested at any time, in seconds; from `hold_seconds` to a day. Zero is no notice.
    pub notice_seconds: u32,
}

impl Read for ExitParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            breaker_min_losses: Read::read(reader)?,
            breaker_limit_bps: Read::read(reader)?,
            window_seconds: Read::read(reader)?,
            breaker_notice_seconds: Read::read(reader)?,
            notice_seconds: Read::read(reader)?,
        })
    }
}

impl Write for ExitParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.breaker_min_losses.write(out);
        self.breaker_limit_bps.write(out);
        self.window_seconds.write(out);
        self.breaker_notice_seconds.write(out);
        self.notice_seconds.write(out);
    }
}

/// A request to leave, and what is payable of those that were executed. No shares is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitRequest {
    /// The shares that leave.
    pub shares: u64,
    /// What they were worth when asked: the most that is paid for stake. Zero for LP shares.
    pub worth: u64,
    /// When it was made, in seconds of the clock of the pool or the fund: Unix time less all that was spent on hold.
    pub asked_at: i64,
    /// When anyone can execute it, likewise; a withdrawal later while the breaker is tripped, by the notice that is due then.
    pub matures_at: i64,
    /// What executed requests left to be collected, in base units.
    pub payable: u64,
}

impl Read for ExitRequest {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            shares: Read::read(reader)?,
            worth: Read::read(reader)?,
            asked_at: Read::read(reader)?,
            matures_at: Read::read(reader)?,
            payable: Read::read(reader)?,
        })
    }
}

impl Write for ExitRequest {
    fn write(&self, out: &mut Vec<u8>) {
        self.shares.write(out);
        self.worth.write(out);
        self.asked_at.write(out);
        self.matures_at.write(out);
        self.payable.write(out);
    }
}

/// A history of shares got more room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryExtended {
    /// The position or stake.
    pub holder: Address,
    /// How many rows it has room for.
    pub room: u64,
}

impl Read for HistoryExtended {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { holder: Read::read(reader)?, room: Read::read(reader)? })
    }
}

impl Write for HistoryExtended {
    fn write(&self, out: &mut Vec<u8>) {
        self.holder.write(out);
        self.room.write(out);
    }
}

/// The shares that a holder had at some losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Number of the first loss that they bore.
    pub from: u32,
    /// Number of the last loss that they bore.
    pub to: u32,
    /// The generation of the shares.
    pub generation: u32,
    /// The shares.
    pub shares: u64,
}

impl Read for HistoryRow {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            from: Read::read(reader)?,
            to: Read::read(reader)?,
            generation: Read::read(reader)?,
            shares: Read::read(reader)?,
        })
    }
}

impl Write for HistoryRow {
    fn write(&self, out: &mut Vec<u8>) {
        self.from.write(out);
        self.to.write(out);
        self.generation.write(out);
        self.shares.write(out);
    }
}

/// Old rows of a history of shares were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryTrimmed {
    /// The position or stake.
    pub holder: Address,
    /// How many.
    pub rows: u64,
}

impl Read for HistoryTrimmed {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { holder: Read::read(reader)?, rows: Read::read(reader)? })
    }
}

impl Write for HistoryTrimmed {
    fn write(&self, out: &mut Vec<u8>) {
        self.holder.write(out);
        self.rows.write(out);
    }
}

/// Whether a pool or a fund is on hold, and for how long it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldTimes {
    /// Unix time since which it is on hold, or open.
    pub since: i64,
    /// Seconds of all holds that are over.
    pub stopped: u64,
    /// Seconds of those that are over and count together.
    pub spent: u32,
    /// One on hold, zero while open.
    pub on: u32,
}

impl Read for HoldTimes {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            since: Read::read(reader)?,
            stopped: Read::read(reader)?,
            spent: Read::read(reader)?,
            on: Read::read(reader)?,
        })
    }
}

impl Write for HoldTimes {
    fn write(&self, out: &mut Vec<u8>) {
        self.since.write(out);
        self.stopped.write(out);
        self.spent.write(out);
        self.on.write(out);
    }
}

/// What pays for losses before LPs do. Seeds: `insurance`, pool.
///
/// Its tokens lie in the pool's vault, counted here and never as the pool's cash, so that a draw moves no token and nothing
/// that happens to a token account can keep a loss from being recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceFund {
    /// The pool that it insures.
    pub pool: Address,
    /// Liquidity in the pool's vault that is the fund's.
    pub assets: u64,
    /// Stakers' shares.
    pub shares: u64,
    /// Shares of the fund itself: gifts.
    pub gift_shares: u64,
    /// Shares that came back of stakers' losses and wait to be claimed.
    pub waiting_shares: u64,
    /// All that was ever drawn.
    pub drawn: u64,
    /// What recent draws still counted for at `window_at`.
    pub window_drawn: u64,
    /// Unix time of the last draw.
    pub window_at: i64,
    /// Unix time at which all of them will have faded.
    pub window_ends_at: i64,
    /// What the pool owed it when it was last settled.
    pub owed: u64,
    /// How often losses divided all shares by 1,024; a loss of the whole fund counts seven times.
    pub generation: u32,
    /// Number of the last loss in the loss book that stakers bore.
    pub last_loss: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 150],
}

impl Read for InsuranceFund {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            gift_shares: Read::read(reader)?,
            waiting_shares: Read::read(reader)?,
            drawn: Read::read(reader)?,
            window_drawn: Read::read(reader)?,
            window_at: Read::read(reader)?,
            window_ends_at: Read::read(reader)?,
            owed: Read::read(reader)?,
            generation: Read::read(reader)?,
            last_loss: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for InsuranceFund {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.assets.write(out);
        self.shares.write(out);
        self.gift_shares.write(out);
        self.waiting_shares.write(out);
        self.drawn.write(out);
        self.window_drawn.write(out);
        self.window_at.write(out);
        self.window_ends_at.write(out);
        self.owed.write(out);
        self.generation.write(out);
        self.last_loss.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// Someone gave to an insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceFunded {
    /// The pool that it insures.
    pub pool: Address,
    /// Who gave.
    pub donor: Address,
    /// Assets given.
    pub assets: u64,
    /// The fund's assets afterwards.
    pub insurance_assets: u64,
}

impl Read for InsuranceFunded {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            donor: Read::read(reader)?,
            assets: Read::read(reader)?,
            insurance_assets: Read::read(reader)?,
        })
    }
}

impl Write for InsuranceFunded {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.donor.write(out);
        self.assets.write(out);
        self.insurance_assets.write(out);
    }
}

/// How stakers leave the insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceParameters {
    /// From asking to leave to leaving, in seconds; a day to sixty.
    pub cooldown_seconds: u64,
}

impl Read for InsuranceParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { cooldown_seconds: Read::read(reader)? })
    }
}

impl Write for InsuranceParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.cooldown_seconds.write(out);
    }
}

/// The shares of one owner in one insurance fund, and what they were at past losses. Seeds: `stake`, fund, owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsuranceStake {
    /// The insurance fund.
    pub fund: Address,
    /// Who may leave.
    pub owner: Address,
    /// Its shares.
    pub holder: ShareHolder,
    /// The request to leave, and what is payable.
    pub request: ExitRequest,
    /// How many rows of history there is room for.
    pub room: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 50],
    /// The shares at past losses; their number stands before them.
    pub history: Vec<HistoryRow>,
}

impl Read for InsuranceStake {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            fund: Read::read(reader)?,
            owner: Read::read(reader)?,
            holder: Read::read(reader)?,
            request: Read::read(reader)?,
            room: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
            history: Read::read(reader)?,
        })
    }
}

impl Write for InsuranceStake {
    fn write(&self, out: &mut Vec<u8>) {
        self.fund.write(out);
        self.owner.write(out);
        self.holder.write(out);
        self.request.write(out);
        self.room.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
        self.history.write(out);
    }
}

/// The newest price of a token that was read. All zero before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastPrice {
    /// Its digits.
    pub price: u64,
    /// The newest time of its feed.
    pub first_at: i64,
    /// The newest time of its second feed.
    pub second_at: i64,
    /// Unix time at which somebody reported that there is none; zero if nobody did, or it was read since.
    pub reported_at: i64,
    /// The power of ten of its digits.
    pub exponent: i32,
    /// Zeros, for what comes later.
    pub spare: [u8; 4],
}

impl Read for LastPrice {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            price: Read::read(reader)?,
            first_at: Read::read(reader)?,
            second_at: Read::read(reader)?,
            reported_at: Read::read(reader)?,
            exponent: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for LastPrice {
    fn write(&self, out: &mut Vec<u8>) {
        self.price.write(out);
        self.first_at.write(out);
        self.second_at.write(out);
        self.reported_at.write(out);
        self.exponent.write(out);
        self.spare.write(out);
    }
}

/// An obligation was liquidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The collateral seized.
    pub collateral: Address,
    /// Who repaid and received it.
    pub liquidator: Address,
    /// Assets paid: towards performing debt, or where `Recovered` events follow towards debt that was written off.
    pub repaid: u64,
    /// Assets paid to the insurance fund on top.
    pub insurance_cut: u64,
    /// Base units of collateral seized.
    pub seized: u64,
    /// The bonus applied, in basis points.
    pub bonus_bps: u64,
    /// The obligation's debt shares afterwards, before any recording.
    pub debt_shares: u64,
    /// The obligation's mark afterwards, before any recording.
    pub marked: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Liquidated {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            obligation: Read::read(reader)?,
            collateral: Read::read(reader)?,
            liquidator: Read::read(reader)?,
            repaid: Read::read(reader)?,
            insurance_cut: Read::read(reader)?,
            seized: Read::read(reader)?,
            bonus_bps: Read::read(reader)?,
            debt_shares: Read::read(reader)?,
            marked: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Liquidated {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.obligation.write(out);
        self.collateral.write(out);
        self.liquidator.write(out);
        self.repaid.write(out);
        self.insurance_cut.write(out);
        self.seized.write(out);
        self.bonus_bps.write(out);
        self.debt_shares.write(out);
        self.marked.write(out);
        self.state.write(out);
    }
}

/// How obligations are liquidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationParameters {
    /// The least debt, in base units of liquidity, that borrowing may result in and liquidating may leave.
    pub min_debt: u64,
    /// Part of a liquidator's bonus that goes to the insurance fund.
    pub insurance_cut_bps: u32,
    /// The health that a liquidation restores: weighted collateral over debt.
    pub target_health_bps: u32,
}

impl Read for LiquidationParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            min_debt: Read::read(reader)?,
            insurance_cut_bps: Read::read(reader)?,
            target_health_bps: Read::read(reader)?,
        })
    }
}

impl Write for LiquidationParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.min_debt.write(out);
        self.insurance_cut_bps.write(out);
        self.target_health_bps.write(out);
    }
}

/// All losses of a pool that are not below a millionth of NAV, in order. Seeds: `losses`, pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossBook {
    /// The pool.
    pub pool: Address,
    /// How many losses there is room for.
    pub room: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 62],
    /// The losses; their number stands before them.
    pub records: Vec<LossRecord>,
}

impl Read for LossBook {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            room: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
            records: Read::read(reader)?,
        })
    }
}

impl Write for LossBook {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.room.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
        self.records.write(out);
    }
}

/// A loss book got more room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossBookExtended {
    /// The pool.
    pub pool: Address,
    /// How many losses it has room for.
    pub room: u64,
}

impl Read for LossBookExtended {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { pool: Read::read(reader)?, room: Read::read(reader)? })
    }
}

impl Write for LossBookExtended {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.room.write(out);
    }
}

/// What a position or a stake claimed of a loss. Seeds: `claim`, position or stake, number of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossClaim {
    /// The position or stake.
    pub holder: Address,
    /// What it was paid: a position in base units, a stake in shares of the generation.
    pub claimed: u64,
    /// Number of the loss.
    pub loss: u32,
    /// The generation of a stake's shares.
    pub generation: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 22],
}

impl Read for LossClaim {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            holder: Read::read(reader)?,
            claimed: Read::read(reader)?,
            loss: Read::read(reader)?,
            generation: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for LossClaim {
    fn write(&self, out: &mut Vec<u8>) {
        self.holder.write(out);
        self.claimed.write(out);
        self.loss.write(out);
        self.generation.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// How losses are recognised and shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossParameters {
    /// Collateral worth at most this, in micro-dollars, does not keep a debt from being recorded.
    pub dust_value: u64,
    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of that
    /// step itself never counts, whatever this says.
    pub min_default_age_slots: u32,
    /// How long, in seconds, a mark stands before it is settled, and nobody is held longer; ten minutes to a day.
    pub hold_seconds: u32,
    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund pays.
    pub insurance_share_bps: u32,
    /// The most that draws in a window add up to, of the fund's assets before them.
    pub draw_cap_bps: u32,
}

impl Read for LossParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            dust_value: Read::read(reader)?,
            min_default_age_slots: Read::read(reader)?,
            hold_seconds: Read::read(reader)?,
            insurance_share_bps: Read::read(reader)?,
            draw_cap_bps: Read::read(reader)?,
        })
    }
}

impl Write for LossParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.dust_value.write(out);
        self.min_default_age_slots.write(out);
        self.hold_seconds.write(out);
        self.insurance_share_bps.write(out);
        self.draw_cap_bps.write(out);
    }
}

/// One loss: who bore it, over how many shares, and what came back of it. Its number is its place in the book, from one on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossRecord {
    /// Whose debt.
    pub obligation: Address,
    /// Unix time.
    pub at: i64,
    /// Borne by reserves, and what nobody bore.
    pub reserves: u64,
    /// Borne by gifts to the insurance fund, and by shares of it that waited to be claimed.
    pub gifts: u64,
    /// Borne by stakers.
    pub stakers: u64,
    /// Borne by LPs.
    pub lps: u64,
    /// What came back of it so far.
    pub recovered: u64,
    /// The LP shares that bore it.
    pub shares: u64,
    /// The stakers' shares that bore it.
    pub stake_shares: u64,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, before shares were rescaled, in trillionths.
    pub share_price_after: u64,
    /// The generation of the LP shares.
    pub generation: u32,
    /// The generation of the stakers' shares.
    pub stake_generation: u32,
    /// The stakers' shares that came back so far, claimed or not, as later losses left them.
    pub back_shares: u64,
    /// The generation of these.
    pub back_generation: u32,
    /// Number of the obligation's next loss; zero if there is none.
    pub next: u32,
}

impl Read for LossRecord {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            obligation: Read::read(reader)?,
            at: Read::read(reader)?,
            reserves: Read::read(reader)?,
            gifts: Read::read(reader)?,
            stakers: Read::read(reader)?,
            lps: Read::read(reader)?,
            recovered: Read::read(reader)?,
            shares: Read::read(reader)?,
            stake_shares: Read::read(reader)?,
            share_price_before: Read::read(reader)?,
            share_price_after: Read::read(reader)?,
            generation: Read::read(reader)?,
            stake_generation: Read::read(reader)?,
            back_shares: Read::read(reader)?,
            back_generation: Read::read(reader)?,
            next: Read::read(reader)?,
        })
    }
}

impl Write for LossRecord {
    fn write(&self, out: &mut Vec<u8>) {
        self.obligation.write(out);
        self.at.write(out);
        self.reserves.write(out);
        self.gifts.write(out);
        self.stakers.write(out);
        self.lps.write(out);
        self.recovered.write(out);
        self.shares.write(out);
        self.stake_shares.write(out);
        self.share_price_before.write(out);
        self.share_price_after.write(out);
        self.generation.write(out);
        self.stake_generation.write(out);
        self.back_shares.write(out);
        self.back_generation.write(out);
        self.next.write(out);
    }
}

/// Bad debt was recorded and run through the waterfall: `loss = from_reserves + from_insurance + to_lps + uncovered`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossRecorded {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Number of this loss in the pool, from one on.
    pub sequence: u64,
    /// Its number in the loss book; zero if it has no record there.
    pub number: u64,
    /// The debt written off.
    pub loss: u64,
    /// Borne by reserves.
    pub from_reserves: u64,
    /// Borne by the insurance fund.
    pub from_insurance: u64,
    /// The part of that which stakers bore; gifts bore the rest.
    pub from_stakers: u64,
    /// Borne by LPs.
    pub to_lps: u64,
    /// Borne by nobody.
    pub uncovered: u64,
    /// The LP shares that bore it.
    pub shares: u64,
    /// Share price before, in trillionths.
    pub share_price_before: u64,
    /// Share price after, before shares are rescaled, in trillionths.
    pub share_price_after: u64,
    /// The generation of those shares.
    pub generation: u64,
    /// The insurance fund's assets afterwards.
    pub insurance_assets: u64,
    /// All marks afterwards.
    pub marked: u64,
    /// Unix time at which the loss breaker's trip ends; past if there is none.
    pub breaker_until: i64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for LossRecorded {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            obligation: Read::read(reader)?,
            sequence: Read::read(reader)?,
            number: Read::read(reader)?,
            loss: Read::read(reader)?,
            from_reserves: Read::read(reader)?,
            from_insurance: Read::read(reader)?,
            from_stakers: Read::read(reader)?,
            to_lps: Read::read(reader)?,
            uncovered: Read::read(reader)?,
            shares: Read::read(reader)?,
            share_price_before: Read::read(reader)?,
            share_price_after: Read::read(reader)?,
            generation: Read::read(reader)?,
            insurance_assets: Read::read(reader)?,
            marked: Read::read(reader)?,
            breaker_until: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for LossRecorded {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.obligation.write(out);
        self.sequence.write(out);
        self.number.write(out);
        self.loss.write(out);
        self.from_reserves.write(out);
        self.from_insurance.write(out);
        self.from_stakers.write(out);
        self.to_lps.write(out);
        self.uncovered.write(out);
        self.shares.write(out);
        self.share_price_before.write(out);
        self.share_price_after.write(out);
        self.generation.write(out);
        self.insurance_assets.write(out);
        self.marked.write(out);
        self.breaker_until.write(out);
        self.state.write(out);
    }
}

/// The LP shares of one owner in one pool, and what they were at past losses. Seeds: `lp`, pool, owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LpPosition {
    /// The pool.
    pub pool: Address,
    /// Who may withdraw.
    pub owner: Address,
    /// Its shares.
    pub holder: ShareHolder,
    /// A request to withdraw, where that takes notice, and what is payable.
    pub request: ExitRequest,
    /// How many rows of history there is room for.
    pub room: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 50],
    /// The shares at past losses; their number stands before them.
    pub history: Vec<HistoryRow>,
}

impl Read for LpPosition {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            holder: Read::read(reader)?,
            request: Read::read(reader)?,
            room: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
            history: Read::read(reader)?,
        })
    }
}

impl Write for LpPosition {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.holder.write(out);
        self.request.write(out);
        self.room.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
        self.history.write(out);
    }
}

/// Somebody marked what an obligation is known to leave unpaid, or a mark ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Its mark before.
    pub before: u64,
    /// Its mark afterwards.
    pub after: u64,
    /// Unix time at which it was marked first; zero without a mark.
    pub marked_at: i64,
    /// All marks afterwards.
    pub marked: u64,
    /// What is on hold afterwards: 1 the pool, 2 its insurance fund, 3 both.
    pub on_hold: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Marked {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            obligation: Read::read(reader)?,
            before: Read::read(reader)?,
            after: Read::read(reader)?,
            marked_at: Read::read(reader)?,
            marked: Read::read(reader)?,
            on_hold: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Marked {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.obligation.write(out);
        self.before.write(out);
        self.after.write(out);
        self.marked_at.write(out);
        self.marked.write(out);
        self.on_hold.write(out);
        self.state.write(out);
    }
}

/// A group of pools under one authority. Seeds: `market`, creator, id (little endian).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Market {
    /// Who creates pools, lists collateral and changes parameters.
    pub authority: Address,
    /// Who may, besides the authority, tighten at once, pause, and cancel what is queued.
    pub guardian: Address,
    /// Who owns the token accounts that reserves are paid to.
    pub treasury: Address,
    /// Who was proposed as the next authority; zeros are nobody.
    pub pending_authority: Address,
    /// Who created it: its first authority. The address is derived from it.
    pub creator: Address,
    /// The number that the address is derived from, too.
    pub id: u64,
    /// Unix time from which the proposed authority can accept.
    pub acceptable_at: i64,
    /// Unix time from which it cannot any more.
    pub acceptance_lapses_at: i64,
    /// How long, in seconds, what loosens must wait.
    pub timelock_seconds: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 42],
}

impl Read for Market {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            authority: Read::read(reader)?,
            guardian: Read::read(reader)?,
            treasury: Read::read(reader)?,
            pending_authority: Read::read(reader)?,
            creator: Read::read(reader)?,
            id: Read::read(reader)?,
            acceptable_at: Read::read(reader)?,
            acceptance_lapses_at: Read::read(reader)?,
            timelock_seconds: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for Market {
    fn write(&self, out: &mut Vec<u8>) {
        self.authority.write(out);
        self.guardian.write(out);
        self.treasury.write(out);
        self.pending_authority.write(out);
        self.creator.write(out);
        self.id.write(out);
        self.acceptable_at.write(out);
        self.acceptance_lapses_at.write(out);
        self.timelock_seconds.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// A market was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketCreated {
    /// The market.
    pub market: Address,
    /// Its authority.
    pub authority: Address,
    /// Its guardian.
    pub guardian: Address,
    /// Where reserves go.
    pub treasury: Address,
    /// How long, in seconds, what loosens must wait.
    pub timelock_seconds: u64,
}

impl Read for MarketCreated {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            market: Read::read(reader)?,
            authority: Read::read(reader)?,
            guardian: Read::read(reader)?,
            treasury: Read::read(reader)?,
            timelock_seconds: Read::read(reader)?,
        })
    }
}

impl Write for MarketCreated {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.authority.write(out);
        self.guardian.write(out);
        self.treasury.write(out);
        self.timelock_seconds.write(out);
    }
}

/// A borrower's debt and collateral in one pool. Seeds: `obligation`, pool, owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// The pool that lent.
    pub pool: Address,
    /// Who may borrow and take collateral back.
    pub owner: Address,
    /// Its shares of the pool's performing debt.
    pub debt_shares: u64,
    /// What it is known to leave unpaid, as marked last.
    pub marked: u64,
    /// Unix time at which it was marked first; zero if it is not.
    pub marked_at: i64,
    /// All debt of it that was ever recorded as bad, in base units of liquidity.
    pub written_off: u64,
    /// What of that was recovered.
    pub recovered: u64,
    /// Number of its oldest loss in the loss book that is not recovered; zero if there is none.
    pub first_loss: u32,
    /// Number of its last loss in the loss book.
    pub last_loss: u32,
    /// Slot of the last borrow or collateral withdrawal.
    pub exposed_at_slot: u64,
    /// The collaterals held, in no particular order.
    pub collaterals: [CollateralSlot; 8],
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 142],
}

impl Read for Obligation {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            debt_shares: Read::read(reader)?,
            marked: Read::read(reader)?,
            marked_at: Read::read(reader)?,
            written_off: Read::read(reader)?,
            recovered: Read::read(reader)?,
            first_loss: Read::read(reader)?,
            last_loss: Read::read(reader)?,
            exposed_at_slot: Read::read(reader)?,
            collaterals: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for Obligation {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.debt_shares.write(out);
        self.marked.write(out);
        self.marked_at.write(out);
        self.written_off.write(out);
        self.recovered.write(out);
        self.first_loss.write(out);
        self.last_loss.write(out);
        self.exposed_at_slot.write(out);
        self.collaterals.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// An obligation was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObligationOpened {
    /// The pool.
    pub pool: Address,
    /// Its owner.
    pub owner: Address,
}

impl Read for ObligationOpened {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { pool: Read::read(reader)?, owner: Read::read(reader)? })
    }
}

impl Write for ObligationOpened {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
    }
}

/// Which price feeds to read, and when to trust them. A feed is a Pyth feed id, or the address of a Switchboard On-Demand feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OracleParameters {
    /// The primary feed.
    pub feed: [u8; 32],
    /// The second feed; zeros are none.
    pub second_feed: [u8; 32],
    /// Oldest publish time accepted of either feed, in seconds before the chain's clock.
    pub max_age_seconds: u32,
    /// Widest confidence interval accepted, to each side, of the price.
    pub max_confidence_bps: u32,
    /// Most that the second feed's price may be off the primary's, of the latter.
    pub max_divergence_bps: u32,
}

impl Read for OracleParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            feed: Read::read(reader)?,
            second_feed: Read::read(reader)?,
            max_age_seconds: Read::read(reader)?,
            max_confidence_bps: Read::read(reader)?,
            max_divergence_bps: Read::read(reader)?,
        })
    }
}

impl Write for OracleParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.feed.write(out);
        self.second_feed.write(out);
        self.max_age_seconds.write(out);
        self.max_confidence_bps.write(out);
        self.max_divergence_bps.write(out);
    }
}

/// A queued change of a parameter. Seeds: `change`, market, nonce (little endian).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterChange {
    /// The market whose authority queued it.
    pub market: Address,
    /// The market, pool or collateral that it changes.
    pub target: Address,
    /// Who paid the rent and gets it back.
    pub payer: Address,
    /// The new value, as in `Parameter`.
    pub value: [u8; 32],
    /// The number that the address is derived from.
    pub nonce: u64,
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it cannot be executed any more.
    pub lapses_at: i64,
    /// For how many seconds the pool had been on hold in all when it was queued. Later holds lengthen both times.
    pub pool_stopped: u64,
    /// The same of its insurance fund.
    pub fund_stopped: u64,
    /// Unix time at which it was queued.
    pub queued_at: i64,
    /// The market's timelock when it was queued.
    pub timelock_seconds: u32,
    /// The number of the `Parameter`.
    pub parameter: u8,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 41],
}

impl Read for ParameterChange {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            market: Read::read(reader)?,
            target: Read::read(reader)?,
            payer: Read::read(reader)?,
            value: Read::read(reader)?,
            nonce: Read::read(reader)?,
            executable_at: Read::read(reader)?,
            lapses_at: Read::read(reader)?,
            pool_stopped: Read::read(reader)?,
            fund_stopped: Read::read(reader)?,
            queued_at: Read::read(reader)?,
            timelock_seconds: Read::read(reader)?,
            parameter: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for ParameterChange {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.target.write(out);
        self.payer.write(out);
        self.value.write(out);
        self.nonce.write(out);
        self.executable_at.write(out);
        self.lapses_at.write(out);
        self.pool_stopped.write(out);
        self.fund_stopped.write(out);
        self.queued_at.write(out);
        self.timelock_seconds.write(out);
        self.parameter.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// A parameter was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterChanged {
    /// The market.
    pub market: Address,
    /// The market, pool or collateral.
    pub target: Address,
    /// The parameter's number.
    pub parameter: u64,
    /// Its value before.
    pub before: [u8; 32],
    /// Its value after.
    pub after: [u8; 32],
}

impl Read for ParameterChanged {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            market: Read::read(reader)?,
            target: Read::read(reader)?,
            parameter: Read::read(reader)?,
            before: Read::read(reader)?,
            after: Read::read(reader)?,
        })
    }
}

impl Write for ParameterChanged {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.target.write(out);
        self.parameter.write(out);
        self.before.write(out);
        self.after.write(out);
    }
}

/// Something was paused, for longer, or not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PauseChanged {
    /// The pool.
    pub pool: Address,
    /// Who did it.
    pub by: Address,
    /// What: 0 deposits, 1 borrowing, 2 collateral withdrawals, 3 LP withdrawals.
    pub what: u64,
    /// Unix time at which the pause began.
    pub since: i64,
    /// Unix time at which it ends.
    pub until: i64,
}

impl Read for PauseChanged {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            by: Read::read(reader)?,
            what: Read::read(reader)?,
            since: Read::read(reader)?,
            until: Read::read(reader)?,
        })
    }
}

impl Write for PauseChanged {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.by.write(out);
        self.what.write(out);
        self.since.write(out);
        self.until.write(out);
    }
}

/// A pause, also one that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PauseTimes {
    /// Unix time at which it began.
    pub since: i64,
    /// Unix time at which it ends.
    pub until: i64,
}

impl Read for PauseTimes {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { since: Read::read(reader)?, until: Read::read(reader)? })
    }
}

impl Write for PauseTimes {
    fn write(&self, out: &mut Vec<u8>) {
        self.since.write(out);
        self.until.write(out);
    }
}

/// One liquidity token's lending pool. Seeds: `pool`, market, mint. Its vault: `vault`, pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The market that it belongs to.
    pub market: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The token account that holds cash, what is due to the insurance fund and what it has, and what waits to be claimed or collected.
    pub vault: Address,
    /// Its insurance fund.
    pub insurance_fund: Address,
    /// Its loss book.
    pub loss_book: Address,
    /// What one debt share is worth, 64 fractional bits.
    pub borrow_index: u128,
    /// Liquidity in the vault that is the pool's. Donations to the vault do not count.
    pub cash: u64,
    /// Shares of the performing debt.
    pub debt_shares: u64,
    /// LP shares.
    pub shares: u64,
    /// What belongs to no LP and takes losses first.
    pub reserves: u64,
    /// Liquidity in the vault that will be the insurance fund's when it is touched next.
    pub insurance_due: u64,
    /// What was recovered for LPs and not claimed yet; lies in the vault.
    pub unclaimed: u64,
    /// Unix time up to which interest is counted.
    pub accrued_at: i64,
    /// How many losses were recorded: the sequence number of the last one.
    pub losses: u64,
    /// All losses that nobody bore.
    pub uncovered: u64,
    /// All losses that were recorded.
    pub lost: u64,
    /// The sum of all obligations' marks: losses that are known and wait to be settled.
    pub marked: u64,
    /// What LP losses counted for at `breaker_at`.
    pub breaker_losses: u64,
    /// What parts of NAV they were together, each of NAV before it, in trillionths.
    pub breaker_part: u64,
    /// Unix time of the last LP loss that counts for the breaker.
    pub breaker_at: i64,
    /// Unix time at which those losses will have faded.
    pub breaker_fades_at: i64,
    /// Unix time at which the loss breaker's trip ends; past if there is none.
    pub breaker_until: i64,
    /// Pauses of deposits, borrowing, collateral withdrawals and LP withdrawals, in this order.
    pub pauses: [PauseTimes; 4],
    /// The liquidity token's average price and variance.
    pub average: AveragePrice,
    /// The part of interest that goes to the insurance fund.
    pub insurance_factor: RiskGauge,
    /// The loss-sharing ratio.
    pub insurance_share: RiskGauge,
    /// What losses counted for, for the loss rate, at `risk_at`.
    pub risk_losses: u64,
    /// `lost` at `risk_at`.
    pub risk_lost: u64,
    /// Unix time of the last refresh.
    pub risk_at: i64,
    /// Whether deposits, withdrawals and the execution of requests are on hold, and for how long they were.
    pub hold: HoldTimes,
    /// The same of staking and leaving the insurance fund.
    pub fund_hold: HoldTimes,
    /// The liquidity token's newest price that was read.
    pub last_price: LastPrice,
    /// Rates, loss sharing, liquidation, insurance, leaving, risk, oracle.
    pub parameters: PoolParameters,
    /// What the insurance fund has earned beyond `insurance_due` and is paid as soon as there is cash. No part of NAV.
    pub insurance_owed: u64,
    /// The average utilisation, in billionths with 12 fractional bits.
    pub average_utilisation: u64,
    /// The average performing debt.
    pub average_debt: u64,
    /// Unix time at which the market's authority opened it; zero while it is closed.
    pub opened_at: i64,
    /// What executed requests took out of pool and insurance fund and waits to be collected; lies in the vault.
    pub payable: u64,
    /// How often losses divided all LP shares by 1,024; a loss of all NAV counts seven times.
    pub generation: u32,
    /// Number of the last loss in the loss book that LPs bore.
    pub last_loss: u32,
    /// Decimals of the mint.
    pub decimals: u8,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, for what comes later.
    pub spare: [u8; 45],
}

impl Read for Pool {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            market: Read::read(reader)?,
            mint: Read::read(reader)?,
            vault: Read::read(reader)?,
            insurance_fund: Read::read(reader)?,
            loss_book: Read::read(reader)?,
            borrow_index: Read::read(reader)?,
            cash: Read::read(reader)?,
            debt_shares: Read::read(reader)?,
            shares: Read::read(reader)?,
            reserves: Read::read(reader)?,
            insurance_due: Read::read(reader)?,
            unclaimed: Read::read(reader)?,
            accrued_at: Read::read(reader)?,
            losses: Read::read(reader)?,
            uncovered: Read::read(reader)?,
            lost: Read::read(reader)?,
            marked: Read::read(reader)?,
            breaker_losses: Read::read(reader)?,
            breaker_part: Read::read(reader)?,
            breaker_at: Read::read(reader)?,
            breaker_fades_at: Read::read(reader)?,
            breaker_until: Read::read(reader)?,
            pauses: Read::read(reader)?,
            average: Read::read(reader)?,
            insurance_factor: Read::read(reader)?,
            insurance_share: Read::read(reader)?,
            risk_losses: Read::read(reader)?,
            risk_lost: Read::read(reader)?,
            risk_at: Read::read(reader)?,
            hold: Read::read(reader)?,
            fund_hold: Read::read(reader)?,
            last_price: Read::read(reader)?,
            parameters: Read::read(reader)?,
            insurance_owed: Read::read(reader)?,
            average_utilisation: Read::read(reader)?,
            average_debt: Read::read(reader)?,
            opened_at: Read::read(reader)?,
            payable: Read::read(reader)?,
            generation: Read::read(reader)?,
            last_loss: Read::read(reader)?,
            decimals: Read::read(reader)?,
            version: Read::read(reader)?,
            bump: Read::read(reader)?,
            spare: Read::read(reader)?,
        })
    }
}

impl Write for Pool {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.mint.write(out);
        self.vault.write(out);
        self.insurance_fund.write(out);
        self.loss_book.write(out);
        self.borrow_index.write(out);
        self.cash.write(out);
        self.debt_shares.write(out);
        self.shares.write(out);
        self.reserves.write(out);
        self.insurance_due.write(out);
        self.unclaimed.write(out);
        self.accrued_at.write(out);
        self.losses.write(out);
        self.uncovered.write(out);
        self.lost.write(out);
        self.marked.write(out);
        self.breaker_losses.write(out);
        self.breaker_part.write(out);
        self.breaker_at.write(out);
        self.breaker_fades_at.write(out);
        self.breaker_until.write(out);
        self.pauses.write(out);
        self.average.write(out);
        self.insurance_factor.write(out);
        self.insurance_share.write(out);
        self.risk_losses.write(out);
        self.risk_lost.write(out);
        self.risk_at.write(out);
        self.hold.write(out);
        self.fund_hold.write(out);
        self.last_price.write(out);
        self.parameters.write(out);
        self.insurance_owed.write(out);
        self.average_utilisation.write(out);
        self.average_debt.write(out);
        self.opened_at.write(out);
        self.payable.write(out);
        self.generation.write(out);
        self.last_loss.write(out);
        self.decimals.write(out);
        self.version.write(out);
        self.bump.write(out);
        self.spare.write(out);
    }
}

/// A pool was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolCreated {
    /// The market.
    pub market: Address,
    /// The pool.
    pub pool: Address,
    /// The liquidity token's mint.
    pub mint: Address,
}

impl Read for PoolCreated {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { market: Read::read(reader)?, pool: Read::read(reader)?, mint: Read::read(reader)? })
    }
}

impl Write for PoolCreated {
    fn write(&self, out: &mut Vec<u8>) {
        self.market.write(out);
        self.pool.write(out);
        self.mint.write(out);
    }
}

/// A pool was opened, and its insurance fund founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOpened {
    /// The pool.
    pub pool: Address,
    /// The market's authority, who paid.
    pub authority: Address,
    /// What the fund was founded with.
    pub assets: u64,
}

impl Read for PoolOpened {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { pool: Read::read(reader)?, authority: Read::read(reader)?, assets: Read::read(reader)? })
    }
}

impl Write for PoolOpened {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.authority.write(out);
        self.assets.write(out);
    }
}

/// All parameters of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolParameters {
    /// How losses are recognised and shared.
    pub loss: LossParameters,
    /// How obligations are liquidated.
    pub liquidation: LiquidationParameters,
    /// How LPs leave, and when losses slow that down.
    pub exit: ExitParameters,
    /// How stakers leave the insurance fund.
    pub insurance: InsuranceParameters,
    /// The interest curve.
    pub rates: RateParameters,
    /// The liquidity token's price.
    pub oracle: OracleParameters,
    /// How limits and parts move with risk.
    pub risk: RiskParameters,
    /// What may come in, be lent and be taken out.
    pub caps: CapParameters,
}

impl Read for PoolParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            loss: Read::read(reader)?,
            liquidation: Read::read(reader)?,
            exit: Read::read(reader)?,
            insurance: Read::read(reader)?,
            rates: Read::read(reader)?,
            oracle: Read::read(reader)?,
            risk: Read::read(reader)?,
            caps: Read::read(reader)?,
        })
    }
}

impl Write for PoolParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.loss.write(out);
        self.liquidation.write(out);
        self.exit.write(out);
        self.insurance.write(out);
        self.rates.write(out);
        self.oracle.write(out);
        self.risk.write(out);
        self.caps.write(out);
    }
}

/// The totals of a pool after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// What one debt share is worth, 64 fractional bits.
    pub borrow_index: u128,
    /// Cash.
    pub cash: u64,
    /// Shares of the performing debt.
    pub debt_shares: u64,
    /// LP shares.
    pub shares: u64,
    /// Reserves.
    pub reserves: u64,
    /// Revenue that waits to be moved to the insurance fund.
    pub insurance_due: u64,
    /// What the insurance fund has earned beyond that and is paid as soon as there is cash. No part of NAV.
    pub insurance_owed: u64,
}

impl Read for PoolState {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            borrow_index: Read::read(reader)?,
            cash: Read::read(reader)?,
            debt_shares: Read::read(reader)?,
            shares: Read::read(reader)?,
            reserves: Read::read(reader)?,
            insurance_due: Read::read(reader)?,
            insurance_owed: Read::read(reader)?,
        })
    }
}

impl Write for PoolState {
    fn write(&self, out: &mut Vec<u8>) {
        self.borrow_index.write(out);
        self.cash.write(out);
        self.debt_shares.write(out);
        self.shares.write(out);
        self.reserves.write(out);
        self.insurance_due.write(out);
        self.insurance_owed.write(out);
    }
}

/// An LP position was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PositionOpened {
    /// The pool.
    pub pool: Address,
    /// Its owner.
    pub owner: Address,
}

impl Read for PositionOpened {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { pool: Read::read(reader)?, owner: Read::read(reader)? })
    }
}

impl Write for PositionOpened {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
    }
}

/// Somebody said that a token of a pool has no usable price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceReported {
    /// The pool.
    pub pool: Address,
    /// The token's mint.
    pub mint: Address,
    /// Unix time of the report that stands.
    pub reported_at: i64,
}

impl Read for PriceReported {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { pool: Read::read(reader)?, mint: Read::read(reader)?, reported_at: Read::read(reader)? })
    }
}

impl Write for PriceReported {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.mint.write(out);
        self.reported_at.write(out);
    }
}

/// The interest curve and who gets the interest. Yearly rates and parts in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateParameters {
    /// Yearly rate at no utilisation.
    pub base_bps: u32,
    /// What the rate gains up to the kink.
    pub slope1_bps: u32,
    /// Utilisation at which the curve turns steeper; above 0 and below 10,000.
    pub kink_bps: u32,
    /// What the rate gains from the kink to full utilisation.
    pub slope2_bps: u32,
    /// Part of the interest that goes to reserves.
    pub reserve_factor_bps: u32,
    /// Part of the interest that goes to the insurance fund while coverage is on target.
    pub insurance_factor_bps: u32,
}

impl Read for RateParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            base_bps: Read::read(reader)?,
            slope1_bps: Read::read(reader)?,
            kink_bps: Read::read(reader)?,
            slope2_bps: Read::read(reader)?,
            reserve_factor_bps: Read::read(reader)?,
            insurance_factor_bps: Read::read(reader)?,
        })
    }
}

impl Write for RateParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.base_bps.write(out);
        self.slope1_bps.write(out);
        self.kink_bps.write(out);
        self.slope2_bps.write(out);
        self.reserve_factor_bps.write(out);
        self.insurance_factor_bps.write(out);
    }
}

/// Someone paid towards written-off debt: `assets = to_lps + to_stakers + to_gifts + to_reserves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Who paid.
    pub payer: Address,
    /// Number of the loss in the loss book; zero for what has no record there.
    pub loss: u64,
    /// Assets paid.
    pub assets: u64,
    /// Waits for LPs to claim it.
    pub to_lps: u64,
    /// Went into the fund for shares that wait for stakers to claim them.
    pub to_stakers: u64,
    /// These shares.
    pub stake_shares: u64,
    /// Was given to the fund.
    pub to_gifts: u64,
    /// Went to reserves.
    pub to_reserves: u64,
    /// The obligation's unrecovered debt afterwards.
    pub unrecovered: u64,
    /// Until when the loss breaker is tripped.
    pub breaker_until: i64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Recovered {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            obligation: Read::read(reader)?,
            payer: Read::read(reader)?,
            loss: Read::read(reader)?,
            assets: Read::read(reader)?,
            to_lps: Read::read(reader)?,
            to_stakers: Read::read(reader)?,
            stake_shares: Read::read(reader)?,
            to_gifts: Read::read(reader)?,
            to_reserves: Read::read(reader)?,
            unrecovered: Read::read(reader)?,
            breaker_until: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Recovered {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.obligation.write(out);
        self.payer.write(out);
        self.loss.write(out);
        self.assets.write(out);
        self.to_lps.write(out);
        self.to_stakers.write(out);
        self.stake_shares.write(out);
        self.to_gifts.write(out);
        self.to_reserves.write(out);
        self.unrecovered.write(out);
        self.breaker_until.write(out);
        self.state.write(out);
    }
}

/// An LP was paid what was recovered of a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryClaimed {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
    /// Assets paid out.
    pub assets: u64,
}

impl Read for RecoveryClaimed {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            loss: Read::read(reader)?,
            assets: Read::read(reader)?,
        })
    }
}

impl Write for RecoveryClaimed {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.loss.write(out);
        self.assets.write(out);
    }
}

/// Someone repaid an obligation's debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repaid {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// Assets paid.
    pub assets: u64,
    /// The obligation's debt shares afterwards.
    pub debt_shares: u64,
    /// The obligation's mark afterwards.
    pub marked: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Repaid {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            obligation: Read::read(reader)?,
            assets: Read::read(reader)?,
            debt_shares: Read::read(reader)?,
            marked: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Repaid {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.obligation.write(out);
        self.assets.write(out);
        self.debt_shares.write(out);
        self.marked.write(out);
        self.state.write(out);
    }
}

/// Reserves were paid to the treasury.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservesCollected {
    /// The pool.
    pub pool: Address,
    /// The treasury.
    pub treasury: Address,
    /// Assets paid.
    pub assets: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for ReservesCollected {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            treasury: Read::read(reader)?,
            assets: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for ReservesCollected {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.treasury.write(out);
        self.assets.write(out);
        self.state.write(out);
    }
}

/// A value in basis points on its way to a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskGauge {
    /// Basis points, 32 fractional bits.
    pub value: u64,
    /// Basis points.
    pub heading_bps: u32,
    /// How far it moves in a day.
    pub step_bps: u32,
}

impl Read for RiskGauge {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { value: Read::read(reader)?, heading_bps: Read::read(reader)?, step_bps: Read::read(reader)? })
    }
}

impl Write for RiskGauge {
    fn write(&self, out: &mut Vec<u8>) {
        self.value.write(out);
        self.heading_bps.write(out);
        self.step_bps.write(out);
    }
}

/// How limits and parts move with risk. See the engine's `risk` and `average`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskParameters {
    /// Horizon of the average prices, in seconds.
    pub average_seconds: u32,
    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it, as debt.
    pub max_premium_bps: u32,
    /// The insurance fund over performing debt that is aimed at.
    pub target_coverage_bps: u32,
    /// Part of the interest that goes to the insurance fund under full stress.
    pub stressed_insurance_factor_bps: u32,
    /// The loss-sharing ratio at no coverage.
    pub stressed_insurance_share_bps: u32,
}

impl Read for RiskParameters {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            average_seconds: Read::read(reader)?,
            max_premium_bps: Read::read(reader)?,
            target_coverage_bps: Read::read(reader)?,
            stressed_insurance_factor_bps: Read::read(reader)?,
            stressed_insurance_share_bps: Read::read(reader)?,
        })
    }
}

impl Write for RiskParameters {
    fn write(&self, out: &mut Vec<u8>) {
        self.average_seconds.write(out);
        self.max_premium_bps.write(out);
        self.target_coverage_bps.write(out);
        self.stressed_insurance_factor_bps.write(out);
        self.stressed_insurance_share_bps.write(out);
    }
}

/// A collateral's limits and the pool's parts were headed for where risk puts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskRefreshed {
    /// The pool.
    pub pool: Address,
    /// The collateral.
    pub collateral: Address,
    /// The average value of a whole token of the collateral, in 10^-18 USD.
    pub average_price: u128,
    /// How far the two prices deviate from their averages, together, in billionths.
    pub deviation: u64,
    /// Stress of that, in basis points.
    pub volatility_stress_bps: u64,
    /// Stress of utilisation.
    pub utilisation_stress_bps: u64,
    /// Stress of losses.
    pub loss_stress_bps: u64,
    /// Stress of coverage that is missing.
    pub coverage_stress_bps: u64,
    /// The loan-to-value limit at this moment.
    pub max_ltv_bps: u64,
    /// Where it is going.
    pub max_ltv_heading_bps: u64,
    /// The liquidation threshold at this moment.
    pub threshold_bps: u64,
    /// Where it is going.
    pub threshold_heading_bps: u64,
    /// The part of interest that goes to the insurance fund, before.
    pub insurance_factor_before_bps: u64,
    /// The same, after.
    pub insurance_factor_bps: u64,
    /// Where it is going.
    pub insurance_factor_heading_bps: u64,
    /// The loss-sharing ratio, before.
    pub insurance_share_before_bps: u64,
    /// The same, after.
    pub insurance_share_bps: u64,
    /// Where it is going.
    pub insurance_share_heading_bps: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for RiskRefreshed {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            collateral: Read::read(reader)?,
            average_price: Read::read(reader)?,
            deviation: Read::read(reader)?,
            volatility_stress_bps: Read::read(reader)?,
            utilisation_stress_bps: Read::read(reader)?,
            loss_stress_bps: Read::read(reader)?,
            coverage_stress_bps: Read::read(reader)?,
            max_ltv_bps: Read::read(reader)?,
            max_ltv_heading_bps: Read::read(reader)?,
            threshold_bps: Read::read(reader)?,
            threshold_heading_bps: Read::read(reader)?,
            insurance_factor_before_bps: Read::read(reader)?,
            insurance_factor_bps: Read::read(reader)?,
            insurance_factor_heading_bps: Read::read(reader)?,
            insurance_share_before_bps: Read::read(reader)?,
            insurance_share_bps: Read::read(reader)?,
            insurance_share_heading_bps: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for RiskRefreshed {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.collateral.write(out);
        self.average_price.write(out);
        self.deviation.write(out);
        self.volatility_stress_bps.write(out);
        self.utilisation_stress_bps.write(out);
        self.loss_stress_bps.write(out);
        self.coverage_stress_bps.write(out);
        self.max_ltv_bps.write(out);
        self.max_ltv_heading_bps.write(out);
        self.threshold_bps.write(out);
        self.threshold_heading_bps.write(out);
        self.insurance_factor_before_bps.write(out);
        self.insurance_factor_bps.write(out);
        self.insurance_factor_heading_bps.write(out);
        self.insurance_share_before_bps.write(out);
        self.insurance_share_bps.write(out);
        self.insurance_share_heading_bps.write(out);
        self.state.write(out);
    }
}

/// The shares of one holder: see the engine's module `history`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareHolder {
    /// Shares of the generation.
    pub shares: u64,
    /// The generation of the shares.
    pub generation: u32,
    /// Number of the last loss before they changed last: those with a higher number are borne by them.
    pub since: u32,
}

impl Read for ShareHolder {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { shares: Read::read(reader)?, generation: Read::read(reader)?, since: Read::read(reader)? })
    }
}

impl Write for ShareHolder {
    fn write(&self, out: &mut Vec<u8>) {
        self.shares.write(out);
        self.generation.write(out);
        self.since.write(out);
    }
}

/// An LP gave shares to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharesTransferred {
    /// The pool.
    pub pool: Address,
    /// Who gave them.
    pub from: Address,
    /// Who has them now.
    pub to: Address,
    /// The shares.
    pub shares: u64,
}

impl Read for SharesTransferred {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            from: Read::read(reader)?,
            to: Read::read(reader)?,
            shares: Read::read(reader)?,
        })
    }
}

impl Write for SharesTransferred {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.from.write(out);
        self.to.write(out);
        self.shares.write(out);
    }
}

/// An insurance stake was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeOpened {
    /// The insurance fund.
    pub fund: Address,
    /// Its owner.
    pub owner: Address,
}

impl Read for StakeOpened {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { fund: Read::read(reader)?, owner: Read::read(reader)? })
    }
}

impl Write for StakeOpened {
    fn write(&self, out: &mut Vec<u8>) {
        self.fund.write(out);
        self.owner.write(out);
    }
}

/// A staker has what was recovered of its losses as stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeRecoveryClaimed {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
    /// Shares that it was given.
    pub shares: u64,
    /// All stakers' shares afterwards.
    pub stake_shares: u64,
}

impl Read for StakeRecoveryClaimed {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            fund: Read::read(reader)?,
            owner: Read::read(reader)?,
            loss: Read::read(reader)?,
            shares: Read::read(reader)?,
            stake_shares: Read::read(reader)?,
        })
    }
}

impl Write for StakeRecoveryClaimed {
    fn write(&self, out: &mut Vec<u8>) {
        self.fund.write(out);
        self.owner.write(out);
        self.loss.write(out);
        self.shares.write(out);
        self.stake_shares.write(out);
    }
}

/// Someone staked in an insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staked {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Assets paid in.
    pub assets: u64,
    /// Shares minted.
    pub shares: u64,
    /// The fund's assets afterwards.
    pub insurance_assets: u64,
    /// All stakers' shares afterwards.
    pub stake_shares: u64,
}

impl Read for Staked {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            fund: Read::read(reader)?,
            owner: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            insurance_assets: Read::read(reader)?,
            stake_shares: Read::read(reader)?,
        })
    }
}

impl Write for Staked {
    fn write(&self, out: &mut Vec<u8>) {
        self.fund.write(out);
        self.owner.write(out);
        self.assets.write(out);
        self.shares.write(out);
        self.insurance_assets.write(out);
        self.stake_shares.write(out);
    }
}

/// A matured request of a staker was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnstakeExecuted {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Assets that became payable.
    pub assets: u64,
    /// Shares burned.
    pub shares: u64,
    /// Shares that stay requested.
    pub left: u64,
    /// The fund's assets afterwards.
    pub insurance_assets: u64,
    /// All stakers' shares afterwards.
    pub stake_shares: u64,
}

impl Read for UnstakeExecuted {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            fund: Read::read(reader)?,
            owner: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            left: Read::read(reader)?,
            insurance_assets: Read::read(reader)?,
            stake_shares: Read::read(reader)?,
        })
    }
}

impl Write for UnstakeExecuted {
    fn write(&self, out: &mut Vec<u8>) {
        self.fund.write(out);
        self.owner.write(out);
        self.assets.write(out);
        self.shares.write(out);
        self.left.write(out);
        self.insurance_assets.write(out);
        self.stake_shares.write(out);
    }
}

/// A staker asked to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnstakeRequested {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// The shares.
    pub shares: u64,
    /// What they were worth.
    pub worth: u64,
    /// Unix time from which anyone can execute it, if nothing is on hold until then.
    pub matures_at: i64,
}

impl Read for UnstakeRequested {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            fund: Read::read(reader)?,
            owner: Read::read(reader)?,
            shares: Read::read(reader)?,
            worth: Read::read(reader)?,
            matures_at: Read::read(reader)?,
        })
    }
}

impl Write for UnstakeRequested {
    fn write(&self, out: &mut Vec<u8>) {
        self.fund.write(out);
        self.owner.write(out);
        self.shares.write(out);
        self.worth.write(out);
        self.matures_at.write(out);
    }
}

/// A matured request to withdraw was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawalExecuted {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Assets that became payable.
    pub assets: u64,
    /// Shares burned.
    pub shares: u64,
    /// Shares that stay requested.
    pub left: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for WithdrawalExecuted {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            left: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for WithdrawalExecuted {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.assets.write(out);
        self.shares.write(out);
        self.left.write(out);
        self.state.write(out);
    }
}

/// An LP asked to withdraw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawalRequested {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// The shares.
    pub shares: u64,
    /// Unix time from which anyone can execute it, if nothing is on hold until then, and the breaker not tripped then if it is not now.
    pub matures_at: i64,
}

impl Read for WithdrawalRequested {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            shares: Read::read(reader)?,
            matures_at: Read::read(reader)?,
        })
    }
}

impl Write for WithdrawalRequested {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.shares.write(out);
        self.matures_at.write(out);
    }
}

/// An LP withdrew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// Assets paid out.
    pub assets: u64,
    /// Shares burned.
    pub shares: u64,
    /// The pool afterwards.
    pub state: PoolState,
}

impl Read for Withdrawn {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            owner: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            state: Read::read(reader)?,
        })
    }
}

impl Write for Withdrawn {
    fn write(&self, out: &mut Vec<u8>) {
        self.pool.write(out);
        self.owner.write(out);
        self.assets.write(out);
        self.shares.write(out);
        self.state.write(out);
    }
}

/// A parameter that governance can change: of a pool, of a collateral (`DepositCap` to `CollateralMaxDivergenceBps`), or of
/// a market (the last three). Its value is 32 bytes: a number in little endian and zeros, or a feed or address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Parameter {
    /// Collateral worth at most this, in micro-dollars, does not keep a debt from being recorded.
    DustValue,
    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of that
    /// step itself never counts, whatever this says.
    MinDefaultAgeSlots,
    /// How long, in seconds, a mark stands before it is settled, and nobody is held longer; ten minutes to a day.
    HoldSeconds,
    /// How long, in seconds, an LP loss counts for the breaker, a draw against the insurance fund's cap, and any loss for the loss rate.
    WindowSeconds,
    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund pays.
    InsuranceShareBps,
    /// The most that draws in a window add up to, of the fund's assets before them.
    DrawCapBps,
    /// The least debt, in base units of liquidity, that borrowing may result in and liquidating may leave.
    MinDebt,
    /// Part of a liquidator's bonus that goes to the insurance fund.
    InsuranceCutBps,
    /// The health that a liquidation restores: weighted collateral over debt.
    TargetHealthBps,
    /// LP losses that add up to at most this, in base units of liquidity, never trip the breaker.
    BreakerMinLosses,
    /// LP losses within the window beyond this part of NAV trip the breaker; 10,000 is never.
    BreakerLimitBps,
    /// How long ahead a withdrawal must be requested while the breaker is tripped, in seconds; from `hold_seconds` to a day.
    BreakerNoticeSeconds,
    /// How long ahead a withdrawal must be requested at any time, in seconds; from `hold_seconds` to a day. Zero is no notice.
    NoticeSeconds,
    /// From asking to leave to leaving, in seconds; a day to sixty.
    CooldownSeconds,
    /// Yearly rate at no utilisation.
    BaseBps,
    /// What the rate gains up to the kink.
    Slope1Bps,
    /// Utilisation at which the curve turns steeper; above 0 and below 10,000.
    KinkBps,
    /// What the rate gains from the kink to full utilisation.
    Slope2Bps,
    /// Part of the interest that goes to reserves.
    ReserveFactorBps,
    /// Part of the interest that goes to the insurance fund while coverage is on target.
    InsuranceFactorBps,
    /// Horizon of the average prices, in seconds.
    AverageSeconds,
    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it, as debt.
    MaxPremiumBps,
    /// The insurance fund over performing debt that is aimed at.
    TargetCoverageBps,
    /// Part of the interest that goes to the insurance fund under full stress.
    StressedInsuranceFactorBps,
    /// The loss-sharing ratio at no coverage.
    StressedInsuranceShareBps,
    /// Of the liquidity token's price:
    /// The primary feed.
    LiquidityFeed,
    /// Of the liquidity token's price:
    /// The second feed; zeros are none.
    LiquiditySecondFeed,
    /// Of the liquidity token's price:
    /// Oldest publish time accepted of either feed, in seconds before the chain's clock.
    LiquidityMaxAgeSeconds,
    /// Of the liquidity token's price:
    /// Widest confidence interval accepted, to each side, of the price.
    LiquidityMaxConfidenceBps,
    /// Of the liquidity token's price:
    /// Most that the second feed's price may be off the primary's, of the latter.
    LiquidityMaxDivergenceBps,
    /// The most that LPs together may have after a deposit.
    PoolDepositCap,
    /// The most that may be lent after a loan.
    BorrowCap,
    /// How much of the reserves the authority may collect. It falls by what is collected.
    ReleasedReserves,
    /// The most base units that all obligations together may hold.
    DepositCap,
    /// How much debt its value carries when borrowing, in calm.
    MaxLtvBps,
    /// The same under full stress; above that it counts as that.
    StressedMaxLtvBps,
    /// How much debt its value carries before liquidation, in calm.
    LiquidationThresholdBps,
    /// The same under full stress.
    StressedThresholdBps,
    /// What a liquidator gets on top at the liquidation threshold.
    BonusMinBps,
    /// The most that this grows to.
    BonusMaxBps,
    /// Deviation of its price and the liquidity token's at which stress is full; a fifth of it is none.
    StressedDeviationBps,
    /// Of the collateral token's price:
    /// The primary feed.
    CollateralFeed,
    /// Of the collateral token's price:
    /// The second feed; zeros are none.
    CollateralSecondFeed,
    /// Of the collateral token's price:
    /// Oldest publish time accepted of either feed, in seconds before the chain's clock.
    CollateralMaxAgeSeconds,
    /// Of the collateral token's price:
    /// Widest confidence interval accepted, to each side, of the price.
    CollateralMaxConfidenceBps,
    /// Of the collateral token's price:
    /// Most that the second feed's price may be off the primary's, of the latter.
    CollateralMaxDivergenceBps,
    /// Who may, besides the authority, tighten at once, pause, and cancel what is queued.
    Guardian,
    /// Who owns the token accounts that reserves are paid to.
    Treasury,
    /// How long, in seconds, what loosens must wait.
    TimelockSeconds,
}

impl Parameter {
    /// All of them, in the order of their numbers.
    pub const ALL: &[Self] = &[
        Self::DustValue,
        Self::MinDefaultAgeSlots,
        Self::HoldSeconds,
        Self::WindowSeconds,
        Self::InsuranceShareBps,
        Self::DrawCapBps,
        Self::MinDebt,
        Self::InsuranceCutBps,
        Self::TargetHealthBps,
        Self::BreakerMinLosses,
        Self::BreakerLimitBps,
        Self::BreakerNoticeSeconds,
        Self::NoticeSeconds,
        Self::CooldownSeconds,
        Self::BaseBps,
        Self::Slope1Bps,
        Self::KinkBps,
        Self::Slope2Bps,
        Self::ReserveFactorBps,
        Self::InsuranceFactorBps,
        Self::AverageSeconds,
        Self::MaxPremiumBps,
        Self::TargetCoverageBps,
        Self::StressedInsuranceFactorBps,
        Self::StressedInsuranceShareBps,
        Self::LiquidityFeed,
        Self::LiquiditySecondFeed,
        Self::LiquidityMaxAgeSeconds,
        Self::LiquidityMaxConfidenceBps,
        Self::LiquidityMaxDivergenceBps,
        Self::PoolDepositCap,
        Self::BorrowCap,
        Self::ReleasedReserves,
        Self::DepositCap,
        Self::MaxLtvBps,
        Self::StressedMaxLtvBps,
        Self::LiquidationThresholdBps,
        Self::StressedThresholdBps,
        Self::BonusMinBps,
        Self::BonusMaxBps,
        Self::StressedDeviationBps,
        Self::CollateralFeed,
        Self::CollateralSecondFeed,
        Self::CollateralMaxAgeSeconds,
        Self::CollateralMaxConfidenceBps,
        Self::CollateralMaxDivergenceBps,
        Self::Guardian,
        Self::Treasury,
        Self::TimelockSeconds,
    ];
}

impl Read for Parameter {
    fn read(reader: &mut Reader) -> Option<Self> {
        let number = u8::read(reader)?;
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl Write for Parameter {
    fn write(&self, out: &mut Vec<u8>) {
        (*self as u8).write(out);
    }
}

/// What can be paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum PausableOperation {
    /// LPs' deposits.
    Deposit,
    /// Borrowing.
    Borrow,
    /// Taking collateral out.
    WithdrawCollateral,
    /// LPs' withdrawals.
    Withdraw,
}

impl PausableOperation {
    /// All of them, in the order of their numbers.
    pub const ALL: &[Self] = &[Self::Deposit, Self::Borrow, Self::WithdrawCollateral, Self::Withdraw];
}

impl Read for PausableOperation {
    fn read(reader: &mut Reader) -> Option<Self> {
        let number = u8::read(reader)?;
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl Write for PausableOperation {
    fn write(&self, out: &mut Vec<u8>) {
        (*self as u8).write(out);
    }
}

impl AccountData for Collateral {
    const NAME: &'static str = "Collateral";
    const DISCRIMINATOR: [u8; 8] = [123, 130, 234, 63, 255, 240, 255, 92];
    const SIZE: usize = 480;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for InsuranceFund {
    const NAME: &'static str = "InsuranceFund";
    const DISCRIMINATOR: [u8; 8] = [43, 134, 170, 87, 102, 16, 142, 147];
    const SIZE: usize = 272;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for InsuranceStake {
    const NAME: &'static str = "InsuranceStake";
    const DISCRIMINATOR: [u8; 8] = [110, 110, 233, 160, 124, 191, 45, 161];
    const SIZE: usize = 188;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for LossBook {
    const NAME: &'static str = "LossBook";
    const DISCRIMINATOR: [u8; 8] = [62, 136, 207, 27, 70, 63, 72, 69];
    const SIZE: usize = 112;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for LossClaim {
    const NAME: &'static str = "LossClaim";
    const DISCRIMINATOR: [u8; 8] = [137, 207, 130, 148, 93, 98, 122, 60];
    const SIZE: usize = 80;
    const PARENT_OFFSET: Option<usize> = None;

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for LpPosition {
    const NAME: &'static str = "LpPosition";
    const DISCRIMINATOR: [u8; 8] = [105, 241, 37, 200, 224, 2, 252, 90];
    const SIZE: usize = 188;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for Market {
    const NAME: &'static str = "Market";
    const DISCRIMINATOR: [u8; 8] = [219, 190, 213, 55, 0, 227, 198, 154];
    const SIZE: usize = 240;
    const PARENT_OFFSET: Option<usize> = None;

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for Obligation {
    const NAME: &'static str = "Obligation";
    const DISCRIMINATOR: [u8; 8] = [168, 206, 141, 106, 88, 76, 172, 167];
    const SIZE: usize = 592;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for ParameterChange {
    const NAME: &'static str = "ParameterChange";
    const DISCRIMINATOR: [u8; 8] = [139, 182, 105, 58, 64, 7, 184, 12];
    const SIZE: usize = 232;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for Pool {
    const NAME: &'static str = "Pool";
    const DISCRIMINATOR: [u8; 8] = [241, 154, 109, 4, 17, 177, 109, 188];
    const SIZE: usize = 864;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

/// The name of the kind of account that these bytes are of, if it is one of the program's.
pub fn account_name(data: &[u8]) -> Option<&'static str> {
    match *data.first_chunk()? {
        Collateral::DISCRIMINATOR => Some(Collateral::NAME),
        InsuranceFund::DISCRIMINATOR => Some(InsuranceFund::NAME),
        InsuranceStake::DISCRIMINATOR => Some(InsuranceStake::NAME),
        LossBook::DISCRIMINATOR => Some(LossBook::NAME),
        LossClaim::DISCRIMINATOR => Some(LossClaim::NAME),
        LpPosition::DISCRIMINATOR => Some(LpPosition::NAME),
        Market::DISCRIMINATOR => Some(Market::NAME),
        Obligation::DISCRIMINATOR => Some(Obligation::NAME),
        ParameterChange::DISCRIMINATOR => Some(ParameterChange::NAME),
        Pool::DISCRIMINATOR => Some(Pool::NAME),
        _ => None,
    }
}

/// What a transaction's log data tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// See [`Accrued`].
    Accrued(Accrued),
    /// See [`AuthorityChanged`].
    AuthorityChanged(AuthorityChanged),
    /// See [`AuthorityProposed`].
    AuthorityProposed(AuthorityProposed),
    /// See [`Borrowed`].
    Borrowed(Borrowed),
    /// See [`ChangeCancelled`].
    ChangeCancelled(ChangeCancelled),
    /// See [`ChangeQueued`].
    ChangeQueued(ChangeQueued),
    /// See [`ClaimOpened`].
    ClaimOpened(ClaimOpened),
    /// See [`CollateralAdded`].
    CollateralAdded(CollateralAdded),
    /// See [`CollateralDeposited`].
    CollateralDeposited(CollateralDeposited),
    /// See [`CollateralWithdrawn`].
    CollateralWithdrawn(CollateralWithdrawn),
    /// See [`Collected`].
    Collected(Collected),
    /// See [`Deposited`].
    Deposited(Deposited),
    /// See [`HistoryExtended`].
    HistoryExtended(HistoryExtended),
    /// See [`HistoryTrimmed`].
    HistoryTrimmed(HistoryTrimmed),
    /// See [`InsuranceFunded`].
    InsuranceFunded(InsuranceFunded),
    /// See [`Liquidated`].
    Liquidated(Liquidated),
    /// See [`LossBookExtended`].
    LossBookExtended(LossBookExtended),
    /// See [`LossRecorded`].
    LossRecorded(LossRecorded),
    /// See [`Marked`].
    Marked(Marked),
    /// See [`MarketCreated`].
    MarketCreated(MarketCreated),
    /// See [`ObligationOpened`].
    ObligationOpened(ObligationOpened),
    /// See [`ParameterChanged`].
    ParameterChanged(ParameterChanged),
    /// See [`PauseChanged`].
    PauseChanged(PauseChanged),
    /// See [`PoolCreated`].
    PoolCreated(PoolCreated),
    /// See [`PoolOpened`].
    PoolOpened(PoolOpened),
    /// See [`PositionOpened`].
    PositionOpened(PositionOpened),
    /// See [`PriceReported`].
    PriceReported(PriceReported),
    /// See [`Recovered`].
    Recovered(Recovered),
    /// See [`RecoveryClaimed`].
    RecoveryClaimed(RecoveryClaimed),
    /// See [`Repaid`].
    Repaid(Repaid),
    /// See [`ReservesCollected`].
    ReservesCollected(ReservesCollected),
    /// See [`RiskRefreshed`].
    RiskRefreshed(RiskRefreshed),
    /// See [`SharesTransferred`].
    SharesTransferred(SharesTransferred),
    /// See [`StakeOpened`].
    StakeOpened(StakeOpened),
    /// See [`StakeRecoveryClaimed`].
    StakeRecoveryClaimed(StakeRecoveryClaimed),
    /// See [`Staked`].
    Staked(Staked),
    /// See [`UnstakeExecuted`].
    UnstakeExecuted(UnstakeExecuted),
    /// See [`UnstakeRequested`].
    UnstakeRequested(UnstakeRequested),
    /// See [`WithdrawalExecuted`].
    WithdrawalExecuted(WithdrawalExecuted),
    /// See [`WithdrawalRequested`].
    WithdrawalRequested(WithdrawalRequested),
    /// See [`Withdrawn`].
    Withdrawn(Withdrawn),
}

impl Event {
    /// The event in one piece of log data, or nothing if it is none of the program's.
    pub fn from_log_data(data: &[u8]) -> Option<Self> {
        let (discriminator, body) = data.split_first_chunk::<8>()?;
        let reader = &mut Reader::new(body);
        match *discriminator {
            [207, 152, 166, 145, 189, 39, 33, 167] => Read::read(reader).map(Self::Accrued),
            [31, 19, 174, 152, 4, 82, 215, 226] => Read::read(reader).map(Self::AuthorityChanged),
            [244, 117, 94, 112, 53, 151, 35, 89] => Read::read(reader).map(Self::AuthorityProposed),
            [225, 182, 241, 78, 34, 145, 253, 230] => Read::read(reader).map(Self::Borrowed),
            [139, 179, 97, 81, 214, 21, 119, 93] => Read::read(reader).map(Self::ChangeCancelled),
            [232, 143, 80, 230, 125, 117, 169, 213] => Read::read(reader).map(Self::ChangeQueued),
            [149, 209, 22, 4, 147, 156, 128, 152] => Read::read(reader).map(Self::ClaimOpened),
            [172, 68, 58, 249, 157, 64, 74, 141] => Read::read(reader).map(Self::CollateralAdded),
            [244, 62, 77, 11, 135, 112, 61, 96] => Read::read(reader).map(Self::CollateralDeposited),
            [51, 224, 133, 106, 74, 173, 72, 82] => Read::read(reader).map(Self::CollateralWithdrawn),
            [67, 109, 138, 167, 168, 239, 2, 207] => Read::read(reader).map(Self::Collected),
            [111, 141, 26, 45, 161, 35, 100, 57] => Read::read(reader).map(Self::Deposited),
            [44, 143, 183, 154, 203, 139, 32, 228] => Read::read(reader).map(Self::HistoryExtended),
            [233, 192, 73, 176, 9, 157, 132, 89] => Read::read(reader).map(Self::HistoryTrimmed),
            [158, 72, 23, 80, 138, 56, 33, 206] => Read::read(reader).map(Self::InsuranceFunded),
            [231, 57, 55, 75, 0, 170, 246, 68] => Read::read(reader).map(Self::Liquidated),
            [200, 68, 68, 61, 42, 190, 227, 92] => Read::read(reader).map(Self::LossBookExtended),
            [206, 157, 36, 201, 68, 101, 194, 248] => Read::read(reader).map(Self::LossRecorded),
            [19, 64, 116, 147, 208, 214, 180, 172] => Read::read(reader).map(Self::Marked),
            [88, 184, 130, 231, 226, 84, 6, 58] => Read::read(reader).map(Self::MarketCreated),
            [99, 190, 7, 244, 74, 31, 24, 84] => Read::read(reader).map(Self::ObligationOpened),
            [223, 172, 255, 245, 141, 19, 154, 135] => Read::read(reader).map(Self::ParameterChanged),
            [238, 188, 213, 78, 134, 209, 178, 218] => Read::read(reader).map(Self::PauseChanged),
            [202, 44, 41, 88, 104, 220, 157, 82] => Read::read(reader).map(Self::PoolCreated),
            [44, 53, 197, 215, 31, 61, 56, 170] => Read::read(reader).map(Self::PoolOpened),
            [237, 175, 243, 230, 147, 117, 101, 121] => Read::read(reader).map(Self::PositionOpened),
            [188, 190, 25, 244, 37, 57, 251, 215] => Read::read(reader).map(Self::PriceReported),
            [117, 0, 54, 192, 187, 24, 240, 130] => Read::read(reader).map(Self::Recovered),
            [29, 59, 99, 47, 106, 248, 125, 116] => Read::read(reader).map(Self::RecoveryClaimed),
            [38, 248, 231, 7, 150, 164, 172, 23] => Read::read(reader).map(Self::Repaid),
            [80, 93, 222, 76, 139, 117, 181, 227] => Read::read(reader).map(Self::ReservesCollected),
            [30, 82, 65, 5, 3, 20, 245, 42] => Read::read(reader).map(Self::RiskRefreshed),
            [219, 222, 239, 232, 2, 70, 64, 200] => Read::read(reader).map(Self::SharesTransferred),
            [224, 249, 211, 227, 9, 83, 142, 188] => Read::read(reader).map(Self::StakeOpened),
            [12, 15, 6, 198, 251, 148, 228, 210] => Read::read(reader).map(Self::StakeRecoveryClaimed),
            [11, 146, 45, 205, 230, 58, 213, 240] => Read::read(reader).map(Self::Staked),
            [207, 39, 180, 234, 207, 254, 210, 175] => Read::read(reader).map(Self::UnstakeExecuted),
            [21, 253, 177, 85, 129, 206, 42, 152] => Read::read(reader).map(Self::UnstakeRequested),
            [37, 78, 199, 192, 51, 68, 173, 162] => Read::read(reader).map(Self::WithdrawalExecuted),
            [75, 207, 21, 12, 160, 102, 150, 55] => Read::read(reader).map(Self::WithdrawalRequested),
            [20, 89, 223, 198, 194, 124, 219, 13] => Read::read(reader).map(Self::Withdrawn),
            _ => None,
        }
    }
}

/// Why the program refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum BackstopError {
    /// A result does not fit its type: use a smaller amount.
    MathOverflow = 6000,
    /// The amount is zero or rounds to nothing: use a larger one.
    AmountTooSmall = 6001,
    /// Fewer shares than that are held and not requested: ask for at most these, or for all.
    InsufficientShares = 6002,
    /// The pool has less cash than that: ask for at most its cash, or wait for repayments.
    InsufficientCash = 6003,
    /// The obligation holds less of this collateral than that: ask for at most what it holds, or for all.
    InsufficientCollateral = 6004,
    /// The obligation owes nothing.
    NoDebt = 6005,
    /// The debt would exceed the loan-to-value limit: add collateral, repay, or ask for less.
    LoanToValueExceeded = 6006,
    /// The debt left would be positive but below the pool's minimum: choose an amount that leaves more, or none.
    DebtBelowMinimum = 6007,
    /// The obligation is within its liquidation threshold: it cannot be liquidated or written off.
    ObligationHealthy = 6008,
    /// The obligation still holds collateral worth more than dust: liquidate it first.
    CollateralRemains = 6009,
    /// The debt or its collateral changed too recently: retry after the pool's minimum default age.
    DefaultTooRecent = 6010,
    /// A parameter is outside its bounds: see the documentation of the parameters.
    InvalidParameter = 6011,
    /// The price is zero, negative, or beyond what can be counted with: wait for a better update.
    InvalidPrice = 6012,
    /// The outcome is worse than your bound: preview again and set a new bound.
    SlippageExceeded = 6013,
    /// The signer is not the market's authority.
    WrongAuthority = 6014,
    /// The signer does not own this account.
    WrongOwner = 6015,
    /// The account belongs to another pool.
    WrongPool = 6016,
    /// The pool belongs to another market.
    WrongMarket = 6017,
    /// The vault is not the one that the pool, collateral or fund records.
    WrongVault = 6018,
    /// The mint is not the one that the pool or collateral records.
    WrongMint = 6019,
    /// The insurance fund is not the pool's.
    WrongInsuranceFund = 6020,
    /// The collateral accounts must follow the obligation's list, in its order.
    WrongCollateral = 6021,
    /// Price accounts are missing: pass the liquidity price, then each collateral held with its price.
    MissingPrice = 6022,
    /// The price account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed.
    InvalidPriceAccount = 6023,
    /// The price update is for another feed than the one that is bound.
    WrongFeed = 6024,
    /// The price update is too old: post a fresh one in the same transaction.
    StalePrice = 6025,
    /// The price update's publish time lies too far ahead of the chain's clock.
    PriceFromFuture = 6026,
    /// The mint belongs to neither of the two token programs: use SPL Token or Token-2022.
    UnsupportedToken = 6027,
    /// The obligation already holds the maximum number of collaterals: withdraw one first.
    TooManyCollaterals = 6028,
    /// The deposit would exceed the cap: deposit less.
    DepositCapExceeded = 6029,
    /// An account's invariant does not hold: nothing was changed; please report this transaction.
    InvariantViolated = 6030,
    /// The history of shares is full: extend it first (anyone can pay), or give up old rows with trim_history.
    HistoryFull = 6031,
    /// Nothing of this loss was recovered for you that is not paid out already: come back after a recovery of it.
    NothingToClaim = 6032,
    /// The loss book is full: extend it first, in the same transaction; anyone can pay.
    LossBookFull = 6033,
    /// Losses tripped the breaker: borrows wait until the pool's breaker_until.
    BreakerTripped = 6034,
    /// Nothing is requested, so nothing can be executed: ask to leave first.
    ExitNotRequested = 6035,
    /// The request to leave has not matured: retry at its matures_at.
    ExitNotMature = 6036,
    /// Leaving takes notice now: ask with request_withdrawal; anyone executes that when it has matured.
    NoticeDue = 6037,
    /// Withdrawals take no notice now: withdraw without a request.
    NoNoticeDue = 6038,
    /// The loss book is not the pool's.
    WrongLossBook = 6039,
    /// The claim account belongs to another position or stake.
    WrongClaim = 6040,
    /// A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile: liquidate, record or settle it, or wait.
    FundOnHold = 6041,
    /// The price's confidence interval is wider than the limit: wait for a better update.
    PriceUncertain = 6042,
    /// The two feeds of a token disagree by more than the limit: wait until they agree.
    PricesDisagree = 6043,
    /// The feed's result has fewer samples than it asks for: post a fresh update in the same transaction.
    TooFewSamples = 6044,
    /// This collateral was listed too recently: it can be deposited from its opens_at on.
    CollateralNotOpen = 6045,
    /// The signer is neither the market's guardian nor its authority.
    WrongGuardian = 6046,
    /// This change may take from someone: queue it, and execute it after the market's timelock.
    ChangeMustWait = 6047,
    /// The timelock has not passed: retry at executable_at.
    ChangeNotReady = 6048,
    /// The change was not executed in time and has lapsed: cancel it and queue it anew.
    ChangeLapsed = 6049,
    /// The account that this parameter belongs to is missing, or is not the one that the change was queued for.
    WrongTarget = 6050,
    /// The signer is not the authority that was proposed.
    WrongPendingAuthority = 6051,
    /// This operation is paused: it opens again when the pause ends, at the latest at the pool's paused until.
    Paused = 6052,
    /// The pause is longer than is allowed: at most 72 hours for what lets people out, 30 days for the rest.
    PauseTooLong = 6053,
    /// The last pause of this was too recently: it cannot be paused again before it was open for as long.
    PauseTooSoon = 6054,
    /// The reserves beyond what is marked, or cash, are less than that: ask for less, or for all.
    InsufficientReserves = 6055,
    /// Reserves go to a token account of the market's treasury only.
    WrongTreasury = 6056,
    /// The mint has the transfer fee extension: it cannot be listed.
    TransferFeeExtension = 6057,
    /// The mint has the transfer hook extension: it cannot be listed.
    TransferHookExtension = 6058,
    /// The mint has the permanent delegate extension: it cannot be listed.
    PermanentDelegateExtension = 6059,
    /// The mint has the default account state extension: it cannot be listed.
    DefaultAccountStateExtension = 6060,
    /// The mint has a confidential transfer, mint or burn extension: it cannot be listed.
    ConfidentialTransferExtension = 6061,
    /// The mint has the non-transferable extension: it cannot be listed.
    NonTransferableExtension = 6062,
    /// The mint has the close authority extension, so it could be made anew with any other: it cannot be listed.
    MintCloseAuthorityExtension = 6063,
    /// The mint has the interest-bearing extension, whose price is not per base unit: it cannot be listed.
    InterestBearingExtension = 6064,
    /// The mint has the scaled amount extension, whose price is not per base unit: it cannot be listed.
    ScaledUiAmountExtension = 6065,
    /// The mint has the pausable extension: it cannot be listed.
    PausableExtension = 6066,
    /// The mint has an extension that is not known to be harmless: it cannot be listed.
    UnknownExtension = 6067,
    /// The collateral covers the debt after the least bonus, so nothing is lost: liquidate it.
    DebtCovered = 6068,
    /// A known loss waits to be settled, and nobody enters or leaves the pool meanwhile: liquidate, record or settle it, or wait.
    PoolOnHold = 6069,
    /// A mark is settled by prices no older than it, and at most ten seconds older than the newest that were read: post newer ones.
    PriceBeforeMark = 6070,
    /// More would be lent than the pool's borrow cap allows: borrow less.
    BorrowCapExceeded = 6071,
    /// The pool is not open yet: nobody deposits, stakes or gives before the market's authority opens it.
    PoolNotOpen = 6072,
    /// The pool was opened already: give to its insurance fund with fund_insurance.
    PoolAlreadyOpen = 6073,
    /// The gift that founds the insurance fund is less than a million base units: give at least that.
    FoundingGiftTooSmall = 6074,
    /// The change was queued before its pool opened, which voided it: cancel it and queue it anew.
    ChangeVoid = 6075,
    /// A request to leave stands, and cannot be taken back or replaced: it is executed when it has matured.
    ExitPending = 6076,
    /// Nothing is payable: something is after a request was executed.
    NothingToCollect = 6077,
}

impl BackstopError {
    /// All errors, in the order of their codes.
    pub const ALL: &[Self] = &[
        Self::MathOverflow,
        Self::AmountTooSmall,
        Self::InsufficientShares,
        Self::InsufficientCash,
        Self::InsufficientCollateral,
        Self::NoDebt,
        Self::LoanToValueExceeded,
        Self::DebtBelowMinimum,
        Self::ObligationHealthy,
        Self::CollateralRemains,
        Self::DefaultTooRecent,
        Self::InvalidParameter,
        Self::InvalidPrice,
        Self::SlippageExceeded,
        Self::WrongAuthority,
        Self::WrongOwner,
        Self::WrongPool,
        Self::WrongMarket,
        Self::WrongVault,
        Self::WrongMint,
        Self::WrongInsuranceFund,
        Self::WrongCollateral,
        Self::MissingPrice,
        Self::InvalidPriceAccount,
        Self::WrongFeed,
        Self::StalePrice,
        Self::PriceFromFuture,
        Self::UnsupportedToken,
        Self::TooManyCollaterals,
        Self::DepositCapExceeded,
        Self::InvariantViolated,
        Self::HistoryFull,
        Self::NothingToClaim,
        Self::LossBookFull,
        Self::BreakerTripped,
        Self::ExitNotRequested,
        Self::ExitNotMature,
        Self::NoticeDue,
        Self::NoNoticeDue,
        Self::WrongLossBook,
        Self::WrongClaim,
        Self::FundOnHold,
        Self::PriceUncertain,
        Self::PricesDisagree,
        Self::TooFewSamples,
        Self::CollateralNotOpen,
        Self::WrongGuardian,
        Self::ChangeMustWait,
        Self::ChangeNotReady,
        Self::ChangeLapsed,
        Self::WrongTarget,
        Self::WrongPendingAuthority,
        Self::Paused,
        Self::PauseTooLong,
        Self::PauseTooSoon,
        Self::InsufficientReserves,
        Self::WrongTreasury,
        Self::TransferFeeExtension,
        Self::TransferHookExtension,
        Self::PermanentDelegateExtension,
        Self::DefaultAccountStateExtension,
        Self::ConfidentialTransferExtension,
        Self::NonTransferableExtension,
        Self::MintCloseAuthorityExtension,
        Self::InterestBearingExtension,
        Self::ScaledUiAmountExtension,
        Self::PausableExtension,
        Self::UnknownExtension,
        Self::DebtCovered,
        Self::PoolOnHold,
        Self::PriceBeforeMark,
        Self::BorrowCapExceeded,
        Self::PoolNotOpen,
        Self::PoolAlreadyOpen,
        Self::FoundingGiftTooSmall,
        Self::ChangeVoid,
        Self::ExitPending,
        Self::NothingToCollect,
    ];

    /// Its name, as in the IDL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MathOverflow => "MathOverflow",
            Self::AmountTooSmall => "AmountTooSmall",
            Self::InsufficientShares => "InsufficientShares",
            Self::InsufficientCash => "InsufficientCash",
            Self::InsufficientCollateral => "InsufficientCollateral",
            Self::NoDebt => "NoDebt",
            Self::LoanToValueExceeded => "LoanToValueExceeded",
            Self::DebtBelowMinimum => "DebtBelowMinimum",
            Self::ObligationHealthy => "ObligationHealthy",
            Self::CollateralRemains => "CollateralRemains",
            Self::DefaultTooRecent => "DefaultTooRecent",
            Self::InvalidParameter => "InvalidParameter",
            Self::InvalidPrice => "InvalidPrice",
            Self::SlippageExceeded => "SlippageExceeded",
            Self::WrongAuthority => "WrongAuthority",
            Self::WrongOwner => "WrongOwner",
            Self::WrongPool => "WrongPool",
            Self::WrongMarket => "WrongMarket",
            Self::WrongVault => "WrongVault",
            Self::WrongMint => "WrongMint",
            Self::WrongInsuranceFund => "WrongInsuranceFund",
            Self::WrongCollateral => "WrongCollateral",
            Self::MissingPrice => "MissingPrice",
            Self::InvalidPriceAccount => "InvalidPriceAccount",
            Self::WrongFeed => "WrongFeed",
            Self::StalePrice => "StalePrice",
            Self::PriceFromFuture => "PriceFromFuture",
            Self::UnsupportedToken => "UnsupportedToken",
            Self::TooManyCollaterals => "TooManyCollaterals",
            Self::DepositCapExceeded => "DepositCapExceeded",
            Self::InvariantViolated => "InvariantViolated",
            Self::HistoryFull => "HistoryFull",
            Self::NothingToClaim => "NothingToClaim",
            Self::LossBookFull => "LossBookFull",
            Self::BreakerTripped => "BreakerTripped",
            Self::ExitNotRequested => "ExitNotRequested",
            Self::ExitNotMature => "ExitNotMature",
            Self::NoticeDue => "NoticeDue",
            Self::NoNoticeDue => "NoNoticeDue",
            Self::WrongLossBook => "WrongLossBook",
            Self::WrongClaim => "WrongClaim",
            Self::FundOnHold => "FundOnHold",
            Self::PriceUncertain => "PriceUncertain",
            Self::PricesDisagree => "PricesDisagree",
            Self::TooFewSamples => "TooFewSamples",
            Self::CollateralNotOpen => "CollateralNotOpen",
            Self::WrongGuardian => "WrongGuardian",
            Self::ChangeMustWait => "ChangeMustWait",
            Self::ChangeNotReady => "ChangeNotReady",
            Self::ChangeLapsed => "ChangeLapsed",
            Self::WrongTarget => "WrongTarget",
            Self::WrongPendingAuthority => "WrongPendingAuthority",
            Self::Paused => "Paused",
            Self::PauseTooLong => "PauseTooLong",
            Self::PauseTooSoon => "PauseTooSoon",
            Self::InsufficientReserves => "InsufficientReserves",
            Self::WrongTreasury => "WrongTreasury",
            Self::TransferFeeExtension => "TransferFeeExtension",
            Self::TransferHookExtension => "TransferHookExtension",
            Self::PermanentDelegateExtension => "PermanentDelegateExtension",
            Self::DefaultAccountStateExtension => "DefaultAccountStateExtension",
            Self::ConfidentialTransferExtension => "ConfidentialTransferExtension",
            Self::NonTransferableExtension => "NonTransferableExtension",
            Self::MintCloseAuthorityExtension => "MintCloseAuthorityExtension",
            Self::InterestBearingExtension => "InterestBearingExtension",
            Self::ScaledUiAmountExtension => "ScaledUiAmountExtension",
            Self::PausableExtension => "PausableExtension",
            Self::UnknownExtension => "UnknownExtension",
            Self::DebtCovered => "DebtCovered",
            Self::PoolOnHold => "PoolOnHold",
            Self::PriceBeforeMark => "PriceBeforeMark",
            Self::BorrowCapExceeded => "BorrowCapExceeded",
            Self::PoolNotOpen => "PoolNotOpen",
            Self::PoolAlreadyOpen => "PoolAlreadyOpen",
            Self::FoundingGiftTooSmall => "FoundingGiftTooSmall",
            Self::ChangeVoid => "ChangeVoid",
            Self::ExitPending => "ExitPending",
            Self::NothingToCollect => "NothingToCollect",
        }
    }

    /// What it means and what to do.
    pub const fn message(self) -> &'static str {
        match self {
            Self::MathOverflow => "A result does not fit its type: use a smaller amount.",
            Self::AmountTooSmall => "The amount is zero or rounds to nothing: use a larger one.",
            Self::InsufficientShares => {
                "Fewer shares than that are held and not requested: ask for at most these, or for all."
            }
            Self::InsufficientCash => {
                "The pool has less cash than that: ask for at most its cash, or wait for repayments."
            }
            Self::InsufficientCollateral => {
                "The obligation holds less of this collateral than that: ask for at most what it holds, or for all."
            }
            Self::NoDebt => "The obligation owes nothing.",
            Self::LoanToValueExceeded => {
                "The debt would exceed the loan-to-value limit: add collateral, repay, or ask for less."
            }
            Self::DebtBelowMinimum => {
                "The debt left would be positive but below the pool's minimum: choose an amount that leaves more, or none."
            }
            Self::ObligationHealthy => {
                "The obligation is within its liquidation threshold: it cannot be liquidated or written off."
            }
            Self::CollateralRemains => {
                "The obligation still holds collateral worth more than dust: liquidate it first."
            }
            Self::DefaultTooRecent => {
                "The debt or its collateral changed too recently: retry after the pool's minimum default age."
            }
            Self::InvalidParameter => "A parameter is outside its bounds: see the documentation of the parameters.",
            Self::InvalidPrice => {
                "The price is zero, negative, or beyond what can be counted with: wait for a better update."
            }
            Self::SlippageExceeded => "The outcome is worse than your bound: preview again and set a new bound.",
            Self::WrongAuthority => "The signer is not the market's authority.",
            Self::WrongOwner => "The signer does not own this account.",
            Self::WrongPool => "The account belongs to another pool.",
            Self::WrongMarket => "The pool belongs to another market.",
            Self::WrongVault => "The vault is not the one that the pool, collateral or fund records.",
            Self::WrongMint => "The mint is not the one that the pool or collateral records.",
            Self::WrongInsuranceFund => "The insurance fund is not the pool's.",
            Self::WrongCollateral => "The collateral accounts must follow the obligation's list, in its order.",
            Self::MissingPrice => {
                "Price accounts are missing: pass the liquidity price, then each collateral held with its price."
            }
            Self::InvalidPriceAccount => {
                "The price account is neither a fully verified Pyth price update nor a Switchboard On-Demand feed."
            }
            Self::WrongFeed => "The price update is for another feed than the one that is bound.",
            Self::StalePrice => "The price update is too old: post a fresh one in the same transaction.",
            Self::PriceFromFuture => "The price update's publish time lies too far ahead of the chain's clock.",
            Self::UnsupportedToken => {
                "The mint belongs to neither of the two token programs: use SPL Token or Token-2022."
            }
            Self::TooManyCollaterals => {
                "The obligation already holds the maximum number of collaterals: withdraw one first."
            }
            Self::DepositCapExceeded => "The deposit would exceed the cap: deposit less.",
            Self::InvariantViolated => {
                "An account's invariant does not hold: nothing was changed; please report this transaction."
            }
            Self::HistoryFull => {
                "The history of shares is full: extend it first (anyone can pay), or give up old rows with trim_history."
            }
            Self::NothingToClaim => {
                "Nothing of this loss was recovered for you that is not paid out already: come back after a recovery of it."
            }
            Self::LossBookFull => "The loss book is full: extend it first, in the same transaction; anyone can pay.",
            Self::BreakerTripped => "Losses tripped the breaker: borrows wait until the pool's breaker_until.",
            Self::ExitNotRequested => "Nothing is requested, so nothing can be executed: ask to leave first.",
            Self::ExitNotMature => "The request to leave has not matured: retry at its matures_at.",
            Self::NoticeDue => {
                "Leaving takes notice now: ask with request_withdrawal; anyone executes that when it has matured."
            }
            Self::NoNoticeDue => "Withdrawals take no notice now: withdraw without a request.",
            Self::WrongLossBook => "The loss book is not the pool's.",
            Self::WrongClaim => "The claim account belongs to another position or stake.",
            Self::FundOnHold => {
                "A known loss waits to be settled, and nobody enters or leaves the insurance fund meanwhile: liquidate, record or settle it, or wait."
            }
            Self::PriceUncertain => {
                "The price's confidence interval is wider than the limit: wait for a better update."
            }
            Self::PricesDisagree => "The two feeds of a token disagree by more than the limit: wait until they agree.",
            Self::TooFewSamples => {
                "The feed's result has fewer samples than it asks for: post a fresh update in the same transaction."
            }
            Self::CollateralNotOpen => {
                "This collateral was listed too recently: it can be deposited from its opens_at on."
            }
            Self::WrongGuardian => "The signer is neither the market's guardian nor its authority.",
            Self::ChangeMustWait => {
                "This change may take from someone: queue it, and execute it after the market's timelock."
            }
            Self::ChangeNotReady => "The timelock has not passed: retry at executable_at.",
            Self::ChangeLapsed => "The change was not executed in time and has lapsed: cancel it and queue it anew.",
            Self::WrongTarget => {
                "The account that this parameter belongs to is missing, or is not the one that the change was queued for."
            }
            Self::WrongPendingAuthority => "The signer is not the authority that was proposed.",
            Self::Paused => {
                "This operation is paused: it opens again when the pause ends, at the latest at the pool's paused until."
            }
            Self::PauseTooLong => {
                "The pause is longer than is allowed: at most 72 hours for what lets people out, 30 days for the rest."
            }
            Self::PauseTooSoon => {
                "The last pause of this was too recently: it cannot be paused again before it was open for as long."
            }
            Self::InsufficientReserves => {
                "The reserves beyond what is marked, or cash, are less than that: ask for less, or for all."
            }
            Self::WrongTreasury => "Reserves go to a token account of the market's treasury only.",
            Self::TransferFeeExtension => "The mint has the transfer fee extension: it cannot be listed.",
            Self::TransferHookExtension => "The mint has the transfer hook extension: it cannot be listed.",
            Self::PermanentDelegateExtension => "The mint has the permanent delegate extension: it cannot be listed.",
            Self::DefaultAccountStateExtension => {
                "The mint has the default account state extension: it cannot be listed."
            }
            Self::ConfidentialTransferExtension => {
                "The mint has a confidential transfer, mint or burn extension: it cannot be listed."
            }
            Self::NonTransferableExtension => "The mint has the non-transferable extension: it cannot be listed.",
            Self::MintCloseAuthorityExtension => {
                "The mint has the close authority extension, so it could be made anew with any other: it cannot be listed."
            }
            Self::InterestBearingExtension => {
                "The mint has the interest-bearing extension, whose price is not per base unit: it cannot be listed."
            }
            Self::ScaledUiAmountExtension => {
                "The mint has the scaled amount extension, whose price is not per base unit: it cannot be listed."
            }
            Self::PausableExtension => "The mint has the pausable extension: it cannot be listed.",
            Self::UnknownExtension => {
                "The mint has an extension that is not known to be harmless: it cannot be listed."
            }
            Self::DebtCovered => {
                "The collateral covers the debt after the least bonus, so nothing is lost: liquidate it."
            }
            Self::PoolOnHold => {
                "A known loss waits to be settled, and nobody enters or leaves the pool meanwhile: liquidate, record or settle it, or wait."
            }
            Self::PriceBeforeMark => {
                "A mark is settled by prices no older than it, and at most ten seconds older than the newest that were read: post newer ones."
            }
            Self::BorrowCapExceeded => "More would be lent than the pool's borrow cap allows: borrow less.",
            Self::PoolNotOpen => {
                "The pool is not open yet: nobody deposits, stakes or gives before the market's authority opens it."
            }
            Self::PoolAlreadyOpen => "The pool was opened already: give to its insurance fund with fund_insurance.",
            Self::FoundingGiftTooSmall => {
                "The gift that founds the insurance fund is less than a million base units: give at least that."
            }
            Self::ChangeVoid => {
                "The change was queued before its pool opened, which voided it: cancel it and queue it anew."
            }
            Self::ExitPending => {
                "A request to leave stands, and cannot be taken back or replaced: it is executed when it has matured."
            }
            Self::NothingToCollect => "Nothing is payable: something is after a request was executed.",
        }
    }

    /// The error of a code, if it is the program's own.
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|error| *error as u32 == code)
    }
}

impl std::fmt::Display for BackstopError {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str(self.message())
    }
}

impl std::error::Error for BackstopError {}

/// Instruction builders, one per instruction, with the accounts that each declares.
pub mod instruction {
    use super::*;
    /// The accounts of [`accept_authority`].
    #[derive(Clone, Copy, Debug)]
    pub struct AcceptAuthority {
        /// Who was proposed.
        pub authority: Address,
        /// The market.
        pub market: Address,
    }

    /// Takes over as the market's authority.
    ///
    /// Specification:
    /// - only who was proposed
    /// - not before the timelock has passed since, nor after the proposal has lapsed
    pub fn accept_authority(accounts: AcceptAuthority) -> Instruction {
        let data = [107, 86, 198, 91, 33, 12, 107, 160].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.market, false),
            ],
            data,
        }
    }

    /// The accounts of [`accrue`].
    #[derive(Clone, Copy, Debug)]
    pub struct Accrue {
        /// The pool.
        pub pool: Address,
    }

    /// Counts interest up to now. Every instruction that reads a pool's totals does the same first.
    ///
    /// Specification:
    /// - anyone may call it
    /// - a second call in the same second changes nothing
    pub fn accrue(accounts: Accrue) -> Instruction {
        let data = [23, 76, 128, 149, 229, 247, 72, 228].to_vec();
        Instruction { program_id: PROGRAM_ID, accounts: vec![AccountMeta::new(accounts.pool, false)], data }
    }

    /// The accounts of [`add_collateral`].
    #[derive(Clone, Copy, Debug)]
    pub struct AddCollateral {
        /// The market's authority.
        pub authority: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The market.
        pub market: Address,
        /// The pool.
        pub pool: Address,
        /// The collateral token's mint.
        pub mint: Address,
        /// The new collateral.
        pub collateral: Address,
        /// The collateral's new vault.
        pub vault: Address,
        /// The mint's token program.
        pub token_program: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Lists a token as collateral of a pool.
    ///
    /// Further accounts: the price accounts of the collateral token. Price accounts of a token are one for its feed and, if it
    /// has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
    ///
    /// Specification:
    /// - only the authority of the pool's market
    /// - a mint is listed once per pool
    /// - the mint is one of SPL Token, or one of Token-2022 whose extensions are all harmless
    /// - the token program is the mint's own
    /// - every parameter is within its bounds
    /// - the accounts of its feeds follow, and can be read: the average price begins with them
    /// - where the pool is open, deposits of it open after twice the market's timelock and the longest
    ///   pause of exits only: so exits were open for a whole timelock before
    pub fn add_collateral(accounts: AddCollateral, parameters: CollateralParameters) -> Instruction {
        let mut data = [127, 82, 121, 42, 161, 176, 249, 206].to_vec();
        parameters.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new_readonly(accounts.pool, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new(accounts.collateral, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new_readonly(accounts.token_program, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`borrow`].
    #[derive(Clone, Copy, Debug)]
    pub struct Borrow {
        /// The borrower.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The borrower's obligation.
        pub obligation: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The token account that is paid.
        pub destination: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Lends liquidity to an obligation.
    ///
    /// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
    /// order of its slots, the collateral and its price accounts. Price accounts of a token are one for its feed and, if it has a
    /// second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
    ///
    /// Specification:
    /// - the owner of the obligation signs
    /// - nothing, or more than the pool's cash, is refused
    /// - the debt afterwards must be within the loan-to-value limits, at the prices of the further accounts; what was written off of it and
    ///   is not recovered counts as debt
    /// - the debt afterwards must reach the pool's minimum, and all debt together must be within its borrow cap
    /// - a price far from its average counts only the average, on the conservative side
    /// - refused while borrowing is paused or the loss breaker is tripped
    /// - exactly `assets` are paid out; the debt grows by them, rounded up to a debt share
    pub fn borrow(accounts: Borrow, assets: u64) -> Instruction {
        let mut data = [228, 253, 131, 202, 207, 116, 89, 18].to_vec();
        assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`cancel_authority`].
    #[derive(Clone, Copy, Debug)]
    pub struct CancelAuthority {
        /// The guardian or the authority.
        pub signer: Address,
        /// The market.
        pub market: Address,
    }

    /// Cancels the proposal of an authority.
    ///
    /// Specification:
    /// - the market's guardian or authority signs
    /// - where nobody was proposed nothing changes
    pub fn cancel_authority(accounts: CancelAuthority) -> Instruction {
        let data = [9, 60, 251, 100, 254, 226, 62, 110].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![AccountMeta::new_readonly(accounts.signer, true), AccountMeta::new(accounts.market, false)],
            data,
        }
    }

    /// The accounts of [`cancel_change`].
    #[derive(Clone, Copy, Debug)]
    pub struct CancelChange {
        /// The guardian or the authority.
        pub signer: Address,
        /// The market.
        pub market: Address,
        /// The change.
        pub change: Address,
        /// Who paid the change's rent.
        pub payer: Address,
    }

    /// Cancels a queued change, also one that has lapsed.
    ///
    /// Specification:
    /// - the market's guardian or authority signs
    /// - the guardian cannot cancel the change of the guardian
    /// - the rent goes back to who paid it
    pub fn cancel_change(accounts: CancelChange) -> Instruction {
        let data = [100, 30, 4, 148, 3, 244, 243, 168].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.signer, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new(accounts.change, false),
                AccountMeta::new(accounts.payer, false),
            ],
            data,
        }
    }

    /// The accounts of [`claim_recovery`].
    #[derive(Clone, Copy, Debug)]
    pub struct ClaimRecovery {
        /// The LP.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's loss book.
        pub loss_book: Address,
        /// The LP's position.
        pub position: Address,
        /// What the position claimed of the loss.
        pub claim: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The token account that is paid.
        pub destination: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Pays an LP its part of what was recovered of a loss: that of the claim account, which `open_claim` opens.
    ///
    /// Specification:
    /// - the owner of the position signs
    /// - pays the part of what LPs got back of the loss that belongs to the shares held at it, rounded down, less what was paid of it already
    /// - an LP who has left is paid as one who stayed, also after a wipe-out; one who came later has no part
    /// - nothing to pay is refused, and so is less than `min_assets`
    pub fn claim_recovery(accounts: ClaimRecovery, min_assets: u64) -> Instruction {
        let mut data = [60, 85, 49, 148, 254, 62, 210, 222].to_vec();
        min_assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new_readonly(accounts.loss_book, false),
                AccountMeta::new_readonly(accounts.position, false),
                AccountMeta::new(accounts.claim, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`claim_stake_recovery`].
    #[derive(Clone, Copy, Debug)]
    pub struct ClaimStakeRecovery {
        /// The staker.
        pub owner: Address,
        /// The insurance fund.
        pub insurance_fund: Address,
        /// The loss book of its pool.
        pub loss_book: Address,
        /// The staker's stake.
        pub stake: Address,
        /// What the stake claimed of the loss.
        pub claim: Address,
    }

    /// Gives a staker its part of the shares that came back of a loss: that of the claim account, which `open_claim` opens. They are shares of the fund since the
    /// recovery, and waited there; so a loss that is paid back takes nothing out of the fund before a cooldown.
    ///
    /// Specification:
    /// - the owner of the stake signs
    /// - its part is that of the shares back which belongs to the shares held at the loss, rounded down, less those that it claimed already
    /// - a staker who has left has the part of one who stayed, also after the fund was drained; one who came later has none
    /// - later losses divided what waits like any shares of the fund, rounded down; what was claimed before them is rounded up
    /// - no part is refused
    /// - moves no money and changes no price, so nothing marked is in the way
    /// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
    pub fn claim_stake_recovery(accounts: ClaimStakeRecovery) -> Instruction {
        let data = [75, 217, 178, 27, 78, 243, 36, 47].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new_readonly(accounts.loss_book, false),
                AccountMeta::new(accounts.stake, false),
                AccountMeta::new(accounts.claim, false),
            ],
            data,
        }
    }

    /// The accounts of [`collect`].
    #[derive(Clone, Copy, Debug)]
    pub struct Collect {
        /// The LP or staker.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The LP's position, or the staker's stake in the pool's insurance fund.
        pub holder: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The token account that is paid.
        pub destination: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Pays an LP or a staker what executed requests left: all of it.
    ///
    /// Specification:
    /// - the owner of the position or stake signs
    /// - works at any time: on hold, paused, with the loss breaker tripped
    /// - nothing payable is refused
    pub fn collect(accounts: Collect) -> Instruction {
        let data = [208, 47, 194, 155, 17, 98, 82, 236].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.holder, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`collect_reserves`].
    #[derive(Clone, Copy, Debug)]
    pub struct CollectReserves {
        /// The market's authority.
        pub authority: Address,
        /// The market.
        pub market: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The treasury's token account.
        pub destination: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Pays reserves to the market's treasury.
    ///
    /// Specification:
    /// - only the market's authority
    /// - to a token account of the treasury only
    /// - at most the reserves beyond all that is marked, which would bear those losses first, and at most the pool's cash; `assets` of
    ///   `ALL` are all of that
    /// - interest is counted first; NAV does not change
    pub fn collect_reserves(accounts: CollectReserves, assets: u64) -> Instruction {
        let mut data = [3, 250, 25, 134, 244, 191, 22, 34].to_vec();
        assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`create_market`].
    #[derive(Clone, Copy, Debug)]
    pub struct CreateMarket {
        /// Becomes the market's authority.
        pub authority: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The new market.
        pub market: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Creates a market.
    ///
    /// Specification:
    /// - the signer becomes its authority; its address is derived from the signer's, so nobody creates it in another's place
    /// - the timelock is from a day to thirty days
    /// - an id is used once by a signer
    pub fn create_market(
        accounts: CreateMarket,
        id: u64,
        guardian: Address,
        treasury: Address,
        timelock_seconds: u32,
    ) -> Instruction {
        let mut data = [103, 226, 97, 235, 200, 188, 251, 254].to_vec();
        id.write(&mut data);
        guardian.write(&mut data);
        treasury.write(&mut data);
        timelock_seconds.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new(accounts.market, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`create_pool`].
    #[derive(Clone, Copy, Debug)]
    pub struct CreatePool {
        /// The market's authority.
        pub authority: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The market.
        pub market: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The new pool.
        pub pool: Address,
        /// The pool's new vault.
        pub vault: Address,
        /// The new insurance fund.
        pub insurance_fund: Address,
        /// The new loss book.
        pub loss_book: Address,
        /// The mint's token program.
        pub token_program: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Creates a pool with its insurance fund and its loss book, all empty. It is closed until its market's authority opens it.
    ///
    /// Further accounts: the price accounts of the liquidity token. Price accounts of a token are one for its feed and, if it has
    /// a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
    ///
    /// Specification:
    /// - only the market's authority
    /// - one pool per market and mint
    /// - the mint is one of SPL Token, or one of Token-2022 whose extensions are all harmless
    /// - the token program is the mint's own
    /// - every parameter is within its bounds
    /// - the accounts of its feeds follow, and can be read: the average price begins with them
    pub fn create_pool(accounts: CreatePool, parameters: PoolParameters) -> Instruction {
        let mut data = [233, 146, 209, 142, 207, 104, 64, 188].to_vec();
        parameters.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.loss_book, false),
                AccountMeta::new_readonly(accounts.token_program, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`deposit`].
    #[derive(Clone, Copy, Debug)]
    pub struct Deposit {
        /// The LP.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The LP's position.
        pub position: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The LP's token account.
        pub source: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Pays liquidity into a pool for shares at NAV, rounded down.
    ///
    /// Specification:
    /// - refused before the pool is opened
    /// - refused while deposits are paused
    /// - the owner of the position signs and pays
    /// - takes what the shares cost, at most `max_assets`: what would not pay for a whole share stays with the owner
    /// - an amount that mints no share is refused
    /// - fewer shares than `min_shares` are refused
    /// - refused while a loss that is worth a wait is marked, but not while the loss breaker is tripped
    /// - after a loss the position's history keeps what its shares were; refused if it has no room for that
    pub fn deposit(accounts: Deposit, max_assets: u64, min_shares: u64) -> Instruction {
        let mut data = [242, 35, 198, 137, 82, 225, 242, 182].to_vec();
        max_assets.write(&mut data);
        min_shares.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.position, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`deposit_collateral`].
    #[derive(Clone, Copy, Debug)]
    pub struct DepositCollateral {
        /// Who pays.
        pub payer: Address,
        /// The obligation.
        pub obligation: Address,
        /// The collateral.
        pub collateral: Address,
        /// The collateral's vault.
        pub vault: Address,
        /// The payer's token account.
        pub source: Address,
        /// The collateral token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Adds collateral to an obligation. Without debt it needs no price.
    ///
    /// Further accounts: the price accounts of the collateral token where the obligation is in debt; else none. Price accounts of a token
    /// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed
    /// itself.
    ///
    /// Specification:
    /// - refused before the collateral opens
    /// - anyone may top up a collateral that the obligation holds; a kind that it does not hold yet only its owner may add, so
    ///   that nobody fills a borrower's slots
    /// - nothing, or more than the collateral's cap, is refused
    /// - to an obligation in debt it is added only while its price can be read, so that no token without a price shields a debt
    /// - a ninth kind of collateral is refused
    pub fn deposit_collateral(accounts: DepositCollateral, units: u64) -> Instruction {
        let mut data = [156, 131, 142, 116, 146, 247, 162, 120].to_vec();
        units.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.payer, true),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new(accounts.collateral, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`execute_change`].
    #[derive(Clone, Copy, Debug)]
    pub struct ExecuteChange {
        /// The market's authority.
        pub authority: Address,
        /// The market.
        pub market: Address,
        /// The pool, for a parameter of one or of its collateral.
        pub pool: Option<Address>,
        /// The collateral, for a parameter of one.
        pub collateral: Option<Address>,
        /// The change.
        pub change: Address,
        /// Who paid the change's rent.
        pub payer: Address,
    }

    /// Makes a queued change.
    ///
    /// Specification:
    /// - only the market's authority
    /// - not before the timelock has passed, nor after the change has lapsed; what pool and fund were on hold since it was queued lengthens both, but
    ///   not for a feed of a token whose price is unusable
    /// - one of a pool or collateral not before collateral withdrawals and LP withdrawals were open for a whole timelock, the longer of then and now: what kept people in does not
    ///   count as time to leave
    /// - one of a pool or collateral not if the pool was opened after it was queued
    /// - takes the accounts that the change was queued with
    /// - the parameters afterwards are within their bounds as they are now; interest is counted first
    /// - the rent goes back to who paid it
    pub fn execute_change(accounts: ExecuteChange) -> Instruction {
        let data = [104, 53, 136, 238, 82, 222, 200, 42].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.market, false),
                accounts
                    .pool
                    .map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |pool| AccountMeta::new(pool, false)),
                accounts.collateral.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| {
                    AccountMeta::new(collateral, false)
                }),
                AccountMeta::new(accounts.change, false),
                AccountMeta::new(accounts.payer, false),
            ],
            data,
        }
    }

    /// The accounts of [`execute_unstake`].
    #[derive(Clone, Copy, Debug)]
    pub struct ExecuteUnstake {
        /// The pool.
        pub pool: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The staker's stake.
        pub stake: Address,
    }

    /// Executes a matured request to leave the insurance fund: its shares become an amount that their owner collects.
    ///
    /// Specification:
    /// - anyone may execute
    /// - refused without a request, and before it has matured
    /// - refused while a loss that is worth a wait is marked
    /// - revenue due is settled into the fund first
    /// - burns the requested shares for the lesser of what they were worth when asked and what they are worth now, rounded down; as far as the fund
    ///   holds that without what the pool owes it, and the rest stays requested, worth its part of then
    /// - shares for which nothing would be paid are not burnt, and their request ends; a fund that can pay nothing of it now is refused
    /// - moves no token: the amount is set aside, no part of the fund
    /// - after a loss the stake's history keeps what its shares were; refused if it has no room for that: anyone can extend it
    pub fn execute_unstake(accounts: ExecuteUnstake) -> Instruction {
        let data = [136, 166, 210, 104, 134, 184, 142, 230].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.stake, false),
            ],
            data,
        }
    }

    /// The accounts of [`execute_withdrawal`].
    #[derive(Clone, Copy, Debug)]
    pub struct ExecuteWithdrawal {
        /// The pool.
        pub pool: Address,
        /// The LP's position.
        pub position: Address,
    }

    /// Executes a matured request to withdraw: its shares become an amount that their owner collects.
    ///
    /// Specification:
    /// - anyone may execute
    /// - refused without a request, and before it has matured, unless no notice is due any more
    /// - refused while LP withdrawals are paused, and while a loss that is worth a wait is marked
    /// - burns the requested shares at the price of now, rounded down; as far as the pool's cash goes, and the rest stays requested
    /// - shares that are worth nothing are not burnt, and their request ends; cash that pays nothing is refused
    /// - moves no token: the amount is set aside, no part of cash or NAV
    /// - after a loss the position's history keeps what its shares were; refused if it has no room for that: anyone can extend it
    pub fn execute_withdrawal(accounts: ExecuteWithdrawal) -> Instruction {
        let data = [113, 121, 203, 232, 137, 139, 248, 249].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![AccountMeta::new(accounts.pool, false), AccountMeta::new(accounts.position, false)],
            data,
        }
    }

    /// The accounts of [`extend_history`].
    #[derive(Clone, Copy, Debug)]
    pub struct ExtendHistory {
        /// Pays the rent.
        pub payer: Address,
        /// The position or stake.
        pub holder: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Makes room for more rows in the history of an LP's position, or of a stake.
    ///
    /// Specification:
    /// - anyone may pay
    /// - none, and more at once, are refused
    pub fn extend_history(accounts: ExtendHistory, rows: u32) -> Instruction {
        let mut data = [123, 226, 244, 190, 30, 84, 243, 118].to_vec();
        rows.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new(accounts.holder, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`extend_loss_book`].
    #[derive(Clone, Copy, Debug)]
    pub struct ExtendLossBook {
        /// Pays the rent.
        pub payer: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's loss book.
        pub loss_book: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Makes room for more losses in a pool's loss book.
    ///
    /// Specification:
    /// - anyone may pay
    /// - none, more at once, and more in all than the largest account has room for, are refused
    pub fn extend_loss_book(accounts: ExtendLossBook, records: u32) -> Instruction {
        let mut data = [102, 197, 47, 219, 166, 54, 225, 134].to_vec();
        records.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.pool, false),
                AccountMeta::new(accounts.loss_book, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`fund_insurance`].
    #[derive(Clone, Copy, Debug)]
    pub struct FundInsurance {
        /// Who gives.
        pub donor: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The donor's token account.
        pub source: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Gives liquidity to a pool's insurance fund. A gift: nothing is received for it.
    ///
    /// It mints shares of the fund itself: it bears losses as stakes do, raises nobody's stake, and nobody can ever take it out.
    ///
    /// Specification:
    /// - refused before the pool is opened, which founds the fund
    /// - anyone may give
    /// - takes what whole shares cost, at most `assets`: what would not pay for one stays with who gives; what pays for none is refused
    /// - revenue due is settled into the fund first
    pub fn fund_insurance(accounts: FundInsurance, assets: u64) -> Instruction {
        let mut data = [58, 216, 37, 162, 201, 50, 20, 66].to_vec();
        assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.donor, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`liquidate`].
    #[derive(Clone, Copy, Debug)]
    pub struct Liquidate {
        /// Who repays and receives the collateral.
        pub liquidator: Address,
        /// The pool.
        pub pool: Address,
        /// The obligation.
        pub obligation: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The pool's loss book.
        pub loss_book: Address,
        /// The collateral to seize.
        pub collateral: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The collateral's vault.
        pub collateral_vault: Address,
        /// The liquidator's account of the liquidity token.
        pub source: Address,
        /// The account that receives the collateral.
        pub destination: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The collateral token's mint.
        pub collateral_mint: Address,
        /// The liquidity mint's token program.
        pub token_program: Address,
        /// The collateral mint's token program.
        pub collateral_token_program: Address,
    }

    /// Repays part of an unhealthy obligation's debt for one of its collaterals and a bonus, and records what bad debt it leaves.
    ///
    /// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
    /// order of its slots, the collateral (writable) and its price accounts; of the collateral that is declared, only its price accounts.
    /// Price accounts of a token are one for its feed and, if it has a second feed, one for that: a Pyth price update account of
    /// the feed, or the Switchboard feed itself.
    ///
    /// Specification:
    /// - anyone may liquidate an obligation beyond its liquidation threshold, at the prices of the further accounts
    /// - repays at most `max_repay`, at most what restores the target health, at most what the units received are worth at the bonus
    /// - exchanges at the middle of both prices; whole units only, and none on top
    /// - less collateral than `min_seized` is refused
    /// - the insurance fund's cut of the bonus is paid on top, in liquidity
    /// - if the collateral left is worth at most dust, or a loss of the obligation is not recovered and the shortfall of the debt left exceeds a
    ///   ten-thousandth of NAV by the newest prices, that shortfall is recorded in the same step; the rest of the
    ///   debt and the collateral stay; a debt that is too recent is left to be recorded later, and so is any while the loss book is full
    /// - else what the debt left is known to leave unpaid becomes the obligation's mark, which falls by the newest prices that were read
    ///   only, and to the debt
    /// - where the performing debt is within its limit, or there is none, debt that was written off and is not recovered is paid instead: at the
    ///   least bonus, without a cut, only as far as the performing debt keeps the target health without collateral whose price is unusable; all of
    ///   it is a recovery
    /// - other collateral whose price is unusable counts in the borrower's favour; the liquidity token's and that of what is seized must be usable
    pub fn liquidate(accounts: Liquidate, max_repay: u64, min_seized: u64) -> Instruction {
        let mut data = [223, 179, 226, 125, 48, 46, 39, 74].to_vec();
        max_repay.write(&mut data);
        min_seized.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.liquidator, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.loss_book, false),
                AccountMeta::new(accounts.collateral, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.collateral_vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.collateral_mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
                AccountMeta::new_readonly(accounts.collateral_token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`mark`].
    #[derive(Clone, Copy, Debug)]
    pub struct Mark {
        /// The pool.
        pub pool: Address,
        /// The obligation.
        pub obligation: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
    }

    /// Marks what an obligation is known to leave unpaid. While what is marked is worth a wait, nobody enters or leaves.
    ///
    /// Further accounts: the price accounts of the liquidity token, then for each collateral that the obligation holds, in the
    /// order of its slots, the collateral (writable) and its price accounts. Price accounts of a token are one for its feed and, if it has a
    /// second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed itself.
    ///
    /// Specification:
    /// - anyone may call it
    /// - the mark becomes the shortfall: what the debt exceeds the proceeds of the collateral by, at the prices of the further accounts, and
    ///   nothing for an obligation that cannot be liquidated; it begins with the first, anew where it more than doubles, and ends without one
    /// - it falls only by prices none of which is older than one of the same feed that was read before, and none of which counts in the
    ///   borrower's favour; else it stays
    /// - an obligation that borrowed or took collateral in this slot is refused
    /// - a price that was reported, and not read for as long as a mark stands, counts in the borrower's favour; any other missing or unusable
    ///   price is an error, never a reading of "worthless"
    /// - every price that is read is remembered, also where the mark stays as it is
    pub fn mark(accounts: Mark) -> Instruction {
        let data = [203, 149, 171, 234, 35, 230, 238, 184].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new_readonly(accounts.insurance_fund, false),
            ],
            data,
        }
    }

    /// The accounts of [`open_claim`].
    #[derive(Clone, Copy, Debug)]
    pub struct OpenClaim {
        /// The position or stake that will claim.
        pub holder: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The new account.
        pub claim: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Opens the account that remembers what a position or a stake claimed of a loss. It is never closed, so that nothing is paid twice.
    ///
    /// Specification:
    /// - one per position or stake, and loss
    /// - anyone may pay for it, also before there is anything to claim; only who owns the position or stake can claim with it
    pub fn open_claim(accounts: OpenClaim, loss: u32) -> Instruction {
        let mut data = [222, 101, 161, 226, 92, 247, 44, 252].to_vec();
        loss.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.holder, false),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new(accounts.claim, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`open_obligation`].
    #[derive(Clone, Copy, Debug)]
    pub struct OpenObligation {
        /// Will own the obligation. Need not sign.
        pub owner: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The pool.
        pub pool: Address,
        /// The new obligation.
        pub obligation: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Opens an empty obligation.
    ///
    /// Specification:
    /// - one per pool and owner
    /// - anyone may pay for it; only the owner can borrow with it or take collateral out of it
    pub fn open_obligation(accounts: OpenObligation) -> Instruction {
        let data = [3, 19, 90, 233, 47, 113, 28, 155].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, false),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`open_pool`].
    #[derive(Clone, Copy, Debug)]
    pub struct OpenPool {
        /// The market's authority.
        pub authority: Address,
        /// The market.
        pub market: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The authority's token account.
        pub source: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Opens a pool, and founds its insurance fund with a gift of the authority's. Before, nobody can deposit, stake or give; from now on what
    /// loosens must wait, and every change of the pool and its collaterals that was queued before is void.
    ///
    /// The gift is one as those of `FundInsurance`: its shares are the fund's own, and nobody can ever take
    /// it out.
    ///
    /// Specification:
    /// - only the authority of the pool's market, who also pays the gift
    /// - a pool is opened once
    /// - less than a million base units is refused
    pub fn open_pool(accounts: OpenPool, assets: u64) -> Instruction {
        let mut data = [96, 215, 110, 61, 1, 246, 205, 228].to_vec();
        assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`open_position`].
    #[derive(Clone, Copy, Debug)]
    pub struct OpenPosition {
        /// Will own the position. Need not sign.
        pub owner: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The pool.
        pub pool: Address,
        /// The new position.
        pub position: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Opens an empty LP position.
    ///
    /// Specification:
    /// - one per pool and owner
    /// - anyone may pay for it; only the owner can use it
    pub fn open_position(accounts: OpenPosition) -> Instruction {
        let data = [135, 128, 47, 77, 15, 152, 240, 49].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, false),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.pool, false),
                AccountMeta::new(accounts.position, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`open_stake`].
    #[derive(Clone, Copy, Debug)]
    pub struct OpenStake {
        /// Will own the stake. Need not sign.
        pub owner: Address,
        /// Pays the rent.
        pub payer: Address,
        /// The insurance fund.
        pub insurance_fund: Address,
        /// The new stake.
        pub stake: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Opens an empty insurance stake.
    ///
    /// Specification:
    /// - one per insurance fund and owner
    /// - anyone may pay for it; only the owner can use it
    pub fn open_stake(accounts: OpenStake) -> Instruction {
        let data = [136, 215, 163, 130, 234, 194, 229, 229].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, false),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.insurance_fund, false),
                AccountMeta::new(accounts.stake, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`pause`].
    #[derive(Clone, Copy, Debug)]
    pub struct Pause {
        /// The guardian or the authority.
        pub signer: Address,
        /// The market.
        pub market: Address,
        /// The pool.
        pub pool: Address,
    }

    /// Pauses deposits, borrowing, collateral withdrawals or LP withdrawals of a pool, or prolongs their pause. All else goes on.
    ///
    /// Specification:
    /// - the market's guardian or authority signs
    /// - the pause ends by itself, `seconds` from now; one that is on is never shortened
    /// - collateral withdrawals and LP withdrawals are paused for at most 72 hours in all, and then not again before they were open for as long
    /// - deposits and borrowing are paused for at most thirty days, and can be paused anew at the end
    pub fn pause(accounts: Pause, what: PausableOperation, seconds: u32) -> Instruction {
        let mut data = [211, 22, 221, 251, 74, 121, 193, 47].to_vec();
        what.write(&mut data);
        seconds.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.signer, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new(accounts.pool, false),
            ],
            data,
        }
    }

    /// The accounts of [`propose_authority`].
    #[derive(Clone, Copy, Debug)]
    pub struct ProposeAuthority {
        /// The market's authority.
        pub authority: Address,
        /// The market.
        pub market: Address,
    }

    /// Proposes the market's next authority, which accepts after the timelock, within fourteen days.
    ///
    /// Specification:
    /// - only the market's authority
    /// - replaces an earlier proposal
    pub fn propose_authority(accounts: ProposeAuthority, proposed: Address) -> Instruction {
        let mut data = [20, 148, 236, 198, 76, 119, 99, 142].to_vec();
        proposed.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.market, false),
            ],
            data,
        }
    }

    /// The accounts of [`queue_change`].
    #[derive(Clone, Copy, Debug)]
    pub struct QueueChange {
        /// The market's authority.
        pub authority: Address,
        /// Pays the rent, and gets it back when the change is executed or cancelled.
        pub payer: Address,
        /// The market.
        pub market: Address,
        /// The pool, for a parameter of one or of its collateral.
        pub pool: Option<Address>,
        /// The collateral, for a parameter of one.
        pub collateral: Option<Address>,
        /// The new change.
        pub change: Address,
        /// The system program.
        pub system_program: Address,
    }

    /// Queues a change of a parameter: it can be executed after the market's timelock, for fourteen days.
    ///
    /// Specification:
    /// - only the market's authority
    /// - the parameters would be within their bounds as they are now
    /// - a parameter of a pool takes the pool, one of a collateral the pool and the collateral, one of the market neither; an account more is not looked at
    /// - what decides what stakers bear, earn or wait for waits for the longer of the timelock and their cooldown
    /// - a nonce is used by one change at a time
    pub fn queue_change(accounts: QueueChange, nonce: u64, parameter: Parameter, value: [u8; 32]) -> Instruction {
        let mut data = [86, 150, 134, 232, 202, 133, 157, 253].to_vec();
        nonce.write(&mut data);
        parameter.write(&mut data);
        value.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new(accounts.payer, true),
                AccountMeta::new_readonly(accounts.market, false),
                accounts.pool.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |pool| {
                    AccountMeta::new_readonly(pool, false)
                }),
                accounts.collateral.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| {
                    AccountMeta::new_readonly(collateral, false)
                }),
                AccountMeta::new(accounts.change, false),
                AccountMeta::new_readonly(accounts.system_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`record_bad_debt`].
    #[derive(Clone, Copy, Debug)]
    pub struct RecordBadDebt {
        /// The pool.
        pub pool: Address,
        /// The obligation.
        pub obligation: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The pool's loss book.
        pub loss_book: Address,
    }

    /// Records what an obligation's collateral does not cover of its debt, and runs the loss through the waterfall. Settles its mark, if that is due.
    ///
    /// Further accounts: none where nothing is held as collateral. Else the price accounts of the liquidity token, then for each
    /// collateral that the obligation holds, in the order of its slots, the collateral (writable) and its price accounts. Price accounts of a token
    /// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the Switchboard feed
    /// itself.
    ///
    /// Specification:
    /// - anyone may call it
    /// - an obligation without debt, within its threshold, or with collateral worth more than dust is refused; but not for the collateral if a loss
    ///   of it is not recovered and the shortfall exceeds a ten-thousandth of NAV by the newest prices that were read
    /// - so is one whose collateral covers its debt after the least bonus: a liquidation pays it
    /// - so is one that borrowed or took collateral in this slot or within the minimum default age
    /// - what is lost is the shortfall, to a debt share; the rest of the debt and all collateral stay
    /// - collateral that is worth next to nothing at its average price counts for nothing, and its price is not read; where nothing else is
    ///   held, no price is
    /// - any other missing or unusable price is an error, never a reading of "worthless"
    /// - a mark falls by what is recorded, and ends if the prices are the newest that were read
    /// - a mark that has stood for `hold_seconds`, or while the pool or its fund has been on hold for as long, is settled: the shortfall is recorded whatever
    ///   collateral remains and whatever the debt's age, by prices that are no older than the mark, and at most ten seconds older than the newest that were read; without one
    ///   nothing is; and the mark ends
    /// - other collateral whose price was reported, and not read for as long, counts in the borrower's favour, and at settlement the liquidity
    ///   token, too
    /// - loss = from reserves + from insurance + to LPs + uncovered, in that order, to the unit
    /// - a loss of at least a millionth of NAV is entered into the loss book; refused while that is full
    pub fn record_bad_debt(accounts: RecordBadDebt) -> Instruction {
        let data = [239, 209, 151, 2, 169, 208, 111, 212].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.loss_book, false),
            ],
            data,
        }
    }

    /// The accounts of [`refresh_risk`].
    #[derive(Clone, Copy, Debug)]
    pub struct RefreshRisk {
        /// The pool.
        pub pool: Address,
        /// The collateral.
        pub collateral: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
    }

    /// Observes the prices of the liquidity token and of one collateral, and heads the collateral's limits and the pool's insurance
    /// factor and loss-sharing ratio for where risk puts them.
    ///
    /// Further accounts: the price accounts of the liquidity token, then those of the collateral token. Price accounts of a token
    /// are one for its feed and, if it has a second feed, one for that: a Pyth price update account of the feed, or the
    /// Switchboard feed itself.
    ///
    /// Specification:
    /// - anyone may call it, at any time; the same accounts and the same time give the same outcome
    /// - counts interest first, at the factor that held until now
    /// - reads averages of utilisation and debt over the horizon of prices: what stands for a moment moves nothing
    /// - no limit of a collateral moves by this: it goes on from where it is, at most a step a day
    /// - the insurance factor and the loss-sharing ratio move by the time since the last refresh, at most a day's step; the latter
    ///   not while the pool or its fund is on hold
    /// - an unusable price is an error, and nothing changes
    pub fn refresh_risk(accounts: RefreshRisk) -> Instruction {
        let data = [0, 166, 132, 169, 134, 113, 30, 47].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.collateral, false),
                AccountMeta::new_readonly(accounts.insurance_fund, false),
            ],
            data,
        }
    }

    /// The accounts of [`repay`].
    #[derive(Clone, Copy, Debug)]
    pub struct Repay {
        /// Who pays.
        pub payer: Address,
        /// The pool.
        pub pool: Address,
        /// The obligation.
        pub obligation: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The pool's loss book.
        pub loss_book: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The payer's token account.
        pub source: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Pays an obligation's debt, then what was written off of it. Needs no price.
    ///
    /// Specification:
    /// - anyone may pay, for any obligation of the pool
    /// - takes `max_assets`, less what would not pay for a whole debt share, or the whole debt if that is less: the bound and
    ///   the "all" form in one
    /// - its mark falls by what is paid of the debt
    /// - what exceeds the debt recovers what was written off of it, the oldest loss first, at most what is unrecovered: each loss pays LPs, stakers
    ///   and gifts pro rata to what they bore of it, then reserves; what has no record in the loss book comes last, as a gift to the fund
    /// - an obligation with nothing to pay, and an amount that pays no debt share or nothing, are refused
    pub fn repay(accounts: Repay, max_assets: u64) -> Instruction {
        let mut data = [234, 103, 67, 82, 208, 234, 219, 166].to_vec();
        max_assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.payer, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.loss_book, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`report_price`].
    #[derive(Clone, Copy, Debug)]
    pub struct ReportPrice {
        /// The pool.
        pub pool: Address,
        /// The collateral.
        pub collateral: Option<Address>,
    }

    /// Says that a token of a pool has no usable price: a collateral's, or without one the liquidity token's.
    ///
    /// Specification:
    /// - anyone may call it, and need not prove it: whoever reads a usable price afterwards, in any instruction, ends the report
    /// - a report that stands goes on
    /// - where nobody reads one for as long as a mark stands, the token counts in the borrower's favour: collateral when liquidating,
    ///   marking and recording, the liquidity token when a mark is settled
    pub fn report_price(accounts: ReportPrice) -> Instruction {
        let data = [68, 227, 1, 207, 225, 82, 238, 169].to_vec();
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new(accounts.pool, false),
                accounts.collateral.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| {
                    AccountMeta::new(collateral, false)
                }),
            ],
            data,
        }
    }

    /// The accounts of [`request_unstake`].
    #[derive(Clone, Copy, Debug)]
    pub struct RequestUnstake {
        /// The staker.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The staker's stake.
        pub stake: Address,
    }

    /// Asks to leave the insurance fund. The shares stay in it, and lose and gain with it, until they leave.
    ///
    /// Specification:
    /// - the owner of the stake signs
    /// - `shares` of `ALL` are all the stake holds
    /// - nothing, or more shares than it holds, is refused
    /// - revenue due is settled into the fund first
    /// - notes what they are worth now, whatever is marked: more is never paid
    /// - refused while an earlier request stands: it is the only one, and nothing takes it back
    /// - anyone can execute it after the cooldown, which is fixed by this call and does not run while the fund is on hold
    pub fn request_unstake(accounts: RequestUnstake, shares: u64) -> Instruction {
        let mut data = [44, 154, 110, 253, 160, 202, 54, 34].to_vec();
        shares.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.stake, false),
            ],
            data,
        }
    }

    /// The accounts of [`request_withdrawal`].
    #[derive(Clone, Copy, Debug)]
    pub struct RequestWithdrawal {
        /// The LP.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The LP's position.
        pub position: Address,
    }

    /// Asks to withdraw, where that takes notice: always in a pool with a notice of its own, else while the breaker is tripped.
    ///
    /// Specification:
    /// - the owner of the position signs
    /// - `shares` of `ALL` are all the position holds
    /// - nothing, or more shares than it holds, is refused; so is a request where no notice is due
    /// - refused while an earlier request stands: it is the only one, and nothing takes it back
    /// - anyone can execute it from the end of the notice on, at the price of that moment; the notice does not run while the pool is on hold
    pub fn request_withdrawal(accounts: RequestWithdrawal, shares: u64) -> Instruction {
        let mut data = [251, 85, 121, 205, 56, 201, 12, 177].to_vec();
        shares.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new_readonly(accounts.pool, false),
                AccountMeta::new(accounts.position, false),
            ],
            data,
        }
    }

    /// The accounts of [`stake`].
    #[derive(Clone, Copy, Debug)]
    pub struct Stake {
        /// The staker.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The pool's insurance fund.
        pub insurance_fund: Address,
        /// The staker's stake.
        pub stake: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The staker's token account.
        pub source: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Pays liquidity into a pool's insurance fund for shares of it.
    ///
    /// Specification:
    /// - refused before the pool is opened
    /// - the owner of the stake signs and pays
    /// - revenue due is settled into the fund first
    /// - shares cost their part of what the fund holds; shares are rounded down, their cost up, at most
    ///   `max_assets`
    /// - an amount that mints no share is refused, and so are fewer shares than `min_shares`
    /// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
    pub fn stake(accounts: Stake, max_assets: u64, min_shares: u64) -> Instruction {
        let mut data = [206, 176, 202, 18, 200, 209, 179, 108].to_vec();
        max_assets.write(&mut data);
        min_shares.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.insurance_fund, false),
                AccountMeta::new(accounts.stake, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.source, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`tighten`].
    #[derive(Clone, Copy, Debug)]
    pub struct Tighten {
        /// The guardian or the authority.
        pub signer: Address,
        /// The market.
        pub market: Address,
        /// The pool.
        pub pool: Address,
        /// The collateral, for a parameter of one.
        pub collateral: Option<Address>,
    }

    /// Changes a parameter at once, where that can take nothing from anyone: because it tightens, or because the pool is not open yet.
    ///
    /// Specification:
    /// - the market's guardian or authority signs
    /// - a change that must wait for the timelock is refused: see `governance` in the engine; none must of a pool that is not open yet and of its
    ///   collaterals, if the authority signs
    /// - the parameters afterwards are within their bounds
    /// - interest is counted first
    pub fn tighten(accounts: Tighten, parameter: Parameter, value: [u8; 32]) -> Instruction {
        let mut data = [123, 119, 90, 10, 140, 44, 191, 123].to_vec();
        parameter.write(&mut data);
        value.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.signer, true),
                AccountMeta::new(accounts.market, false),
                AccountMeta::new(accounts.pool, false),
                accounts.collateral.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |collateral| {
                    AccountMeta::new(collateral, false)
                }),
            ],
            data,
        }
    }

    /// The accounts of [`transfer_shares`].
    #[derive(Clone, Copy, Debug)]
    pub struct TransferShares {
        /// Who gives.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The giver's position.
        pub position: Address,
        /// Who receives.
        pub receiver: Address,
        /// The receiver's position.
        pub recipient: Address,
    }

    /// Gives LP shares to another position of the pool.
    ///
    /// Specification:
    /// - the owners of both positions sign, so that nobody fills a stranger's history
    /// - `shares` of `ALL` are all the position holds beside those that are requested to leave, which stay
    /// - nothing, or more shares than these, is refused
    /// - claims stay with who bore the loss
    pub fn transfer_shares(accounts: TransferShares, shares: u64) -> Instruction {
        let mut data = [23, 136, 140, 15, 181, 54, 120, 175].to_vec();
        shares.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new_readonly(accounts.pool, false),
                AccountMeta::new(accounts.position, false),
                AccountMeta::new_readonly(accounts.receiver, true),
                AccountMeta::new(accounts.recipient, false),
            ],
            data,
        }
    }

    /// The accounts of [`trim_history`].
    #[derive(Clone, Copy, Debug)]
    pub struct TrimHistory {
        /// Who owns the position or stake.
        pub owner: Address,
        /// The position or stake.
        pub holder: Address,
    }

    /// Gives up old rows of the history of an LP's position, or of a stake, for new ones. What is recovered of their losses cannot be claimed any more.
    ///
    /// Specification:
    /// - the owner of the position or stake signs
    /// - gives up the rows that end with this loss or before; none is refused
    pub fn trim_history(accounts: TrimHistory, through: u32) -> Instruction {
        let mut data = [11, 215, 89, 30, 183, 211, 77, 49].to_vec();
        through.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![AccountMeta::new_readonly(accounts.owner, true), AccountMeta::new(accounts.holder, false)],
            data,
        }
    }

    /// The accounts of [`unpause`].
    #[derive(Clone, Copy, Debug)]
    pub struct Unpause {
        /// The market's authority.
        pub authority: Address,
        /// The market.
        pub market: Address,
        /// The pool.
        pub pool: Address,
    }

    /// Ends a pause now.
    ///
    /// Specification:
    /// - only the market's authority
    /// - what is not paused stays as it is
    pub fn unpause(accounts: Unpause, what: PausableOperation) -> Instruction {
        let mut data = [169, 144, 4, 38, 10, 141, 188, 255].to_vec();
        what.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.authority, true),
                AccountMeta::new_readonly(accounts.market, false),
                AccountMeta::new(accounts.pool, false),
            ],
            data,
        }
    }

    /// The accounts of [`withdraw`].
    #[derive(Clone, Copy, Debug)]
    pub struct Withdraw {
        /// The LP.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The LP's position.
        pub position: Address,
        /// The pool's vault.
        pub vault: Address,
        /// The token account that is paid.
        pub destination: Address,
        /// The liquidity token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Burns shares and pays out their value, rounded down, where no notice is due.
    ///
    /// Specification:
    /// - the owner of the position signs
    /// - refused where a notice is due: `request_withdrawal` asks
    /// - `shares` of `ALL` are all the position holds beside those that are requested
    /// - more shares than these, or more value than the pool's cash, are refused
    /// - after a loss the position's history keeps what its shares were; refused if it has no room for that
    /// - claims stay with the position; shares of a pool that was wiped out are gone
    /// - fewer assets than `min_assets` are refused
    /// - refused while LP withdrawals are paused, and while a loss that is worth a wait is marked
    pub fn withdraw(accounts: Withdraw, shares: u64, min_assets: u64) -> Instruction {
        let mut data = [183, 18, 70, 156, 148, 109, 161, 34].to_vec();
        shares.write(&mut data);
        min_assets.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.position, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }

    /// The accounts of [`withdraw_collateral`].
    #[derive(Clone, Copy, Debug)]
    pub struct WithdrawCollateral {
        /// The borrower.
        pub owner: Address,
        /// The pool.
        pub pool: Address,
        /// The borrower's obligation.
        pub obligation: Address,
        /// The collateral.
        pub collateral: Address,
        /// The collateral's vault.
        pub vault: Address,
        /// The token account that is paid.
        pub destination: Address,
        /// The collateral token's mint.
        pub mint: Address,
        /// The mint's token program.
        pub token_program: Address,
    }

    /// Takes collateral out of an obligation.
    ///
    /// Further accounts: none without debt. With debt, also if it was written off and is not recovered: the price accounts of the liquidity token, then for each collateral that
    /// the obligation holds afterwards, in the order of its slots, the collateral and its price accounts; of the collateral that
    /// is declared, only its price accounts. Price accounts of a token are one for its feed and, if it has a second feed, one for
    /// that: a Pyth price update account of the feed, or the Switchboard feed itself.
    ///
    /// Specification:
    /// - the owner of the obligation signs
    /// - `units` of `ALL` are all it holds of this collateral
    /// - nothing, or more than it holds, is refused
    /// - with debt, what stays must carry it within the loan-to-value limits, at the prices of the further accounts; what was written off of
    ///   it and is not recovered counts as debt, and any debt as at least the pool's minimum
    /// - a price far from its average counts only the average, on the conservative side
    /// - without debt no price is needed
    /// - refused while collateral withdrawals are paused
    pub fn withdraw_collateral(accounts: WithdrawCollateral, units: u64) -> Instruction {
        let mut data = [115, 135, 168, 106, 139, 214, 138, 150].to_vec();
        units.write(&mut data);
        Instruction {
            program_id: PROGRAM_ID,
            accounts: vec![
                AccountMeta::new_readonly(accounts.owner, true),
                AccountMeta::new(accounts.pool, false),
                AccountMeta::new(accounts.obligation, false),
                AccountMeta::new(accounts.collateral, false),
                AccountMeta::new(accounts.vault, false),
                AccountMeta::new(accounts.destination, false),
                AccountMeta::new_readonly(accounts.mint, false),
                AccountMeta::new_readonly(accounts.token_program, false),
            ],
            data,
        }
    }
}
