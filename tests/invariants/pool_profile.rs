//! The pools that histories are played in, each with amounts that suit it.

use backstop_client::{CollateralParameters, Parameter, PoolParameters};
use backstop_testkit::{AS_IN_CALM, CollateralSetup, Network, Setup, TokenSetup};

use crate::step::{PerToken, Token};

/// A pool and the size of what happens in it.
#[derive(Clone)]
pub(crate) struct PoolProfile {
    pub(crate) name: &'static str,
    pub(crate) setup: Setup,
    /// The most that is offered at once, but for a few.
    pub(crate) largest: u64,
    /// The most of a collateral that is added at once, but for a few.
    pub(crate) most_collateral: PerToken<u64, 2>,
    /// First prices, in hundred-millionths.
    pub(crate) prices: PerToken<u64, 3>,
    /// Whether anyone gives to the fund.
    pub(crate) charity: bool,
    /// One in so many steps begins an episode.
    pub(crate) calm: u64,
}

impl PoolProfile {
    /// All of them.
    pub(crate) fn all() -> [Self; 6] {
        [Self::bare(), Self::uninsured(), Self::full(), Self::noticed(), Self::units(), Self::huge()]
    }

    /// The fund pays nothing: a loss can take all of NAV.
    pub(crate) fn uninsured() -> Self {
        let mut profile = Self::with("uninsured", 24, |parameters| {
            let loss = &mut parameters.loss;
            (loss.insurance_share_bps, loss.dust_value) = (0, 10_000);
            loss.hold_seconds = 3_600;
            parameters.insurance.cooldown_seconds = 86_400;
        });
        profile.dear();
        profile
    }

    /// No bonus, no caps: what is staked is all the fund has, and a loss can take all of it.
    pub(crate) fn bare() -> Self {
        let mut profile = Self::with("bare", 40, |parameters| {
            (parameters.loss.dust_value, parameters.loss.hold_seconds) = (10_000, 1_800);
            let rates = &mut parameters.rates;
            (rates.base_bps, rates.slope1_bps, rates.slope2_bps, rates.reserve_factor_bps) = (300, 700, 20_000, 1_500);
            parameters.insurance.cooldown_seconds = 86_400;
        });
        profile.charity = false;
        profile.dear();
        profile
    }

    /// Collaterals of which so little is worth so much that a crash makes all that anybody holds worth less than a unit
    /// of debt.
    fn dear(&mut self) {
        self.setup.collaterals = vec![CollateralSetup::new("SOL", 9, 60_000), CollateralSetup::new("ETH", 8, 50_000)];
        self.prices[Token::Sol] = 6_000_000_000_000;
        self.prices[Token::Eth] = 5_000_000_000_000;
        self.most_collateral = PerToken::of_collaterals(|token| if token == Token::Sol { 1 << 32 } else { 1 << 29 });
    }

    /// Each collateral has its bonus.
    fn bonuses(&mut self, sol: (u32, u32), eth: (u32, u32)) {
        for (collateral, bonus) in self.setup.collaterals.iter_mut().zip([sol, eth]) {
            (collateral.parameters.bonus_min_bps, collateral.parameters.bonus_max_bps) = bonus;
        }
    }

    /// Prices may be so uncertain.
    fn uncertain(&mut self, limit_bps: u32) {
        self.setup.parameters.oracle.max_confidence_bps = limit_bps / 4;
        for collateral in &mut self.setup.collaterals {
            collateral.parameters.oracle.max_confidence_bps = limit_bps;
        }
    }

    /// Interest, bonus, caps, a breaker, none of them round; all that can move with risk does, and quickly. ETH cannot
    /// be divided, and prices are uncertain.
    pub(crate) fn full() -> Self {
        let mut profile = Self::with("full", 45, |parameters| {
            let loss = &mut parameters.loss;
            (loss.min_default_age_slots, loss.hold_seconds) = (5, 900);
            (loss.insurance_share_bps, loss.draw_cap_bps) = (8_000, 5_000);
            let terms = &mut parameters.liquidation;
            (terms.insurance_cut_bps, terms.min_debt) = (2_000, 1_000_000);
            let rates = &mut parameters.rates;
            (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (150, 850, 9_000);
            (rates.reserve_factor_bps, rates.insurance_factor_bps) = (1_000, 500);
            let exit = &mut parameters.exit;
            (exit.breaker_limit_bps, exit.window_seconds, exit.breaker_notice_seconds) = (500, 14_400, 1_800);
            exit.breaker_min_losses = 1_000_000;
            parameters.insurance.cooldown_seconds = 100_000;
            let risk = &mut parameters.risk;
            (risk.average_seconds, risk.max_premium_bps) = (3_600, 1_500);
            risk.target_coverage_bps = 3_000;
            (risk.stressed_insurance_factor_bps, risk.stressed_insurance_share_bps) = (3_300, 5_500);
        });
        profile.setup.collaterals[1] = CollateralSetup::new("ETH", 0, 2_000);
        profile.most_collateral[Token::Eth] = 170;
        profile.bonuses((500, 1_500), (800, 1_200));
        profile.uncertain(2_000);
        profile.moving(|limits| (limits.max_ltv_bps - 1_500, limits.liquidation_threshold_bps - 700));
        profile
    }

    /// Leaving always takes notice, the breaker trips early, dust is much, and the fund pays all it can. Two tokens
    /// have a second feed. Right at its threshold ETH pays its bonus and nothing more.
    pub(crate) fn noticed() -> Self {
        let mut profile = Self::with("noticed", 50, |parameters| {
            let terms = &mut parameters.liquidation;
            terms.insurance_cut_bps = 1_000;
            (parameters.loss.dust_value, parameters.loss.hold_seconds) = (100_000_000, 5_000);
            let exit = &mut parameters.exit;
            (exit.breaker_limit_bps, exit.window_seconds, exit.breaker_notice_seconds) = (100, 7_200, 7_200);
            (exit.breaker_min_losses, exit.notice_seconds) = (100_000_000, 5_400);
            parameters.insurance.cooldown_seconds = 86_400;
            parameters.rates.reserve_factor_bps = 2_000;
            parameters.risk.max_premium_bps = 4_000;
        });
        profile.setup.liquidity.second_feed = Some(Network::Pyth);
        profile.setup.collaterals[1].token.second_feed = Some(Network::Switchboard);
        profile.bonuses((300, 800), (2_500, 3_000));
        profile
    }

    /// Amounts of a few base units, everything counts. One feed is Switchboard's.
    pub(crate) fn units() -> Self {
        let mut profile = Self::with("units", 50, |parameters| {
            (parameters.loss.dust_value, parameters.loss.insurance_share_bps) = (20, 7_000);
            parameters.loss.draw_cap_bps = 6_000;
            parameters.loss.hold_seconds = 600;
            let terms = &mut parameters.liquidation;
            terms.insurance_cut_bps = 5_000;
            let rates = &mut parameters.rates;
            (rates.base_bps, rates.slope1_bps, rates.slope2_bps) = (40_000, 20_000, 90_000);
            (rates.reserve_factor_bps, rates.insurance_factor_bps) = (2_000, 1_500);
            parameters.insurance.cooldown_seconds = 90_000;
            (parameters.risk.target_coverage_bps, parameters.risk.stressed_insurance_share_bps) = (5_000, 3_000);
        });
        profile.setup.collaterals = vec![CollateralSetup::new("SOL", 6, 1), CollateralSetup::new("ETH", 5, 1)];
        profile.setup.collaterals[0].token.feed = Network::Switchboard;
        profile.bonuses((400, 2_000), (1_000, 1_500));
        profile.uncertain(1_000);
        profile.prices = PerToken::new(|_| 100_000_000);
        profile.most_collateral = PerToken::of_collaterals(|token| if token == Token::Sol { 3_000 } else { 300 });
        profile.largest = 1_000;
        profile
    }

    /// Everybody moves much of all there is: 2^63 units.
    pub(crate) fn huge() -> Self {
        let mut profile = Self::with("huge", 50, |parameters| {
            (parameters.loss.dust_value, parameters.loss.hold_seconds) = (100_000_000, 2_000);
            (parameters.loss.insurance_share_bps, parameters.loss.draw_cap_bps) = (9_000, 9_000);
            let rates = &mut parameters.rates;
            (rates.base_bps, rates.slope2_bps, rates.insurance_factor_bps) = (700, 50_000, 1_000);
            parameters.insurance.cooldown_seconds = 86_400;
            let risk = &mut parameters.risk;
            (risk.average_seconds, risk.max_premium_bps) = (600, 10_000);
            (risk.stressed_insurance_factor_bps, risk.target_coverage_bps) = (9_000, 10_000);
        });
        // Eight decimals, so that what may be called dust is something beside these amounts.
        let token = |symbol: &str, dollars| CollateralSetup {
            token: TokenSetup::new(symbol, 8, dollars),
            ..CollateralSetup::new(symbol, 8, dollars)
        };
        profile.setup.liquidity.decimals = 8;
        profile.setup.collaterals = vec![token("SOL", 30), token("ETH", 20)];
        profile.bonuses((100, 500), (0, 700));
        profile.moving(|limits| (limits.max_ltv_bps / 2, limits.max_ltv_bps));
        profile.prices[Token::Eth] = 2_000_000_000;
        profile.most_collateral = PerToken::of_collaterals(|_| 1 << 58);
        profile.largest = 1 << 59;
        profile
    }

    /// What a parameter of the pool, or of a collateral, was at first.
    pub(crate) fn first_parameter(&self, parameter: Parameter, of: Option<Token>) -> u64 {
        let pool = &self.setup.parameters;
        let or = |stressed: u32, calm: u32| if stressed == AS_IN_CALM { calm } else { stressed };
        let collateral = of.and_then(|token| {
            self.setup.collaterals.iter().find(|collateral| collateral.token.symbol == token.symbol())
        });
        let bps = match (parameter, collateral.map(|collateral| &collateral.parameters)) {
            (Parameter::DepositCap, Some(limits)) => return limits.deposit_cap,
            (Parameter::MaxLtvBps, Some(limits)) => limits.max_ltv_bps,
            (Parameter::StressedMaxLtvBps, Some(limits)) => or(limits.stressed_max_ltv_bps, limits.max_ltv_bps),
            (Parameter::LiquidationThresholdBps, Some(limits)) => limits.liquidation_threshold_bps,
            (Parameter::StressedThresholdBps, Some(limits)) => {
                or(limits.stressed_threshold_bps, limits.liquidation_threshold_bps)
            }
            (Parameter::MaxPremiumBps, None) => pool.risk.max_premium_bps,
            (Parameter::NoticeSeconds, None) => pool.exit.notice_seconds,
            (Parameter::InsuranceShareBps, None) => pool.loss.insurance_share_bps,
            (Parameter::StressedInsuranceShareBps, None) => {
                or(pool.risk.stressed_insurance_share_bps, pool.loss.insurance_share_bps)
            }
            (Parameter::InsuranceFactorBps, None) => pool.rates.insurance_factor_bps,
            (Parameter::BonusMinBps, Some(limits)) => limits.bonus_min_bps,
            (Parameter::BonusMaxBps, Some(limits)) => limits.bonus_max_bps,
            other => panic!("{other:?} is not changed in histories"),
        };
        bps.into()
    }

    /// Limits fall this far under stress.
    fn moving(&mut self, stressed: impl Fn(&CollateralParameters) -> (u32, u32)) {
        for collateral in &mut self.setup.collaterals {
            let limits = &mut collateral.parameters;
            (limits.stressed_max_ltv_bps, limits.stressed_threshold_bps) = stressed(limits);
        }
    }

    fn with(name: &'static str, calm: u64, change: impl FnOnce(&mut PoolParameters)) -> Self {
        let mut setup = Setup::default();
        setup.collaterals.push(CollateralSetup::new("ETH", 8, 2_000));
        (setup.collaterals[0].parameters.max_ltv_bps, setup.collaterals[0].parameters.liquidation_threshold_bps) =
            (7_000, 7_800);
        change(&mut setup.parameters);
        Self {
            name,
            setup,
            largest: 1 << 40,
            most_collateral: PerToken::of_collaterals(|token| if token == Token::Sol { 1 << 43 } else { 1 << 34 }),
            prices: PerToken::new(|token| match token {
                Token::Eth => 200_000_000_000,
                Token::Sol => 3_000_000_000,
                Token::Usdc => 100_000_000,
            }),
            charity: true,
            calm,
        }
    }
}
