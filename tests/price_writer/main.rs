//! The program that writes prices on a real validator, `programs/price-writer`, in the place where it stands there: at
//! the address of Pyth's receiver.
#![allow(missing_docs)]
// Tests stop at the first surprise.
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use backstop_engine::price::Quote;
use backstop_testkit::{Setup, World, assert_error, price_update};
use solana_address::{Address, address};
use solana_instruction::{AccountMeta, Instruction};

const RECEIVER: Address = address!("rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ");
const BUILT: &[u8] = include_bytes!("../../artifacts/price-writer.so");

fn world() -> World {
    let mut world = World::new(Setup::default());
    let built = std::env::var_os("PRICE_WRITER_PROGRAM").map(|path| std::fs::read(path).unwrap());
    world.add_program(RECEIVER, built.as_deref().unwrap_or(BUILT));
    world
}

fn write(account: Address, contents: Vec<u8>) -> Instruction {
    Instruction { program_id: RECEIVER, accounts: vec![AccountMeta::new(account, false)], data: contents }
}

#[test]
fn writes_all_of_a_price_account() {
    let mut world = world();
    let sol = world.price_account("SOL");
    let before = world.account(&sol).unwrap();
    let quote = Quote { price: 1_234, confidence: 5, exponent: -2 };
    let after = price_update(&[7; 32], &quote, world.now()).data;
    assert_ne!(before.data, after);
    world.execute(write(sol, after.clone()), &[]).unwrap();
    assert_eq!(world.account(&sol).unwrap(), solana_account::Account { data: after, ..before });
}

#[test]
fn rejects_contents_of_another_size() {
    let mut world = world();
    let sol = world.price_account("SOL");
    let contents = world.account(&sol).unwrap().data;
    for contents in [vec![], contents[1..].to_vec(), [&contents[..], &[0]].concat()] {
        assert_error(world.execute(write(sol, contents), &[]), "InvalidInstructionData");
    }
}

#[test]
fn rejects_a_missing_account() {
    let mut world = world();
    let nothing = Instruction { program_id: RECEIVER, accounts: vec![], data: vec![1] };
    assert_error(world.execute(nothing, &[]), "NotEnoughAccountKeys");
}

#[test]
fn cannot_write_what_is_not_the_receivers() {
    let mut world = world();
    let wallet = world.wallet("alice", "USDC");
    let contents = vec![7; world.account(&wallet).unwrap().data.len()];
    assert_error(world.execute(write(wallet, contents), &[]), "ExternalAccountDataModified");
}
