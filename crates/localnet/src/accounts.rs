//! The accounts that a cluster starts with, byte for byte.

use backstop_client::verb::SYSTEM_PROGRAM;
use solana_account::Account;
use solana_address::{Address, address};

/// The loader of programs that can be upgraded.
const UPGRADEABLE_LOADER: Address = address!("BPFLoaderUpgradeab1e11111111111111111111111");
/// The loader's tag of an account that says where the program's code is.
const PROGRAM: u32 = 2;
/// The loader's tag of an account that holds the program's code.
const PROGRAM_DATA: u32 = 3;
/// The cluster's rent: so much for each byte, of which an account has 128 more than its data.
const RENT_PER_BYTE: u64 = 6_960;

fn account(owner: Address, data: Vec<u8>) -> Account {
    let bytes = u64::try_from(data.len()).unwrap_or(u64::MAX).saturating_add(128);
    let lamports = bytes.saturating_mul(RENT_PER_BYTE);
    Account { lamports, data, owner, executable: false, rent_epoch: u64::MAX }
}

/// An account of lamports.
pub(crate) fn lamports(lamports: u64) -> Account {
    Account { lamports, data: Vec::new(), owner: SYSTEM_PROGRAM, executable: false, rent_epoch: u64::MAX }
}

/// Whether oracles are out.
pub(crate) fn outage(on: bool) -> Account {
    account(SYSTEM_PROGRAM, vec![on.into()])
}

/// A program that its authority can upgrade: where its code is and that account, then the program and its account.
pub(crate) fn program(id: &Address, authority: &Address, code: &[u8]) -> [(Address, Account); 2] {
    let (data_address, _) = Address::find_program_address(&[id.as_ref()], &UPGRADEABLE_LOADER);
    let mut data = PROGRAM_DATA.to_le_bytes().to_vec();
    data.extend(0_u64.to_le_bytes());
    data.push(1);
    data.extend(authority.as_ref());
    data.extend(code);
    let program = [&PROGRAM.to_le_bytes(), data_address.as_ref()].concat();
    let program = Account { executable: true, ..account(UPGRADEABLE_LOADER, program) };
    [(data_address, account(UPGRADEABLE_LOADER, data)), (*id, program)]
}
