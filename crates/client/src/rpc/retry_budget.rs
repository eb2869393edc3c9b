//! How long failures are retried.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Policy;

/// Counts for how long nothing went well.
pub(super) struct RetryBudget<'a> {
    policy: &'a Policy,
    since: Instant,
    pause: Duration,
}

impl<'a> RetryBudget<'a> {
    pub(super) fn new(policy: &'a Policy) -> Self {
        Self { policy, since: Instant::now(), pause: policy.poll_every }
    }

    /// Something went well.
    pub(super) fn renew(&mut self) {
        *self = Self::new(self.policy);
    }

    /// Whether nothing went well for longer than an outage may last.
    pub(super) fn is_over(&self) -> bool {
        self.since.elapsed() > self.policy.outage
    }

    /// Waits, twice as long each time.
    pub(super) async fn wait(&mut self) {
        sleep(self.pause).await;
        self.pause = self.pause.saturating_mul(2).min(self.policy.rebroadcast_every);
    }
}
