//! Ways to spoil an instruction, and the check that a spoiled one is refused and changes nothing.

use std::collections::BTreeMap;

pub(crate) use backstop_client::verb::TOKEN_2022_PROGRAM;
use backstop_client::{AccountData, InsuranceStake, LossBook, LpPosition, PausableOperation, verb::PoolKey};
use backstop_engine::price::Quote;
use backstop_testkit::{World, assert_error, price_update};
use serde_json::Value;
use solana_account::Account;
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use crate::fixtures::Neighbour;

/// The names of the accounts that an instruction declares, as the IDL has them.
pub(crate) fn declared(instruction: &Instruction) -> Vec<String> {
    let idl: Value = serde_json::from_str(include_str!("../../idl/backstop.json")).unwrap();
    let bytes = |entry: &Value| -> Vec<u64> {
        entry["discriminator"].as_array().unwrap().iter().filter_map(Value::as_u64).collect()
    };
    let own: Vec<u64> = instruction.data[..8].iter().copied().map(u64::from).collect();
    let instructions = idl["instructions"].as_array().unwrap();
    let entry = instructions.iter().find(|entry| bytes(entry) == own).expect("an instruction of the IDL");
    let accounts = entry["accounts"].as_array().unwrap();
    accounts.iter().map(|account| account["name"].as_str().unwrap().into()).collect()
}

/// One way each to spoil an instruction.
pub(crate) trait Spoil: Sized {
    /// Passes another address for a declared account.
    fn with(self, account: &str, address: Address) -> Self;
    /// Passes another address for an account beyond the declared ones.
    fn with_extra(self, index: usize, address: Address) -> Self;
    /// Passes only so many accounts beyond the declared ones.
    fn with_extras(self, count: usize) -> Self;
    /// Passes one more account, read-only.
    fn and_extra(self, address: Address) -> Self;
    /// Does not ask for this account's signature.
    fn unsigned(self, account: &str) -> Self;
    /// Passes an account as read-only.
    fn readonly(self, account: &str) -> Self;
    /// The address passed for a declared account.
    fn address_of(&self, account: &str) -> Address;
}

fn meta<'a>(instruction: &'a mut Instruction, account: &str) -> &'a mut AccountMeta {
    let index = declared(instruction).iter().position(|name| name == account).expect(account);
    &mut instruction.accounts[index]
}

impl Spoil for Instruction {
    fn with(mut self, account: &str, address: Address) -> Self {
        meta(&mut self, account).pubkey = address;
        self
    }

    fn with_extra(mut self, index: usize, address: Address) -> Self {
        let first = declared(&self).len();
        self.accounts[first + index].pubkey = address;
        self
    }

    fn with_extras(mut self, count: usize) -> Self {
        let first = declared(&self).len();
        assert!(self.accounts.len() >= first + count, "the instruction has fewer accounts than that");
        self.accounts.truncate(first + count);
        self
    }

    fn and_extra(mut self, address: Address) -> Self {
        self.accounts.push(AccountMeta::new_readonly(address, false));
        self
    }

    fn unsigned(mut self, account: &str) -> Self {
        meta(&mut self, account).is_signer = false;
        self
    }

    fn readonly(mut self, account: &str) -> Self {
        meta(&mut self, account).is_writable = false;
        self
    }

    fn address_of(&self, account: &str) -> Address {
        let index = declared(self).iter().position(|name| name == account).expect(account);
        self.accounts[index].pubkey
    }
}

/// All accounts that these instructions name and all of the pool, without the payer of fees.
pub(crate) fn snapshot(world: &World, instructions: &[Instruction]) -> BTreeMap<Address, Option<Account>> {
    let PoolKey { market, mint, pool, vault, insurance_fund, loss_book, .. } = *world.key();
    let named = instructions.iter().flat_map(|instruction| &instruction.accounts).map(|meta| meta.pubkey);
    let own = [market, mint, pool, vault, insurance_fund, loss_book];
    let collaterals: Vec<_> = world.symbols().map(|symbol| world.collateral_key(symbol)).collect();
    let collaterals = collaterals.iter().flat_map(|key| [key.collateral, key.vault]);
    let addresses = named.chain(own).chain(collaterals).filter(|address| *address != world.payer());
    addresses.map(|address| (address, world.account(&address))).collect()
}

/// Checks that an instruction is refused with the error of this name, and that no account changes.
#[track_caller]
pub(crate) fn refused(world: &mut World, instruction: Instruction, signers: &[&str], error: &str) {
    refused_together(world, &[instruction], signers, error);
}

/// The same for several instructions in one transaction.
#[track_caller]
pub(crate) fn refused_together(world: &mut World, instructions: &[Instruction], signers: &[&str], error: &str) {
    let before = snapshot(world, instructions);
    assert_error(world.execute_all(instructions, signers), error);
    assert_eq!(snapshot(world, instructions), before, "a refused transaction changed an account");
}

/// Checks that an instruction, and one that would be refused for another reason anyway, is refused exactly while
/// something is paused, for an hour, and works while all else is.
#[track_caller]
pub(crate) fn stops_while_paused(
    world: &mut World,
    what: PausableOperation,
    instruction: &Instruction,
    wrong: &Instruction,
    signers: &[&str],
) {
    world.pause("guardian", what, 3_600).unwrap();
    for seconds in [0, 3_599] {
        world.wait(seconds);
        refused(world, instruction.clone(), signers, "Paused");
        refused(world, wrong.clone(), signers, "Paused");
    }
    for other in PausableOperation::ALL.iter().filter(|other| **other != what) {
        world.pause("dao", *other, 3_600).unwrap();
    }
    world.wait(1);
    world.execute(instruction.clone(), signers).unwrap();
    assert!(world.execute(wrong.clone(), signers).is_err());
}

/// A copy of an account's bytes under an address and an owner of one's own.
pub(crate) fn forged(world: &mut World, original: Address) -> Address {
    let copy = Address::new_from_array([66; 32]);
    let owner = Address::new_from_array([67; 32]);
    let account = world.account(&original).expect("an account to copy");
    world.set_account(copy, Account { owner, ..account });
    copy
}

/// A price update for the feed of a token, published this long ago, with changed bytes: what the oracle program could
/// have written, or what a forger would.
pub(crate) fn price_with(world: &mut World, symbol: &str, change: impl FnOnce(&mut Account)) -> Address {
    let (address, published) = (Address::new_from_array([68; 32]), world.account(&world.price_account(symbol)));
    let mut account = published.expect("a published price");
    change(&mut account);
    world.set_account(address, account);
    address
}

/// A price update for the feed of a token that is so many seconds old.
pub(crate) fn price_aged(world: &mut World, symbol: &str, seconds: i64) -> Address {
    let (quote, now) = (world.quote(symbol), world.now());
    price_with(world, symbol, |account| {
        let feed: [u8; 32] = account.data[41..73].try_into().unwrap();
        *account = price_update(&feed, &quote, now - seconds);
    })
}

/// Another fresh update of a token's feed, in whole dollars.
pub(crate) fn price_at(world: &mut World, symbol: &str, dollars: u64) -> Address {
    let now = world.now();
    price_with(world, symbol, |account| {
        let feed: [u8; 32] = account.data[41..73].try_into().unwrap();
        *account = price_update(&feed, &Quote { price: dollars, confidence: 0, exponent: 0 }, now);
    })
}

/// Every unusable price account for a token, with the error that it must be refused with.
pub(crate) fn unusable_prices() -> Vec<(&'static str, Spoiler, &'static str)> {
    vec![
        ("a minute and a second old", |world, symbol| price_aged(world, symbol, 61), "StalePrice"),
        ("from far ahead", |world, symbol| price_aged(world, symbol, -61), "PriceFromFuture"),
        ("at the end of time", |world, symbol| put(world, symbol, 93, &i64::MAX.to_le_bytes()), "PriceFromFuture"),
        ("before all time", |world, symbol| put(world, symbol, 93, &i64::MIN.to_le_bytes()), "StalePrice"),
        ("zero", |world, symbol| put(world, symbol, 73, &0_i64.to_le_bytes()), "InvalidPrice"),
        ("negative", |world, symbol| put(world, symbol, 73, &(-1_i64).to_le_bytes()), "InvalidPrice"),
        ("less certain than the limit", |world, symbol| uncertain(world, symbol), "PriceUncertain"),
        ("of an absurd exponent", |world, symbol| put(world, symbol, 89, &i32::MIN.to_le_bytes()), "InvalidPrice"),
        ("of a huge exponent", |world, symbol| put(world, symbol, 89, &i32::MAX.to_le_bytes()), "InvalidPrice"),
        ("of another feed", |world, symbol| put(world, symbol, 41, &[9; 32]), "WrongFeed"),
        ("partially verified", |world, symbol| put(world, symbol, 40, &[0]), "InvalidPriceAccount"),
        ("of another type", |world, symbol| put(world, symbol, 0, &[1; 8]), "InvalidPriceAccount"),
        (
            "cut short",
            |world, symbol| price_with(world, symbol, |account| account.data.truncate(132)),
            "InvalidPriceAccount",
        ),
        ("empty", |world, symbol| price_with(world, symbol, |account| account.data.clear()), "InvalidPriceAccount"),
        (
            "written by another program",
            |world, symbol| price_with(world, symbol, |account| account.owner = Address::new_from_array([5; 32])),
            "InvalidPriceAccount",
        ),
        ("no account at all", |_, _| Address::new_from_array([69; 32]), "InvalidPriceAccount"),
    ]
}

/// Makes a spoilt price account for a token.
pub(crate) type Spoiler = fn(&mut World, &str) -> Address;

fn put(world: &mut World, symbol: &str, offset: usize, bytes: &[u8]) -> Address {
    price_with(world, symbol, |account| account.data[offset..offset + bytes.len()].copy_from_slice(bytes))
}

/// Half the confidence interval is a base unit of the price wider than two percent.
fn uncertain(world: &mut World, symbol: &str) -> Address {
    let limit = world.quote(symbol).price / 50;
    put(world, symbol, 81, &(limit + 1).to_le_bytes())
}

/// Checks that an instruction refuses every unusable price in place of each price that it passes: `prices` are the
/// indices of the price accounts beyond the declared ones, with the tokens that they price.
#[track_caller]
pub(crate) fn refuses_unusable_prices(
    world: &mut World,
    instruction: &Instruction,
    signers: &[&str],
    prices: &[(usize, &str)],
) {
    for (index, symbol) in prices {
        for (what, spoil, error) in unusable_prices() {
            let price = spoil(world, symbol);
            println!("the price of {symbol} is {what}");
            refused(world, instruction.clone().with_extra(*index, price), signers, error);
        }
    }
}

/// Checks that an instruction refuses an account of every other kind of the program in place of each of these. The
/// accounts passed are those of a neighbouring pool, so none is there twice: the type decides, and the size before it.
#[track_caller]
pub(crate) fn refuses_other_kinds(world: &mut World, instruction: &Instruction, signers: &[&str], accounts: &[&str]) {
    let (other, mallory) = (Neighbour::new(world, &["mallory"]), world.actor("mallory"));
    let PoolKey { market, pool, insurance_fund, loss_book, .. } = other.pool;
    let others = [market, pool, insurance_fund, loss_book, other.sol.collateral, other.change()];
    let own = [other.position(&mallory), other.obligation(&mallory), other.stake(&mallory)];
    for account in accounts {
        let wanted = world.account(&instruction.address_of(account)).expect("an account to replace").data;
        for address in others.into_iter().chain(own) {
            let given = world.account(&address).expect("an account of the neighbour").data;
            if given[..8] == wanted[..8] {
                continue;
            }
            println!("{account} is of another kind");
            let error = if given.len() < least_size(&wanted) { "AccountDataTooSmall" } else { "InvalidAccountData" };
            refused(world, instruction.clone().with(account, address), signers, error);
        }
    }
}

/// The size that an account of this kind has at least: with no rows or records if it has such.
fn least_size(data: &[u8]) -> usize {
    let lists = [
        (LossBook::DISCRIMINATOR, LossBook::SIZE),
        (LpPosition::DISCRIMINATOR, LpPosition::SIZE),
        (InsuranceStake::DISCRIMINATOR, InsuranceStake::SIZE),
    ];
    let size = lists.into_iter().find(|(discriminator, _)| data.starts_with(discriminator));
    size.map_or(data.len(), |(_, size)| size)
}

/// Checks that an instruction refuses a copy of each of these accounts that another program owns.
#[track_caller]
pub(crate) fn refuses_forgeries(world: &mut World, instruction: &Instruction, signers: &[&str], accounts: &[&str]) {
    for account in accounts {
        let forged = forged(world, instruction.address_of(account));
        println!("{account} is forged");
        refused(world, instruction.clone().with(account, forged), signers, "IllegalOwner");
    }
}

/// Checks that an instruction refuses each of these pairs to be the same account.
#[track_caller]
pub(crate) fn refuses_twins(world: &mut World, instruction: &Instruction, signers: &[&str], pairs: &[(&str, &str)]) {
    for (account, twin) in pairs {
        let address = instruction.address_of(twin);
        println!("{account} is {twin}");
        let spoilt = instruction.clone().with(account, address);
        refused(world, spoilt, signers, "ConstraintDuplicateMutableAccount");
    }
}

/// Checks that an instruction refuses every vault but the right one for each of these accounts.
#[track_caller]
pub(crate) fn refuses_other_vaults(world: &mut World, instruction: &Instruction, signers: &[&str], accounts: &[&str]) {
    let (other, wallet) = (Neighbour::new(world, &[]), world.wallet("mallory", "USDC"));
    let sol = world.collateral_key("SOL").vault;
    for account in accounts {
        for vault in [other.pool.vault, other.sol.vault, sol, wallet] {
            println!("{account} is another vault");
            refused(world, instruction.clone().with(account, vault), signers, "WrongVault");
        }
    }
}

/// Checks that an instruction refuses another mint, another token program, and a wallet of another token.
#[track_caller]
pub(crate) fn refuses_other_tokens(world: &mut World, instruction: &Instruction, signers: &[&str], wallet: &str) {
    let (mint, sol) = (world.collateral_key("SOL").mint, world.wallet(signers[0], "SOL"));
    refused(world, instruction.clone().with("mint", mint), signers, "WrongMint");
    refused(world, instruction.clone().with(wallet, sol), signers, "TokenMintMismatch");
    refused(world, instruction.clone().with("token_program", TOKEN_2022_PROGRAM), signers, "IncorrectProgramId");
    refused(
        world,
        instruction.clone().with("token_program", backstop_client::PROGRAM_ID),
        signers,
        "IncorrectProgramId",
    );
}
