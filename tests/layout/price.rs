//! The price account that tests use, against the layout that Pyth documents for `PriceUpdateV2`.

use backstop_engine::price::Quote;
use backstop_testkit::price_update;
use solana_address::address;

use crate::accounts::discriminator;

#[test]
fn price_update_of_pyth() {
    let quote = Quote { price: 3_012_345_678, confidence: 1_234_567, exponent: -8 };
    let account = price_update(&[9; 32], &quote, 1_667_260_800);
    assert_eq!(account.owner, address!("rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ"));
    // discriminator 8, write authority 32, verification level 2, message 84, posted slot 8
    assert_eq!(account.data.len(), 8 + 32 + 2 + 84 + 8);
    let data = |from: usize, to: usize| account.data[from..to].to_vec();
    assert_eq!(data(0, 8), discriminator("account:PriceUpdateV2"));
    assert_eq!(data(40, 41), [1], "full verification is the second variant and has no content");
    assert_eq!(data(41, 73), [9; 32], "feed");
    assert_eq!(data(73, 81), 3_012_345_678_i64.to_le_bytes(), "price");
    assert_eq!(data(81, 89), 1_234_567_u64.to_le_bytes(), "confidence");
    assert_eq!(data(89, 93), (-8_i32).to_le_bytes(), "exponent");
    assert_eq!(data(93, 101), 1_667_260_800_i64.to_le_bytes(), "publish time");
    assert_eq!(data(101, 109), 1_667_260_799_i64.to_le_bytes(), "previous publish time");
    assert_eq!(data(109, 117), 3_012_345_678_i64.to_le_bytes(), "average price");
    assert_eq!(data(117, 125), 1_234_567_u64.to_le_bytes(), "average confidence");
    assert_eq!(data(133, 134), [0], "an update fully verified leaves the last byte unused");
}
