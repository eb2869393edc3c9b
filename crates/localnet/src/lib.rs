//! A local cluster with the Backstop program: JSON-RPC and WebSocket, tokens, funded actors, and oracle accounts that
//! follow a price file. Surfpool runs it, inside this process and offline.
//!
//! ```no_run
//! use backstop_localnet::{Localnet, Options};
//!
//! let localnet = Localnet::start(Options::default())?;
//! println!("{}", localnet.rpc_url());
//! localnet.set_price("SOL", "20".parse()?)?;
//! localnet.advance(86_400)?;
//! localnet.stop()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Time.** The cluster's clock is the chain's own: it starts where the price file starts and runs at
//! [`Options::speed`]. Every block moves it and republishes the prices in one step, so that a transaction sees the
//! clock and the prices of the same second. Another process moves it with [`remote::advance`], or anything else that
//! calls the RPC method `surfnet_timeTravel`.
//!
//! **Prices** stand in Pyth's price feed accounts and nowhere else. Who writes one, here, with [`remote::set_price`] or
//! with the RPC method `surfnet_setAccount`, sets the price; it holds until the next row of the price file begins.

mod accounts;
mod error;
mod feeder;
mod files;
mod genesis;
mod names;
mod price;
mod price_file;
mod proxy;
pub mod remote;
mod surfnet;
mod time;

use std::{path::PathBuf, time::Duration};

use solana_account::Account;
use solana_address::Address;

use feeder::{Feeder, Handle};
use surfnet::Surfnet;

pub use error::LocalnetError;
pub use files::write_keypair;
pub use genesis::{belongings, genesis_accounts};
pub use names::{ACTORS, SOL, TOKENS, Token, USDC, keypair};
pub use price::{Price, PriceError, price_of, price_update};
pub use price_file::{PriceFile, PriceFileError};
pub use proxy::{FaultProxy, Pass};
pub use time::{Speed, TimeError, parse_duration};

/// Where a local cluster is unless said otherwise: its RPC port. WebSocket is the next one.
pub const RPC_PORT: u16 = 8_899;
/// The WebSocket port.
pub const WEBSOCKET_PORT: u16 = 8_900;
/// Where the clock starts without a price file: 2026-01-01T00:00:00Z.
pub const DEFAULT_START: i64 = 1_767_225_600;

/// Which program the cluster starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Program {
    /// The one that this crate was built with, at [`backstop_client::PROGRAM_ID`].
    #[default]
    BuiltIn,
    /// One read from a file, at the same address.
    File(PathBuf),
    /// None.
    None,
}

/// How a local cluster starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the actors' keypair files and the Solana config file are written; nothing is written without.
    pub dir: Option<PathBuf>,
    /// The RPC port; 0 is a free one.
    pub rpc_port: u16,
    /// The WebSocket port; 0 is a free one.
    pub websocket_port: u16,
    /// The program.
    pub program: Program,
    /// Prices over time. Without, prices stay where they start: see [`Token::first_price`].
    pub prices: Option<PriceFile>,
    /// How quickly the clock, and with it the price file, runs.
    pub speed: Speed,
    /// How often a block is made, in real time.
    pub slot_time: Duration,
}

/// Free ports, the built-in program, no files, prices that stay, a clock as quick as ours, a block every 400 ms.
impl Default for Options {
    fn default() -> Self {
        Self {
            dir: None,
            rpc_port: 0,
            websocket_port: 0,
            program: Program::default(),
            prices: None,
            speed: Speed::default(),
            slot_time: Duration::from_millis(400),
        }
    }
}

/// A running cluster. It ends when dropped; [`Localnet::stop`] says whether it ended cleanly.
#[derive(Debug)]
pub struct Localnet {
    feeder: Handle,
    surfnet: Surfnet,
}

impl Localnet {
    /// Starts a cluster and returns when it answers.
    ///
    /// # Errors
    /// If a port is taken, a file cannot be read or written, the program cannot be loaded, or the price file names an
    /// unknown token.
    pub fn start(options: Options) -> Result<Self, LocalnetError> {
        if let Some(prices) = &options.prices {
            prices.check_symbols()?;
        }
        let ports = surfnet::ports(options.rpc_port, options.websocket_port)?;
        let start = options.prices.as_ref().map_or(DEFAULT_START, PriceFile::start);
        let program = surfnet::program(&options.program)?;
        let mut feeder = Feeder::new(options.prices, options.speed, options.slot_time);
        let genesis = surfnet::genesis(start, options.slot_time, program, |svm| feeder.publish(svm))?;
        let (surfnet, clock) = Surfnet::start(genesis, ports)?;
        let feeder = Handle::spawn(feeder, surfnet.locker(), clock)?;
        let localnet = Self { feeder, surfnet };
        if let Some(dir) = &options.dir {
            files::write(dir, &localnet)?;
        }
        Ok(localnet)
    }

    /// Where its JSON-RPC is.
    pub fn rpc_url(&self) -> String {
        format!("http://{}", self.surfnet.ports().rpc)
    }

    /// Where its WebSocket is.
    pub fn websocket_url(&self) -> String {
        format!("ws://{}", self.surfnet.ports().websocket)
    }

    /// Whether it still runs. It runs until it is stopped, or something in it broke.
    pub fn is_running(&self) -> bool {
        self.feeder.is_running() && self.surfnet.is_running()
    }

    /// The clock: seconds since 1970.
    ///
    /// # Errors
    /// If the cluster has ended.
    pub fn now(&self) -> Result<i64, LocalnetError> {
        self.feeder.call(|chain| Ok(chain.now()))
    }

    /// What a whole token costs now.
    ///
    /// # Errors
    /// If there is no such token, or the cluster has ended.
    pub fn price(&self, symbol: &str) -> Result<Price, LocalnetError> {
        let token = Token::named(symbol)?;
        self.feeder.call(move |chain| chain.price(token))
    }

    /// Sets a token's price until the next row of the price file begins.
    ///
    /// # Errors
    /// If there is no such token, or the cluster has ended.
    pub fn set_price(&self, symbol: &str, price: Price) -> Result<(), LocalnetError> {
        let token = Token::named(symbol)?;
        self.feeder.call(move |chain| chain.set_price(token, price))
    }

    /// Begins or ends an outage of the oracles: prices stay as they are and grow old while the clock runs.
    ///
    /// # Errors
    /// If the cluster has ended.
    pub fn set_outage(&self, on: bool) -> Result<(), LocalnetError> {
        self.put_accounts(vec![(names::outage(), accounts::outage(on))])
    }

    /// Moves the clock ahead, and with it the price file and the slots.
    ///
    /// # Errors
    /// If the cluster has ended.
    pub fn advance(&self, seconds: u64) -> Result<(), LocalnetError> {
        self.feeder.call(move |chain| chain.advance(seconds))
    }

    /// Lets the clock run at another speed from now on; [`Speed::STILL`] stops it. Blocks are made all the same.
    ///
    /// # Errors
    /// If the cluster has ended.
    pub fn set_speed(&self, speed: Speed) -> Result<(), LocalnetError> {
        self.feeder.call(move |chain| {
            chain.set_speed(speed);
            Ok(())
        })
    }

    /// Makes a block now.
    ///
    /// # Errors
    /// If the cluster has ended.
    pub fn make_block(&self) -> Result<(), LocalnetError> {
        self.feeder.call(feeder::Chain::make_block)
    }

    /// Makes so many blocks at once that every blockhash given out before has expired. The clock stays.
    ///
    /// # Errors
    /// If the cluster has ended.
    pub fn expire_blockhashes(&self) -> Result<(), LocalnetError> {
        self.feeder.call(feeder::Chain::expire_blockhashes)
    }

    /// Puts accounts where they are said to be, as they are said to be.
    ///
    /// # Errors
    /// If one is not an account that the runtime takes, or the cluster has ended.
    pub fn put_accounts(&self, accounts: Vec<(Address, Account)>) -> Result<(), LocalnetError> {
        self.feeder.call(move |chain| chain.put_accounts(accounts))
    }

    /// Ends it: its ports are free and its threads have ended when this returns.
    ///
    /// # Errors
    /// If something in it broke before, or it does not end in time.
    pub fn stop(mut self) -> Result<(), LocalnetError> {
        self.feeder.stop()?;
        self.surfnet.stop()
    }
}
