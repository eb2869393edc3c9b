//! The programs of the repository. They share a workspace: `programs`.

use std::path::PathBuf;

use crate::repository::root;

/// A program: `programs/<name>`, and `artifacts/<name>.so` once it is built.
pub(crate) struct Program {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether it goes on chain, so that anyone must be able to make the same bytes from the sources. What is only
    /// tested may differ in the order of its constants, which follows from the folder that it is built in.
    pub(crate) deployed: bool,
    /// What it is built from besides its own folder: files, and folders with everything git knows in them. The host
    /// workspace's Cargo.toml gives the engine no more than its edition, and changes with every dependency of the host
    /// crates, so it is left to the comparison of bytes.
    pub(crate) dependencies: &'static [&'static str],
}

/// Backstop, then the programs that stand around it.
pub(crate) const ALL: [Program; 3] = [
    Program {
        name: "backstop",
        deployed: true,
        dependencies: &[
            "crates/engine/Cargo.toml",
            "crates/engine/src",
            "crates/oracle/Cargo.toml",
            "crates/oracle/src",
        ],
    },
    Program {
        name: "caller",
        deployed: false,
        dependencies: &["crates/engine/Cargo.toml", "crates/engine/src", "idl/backstop.json"],
    },
    Program { name: "price-writer", deployed: false, dependencies: &[] },
];

impl Program {
    /// Its folder, from the root of the repository.
    pub(crate) fn folder(&self) -> String {
        format!("programs/{}", self.name)
    }

    /// Where the toolchain puts it.
    pub(crate) fn built(&self) -> PathBuf {
        root().join(format!("target/sbf/sbpf/release/lib{}.so", self.name.replace('-', "_")))
    }

    /// Where it is committed, from the root of the repository.
    pub(crate) fn committed(&self) -> String {
        format!("artifacts/{}.so", self.name)
    }
}
