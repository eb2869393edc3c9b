//! The pool of the demo once more, from its documentation: USDC at 1 USD with six decimals against SOL with nine.

use std::collections::BTreeMap;

use serde_json::Value;

const BPS: u128 = 10_000;
const YEAR: u128 = 31_536_000;
const NANO: u128 = 1_000_000_000;
/// A base unit of USDC in 10^-18 USD.
const USDC: u128 = 1_000_000_000_000;

/// A printed decimal in units of 10^-places.
pub(crate) fn units(printed: &str, places: usize) -> u128 {
    let (whole, fraction) = printed.split_once('.').unwrap_or((printed, ""));
    assert!(fraction.len() <= places, "{printed} has more than {places} places");
    format!("{whole}{fraction:0<places$}").parse().unwrap()
}

/// How a loss was split.
pub(crate) struct Loss {
    pub(crate) loss: u128,
    pub(crate) from_reserves: u128,
    pub(crate) from_insurance: u128,
    pub(crate) to_lps: u128,
    pub(crate) shares: u128,
    pub(crate) price_before: u128,
    pub(crate) price_after: u128,
}

#[derive(Default)]
struct Borrower {
    debt_shares: u128,
    sol: u128,
}

pub(crate) struct Model {
    parameters: Value,
    threshold: u128,
    /// SOL in 10^-8 USD.
    price: u128,
    now: u128,
    accrued_at: u128,
    /// 64 fractional bits.
    index: u128,
    debt_shares: u128,
    pub(crate) cash: u128,
    pub(crate) shares: u128,
    pub(crate) reserves: u128,
    pub(crate) insurance_due: u128,
    pub(crate) fund: u128,
    pub(crate) drawn: u128,
    window_drawn: u128,
    window_at: u128,
    pub(crate) minted: BTreeMap<String, u128>,
    borrowers: BTreeMap<String, Borrower>,
    pub(crate) losses: Vec<Loss>,
}

impl Model {
    pub(crate) fn new(scenario: &Value) -> Self {
        let collateral = &scenario["collaterals"][0];
        Self {
            parameters: scenario["pool"].clone(),
            threshold: collateral["liquidation_threshold_bps"].as_u64().unwrap().into(),
            price: units(collateral["price"].as_str().unwrap(), 8),
            now: 0,
            accrued_at: 0,
            index: 1 << 64,
            debt_shares: 0,
            cash: 0,
            shares: 0,
            reserves: 0,
            insurance_due: 0,
            fund: 0,
            drawn: 0,
            window_drawn: 0,
            window_at: 0,
            minted: BTreeMap::new(),
            borrowers: BTreeMap::new(),
            losses: Vec::new(),
        }
    }

    fn bps(&self, group: &str, key: &str) -> u128 {
        self.parameters[group][key].as_u64().unwrap().into()
    }

    pub(crate) fn performing_debt(&self) -> u128 {
        (self.index * self.debt_shares) >> 64
    }

    fn debt(&self, debt_shares: u128) -> u128 {
        (self.index * debt_shares).div_ceil(1 << 64)
    }

    pub(crate) fn nav(&self) -> u128 {
        self.cash + self.performing_debt() - self.reserves
    }

    fn share_price(&self) -> u128 {
        self.nav() * 1_000_000_000_000 / self.shares
    }

    /// Interest by the two-slope curve, compounded by the series cut after its third term.
    fn accrue(&mut self) {
        let seconds = self.now - self.accrued_at;
        self.accrued_at = self.now;
        if seconds == 0 || self.debt_shares == 0 {
            return;
        }
        let before = self.performing_debt();
        let used = before * NANO / (self.cash + before);
        let rates = |key: &str| self.bps("rates", key) * NANO / BPS;
        let kink = rates("kink_bps");
        let rate = if used < kink {
            rates("base_bps") + rates("slope1_bps") * used / kink
        } else {
            rates("base_bps") + rates("slope1_bps") + rates("slope2_bps") * (used - kink) / (NANO - kink)
        };
        let x = ((rate * seconds) << 64) / (NANO * YEAR);
        let square = (x * x) >> 64;
        let cube = (square * x) >> 64;
        let growth = x + square / 2 + cube / 6;
        self.index += (self.index * growth) >> 64;
        let interest = self.performing_debt() - before;
        let due = interest * self.bps("rates", "insurance_factor_bps") / BPS;
        let paid = due.min(self.cash);
        self.cash -= paid;
        self.insurance_due += paid;
        self.reserves += interest * self.bps("rates", "reserve_factor_bps") / BPS + due - paid;
    }

    /// Plays a step and tells its effects.
    pub(crate) fn play(&mut self, step: &Value) -> Vec<(&'static str, u128)> {
        let text = |key: &str| step[key].as_str().unwrap_or_default();
        let who = text("who").to_owned();
        let usdc = || units(text("amount"), 6);
        match text("do") {
            "wait" => self.now += u128::from(step["seconds"].as_u64().unwrap()),
            "set_price" => self.price = units(text("price"), 8),
            "fund_insurance" => self.fund += usdc(),
            "deposit_collateral" => self.borrowers.entry(who).or_default().sol += units(text("amount"), 9),
            verb => {
                self.accrue();
                return match verb {
                    "deposit" => self.deposit(who, usdc()),
                    "withdraw" => self.withdraw_all(&who),
                    "borrow" => self.borrow(who, usdc()),
                    "repay" => {
                        let paid = usdc();
                        self.repay(&who, paid);
                        vec![("assets", paid)]
                    }
                    "liquidate" => self.liquidate(text("borrower")),
                    "accrue" => Vec::new(),
                    other => panic!("the demo has no {other}"),
                };
            }
        }
        Vec::new()
    }

    fn deposit(&mut self, who: String, assets: u128) -> Vec<(&'static str, u128)> {
        let shares = assets * (self.shares + 1) / (self.nav() + 1);
        self.cash += assets;
        self.shares += shares;
        self.minted.insert(who, shares);
        vec![("assets", assets), ("shares", shares)]
    }

    fn withdraw_all(&mut self, who: &str) -> Vec<(&'static str, u128)> {
        let shares = self.minted[who];
        let assets = shares * (self.nav() + 1) / (self.shares + 1);
        self.shares -= shares;
        self.cash -= assets;
        vec![("assets", assets), ("shares", shares)]
    }

    fn borrow(&mut self, who: String, assets: u128) -> Vec<(&'static str, u128)> {
        let added = (assets << 64).div_ceil(self.index);
        self.borrowers.entry(who).or_default().debt_shares += added;
        self.debt_shares += added;
        self.cash -= assets;
        vec![("assets", assets)]
    }

    fn repay(&mut self, who: &str, assets: u128) {
        let owed = self.borrowers[who].debt_shares;
        let burned = if assets >= self.debt(owed) { owed } else { (assets << 64) / self.index };
        self.borrowers.get_mut(who).unwrap().debt_shares -= burned;
        self.debt_shares -= burned;
        self.cash += assets;
    }

    /// What SOL is worth, in 10^-18 USD.
    fn worth(&self, sol: u128) -> u128 {
        sol * self.price * 10
    }

    fn liquidate(&mut self, who: &str) -> Vec<(&'static str, u128)> {
        let Borrower { debt_shares, sol } = self.borrowers[who];
        let debt = self.debt(debt_shares);
        let (owed, worth) = (debt * USDC, self.worth(sol));
        let limit = worth * self.threshold;
        assert!(owed * BPS > limit, "{who} is healthy");

        let terms = |key: &str| self.bps("liquidation", key);
        let lost = BPS - limit / owed;
        let affordable = (worth * BPS / owed).saturating_sub(BPS);
        let grown = (terms("bonus_min_bps") + lost).min(terms("bonus_max_bps"));
        let bonus = grown.min(affordable).max(terms("bonus_min_bps"));

        let payable = (worth * BPS).div_ceil(BPS + bonus).div_ceil(USDC);
        let wanted = self.wanted(debt, limit, bonus);
        let whole = payable <= wanted;
        let repaid = payable.min(wanted);
        let seized = if whole { sol } else { repaid * USDC * (BPS + bonus) / BPS / (self.price * 10) };
        let cut = (repaid * bonus * terms("insurance_cut_bps")).div_ceil(BPS * BPS);

        self.repay(who, repaid);
        self.insurance_due += cut;
        let mut effects = vec![("repaid", repaid), ("insurance_cut", cut)];
        let left = self.debt(self.borrowers[who].debt_shares);
        let dust = units(self.parameters["loss"]["dust_value"].as_str().unwrap(), 18);
        let kept = self.worth(sol - seized);
        let hopeless = left > 0 && kept <= dust && left * USDC * BPS > kept * self.threshold;
        let seized = if hopeless { sol } else { seized };
        self.borrowers.get_mut(who).unwrap().sol -= seized;
        effects.push(("seized", seized));
        if hopeless {
            effects.push(("loss", self.record(who)));
        }
        effects
    }

    /// What restores the target health; all of a small debt, and all rather than leave less than the minimum.
    fn wanted(&self, debt: u128, limit: u128, bonus: u128) -> u128 {
        let liquidation = &self.parameters["liquidation"];
        if debt * USDC <= units(liquidation["full_below_value"].as_str().unwrap(), 18) {
            return debt;
        }
        let target = self.bps("liquidation", "target_health_bps");
        let missing = debt * USDC * target - limit;
        let paid_weight = (self.threshold * (BPS + bonus)).div_ceil(BPS);
        let wanted = missing.div_ceil(target - paid_weight).div_ceil(USDC).min(debt);
        if debt - wanted < units(liquidation["min_debt"].as_str().unwrap(), 6) { debt } else { wanted }
    }

    /// Reserves, then insurance, then LPs.
    fn record(&mut self, who: &str) -> u128 {
        let price_before = self.share_price();
        let before = self.performing_debt();
        self.debt_shares -= self.borrowers[who].debt_shares;
        self.borrowers.get_mut(who).unwrap().debt_shares = 0;
        let loss = before - self.performing_debt();
        let from_reserves = loss.min(self.reserves);
        self.fund += std::mem::take(&mut self.insurance_due);

        let limits = |key: &str| self.bps("loss", key);
        let passed = (self.now - self.window_at).min(limits("window_seconds"));
        let recent = self.window_drawn - self.window_drawn * passed / limits("window_seconds");
        let share = (loss - from_reserves) * limits("insurance_share_bps") / BPS;
        let event = self.fund * limits("event_cap_bps") / BPS;
        let window = ((self.fund + recent) * limits("window_cap_bps") / BPS).saturating_sub(recent);
        let from_insurance = share.min(event).min(window).min(self.fund);

        self.fund -= from_insurance;
        self.drawn += from_insurance;
        self.window_drawn = recent + from_insurance;
        self.window_at = self.now;
        self.reserves -= from_reserves;
        self.cash += from_insurance;
        let (shares, price_after) = (self.shares, self.share_price());
        let to_lps = loss - from_reserves - from_insurance;
        self.losses.push(Loss { loss, from_reserves, from_insurance, to_lps, shares, price_before, price_after });
        loss
    }
}
