use backstop_client::{
    ChangeCancelled, Event, Parameter, address,
    verb::{self, Target, number},
};
use backstop_testkit::World;
use solana_instruction::Instruction;

use crate::{
    fixtures::*,
    queue_change::{CHANGE_RENT, GRACE, TIMELOCK, lamports, make, refuses_signers, ruled},
    tampering::*,
};

/// A change whose rent Gina paid is queued under nonce 7; the guardian is about to cancel it.
fn queued(target: fn(&World) -> Target, parameter: Parameter, value: [u8; 32]) -> (World, Instruction) {
    let mut world = lent(two_collaterals());
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    let queue = verb::queue_change(market, dao, gina, target(&world), 7, parameter, value);
    world.execute(queue, &["dao", "gina"]).unwrap();
    let guardian = world.actor("guardian");
    (world, verb::cancel_change(market, guardian, gina, 7))
}

fn about_to_cancel() -> (World, Instruction) {
    queued(|world| world.target(Some("SOL")), Parameter::MaxLtvBps, number(7_600))
}

#[test]
fn rejects_missing_signature() {
    let (mut world, cancel) = about_to_cancel();
    refused(&mut world, cancel.unsigned("signer"), &[], "MissingRequiredSignature");
}

#[test]
fn rejects_all_but_guardian_and_authority() {
    let (mut world, cancel) = about_to_cancel();
    let others = ["mallory", "treasury", "alice", "bob"];
    refuses_signers(&mut world, &cancel, "signer", &others, &[], "WrongGuardian");
}

#[test]
fn rejects_another_market() {
    // Given Mallory's own market: she cannot cancel the DAO's change, nor the DAO's guardian hers
    let (mut world, cancel) = about_to_cancel();
    let (other, mallory, payer) = (Neighbour::new(&mut world, &[]), world.actor("mallory"), world.payer());
    let hers = cancel.clone().with("market", other.pool.market).with("signer", mallory);
    refused(&mut world, hers, &["mallory"], "WrongMarket");
    let (market, target) = (other.pool.market, Target::Pool(other.pool.pool));
    let queue = verb::queue_change(market, mallory, payer, target, 7, Parameter::BaseBps, number(1));
    world.execute(queue, &["mallory"]).unwrap();
    let spoilt = cancel.with("change", address::change(&market, 7)).with("payer", payer);
    refused(&mut world, spoilt, &["guardian"], "WrongMarket");
}

#[test]
fn rejects_another_payer_of_the_rent() {
    let (mut world, cancel) = about_to_cancel();
    for name in ["mallory", "dao"] {
        let other = world.actor(name);
        refused(&mut world, cancel.clone().with("payer", other), &["guardian"], "WrongOwner");
    }
}

#[test]
fn rejects_accounts_of_another_kind() {
    let (mut world, cancel) = about_to_cancel();
    refuses_other_kinds(&mut world, &cancel, &["guardian"], &["market", "change"]);
}

#[test]
fn rejects_accounts_of_another_program() {
    let (mut world, cancel) = about_to_cancel();
    refuses_forgeries(&mut world, &cancel, &["guardian"], &["market", "change"]);
}

#[test]
fn rejects_cancelling_the_guardians_own_replacement() {
    // Given the DAO replaces its guardian, who would rather stay
    let (mut world, cancel) = queued(|_| Target::Market, Parameter::Guardian, [7; 32]);
    refused(&mut world, cancel.clone(), &["guardian"], "WrongAuthority");
    world.wait(TIMELOCK + GRACE);
    refused(&mut world, cancel.clone(), &["guardian"], "WrongAuthority");
    // Then only the DAO can change its mind
    let dao = world.actor("dao");
    world.execute(cancel.with("signer", dao), &["dao"]).unwrap();
}

#[test]
fn rejects_a_guardian_that_was_replaced() {
    let (mut world, cancel) = about_to_cancel();
    let grace = world.actor("grace");
    make(&mut world, Target::Market, Parameter::Guardian, grace.to_bytes());
    refused(&mut world, cancel.clone(), &["guardian"], "WrongGuardian");
    world.execute(cancel.with("signer", grace), &["grace"]).unwrap();
}

#[test]
fn rejects_change_that_is_gone() {
    let (mut world, cancel) = about_to_cancel();
    world.execute(cancel.clone(), &["guardian"]).unwrap();
    refused(&mut world, cancel, &["guardian"], "AccountDataTooSmall");
    let (mut world, cancel) = about_to_cancel();
    let (market, dao, gina) = (world.key().market, world.actor("dao"), world.actor("gina"));
    let sol = world.target(Some("SOL"));
    world.wait(TIMELOCK);
    world.execute(verb::execute_change(market, dao, gina, sol, 7), &["dao"]).unwrap();
    refused(&mut world, cancel, &["guardian"], "AccountDataTooSmall");
}

#[test]
fn cancels_and_pays_the_rent_back() {
    for name in ["guardian", "dao"] {
        let (mut world, cancel) = about_to_cancel();
        let (before, lamports, signer) = (ruled(&mut world), lamports(&mut world, "gina"), world.actor(name));
        let receipt = world.execute(cancel.with("signer", signer), &[name]).unwrap();
        // Then the change is gone, Gina has her rent back, and nothing else has changed
        assert_eq!((world.change(7), ruled(&mut world)), (None, before));
        assert_eq!(self::lamports(&mut world, "gina"), lamports + CHANGE_RENT);
        let (market, change) = (world.key().market, address::change(&world.key().market, 7));
        assert_eq!(only(&receipt), Event::ChangeCancelled(ChangeCancelled { market, change, by: signer }));
    }
}

#[test]
fn cancels_a_change_of_everything_else() {
    for parameter in [Parameter::Treasury, Parameter::TimelockSeconds] {
        let value = if parameter == Parameter::Treasury { [7; 32] } else { number(172_800) };
        let (mut world, cancel) = queued(|_| Target::Market, parameter, value);
        world.execute(cancel, &["guardian"]).unwrap();
    }
}

#[test]
fn cancels_at_any_time() {
    // Given a change that is ready since this second, one that has lapsed, and one that was forgotten
    for seconds in [TIMELOCK, TIMELOCK + GRACE, YEAR] {
        let (mut world, cancel) = about_to_cancel();
        world.wait(seconds);
        world.execute(cancel, &["guardian"]).unwrap();
        assert_eq!(world.change(7), None);
    }
}

#[test]
fn pays_the_rent_back_to_who_signs() {
    // Given the guardian or the DAO itself paid the rent of the change that it cancels
    for (name, signers) in [("guardian", &["dao", "guardian"][..]), ("dao", &["dao"])] {
        let mut world = lent(two_collaterals());
        let (market, dao, own) = (world.key().market, world.actor("dao"), world.actor(name));
        let before = lamports(&mut world, name);
        let (parameter, value) = (Parameter::TimelockSeconds, number(172_800));
        let queue = verb::queue_change(market, dao, own, Target::Market, 7, parameter, value);
        world.execute(queue, signers).unwrap();
        assert_eq!(lamports(&mut world, name), before - CHANGE_RENT);
        world.execute(verb::cancel_change(market, own, own, 7), &[name]).unwrap();
        assert_eq!((world.change(7), lamports(&mut world, name)), (None, before));
    }
}

#[test]
fn needs_no_price() {
    let (mut world, cancel) = about_to_cancel();
    for symbol in ["USDC", "SOL"] {
        world.set_price(symbol, world.quote(symbol), 86_400);
    }
    world.execute(cancel, &["guardian"]).unwrap();
}
