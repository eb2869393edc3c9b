use {
    crate::{
        errors::{BackstopError, OrRefuse},
        events::StakeRecoveryClaimed,
        state::{Book, InsuranceFund, LossClaim, LossRecords, Pool, ShareHistory, Stake, join},
    },
    anchor_lang::{address_eq, prelude::*},
};

/// Stakes for a staker its part of what was recovered of a loss: that of the claim account, which `open_claim` opens. What left the fund as a
/// loss comes back to it as stake, so a loss that is paid back takes nothing out of the fund before a cooldown.
///
/// Arguments:
/// - `min_shares`: the fewest shares that must be minted; else the call is refused
///
/// Specification:
/// - the owner of the stake signs
/// - its part is that of what stakers got back of the loss which belongs to the shares held at it, rounded down, less what was staked of it
///   already
/// - a staker who has left has the part of one who stayed, also after the fund was drained; one who came later has none
/// - no part is refused
/// - moves it into the fund for shares, as `stake` does: rounded down, their cost up; what would not pay for a whole share stays to be claimed
/// - a part that mints no share is refused, and so are fewer shares than `min_shares`
/// - revenue due is settled into the fund first
/// - refused while a loss that is worth a wait is marked
/// - after a loss the stake's history keeps what its shares were; refused if it has no room for that
#[derive(Accounts)]
pub struct ClaimStakeRecovery {
    /// The staker.
    pub owner: Signer,
    /// The pool.
    #[account(mut)]
    pub pool: Account<Pool>,
    /// The pool's insurance fund.
    #[account(mut, address = pool.insurance_fund @ BackstopError::WrongInsuranceFund)]
    pub insurance_fund: Account<InsuranceFund>,
    /// The pool's loss book.
    #[account(address = pool.loss_book @ BackstopError::WrongLossBook)]
    pub loss_book: Book,
    /// The staker's stake.
    #[account(
        mut,
        constraint = address_eq(&stake.fund, insurance_fund.address()) @ BackstopError::WrongInsuranceFund,
        constraint = address_eq(&stake.owner, owner.address()) @ BackstopError::WrongOwner
    )]
    pub stake: Stake,
    /// What the stake claimed of the loss.
    #[account(mut, constraint = address_eq(&claim.holder, stake.address()) @ BackstopError::WrongClaim)]
    pub claim: Account<LossClaim>,
}

pub fn claim_stake_recovery(ctx: &mut Context<ClaimStakeRecovery>, min_shares: u64) -> Result<()> {
    let accounts = &mut ctx.accounts;
    let (pool, fund, stake) = (&mut accounts.pool, &mut accounts.insurance_fund, &mut accounts.stake);
    let claim = &mut accounts.claim;
    let record = accounts.loss_book.loss(claim.loss).ok_or(BackstopError::NothingToClaim)?.record();
    let held = stake.held_at(claim.loss, record.stake_generation);
    let due = record.stake_claim(held, claim.claimed()).or_refuse()?;
    let staked = join(pool, fund, stake, due, min_shares)?;
    claim.pay(&mut fund.unclaimed, staked.assets)?;

    emit!(StakeRecoveryClaimed {
        fund: *fund.address(),
        owner: *accounts.owner.address(),
        loss: claim.loss.into(),
        assets: staked.assets.get(),
        shares: staked.shares.get(),
        insurance_assets: fund.assets,
        stake_shares: fund.shares,
    });
    Ok(())
}
