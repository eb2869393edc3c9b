//! Discriminators, error codes, seeds, accounts and arguments of instructions, events.

use backstop_client::{
    AccountData, BackstopError, Event, LossRecorded, PROGRAM_ID, Parameter, PausableOperation, PoolState, address,
    verb::{self, Target},
};
use backstop_engine::{governance, loss_book::MOST_RECORDS};
use backstop_testkit::Setup;
use serde_json::Value;
use solana_address::{Address, address as at};
use solana_instruction::AccountMeta;

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
    // An operator's program is at an address of their own: `cargo xtask program-id`.
    let source = include_str!("../../programs/backstop/src/lib.rs");
    let declared = source.split_once("declare_id!(\"").unwrap().1.split_once('"').unwrap().0;
    assert_eq!(idl()["address"], declared);
    assert_eq!(PROGRAM_ID.to_string(), declared);
}

#[test]
fn discriminators() {
    let idl = idl();
    for (kind, prefix, count) in [("accounts", "account", 10), ("instructions", "global", 43), ("events", "event", 41)]
    {
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
    assert_eq!(backstop_client::InsuranceStake::DISCRIMINATOR, discriminator("account:InsuranceStake"));
    assert_eq!(backstop_client::LossBook::DISCRIMINATOR, discriminator("account:LossBook"));
    assert_eq!(backstop_client::LossClaim::DISCRIMINATOR, discriminator("account:LossClaim"));
    assert_eq!(backstop_client::LpPosition::DISCRIMINATOR, discriminator("account:LpPosition"));
    assert_eq!(backstop_client::Obligation::DISCRIMINATOR, discriminator("account:Obligation"));
    assert_eq!(backstop_client::ParameterChange::DISCRIMINATOR, discriminator("account:ParameterChange"));
}

/// In this order; new ones are added at the end.
const ERRORS: [&str; 78] = [
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
    "HistoryFull",
    "NothingToClaim",
    "LossBookFull",
    "BreakerTripped",
    "ExitNotRequested",
    "ExitNotMature",
    "NoticeDue",
    "NoNoticeDue",
    "WrongLossBook",
    "WrongClaim",
    "FundOnHold",
    "PriceUncertain",
    "PricesDisagree",
    "TooFewSamples",
    "CollateralNotOpen",
    "WrongGuardian",
    "ChangeMustWait",
    "ChangeNotReady",
    "ChangeLapsed",
    "WrongTarget",
    "WrongPendingAuthority",
    "Paused",
    "PauseTooLong",
    "PauseTooSoon",
    "InsufficientReserves",
    "WrongTreasury",
    "TransferFeeExtension",
    "TransferHookExtension",
    "PermanentDelegateExtension",
    "DefaultAccountStateExtension",
    "ConfidentialTransferExtension",
    "NonTransferableExtension",
    "MintCloseAuthorityExtension",
    "InterestBearingExtension",
    "ScaledUiAmountExtension",
    "PausableExtension",
    "UnknownExtension",
    "DebtCovered",
    "PoolOnHold",
    "PriceBeforeMark",
    "BorrowCapExceeded",
    "PoolNotOpen",
    "PoolAlreadyOpen",
    "InitialDonationTooSmall",
    "ChangeVoid",
    "ExitPending",
    "NothingToCollect",
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
    let (mint, owner) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]));
    let market = address::market(&owner, 7);
    let find = |seeds: &[&[u8]]| Address::find_program_address(seeds, &PROGRAM_ID).0;
    assert_eq!(market, find(&[b"market", owner.as_ref(), &[7, 0, 0, 0, 0, 0, 0, 0]]));
    let pool = find(&[b"pool", market.as_ref(), mint.as_ref()]);
    assert_eq!(address::pool(&market, &mint), pool);
    assert_eq!(address::vault(&pool), find(&[b"vault", pool.as_ref()]));
    assert_eq!(address::collateral(&pool, &mint), find(&[b"collateral", pool.as_ref(), mint.as_ref()]));
    assert_eq!(address::position(&pool, &owner), find(&[b"lp", pool.as_ref(), owner.as_ref()]));
    assert_eq!(address::obligation(&pool, &owner), find(&[b"obligation", pool.as_ref(), owner.as_ref()]));
    let fund = find(&[b"insurance", pool.as_ref()]);
    assert_eq!(address::insurance_fund(&pool), fund);
    assert_eq!(address::stake(&fund, &owner), find(&[b"stake", fund.as_ref(), owner.as_ref()]));
    assert_eq!(address::loss_book(&pool), find(&[b"losses", pool.as_ref()]));
    assert_eq!(address::claim(&owner, 7), find(&[b"claim", owner.as_ref(), &[7, 0, 0, 0]]));
    assert_eq!(address::change(&market, 7), find(&[b"change", market.as_ref(), &[7, 0, 0, 0, 0, 0, 0, 0]]));
}

/// The accounts of every instruction, in order. `*` is written, `!` signs, `?` can be none. Then the arguments.
const INSTRUCTIONS: [(&str, &str, &str); 43] = [
    ("accept_authority", "authority! market*", ""),
    ("accrue", "pool*", ""),
    (
        "add_collateral",
        "authority! payer*! market pool mint collateral* vault* token_program system_program",
        "parameters",
    ),
    ("borrow", "owner! pool* obligation* vault* destination* mint token_program", "assets"),
    ("cancel_authority", "signer! market*", ""),
    ("cancel_change", "signer! market change* payer*", ""),
    ("claim_recovery", "owner! pool* loss_book position claim* vault* destination* mint token_program", "min_assets"),
    ("claim_stake_recovery", "owner! insurance_fund* loss_book stake* claim*", ""),
    ("collect", "owner! pool* holder* vault* destination* mint token_program", ""),
    ("collect_reserves", "authority! market pool* vault* destination* mint token_program", "assets"),
    ("create_market", "authority! payer*! market* system_program", "id guardian treasury timelock_seconds"),
    (
        "create_pool",
        "authority! payer*! market mint pool* vault* insurance_fund* loss_book* token_program system_program",
        "parameters",
    ),
    ("deposit", "owner! pool* position* vault* source* mint token_program", "max_assets min_shares"),
    ("deposit_collateral", "payer! obligation* collateral* vault* source* mint token_program", "units"),
    ("execute_change", "authority! market* pool*? collateral*? change* payer*", ""),
    ("execute_unstake", "pool* insurance_fund* stake*", ""),
    ("execute_withdrawal", "pool* position*", ""),
    ("extend_history", "payer*! holder* system_program", "rows"),
    ("extend_loss_book", "payer*! pool loss_book* system_program", "records"),
    ("fund_insurance", "donor! pool* insurance_fund* vault* source* mint token_program", "assets"),
    (
        "liquidate",
        "liquidator! pool* obligation* insurance_fund* loss_book* collateral* vault* collateral_vault* source* \
         destination* mint collateral_mint token_program collateral_token_program",
        "max_repay min_seized",
    ),
    ("mark", "pool* obligation* insurance_fund", ""),
    ("open_claim", "holder payer*! claim* system_program", "loss"),
    ("open_obligation", "owner payer*! pool obligation* system_program", ""),
    ("open_pool", "authority! market pool* insurance_fund* vault* source* mint token_program", "assets"),
    ("open_position", "owner payer*! pool position* system_program", ""),
    ("open_stake", "owner payer*! insurance_fund stake* system_program", ""),
    ("pause", "signer! market pool*", "what seconds"),
    ("propose_authority", "authority! market*", "proposed"),
    ("queue_change", "authority! payer*! market pool? collateral? change* system_program", "nonce parameter value"),
    ("record_bad_debt", "pool* obligation* insurance_fund* loss_book*", ""),
    ("refresh_risk", "pool* collateral* insurance_fund", ""),
    ("repay", "payer! pool* obligation* insurance_fund* loss_book* vault* source* mint token_program", "max_assets"),
    ("report_price", "pool* collateral*?", ""),
    ("request_unstake", "owner! pool* insurance_fund* stake*", "shares"),
    ("request_withdrawal", "owner! pool position*", "shares"),
    ("stake", "owner! pool* insurance_fund* stake* vault* source* mint token_program", "max_assets min_shares"),
    ("tighten", "signer! market* pool* collateral*?", "parameter value"),
    ("transfer_shares", "owner! pool position* receiver! recipient*", "shares"),
    ("trim_history", "owner! holder*", "through"),
    ("unpause", "authority! market pool*", "what"),
    ("withdraw", "owner! pool* position* vault* destination* mint token_program", "shares min_assets"),
    ("withdraw_collateral", "owner! pool* obligation* collateral* vault* destination* mint token_program", "units"),
];

#[test]
fn accounts_and_arguments_of_instructions() {
    let idl = idl();
    let flag = |account: &Value, name: &str, mark: &'static str| {
        if account[name].as_bool().unwrap_or(false) { mark } else { "" }
    };
    assert_eq!(names(&idl["instructions"]), INSTRUCTIONS.map(|(name, ..)| name));
    for (name, accounts, arguments) in INSTRUCTIONS {
        let listed = idl["instructions"].as_array().unwrap();
        let entry = listed.iter().find(|entry| entry["name"] == name).expect(name);
        let marked: Vec<String> = entry["accounts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|account| {
                let own = account["name"].as_str().unwrap();
                let (writable, signer) = (flag(account, "writable", "*"), flag(account, "signer", "!"));
                format!("{own}{writable}{signer}{}", flag(account, "optional", "?"))
            })
            .collect();
        assert_eq!(marked, accounts.split_whitespace().collect::<Vec<_>>(), "{name}");
        assert_eq!(names(&entry["args"]), arguments.split_whitespace().collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn data_of_instructions() {
    let key =
        verb::PoolKey::new(address::market(&Address::new_from_array([2; 32]), 0), Address::new_from_array([1; 32]));
    let owner = Address::new_from_array([2; 32]);
    let deposit = verb::deposit(&key, owner, owner, 0x0102_0304_0506_0708, 9);
    let expected =
        [&discriminator("global:deposit")[..], &[8, 7, 6, 5, 4, 3, 2, 1], &[9, 0, 0, 0, 0, 0, 0, 0]].concat();
    assert_eq!(deposit.data, expected);
    // Parameters are given in the bytes in which the pool stores them.
    let mut parameters = Setup::default().parameters;
    (parameters.oracle.feed, parameters.oracle.second_feed) = ([3; 32], [4; 32]);
    let caps = &mut parameters.caps;
    (caps.pool_deposit_cap, caps.borrow_cap, caps.released_reserves) = (5, 6, 7);
    let create = verb::create_pool(&key, owner, owner, &owner.into(), parameters);
    assert_eq!(create.data[..8], discriminator("global:create_pool"));
    assert_eq!(create.data.len(), 8 + 216);
    assert_eq!(create.data[8..16], 1_000_000_u64.to_le_bytes()); // dust value
    assert_eq!(create.data[16..24], [0_u32, 3_600].map(u32::to_le_bytes).concat()); // least age of a default, hold
    assert_eq!(create.data[8 + 36..8 + 40], 11_000_u32.to_le_bytes()); // target health
    assert_eq!(create.data[8 + 48..8 + 56], [10_000_u32, 604_800].map(u32::to_le_bytes).concat()); // limit, window
    assert_eq!(create.data[8 + 64..8 + 68], 864_000_u32.to_le_bytes()); // cooldown
    assert_eq!(create.data[8 + 80..8 + 84], 8_000_u32.to_le_bytes()); // kink
    assert_eq!(create.data[8 + 96..8 + 128], [3; 32]); // feed
    assert_eq!(create.data[8 + 128..8 + 160], [4; 32]); // second feed
    assert_eq!(create.data[8 + 160..8 + 172], [60_u32, 200, 300].map(u32::to_le_bytes).concat());
    assert_eq!(create.data[8 + 172..8 + 176], 86_400_u32.to_le_bytes()); // horizon of averages
    assert_eq!(create.data[8 + 192..], [5_u64, 6, 7].map(u64::to_le_bytes).concat()); // caps
    // The same of a collateral
    let mut parameters = Setup::default().collaterals[0].parameters;
    (parameters.oracle.feed, parameters.oracle.second_feed) = ([3; 32], [4; 32]);
    (parameters.deposit_cap, parameters.bonus_min_bps, parameters.bonus_max_bps) = (5, 6, 9);
    (parameters.stressed_max_ltv_bps, parameters.stressed_threshold_bps) = (7, 8);
    let collateral = verb::CollateralKey::new(&key.pool, owner);
    let add = verb::add_collateral(&key, &collateral, owner, owner, &owner.into(), parameters);
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let expected = [
        &discriminator("global:add_collateral")[..],
        &5_u64.to_le_bytes(),
        &[3; 32],
        &[4; 32],
        &words(&[60, 200, 300]),
        &words(&[7_500, 7, 8_000, 8, 6, 9, 2_500]),
    ]
    .concat();
    assert_eq!((add.data.len(), add.data), (8 + 112, expected));
}

#[test]
fn data_of_governance() {
    let key =
        verb::PoolKey::new(address::market(&Address::new_from_array([2; 32]), 0), Address::new_from_array([1; 32]));
    let [authority, payer, other] = [2, 3, 4].map(|byte| Address::new_from_array([byte; 32]));
    let of = |name: &str, arguments: &[&[u8]]| {
        [discriminator(&format!("global:{name}")).to_vec(), arguments.concat()].concat()
    };
    let roles = verb::MarketRoles { authority, guardian: payer, treasury: other, timelock_seconds: 0x0102_0304 };
    let create = verb::create_market(&roles, payer, 7);
    let id = 7_u64.to_le_bytes();
    assert_eq!(create.data, of("create_market", &[&id, payer.as_ref(), other.as_ref(), &[4, 3, 2, 1]]));
    // A parameter is a byte, and so is what can be paused; a number is the first eight of 32 bytes.
    let mut value = [0; 32];
    value[..8].copy_from_slice(&[8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(verb::number(0x0102_0304_0506_0708), value);
    let tighten = verb::tighten(&key, authority, None, Parameter::NoticeSeconds, value);
    assert_eq!(tighten.data, of("tighten", &[&[12], &value]));
    let queue = verb::queue_change(key.market, authority, payer, Target::Market, 7, Parameter::Guardian, value);
    assert_eq!(queue.data, of("queue_change", &[&id, &[46], &value]));
    let pause = verb::pause(&key, authority, PausableOperation::Withdraw, 0x0102_0304);
    assert_eq!(pause.data, of("pause", &[&[3], &[4, 3, 2, 1]]));
    let unpause = verb::unpause(&key, authority, PausableOperation::WithdrawCollateral);
    assert_eq!(unpause.data, of("unpause", &[&[2]]));
    let propose = verb::propose_authority(key.market, authority, other);
    assert_eq!(propose.data, of("propose_authority", &[other.as_ref()]));
    assert_eq!(verb::collect_reserves(&key, authority, other, 7).data, of("collect_reserves", &[&id]));
    assert_eq!(verb::execute_change(key.market, authority, payer, Target::Market, 7).data, of("execute_change", &[]));
}

#[test]
fn the_program_stands_for_an_account_that_is_not_passed() {
    let key =
        verb::PoolKey::new(address::market(&Address::new_from_array([2; 32]), 0), Address::new_from_array([1; 32]));
    let [authority, payer, collateral] = [2, 3, 4].map(|byte| Address::new_from_array([byte; 32]));
    let none = AccountMeta::new_readonly(PROGRAM_ID, false);
    for (target, pool, of) in [
        (Target::Market, None, None),
        (Target::Pool(key.pool), Some(key.pool), None),
        (Target::Collateral { pool: key.pool, collateral }, Some(key.pool), Some(collateral)),
    ] {
        let read = |account: Option<Address>| {
            account.map_or(none.clone(), |address| AccountMeta::new_readonly(address, false))
        };
        let queue =
            verb::queue_change(key.market, authority, payer, target, 7, Parameter::DepositCap, [0; 32]).accounts;
        assert_eq!(queue[3..5], [read(pool), read(of)]);
        let written =
            |account: Option<Address>| account.map_or(none.clone(), |address| AccountMeta::new(address, false));
        let execute = verb::execute_change(key.market, authority, payer, target, 7).accounts;
        assert_eq!(execute[2..4], [written(pool), written(of)]);
        let tighten = verb::tighten(&key, authority, of, Parameter::DepositCap, [0; 32]).accounts;
        assert_eq!(tighten[3], written(of));
        assert_eq!(verb::report_price(&key, of).accounts[1], written(of));
    }
}

#[test]
fn the_program_and_the_engine_name_the_same_parameters_in_the_same_order() {
    let shown = |parameters: &[Parameter]| parameters.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>();
    let own = shown(Parameter::ALL);
    let engine: Vec<_> = backstop_engine::parameter::Parameter::ALL.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!(own, engine);
    assert!((0..).zip(Parameter::ALL).all(|(number, parameter)| *parameter as u8 == number));
    assert_eq!(own.len(), 49);
    let idl = idl();
    assert_eq!(own, variants(&idl, "Parameter"));
    let operations: Vec<_> = PausableOperation::ALL.iter().map(|one| format!("{one:?}")).collect();
    let engine: Vec<_> = governance::Pausable::ALL.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!((&operations, &operations), (&engine, &variants(&idl, "PausableOperation")));
}

/// The names of an enumeration's variants in the IDL.
fn variants(idl: &Value, name: &str) -> Vec<String> {
    let types = idl["types"].as_array().unwrap();
    let entry = types.iter().find(|entry| entry["name"] == name).expect(name);
    names(&entry["type"]["variants"]).into_iter().map(Into::into).collect()
}

#[test]
fn bytes_of_a_loss() {
    let words = |values: &[u64]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let data = [
        &discriminator("event:LossRecorded")[..],
        &[1; 32],
        &[2; 32],
        &words(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]),
        &18_u128.to_le_bytes(),
        &words(&[19, 20, 21, 22, 23, 24]),
    ]
    .concat();
    let expected = LossRecorded {
        pool: Address::new_from_array([1; 32]),
        obligation: Address::new_from_array([2; 32]),
        sequence: 3,
        number: 4,
        loss: 5,
        from_reserves: 6,
        from_insurance: 7,
        from_stakers: 8,
        to_lps: 9,
        uncovered: 10,
        shares: 11,
        share_price_before: 12,
        share_price_after: 13,
        generation: 14,
        insurance_assets: 15,
        marked: 16,
        breaker_until: 17,
        state: PoolState {
            borrow_index: 18,
            cash: 19,
            debt_shares: 20,
            shares: 21,
            reserves: 22,
            insurance_due: 23,
            insurance_owed: 24,
        },
    };
    assert_eq!(Event::from_log_data(&data), Some(Event::LossRecorded(expected)));
    assert_eq!(data.len(), 8 + 248);
    for length in 0..data.len() {
        assert_eq!(Event::from_log_data(&data[..length]), None, "cut to {length} bytes");
    }
}

/// The bytes of a type of the IDL, each part another number, and how the client shows them.
fn sample(idl: &Value, kind: &Value, number: &mut u64) -> (Vec<u8>, Vec<String>) {
    *number += 1;
    match kind.as_str() {
        Some("pubkey") => {
            let address = Address::new_from_array([u8::try_from(*number % 251).unwrap(); 32]);
            (address.to_bytes().to_vec(), vec![format!("{address:?}")])
        }
        Some("u64") => (number.to_le_bytes().to_vec(), vec![number.to_string()]),
        Some("i64") => {
            let negative = -i64::try_from(*number).unwrap();
            (negative.to_le_bytes().to_vec(), vec![negative.to_string()])
        }
        Some("u128") => (u128::from(*number).to_le_bytes().to_vec(), vec![number.to_string()]),
        _ if kind.get("array").is_some() => {
            assert_eq!(kind["array"][0], "u8");
            let byte = u8::try_from(*number % 251).unwrap();
            let bytes = vec![byte; usize::try_from(kind["array"][1].as_u64().unwrap()).unwrap()];
            (bytes.clone(), vec![format!("{bytes:?}")])
        }
        _ => {
            let fields = fields_of(idl, kind["defined"]["name"].as_str().expect("a type of the IDL"));
            let mut parts = (Vec::new(), Vec::new());
            for (name, kind) in fields {
                let (bytes, shown) = sample(idl, &kind, number);
                parts.0.extend(bytes);
                parts.1.extend(shown.iter().map(|value| format!("{name}: {value}")));
            }
            parts
        }
    }
}

fn fields_of(idl: &Value, name: &str) -> Vec<(String, Value)> {
    let types = idl["types"].as_array().unwrap();
    let entry = types.iter().find(|entry| entry["name"] == name).expect(name);
    let fields = entry["type"]["fields"].as_array().unwrap();
    fields.iter().map(|field| (field["name"].as_str().unwrap().into(), field["type"].clone())).collect()
}

#[test]
fn bytes_of_all_events() {
    let idl = idl();
    for name in names(&idl["events"]) {
        let mut number = 1_000;
        let mut data = discriminator(&format!("event:{name}")).to_vec();
        let mut shown = Vec::new();
        for (field, kind) in fields_of(&idl, name) {
            let (bytes, values) = sample(&idl, &kind, &mut number);
            data.extend(bytes);
            let nested = kind.get("defined").is_some();
            shown.extend(values.into_iter().map(|value| if nested { value } else { format!("{field}: {value}") }));
        }
        let event = Event::from_log_data(&data).unwrap_or_else(|| panic!("{name} is not read"));
        let read = format!("{event:?}");
        assert!(read.starts_with(&format!("{name}({name} {{")), "{name} is read as {read}");
        for value in shown {
            assert!(read.contains(&value), "{name} lacks {value}: {read}");
        }
        assert_eq!(Event::from_log_data(&data[..data.len() - 1]), None, "{name} cut short");
    }
}

#[test]
fn limits() {
    assert_eq!(verb::ALL, u64::MAX);
    // The runtime lets an account grow by 10,240 bytes an instruction: by 75 losses of 136 bytes.
    assert_eq!(verb::MORE_RECORDS, 75);
    // The largest account has 10,485,760 bytes: 77,100 losses after 112 bytes, and not one more.
    assert_eq!(MOST_RECORDS, 77_100);
    let size = |records: u32| 112 + 136 * records;
    assert!(size(MOST_RECORDS) <= 10_485_760 && size(MOST_RECORDS + 1) > 10_485_760);
    assert_eq!(verb::TOKEN_PROGRAM, at!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"));
    assert_eq!(verb::SYSTEM_PROGRAM, Address::default());
}
