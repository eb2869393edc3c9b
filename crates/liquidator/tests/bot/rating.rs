//! The fast rating says of every obligation what the plain one says.

use backstop_client::{
    Obligation, Pool,
    preview::{Snapshot, Valuation},
};
use backstop_engine::liquidation::Debt;
use backstop_liquidator::{
    book::Book,
    rate::{Rating, Ratings},
};
use proptest::{prelude::*, sample::select, test_runner::RngSeed};

use crate::strategies::{
    CLOCK, USDC, book, book_without_usdc, collateral, obligation, pool, price, price_with_exponent, seen_at_50,
};

/// The plain loop: each obligation from its account, by the client's valuation and the engine's functions.
fn plainly(snapshot: &Snapshot, owed: &[Obligation]) -> Ratings {
    let mut ratings = Ratings::default();
    for (row, obligation) in owed.iter().enumerate() {
        if obligation.debt_shares == 0 && obligation.marked == 0 {
            continue;
        }
        match rate_plainly(snapshot, obligation, row) {
            Ok(it) if it.liquidatable || it.recordable || it.shortfall.get() != obligation.marked => {
                ratings.due.push(it)
            }
            Ok(_) => {}
            Err(backstop_client::BackstopError::MathOverflow) => ratings.uncountable += 1,
            Err(_) => ratings.unpriced += 1,
        }
    }
    ratings
}

fn rate_plainly(snapshot: &Snapshot, obligation: &Obligation, row: usize) -> backstop_client::preview::Result<Rating> {
    let (totals, terms) = (snapshot.totals()?, snapshot.pool.parameters.liquidation_terms());
    let settles = snapshot.settles(obligation) && snapshot.may_be_marked(obligation);
    let (owes, old) = (obligation.debt_shares != 0, settles || snapshot.may_be_recorded(obligation));
    // As in the program, the debt comes before any price.
    let debt = totals.debt(obligation.debt())?;
    let quote = if settles { snapshot.quote_for_settlement().err() } else { snapshot.price.err() };
    if owes && old && quote.is_some() && !snapshot.holds_anything(obligation)? {
        let health = Default::default();
        return Ok(Rating { row, debt, health, shortfall: debt, liquidatable: false, recordable: true });
    }
    let valued = if settles { snapshot.valuation_for_settlement(obligation) } else { snapshot.valuation(obligation) };
    let Valuation { debt_price, debt_middle, health, evidence, .. } = valued?;
    let reported = Debt {
        shares: obligation.debt(),
        amount: debt,
        price: debt_price,
        middle: debt_middle,
        mark: obligation.mark(),
        evidence,
        may_be_marked: snapshot.may_be_marked(obligation),
        may_default: old,
        defaulted: !obligation.unrecovered().is_zero(),
    };
    Ok(Rating {
        row,
        debt,
        health,
        shortfall: health.shortfall(debt, &debt_price)?,
        liquidatable: owes && health.is_liquidatable()?,
        recordable: owes && old && terms.lost(&totals, &reported, &health, settles).is_ok(),
    })
}

fn fast(book: &Book, threads: usize) -> Ratings {
    book.scale(&book.snapshot(CLOCK)).unwrap().rate(book.rows(), threads)
}

#[test]
fn at_the_limit_is_healthy_and_a_unit_beyond_is_not() {
    // 10 SOL at 27 USD carry 80 %: 216 USD.
    let owed = [obligation(216_000_000, &[(1, 10_000_000_000)]), obligation(216_000_001, &[(1, 10_000_000_000)])];
    let book = book(pool(), vec![collateral(1, 9, 8_000)], vec![price(1, 270_000, 0)], &owed);
    let due = fast(&book, 1).due;
    assert_eq!(due.iter().map(|rating| (rating.row, rating.liquidatable)).collect::<Vec<_>>(), [(1, true)]);
}

#[test]
fn without_a_usable_price_nothing_is_said_but_of_those_who_hold_nothing_that_counts() {
    // Collateral 2 has no price. A thousandth of a token is negligible, and its price is not read.
    let owed = [
        obligation(1, &[(2, 1_000_001)]),
        obligation(1_000_000_000, &[(1, 10_000_000_000), (2, 1_000_000)]),
        obligation(5_000_000, &[]),
        obligation(0, &[(2, 1_000_001)]),
        obligation(6_000_000, &[(2, 1_000_000)]),
    ];
    let listed = || vec![collateral(1, 9, 8_000), seen_at_50(2, 9, 8_000)];
    let ratings = fast(&book(pool(), listed(), vec![price(1, 270_000, 0)], &owed), 1);
    let found: Vec<_> = ratings.due.iter().map(|it| (it.row, it.liquidatable, it.recordable)).collect();
    assert_eq!((found, ratings.unpriced), (vec![(1, true, false), (2, true, true), (4, true, true)], 1));

    // Without the price of the liquidity token, too: only what holds nothing that counts can still be recorded, and all
    // of it is lost.
    let ratings = fast(&book_without_usdc(pool(), listed(), vec![price(1, 270_000, 0)], &owed), 1);
    let found: Vec<_> = ratings.due.iter().map(|it| (it.row, it.liquidatable, it.recordable)).collect();
    assert_eq!((found, ratings.unpriced), (vec![(2, false, true), (4, false, true)], 2));
    assert_eq!(ratings.due.iter().map(|it| it.shortfall.get()).collect::<Vec<_>>(), [5_000_000, 6_000_000]);
}

#[test]
fn what_dust_does_not_cover_can_be_recorded_and_nothing_else() {
    // 0.037 SOL at 27 USD are 0.999 USD, dust; 80 % of it carry 0.7992, and it brings 0.999 / 1.05 = 0.951428571. 0.038
    // SOL are no dust.
    let owed = [
        obligation(799_200, &[(1, 37_000_000)]),
        obligation(799_201, &[(1, 37_000_000)]),
        obligation(951_428, &[(1, 37_000_000)]),
        obligation(951_429, &[(1, 37_000_000)]),
        obligation(5_000_000, &[(1, 37_000_000)]),
        obligation(5_000_000, &[(1, 38_000_000)]),
    ];
    let book = book(pool(), vec![collateral(1, 9, 8_000)], vec![price(1, 270_000, 0)], &owed);
    let found: Vec<_> = fast(&book, 1).due.iter().map(|it| (it.row, it.shortfall.get(), it.recordable)).collect();
    // 0.038 * 27 / 1.05 = 0.977142857.
    let expected = [(1, 0, false), (2, 0, false), (3, 1, true), (4, 4_048_572, true), (5, 5_000_000 - 977_142, false)];
    assert_eq!(found, expected);
}

#[test]
fn values_beyond_128_bits_are_counted_as_such_and_never_as_healthy() {
    // 2^64 - 1 units at 10^19 each are 1.8 * 10^38 in 10^-18 USD; times 8,000 that is beyond 128 bits. At a threshold
    // of a basis point 10^18 of them carry 10^37, but what they bring after the bonus is counted times 10,000.
    for (units, threshold) in [(u64::MAX, 8_000), (1_000_000_000_000_000_000, 1)] {
        let owed = [obligation(1, &[(1, units)])];
        let book = book(pool(), vec![collateral(1, 0, threshold)], vec![price_with_exponent(1, 10, 0, 0)], &owed);
        let ratings = fast(&book, 1);
        assert_eq!((ratings.due.len(), ratings.uncountable), (0, 1), "{threshold}");
    }
}

/// Decimals, price digits and confidence, exponent, threshold, least bonus, average.
type Listing = (u8, i64, u64, i32, u32, u32, u128);

fn listing() -> impl Strategy<Value = Listing> {
    let price = prop_oneof![1_i64..=100, 1_000_i64..=100_000_000, Just(0)];
    let confidence = prop_oneof![Just(0_u64), 0_u64..=1_000];
    // 10^-15 USD to 10^6, never seen, and whatever fits.
    let average = prop_oneof![2 => Just(0), 4 => (3_u32..25).prop_map(|power| 10_u128.pow(power)), 1 => any::<u128>()];
    let (bonus, exponent) = (prop_oneof![Just(0), 0_u32..=5_000], select(vec![-8_i32, -4, 0]));
    (select(vec![0_u8, 6, 8, 9, 12, 18]), price, confidence, exponent, 0_u32..10_000, bonus, average)
}

fn holdings() -> impl Strategy<Value = Vec<(u8, u64)>> {
    let units = prop_oneof![0_u64..=20, 1_u64..=1_000_000_000_000_000, any::<u64>()];
    prop::collection::btree_map(1_u8..=5, units, 0..=5).prop_map(|held| held.into_iter().collect())
}

fn debt() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0_u64), 1_u64..=100, 1_u64..=1_000_000_000_000, any::<u64>()]
}

/// The most debt shares with which an obligation is healthy, by halving.
fn last_healthy(snapshot: &Snapshot, held: &[(u8, u64)]) -> u64 {
    let (mut healthy, mut sick) = (0_u64, u64::MAX);
    while sick - healthy > 1 {
        let middle = healthy.midpoint(sick);
        let valuation = snapshot.valuation(&obligation(middle, held));
        let fine = valuation.is_ok_and(|it| it.health.is_liquidatable() == Ok(false));
        if fine { healthy = middle } else { sick = middle }
    }
    healthy
}

fn pool_with(index: u128, dust: u64, age: u32) -> Pool {
    let mut pool = pool();
    (pool.borrow_index, pool.parameters.loss.dust_value, pool.parameters.loss.min_default_age_slots) =
        (index, dust, age);
    pool
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(20_260_101), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn fast_rating_is_the_plain_one(
        listings in prop::collection::vec(listing(), 5),
        debts in prop::collection::vec((holdings(), debt(), debt(), 0_i64..=5_000, 0_u64..=1_001), 1..40),
        index in (1_u128 << 64)..(1 << 67),
        dust in prop_oneof![Just(0_u64), 0_u64..=2_000_000_000],
        age in 0_u32..=20,
        usdc in prop_oneof![8 => Just((10_000_i64, 0_u64)), 4 => (9_000_i64..=11_000, 0_u64..=300), 1 => Just((0, 0))],
        (missing, reported) in (prop::option::weighted(0.3, 1_u8..=5), 0_i64..=5_000),
        usdc_reported in 0_i64..=5_000,
    ) {
        let list = |(number, it): (u8, &Listing)| {
            let (address, mut listed) = collateral(number, it.0, it.4);
            (listed.parameters.bonus_min_bps, listed.average.price) = (it.5, it.6);
            // Whose price can be read ends a report when it is; whose cannot counts in the borrower's favour after the
            // time of a mark.
            (listed.last_price.price, listed.last_price.exponent) = (it.1.unsigned_abs(), it.3);
            listed.last_price.reported_at = CLOCK.unix_timestamp - reported;
            (address, listed)
        };
        let collaterals: Vec<_> = (1..).zip(&listings).map(list).collect();
        let mut prices: Vec<_> =
            (1..).zip(&listings).map(|(number, it)| price_with_exponent(number, it.1, it.2, it.3)).collect();
        if let Some(missing) = missing {
            prices.remove(usize::from(missing) - 1);
        }
        prices.push(price(USDC, usdc.0, usdc.1));
        let mut pool = pool_with(index, dust, age);
        (pool.last_price.price, pool.last_price.exponent, pool.average.price) = (10_000, -4, 10_u128.pow(18));
        pool.last_price.reported_at = CLOCK.unix_timestamp - usdc_reported;
        let empty = book_without_usdc(pool, collaterals.clone(), prices.clone(), &[]);
        let snapshot = empty.snapshot(CLOCK);
        let mut owed = Vec::new();
        for (held, debt, marked, since, last_risk_increase_slot) in &debts {
            let edge = last_healthy(&snapshot, held);
            for debt in [*debt, edge.saturating_sub(1), edge, edge.saturating_add(1), edge.saturating_add(edge / 1_000)]
            {
                let mut one = obligation(debt, held);
                // No mark is more than the debt. About a third are due.
                (one.marked, one.marked_at) = ((*marked).min(debt), CLOCK.unix_timestamp - since);
                one.last_risk_increase_slot = *last_risk_increase_slot;
                owed.push(one);
                owed.push(Obligation { marked: 0, marked_at: 0, ..one });
            }
        }
        let book = book_without_usdc(pool, collaterals, prices, &owed);
        let plain = plainly(&snapshot, &owed);
        prop_assert_eq!(&fast(&book, 1), &plain);
        prop_assert_eq!(&fast(&book, 3), &plain);
    }
}
