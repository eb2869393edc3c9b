//! Mints of the Token-2022 program, made by that program itself: its instructions, byte for byte.

use backstop_client::verb::{SYSTEM_PROGRAM, TOKEN_2022_PROGRAM};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

/// Bytes of a token account; a mint with extensions says after as many what it is.
const ACCOUNT: usize = 165;
/// Bytes of a multisig account: a mint that would be as long is made two bytes longer.
const MULTISIG: usize = 355;

/// An extension of a mint. All authorities are the mint's, which is the world's payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// A fee of transfers, in basis points.
    TransferFee(u16),
    /// The mint can be closed.
    MintCloseAuthority,
    /// Confidential transfers.
    ConfidentialTransfer,
    /// The state of new accounts: frozen or not.
    DefaultAccountState {
        /// Whether they are frozen.
        frozen: bool,
    },
    /// No transfers.
    NonTransferable,
    /// Interest in what is shown.
    InterestBearing,
    /// Somebody may move all tokens.
    PermanentDelegate,
    /// A program that transfers call; none yet.
    TransferHook,
    /// Fees of confidential transfers.
    ConfidentialTransferFee,
    /// Where the metadata is: in the mint.
    MetadataPointer,
    /// Metadata. Needs [`Extension::MetadataPointer`].
    TokenMetadata,
    /// Where the group is: in the mint.
    GroupPointer,
    /// The group. Needs [`Extension::GroupPointer`].
    TokenGroup,
    /// Where the membership in a group is: in the mint.
    GroupMemberPointer,
    /// The membership. Needs [`Extension::GroupMemberPointer`].
    TokenGroupMember,
    /// Confidential mint and burn.
    ConfidentialMintBurn,
    /// A multiplier of what is shown.
    ScaledUiAmount,
    /// Somebody may stop all transfers.
    Pausable,
    /// Burning takes a second signature.
    PermissionedBurn,
}

impl Extension {
    /// The bytes of the extension in a mint that is about to be initialised; those that come later take none.
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

    /// The instruction that puts the extension into a mint: before the mint itself is initialised if it has a length there,
    /// afterwards if not. `group` is a mint with a group of the same authority.
    pub fn initialize(self, mint: &Address, authority: &Address, group: &Address) -> Instruction {
        /// A one as a binary floating-point number of 64 bits.
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

/// An instruction of the program for a mint alone.
fn call(mint: &Address, data: &[&[u8]]) -> Instruction {
    instruction(vec![AccountMeta::new(*mint, false)], data)
}

fn instruction(accounts: Vec<AccountMeta>, data: &[&[u8]]) -> Instruction {
    Instruction { program_id: TOKEN_2022_PROGRAM, accounts, data: data.concat() }
}

/// `initialize_account` of the token metadata interface: a name, a symbol and an address, each after its length.
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

/// `initialize_token_group` of the token group interface: the authority and how many members there may be.
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

/// The instructions that make a mint: the account, the extensions that come first, the mint, the extensions that follow.
pub(crate) fn create_mint(
    mint: &Address,
    authority: &Address,
    decimals: u8,
    extensions: &[Extension],
    group: &Address,
) -> Vec<Instruction> {
    /// More than the rent of any mint here, with what is added to it later.
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
