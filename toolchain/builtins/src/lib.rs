//! 128-bit multiplication and division for programs built with the distribution toolchain.
//!
//! LLVM turns a `u128` product, quotient or remainder into a call to a helper with a fixed name. LLVM 23 expects the
//! helper to return in two registers. But rustc before 1.100 compiles every `extern "C"` function that returns a `u128`
//! on BPF to return through memory. So the usual helpers cannot be called, and these replace them. With the Agave
//! platform tools the crate is empty.
//!
//! They also suit the runtime's costs: each instruction costs one compute unit, and a 64-bit division costs no more
//! than an addition. So there are no bit loops and no counting of leading zeros.
#![no_std]
#![cfg_attr(backstop_distro_toolchain, allow(internal_features), feature(abi_unadjusted))]

#[cfg(backstop_distro_toolchain)]
use solana_compiler_builtins as _;

pub mod wide;

#[cfg(backstop_distro_toolchain)]
mod exports;
