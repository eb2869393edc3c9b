//! What moves with risk in the demo: two limits of SOL and the insurance fund's part of the interest.

use serde_json::Value;

const BPS: u128 = 10_000;
const DAY: u128 = 86_400;
/// Gauges have 32 fractional bits.
const ONE: u128 = 1 << 32;
const NANO: u128 = 1_000_000_000;

/// A value that moves to a target by so much a day.
struct Ramp {
    value: u128,
    target: u128,
    step: u128,
    calm: u128,
    stressed: u128,
}

impl Ramp {
    fn new(calm: &Value, stressed: &Value) -> Self {
        let (calm, stressed) = (number(calm), number(stressed));
        Self { value: calm * ONE, target: calm, step: 0, calm, stressed }
    }

    fn after(&self, seconds: u128) -> u128 {
        let (way, target) = (self.step * ONE / DAY * seconds, self.target * ONE);
        if self.value > target { self.value.saturating_sub(way).max(target) } else { (self.value + way).min(target) }
    }

    /// Moves, then heads for what this much stress makes of it, unless that is no news.
    fn refresh(&mut self, seconds: u128, stress: u128, up: u128, down: u128) {
        self.value = self.after(seconds);
        let way = (self.calm.abs_diff(self.stressed) * stress).div_ceil(BPS);
        let target = if self.stressed > self.calm { self.calm + way } else { self.calm - way };
        if target.abs_diff(self.target) >= 50 || target == self.calm || target == self.stressed {
            self.target = target;
        }
        self.step = if self.target * ONE < self.value { down } else { up };
    }
}

/// What a refresh reads of the pool.
pub(crate) struct Readings {
    pub(crate) now: u128,
    /// SOL in 10^-8 USD.
    pub(crate) price: u128,
    /// Averages: of utilisation in basis points, rounded down, and of debt.
    pub(crate) used: u128,
    pub(crate) debt: u128,
    /// With what is due to it.
    pub(crate) fund: u128,
    /// All losses that were recorded.
    pub(crate) lost: u128,
}

pub(crate) struct Risk {
    terms: Value,
    /// Of the interest curve.
    kink: u128,
    /// How long losses count.
    window: u128,
    stressed_deviation: u128,
    /// In 10^-18 USD.
    average: u128,
    /// In billionths of it, squared.
    variance: u128,
    limit: Ramp,
    threshold: Ramp,
    factor: Ramp,
    /// Losses that count, and all that there were, at the last refresh.
    counted: u128,
    lost: u128,
    at: u128,
}

impl Risk {
    pub(crate) fn new(scenario: &Value, price: u128) -> Self {
        let (pool, sol) = (&scenario["pool"], &scenario["collaterals"][0]);
        Self {
            terms: pool["risk"].clone(),
            kink: number(&pool["rates"]["kink_bps"]),
            window: number(&pool["loss"]["window_seconds"]),
            stressed_deviation: number(&sol["stressed_deviation_bps"]),
            average: price * 10_000_000_000,
            variance: 0,
            limit: Ramp::new(&sol["max_ltv_bps"], &sol["stressed_max_ltv_bps"]),
            threshold: Ramp::new(&sol["liquidation_threshold_bps"], &sol["stressed_threshold_bps"]),
            factor: Ramp::new(&pool["rates"]["insurance_factor_bps"], &pool["risk"]["stressed_insurance_factor_bps"]),
            counted: 0,
            lost: 0,
            at: 0,
        }
    }

    fn term(&self, key: &str) -> u128 {
        number(&self.terms[key])
    }

    /// The liquidation threshold, rounded up.
    pub(crate) fn threshold(&self, now: u128) -> u128 {
        self.threshold.after(now - self.at).div_ceil(ONE)
    }

    /// The loan-to-value limit, rounded down.
    pub(crate) fn limit(&self, now: u128) -> u128 {
        (self.limit.after(now - self.at) / ONE).min(self.threshold(now))
    }

    /// The insurance fund's part of the interest: it moves at refreshes only.
    pub(crate) fn factor(&self) -> u128 {
        self.factor.value / ONE
    }

    /// The price that SOL counts at when borrowing, in 10^-8 USD. The demo never borrows where that is the average.
    pub(crate) fn price_when_borrowing(&self, price: u128) -> u128 {
        let premium = BPS + self.term("max_premium_bps");
        assert!(price * 10_000_000_000 * BPS <= self.average * premium, "the price is far above its average");
        price
    }

    /// SOL's average price in 10^-18 USD, as observed last.
    pub(crate) const fn average_price(&self) -> u128 {
        self.average
    }

    /// USDC is always at its average of one: its variance is zero.
    fn observe(&mut self, price: u128, seconds: u128) {
        let horizon = self.term("average_seconds");
        let weight = seconds.min(horizon / 8);
        let (price, total) = (price * 10_000_000_000, horizon + weight);
        let deviation = self.average.abs_diff(price) * NANO / self.average;
        self.variance = (self.variance * total + deviation * deviation * weight) * horizon / total / total;
        self.average = (self.average * horizon + price * weight) / total;
    }

    pub(crate) fn refresh(&mut self, read: &Readings) -> Vec<(&'static str, u128)> {
        let seconds = read.now - self.at;
        self.observe(read.price, seconds);
        let deviation = self.variance.isqrt() / 100_000;
        let volatility = stress(deviation, self.stressed_deviation / 5, self.stressed_deviation);

        let utilisation = stress(read.used, (self.kink + BPS) / 2, BPS);
        let window = self.window;
        let counted = (self.counted * window).div_ceil(window + seconds) + read.lost - self.lost;
        let rate = counted * BPS / (counted + read.debt).max(1);
        let losses = stress(rate, 10, 500);
        let target = read.debt * self.term("target_coverage_bps") / BPS;
        let coverage = target.saturating_sub(read.fund) * BPS / target.max(1);

        self.limit.refresh(seconds, volatility.max(utilisation).max(losses), 100, 500);
        self.threshold.refresh(seconds, volatility, 100, 100);
        self.factor.refresh(seconds.min(DAY), coverage.max(losses), 500, 100);
        (self.counted, self.lost, self.at) = (counted, read.lost, read.now);
        vec![
            ("average_price", self.average),
            ("deviation_bps", deviation),
            ("volatility_stress_bps", volatility),
            ("utilisation_stress_bps", utilisation),
            ("loss_stress_bps", losses),
            ("coverage_stress_bps", coverage),
            ("max_ltv_bps", self.limit(read.now)),
            ("max_ltv_target_bps", self.limit.target),
            ("liquidation_threshold_bps", self.threshold(read.now)),
            ("threshold_target_bps", self.threshold.target),
            ("insurance_factor_bps", self.factor()),
            ("insurance_factor_target_bps", self.factor.target),
        ]
    }
}

/// How far a reading is on its way from calm to stressed.
fn stress(reading: u128, calm: u128, stressed: u128) -> u128 {
    reading.saturating_sub(calm).min(stressed - calm) * BPS / (stressed - calm)
}

fn number(value: &Value) -> u128 {
    value.as_u64().unwrap().into()
}
