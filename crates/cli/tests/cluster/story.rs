//! Two LPs, a borrower, a staker and a liquidator through a crash: every instruction of the program, by command. There
//! is no interest until the end, so that every number can be computed by hand.

use std::collections::BTreeSet;

use backstop_cli::commands::instructions::ROLES;
use backstop_localnet::Token;
use backstop_text::kebab_case;
use serde_json::Value;

use crate::command_runner::{CommandRunner, DAY, address, amount};

#[test]
fn every_instruction_does_what_its_preview_says() {
    let cli = CommandRunner::with_pool("story");
    lending(&cli);
    crash(&cli);
    recovery(&cli);
    governance(&cli);
    leaving(&cli);
    reserves(&cli);
    histories(&cli);
    unpriced(&cli);

    let all: BTreeSet<String> = ROLES.iter().map(|(variant, _)| kebab_case(variant)).collect();
    let missed: Vec<_> = all.difference(&cli.used()).cloned().collect();
    assert_eq!(missed, [""; 0]);
    assert_eq!(all.len(), 45);
    cli.localnet.stop().unwrap();
}

/// alice 900 shares and bob 600 of 1,500; dave stakes 100; carol owes 500 against 9 SOL.
fn lending(cli: &CommandRunner) {
    let deposited = cli.done("alice", &["deposit", "1000"]);
    assert_eq!(amount(&deposited, "/preview/pay"), "1000");
    assert_eq!(amount(&deposited, "/preview/receive"), "1000");
    assert_eq!(amount(&deposited, "/preview/least"), "995");
    assert_eq!(amount(&deposited, "/happened/deposited/shares"), "1000");
    assert_eq!(amount(&deposited, "/state/worth"), "1000");
    cli.done("bob", &["open-position"]);
    cli.done("bob", &["deposit", "600"]);
    let withdrawn = cli.done("bob", &["withdraw", "100"]);
    assert_eq!(amount(&withdrawn, "/happened/withdrawn/received"), "100");
    assert_eq!(amount(&withdrawn, "/state/shares"), "500");
    let parameter_file = cli.done("alice", &["transfer-shares", "100", &cli.keypair("bob")]);
    assert_eq!(amount(&parameter_file, "/state/shares"), "900");

    cli.done("dave", &["open-stake"]);
    let staked = cli.done("dave", &["stake", "100"]);
    assert_eq!(amount(&staked, "/state/worth"), "100");

    cli.done("carol", &["open-obligation"]);
    cli.done("carol", &["deposit-collateral", "10", "SOL"]);
    // 10 SOL at 100 USD carry 750.
    let borrowed = cli.done("carol", &["borrow", "600"]);
    assert_eq!(borrowed["preview"]["health_after"]["bps"], "13333"); // 800 / 600
    assert_eq!(amount(&borrowed, "/state/borrowable"), "150");
    let refused = cli.refused(1, "erin", &["liquidate", &address("carol")]);
    assert!(refused.contains("ObligationHealthy") && refused.contains("Its health is 1.3333"), "{refused}");
    let refused = cli.refused(1, "carol", &["borrow", "150.000001"]);
    assert!(refused.contains("LoanToValueExceeded") && refused.contains("at most 150 USDC now"), "{refused}");
    // 600 need 8 SOL.
    let refused = cli.refused(1, "carol", &["withdraw-collateral", "2.5", "SOL"]);
    assert!(refused.contains("at most 2 SOL now"), "{refused}");
    let taken = cli.done("carol", &["withdraw-collateral", "1", "SOL"]);
    assert_eq!(amount(&taken, "/happened/collateral_withdrawn/received"), "1");
    let repaid = cli.done("carol", &["repay", "100"]);
    assert_eq!(amount(&repaid, "/state/debt"), "500");
    assert_eq!(repaid["state"]["health"]["bps"], "14400"); // 720 / 500

    cli.done("erin", &["accrue"]);
    cli.done("erin", &["refresh-risk", "SOL"]);
    let pool = cli.show(&["pool"]);
    assert_eq!(amount(&pool, "/nav"), "1500");
    prices(cli, &pool);
    assert_eq!(amount(&pool, "/cash"), "1000");
    assert_eq!(pool["utilisation"]["billionths"], "333333333"); // 500 / 1,500
}

/// The clock stands still, so prices are of now; the local ones are certain.
fn prices(cli: &CommandRunner, pool: &Value) {
    let sol = cli.show(&["collateral", "SOL"]);
    for (view, symbol, price) in [(pool, "USDC", "1"), (&sol, "SOL", "100")] {
        let token = Token::named(symbol).unwrap();
        let account = &view["price_accounts"][0];
        assert_eq!(account["account"], token.price_account().to_string());
        assert_eq!((&account["network"], &account["state"]), (&"Pyth".into(), &"usable".into()));
        assert_eq!((amount(view, "/price"), amount(account, "/price")), (price, price));
        assert_eq!((amount(account, "/confidence"), &account["confidence"]["bps"]), ("0", &"0".into()));
        assert_eq!((&account["age"]["seconds"], &account["max_age"]["seconds"]), (&"0".into(), &"60".into()));
        assert_eq!(account["max_confidence"]["bps"], "200");
    }
    let all = cli.show(&["collateral"]);
    assert_eq!(all["price_accounts"][0], sol["price_accounts"][0]);
    let table = cli.run("alice", &["show", "pool"]).stdout;
    assert!(
        table.contains("Price accounts") && table.contains(&Token::named("USDC").unwrap().price_account().to_string())
    );
    assert!(table.contains("withdrawal notice                  none"), "{table}");
}

/// SOL halves: 9 SOL are worth 450 and bring 450 / 1.05 = 428.571428 of the 500.
fn crash(cli: &CommandRunner) {
    cli.price("SOL", "50");
    let unhealthy = cli.show(&["obligations", "--unhealthy"]);
    assert_eq!(unhealthy["obligations"][0]["owner"], address("carol"));
    let carol = cli.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("backstop liquidate"), "{carol:#}");

    let marked = cli.done("erin", &["mark", &address("carol")]);
    assert_eq!(amount(&marked, "/happened/marked/after"), "71.428572");
    // More than a ten-thousandth of 1,500 and of 100: nobody enters or leaves, at most for the hour of the pool.
    assert_eq!(marked["preview"]["on_hold"], "deposits, withdrawals, staking and unstaking");
    let pool = cli.show(&["pool"]);
    assert_eq!((amount(&pool, "/marked"), amount(&pool, "/nav")), ("71.428572", "1500"));
    assert!(pool["on_hold"].as_str().unwrap().contains("on hold, at most until"), "{pool:#}");
    for (who, arguments, error) in [
        ("alice", ["withdraw", "1"], "PoolOnHold"),
        ("bob", ["deposit", "1"], "PoolOnHold"),
        ("dave", ["stake", "1"], "FundOnHold"),
    ] {
        let refused = cli.refused(1, who, &arguments);
        assert!(refused.contains(error) && refused.contains("Marked losses: 71.428572 USDC"), "{refused}");
        assert!(refused.contains("(in 1h), anyone can settle it with `backstop record-bad-debt <OWNER>`"), "{refused}");
    }
    let refused = cli.refused(1, "erin", &["mark", &address("carol")]);
    assert!(refused.contains("the mark would not change"), "{refused}");

    // A small debt against what will be dust.
    cli.done("bob", &["deposit-collateral", "0.02", "SOL"]);
    cli.done("bob", &["borrow", "0.5"]);
    cli.localnet.make_block().unwrap();

    let liquidated = cli.done("erin", &["liquidate", &address("carol")]);
    assert_eq!(amount(&liquidated, "/preview/pay"), "428.571429");
    assert_eq!(amount(&liquidated, "/happened/liquidated/repaid"), "428.571429");
    assert_eq!(amount(&liquidated, "/happened/liquidated/seized"), "9");
    let loss = &liquidated["happened"]["loss_recorded"];
    assert_eq!(amount(loss, "/loss"), "71.428571");
    assert_eq!(amount(loss, "/from_reserves"), "0");
    assert_eq!(amount(loss, "/from_insurance"), "35.714285"); // half, rounded down
    assert_eq!(amount(loss, "/to_lps"), "35.714286");
    for (key, reported) in [("loss", "loss"), ("from_insurance", "from_insurance"), ("to_lps", "to_lps")] {
        assert_eq!(liquidated["preview"][key], loss[reported], "preview-is-execution");
    }
    assert_eq!(amount(loss, "/share_price_after"), "0.976190476000"); // 1,464.285714 / 1,500

    // 0.02 SOL at 26.5 USD are 0.53 USD: dust, and the debt of 0.5 is beyond 80 % of it. But they bring 0.53 / 1.05 =
    // 0.504761.
    cli.price("SOL", "26.5");
    let refused = cli.refused(1, "erin", &["record-bad-debt", &address("bob")]);
    assert!(refused.contains("DebtCovered") && refused.contains("backstop liquidate"), "{refused}");
    // At 20 USD they are 0.40 USD and bring 0.4 / 1.05 = 0.380952 of the 0.5. The rest is lost; bob keeps the SOL and
    // owes 0.380952.
    cli.price("SOL", "20");
    let recorded = cli.done("erin", &["record-bad-debt", &address("bob")]);
    assert_eq!(amount(&recorded, "/preview/loss"), "0.119048");
    assert_eq!(amount(&recorded, "/happened/loss_recorded/loss"), "0.119048");
    assert_eq!(amount(&recorded, "/happened/loss_recorded/to_lps"), "0.059524");
    let bob = cli.show(&["obligation", &address("bob")]);
    assert_eq!((amount(&bob, "/debt"), amount(&bob, "/written_off")), ("0.380952", "0.119048"));
    let losses = cli.show(&["losses"]);
    assert_eq!(amount(&losses, "/records/0/loss"), "71.428571");
    assert_eq!(
        (&losses["records"][0]["owner"], &losses["records"][1]["owner"]),
        (&address("carol").into(), &address("bob").into())
    );
    assert_eq!(amount(&losses, "/lost"), "71.547619"); // with 0.119048
    assert_eq!((&losses["count"], &losses["room"]), (&"2".into(), &"256".into()));
    // Dave has 100 of the fund's 101 shares: the donation of 1 that founded it has one.
    assert_eq!(amount(&losses, "/records/1/stakers"), "0.058934"); // 0.059524 * 100 / 101
    assert_eq!(amount(&cli.show(&["pool"]), "/marked"), "0");
    // All is what bob owes, and then what was written off of it: each side gets its half of that back.
    let repaid = cli.done("bob", &["repay", "all"]);
    assert_eq!(amount(&repaid, "/preview/pay"), "0.5");
    assert_eq!(amount(&repaid, "/preview/recovered"), "0.119048");
    assert_eq!(amount(&repaid, "/preview/losses/0/to_lps"), "0.059524");
    assert_eq!(amount(&repaid, "/happened/repaid/paid"), "0.380952");
    assert_eq!(amount(&repaid, "/happened/recovered/to_stakers"), "0.058934");
    // 101 - 35.714285 - 0.059524, and 0.058934 + 0.000590 back.
    assert_eq!(amount(&cli.show(&["fund"]), "/assets"), "65.285715");
}

/// All of carol's 71.428571: 35.714286 of it LPs bore, the fund 35.714285, of which dave 35.714285 * 100 / 101 =
/// 35.360678 and the founding donation the rest.
fn recovery(cli: &CommandRunner) {
    let parameter_file = cli.done("carol", &["fund-insurance", "1"]);
    assert_eq!(amount(&parameter_file, "/happened/insurance_funded/paid"), "1");
    let carol = cli.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("backstop repay <AMOUNT> --owner"), "{carol:#}");
    // 1 * 35.714286 / 71.428571 is a half and less than a unit.
    let recovered = cli.done("carol", &["repay", "1"]);
    assert_eq!(amount(&recovered, "/happened/recovered/to_lps"), "0.5");
    assert_eq!(amount(&recovered, "/happened/recovered/unrecovered"), "70.428571");
    let recovered = cli.done("bob", &["repay", "all", "--owner", &address("carol")]);
    assert_eq!(amount(&recovered, "/happened/recovered/assets"), "70.428571");
    assert_eq!(amount(&recovered, "/happened/recovered/to_lps"), "35.214286");
    // 35.360678 less 0.495049 of the first 1.
    assert_eq!(amount(&recovered, "/happened/recovered/to_stakers"), "34.865629");
    assert_eq!(amount(&recovered, "/state/unrecovered"), "0");
    // alice had 900 of 1,500 shares at both losses: 21.428571 (0.6 * 35.714286) and 0.035714 (0.6 * 0.059524).
    let claimed = cli.done("alice", &["claim-recovery"]);
    assert_eq!(amount(&claimed, "/preview/receive"), "21.464285");
    assert_eq!(amount(&claimed, "/happened/recovery_claimed/0/received"), "21.428571");
    assert_eq!(amount(&claimed, "/happened/recovery_claimed/1/received"), "0.035714");
    assert_eq!(claimed["happened"]["recovery_claimed"][1]["number"], "2");
    assert!(cli.refused(1, "alice", &["claim-recovery"]).contains("NothingToClaim"));
    let refused = cli.refused(1, "erin", &["liquidate", &address("carol")]);
    assert!(refused.contains("owes nothing"), "all is recovered: {refused}");
    let claimed = cli.done("dave", &["claim-stake-recovery"]);
    // All of 35.360678 and 0.058934. Shares round each down by a unit.
    assert_eq!(amount(&claimed, "/preview/receive"), "35.41961");
}

fn governance(cli: &CommandRunner) {
    cli.done("guardian", &["pause", "deposit", "12h"]);
    let refused = cli.refused(1, "alice", &["deposit", "1"]);
    assert!(refused.contains("Paused") && refused.contains("(in 12h)"), "{refused}");
    cli.done("authority", &["unpause", "deposit"]);

    let tightened = cli.done("guardian", &["tighten", "max-ltv-bps", "70%", "--of", "SOL"]);
    assert_eq!(tightened["happened"]["parameter_changed"]["after"], "7000 bps");
    let refused = cli.refused(1, "guardian", &["tighten", "notice-seconds", "1h"]);
    assert!(refused.contains("ChangeMustWait") && refused.contains("backstop queue-change"), "{refused}");
    let refused = cli.refused(1, "alice", &["tighten", "max-ltv-bps", "60%"]);
    assert!(refused.contains("WrongGuardian"), "{refused}");

    let queued = cli.done("authority", &["queue-change", "notice-seconds", "1h"]);
    assert_eq!(queued["preview"]["number"], "0");
    cli.done("authority", &["queue-change", "min-debt", "12.5"]);
    cli.done("authority", &["queue-change", "base-bps", "10%"]);
    cli.done("authority", &["queue-change", "reserve-factor-bps", "50%"]);
    let changes = cli.show(&["changes"]);
    assert_eq!(changes["changes"][1]["parameter"], "min_debt");
    assert_eq!(changes["changes"][1]["value"], "12.5 USDC");
    let refused = cli.refused(1, "authority", &["execute-change", "0"]);
    assert!(refused.contains("ChangeNotReady") && refused.contains("(in 1d)"), "{refused}");
    cli.done("guardian", &["cancel-change", "1"]);
    cli.wait(DAY);
    for number in ["0", "2", "3"] {
        cli.done("authority", &["execute-change", number]);
    }
    assert_eq!(cli.show(&["changes"])["changes"].as_array().unwrap().len(), 0);
    assert_eq!(cli.show(&["parameters"])["parameters"]["base_bps"], "1000");

    cli.done("authority", &["propose-authority", &address("bob")]);
    cli.done("guardian", &["cancel-authority"]);
    cli.done("authority", &["propose-authority", &address("guardian")]);
    assert!(cli.refused(1, "guardian", &["accept-authority"]).contains("ChangeNotReady"));
    cli.wait(DAY);
    cli.done("guardian", &["accept-authority"]);
    assert_eq!(cli.show(&["market"])["authority"], address("guardian"));
}

/// Now leaving the pool takes notice of an hour, and leaving the fund seven days.
fn leaving(cli: &CommandRunner) {
    let refused = cli.refused(1, "alice", &["withdraw", "all"]);
    assert!(refused.contains("NoticeDue") && refused.contains("backstop request-withdrawal"), "{refused}");
    cli.done("alice", &["request-withdrawal", "400", "--shares"]);
    assert!(cli.refused(1, "alice", &["execute-withdrawal"]).contains("ExitNotMature"));
    let pending = cli.refused(1, "alice", &["request-withdrawal", "401", "--shares"]);
    assert!(pending.contains("ExitPending") && pending.contains("backstop execute-withdrawal"), "{pending}");
    assert!(cli.refused(1, "alice", &["collect-withdrawal"]).contains("NothingToCollect"));
    cli.wait(3_600);
    // NAV 1,464.22619 of 1,500 shares: 400 are worth 390.460317. Bob executes it for her.
    let executed = cli.done("bob", &["execute-withdrawal", &address("alice")]);
    assert_eq!(amount(&executed, "/happened/withdrawal_executed/payable"), "390.460317");
    let collected = cli.done("alice", &["collect-withdrawal"]);
    assert_eq!(amount(&collected, "/happened/collected/received"), "390.460317");
    assert_eq!(amount(&collected, "/state/shares"), "500");

    // Draws of 35.773810 left the fund's 101 shares worth 65.226190. Protocol-owned shares, and what dave staked of his
    // losses, bought shares at that price: 50 are worth 50 / 101 of it, and a unit that roundings left in the fund.
    let asked = cli.done("dave", &["request-unstake", "50", "--shares"]);
    assert_eq!(amount(&asked, "/preview/worth"), "32.290194");
    assert!(cli.refused(1, "dave", &["request-unstake", "all"]).contains("ExitPending"));
    assert!(cli.refused(1, "dave", &["execute-unstake"]).contains("ExitNotMature"));
    cli.wait(7 * DAY);
    let left = cli.done("dave", &["execute-unstake"]);
    assert_eq!(amount(&left, "/happened/unstake_executed/payable"), "32.290194");
    let collected = cli.done("dave", &["collect-unstake"]);
    assert_eq!(amount(&collected, "/happened/collected/received"), "32.290194");
    // SOL was refreshed at 100, fell to 20, and two days, an hour and seven days passed without another refresh.
    let sol = cli.run("alice", &["show", "collateral", "SOL"]).stdout;
    assert!(sol.contains("price                      20 USD"), "{sol}");
    assert!(sol.contains("average at last refresh    100 USD") && sol.contains("deviation at last refresh"), "{sol}");
    assert!(sol.lines().any(|line| line.contains("last refresh  ") && line.ends_with("(9d 1h ago)")), "{sol}");
}

/// With a rate of 10 % and half of it for reserves.
fn reserves(cli: &CommandRunner) {
    cli.price("SOL", "100");
    cli.done("carol", &["deposit-collateral", "10"]);
    cli.done("carol", &["borrow", "100"]);
    cli.wait(365 * DAY);
    let collected = cli.done("guardian", &["collect-reserves", "all"]);
    // 100 * (0.1 + 0.1^2 / 2 + 0.1^3 / 6) = 10.516666, of which half.
    assert_eq!(amount(&collected, "/happened/reserves_collected/assets"), "5.258333");
    assert_eq!(amount(&collected, "/state/reserves"), "0");
    let repaid = cli.done("carol", &["repay", "all"]);
    assert_eq!(amount(&repaid, "/state/debt"), "0");
}

/// alice withdrew after two losses, so she has a row of history; dave has one of his stake. Both have claimed.
fn histories(cli: &CommandRunner) {
    let extended = cli.done("erin", &["extend-history", "4", "--owner", &address("alice")]);
    assert_eq!((&extended["preview"]["rows"], &extended["preview"]["then"]), (&"1".into(), &"12".into()));
    let trimmed = cli.done("alice", &["trim-history", "2"]);
    assert_eq!(trimmed["happened"]["history_trimmed"]["rows"], "1");
    cli.done("dave", &["extend-stake-history"]);
    cli.done("dave", &["trim-stake-history", "2"]);
    let book = cli.done("erin", &["extend-loss-book", "2"]);
    assert_eq!(book["happened"]["loss_book_extended"]["room"], "258");
}

/// Prices count for a minute.
fn unpriced(cli: &CommandRunner) {
    assert!(cli.refused(1, "erin", &["report-price", "SOL"]).contains("its price is usable now"));
    cli.localnet.set_outage(true).unwrap();
    cli.wait(61);
    for symbol in ["SOL", "USDC"] {
        let reported = cli.done("erin", &["report-price", symbol]);
        let mint = Token::named(symbol).unwrap().mint().to_string();
        assert_eq!(reported["happened"]["price_reported"]["mint"], mint);
    }
}
