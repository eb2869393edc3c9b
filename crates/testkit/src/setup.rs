//! What a world starts with.

use backstop_client::{
    CapParameters, CollateralParameters, ExitParameters, InsuranceParameters, LiquidationParameters, LossParameters,
    OracleParameters, PoolParameters, RateParameters, RiskParameters,
};

use crate::{Decimal, Extension};

/// As a value under stress: what it is in calm, so that it does not move with risk. Filled in when the world is made.
pub const AS_IN_CALM: u32 = u32::MAX;

/// A token and its first price.
#[derive(Clone, Debug)]
pub struct TokenSetup {
    /// Its name.
    pub symbol: String,
    /// Decimals of its mint.
    pub decimals: u8,
    /// What a whole token costs in USD.
    pub price: Decimal,
    /// Who publishes its price.
    pub feed: Oracle,
    /// Who publishes it a second time.
    pub second_feed: Option<Oracle>,
    /// The extensions of its mint if that is one of Token-2022; else it is one of SPL Token.
    pub token_2022: Option<Vec<Extension>>,
}

/// An oracle network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// Pyth, by price updates.
    Pyth,
    /// Switchboard On-Demand, by feeds.
    Switchboard,
}

/// Which of a token's feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// The primary one.
    First,
    /// The second one.
    Second,
}

/// A collateral: its token and parameters. The feed id is filled in.
#[derive(Clone, Debug)]
pub struct CollateralSetup {
    /// The token.
    pub token: TokenSetup,
    /// The parameters.
    pub parameters: CollateralParameters,
}

/// A pool: its liquidity token, parameters and collaterals. Feed ids are filled in.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The liquidity token.
    pub liquidity: TokenSetup,
    /// The pool's parameters.
    pub parameters: PoolParameters,
    /// The collaterals.
    pub collaterals: Vec<CollateralSetup>,
    /// What the insurance fund was founded with and still has. Zero: the least, and it is gone, as after a loss that took it. So stories begin with
    /// nothing but their own money.
    pub founding_gift: u64,
}

impl TokenSetup {
    /// A token whose price is given in whole dollars.
    pub fn new(symbol: &str, decimals: u8, price: u32) -> Self {
        let price = Decimal { digits: u128::from(price), places: 0 };
        let symbol = symbol.into();
        Self { symbol, decimals, price, feed: Oracle::Pyth, second_feed: None, token_2022: None }
    }

    /// The same token, of the Token-2022 program, with these extensions.
    pub fn with_extensions(self, extensions: &[Extension]) -> Self {
        Self { token_2022: Some(extensions.to_vec()), ..self }
    }
}

impl CollateralSetup {
    /// A collateral with a loan-to-value limit of 75 %, a liquidation threshold of 80 % and no bonus.
    pub fn new(symbol: &str, decimals: u8, price: u32) -> Self {
        let parameters = CollateralParameters {
            oracle: oracle(),
            deposit_cap: u64::MAX,
            max_ltv_bps: 7_500,
            stressed_max_ltv_bps: AS_IN_CALM,
            liquidation_threshold_bps: 8_000,
            stressed_threshold_bps: AS_IN_CALM,
            bonus_min_bps: 0,
            bonus_max_bps: 0,
            stressed_deviation_bps: 2_500,
        };
        Self { token: TokenSetup::new(symbol, decimals, price), parameters }
    }
}

fn oracle() -> OracleParameters {
    OracleParameters {
        feed: [0; 32],
        second_feed: [0; 32],
        max_age_seconds: 60,
        max_confidence_bps: 200,
        max_divergence_bps: 300,
    }
}

/// USDC at 1 USD lent against SOL at 30 USD; no interest, no bonus, no minimums; insurance pays all it can; dust is 1 USD; the
/// breaker never trips and leaving takes no notice; stakers leave after ten days, within two; nothing moves with risk, and a price
/// counts however far from its average it is. So a story can be computed by hand.
impl Default for Setup {
    fn default() -> Self {
        Self {
            liquidity: TokenSetup::new("USDC", 6, 1),
            parameters: PoolParameters {
                loss: LossParameters {
                    dust_value: 1_000_000,
                    min_default_age_slots: 0,
                    hold_seconds: 3_600,
                    insurance_share_bps: 10_000,
                    draw_cap_bps: 10_000,
                },
                liquidation: LiquidationParameters { min_debt: 0, insurance_cut_bps: 0, target_health_bps: 11_000 },
                exit: ExitParameters {
                    breaker_min_losses: 0,
                    breaker_limit_bps: 10_000,
                    window_seconds: 604_800,
                    breaker_notice_seconds: 86_400,
                    notice_seconds: 0,
                },
                insurance: InsuranceParameters { cooldown_seconds: 864_000 },
                rates: RateParameters {
                    base_bps: 0,
                    slope1_bps: 0,
                    kink_bps: 8_000,
                    slope2_bps: 0,
                    reserve_factor_bps: 0,
                    insurance_factor_bps: 0,
                },
                risk: RiskParameters {
                    average_seconds: 86_400,
                    max_premium_bps: u32::MAX,
                    target_coverage_bps: 0,
                    stressed_insurance_factor_bps: AS_IN_CALM,
                    stressed_insurance_share_bps: AS_IN_CALM,
                },
                oracle: oracle(),
                caps: CapParameters { pool_deposit_cap: u64::MAX, borrow_cap: u64::MAX, released_reserves: u64::MAX },
            },
            collaterals: vec![CollateralSetup::new("SOL", 9, 30)],
            founding_gift: 0,
        }
    }
}

/// Fills in what is as in calm.
pub(crate) fn settled(mut parameters: PoolParameters) -> PoolParameters {
    let (rates, loss, risk) = (&parameters.rates, &parameters.loss, &mut parameters.risk);
    fill(&mut risk.stressed_insurance_factor_bps, rates.insurance_factor_bps);
    fill(&mut risk.stressed_insurance_share_bps, loss.insurance_share_bps);
    parameters
}

/// The same of a collateral.
pub(crate) fn settled_collateral(mut parameters: CollateralParameters) -> CollateralParameters {
    fill(&mut parameters.stressed_max_ltv_bps, parameters.max_ltv_bps);
    fill(&mut parameters.stressed_threshold_bps, parameters.liquidation_threshold_bps);
    parameters
}

fn fill(stressed: &mut u32, calm: u32) {
    if *stressed == AS_IN_CALM {
        *stressed = calm;
    }
}
