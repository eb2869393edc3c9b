//! Checks that the signer has the tokens that it pays. Wraps native SOL first where needed.

use backstop_client::token;
use solana_account::Account;
use solana_address::Address;

use super::{Payment, Plan};
use crate::{context::Context, failure::Failure, view::Cell};

/// The signer does not have enough of a token.
#[derive(Debug, thiserror::Error)]
#[error("this needs {needed}, but your {symbol} account {account} {held}: use a smaller amount, or {instead}")]
pub(super) struct TooLittle {
    needed: String,
    symbol: String,
    account: Address,
    held: String,
    instead: &'static str,
}

/// Makes a plan wrap the SOL that it lacks. Returns what the signer lacks even so.
///
/// # Errors
/// If the node does not answer.
pub(super) async fn fund(context: &Context, me: &Address, plan: &mut Plan) -> Result<Option<TooLittle>, Failure> {
    let mut accounts: Vec<Address> = plan.pays.iter().map(|payment| payment.account).collect();
    accounts.push(*me);
    let mut found = context.cluster.get_raw(&accounts).await.map_err(Failure::unable)?;
    let mut lamports = found.pop().flatten().map_or(0, |account| account.lamports);
    for (payment, account) in plan.pays.clone().iter().zip(found) {
        let held = account.as_ref().and_then(held);
        let lacks = payment.units.saturating_sub(held.unwrap_or(0));
        if lacks == 0 && held.is_some() {
            continue;
        }
        let is_sol = payment.token.mint == token::WRAPPED_SOL;
        if !is_sol || lacks > lamports {
            return Ok(Some(too_little(payment, held, is_sol)));
        }
        lamports = lamports.saturating_sub(lacks);
        let formatted = Cell::amount(lacks, &payment.token).text;
        plan.before(&token::wrap(*me, lacks), &format!("{formatted} of your native SOL is wrapped"));
    }
    Ok(None)
}

fn held(account: &Account) -> Option<u64> {
    token::amount(&account.data)
}

fn too_little(payment: &Payment, held: Option<u64>, is_sol: bool) -> TooLittle {
    TooLittle {
        needed: Cell::amount(payment.units, &payment.token).text,
        symbol: payment.token.symbol.clone(),
        account: payment.account,
        held: match held {
            Some(units) => format!("holds {}", Cell::amount(units, &payment.token).text),
            None => "does not exist yet".into(),
        },
        instead: match is_sol {
            true => "send SOL to your wallet, which is wrapped automatically",
            false => "fund the account first",
        },
    }
}
