//! Steps: what must be on a cluster.

use serde::Deserialize;
use toml::Table;

use super::{MigrateError, files::Files, plan::Plan};

/// A numbered step, with what the plan says about it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) number: usize,
    /// `0002-usdc-pool`.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) parameters: Table,
}

/// What there must be. Tokens are told by symbol.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Kind {
    Market,
    Pool { token: String },
    Collateral { pool: String, token: String },
    Opening { pool: String },
}

#[derive(Deserialize)]
struct File {
    #[serde(flatten)]
    kind: Kind,
    parameters: Table,
}

/// The steps in their order, each with what the plan says about it.
pub(super) fn steps(files: &Files, plan: &Plan) -> Result<Vec<Step>, MigrateError> {
    if let Some(unknown) = plan.steps.keys().find(|name| !files.steps.contains_key(*name)) {
        let reason = format!("it says something about the step {unknown}, which is not there");
        return Err(MigrateError::File { file: "the plan".into(), reason });
    }
    // Names begin with numbers of four digits, so their order is that of the numbers.
    (1..).zip(&files.steps).map(|(number, (name, text))| step(number, name, text, plan)).collect()
}

fn step(number: usize, name: &str, text: &str, plan: &Plan) -> Result<Step, MigrateError> {
    let error = |reason: String| MigrateError::File { file: format!("step {name}"), reason };
    if !name.starts_with(&format!("{number:04}-")) {
        return Err(error(format!(
            "its name must begin with {number:04}-: steps are numbered from 0001 on without a gap"
        )));
    }
    let File { kind, mut parameters } = toml::from_str(text).map_err(|reason| error(reason.to_string()))?;
    for (parameter, value) in plan.steps.get(name).into_iter().flatten() {
        if !parameters.contains_key(parameter) {
            let reason = format!("it gives step {name} a {parameter}, which the step does not have");
            return Err(MigrateError::File { file: "the plan".into(), reason });
        }
        parameters.insert(parameter.clone(), value.clone());
    }
    Ok(Step { number, name: name.into(), kind, parameters })
}
