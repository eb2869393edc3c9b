//! Obligations with as many collaterals as there can be, each with two feeds: their transactions fit with a lookup
//! table only, and sender, command and bot use one.

use std::{process::Command, sync::Arc};

use backstop_client::{
    Event,
    oracle::pyth_price_feed,
    rpc::{Policy, SendError, Sender},
    token::associated,
    verb::{self, CollateralKey, Liquidator, PriceAccounts, PricedHolding, Prices, TOKEN_PROGRAM},
};
use backstop_engine::price::Quote;
use backstop_localnet::{PriceFile, keypair};
use backstop_testkit::{CollateralSetup, Network, Setup, World, accounts};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

use crate::{
    bot::{Bot, program},
    fixtures::{Chain, Stage, WHOLE_USDC, backstop},
};

const SYMBOLS: [&str; 8] = ["C0", "C1", "C2", "C3", "C4", "C5", "C6", "C7"];
const BORROWERS: [&str; 3] = ["of the sender", "of the command", "of the bot"];
const TABLE: Address = Address::new_from_array([99; 32]);

/// Three who owe 60 against eight times 10 at 1 USD, which fall to 0.90: of 72 the threshold of 80 % carries 57.60. The
/// shortfall is none: 72 / 1.05 is more than 60.
fn world(now: i64) -> World {
    let mut setup = Setup::default();
    setup.liquidity.second_feed = Some(Network::Pyth);
    setup.collaterals = SYMBOLS
        .map(|symbol| {
            let mut collateral = CollateralSetup::new(symbol, 6, 1);
            collateral.token.second_feed = Some(Network::Pyth);
            (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = (500, 500);
            collateral
        })
        .into();
    let mut world = World::new(setup);
    world.advance(now - world.now(), 1);
    world.deposit("alice", 1_000 * WHOLE_USDC).unwrap();
    for who in BORROWERS {
        for symbol in SYMBOLS {
            world.deposit_collateral(who, symbol, 10_000_000).unwrap();
        }
        world.borrow(who, 60 * WHOLE_USDC).unwrap();
    }
    for symbol in SYMBOLS {
        world.set_price(symbol, Quote { price: 90, confidence: 0, exponent: -2 }, 0);
    }
    world
}

/// Where Pyth publishes a token's prices.
fn published(feed: &[u8; 32], second: &[u8; 32]) -> PriceAccounts {
    PriceAccounts { first: pyth_price_feed(feed), second: Some(pyth_price_feed(second)) }
}

/// The world's market on the chain of a stage, with what `erin` pays with. Prices stand where Pyth publishes them.
fn transplant(stage: &Stage, world: &mut World) {
    let key = *world.key();
    let mut all: Vec<Address> = vec![key.market, key.pool, key.vault, key.insurance_fund, key.loss_book, key.mint];
    all.extend(BORROWERS.map(|who| world.obligation_address(who)));
    for symbol in SYMBOLS {
        let CollateralKey { mint, collateral, vault, .. } = world.collateral_key(symbol);
        all.extend([mint, collateral, vault]);
    }
    let mut placed: Vec<(Address, Account)> =
        all.into_iter().map(|address| (address, world.account(&address).unwrap())).collect();
    let symbols = SYMBOLS.iter().chain([&"USDC"]);
    for (symbol, oracle) in symbols.map(|symbol| (*symbol, oracle(world, symbol))) {
        let (from, to) = (world.price_accounts(symbol), published(&oracle.feed, &oracle.second_feed));
        placed.extend(to.all().zip(from.all()).map(|(to, from)| (to, world.account(&from).unwrap())));
    }
    let erin = keypair("erin").pubkey();
    placed.push((associated(&erin, &key.mint, &TOKEN_PROGRAM), accounts::token(&key.mint, &erin, 1_000 * WHOLE_USDC)));
    stage.chain.put_accounts(placed).unwrap();
}

fn oracle(world: &World, symbol: &str) -> backstop_client::OracleParameters {
    match symbol {
        "USDC" => world.pool().parameters.oracle,
        symbol => world.collateral(symbol).parameters.oracle,
    }
}

/// The prices of an obligation that holds everything.
fn prices(world: &World) -> Prices {
    let price = |symbol: &str| {
        let oracle = oracle(world, symbol);
        published(&oracle.feed, &oracle.second_feed)
    };
    let holdings = SYMBOLS.map(|symbol| PricedHolding { key: world.collateral_key(symbol), price: price(symbol) });
    Prices { liquidity: price("USDC"), holdings: holdings.into() }
}

/// The account of a lookup table: a number that says what it is, the slot of its deactivation, and more, in 56 bytes.
fn table(addresses: &[Address]) -> Account {
    let mut data = [&1_u32.to_le_bytes()[..], &u64::MAX.to_le_bytes(), &[0; 44]].concat();
    data.extend(addresses.iter().flat_map(|address| address.to_bytes()));
    let owner = "AddressLookupTab1e1111111111111111111111111".parse().unwrap();
    Account { lamports: 1_000_000_000, data, owner, ..Account::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_collaterals_of_two_feeds_are_liquidated_with_a_lookup_table() {
    let stage = Stage::set(PriceFile::parse("time,SOL,USDC\n2022-11-09,100,1\n").unwrap()).await;
    let mut world = world(Chain::now(&stage.chain));
    transplant(&stage, &mut world);
    let (key, pool) = (*world.key(), world.key().pool.to_string());
    let [of_sender, of_command, of_bot] = BORROWERS.map(|who| world.obligation_address(who));

    // What the command lists goes into a table: the pool's own seven and two prices, and five of each collateral.
    let listed = stage.command("erin", &["show", "addresses", "--pool", &pool]);
    let listed: Vec<Address> = listed.trim().split(',').map(|address| address.parse().unwrap()).collect();
    assert_eq!(listed.len(), 7 + 2 + 8 * 5);
    stage.chain.put_accounts(vec![(TABLE, table(&listed))]).unwrap();

    let (erin, first) = (keypair("erin"), world.collateral_key("C0"));
    let owner = erin.pubkey();
    let wallet = |mint: &Address| associated(&owner, mint, &TOKEN_PROGRAM);
    stage.chain.put_accounts(vec![(wallet(&first.mint), accounts::token(&first.mint, &owner, 0))]).unwrap();
    let liquidator = Liquidator { owner, source: wallet(&key.mint), destination: wallet(&first.mint) };
    let liquidate = verb::liquidate(&key, &first, of_sender, &liquidator, &prices(&world), 5 * WHOLE_USDC, 0);
    let erin = Arc::new(erin);
    let plain = Sender::new(stage.cluster.clone(), erin.clone(), Policy::default());
    let error = plain.send(std::slice::from_ref(&liquidate), &[]).await.unwrap_err();
    assert!(matches!(error, SendError::TooLarge { .. }), "{error}");
    let lookup_tables = stage.cluster.lookup_tables(&[TABLE]).await.unwrap();
    let with_table = Sender::new(stage.cluster.clone(), erin, Policy { lookup_tables, ..Policy::default() });
    let landed = with_table.send(&[liquidate], &[]).await.unwrap();
    let Some(Event::Liquidated(reported)) = landed.logged.events.last() else { panic!("{landed:?}") };
    assert_eq!((reported.obligation, reported.collateral), (of_sender, first.collateral));

    let borrower = world.actor("of the command").to_string();
    let words = ["liquidate", &borrower, &first.mint.to_string(), "--repay", "5", "--pool", &pool].map(str::to_owned);
    let refused = Command::new(program("backstop"))
        .args(["--url", &stage.chain.rpc_url(), "--yes", "--keypair"])
        .arg(stage.folder().join("erin.json"))
        .args(&words)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("--lookup-table"), "{said}");
    let table = TABLE.to_string();
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--lookup-table", &table]).collect();
    backstop(&stage.chain.rpc_url(), &stage.folder().join("erin.json"), &words);
    let debt = async |address: &Address| stage.obligation(address).await.debt_shares;
    assert!(debt(&of_command).await < debt(&of_bot).await);

    let bot = Bot::start(stage.folder(), "erin", &stage.chain.node(), &key.pool, &[TABLE]);
    stage
        .until("the bot has liquidated what it can", async |stage| {
            let held = stage.obligation(&of_bot).await;
            held.debt_shares < 60 * WHOLE_USDC || bot.log().contains("too_large")
        })
        .await;
    assert!(!bot.log().contains("too_large"), "{}", bot.log());
}
