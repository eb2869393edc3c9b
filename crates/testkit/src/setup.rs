//! The setup of a world.

use backstop_client::oracle::Network;
use backstop_client::{
    CapParameters, CollateralParameters, ExitParameters, InsuranceParameters, LiquidationParameters, LossParameters,
    OracleParameters, PoolParameters, RateParameters, RiskParameters,
};

use backstop_text::Decimal;

use crate::Extension;

/// Placeholder for a stressed value: the calm value, so that the parameter does not move with risk. Resolved when the
/// world is created.
pub const AS_IN_CALM: u32 = u32::MAX;

/// A token and its initial price.
#[derive(Clone, Debug)]
pub struct TokenSetup {
    /// Its symbol.
    pub symbol: String,
    /// Decimals of its mint.
    pub decimals: u8,
    /// The price of a whole token in USD.
    pub price: Decimal,
    /// The oracle of its price.
    pub feed: Network,
    /// The oracle of its second feed, if any.
    pub second_feed: Option<Network>,
    /// The mint's extensions if it is a Token-2022 mint. `None` means SPL Token.
    pub token_2022: Option<Vec<Extension>>,
}

/// One of a token's feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// The primary feed.
    First,
    /// The second feed.
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
    /// The insurance fund's founding donation. Zero means that the minimum was donated and lost again, so that a story
    /// starts with only its own funds.
    pub initial_donation: u64,
}

impl TokenSetup {
    /// A token with a price in whole dollars.
    pub fn new(symbol: &str, decimals: u8, price: u32) -> Self {
        let price = Decimal { digits: u128::from(price), places: 0 };
        let symbol = symbol.into();
        Self { symbol, decimals, price, feed: Network::Pyth, second_feed: None, token_2022: None }
    }

    /// Makes the token a Token-2022 token with these extensions.
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

/// USDC at 1 USD, lent against SOL at 30 USD. The defaults make a story computable by hand:
///
/// - no interest, no bonus, no minimums
/// - insurance pays all it can, and dust is 1 USD
/// - the breaker never trips, and withdrawals take no notice
/// - the cooldown of stakers is ten days
/// - nothing moves with risk, and prices count in full, however far from their average
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
            initial_donation: 0,
        }
    }
}

/// Resolves [`AS_IN_CALM`] in a pool's parameters.
pub(crate) fn settled(mut parameters: PoolParameters) -> PoolParameters {
    let (rates, loss, risk) = (&parameters.rates, &parameters.loss, &mut parameters.risk);
    fill(&mut risk.stressed_insurance_factor_bps, rates.insurance_factor_bps);
    fill(&mut risk.stressed_insurance_share_bps, loss.insurance_share_bps);
    parameters
}

/// Resolves [`AS_IN_CALM`] in a collateral's parameters.
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
