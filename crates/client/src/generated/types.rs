// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! Accounts, their parts, and what events hold.

use solana_address::Address;

use crate::wire::{Read, Reader, Write};

/// Interest was accrued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrued {
    /// The pool.
    pub pool: Address,
    /// The interest, in base units.
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

/// The authority changed.
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
    /// Unix time from which it can no longer accept.
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

/// A borrower borrowed.
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

/// The pool's caps, in base units of liquidity; 2^64 - 1 for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapParameters {
    /// The most that all LPs together can have after a deposit.
    pub pool_deposit_cap: u64,
    /// The most that can be lent after a loan.
    pub borrow_cap: u64,
    /// The amount of reserves that the authority can collect. Collecting lowers it.
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
    /// The signer.
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
    /// The market, pool or collateral to change.
    pub target: Address,
    /// The parameter's number.
    pub parameter: u64,
    /// Its value now.
    pub before: [u8; 32],
    /// Its value if the change is executed.
    pub value: [u8; 32],
    /// Unix time from which it can be executed.
    pub executable_at: i64,
    /// Unix time from which it can no longer be executed.
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

/// A claim account was opened.
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
    /// The token account that holds the collateral.
    pub vault: Address,
    /// Oracle, limits and cap.
    pub parameters: CollateralParameters,
    /// The amount that all obligations together hold, in base units.
    pub deposited: u64,
    /// The average price and its variance.
    pub average: AveragePrice,
    /// The loan-to-value limit as of `risk_at`.
    pub max_ltv: RiskRamp,
    /// The liquidation threshold as of `risk_at`.
    pub threshold: RiskRamp,
    /// The newest price read.
    pub last_price: LastPrice,
    /// Unix time of the last change of both targets.
    pub risk_at: i64,
    /// Unix time from which it can be deposited; zero if it was listed before the pool opened.
    pub opens_at: i64,
    /// Decimals of the mint.
    pub decimals: u8,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
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
    /// Unix time from which it can be deposited; zero if it was listed before the pool opened.
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
    /// The most base units that all obligations together can hold.
    pub deposit_cap: u64,
    /// The collateral's price.
    pub oracle: OracleParameters,
    /// The loan-to-value limit in calm.
    pub max_ltv_bps: u32,
    /// The loan-to-value limit under full stress; never above the limit in calm.
    pub stressed_max_ltv_bps: u32,
    /// The liquidation threshold in calm.
    pub liquidation_threshold_bps: u32,
    /// The liquidation threshold under full stress.
    pub stressed_threshold_bps: u32,
    /// The liquidator's bonus at the liquidation threshold.
    pub bonus_min_bps: u32,
    /// The largest bonus.
    pub bonus_max_bps: u32,
    /// The price deviation of full stress. Up to a fifth of it is no stress.
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

/// One collateral of an obligation. Empty slots are all zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralSlot {
    /// The `Collateral` account.
    pub collateral: Address,
    /// The amount, in base units of its token.
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

/// Collateral was withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollateralWithdrawn {
    /// The obligation.
    pub obligation: Address,
    /// The collateral.
    pub collateral: Address,
    /// Base units withdrawn.
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

/// An LP or a staker collected the amounts of executed requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// The pool.
    pub pool: Address,
    /// The position or stake.
    pub holder: Address,
    /// The owner.
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

/// Withdrawals of LPs, and the loss breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitParameters {
    /// LP losses up to this sum, in base units of liquidity, never trip the breaker.
    pub breaker_min_losses: u64,
    /// LP losses within the window above this part of NAV trip the breaker; 10,000 for never.
    pub breaker_limit_bps: u32,
    /// How long, in seconds, an LP loss counts for the breaker, a draw against the insurance fund's cap, and any loss
    /// for the loss rate.
    pub window_seconds: u32,
    /// How long ahead a withdrawal must be requested while the breaker is tripped, in seconds; from `hold_seconds` to a
    /// day.
    pub breaker_notice_seconds: u32,
    /// How long ahead a withdrawal must be requested at any time, in seconds; from `hold_seconds` to a day. Zero is no
    /// notice.
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

/// A request to leave, and the amount payable from executed ones. Without shares there is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitRequest {
    /// The requested shares.
    pub shares: u64,
    /// Their value at the request, which execution never exceeds. Zero for LP shares.
    pub worth: u64,
    /// When it was made, on the clock of the pool or the fund: Unix time less the time on hold, in seconds.
    pub asked_at: i64,
    /// When anyone can execute it, on the same clock. While the breaker is tripped, a withdrawal waits for its notice.
    pub matures_at: i64,
    /// The amount to collect from executed requests, in base units.
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

/// A history was extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryExtended {
    /// The position or stake.
    pub holder: Address,
    /// Its capacity, in rows.
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

/// The shares that a holder had during a range of losses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The number of the first loss that they bore.
    pub from: u32,
    /// The number of the last loss that they bore.
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

/// Old rows of a history were removed.
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

/// The hold of a pool or a fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldTimes {
    /// Unix time since which it has been on hold, or open.
    pub since: i64,
    /// The duration of all past holds, in seconds.
    pub stopped: u64,
    /// The duration of the past holds that count together, in seconds.
    pub spent: u32,
    /// One on hold, zero otherwise.
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

/// A pool's insurance fund. Seeds: `insurance`, pool.
///
/// Its tokens lie in the pool's vault. So a draw moves no token, and no token account can prevent the recording of a
/// loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceFund {
    /// The pool.
    pub pool: Address,
    /// The fund's liquidity in the pool's vault.
    pub assets: u64,
    /// Stakers' shares.
    pub shares: u64,
    /// Protocol-owned shares.
    pub protocol_shares: u64,
    /// Waiting shares: minted by recoveries, and not claimed by stakers yet.
    pub waiting_shares: u64,
    /// The sum of all draws.
    pub drawn: u64,
    /// Draws that count for the draw cap, as of `window_at`.
    pub window_drawn: u64,
    /// Unix time of the last draw.
    pub window_at: i64,
    /// Unix time at which they have faded.
    pub window_ends_at: i64,
    /// Revenue that the pool owed when the fund was last settled.
    pub owed: u64,
    /// How often losses divided all shares by 1,024. A loss of the whole fund counts seven times.
    pub generation: u32,
    /// The number of the last loss in the loss book that stakers bore.
    pub last_loss: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 150],
}

impl Read for InsuranceFund {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            pool: Read::read(reader)?,
            assets: Read::read(reader)?,
            shares: Read::read(reader)?,
            protocol_shares: Read::read(reader)?,
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
        self.protocol_shares.write(out);
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

/// A donation was made to an insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceFunded {
    /// The pool.
    pub pool: Address,
    /// The donor.
    pub donor: Address,
    /// Assets donated.
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

/// Leaving the insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InsuranceParameters {
    /// The time from a request to its maturity, in seconds; one to sixty days.
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

/// One owner's shares of an insurance fund, with their history. Seeds: `stake`, fund, owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsuranceStake {
    /// The insurance fund.
    pub fund: Address,
    /// The owner.
    pub owner: Address,
    /// The shares.
    pub holder: ShareHolder,
    /// The pending request to leave, and the payable amount.
    pub request: ExitRequest,
    /// The capacity of the history, in rows.
    pub room: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 50],
    /// The history, preceded by its length.
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

/// The newest price read for a token. All zero before the first.
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
    /// The liquidator, who repaid the debt and received the collateral.
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
    /// The minimum debt after borrowing and liquidating, in base units of liquidity.
    pub min_debt: u64,
    /// The share of a liquidator's bonus that goes to the insurance fund.
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

/// A pool's losses of at least a millionth of NAV, in order. Seeds: `losses`, pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossBook {
    /// The pool.
    pub pool: Address,
    /// The capacity, in losses.
    pub room: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 62],
    /// The losses, preceded by their number.
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

/// A loss book was extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossBookExtended {
    /// The pool.
    pub pool: Address,
    /// Its capacity, in losses.
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

/// What a position or a stake has claimed of a loss. Seeds: `claim`, position or stake, number of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossClaim {
    /// The position or stake.
    pub holder: Address,
    /// The amount claimed: base units for a position, shares of the generation for a stake.
    pub claimed: u64,
    /// The number of the loss.
    pub loss: u32,
    /// The generation of a stake's shares.
    pub generation: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
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
    /// Dust: collateral worth up to this, in micro-dollars, does not prevent the recording of a loss.
    pub dust_value: u64,
    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of
    /// that step itself never counts, whatever this says.
    pub min_default_age_slots: u32,
    /// How long a mark stands before it is settled, and the longest hold, in seconds; ten minutes to a day.
    pub hold_seconds: u32,
    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund
    /// pays.
    pub insurance_share_bps: u32,
    /// The most that the draws of a window add up to, relative to the fund's assets before them.
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

/// One loss: who bore it, over how many shares, and what was recovered. Its number is its place in the book, from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossRecord {
    /// The obligation whose debt was lost.
    pub obligation: Address,
    /// Unix time of the loss.
    pub at: i64,
    /// The part of reserves, plus what nobody bore.
    pub reserves: u64,
    /// The part of protocol-owned shares and waiting shares of the insurance fund.
    pub protocol: u64,
    /// The stakers' part.
    pub stakers: u64,
    /// The LPs' part.
    pub lps: u64,
    /// The amount recovered so far.
    pub recovered: u64,
    /// The LP shares that bore it.
    pub shares: u64,
    /// The stakers' shares that bore it.
    pub stake_shares: u64,
    /// The share price before, in trillionths.
    pub share_price_before: u64,
    /// The share price after, before shares were rescaled, in trillionths.
    pub share_price_after: u64,
    /// The generation of the LP shares.
    pub generation: u32,
    /// The generation of the stakers' shares.
    pub stake_generation: u32,
    /// The shares minted for stakers by recoveries so far, as later losses left them.
    pub back_shares: u64,
    /// The generation of these shares.
    pub back_generation: u32,
    /// The number of the obligation's next loss; zero without one.
    pub next: u32,
}

impl Read for LossRecord {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self {
            obligation: Read::read(reader)?,
            at: Read::read(reader)?,
            reserves: Read::read(reader)?,
            protocol: Read::read(reader)?,
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
        self.protocol.write(out);
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
    /// The part of that which stakers bore; protocol-owned shares bore the rest.
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
    /// Unix time until which the loss breaker is tripped; past if it is not.
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

/// One owner's LP shares of a pool, with their history. Seeds: `lp`, pool, owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LpPosition {
    /// The pool.
    pub pool: Address,
    /// The owner.
    pub owner: Address,
    /// The shares.
    pub holder: ShareHolder,
    /// The pending request to withdraw, and the payable amount.
    pub request: ExitRequest,
    /// The capacity of the history, in rows.
    pub room: u32,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
    pub spare: [u8; 50],
    /// The history, preceded by its length.
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

/// An obligation's mark changed or ended.
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
    /// Unix time of the mark; zero without one.
    pub marked_at: i64,
    /// All marks afterwards.
    pub marked: u64,
    /// What is on hold afterwards: 1 for the pool, 2 for its insurance fund, 3 for both.
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
    /// The owner of the token accounts that receive reserves.
    pub treasury: Address,
    /// The timelock, in seconds.
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
    /// The pool.
    pub pool: Address,
    /// The owner, who can borrow and withdraw collateral.
    pub owner: Address,
    /// Shares of the pool's performing debt.
    pub debt_shares: u64,
    /// The marked shortfall, in base units of liquidity.
    pub marked: u64,
    /// Unix time of the mark; zero without one.
    pub marked_at: i64,
    /// The sum of debt written off, in base units of liquidity.
    pub written_off: u64,
    /// The part of it that was recovered.
    pub recovered: u64,
    /// The number of its oldest unrecovered loss in the loss book; zero without one.
    pub first_loss: u32,
    /// The number of its last loss in the loss book.
    pub last_loss: u32,
    /// The slot of the last borrow or collateral withdrawal.
    pub last_risk_increase_slot: u64,
    /// The collaterals held, in no particular order.
    pub collaterals: [CollateralSlot; 8],
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
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
            last_risk_increase_slot: Read::read(reader)?,
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
        self.last_risk_increase_slot.write(out);
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

/// Which price feeds to read, and when to trust them. A feed is a Pyth feed id, or the address of a Switchboard
/// On-Demand feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OracleParameters {
    /// The primary feed.
    pub feed: [u8; 32],
    /// The second feed; zeros for none.
    pub second_feed: [u8; 32],
    /// The maximum age of either feed's price, in seconds.
    pub max_age_seconds: u32,
    /// The widest confidence interval, to each side, relative to the price.
    pub max_confidence_bps: u32,
    /// The largest divergence of the second feed's price, relative to the primary's.
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

/// A pause was started, extended or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PauseChanged {
    /// The pool.
    pub pool: Address,
    /// The signer.
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

/// A lending pool of one liquidity token. Seeds: `pool`, market, mint. Its vault: `vault`, pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The pool's market.
    pub market: Address,
    /// The liquidity token's mint.
    pub mint: Address,
    /// The token account that holds cash, the insurance fund's assets and revenue, and what waits to be claimed or
    /// collected.
    pub vault: Address,
    /// Its insurance fund.
    pub insurance_fund: Address,
    /// Its loss book.
    pub loss_book: Address,
    /// The value of one debt share, in base units with 64 fractional bits.
    pub borrow_index: u128,
    /// The pool's liquidity in the vault. Transfers to the vault do not count.
    pub cash: u64,
    /// Shares of performing debt.
    pub debt_shares: u64,
    /// LP shares.
    pub shares: u64,
    /// Reserves: they belong to no LP and take losses first.
    pub reserves: u64,
    /// Revenue in the vault that the next instruction on the insurance fund credits to it.
    pub insurance_due: u64,
    /// Recoveries in the vault that LPs have not claimed yet.
    pub unclaimed: u64,
    /// Unix time up to which interest is accrued.
    pub accrued_at: i64,
    /// The number of recorded losses, which is the sequence number of the last one.
    pub losses: u64,
    /// The sum of losses that nobody bore.
    pub uncovered: u64,
    /// The sum of recorded losses.
    pub lost: u64,
    /// The sum of all marks: losses that are known and wait to be settled.
    pub marked: u64,
    /// LP losses that count for the breaker, as of `breaker_at`.
    pub breaker_losses: u64,
    /// The same losses as parts of NAV, each of the NAV before it, in trillionths.
    pub breaker_part: u64,
    /// Unix time of the last of these losses.
    pub breaker_at: i64,
    /// Unix time at which they have faded.
    pub breaker_fades_at: i64,
    /// Unix time until which the breaker is tripped; past if it is not.
    pub breaker_until: i64,
    /// Pauses of deposits, borrowing, collateral withdrawals and LP withdrawals, in this order.
    pub pauses: [PauseTimes; 4],
    /// The liquidity token's average price and variance.
    pub average: AveragePrice,
    /// The insurance factor: the share of interest that goes to the insurance fund.
    pub insurance_factor: RiskRamp,
    /// The loss-sharing ratio.
    pub insurance_share: RiskRamp,
    /// Losses that count for the loss rate, as of `risk_at`.
    pub risk_losses: u64,
    /// `lost` at `risk_at`.
    pub risk_lost: u64,
    /// Unix time of the last `refresh_risk`.
    pub risk_at: i64,
    /// The pool's hold: it stops deposits, withdrawals and the execution of requests.
    pub hold: HoldTimes,
    /// The fund's hold: it stops staking and leaving the fund.
    pub fund_hold: HoldTimes,
    /// The newest price read for the liquidity token.
    pub last_price: LastPrice,
    /// The parameters.
    pub parameters: PoolParameters,
    /// Revenue of the insurance fund that cash does not cover yet. Paid before anything else leaves; no part of NAV.
    pub insurance_owed: u64,
    /// The average utilisation, in billionths with 12 fractional bits.
    pub average_utilisation: u64,
    /// The average performing debt.
    pub average_debt: u64,
    /// Unix time at which the pool was opened; zero while it is closed.
    pub opened_at: i64,
    /// Amounts of executed requests in the vault that wait to be collected.
    pub payable: u64,
    /// How often losses divided all LP shares by 1,024. A loss of all NAV counts seven times.
    pub generation: u32,
    /// The number of the last loss in the loss book that LPs bore.
    pub last_loss: u32,
    /// Decimals of the mint.
    pub decimals: u8,
    /// `ACCOUNT_VERSION`.
    pub version: u8,
    /// Bump seed.
    pub bump: u8,
    /// Zeros, reserved.
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

/// A pool was opened, with an initial donation to its insurance fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolOpened {
    /// The pool.
    pub pool: Address,
    /// The market's authority, who paid.
    pub authority: Address,
    /// The initial donation.
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
    /// Withdrawals of LPs, and the loss breaker.
    pub exit: ExitParameters,
    /// Leaving the insurance fund.
    pub insurance: InsuranceParameters,
    /// The interest curve.
    pub rates: RateParameters,
    /// The liquidity token's price.
    pub oracle: OracleParameters,
    /// How limits and the insurance parameters move with risk.
    pub risk: RiskParameters,
    /// The caps.
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

/// A pool's totals after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// The value of one debt share, with 64 fractional bits.
    pub borrow_index: u128,
    /// The cash.
    pub cash: u64,
    /// Shares of performing debt.
    pub debt_shares: u64,
    /// The LP shares.
    pub shares: u64,
    /// The reserves.
    pub reserves: u64,
    /// Revenue that waits to be credited to the insurance fund.
    pub insurance_due: u64,
    /// Revenue of the insurance fund that cash does not cover yet. No part of NAV.
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

/// A token of a pool was reported to have no usable price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceReported {
    /// The pool.
    pub pool: Address,
    /// The token's mint.
    pub mint: Address,
    /// Unix time of the standing report.
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

/// The interest curve, and how interest is shared. Yearly rates and shares in basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateParameters {
    /// The yearly rate at zero utilisation.
    pub base_bps: u32,
    /// What the rate gains up to the kink.
    pub slope1_bps: u32,
    /// The utilisation at which the curve turns steeper; above 0 and below 10,000.
    pub kink_bps: u32,
    /// What the rate gains from the kink to full utilisation.
    pub slope2_bps: u32,
    /// The share of interest that goes to reserves.
    pub reserve_factor_bps: u32,
    /// The share of interest that goes to the insurance fund while coverage is on target.
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

/// Written-off debt was recovered: `assets = to_lps + to_stakers + to_protocol + to_reserves`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The pool.
    pub pool: Address,
    /// The obligation.
    pub obligation: Address,
    /// The payer.
    pub payer: Address,
    /// Number of the loss in the loss book; zero for what has no record there.
    pub loss: u64,
    /// Assets paid.
    pub assets: u64,
    /// The LPs' part, which waits to be claimed.
    pub to_lps: u64,
    /// The stakers' part, paid into the fund for waiting shares.
    pub to_stakers: u64,
    /// The waiting shares minted for it.
    pub stake_shares: u64,
    /// The part of protocol-owned shares, donated to the fund.
    pub to_protocol: u64,
    /// The part of reserves.
    pub to_reserves: u64,
    /// The obligation's unrecovered debt afterwards.
    pub unrecovered: u64,
    /// Unix time until which the loss breaker is tripped.
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
            to_protocol: Read::read(reader)?,
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
        self.to_protocol.write(out);
        self.to_reserves.write(out);
        self.unrecovered.write(out);
        self.breaker_until.write(out);
        self.state.write(out);
    }
}

/// An LP claimed its part of a recovery.
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

/// An obligation's debt was repaid.
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

/// How limits and the insurance parameters move with risk. See the engine's `risk` and `average`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskParameters {
    /// The horizon of the averages, in seconds.
    pub average_seconds: u32,
    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it,
    /// as debt.
    pub max_premium_bps: u32,
    /// The target coverage: the insurance fund over performing debt.
    pub target_coverage_bps: u32,
    /// The share of interest that goes to the insurance fund under full stress.
    pub stressed_insurance_factor_bps: u32,
    /// The loss-sharing ratio at zero coverage.
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

/// A value in basis points on its way to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RiskRamp {
    /// Basis points, 32 fractional bits.
    pub value: u64,
    /// Basis points.
    pub target_bps: u32,
    /// How far it moves in a day.
    pub step_bps: u32,
}

impl Read for RiskRamp {
    fn read(reader: &mut Reader) -> Option<Self> {
        Some(Self { value: Read::read(reader)?, target_bps: Read::read(reader)?, step_bps: Read::read(reader)? })
    }
}

impl Write for RiskRamp {
    fn write(&self, out: &mut Vec<u8>) {
        self.value.write(out);
        self.target_bps.write(out);
        self.step_bps.write(out);
    }
}

/// The risk targets of a collateral and its pool were updated.
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
    /// Stress of missing coverage.
    pub coverage_stress_bps: u64,
    /// The loan-to-value limit at this moment.
    pub max_ltv_bps: u64,
    /// Its target.
    pub max_ltv_target_bps: u64,
    /// The liquidation threshold at this moment.
    pub threshold_bps: u64,
    /// Its target.
    pub threshold_target_bps: u64,
    /// The part of interest that goes to the insurance fund, before.
    pub insurance_factor_before_bps: u64,
    /// The same, after.
    pub insurance_factor_bps: u64,
    /// Its target.
    pub insurance_factor_target_bps: u64,
    /// The loss-sharing ratio, before.
    pub insurance_share_before_bps: u64,
    /// The same, after.
    pub insurance_share_bps: u64,
    /// Its target.
    pub insurance_share_target_bps: u64,
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
            max_ltv_target_bps: Read::read(reader)?,
            threshold_bps: Read::read(reader)?,
            threshold_target_bps: Read::read(reader)?,
            insurance_factor_before_bps: Read::read(reader)?,
            insurance_factor_bps: Read::read(reader)?,
            insurance_factor_target_bps: Read::read(reader)?,
            insurance_share_before_bps: Read::read(reader)?,
            insurance_share_bps: Read::read(reader)?,
            insurance_share_target_bps: Read::read(reader)?,
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
        self.max_ltv_target_bps.write(out);
        self.threshold_bps.write(out);
        self.threshold_target_bps.write(out);
        self.insurance_factor_before_bps.write(out);
        self.insurance_factor_bps.write(out);
        self.insurance_factor_target_bps.write(out);
        self.insurance_share_before_bps.write(out);
        self.insurance_share_bps.write(out);
        self.insurance_share_target_bps.write(out);
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
    /// The number of the last loss before the shares changed last. They bear all later losses.
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

/// An LP transferred shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharesTransferred {
    /// The pool.
    pub pool: Address,
    /// The sender.
    pub from: Address,
    /// The receiver.
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

/// A staker claimed its part of a recovery, as shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StakeRecoveryClaimed {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// Number of the loss in the loss book.
    pub loss: u64,
    /// Shares that it received.
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

/// A staker staked in an insurance fund.
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

/// A matured request to leave the insurance fund was executed.
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

/// A staker requested to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnstakeRequested {
    /// The insurance fund.
    pub fund: Address,
    /// The staker.
    pub owner: Address,
    /// The shares.
    pub shares: u64,
    /// Their value.
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

/// An LP requested a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithdrawalRequested {
    /// The pool.
    pub pool: Address,
    /// The LP.
    pub owner: Address,
    /// The shares.
    pub shares: u64,
    /// Unix time from which anyone can execute it, if nothing is on hold until then, and the breaker not tripped then
    /// if it is not now.
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

/// A parameter that governance can change: of a pool, of a collateral (`DepositCap` to
/// `CollateralMaxDivergenceBps`), or of a market (the last three). Its value is 32 bytes: a number in little
/// endian and zeros, or a feed or address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Parameter {
    /// Dust: collateral worth up to this, in micro-dollars, does not prevent the recording of a loss.
    DustValue,
    /// Slots that must pass between the last borrow or collateral withdrawal and the recording of a loss. The slot of
    /// that step itself never counts, whatever this says.
    MinDefaultAgeSlots,
    /// How long a mark stands before it is settled, and the longest hold, in seconds; ten minutes to a day.
    HoldSeconds,
    /// How long, in seconds, an LP loss counts for the breaker, a draw against the insurance fund's cap, and any loss
    /// for the loss rate.
    WindowSeconds,
    /// The loss-sharing ratio while coverage is on target: the part of what reserves leave that the insurance fund
    /// pays.
    InsuranceShareBps,
    /// The most that the draws of a window add up to, relative to the fund's assets before them.
    DrawCapBps,
    /// The minimum debt after borrowing and liquidating, in base units of liquidity.
    MinDebt,
    /// The share of a liquidator's bonus that goes to the insurance fund.
    InsuranceCutBps,
    /// The health that a liquidation restores: weighted collateral over debt.
    TargetHealthBps,
    /// LP losses up to this sum, in base units of liquidity, never trip the breaker.
    BreakerMinLosses,
    /// LP losses within the window above this part of NAV trip the breaker; 10,000 for never.
    BreakerLimitBps,
    /// How long ahead a withdrawal must be requested while the breaker is tripped, in seconds; from `hold_seconds` to a
    /// day.
    BreakerNoticeSeconds,
    /// How long ahead a withdrawal must be requested at any time, in seconds; from `hold_seconds` to a day. Zero is no
    /// notice.
    NoticeSeconds,
    /// The time from a request to its maturity, in seconds; one to sixty days.
    CooldownSeconds,
    /// The yearly rate at zero utilisation.
    BaseBps,
    /// What the rate gains up to the kink.
    Slope1Bps,
    /// The utilisation at which the curve turns steeper; above 0 and below 10,000.
    KinkBps,
    /// What the rate gains from the kink to full utilisation.
    Slope2Bps,
    /// The share of interest that goes to reserves.
    ReserveFactorBps,
    /// The share of interest that goes to the insurance fund while coverage is on target.
    InsuranceFactorBps,
    /// The horizon of the averages, in seconds.
    AverageSeconds,
    /// A price this far above its average counts only the average as collateral when borrowing; one this far below it,
    /// as debt.
    MaxPremiumBps,
    /// The target coverage: the insurance fund over performing debt.
    TargetCoverageBps,
    /// The share of interest that goes to the insurance fund under full stress.
    StressedInsuranceFactorBps,
    /// The loss-sharing ratio at zero coverage.
    StressedInsuranceShareBps,
    /// Of the liquidity token's price:
    /// The primary feed.
    LiquidityFeed,
    /// Of the liquidity token's price:
    /// The second feed; zeros for none.
    LiquiditySecondFeed,
    /// Of the liquidity token's price:
    /// The maximum age of either feed's price, in seconds.
    LiquidityMaxAgeSeconds,
    /// Of the liquidity token's price:
    /// The widest confidence interval, to each side, relative to the price.
    LiquidityMaxConfidenceBps,
    /// Of the liquidity token's price:
    /// The largest divergence of the second feed's price, relative to the primary's.
    LiquidityMaxDivergenceBps,
    /// The most that all LPs together can have after a deposit.
    PoolDepositCap,
    /// The most that can be lent after a loan.
    BorrowCap,
    /// The amount of reserves that the authority can collect. Collecting lowers it.
    ReleasedReserves,
    /// The most base units that all obligations together can hold.
    DepositCap,
    /// The loan-to-value limit in calm.
    MaxLtvBps,
    /// The loan-to-value limit under full stress; never above the limit in calm.
    StressedMaxLtvBps,
    /// The liquidation threshold in calm.
    LiquidationThresholdBps,
    /// The liquidation threshold under full stress.
    StressedThresholdBps,
    /// The liquidator's bonus at the liquidation threshold.
    BonusMinBps,
    /// The largest bonus.
    BonusMaxBps,
    /// The price deviation of full stress. Up to a fifth of it is no stress.
    StressedDeviationBps,
    /// Of the collateral token's price:
    /// The primary feed.
    CollateralFeed,
    /// Of the collateral token's price:
    /// The second feed; zeros for none.
    CollateralSecondFeed,
    /// Of the collateral token's price:
    /// The maximum age of either feed's price, in seconds.
    CollateralMaxAgeSeconds,
    /// Of the collateral token's price:
    /// The widest confidence interval, to each side, relative to the price.
    CollateralMaxConfidenceBps,
    /// Of the collateral token's price:
    /// The largest divergence of the second feed's price, relative to the primary's.
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
