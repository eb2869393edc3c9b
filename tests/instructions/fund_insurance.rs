use backstop_client::{Event, InsuranceFunded};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Ines is about to give 50.
fn about_to_give() -> (World, Instruction) {
    let mut world = World::new(Setup::default());
    let give = world.fund_insurance_instruction("ines", 50 * USDC);
    (world, give)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, give) = about_to_give();
    refused(&mut world, give.unsigned("donor"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_giving_what_is_anothers() {
    let (mut world, give) = about_to_give();
    let mallory = world.actor("mallory");
    refused(&mut world, give.with("donor", mallory), &["mallory"], "TokenOwnerMismatch");
}

#[test]
fn rejects_fund_of_another_pool() {
    let (mut world, give) = about_to_give();
    let other = Neighbour::new(&mut world, &[]);
    refused(
        &mut world,
        give.clone().with("insurance_fund", other.pool.insurance_fund),
        &["ines"],
        "WrongInsuranceFund",
    );
    refused(&mut world, give.with("pool", other.pool.pool), &["ines"], "WrongInsuranceFund");
}

#[test]
fn rejects_every_other_vault() {
    let (mut world, give) = about_to_give();
    refuses_other_vaults(&mut world, &give, &["ines"], &["vault"]);
}

#[test]
fn rejects_vault_as_source() {
    let (mut world, give) = about_to_give();
    let vault = world.key().vault;
    refused(&mut world, give.with("source", vault), &["ines"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_other_mint() {
    let (mut world, give) = about_to_give();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, give.with("mint", sol), &["ines"], "WrongMint");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, give) = about_to_give();
    refused(&mut world, give.with("token_program", TOKEN_2022_PROGRAM), &["ines"], "IncorrectProgramId");
}

#[test]
fn rejects_accounts_of_another_kind_as_fund() {
    let (mut world, give) = about_to_give();
    let (market, other) = (world.key().market, Neighbour::new(&mut world, &[]));
    refused(&mut world, give.clone().with("insurance_fund", market), &["ines"], "AccountDataTooSmall");
    refused(&mut world, give.with("insurance_fund", other.pool.pool), &["ines"], "InvalidAccountData");
}

#[test]
fn rejects_fund_of_another_program() {
    let (mut world, give) = about_to_give();
    let fund = world.key().insurance_fund;
    let forged = forged(&mut world, fund);
    refused(&mut world, give.with("insurance_fund", forged), &["ines"], "IllegalOwner");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_give();
    let give = world.fund_insurance_instruction("ines", 0);
    refused(&mut world, give, &["ines"], "AmountTooSmall");
}

#[test]
fn rejects_more_than_the_wallet_holds() {
    let (mut world, _) = about_to_give();
    let give = world.fund_insurance_instruction("ines", STARTING_BALANCE + 1);
    refused(&mut world, give, &["ines"], "TokenInsufficientFunds");
}

#[test]
fn rejects_more_than_a_fund_can_hold() {
    let (mut world, give) = about_to_give();
    world.execute(give, &["ines"]).unwrap();
    let more = world.fund_insurance_instruction("ines", u64::MAX);
    refused(&mut world, more, &["ines"], "MathOverflow");
}

#[test]
fn takes_donations_from_anyone() {
    // When Ines and Alice give
    let (mut world, give) = about_to_give();
    world.execute(give, &["ines"]).unwrap();
    let receipt = world.fund_insurance("alice", 7 * USDC).unwrap();
    // Then the fund holds both protocol-owned shares, and the pool has nothing of them
    let (pool, donor) = (world.key().pool, world.actor("alice"));
    assert_eq!((world.fund().assets, world.pool().cash), (57 * USDC, 0));
    assert_eq!(world.balance_at(&world.key().vault), 57 * USDC);
    assert_eq!(world.balance("alice", "USDC"), STARTING_BALANCE - 7 * USDC);
    let event = InsuranceFunded { pool, donor, assets: 7 * USDC, insurance_assets: 57 * USDC };
    assert_eq!(only(&receipt), Event::InsuranceFunded(event));
}
