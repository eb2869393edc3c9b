//! What the bot serves, over real HTTP.

use std::time::{Duration, Instant};

use backstop_liquidator::metrics::{Metrics, PoolFigures, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::strategies::POOL;

async fn get(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn health_says_why_it_is_not_well_and_metrics_tell_the_figures() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let metrics = Metrics::default();
    tokio::spawn(serve(listener, metrics.clone(), Duration::from_secs(3_600)));

    let ill = get(address, "/health").await;
    assert!(ill.starts_with("HTTP/1.1 503") && ill.contains("not connected"), "{ill}");
    metrics.figures().connected = true;
    let ill = get(address, "/health").await;
    assert!(ill.starts_with("HTTP/1.1 503") && ill.contains("no slot"), "{ill}");
    metrics.figures().slot = Some((1_234, Instant::now()));
    let ill = get(address, "/health").await;
    assert!(ill.starts_with("HTTP/1.1 503") && ill.contains("clock was not read"), "{ill}");
    metrics.figures().clock = Some(Instant::now());
    let well = get(address, "/health").await;
    assert!(well.starts_with("HTTP/1.1 200") && well.ends_with("well\n"), "{well}");
    let pool = PoolFigures {
        obligations: 7,
        unusable_prices: vec!["the price of X: too old".into()],
        left_alone: [("below_floor", 2), ("no_liquidity", 0)].into(),
        ..Default::default()
    };
    metrics.figures().pools.insert(POOL, pool);
    let ill = get(address, "/health").await;
    assert!(ill.starts_with("HTTP/1.1 503") && ill.contains("the price of X: too old"), "{ill}");

    metrics.figures().actions.insert(("liquidate", "landed"), 3);
    let reported = get(address, "/metrics").await;
    for line in [
        "# TYPE backstop_liquidator_slot gauge",
        "backstop_liquidator_slot 1234",
        &format!("backstop_liquidator_obligations{{pool=\"{POOL}\"}} 7"),
        &format!("backstop_liquidator_left_alone{{pool=\"{POOL}\",reason=\"below_floor\"}} 2"),
        "backstop_liquidator_clock_age_seconds 0",
        "backstop_liquidator_actions_total{action=\"liquidate\",outcome=\"landed\"} 3",
    ] {
        assert!(reported.lines().any(|reported| reported == line), "{line} is not in\n{reported}");
    }
    assert!(get(address, "/other").await.starts_with("HTTP/1.1 404"));
}

#[test]
fn a_slot_that_is_too_old_is_an_ailment() {
    let metrics = Metrics::default();
    let heard = Instant::now();
    metrics.figures().connected = true;
    metrics.figures().slot = Some((1, heard));
    metrics.figures().clock = Some(heard + Duration::from_secs(5));
    let after = |seconds| metrics.figures().ailment(heard + Duration::from_secs(seconds), Duration::from_secs(10));
    assert_eq!(after(10), None);
    assert_eq!(after(11), Some("the last slot was received 11 s ago".into()));
    // Slots come by WebSocket, and requests are not answered.
    metrics.figures().slot = Some((2, heard + Duration::from_secs(16)));
    assert_eq!(after(15), None);
    assert_eq!(after(16), Some("the node has not answered requests for 11 s: check rpc_url".into()));
    metrics.figures().clock = Some(heard + Duration::from_secs(16));
    let problem = PoolFigures { problem: Some("cannot plan for X".into()), ..Default::default() };
    metrics.figures().pools.insert(POOL, problem);
    assert_eq!(after(16), Some("cannot plan for X".into()));
}
