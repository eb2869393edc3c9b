//! Removes secrets in node URLs from the log.

use std::io::{self, Write};

use backstop_client::rpc::Secrets;
use tracing_subscriber::fmt::MakeWriter;

/// Writes the log to stderr without the secrets.
#[derive(Clone, Debug)]
pub struct HidingLog(pub Secrets);

impl Write for HidingLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The log writes whole lines at once.
        io::stderr().write_all(self.0.hidden_in(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl<'a> MakeWriter<'a> for HidingLog {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
