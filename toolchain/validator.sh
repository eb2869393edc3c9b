#!/usr/bin/env bash
# validator.sh [FOLDER]: builds the real test validator from its published crate and puts it under FOLDER/bin (target/validator).
# Takes a quarter of an hour on two idle cores, and 8 GB on the disk. Run again, it does nothing if it is there.
#
# Nothing needs it: tests and `backstop localnet` run on a local cluster of another make. It is for those who want to see the same on
# the validator itself. Needs Debian 12 and cargo; the prices there are written by programs/price-writer.
set -euo pipefail

version=4.2.2
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
mkdir -p "${1:-$repository/target/validator}"
folder=$(cd "${1:-$repository/target/validator}" && pwd -P)

# librocksdb-dev: the ledger's database, which would take longer to compile than all the rest. libclang-dev: reads its headers.
packages=(librocksdb-dev libclang-dev libssl-dev pkg-config protobuf-compiler)
if [ "$(dpkg-query -W -f '${db:Status-Status}\n' "${packages[@]}" 2>/dev/null | grep -c '^installed$')" != "${#packages[@]}" ]; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi

libraries=/usr/lib/$(cc -print-multiarch)
unset CARGO_TARGET_DIR
ROCKSDB_LIB_DIR=$libraries ROCKSDB_INCLUDE_DIR=/usr/include CARGO_PROFILE_RELEASE_DEBUG=0 \
  cargo install --locked --root "$folder" --target-dir "$folder/build" \
  --bin solana-test-validator "agave-validator@$version" >&2
echo "$folder/bin/solana-test-validator"
