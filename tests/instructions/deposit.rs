use backstop_testkit::{Setup, World};

#[test]
fn story() {
    let mut world = World::new(Setup::default());
    let cu = |name: &str, receipt: Result<backstop_testkit::Receipt, backstop_testkit::Failure>| match receipt {
        Ok(receipt) => {
            println!("{name} {} {:?}", receipt.compute_units, receipt.events.last().map(|e| format!("{e:?}").len()))
        }
        Err(failure) => panic!("{name}: {failure}\n{}", failure.logs.join("\n")),
    };
    cu("fund", world.fund_insurance("ines", 50_000_000));
    cu("deposit", world.deposit("alice", 1_000_000_000));
    cu("deposit", world.deposit("alice", 1_000_000));
    cu("collateral", world.deposit_collateral("bob", "SOL", 10_000_000_000));
    cu("borrow", world.borrow("bob", 200_000_000));
    cu("repay", world.repay("bob", "bob", 1_000_000));
    cu("withdraw", world.withdraw("alice", 1_000_000));
    cu("accrue", world.accrue());
    world.set_dollars("SOL", 10);
    cu("liquidate", world.liquidate("liz", "bob", "SOL", u64::MAX));
    println!("{:?}", world.pool());
    assert_eq!(world.pool().losses, 1);
}
