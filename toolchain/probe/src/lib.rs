//! Runs one 128-bit operation on many operands inside the virtual machine, so that a test can compare the results,
//! and what they cost, with the host's. Instruction data: a byte that names the operation, then pairs of `u128`.
//! Return data: one `u128` for each pair.
#![cfg_attr(backstop_distro_toolchain, no_std)]
#![cfg(backstop_distro_toolchain)]

use backstop_builtins as _;
use core::{hint::black_box, mem::transmute, ptr::read_unaligned, slice};
extern crate std;

/// Hash of the name `sol_set_return_data`, by which a program calls it.
const SET_RETURN_DATA: usize = 0xa226_d3eb;
const MOST: usize = 32;

#[inline(never)]
fn apply(operation: u8, a: u128, b: u128) -> u128 {
    let (a, b) = black_box((a, b));
    match operation {
        0 => a,
        1 => a.wrapping_mul(b),
        2 => a / b,
        3 => a % b,
        4 => (a as i128).wrapping_div(b as i128) as u128,
        5 => (a as i128).wrapping_rem(b as i128) as u128,
        6 => a << (b & 127),
        7 => a >> (b & 127),
        8 => ((a as i128) >> (b & 127)) as u128,
        9 => a.checked_mul(b).unwrap_or(u128::MAX),
        10 => (a as i128).checked_mul(b as i128).unwrap_or(i128::MAX) as u128,
        11 => u128::from(a as u64) * u128::from(b as u64),
        12 => a.leading_zeros() as u128,
        13 => a * b,
        14 => a.isqrt(),
        _ => panic!("no such operation: {operation}"),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn entrypoint(_input: *const u8, data: *const u8) -> u64 {
    let length = unsafe { read_unaligned(data.sub(8).cast::<u64>()) } as usize;
    let data = unsafe { slice::from_raw_parts(data, length) };
    let [operation, operands @ ..] = data else { return 1 };
    let mut results = [0_u128; MOST];
    let mut count = 0;
    for (result, pair) in results.iter_mut().zip(operands.chunks_exact(32)) {
        let pair = pair.as_ptr().cast::<u128>();
        *result = unsafe { apply(*operation, read_unaligned(pair), read_unaligned(pair.add(1))) };
        count += 1;
    }
    let set_return_data: unsafe extern "C" fn(*const u8, u64) = unsafe { transmute(SET_RETURN_DATA) };
    unsafe { set_return_data(results.as_ptr().cast(), count * 16) };
    0
}
