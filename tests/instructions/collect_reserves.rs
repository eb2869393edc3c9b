use backstop_client::{
    Event, Parameter, ReservesCollected,
    verb::{self, ALL, Target},
};
use backstop_engine::quantity::Assets;
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{make, refuses_signers},
    tampering::*,
};

/// A year at 10 % of Bob's 200 is 21.033333, of which a fifth went to reserves.
const RESERVES: u64 = 4_206_666;

/// That year has passed, and the DAO is about to collect 3 of the reserves.
fn about_to_collect() -> (World, Instruction) {
    let mut world = lent(with_interest());
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!(world.pool().reserves, RESERVES);
    let collect = world.collect_reserves_instruction("dao", 3 * USDC);
    (world, collect)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, collect) = about_to_collect();
    refused(&mut world, collect.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_the_authority() {
    let (mut world, collect) = about_to_collect();
    let others = ["mallory", "guardian", "treasury", "alice"];
    refuses_signers(&mut world, &collect, "authority", &others, &[], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    // Given Mallory is authority and treasury of a market of her own
    let (mut world, collect) = about_to_collect();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    let hers = collect.clone().with("market", other.pool.market).with("authority", mallory);
    for name in ["mallory", "treasury"] {
        let wallet = world.wallet(name, "USDC");
        refused(&mut world, hers.clone().with("destination", wallet), &["mallory"], "WrongMarket");
    }
    refused(&mut world, collect.with("pool", other.pool.pool), &["dao"], "WrongMarket");
}

#[test]
fn rejects_wallet_of_anybody_but_the_treasury() {
    let (mut world, collect) = about_to_collect();
    for name in ["mallory", "dao", "guardian", "alice"] {
        let wallet = world.wallet(name, "USDC");
        refused(&mut world, collect.clone().with("destination", wallet), &["dao"], "WrongTreasury");
    }
    // Also a wallet of the pool's, and the treasury itself, which is no token account
    let vault = world.collateral_key("SOL").vault;
    refused(&mut world, collect.clone().with("destination", vault), &["dao"], "WrongTreasury");
    let treasury = world.actor("treasury");
    refused(&mut world, collect.with("destination", treasury), &["dao"], "AccountDataTooSmall");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, collect) = about_to_collect();
    refuses_other_vaults(&mut world, &collect, &["dao"], &["vault"]);
}

#[test]
fn rejects_vault_as_destination() {
    let (mut world, collect) = about_to_collect();
    refuses_twins(&mut world, &collect, &["dao"], &[("destination", "vault")]);
}

#[test]
fn rejects_other_tokens() {
    let (mut world, collect) = about_to_collect();
    let treasurys = world.wallet("treasury", "SOL");
    refused(&mut world, collect.clone().with("destination", treasurys), &["dao"], "TokenMintMismatch");
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, collect.clone().with("mint", sol), &["dao"], "WrongMint");
    for program in [TOKEN_2022_PROGRAM, backstop_client::PROGRAM_ID] {
        refused(&mut world, collect.clone().with("token_program", program), &["dao"], "IncorrectProgramId");
    }
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, collect) = about_to_collect();
    refuses_other_kinds(&mut world, &collect, &["dao"], &["market", "pool"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, collect) = about_to_collect();
    refuses_forgeries(&mut world, &collect, &["dao"], &["market", "pool", "destination"]);
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_collect();
    let collect = world.collect_reserves_instruction("dao", 0);
    refused(&mut world, collect, &["dao"], "AmountTooSmall");
    // And all, where there is nothing
    let mut world = lent(Setup::default());
    let collect = world.collect_reserves_instruction("dao", ALL);
    refused(&mut world, collect, &["dao"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_the_reserves() {
    let (mut world, _) = about_to_collect();
    for assets in [RESERVES + 1, 200 * USDC, ALL - 1] {
        let collect = world.collect_reserves_instruction("dao", assets);
        refused(&mut world, collect, &["dao"], "InsufficientReserves");
    }
    world.collect_reserves("dao", RESERVES).unwrap();
    let collect = world.collect_reserves_instruction("dao", 1);
    refused(&mut world, collect, &["dao"], "InsufficientReserves");
}

#[test]
fn rejects_reserves_that_known_losses_would_take() {
    // Given Bob's 221.033334 against 10 SOL at 21.90: 2.033334 are expected to be lost, and 2.173332 stay free
    let (mut world, _) = about_to_collect();
    set_cents(&mut world, "SOL", 2_190);
    world.mark("bob").unwrap();
    assert_eq!(world.pool().marked, 2_033_334);
    let collect = world.collect_reserves_instruction("dao", 2_173_333);
    refused(&mut world, collect, &["dao"], "InsufficientReserves");
    world.collect_reserves("dao", ALL).unwrap();
    assert_eq!(world.pool().reserves, 2_033_334);
    assert_eq!(gained(&mut world, "treasury", "USDC"), 2_173_332);
    // When all of it is expected to be lost, then nothing is free
    set_cents(&mut world, "SOL", 1_000);
    world.mark("bob").unwrap();
    for (assets, error) in [(1, "InsufficientReserves"), (ALL, "AmountTooSmall")] {
        let collect = world.collect_reserves_instruction("dao", assets);
        refused(&mut world, collect, &["dao"], error);
    }
}

#[test]
fn rejects_more_than_the_cash() {
    // Given all of Alice's 200 are lent: of 21.033333 the reserves get a fifth, and the fund is owed its tenth for want
    // of cash
    let mut world = World::new(with_interest());
    world.deposit("alice", 200 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.wait(YEAR);
    world.accrue().unwrap();
    assert_eq!((world.pool().reserves, world.pool().insurance_owed, world.pool().cash), (4_206_666, 2_103_333, 0));
    for (assets, error) in [(1, "InsufficientReserves"), (ALL, "AmountTooSmall")] {
        let collect = world.collect_reserves_instruction("dao", assets);
        refused(&mut world, collect, &["dao"], error);
    }
    // When 3.103333 come back, rounded to the debt shares that they pay, then the fund is paid and 1 can be collected
    world.repay("bob", "bob", USDC + 2_103_333).unwrap();
    world.accrue().unwrap();
    let cash = world.pool().cash;
    assert!((USDC - 1..=USDC).contains(&cash));
    let collect = world.collect_reserves_instruction("dao", cash + 1);
    refused(&mut world, collect, &["dao"], "InsufficientReserves");
    world.collect_reserves("dao", ALL).unwrap();
    assert_eq!((world.pool().cash, world.pool().reserves), (0, 4_206_666 - cash));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_the_treasury_and_leaves_nav_as_it_is() {
    // Given NAV of 1,014.723334: 1,000 + 21.033333 - 4.206666 - 2.103333
    let (mut world, collect) = about_to_collect();
    let (before, vault) = (world.pool(), world.balance_at(&world.key().vault));
    assert_eq!(nav(&world), 1_014_723_334);
    let preview = before.totals().collect_reserves(Assets::new(3 * USDC), Assets::ZERO, Assets::new(u64::MAX)).unwrap();
    let receipt = world.execute(collect, &["dao"]).unwrap();
    // Then 3 went from the vault to the treasury, out of cash and of reserves
    let (pool, treasury) = (world.pool(), world.actor("treasury"));
    let (cash, reserves) = (before.cash - 3 * USDC, RESERVES - 3 * USDC);
    let mut expected = backstop_client::Pool { cash, reserves, ..before };
    expected.parameters.caps.released_reserves -= 3 * USDC;
    assert_eq!(pool, expected);
    assert_eq!((nav(&world), world.balance_at(&world.key().vault)), (1_014_723_334, vault - 3 * USDC));
    assert_eq!(world.balance("treasury", "USDC"), STARTING_BALANCE + 3 * USDC);
    let released = Assets::new(u64::MAX - 3 * USDC);
    assert_eq!(preview, (Assets::new(3 * USDC), pool.totals(), released), "preview-is-execution");
    let event = ReservesCollected { pool: world.key().pool, treasury, assets: 3 * USDC, state: state(&pool) };
    assert_eq!(only(&receipt), Event::ReservesCollected(event));
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_all_there_are() {
    let (mut world, _) = about_to_collect();
    world.collect_reserves("dao", ALL).unwrap();
    assert_eq!((world.pool().reserves, gained(&mut world, "treasury", "USDC")), (0, 4_206_666));
    vault_holds_what_is_owed(&world);
    // And Alice can leave once Bob has repaid, rounded up: with 1,000 * 1,014.723336 / 1,000.000001
    world.repay("bob", "bob", ALL).unwrap();
    world.withdraw("alice", ALL).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), 14_723_334);
    vault_holds_what_is_owed(&world);
}

#[test]
fn pays_any_wallet_of_the_treasury() {
    // Given another token account of the treasury's
    let (mut world, collect) = about_to_collect();
    let (wallet, other) = (world.wallet("treasury", "USDC"), solana_address::Address::new_from_array([71; 32]));
    let account = world.account(&wallet).unwrap();
    world.set_account(other, account);
    world.execute(collect.with("destination", other), &["dao"]).unwrap();
    assert_eq!(world.balance_at(&other), STARTING_BALANCE + 3 * USDC);
}

#[test]
fn pays_the_next_treasury_only() {
    let (mut world, collect) = about_to_collect();
    let vera = world.actor("vera").to_bytes();
    make(&mut world, Target::Market, Parameter::Treasury, vera);
    refused(&mut world, collect.clone(), &["dao"], "WrongTreasury");
    let veras = world.wallet("vera", "USDC");
    world.execute(collect.with("destination", veras), &["dao"]).unwrap();
}

#[test]
fn pays_while_all_is_paused() {
    let (mut world, collect) = about_to_collect();
    for what in backstop_client::PausableOperation::ALL {
        world.pause("guardian", *what, 60).unwrap();
    }
    world.execute(collect, &["dao"]).unwrap();
}

#[test]
fn needs_no_price() {
    let (mut world, collect) = about_to_collect();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(collect, &["dao"]).unwrap();
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.collect_reserves("dao", USDC).unwrap()));
    // And collects of that, too
    let mut world = lent(with_interest());
    world.wait(YEAR);
    world.collect_reserves("dao", RESERVES).unwrap();
    let key = *world.key();
    let (dao, wallet) = (world.actor("dao"), world.wallet("treasury", "USDC"));
    refused(&mut world, verb::collect_reserves(&key, dao, wallet, 1), &["dao"], "InsufficientReserves");
}
