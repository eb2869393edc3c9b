//! Migrations: numbered steps declare what must exist on a cluster, and plans hold what differs between clusters.
//!
//! A migration executes the missing steps. It leaves existing accounts alone, whoever created them. So the same command
//! can run again at any time: it does the rest, or nothing. It never changes an existing parameter. Instead it reports
//! the difference and the command that changes it. After a step that differs, it executes no further step.

mod command;
mod error;
mod files;
mod plan;
mod step;
mod wanted;

use std::path::Path;

use backstop_client::{
    address,
    rpc::{Cluster, Landed, Sender},
    verb::{CollateralKey, MarketRoles, PoolKey},
};
use backstop_engine::bounds::MIN_INITIAL_DONATION;
use backstop_text::Decimal;
use solana_address::Address;

use crate::{
    parameters::{self, FileError},
    tokens::Token,
};
use files::Files;
use plan::{Addresses, Plan};
use step::{Kind, Step};
use wanted::Wanted;

pub use command::{Arguments, run};
pub use error::MigrateError;

/// The offset of a mint's decimals.
const DECIMALS_OFFSET: usize = 44;

/// The steps, and the plan of a cluster.
#[derive(Clone, Debug)]
pub struct Migration {
    plan: Plan,
    steps: Vec<Step>,
}

/// A step, compared with a cluster.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its name, such as `0002-usdc-pool`.
    pub step: String,
    /// The address of the declared account.
    pub address: Address,
    /// Whether it exists as declared.
    pub status: Status,
    wanted: Wanted,
}

/// Whether the account that a step declares exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It exists as declared.
    Done,
    /// It does not exist.
    ToDo,
    /// It exists, but differs.
    Differs(Vec<Difference>),
}

/// A difference from the declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs: usually a parameter's name.
    pub what: String,
    /// The current value.
    pub found: String,
    /// The declared value.
    pub wanted: String,
    /// How to resolve it.
    pub remedy: String,
}

impl Migration {
    /// Loads the steps and a plan: built in, or from a folder.
    ///
    /// # Errors
    /// If there is no such plan, or a file is invalid.
    pub fn load(folder: Option<&Path>, plan: &str) -> Result<Self, MigrateError> {
        let files = folder.map_or_else(|| Ok(Files::built_in()), Files::read)?;
        let text = files
            .plans
            .get(plan)
            .ok_or_else(|| MigrateError::NoPlan { name: plan.into(), known: files.plans.keys().cloned().collect() })?;
        let plan = Plan::parse(plan, text)?;
        let steps = step::steps(&files, &plan)?;
        Ok(Self { plan, steps })
    }

    /// Drops the steps after a number.
    #[must_use]
    pub fn up_to(mut self, number: usize) -> Self {
        self.steps.retain(|step| step.number <= number);
        self
    }

    /// The market's id and creator.
    ///
    /// # Errors
    /// If the plan has unfilled fields.
    pub fn market(&self, signer: Address) -> Result<(u64, Address), MigrateError> {
        Ok((self.plan.market.id, self.plan.addresses(signer)?.creator))
    }

    /// Compares the steps with a cluster. `signer` would execute the missing ones.
    ///
    /// # Errors
    /// If the cluster is not the plan's, the plan has unfilled fields, or a step's parameters are invalid.
    pub async fn check(&self, cluster: &Cluster, signer: Address) -> Result<Vec<Checked>, MigrateError> {
        let (wanted, found) = (self.plan.network(), cluster.network().await?);
        if wanted != found {
            return Err(MigrateError::WrongCluster { wanted, found, url: cluster.url() });
        }
        let addresses = self.plan.addresses(signer)?;
        cluster.check_program().await?;
        let mut checked = Vec::new();
        for step in &self.steps {
            let wanted = self.wanted(step, &addresses, cluster).await?;
            let status = wanted.status(cluster).await?;
            checked.push(Checked { step: step.name.clone(), address: wanted.address(), status, wanted });
        }
        Ok(checked)
    }

    /// What a step declares for this cluster.
    async fn wanted(&self, step: &Step, addresses: &Addresses, cluster: &Cluster) -> Result<Wanted, MigrateError> {
        let wrong = |source| MigrateError::Parameters { step: step.name.clone(), source };
        let market = address::market(&addresses.creator, self.plan.market.id);
        let pool_of = async |symbol: &str| {
            let (token, program) = self.token(step, symbol, addresses, cluster).await?;
            Ok::<_, MigrateError>((PoolKey::new(market, token.mint).with_token_program(program), token))
        };
        match &step.kind {
            Kind::Market => {
                let timelock_seconds = only(step, "timelock_seconds", parameters::seconds, "a time such as 2d")?;
                let Addresses { creator, authority, guardian, treasury, .. } = *addresses;
                let roles = MarketRoles { authority, guardian, treasury, timelock_seconds };
                Ok(Wanted::Market { id: self.plan.market.id, creator, roles })
            }
            Kind::Pool { token } => {
                let text = self.with_feeds(step, token, "liquidity");
                let (key, token) = pool_of(token).await?;
                let parameters = parameters::pool_from_file(&text, &token).map_err(wrong)?;
                Ok(Wanted::Pool { key, token, parameters: Box::new(parameters) })
            }
            Kind::Collateral { pool, token } => {
                let text = self.with_feeds(step, token, "collateral");
                let (pool, _) = pool_of(pool).await?;
                let (token, program) = self.token(step, token, addresses, cluster).await?;
                let key = CollateralKey::new(&pool.pool, token.mint).with_token_program(program);
                let parameters = parameters::collateral_from_file(&text, &token).map_err(wrong)?;
                Ok(Wanted::Collateral { pool, key, token, parameters: Box::new(parameters) })
            }
            Kind::Opening { pool } => {
                let (pool, token) = pool_of(pool).await?;
                let units = |text: &str| {
                    Decimal::parse(text)
                        .ok()?
                        .base_units(token.decimals)
                        .ok()
                        .filter(|donation| *donation >= MIN_INITIAL_DONATION)
                };
                let donation =
                    only(step, "donation", units, "whole tokens such as 10, of at least a million base units")?;
                Ok(Wanted::Opening { pool, token, donation })
            }
        }
    }

    /// A token of the plan, with its token program.
    async fn token(
        &self,
        step: &Step,
        symbol: &str,
        addresses: &Addresses,
        cluster: &Cluster,
    ) -> Result<(Token, Address), MigrateError> {
        let mint = *addresses.mints.get(symbol).ok_or_else(|| MigrateError::File {
            file: "the plan".into(),
            reason: format!("it has no [tokens.{symbol}], which step {} needs", step.name),
        })?;
        let account = cluster.get_raw(&[mint]).await?.pop().flatten();
        let mint_of = account.and_then(|account| Some((*account.data.get(DECIMALS_OFFSET)?, account.owner)));
        let (decimals, program) = mint_of.ok_or_else(|| MigrateError::NoMint { symbol: symbol.into(), mint })?;
        Ok((Token { symbol: symbol.into(), mint, decimals }, program))
    }

    /// The parameters of a step and the feeds of its token, as a parameters file.
    fn with_feeds(&self, step: &Step, symbol: &str, whose: &str) -> String {
        let mut parameters = step.parameters.clone();
        if let Some(token) = self.plan.tokens.get(symbol) {
            parameters.insert(format!("{whose}_feed"), token.feed.clone().into());
            parameters.insert(format!("{whose}_second_feed"), token.second_feed.clone().into());
        }
        parameters.to_string()
    }

    /// Executes the missing steps in order, and verifies each. Calls `formatted` after each.
    ///
    /// # Errors
    /// If a step fails, or an earlier one differs. Completed steps stay.
    pub async fn apply(
        &self,
        sender: &Sender,
        checked: &[Checked],
        mut formatted: impl FnMut(&Checked, &Landed) -> Result<(), MigrateError>,
    ) -> Result<(), MigrateError> {
        let cluster = sender.cluster();
        let mut different = None;
        for one in checked {
            let step = || one.step.clone();
            match (&one.status, &different) {
                (Status::Done, _) => continue,
                (Status::Differs(_), _) => {
                    different.get_or_insert(&one.step);
                    continue;
                }
                (Status::ToDo, Some(different)) => {
                    return Err(MigrateError::Different { step: step(), different: (*different).clone() });
                }
                (Status::ToDo, None) => {}
            }
            let instructions = one.wanted.instructions(&one.step, cluster, sender.payer().pubkey()).await?;
            let landed = sender
                .send(&instructions, &[])
                .await
                .map_err(|source| MigrateError::Send { step: step(), source: source.into() })?;
            if one.wanted.status(cluster).await? != Status::Done {
                return Err(MigrateError::NotVerified(step()));
            }
            formatted(one, &landed)?;
        }
        Ok(())
    }
}

/// Parses the only parameter of a step.
fn only<T>(step: &Step, name: &str, read: impl Fn(&str) -> Option<T>, wanted: &str) -> Result<T, MigrateError> {
    let error = |reason: String| MigrateError::File { file: format!("step {}", step.name), reason };
    if let Some(unknown) = step.parameters.keys().find(|key| *key != name) {
        return Err(MigrateError::Parameters { step: step.name.clone(), source: FileError::Unknown(unknown.clone()) });
    }
    let text = step.parameters.get(name).and_then(toml::Value::as_str);
    let text = text.ok_or_else(|| error(format!("it needs the parameter {name}, in quotes: {wanted}")))?;
    read(text).ok_or_else(|| error(format!("{name} cannot be \"{text}\": enter {wanted}")))
}
