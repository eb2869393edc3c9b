use backstop_client::{
    Collateral, CollateralAdded, CollateralParameters, Event, address,
    verb::{self, CollateralKey},
};
use backstop_testkit::{Setup, World};
use solana_account::Account;
use solana_instruction::Instruction;

use crate::{misuse::*, scene::*};

fn parameters() -> CollateralParameters {
    Setup::default().collaterals[0].parameters
}

/// A pool of USDC that takes SOL; the DAO is about to list ETH.
fn about_to_add() -> (World, CollateralKey, Instruction) {
    let mut world = World::new(Setup::default());
    let mint = solana_address::Address::new_from_array([70; 32]);
    let account = world.account(&world.collateral_key("SOL").mint).unwrap();
    world.set_account(mint, account);
    let key = CollateralKey::new(&world.key().pool, mint);
    let add = add_of(&mut world, &key, parameters());
    (world, key, add)
}

fn add_of(world: &mut World, key: &CollateralKey, parameters: CollateralParameters) -> Instruction {
    let (dao, payer) = (world.actor("dao"), world.payer());
    verb::add_collateral(world.key(), key, dao, payer, parameters)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, _, add) = about_to_add();
    refused(&mut world, add.unsigned("authority"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_other_authority() {
    let (mut world, _, add) = about_to_add();
    let mallory = world.actor("mallory");
    refused(&mut world, add.with("authority", mallory), &["mallory"], "WrongAuthority");
}

#[test]
fn rejects_another_market() {
    // Given Mallory's own market
    let (mut world, _, add) = about_to_add();
    let (other, mallory) = (Neighbour::new(&mut world, &[]), world.actor("mallory"));
    // When she passes it to list collateral in the DAO's pool, then she is refused
    let add = add.with("market", other.pool.market).with("authority", mallory);
    refused(&mut world, add, &["mallory"], "WrongMarket");
}

#[test]
fn rejects_another_pool() {
    let (mut world, _, add) = about_to_add();
    let other = Neighbour::new(&mut world, &[]);
    let key = CollateralKey::new(&other.pool.pool, add.address_of("mint"));
    let add = add.with("pool", other.pool.pool).with("collateral", key.collateral).with("vault", key.vault);
    refused(&mut world, add, &["dao"], "WrongMarket");
}

#[test]
fn rejects_market_of_another_program() {
    let (mut world, _, add) = about_to_add();
    let market = world.key().market;
    let forged = forged(&mut world, market);
    refused(&mut world, add.with("market", forged), &["dao"], "IllegalOwner");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, _, add) = about_to_add();
    let fund = world.key().insurance_fund;
    refused(&mut world, add.with("pool", fund), &["dao"], "AccountDataTooSmall");
}

#[test]
fn rejects_mint_that_is_listed() {
    let (mut world, _, _) = about_to_add();
    let key = world.collateral_key("SOL");
    let again = add_of(&mut world, &key, parameters());
    refused(&mut world, again, &["dao"], "AccountAlreadyInUse");
}

#[test]
fn rejects_addresses_of_another_mint() {
    let (mut world, key, add) = about_to_add();
    let other = CollateralKey::new(&world.key().pool, world.key().mint);
    refused(&mut world, add.clone().with("collateral", other.collateral), &["dao"], "InvalidSeeds");
    refused(&mut world, add.clone().with("vault", other.vault), &["dao"], "InvalidSeeds");
    refused(&mut world, add.with("vault", key.collateral), &["dao"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_mint_of_token_2022() {
    let (mut world, key, _) = about_to_add();
    let account = world.account(&key.mint).unwrap();
    world.set_account(key.mint, Account { owner: TOKEN_2022, ..account });
    let key = CollateralKey { token_program: TOKEN_2022, ..key };
    let add = add_of(&mut world, &key, parameters());
    refused(&mut world, add, &["dao"], "UnsupportedToken");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, _, add) = about_to_add();
    refused(&mut world, add.with("token_program", TOKEN_2022), &["dao"], "IncorrectProgramId");
}

#[test]
fn rejects_parameters_beyond_their_bounds() {
    let (mut world, key, _) = about_to_add();
    let changes: [fn(&mut CollateralParameters); 7] = [
        |p| p.max_ltv_bps = 8_001,
        |p| p.liquidation_threshold_bps = 7_499,
        |p| p.liquidation_threshold_bps = 10_000,
        |p| (p.max_ltv_bps, p.liquidation_threshold_bps) = (u32::MAX, u32::MAX),
        |p| p.oracle.max_age_seconds = 0,
        |p| p.oracle.max_confidence_bps = 0,
        |p| p.oracle.max_confidence_bps = 10_000,
    ];
    for change in changes {
        let mut parameters = parameters();
        change(&mut parameters);
        let add = add_of(&mut world, &key, parameters);
        refused(&mut world, add, &["dao"], "InvalidParameter");
    }
}

#[test]
fn rejects_threshold_at_which_a_liquidation_leaves_bad_debt() {
    // Given a minimum bonus of 5 %: 95.24 % * 1.05 is beyond all the collateral
    let mut setup = Setup::default();
    (setup.parameters.liquidation.bonus_min_bps, setup.parameters.liquidation.bonus_max_bps) = (500, 500);
    setup.collaterals[0].parameters.liquidation_threshold_bps = 9_523;
    assert!(World::try_new(setup.clone()).is_ok());
    setup.collaterals[0].parameters.liquidation_threshold_bps = 9_524;
    let refusal = World::try_new(setup).err().map(|failure| failure.refusal.name());
    assert_eq!(refusal.as_deref(), Some("InvalidParameter"));
}

#[test]
fn lists_a_token() {
    // When the DAO lists ETH
    let (mut world, key, add) = about_to_add();
    let receipt = world.execute(add, &["dao"]).unwrap();
    // Then the collateral is the pool's, knows its vault, and nothing is in it
    let stored = Collateral::from_account_data(&world.account(&key.collateral).unwrap().data).unwrap();
    assert_eq!((stored.pool, stored.mint, stored.vault), (world.key().pool, key.mint, key.vault));
    assert_eq!((stored.parameters, stored.deposited), (parameters(), 0));
    assert_eq!((stored.decimals, stored.version), (9, 1));
    let vault = world.account(&key.vault).unwrap();
    assert_eq!(vault.owner, verb::TOKEN_PROGRAM);
    assert_eq!(vault.data[..32], key.mint.to_bytes());
    assert_eq!(vault.data[32..64], key.collateral.to_bytes());
    let event = CollateralAdded { pool: world.key().pool, collateral: key.collateral, mint: key.mint };
    assert_eq!(only(&receipt), Event::CollateralAdded(event));
    assert_eq!(key.collateral, address::collateral(&world.key().pool, &key.mint));
}
