//! Sends transactions, and reports what is in flight when interrupted.

use std::sync::{Arc, Mutex, PoisonError};

use backstop_client::rpc::{Landed, Policy, Sender};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signature::Signature;
use solana_signer::{Signer, SignerError};
use tokio::signal::ctrl_c;

use super::{After, Plan};
use crate::{
    context::{Context, ContextError},
    failure::Failure,
};

/// The payer's keypair, which records and prints what it signs. A sender sends at once what it signs, and the payer's
/// signature identifies the transaction.
struct Telling {
    keypair: Arc<Keypair>,
    signed: Mutex<Option<Signature>>,
}

impl Telling {
    fn signed(&self) -> Option<Signature> {
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signer for Telling {
    fn try_pubkey(&self) -> Result<Address, SignerError> {
        self.keypair.try_pubkey()
    }

    fn try_sign_message(&self, message: &[u8]) -> Result<Signature, SignerError> {
        let signature = self.keypair.try_sign_message(message)?;
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner) = Some(signature);
        eprintln!("Sent as {signature}");
        Ok(signature)
    }

    fn is_interactive(&self) -> bool {
        false
    }
}

/// The user interrupted the command before the transaction was confirmed.
#[derive(Debug, thiserror::Error)]
enum Interrupted {
    /// Nothing was sent.
    #[error("interrupted, and nothing was sent")]
    Unsent,
    /// A transaction is in flight.
    #[error(
        "interrupted: the transaction was sent as {signature}, and it may still land for about two minutes. Before you \
         retry, check \
         its outcome{}, or with `solana confirm {signature}`",
        look.as_ref().map(|look| format!(": see `{look}`")).unwrap_or_default()
    )]
    Sent {
        /// The transaction's signature.
        signature: Signature,
        /// The command that shows what it changes.
        look: Option<String>,
    },
}

/// Sends a plan, signed and paid for by the context's payer. Prints the signature as soon as there is one. On Ctrl-C,
/// reports that the transaction may still land.
pub(super) async fn send(context: &Context, policy: Policy, plan: &Plan) -> Result<Landed, Failure> {
    let payer = Arc::new(Telling { keypair: context.payer()?, signed: Mutex::default() });
    let sender = Sender::new(context.cluster.clone(), Arc::<Telling>::clone(&payer), policy);
    let signers = also(&plan.signers);
    tokio::select! {
        landed = sender.send(&plan.instructions, &signers) => Ok(landed?),
        asked = ctrl_c() => {
            asked.map_err(ContextError::from)?;
            Err(Failure::interrupted(interrupted(payer.signed(), plan.after.as_ref())))
        }
    }
}

/// The signers besides the payer, as the sender takes them.
pub(super) fn also(signers: &[Arc<Keypair>]) -> Vec<&(dyn Signer + Sync)> {
    signers.iter().map(|signer| signer.as_ref() as &(dyn Signer + Sync)).collect()
}

fn interrupted(signed: Option<Signature>, after: Option<&After>) -> Interrupted {
    match signed {
        Some(signature) => Interrupted::Sent { signature, look: after.map(After::command) },
        None => Interrupted::Unsent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loaded_pool::{MarketChoice, PoolChoice};

    #[test]
    fn who_interrupts_is_told_what_is_on_its_way_and_where_to_look() {
        let payer = Telling { keypair: Arc::new(Keypair::new()), signed: Mutex::default() };
        assert_eq!(interrupted(payer.signed(), None).to_string(), "interrupted, and nothing was sent");
        let signature = payer.try_sign_message(b"a transaction").unwrap();
        assert_eq!((payer.signed(), signature), (Some(signature), payer.keypair.sign_message(b"a transaction")));
        let choice = PoolChoice { market: MarketChoice { market: 3, creator: None }, pool: Some("USDC".into()) };
        let after = After::Position(choice, payer.pubkey());
        let said = interrupted(payer.signed(), Some(&after)).to_string();
        let look = format!("see `backstop show position {} --market 3 --pool USDC`", payer.pubkey());
        assert!(said.contains(&format!("was sent as {signature}")) && said.contains(&look), "{said}");
        // Signed again, after the first can no longer land.
        let again = payer.try_sign_message(b"another").unwrap();
        assert_eq!(payer.signed(), Some(again));
    }
}
