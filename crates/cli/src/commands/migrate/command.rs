//! `backstop migrate`: executes the steps of a plan.

use std::path::PathBuf;

use crate::{
    commands::migrate::{Checked, Migration, Status},
    context::{Context, Output},
    failure::Failure,
    view::{Cell, View},
};
use backstop_client::rpc::Policy;
use serde_json::json;
use solana_signer::Signer;

/// The arguments of `backstop migrate`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Plan: localnet, devnet or mainnet, or your own with --migrations.
    #[arg(long, value_name = "NAME")]
    plan: String,
    /// Folder with steps (`0001-market.toml`, ...) and plans (`plans/<NAME>.toml`), instead of the built-in ones.
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// Stop after the step with this number.
    #[arg(long, value_name = "NUMBER")]
    to: Option<usize>,
    /// Show which steps are done, to do or different, but send nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Shows the steps, asks for confirmation, and executes the missing ones.
pub async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let migration = Migration::load(arguments.migrations.as_deref(), &arguments.plan)?;
    let migration = arguments.to.map_or(migration.clone(), |number| migration.up_to(number));
    let signer = context.payer()?.pubkey();
    let checked = migration.check(&context.cluster, signer).await?;
    let missing = checked.iter().filter(|one| one.status == Status::ToDo).count();
    let (table, nothing_to_send) = (context.output == Output::Table, arguments.dry_run || missing == 0);
    let (id, creator) = migration.market(signer)?;
    let title = format!("Plan {}, market {id} of {creator}", arguments.plan);
    if table || nothing_to_send {
        context.show(&view(&title, &checked))?;
    }
    if nothing_to_send {
        return Ok(());
    }
    context.confirm(&format!("\nSend {missing} transactions to market {id} of {creator}, signed by {signer}?"))?;
    let mut sent = Vec::new();
    migration
        .apply(&context.sender(Policy::default())?, &checked, |one, landed| {
            if table {
                context.print(&format!("{}: done, {}\n", one.step, landed.signature))?;
            }
            sent.push(json!({ "step": one.step, "signature": landed.signature.to_string() }));
            Ok(())
        })
        .await?;
    if !table {
        let mut formatted = view(&title, &migration.check(&context.cluster, signer).await?).json();
        if let Some(object) = formatted.as_object_mut() {
            object.insert("sent".into(), sent.into());
        }
        context.print_json(&formatted)?;
    }
    Ok(())
}

/// The view of the steps and the differences.
fn view(title: &str, checked: &[Checked]) -> View {
    let mut view = View::new(title);
    let row = |one: &Checked| {
        let state = match one.status {
            Status::Done => "done",
            Status::ToDo => "to do",
            Status::Differs(_) => "differs",
        };
        vec![Cell::text(&one.step), Cell::text(state), Cell::address(&one.address)]
    };
    let columns = [("step", "step"), ("state", "state"), ("address", "address")];
    view.list("steps", "", &columns, checked.iter().map(row).collect());
    let mut differences = Vec::new();
    for one in checked {
        let Status::Differs(found) = &one.status else { continue };
        differences.extend(found.iter().map(|difference| {
            let cells = [&one.step, &difference.what, &difference.found, &difference.wanted, &difference.remedy];
            cells.into_iter().map(Cell::text).collect()
        }));
    }
    if !differences.is_empty() {
        let columns = [
            ("step", "step"),
            ("parameter", "parameter"),
            ("found", "current"),
            ("wanted", "planned"),
            ("remedy", "to change it"),
        ];
        view.list(
            "differences",
            "Differences from the plan: this command does not change them, and executes no step after them",
            &columns,
            differences,
        );
    }
    if checked.iter().all(|one| one.status != Status::ToDo) {
        view.note("All steps are done: nothing to send.");
    }
    view
}
