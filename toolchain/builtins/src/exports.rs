//! The helpers that LLVM calls, with its names and calling convention.
//!
//! LLVM keeps all of them in a program, used or not. So the rarer ones call the quotient instead of repeating it.

use crate::wide::{div_rem, mul};

#[unsafe(no_mangle)]
extern "unadjusted" fn __multi3(a: u128, b: u128) -> u128 {
    mul(a, b)
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "unadjusted" fn __udivti3(a: u128, b: u128) -> u128 {
    div_rem(a, b).0
}

#[unsafe(no_mangle)]
#[inline(never)]
extern "unadjusted" fn __umodti3(a: u128, b: u128) -> u128 {
    a.wrapping_sub(mul(__udivti3(a, b), b))
}

#[unsafe(no_mangle)]
extern "unadjusted" fn __divti3(a: i128, b: i128) -> i128 {
    let quotient = __udivti3(a.unsigned_abs(), b.unsigned_abs()) as i128;
    if (a < 0) == (b < 0) { quotient } else { quotient.wrapping_neg() }
}

#[unsafe(no_mangle)]
extern "unadjusted" fn __modti3(a: i128, b: i128) -> i128 {
    let rest = __umodti3(a.unsigned_abs(), b.unsigned_abs()) as i128;
    if a < 0 { rest.wrapping_neg() } else { rest }
}
