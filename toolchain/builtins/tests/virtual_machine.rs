//! Compares 128-bit arithmetic inside the virtual machine with the host's, and what it costs with what it may.
//! Needs the toolchain: `cargo xtask test` runs this with `--ignored`.

use std::path::{Path, PathBuf};
use std::process::Command;

use litesvm::LiteSVM;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::Message;
use solana_signer::Signer;
use solana_transaction::Transaction;

/// What the probe does with a pair, the same on the host, and its name.
type Operation = (u8, fn(u128, u128) -> u128, &'static str);

const OPERATIONS: [Operation; 11] = [
    (1, |a, b| a.wrapping_mul(b), "a * b, wrapping"),
    (2, |a, b| a / b, "a / b"),
    (3, |a, b| a % b, "a % b"),
    (4, |a, b| (a as i128).wrapping_div(b as i128) as u128, "a / b, signed"),
    (5, |a, b| (a as i128).wrapping_rem(b as i128) as u128, "a % b, signed"),
    (6, |a, b| a << (b & 127), "a << b"),
    (7, |a, b| a >> (b & 127), "a >> b"),
    (8, |a, b| ((a as i128) >> (b & 127)) as u128, "a >> b, signed"),
    (9, |a, b| a.saturating_mul(b), "a * b, checked"),
    (10, |a, b| (a as i128).checked_mul(b as i128).unwrap_or(i128::MAX) as u128, "a * b, checked, signed"),
    (12, |a, _| a.leading_zeros().into(), "leading zeros"),
];

/// Pairs in one transaction.
const BATCH: usize = 30;

struct Probe {
    svm: LiteSVM,
    payer: Keypair,
    address: Address,
}

impl Probe {
    fn new() -> Self {
        let toolchain = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let built = Command::new(toolchain.join("build.sh")).arg(toolchain.join("probe")).output().unwrap();
        assert!(built.status.success(), "the probe does not build: {}", String::from_utf8_lossy(&built.stderr));
        let program = PathBuf::from(String::from_utf8(built.stdout).unwrap().trim());

        let (mut svm, payer, address) = (LiteSVM::new(), Keypair::new(), Address::new_unique());
        svm.airdrop(&payer.pubkey(), 1_000_000_000_000).unwrap();
        svm.add_program_from_file(address, program).unwrap();
        Self { svm, payer, address }
    }

    /// The results of one operation, and the compute units it took.
    fn run(&mut self, operation: u8, pairs: &[(u128, u128)]) -> Result<(Vec<u128>, u64), String> {
        let mut data = vec![operation];
        for (a, b) in pairs {
            data.extend(a.to_le_bytes());
            data.extend(b.to_le_bytes());
        }
        self.svm.expire_blockhash();
        let instruction = Instruction { program_id: self.address, accounts: vec![], data };
        let message = Message::new(&[instruction], Some(&self.payer.pubkey()));
        let transaction = Transaction::new(&[&self.payer], message, self.svm.latest_blockhash());
        let done = self.svm.send_transaction(transaction).map_err(|failed| failed.meta.logs.join("\n"))?;
        // The runtime cuts trailing zeros off the return data.
        let mut returned = done.return_data.data;
        returned.resize(pairs.len() * 16, 0);
        let results = returned.chunks_exact(16).map(|bytes| u128::from_le_bytes(bytes.try_into().unwrap()));
        Ok((results.collect(), done.compute_units_consumed))
    }

    /// What one operation costs, the operands' way in and out not counted.
    fn cost(&mut self, operation: u8, a: u128, b: u128) -> u64 {
        let pairs = [(a, b); BATCH];
        let (_, nothing) = self.run(0, &pairs).unwrap();
        let (_, whole) = self.run(operation, &pairs).unwrap();
        (whole - nothing) / BATCH as u64
    }
}

/// Numbers at which a carry, a shift or an estimate changes, and random ones of every length.
fn pairs() -> Vec<(u128, u128)> {
    let edges: Vec<u128> = (0..128_u32)
        .step_by(3)
        .map(|bit| 1_u128 << bit)
        .flat_map(|power| [power.wrapping_sub(1), power, power + 1, power.wrapping_neg(), !power])
        .collect();
    let mut pairs: Vec<_> = edges.iter().flat_map(|a| edges.iter().map(|b| (*a, *b))).collect();

    let mut state = 88_172_645_463_325_252_u128;
    let mut next = || {
        state = state.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(0x5851_f42d_4c95_7f2d);
        (state ^ (state >> 61)) >> (state >> 121)
    };
    pairs.extend((0..20_000).map(|_| (next(), next())));
    pairs.retain(|(_, b)| *b != 0);
    pairs
}

#[test]
#[ignore = "needs toolchain/install.sh; `cargo xtask test` runs it"]
fn agrees_with_the_host() {
    let mut probe = Probe::new();
    for (operation, host, name) in OPERATIONS {
        for batch in pairs().chunks(BATCH) {
            let (results, _) = probe.run(operation, batch).unwrap();
            for ((a, b), result) in batch.iter().zip(results) {
                assert_eq!(result, host(*a, *b), "{name} for a = {a:#x}, b = {b:#x}");
            }
        }
    }
}

#[test]
#[ignore = "needs toolchain/install.sh; `cargo xtask test` runs it"]
fn costs_no_more_than_it_may() {
    let mut probe = Probe::new();
    let wad = 10_u128.pow(18);
    let price_list = [
        (1, wad * wad, wad * 7 + 3, 45, "product"),
        (2, wad * 9, wad / 7, 25, "quotient of two numbers under 2^64"),
        (2, wad * 10_u128.pow(12), 10_000, 45, "quotient by a number under 2^32"),
        (2, wad * wad, wad, 130, "quotient by a number under 2^64"),
        (2, u128::MAX / 3, wad * wad, 220, "quotient by a number over 2^64"),
    ];
    for (operation, a, b, limit, name) in price_list {
        let cost = probe.cost(operation, a, b);
        println!("{name}: {cost} compute units");
        assert!(cost <= limit, "{name}: {cost} compute units, more than {limit}");
    }
}

#[test]
#[ignore = "needs toolchain/install.sh; `cargo xtask test` runs it"]
fn a_panic_fails_the_transaction() {
    let mut probe = Probe::new();
    for (operation, a, b, why) in
        [(2, 1, 0, "division by zero"), (13, 1 << 100, 1 << 100, "overflow"), (99, 0, 0, "panic!")]
    {
        let logs = probe.run(operation, &[(a, b)]).unwrap_err();
        assert!(logs.contains("SBF program panicked"), "{why}: {logs}");
    }
}
