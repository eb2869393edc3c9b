#!/usr/bin/env bash
# validator.sh [FOLDER]: builds the real test validator from its published crate, puts it under FOLDER/bin
# (target/validator), and prints where it is. Takes three quarters of an hour on two idle cores. Run again, it does
# nothing.
#
# Nothing needs it: tests and `backstop localnet` run on a local cluster of another make. It is for those who want to
# see the same on the validator itself; toolchain/README.md says how to start it. Needs Debian 12 or newer, and cargo.
set -euo pipefail

version=4.2.2
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
mkdir -p "${1:-$repository/target/validator}"
folder=$(cd "${1:-$repository/target/validator}" && pwd -P)

# The ledger's database, RocksDB, is compiled from the source in its crate: Debian 12 has one that is too old.
packages=(g++ libclang-dev libssl-dev pkg-config protobuf-compiler)
installed=$(dpkg-query -W -f '${db:Status-Status}\n' "${packages[@]}" 2>/dev/null | grep -c '^installed$' || true)
if [ "$installed" != "${#packages[@]}" ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi

# A dependency asks rustup for an old compiler. This makes all of them use this repository's.
cd "$repository"
if command -v rustup >/dev/null; then
  export RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-$(rustup show active-toolchain | cut -d' ' -f1)}
fi
CARGO_PROFILE_RELEASE_DEBUG=0 cargo install --locked --root "$folder" --target-dir "$folder/build" \
  --bin solana-test-validator "agave-validator@$version" >&2
echo "$folder/bin/solana-test-validator"
