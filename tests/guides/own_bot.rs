//! The least that a liquidator of one's own does: read a pool, rate its obligations, preview what liquidating them pays. It sends nothing.
//! `docs/liquidators.md` explains it, and its test runs it: `own_bot http://127.0.0.1:8899 <POOL>`.

use std::{env, error::Error};

use backstop_client::{
    Collateral, InsuranceFund, Obligation, OracleParameters, Pool,
    oracle::{PriceAccount, SWITCHBOARD_ON_DEMAND, places},
    preview::{self, PricedCollateral, Snapshot},
    rpc::{Cluster, ReadError},
    verb::ALL,
};
use backstop_engine::price::Quote;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [_, url, pool] = env::args().collect::<Vec<_>>().try_into().map_err(|_| "usage: own_bot <URL> <POOL>")?;
    let (cluster, pool) = (Cluster::new(&url, CommitmentConfig::confirmed()), pool.parse()?);

    let snapshot = read(&cluster, &pool).await?;
    for (address, obligation) in cluster.all::<Obligation>(Some(&pool)).await? {
        // A price that it needs cannot be used now: leave it alone until there is a better one.
        let Ok(valuation) = snapshot.valuation(&obligation) else { continue };
        if obligation.debt_shares == 0 || valuation.health.is_liquidatable() != Ok(true) {
            continue;
        }
        for held in obligation.held() {
            let (mut after, mut rest) = (snapshot.clone(), obligation);
            match after.liquidate(&mut rest, &held.collateral, ALL) {
                Ok(done) => {
                    println!("{address}: health {} bps", valuation.health.factor_bps());
                    println!("pay {}, seize {}, records a loss: {}", done.paid, done.seized, done.recorded.is_some());
                }
                Err(error) => println!("{address}: {error}"),
            }
        }
    }
    Ok(())
}

/// Everything that previews read.
async fn read(cluster: &Cluster, address: &Address) -> Result<Snapshot, ReadError> {
    let pool: Pool = cluster.account(address).await?;
    let fund: InsuranceFund = cluster.account(&pool.insurance_fund).await?;
    let listed = cluster.all::<Collateral>(Some(address)).await?;
    let clock = cluster.clock().await?;
    let price = quote(cluster, &pool.parameters.oracle, clock.unix_timestamp).await?;
    let mut collaterals = Vec::new();
    for (address, account) in listed {
        let price = quote(cluster, &account.parameters.oracle, clock.unix_timestamp).await?;
        collaterals.push(PricedCollateral { address, account, price });
    }
    Ok(Snapshot { now: clock.unix_timestamp, slot: clock.slot, pool, fund, price, collaterals })
}

/// A token's price as the program would read it now, or why it would not.
async fn quote(cluster: &Cluster, oracle: &OracleParameters, now: i64) -> Result<preview::Result<Quote>, ReadError> {
    let places = [places(&oracle.feed), places(&oracle.second_feed)];
    let found = cluster.raw(places.as_flattened()).await?;
    let of_feed = |feed: usize| {
        let (places, found) = (places.get(feed)?, found.chunks(2).nth(feed)?);
        let accounts = || places.iter().zip(found).filter_map(|(address, account)| Some((address, account.as_ref()?)));
        // A Switchboard feed is at the feed's own address; anything else is Pyth's.
        let switchboard = accounts().find(|(_, account)| SWITCHBOARD_ON_DEMAND.contains(&account.owner));
        let (address, account) = switchboard.or_else(|| accounts().next())?;
        Some(PriceAccount { address, owner: &account.owner, data: &account.data })
    };
    let Some(first) = of_feed(0) else { return Ok(Err(backstop_client::BackstopError::InvalidPriceAccount)) };
    let second = oracle.terms().has_second_feed().then(|| of_feed(1)).flatten();
    Ok(oracle.terms().quote(&first, second.as_ref(), now).map_err(Into::into))
}
