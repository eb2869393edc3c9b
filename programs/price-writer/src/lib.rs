//! Writes price accounts on a local validator, which has no other way to change an account that it did not make itself.
//!
//! For tests alone: whoever calls it writes what they like, without a signature. It does harm only where it stands at
//! the address of an oracle network's program, and it gets there only at a cluster's genesis (`--bpf-program` of the
//! test validator): so on nobody's cluster but your own.
//!
//! Account 0, writable, owned by this program: what is written. Instruction data: all of its new contents.

#[cfg(backstop_distro_toolchain)]
use backstop_builtins as _;
use pinocchio::{AccountView, Address, ProgramResult, error::ProgramError};

pinocchio::entrypoint!(write, 1);

/// Replaces the contents of the account, byte for byte. Its size stays.
fn write(_program: &Address, accounts: &mut [AccountView], contents: &[u8]) -> ProgramResult {
    let [account] = accounts else { return Err(ProgramError::NotEnoughAccountKeys) };
    let mut data = account.try_borrow_mut()?;
    if data.len() != contents.len() {
        return Err(ProgramError::InvalidInstructionData);
    }
    data.copy_from_slice(contents);
    Ok(())
}
