//! Which mints can be listed, and that every transfer of a Token-2022 token arrives to the unit. The mints are made by
//! the Token-2022 program itself; what it never makes is written byte for byte.

use backstop_client::verb::{self, ALL, CollateralKey, PoolKey, TOKEN_2022_PROGRAM, TOKEN_PROGRAM};
use backstop_testkit::{Extension, Setup, World, assert_error};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use crate::{fixtures::*, tampering::*};

/// Every extension that is refused, alone or with what it needs, and the error that names it.
fn refused_extensions() -> Vec<(Vec<Extension>, &'static str)> {
    use Extension::*;
    vec![
        (vec![TransferFee(100)], "TransferFeeExtension"),
        (vec![TransferFee(0)], "TransferFeeExtension"),
        (vec![TransferHook], "TransferHookExtension"),
        (vec![PermanentDelegate], "PermanentDelegateExtension"),
        (vec![DefaultAccountState { frozen: true }], "DefaultAccountStateExtension"),
        (vec![DefaultAccountState { frozen: false }], "DefaultAccountStateExtension"),
        (vec![ConfidentialTransfer], "ConfidentialTransferExtension"),
        (vec![ConfidentialTransferFee, TransferFee(0), ConfidentialTransfer], "ConfidentialTransferExtension"),
        (vec![ConfidentialMintBurn, ConfidentialTransfer], "ConfidentialTransferExtension"),
        (vec![NonTransferable], "NonTransferableExtension"),
        (vec![MintCloseAuthority], "MintCloseAuthorityExtension"),
        (vec![InterestBearing], "InterestBearingExtension"),
        (vec![ScaledUiAmount], "ScaledUiAmountExtension"),
        (vec![Pausable], "PausableExtension"),
        (vec![PermissionedBurn], "UnknownExtension"),
    ]
}

/// Every extension that is harmless, with what it needs.
fn harmless_extensions() -> Vec<Vec<Extension>> {
    use Extension::*;
    vec![
        vec![],
        vec![MetadataPointer],
        vec![MetadataPointer, TokenMetadata],
        vec![GroupPointer],
        vec![GroupPointer, TokenGroup],
        vec![GroupMemberPointer],
        vec![GroupMemberPointer, TokenGroupMember],
        vec![MetadataPointer, GroupPointer, GroupMemberPointer, TokenMetadata, TokenGroup, TokenGroupMember],
    ]
}

/// The instruction that creates a mint's pool in the DAO's market.
fn create_of(world: &mut World, mint: Address, program: Address) -> Instruction {
    let key = PoolKey::new(world.key().market, mint).with_token_program(program);
    let (dao, payer) = (world.actor("dao"), world.payer());
    let price = world.price_accounts("USDC");
    verb::create_pool(&key, dao, payer, &price, world.pool().parameters)
}

/// The instruction that lists a mint as collateral of the DAO's pool.
fn add_of(world: &mut World, mint: Address, program: Address) -> Instruction {
    let key = CollateralKey::new(&world.key().pool, mint).with_token_program(program);
    let (dao, payer) = (world.actor("dao"), world.payer());
    let price = world.price_accounts("SOL");
    verb::add_collateral(world.key(), &key, dao, payer, &price, world.collateral("SOL").parameters)
}

/// Checks that a mint of Token-2022 is refused with this error, as liquidity and as collateral.
#[track_caller]
fn unlistable(world: &mut World, mint: Address, error: &str) {
    let (create, add) = (create_of(world, mint, TOKEN_2022_PROGRAM), add_of(world, mint, TOKEN_2022_PROGRAM));
    refused(world, create, &["dao"], error);
    refused(world, add, &["dao"], error);
}

/// Checks that a mint of Token-2022 can be listed, as liquidity and as collateral.
#[track_caller]
fn listable(world: &mut World, mint: Address) {
    let (create, add) = (create_of(world, mint, TOKEN_2022_PROGRAM), add_of(world, mint, TOKEN_2022_PROGRAM));
    let vaults = [create.address_of("vault"), add.address_of("vault")];
    world.execute_all(&[create, add], &["dao"]).unwrap();
    for vault in vaults {
        let account = world.account(&vault).unwrap();
        assert_eq!((account.owner, account.data.len()), (TOKEN_2022_PROGRAM, 165));
    }
}

/// A world, and a mint of Token-2022 without extensions to change by hand.
fn plain() -> (World, Account) {
    let mut world = World::new(Setup::default());
    let mint = world.create_mint("plain", 6, &[]).unwrap();
    let account = world.account(&mint).unwrap();
    assert_eq!((account.owner, account.data.len()), (TOKEN_2022_PROGRAM, 82));
    (world, account)
}

/// The mint with bytes where extensions are: 83 zeros, the kind of account, the extensions.
fn extended(plain: &Account, kind: u8, extensions: &[u8]) -> Account {
    let mut account = plain.clone();
    account.data.resize(165, 0);
    account.data.push(kind);
    account.data.extend(extensions);
    account
}

/// Puts a mint that was changed by hand into the world.
fn put(world: &mut World, account: Account) -> Address {
    let address = Address::new_from_array([71; 32]);
    world.set_account(address, account);
    address
}

/// A mint whose list of extensions is these bytes.
fn listing(world: &mut World, plain: &Account, extensions: &[u8]) -> Address {
    put(world, extended(plain, 1, extensions))
}

/// An instruction of Token-2022 that the payer signs, for a mint.
fn of_authority(world: &World, mint: Address, data: &[u8]) -> Instruction {
    let accounts = vec![AccountMeta::new(mint, false), AccountMeta::new_readonly(world.payer(), true)];
    Instruction { program_id: TOKEN_2022_PROGRAM, accounts, data: data.to_vec() }
}

#[test]
fn rejects_each_extension_that_is_not_harmless() {
    let mut world = World::new(Setup::default());
    for (index, (extensions, error)) in refused_extensions().into_iter().enumerate() {
        println!("{extensions:?}");
        let mint = world.create_mint(&format!("refused {index}"), 6, &extensions).unwrap();
        unlistable(&mut world, mint, error);
    }
}

#[test]
fn rejects_it_behind_harmless_ones() {
    let mut world = World::new(Setup::default());
    for (index, (extensions, error)) in refused_extensions().into_iter().enumerate() {
        println!("{extensions:?}");
        let harmless = [Extension::MetadataPointer, Extension::GroupPointer];
        let all = [&harmless[..], &extensions, &[Extension::TokenMetadata, Extension::TokenGroup]].concat();
        let mint = world.create_mint(&format!("refused {index}"), 6, &all).unwrap();
        unlistable(&mut world, mint, error);
    }
}

#[test]
fn rejects_every_number_that_is_not_of_a_harmless_extension() {
    let (mut world, plain) = plain();
    // Given one entry of four bytes, of each number that a byte can tell, and of some that it cannot
    for number in (0..=255).chain([256, 18 << 8, u16::MAX]) {
        let [low, high] = number.to_le_bytes();
        let mint = listing(&mut world, &plain, &[low, high, 4, 0, 1, 2, 3, 4]);
        let add = add_of(&mut world, mint, TOKEN_2022_PROGRAM);
        let error = match number {
            1 => "TransferFeeExtension",
            3 => "MintCloseAuthorityExtension",
            4 | 16 | 24 => "ConfidentialTransferExtension",
            6 => "DefaultAccountStateExtension",
            9 => "NonTransferableExtension",
            10 => "InterestBearingExtension",
            12 => "PermanentDelegateExtension",
            14 => "TransferHookExtension",
            18..=23 => continue,
            25 => "ScaledUiAmountExtension",
            26 => "PausableExtension",
            _ => "UnknownExtension",
        };
        println!("{number}");
        refused(&mut world, add, &["dao"], error);
    }
}

#[test]
fn rejects_list_that_cannot_be_read() {
    let (mut world, plain) = plain();
    let cases: [(&str, &[u8]); 10] = [
        ("half a number", &[18]),
        ("a number", &[18, 0]),
        ("a number and half a length", &[18, 0, 1]),
        ("a length, and nothing", &[18, 0, 1, 0]),
        ("a byte less than the length", &[18, 0, 4, 0, 1, 2, 3]),
        ("the greatest length", &[18, 0, 255, 255, 1, 2, 3]),
        ("half a number behind an entry", &[18, 0, 1, 0, 7, 19]),
        ("a byte less than the length behind an entry", &[18, 0, 1, 0, 7, 19, 0, 2, 0, 9]),
        ("an entry behind the end", &[18, 0, 1, 0, 7, 0, 0, 0, 0, 19, 0, 0, 0]),
        ("a byte behind the end", &[0, 0, 0, 0, 0, 0, 1]),
    ];
    for (what, extensions) in cases {
        println!("{what}");
        let mint = listing(&mut world, &plain, extensions);
        unlistable(&mut world, mint, "UnknownExtension");
    }
}

#[test]
fn rejects_mint_cut_short_anywhere() {
    // Given a mint with every harmless extension
    let mut world = World::new(Setup::default());
    let all = harmless_extensions().pop().unwrap();
    let whole = world.create_mint("whole", 6, &all).map(|mint| world.account(&mint).unwrap()).unwrap();
    // Three pointers of 64 bytes, then metadata of 86 (an authority, the mint, "Token", "T", no address, nothing more:
    // 64 bytes and four lengths with six letters), a group of 80 and a membership of 72; each after four bytes
    let ends = [166, 234, 302, 370, 460, 544, 620];
    assert_eq!(whole.data.len(), 620);
    for length in 0..whole.data.len() {
        if length == 82 || ends.contains(&length) {
            continue;
        }
        // Then no length but those between two entries is a mint
        let mut account = whole.clone();
        account.data.truncate(length);
        let mint = put(&mut world, account);
        let add = add_of(&mut world, mint, TOKEN_2022_PROGRAM);
        let error = if length < 166 { "InvalidAccountData" } else { "UnknownExtension" };
        println!("{length} bytes");
        refused(&mut world, add, &["dao"], error);
    }
}

#[test]
fn rejects_account_that_says_it_is_no_mint() {
    let (mut world, plain) = plain();
    for kind in [0, 2, 3, 255] {
        for extensions in [&[][..], &[18, 0, 0, 0], &[1, 0, 0, 0]] {
            let mint = put(&mut world, extended(&plain, kind, extensions));
            unlistable(&mut world, mint, "InvalidAccountData");
        }
    }
}

#[test]
fn rejects_mint_as_long_as_a_multisig() {
    // Given 355 bytes that read as a mint with a harmless extension: 166, 4, and 185 more
    let (mut world, plain) = plain();
    let mint = listing(&mut world, &plain, &[&[18, 0, 185, 0][..], &[7; 185]].concat());
    assert_eq!(world.account(&mint).unwrap().data.len(), 355);
    unlistable(&mut world, mint, "InvalidAccountData");
    // And one byte more is a mint
    let mint = listing(&mut world, &plain, &[&[18, 0, 186, 0][..], &[7; 186]].concat());
    listable(&mut world, mint);
}

#[test]
fn rejects_token_account_as_mint() {
    // Given a token account as the associated token account program opens it, and one without extensions
    let mut world = World::new(with_programs(None, Some(&[])));
    let wallet = world.wallet("alice", "SOL");
    let mut account = world.account(&wallet).unwrap();
    assert_eq!((account.owner, account.data.len()), (TOKEN_2022_PROGRAM, 170));
    unlistable(&mut world, wallet, "InvalidAccountData");
    account.data.truncate(165);
    let mint = put(&mut world, account);
    unlistable(&mut world, mint, "InvalidAccountData");
}

#[test]
fn rejects_mint_that_is_not_initialised() {
    let (mut world, plain) = plain();
    let mut blank = plain.clone();
    blank.data.fill(0);
    let mint = put(&mut world, blank);
    unlistable(&mut world, mint, "UninitializedAccount");
}

#[test]
fn rejects_bytes_between_mint_and_extensions() {
    let (mut world, plain) = plain();
    for offset in [82, 164] {
        let mut account = extended(&plain, 1, &[]);
        account.data[offset] = 1;
        let mint = put(&mut world, account);
        unlistable(&mut world, mint, "InvalidAccountData");
    }
}

#[test]
fn rejects_mint_of_neither_token_program() {
    let (mut world, mut account) = plain();
    account.owner = Address::new_from_array([67; 32]);
    let mint = put(&mut world, account);
    unlistable(&mut world, mint, "UnsupportedToken");
}

#[test]
fn rejects_the_other_token_program() {
    // Given a mint of each program
    let mut world = World::new(Setup::default());
    let extensions = [Extension::MetadataPointer];
    let new = ["plain", "pointer"].map(|name| (name, if name == "plain" { &[][..] } else { &extensions }));
    let mints = new.map(|(name, extensions)| world.create_mint(name, 6, extensions).unwrap());
    let old = world.collateral_key("SOL").mint;
    // When it is listed with the other program, then that program refuses to open the vault
    for (mint, program) in [(mints[0], TOKEN_PROGRAM), (mints[1], TOKEN_PROGRAM), (old, TOKEN_2022_PROGRAM)] {
        let create = create_of(&mut world, mint, program);
        refused(&mut world, create, &["dao"], "IncorrectProgramId");
    }
    let old = world.key().mint;
    for (mint, program) in [(mints[0], TOKEN_PROGRAM), (mints[1], TOKEN_PROGRAM), (old, TOKEN_2022_PROGRAM)] {
        let add = add_of(&mut world, mint, program);
        refused(&mut world, add, &["dao"], "IncorrectProgramId");
    }
}

/// The default pool with tokens of Token-2022 where there are extensions.
fn with_programs(liquidity: Option<&[Extension]>, collateral: Option<&[Extension]>) -> Setup {
    let mut setup = Setup::default();
    setup.liquidity.token_2022 = liquidity.map(<[_]>::to_vec);
    setup.collaterals[0].token.token_2022 = collateral.map(<[_]>::to_vec);
    setup
}

/// Every instruction that moves tokens, with every balance at the end.
fn whole_life(setup: Setup) {
    let mut world = World::new(setup);
    // Alice lends 1,000. Ines gives 20 to the fund, Sam stakes 30, Tom stakes 10 and leaves after ten days
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 20 * USDC).unwrap();
    world.stake("sam", 30 * USDC).unwrap();
    world.stake("tom", 10 * USDC).unwrap();
    world.request_unstake("tom", ALL).unwrap();
    world.wait(864_000);
    leave_fund(&mut world, "tom");
    assert_eq!(gained(&mut world, "tom", "USDC"), 0);
    assert_eq!(world.balance_at(&world.key().vault), 1_050 * USDC);
    // Bob borrows 200 against 10 SOL at 30, takes one back and repays 20: he owes 180
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    world.withdraw_collateral("bob", "SOL", SOL).unwrap();
    world.repay("bob", "bob", 20 * USDC).unwrap();
    // Alice takes 100 out
    world.withdraw("alice", 100 * USDC).unwrap();
    vault_holds_what_is_owed(&world);
    // At 24, 9 SOL are 216, of which 172.80 count: Liz pays 72 for 3 SOL. Bob owes 108
    world.set_dollars("SOL", 24);
    world.liquidate("liz", "bob", "SOL", 72 * USDC).unwrap();
    assert_eq!((gained(&mut world, "liz", "USDC"), gained(&mut world, "liz", "SOL")), (usdc(-72), 3_000_000_000));
    // His 6 SOL are worth nothing any more, and stay. Of the 108 the fund bears 50, Alice 58
    make_worthless(&mut world, "SOL");
    world.record_bad_debt("bob").unwrap();
    vault_holds_what_is_owed(&world);
    // Bob pays half of them, 54: Alice gets 29 for her 58, Sam 15 for his 30, the protocol-owned shares 10 for their 20
    world.repay("bob", "bob", 54 * USDC).unwrap();
    world.claim_recovery("alice", 1).unwrap();
    world.claim_stake_recovery("sam", 1).unwrap();
    vault_holds_what_is_owed(&world);
    // And Alice leaves with her 842
    world.withdraw("alice", ALL).unwrap();
    vault_holds_what_is_owed(&world);
    // Then nobody has a unit more or less: the protocol-owned shares' 10 are left, and Sam's 15, which came back as
    // stake
    let usdc_of = [("alice", -29), ("ines", -20), ("sam", -30), ("tom", 0), ("bob", 200 - 20 - 54), ("liz", -72)];
    for (name, whole) in usdc_of {
        assert_eq!(gained(&mut world, name, "USDC"), usdc(whole), "{name}");
    }
    assert_eq!((gained(&mut world, "bob", "SOL"), gained(&mut world, "liz", "SOL")), (-9_000_000_000, 3_000_000_000));
    let (vault, collateral) = (world.key().vault, world.collateral_key("SOL").vault);
    assert_eq!((world.balance_at(&vault), world.balance_at(&collateral)), ((10 + 15) * USDC, 6_000_000_000));
}

#[test]
fn lives_with_tokens_of_spl_token() {
    whole_life(with_programs(None, None));
}

#[test]
fn lives_with_each_harmless_extension_of_the_liquidity() {
    for extensions in harmless_extensions() {
        println!("{extensions:?}");
        whole_life(with_programs(Some(&extensions), None));
    }
}

#[test]
fn lives_with_each_harmless_extension_of_the_collateral() {
    for extensions in harmless_extensions() {
        println!("{extensions:?}");
        whole_life(with_programs(None, Some(&extensions)));
    }
}

#[test]
fn lives_with_harmless_extensions_of_both() {
    for extensions in harmless_extensions() {
        println!("{extensions:?}");
        whole_life(with_programs(Some(&extensions), Some(&extensions)));
    }
}

#[test]
fn pays_reserves_of_token_2022_to_the_treasury() {
    // Given a year at 10 % of Bob's 200, 21.033333, of which a fifth went to reserves: 4.206666
    for extensions in harmless_extensions() {
        let mut setup = with_interest();
        setup.liquidity = setup.liquidity.with_extensions(&extensions);
        let mut world = lent(setup);
        world.wait(YEAR);
        world.accrue().unwrap();
        // When the DAO collects 3 of them, then they are the treasury's to the unit
        world.collect_reserves("dao", 3 * USDC).unwrap();
        assert_eq!((gained(&mut world, "treasury", "USDC"), world.pool().reserves), (usdc(3), 1_206_666));
        vault_holds_what_is_owed(&world);
    }
}

/// Every instruction that moves tokens is refused if the other token program is passed, by that program with this
/// error.
#[track_caller]
fn moves_nothing(world: &mut World, other: Address, error: &str) {
    world.deposit("alice", 1_000 * USDC).unwrap();
    world.fund_insurance("ines", 20 * USDC).unwrap();
    world.stake("sam", 30 * USDC).unwrap();
    world.deposit_collateral("bob", "SOL", 10 * SOL).unwrap();
    world.borrow("bob", 200 * USDC).unwrap();
    let moves = [
        ("alice", world.deposit_instruction("alice", USDC)),
        ("alice", world.withdraw_instruction("alice", USDC)),
        ("bob", world.deposit_collateral_instruction("bob", "SOL", 1)),
        ("bob", world.withdraw_collateral_instruction("bob", "SOL", 1)),
        ("bob", world.borrow_instruction("bob", USDC)),
        ("bob", world.repay_instruction("bob", "bob", USDC)),
        ("ines", world.fund_insurance_instruction("ines", USDC)),
        ("sam", world.stake_instruction("sam", USDC)),
    ];
    for (index, (who, instruction)) in moves.into_iter().enumerate() {
        println!("{index}");
        refused(world, instruction.with("token_program", other), &[who], error);
    }
    // And one that moves both tokens, if it is passed for either
    world.set_dollars("SOL", 24);
    let liquidate = world.liquidate_instruction("liz", "bob", "SOL", USDC);
    for account in ["token_program", "collateral_token_program"] {
        refused(world, liquidate.clone().with(account, other), &["liz"], error);
    }
}

#[test]
fn moves_nothing_of_spl_token_through_token_2022() {
    let mut world = World::new(Setup::default());
    moves_nothing(&mut world, TOKEN_2022_PROGRAM, "IncorrectProgramId");
}

#[test]
fn moves_nothing_of_token_2022_through_spl_token() {
    // Given associated accounts, which are longer than any account of SPL Token
    for extensions in [&[][..], &[Extension::MetadataPointer]] {
        let mut world = World::new(with_programs(Some(extensions), Some(extensions)));
        moves_nothing(&mut world, TOKEN_PROGRAM, "InvalidAccountData");
    }
}

#[test]
fn moves_nothing_of_token_2022_through_spl_token_though_all_its_accounts_are_as_long() {
    // Given accounts without the extension that says that their owner stays
    let mut world = World::new(with_programs(Some(&[]), Some(&[])));
    for name in ["alice", "bob", "ines", "sam", "liz"] {
        for symbol in ["USDC", "SOL"] {
            let wallet = world.wallet(name, symbol);
            let mut account = world.account(&wallet).unwrap();
            account.data.truncate(165);
            world.set_account(wallet, account);
        }
    }
    moves_nothing(&mut world, TOKEN_PROGRAM, "ExternalAccountDataModified");
}

/// Checks that an instruction of Token-2022 fails with this error and leaves a mint as it is.
#[track_caller]
fn changes_nothing(world: &mut World, mint: Address, instruction: Instruction, error: &str) {
    let before = world.account(&mint);
    assert_error(world.execute(instruction, &[]), error);
    assert_eq!(world.account(&mint), before);
}

/// A mint without extensions, and one with every harmless one.
fn mints_without_more(world: &mut World) -> [Address; 2] {
    let all = harmless_extensions().pop().unwrap();
    [world.create_mint("plain", 6, &[]).unwrap(), world.create_mint("whole", 6, &all).unwrap()]
}

#[test]
fn token_2022_adds_no_extension_to_a_mint_but_harmless_ones() {
    let mut world = World::new(Setup::default());
    let pointers = [Extension::MetadataPointer, Extension::GroupPointer, Extension::GroupMemberPointer];
    let payer = world.payer();
    for mint in mints_without_more(&mut world) {
        for extension in refused_extensions().iter().flat_map(|(extensions, _)| extensions).chain(&pointers) {
            println!("{extension:?}");
            // Error 6 of a token program: already in use
            changes_nothing(&mut world, mint, extension.initialize(&mint, &payer, &mint), "Custom(6)");
        }
    }
}

#[test]
fn token_2022_sets_no_authority_of_an_extension_that_is_not_there() {
    let mut world = World::new(Setup::default());
    let payer = world.payer();
    for mint in mints_without_more(&mut world) {
        // Both authorities of the fee; of closing, interest, delegate, confidential transfers, hook, confidential fee;
        // then of scaled amount, pause and permissioned burn. Between them are the pointers'
        for kind in (4..=11).chain(15..=17) {
            println!("{kind}");
            let set = of_authority(&world, mint, &[&[6, kind, 1][..], payer.as_ref()].concat());
            changes_nothing(&mut world, mint, set, "InvalidAccountData");
        }
    }
}

#[test]
fn token_2022_grows_token_accounts_only() {
    // Given Alice's account of a mint without extensions
    let mut world = World::new(with_programs(None, Some(&[])));
    let (alice, payer) = (world.actor("alice"), world.payer());
    let (mint, wallet) = (world.collateral_key("SOL").mint, world.wallet("alice", "SOL"));
    // Of a fee in a mint, of what an account withholds of fees, of a memo in an account: whose account must have it?
    let mut grow = |account, authority, signers: &[&str], number: u8| {
        let accounts = vec![
            AccountMeta::new(account, false),
            AccountMeta::new(payer, true),
            AccountMeta::new_readonly(verb::SYSTEM_PROGRAM, false),
            AccountMeta::new_readonly(authority, true),
        ];
        world.execute(Instruction { program_id: TOKEN_2022_PROGRAM, accounts, data: vec![29, number, 0] }, signers)
    };
    for number in [1, 2, 8] {
        assert_error(grow(mint, payer, &[], number), "InvalidAccountData");
    }
    // Error 13 of a token program: invalid state
    assert_error(grow(wallet, alice, &["alice"], 1), "Custom(13)");
    grow(wallet, alice, &["alice"], 8).unwrap();
}

#[test]
fn fee_of_zero_can_be_raised() {
    let mut world = World::new(Setup::default());
    let mint = world.create_mint("free", 6, &[Extension::TransferFee(0)]).unwrap();
    // The extension begins at 166 with four bytes; two authorities, a sum and the older fee follow, and an epoch and a
    // maximum stand before the newer rate
    let rate = 166 + 4 + 32 + 32 + 8 + 18 + 8 + 8;
    assert_eq!(world.account(&mint).unwrap().data[rate..rate + 2], [0, 0]);
    let raise = of_authority(&world, mint, &[&[26, 5, 100, 0][..], &u64::MAX.to_le_bytes()].concat());
    world.execute(raise, &[]).unwrap();
    assert_eq!(world.account(&mint).unwrap().data[rate..rate + 2], [100, 0]);
}

#[test]
fn hook_can_be_set_where_there_is_none() {
    let mut world = World::new(Setup::default());
    let mint = world.create_mint("hooked", 6, &[Extension::TransferHook]).unwrap();
    // The extension begins at 166 with four bytes and an authority
    assert_eq!(world.account(&mint).unwrap().data[202..], [0; 32]);
    let set = of_authority(&world, mint, &[&[36, 1][..], &[5; 32]].concat());
    world.execute(set, &[]).unwrap();
    assert_eq!(world.account(&mint).unwrap().data[202..], [5; 32]);
}

#[test]
fn mint_comes_back_with_other_extensions_only_if_it_could_be_closed() {
    let mut world = World::new(Setup::default());
    let close = |world: &mut World, mint| {
        let alice = world.actor("alice");
        let mut close = of_authority(world, mint, &[9]);
        close.accounts.insert(1, AccountMeta::new(alice, false));
        close
    };
    // Given mints of which nothing was minted
    for mint in mints_without_more(&mut world) {
        let close = close(&mut world, mint);
        changes_nothing(&mut world, mint, close, "InvalidAccountData");
    }
    let mint = world.create_mint("phoenix", 6, &[Extension::MintCloseAuthority]).unwrap();
    let close = close(&mut world, mint);
    world.execute(close, &[]).unwrap();
    // Then one that has a close authority is closed, and comes back at the same address with a fee
    assert_eq!(world.create_mint("phoenix", 6, &[Extension::TransferFee(100)]).unwrap(), mint);
    unlistable(&mut world, mint, "TransferFeeExtension");
}

#[test]
fn harmless_extensions_that_come_later_change_nothing() {
    // Given a pool of tokens that have pointers only
    let pointers = [Extension::MetadataPointer, Extension::GroupPointer, Extension::GroupMemberPointer];
    let mut world = World::new(with_programs(Some(&pointers), None));
    let group = world.create_mint("a group", 0, &[Extension::GroupPointer, Extension::TokenGroup]).unwrap();
    world.deposit("alice", 100 * USDC).unwrap();
    let (mint, payer) = (world.key().mint, world.payer());
    let before = world.account(&mint).unwrap().data.len();
    // When the mint's authority writes what they point at
    for extension in [Extension::TokenMetadata, Extension::TokenGroup, Extension::TokenGroupMember] {
        world.execute(extension.initialize(&mint, &payer, &group), &[]).unwrap();
    }
    // 86 bytes of metadata, 80 of a group and 72 of a membership, each after four
    assert_eq!(world.account(&mint).unwrap().data.len(), before + 90 + 84 + 76);
    // Then what goes in and out still arrives to the unit
    world.deposit("alice", 11).unwrap();
    world.withdraw("alice", 100 * USDC).unwrap();
    assert_eq!((gained(&mut world, "alice", "USDC"), world.balance_at(&world.key().vault)), (-11, 11));
}

#[test]
fn mint_that_is_padded_not_to_be_as_long_as_a_multisig_can_be_listed() {
    // Given metadata with 37 letters: 166 bytes, 68 of the pointer, and 84 and 37 of the metadata would be 355
    let mut world = World::new(Setup::default());
    let mint = world.create_mint("padded", 6, &[Extension::MetadataPointer]).unwrap();
    let mut write = Extension::TokenMetadata.initialize(&mint, &world.payer(), &mint);
    write.data.truncate(8);
    write.data.extend([&[36, 0, 0, 0][..], &[b'a'; 36], &[1, 0, 0, 0], b"b", &[0; 4]].concat());
    world.execute(write, &[]).unwrap();
    // Then the program makes it two bytes longer
    assert_eq!(world.account(&mint).unwrap().data.len(), 357);
    listable(&mut world, mint);
}
