//! The accounts that vectors start from, in a runtime with the built program.

use std::collections::BTreeMap;

use backstop_client::address;
use backstop_engine::price::Quote;
use backstop_testkit::{Setup, World};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use solana_address::Address;

use crate::fields::Idl;

/// The accounts that vectors speak of, and of which kind each is.
pub(crate) const ACCOUNTS: [(&str, &str); 6] = [
    ("pool", "Pool"),
    ("fund", "InsuranceFund"),
    ("collateral", "Collateral"),
    ("position", "LpPosition"),
    ("stake", "InsuranceStake"),
    ("obligation", "Obligation"),
];

/// The default pool with 10 SOL of Bob's, nothing lent, and holders who have opened and hold nothing: Alice and Sam.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) idl: Idl,
    prices: BTreeMap<&'static str, Quote>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let mut world = World::new(Setup::default());
        world.open_position("alice").unwrap();
        world.open_stake("sam").unwrap();
        world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
        world.advance(0, 1);
        let quote = |price| Quote { price, confidence: 0, exponent: -8 };
        let prices = BTreeMap::from([("liquidity", quote(100_000_000)), ("collateral", quote(3_000_000_000))]);
        let mut stage = Self { world, idl: Idl::new(), prices };
        stage.publish();
        stage
    }

    fn publish(&mut self) {
        self.world.set_price("USDC", self.prices["liquidity"], 0);
        self.world.set_price("SOL", self.prices["collateral"], 0);
    }

    pub(crate) fn address(&mut self, account: &str) -> Address {
        let (pool, fund) = (self.world.key().pool, self.world.key().insurance_fund);
        match account {
            "pool" => pool,
            "fund" => fund,
            "collateral" => self.world.collateral_key("SOL").collateral,
            "position" => address::position(&pool, &self.world.actor("alice")),
            "stake" => address::stake(&fund, &self.world.actor("sam")),
            "obligation" => self.world.obligation_address("bob"),
            other => panic!("no account {other}"),
        }
    }

    pub(crate) fn data(&mut self, account: &str) -> Vec<u8> {
        let address = self.address(account);
        self.world.account(&address).unwrap().data
    }

    pub(crate) fn get(&mut self, path: &str) -> u128 {
        let (account, field) = path.split_once('.').unwrap();
        let data = self.data(account);
        self.idl.get(kind(account), field, &data)
    }

    fn put(&mut self, path: &str, value: u128) {
        let (account, field) = path.split_once('.').unwrap();
        if account == "price" {
            return self.price(field, u64::try_from(value).unwrap());
        }
        let address = self.address(account);
        let mut stored = self.world.account(&address).unwrap();
        self.idl.put(kind(account), field, &mut stored.data, value);
        self.world.set_account(address, stored);
    }

    fn price(&mut self, field: &str, value: u64) {
        let (token, confidence) = field.split_once('.').map_or((field, false), |(token, _)| (token, true));
        let quote = self.prices.get_mut(token).unwrap();
        *(if confidence { &mut quote.confidence } else { &mut quote.price }) = value;
    }

    /// Puts fields in place, and the tokens that they speak of into the vaults.
    pub(crate) fn give(&mut self, given: &Value) {
        for (path, value) in given.as_object().unwrap() {
            self.put(path, number(value));
        }
        self.publish();
        let counted = ["pool.cash", "pool.insurance_due", "fund.assets"].map(|path| self.get(path));
        let (vault, deposited) = (self.world.key().vault, self.get("collateral.deposited"));
        self.put_balance(vault, counted.iter().sum());
        let vault = self.world.collateral_key("SOL").vault;
        self.put_balance(vault, deposited);
    }

    fn put_balance(&mut self, wallet: Address, units: u128) {
        let mut stored = self.world.account(&wallet).unwrap();
        stored.data[64..72].copy_from_slice(&u64::try_from(units).unwrap().to_le_bytes());
        self.world.set_account(wallet, stored);
    }

    /// The accounts and all that a preview needs besides, as `accounts.json` and the engine's requests have them.
    pub(crate) fn told(&mut self) -> Value {
        let mut accounts = serde_json::Map::new();
        for (name, _) in ACCOUNTS {
            let (address, data) = (self.address(name).to_string(), BASE64_STANDARD.encode(self.data(name)));
            accounts.insert(name.into(), json!({ "address": address, "data": data }));
        }
        let prices = [("liquidity", "USDC"), ("collateral", "SOL")].map(|(name, symbol)| {
            let address = self.world.price_account(symbol);
            let account = self.world.account(&address).unwrap();
            let data = BASE64_STANDARD.encode(&account.data);
            (name.into(), json!([{ "address": address.to_string(), "owner": account.owner.to_string(), "data": data }]))
        });
        json!({
            "now": self.world.now().to_string(), "slot": "1001", "owner": self.world.actor("bob").to_string(),
            "accounts": accounts, "prices": serde_json::Map::from_iter(prices),
        })
    }
}

pub(crate) fn kind(account: &str) -> &'static str {
    ACCOUNTS.iter().find(|(name, _)| *name == account).unwrap().1
}

pub(crate) fn number(value: &Value) -> u128 {
    value.as_str().unwrap().parse().unwrap()
}
