//! The accounts that vectors start from, in a runtime with the built program.

use std::collections::BTreeMap;

use backstop_client::address;
use backstop_engine::price::Quote;
use backstop_testkit::{CollateralSetup, Setup, World};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use solana_address::Address;

use crate::fields::Idl;

/// The accounts that vectors speak of, and of which kind each is.
pub(crate) const ACCOUNTS: [(&str, &str); 8] = [
    ("pool", "Pool"),
    ("fund", "InsuranceFund"),
    ("book", "LossBook"),
    ("collateral", "Collateral"),
    ("gem", "Collateral"),
    ("position", "LpPosition"),
    ("stake", "InsuranceStake"),
    ("obligation", "Obligation"),
];

/// The collaterals among them, and their tokens.
pub(crate) const COLLATERALS: [(&str, &str); 2] = [("collateral", "SOL"), ("gem", "GEM")];

/// The token of a collateral.
pub(crate) fn symbol(collateral: &str) -> &'static str {
    COLLATERALS.iter().find(|(name, _)| *name == collateral).unwrap().1
}

/// The default pool, with a second collateral that cannot be divided; 10 SOL of Bob's and a slot for GEM, nothing lent,
/// and holders who have opened and hold nothing: Alice and Sam.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) idl: Idl,
    prices: BTreeMap<&'static str, Quote>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let mut setup = Setup::default();
        setup.collaterals.push(CollateralSetup::new("GEM", 0, 100));
        let mut world = World::new(setup);
        world.open_position("alice").unwrap();
        world.open_stake("sam").unwrap();
        world.deposit_collateral("bob", "SOL", 10_000_000_000).unwrap();
        world.deposit_collateral("bob", "GEM", 1).unwrap();
        world.advance(0, 1);
        let quote = |price| Quote { price, confidence: 0, exponent: -8 };
        let prices = [("liquidity", 100_000_000), ("collateral", 3_000_000_000), ("gem", 10_000_000_000)];
        let prices = prices.map(|(token, price)| (token, quote(price))).into();
        let mut stage = Self { world, idl: Idl::new(), prices };
        // The slot knows its collateral, and holds none until a vector says so.
        stage.put("obligation.collaterals.1.units", 0);
        stage.put("gem.deposited", 0);
        stage.fill_vaults();
        stage.publish();
        stage
    }

    fn publish(&mut self) {
        for (token, symbol) in [("liquidity", "USDC")].into_iter().chain(COLLATERALS) {
            self.world.set_price(symbol, self.prices[token], 0);
        }
    }

    pub(crate) fn address(&mut self, account: &str) -> Address {
        let (pool, fund) = (self.world.key().pool, self.world.key().insurance_fund);
        match account {
            "pool" => pool,
            "fund" => fund,
            "book" => self.world.key().loss_book,
            "collateral" | "gem" => self.world.collateral_key(symbol(account)).collateral,
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

    /// The account of what was claimed of a loss by the holder of these shares, if it is open.
    pub(crate) fn claim(&mut self, holder: &str, loss: u32) -> Option<Vec<u8>> {
        let address = address::claim(&self.address(holder), loss);
        self.world.account(&address).map(|account| account.data)
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
        self.fill_vaults();
    }

    fn fill_vaults(&mut self) {
        let counted = ["pool.cash", "pool.insurance_due", "fund.assets"].map(|path| self.get(path));
        let vault = self.world.key().vault;
        self.put_balance(vault, counted.iter().sum());
        for (collateral, symbol) in COLLATERALS {
            let (vault, deposited) =
                (self.world.collateral_key(symbol).vault, self.get(&format!("{collateral}.deposited")));
            self.put_balance(vault, deposited);
        }
    }

    fn put_balance(&mut self, wallet: Address, units: u128) {
        let mut stored = self.world.account(&wallet).unwrap();
        stored.data[64..72].copy_from_slice(&u64::try_from(units).unwrap().to_le_bytes());
        self.world.set_account(wallet, stored);
    }

    /// The accounts and all that a preview needs besides, as `accounts.json` and the engine's requests have them.
    pub(crate) fn reported(&mut self) -> Value {
        let mut accounts = serde_json::Map::new();
        for (name, _) in ACCOUNTS {
            let (address, data) = (self.address(name).to_string(), BASE64_STANDARD.encode(self.data(name)));
            accounts.insert(name.into(), json!({ "address": address, "data": data }));
        }
        let tokens = [("liquidity", "USDC")].into_iter().chain(COLLATERALS);
        let prices: serde_json::Map<_, _> = tokens
            .map(|(name, symbol)| {
                let address = self.world.price_account(symbol);
                let account = self.world.account(&address).unwrap();
                let data = BASE64_STANDARD.encode(&account.data);
                (
                    name.into(),
                    json!([{ "address": address.to_string(), "owner": account.owner.to_string(), "data": data }]),
                )
            })
            .collect();
        json!({
            "now": self.world.now().to_string(), "slot": "1001", "owner": self.world.actor("bob").to_string(),
            "accounts": accounts, "prices": prices,
        })
    }
}

pub(crate) fn kind(account: &str) -> &'static str {
    ACCOUNTS.iter().find(|(name, _)| *name == account).unwrap().1
}

/// The collateral that a step is about.
pub(crate) fn collateral_of(step: &Value) -> &str {
    step["of"].as_str().unwrap_or("collateral")
}

/// The loss that a claim is of.
pub(crate) fn loss_of(step: &Value) -> u32 {
    u32::try_from(number(&step["arguments"]["loss"])).unwrap()
}

pub(crate) fn number(value: &Value) -> u128 {
    value.as_str().unwrap().parse().unwrap()
}
