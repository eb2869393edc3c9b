//! Where the tests start: pools, and a vault of Dana's that has money to lend.

use backstop_client::{
    PROGRAM_ID, address,
    verb::{self, MarketRoles, PoolKey},
};
use backstop_testkit::{Failure, Receipt, Setup, World};
use sha2::{Digest, Sha256};
use solana_address::{Address, address as at};
use solana_instruction::{AccountMeta, Instruction};

/// Base units of a USDC.
pub(crate) const USDC: u64 = 1_000_000;
/// Base units of a SOL.
pub(crate) const SOL: u64 = 1_000_000_000;
/// All there is.
pub(crate) const ALL: u64 = u64::MAX;

const CALLER: Address = at!("CaLLer1111111111111111111111111111111111111");
const BUILT_CALLER: &[u8] = include_bytes!("../../artifacts/caller.so");

/// Names of the vault's errors, by their codes.
pub(crate) const WRONG_MANAGER: &str = "Custom(12000)";
pub(crate) const WRONG_TOKEN_ACCOUNT: &str = "Custom(12001)";
pub(crate) const WRONG_POOL: &str = "Custom(12002)";
pub(crate) const WRONG_POSITION: &str = "Custom(12003)";
pub(crate) const UNPRICEABLE: &str = "Custom(12004)";

/// The accounts of an instruction of the vault's program, by position.
pub(crate) mod open {
    pub(crate) const TOKENS: usize = 2;
    pub(crate) const POSITION: usize = 4;
    pub(crate) const BACKSTOP: usize = 5;
}

/// The accounts of everything that moves money.
pub(crate) mod lend {
    pub(crate) const MANAGER: usize = 0;
    pub(crate) const VAULT: usize = 1;
    pub(crate) const TOKENS: usize = 2;
    pub(crate) const POOL: usize = 3;
    pub(crate) const POSITION: usize = 4;
    pub(crate) const POOL_VAULT: usize = 5;
    pub(crate) const MINT: usize = 6;
    pub(crate) const TOKEN_PROGRAM: usize = 7;
    pub(crate) const BACKSTOP: usize = 8;
}

/// The accounts of a valuation.
pub(crate) mod value {
    pub(crate) const POOL: usize = 1;
    pub(crate) const POSITION: usize = 2;
}

/// A vault, by its addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vault {
    pub(crate) pool: PoolKey,
    pub(crate) manager: Address,
    pub(crate) address: Address,
    pub(crate) tokens: Address,
    pub(crate) position: Address,
}

/// A world with the vault's program, before any vault is open.
pub(crate) fn world(setup: Setup) -> World {
    let mut world = World::new(setup);
    let caller = std::env::var_os("CALLER_PROGRAM").map(|path| std::fs::read(path).unwrap());
    world.add_program(CALLER, caller.as_deref().unwrap_or(BUILT_CALLER));
    world
}

/// Dana's vault has 1,000 and has lent nothing.
pub(crate) fn vault(setup: Setup) -> (World, Vault) {
    let mut world = world(setup);
    let vault = Vault::of(&mut world, "dana", 1_000 * USDC);
    world.execute(vault.open(), &["dana"]).unwrap();
    (world, vault)
}

/// Alice has lent 600, and Dana's vault 400 of its 1,000.
pub(crate) fn lent(setup: Setup) -> (World, Vault) {
    let (mut world, vault) = vault(setup);
    world.deposit("alice", 600 * USDC).unwrap();
    world.execute(vault.deposit(400 * USDC, 0), &["dana"]).unwrap();
    (world, vault)
}

/// The same, then Bob borrowed 200 against 10 SOL, which fell from 30 to 10 USD: he owes 200 against 100.
pub(crate) fn underwater(setup: Setup) -> (World, Vault) {
    let (mut world, vault) = lent(setup);
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.set_dollars("SOL", 10);
    (world, vault)
}

/// The same, and Liz took all that Bob had for 100: the other 100 are lost, and nobody insured them.
pub(crate) fn lost(setup: Setup) -> (World, Vault) {
    let (mut world, vault) = underwater(setup);
    world.liquidate("liz", "bob", "SOL", u64::MAX).unwrap();
    (world, vault)
}

impl Vault {
    /// The vault of this manager in the world's pool, not open yet, with a token account that holds this much.
    pub(crate) fn of(world: &mut World, manager: &str, units: u64) -> Self {
        let pool = *world.key();
        Self::in_pool(world, pool, manager, units)
    }

    /// The same, in another pool.
    pub(crate) fn in_pool(world: &mut World, pool: PoolKey, manager: &str, units: u64) -> Self {
        let manager = world.actor(manager);
        let address = Address::find_program_address(&[b"vault", pool.pool.as_ref(), manager.as_ref()], &CALLER).0;
        let tokens = Address::find_program_address(&[b"tokens", address.as_ref()], &CALLER).0;
        put_tokens(world, tokens, address, units);
        Self { pool, manager, address, tokens, position: address::position(&pool.pool, &address) }
    }

    pub(crate) fn open(&self) -> Instruction {
        let accounts = vec![
            AccountMeta::new(self.manager, true),
            AccountMeta::new(self.address, false),
            AccountMeta::new_readonly(self.tokens, false),
            AccountMeta::new_readonly(self.pool.pool, false),
            AccountMeta::new(self.position, false),
            AccountMeta::new_readonly(PROGRAM_ID, false),
            AccountMeta::new_readonly(Address::default(), false),
        ];
        instruction("open", accounts, &[])
    }

    pub(crate) fn deposit(&self, max_assets: u64, min_shares: u64) -> Instruction {
        self.lend("deposit", &[max_assets, min_shares])
    }

    pub(crate) fn withdraw(&self, shares: u64, min_assets: u64) -> Instruction {
        self.lend("withdraw", &[shares, min_assets])
    }

    pub(crate) fn request_withdrawal(&self, shares: u64) -> Instruction {
        self.lend("request_withdrawal", &[shares])
    }

    pub(crate) fn collect(&self) -> Instruction {
        self.lend("collect", &[])
    }

    /// Claims of the loss with this number, whose claim account anyone opens first.
    pub(crate) fn claim(&self, world: &mut World, loss: u32, min_assets: u64) -> Instruction {
        world.open_claim(self.position, loss).unwrap();
        let key = &self.pool;
        let accounts = vec![
            AccountMeta::new_readonly(self.manager, true),
            AccountMeta::new_readonly(self.address, false),
            AccountMeta::new(self.tokens, false),
            AccountMeta::new(key.pool, false),
            AccountMeta::new_readonly(key.loss_book, false),
            AccountMeta::new_readonly(self.position, false),
            AccountMeta::new(address::claim(&self.position, loss), false),
            AccountMeta::new(key.vault, false),
            AccountMeta::new_readonly(key.mint, false),
            AccountMeta::new_readonly(verb::TOKEN_PROGRAM, false),
            AccountMeta::new_readonly(PROGRAM_ID, false),
        ];
        instruction("claim", accounts, &[min_assets])
    }

    fn lend(&self, name: &str, arguments: &[u64]) -> Instruction {
        let key = &self.pool;
        let accounts = vec![
            AccountMeta::new_readonly(self.manager, true),
            AccountMeta::new_readonly(self.address, false),
            AccountMeta::new(self.tokens, false),
            AccountMeta::new(key.pool, false),
            AccountMeta::new(self.position, false),
            AccountMeta::new(key.vault, false),
            AccountMeta::new_readonly(key.mint, false),
            AccountMeta::new_readonly(verb::TOKEN_PROGRAM, false),
            AccountMeta::new_readonly(PROGRAM_ID, false),
        ];
        instruction(name, accounts, arguments)
    }

    pub(crate) fn value_instruction(&self) -> Instruction {
        let accounts = [self.address, self.pool.pool, self.position];
        instruction("value", accounts.map(|account| AccountMeta::new_readonly(account, false)).to_vec(), &[])
    }

    /// What the program says that the vault's position is worth.
    pub(crate) fn value(&self, world: &mut World) -> u64 {
        let returned = world.returned(self.value_instruction()).unwrap();
        u64::from_le_bytes(returned.try_into().unwrap())
    }

    /// What the vault has and has not lent.
    pub(crate) fn idle(&self, world: &World) -> u64 {
        world.balance_at(&self.tokens)
    }

    /// The shares of the vault's position.
    pub(crate) fn shares(&self, world: &World) -> u64 {
        world.position_of(&self.address).unwrap().holder.shares
    }
}

/// A pool of the same token in another market, of Mallory's.
pub(crate) fn another_pool(world: &mut World) -> PoolKey {
    let (payer, mallory) = (world.payer(), world.actor("mallory"));
    let key = PoolKey::new(address::market(&mallory, 1), world.key().mint);
    let roles = MarketRoles { authority: mallory, guardian: mallory, treasury: mallory, timelock_seconds: 86_400 };
    let create = verb::create_pool(&key, mallory, payer, &world.price_accounts("USDC"), world.pool().parameters);
    world.execute_all(&[verb::create_market(&roles, payer, 1), create], &["mallory"]).unwrap();
    key
}

/// Backstop's program at another address: Mallory's.
pub(crate) fn impostor(world: &mut World) -> Address {
    let address = world.actor("mallory program");
    world.add_program(address, include_bytes!("../../artifacts/backstop.so"));
    address
}

/// Puts a token account in place that belongs to this owner.
fn put_tokens(world: &mut World, address: Address, owner: Address, units: u64) {
    world.set_balance("mint", "USDC", units);
    let template = world.wallet("mint", "USDC");
    let mut account = world.account(&template).unwrap();
    account.data[32..64].copy_from_slice(owner.as_ref());
    world.set_account(address, account);
}

/// The same instruction with another account in a place.
pub(crate) fn with(mut instruction: Instruction, place: usize, account: Address) -> Instruction {
    instruction.accounts[place].pubkey = account;
    instruction
}

/// Checks that Dana's instruction is refused with this error, and that nothing happened.
#[track_caller]
pub(crate) fn refused(world: &mut World, instruction: Instruction, error: &str) {
    let before = world.pool();
    backstop_testkit::assert_error(world.execute(instruction, &["dana"]), error);
    assert_eq!(world.pool(), before);
}

/// Executes Dana's instruction.
pub(crate) fn execute(world: &mut World, instruction: Instruction) -> Result<Receipt, Failure> {
    world.execute(instruction, &["dana"])
}

fn instruction(name: &str, accounts: Vec<AccountMeta>, arguments: &[u64]) -> Instruction {
    let mut data = Sha256::digest(format!("global:{name}"))[..8].to_vec();
    data.extend(arguments.iter().flat_map(|argument| argument.to_le_bytes()));
    Instruction { program_id: CALLER, accounts, data }
}
