//! Views of accounts show what decoding the same bytes gives.

#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)] // a test ends there

use backstop_client::*;
use proptest::{collection::vec, prelude::*};

/// For random bytes behind the discriminator, every field of the view is that of the decoded account: the conversion asks
/// each of the view's methods.
macro_rules! equal {
    ($($name:ident $kind:ident;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(64))]
            $(#[test]
            fn $name(bytes in vec(any::<u8>(), $kind::SIZE - 8)) {
                let data = [&$kind::DISCRIMINATOR[..], &bytes].concat();
                let decoded = $kind::from_account_data(&data).unwrap();
                let view = view::$kind::new(&data).unwrap();
                prop_assert_eq!($kind::from(view), decoded);
                prop_assert_eq!(decoded.to_account_data(), data.clone());

                let short = &data[..data.len() - 1];
                prop_assert!(view::$kind::new(short).is_none() && $kind::from_account_data(short).is_none());
                let other = [&[bytes[0]; 8][..], &bytes].concat();
                prop_assert!(view::$kind::new(&other).is_none() && $kind::from_account_data(&other).is_none());
            })*
        }
    };
}

equal! {
    collateral_is_as_decoded Collateral;
    insurance_fund_is_as_decoded InsuranceFund;
    loss_claim_is_as_decoded LossClaim;
    market_is_as_decoded Market;
    obligation_is_as_decoded Obligation;
    parameter_change_is_as_decoded ParameterChange;
    pool_is_as_decoded Pool;
}

#[test]
fn field_is_read_where_it_stands() {
    let mut data = vec![0; Obligation::SIZE];
    data[..8].copy_from_slice(&Obligation::DISCRIMINATOR);
    // After discriminator, pool and owner come the debt shares; after these, four integers, two numbers of losses in four bytes each and the
    // slot of the last borrow come the slots of collateral, of 40 bytes each.
    data[72..80].copy_from_slice(&5_u64.to_le_bytes());
    data[128 + 40 + 32..][..8].copy_from_slice(&6_u64.to_le_bytes());
    let obligation = view::Obligation::new(&data).unwrap();
    assert_eq!(obligation.debt_shares(), 5);
    assert_eq!(obligation.collaterals().map(|slot| slot.units()), [0, 6, 0, 0, 0, 0, 0, 0]);
}
