//! The way that every command goes.

use backstop_client::rpc::{Policy, SendError};
use clap::Args;
use serde_json::{Value, json};
use solana_address::Address;
use solana_signer::Signer;

use super::{Verb, funds::fund, sending};
use crate::{
    context::{Context, Output},
    failure::Failure,
    look,
    view::{Figure, View},
};

/// A command that sends an instruction.
#[derive(Args, Debug)]
pub struct Act<V: Verb> {
    /// What it does.
    #[command(flatten)]
    pub verb: V,
    /// Show the preview and what a simulation costs, and send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// An address lookup table, for what does not fit into a transaction without; several can be given.
    #[arg(long = "lookup-table", value_name = "ADDRESS")]
    pub lookup_tables: Vec<Address>,
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Refused { .. } | SendError::Expired { .. } | SendError::Undecided { .. } => Self::refused(error),
            _ => Self::unable(error),
        }
    }
}

impl<V: Verb> Act<V> {
    /// Reads, previews, asks, sends and tells.
    ///
    /// # Errors
    /// If the chain or whoever is asked refuses, or it cannot be done.
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let me = context.payer()?.pubkey();
        let mut plan = self.verb.plan(context, me).await?;
        let lacks = fund(context, &me, &mut plan).await?;
        let mut told = json!({ "preview": plan.preview.json() });
        if context.output == Output::Table {
            context.print(&plan.preview.render())?;
        }
        if let Some(lacks) = lacks {
            return Err(Failure::unable(lacks));
        }
        let lookup_tables = context.cluster.lookup_tables(&self.lookup_tables).await.map_err(Failure::unable)?;
        let policy = Policy { lookup_tables, ..Policy::default() };
        let sender = context.sender(policy.clone())?;
        let simulated = sender.simulate(&plan.instructions, &sending::also(&plan.signers)).await?;
        let units = Figure::count(simulated.units);
        if self.dry_run {
            if context.output == Output::Table {
                return Ok(context.print(&format!(
                    "\nA simulation succeeds, with {} compute units. Nothing was sent.\n",
                    units.text
                ))?);
            }
            put(&mut told, "compute_units", units.json);
            return Ok(context.print_json(&told)?);
        }
        if context.output == Output::Json && !context.yes {
            eprint!("{}", plan.preview.render());
        }
        let warning = plan.warning.as_ref().map(|warning| format!("{warning}\n")).unwrap_or_default();
        let market = plan.teller.market.as_ref().map(|market| format!(" This is about {market}.")).unwrap_or_default();
        let question = format!("\n{warning}A simulation succeeds, with {} compute units.{market} Send it?", units.text);
        context.confirm(&question)?;
        let landed = sending::send(context, policy, &plan).await?;
        let happened = plan.teller.told(&landed.logged);
        // The transaction landed: that the state cannot be read afterwards is told, and changes nothing about it.
        let after = match &plan.after {
            Some(after) => tokio::select! {
                state = look::after(context, after) => state,
                _ = tokio::signal::ctrl_c() => Err(Failure::interrupted("interrupted")),
            },
            None => Ok(View::default()),
        };
        if context.output == Output::Table {
            let mut text = format!("\nDone: {}\n{}", landed.signature, happened.render());
            text += &match after {
                Ok(view) => format!("\n{}", view.render()),
                Err(failure) => format!("\nThe state afterwards cannot be read: {failure}\n"),
            };
            return Ok(context.print(&text)?);
        }
        put(&mut told, "signature", landed.signature.to_string().into());
        put(&mut told, "slot", landed.slot.to_string().into());
        put(&mut told, "compute_units", landed.units.map_or(Value::Null, |units| units.to_string().into()));
        put(&mut told, "happened", happened.json());
        put(&mut told, "state", after.map_or(Value::Null, |view| view.json()));
        Ok(context.print_json(&told)?)
    }
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(key.into(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{REFUSED, UNABLE};

    #[test]
    fn a_missing_signer_cannot_be_done_and_an_expired_transaction_was_refused() {
        let code = |error: SendError| format!("{:?}", Failure::from(error).exit_code());
        let exit = |code: u8| format!("{:?}", std::process::ExitCode::from(code));
        assert_eq!(code(SendError::MissingSigner { address: Address::default() }), exit(UNABLE));
        assert_eq!(code(SendError::Expired { times: 3, signature: Default::default() }), exit(REFUSED));
    }
}
