//! Finds the folder with the voice files.
//!
//! They lie inside the source of the crate `ttspico-sys`, which passes no path
//! on to us. Cargo knows where it unpacked that crate, so we ask Cargo.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

fn main() {
    let folder = engine_source().join("build/pico/lang");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rustc-env=PICO_LANG_FOLDER={}", folder.display());
}

/// The folder of the crate `ttspico-sys`.
fn engine_source() -> PathBuf {
    let metadata = cargo_metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    let engine = packages
        .iter()
        .find(|package| package["name"] == "ttspico-sys")
        .expect("ttspico-sys is among the dependencies");
    let manifest = engine["manifest_path"].as_str().expect("manifest_path");
    PathBuf::from(manifest).with_file_name("")
}

/// What Cargo says about this build. The platform filter spares it from
/// downloading crates that only other platforms need.
fn cargo_metadata() -> Value {
    let output = Command::new(env::var_os("CARGO").expect("run by cargo"))
        .args(["metadata", "--locked", "--format-version=1", "--filter-platform"])
        .arg(env::var_os("TARGET").expect("run by cargo"))
        .output()
        .expect("`cargo metadata` starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {complaint}");
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}
