//! What a page shows of a session, as values that become JSON: the same whether the engine
//! runs in the browser or the program answers.
//!
//! Each is written for `web/page`, whose modules tell what they read of it.

mod about;
mod planned;
mod qr;
mod refusal;
mod view;

pub use about::About;
pub use planned::{Planned, plan};
pub use qr::{modules, svg};
pub use refusal::{Mistake, Refusal, told};
pub use view::{Shape, View};
