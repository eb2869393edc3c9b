//! Steps: what must exist on a cluster.

use serde::Deserialize;
use toml::Table;

use super::{MigrateError, files::Files, plan::Plan};

/// A numbered step, with the plan's overrides.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) number: usize,
    /// `0002-usdc-pool`.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) parameters: Table,
}

/// What a step declares. Tokens are named by symbol.
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

/// The steps in order, each with the plan's overrides.
pub(super) fn steps(files: &Files, plan: &Plan) -> Result<Vec<Step>, MigrateError> {
    if let Some(unknown) = plan.steps.keys().find(|name| !files.steps.contains_key(*name)) {
        let reason = format!("it overrides the step {unknown}, which does not exist");
        return Err(MigrateError::File { file: "the plan".into(), reason });
    }
    // Names start with four-digit numbers, so the map orders them by number.
    (1..).zip(&files.steps).map(|(number, (name, text))| step(number, name, text, plan)).collect()
}

fn step(number: usize, name: &str, text: &str, plan: &Plan) -> Result<Step, MigrateError> {
    let error = |reason: String| MigrateError::File { file: format!("step {name}"), reason };
    if !name.starts_with(&format!("{number:04}-")) {
        return Err(error(format!("its name must begin with {number:04}-: steps are numbered from 0001 without gaps")));
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
