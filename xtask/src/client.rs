//! The Rust client that is generated from the IDL.
