//! The arithmetic itself, on 64-bit halves.
//!
//! Nothing here may multiply, divide or take the remainder of a `u128`: LLVM would turn that into a call to the
//! function being defined. Arithmetic wraps on purpose. Where it can wrap, the lost part is known to be zero or is not
//! needed.

const LOW_32: u64 = 0xffff_ffff;

#[inline(always)]
fn split(value: u128) -> (u64, u64) {
    (value as u64, (value >> 64) as u64)
}

#[inline(always)]
fn join(low: u64, high: u64) -> u128 {
    (low as u128) | ((high as u128) << 64)
}

/// The full product of two 64-bit numbers, low half first, from four 32-bit products.
#[inline(always)]
fn mul_64(a: u64, b: u64) -> (u64, u64) {
    let (a0, a1, b0, b1) = (a & LOW_32, a >> 32, b & LOW_32, b >> 32);
    let low = a0.wrapping_mul(b0);
    // Neither sum overflows: (2^32 - 1)^2 + 2 (2^32 - 1) is 2^64 - 1.
    let first = a1.wrapping_mul(b0).wrapping_add(low >> 32);
    let second = a0.wrapping_mul(b1).wrapping_add(first & LOW_32);
    ((low & LOW_32) | (second << 32), a1.wrapping_mul(b1).wrapping_add(first >> 32).wrapping_add(second >> 32))
}

/// `a * b` modulo 2^128.
#[inline(always)]
#[must_use]
pub fn mul(a: u128, b: u128) -> u128 {
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    let (low, high) = mul_64(a0, b0);
    join(low, high.wrapping_add(a0.wrapping_mul(b1)).wrapping_add(a1.wrapping_mul(b0)))
}

/// How far `value` can be shifted left without losing a bit. `value` must not be zero.
///
/// Costs half as much as LLVM's leading-zero count on BPF, which has no instruction for it.
#[inline(always)]
fn headroom(mut value: u64) -> u32 {
    let mut shift = 0;
    if value >> 32 == 0 {
        value <<= 32;
        shift = 32;
    }
    if value >> 48 == 0 {
        value <<= 16;
        shift |= 16;
    }
    if value >> 56 == 0 {
        value <<= 8;
        shift |= 8;
    }
    if value >> 60 == 0 {
        value <<= 4;
        shift |= 4;
    }
    if value >> 62 == 0 {
        value <<= 2;
        shift |= 2;
    }
    if value >> 63 == 0 {
        shift |= 1;
    }
    shift
}

/// One 32-bit digit of the quotient of `rest` and the next digit by `divisor`, whose top bit is set. Also returns the
/// remainder.
#[inline(always)]
fn digit(rest: u64, next: u64, divisor: u64) -> (u64, u64) {
    let (top, low) = (divisor >> 32, divisor & LOW_32);
    let mut quotient = rest / top;
    let mut partial = rest.wrapping_sub(quotient.wrapping_mul(top));
    // The estimate is at most two too large.
    while quotient >> 32 != 0 || quotient.wrapping_mul(low) > ((partial << 32) | next) {
        quotient = quotient.wrapping_sub(1);
        partial = partial.wrapping_add(top);
        if partial >> 32 != 0 {
            break;
        }
    }
    let rest = (rest << 32).wrapping_add(next).wrapping_sub(quotient.wrapping_mul(divisor));
    (quotient, rest)
}

/// Quotient and remainder of `high * 2^64 + low` by `divisor`, where `high < divisor` and the divisor's top bit is set.
#[inline(always)]
fn div_normalized(low: u64, high: u64, divisor: u64) -> (u64, u64) {
    let (first, rest) = digit(high, low >> 32, divisor);
    let (second, rest) = digit(rest, low & LOW_32, divisor);
    ((first << 32).wrapping_add(second), rest)
}

/// Quotient and remainder by a divisor that fits in 64 bits.
#[inline(always)]
fn div_by_64((a0, mut a1): (u64, u64), divisor: u64) -> (u128, u128) {
    let high = if a1 >= divisor { a1 / divisor } else { 0 };
    a1 = a1.wrapping_sub(high.wrapping_mul(divisor));
    if divisor >> 32 == 0 {
        let partial = (a1 << 32) | (a0 >> 32);
        let first = partial / divisor;
        let partial = (partial.wrapping_sub(first.wrapping_mul(divisor)) << 32) | (a0 & LOW_32);
        let second = partial / divisor;
        let rest = partial.wrapping_sub(second.wrapping_mul(divisor));
        return (join((first << 32) | second, high), rest as u128);
    }
    let shift = headroom(divisor);
    // Shifts right in two steps, because a shift by 64 would not shift.
    let top = (a1 << shift) | ((a0 >> 1) >> (63 - shift));
    let (low, rest) = div_normalized(a0 << shift, top, divisor << shift);
    (join(low, high), (rest >> shift) as u128)
}

/// Quotient and remainder by a divisor of more than 64 bits (Hacker's Delight, 9-5). The quotient fits 64 bits.
#[inline(always)]
fn div_by_128(a: (u64, u64), b: (u64, u64)) -> (u128, u128) {
    let shift = headroom(b.1);
    let top = (b.1 << shift) | ((b.0 >> 1) >> (63 - shift));
    let (estimate, _) = div_normalized((a.1 << 63) | (a.0 >> 1), a.1 >> 1, top);
    let mut quotient = estimate >> (63 - shift);
    quotient = quotient.saturating_sub(1);
    let (p0, p1) = mul_64(quotient, b.0);
    let p1 = p1.wrapping_add(quotient.wrapping_mul(b.1));
    let mut rest = join(a.0, a.1).wrapping_sub(join(p0, p1));
    let divisor = join(b.0, b.1);
    if rest >= divisor {
        quotient = quotient.wrapping_add(1);
        rest = rest.wrapping_sub(divisor);
    }
    (quotient as u128, rest)
}

/// Quotient and remainder. The compiler checks that the divisor is not zero before it calls a helper. If it is zero
/// anyway, the runtime aborts the program at the 64-bit division.
#[inline(always)]
#[must_use]
pub fn div_rem(a: u128, b: u128) -> (u128, u128) {
    let (halves, divisor) = (split(a), split(b));
    if divisor.1 != 0 {
        return if a < b { (0, a) } else { div_by_128(halves, divisor) };
    }
    if halves.1 == 0 {
        return ((halves.0 / divisor.0) as u128, (halves.0 % divisor.0) as u128);
    }
    div_by_64(halves, divisor.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers at which a carry, a shift or an estimate changes.
    fn edges() -> impl Iterator<Item = u128> + Clone {
        (0..128_u32).flat_map(|bit| {
            let power = 1_u128 << bit;
            [power.wrapping_sub(1), power, power.wrapping_add(1), power.wrapping_neg(), !power]
        })
    }

    fn agrees(a: u128, b: u128) {
        assert_eq!(mul(a, b), a.wrapping_mul(b), "{a} * {b}");
        if b != 0 {
            assert_eq!(div_rem(a, b), (a / b, a % b), "{a} / {b}");
        }
    }

    #[test]
    fn agrees_with_the_host_at_the_edges() {
        for a in edges() {
            edges().for_each(|b| agrees(a, b));
        }
    }

    #[test]
    fn agrees_with_the_host_on_random_numbers_of_every_length() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u128;
        let mut next = || {
            state = state
                .wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645)
                .wrapping_add(0x5851_f42d_4c95_7f2d_1405_7b7e_f767_814f);
            let bits = state ^ (state >> 61);
            bits >> (state >> 121)
        };
        for _ in 0..2_000_000 {
            agrees(next(), next());
        }
    }
}
