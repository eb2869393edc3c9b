//! Which mints can be listed: those of SPL Token, and those of Token-2022 that have no extension but harmless ones.
//!
//! The program counts on four things: what is sent arrives to the unit, nobody but its owner takes tokens out of a
//! vault, nobody but a freeze authority stops a transfer, and a price is that of a fixed number of base units. So:
//!
//! | extension | | why |
//! | --- | --- | --- |
//! | metadata pointer, token metadata | harmless | text, and where it stands: no transfer reads it |
//! | group pointer, token group, group member pointer, token group member | harmless | the same |
//! | transfer fee | refused | less arrives than was sent; a fee of zero is refused too, its authority can raise it |
//! | transfer hook | refused | another program can refuse a transfer; if there is none yet, its authority can set one |
//! | permanent delegate | refused | somebody can take the tokens out of every vault |
//! | default account state | refused | a new vault may start frozen |
//! | confidential transfer, its fee, confidential mint and burn | refused | amounts that nobody can read |
//! | non-transferable | refused | nothing could be paid in |
//! | mint close authority | refused | the mint can be made anew with other extensions: see below |
//! | interest-bearing, scaled amount | refused | a token, as it is shown and priced, is no fixed number of base units |
//! | pausable | refused | somebody can stop all transfers, and liquidations with them |
//! | any other, such as permissioned burn | refused | it is not known to be harmless |
//!
//! **A look at listing is enough.** Token-2022 initialises extensions of a mint only before the mint itself, with three
//! exceptions that can come later and are harmless: token metadata, token group and token group member. `Reallocate`
//! takes token accounts only, and `SetAuthority` needs the extension whose authority it sets. A mint that has no
//! transfer fee when it is listed will have none, unless it is closed and made anew at the same address; closing takes
//! a mint close authority (and a supply of zero), which is why that extension is refused.
//!
//! Not looked at: the freeze authority, which is no extension, and which the large stablecoins have under either token
//! program; and extensions of token accounts, which are their owners' choice: a vault's owner asks for none.

use {
    crate::errors::BackstopError,
    anchor_lang::{
        Id, IdlAccountType, address_eq,
        pinocchio::account::AccountView,
        prelude::*,
        programs::{Token, Token2022},
    },
    anchor_spl::token_interface::Mint,
    bytemuck::{Pod, Zeroable},
    core::ops::Deref,
};

/// A mint that can be listed. It is checked as it is loaded, since opening a vault, which comes next, fails without a
/// reason at an extension that Anchor does not know.
#[repr(transparent)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct ListableMint(Mint);

impl Deref for ListableMint {
    type Target = Mint;

    fn deref(&self) -> &Mint {
        &self.0
    }
}

impl IdlAccountType for ListableMint {}

impl SlabSchema for ListableMint {
    const DATA_OFFSET: usize = Mint::DATA_OFFSET;
    const MIN_DATA_LEN: usize = Mint::MIN_DATA_LEN;

    fn validate(view: &AccountView, data: &[u8]) -> Result<()> {
        require_harmless(view, data)?;
        Mint::validate(view, data)
    }
}

/// Where a Token-2022 account says what it is. Its extensions follow; one without extensions ends before.
const KIND: usize = 165;
/// What it says if it is a mint.
const MINT: u8 = 1;

/// Refuses an account of another program, and a Token-2022 mint for its first extension that is not harmless. Whether
/// the account is a mint at all is for [`Mint`] to say.
///
/// An extension is two bytes that tell which, two that tell its length, and as many bytes. After the last are zeros.
fn require_harmless(view: &AccountView, data: &[u8]) -> Result<()> {
    if address_eq(view.owner(), &Token::id()) {
        return Ok(());
    }
    require!(address_eq(view.owner(), &Token2022::id()), BackstopError::UnsupportedToken);
    let Some([MINT, extensions @ ..]) = data.get(KIND..) else { return Ok(()) };
    let mut rest = extensions;
    while rest.iter().any(|byte| *byte != 0) {
        let ([kind, length], contents) = split(rest).ok_or(BackstopError::UnknownExtension)?;
        if let Some(refusal) = refusal(kind) {
            return Err(refusal.into());
        }
        rest = contents.get(usize::from(length)..).ok_or(BackstopError::UnknownExtension)?;
    }
    Ok(())
}

/// The first number, the second, and what follows.
fn split(bytes: &[u8]) -> Option<([u16; 2], &[u8])> {
    let ([a, b, c, d], contents) = bytes.split_first_chunk()?;
    Some(([u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d])], contents))
}

/// What a mint with this extension is refused with, by the numbers of Token-2022's `ExtensionType`.
fn refusal(extension: u16) -> Option<BackstopError> {
    Some(match extension {
        1 => BackstopError::TransferFeeExtension,
        3 => BackstopError::MintCloseAuthorityExtension,
        // Confidential transfers, their fee, confidential mint and burn.
        4 | 16 | 24 => BackstopError::ConfidentialTransferExtension,
        6 => BackstopError::DefaultAccountStateExtension,
        9 => BackstopError::NonTransferableExtension,
        10 => BackstopError::InterestBearingExtension,
        12 => BackstopError::PermanentDelegateExtension,
        14 => BackstopError::TransferHookExtension,
        // Metadata pointer, token metadata, group pointer, token group, group member pointer, token group member.
        18..=23 => return None,
        25 => BackstopError::ScaledUiAmountExtension,
        26 => BackstopError::PausableExtension,
        _ => BackstopError::UnknownExtension,
    })
}
