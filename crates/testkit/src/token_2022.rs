//! Token-2022 mints, created by the program itself: its instructions, byte for byte.

use backstop_client::verb::{SYSTEM_PROGRAM, TOKEN_2022_PROGRAM};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

/// Size of a token account. A mint with extensions is padded to this size, then has its account type.
const ACCOUNT: usize = 165;
/// Size of a multisig account. A mint of the same size is made two bytes longer.
const MULTISIG: usize = 355;

/// An extension of a mint. All authorities are the mint's authority, the world's payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// A transfer fee, in basis points.
    TransferFee(u16),
    /// An authority can close the mint.
    MintCloseAuthority,
    /// Confidential transfers.
    ConfidentialTransfer,
    /// The initial state of token accounts.
    DefaultAccountState {
        /// Whether new accounts are frozen.
        frozen: bool,
    },
    /// Tokens cannot be transferred.
    NonTransferable,
    /// Displayed amounts include interest.
    InterestBearing,
    /// A delegate can move all tokens.
    PermanentDelegate,
    /// A program that transfers call; not set.
    TransferHook,
    /// Fees of confidential transfers.
    ConfidentialTransferFee,
    /// A pointer to the metadata, in the mint itself.
    MetadataPointer,
    /// Metadata. Needs [`Extension::MetadataPointer`].
    TokenMetadata,
    /// A pointer to the group, in the mint itself.
    GroupPointer,
    /// The group. Needs [`Extension::GroupPointer`].
    TokenGroup,
    /// A pointer to the group membership, in the mint itself.
    GroupMemberPointer,
    /// The membership. Needs [`Extension::GroupMemberPointer`].
    TokenGroupMember,
    /// Confidential minting and burning.
    ConfidentialMintBurn,
    /// Displayed amounts have a multiplier.
    ScaledUiAmount,
    /// An authority can pause all transfers.
    Pausable,
    /// Burning requires a second signature.
    PermissionedBurn,
}

impl Extension {
    /// The extension's size in an uninitialised mint. `None` for extensions added after initialisation.
    const fn length(self) -> Option<usize> {
        Some(match self {
            Self::TransferFee(_) => 108,
            Self::MintCloseAuthority | Self::PermanentDelegate | Self::PermissionedBurn => 32,
            Self::ConfidentialTransfer => 65,
            Self::DefaultAccountState { .. } => 1,
            Self::NonTransferable => 0,
            Self::InterestBearing => 52,
            Self::TransferHook | Self::MetadataPointer | Self::GroupPointer | Self::GroupMemberPointer => 64,
            Self::ConfidentialTransferFee => 129,
            Self::ConfidentialMintBurn => 196,
            Self::ScaledUiAmount => 56,
            Self::Pausable => 33,
            Self::TokenMetadata | Self::TokenGroup | Self::TokenGroupMember => return None,
        })
    }

    /// The instruction that adds the extension to a mint: before the mint is initialised if the extension has a length,
    /// else afterwards. `group` is a mint with a group of the same authority.
    pub fn initialize(self, mint: &Address, authority: &Address, group: &Address) -> Instruction {
        /// 1.0 as a 64-bit float.
        const ONE: [u8; 8] = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
        let (who, own, key) = (authority.as_ref(), mint.as_ref(), &[9; 32][..]);
        let data: Vec<&[u8]> = match self {
            Self::TransferFee(fee) => {
                let rate = fee.to_le_bytes();
                return call(mint, &[&[26, 0, 1], who, &[1], who, &rate, &u64::MAX.to_le_bytes()]);
            }
            Self::MintCloseAuthority => vec![&[25, 1], who],
            Self::ConfidentialTransfer => vec![&[27, 0], who, &[1], key],
            Self::DefaultAccountState { frozen: false } => vec![&[28, 0, 1]],
            Self::DefaultAccountState { frozen: true } => vec![&[28, 0, 2]],
            Self::NonTransferable => vec![&[32]],
            Self::InterestBearing => vec![&[33, 0], who, &[0, 0]],
            Self::PermanentDelegate => vec![&[35], who],
            Self::TransferHook => vec![&[36, 0], who, &[0; 32]],
            Self::ConfidentialTransferFee => vec![&[37, 0], who, key],
            Self::MetadataPointer => vec![&[39, 0], who, own],
            Self::GroupPointer => vec![&[40, 0], who, own],
            Self::GroupMemberPointer => vec![&[41, 0], who, own],
            Self::ConfidentialMintBurn => vec![&[42, 0], key, &[0; 36]],
            Self::ScaledUiAmount => vec![&[43, 0], who, &ONE],
            Self::Pausable => vec![&[44, 0], who],
            Self::PermissionedBurn => vec![&[46, 0], who],
            Self::TokenMetadata => return metadata(mint, authority),
            Self::TokenGroup => return token_group(mint, authority),
            Self::TokenGroupMember => return member(mint, authority, group),
        };
        call(mint, &data)
    }
}

/// A Token-2022 instruction with the mint as its only account.
fn call(mint: &Address, data: &[&[u8]]) -> Instruction {
    instruction(vec![AccountMeta::new(*mint, false)], data)
}

fn instruction(accounts: Vec<AccountMeta>, data: &[&[u8]]) -> Instruction {
    Instruction { program_id: TOKEN_2022_PROGRAM, accounts, data: data.concat() }
}

/// `initialize_account` of the token metadata interface: a name, a symbol and a URI, each with its length.
fn metadata(mint: &Address, authority: &Address) -> Instruction {
    let accounts = vec![
        AccountMeta::new(*mint, false),
        AccountMeta::new_readonly(*authority, false),
        AccountMeta::new_readonly(*mint, false),
        AccountMeta::new_readonly(*authority, true),
    ];
    let discriminator = [210, 225, 30, 162, 88, 184, 77, 141];
    instruction(accounts, &[&discriminator, &[5, 0, 0, 0], b"Token", &[1, 0, 0, 0], b"T", &[0; 4]])
}

/// `initialize_token_group` of the token group interface: the authority and the maximum number of members.
fn token_group(mint: &Address, authority: &Address) -> Instruction {
    let accounts = vec![
        AccountMeta::new(*mint, false),
        AccountMeta::new_readonly(*mint, false),
        AccountMeta::new_readonly(*authority, true),
    ];
    let discriminator = [121, 113, 108, 39, 54, 51, 0, 4];
    instruction(accounts, &[&discriminator, authority.as_ref(), &9_u64.to_le_bytes()])
}

/// `initialize_member` of the token group interface.
fn member(mint: &Address, authority: &Address, group: &Address) -> Instruction {
    let accounts = vec![
        AccountMeta::new(*mint, false),
        AccountMeta::new_readonly(*mint, false),
        AccountMeta::new_readonly(*authority, true),
        AccountMeta::new(*group, false),
        AccountMeta::new_readonly(*authority, true),
    ];
    instruction(accounts, &[&[152, 32, 222, 176, 223, 237, 116, 134]])
}

/// The instructions that create a mint: the account, its early extensions, the mint, its late extensions.
pub(crate) fn create_mint(
    mint: &Address,
    authority: &Address,
    decimals: u8,
    extensions: &[Extension],
    group: &Address,
) -> Vec<Instruction> {
    /// More than the rent of any mint here, including later extensions.
    const LAMPORTS: u64 = 10_000_000;
    let lengths: Vec<usize> = extensions.iter().filter_map(|extension| extension.length()).collect();
    let listed: usize = lengths.iter().map(|length| length.saturating_add(4)).sum();
    let space = match ACCOUNT.saturating_add(1).saturating_add(listed) {
        _ if lengths.is_empty() => 82,
        MULTISIG => MULTISIG.saturating_add(2),
        space => space,
    };
    let accounts = vec![AccountMeta::new(*authority, true), AccountMeta::new(*mint, true)];
    let space = u64::try_from(space).unwrap_or(u64::MAX).to_le_bytes();
    let data = [&[0; 4][..], &LAMPORTS.to_le_bytes(), &space, TOKEN_2022_PROGRAM.as_ref()].concat();
    let mut instructions = vec![Instruction { program_id: SYSTEM_PROGRAM, accounts, data }];
    let put = |extension: &Extension| extension.initialize(mint, authority, group);
    instructions.extend(extensions.iter().filter(|extension| extension.length().is_some()).map(put));
    instructions.push(call(mint, &[&[20, decimals], authority.as_ref(), &[1], authority.as_ref()]));
    instructions.extend(extensions.iter().filter(|extension| extension.length().is_none()).map(put));
    instructions
}
