//! `backstop migrate`: makes what the steps of a plan declare.

use std::path::PathBuf;

use backstop_cli::{
    context::{Context, Output},
    failure::Failure,
    migrate::{Checked, Migration, Status},
    view::{Figure, View},
};
use backstop_client::rpc::Policy;
use serde_json::json;
use solana_signer::Signer;

/// What `backstop migrate` takes.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The plan: localnet, devnet or mainnet, or one of your own with --migrations.
    #[arg(long, value_name = "NAME")]
    plan: String,
    /// A folder with steps (`0001-market.toml`, ...) and plans (`plans/<NAME>.toml`), instead of those built in.
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// Go up to this step, by its number.
    #[arg(long, value_name = "NUMBER")]
    to: Option<usize>,
    /// Show what is done, what is to do and what differs, and send nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Shows the steps, asks, and makes what is missing.
pub(crate) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
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
        let mut told = view(&title, &migration.check(&context.cluster, signer).await?).json();
        if let Some(object) = told.as_object_mut() {
            object.insert("sent".into(), sent.into());
        }
        context.print_json(&told)?;
    }
    Ok(())
}

/// The steps, and what differs.
fn view(title: &str, checked: &[Checked]) -> View {
    let mut view = View::new(title);
    let row = |one: &Checked| {
        let state = match one.status {
            Status::Done => "done",
            Status::ToDo => "to do",
            Status::Differs(_) => "differs",
        };
        vec![Figure::text(&one.step), Figure::text(state), Figure::address(&one.address)]
    };
    let columns = [("step", "step"), ("state", "state"), ("address", "address")];
    view.list("steps", "", &columns, checked.iter().map(row).collect());
    let mut differences = Vec::new();
    for one in checked {
        let Status::Differs(found) = &one.status else { continue };
        differences.extend(found.iter().map(|difference| {
            let cells = [&one.step, &difference.what, &difference.found, &difference.wanted, &difference.remedy];
            cells.into_iter().map(Figure::text).collect()
        }));
    }
    if !differences.is_empty() {
        let columns = [
            ("step", "step"),
            ("parameter", "parameter"),
            ("found", "is"),
            ("wanted", "planned"),
            ("remedy", "to change it"),
        ];
        view.list(
            "differences",
            "Different from the plan; nothing is changed by this command, and nothing is made after such a step",
            &columns,
            differences,
        );
    }
    if checked.iter().all(|one| one.status != Status::ToDo) {
        view.note("Everything is there: nothing is to be sent.");
    }
    view
}
