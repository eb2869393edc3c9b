//! A debt that nobody wants to liquidate: its mark holds everybody, and ends by settlement.

use crate::command_runner::{CommandRunner, address, amount};

#[test]
fn a_mark_that_nobody_ends_is_settled_and_everything_is_open_again() {
    let cli = CommandRunner::with_pool("settlement");
    cli.done("alice", &["deposit", "1000"]);
    cli.done("dave", &["stake", "100"]);
    cli.done("carol", &["deposit-collateral", "10", "SOL"]);
    cli.done("carol", &["borrow", "600"]);
    cli.localnet.make_block().unwrap();

    // 10 SOL at 50 bring 500 / 1.05 = 476.190476 of the 600.
    cli.price("SOL", "50");
    let carol = cli.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("`backstop mark "), "{carol:#}");
    let marked = cli.done("erin", &["mark", &address("carol")]);
    assert_eq!(amount(&marked, "/happened/marked/after"), "123.809524");
    assert_eq!(amount(&marked, "/state/marked"), "123.809524");
    let refused = cli.refused(1, "erin", &["record-bad-debt", &address("carol")]);
    assert!(refused.contains("CollateralRemains") && refused.contains("backstop liquidate"), "{refused}");

    // Of the hour half is over, then all of it.
    cli.wait(1_800);
    assert!(cli.refused(1, "alice", &["withdraw", "all"]).contains("(in 30m), anyone can settle it"));
    cli.wait(1_800);
    let refused = cli.refused(1, "alice", &["withdraw", "all"]);
    assert!(refused.contains("PoolOnHold") && refused.contains("Anyone can settle it now"), "{refused}");
    assert_eq!(cli.show(&["pool"])["on_hold"], "on hold until anyone settles the marks");
    let carol = cli.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("its mark is due for settlement"), "{carol:#}");
    let settled = cli.done("alice", &["record-bad-debt", &address("carol")]);
    assert_eq!(amount(&settled, "/preview/loss"), "123.809524");
    assert_eq!(amount(&settled, "/happened/loss_recorded/from_insurance"), "61.904762"); // half
    assert_eq!(amount(&settled, "/happened/loss_recorded/to_lps"), "61.904762");

    // carol keeps her SOL and owes what they cover; 938.095238 of NAV, of which 400 and half of the loss are cash, are
    // open again.
    let carol = cli.show(&["obligation", &address("carol")]);
    assert_eq!((amount(&carol, "/debt"), amount(&carol, "/unrecovered")), ("476.190476", "123.809524"));
    assert!(carol["marked"].is_null(), "{carol:#}");
    assert_eq!(amount(&carol, "/collaterals/0/units"), "10");
    let pool = cli.show(&["pool"]);
    assert_eq!((amount(&pool, "/nav"), amount(&pool, "/marked")), ("938.095238", "0"));
    assert_eq!(amount(&pool, "/cash"), "461.904762");
    cli.done("alice", &["withdraw", "100"]);
    cli.done("dave", &["stake", "1"]);

    // At 100 the rest of the debt needs 476.190476 * 1.1 / 0.8 = 654.761905 of the 1,000. Of what is beyond, 123.809524
    // * 1.05 = 130.0000002 are taken for what was written off, which comes back to both sides by halves.
    cli.price("SOL", "100");
    let carol = cli.show(&["obligation", &address("carol")]);
    assert!(
        carol["next"].as_str().unwrap().contains("buy collateral against that with `backstop liquidate "),
        "{carol:#}"
    );
    let taken = cli.done("erin", &["liquidate", &address("carol")]);
    assert_eq!((amount(&taken, "/preview/pay"), amount(&taken, "/preview/cut")), ("123.809524", "0"));
    assert_eq!(amount(&taken, "/happened/liquidated/seized"), "1.300000002");
    assert_eq!(amount(&taken, "/happened/recovered/to_lps"), "61.904762");
    // 100 / 101 of 61.904762; the rest goes to the initial donation.
    assert_eq!(amount(&taken, "/happened/recovered/to_stakers"), "61.291843");
    assert_eq!((amount(&taken, "/state/debt"), amount(&taken, "/state/unrecovered")), ("476.190476", "0"));
    cli.localnet.stop().unwrap();
}

/// One that is covered again when it is settled is no loss.
#[test]
fn a_mark_of_a_debt_that_is_covered_again_ends_by_showing_a_newer_price() {
    let cli = CommandRunner::with_pool("covered-again");
    cli.done("alice", &["deposit", "1000"]);
    cli.done("carol", &["deposit-collateral", "10", "SOL"]);
    cli.done("carol", &["borrow", "600"]);
    cli.localnet.make_block().unwrap();
    cli.price("SOL", "50");
    cli.done("erin", &["mark", &address("carol")]);
    assert!(cli.refused(1, "alice", &["withdraw", "all"]).contains("PoolOnHold"));
    // At 80, 10 SOL carry 640.
    cli.wait(60);
    cli.price("SOL", "80");
    let ended = cli.done("alice", &["mark", &address("carol")]);
    assert_eq!(amount(&ended, "/happened/marked/after"), "0");
    assert_eq!(ended["preview"]["on_hold"], "nothing");
    cli.done("alice", &["withdraw", "100"]);
    let refused = cli.refused(1, "alice", &["mark", &address("carol")]);
    assert!(refused.contains("there is nothing to mark"), "{refused}");
    cli.localnet.stop().unwrap();
}
