// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! What transactions log.

use super::types::*;
use crate::wire::{Read, Reader};

/// An event of the program, read from a transaction's log data.
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
