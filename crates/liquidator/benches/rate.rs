//! How many obligations a second are rated: `cargo bench --package backstop-liquidator`.
//!
//! A million obligations with one to three of five collaterals, one in a hundred of them liquidatable, rated by the
//! book in one thread and in two, and by the plain loop over accounts. The plain loop is the client's valuation of each
//! account.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::integer_division,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bench may stop at once"
)]

#[allow(dead_code, reason = "shared with the tests")]
#[path = "../tests/bot/strategies.rs"]
mod strategies;

use std::{hint::black_box, time::Instant};

use backstop_client::{Obligation, preview::Snapshot};
use backstop_liquidator::book::{Book, Row};
use strategies::{CLOCK, book, collateral, obligation, pool, price};

/// How many obligations.
const MANY: usize = 1_000_000;
/// How often each is measured; the median is told.
const ROUNDS: usize = 5;

/// Nanoseconds of the median round.
fn measure<T>(mut call: impl FnMut() -> T) -> u128 {
    let mut rounds: Vec<u128> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(call());
            start.elapsed().as_nanos()
        })
        .collect();
    rounds.sort_unstable();
    rounds[ROUNDS / 2]
}

/// Numbers that look random: Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn main() {
    // Prices in USD: 150, 60,000, 3,000, 1, 0.02.
    let listed = [(9, 1_500_000), (8, 600_000_000), (8, 30_000_000), (6, 10_000), (5, 200)];
    let collaterals = (1..).zip(listed).map(|(number, (decimals, _))| collateral(number, decimals, 8_000)).collect();
    let prices = (1..).zip(listed).map(|(number, (_, digits))| price(number, digits, 0)).collect();
    let mut random = Random(88_172_645_463_325_252);
    let owed: Vec<Obligation> = (0..MANY).map(|_| any(&mut random, &listed)).collect();
    let book = book(pool(), collaterals, prices, &owed);
    let snapshot = book.snapshot(CLOCK);

    let plain = measure(|| owed.iter().filter(|it| needs_something(&snapshot, it)).count());
    println!("{MANY} obligations, {} of them due", book.scale(&snapshot).unwrap().rate(book.rows(), 1).due.len());
    println!("{:<22} {:>12} a second", "plain loop", per_second(plain));
    for threads in [1, 2] {
        let taken = measure(|| book.scale(&book.snapshot(CLOCK)).unwrap().rate(book.rows(), threads));
        let tenths = plain * 10 / taken;
        println!(
            "{:<22} {:>12} a second, {}.{} times the plain loop",
            format!("rated, {threads} thread(s)"),
            per_second(taken),
            tenths / 10,
            tenths % 10
        );
    }
    println!(
        "memory: {} bytes an obligation in the row; {} in all with its address, slot and place in the index",
        size_of::<Row>(),
        Book::bytes_each()
    );
}

fn per_second(nanos: u128) -> u128 {
    MANY as u128 * 1_000_000_000 / nanos
}

/// One to three holdings worth 10 to 10,000 USD each, and a debt of up to 70 % of them; one in a hundred owes 85 %.
fn any(random: &mut Random, listed: &[(u8, i64)]) -> Obligation {
    let first = random.below(5);
    let (mut held, mut worth) = (Vec::new(), 0_u64);
    for next in 0..=random.below(3) {
        let at = (first + next) % 5;
        let (decimals, price) = listed[at as usize];
        let usd = 10 + random.below(9_990);
        held.push((at as u8 + 1, usd * 10_000 * 10_u64.pow(decimals.into()) / price as u64));
        worth += usd;
    }
    let part = if random.below(100) == 0 { 85 } else { random.below(70) };
    obligation(worth * 1_000_000 * part / 100, &held)
}

/// The plain loop's body.
fn needs_something(snapshot: &Snapshot, obligation: &Obligation) -> bool {
    let valuation = snapshot.valuation(obligation).unwrap();
    let shortfall = valuation.health.shortfall(valuation.debt, &valuation.debt_price).unwrap();
    valuation.health.is_liquidatable().unwrap() || shortfall.get() != obligation.marked
}
