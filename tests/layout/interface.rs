//! Discriminators, error codes, seeds, accounts and arguments of instructions, events.

use backstop_client::{BackstopError, Event, LossRecorded, PROGRAM_ID, PoolState, address, verb};
use backstop_testkit::Setup;
use serde_json::Value;
use solana_address::{Address, address as at};

use crate::accounts::discriminator;

fn idl() -> Value {
    serde_json::from_str(include_str!("../../idl/backstop.json")).unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
}

fn bytes(entry: &Value) -> Vec<u8> {
    let numbers = entry["discriminator"].as_array().unwrap();
    numbers.iter().map(|number| u8::try_from(number.as_u64().unwrap()).unwrap()).collect()
}

#[test]
fn address_of_the_program() {
    assert_eq!(idl()["address"], "Backstop11111111111111111111111111111111111");
    assert_eq!(PROGRAM_ID, at!("Backstop11111111111111111111111111111111111"));
}

#[test]
fn discriminators() {
    let idl = idl();
    for (kind, prefix, count) in [("accounts", "account", 6), ("instructions", "global", 15), ("events", "event", 15)] {
        let entries = idl[kind].as_array().unwrap();
        assert_eq!(entries.len(), count, "{kind}");
        for entry in entries {
            let name = entry["name"].as_str().unwrap();
            assert_eq!(bytes(entry), discriminator(&format!("{prefix}:{name}")), "{prefix}:{name}");
        }
    }
    assert_eq!(backstop_client::Market::DISCRIMINATOR, discriminator("account:Market"));
    assert_eq!(backstop_client::Pool::DISCRIMINATOR, discriminator("account:Pool"));
    assert_eq!(backstop_client::Collateral::DISCRIMINATOR, discriminator("account:Collateral"));
    assert_eq!(backstop_client::InsuranceFund::DISCRIMINATOR, discriminator("account:InsuranceFund"));
    assert_eq!(backstop_client::LpPosition::DISCRIMINATOR, discriminator("account:LpPosition"));
    assert_eq!(backstop_client::Obligation::DISCRIMINATOR, discriminator("account:Obligation"));
}

/// In this order; new ones are added at the end.
const ERRORS: [&str; 31] = [
    "MathOverflow",
    "AmountTooSmall",
    "InsufficientShares",
    "InsufficientCash",
    "InsufficientCollateral",
    "NoDebt",
    "LoanToValueExceeded",
    "DebtBelowMinimum",
    "ObligationHealthy",
    "CollateralRemains",
    "DefaultTooRecent",
    "InvalidParameter",
    "InvalidPrice",
    "SlippageExceeded",
    "WrongAuthority",
    "WrongOwner",
    "WrongPool",
    "WrongMarket",
    "WrongVault",
    "WrongMint",
    "WrongInsuranceFund",
    "WrongCollateral",
    "MissingPrice",
    "InvalidPriceAccount",
    "WrongFeed",
    "StalePrice",
    "PriceFromFuture",
    "UnsupportedToken",
    "TooManyCollaterals",
    "DepositCapExceeded",
    "InvariantViolated",
];

#[test]
fn error_codes() {
    let idl = idl();
    let listed = idl["errors"].as_array().unwrap();
    assert_eq!(names(&idl["errors"]), ERRORS);
    assert_eq!(BackstopError::ALL.len(), ERRORS.len());
    for ((code, name), (entry, error)) in (6_000..).zip(ERRORS).zip(listed.iter().zip(BackstopError::ALL)) {
        assert_eq!(entry["code"], code, "{name}");
        assert_eq!((*error as u32, error.name()), (code, name));
        assert_ne!(error.message(), "", "{name}");
    }
}

#[test]
fn seeds() {
    let (mint, owner, market) =
        (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]), address::market(7));
    let find = |seeds: &[&[u8]]| Address::find_program_address(seeds, &PROGRAM_ID).0;
    assert_eq!(market, find(&[b"market", &[7, 0, 0, 0, 0, 0, 0, 0]]));
    let pool = find(&[b"pool", market.as_ref(), mint.as_ref()]);
    assert_eq!(address::pool(&market, &mint), pool);
    assert_eq!(address::vault(&pool), find(&[b"vault", pool.as_ref()]));
    assert_eq!(address::collateral(&pool, &mint), find(&[b"collateral", pool.as_ref(), mint.as_ref()]));
    assert_eq!(address::position(&pool, &owner), find(&[b"lp", pool.as_ref(), owner.as_ref()]));
    assert_eq!(address::obligation(&pool, &owner), find(&[b"obligation", pool.as_ref(), owner.as_ref()]));
    assert_eq!(address::insurance_fund(&pool), find(&[b"insurance", pool.as_ref()]));
}

/// The accounts of every instruction, in order. `*` is written, `!` signs. Then the arguments.
const INSTRUCTIONS: [(&str, &str, &str); 15] = [
    ("accrue", "pool*", ""),
    (
        "add_collateral",
        "authority! payer*! market pool mint collateral* vault* token_program system_program",
        "parameters",
    ),
    ("borrow", "owner! pool* obligation* vault* destination* mint token_program", "assets"),
    ("create_market", "authority! payer*! market* system_program", "id"),
    (
        "create_pool",
        "authority! payer*! market mint pool* vault* insurance_fund* insurance_vault* token_program system_program",
        "parameters",
    ),
    ("deposit", "owner! pool* position* vault* source* mint token_program", "max_assets min_shares"),
    ("deposit_collateral", "payer! obligation* collateral* vault* source* mint token_program", "units"),
    ("fund_insurance", "donor! pool insurance_fund* insurance_vault* source* mint token_program", "assets"),
    (
        "liquidate",
        "liquidator! pool* obligation* insurance_fund* collateral* vault* insurance_vault* collateral_vault* source* \
         destination* mint collateral_mint token_program collateral_token_program",
        "max_repay min_seized",
    ),
    ("open_obligation", "owner payer*! pool obligation* system_program", ""),
    ("open_position", "owner payer*! pool position* system_program", ""),
    ("record_bad_debt", "pool* obligation* insurance_fund* vault* insurance_vault* mint token_program", ""),
    ("repay", "payer! pool* obligation* vault* source* mint token_program", "max_assets"),
    ("withdraw", "owner! pool* position* vault* destination* mint token_program", "shares min_assets"),
    ("withdraw_collateral", "owner! pool* obligation* collateral* vault* destination* mint token_program", "units"),
];

#[test]
fn accounts_and_arguments_of_instructions() {
    let idl = idl();
    let flag = |account: &Value, name: &str, mark: &'static str| {
        if account[name].as_bool().unwrap_or(false) { mark } else { "" }
    };
    for (name, accounts, arguments) in INSTRUCTIONS {
        let listed = idl["instructions"].as_array().unwrap();
        let entry = listed.iter().find(|entry| entry["name"] == name).expect(name);
        let marked: Vec<String> = entry["accounts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|account| {
                let own = account["name"].as_str().unwrap();
                format!("{own}{}{}", flag(account, "writable", "*"), flag(account, "signer", "!"))
            })
            .collect();
        assert_eq!(marked, accounts.split_whitespace().collect::<Vec<_>>(), "{name}");
        assert_eq!(names(&entry["args"]), arguments.split_whitespace().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn data_of_instructions() {
    let key = verb::PoolKey::new(address::market(0), Address::new_from_array([1; 32]));
    let owner = Address::new_from_array([2; 32]);
    let deposit = verb::deposit(&key, owner, owner, 0x0102_0304_0506_0708, 9);
    let expected =
        [&discriminator("global:deposit")[..], &[8, 7, 6, 5, 4, 3, 2, 1], &[9, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(deposit.data, expected);
    // Parameters are given in the bytes in which the pool stores them.
    let mut parameters = Setup::default().parameters;
    parameters.oracle.feed_id = [3; 32];
    let create = verb::create_pool(&key, owner, owner, parameters);
    assert_eq!(create.data[..8], discriminator("global:create_pool"));
    assert_eq!(create.data.len(), 8 + 128);
    assert_eq!(create.data[8..16], 1_000_000_u64.to_le_bytes()); // dust value
    assert_eq!(create.data[24..28], 604_800_u32.to_le_bytes()); // window
    assert_eq!(create.data[8 + 60..8 + 64], 11_000_u32.to_le_bytes()); // target health
    assert_eq!(create.data[8 + 72..8 + 76], 8_000_u32.to_le_bytes()); // kink
    assert_eq!(create.data[8 + 88..8 + 120], [3; 32]); // feed
    assert_eq!(create.data[8 + 120..], [60_u32.to_le_bytes(), 200_u32.to_le_bytes()].concat());
}

#[test]
fn bytes_of_a_loss() {
    let words = |values: &[u64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let data = [
        &discriminator("event:LossRecorded")[..],
        &[1; 32],
        &[2; 32],
        &words(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
        &14_u128.to_le_bytes(),
        &words(&[15, 16, 17, 18, 19]),
    ]
    .concat();
    let expected = LossRecorded {
        pool: Address::new_from_array([1; 32]),
        obligation: Address::new_from_array([2; 32]),
        sequence: 3,
        loss: 4,
        from_reserves: 5,
        from_insurance: 6,
        to_lps: 7,
        uncovered: 8,
        shares: 9,
        share_price_before: 10,
        share_price_after: 11,
        generation: 12,
        insurance_assets: 13,
        state: PoolState { borrow_index: 14, cash: 15, debt_shares: 16, shares: 17, reserves: 18, insurance_due: 19 },
    };
    assert_eq!(Event::from_log_data(&data), Some(Event::LossRecorded(expected)));
    assert_eq!(data.len(), 8 + 208);
    for length in 0..data.len() {
        assert_eq!(Event::from_log_data(&data[..length]), None, "cut to {length} bytes");
    }
}

#[test]
fn limits() {
    assert_eq!(verb::ALL, u64::MAX);
    assert_eq!(verb::TOKEN_PROGRAM, at!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"));
    assert_eq!(verb::SYSTEM_PROGRAM, Address::default());
}
