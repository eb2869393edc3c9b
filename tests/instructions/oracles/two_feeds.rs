//! Tokens with two feeds: both are needed, they must agree, and the interval counts that covers both: its lower side
//! for collateral, its upper side for debt, its middle for averages.

use backstop_client::{Event, verb};
use backstop_engine::price::Quote;
use backstop_testkit::{CollateralSetup, Feed, Network, STARTING_BALANCE, Setup, TokenSetup, World, assert_error};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;

use super::fixtures::{passing, typed};
use crate::{fixtures::*, tampering::*};

/// Which feeds USDC and SOL have.
const MIXED: [[Network; 2]; 4] = [
    [Network::Pyth, Network::Switchboard],
    [Network::Switchboard, Network::Pyth],
    [Network::Pyth, Network::Pyth],
    [Network::Switchboard, Network::Switchboard],
];

/// What a feed says instead.
type Said = fn(&Quote) -> Quote;
/// Spoils an account.
type Spoiler = fn(&mut Account);

/// The default pool; USDC and SOL both have these feeds.
fn with_feeds([first, second]: [Network; 2]) -> Setup {
    let mut setup = Setup::default();
    for token in [&mut setup.liquidity, &mut setup.collaterals[0].token] {
        (token.feed, token.second_feed) = (first, Some(second));
    }
    setup
}

/// So many hundred-millionths of a dollar, give or take.
const fn pyth(price: u64, confidence: u64) -> Quote {
    Quote { price, confidence, exponent: -8 }
}

/// The same in billionths.
const fn nano(price: u64, confidence: u64) -> Quote {
    Quote { price, confidence, exponent: -9 }
}

/// Switchboard's digits.
const fn atto(price: u64, confidence: u64) -> Quote {
    Quote { price, confidence, exponent: -18 }
}

/// Bob owes 200 against 10 SOL.
fn lent_with(feeds: [Network; 2]) -> World {
    lent(with_feeds(feeds))
}

/// Checks that an instruction is refused with this error.
#[track_caller]
fn refuses(world: &mut World, instruction: &Instruction, signers: &[&str], error: &str) {
    assert_error(world.execute(instruction.clone(), signers), error);
}

/// Checks that Bob can borrow this much and not a unit more.
#[track_caller]
fn borrows_at_most(world: &mut World, assets: u64) {
    assert_error(world.borrow("bob", assets + 1), "LoanToValueExceeded");
    world.borrow("bob", assets).unwrap();
}

/// Which of the readers records.
const RECORDING: usize = 4;

/// Every instruction that reads both prices here. Bob holds SOL.
fn readers(world: &mut World) -> Vec<(Instruction, &'static [&'static str])> {
    vec![
        (world.borrow_instruction("bob", USDC), &["bob"]),
        (world.withdraw_collateral_instruction("bob", "SOL", SOL / 10), &["bob"]),
        (world.liquidate_instruction("liz", "bob", "SOL", u64::MAX), &["liz"]),
        (world.mark_instruction("bob"), &[]),
        (world.record_bad_debt_instruction("bob"), &[]),
        (world.refresh_risk_instruction("SOL"), &[]),
    ]
}

#[test]
fn the_accounts_follow_one_another() {
    let mut world = lent_with(MIXED[0]);
    let (usdc, sol) = (world.price_accounts("USDC"), world.price_accounts("SOL"));
    let key = world.collateral_key("SOL");
    let extras = |instruction: &Instruction| -> Vec<Address> {
        let beyond = &instruction.accounts[declared(instruction).len()..];
        beyond.iter().map(|meta| meta.pubkey).collect()
    };
    let usdc = [usdc.first, usdc.second.unwrap()];
    let sol = [sol.first, sol.second.unwrap()];
    let [borrow, withdraw, liquidate, mark, record, refresh] = readers(&mut world).try_into().expect("six of them");
    let all = [&usdc[..], &[key.collateral], &sol].concat();
    let declared_sol = [usdc, sol].concat();
    for instruction in [borrow, mark, record] {
        assert_eq!(extras(&instruction.0), all);
    }
    for instruction in [withdraw, liquidate, refresh] {
        assert_eq!(extras(&instruction.0), declared_sol);
    }
}

#[test]
fn rejects_leaving_the_second_account_out() {
    for feeds in MIXED {
        let mut world = lent_with(feeds);
        let (usdc, sol) = (world.price_accounts("USDC"), world.price_accounts("SOL"));
        for (index, (instruction, signers)) in readers(&mut world).into_iter().enumerate() {
            let without = |gone: Address| {
                let mut instruction = instruction.clone();
                instruction.accounts.retain(|meta| meta.pubkey != gone);
                instruction
            };
            // Where USDC's is left out, what follows stands in its place: SOL's price, or SOL itself, which is no
            // price. Recording looks at what is held before it reads any
            let next = instruction.accounts.iter().skip_while(|meta| meta.pubkey != usdc.first).nth(2).unwrap().pubkey;
            let error = match (next == sol.first, index == RECORDING) {
                (true, _) => "WrongFeed",
                (_, true) => "WrongCollateral",
                _ => "InvalidPriceAccount",
            };
            refuses(&mut world, &without(usdc.second.unwrap()), signers, error);
            // Where SOL's is, nothing follows
            refuses(&mut world, &without(sol.second.unwrap()), signers, "MissingPrice");
        }
    }
}

#[test]
fn rejects_them_swapped_or_one_for_both() {
    for feeds in MIXED {
        let mut world = lent_with(feeds);
        for symbol in ["USDC", "SOL"] {
            let price = world.price_accounts(symbol);
            let (first, second) = (price.first, price.second.unwrap());
            for (instruction, signers) in readers(&mut world) {
                for pair in [[second, first], [first, first], [second, second]] {
                    let place = instruction.accounts.iter().position(|meta| meta.pubkey == first).unwrap();
                    let mut other = instruction.clone();
                    (other.accounts[place].pubkey, other.accounts[place + 1].pubkey) = (pair[0], pair[1]);
                    refuses(&mut world, &other, signers, "WrongFeed");
                }
            }
        }
    }
}

#[test]
fn rejects_either_that_is_unusable_on_its_own() {
    let unusable: [(Said, i64, &str); 5] = [
        (|quote| *quote, 61, "StalePrice"),
        (|quote| *quote, -61, "PriceFromFuture"),
        (|quote| Quote { confidence: quote.price / 50 + 1, ..*quote }, 0, "PriceUncertain"),
        (|quote| Quote { price: 0, confidence: 0, ..*quote }, 0, "InvalidPrice"),
        (|quote| Quote { price: 0, ..*quote }, 86_400, "StalePrice"),
    ];
    for feeds in MIXED {
        let mut world = lent_with(feeds);
        for (symbol, feed) in
            [("USDC", Feed::First), ("USDC", Feed::Second), ("SOL", Feed::First), ("SOL", Feed::Second)]
        {
            let good = world.quote(symbol);
            for (spoil, age, error) in unusable {
                world.set_feed(symbol, feed, spoil(&good), age);
                for (instruction, signers) in readers(&mut world) {
                    refuses(&mut world, &instruction, signers, error);
                }
            }
            world.set_feed(symbol, feed, good, 0);
        }
        world.refresh_risk("SOL").unwrap();
    }
}

#[test]
fn rejects_a_second_one_that_is_malformed() {
    let spoilers: [(Spoiler, &str); 6] = [
        (|account| account.owner = verb::TOKEN_PROGRAM, "InvalidPriceAccount"),
        (|account| account.data[0] ^= 1, "InvalidPriceAccount"),
        (|account| account.data[40] = 0, "InvalidPriceAccount"),
        (|account| account.data.truncate(132), "InvalidPriceAccount"),
        (|account| account.data[41] ^= 1, "WrongFeed"),
        (|account| account.data[73..81].fill(255), "InvalidPrice"),
    ];
    for feeds in [MIXED[1], MIXED[2]] {
        for symbol in ["USDC", "SOL"] {
            let mut world = lent_with(feeds);
            let second = world.price_accounts(symbol).second.unwrap();
            let elsewhere = Address::new_from_array([69; 32]);
            for (spoil, error) in spoilers {
                let mut account = world.account(&second).unwrap();
                spoil(&mut account);
                world.set_account(elsewhere, account);
                for (instruction, signers) in readers(&mut world) {
                    refuses(&mut world, &passing(instruction, second, elsewhere), signers, error);
                }
            }
        }
    }
}

#[test]
fn neither_may_be_too_old() {
    let mut world = World::new(with_feeds(MIXED[0]));
    let quote = world.quote("SOL");
    for (first, second, outcome) in
        [(60, 60, Ok(())), (60, 61, Err("StalePrice")), (61, 60, Err("StalePrice")), (-60, -60, Ok(()))]
    {
        world.set_feed("SOL", Feed::First, quote, first);
        world.set_feed("SOL", Feed::Second, quote, second);
        assert_eq!(typed(world.refresh_risk("SOL").map(drop)), outcome);
    }
}

#[test]
fn they_agree_within_the_limit_to_the_unit() {
    // three hundredths of the first one's price: of 30 USD 0.9, of 1 USD 0.03
    let edges = [
        ("SOL", nano(30_000_000_000, 0), [nano(29_100_000_000, 0), nano(30_900_000_000, 0)]),
        ("USDC", nano(1_000_000_000, 0), [nano(970_000_000, 0), nano(1_030_000_000, 0)]),
    ];
    for feeds in MIXED {
        let mut world = lent_with(feeds);
        for (symbol, first, [least, most]) in edges {
            world.set_feed(symbol, Feed::First, first, 0);
            for second in [least, most] {
                world.set_feed(symbol, Feed::Second, second, 0);
                world.refresh_risk("SOL").unwrap();
                world.borrow("bob", 1).unwrap();
            }
            let beyond = [Quote { price: least.price - 1, ..least }, Quote { price: most.price + 1, ..most }];
            for second in beyond {
                world.set_feed(symbol, Feed::Second, second, 0);
                for (instruction, signers) in readers(&mut world) {
                    refuses(&mut world, &instruction, signers, "PricesDisagree");
                }
            }
            world.set_feed(symbol, Feed::Second, first, 0);
        }
    }
}

#[test]
fn digits_of_eighteen_places_agree_to_the_unit_too() {
    // Given 1 USD of Pyth, as 10^18 digits of Switchboard's
    let mut world = lent_with(MIXED[0]);
    for (digits, outcome) in [
        (970_000_000_000_000_000, Ok(())),
        (969_999_999_999_999_999, Err("PricesDisagree")),
        (1_030_000_000_000_000_000, Ok(())),
        (1_030_000_000_000_000_001, Err("PricesDisagree")),
    ] {
        world.set_feed("USDC", Feed::Second, atto(digits, 0), 0);
        assert_eq!(typed(world.refresh_risk("SOL").map(drop)), outcome);
    }
}

#[test]
fn collateral_counts_at_the_lower_side() {
    let prices = [
        // the second's: 29.5 less 0.4; ten at 29.1 carry 218.25
        (pyth(3_000_000_000, 30_000_000), nano(29_500_000_000, 400_000_000), 18_250_000),
        // the first's: 30 less 0.5; ten at 29.5 carry 221.25
        (pyth(3_000_000_000, 50_000_000), nano(30_000_000_000, 400_000_000), 21_250_000),
        // the first's: 29.5 less 0.4, however far the second reaches above
        (pyth(2_950_000_000, 40_000_000), nano(30_000_000_000, 300_000_000), 18_250_000),
        // 29.5 to 30.500000001 have no middle in digits: 30, rounded down, less 0.500000001; ten at 29.499999999 carry
        // 221.2499999925
        (pyth(3_000_000_000, 50_000_000), nano(30_200_000_001, 300_000_000), 21_249_999),
        // to 30.500000002 they have
        (pyth(3_000_000_000, 50_000_000), nano(30_200_000_002, 300_000_000), 21_250_000),
    ];
    for feeds in MIXED {
        for (first, second, more) in prices {
            let mut world = lent_with(feeds);
            world.set_feed("SOL", Feed::First, first, 0);
            world.set_feed("SOL", Feed::Second, second, 0);
            borrows_at_most(&mut world, more);
        }
    }
}

#[test]
fn debt_counts_at_the_higher_side() {
    let prices = [
        // the second's: 1.01 and 0.004; 225 / 1.014 = 221.89349112..
        (pyth(100_000_000, 200_000), pyth(101_000_000, 400_000), 21_893_491),
        // the first's, as much
        (pyth(101_000_000, 400_000), pyth(101_000_000, 200_000), 21_893_491),
        // the first's, however far the second reaches below
        (pyth(101_000_000, 400_000), pyth(100_000_000, 200_000), 21_893_491),
        (pyth(100_000_000, 0), pyth(98_000_000, 0), 25_000_000),
        // also where there is no middle in digits: at 1.00000001, 225 would be 224.99999775
        (pyth(100_000_000, 0), pyth(99_999_999, 0), 25_000_000),
        (pyth(99_999_999, 0), pyth(100_000_001, 0), 24_999_997),
        (pyth(99_999_998, 0), pyth(100_000_001, 0), 24_999_997),
    ];
    for feeds in MIXED {
        for (first, second, more) in prices {
            let mut world = lent_with(feeds);
            world.set_feed("USDC", Feed::First, first, 0);
            world.set_feed("USDC", Feed::Second, second, 0);
            borrows_at_most(&mut world, more);
        }
    }
}

#[test]
fn exponents_may_differ_as_far_as_they_do() {
    // Given a token of about a dollar: Pyth at -8, Switchboard at -18. 1 less 0.01, and 0.98 less 0.005: ten at 0.975
    // carry 7.3125
    let mut setup = with_feeds(MIXED[0]);
    setup.collaterals[0].token =
        TokenSetup { feed: Network::Pyth, second_feed: Some(Network::Switchboard), ..TokenSetup::new("SOL", 9, 1) };
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.set_feed("SOL", Feed::First, pyth(100_000_000, 1_000_000), 0);
    world.set_feed("SOL", Feed::Second, atto(980_000_000_000_000_000, 5_000_000_000_000_000), 0);
    borrows_at_most(&mut world, 7_312_500);
    // the last digit of eighteen counts: at 0.976 less 10^-18, and another one as the middle with 1.01 is rounded down,
    // a unit less is carried than at 0.976, which carries 7.32
    world.set_feed("SOL", Feed::Second, atto(980_999_999_999_999_999, 5_000_000_000_000_000), 0);
    borrows_at_most(&mut world, 7_499);
    world.set_feed("SOL", Feed::Second, atto(981_000_000_000_000_000, 5_000_000_000_000_000), 0);
    borrows_at_most(&mut world, 1);
}

#[test]
fn the_middle_counts_for_the_average() {
    let averages = [
        // 30 and 30.6: 30.3 move it from 30 by a ninth of 0.3
        (pyth(3_000_000_000, 0), nano(30_600_000_000, 0), 30_033_333_333_333_333_333),
        (pyth(3_060_000_000, 0), nano(30_000_000_000, 0), 30_033_333_333_333_333_333),
        // 30 to 30.9: 30.45 by a ninth of 0.45
        (pyth(3_000_000_000, 0), nano(30_600_000_000, 300_000_000), 30_050_000_000_000_000_000),
        // 29.7 to 30.3, and 29.9 within: 30
        (pyth(3_000_000_000, 30_000_000), nano(29_900_000_000, 0), 30_000_000_000_000_000_000),
        // 30 and 30.000000001: 30, rounded down; and 30.000000003 make 30.000000001, a ninth of which is 111,111,111
        (pyth(3_000_000_000, 0), nano(30_000_000_001, 0), 30_000_000_000_000_000_000),
        (pyth(3_000_000_000, 0), nano(30_000_000_003, 0), 30_000_000_000_111_111_111),
    ];
    for feeds in MIXED {
        for (first, second, average) in averages {
            let mut world = lent_with(feeds);
            world.set_feed("SOL", Feed::First, first, 0);
            world.set_feed("SOL", Feed::Second, second, 0);
            world.wait(1_000_000);
            world.refresh_risk("SOL").unwrap();
            assert_eq!(world.collateral("SOL").average.price, average);
        }
    }
}

#[test]
fn an_average_begins_in_the_middle() {
    // Given ETH is listed at 2,000 give or take 10, and at 2,040 give or take 20: 1,990 to 2,060
    for feeds in MIXED {
        let mut world = World::new(with_feeds(feeds));
        let mut eth = CollateralSetup::new("ETH", 8, 2_000);
        (eth.token.feed, eth.token.second_feed) = (feeds[0], Some(feeds[1]));
        world.add_token(&eth.token);
        world.set_feed("ETH", Feed::First, pyth(200_000_000_000, 1_000_000_000), 0);
        world.set_feed("ETH", Feed::Second, pyth(204_000_000_000, 2_000_000_000), 0);
        world.add_collateral(&eth).unwrap();
        assert_eq!(world.collateral("ETH").average.price, 2_025_000_000_000_000_000_000);
    }
}

/// Bob owes 200 against 10 SOL, and USDC counts at 1.02, in the middle at 1.01: 204. Liz pays what restores the target.
fn liquidated(feeds: [Network; 2], sol: [Quote; 2], usdc: [Quote; 2]) -> (u64, u64) {
    let mut world = lent_with(feeds);
    for (symbol, quotes) in [("SOL", sol), ("USDC", usdc)] {
        world.set_feed(symbol, Feed::First, quotes[0], 0);
        world.set_feed(symbol, Feed::Second, quotes[1], 0);
    }
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    (STARTING_BALANCE - world.balance("liz", "USDC"), world.balance("liz", "SOL") - STARTING_BALANCE)
}

#[test]
fn a_liquidation_counts_health_at_both_sides_and_exchanges_at_the_middle() {
    let (certain, more) = (pyth(100_000_000, 0), pyth(101_000_000, 1_000_000));
    for feeds in MIXED {
        // The first one's lower side: 23.9. (1.1 * 204 - 0.8 * 239) / 0.3 = 110.6666.., at 1.02 108.496732.., rounded
        // up; for that, between 23.9 and 24.1, 108.496733 * 1.01 / 24 = 4.565904180..
        let sol = [pyth(2_400_000_000, 10_000_000), nano(23_950_000_000, 40_000_000)];
        assert_eq!(liquidated(feeds, sol, [certain, more]), (108_496_733, 4_565_904_180));
        // The second one's: 23.8. (1.1 * 204 - 0.8 * 238) / 0.3 = 113.3333.., at 1.02 111.111111.., rounded up;
        // for that, between 23.8 and 24.7, 111.111112 * 1.01 / 24.25 = 4.627720541..
        let sol = [pyth(2_450_000_000, 20_000_000), nano(23_900_000_000, 100_000_000)];
        assert_eq!(liquidated(feeds, sol, [more, certain]), (111_111_112, 4_627_720_541));
        // The first one's again, 23.9, however far the second reaches above: between it and 24.7, for
        // 108.496733 * 1.01 / 24.3 = 4.509534993..
        let sol = [pyth(2_400_000_000, 10_000_000), nano(24_500_000_000, 200_000_000)];
        assert_eq!(liquidated(feeds, sol, [certain, more]), (108_496_733, 4_509_534_993));
    }
}

#[test]
fn a_liquidation_reads_the_feeds_of_four_collaterals() {
    // Given 100 each: C0 of Pyth, C1 of Switchboard and Pyth, C2 of Switchboard, C3 of Pyth and Switchboard; 290 are
    // owed
    let mut setup = many_collaterals(4);
    setup.liquidity.second_feed = Some(Network::Switchboard);
    let feeds = [
        (Network::Pyth, None),
        (Network::Switchboard, Some(Network::Pyth)),
        (Network::Switchboard, None),
        (Network::Pyth, Some(Network::Switchboard)),
    ];
    for (collateral, feeds) in setup.collaterals.iter_mut().zip(feeds) {
        (collateral.token.feed, collateral.token.second_feed) = feeds;
    }
    let mut world = World::new(setup);
    world.deposit("alice", 1_000 * USDC).unwrap();
    let symbols = ["C0", "C1", "C2", "C3"];
    for symbol in symbols {
        world.deposit_collateral("bob", symbol, 100 * USDC).unwrap();
    }
    world.borrow("bob", 290 * USDC).unwrap();
    // When they count at 0.9, the lower of 0.9 and 0.88, 0.9, the lower of 0.5 and 0.495 less 0.005
    for symbol in symbols {
        world.set_price(symbol, pyth(90_000_000, 0), 0);
    }
    world.set_feed("C1", Feed::Second, pyth(88_000_000, 0), 0);
    world.set_feed("C3", Feed::First, pyth(50_000_000, 0), 0);
    world.set_feed("C3", Feed::Second, atto(495_000_000_000_000_000, 5_000_000_000_000_000), 0);
    // Then (1.1 * 290 - 0.8 * 317) / 0.3 = 218 are wanted, and C1 pays for 89, between 88 and 90
    let liquidate = world.liquidate_instruction("liz", "bob", "C1", u64::MAX);
    assert_eq!(liquidate.accounts.len() - declared(&liquidate).len(), 11);
    world.execute(liquidate, &["liz"]).unwrap();
    assert_eq!((debt_of(&mut world, "bob"), world.balance("liz", "C1")), (201 * USDC, STARTING_BALANCE + 100 * USDC));
    // and of 201, (1.1 * 201 - 0.8 * 229) / 0.3 = 126.33, and C3 pays for 49.5, between 49 and 50
    world.liquidate("liz", "bob", "C3", u64::MAX).unwrap();
    assert_eq!((debt_of(&mut world, "bob"), world.balance("liz", "C3")), (151_500_000, STARTING_BALANCE + 100 * USDC));
    assert_eq!(world.obligation("bob").unwrap().marked, 0);
}

#[test]
fn dust_is_what_the_lower_of_both_says() {
    for feeds in MIXED {
        // Given 1.1 owed against 0.05 SOL, of which 1 USD is dust
        let mut world = lent_with(feeds);
        world.deposit_collateral("dora", "SOL", SOL / 20).unwrap();
        world.borrow("dora", 1_100_000).unwrap();
        // When both say 20.1, it is worth 1.005
        world.set_price("SOL", pyth(2_010_000_000, 0), 0);
        let record = world.record_bad_debt_instruction("dora");
        refuses(&mut world, &record, &[], "CollateralRemains");
        // When the second says 19.9, it is worth 0.995: 0.105 are lost
        world.set_feed("SOL", Feed::Second, pyth(1_990_000_000, 0), 0);
        let receipt = world.execute(record, &[]).unwrap();
        let Event::LossRecorded(loss) = only(&receipt) else { panic!("another event") };
        assert_eq!((loss.loss, debt_of(&mut world, "dora")), (105_000, 995_000));
    }
}

#[test]
fn negligible_holdings_have_both_accounts_and_neither_is_read() {
    // Given Bob owes 200 against 10 SOL at 10 USD and 0.000025 ETH, worth 10 cents at twice 2,000 USD, whose feeds both
    // say nothing
    let mut setup = with_feeds(MIXED[0]);
    let mut eth = CollateralSetup::new("ETH", 8, 2_000);
    eth.token.second_feed = Some(Network::Switchboard);
    setup.collaterals.push(eth);
    let mut world = lent(setup);
    world.deposit_collateral("bob", "ETH", 2_500).unwrap();
    world.set_price("SOL", pyth(1_000_000_000, 0), 0);
    world.set_price("ETH", pyth(0, 0), 86_400);
    let mark = world.mark_instruction("bob");
    // Then whatever stands in their places will do, but something must
    let nothing = [Address::new_from_array([69; 32]), Address::new_from_array([70; 32])];
    assert_eq!(mark.accounts.len() - declared(&mark).len(), 8);
    for count in [5, 6, 7] {
        refuses(&mut world, &mark.clone().with_extras(count), &[], "MissingPrice");
    }
    let mark = mark.with_extra(6, nothing[0]).with_extra(7, nothing[1]);
    world.execute(mark, &[]).unwrap();
    assert_eq!(world.obligation("bob").unwrap().marked, 100 * USDC);
    // and a unit more needs them, to be added and from then on
    let add = world.deposit_collateral_instruction("bob", "ETH", 1);
    refuses(&mut world, &add, &["bob"], "StalePrice");
    world.set_price("ETH", pyth(200_000_000_000, 0), 0);
    world.deposit_collateral("bob", "ETH", 1).unwrap();
    world.set_price("ETH", pyth(0, 0), 86_400);
    let mark = world.mark_instruction("bob");
    refuses(&mut world, &mark, &[], "StalePrice");
}

#[test]
fn a_debt_is_recorded_past_a_negligible_holding_with_two_feeds() {
    // Given 1.1 owed against 0.05 SOL at 19 USD and 0.000025 ETH before it, whose feeds both say nothing
    let mut setup = with_feeds(MIXED[1]);
    let mut eth = CollateralSetup::new("ETH", 8, 2_000);
    eth.token.second_feed = Some(Network::Pyth);
    setup.collaterals.push(eth);
    let mut world = lent(setup);
    world.deposit_collateral("dora", "ETH", 2_500).unwrap();
    world.deposit_collateral("dora", "SOL", SOL / 20).unwrap();
    world.borrow("dora", 1_100_000).unwrap();
    world.set_price("ETH", pyth(0, 0), 86_400);
    world.set_price("SOL", pyth(1_900_000_000, 0), 0);
    world.record_bad_debt("dora").unwrap();
    // Then the 0.95 of SOL cover 0.95, and both are still there
    let obligation = world.obligation("dora").unwrap();
    assert_eq!((obligation.written_off, obligation.debt_shares, obligation.held().count()), (150_000, 950_000, 2));
}

#[test]
fn a_debt_is_recorded_without_any_price_where_only_negligible_holdings_are_held() {
    // Given 1.1 owed against 0.05 SOL that Liz bought, and 0.000025 ETH; no feed says anything
    let mut setup = with_feeds(MIXED[0]);
    let mut eth = CollateralSetup::new("ETH", 8, 2_000);
    eth.token.second_feed = Some(Network::Pyth);
    setup.collaterals.push(eth);
    setup.parameters.loss.min_default_age_slots = 100;
    let mut world = lent(setup);
    world.deposit_collateral("dora", "SOL", SOL / 20).unwrap();
    world.deposit_collateral("dora", "ETH", 2_500).unwrap();
    world.borrow("dora", 1_100_000).unwrap();
    world.set_price("SOL", pyth(1_000_000_000, 0), 0);
    world.liquidate("liz", "dora", "SOL", u64::MAX).unwrap();
    for symbol in ["USDC", "SOL", "ETH"] {
        world.set_price(symbol, pyth(0, 0), 86_400);
    }
    world.advance(0, 100);
    // Then of the 0.60 left all is lost
    let record = world.record_bad_debt_instruction("dora");
    assert_eq!(record.accounts.len() - declared(&record).len(), 5);
    for count in 0..5 {
        refuses(&mut world, &record.clone().with_extras(count), &[], "MissingPrice");
    }
    world.execute(record, &[]).unwrap();
    assert_eq!(world.obligation("dora").unwrap().written_off, 600_000);
}
