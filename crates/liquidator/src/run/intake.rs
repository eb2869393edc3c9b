//! Applies updates to the books.

use std::time::Instant;

use backstop_client::rpc::Clock;
use tracing::{debug, info, warn};

use super::Bot;
use crate::{
    book::{Applied, Book, Reading, Received},
    watch::{Update, Wish},
};

impl Bot {
    pub(super) fn take_in(&mut self, update: Update) {
        match update {
            Update::Connected => {
                self.metrics.figures().connected = true;
                info!("listening");
                self.plan_now();
            }
            Update::Lost(error) => {
                let mut figures = self.metrics.figures();
                let lost = u64::from(std::mem::take(&mut figures.connected));
                figures.losses_of_connection = figures.losses_of_connection.saturating_add(lost);
                drop(figures);
                let message = if lost == 0 { "no connection" } else { "connection lost" };
                warn!(%error, "{message}: retrying");
            }
            Update::Polled => {
                info!("no WebSocket: read everything by request");
                self.plan_now();
            }
            Update::Failed(error) => {
                let mut figures = self.metrics.figures();
                figures.requests_failed = figures.requests_failed.saturating_add(1);
                drop(figures);
                if !std::mem::replace(&mut self.unanswered, true) {
                    warn!(%error, "a request failed: retrying");
                } else {
                    debug!(%error, "a request failed");
                }
            }
            Update::Slot(slot) => self.metrics.figures().slot = Some((slot, Instant::now())),
            Update::Now { clock, prices } => {
                for price in prices {
                    self.take_account(price);
                }
                self.take_clock(clock);
                self.round();
            }
            Update::Reading(reading) => self.take_reading(*reading),
            Update::Changed(received) => {
                let address = received.address;
                if self.take_account(received) == Applied::Older {
                    let mut figures = self.metrics.figures();
                    figures.older = figures.older.saturating_add(1);
                    let _ = self.wishes.send(Wish::Read(address));
                }
            }
            Update::Read(received) => {
                self.take_account(received);
            }
        }
    }

    pub(super) fn take_clock(&mut self, clock: Clock) {
        self.clock = Some(clock);
        self.metrics.figures().clock = Some(Instant::now());
        if std::mem::take(&mut self.unanswered) {
            info!("requests are answered again");
        }
    }

    pub(super) fn take_reading(&mut self, reading: Reading) {
        let mut figures = self.metrics.figures();
        figures.readings = figures.readings.saturating_add(1);
        drop(figures);
        match self.books.get_mut(&reading.address) {
            Some(book) if book.is_of_another_chain(&reading) => {
                warn!(
                    pool = %reading.address,
                    slot = reading.slot,
                    "the node is far behind the known slot, so the chain has restarted: replacing the book"
                );
                *book = Book::new(reading);
                self.wallet.forget();
            }
            Some(book) => book.merge(reading),
            None => {
                let Reading { address, slot, ref obligations, .. } = reading;
                info!(pool = %address, obligations = obligations.len(), slot, "read a pool");
                self.books.insert(reading.address, Book::new(reading));
            }
        }
    }

    pub(super) fn take_account(&mut self, received: Received) -> Applied {
        if self.wallet.apply(&received) {
            return Applied::Changed;
        }
        let mut outcome = Applied::Foreign;
        for book in self.books.values_mut() {
            match book.apply(received.clone()) {
                Applied::Foreign => {}
                applied => outcome = applied,
            }
        }
        outcome
    }
}
