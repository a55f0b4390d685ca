//! Memory that is always zero at first.
//!
//! The engine reads parts of its memory before it has written to them, so what
//! happened to lie there changed the sound a little from run to run. The crate
//! `ttspico` takes that memory from the global allocator, which is therefore
//! made to hand out zeros, as a fresh process mostly gets them anyway.

use std::alloc::{GlobalAlloc, Layout, System};

struct Zeroed;

#[global_allocator]
static ALLOCATOR: Zeroed = Zeroed;

// SAFETY: every call is passed on to the system's allocator.
unsafe impl GlobalAlloc for Zeroed {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}
