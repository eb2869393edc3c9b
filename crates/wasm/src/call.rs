//! What can be asked: every verb, and the figures that a page shows.

use backstop_client::{
    AccountData, InsuranceStake, LossClaim, LpPosition, Obligation,
    preview::{Deposited, Liquidated, Recovered, Repaid, Snapshot, Withdrawn},
};
use backstop_engine::{exit::Request, waterfall::Loss};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use solana_address::Address;

use crate::{
    Failure, number, reading,
    request::{Base58, Bytes, Number},
};

/// A verb with the accounts that are its caller's, and its arguments. What a verb does not take is left out, and so is
/// an account that is not opened yet.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Call {
    verb: String,
    position: Option<Bytes>,
    recipient: Option<Bytes>,
    stake: Option<Bytes>,
    obligation: Option<Bytes>,
    claim: Option<Bytes>,
    loss: Option<Number<u32>>,
    collateral: Option<Base58>,
    payer: Option<Base58>,
    max_assets: Option<Number<u64>>,
    max_repay: Option<Number<u64>>,
    assets: Option<Number<u64>>,
    shares: Option<Number<u64>>,
    units: Option<Number<u64>>,
}

impl Call {
    fn amount(&self, name: &str) -> Result<u64, Failure> {
        let amount = match name {
            "maxAssets" => self.max_assets,
            "maxRepay" => self.max_repay,
            "assets" => self.assets,
            "shares" => self.shares,
            _ => self.units,
        };
        amount.map(|amount| amount.0).ok_or_else(|| missing(name))
    }

    fn collateral(&self) -> Result<Address, Failure> {
        self.collateral.map(|address| address.0).ok_or_else(|| missing("collateral"))
    }

    fn payer(&self) -> Result<Address, Failure> {
        self.payer.map(|address| address.0).ok_or_else(|| missing("payer"))
    }

    fn position(&self) -> Result<LpPosition, Failure> {
        account("position", self.position.as_ref())
    }

    fn stake(&self) -> Result<InsuranceStake, Failure> {
        account("stake", self.stake.as_ref())
    }

    /// What was claimed of the loss that is asked about.
    fn claim(&self) -> Result<LossClaim, Failure> {
        let loss = self.loss.map(|loss| loss.0).ok_or_else(|| missing("loss"))?;
        Ok(LossClaim { loss, ..account("claim", self.claim.as_ref())? })
    }

    fn obligation(&self) -> Result<Obligation, Failure> {
        let mut obligation: Obligation = account("obligation", self.obligation.as_ref())?;
        // Only its owner can put the first collateral in.
        if let Some(payer) = self.payer.filter(|_| obligation.owner == Address::default()) {
            obligation.owner = payer.0;
        }
        Ok(obligation)
    }
}

/// An account of the caller; an empty one if it is not opened yet.
fn account<T: AccountData>(name: &str, bytes: Option<&Bytes>) -> Result<T, Failure> {
    match bytes.filter(|bytes| !bytes.are_zeros()) {
        Some(bytes) => bytes.account(&format!("the {name}")),
        None => Bytes::of_empty::<T>().account(&format!("the {name}")),
    }
}

fn missing(name: &str) -> Failure {
    Failure::Problem(format!("the call takes `{name}`, which is missing"))
}

/// The caller's accounts afterwards.
type Own = Vec<(&'static str, String)>;

/// Previews a verb: what it moves, and the accounts after it.
pub(crate) fn play(pool: &mut Snapshot, call: &Call) -> Result<Value, Failure> {
    let (moved, own) = match call.verb.as_str() {
        "readPool" => (reading::pool(pool)?, Own::new()),
        "accrue" => (pool.accrue().map(|()| json!({}))?, Own::new()),
        "openPool" => (pool.open_pool(call.amount("assets")?).map(|()| json!({}))?, Own::new()),
        "fundInsurance" => {
            let assets = pool.fund_insurance(call.amount("assets")?)?;
            (json!({ "assets": number(assets) }), Own::new())
        }
        "collectReserves" => {
            let assets = pool.collect_reserves(call.amount("assets")?)?;
            (json!({ "assets": number(assets) }), Own::new())
        }
        "refreshRisk" => (pool.refresh_risk(&call.collateral()?).map(|()| json!({}))?, Own::new()),
        verb @ ("readPosition" | "deposit" | "withdraw" | "requestWithdrawal" | "executeWithdrawal"
        | "collectWithdrawal" | "transferShares" | "claimRecovery") => lending(pool, call, verb)?,
        verb @ ("readStake" | "stake" | "requestUnstake" | "executeUnstake" | "collectUnstake"
        | "claimStakeRecovery") => staking(pool, call, verb)?,
        verb @ ("readObligation" | "depositCollateral" | "withdrawCollateral" | "borrow" | "repay" | "liquidate"
        | "mark" | "recordBadDebt") => obligations(pool, call, verb)?,
        verb => return Err(Failure::Problem(format!("there is no verb `{verb}`"))),
    };
    let collaterals = pool.collaterals.iter();
    let collaterals = collaterals
        .map(|listed| json!({ "address": listed.address.to_string(), "account": Bytes::reported(&listed.account) }));
    let mut after = Map::new();
    after.insert("pool".into(), Bytes::reported(&pool.pool).into());
    after.insert("fund".into(), Bytes::reported(&pool.fund).into());
    after.insert("book".into(), Bytes::reported(&pool.book).into());
    after.insert("collaterals".into(), collaterals.collect());
    after.extend(own.into_iter().map(|(name, bytes)| (name.into(), bytes.into())));
    Ok(json!({ "moved": moved, "after": after }))
}

fn lending(pool: &mut Snapshot, call: &Call, verb: &str) -> Result<(Value, Own), Failure> {
    let position = &mut call.position()?;
    let mut own = Own::new();
    let moved = match verb {
        "readPosition" => reading::position(pool, position)?,
        "deposit" => deposited(pool.deposit(position, call.amount("maxAssets")?)?),
        "withdraw" => withdrawn(pool.withdraw(position, call.amount("shares")?)?),
        "requestWithdrawal" => requested(pool.request_withdrawal(position, call.amount("shares")?)?),
        "executeWithdrawal" => withdrawn(pool.execute_withdrawal(position)?),
        "collectWithdrawal" => json!({ "assets": number(pool.collect_withdrawal(position)?) }),
        "transferShares" => {
            let recipient: &mut LpPosition = &mut account("recipient", call.recipient.as_ref())?;
            let shares = pool.transfer_shares(position, recipient, call.amount("shares")?)?;
            own.push(("recipient", Bytes::reported(recipient)));
            json!({ "shares": number(shares) })
        }
        _ => {
            let claim = &mut call.claim()?;
            let assets = pool.claim_recovery(position, claim)?;
            own.push(("claim", Bytes::reported(claim)));
            json!({ "assets": number(assets) })
        }
    };
    own.push(("position", Bytes::reported(position)));
    Ok((moved, own))
}

fn staking(pool: &mut Snapshot, call: &Call, verb: &str) -> Result<(Value, Own), Failure> {
    let stake = &mut call.stake()?;
    let mut own = Own::new();
    let moved = match verb {
        "readStake" => reading::stake(pool, stake)?,
        "stake" => deposited(pool.stake(stake, call.amount("maxAssets")?)?),
        "requestUnstake" => requested(pool.request_unstake(stake, call.amount("shares")?)?),
        "executeUnstake" => withdrawn(pool.execute_unstake(stake)?),
        "collectUnstake" => json!({ "assets": number(pool.collect_unstake(stake)?) }),
        _ => {
            let claim = &mut call.claim()?;
            let shares = pool.claim_stake_recovery(stake, claim)?;
            own.push(("claim", Bytes::reported(claim)));
            json!({ "shares": number(shares) })
        }
    };
    own.push(("stake", Bytes::reported(stake)));
    Ok((moved, own))
}

fn obligations(pool: &mut Snapshot, call: &Call, verb: &str) -> Result<(Value, Own), Failure> {
    let obligation = &mut call.obligation()?;
    let moved = match verb {
        "readObligation" => reading::obligation(pool, obligation)?,
        "depositCollateral" => {
            let units = call.amount("units")?;
            pool.deposit_collateral(obligation, &call.collateral()?, &call.payer()?, units)?;
            json!({ "units": number(units) })
        }
        "withdrawCollateral" => {
            let units = pool.withdraw_collateral(obligation, &call.collateral()?, call.amount("units")?)?;
            json!({ "units": number(units) })
        }
        "borrow" => paid(call.amount("assets")?, |assets| pool.borrow(obligation, assets))?,
        "repay" => repaid(&pool.repay(obligation, call.amount("maxAssets")?)?),
        "liquidate" => liquidated(pool.liquidate(obligation, &call.collateral()?, call.amount("maxRepay")?)?),
        "mark" => json!({ "marked": number(pool.mark(obligation)?) }),
        _ => json!({ "loss": pool.record_bad_debt(obligation)?.map(loss) }),
    };
    Ok((moved, vec![("obligation", Bytes::reported(obligation))]))
}

/// Moves exactly what was asked for.
fn paid(assets: u64, preview: impl FnOnce(u64) -> backstop_client::preview::Result<()>) -> Result<Value, Failure> {
    preview(assets)?;
    Ok(json!({ "assets": number(assets) }))
}

fn deposited(moved: Deposited) -> Value {
    json!({ "assets": number(moved.assets), "shares": number(moved.shares) })
}

fn withdrawn(moved: Withdrawn) -> Value {
    json!({ "shares": number(moved.shares), "assets": number(moved.assets) })
}

pub(crate) fn requested(request: Request) -> Value {
    json!({
        "shares": number(request.shares.get()), "worth": number(request.worth.get()),
        "maturesAt": number(request.matures_at),
    })
}

fn liquidated(moved: Liquidated) -> Value {
    json!({
        "repaid": number(moved.taken.repay.get()), "insuranceCut": number(moved.taken.insurance_cut.get()),
        "bonusBps": moved.taken.bonus.get(), "paid": number(moved.paid), "seized": number(moved.taken.seize.get()),
        "left": number(moved.left), "loss": moved.recorded.map(loss),
        "recovered": moved.recovered.iter().map(recovered).collect::<Vec<_>>(),
    })
}

fn loss(loss: Loss) -> Value {
    json!({
        "loss": number(loss.loss.get()), "fromReserves": number(loss.from_reserves.get()),
        "fromInsurance": number(loss.from_insurance.get()), "fromStakers": number(loss.from_stakers.get()),
        "toLps": number(loss.to_lps.get()), "uncovered": number(loss.uncovered.get()),
        "sharePriceBefore": number(loss.share_price_before), "sharePriceAfter": number(loss.share_price_after),
    })
}

fn repaid(moved: &Repaid) -> Value {
    json!({
        "assets": number(moved.assets), "repaid": number(moved.repaid), "debt": number(moved.debt),
        "unrecovered": number(moved.unrecovered),
        "recovered": moved.recovered.iter().map(recovered).collect::<Vec<_>>(),
    })
}

fn recovered(moved: &Recovered) -> Value {
    json!({
        "loss": moved.loss, "assets": number(moved.assets), "toLps": number(moved.to_lps),
        "toStakers": number(moved.to_stakers), "stakeShares": number(moved.stake_shares),
        "toProtocol": number(moved.to_protocol), "toReserves": number(moved.to_reserves),
    })
}
