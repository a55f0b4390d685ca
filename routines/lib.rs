//! The routines that come with effleurage, as their authors wrote them.

/// Each with its name.
pub const ALL: [(&str, &str); 3] = [
    ("partner", include_str!("partner.toml")),
    ("self", include_str!("self.toml")),
    ("self-short", include_str!("self-short.toml")),
];
