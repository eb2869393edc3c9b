//! The boundary to the page: text goes in and out through the module's memory.
//!
//! [`backstop_take`] gives room for a request, [`backstop_answer`] answers what was written there, [`backstop_free`]
//! takes an answer back. A place is a pointer in the upper 32 bits and a length in the lower.
#![allow(unsafe_code)] // memory that crosses the boundary has no other owner than the protocol above

use core::slice;

/// Room for a request of so many bytes; the caller writes it and passes it to [`backstop_answer`].
#[unsafe(no_mangle)]
extern "C" fn backstop_take(length: usize) -> *mut u8 {
    Box::leak(vec![0_u8; length].into_boxed_slice()).as_mut_ptr()
}

/// Answers the request at a place that [`backstop_take`] gave, which is used up by it.
///
/// # Safety
/// `request` was returned by [`backstop_take`] for this `length`, and was not passed here before.
#[unsafe(no_mangle)]
unsafe extern "C" fn backstop_answer(request: *mut u8, length: usize) -> u64 {
    // SAFETY: by the contract above this is the whole of a box of that length, and nothing else owns it.
    let bytes = unsafe { Box::from_raw(slice::from_raw_parts_mut(request, length)) };
    let answer = super::answer(&String::from_utf8_lossy(&bytes)).into_bytes().into_boxed_slice();
    let length = answer.len() as u64;
    let place = Box::leak(answer).as_mut_ptr() as u64;
    (place << 32) | length
}

/// Takes an answer back.
///
/// # Safety
/// `answer` and `length` are a place that [`backstop_answer`] returned, and were not passed here before.
#[unsafe(no_mangle)]
unsafe extern "C" fn backstop_free(answer: *mut u8, length: usize) {
    // SAFETY: by the contract above this is the whole of a box of that length, and nothing else owns it.
    drop(unsafe { Box::from_raw(slice::from_raw_parts_mut(answer, length)) });
}
