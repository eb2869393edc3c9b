//! The program as deployed on a cluster.

use backstop_client::rpc::Cluster;
use solana_account::Account;
use solana_address::Address;
use solana_loader_v3_interface::{get_program_data_address, state::UpgradeableLoaderState};
use solana_sdk_ids::bpf_loader_upgradeable;

use super::{DeployError, ProgramFile, program_file::sha256};

// The tags in the first four bytes of the loader's accounts.
const BUFFER: u32 = 1;
const PROGRAM: u32 = 2;
const PROGRAM_DATA: u32 = 3;

/// A deployed program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// The account that holds the bytecode.
    pub data_address: Address,
    /// The slot of the last deployment.
    pub slot: u64,
    /// The upgrade authority, if any.
    pub authority: Option<Address>,
    /// The lamports of the account that holds the bytecode.
    pub lamports: u64,
    /// The bytecode, including trailing zeros.
    pub bytes: Vec<u8>,
}

impl Deployed {
    /// Reads the program at an address. `None` if nothing was ever deployed there.
    ///
    /// # Errors
    /// If the account is something else, or the program was closed.
    pub async fn read(cluster: &Cluster, id: &Address) -> Result<Option<Self>, DeployError> {
        let data_address = get_program_data_address(id);
        let mut accounts = cluster.get_raw(&[*id, data_address]).await?.into_iter();
        let (program, data) = (accounts.next().flatten(), accounts.next().flatten());
        // Anyone can send SOL to an address. An account with only SOL does not prevent a deployment.
        let Some(program) = program.filter(|program| !program.data.is_empty() || program.executable) else {
            return Ok(None);
        };
        if program.owner != bpf_loader_upgradeable::ID || tag(&program) != Some(PROGRAM) {
            return Err(DeployError::NotUpgradeable { id: *id, owner: program.owner });
        }
        let closed = || DeployError::Closed { id: *id };
        let data = data.filter(|data| tag(data) == Some(PROGRAM_DATA)).ok_or_else(closed)?;
        let slot = data.data.get(4..12).and_then(<[u8]>::first_chunk).copied().map(u64::from_le_bytes);
        let bytes = data.data.get(UpgradeableLoaderState::size_of_programdata_metadata()..);
        Ok(Some(Self {
            data_address,
            slot: slot.ok_or_else(closed)?,
            authority: address_at(&data, 12),
            lamports: data.lamports,
            bytes: bytes.ok_or_else(closed)?.to_vec(),
        }))
    }

    /// Whether it is this program: the same bytes, then only zeros.
    pub fn is(&self, program: &ProgramFile) -> bool {
        let rest = self.bytes.strip_prefix(program.bytes());
        rest.is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
    }

    /// Checks that it is this program.
    ///
    /// # Errors
    /// [`DeployError::Differs`] if not, with both hashes.
    pub fn verify(&self, id: &Address, program: &ProgramFile) -> Result<(), DeployError> {
        if self.is(program) {
            return Ok(());
        }
        // The end of another program is unknown, because trailing zeros may belong to it. Assume the same length,
        // unless it is longer.
        let end = self.bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
        let len = end.max(program.bytes().len()).min(self.bytes.len());
        let found = sha256(self.bytes.get(..len).unwrap_or_default());
        Err(DeployError::Differs { id: *id, expected: program.sha256(), found })
    }
}

/// Returns a buffer's authority and content. `None` if the account is not a buffer.
pub(super) fn buffer(account: &Account) -> Option<(Option<Address>, &[u8])> {
    let content = account.data.get(UpgradeableLoaderState::size_of_buffer_metadata()..)?;
    (account.owner == bpf_loader_upgradeable::ID && tag(account)? == BUFFER).then(|| (address_at(account, 4), content))
}

fn tag(account: &Account) -> Option<u32> {
    account.data.first_chunk().copied().map(u32::from_le_bytes)
}

/// Reads an optional address: a byte that is 1 if present, then the address.
fn address_at(account: &Account, offset: usize) -> Option<Address> {
    let (is_there, rest) = account.data.get(offset..)?.split_first()?;
    (*is_there == 1).then(|| rest.first_chunk().copied().map(Address::new_from_array)).flatten()
}
