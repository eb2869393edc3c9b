//! Every account of every instruction, replaced by every other account at hand. The modules of the instructions name
//! the misuses that matter; this finds those that nobody thought of.

use std::collections::BTreeSet;

use backstop_client::{
    AccountData, Parameter, PausableOperation, address,
    verb::{self, PoolKey, SYSTEM_PROGRAM, TOKEN_PROGRAM, Target},
};
use backstop_testkit::World;
use solana_account::Account;
use solana_address::{Address, address as at};
use solana_instruction::Instruction;

use crate::{fixtures::*, tampering::*};

/// An instruction that succeeds, who signs it, and which accounts may be others, too. A `signer` may be the guardian or
/// the authority anywhere, and a `change` any that is queued, as long as what it takes is there.
struct Valid {
    verb: &'static str,
    instruction: Instruction,
    signers: Vec<&'static str>,
    /// Accounts that are anyone's choice: who is paid, who pays the rent, whose debt is paid.
    free: &'static [&'static str],
}

/// Alice lent, Bob owes 200 against SOL and ETH that do not carry it, Dora owes 80 against dust of both (in the other
/// order), Carl holds SOL and owes nothing, Ben is healthy. Eve's 400 were recorded, and some of it is recovered, for
/// LPs and stakers. Sam has asked to leave the fund, and Alice to withdraw. A day ago the DAO proposed Ann as its
/// successor, and queued a change each of the market, of the pool and of SOL. What Alex and Sue asked for was executed,
/// and waits to be collected.
fn crowd() -> World {
    let mut setup = two_collaterals();
    (setup.parameters.exit.notice_seconds, setup.parameters.insurance.cooldown_seconds) = (3_600, 86_400);
    (setup.parameters.rates.base_bps, setup.parameters.rates.reserve_factor_bps) = (1_000, 2_000);
    setup.parameters.loss.insurance_share_bps = 1_000;
    // Such that what is asked for SOL would not do for ETH.
    setup.collaterals[0].parameters.liquidation_threshold_bps = 8_500;
    setup.collaterals[1].parameters.max_ltv_bps = 7_000;
    let mut world = lent(setup);
    world.propose_authority("dao", "ann").unwrap();
    for (nonce, target, parameter, value) in [
        (1, Target::Market, Parameter::TimelockSeconds, 90_000),
        (2, world.target(None), Parameter::BaseBps, 900),
        (3, world.target(Some("SOL")), Parameter::MaxLtvBps, 7_000),
    ] {
        world.queue_change("dao", target, nonce, parameter, verb::number(value)).unwrap();
    }
    world.wait(86_400);
    world.deposit("ann", 100 * USDC).unwrap();
    world.stake("sam", 1_000 * USDC).unwrap();
    world.stake("sue", 1_000 * USDC).unwrap();
    lend_and_lose(&mut world, "eve", 400 * USDC);
    world.repay("eve", "eve", 380 * USDC).unwrap();
    // Their shares change after the loss: a row each that can be given up.
    world.deposit("alice", USDC).unwrap();
    world.stake("sam", USDC).unwrap();
    for holder in [position_of(&mut world, "alice"), stake_address(&mut world, "sam")] {
        world.open_claim(holder, 1).unwrap();
    }
    world.set_dollars("SOL", 30);
    world.deposit("alex", 100 * USDC).unwrap();
    world.request_withdrawal("alex", 50 * USDC).unwrap();
    world.request_unstake("sue", 100 * USDC).unwrap();
    world.wait(86_400);
    world.execute_withdrawal("alex").unwrap();
    world.execute_unstake("sue").unwrap();
    world.request_withdrawal("alice", 100 * USDC).unwrap();
    world.request_unstake("sam", 100 * USDC).unwrap();
    world.wait(86_400);
    world.deposit_collateral("bob", "ETH", ETH / 1_000).unwrap();
    world.deposit_collateral("carl", "SOL", SOL).unwrap();
    world.deposit_collateral("ben", "SOL", 100 * SOL).unwrap();
    world.borrow("ben", 10 * USDC).unwrap();
    world.deposit_collateral("dora", "ETH", 9_000).unwrap();
    world.deposit_collateral("dora", "SOL", 4 * SOL).unwrap();
    world.borrow("dora", 80 * USDC).unwrap();
    let (ola, payer, pool) = (world.actor("ola"), world.payer(), olas_pool(&mut world));
    let (price, parameters) = (world.price_accounts("USDC"), pool_parameters(&world, "USDC"));
    let create = verb::create_pool(&pool, ola, payer, &price, parameters);
    world.execute_all(&[verb::create_market(&hands_of(ola), payer, 0), create], &["ola"]).unwrap();
    world
}

/// A pool of Ola's that is not open yet.
fn olas_pool(world: &mut World) -> PoolKey {
    PoolKey::new(address::market(&world.actor("ola"), 0), world.key().mint)
}

/// Prices at which Bob, with 4 USD, can be liquidated but not recorded, and Dora, with 98 cents, can be recorded.
fn crash(world: &mut World) {
    set_cents(world, "SOL", 20);
    world.set_dollars("ETH", 2_000);
}

fn all(world: &mut World) -> Vec<Valid> {
    let (payer, dao, zoe) = (world.payer(), world.actor("dao"), world.actor("zoe"));
    let guardian = world.actor("guardian");
    let (key, mint) = (*world.key(), world.collateral_key("ETH").mint);
    let (anns, sues) = (position_of(world, "ann"), stake_address(world, "sue"));
    let (alices, sams) = (position_of(world, "alice"), stake_address(world, "sam"));
    let new_pool = PoolKey::new(key.market, mint);
    let new_collateral = verb::CollateralKey::new(&key.pool, key.mint);
    let (ola, pool, source) = (world.actor("ola"), olas_pool(world), world.wallet("ola", "USDC"));
    let open_pool = verb::open_pool(&pool, ola, source, USDC);
    let rent: &[&str] = &["payer"];
    let valid = |verb, instruction, signers: &[&'static str], free| Valid {
        verb,
        instruction,
        signers: signers.to_vec(),
        free,
    };
    vec![
        valid("create_market", verb::create_market(&hands_of(zoe), payer, 5), &["zoe"], &["payer", "authority"]),
        valid(
            "create_pool",
            verb::create_pool(&new_pool, dao, payer, &world.price_accounts("ETH"), pool_parameters(world, "ETH")),
            &["dao"],
            rent,
        ),
        valid(
            "add_collateral",
            verb::add_collateral(
                &key,
                &new_collateral,
                dao,
                payer,
                &world.price_accounts("USDC"),
                collateral_parameters(world, "USDC"),
            ),
            &["dao"],
            rent,
        ),
        valid("open_pool", open_pool, &["ola"], &[]),
        valid("open_position", verb::open_position(&key, zoe, payer), &[], rent),
        valid("open_obligation", verb::open_obligation(&key, zoe, payer), &[], rent),
        valid("deposit", world.deposit_instruction("alice", USDC), &["alice"], &[]),
        valid("withdraw", world.withdraw_instruction("alice", USDC), &["alice"], &["destination"]),
        valid("deposit_collateral", world.deposit_collateral_instruction("bob", "SOL", 1), &["bob"], &["obligation"]),
        valid(
            "withdraw_collateral",
            world.withdraw_collateral_instruction("ben", "SOL", SOL),
            &["ben"],
            &["destination"],
        ),
        valid("borrow", world.borrow_instruction("ben", USDC), &["ben"], &["destination"]),
        valid("repay", world.repay_instruction("bob", "bob", USDC), &["bob"], &["obligation"]),
        valid("accrue", verb::accrue(&key), &[], &["pool"]),
        valid("liquidate", world.liquidate_instruction("liz", "bob", "SOL", USDC), &["liz"], &["destination"]),
        valid("record_bad_debt", world.record_bad_debt_instruction("dora"), &[], &[]),
        valid("fund_insurance", world.fund_insurance_instruction("ines", USDC), &["ines"], &[]),
        // Anyone's, if it holds the same or less in the same order.
        valid("mark", world.mark_instruction("bob"), &[], &["obligation"]),
        valid("report_price", world.report_price_instruction("SOL"), &[], &["collateral"]),
        valid("recover", world.repay_instruction("liz", "eve", USDC), &["liz"], &["obligation"]),
        valid("claim_recovery", world.claim_recovery_instruction("alice", 1), &["alice"], &["destination"]),
        valid("open_claim", verb::open_claim(anns, payer, 1), &[], rent),
        valid("extend_loss_book", verb::extend_loss_book(&key, payer, 1), &[], rent),
        valid("extend_history", verb::extend_history(anns, payer, 1), &[], &["payer", "holder"]),
        valid("extend_history of a stake", verb::extend_history(sues, payer, 1), &[], &["payer", "holder"]),
        valid("trim_history", verb::trim_history(alices, world.actor("alice"), 1), &["alice"], &[]),
        valid("trim_history of a stake", verb::trim_history(sams, world.actor("sam"), 1), &["sam"], &[]),
        valid("transfer_shares", world.transfer_shares_instruction("alice", "ann", USDC), &["alice", "ann"], &[]),
        valid("request_withdrawal", world.request_withdrawal_instruction("ann", USDC), &["ann"], &[]),
        valid("execute_withdrawal", world.execute_withdrawal_instruction("alice"), &[], &[]),
        valid("collect", world.collect_withdrawal_instruction("alex"), &["alex"], &["destination"]),
        valid("open_stake", verb::open_stake(&key, zoe, payer), &[], rent),
        valid("stake", world.stake_instruction("sam", USDC), &["sam"], &[]),
        valid("request_unstake", world.request_unstake_instruction("sue", USDC), &["sue"], &[]),
        valid("execute_unstake", world.execute_unstake_instruction("sam"), &[], &[]),
        valid("collect of a staker", world.collect_unstake_instruction("sue"), &["sue"], &["destination"]),
        valid("claim_stake_recovery", world.claim_stake_recovery_instruction("sam", 1), &["sam"], &[]),
        valid("refresh_risk", world.refresh_risk_instruction("SOL"), &[], &[]),
        valid("pause", verb::pause(&key, guardian, PausableOperation::Deposit, 60), &["guardian"], &[]),
        valid("unpause", verb::unpause(&key, dao, PausableOperation::Deposit), &["dao"], &[]),
        valid("propose_authority", verb::propose_authority(key.market, dao, zoe), &["dao"], &[]),
        valid("accept_authority", verb::accept_authority(key.market, world.actor("ann")), &["ann"], &[]),
        valid("cancel_authority", verb::cancel_authority(key.market, guardian), &["guardian"], &[]),
        valid("collect_reserves", world.collect_reserves_instruction("dao", 1), &["dao"], &[]),
    ]
    .into_iter()
    .chain(changes(world))
    .collect()
}

/// Instructions that change parameters: of the market, of the pool, of a collateral. An account that a parameter needs
/// none of may be passed all the same, if it is of its kind.
fn changes(world: &mut World) -> Vec<Valid> {
    let (key, payer, dao, guardian) = (*world.key(), world.payer(), world.actor("dao"), world.actor("guardian"));
    let sol = world.collateral_key("SOL").collateral;
    let tighten = |collateral, parameter| verb::tighten(&key, guardian, collateral, parameter, verb::number(7_400));
    let mut all = vec![
        Valid {
            verb: "tighten of a pool",
            instruction: tighten(None, Parameter::MaxPremiumBps),
            signers: vec!["guardian"],
            free: &["collateral"],
        },
        Valid {
            verb: "tighten of a collateral",
            instruction: tighten(Some(sol), Parameter::MaxLtvBps),
            signers: vec!["guardian"],
            free: &[],
        },
    ];
    let queue = |target, parameter, value| {
        verb::queue_change(key.market, dao, payer, target, 9, parameter, verb::number(value))
    };
    let execute = |target, nonce| verb::execute_change(key.market, dao, payer, target, nonce);
    let (market, pool, collateral) = (Target::Market, world.target(None), world.target(Some("SOL")));
    let of_dao = |verb, instruction, free| Valid { verb, instruction, signers: vec!["dao"], free };
    all.extend([
        of_dao(
            "queue_change of a market",
            queue(market, Parameter::TimelockSeconds, 100_000),
            &["payer", "pool", "collateral"],
        ),
        of_dao("queue_change of a pool", queue(pool, Parameter::DustValue, 5), &["payer", "collateral"]),
        of_dao("queue_change of a collateral", queue(collateral, Parameter::MaxLtvBps, 8_100), &["payer"]),
        of_dao("execute_change of a market", execute(market, 1), &["pool", "collateral"]),
        of_dao("execute_change of a pool", execute(pool, 2), &["collateral"]),
        of_dao("execute_change of a collateral", execute(collateral, 3), &[]),
    ]);
    all.push(Valid {
        verb: "cancel_change",
        instruction: verb::cancel_change(key.market, guardian, payer, 1),
        signers: vec!["guardian"],
        free: &[],
    });
    all
}

/// A withdrawal is for pools without a notice, a request for those with one: this one has one but for the former.
fn suit(world: &mut World, verb: &str) {
    let mut pool = world.pool();
    pool.parameters.exit.notice_seconds = if verb == "withdraw" { 0 } else { 3_600 };
    let at = world.key().pool;
    let account = world.account(&at).unwrap();
    world.set_account(at, Account { data: pool.to_account_data(), ..account });
}

/// Whatever an attacker could pass: every account of both pools, everybody's accounts, programs, sysvars, nothing.
fn candidates(world: &mut World, other: &Neighbour, all: &[Valid]) -> BTreeSet<Address> {
    let mut candidates: BTreeSet<Address> =
        all.iter().flat_map(|valid| valid.instruction.accounts.iter().map(|meta| meta.pubkey)).collect();
    let pools = [*world.key(), other.pool];
    for PoolKey { market, mint, pool, vault, insurance_fund, loss_book, .. } in pools {
        candidates.extend([market, mint, pool, vault, insurance_fund, loss_book]);
    }
    candidates.extend([other.sol.collateral, other.sol.vault, other.change()]);
    for name in ["alice", "bob", "mallory", "guardian", "treasury"] {
        let owner = world.actor(name);
        candidates.extend([owner, other.position(&owner), other.obligation(&owner), other.stake(&owner)]);
        candidates.extend([position_of(world, name), world.obligation_address(name)]);
        candidates.extend(["USDC", "SOL", "ETH"].map(|symbol| world.wallet(name, symbol)));
    }
    for symbol in ["USDC", "SOL", "ETH"] {
        let key = world.collateral_key(symbol);
        candidates.extend([world.price_account(symbol), key.mint]);
    }
    candidates.extend(["sam", "sue"].map(|name| stake_address(world, name)));
    candidates.extend([TOKEN_PROGRAM, TOKEN_2022_PROGRAM, SYSTEM_PROGRAM, backstop_client::PROGRAM_ID, world.payer()]);
    candidates.extend([at!("SysvarRent111111111111111111111111111111111"), Address::new_from_array([99; 32])]);
    candidates
}

fn name_of(valid: &Valid, index: usize) -> String {
    let declared = declared(&valid.instruction);
    declared.get(index).cloned().unwrap_or_else(|| format!("extra {}", index - declared.len()))
}

/// Who must sign after an address was replaced, or nothing if nobody can.
fn signers<'a>(world: &mut World, instruction: &Instruction) -> Option<Vec<&'a str>> {
    let actors = [
        "alex", "alice", "ann", "ben", "bob", "dao", "eve", "guardian", "ines", "liz", "mallory", "ola", "sam", "sue",
        "treasury", "zoe",
    ];
    let mut names = BTreeSet::new();
    let payer = world.payer();
    for meta in instruction.accounts.iter().filter(|meta| meta.is_signer && meta.pubkey != payer) {
        names.insert(actors.into_iter().find(|name| world.actor(name) == meta.pubkey)?);
    }
    Some(names.into_iter().collect())
}

/// The world, its valid instructions and the addresses to put in their place.
fn prepare() -> (World, Vec<Valid>, BTreeSet<Address>) {
    let mut world = crowd();
    let other = Neighbour::new(&mut world, &["alice", "bob", "mallory"]);
    crash(&mut world);
    let all = all(&mut world);
    let candidates = candidates(&mut world, &other, &all);
    (world, all, candidates)
}

#[track_caller]
fn must_fail(world: &mut World, instruction: Instruction, signers: &[&str], what: &str) {
    let before = snapshot(world, core::slice::from_ref(&instruction));
    let outcome = world.execute(instruction.clone(), signers);
    assert!(outcome.is_err(), "succeeded: {what}");
    assert_eq!(snapshot(world, &[instruction]), before, "changed an account: {what}");
}

#[test]
fn every_instruction_is_valid_as_it_stands() {
    let (_, all, _) = prepare();
    for index in 0..all.len() {
        let (mut world, mut all, _) = prepare();
        let Valid { verb, instruction, signers, .. } = all.swap_remove(index);
        suit(&mut world, verb);
        let outcome = world.execute(instruction, &signers);
        assert!(outcome.is_ok(), "{verb}: {}", outcome.err().map(|failure| failure.to_string()).unwrap_or_default());
    }
}

#[test]
fn no_account_can_be_replaced() {
    let (mut world, all, candidates) = prepare();
    let guards = [world.actor("dao"), world.actor("guardian")];
    let changes = [1, 2, 3].map(|nonce| address::change(&world.key().market, nonce));
    // What Eve still holds pays towards her loss.
    let pays_a_loss = [world.obligation_address("eve")];
    for valid in &all {
        suit(&mut world, valid.verb);
        for index in 0..valid.instruction.accounts.len() {
            let name = name_of(valid, index);
            let alike: &[Address] = match (valid.verb, name.as_str()) {
                (_, "signer") => &guards,
                (_, "change") => &changes,
                ("liquidate", "obligation") => &pays_a_loss,
                _ => &[],
            };
            if valid.free.contains(&name.as_str()) {
                continue;
            }
            for candidate in &candidates {
                let mut spoilt = valid.instruction.clone();
                if spoilt.accounts[index].pubkey == *candidate || alike.contains(candidate) {
                    continue;
                }
                spoilt.accounts[index].pubkey = *candidate;
                let Some(signers) = signers(&mut world, &spoilt) else { continue };
                must_fail(&mut world, spoilt, &signers, &format!("{} with {candidate} as {name}", valid.verb));
            }
        }
    }
}

#[test]
fn rent_is_paid_by_whoever_signs() {
    let (_, all, _) = prepare();
    let paid: Vec<_> = (0..all.len()).filter(|index| all[*index].free.contains(&"payer")).collect();
    assert_eq!(
        paid.len(),
        13,
        "a market, a pool, a collateral, three that one has oneself, three kinds of changes, a claim, three that grow"
    );
    for index in paid {
        // Given the first account, which signs or owns what is opened, as payer, too; or Mallory
        for own in [true, false] {
            let (mut world, mut all, _) = prepare();
            let Valid { verb, instruction, .. } = all.swap_remove(index);
            let is_owned = ["authority", "owner"].contains(&declared(&instruction)[0].as_str());
            assert!(is_owned || verb.starts_with("extend_") || verb == "open_claim", "{verb}");
            if own && !is_owned {
                continue;
            }
            let payer = if own { instruction.accounts[0].pubkey } else { world.actor("mallory") };
            let (paying, before) = (instruction.with("payer", payer), world.account(&payer).unwrap().lamports);
            let signing = signers(&mut world, &paying).unwrap();
            // When it did not sign, then nobody pays; when it did, then it pays
            let unsigned = paying.clone().unsigned("payer");
            let others = signers(&mut world, &unsigned).unwrap();
            if others != signing {
                must_fail(&mut world, unsigned, &others, &format!("{verb} with a payer that does not sign"));
            }
            let outcome = world.execute(paying, &signing);
            let problem = outcome.err().map(|failure| failure.to_string());
            assert_eq!(problem, None, "{verb}");
            assert!(world.account(&payer).unwrap().lamports < before, "{verb}");
        }
    }
}

#[test]
fn no_two_accounts_can_change_places() {
    let (mut world, all, _) = prepare();
    for valid in &all {
        suit(&mut world, valid.verb);
        let accounts = &valid.instruction.accounts;
        for (first, second) in (0..accounts.len()).flat_map(|first| (0..first).map(move |second| (first, second))) {
            if accounts[first].pubkey == accounts[second].pubkey {
                continue;
            }
            let mut spoilt = valid.instruction.clone();
            spoilt.accounts[first].pubkey = accounts[second].pubkey;
            spoilt.accounts[second].pubkey = accounts[first].pubkey;
            let Some(signers) = signers(&mut world, &spoilt) else { continue };
            let (first, second) = (name_of(valid, first), name_of(valid, second));
            if [first.as_str(), second.as_str()] == ["payer", "authority"] && valid.verb == "create_market" {
                continue;
            }
            must_fail(&mut world, spoilt, &signers, &format!("{} with {first} and {second} swapped", valid.verb));
        }
    }
}

#[test]
fn no_account_can_be_left_out() {
    let (mut world, all, _) = prepare();
    for valid in &all {
        suit(&mut world, valid.verb);
        for index in 0..valid.instruction.accounts.len() {
            let mut spoilt = valid.instruction.clone();
            spoilt.accounts.remove(index);
            let Some(signers) = signers(&mut world, &spoilt) else { continue };
            must_fail(&mut world, spoilt, &signers, &format!("{} without {}", valid.verb, name_of(valid, index)));
        }
    }
}

#[test]
fn no_signature_can_be_left_out() {
    let (mut world, all, _) = prepare();
    for valid in &all {
        suit(&mut world, valid.verb);
        for index in 0..valid.instruction.accounts.len() {
            let mut spoilt = valid.instruction.clone();
            let is_needed = spoilt.accounts[index].is_signer && spoilt.accounts[index].pubkey != world.payer();
            if !is_needed {
                continue;
            }
            spoilt.accounts[index].is_signer = false;
            let Some(signers) = signers(&mut world, &spoilt) else { continue };
            must_fail(&mut world, spoilt, &signers, &format!("{} unsigned by {}", valid.verb, name_of(valid, index)));
        }
    }
}

#[test]
fn no_account_that_is_written_can_be_read_only() {
    let (mut world, all, _) = prepare();
    for valid in &all {
        suit(&mut world, valid.verb);
        for index in 0..valid.instruction.accounts.len() {
            let mut spoilt = valid.instruction.clone();
            if !spoilt.accounts[index].is_writable || spoilt.accounts[index].pubkey == world.payer() {
                continue;
            }
            spoilt.accounts[index].is_writable = false;
            let Some(signers) = signers(&mut world, &spoilt) else { continue };
            must_fail(
                &mut world,
                spoilt,
                &signers,
                &format!("{} with {} read-only", valid.verb, name_of(valid, index)),
            );
        }
    }
}

#[test]
fn no_instruction_is_hidden() {
    // Given data that begins like no instruction
    let (mut world, all, _) = prepare();
    for data in [vec![], vec![0; 8], vec![255; 8], vec![1]] {
        let mut spoilt = all[6].instruction.clone();
        spoilt.data = data;
        must_fail(&mut world, spoilt, &["alice"], "an unknown instruction");
    }
}

#[test]
fn what_is_paused_and_nothing_else_stops() {
    // Given everything that can be paused is
    let paused = ["deposit", "withdraw", "execute_withdrawal", "withdraw_collateral", "borrow"];
    // what those who cannot leave now may want to leave before
    let held_up = ["execute_change of a pool", "execute_change of a collateral"];
    let (_, all, _) = prepare();
    for index in 0..all.len() {
        let (mut world, mut all, _) = prepare();
        for what in PausableOperation::ALL {
            world.pause("guardian", *what, 60).unwrap();
        }
        // When anyone does anything, then only that is refused, and all else goes on
        let Valid { verb, instruction, signers, .. } = all.swap_remove(index);
        suit(&mut world, verb);
        if paused.contains(&verb) {
            refused(&mut world, instruction, &signers, "Paused");
        } else if held_up.contains(&verb) {
            refused(&mut world, instruction, &signers, "ChangeNotReady");
        } else {
            let outcome = world.execute(instruction, &signers);
            let problem = outcome.err().map(|failure| failure.to_string());
            assert_eq!(problem, None, "{verb}");
        }
    }
}
