//! Views of prices and price accounts.

use backstop_client::preview;
use backstop_engine::price::{Quote, Reading, Value};
use serde_json::json;

use crate::{
    loaded_pool::Feed,
    tokens::Token,
    view::{Cell, View},
};

/// A token's price, or why it cannot be used.
pub(super) fn price(read: preview::Result<Reading>) -> Cell {
    quoted(read.map(|reading| reading.quote))
}

fn quoted(quote: preview::Result<Quote>) -> Cell {
    match quote.and_then(|quote| Ok(quote.value()?)) {
        Ok(value) => Cell::usd(value.get()),
        Err(error) => Cell::none(&format!("not usable: {error}")),
    }
}

/// Adds a list of price accounts.
pub(super) fn price_accounts(view: &mut View, all: &[(&Token, &[Feed])]) {
    let columns = [
        ("token", "token"),
        ("account", "account"),
        ("network", "network"),
        ("price", ">price"),
        ("confidence", ">confidence"),
        ("max_confidence", ">maximum"),
        ("age", ">age"),
        ("max_age", ">maximum"),
        ("state", "state"),
    ];
    let rows = all.iter().flat_map(|(token, feeds)| feeds.iter().map(|feed| row(token, feed)));
    view.list("price_accounts", "Price accounts", &columns, rows.collect());
}

fn row(token: &Token, feed: &Feed) -> Vec<Cell> {
    let unknown = || Cell::none("?");
    vec![
        Cell::text(&token.symbol),
        Cell::address(&feed.account),
        feed.network.map_or_else(unknown, Cell::text),
        feed.says.map_or_else(unknown, |says| quoted(Ok(says))),
        feed.says.map_or_else(unknown, confidence),
        Cell::bps(feed.max_confidence_bps),
        feed.age.map_or_else(unknown, age),
        Cell::seconds(feed.max_age_seconds),
        Cell::text(feed.problem.map_or("usable", |problem| problem.name())),
    ]
}

/// Half the width of the confidence interval, in USD and relative to the price, rounded up.
fn confidence(says: Quote) -> Cell {
    let value = match says.confidence {
        0 => Value::ZERO,
        confidence => Quote { price: confidence, ..says }.value().unwrap_or(Value::ZERO),
    };
    let part = u128::from(says.confidence).saturating_mul(10_000).div_ceil(u128::from(says.price.max(1)));
    let part = Cell::bps(u64::try_from(part).unwrap_or(u64::MAX));
    let mut figure = Cell::usd(value.get());
    figure.text = format!("{}, {}", figure.text, part.text);
    if let (Some(of), Some(bps)) = (figure.json.as_object_mut(), part.json.get("bps")) {
        of.insert("bps".into(), json!(bps));
    }
    figure
}

fn age(seconds: i64) -> Cell {
    let figure = Cell::seconds(seconds.saturating_abs());
    if seconds < 0 {
        return Cell { text: format!("{} ahead", figure.text), ..Cell::seconds(seconds) };
    }
    figure
}

/// Describes the problem of a feed, with its limits.
pub(crate) fn problem(feed: &Feed) -> String {
    use backstop_client::BackstopError::{InvalidPriceAccount, PriceFromFuture, PriceUncertain, StalePrice};
    let seconds = |seconds: i64| Cell::seconds(seconds.saturating_abs()).text;
    let account = &feed.account;
    match (feed.problem, feed.age, feed.says) {
        (Some(StalePrice | PriceFromFuture), Some(age), _) => {
            let (is, way) = (seconds(age), if age < 0 { "ahead" } else { "old" });
            format!("the account {account}, which is {is} {way}; the limit is {}", seconds(feed.max_age_seconds.into()))
        }
        (Some(PriceUncertain), _, Some(says)) => {
            let (is, most) = (confidence(says).text, Cell::bps(feed.max_confidence_bps).text);
            format!("the account {account}, whose confidence interval is {is}; the limit is {most}")
        }
        (Some(InvalidPriceAccount), _, _) if feed.network.is_none() => {
            format!("the account {account}, where no price is published on this cluster")
        }
        _ => format!("the account {account}"),
    }
}

#[cfg(test)]
mod tests {
    use backstop_client::BackstopError;
    use solana_address::Address;

    use super::*;

    /// 24.0235 USD, plus or minus 0.03, a minute and a half old.
    fn feed() -> Feed {
        Feed {
            account: Address::default(),
            network: Some("Pyth"),
            says: Some(Quote { price: 240_235, confidence: 300, exponent: -4 }),
            age: Some(90),
            max_age_seconds: 60,
            max_confidence_bps: 200,
            problem: Some(BackstopError::StalePrice),
        }
    }

    #[test]
    fn an_account_is_told_with_its_price_age_confidence_and_limits() {
        let token = Token { symbol: "SOL".into(), mint: Address::default(), decimals: 9 };
        let mut view = View::default();
        price_accounts(&mut view, &[(&token, &[feed()])]);
        let line = view.render();
        let line = line.lines().last().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        // 300 / 240,235 is 12.49 basis points: 13.
        assert_eq!(
            line,
            "SOL 11111111111111111111111111111111 Pyth 24.0235 USD 0.03 USD, 0.13 % 2 % 1m 30s 1m StalePrice"
        );
        let json = &view.json()["price_accounts"][0];
        assert_eq!(json["price"]["amount"], "24.0235");
        assert_eq!((&json["confidence"]["amount"], &json["confidence"]["bps"]), (&json!("0.03"), &json!("13")));
        assert_eq!((&json["age"]["seconds"], &json["max_age"]["seconds"]), (&json!("90"), &json!("60")));
        assert_eq!((&json["network"], &json["state"]), (&json!("Pyth"), &json!("StalePrice")));
    }

    #[test]
    fn what_is_not_known_is_nothing_to_programs() {
        let token = Token { symbol: "SOL".into(), mint: Address::default(), decimals: 9 };
        let mut view = View::default();
        price_accounts(&mut view, &[(&token, &[Feed { network: None, says: None, age: None, ..feed() }])]);
        let json = &view.json()["price_accounts"][0];
        assert!(["network", "price", "confidence", "age"].iter().all(|key| json[key].is_null()), "{json}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_limit() {
        assert!(problem(&feed()).ends_with("which is 1m 30s old; the limit is 1m"), "{}", problem(&feed()));
        let ahead = Feed { age: Some(-61), problem: Some(BackstopError::PriceFromFuture), ..feed() };
        assert!(problem(&ahead).ends_with("which is 1m 1s ahead; the limit is 1m"));
        let uncertain = Feed { max_confidence_bps: 10, problem: Some(BackstopError::PriceUncertain), ..feed() };
        assert!(problem(&uncertain).ends_with("whose confidence interval is 0.03 USD, 0.13 %; the limit is 0.1 %"));
        let missing = Feed { network: None, problem: Some(BackstopError::InvalidPriceAccount), ..feed() };
        assert!(problem(&missing).ends_with("where no price is published on this cluster"));
    }
}
