//! The steps that every instruction command follows.

use backstop_client::rpc::{Policy, SendError};
use clap::Args;
use serde_json::{Value, json};
use solana_address::Address;
use solana_signer::Signer;

use super::{Verb, funds::fund, sending};
use crate::{
    commands::show,
    context::{Context, Output},
    failure::Failure,
    view::{Cell, View},
};

/// A command that sends an instruction.
#[derive(Args, Debug)]
pub struct Act<V: Verb> {
    /// The part that differs from command to command.
    #[command(flatten)]
    pub verb: V,
    /// Show the preview and simulate the transaction, but send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Address lookup table, for transactions that are too large without one; can be repeated.
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
    /// Reads, previews, confirms, sends and reports.
    ///
    /// # Errors
    /// If the chain refuses, the user does not confirm, or it is not possible in the current state.
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let me = context.payer()?.pubkey();
        let mut plan = self.verb.plan(context, me).await?;
        let lacks = fund(context, &me, &mut plan).await?;
        let mut formatted = json!({ "preview": plan.preview.json() });
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
        let units = Cell::count(simulated.units);
        if self.dry_run {
            if context.output == Output::Table {
                return Ok(context
                    .print(&format!("\nSimulation succeeded: {} compute units. Nothing was sent.\n", units.text))?);
            }
            put(&mut formatted, "compute_units", units.json);
            return Ok(context.print_json(&formatted)?);
        }
        if context.output == Output::Json && !context.yes {
            eprint!("{}", plan.preview.render());
        }
        let warning = plan.warning.as_ref().map(|warning| format!("{warning}\n")).unwrap_or_default();
        let to = plan.event_formatter.market.as_ref().map(|market| format!(" to {market}")).unwrap_or_default();
        let question =
            format!("\n{warning}Simulation succeeded: {} compute units. Send the transaction{to}?", units.text);
        context.confirm(&question)?;
        let landed = sending::send(context, policy, &plan).await?;
        let happened = plan.event_formatter.format(&landed.logged);
        // The transaction landed. Failing to read the new state is reported, but is not an error.
        let after = match &plan.after {
            Some(after) => tokio::select! {
                state = show::after(context, after) => state,
                _ = tokio::signal::ctrl_c() => Err(Failure::interrupted("interrupted")),
            },
            None => Ok(View::default()),
        };
        if context.output == Output::Table {
            let mut text = format!("\nDone: {}\n{}", landed.signature, happened.render());
            text += &match after {
                Ok(view) => format!("\n{}", view.render()),
                Err(failure) => format!("\nThe new state cannot be read: {failure}\n"),
            };
            return Ok(context.print(&text)?);
        }
        put(&mut formatted, "signature", landed.signature.to_string().into());
        put(&mut formatted, "slot", landed.slot.to_string().into());
        put(&mut formatted, "compute_units", landed.units.map_or(Value::Null, |units| units.to_string().into()));
        put(&mut formatted, "happened", happened.json());
        put(&mut formatted, "state", after.map_or(Value::Null, |view| view.json()));
        Ok(context.print_json(&formatted)?)
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
