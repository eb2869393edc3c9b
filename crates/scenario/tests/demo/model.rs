//! The pool of the demo once more, from its documentation: USDC at 1 USD with six decimals against SOL with nine.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    claims::Claims,
    risk::{Readings, Risk},
};

const BPS: u128 = 10_000;
const YEAR: u128 = 31_536_000;
const NANO: u128 = 1_000_000_000;
const TRILLION: u128 = 1_000_000_000_000;
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
    /// What every LP held.
    pub(crate) held: BTreeMap<String, u128>,
    /// The part of what insurance paid that stakers bore, and what each of them held.
    pub(crate) from_stakers: u128,
    pub(crate) stakes: BTreeMap<String, u128>,
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
    marked: u128,
    unrecovered: u128,
}

/// Who bore a loss, and what came back of it.
struct Booked {
    who: String,
    at: u128,
    lps: u128,
    stakers: u128,
    protocol: u128,
    reserves: u128,
    recovered: u128,
}

impl Booked {
    fn all(&self) -> u128 {
        self.lps + self.stakers + self.protocol + self.reserves
    }

    /// What came back for LPs, stakers, protocol-owned shares and reserves.
    fn back(&self) -> [u128; 4] {
        let shared = self.lps + self.stakers + self.protocol;
        let among = self.recovered.min(shared);
        let lps = among * self.lps / shared;
        let stakers = (among - lps) * self.stakers / (self.stakers + self.protocol);
        [lps, stakers, among - lps - stakers, self.recovered - among]
    }
}

/// Amounts that fade evenly, together until the average of their ends.
#[derive(Clone, Copy, Default)]
struct Window {
    counted: u128,
    at: u128,
    ends: u128,
}

impl Window {
    fn left(&self, now: u128) -> u128 {
        self.ends.saturating_sub(now)
    }

    /// What still counts, rounded up.
    fn counts(&self, now: u128) -> u128 {
        self.fade(self.counted, now)
    }

    /// What is left of something that fades as that does.
    fn fade(&self, value: u128, now: u128) -> u128 {
        (value * self.left(now)).div_ceil(self.ends.saturating_sub(self.at).max(1))
    }

    fn add(&mut self, amount: u128, length: u128, now: u128) {
        let (left, counted) = (self.left(now), self.counts(now) + amount);
        let left = if counted == amount { 0 } else { left };
        *self = Self { counted, at: now, ends: now + left + ((length - left) * amount).div_ceil(counted) };
    }

    /// Takes out what an amount of `since` still counts for.
    fn remove(&mut self, amount: u128, since: u128, length: u128, now: u128) {
        let (left, counted) = ((since + length).saturating_sub(now), self.counts(now));
        let gone = (amount * left / length).min(counted);
        let kept = counted - gone;
        let ends = if gone == 0 || kept == 0 {
            self.ends
        } else {
            now + (self.left(now) * counted).saturating_sub(left * gone) / kept
        };
        *self = Self { counted: kept, at: now, ends };
    }
}

/// A stake that is to leave.
struct Leaving {
    shares: u128,
    worth: u128,
}

pub(crate) struct Model {
    parameters: Value,
    /// The liquidator's bonus for SOL in basis points: at least, at most.
    bonus: (u128, u128),
    risk: Risk,
    /// SOL in 10^-8 USD.
    price: u128,
    pub(crate) now: u128,
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
    draws: Window,
    /// LP shares.
    held: BTreeMap<String, u128>,
    pub(crate) claims: Claims,
    /// Stakers' shares, those that came back and wait for them, and nobody's.
    pub(crate) stakes: BTreeMap<String, u128>,
    waiting: u128,
    pub(crate) protocol_shares: u128,
    book: Vec<Booked>,
    leaving: BTreeMap<String, Leaving>,
    /// What came back of stakers' losses, and the shares that it came back as.
    pub(crate) stake_claims: Claims,
    shares_back: Claims,
    breaker_losses: Window,
    /// The same as parts of NAV, in trillionths.
    breaker_part: u128,
    pub(crate) breaker_until: u128,
    /// Averages over time: of utilisation, in billionths with 12 fractional bits, and of debt.
    average_used: u128,
    average_debt: u128,
    borrowers: BTreeMap<String, Borrower>,
    pub(crate) losses: Vec<Loss>,
}

impl Model {
    pub(crate) fn new(scenario: &Value) -> Self {
        let sol = &scenario["collaterals"][0];
        let price = units(sol["price"].as_str().unwrap(), 8);
        let bonus = |key: &str| sol[key].as_u64().unwrap().into();
        Self {
            parameters: scenario["pool"].clone(),
            bonus: (bonus("bonus_min_bps"), bonus("bonus_max_bps")),
            risk: Risk::new(scenario, price),
            price,
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
            draws: Window::default(),
            held: BTreeMap::new(),
            claims: Claims::default(),
            stakes: BTreeMap::new(),
            waiting: 0,
            protocol_shares: 0,
            book: Vec::new(),
            leaving: BTreeMap::new(),
            stake_claims: Claims::default(),
            shares_back: Claims::default(),
            breaker_losses: Window::default(),
            breaker_part: 0,
            breaker_until: 0,
            average_used: 0,
            average_debt: 0,
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
    pub(crate) fn accrue(&mut self) {
        let seconds = self.now - self.accrued_at;
        self.accrued_at = self.now;
        if seconds == 0 {
            return;
        }
        let before = self.performing_debt();
        let used = before * NANO / (self.cash + before).max(1);
        let horizon = self.bps("risk", "average_seconds");
        let towards = |average: u128, state: u128| {
            let way = (average.abs_diff(state) * seconds).div_ceil(horizon + seconds);
            if state > average { average + way } else { average - way }
        };
        self.average_used = towards(self.average_used, used << 12);
        self.average_debt = towards(self.average_debt, before);
        if self.debt_shares == 0 {
            return;
        }
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
        let due = interest * self.risk.factor() / BPS;
        assert!(due <= self.cash, "the demo always has cash for the fund");
        self.cash -= due;
        self.insurance_due += due;
        self.reserves += interest * self.bps("rates", "reserve_factor_bps") / BPS;
    }

    /// Plays a step and tells its effects. One that is refused changes nothing.
    pub(crate) fn play(&mut self, step: &Value) -> Vec<(&'static str, u128)> {
        let text = |key: &str| step[key].as_str().unwrap_or_default();
        let who = text("who").to_owned();
        let borrower = || if step["borrower"].is_string() { text("borrower") } else { text("who") };
        let usdc = || units(text("amount"), 6);
        if step["expect"].is_string() {
            return Vec::new();
        }
        match text("do") {
            "wait" => self.now += u128::from(step["seconds"].as_u64().unwrap()),
            "set_price" => self.price = units(text("price"), 8),
            "deposit_collateral" => self.borrowers.entry(who).or_default().sol += units(text("amount"), 9),
            "claim_recovery" => return vec![("assets", self.claims.claim(&who))],
            "claim_stake_recovery" => return self.claim_stake(who),
            "collect_withdrawal" | "collect_unstake" => {}
            "request_withdrawal" => return vec![("shares", self.held[&who])],
            verb => {
                self.accrue();
                return match verb {
                    "deposit" | "withdraw" | "execute_withdrawal" if self.on_hold() => panic!("{verb} on hold"),
                    "deposit" => self.deposit(who, usdc()),
                    "withdraw" | "execute_withdrawal" => self.withdraw_all(&who),
                    "borrow" => self.borrow(who, usdc()),
                    "repay" if self.borrowers[borrower()].debt_shares == 0 => self.recover(borrower(), usdc()),
                    "repay" => {
                        let paid = usdc();
                        self.repay(&who, paid);
                        vec![("assets", paid)]
                    }
                    "fund_insurance" => {
                        self.settle();
                        vec![("assets", self.donate(usdc()))]
                    }
                    "mark" => self.mark(borrower()),
                    "liquidate" => self.liquidate(borrower()),
                    "stake" => self.stake(who, usdc()),
                    "request_unstake" => self.request_unstake(who),
                    "execute_unstake" => self.unstake(&who),
                    "accrue" => Vec::new(),
                    "refresh_risk" => self.refresh_risk(),
                    other => panic!("the demo has no {other}"),
                };
            }
        }
        Vec::new()
    }

    fn deposit(&mut self, who: String, offered: u128) -> Vec<(&'static str, u128)> {
        let (shares, assets) = minted(offered, self.nav(), self.shares);
        self.cash += assets;
        self.shares += shares;
        *self.held.entry(who).or_default() += shares;
        vec![("assets", assets), ("shares", shares)]
    }

    fn withdraw_all(&mut self, who: &str) -> Vec<(&'static str, u128)> {
        let shares = self.held.remove(who).unwrap();
        let assets = shares * (self.nav() + 1) / (self.shares + 1);
        self.shares -= shares;
        self.cash -= assets;
        vec![("assets", assets), ("shares", shares)]
    }

    /// What an LP's shares are worth.
    pub(crate) fn share_value(&self, who: &str) -> u128 {
        self.held.get(who).copied().unwrap_or(0) * (self.nav() + 1) / (self.shares + 1)
    }

    pub(crate) fn marked(&self) -> u128 {
        self.borrowers.values().map(|borrower| borrower.marked).sum()
    }

    /// Whether nobody enters or leaves: more than a ten-thousandth of NAV is marked.
    pub(crate) fn on_hold(&self) -> bool {
        self.marked() * 10_000 > self.nav()
    }

    /// Revenue that was set aside for the fund becomes the fund's whenever it matters.
    fn settle(&mut self) {
        self.protocol_shares += self.donation_of_revenue();
        self.fund += std::mem::take(&mut self.insurance_due);
    }

    /// The shares of the fund's own that revenue makes: what was drawn lately would have had a part of it.
    fn donation_of_revenue(&self) -> u128 {
        let all = self.stakes.values().sum::<u128>() + self.waiting + self.protocol_shares;
        let drawn = self.recently_drawn();
        if all == 0 || drawn == 0 {
            0
        } else {
            self.insurance_due * drawn / (self.fund + drawn) * (all + 1) / (self.fund + 1)
        }
    }

    /// The shares of the fund, those that wait and its own of protocol-owned shares among them.
    fn fund_shares(&mut self) -> u128 {
        let stakes = self.stakes.values().sum::<u128>() + self.waiting;
        if stakes + self.protocol_shares == 0 {
            self.protocol_shares = self.fund;
        }
        stakes + self.protocol_shares
    }

    /// What comes back to stakers buys shares that wait for them. Returns how many, and what they cost.
    fn restore(&mut self, offered: u128) -> (u128, u128) {
        let all = self.fund_shares();
        let (shares, assets) = minted(offered, self.fund, all);
        self.waiting += shares;
        self.fund += assets;
        (shares, assets)
    }

    /// A donation buys shares that are the fund's own. Returns what they cost.
    fn donate(&mut self, offered: u128) -> u128 {
        let all = self.fund_shares();
        let (shares, assets) = minted(offered, self.fund, all);
        self.protocol_shares += shares;
        self.fund += assets;
        assets
    }

    fn stake(&mut self, who: String, offered: u128) -> Vec<(&'static str, u128)> {
        self.settle();
        let all = self.fund_shares();
        let (shares, assets) = minted(offered, self.fund, all);
        self.fund += assets;
        *self.stakes.entry(who).or_default() += shares;
        vec![("assets", assets), ("shares", shares)]
    }

    fn worth_of_stake(&mut self, shares: u128) -> u128 {
        let all = self.fund_shares() + self.donation_of_revenue();
        shares * (self.fund + self.insurance_due + 1) / (all + 1)
    }

    /// What a staker's shares are worth.
    pub(crate) fn stake_value(&mut self, who: &str) -> u128 {
        self.worth_of_stake(self.stakes.get(who).copied().unwrap_or(0))
    }

    /// What the shares are worth that a staker can claim.
    pub(crate) fn stake_claimable(&mut self, who: &str) -> u128 {
        self.worth_of_stake(self.shares_back.claimable(who))
    }

    /// What all shares are worth that wait.
    pub(crate) fn waiting_value(&mut self) -> u128 {
        self.worth_of_stake(self.waiting)
    }

    fn request_unstake(&mut self, who: String) -> Vec<(&'static str, u128)> {
        self.settle();
        let (shares, worth) = (self.stakes[&who], self.stake_value(&who));
        self.leaving.insert(who, Leaving { shares, worth });
        vec![("shares", shares), ("worth", worth)]
    }

    fn unstake(&mut self, who: &str) -> Vec<(&'static str, u128)> {
        let Leaving { shares, worth } = self.leaving.remove(who).unwrap();
        self.settle();
        let (all, now) = (self.fund_shares(), self.stake_value(who));
        let assets = worth.min(now);
        if assets < now {
            self.protocol_shares += shares - (assets * (all + 1)).div_ceil(self.fund + 1);
        }
        assert_eq!(self.stakes.remove(who), Some(shares));
        self.fund -= assets;
        vec![("assets", assets), ("shares", shares)]
    }

    /// The shares that came back of a staker's losses are its own.
    fn claim_stake(&mut self, who: String) -> Vec<(&'static str, u128)> {
        let shares = self.shares_back.claim(&who);
        self.waiting -= shares;
        *self.stakes.entry(who).or_default() += shares;
        vec![("shares", shares)]
    }

    fn refresh_risk(&mut self) -> Vec<(&'static str, u128)> {
        let readings = Readings {
            now: self.now,
            price: self.price,
            used: (self.average_used >> 12) * BPS / NANO,
            debt: self.average_debt,
            fund: self.fund + self.insurance_due,
            lost: self.losses.iter().map(|loss| loss.loss).sum(),
        };
        self.risk.refresh(&readings)
    }

    fn borrow(&mut self, who: String, assets: u128) -> Vec<(&'static str, u128)> {
        let added = self.shares_up(assets);
        let borrower = self.borrowers.entry(who).or_default();
        borrower.debt_shares += added;
        let (owed, unrecovered, sol) = (borrower.debt_shares, borrower.unrecovered, borrower.sol);
        let secured = (self.debt(owed) + unrecovered).max(self.min_debt());
        let counts = self.counted(sol) * self.risk.price_when_borrowing(self.price) * 10;
        assert!(secured * USDC * BPS <= counts * self.risk.limit(self.now), "beyond the limit");
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

    /// Each side by what it bore, the oldest loss first.
    fn recover(&mut self, who: &str, offered: u128) -> Vec<(&'static str, u128)> {
        let paid = offered.min(self.borrowers[who].unrecovered);
        self.borrowers.get_mut(who).unwrap().unrecovered -= paid;
        self.settle();
        let (mut left, mut all) = (paid, [0; 4]);
        for index in 0..self.book.len() {
            let loss = &mut self.book[index];
            let amount = if loss.who == who { left.min(loss.all() - loss.recovered) } else { 0 };
            if amount == 0 {
                continue;
            }
            left -= amount;
            let before = loss.back();
            loss.recovered += amount;
            let after = loss.back();
            let [to_lps, to_stakers, to_protocol, to_reserves] = [0, 1, 2, 3].map(|side| after[side] - before[side]);
            self.claims.recover(index, to_lps);
            self.stake_claims.recover(index, to_stakers);
            let (shares, restored) = self.restore(to_stakers);
            self.shares_back.recover(index, shares);
            let given = self.donate(to_protocol);
            let to_reserves = to_reserves + (to_stakers - restored) + (to_protocol - given);
            let to_stakers = restored;
            self.ease(index, to_lps, restored + given);
            self.cash += to_reserves;
            self.reserves += to_reserves;
            for (sum, part) in all.iter_mut().zip([to_lps, to_stakers, given, to_reserves]) {
                *sum += part;
            }
        }
        let [to_lps, to_stakers, to_protocol, to_reserves] = all;
        let unrecovered = self.borrowers[who].unrecovered;
        vec![
            ("assets", paid),
            ("to_lps", to_lps),
            ("to_stakers", to_stakers),
            ("to_protocol", to_protocol),
            ("to_reserves", to_reserves),
            ("unrecovered", unrecovered),
        ]
    }

    /// The demo's prices are always the newest, so a mark is the shortfall.
    fn mark(&mut self, who: &str) -> Vec<(&'static str, u128)> {
        let before = self.borrowers[who].marked;
        let after = self.shortfall(who);
        self.borrowers.get_mut(who).unwrap().marked = after;
        vec![("marked_before", before), ("marked", after)]
    }

    /// What a debt beyond its limit exceeds the proceeds of its collateral by, at the least bonus.
    fn shortfall(&self, who: &str) -> u128 {
        let (debt, worth) = (self.debt(self.borrowers[who].debt_shares), self.worth(self.borrowers[who].sol));
        if debt * USDC * BPS <= worth * self.threshold() {
            return 0;
        }
        debt.saturating_sub(worth * BPS / (BPS + self.bonus.0) / USDC)
    }

    fn dust(&self) -> u128 {
        units(self.parameters["loss"]["dust_value"].as_str().unwrap(), 18)
    }

    fn min_debt(&self) -> u128 {
        units(self.parameters["liquidation"]["min_debt"].as_str().unwrap(), 6)
    }

    /// None of it where it is worth at most a tenth of the dust value at twice its average price.
    fn counted(&self, sol: u128) -> u128 {
        if sol * self.risk.average_price() * 2 * 10 <= self.dust() * NANO { 0 } else { sol }
    }

    /// The liquidation threshold now.
    fn threshold(&self) -> u128 {
        self.risk.threshold(self.now)
    }

    /// What SOL counts for, in 10^-18 USD.
    fn worth(&self, sol: u128) -> u128 {
        self.counted(sol) * self.price * 10
    }

    fn liquidate(&mut self, who: &str) -> Vec<(&'static str, u128)> {
        let Borrower { debt_shares, sol, .. } = self.borrowers[who];
        let debt = self.debt(debt_shares);
        let (owed, worth) = (debt * USDC, self.worth(sol));
        let limit = worth * self.threshold();
        assert!(owed * BPS > limit, "{who} is healthy");

        let factor = limit / owed;
        let (least, most) = self.bonus;
        let proceeds = worth * BPS / (BPS + least);
        let affordable = (proceeds * (BPS + least) / owed).saturating_sub(BPS);
        let carried = (factor * BPS / self.threshold()).saturating_sub(BPS);
        let bonus = (least + BPS - factor).min(most).min(affordable).min(carried).max(least);

        // Whole debt shares are paid for. The middle of a price that is known exactly is its lower side.
        let unit = self.price * 10;
        let pays = |sol: u128| self.shares_up((sol * unit * BPS).div_ceil(BPS + bonus).div_ceil(USDC));
        let wanted = self.wanted(debt_shares, limit, bonus);
        let (paid, seized) = if pays(sol) <= wanted {
            (pays(sol), sol)
        } else {
            let worth = (wanted * self.index) >> 64;
            let seized = worth * USDC * (BPS + bonus) / BPS / unit;
            (wanted.min(pays(seized)), seized)
        };
        let repaid = self.debt(paid);
        let cut = (repaid * bonus * self.bps("liquidation", "insurance_cut_bps")).div_ceil(BPS * BPS);

        self.repay(who, repaid);
        self.insurance_due += cut;
        self.borrowers.get_mut(who).unwrap().sol -= seized;
        let mut effects = vec![("repaid", repaid), ("insurance_cut", cut), ("seized", seized)];
        let shortfall = self.shortfall(who);
        if shortfall > 0 && self.worth(sol - seized) <= self.dust() {
            let kept = self.debt(self.borrowers[who].debt_shares) - shortfall;
            effects.push(("loss", self.record(who, (kept << 64) / self.index)));
        } else {
            self.borrowers.get_mut(who).unwrap().marked = shortfall;
        }
        effects
    }

    /// The fewest debt shares that are worth so much.
    fn shares_up(&self, assets: u128) -> u128 {
        (assets << 64).div_ceil(self.index)
    }

    /// What restores the target health, in debt shares; all where the collateral is worth no more, and rather than
    /// leave less than the minimum.
    fn wanted(&self, debt_shares: u128, limit: u128, bonus: u128) -> u128 {
        let debt = self.debt(debt_shares);
        if limit <= debt * USDC * self.threshold() {
            return debt_shares;
        }
        let target = self.bps("liquidation", "target_health_bps");
        let missing = debt * USDC * target - limit;
        let paid_weight = (self.threshold() * (BPS + bonus)).div_ceil(BPS);
        let wanted = missing.div_ceil(target - paid_weight).div_ceil(USDC).min(debt);
        let wanted = self.shares_up(wanted).min(debt_shares);
        if self.debt(debt_shares - wanted) < self.min_debt() { debt_shares } else { wanted }
    }

    /// What earlier draws still count for.
    fn recently_drawn(&self) -> u128 {
        self.draws.counts(self.now)
    }

    /// The most that the cap lets one loss draw from a fund of this much.
    fn most_drawn(&self, fund: u128) -> u128 {
        let recent = self.recently_drawn();
        let room = ((fund + recent) * self.bps("loss", "draw_cap_bps") / BPS).saturating_sub(recent);
        room.min(fund)
    }

    /// Reserves, then insurance, then LPs: all of a debt but so many shares.
    fn record(&mut self, who: &str, kept: u128) -> u128 {
        let (price_before, nav_before) = (self.share_price(), self.nav());
        let before = self.performing_debt();
        let borrower = self.borrowers.get_mut(who).unwrap();
        self.debt_shares -= std::mem::replace(&mut borrower.debt_shares, kept) - kept;
        borrower.marked = 0;
        let loss = before - self.performing_debt();
        self.borrowers.get_mut(who).unwrap().unrecovered += loss;
        let from_reserves = loss.min(self.reserves);
        self.settle();
        let share = (loss - from_reserves) * self.bps("loss", "insurance_share_bps") / BPS;
        let from_insurance = share.min(self.most_drawn(self.fund));
        let all = self.fund_shares();
        let from_stakers = from_insurance * self.stakes.values().sum::<u128>() / all;

        self.fund -= from_insurance;
        assert!(self.fund > 0, "the demo does not drain the fund");
        self.drawn += from_insurance;
        self.draws.add(from_insurance, self.bps("loss", "window_seconds"), self.now);
        self.reserves -= from_reserves;
        self.cash += from_insurance;
        let (shares, price_after) = (self.shares, self.share_price());
        let to_lps = loss - from_reserves - from_insurance;
        let (held, stakes) = (self.held.clone(), self.stakes.clone());
        self.book.push(Booked {
            who: who.to_owned(),
            at: self.now,
            lps: to_lps,
            stakers: from_stakers,
            protocol: from_insurance - from_stakers,
            reserves: from_reserves,
            recovered: 0,
        });
        self.claims.lose(to_lps, &held);
        self.stake_claims.lose(from_stakers, &stakes);
        self.shares_back.lose(0, &stakes);
        self.trip(to_lps, nav_before);
        self.losses.push(Loss {
            held,
            from_stakers,
            stakes,
            loss,
            from_reserves,
            from_insurance,
            to_lps,
            shares,
            price_before,
            price_after,
        });
        loss
    }

    /// Counts an LP loss for the breaker: it is tripped until the losses have faded to the limit.
    fn trip(&mut self, to_lps: u128, nav_before: u128) {
        self.breaker_part =
            self.breaker_losses.fade(self.breaker_part, self.now) + (to_lps * TRILLION).div_ceil(nav_before);
        self.breaker_losses.add(to_lps, self.bps("loss", "window_seconds"), self.now);
        let until = self.tripped_until();
        self.breaker_until = if until == self.now { self.breaker_until } else { self.breaker_until.max(until) };
    }

    /// When the losses that count will have faded to the limit.
    fn tripped_until(&self) -> u128 {
        let above = |value: u128, limit: u128| {
            (self.breaker_losses.left(self.now) * value.saturating_sub(limit)).div_ceil(value.max(1))
        };
        let least = units(self.parameters["breaker"]["min_losses"].as_str().unwrap(), 6);
        let part = above(self.breaker_part, self.bps("breaker", "limit_bps") * TRILLION / BPS);
        self.now + part.min(above(self.breaker_losses.counted, least))
    }

    /// What came back of a loss of `at` counts no longer.
    fn ease(&mut self, index: usize, to_lps: u128, to_fund: u128) {
        let (window, now, at) = (self.bps("loss", "window_seconds"), self.now, self.book[index].at);
        if to_fund != 0 {
            self.draws.remove(to_fund, at, window, now);
        }
        if to_lps != 0 {
            let loss = &self.losses[index];
            let of_nav = (loss.price_before - loss.price_after) * TRILLION / loss.price_before;
            let back = of_nav * to_lps / loss.to_lps * (at + window).saturating_sub(now) / window;
            self.breaker_part = self.breaker_losses.fade(self.breaker_part, now).saturating_sub(back);
            self.breaker_losses.remove(to_lps, at, window, now);
            let hold = self.parameters["loss"]["hold_seconds"].as_u64().map_or(3_600, u128::from);
            self.breaker_until = self.breaker_until.min(self.tripped_until().max(now + hold));
        }
    }
}

/// The shares that an offer pays for, and what they cost.
fn minted(offered: u128, assets: u128, all: u128) -> (u128, u128) {
    let shares = offered * (all + 1) / (assets + 1);
    (shares, (shares * (assets + 1)).div_ceil(all + 1))
}
