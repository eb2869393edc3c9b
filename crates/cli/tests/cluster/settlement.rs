//! A debt that nobody wants to liquidate: its mark holds everybody, and ends by settlement.

use crate::desk::{Desk, address, amount};

#[test]
fn a_mark_that_nobody_ends_is_settled_and_everything_is_open_again() {
    let desk = Desk::with_pool("settlement");
    desk.done("alice", &["deposit", "1000"]);
    desk.done("dave", &["stake", "100"]);
    desk.done("carol", &["deposit-collateral", "10", "SOL"]);
    desk.done("carol", &["borrow", "600"]);
    desk.localnet.make_block().unwrap();

    // 10 SOL at 50 bring 500 / 1.05 = 476.190476 of the 600.
    desk.price("SOL", "50");
    let carol = desk.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("`backstop mark "), "{carol:#}");
    let marked = desk.done("erin", &["mark", &address("carol")]);
    assert_eq!(amount(&marked, "/happened/marked/after"), "123.809524");
    assert_eq!(amount(&marked, "/state/marked"), "123.809524");
    let refused = desk.refused(1, "erin", &["record-bad-debt", &address("carol")]);
    assert!(refused.contains("CollateralRemains") && refused.contains("backstop liquidate"), "{refused}");

    // Of the hour half is over, then all of it.
    desk.wait(1_800);
    assert!(desk.refused(1, "alice", &["withdraw", "all"]).contains("(in 30m) on anyone settles it"));
    desk.wait(1_800);
    let refused = desk.refused(1, "alice", &["withdraw", "all"]);
    assert!(refused.contains("PoolOnHold") && refused.contains("Anyone settles it now"), "{refused}");
    assert_eq!(desk.show(&["pool"])["on_hold"], "on hold until somebody settles what is marked");
    let carol = desk.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("its mark is to be settled"), "{carol:#}");
    let settled = desk.done("alice", &["record-bad-debt", &address("carol")]);
    assert_eq!(amount(&settled, "/preview/loss"), "123.809524");
    assert_eq!(amount(&settled, "/happened/loss_recorded/from_insurance"), "61.904762"); // half
    assert_eq!(amount(&settled, "/happened/loss_recorded/to_lps"), "61.904762");

    // carol keeps her SOL and owes what they cover; 938.095238 of NAV, of which 400 and half of the loss are cash, are open again.
    let carol = desk.show(&["obligation", &address("carol")]);
    assert_eq!((amount(&carol, "/debt"), amount(&carol, "/unrecovered")), ("476.190476", "123.809524"));
    assert!(carol["marked"].is_null(), "{carol:#}");
    assert_eq!(amount(&carol, "/collaterals/0/units"), "10");
    let pool = desk.show(&["pool"]);
    assert_eq!((amount(&pool, "/nav"), amount(&pool, "/marked")), ("938.095238", "0"));
    assert_eq!(amount(&pool, "/cash"), "461.904762");
    desk.done("alice", &["withdraw", "100"]);
    desk.done("dave", &["stake", "1"]);

    // At 100 the rest of the debt needs 476.190476 * 1.1 / 0.8 = 654.761905 of the 1,000. Of what is beyond, 123.809524 * 1.05 = 130.0000002
    // are taken for what was written off, which comes back to both sides by halves.
    desk.price("SOL", "100");
    let carol = desk.show(&["obligation", &address("carol")]);
    assert!(
        carol["next"].as_str().unwrap().contains("take collateral for that with `backstop liquidate "),
        "{carol:#}"
    );
    let taken = desk.done("erin", &["liquidate", &address("carol")]);
    assert_eq!((amount(&taken, "/preview/pay"), amount(&taken, "/preview/cut")), ("123.809524", "0"));
    assert_eq!(amount(&taken, "/happened/liquidated/seized"), "1.300000002");
    assert_eq!(amount(&taken, "/happened/recovered/to_lps"), "61.904762");
    assert_eq!(amount(&taken, "/happened/recovered/to_stakers"), "61.291843"); // of 61.904762 100 / 101, the rest to the founding gift
    assert_eq!((amount(&taken, "/state/debt"), amount(&taken, "/state/unrecovered")), ("476.190476", "0"));
    desk.localnet.stop().unwrap();
}

/// One that is covered again when it is settled is no loss.
#[test]
fn a_mark_of_a_debt_that_is_covered_again_ends_by_showing_a_newer_price() {
    let desk = Desk::with_pool("covered-again");
    desk.done("alice", &["deposit", "1000"]);
    desk.done("carol", &["deposit-collateral", "10", "SOL"]);
    desk.done("carol", &["borrow", "600"]);
    desk.localnet.make_block().unwrap();
    desk.price("SOL", "50");
    desk.done("erin", &["mark", &address("carol")]);
    assert!(desk.refused(1, "alice", &["withdraw", "all"]).contains("PoolOnHold"));
    // At 80, 10 SOL carry 640.
    desk.wait(60);
    desk.price("SOL", "80");
    let ended = desk.done("alice", &["mark", &address("carol")]);
    assert_eq!(amount(&ended, "/happened/marked/after"), "0");
    assert_eq!(ended["preview"]["on_hold"], "nothing");
    desk.done("alice", &["withdraw", "100"]);
    let refused = desk.refused(1, "alice", &["mark", &address("carol")]);
    assert!(refused.contains("there is nothing to mark"), "{refused}");
    desk.localnet.stop().unwrap();
}
