//! The engine as WebAssembly, made with Debian's compiler: `toolchain/install.sh` has what this needs.

use crate::repository::root;
use crate::run::{self, Outcome, command};

/// The compiler, whose package has the standard library's source, which is compiled for WebAssembly with the engine.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const LINKER: &str = "/usr/bin/wasm-ld-19";
const TARGET: &str = "wasm32-unknown-unknown";

/// Builds `crates/wasm` and returns the module.
pub(crate) fn build() -> Outcome<Vec<u8>> {
    let target = root().join("target/wasm");
    let home = run::output(command("sh").args(["-c", "cd \"${CARGO_HOME:-$HOME/.cargo}\" && pwd -P"]))?;
    let flags = [
        format!("-Clinker={LINKER}"),
        // What would panic traps: no message, and nothing that formats one.
        "-Zunstable-options".into(),
        "-Cpanic=immediate-abort".into(),
        format!("--remap-path-prefix={}/registry/src=/crates", home.trim()),
        format!("--remap-path-prefix={}=/backstop", root().display()),
    ];
    run::run(
        command(CARGO)
            .args(["build", "--quiet", "--locked", "--package", "backstop-wasm", "--profile", "wasm", "--lib"])
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
            .args(["--target", TARGET, "--target-dir"])
            .arg(&target)
            .env("RUSTC", RUSTC)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            // Features that only other crates of the workspace ask for must not come in.
            .env_remove("CARGO_RESOLVER_FEATURE_UNIFICATION")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("RUSTC_WRAPPER"),
    )?;
    run::read(&target.join(TARGET).join("wasm/backstop_wasm.wasm"))
}

/// The versions of what turns the sources into bytes.
pub(crate) fn tools() -> Outcome<String> {
    let package =
        run::output(command("dpkg-query").args(["-W", "-f", "${Package} ${Version}, ", "rustc-web", "lld-19"]))
            .map_err(|error| format!("{error}: run toolchain/install.sh"))?;
    Ok(package.trim_end_matches([',', ' ']).to_owned())
}
