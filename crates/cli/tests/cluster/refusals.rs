//! What the command says when something is not as it should be.

use std::{fs, net::TcpListener, path::Path, process::Command};

use backstop_localnet::{Program, Token};
use serde_json::Value;

use crate::command_runner::{CommandRunner, address, amount, parameter_file};

#[test]
fn a_cluster_without_the_program_is_told_apart() {
    let cli = CommandRunner::open("no-program", Program::None);
    let said = cli.refused(2, "alice", &["deposit", "1"]);
    assert!(said.contains("is not on this cluster") && said.contains("--url"), "{said}");
    cli.localnet.stop().unwrap();
}

#[test]
fn what_is_missing_is_named_with_the_command_that_makes_it() {
    let cli = CommandRunner::open("missing", Program::BuiltIn);
    let said = cli.refused(2, "alice", &["deposit", "1"]);
    assert!(said.contains("no market 0") && said.contains("backstop create-market"), "{said}");
    let (guardian, treasury) = (address("guardian"), address("treasury"));
    cli.done("authority", &["create-market", "--guardian", &guardian, "--treasury", &treasury]);
    let said = cli.refused(2, "alice", &["show", "pool"]);
    assert!(said.contains("has no pool yet") && said.contains("backstop create-pool"), "{said}");
    let create = ["create-market", "--guardian", &guardian, "--treasury", &treasury];
    let said = cli.refused(2, "authority", &create);
    assert!(said.contains("you already have a market 0"), "{said}");
    // Alice's is another: on this machine the authority's is meant, unless she says whose.
    cli.done("alice", &create);
    let market = |more: &[&str]| cli.show(&[&["market"], more].concat())["authority"].as_str().unwrap().to_owned();
    let alice = address("alice");
    assert_eq!((market(&[]), market(&["--creator", &alice])), (address("authority"), alice.clone()));
    let said = cli.refused(2, "bob", &[&create[..], &["--creator", &alice]].concat());
    assert!(said.contains("created by its signer"), "{said}");
    cli.localnet.stop().unwrap();
}

#[test]
fn a_pool_refuses_with_the_numbers_that_help() {
    let cli = CommandRunner::with_pool("refusals");
    for (arguments, command) in [
        (&["withdraw", "1"][..], "backstop deposit"),
        (&["claim-recovery"], "backstop deposit"),
        (&["borrow", "1"], "backstop deposit-collateral"),
        (&["repay", "1"], "backstop deposit-collateral"),
        (&["collect-unstake"], "backstop stake"),
        (&["show", "position"], "backstop deposit"),
        (&["execute-change", "5"], "backstop show changes"),
        (&["deposit-collateral", "1", "USDT"], "backstop show collateral"),
        (&["deposit", "1", "--pool", "BONK"], "backstop show pools"),
    ] {
        let said = cli.refused(2, "alice", arguments);
        assert!(said.contains(command), "{arguments:?}: {said}");
    }
    // As it is typed, or as it stands in files; errors name it as it was typed.
    for name in ["max-ltv-bps", "max_ltv_bps"] {
        let said = cli.refused(2, "authority", &["queue-change", name, "0.75"]);
        assert!(
            said.contains("max-ltv-bps cannot be \"0.75\": enter a percentage") && !said.contains("none"),
            "{said}"
        );
    }
    assert!(cli.refused(2, "guardian", &["pause", "deposit", "0"]).contains("such as 12h"));
    assert!(cli.refused(2, "authority", &["unpause", "borrow"]).contains("not paused"));
    another_signer(&cli);
    bounds(&cli);
    units(&cli);
    another_token(&cli);
    no_wallet(&cli);
    nothing_owed(&cli);
    too_little(&cli);
    nobody_to_ask(&cli);
    stale_price(&cli);
    cli.localnet.stop().unwrap();
}

/// Whose keypair is needed is told before anything is previewed or simulated.
fn another_signer(cli: &CommandRunner) {
    let (alice, authority, guardian) = (address("alice"), address("authority"), address("guardian"));
    let (pool, sol) = (parameter_file("pool.toml"), parameter_file("sol.toml"));
    let of_authority: [&[&str]; 7] = [
        &["create-pool", "USDC", "--parameters", &pool],
        &["add-collateral", "USDC", "--parameters", &sol],
        &["queue-change", "min-debt", "1"],
        &["unpause", "deposit"],
        &["propose-authority", &alice],
        &["collect-reserves", "all"],
        &["collect-reserves", "1"],
    ];
    for arguments in of_authority {
        let said = cli.refused(1, "alice", arguments);
        let give =
            format!("You sign as {alice}. Pass the keypair of the market's authority, {authority}, with --keypair.");
        assert!(said.contains("WrongAuthority") && said.contains(&give), "{arguments:?}: {said}");
        assert!(cli.run("alice", arguments).stdout.is_empty(), "{arguments:?}: no preview");
    }
    let of_guardian: [&[&str]; 3] = [&["pause", "deposit"], &["tighten", "max-ltv-bps", "60%"], &["cancel-authority"]];
    for arguments in of_guardian {
        let said = cli.refused(1, "alice", arguments);
        assert!(said.contains("WrongGuardian") && said.contains("--keypair"), "{arguments:?}: {said}");
        assert!(said.contains(&guardian) && said.contains(&authority), "{arguments:?}: {said}");
    }
    assert!(cli.refused(2, "alice", &["accept-authority"]).contains("backstop propose-authority"));
    assert!(cli.refused(2, "guardian", &["cancel-authority"]).contains("no next authority is proposed"));
    cli.done("authority", &["propose-authority", &guardian]);
    let said = cli.refused(1, "alice", &["accept-authority"]);
    assert!(said.contains("WrongPendingAuthority") && said.contains(&guardian), "{said}");
    cli.done("authority", &["cancel-authority"]);

    // The authority queues another guardian, whose keypair file stands for the address: that is for the authority to
    // cancel.
    let queued = cli.done("authority", &["queue-change", "guardian", &cli.keypair("alice")]);
    assert_eq!(queued["preview"]["after"], alice);
    let said = cli.refused(1, "guardian", &["cancel-change", "0"]);
    assert!(said.contains("WrongAuthority") && said.contains(&authority), "{said}");
    assert!(cli.refused(1, "guardian", &["execute-change", "0"]).contains("WrongAuthority"));
    cli.done("authority", &["cancel-change", "0"]);
    // Reserves are made of interest, and nothing was lent yet.
    let said = cli.refused(1, "authority", &["collect-reserves", "all"]);
    assert!(said.contains("no reserves to collect") && said.contains("reserve_factor_bps"), "{said}");
}

/// What is beyond a bound is refused with the rule, in names as they are typed.
fn bounds(cli: &CommandRunner) {
    let said = cli.refused(1, "authority", &["queue-change", "reserve-factor-bps", "200%"]);
    assert!(said.contains("InvalidParameter") && said.contains("reserve-factor-bps plus stressed-insurance"), "{said}");
    assert!(said.contains("docs/scenarios.md") && !said.contains("see the documentation"), "{said}");
    let said = cli.refused(1, "authority", &["queue-change", "max-ltv-bps", "80.01%", "--of", "SOL"]);
    assert!(said.contains("max-ltv-bps can be at most liquidation-threshold-bps"), "{said}");
    let said = cli.refused(1, "authority", &["queue-change", "timelock-seconds", "1h"]);
    assert!(said.contains("timelock-seconds must be from 1d to 30d"), "{said}");
    let (guardian, treasury) = (address("guardian"), address("treasury"));
    let market =
        ["create-market", "--market", "1", "--guardian", &guardian, "--treasury", &treasury, "--timelock", "1h"];
    let said = cli.refused(1, "authority", &market);
    assert!(said.contains("--timelock must be from 1d to 30d"), "{said}");
    // The program agrees about the last value that is allowed.
    let run = cli.run("authority", &["queue-change", "kink-bps", "99.99%", "--dry-run"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(cli.refused(1, "authority", &["queue-change", "kink-bps", "100%"]).contains("kink-bps must be above 0"));
}

/// A bare number could be percent or basis points; both are previewed.
fn units(cli: &CommandRunner) {
    for verb in ["tighten", "queue-change"] {
        let said = cli.refused(2, "authority", &[verb, "max-ltv-bps", "65"]);
        assert!(said.contains("max-ltv-bps cannot be \"65\"") && said.contains("such as 7500bps"), "{verb}: {said}");
        for (typed, reported) in [("65%", "65 % (6500 bps)"), ("65bps", "0.65 % (65 bps)")] {
            let run = cli.run("authority", &[verb, "max-ltv-bps", typed, "--dry-run"]);
            assert!(
                run.code == 0 && run.stdout.contains(reported) && run.stdout.contains("75 % (7500 bps)"),
                "{run:?}"
            );
        }
    }
}

/// The exported file of a token names it, and is refused for another one.
fn another_token(cli: &CommandRunner) {
    let (guardian, treasury) = (address("guardian"), address("treasury"));
    cli.done("authority", &["create-market", "--market", "7", "--guardian", &guardian, "--treasury", &treasury]);
    let file = |name: &str, show: &[&str]| {
        let shown = cli.run("alice", &[&["show", "parameters"], show].concat());
        let path = cli.keypair(name).replace(".json", ".toml");
        fs::write(&path, &shown.stdout).unwrap();
        (path, shown.stdout)
    };
    let (pool, text) = file("exported-pool", &[]);
    let usdc = Token::named("USDC").unwrap().mint().to_string();
    assert!(text.contains(&format!("mint = \"{usdc}\"")), "{text}");
    assert_eq!(cli.show(&["parameters"])["mint"], usdc);
    let said = cli.refused(2, "authority", &["create-pool", "SOL", "--market", "7", "--parameters", &pool]);
    assert!(said.contains(&format!("names the token {usdc}")) && said.contains("this is about SOL"), "{said}");
    cli.done("authority", &["create-pool", "USDC", "--market", "7", "--parameters", &pool]);
    let (collateral, _) = file("exported-sol", &["SOL"]);
    let said = cli.refused(2, "authority", &["add-collateral", "USDC", "--market", "7", "--parameters", &collateral]);
    assert!(said.contains("this is about USDC"), "{said}");
    cli.done("authority", &["add-collateral", "SOL", "--market", "7", "--parameters", &collateral]);
}

/// Nobody signs for the address of a pool or a mint.
fn no_wallet(cli: &CommandRunner) {
    let pool = cli.show(&["pool"])["pool"].as_str().unwrap().to_owned();
    let mint = Token::named("SOL").unwrap().mint().to_string();
    cli.done("dave", &["deposit", "10"]);
    for (to, reported) in [(&pool, "an account of Backstop itself"), (&mint, "an account of the program Token")] {
        for arguments in [&["open-position", to][..], &["open-obligation", to], &["open-stake", to]] {
            let said = cli.refused(2, "dave", arguments);
            assert!(said.contains(reported) && said.contains("--allow-program-address"), "{arguments:?}: {said}");
        }
    }
    let opened = cli.run("dave", &["open-position", &pool, "--allow-program-address", "--dry-run"]);
    assert_eq!(opened.code, 0, "{opened:?}");
    // Who receives shares signs, so it is a keypair file that is parameter_file.
    let said = cli.refused(2, "dave", &["transfer-shares", "5", &pool]);
    assert!(said.contains(&pool), "{said}");
    let said = cli.refused(2, "dave", &["transfer-shares", "5", &cli.keypair("dave")]);
    assert!(said.contains("the recipient is you"), "{said}");
    cli.done("dave", &["withdraw", "all"]);
}

/// carol has collateral and no debt, then neither.
fn nothing_owed(cli: &CommandRunner) {
    let carol = address("carol");
    cli.done("carol", &["deposit-collateral", "1", "SOL"]);
    // Adding a token of a kind that it holds is for everybody.
    cli.done("bob", &["deposit-collateral", "1", "SOL", "--owner", &carol]);
    let nothing = |said: String, to: &str| {
        let reported = format!("{carol} owes nothing to this pool: there is nothing to {to}");
        assert!(said.contains(&reported), "{said}");
    };
    for _ in ["with collateral", "without"] {
        nothing(cli.refused(1, "erin", &["liquidate", &carol]), "liquidate");
        nothing(cli.refused(1, "erin", &["mark", &carol]), "mark");
        nothing(cli.refused(1, "erin", &["record-bad-debt", &carol]), "record");
        nothing(cli.refused(1, "carol", &["repay", "1"]), "repay");
        nothing(cli.refused(1, "erin", &["repay", "all", "--owner", &carol]), "repay");
        let (mut last, all) = (cli.run("carol", &["withdraw-collateral", "all", "--yes"]), "holds no SOL");
        if last.code == 0 {
            last = cli.run("carol", &["withdraw-collateral", "all", "--yes"]);
        }
        assert!(last.code == 1 && last.stderr.contains(all), "{last:?}");
    }
    let said = cli.refused(1, "bob", &["deposit-collateral", "1", "SOL", "--owner", &carol]);
    assert!(said.contains("WrongOwner") && said.contains(&carol) && said.contains("--keypair"), "{said}");
}

/// Every actor has ten million USDC.
fn too_little(cli: &CommandRunner) {
    let said = cli.refused(2, "alice", &["deposit", "10_000_000.000001"]);
    assert!(said.contains("needs 10,000,000.000001 USDC") && said.contains("holds 10,000,000 USDC"), "{said}");
    let said = cli.refused(2, "alice", &["deposit", "-5"]);
    assert!(said.contains("an amount cannot be negative") && !said.contains("-- -5"), "{said}");
    let said = cli.refused(2, "alice", &["deposit", "0.0000001"]);
    assert!(said.contains("more than 6 decimal places"), "{said}");
}

/// Without a terminal and without `--yes` the preview is shown and nothing is sent; a dry run asks nothing.
fn nobody_to_ask(cli: &CommandRunner) {
    let asked = cli.run("alice", &["deposit", "5"]);
    assert_eq!(asked.code, 2, "{asked:?}");
    assert!(asked.stdout.contains("you pay") && asked.stdout.contains("5 USDC"), "{asked:?}");
    assert!(asked.stderr.contains("--yes"), "{asked:?}");
    let dry = cli.run("alice", &["deposit", "5", "--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    assert!(dry.stdout.contains("Nothing was sent"), "{dry:?}");
    assert!(cli.refused(2, "alice", &["show", "position"]).contains("no LP position"));
}

/// Prices count for a minute.
fn stale_price(cli: &CommandRunner) {
    cli.done("alice", &["deposit", "1000"]);
    cli.done("carol", &["deposit-collateral", "10"]);
    cli.done("carol", &["borrow", "100"]);
    // More than is owed, by somebody else.
    let paid = cli.run("erin", &["repay", "250", "--owner", &address("carol"), "--dry-run"]).stdout;
    assert!(paid.contains("for the debt of") && paid.contains(&address("carol")), "{paid}");
    assert!(paid.contains("You offered 250 USDC, but only 100 USDC is owed: you pay no more."), "{paid}");
    let paid = cli.run("carol", &["repay", "100", "--dry-run"]).stdout;
    assert!(!paid.contains("for the debt of") && !paid.contains("You offered"), "{paid}");
    cli.localnet.set_outage(true).unwrap();
    cli.wait(61);
    let listed = &cli.show(&["obligations", "--unhealthy"])["obligations"][0];
    assert_eq!((&listed["state"], &listed["health"]), (&"no usable price".into(), &Value::Null));
    let said = cli.refused(1, "carol", &["borrow", "1"]);
    assert!(said.contains("StalePrice") && said.contains("the price of USDC"), "{said}");
    assert!(said.contains("old; the limit is 1m"), "{said}");
    let pool = cli.show(&["pool"]);
    assert_eq!((&pool["price"], &pool["price_accounts"][0]["state"]), (&Value::Null, &"StalePrice".into()));
    let age: i64 = pool["price_accounts"][0]["age"]["seconds"].as_str().unwrap().parse().unwrap();
    assert!((61..120).contains(&age), "{age}");
    let carol = cli.show(&["obligation", &address("carol")]);
    assert!(carol["next"].as_str().unwrap().contains("`backstop report-price <TOKEN>`"), "{carol:#}");
    let reported = cli.done("erin", &["report-price", "SOL"]);
    assert_eq!(reported["happened"]["price_reported"]["mint"], Token::named("SOL").unwrap().mint().to_string());
    // Leaving and repaying need no price.
    cli.done("alice", &["withdraw", "1"]);
    cli.done("carol", &["repay", "all"]);
    let carol = cli.show(&["obligation", &address("carol")]);
    assert_eq!(amount(&carol, "/debt"), "0");
    let listed = &cli.show(&["obligations"])["obligations"][0];
    assert_eq!((&listed["state"], &listed["health"]), (&"no debt".into(), &Value::Null));
    cli.localnet.set_outage(false).unwrap();
    cli.localnet.make_block().unwrap();
    let said = cli.refused(1, "erin", &["report-price", "USDC"]);
    assert!(said.contains("its price is usable now"), "{said}");
}

#[test]
fn a_node_that_is_not_there_and_a_keypair_that_is_not_there_are_named() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nowhere");
    fs::create_dir_all(&dir).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        let output = command.args(arguments).env("HOME", &dir).env("XDG_CONFIG_HOME", &dir).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (code, said) = run(&["show", "market", "--url", &format!("http://127.0.0.1:{port}")]);
    assert!(code == Some(2) && said.contains("did not answer"), "{said}");
    let (code, said) = run(&["deposit", "1", "--url", "localhost", "--keypair", "missing.json"]);
    assert!(
        code == Some(2) && said.contains("missing.json") && said.contains("backstop keygen --outfile missing.json"),
        "{said}"
    );
    let (code, said) = run(&["show", "market", "--url", "example"]);
    assert!(code == Some(2) && said.contains("mainnet-beta, devnet, testnet, localhost"), "{said}");
    let (code, said) = run(&["show", "market", "--config", "missing.yml"]);
    assert!(code == Some(2) && said.contains("missing.yml"), "{said}");
}
