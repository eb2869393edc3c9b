#!/usr/bin/env bash
# build.sh [FOLDER [TARGET]]: builds the program crate in FOLDER (programs/backstop) and prints where it is.
# build.sh --versions: what the bytes depend on besides the sources, one `name=version` a line.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
repository=${here%/*}
export SBF_HOME=${SBF_HOME:-$HOME/.local/share/sbf}

if [ "${1:-}" = --versions ]; then
  echo "rustc=$(/usr/bin/rustc --version) $(dpkg-query -W -f '${Version}' rustc-web)"
  echo "cargo=$(/usr/bin/cargo --version)"
  echo "llvm=$(cat "$SBF_HOME/llvm/VERSION")"
  echo "sbpf-linker=$(sed -n 's/^"sbpf-linker \([^ ]*\) .*/\1/p' "$SBF_HOME/.crates.toml")"
  exit 0
fi

folder=$(cd "${1:-$repository/programs/backstop}" && pwd -P)
mkdir -p "${2:-$repository/target/sbf}"
target=$(cd "${2:-$repository/target/sbf}" && pwd -P)
cargo_home=$(cd "${CARGO_HOME:-$HOME/.cargo}" && pwd -P)
library=$SBF_HOME/rust-src-$(/usr/bin/rustc --version | cut -d' ' -f2)/library
SBF_PROGRAM=$(sed -n 's/^name = "\(.*\)"/\1/p' "$folder/Cargo.toml" | head -n 1)
export SBF_PROGRAM=${SBF_PROGRAM//-/_} SBF_REPOSITORY=$repository SBF_LIBRARY=$library

# Without this line the program links all the same, and its first 128-bit product reads a wild address.
grep -q 'use backstop_builtins as _;' "$folder/src/lib.rs" ||
  { echo "$folder/src/lib.rs must say: #[cfg(backstop_distro_toolchain)] use backstop_builtins as _;" >&2; exit 1; }

flags=(
  --cfg 'target_os="solana"' -A explicit_builtin_cfgs_in_flags
  --cfg backstop_distro_toolchain
  -C "linker=$here/linker"
  -C link-arg=--arch=v3
  -C link-arg=--llvm-args=--bpf-stack-size=4096
  -C link-arg=--llvm-args=-inline-threshold=325
  -C link-arg=--llvm-args=--disable-movsx -C link-arg=--llvm-args=--disable-ldsx
  "--remap-path-prefix=$cargo_home/registry/src=/crates"
  "--remap-path-prefix=$library=/rust"
  "--remap-path-prefix=$repository=/backstop"
  "--remap-path-prefix=$target=/target"
)
encoded=$(printf '%s\x1f' "${flags[@]}")

cd "$folder"
unset RUSTFLAGS RUSTC_WORKSPACE_WRAPPER RUSTUP_TOOLCHAIN
CARGO_ENCODED_RUSTFLAGS=${encoded%?} RUSTC=/usr/bin/rustc RUSTC_WRAPPER=$here/rustc \
  RUSTC_BOOTSTRAP=1 RUSTC_BOOTSTRAP_SYNTHETIC_TARGET=1 __CARGO_TESTS_ONLY_SRC_ROOT=$library \
  /usr/bin/cargo build --quiet --locked --release --lib -Zbuild-std=std -Zjson-target-spec \
  --target "$here/sbpf.json" --target-dir "$target" >&2
echo "$target/sbpf/release/lib$SBF_PROGRAM.so"
