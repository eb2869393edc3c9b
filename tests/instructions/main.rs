//! One module per instruction: what it refuses, then what it does.
#![allow(missing_docs)]

mod deposit;
