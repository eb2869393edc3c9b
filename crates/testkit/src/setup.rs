//! What a world starts with.

use backstop_client::{
    CollateralParameters, ExitParameters, InsuranceParameters, LiquidationParameters, LossParameters, OracleParameters,
    PoolParameters, RateParameters,
};

use crate::Decimal;

/// A token and its first price.
#[derive(Clone, Debug)]
pub struct TokenSetup {
    /// Its name.
    pub symbol: String,
    /// Decimals of its mint.
    pub decimals: u8,
    /// What a whole token costs in USD.
    pub price: Decimal,
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
}

impl TokenSetup {
    /// A token whose price is given in whole dollars.
    pub fn new(symbol: &str, decimals: u8, price: u32) -> Self {
        Self { symbol: symbol.into(), decimals, price: Decimal { digits: u128::from(price), places: 0 } }
    }
}

impl CollateralSetup {
    /// A collateral with a loan-to-value limit of 75 % and a liquidation threshold of 80 %, of which a millionth of a token is a scrap.
    pub fn new(symbol: &str, decimals: u8, price: u32) -> Self {
        let parameters = CollateralParameters {
            oracle: oracle(),
            deposit_cap: u64::MAX,
            scrap_units: scrap_units(decimals),
            max_ltv_bps: 7_500,
            liquidation_threshold_bps: 8_000,
        };
        Self { token: TokenSetup::new(symbol, decimals, price), parameters }
    }
}

/// A millionth of a token; nothing where tokens cannot be divided that far.
pub fn scrap_units(decimals: u8) -> u64 {
    decimals.checked_sub(6).and_then(|spare| 10_u64.checked_pow(u32::from(spare))).unwrap_or(0)
}

fn oracle() -> OracleParameters {
    OracleParameters { feed_id: [0; 32], max_age_seconds: 60, max_confidence_bps: 200 }
}

/// USDC at 1 USD lent against SOL at 30 USD; no interest, no bonus, no minimums; insurance pays all it can; dust is 1 USD; the
/// breaker never trips and leaving takes no notice; stakers leave after ten days, within two. So a story can be computed by hand.
impl Default for Setup {
    fn default() -> Self {
        Self {
            liquidity: TokenSetup::new("USDC", 6, 1),
            parameters: PoolParameters {
                loss: LossParameters {
                    dust_value: 1_000_000,
                    min_default_age_slots: 0,
                    window_seconds: 604_800,
                    insurance_share_bps: 10_000,
                    event_cap_bps: 10_000,
                    window_cap_bps: 10_000,
                },
                liquidation: LiquidationParameters {
                    full_below_value: 0,
                    min_debt: 0,
                    bonus_min_bps: 0,
                    bonus_max_bps: 0,
                    insurance_cut_bps: 0,
                    target_health_bps: 11_000,
                },
                exit: ExitParameters {
                    breaker_min_losses: 0,
                    breaker_limit_bps: 10_000,
                    breaker_window_seconds: 604_800,
                    breaker_notice_seconds: 86_400,
                    notice_seconds: 0,
                },
                insurance: InsuranceParameters { cooldown_seconds: 864_000, claim_window_seconds: 172_800 },
                rates: RateParameters {
                    base_bps: 0,
                    slope1_bps: 0,
                    kink_bps: 8_000,
                    slope2_bps: 0,
                    reserve_factor_bps: 0,
                    insurance_factor_bps: 0,
                },
                oracle: oracle(),
            },
            collaterals: vec![CollateralSetup::new("SOL", 9, 30)],
        }
    }
}
