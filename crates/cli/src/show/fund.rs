//! An insurance fund.

use backstop_engine::Result;

use super::Books;
use crate::view::{Figure, View};

/// What the fund holds, what it would pay, and when one can leave it.
///
/// # Errors
/// If the accounts hold numbers that the program never stores.
pub fn fund(books: &Books) -> Result<View> {
    let Books { pool, fund, insured, totals, now, .. } = books;
    let limits = pool.insurance();
    let drawn = insured.draws.counted_at(*now)?;
    let before = insured.all().plus(drawn)?;
    let window_left = limits.cap.of_down(before)?.saturating_sub(drawn);
    let coverage = match totals.performing_debt()?.get() {
        0 => Figure::none("nothing is lent"),
        debt => Figure::bps(backstop_engine::fixed::mul_div_down(insured.all().get(), 10_000, debt)?),
    };
    let mut view = View::new(format!("Insurance fund of the pool of {}, with its revenue settled", books.token.symbol));
    view.figure("fund", "fund", Figure::address(&pool.insurance_fund))
        .figure("assets", "assets", books.amount(insured.all()))
        .figure("owed", "  of it owed by the pool for want of cash", books.amount(insured.owed))
        .figure("stake_shares", "stakers' shares", books.shares(insured.shares))
        .figure("waiting_shares", "shares that wait to be claimed", books.shares(insured.waiting_shares))
        .figure("gift_shares", "the fund's own shares, of gifts", books.shares(insured.gift_shares))
        .figure("stake_price", "stake price", Figure::share_price(books.stake_price()?))
        .figure("coverage", "coverage of what is lent", coverage)
        .figure("target_coverage", "  aimed at", Figure::bps(pool.parameters.risk.target_coverage_bps))
        .figure("insurance_share", "pays of a loss, after reserves", Figure::bps(limits.share.get()))
        .figure("draw_cap", "  at most of its assets in a window", Figure::bps(limits.cap.get()))
        .figure("window", "  the window", Figure::seconds(pool.parameters.exit.window_seconds))
        .figure("window_left", "  left in the window", books.amount(window_left.min(insured.all())))
        .figure("drawn", "drawn so far", books.amount(insured.drawn))
        .figure("on_hold", "staking and leaving", super::pool::hold(books, &pool.holds().fund))
        .figure(
            "unclaimed",
            "came back to stakers, to be claimed",
            books.amount(insured.worth(insured.waiting_shares)?),
        )
        .figure("generation", "how often losses rescaled shares", Figure::count(fund.generation))
        .figure(
            "cooldown",
            "cooldown to leave",
            Figure::seconds(pool.parameters.insurance.cooldown_seconds.cast_signed()),
        );
    Ok(view)
}
