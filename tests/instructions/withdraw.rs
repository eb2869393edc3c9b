use backstop_client::{Event, LossPart, PausableOperation, Withdrawn, verb};
use backstop_engine::quantity::{Assets, Shares};
use backstop_testkit::{STARTING_BALANCE, Setup, World};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// Alice has deposited 1,000, of which 200 are lent; she is about to take 100 back.
fn about_to_withdraw() -> (World, Instruction) {
    let mut world = lent(Setup::default());
    let withdraw = world.withdraw_instruction("alice", 100 * USDC);
    (world, withdraw)
}

fn withdraw_of(world: &mut World, who: &str, shares: u64, min_assets: u64) -> Instruction {
    let (owner, destination) = (world.actor(who), world.wallet(who, "USDC"));
    verb::withdraw(world.key(), owner, destination, shares, min_assets)
}

#[test]
fn rejects_missing_signature() {
    let (mut world, withdraw) = about_to_withdraw();
    refused(&mut world, withdraw.unsigned("owner"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_signature_of_another() {
    let (mut world, withdraw) = about_to_withdraw();
    let mallory = world.actor("mallory");
    refused(&mut world, withdraw.with("owner", mallory), &["mallory"], "WrongOwner");
}

#[test]
fn rejects_withdrawal_while_withdrawals_are_paused() {
    let (mut world, withdraw) = about_to_withdraw();
    let too_much = withdraw_of(&mut world, "alice", 1_001 * USDC, 0);
    stops_while_paused(&mut world, PausableOperation::Withdraw, &withdraw, &too_much, &["alice"]);
}

#[test]
fn rejects_position_of_another() {
    let (mut world, _) = about_to_withdraw();
    world.open_position("mallory").unwrap();
    let alices = position_of(&mut world, "alice");
    let withdraw = world.withdraw_instruction("mallory", 1).with("position", alices);
    refused(&mut world, withdraw, &["mallory"], "WrongOwner");
}

#[test]
fn rejects_position_in_another_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let (other, alice) = (Neighbour::new(&mut world, &["alice"]), world.actor("alice"));
    refused(&mut world, withdraw.with("position", other.position(&alice)), &["alice"], "WrongPool");
}

#[test]
fn rejects_another_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let other = Neighbour::new(&mut world, &["alice"]);
    refused(&mut world, withdraw.with("pool", other.pool.pool), &["alice"], "WrongPool");
}

#[test]
fn rejects_vault_of_a_collateral() {
    let (mut world, withdraw) = about_to_withdraw();
    let vault = world.collateral_key("SOL").vault;
    refused(&mut world, withdraw.with("vault", vault), &["alice"], "WrongVault");
}

#[test]
fn rejects_vault_of_another_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, withdraw.with("vault", other.pool.vault), &["alice"], "WrongVault");
}

#[test]
fn rejects_vault_as_destination() {
    let (mut world, withdraw) = about_to_withdraw();
    let vault = world.key().vault;
    refused(&mut world, withdraw.with("destination", vault), &["alice"], "ConstraintDuplicateMutableAccount");
}

#[test]
fn rejects_destination_of_other_mint() {
    let (mut world, withdraw) = about_to_withdraw();
    let sol = world.wallet("alice", "SOL");
    refused(&mut world, withdraw.with("destination", sol), &["alice"], "TokenMintMismatch");
}

#[test]
fn rejects_other_mint() {
    let (mut world, withdraw) = about_to_withdraw();
    let sol = world.collateral_key("SOL").mint;
    refused(&mut world, withdraw.with("mint", sol), &["alice"], "WrongMint");
}

#[test]
fn rejects_token_program_of_another_kind() {
    let (mut world, withdraw) = about_to_withdraw();
    refused(&mut world, withdraw.with("token_program", TOKEN_2022_PROGRAM), &["alice"], "IncorrectProgramId");
}

#[test]
fn rejects_pool_of_another_program() {
    let (mut world, withdraw) = about_to_withdraw();
    let pool = world.key().pool;
    let forged = forged(&mut world, pool);
    refused(&mut world, withdraw.with("pool", forged), &["alice"], "IllegalOwner");
}

#[test]
fn rejects_position_of_another_program() {
    let (mut world, withdraw) = about_to_withdraw();
    let position = position_of(&mut world, "alice");
    let forged = forged(&mut world, position);
    refused(&mut world, withdraw.with("position", forged), &["alice"], "IllegalOwner");
}

#[test]
fn rejects_fund_as_pool() {
    let (mut world, withdraw) = about_to_withdraw();
    let other = Neighbour::new(&mut world, &[]);
    refused(&mut world, withdraw.with("pool", other.pool.insurance_fund), &["alice"], "AccountDataTooSmall");
}

#[test]
fn rejects_obligation_as_position() {
    let (mut world, withdraw) = about_to_withdraw();
    let obligation = world.obligation_address("bob");
    refused(&mut world, withdraw.with("position", obligation), &["alice"], "InvalidAccountData");
}

#[test]
fn rejects_leaving_at_once_where_a_notice_is_due() {
    for mut world in [lent(with_notice()), tripped()] {
        for (wait, shares) in [(0, 1), (0, 100 * USDC), (0, u64::MAX), (86_400, 100 * USDC)] {
            world.wait(wait);
            let withdraw = withdraw_of(&mut world, "alice", shares, 0);
            refused(&mut world, withdraw, &["alice"], "NoticeDue");
        }
        // Nor with what was asked for, when it has matured: that is executed
        world.request_withdrawal("alice", 100 * USDC).unwrap();
        world.wait(86_400);
        let withdraw = withdraw_of(&mut world, "alice", 100 * USDC, 0);
        refused(&mut world, withdraw, &["alice"], "NoticeDue");
    }
}

#[test]
fn rejects_shares_that_are_requested() {
    // Given Alice asked for 100 while the breaker was tripped, which has ended since
    let mut world = tripped();
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.wait(483_840);
    let beyond = withdraw_of(&mut world, "alice", 900 * USDC + 1, 0);
    refused(&mut world, beyond, &["alice"], "InsufficientShares");
    // Then all are the other 900, of which there is cash for 750 at 0.95
    world.withdraw("alice", 600 * USDC).unwrap();
    assert_eq!(world.position("alice").unwrap().request.shares, 100 * USDC);
    world.deposit("carol", 500 * USDC).unwrap();
    world.withdraw("alice", u64::MAX).unwrap();
    assert_eq!(shares_of(&mut world, "alice"), 100 * USDC, "no-stale-exit");
    let none = withdraw_of(&mut world, "alice", u64::MAX, 0);
    refused(&mut world, none, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_nothing() {
    let (mut world, _) = about_to_withdraw();
    let withdraw = withdraw_of(&mut world, "alice", 0, 0);
    refused(&mut world, withdraw, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_more_shares_than_held() {
    // Given Carol holds shares, so that Alice's are not all there are
    let (mut world, _) = about_to_withdraw();
    world.deposit("carol", 1_000 * USDC).unwrap();
    for shares in [1_000 * USDC + 1, u64::MAX - 1] {
        let withdraw = withdraw_of(&mut world, "alice", shares, 0);
        refused(&mut world, withdraw, &["alice"], "InsufficientShares");
    }
}

#[test]
fn rejects_leaving_while_a_known_loss_waits() {
    // Given a unit more than a ten-thousandth of 1,000 is marked, then exactly that
    let (mut world, withdraw) = about_to_withdraw();
    mark_bob_with(&mut world, 100_001);
    refused(&mut world, withdraw.clone(), &["alice"], "PoolOnHold");
    mark_bob_with(&mut world, 100_000);
    world.execute(withdraw.clone(), &["alice"]).unwrap();
    // Then it is more than a ten-thousandth of the 900 that are left: nobody follows
    assert_eq!(world.pool().hold.on, 1);
    refused(&mut world, withdraw, &["alice"], "PoolOnHold");
}

#[test]
fn rejects_more_than_the_cash() {
    // Given 800 in cash
    let (mut world, _) = about_to_withdraw();
    let withdraw = withdraw_of(&mut world, "alice", 800 * USDC + 1, 0);
    refused(&mut world, withdraw, &["alice"], "InsufficientCash");
}

#[test]
fn rejects_fewer_assets_than_the_bound() {
    let (mut world, _) = about_to_withdraw();
    let withdraw = withdraw_of(&mut world, "alice", 100, 101);
    refused(&mut world, withdraw, &["alice"], "SlippageExceeded");
}

#[test]
fn rejects_shares_of_a_past_generation() {
    let mut world = wiped_out();
    world.deposit("carol", 100 * USDC).unwrap();
    let one = withdraw_of(&mut world, "alice", 1, 0);
    refused(&mut world, one, &["alice"], "InsufficientShares");
    let all = withdraw_of(&mut world, "alice", u64::MAX, 0);
    refused(&mut world, all, &["alice"], "AmountTooSmall");
}

#[test]
fn rejects_shares_worth_nothing() {
    // Given a loss of half of NAV, so that a share is worth half a base unit
    let mut world = about_to_be_wiped_out();
    world.deposit("alice", 200 * USDC).unwrap();
    world.record_bad_debt("bob").unwrap();
    assert_eq!(nav(&world), 200 * USDC);
    let withdraw = withdraw_of(&mut world, "alice", 1, 0);
    refused(&mut world, withdraw, &["alice"], "AmountTooSmall");
}

#[test]
fn pays_out_the_cash_to_the_last_unit() {
    // Given 800 in cash
    let (mut world, _) = about_to_withdraw();
    // When Alice takes exactly that, with the bound exactly met
    let withdraw = withdraw_of(&mut world, "alice", 800 * USDC, 800 * USDC);
    let receipt = world.execute(withdraw, &["alice"]).unwrap();
    // Then nothing but the fund's 50 is in the vault
    let (pool, owner) = (world.pool(), world.actor("alice"));
    assert_eq!((pool.cash, pool.shares), (0, 200 * USDC));
    assert_eq!(world.balance_at(&world.key().vault), 50 * USDC);
    assert_eq!(world.balance("alice", "USDC"), STARTING_BALANCE - 200 * USDC);
    let (assets, shares) = (800 * USDC, 800 * USDC);
    let event = Withdrawn { pool: world.key().pool, owner, assets, shares, state: state(&pool) };
    assert_eq!(only(&receipt), Event::Withdrawn(event));
}

#[test]
fn pays_nav_after_interest() {
    // Given a year of interest: NAV is 1,014.723334
    let mut world = lent(with_interest());
    world.wait(YEAR);
    let preview = world.pool().totals_at(world.now()).unwrap().withdraw(Shares::new(500 * USDC)).unwrap();
    // When Alice burns half of her shares
    world.withdraw("alice", 500 * USDC).unwrap();
    // Then she gets 500 * 1,014.723335 / 1,000.000001
    assert_eq!(world.balance("alice", "USDC"), STARTING_BALANCE - 1_000 * USDC + 507_361_666);
    assert_eq!(preview.assets.get(), 507_361_666, "preview-is-execution");
    assert_eq!(world.pool().totals(), preview.totals, "preview-is-execution");
}

#[test]
fn pays_a_friend() {
    let (mut world, withdraw) = about_to_withdraw();
    let carols = world.wallet("carol", "USDC");
    world.execute(withdraw.with("destination", carols), &["alice"]).unwrap();
    assert_eq!(world.balance("carol", "USDC"), STARTING_BALANCE + 100 * USDC);
}

#[test]
fn leaves_the_rounding_dust_of_the_last_to_reserves() {
    // Given Alice alone and a year of interest, all repaid
    let mut world = lent(with_interest());
    world.wait(YEAR);
    world.repay("bob", "bob", u64::MAX).unwrap();
    let (reserves, worth) = (world.pool().reserves, nav(&world));
    // When she burns all shares
    world.withdraw("alice", u64::MAX).unwrap();
    // Then what rounding and the virtual share withheld is nobody's but the reserves'
    let (pool, paid) = (world.pool(), world.balance("alice", "USDC") - (STARTING_BALANCE - 1_000 * USDC));
    assert_eq!((pool.shares, nav(&world)), (0, 0));
    assert_eq!(pool.reserves - reserves, worth - paid);
    assert!(worth - paid <= 1);
}

#[test]
fn needs_no_price() {
    // Given every price is a day old
    let (mut world, withdraw) = about_to_withdraw();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    // Then leaving works: always-open
    world.execute(withdraw, &["alice"]).unwrap();
}

#[test]
fn counts_interest() {
    counts_interest_first(|| lent(with_interest()), |world| drop(world.withdraw("alice", 100 * USDC).unwrap()));
}

#[test]
fn leaves_without_notice_once_the_breaker_has_ended() {
    let mut world = tripped();
    world.wait(483_839);
    let withdraw = withdraw_of(&mut world, "alice", 200 * USDC, 0);
    refused(&mut world, withdraw.clone(), &["alice"], "NoticeDue");
    world.wait(1);
    world.execute(withdraw, &["alice"]).unwrap();
    assert_eq!(gained(&mut world, "alice", "USDC"), usdc(-1_000 + 190), "breaker");
}

#[test]
fn keeps_claims_of_one_who_leaves() {
    // Given Alice lost 50 and left
    let mut world = recorded(Setup::default());
    world.withdraw("alice", u64::MAX).unwrap();
    let losses = world.position("alice").unwrap().losses(&world.loss_book());
    let bore = LossPart { loss: 1, lost: Assets::new(50 * USDC), recovered: Assets::ZERO };
    assert_eq!(losses, [bore], "claims-follow");
    // When 20 come back, then her half of them is hers
    world.repay("bob", "bob", 20 * USDC).unwrap();
    assert_eq!(world.claimable("alice"), [(1, 10 * USDC)], "claims-follow");
}
