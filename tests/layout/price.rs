//! The price accounts that tests use, against the layouts that Pyth documents for `PriceUpdateV2` and Switchboard for
//! `PullFeedAccountData`.

use backstop_engine::price::Quote;
use backstop_testkit::{price_update, switchboard_feed};
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

#[test]
fn feed_of_switchboard() {
    let account = switchboard_feed(30_123_456_789_000_000_000, 12_345_678, 1_667_260_800, 346_241_633, 4, 3);
    assert_eq!(account.owner, address!("SBondMDrcV3K4kxZR1HNVT7osZxAHVHgYXL5Ze1oMUv"));
    // discriminator 8, submissions 32 * 64, settings 160, last update 48, result 128, staleness and history 560, times
    // 32 * 8
    assert_eq!(account.data.len(), 8 + 2_048 + 160 + 48 + 128 + 560 + 256);
    let data = |from: usize, to: usize| account.data[from..to].to_vec();
    let (value, slot, time) =
        (30_123_456_789_000_000_000_i128.to_le_bytes(), 346_241_633_u64.to_le_bytes(), 1_667_260_800_i64.to_le_bytes());
    assert_eq!(data(0, 8), discriminator("account:PullFeedAccountData"));
    for number in 0..4 {
        let at = 8 + 64 * number;
        assert_ne!(data(at, at + 32), [0; 32], "oracle");
        assert_eq!(data(at + 32, at + 40), slot, "signed at");
        assert_eq!(data(at + 40, at + 48), slot, "landed at");
        assert_eq!(data(at + 48, at + 64), value, "submission");
        assert_eq!(data(2_952 + 8 * number, 2_960 + 8 * number), time, "time of the submission");
    }
    assert_eq!((data(264, 2_056), data(2_984, 3_208)), (vec![0; 1_792], vec![0; 224]), "no other submissions");
    assert_eq!(data(2_176, 2_180), 1_u32.to_le_bytes(), "minimum of responses");
    assert_eq!(data(2_213, 2_216), [0, 0, 3], "authority may write, index of the history, minimum of samples");
    assert_eq!(data(2_216, 2_224), time, "last update");
    assert_eq!(data(2_264, 2_280), value, "result");
    assert_eq!(data(2_280, 2_296), 12_345_678_i128.to_le_bytes(), "standard deviation");
    assert_eq!(data(2_296, 2_312), value, "mean");
    assert_eq!(data(2_312, 2_328), [0; 16], "range");
    assert_eq!((data(2_328, 2_344), data(2_344, 2_360)), (value.to_vec(), value.to_vec()), "minimum, maximum");
    assert_eq!(data(2_360, 2_368), [4, 0, 0, 0, 0, 0, 0, 0], "samples, index of the submission");
    for (at, what) in [(2_368, "signed at"), (2_376, "least slot"), (2_384, "greatest slot")] {
        assert_eq!(data(at, at + 8), slot, "{what}");
    }
    assert_eq!(data(2_392, 2_396), 250_u32.to_le_bytes(), "maximum staleness");
}
