//! The summary of a local cluster, for people and for programs.

use std::path::Path;

use backstop_cli::{
    commands::migrate::Checked,
    failure::Failure,
    view::{Cell, View},
};
use backstop_client::PROGRAM_ID;
use backstop_localnet::{ACTORS, Localnet, Speed, TOKENS, keypair};
use serde_json::{Map, Value, json};
use solana_signer::Signer;

/// The summary of a local cluster.
pub(super) struct Card<'a> {
    localnet: &'a Localnet,
    dir: &'a Path,
    speed: Speed,
    /// The steps that created the market, if there is one.
    made: &'a [Checked],
    now: i64,
}

impl<'a> Card<'a> {
    pub(super) fn new(
        localnet: &'a Localnet,
        dir: &'a Path,
        speed: Speed,
        made: &'a [Checked],
    ) -> Result<Self, Failure> {
        Ok(Self { localnet, dir, speed, made, now: localnet.now().map_err(Failure::unable)? })
    }

    /// The created accounts: names such as `usdc-pool`, and addresses.
    fn made(&self) -> impl Iterator<Item = (&str, String)> {
        let name = |one: &'a Checked| one.step.split_once('-').map_or(one.step.as_str(), |(_, name)| name);
        self.made.iter().map(move |one| (name(one), one.address.to_string()))
    }

    pub(super) fn render(&self) -> String {
        let dir = self.dir.display();
        let mut view = View::new("Local cluster is running. Press Ctrl-C to stop it.");
        view.figure("rpc_url", "RPC", Cell::text(self.localnet.rpc_url()))
            .figure("websocket_url", "WebSocket", Cell::text(self.localnet.websocket_url()))
            .figure("now", "clock", Cell::text(date(self.now)).noted(self.speed))
            .figure("program", "program", Cell::address(&PROGRAM_ID));
        for (name, address) in self.made() {
            view.figure("made", name, Cell::text(address));
        }
        let tokens = TOKENS.map(|token| {
            let price =
                self.localnet.price(token.symbol).map_or_else(|error| error.to_string(), |price| price.to_string());
            let (mint, account) = (token.mint().to_string(), token.price_account().to_string());
            [token.symbol.to_owned(), mint, account, price].map(Cell::text).to_vec()
        });
        let columns = [("token", "token"), ("mint", "mint"), ("price_account", "price account"), ("price", ">USD")];
        view.list("tokens", "Tokens", &columns, tokens.to_vec());
        let actors = ACTORS.map(|name| {
            let file = self.dir.join(format!("{name}.json"));
            [name.to_owned(), keypair(name).pubkey().to_string(), file.display().to_string()].map(Cell::text).to_vec()
        });
        view.list(
            "actors",
            "Actors",
            &[("name", "name"), ("address", "address"), ("keypair", "keypair")],
            actors.to_vec(),
        );
        let mut text = view.render();
        text += "\nNext, in another terminal:\n";
        let next = [
            format!("backstop -C {dir}/config.yml show pool"),
            format!("backstop -C {dir}/config.yml -k {dir}/alice.json deposit 1000"),
            format!("backstop localnet price SOL 20{}", self.named_dir()),
            format!("backstop localnet advance 1d{}", self.named_dir()),
        ];
        let next = if self.made.is_empty() { next.get(2..) } else { next.get(..) };
        next.unwrap_or_default().iter().fold(text, |text, line| text + "  " + line + "\n")
    }

    fn named_dir(&self) -> String {
        if self.dir == Path::new(".localnet") { String::new() } else { format!(" --dir {}", self.dir.display()) }
    }

    pub(super) fn json(&self) -> Value {
        let tokens: Map<String, Value> = TOKENS
            .map(|token| {
                let feed: String = token.feed.iter().map(|byte| format!("{byte:02x}")).collect();
                let (mint, account) = (token.mint().to_string(), token.price_account().to_string());
                let value = json!({ "mint": mint, "decimals": token.decimals, "feed": feed, "price_account": account });
                (token.symbol.to_owned(), value)
            })
            .into_iter()
            .collect();
        let actors: Map<String, Value> = ACTORS
            .map(|name| {
                let file = self.dir.join(format!("{name}.json")).display().to_string();
                (name.to_owned(), json!({ "address": keypair(name).pubkey().to_string(), "keypair": file }))
            })
            .into_iter()
            .collect();
        let made: Map<String, Value> =
            self.made().map(|(name, address)| (name.replace('-', "_"), address.into())).collect();
        json!({
            "rpc_url": self.localnet.rpc_url(),
            "websocket_url": self.localnet.websocket_url(),
            "config": self.dir.join("config.yml").display().to_string(),
            "now": self.now,
            "program": PROGRAM_ID.to_string(),
            "made": made,
            "tokens": tokens,
            "actors": actors,
        })
    }
}

/// Formats a Unix time in UTC.
pub(super) fn date(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or_else(|_| at.to_string(), |time| time.to_string())
}
