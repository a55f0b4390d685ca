//! What a page calls. Numbers only cross this border: a text or a file is an address in
//! this module's memory and a length.

use std::cell::RefCell;

use crate::Engine;
use crate::request::Asked;
use effleurage_page::{Refusal, svg, told};

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Room for so many bytes, which the page fills and then gives to one call, which takes
/// them; or 0 where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    let mut room = Vec::new();
    match room.try_reserve_exact(bytes) {
        Ok(()) => {
            room.extend(std::iter::repeat_n(0, bytes));
            Box::leak(room.into_boxed_slice()).as_mut_ptr()
        }
        Err(_) => std::ptr::null_mut(),
    }
}

/// Takes what the page has put into its [`room`].
///
/// # Safety
///
/// `start` and `bytes` are those of a room that was not given before.
unsafe fn taken(start: *mut u8, bytes: usize) -> Vec<u8> {
    unsafe { Vec::from_raw_parts(start, bytes, bytes) }
}

/// Keeps a file of the voice: its name, and what is in it.
///
/// # Safety
///
/// Both are rooms that were not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn put(name: *mut u8, name_bytes: usize, file: *mut u8, file_bytes: usize) {
    let name = unsafe { taken(name, name_bytes) };
    let file = unsafe { taken(file, file_bytes) };
    let name = String::from_utf8_lossy(&name).into_owned();
    ENGINE.with_borrow_mut(|engine| engine.put(name, file));
}

/// Tells as JSON what there is to choose from, in the words of the voice called so.
///
/// # Safety
///
/// The name is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn about(voice: *mut u8, bytes: usize) -> u32 {
    let voice = unsafe { taken(voice, bytes) };
    let voice = String::from_utf8_lossy(&voice);
    answer(ENGINE.with_borrow_mut(|engine| engine.about(&voice)).map_err(String::into_bytes))
}

/// Plans the session that a JSON text asks for. 1 where that worked and the answer is what a
/// page shows, 0 where the answer tells why it did not; both are JSON.
///
/// # Safety
///
/// The text is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn plan(request: *mut u8, bytes: usize) -> u32 {
    let request = unsafe { taken(request, bytes) };
    answer(match asked(&request) {
        Ok(asked) => ENGINE.with_borrow_mut(|engine| engine.plan(&asked)),
        Err(why) => Err(crate::json(&Refusal { text: why, ..Refusal::default() })),
    })
}

/// Makes a file of the last plan the answer; 1 where there is one of this name.
///
/// # Safety
///
/// The name is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn file(name: *mut u8, bytes: usize) -> u32 {
    let name = unsafe { taken(name, bytes) };
    let name = String::from_utf8_lossy(&name);
    answer(ENGINE.with_borrow_mut(|engine| engine.file(&name)).map_err(String::into_bytes))
}

/// Makes a text a QR code, as SVG; 1 where it is not too long for one.
///
/// # Safety
///
/// The text is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn qr(text: *mut u8, bytes: usize) -> u32 {
    let text = unsafe { taken(text, bytes) };
    let code = svg(&String::from_utf8_lossy(&text));
    answer(code.map(String::into_bytes).ok_or_else(|| b"this is too long for a QR code".to_vec()))
}

/// Opens the session that a JSON text asks for. 1 where that worked and the answer is its
/// plan, 0 where the answer tells why it did not.
///
/// # Safety
///
/// The text is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(request: *mut u8, bytes: usize) -> u32 {
    let request = unsafe { taken(request, bytes) };
    let plan =
        asked(&request).and_then(|asked| ENGINE.with_borrow_mut(|engine| engine.open(&asked)));
    answer(plan.map_err(String::into_bytes))
}

fn asked(request: &[u8]) -> Result<Asked, String> {
    serde_json::from_slice(request).map_err(|error| format!("the request cannot be read: {error}"))
}

/// How many bytes the open session's track has; 0 where there is none.
#[unsafe(no_mangle)]
pub extern "C" fn size() -> f64 {
    ENGINE.with_borrow(|engine| engine.size() as f64)
}

/// Makes the names of the clips the answer that sound from one place of the track to another
/// and are still to be made ready: one a line, the first first.
#[unsafe(no_mangle)]
pub extern "C" fn lacks(from: f64, to: f64) {
    let clips = ENGINE.with_borrow(|engine| engine.lacks(from as u64, to as u64).join("\n"));
    answer(Ok(clips.into_bytes()));
}

/// Makes the clip of this name ready, whose file was given; 1 where that worked.
///
/// # Safety
///
/// The name is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn make(name: *mut u8, bytes: usize) -> u32 {
    let name = unsafe { taken(name, bytes) };
    let name = String::from_utf8_lossy(&name);
    let made = ENGINE.with_borrow_mut(|engine| engine.make(&name));
    answer(made.map(|()| Vec::new()).map_err(|error| told(&error).into_bytes()))
}

/// Makes the bytes from one place of the track to another the answer; 1 where that worked.
#[unsafe(no_mangle)]
pub extern "C" fn bytes(from: f64, to: f64) -> u32 {
    let bytes = ENGINE.with_borrow(|engine| engine.bytes(from as u64, to as u64));
    answer(bytes.map_err(|error| told(&error).into_bytes()))
}

/// Encodes the open session in a file whose name ends so, such as `mp3`; the page is given its
/// bytes meanwhile. 1 where that worked.
///
/// # Safety
///
/// The ending is a room that was not given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn copy(ending: *mut u8, bytes: usize) -> u32 {
    let ending = unsafe { taken(ending, bytes) };
    let ending = String::from_utf8_lossy(&ending);
    let copied = ENGINE.with_borrow(|engine| engine.copy(&ending));
    answer(copied.map(|()| Vec::new()).map_err(|error| told(&error).into_bytes()))
}

/// Where the answer begins.
#[unsafe(no_mangle)]
pub extern "C" fn answer_start() -> *const u8 {
    ANSWER.with_borrow(|answer| answer.as_ptr())
}

/// How many bytes it has.
#[unsafe(no_mangle)]
pub extern "C" fn answer_bytes() -> usize {
    ANSWER.with_borrow(Vec::len)
}

fn answer(result: Result<Vec<u8>, Vec<u8>>) -> u32 {
    let worked = result.is_ok();
    ANSWER.set(result.unwrap_or_else(|why| why));
    worked.into()
}
