//! What the command knows beyond what the program stores: losses that nobody has marked, cash that is not there, SOL
//! that is not wrapped.

use crate::command_runner::{CommandRunner, DAY, address, amount, parameter_file};

#[test]
fn a_shortfall_that_nobody_has_marked_is_told_of_the_pool() {
    let cli = CommandRunner::with_pool("unmarked");
    cli.done("alice", &["deposit", "1000"]);
    cli.done("carol", &["deposit-collateral", "20", "SOL"]);
    cli.done("carol", &["borrow", "950"]);
    cli.localnet.make_block().unwrap();
    assert_eq!(amount(&cli.show(&["pool"]), "/unmarked"), "0");

    // 20 SOL at 40 bring 800 / 1.05 = 761.904761 of the 950.
    cli.price("SOL", "40");
    let pool = cli.show(&["pool"]);
    assert_eq!((amount(&pool, "/unmarked"), amount(&pool, "/marked")), ("188.095239", "0"));
    assert_eq!(amount(&pool, "/nav"), "1000", "the program does not know of it");
    let reported = cli.run("alice", &["show", "pool"]).stdout;
    assert!(reported.contains("188.095239 USDC (of 1: `backstop show obligations --unhealthy`"), "{reported}");

    cli.done("erin", &["mark", &address("carol")]);
    let pool = cli.show(&["pool"]);
    assert_eq!((amount(&pool, "/unmarked"), amount(&pool, "/marked")), ("0", "188.095239"));
    cli.localnet.stop().unwrap();
}

#[test]
fn who_leaves_a_pool_without_cash_for_all_gets_what_there_is_and_is_told_what_stays() {
    let cli = CommandRunner::with_pool("full");
    cli.done("alice", &["deposit", "1000"]);
    cli.done("carol", &["deposit-collateral", "20", "SOL"]);
    cli.done("carol", &["borrow", "950"]);
    let refused = cli.refused(1, "alice", &["withdraw", "51"]);
    assert!(refused.contains("InsufficientCash"), "{refused}");
    let left = cli.done("alice", &["withdraw", "all"]);
    assert_eq!((amount(&left, "/preview/receive"), amount(&left, "/preview/worth_after")), ("50", "950"));
    assert!(left["preview"]["notes"][0].as_str().unwrap().contains("the rest is lent out"), "{left:#}");
    assert_eq!(amount(&left, "/happened/withdrawn/received"), "50");
    // At full utilisation there is nothing.
    let refused = cli.refused(1, "alice", &["withdraw", "all"]);
    assert!(refused.contains("InsufficientCash"), "{refused}");
    cli.done("carol", &["repay", "all"]);
    let left = cli.done("alice", &["withdraw", "all"]);
    assert_eq!(amount(&left, "/preview/receive"), "950");
    assert!(left["preview"]["notes"].is_null(), "{left:#}");
    cli.localnet.stop().unwrap();
}

#[test]
fn native_sol_is_wrapped_where_it_pays() {
    const WRAPPED: &str = "So11111111111111111111111111111111111111112";
    let cli = CommandRunner::with_pool("native");
    cli.done("authority", &["add-collateral", WRAPPED, "--parameters", &parameter_file("sol.toml")]);
    // What an open pool lists opens after two timelocks of a day and the 72 hours for which exits can be paused.
    cli.wait(5 * DAY);
    // At first there is no account of it, then one that holds nothing.
    for total in ["5", "10"] {
        let put = cli.done("carol", &["deposit-collateral", "5", WRAPPED]);
        assert!(put["preview"]["notes"].to_string().contains("of your native SOL is wrapped"), "{put:#}");
        assert_eq!(amount(&put, "/state/collaterals/0/units"), total);
    }
    // Everybody starts with a thousand.
    let refused = cli.refused(2, "carol", &["deposit-collateral", "1000", WRAPPED]);
    assert!(refused.contains("send SOL to your wallet"), "{refused}");
    cli.localnet.stop().unwrap();
}

#[test]
fn what_a_lookup_table_takes_is_listed_once() {
    let cli = CommandRunner::with_pool("addresses");
    let listed = cli.run("alice", &["show", "addresses"]).stdout;
    let listed: Vec<&str> = listed.trim().split(',').collect();
    // Market, pool, mint, vault, fund, loss book, token program and price; collateral, mint, vault and price.
    assert_eq!(listed.len(), 8 + 4, "{listed:?}");
    assert_eq!(cli.show(&["addresses"])["addresses"].as_array().unwrap().len(), 12);
    let refused = cli.refused(2, "alice", &["accrue", "--lookup-table", &address("alice")]);
    assert!(refused.contains("no address lookup table"), "{refused}");
    cli.localnet.stop().unwrap();
}
