//! The account that a step declares: its status, and the instructions that create it.

use backstop_client::{
    Collateral, CollateralParameters, Market, Parameter, Pool, PoolParameters, address,
    rpc::Cluster,
    token::{amount, associated},
    verb::{self, CollateralKey, MarketRoles, PoolKey},
};
use backstop_engine::parameter::Scope;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{Difference, MigrateError, Status};
use crate::{
    loaded_pool::find_price,
    parameters::{self, Bytes},
    tokens::Token,
    view::Cell,
};

/// The account that a step declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Market { id: u64, creator: Address, roles: MarketRoles },
    Pool { key: PoolKey, token: Token, parameters: Box<PoolParameters> },
    Collateral { pool: PoolKey, key: CollateralKey, token: Token, parameters: Box<CollateralParameters> },
    Opening { pool: PoolKey, token: Token, donation: u64 },
}

impl Wanted {
    /// The account's address.
    pub(super) fn address(&self) -> Address {
        match self {
            Self::Market { id, creator, .. } => address::market(creator, *id),
            Self::Pool { key, .. } => key.pool,
            Self::Collateral { key, .. } => key.collateral,
            Self::Opening { pool, .. } => pool.pool,
        }
    }

    /// Whether it exists as declared.
    pub(super) async fn status(&self, cluster: &Cluster) -> Result<Status, MigrateError> {
        let at = self.address();
        let differences = match self {
            Self::Market { roles, .. } => match cluster.get_optional::<Market>(&at).await? {
                None => return Ok(Status::ToDo),
                Some(found) => {
                    let wanted = Market {
                        authority: roles.authority,
                        guardian: roles.guardian,
                        treasury: roles.treasury,
                        timelock_seconds: roles.timelock_seconds,
                        ..found
                    };
                    let mut differences = authority(&found, &wanted);
                    let value = parameters::value_in_market;
                    differences.extend(compare(
                        Scope::Market,
                        "queue-change",
                        "",
                        |one| (value(&found, one), value(&wanted, one)),
                        None,
                    ));
                    differences
                }
            },
            Self::Pool { token, parameters, .. } => match cluster.get_optional::<Pool>(&at).await? {
                None => return Ok(Status::ToDo),
                Some(found) => {
                    let wanted = Pool { parameters: **parameters, ..found };
                    let value = parameters::value_in_pool;
                    let on = format!(" --pool {at}");
                    compare(
                        Scope::Pool,
                        changed_by(&found),
                        &on,
                        |one| (value(&found, one), value(&wanted, one)),
                        Some(token),
                    )
                }
            },
            Self::Collateral { pool, key, token, parameters } => match cluster.get_optional::<Collateral>(&at).await? {
                None => return Ok(Status::ToDo),
                Some(found) => {
                    let wanted = Collateral { parameters: **parameters, ..found };
                    let value = parameters::value_in_collateral;
                    let on = format!(" --pool {} --of {}", pool.pool, key.mint);
                    let by = cluster
                        .get_optional::<Pool>(&pool.pool)
                        .await?
                        .map_or("queue-change", |pool| changed_by(&pool));
                    compare(Scope::Collateral, by, &on, |one| (value(&found, one), value(&wanted, one)), Some(token))
                }
            },
            // A pool opens once. The size of its founding donation does not matter.
            Self::Opening { .. } => match cluster.get_optional::<Pool>(&at).await? {
                Some(pool) if pool.launch().is_open() => Vec::new(),
                _ => return Ok(Status::ToDo),
            },
        };
        Ok(if differences.is_empty() { Status::Done } else { Status::Differs(differences) })
    }

    /// The instructions that create it. `step` is the step's name.
    pub(super) async fn instructions(
        &self,
        step: &str,
        cluster: &Cluster,
        signer: Address,
    ) -> Result<Vec<Instruction>, MigrateError> {
        match self {
            Self::Market { id, creator, roles } => {
                require_authority("the market in the plan", *creator, signer)?;
                require_authority("the market in the plan", roles.authority, signer)?;
                Ok(vec![verb::create_market(roles, signer, *id)])
            }
            Self::Pool { key, parameters, .. } => {
                market_authority(cluster, key, signer).await?;
                let price = price(step, cluster, &parameters.oracle).await?;
                let create = verb::create_pool(key, signer, signer, &price, **parameters);
                Ok([create].into_iter().chain(verb::make_room_for_losses(key, signer)).collect())
            }
            Self::Collateral { pool, key, parameters, .. } => {
                market_authority(cluster, pool, signer).await?;
                let price = price(step, cluster, &parameters.oracle).await?;
                Ok(vec![verb::add_collateral(pool, key, signer, signer, &price, **parameters)])
            }
            Self::Opening { pool, token, donation } => {
                market_authority(cluster, pool, signer).await?;
                let account = associated(&signer, &pool.mint, &pool.token_program);
                let found = cluster.get_raw(&[account]).await?.pop().flatten();
                let held = found.and_then(|account| amount(&account.data)).unwrap_or(0);
                if held < *donation {
                    let [donation, held] = [*donation, held].map(|units| Cell::amount(units, token).text);
                    return Err(MigrateError::TooLittle { step: step.into(), donation, account, held });
                }
                Ok(vec![verb::open_pool(pool, signer, account, *donation)])
            }
        }
    }
}

fn require_authority(what: &'static str, authority: Address, signer: Address) -> Result<(), MigrateError> {
    if authority == signer { Ok(()) } else { Err(MigrateError::NotAuthority { what, authority, signer }) }
}

async fn market_authority(cluster: &Cluster, pool: &PoolKey, signer: Address) -> Result<(), MigrateError> {
    let market: Market = cluster.account(&pool.market).await?;
    require_authority("the market", market.authority, signer)
}

async fn price(
    step: &str,
    cluster: &Cluster,
    oracle: &backstop_client::OracleParameters,
) -> Result<verb::PriceAccounts, MigrateError> {
    let now = cluster.clock().await?.unix_timestamp;
    let found = find_price(cluster, oracle, now).await?;
    match found.reading {
        Ok(_) => Ok(found.accounts),
        Err(error) => Err(MigrateError::Price { step: step.into(), error, account: found.accounts.first }),
    }
}

/// The difference in the authority, which is not a parameter: it changes by handover.
fn authority(found: &Market, wanted: &Market) -> Vec<Difference> {
    if found.authority == wanted.authority {
        return Vec::new();
    }
    vec![Difference {
        what: "authority".into(),
        found: found.authority.to_string(),
        wanted: wanted.authority.to_string(),
        remedy: "if it was handed over, update the plan; if the market belongs to others, choose another id".into(),
    }]
}

/// The command that changes a parameter of a pool or its collateral. Before the pool opens, all changes apply at once.
fn changed_by(pool: &Pool) -> &'static str {
    if pool.launch().is_open() { "queue-change" } else { "tighten" }
}

/// The parameters of a scope that differ. `by` is the command that changes them, and `on` its options.
fn compare(
    scope: Scope,
    by: &str,
    on: &str,
    values: impl Fn(Parameter) -> (Option<Bytes>, Option<Bytes>),
    token: Option<&Token>,
) -> Vec<Difference> {
    let (decimals, symbol) = token.map_or((0, ""), |token| (token.decimals, token.symbol.as_str()));
    let different = parameters::all_of(scope).filter_map(|parameter| {
        let (Some(found), Some(wanted)) = values(parameter) else { return None };
        let name = parameters::name(parameter);
        let written = parameters::written_typed(parameter, &wanted, decimals);
        (found != wanted).then(|| Difference {
            remedy: format!("backstop {by} {} {written}{on}", name.replace('_', "-")),
            what: name,
            found: parameters::format_value(parameter, &found, decimals, symbol),
            wanted: parameters::format_value(parameter, &wanted, decimals, symbol),
        })
    });
    different.collect()
}
