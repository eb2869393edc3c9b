//! The smallest liquidator: reads a pool, rates its obligations and previews what liquidating them pays. It sends
//! nothing.
//!
//! `docs/liquidators.md` explains it and runs it on a local cluster: `own_bot http://127.0.0.1:8899 <POOL>`.

use std::{env, error::Error};

use backstop_client::{Obligation, rpc::Cluster, verb::ALL};
use solana_commitment_config::CommitmentConfig;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [_, url, pool] = env::args().collect::<Vec<_>>().try_into().map_err(|_| "usage: own_bot <URL> <POOL>")?;
    let (cluster, pool) = (Cluster::new(&url, CommitmentConfig::confirmed()), pool.parse()?);

    let snapshot = cluster.snapshot(&pool).await?;
    for (address, obligation) in cluster.all::<Obligation>(Some(&pool)).await? {
        // Skip it while a price that it needs is unusable.
        let Ok(valuation) = snapshot.valuation(&obligation) else { continue };
        if obligation.debt_shares == 0 || valuation.health.is_liquidatable() != Ok(true) {
            continue;
        }
        for held in obligation.held() {
            let (mut after, mut rest) = (snapshot.clone(), obligation);
            match after.liquidate(&mut rest, &held.collateral, ALL) {
                Ok(done) => {
                    println!("{address}: health {} bps", valuation.health.factor_bps());
                    let seize = done.taken.seize.get();
                    println!("pay {}, seize {seize}, records a loss: {}", done.paid, done.recorded.is_some());
                }
                Err(error) => println!("{address}: {error}"),
            }
        }
    }
    Ok(())
}
