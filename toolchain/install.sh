#!/usr/bin/env bash
# Installs the tools that build.sh needs. Every step looks first whether its result is complete, and a result
# appears under its final name only once it is. Needs Debian 12 on x86-64, and cargo.
set -euo pipefail

linker_version=0.2.6
home=${SBF_HOME:-$HOME/.local/share/sbf}
mkdir -p "$home"

if [ "$(uname -m)" != x86_64 ] || ! command -v apt-get >/dev/null; then
  echo "This toolchain is made of Debian packages for x86-64. Elsewhere, use \`cargo build-sbf --arch v3\`: see toolchain/README.md." >&2
  exit 1
fi

# One installation at a time.
exec 9>"$home/lock"
flock 9

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -n "$@"
  else
    echo "Run this as root, then try again: $*" >&2
    exit 1
  fi
}

# 1. A compiler, and the source of its standard library in the same version.
packages=(rustc-web cargo-web rust-web-src lld-19)
if ! dpkg-query -W -f '${db:Status-Status}\n' "${packages[@]}" 2>/dev/null | grep -c '^installed$' | grep -qx 4; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi

# 2. A copy of that source with one line added: std knows no least alignment for BPF's heap.
version=$(/usr/bin/rustc --version | cut -d' ' -f2)
if ! [ -d "$home/rust-src-$version" ]; then
  rm -rf "$home/rust-src.part"
  mkdir "$home/rust-src.part"
  cp -rL /usr/lib/rustlib/src/rust/library "$home/rust-src.part/library"
  patched=$home/rust-src.part/library/std/src/sys/alloc/mod.rs
  sed -i 's/    target_arch = "riscv64",/&\n    target_arch = "bpf",/' "$patched"
  if ! grep -q 'target_arch = "bpf"' "$patched"; then
    echo "The standard library of rustc $version is laid out differently: $patched." >&2
    exit 1
  fi
  mv "$home/rust-src.part" "$home/rust-src-$version"
fi

# 3. LLVM 23 and the libraries it needs, unpacked beside the system and never installed into it.
if ! [ -s "$home/llvm/VERSION" ]; then
  part=$home/llvm.part
  rm -rf "$part"
  mkdir -p "$part/lists/partial" "$part/cache/archives/partial" "$part/llvm"
  mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\).*/\2/p' \
    $(ls /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null) | head -n 1)
  if [ -z "$mirror" ]; then
    echo "No Debian mirror in /etc/apt/sources.list.d/debian.sources or /etc/apt/sources.list." >&2
    exit 1
  fi
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$part/sources.list"
  options=(-qq -o Dir::Etc::sourcelist="$part/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::lists="$part/lists" -o Dir::Cache="$part/cache" -o APT::Sandbox::User=)
  apt-get "${options[@]}" update
  (cd "$part" && apt-get "${options[@]}" download libllvm23 libc6 libstdc++6 libgcc-s1 zlib1g libzstd1 libffi8 \
    libedit2 libtinfo6 libbsd0 libmd0 libxml2-16 liblzma5 libz3-4)
  for package in "$part"/*.deb; do dpkg-deb -x "$package" "$part/llvm"; done
  dpkg-deb -f "$part"/libllvm23_*.deb Version >"$part/llvm/VERSION"
  rm -rf "$home/llvm"
  mv "$part/llvm" "$home/llvm"
  rm -rf "$part"
fi

# 4. The linker, from BPF bitcode to an sBPF program. Cargo itself moves the finished binary into place.
if [ "$(sed -n 's/^"sbpf-linker \([^ ]*\) .*/\1/p' "$home/.crates.toml" 2>/dev/null || true)" != "$linker_version" ] ||
  ! [ -x "$home/bin/sbpf-linker" ]; then
  cargo install --quiet --locked --force --root "$home" "sbpf-linker@$linker_version"
fi
