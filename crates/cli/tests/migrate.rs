//! `backstop migrate` on a local cluster.
// Helpers of tests may stop at the first surprise, as tests may.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use backstop_cli::commands::migrate::{Difference, Migration, Status};
use backstop_client::{
    Collateral, InsuranceFund, Market, Parameter, Pool, address,
    rpc::{Cluster, Policy, Sender},
    token,
    verb::{self, CollateralKey, PoolKey},
};
use backstop_localnet::{Localnet, Options, Program, SOL, Speed, USDC, keypair};
use solana_commitment_config::CommitmentConfig;
use solana_signer::Signer;

struct Scene {
    localnet: Localnet,
    cluster: Cluster,
}

impl Scene {
    fn new() -> Self {
        Self::with(Program::BuiltIn)
    }

    fn with(program: Program) -> Self {
        let (slot_time, speed) = (Duration::from_millis(50), Speed::STILL);
        let localnet = Localnet::start(Options { program, slot_time, speed, ..Options::default() }).unwrap();
        let cluster = Cluster::new(&localnet.rpc_url(), CommitmentConfig::confirmed());
        Self { localnet, cluster }
    }

    fn sender(&self, who: &str) -> Sender {
        Sender::new(self.cluster.clone(), Arc::new(keypair(who)), Policy::default())
    }

    /// What is done and what is to do, by step.
    async fn status(&self, migration: &Migration) -> Vec<Status> {
        let checked = migration.check(&self.cluster, keypair("authority").pubkey()).await.unwrap();
        checked.into_iter().map(|one| one.status).collect()
    }

    /// Does what is to do, as `who`. Returns which steps that were.
    async fn apply_as(&self, who: &str, migration: &Migration) -> Result<Vec<String>, String> {
        let text = |error: backstop_cli::commands::migrate::MigrateError| error.to_string();
        let checked = migration.check(&self.cluster, keypair(who).pubkey()).await.map_err(text)?;
        let mut made = Vec::new();
        let reported = |one: &backstop_cli::commands::migrate::Checked, _: &_| {
            made.push(one.step.clone());
            Ok(())
        };
        migration.apply(&self.sender(who), &checked, reported).await.map_err(text)?;
        Ok(made)
    }

    async fn apply(&self, migration: &Migration) -> Result<Vec<String>, String> {
        self.apply_as("authority", migration).await
    }
}

fn localnet_plan() -> Migration {
    Migration::load(None, "localnet").unwrap()
}

/// The migrations of the repository in a folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let folder = Self(std::env::temp_dir().join(format!("backstop-migrate-{name}-{}", std::process::id())));
        for part in ["", "plans"] {
            fs::create_dir_all(folder.0.join(part)).unwrap();
            for file in fs::read_dir(source.join(part)).unwrap().map(|file| file.unwrap().path()) {
                if file.is_file() {
                    fs::copy(&file, folder.0.join(part).join(file.file_name().unwrap())).unwrap();
                }
            }
        }
        folder
    }

    /// Puts other words into a file.
    fn edit(&self, file: &str, from: &str, to: &str) -> &Self {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(path, text.replace(from, to)).unwrap();
        self
    }

    fn load(&self, plan: &str) -> Result<Migration, String> {
        Migration::load(Some(&self.0), plan).map_err(|error| error.to_string())
    }

    fn refused(&self) -> String {
        self.load("localnet").unwrap_err()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn all_steps_are_made_as_declared_and_the_second_time_does_nothing() {
    let (scene, plan) = (Scene::new(), localnet_plan());
    assert_eq!(scene.status(&plan).await, vec![Status::ToDo; 4]);
    let steps = ["0001-market", "0002-usdc-pool", "0003-sol-collateral", "0004-usdc-opening"];
    assert_eq!(scene.apply(&plan).await.unwrap(), steps);
    assert_eq!(scene.status(&plan).await, vec![Status::Done; 4]);
    assert_eq!(scene.apply(&plan).await.unwrap(), [""; 0]);

    let market_at = address::market(&keypair("authority").pubkey(), 0);
    let market: Market = scene.cluster.account(&market_at).await.unwrap();
    let roles = ["authority", "guardian", "treasury"].map(|name| keypair(name).pubkey());
    assert_eq!([market.authority, market.guardian, market.treasury], roles);
    // The plan's day, not the step's three.
    assert_eq!(market.timelock_seconds, 86_400);
    let key = PoolKey::new(market_at, USDC.mint());
    let pool: Pool = scene.cluster.account(&key.pool).await.unwrap();
    // 80 %, 100 USDC at six decimals, ten dollars in millionths.
    let parameters = pool.parameters;
    assert_eq!(
        (parameters.rates.kink_bps, parameters.liquidation.min_debt, parameters.loss.dust_value),
        (8_000, 100_000_000, 10_000_000)
    );
    assert_eq!((parameters.oracle.feed, parameters.oracle.second_feed), (USDC.feed, [0; 32]));
    let sol = CollateralKey::new(&key.pool, SOL.mint());
    let collateral: Collateral = scene.cluster.account(&sol.collateral).await.unwrap();
    let listed = collateral.parameters;
    assert_eq!((listed.max_ltv_bps, listed.bonus_min_bps, listed.bonus_max_bps), (6_500, 500, 1_000));
    assert_eq!((collateral.parameters.oracle.feed, collateral.parameters.deposit_cap), (SOL.feed, u64::MAX));
    // Listed before the pool was opened, so open at once.
    assert!(collateral.opens_at == 0 && pool.opened_at != 0);
    let fund: InsuranceFund = scene.cluster.account(&key.insurance_fund).await.unwrap();
    assert_eq!((fund.assets, fund.protocol_shares, fund.shares), (1_000_000_000, 1_000_000_000, 0));
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn what_was_interrupted_goes_on() {
    let (scene, plan) = (Scene::new(), localnet_plan());
    assert_eq!(scene.apply(&plan.clone().up_to(2)).await.unwrap(), ["0001-market", "0002-usdc-pool"]);
    assert_eq!(scene.status(&plan).await, [Status::Done, Status::Done, Status::ToDo, Status::ToDo]);
    assert_eq!(scene.apply(&plan).await.unwrap(), ["0003-sol-collateral", "0004-usdc-opening"]);
    assert_eq!(scene.status(&plan).await, vec![Status::Done; 4]);
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn a_parameter_that_differs_is_told_and_left_alone() {
    let (scene, plan) = (Scene::new(), localnet_plan());
    scene.apply(&plan).await.unwrap();
    let key = PoolKey::new(address::market(&keypair("authority").pubkey(), 0), USDC.mint());
    let sol = CollateralKey::new(&key.pool, SOL.mint());
    let authority = keypair("authority").pubkey();
    let lower = verb::tighten(&key, authority, Some(sol.collateral), Parameter::MaxLtvBps, verb::number(6_000));
    scene.sender("authority").send(&[lower], &[]).await.unwrap();
    let difference = Difference {
        what: "max_ltv_bps".into(),
        found: "6000 bps".into(),
        wanted: "6500 bps".into(),
        remedy: format!("backstop queue-change max-ltv-bps 6500bps --pool {} --of {}", key.pool, SOL.mint()),
    };
    assert_eq!(
        scene.status(&plan).await,
        [Status::Done, Status::Done, Status::Differs(vec![difference]), Status::Done]
    );
    assert_eq!(scene.apply(&plan).await.unwrap(), [""; 0]);
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn nothing_is_made_after_a_step_that_differs() {
    // Given a pool that is not open, and a limit of its collateral that is not the plan's
    let (scene, plan) = (Scene::new(), localnet_plan());
    scene.apply(&plan.clone().up_to(3)).await.unwrap();
    let key = PoolKey::new(address::market(&keypair("authority").pubkey(), 0), USDC.mint());
    let sol = CollateralKey::new(&key.pool, SOL.mint());
    let change = |limit_bps| {
        let authority = keypair("authority").pubkey();
        verb::tighten(&key, authority, Some(sol.collateral), Parameter::MaxLtvBps, verb::number(limit_bps))
    };
    let sender = scene.sender("authority");
    sender.send(&[change(6_000)], &[]).await.unwrap();
    // Then the pool is not opened, and what mends it at once is told
    let refused = scene.apply(&plan).await.unwrap_err();
    assert!(refused.contains("step 0004-usdc-opening was not executed, because step 0003-sol-collateral"), "{refused}");
    let status = scene.status(&plan).await;
    let Status::Differs(differences) = &status[2] else { panic!("{status:?}") };
    assert!(differences[0].remedy.starts_with("backstop tighten max-ltv-bps 6500bps"), "{differences:?}");
    assert_eq!(status[3], Status::ToDo);
    sender.send(&[change(6_500)], &[]).await.unwrap();
    assert_eq!(scene.apply(&plan).await.unwrap(), ["0004-usdc-opening"]);
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn nobody_founds_the_fund_or_makes_the_market_before_its_owner() {
    // Given alice, who makes a market of the same id and cannot put anything into the pool that is not open
    let (scene, plan) = (Scene::new(), localnet_plan());
    let (alice, sender) = (keypair("alice").pubkey(), scene.sender("alice"));
    let roles = verb::MarketRoles { authority: alice, guardian: alice, treasury: alice, timelock_seconds: 86_400 };
    sender.send(&[verb::create_market(&roles, alice, 0)], &[]).await.unwrap();
    scene.apply(&plan.clone().up_to(3)).await.unwrap();
    let key = PoolKey::new(address::market(&keypair("authority").pubkey(), 0), USDC.mint());
    let source = token::associated(&alice, &key.mint, &key.token_program);
    let give = verb::fund_insurance(&key, alice, source, 1_000_000);
    let refused = sender.send(&[give], &[]).await.unwrap_err().to_string();
    assert!(refused.contains("(PoolNotOpen)"), "{refused}");
    // Then the plan is done as if she were not there
    assert_eq!(scene.apply(&plan).await.unwrap(), ["0004-usdc-opening"]);
    let fund: InsuranceFund = scene.cluster.account(&key.insurance_fund).await.unwrap();
    assert_eq!((fund.assets, fund.shares), (1_000_000_000, 0));
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn another_cluster_and_another_signer_are_refused() {
    let (scene, plan) = (Scene::new(), localnet_plan());
    let devnet = Migration::load(None, "devnet").unwrap();
    let refused = scene.apply(&devnet).await.unwrap_err();
    assert!(refused.contains("the plan is for devnet, but this is a local or private cluster"), "{refused}");
    let refused = scene.apply_as("alice", &plan).await.unwrap_err();
    assert!(refused.contains(&format!("{} must sign", keypair("authority").pubkey())), "{refused}");
    scene.apply(&plan.clone().up_to(1)).await.unwrap();
    let refused = scene.apply_as("alice", &plan).await.unwrap_err();
    assert!(refused.contains(&format!("{} must sign", keypair("authority").pubkey())), "{refused}");
    assert_eq!(scene.status(&plan).await, [Status::Done, Status::ToDo, Status::ToDo, Status::ToDo]);
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn a_market_that_was_handed_over_is_told_and_goes_no_further() {
    let (scene, plan) = (Scene::new(), localnet_plan());
    scene.apply(&plan.clone().up_to(1)).await.unwrap();
    let folder = Folder::new("somebody-else");
    let (authority, alice) = (keypair("authority").pubkey().to_string(), keypair("alice").pubkey().to_string());
    // The plan says that it is alice's now, and that the authority created it.
    let handed = format!("creator = \"{authority}\"\nauthority = \"{alice}\"");
    let other = folder.edit("plans/localnet.toml", &format!("authority = \"{authority}\""), &handed);
    let other = other.load("localnet").unwrap();
    let refused = scene.apply(&other).await.unwrap_err();
    assert!(refused.contains("step 0002-usdc-pool was not executed, because step 0001-market"), "{refused}");
    let status = scene.status(&other).await;
    let Status::Differs(differences) = &status[0] else { panic!("{status:?}") };
    assert_eq!(
        (differences[0].what.as_str(), &differences[0].found, &differences[0].wanted),
        ("authority", &authority, &alice)
    );
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn a_plan_that_is_not_filled_in_is_refused_with_all_that_is_missing() {
    let (scene, folder) = (Scene::new(), Folder::new("placeholders"));
    let mainnet =
        folder.edit("plans/mainnet.toml", "cluster = \"mainnet\"", "cluster = \"local\"").load("mainnet").unwrap();
    let refused = scene.apply(&mainnet).await.unwrap_err();
    for field in ["market.authority", "market.guardian", "market.treasury", "USDC.second_feed", "SOL.second_feed"] {
        assert!(refused.contains(field), "{refused}");
    }
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn what_a_step_needs_on_the_cluster_is_told_when_it_is_missing() {
    let (scene, folder) = (Scene::new(), Folder::new("needs"));
    let nowhere = "So11111111111111111111111111111111111111113";
    let lost = Folder::new("needs-mint")
        .edit("plans/localnet.toml", &USDC.mint().to_string(), nowhere)
        .load("localnet")
        .unwrap();
    let refused = scene.apply(&lost).await.unwrap_err();
    assert!(refused.contains("USDC") && refused.contains("no mint at that address"), "{refused}");

    // Each actor has ten million.
    let generous =
        folder.edit("plans/localnet.toml", "donation = \"1000\"", "donation = \"10000001\"").load("localnet").unwrap();
    let refused = scene.apply(&generous).await.unwrap_err();
    assert!(refused.contains("donates 10,000,001 USDC") && refused.contains("10,000,000 USDC"), "{refused}");
    assert_eq!(scene.status(&generous).await, [Status::Done, Status::Done, Status::Done, Status::ToDo]);
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn a_price_that_is_too_old_stops_before_the_pool() {
    let (scene, plan) = (Scene::new(), localnet_plan());
    scene.localnet.set_outage(true).unwrap();
    // The plan takes prices of an hour.
    scene.localnet.advance(3_601).unwrap();
    let refused = scene.apply(&plan).await.unwrap_err();
    assert!(
        refused.contains("step 0002-usdc-pool") && refused.contains(&USDC.price_account().to_string()),
        "{refused}"
    );
    scene.localnet.set_outage(false).unwrap();
    scene.localnet.make_block().unwrap();
    assert_eq!(scene.apply(&plan).await.unwrap().len(), 3);
    scene.localnet.stop().unwrap();
}

#[tokio::test]
async fn a_cluster_without_the_program_is_refused() {
    let scene = Scene::with(Program::None);
    let refused = scene.apply(&localnet_plan()).await.unwrap_err();
    assert!(refused.contains("is not on this cluster"), "{refused}");
    scene.localnet.stop().unwrap();
}

#[test]
fn files_that_are_wrong_are_told_with_what_is_wrong() {
    let refused = Migration::load(None, "testnet").unwrap_err().to_string();
    assert_eq!(refused, "there is no plan \"testnet\": choose one of devnet, localnet, mainnet");
    let refused = Migration::load(Some(Path::new("/nowhere")), "localnet").unwrap_err().to_string();
    assert!(refused.contains("/nowhere cannot be read"), "{refused}");

    let folder = Folder::new("wrong-field");
    let refused = folder.edit("plans/localnet.toml", "guardian =", "gaurdian =").refused();
    assert!(refused.contains("plan localnet") && refused.contains("gaurdian"), "{refused}");
    let folder = Folder::new("wrong-step");
    let refused = folder.edit("plans/localnet.toml", "[steps.0001-market]", "[steps.0009-market]").refused();
    assert!(refused.contains("the step 0009-market, which does not exist"), "{refused}");
    let folder = Folder::new("wrong-parameter");
    let refused = folder.edit("plans/localnet.toml", "donation =", "present =").refused();
    assert!(refused.contains("gives step 0004-usdc-opening a present"), "{refused}");
    let folder = Folder::new("wrong-kind");
    let refused = folder.edit("0001-market.toml", "kind = \"market\"", "kind = \"bazaar\"").refused();
    assert!(refused.contains("step 0001-market") && refused.contains("bazaar"), "{refused}");
    let folder = Folder::new("gap");
    let step = |number: u8| folder.0.join(format!("000{number}-usdc-opening.toml"));
    fs::rename(step(4), step(5)).unwrap();
    let refused = folder.edit("plans/localnet.toml", "[steps.0004-", "[steps.0005-").refused();
    assert!(refused.contains("step 0005-usdc-opening") && refused.contains("must begin with 0004-"), "{refused}");
}

#[tokio::test]
async fn parameters_that_are_wrong_are_told_with_their_step() {
    let scene = Scene::new();
    let reported = async |name: &str, file: &str, from: &str, to: &str| {
        let folder = Folder::new(name);
        let plan = folder.edit(file, from, to).load("localnet").unwrap();
        scene.apply(&plan).await.unwrap_err()
    };
    let refused = reported("value", "0002-usdc-pool.toml", "kink_bps = \"80%\"", "kink_bps = \"much\"").await;
    assert!(refused.contains("step 0002-usdc-pool") && refused.contains("kink_bps cannot be \"much\""), "{refused}");
    let refused = reported("missing", "0003-sol-collateral.toml", "max_ltv_bps = \"65%\"", "").await;
    assert!(refused.contains("step 0003-sol-collateral") && refused.contains("max_ltv_bps"), "{refused}");
    let refused = reported("donation", "plans/localnet.toml", "donation = \"1000\"", "donation = \"0.999999\"").await;
    assert!(refused.contains("donation cannot be \"0.999999\""), "{refused}");
    let refused = reported("address", "plans/localnet.toml", "guardian = \"", "guardian = \"x").await;
    assert!(refused.contains("market.guardian") && refused.contains("neither an address"), "{refused}");
    let refused = reported("token", "0003-sol-collateral.toml", "token = \"SOL\"", "token = \"BTC\"").await;
    assert!(refused.contains("no [tokens.BTC]"), "{refused}");
    scene.localnet.stop().unwrap();
}
