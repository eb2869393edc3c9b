"""The vectors: what is given, and what is played. `model.py` computes what comes of it."""

from model import ALL, BEGIN, BPS, GAUGE, ONE, USD, YEAR


def pool(cash, shares, mine=None, **more):
    fields = {"pool.cash": cash, "pool.shares": shares, "position.holder.shares": shares if mine is None else mine}
    return fields | {path.replace("__", "."): value for path, value in more.items()}


def lent(debt, cash=1_000_000_000, units=10_000_000_000, index=ONE, more=None):
    """Someone owes `debt` debt shares; LPs own all that is not owed by others."""
    shares = cash + debt * index // ONE
    held = {"collateral.deposited": units, "obligation.collaterals.0.units": units}
    owed = {"pool.debt_shares": debt, "obligation.debt_shares": debt, "pool.borrow_index": index}
    return pool(cash, shares, shares // 3) | held | owed | (more or {})


def fund(assets, shares=0, mine=0, protocol=0):
    return {"fund.assets": assets, "fund.shares": shares, "stake.holder.shares": mine, "fund.protocol_shares": protocol}


def drained(assets, shares=0, mine=0, protocol=0):
    """A fund that lost all it had once, and what it has since."""
    return fund(assets, shares, mine, protocol) | {"fund.generation": 7, "stake.holder.generation": 7}


def liquidity(dollars):
    return {"price.liquidity": int(dollars * 10**8)}


def sol(dollars, confidence=0):
    return {"price.collateral": int(dollars * 10**8), "price.collateral.confidence": int(confidence * 10**8)}


def gems(units, dollars=100, confidence=0):
    """A holding of a token that cannot be divided."""
    held = {"gem.deposited": units, "obligation.collaterals.1.units": units}
    return held | {"price.gem": int(dollars * 10**8), "price.gem.confidence": int(confidence * 10**8)}


def uncertain(limit):
    """Prices may be so uncertain, in basis points."""
    places = ["pool.parameters.oracle", "collateral.parameters.oracle", "gem.parameters.oracle"]
    return {f"{place}.max_confidence_bps": limit for place in places}


def parameters(**values):
    return {f"pool.parameters.{path.replace('__', '.')}": value for path, value in values.items()}


def marked(mark, others=0, seconds=0):
    """What the obligation, and others with it, were marked with so long ago: more than holds pool and fund."""
    since = BEGIN - seconds
    holds = {
        f"pool.{hold}.{field}": value
        for hold in ("hold", "fund_hold")
        for field, value in {"on": 1, "since": since}.items()
    }
    return holds | {
        "obligation.marked": mark,
        "obligation.marked_at": since if mark else 0,
        "pool.marked": mark + others,
    }


def written_off(lost, back=0):
    """What an obligation lost of its debt, and what came back of it."""
    return {"obligation.written_off": lost, "obligation.recovered": back}


def dead(token, seconds=3_600):
    """A price that cannot be read was reported so long ago."""
    account = "pool" if token == "liquidity" else token
    return {f"price.{token}": 0, f"{account}.last_price.reported_at": BEGIN - seconds}


CURVE = parameters(
    rates__base_bps=100, rates__slope1_bps=400, rates__slope2_bps=6_000, rates__reserve_factor_bps=1_000
) | {"pool.insurance_factor.value": 500 * GAUGE}


def bonus(least, most, token="collateral"):
    return {f"{token}.parameters.bonus_min_bps": least, f"{token}.parameters.bonus_max_bps": most}


# Ten times a debt in a year: x is rate times time, and what is owed grows to 1 + x + x^2 / 2 + x^3 / 6 of it.
USURY = parameters(rates__base_bps=100_000)
# LP losses of more than 5 % of NAV trip the breaker.
BREAKER = parameters(exit__breaker_limit_bps=500)
BONUS = bonus(200, 1_000) | parameters(liquidation__insurance_cut_bps=2_000)
INDEX = 3 * ONE // 2 + 12_345


def defaulted_twice(cap):
    """Bob owes 150 against 100 USD of SOL when his mark is settled. Half of the SOL pays for the loss. The 20 that he
    still owes outgrow the other half within the window. Sam claims in between and afterwards."""
    given = lent(150_000_000, more=sol(10) | marked(50_000_000, 0, 3_600) | fund(1_000_000, 600_000, 250_000, 400_000))
    terms = USURY | parameters(loss__draw_cap_bps=cap, exit__window_seconds=5_184_000)
    first = [
        ("record_bad_debt", {}),
        ("repay", {"max_assets": 80_000_000}),
        ("liquidate", {"max_repay": 30_000_000}),
        ("claim_stake_recovery", {"loss": 1}),
    ]
    second = [
        ("liquidate", {"max_repay": ALL}, 60),
        ("mark", {}, 3_153_600),
        ("record_bad_debt", {}, 3_600),
        ("claim_stake_recovery", {"loss": 1}),
    ]
    rest = [
        ("repay", {"max_assets": ALL}, 86_400),
        ("claim_stake_recovery", {"loss": 2}),
        ("claim_stake_recovery", {"loss": 1}),
        ("request_unstake", {"shares": ALL}),
    ]
    return given | terms, first + second + rest


def drawn(cap, steps):
    """A loss draws on a fund of 1 million as far as the cap lets it, and others owe 500 million at ten times a year: then the steps."""
    given = lent(
        200_000_000,
        units=0,
        more=fund(1_000_000, 600_000, 250_000, 400_000) | CURVE | USURY | parameters(loss__draw_cap_bps=cap),
    )
    return given | {"pool.debt_shares": 700_000_000, "pool.shares": 1_700_000_000}, [("record_bad_debt", {})] + steps


VECTORS = {
    "deposit": [
        (
            "up to the cap",
            pool(1_000, 1_000) | parameters(caps__pool_deposit_cap=1_500),
            [("deposit", {"max_assets": 501}), ("deposit", {"max_assets": 500})],
        ),
        ("the first deposit is one to one", pool(0, 0), [("deposit", {"max_assets": 1_000})]),
        ("one unit into an empty pool", pool(0, 0), [("deposit", {"max_assets": 1})]),
        ("nothing is refused", pool(0, 0), [("deposit", {"max_assets": 0})]),
        ("shares are rounded down and their cost up", pool(1_500, 1_000), [("deposit", {"max_assets": 301})]),
        ("what pays for no share is refused", pool(5_000, 1_000), [("deposit", {"max_assets": 4})]),
        ("a loss makes shares cheap", pool(10, 1_000), [("deposit", {"max_assets": 7})]),
        ("reserves are not the LPs'", pool(1_000, 500, pool__reserves=500), [("deposit", {"max_assets": 100})]),
        ("the largest deposit", pool(0, 0), [("deposit", {"max_assets": ALL - 1})]),
        ("one unit more does not fit", pool(0, 0), [("deposit", {"max_assets": ALL})]),
        ("beside a full pool nothing fits", pool(ALL - 1, ALL - 1, 0), [("deposit", {"max_assets": 1})]),
        ("shares worth almost nothing are too many", pool(3, 2**63, 2**62), [("deposit", {"max_assets": 2**50})]),
        ("shares worth more are not", pool(2**50, 2**63, 2**62), [("deposit", {"max_assets": 2**60})]),
    ],
    "withdraw": [
        ("a part, rounded down", pool(1_000, 999, 500), [("withdraw", {"shares": 333})]),
        ("the last share leaves dust to reserves", pool(1_003, 1_000), [("withdraw", {"shares": ALL})]),
        ("one share", pool(2_000, 1_000), [("withdraw", {"shares": 1})]),
        ("a share worth nothing is refused", pool(10, 1_000), [("withdraw", {"shares": 1})]),
        ("more than is held is refused", pool(1_000, 1_000, 400), [("withdraw", {"shares": 401})]),
        ("more than the cash is refused", lent(500, cash=100), [("withdraw", {"shares": ALL})]),
        ("the largest withdrawal", pool(ALL - 1, ALL - 1), [("withdraw", {"shares": ALL})]),
        # 1.2 billion are 1,200 million units: a ten-thousandth of them is 120,000.
        (
            "while a loss is marked nobody leaves",
            lent(200_000_000, more=sol(10)),
            [("mark", {}), ("withdraw", {"shares": 1_000}), ("withdraw", {"shares": ALL})],
        ),
        ("nor enters", lent(200_000_000, more=sol(10)), [("mark", {}), ("deposit", {"max_assets": 1_000})]),
        (
            "a ten-thousandth holds nobody, until somebody leaves",
            lent(200_000_000, more=marked(0, 120_000)),
            [("withdraw", {"shares": 100}), ("deposit", {"max_assets": 1_000})],
        ),
        (
            "a unit more does",
            lent(200_000_000, more=marked(0, 120_001)),
            [("withdraw", {"shares": 100}), ("deposit", {"max_assets": 1_000})],
        ),
        (
            "interest can make a mark too small to hold anybody",
            lent(200_000_000, more=CURVE | marked(0, 120_001)),
            [("withdraw", {"shares": 100}), ("withdraw", {"shares": 100}, YEAR)],
        ),
        (
            "who pays what is marked opens the pool",
            lent(200_000_000, more=sol(10)),
            [
                ("mark", {}),
                ("repay", {"max_assets": 99_880_000}, 60),
                ("withdraw", {"shares": 100}),
                ("repay", {"max_assets": 1}),
                ("deposit", {"max_assets": 100}),
            ],
        ),
    ],
    "interest": [
        ("a year below the kink", lent(500_000_000, more=CURVE), [("accrue", {}, YEAR)]),
        ("a year above the kink", lent(950_000_000, cash=50_000_000, more=CURVE), [("accrue", {}, YEAR)]),
        ("exactly at the kink", lent(800_000_000, cash=200_000_000, more=CURVE), [("accrue", {}, YEAR)]),
        ("a second", lent(500_000_000, more=CURVE), [("accrue", {}, 1)]),
        ("a day, thrice", lent(500_000_000, index=INDEX, more=CURVE), [("accrue", {}, 86_400)] * 3),
        ("no time changes nothing", lent(500_000_000, more=CURVE), [("accrue", {})]),
        ("without debt the index stands", pool(1_000, 1_000) | CURVE, [("accrue", {}, YEAR)]),
        (
            "no cash: the fund is owed its part, and paid from what comes in",
            lent(1_000_000_000, cash=0, more=CURVE),
            [
                ("accrue", {}, YEAR),
                ("repay", {"max_assets": 30_000_000}),
                ("accrue", {}),
                ("repay", {"max_assets": ALL}, 60),
                ("accrue", {}),
            ],
        ),
        ("one unit owed", lent(1, cash=0, more=CURVE), [("accrue", {}, 10 * YEAR)]),
        (
            "rate times time is capped at a hundred percent",
            lent(
                10**12,
                cash=0,
                more=parameters(rates__base_bps=100_000, rates__slope1_bps=100_000, rates__slope2_bps=100_000),
            ),
            [("accrue", {}, 20 * YEAR)],
        ),
        (
            "a debt that would outgrow 64 bits stands still",
            lent(2**63 + 2**62, cash=2**61, more=CURVE),
            [("accrue", {}, 10 * YEAR)],
        ),
        ("a deposit after interest", lent(500_000_000, more=CURVE), [("deposit", {"max_assets": 1_000_000}, YEAR)]),
    ],
    "borrow": [
        ("at an index of one", lent(0), [("borrow", {"assets": 200_000_000})]),
        ("debt shares are rounded up", lent(0, index=INDEX), [("borrow", {"assets": 100_000_001})]),
        ("one unit", lent(0, index=INDEX), [("borrow", {"assets": 1})]),
        ("nothing is refused", lent(0), [("borrow", {"assets": 0})]),
        (
            "up to the cap",
            lent(100_000_000, more=parameters(caps__borrow_cap=150_000_000)),
            [("borrow", {"assets": 50_000_001}), ("borrow", {"assets": 50_000_000})],
        ),
        ("exactly to the limit", lent(0), [("borrow", {"assets": 225_000_000})]),
        ("a unit beyond the limit is refused", lent(0), [("borrow", {"assets": 225_000_001})]),
        ("collateral counts at the lower price", lent(0, more=sol(30, 0.5)), [("borrow", {"assets": 221_250_001})]),
        (
            "debt counts at the upper price",
            lent(0, more={"price.liquidity.confidence": 1_000_000}),
            [("borrow", {"assets": 222_772_278})],
        ),
        ("more than the cash is refused", lent(0, cash=100), [("borrow", {"assets": 101})]),
        (
            "less than the minimum is refused",
            lent(0, more=parameters(liquidation__min_debt=1_000_000)),
            [("borrow", {"assets": 999_999})],
        ),
        # A tenth of the dust value of 1 USD at twice the average of 30 USD is 0.001666666 SOL.
        ("a negligible holding carries nothing", lent(0, units=1_666_666), [("borrow", {"assets": 1})]),
        ("one that counts does", lent(0, units=1_666_667), [("borrow", {"assets": 37_500}), ("borrow", {"assets": 1})]),
        (
            "a negligible holding whose price died blocks nothing",
            lent(0, units=1_666_666, more=sol(0) | gems(3)),
            [("borrow", {"assets": 225_000_000})],
        ),
        ("one that counts does block", lent(0, units=1_666_667, more=sol(0) | gems(3)), [("borrow", {"assets": 1})]),
        ("an uncertain price is refused", lent(0, more=sol(30, 0.600_001)), [("borrow", {"assets": 1})]),
        (
            "two collaterals carry together",
            lent(0, more=gems(2) | {"gem.max_ltv.value": 5_000 * GAUGE}),
            [("borrow", {"assets": 325_000_000}), ("borrow", {"assets": 1})],
        ),
        (
            "what was written off and not recovered counts as debt",
            lent(0, more={"obligation.written_off": 100_000_000, "obligation.recovered": 40_000_000}),
            [("borrow", {"assets": 165_000_001}), ("borrow", {"assets": 165_000_000})],
        ),
        (
            "collateral taken out leaves enough for the debt",
            lent(150_000_000),
            [("withdraw_collateral", {"units": 3_333_333_334}), ("withdraw_collateral", {"units": 3_333_333_333})],
        ),
        (
            "a debt counts as at least the minimum when collateral is taken out",
            lent(30_000_000, more=parameters(liquidation__min_debt=150_000_000)),
            [("withdraw_collateral", {"units": 3_333_333_334}), ("withdraw_collateral", {"units": 3_333_333_333})],
        ),
        (
            "what was written off does, too",
            lent(0, more={"obligation.written_off": 30_000_000} | parameters(liquidation__min_debt=150_000_000)),
            [("withdraw_collateral", {"units": 3_333_333_334}), ("withdraw_collateral", {"units": 3_333_333_333})],
        ),
        (
            "what was recovered does not",
            lent(0, more={"obligation.written_off": 30, "obligation.recovered": 30}),
            [("withdraw_collateral", {"units": ALL})],
        ),
        (
            "all of one of two collaterals",
            lent(200_000_000, more=gems(3)),
            [("withdraw_collateral", {"units": ALL}), ("withdraw_collateral", {"units": 1, "of": "gem"})],
        ),
        (
            "taking out nothing, or more than is held",
            lent(0),
            [("withdraw_collateral", {"units": 0}), ("withdraw_collateral", {"units": 10_000_000_001})],
        ),
        ("interest counts first", lent(200_000_000, more=CURVE), [("borrow", {"assets": 22_000_000}, YEAR)]),
    ],
    "repay": [
        ("a part", lent(200_000_000), [("repay", {"max_assets": 50_000_000})]),
        ("what would not pay for a debt share stays", lent(33_000, index=INDEX), [("repay", {"max_assets": 19})]),
        ("all, rounded up", lent(33, index=INDEX), [("repay", {"max_assets": ALL})]),
        ("exactly the debt", lent(33, index=3 * ONE // 2), [("repay", {"max_assets": 50})]),
        ("what pays for no debt share is refused", lent(33, index=INDEX), [("repay", {"max_assets": 1})]),
        ("without debt", lent(0), [("repay", {"max_assets": 1})]),
        ("written-off debt is not repaid", lent(0, more={"obligation.written_off": 5}), [("repay", {"max_assets": 5})]),
        (
            "of an offer what exceeds the debt is taken for written-off debt, however little",
            lent(100_000, more=written_off(50_000)),
            [("repay", {"max_assets": 100_999}), ("repay", {"max_assets": 999}), ("repay", {"max_assets": 1_000})],
        ),
        (
            "in one with the debt",
            lent(100_000, more=written_off(50_000)),
            [("repay", {"max_assets": 101_000}), ("repay", {"max_assets": ALL})],
        ),
        (
            "and if it is, only where it pays for all that is left",
            lent(100_000, more=written_off(50_000, 49_995)),
            [("repay", {"max_assets": 100_004}), ("repay", {"max_assets": 4}), ("repay", {"max_assets": 6})],
        ),
        (
            "a mark falls by what is paid",
            lent(100, more=marked(60)),
            [("repay", {"max_assets": 25}), ("repay", {"max_assets": 25}, 10), ("repay", {"max_assets": ALL})],
        ),
        (
            "and is no more than the debt",
            lent(100, more=marked(90)),
            [("repay", {"max_assets": 5}), ("repay", {"max_assets": 86}), ("repay", {"max_assets": ALL})],
        ),
        ("the largest debt", lent(2**63, cash=0), [("repay", {"max_assets": 2**63 - 1})]),
        ("after a year of interest", lent(200_000_000, more=CURVE), [("repay", {"max_assets": ALL}, YEAR)]),
    ],
    "liquidate": [
        ("healthy at the threshold", lent(240_000_000), [("liquidate", {"max_repay": ALL})]),
        ("a unit beyond it", lent(240_000_001), [("liquidate", {"max_repay": ALL})]),
        ("back to the target", lent(200_000_000, more=sol(24) | BONUS), [("liquidate", {"max_repay": ALL})]),
        (
            "the bonus grows with missing health",
            lent(200_000_000, more=sol(23.37) | BONUS),
            [("liquidate", {"max_repay": ALL})],
        ),
        ("the bonus at its most", lent(200_000_000, more=sol(22.01) | BONUS), [("liquidate", {"max_repay": ALL})]),
        (
            "the collateral hardly exceeds the debt",
            lent(200_000_000, more=sol(20.1) | BONUS),
            [("liquidate", {"max_repay": ALL})],
        ),
        ("a smaller offer", lent(200_000_000, more=sol(23) | BONUS), [("liquidate", {"max_repay": 10_000_001})]),
        ("one unit", lent(200_000_000, more=sol(23) | BONUS), [("liquidate", {"max_repay": 1})]),
        ("nothing is refused", lent(200_000_000, more=sol(23)), [("liquidate", {"max_repay": 0})]),
        (
            "less than the minimum may not be left",
            lent(200_000_000, more=sol(23) | parameters(liquidation__min_debt=150_000_000)),
            [("liquidate", {"max_repay": 100_000_000}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "under water: what all collateral does not pay for is recorded",
            lent(200_000_000, more=sol(10) | BONUS | fund(30_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "under water in part: the rest is marked",
            lent(200_000_000, more=sol(10) | BONUS),
            [("liquidate", {"max_repay": 40_000_000})],
        ),
        # Health counts 23.7 and 1.003, the exchange 24 and 1.
        (
            "uncertain prices are exchanged at their middles",
            lent(200_000_000, more=sol(24, 0.3) | {"price.liquidity.confidence": 300_000} | BONUS),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "very uncertain prices: what is worth less than the debt on its lower side pays for more at the middle",
            lent(200_000_000, more=sol(24, 6) | {"price.liquidity.confidence": 10_000_000} | BONUS | uncertain(3_000)),
            [("liquidate", {"max_repay": 50_000_000}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "uncertain under water",
            lent(
                250_000_000,
                more=sol(20, 4)
                | {"price.liquidity.confidence": 4_000_000}
                | BONUS
                | fund(30_000_000)
                | uncertain(2_000),
            ),
            [("liquidate", {"max_repay": ALL})],
        ),
        ("too uncertain a price", lent(200_000_000, more=sol(20, 0.400_001)), [("liquidate", {"max_repay": ALL})]),
        (
            "an index beyond one",
            lent(150_000_000, index=INDEX, more=sol(25) | BONUS),
            [("liquidate", {"max_repay": ALL})],
        ),
        # A debt share is worth a little more than 1.5: 1 pays for none, 20 for 13, and nobody pays for more than what
        # is seized.
        (
            "whole debt shares are paid for",
            lent(150_000_000, index=INDEX, more=sol(25) | BONUS),
            [("liquidate", {"max_repay": part}) for part in (1, 2, 20)],
        ),
        (
            "whole debt shares for whole units",
            lent(150_000_000, units=0, index=INDEX, more=gems(3, 80) | bonus(500, 500, "gem")),
            [("liquidate", {"max_repay": ALL, "of": "gem"}), ("liquidate", {"max_repay": 160_000_000, "of": "gem"})],
        ),
        (
            "two collaterals with different bonuses",
            lent(300_000_000, more=sol(20) | gems(2, 70) | BONUS | bonus(500, 1_500, "gem")),
            [
                ("liquidate", {"max_repay": 20_000_000}),
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
                ("liquidate", {"max_repay": ALL}),
            ],
        ),
        # 100 USD of SOL and 125 USD of gems bring 100 and 100 at least, so 199 are covered: SOL's bonus of up to 15 %
        # shrinks to 0.5 %, and what the gems pay for is left.
        (
            "a bonus takes no cover from a debt that is covered",
            lent(199_000_000, more=sol(10) | gems(1, 125) | bonus(0, 1_500) | bonus(2_500, 2_500, "gem")),
            [("liquidate", {"max_repay": ALL}), ("mark", {}), ("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        (
            "whole units of what cannot be divided",
            lent(200_000_000, units=0, more=gems(3, 80) | bonus(500, 500, "gem")),
            [("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        (
            "less than a unit is refused, and the debt is no loss",
            lent(90_000_000, units=0, more=gems(1, 100) | bonus(500, 500, "gem")),
            [("liquidate", {"max_repay": 90_000_000, "of": "gem"}), ("record_bad_debt", {}), ("mark", {})],
        ),
        (
            "a unit worth less than the debt is paid for whole",
            lent(96_000_000, units=0, more=gems(1, 100) | bonus(500, 500, "gem")),
            [("liquidate", {"max_repay": 90_000_000, "of": "gem"}), ("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        (
            "whole units can leave less than the minimum",
            lent(200_000_000, units=0, more=gems(3, 80) | parameters(liquidation__min_debt=50_000_000)),
            [("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        # Half of a dollar is left; its least bonus is 25 %, so 0.4 of the debt stay, secured by it.
        (
            "dust that is left covers its part of the debt",
            lent(200_000_000, units=50_000_000, more=sol(10) | gems(1, 100) | bonus(2_500, 3_000)),
            [
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
                ("record_bad_debt", {}),
                ("liquidate", {"max_repay": ALL}),
            ],
        ),
        (
            "the same with an index beyond one",
            lent(
                200_000_000,
                units=50_000_000,
                index=INDEX,
                more=sol(10) | gems(1, 100) | bonus(2_500, 3_000) | fund(30_000_000),
            ),
            [
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 1_000_000}),
                ("liquidate", {"max_repay": ALL}),
            ],
        ),
        (
            "more than dust that is left keeps the rest from being recorded",
            lent(200_000_000, units=200_000_000, more=sol(10) | gems(1, 100)),
            [("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        (
            "a rest that is negligible counts for nothing",
            lent(200_000_000, units=1_666_668, more=BONUS),
            [("liquidate", {"max_repay": 10_000}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "a negligible holding whose price died blocks nothing",
            lent(200_000_000, units=1_666_666, more=sol(0) | gems(1, 100)),
            [("liquidate", {"max_repay": ALL}), ("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        (
            "one that counts does block",
            lent(200_000_000, units=1_666_667, more=sol(0) | gems(1, 100)),
            [("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        ("what is not held", lent(200_000_000, more=sol(10)), [("liquidate", {"max_repay": ALL, "of": "gem"})]),
        (
            "a mark falls to the shortfall of what is left",
            lent(200_000_000, more=sol(10) | BONUS | marked(150_000_000, seconds=60)),
            [("liquidate", {"max_repay": 40_000_000}), ("liquidate", {"max_repay": 10_000_000}, 30)],
        ),
        # Two SOL count 60 each. The gem pays 50 of 200, which leaves 30 of 150; the mark falls by the 50 only.
        (
            "beside a dead price a mark stays as it is",
            lent(
                200_000_000,
                units=2_000_000_000,
                more=gems(1, 50) | dead("collateral") | marked(150_000_000, seconds=60),
            ),
            [("liquidate", {"max_repay": 50_000_000, "of": "gem"}), ("mark", {}), ("liquidate", {"max_repay": ALL})],
        ),
        # 200 of debt less 140 of collateral, of which 40 are paid: 100 are left for 160. NAV is about 1,200.
        (
            "a defaulter's next loss is recorded with collateral left",
            lent(200_000_000, more=sol(14) | {"obligation.written_off": 7_000_000, "obligation.recovered": 6_999_999}),
            [("liquidate", {"max_repay": 40_000_000}), ("record_bad_debt", {}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "but one that is recovered is none",
            lent(200_000_000, more=sol(14) | {"obligation.written_off": 7_000_000, "obligation.recovered": 7_000_000}),
            [("liquidate", {"max_repay": 40_000_000})],
        ),
        # Written-off debt, where the performing debt is within its limit. Without a record of the loss, what comes back
        # is a donation.
        (
            "written-off debt is paid with its collateral: at the least bonus, without a cut",
            lent(0, more=sol(23.37) | BONUS | written_off(250_000_000, 49_999_999)),
            [("liquidate", {"max_repay": part}) for part in (0, 999, 1_000, 30_000_001, ALL, ALL)],
        ),
        (
            "the last of it too",
            lent(0, more=sol(23.37) | BONUS | written_off(250_000_000, 249_999_005)),
            [("liquidate", {"max_repay": 994}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "with all of it, where it does not pay for all",
            lent(0, more=sol(9.87) | BONUS | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "what was recovered is not taken again",
            lent(0, more=sol(23) | written_off(200_000_000, 200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "what is owed keeps its target",
            lent(100_000_001, more=sol(17) | BONUS | written_off(200_000_000)),
            [
                ("liquidate", {"max_repay": 7_000_000}),
                ("liquidate", {"max_repay": ALL}),
                ("liquidate", {"max_repay": ALL}),
                ("mark", {}),
            ],
        ),
        (
            "the same with an index beyond one, after a year of interest",
            lent(66_666_667, index=INDEX, more=sol(25) | BONUS | CURVE | written_off(200_000_000)),
            [
                ("liquidate", {"max_repay": ALL}, YEAR),
                ("liquidate", {"max_repay": ALL}),
                ("liquidate", {"max_repay": ALL}, YEAR),
            ],
        ),
        (
            "between the limit and the target nothing is spare",
            lent(100_000_000, more=sol(13.75) | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "at a greater price something is, but too little",
            lent(100_000_000, more=sol(13.75005) | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "at one that is greater still it is enough",
            lent(100_000_000, more=sol(13.7502) | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "beyond the limit what is owed comes first, and then hardly anything is spare, which is too little",
            lent(200_000_000, more=sol(24) | BONUS | written_off(50_000_000)),
            [("liquidate", {"max_repay": ALL}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "each collateral may be taken as far as the others do not carry",
            lent(150_000_000, more=sol(15) | gems(3, 50) | BONUS | bonus(500, 500, "gem") | written_off(300_000_000)),
            [
                ("liquidate", {"max_repay": 20_000_000}),
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
                ("liquidate", {"max_repay": ALL}),
            ],
        ),
        (
            "of what cannot be divided whole units are left and taken",
            lent(100_000_000, units=0, more=gems(4, 105) | bonus(500, 500, "gem") | written_off(150_000_000)),
            [
                ("liquidate", {"max_repay": 99_999_999, "of": "gem"}),
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
            ],
        ),
        (
            "the need is judged at the sides of uncertain prices, and exchanged at their middles",
            lent(
                100_000_000,
                more=sol(20, 0.3) | {"price.liquidity.confidence": 300_000} | BONUS | written_off(200_000_000),
            ),
            [("liquidate", {"max_repay": ALL}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "a dead price of other collateral counts for nothing",
            lent(100_000_000, more=sol(20) | gems(5, 100) | dead("gem") | written_off(200_000_000)),
            [
                ("liquidate", {"max_repay": ALL}),
                ("liquidate", {"max_repay": ALL}),
                ("liquidate", {"max_repay": ALL, "of": "gem"}),
            ],
        ),
        (
            "though it keeps what is owed from being liquidated",
            lent(100_000_000, more=sol(12) | gems(5, 100) | dead("gem") | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "before its time it is an error",
            lent(100_000_000, more=sol(20) | gems(5) | dead("gem", 3_599) | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "a dead price of what is taken always is",
            lent(0, more=dead("collateral") | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "and of the liquidity token",
            lent(0, more=dead("liquidity") | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL})],
        ),
        (
            "a mark that stands though it is covered stays until it is marked anew",
            lent(100_000_000, more=sol(20) | written_off(200_000_000) | marked(60_000_000, seconds=60)),
            [("liquidate", {"max_repay": ALL}), ("mark", {}), ("liquidate", {"max_repay": ALL})],
        ),
        (
            "what is negligible is not taken",
            lent(0, units=1_666_666, more=gems(1, 100) | written_off(200_000_000)),
            [("liquidate", {"max_repay": ALL}), ("liquidate", {"max_repay": ALL, "of": "gem"})],
        ),
        # 0.90 of dust cover as much of 200. When that is paid, the same dust pays towards the 199.1: each side gets its
        # part.
        (
            "each side of a loss has its part of it",
            lent(200_000_000, units=90_000_000, more=sol(10) | fund(30_000_000, 20_000_000, 5_000_000, 10_000_000)),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 900_000}),
                ("liquidate", {"max_repay": 500_000}),
                ("liquidate", {"max_repay": ALL}),
                ("claim_recovery", {"loss": 1}),
                ("claim_stake_recovery", {"loss": 1}),
            ],
        ),
    ],
    "mark": [
        ("healthy", lent(200_000_000), [("mark", {})]),
        ("liquidatable but covered", lent(200_000_000, more=sol(22)), [("mark", {})]),
        ("the collateral brings half", lent(200_000_000, more=sol(10)), [("mark", {})]),
        ("less the least bonus, rounded", lent(200_000_000, more=sol(10) | BONUS), [("mark", {})]),
        ("dust brings what it is worth", lent(200_000_000, units=50_000_000, more=sol(10) | BONUS), [("mark", {})]),
        (
            "a negligible holding brings nothing, whatever its price",
            lent(200_000_000, units=1_666_666, more=sol(10_000)),
            [("mark", {})],
        ),
        (
            "one that counts brings what it is worth",
            lent(200_000_000, units=1_666_667, more=sol(10_000)),
            [("mark", {})],
        ),
        ("a negligible holding whose price died", lent(200_000_000, units=1_666_666, more=sol(0)), [("mark", {})]),
        ("one that counts", lent(200_000_000, units=1_666_667, more=sol(0)), [("mark", {})]),
        (
            "each collateral less its own bonus",
            lent(300_000_000, more=sol(10) | gems(1, 77) | BONUS | bonus(700, 900, "gem")),
            [("mark", {})],
        ),
        (
            "uncertain prices count at their conservative sides",
            lent(200_000_000, more=sol(20, 3) | {"price.liquidity.confidence": 7_000_000} | BONUS | uncertain(2_000)),
            [("mark", {})],
        ),
        ("no collateral", lent(200_000_000, units=0), [("mark", {})]),
        (
            "it ends where there is no shortfall, and others go on",
            lent(200_000_000, more=marked(70_000_000, 30_000_000, 100)),
            [("mark", {}), ("mark", {})],
        ),
        (
            "and with the last the hold",
            lent(200_000_000, more=fund(100_000) | marked(70_000_000, 0, 100)),
            [("mark", {})],
        ),
        (
            "it falls to what the newest prices show, and begins only once",
            lent(200_000_000, more=sol(14) | marked(70_000_000, 0, 100)),
            [("mark", {}), ("mark", {}, 50)],
        ),
        # 19.875 brings 198.75, so 1.25 million units are marked. Of 20,200 million NAV that holds nobody; the fund of
        # 1,000 million it does, until a ten-thousandth of it is left.
        (
            "a mark too small for the pool holds the fund",
            lent(200_000_000, cash=20_000_000_000, more=sol(19.875) | fund(1_000_000_000, 1_000_000_000, 400)),
            [
                ("mark", {}),
                ("withdraw", {"shares": 1_000}),
                ("stake", {"max_assets": 1_000}),
                ("repay", {"max_assets": 1_149_999}, 60),
                ("stake", {"max_assets": 1_000}),
                ("repay", {"max_assets": 1}),
                ("stake", {"max_assets": 1_000}),
            ],
        ),
        ("a dead price is an error as long as nobody reported it", lent(200_000_000, more=sol(0)), [("mark", {})]),
        ("or nobody waited", lent(200_000_000, more=dead("collateral", 3_599)), [("mark", {}), ("mark", {}, 1)]),
        ("after that it counts twice its average", lent(700_000_000, more=dead("collateral")), [("mark", {})]),
        (
            "or twice its last price",
            lent(900_000_000, more=dead("collateral") | {"collateral.last_price.price": 4_000_000_000}),
            [("mark", {})],
        ),
        (
            "twice may cover a debt, and a mark stays then",
            lent(200_000_000, more=dead("collateral") | marked(70_000_000, 0, 100)),
            [("mark", {})],
        ),
        (
            "one that can be read ends the report",
            lent(200_000_000, more=sol(10) | {"collateral.last_price.reported_at": BEGIN - 3_600}),
            [("mark", {})],
        ),
        ("the liquidity token is not favoured", lent(200_000_000, more=sol(10) | dead("liquidity")), [("mark", {})]),
        ("replaced after interest", lent(200_000_000, more=sol(10) | CURVE), [("mark", {}), ("mark", {}, YEAR)]),
        ("a dear liquidity token", lent(200_000_000, more=sol(10) | liquidity(1.37)), [("mark", {})]),
    ],
    "waterfall": [
        ("LPs bear all", lent(300_000_000, units=0), [("record_bad_debt", {})]),
        (
            "reserves bear all",
            lent(300_000_000, units=0, more={"pool.reserves": 400_000_000}),
            [("record_bad_debt", {})],
        ),
        (
            "reserves, then the fund, then LPs",
            lent(300_000_000, units=0, more=fund(80_000_000, 60_000_000, 20_000_000) | {"pool.reserves": 50_000_000}),
            [("record_bad_debt", {})],
        ),
        (
            "the fund's share",
            lent(
                300_000_000,
                units=0,
                more=fund(500_000_000, 500_000_000) | {"pool.insurance_share.value": 3_333 * GAUGE},
            ),
            [("record_bad_debt", {})],
        ),
        (
            "the cap of draws",
            lent(300_000_001, units=0, more=fund(500_000_001, 500_000_001) | parameters(loss__draw_cap_bps=3_333)),
            [("record_bad_debt", {})],
        ),
        (
            "what the fund is owed pays first, within the cap",
            lent(
                300_000_000,
                units=0,
                more=fund(50, 40, 10)
                | parameters(loss__draw_cap_bps=5_000)
                | {"pool.insurance_owed": 31, "fund.owed": 31},
            ),
            [("record_bad_debt", {})],
        ),
        (
            "but first it is protocol-owned shares of a fund that a loss rescaled, as far as their worth is missing",
            lent(
                300_000_000,
                units=0,
                more=drained(50, 40, 10)
                | parameters(loss__draw_cap_bps=5_000)
                | {"pool.insurance_owed": 31, "fund.owed": 12},
            ),
            [("record_bad_debt", {})],
        ),
        (
            "what LPs cannot bear is taken from what they owe the fund, beyond the cap",
            lent(
                300_000_000,
                cash=0,
                units=0,
                more=fund(50, 40, 10) | parameters(loss__draw_cap_bps=0) | {"pool.insurance_owed": 31, "fund.owed": 31},
            ),
            [("record_bad_debt", {})],
        ),
        (
            "protocol-owned shares and stakers bear alike",
            lent(300_000_000, units=0, more=fund(90, 50, 20, 40)),
            [("record_bad_debt", {})],
        ),
        (
            "and so do shares that wait to be claimed, with protocol-owned shares",
            lent(
                300_000_000,
                units=0,
                more=fund(9_001, 5_000, 2_000, 1_000)
                | {"fund.waiting_shares": 2_999}
                | parameters(loss__draw_cap_bps=9_999),
            ),
            [("record_bad_debt", {})],
        ),
        ("a donation that nobody founded yet", lent(300_000_000, units=0, more=fund(90)), [("record_bad_debt", {})]),
        (
            "revenue that is due pays first",
            lent(300_000_000, units=0, more=fund(10, 10, 5) | {"pool.insurance_due": 7}),
            [("record_bad_debt", {})],
        ),
        ("all of NAV", lent(300_000_000, cash=0, units=0), [("record_bad_debt", {}), ("deposit", {"max_assets": 5})]),
        ("one unit", lent(1, units=0), [("record_bad_debt", {})]),
        ("the largest", lent(ALL - 1, cash=0, units=0), [("record_bad_debt", {})]),
        # 0.03 SOL are 0.9 USD.
        (
            "what dust covers stays, and the dust with it",
            lent(300_000_000, units=30_000_000),
            [("record_bad_debt", {}), ("record_bad_debt", {})],
        ),
        ("less its least bonus", lent(300_000_000, units=30_000_000, more=BONUS), [("record_bad_debt", {})]),
        (
            "to a debt share, with an index beyond one",
            lent(300_000_000, units=30_000_001, index=INDEX, more=BONUS | fund(80_000_000, 60_000_000, 20_000_000)),
            [("record_bad_debt", {}), ("record_bad_debt", {}), ("mark", {})],
        ),
        ("exactly dust", lent(300_000_000, units=40_000_000, more=sol(25)), [("record_bad_debt", {})]),
        ("more than dust remains", lent(300_000_000, units=40_000_001, more=sol(25)), [("record_bad_debt", {})]),
        (
            "dust of two collaterals together",
            lent(300_000_000, units=10_000_000, more=gems(5, 0.1) | bonus(1_000, 1_000) | bonus(300, 300, "gem")),
            [("record_bad_debt", {})],
        ),
        (
            "more than dust of two together",
            lent(300_000_000, units=30_000_000, more=gems(2, 0.1)),
            [("record_bad_debt", {})],
        ),
        # 0.9 USD bring 0.882352 after a least bonus of 2 %.
        ("a debt that dust covers is no loss", lent(882_352, units=30_000_000, more=BONUS), [("record_bad_debt", {})]),
        (
            "a unit beyond it is one",
            lent(882_353, units=30_000_000, more=BONUS),
            [("record_bad_debt", {}), ("liquidate", {"max_repay": ALL})],
        ),
        ("a healthy debt is no loss", lent(720_000, units=30_000_000, more=BONUS), [("record_bad_debt", {})]),
        (
            "uncertain prices count at their conservative sides",
            lent(
                300_000_000,
                units=30_000_000,
                more=sol(30, 5) | {"price.liquidity.confidence": 7_000_000} | BONUS | uncertain(2_000),
            ),
            [("record_bad_debt", {})],
        ),
        (
            "a mark ends with its loss",
            lent(300_000_000, units=30_000_000, more=marked(70_000_000, 30_000_000, 60)),
            [("record_bad_debt", {})],
        ),
        (
            "and the hold with the last",
            lent(300_000_000, units=30_000_000, more=fund(9_000_000, 9_000_000) | marked(70_000_000, 0, 60)),
            [("record_bad_debt", {}), ("deposit", {"max_assets": 1_000})],
        ),
        # A gem that counts 0.2 leaves 299.8: of what is marked 0.1 stays, until its time is over.
        (
            "by a dead price a mark falls by the loss only",
            lent(
                300_000_000,
                units=0,
                more=gems(1, 0)
                | dead("gem")
                | {"gem.average.price": USD // 10, "gem.last_price.price": 0}
                | marked(299_900_000, 0, 60),
            ),
            [("record_bad_debt", {}), ("record_bad_debt", {}), ("record_bad_debt", {}, 3_540)],
        ),
        (
            "at settlement a dead price counts twice",
            lent(300_000_000, units=0, more=gems(1, 0) | dead("gem") | marked(280_000_000, 0, 60)),
            [("record_bad_debt", {}), ("record_bad_debt", {}, 3_540)],
        ),
        (
            "a mark is settled after its time, with collateral left",
            lent(200_000_000, more=sol(10) | BONUS | marked(50_000_000, 0, 3_599)),
            [("record_bad_debt", {}), ("record_bad_debt", {}, 1)],
        ),
        (
            "it ends where there is no shortfall then",
            lent(200_000_000, more=sol(22) | marked(50_000_000, 0, 3_600)),
            [("record_bad_debt", {}), ("record_bad_debt", {})],
        ),
        (
            "after a long hold a new mark is settled at once",
            lent(200_000_000, more=sol(10) | marked(0, 30_000_000, 3_600)),
            [("record_bad_debt", {}), ("mark", {}), ("record_bad_debt", {})],
        ),
        (
            "holds that follow one another count together",
            lent(
                200_000_000,
                more=sol(10) | {"pool.hold.since": BEGIN - 3_599, "pool.hold.spent": 3_000, "pool.hold.stopped": 9_000},
            ),
            [("mark", {}), ("record_bad_debt", {}, 599), ("record_bad_debt", {}, 1)],
        ),
        (
            "not after a pool was open as long",
            lent(
                200_000_000,
                more=sol(10) | {"pool.hold.since": BEGIN - 3_600, "pool.hold.spent": 3_000, "pool.hold.stopped": 9_000},
            ),
            [("mark", {}), ("record_bad_debt", {}, 600)],
        ),
        (
            "a hold has the time that was set",
            lent(200_000_000, more=sol(10) | parameters(loss__hold_seconds=600)),
            [("mark", {}), ("record_bad_debt", {}, 599), ("record_bad_debt", {}, 1)],
        ),
        # Debt counts half of a dollar: 400 of debt are 200 USD, 10 SOL at 14 bring 280 of it.
        (
            "at settlement a dead liquidity token counts half",
            lent(400_000_000, more=sol(14) | dead("liquidity") | marked(50_000_000, 0, 3_600)),
            [("record_bad_debt", {})],
        ),
        (
            "before it an error",
            lent(400_000_000, more=sol(14) | dead("liquidity") | marked(50_000_000, 0, 3_599)),
            [("record_bad_debt", {})],
        ),
        (
            "dead prices at settlement: what is left was never worth so much",
            lent(800_000_000, more=dead("collateral") | marked(300_000_000, 0, 3_600)),
            [("record_bad_debt", {})],
        ),
        (
            "a defaulter's next shortfall is recorded at once",
            lent(200_000_000, more=sol(10) | {"obligation.written_off": 5, "obligation.recovered": 4}),
            [("record_bad_debt", {}), ("record_bad_debt", {})],
        ),
        # A ten-thousandth of 1,200 million is 120,000: 10 SOL at 19.988 leave as much.
        (
            "but not one of a ten-thousandth",
            lent(200_000_000, more=sol(19.988) | {"obligation.written_off": 5}),
            [("record_bad_debt", {})],
        ),
        (
            "a unit more is",
            lent(200_000_001, cash=999_999_999, more=sol(19.988) | {"obligation.written_off": 5}),
            [("record_bad_debt", {})],
        ),
        (
            "what is kept bears interest, and what outgrows its cover is recorded again",
            lent(300_000_000, units=30_000_000, more=CURVE),
            [
                ("record_bad_debt", {}),
                ("record_bad_debt", {}, YEAR),
                ("repay", {"max_assets": ALL}),
                ("repay", {"max_assets": ALL}),
            ],
        ),
        (
            "a negligible holding is not looked at, and stays",
            lent(300_000_000, units=1_666_666, more=sol(0)),
            [("record_bad_debt", {}), ("withdraw_collateral", {"units": ALL})],
        ),
        ("one that counts is", lent(300_000_000, units=1_666_667, more=sol(0)), [("record_bad_debt", {})]),
        (
            "nor is a negligible one beside dust",
            lent(300_000_000, units=1_666_666, more=sol(0) | gems(5, 0.1)),
            [("record_bad_debt", {})],
        ),
        ("no debt", lent(0, units=0), [("record_bad_debt", {})]),
        ("collateral and no debt", lent(0), [("record_bad_debt", {})]),
        (
            "interest counts first, and no more after",
            lent(300_000_000, units=0, more=CURVE),
            [("record_bad_debt", {}, YEAR), ("accrue", {}, YEAR)],
        ),
    ],
    "claims": [
        ("nothing was lost", lent(0), [("claim_recovery", {"loss": 1}), ("repay", {"max_assets": 1})]),
        (
            "a third of all shares gets a third of what is back",
            lent(300_000_000, units=0),
            [
                ("record_bad_debt", {}),
                ("claim_recovery", {"loss": 1}),
                ("repay", {"max_assets": 100_000_001}),
                ("claim_recovery", {"loss": 1}),
                ("claim_recovery", {"loss": 1}),
            ],
        ),
        (
            "in many parts, rounded to the unit",
            lent(1_000_000, cash=6, units=0),
            [("record_bad_debt", {})]
            + [
                step
                for part in (1_000, 1_001, 1_003, 996_005, 991)
                for step in (("repay", {"max_assets": part}), ("claim_recovery", {"loss": 1}))
            ],
        ),
        (
            "however little",
            lent(300_000_000, units=0),
            [("record_bad_debt", {})]
            + [("repay", {"max_assets": part}) for part in (999, 1_000, 299_998_995, 4, 5, 1)]
            + [("claim_recovery", {"loss": 1})],
        ),
        (
            "no more than was lost",
            lent(1_000, units=0),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": ALL}),
                ("repay", {"max_assets": 1}),
                ("claim_recovery", {"loss": 1}),
            ],
        ),
        (
            "LPs, stakers and protocol-owned shares alike, then reserves",
            lent(100_003, cash=606, units=0, more=fund(30_000, 20_000, 15_000, 10_000) | {"pool.reserves": 5_001}),
            [("record_bad_debt", {})]
            + [("repay", {"max_assets": part}) for part in (60_000, 10_001, 20_007, 9_995)]
            + [("claim_recovery", {"loss": 1}), ("claim_stake_recovery", {"loss": 1})],
        ),
        (
            "too small a loss has no record, and what comes back of it is a donation",
            lent(1_000, units=0, more=fund(300, 200, 150, 100) | {"pool.reserves": 50}),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 900}),
                ("repay", {"max_assets": 1_000}),
                ("claim_recovery", {"loss": 1}),
                ("claim_stake_recovery", {"loss": 1}),
            ],
        ),
        (
            "who left is paid as one who stayed",
            lent(300_000_000, units=0),
            [
                ("record_bad_debt", {}),
                ("withdraw", {"shares": ALL}),
                ("repay", {"max_assets": 150_000_000}),
                ("claim_recovery", {"loss": 1}),
            ],
        ),
        (
            "void shares keep their claims",
            lent(900_000, cash=0, units=0),
            [("record_bad_debt", {}), ("repay", {"max_assets": 300_000}), ("claim_recovery", {"loss": 1})],
        ),
        (
            "one unit lost and back",
            lent(1, cash=0, units=0, more={"position.holder.shares": 1}),
            [("record_bad_debt", {}), ("repay", {"max_assets": 1}), ("claim_recovery", {"loss": 1})],
        ),
        (
            "the largest loss back in two parts",
            lent(ALL - 1, cash=0, units=0),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 2**63}),
                ("claim_recovery", {"loss": 1}),
                ("repay", {"max_assets": ALL}),
                ("claim_recovery", {"loss": 1}),
            ],
        ),
        ("what came back and waits bears the next loss like any share", *defaulted_twice(3_000)),
        ("also one that divides all shares: what was claimed before it counts rounded up", *defaulted_twice(9_995)),
        ("also one that takes all", *defaulted_twice(BPS)),
        (
            "what comes back into a fund without shares is one to one",
            lent(200_000_000, units=0, more=fund(1_000_000, 600_000, 250_000, 400_000)),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 100_000_001}),
                ("claim_stake_recovery", {"loss": 1}),
                ("claim_stake_recovery", {"loss": 1}),
            ],
        ),
        # A tenth is left of the fund, so a share costs 0.2. Of 1,077 LPs have 1,064.
        (
            "stakers are given back first, then protocol-owned shares, each at the price that the other leaves",
            lent(
                400_000_000,
                units=0,
                more=fund(5_000_003, 1_000_000, 700_001, 1_500_000) | parameters(loss__draw_cap_bps=9_000),
            ),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 1_077}),
                ("repay", {"max_assets": 50_000_001}),
                ("claim_stake_recovery", {"loss": 1}),
                ("stake", {"max_assets": 1_000_000}),
                ("repay", {"max_assets": ALL}),
                ("claim_stake_recovery", {"loss": 1}),
                ("claim_stake_recovery", {"loss": 1}),
            ],
        ),
        # A share costs 5.4, and of 1,000,000 the fund bore 600.
        (
            "what pays for no whole share is the reserves'",
            lent(
                1_000_000_000,
                units=0,
                more=fund(6_000_000, 500_000, 200_000, 500_001) | parameters(loss__draw_cap_bps=1_000),
            ),
            [("record_bad_debt", {})]
            + [("repay", {"max_assets": part}) for part in (15_009, 40_000, 101_000, 1_000)]
            + [("claim_stake_recovery", {"loss": 1})],
        ),
        (
            "of a drained fund the next stake does not have what it earns, nor what comes back",
            lent(
                200_000_000,
                more=sol(10)
                | marked(100_000_000, 0, 3_600)
                | fund(1_000_000, 600_000, 250_000, 400_000)
                | CURVE
                | USURY,
            ),
            [
                ("record_bad_debt", {}),
                ("stake", {"max_assets": 1}),
                ("accrue", {}, 864_000),
                ("request_unstake", {"shares": ALL}),
                ("stake", {"max_assets": 1_000_000}),
                ("repay", {"max_assets": ALL}),
                ("claim_stake_recovery", {"loss": 1}),
                ("execute_unstake", {}, 864_000),
                ("collect_unstake", {}),
            ],
        ),
        (
            "claiming needs no open fund",
            lent(
                150_000_000,
                more=sol(10) | marked(50_000_000, 200_000_000, 3_600) | fund(1_000_000, 600_000, 250_000, 400_000),
            ),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 80_000_000}),
                ("liquidate", {"max_repay": 30_000_000}),
                ("stake", {"max_assets": 1_000}),
                ("claim_stake_recovery", {"loss": 1}),
            ],
        ),
        # 30 are drawn; a quarter of the window later 22.5 count, and of 15 that come back 11.25 did.
        (
            "what comes back of a draw counts no longer against the cap",
            lent(
                200_000_000,
                units=0,
                more=fund(100_000_000, 60_000_000, 25_000_000, 40_000_000) | parameters(loss__draw_cap_bps=3_000),
            ),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 100_000_001}, 151_200),
                ("repay", {"max_assets": ALL}, 302_400),
            ],
        ),
        (
            "beside an earlier draw, which counts on until its own end",
            lent(
                200_000_000,
                units=0,
                more=fund(100_000_000, 60_000_000, 25_000_000, 40_000_000) | parameters(loss__draw_cap_bps=5_000),
            )
            | {
                "fund.drawn": 40_000_000,
                "fund.window_drawn": 30_000_000,
                "fund.window_at": BEGIN - 1_000,
                "fund.window_ends_at": BEGIN + 201_000,
            },
            [
                ("record_bad_debt", {}, 1_000),
                ("repay", {"max_assets": 120_000_000}, 50_000),
                ("repay", {"max_assets": ALL}, 20_000),
            ],
        ),
        (
            "of a draw that has faded nothing is left to take out",
            lent(
                200_000_000,
                units=0,
                more=fund(100_000_000, 60_000_000, 25_000_000, 40_000_000) | parameters(loss__draw_cap_bps=3_000),
            ),
            [("record_bad_debt", {}), ("repay", {"max_assets": ALL}, 604_800)],
        ),
    ],
    "breaker": [
        # 300 of 1,300 million are lost, 0.230769230770 of NAV rounded up: it counts for more than 5 % until 473,760
        # seconds are over, and a part of one.
        (
            "it ends by itself",
            lent(300_000_000, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("borrow", {"assets": 1}),
                ("withdraw", {"shares": 100}),
                ("withdraw", {"shares": 100}, 473_760),
                ("withdraw", {"shares": 100}, 1),
                ("borrow", {"assets": 1}),
            ],
        ),
        (
            "a limit of all never trips",
            lent(300_000_000, units=0),
            [("record_bad_debt", {}), ("withdraw", {"shares": 100})],
        ),
        (
            "nor does as much as the limit",
            lent(300_000_000, cash=1_200_000_000, units=0, more=parameters(exit__breaker_limit_bps=2_000)),
            [("record_bad_debt", {}), ("withdraw", {"shares": 100})],
        ),
        (
            "a unit more does, for a second",
            lent(300_000_001, cash=1_199_999_999, units=0, more=parameters(exit__breaker_limit_bps=2_000)),
            [("record_bad_debt", {}), ("withdraw", {"shares": 100}), ("withdraw", {"shares": 100}, 1)],
        ),
        (
            "as little as the least does not",
            lent(300_000_000, units=0, more=BREAKER | parameters(exit__breaker_min_losses=300_000_000)),
            [("record_bad_debt", {}), ("withdraw", {"shares": 100})],
        ),
        # A third of 300 is beyond 200: a third of the window.
        (
            "and more than the least only as long as it counts for more",
            lent(300_000_000, units=0, more=BREAKER | parameters(exit__breaker_min_losses=200_000_000)),
            [("record_bad_debt", {}), ("withdraw", {"shares": 100}, 201_599), ("withdraw", {"shares": 100}, 1)],
        ),
        (
            "what LPs do not bear does not count",
            lent(300_000_000, units=0, more=BREAKER | fund(250_000_000, 200_000_000, 100_000_000, 50_000_000)),
            [("record_bad_debt", {}), ("withdraw", {"shares": 100}), ("repay", {"max_assets": 100_000_000}, 60)],
        ),
        # After two days of seven, 214.3 count. Of 250 that come back 178.6 did: 35.7 are left, 2.7 % of NAV.
        (
            "a recovery ends the trip, after the time of a hold",
            lent(300_000_000, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 250_000_000}, 172_800),
                ("withdraw", {"shares": 100}),
                ("borrow", {"assets": 1}),
                ("withdraw", {"shares": 100}, 3_599),
                ("withdraw", {"shares": 100}, 1),
                ("borrow", {"assets": 1}),
                ("repay", {"max_assets": ALL}, 60),
            ],
        ),
        (
            "which is set",
            lent(300_000_000, units=0, more=BREAKER | parameters(loss__hold_seconds=600)),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": ALL}, 60),
                ("withdraw", {"shares": 100}, 599),
                ("withdraw", {"shares": 100}, 1),
            ],
        ),
        (
            "but by itself it ends as before",
            lent(300_000_000, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": ALL}, 472_761),
                ("withdraw", {"shares": 100}, 999),
                ("withdraw", {"shares": 100}, 1),
            ],
        ),
        (
            "so it does where several follow one another",
            lent(300_000_000, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 299_000_000}),
                ("repay", {"max_assets": 500_000}, 1_800),
                ("withdraw", {"shares": 100}, 1_799),
                ("withdraw", {"shares": 100}, 1),
            ],
        ),
        (
            "all of NAV",
            lent(300_000_000, cash=0, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 100_000_001}, 86_400),
                ("repay", {"max_assets": ALL}, 86_400),
            ],
        ),
        # Of 100 that come back 71.4 did: 142.9 are left, 11 % of NAV, which are 5 % after 235,441 seconds more.
        (
            "a smaller one makes it shorter",
            lent(300_000_000, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 100_000_000}, 172_800),
                ("withdraw", {"shares": 100}),
                ("withdraw", {"shares": 100}, 235_440),
                ("withdraw", {"shares": 100}, 1),
            ],
        ),
        (
            "the least makes it no longer",
            lent(300_000_000, units=0, more=BREAKER),
            [("record_bad_debt", {}), ("repay", {"max_assets": 1_000}, 1), ("repay", {"max_assets": 1_000}, 100_000)],
        ),
        (
            "in many parts, at many times",
            lent(300_000_000, units=0, more=BREAKER),
            [("record_bad_debt", {}, 77)]
            + [
                ("repay", {"max_assets": part}, seconds)
                for part, seconds in ((1_234_567, 0), (7_654_321, 12_345), (99_999_999, 54_321), (1_077, 111_111))
            ],
        ),
        (
            "an earlier loss counts on until its own end",
            lent(300_000_000, units=0, more=BREAKER)
            | {"pool.breaker_losses": 90_000_000, "pool.breaker_part": 64_285_714_286, "pool.breaker_at": BEGIN - 7_000}
            | {"pool.breaker_fades_at": BEGIN + 301_000, "pool.breaker_until": BEGIN + 65_000},
            [
                ("record_bad_debt", {}, 1_000),
                ("repay", {"max_assets": 200_000_001}, 50_000),
                ("withdraw", {"shares": 100}),
                ("repay", {"max_assets": ALL}, 10),
                ("withdraw", {"shares": 100}),
            ],
        ),
        # Of 23 NAV 2.1 are lost. A day later 0.02 are lost of a thousand million, a trillionth at most; another day
        # later that is gone again.
        (
            "a tiny loss at a huge NAV leaves alone what others count for",
            lent(
                3_000_000,
                cash=20_000_000,
                units=30_000_000,
                more=BREAKER | USURY | parameters(exit__window_seconds=5_184_000),
            ),
            [
                ("record_bad_debt", {}),
                ("deposit", {"max_assets": 10**15}),
                ("record_bad_debt", {}, 86_400),
                ("request_withdrawal", {"shares": ALL}),
                ("execute_withdrawal", {}, 86_400),
                ("record_bad_debt", {}, 2_000_000),
                ("repay", {"max_assets": ALL}, 3_600),
            ],
        ),
        (
            "of a loss that has faded nothing is left to take out",
            lent(300_000_000, units=0, more=BREAKER),
            [("record_bad_debt", {}), ("repay", {"max_assets": ALL}, 604_800)],
        ),
        (
            "what has no record changes nothing",
            lent(300_000_000, units=0, more=BREAKER | written_off(1_000_000)),
            [
                ("record_bad_debt", {}),
                ("repay", {"max_assets": 300_000_000}, 3_600),
                ("repay", {"max_assets": ALL}, 3_600),
            ],
        ),
    ],
    "leaving": [
        (
            "after a notice, at the price of then",
            pool(1_000_003, 999_000, 500_000) | parameters(exit__notice_seconds=3_600),
            [
                ("withdraw", {"shares": 1}),
                ("execute_withdrawal", {}),
                ("request_withdrawal", {"shares": 500_001}),
                ("request_withdrawal", {"shares": 0}),
                ("request_withdrawal", {"shares": 300_000}),
                ("request_withdrawal", {"shares": 1}),
                ("execute_withdrawal", {}, 3_599),
                ("execute_withdrawal", {}, 1),
                ("execute_withdrawal", {}),
                ("request_withdrawal", {"shares": ALL}),
                ("collect_withdrawal", {}),
                ("collect_withdrawal", {}),
            ],
        ),
        ("where no notice is due nobody asks", pool(1_000, 1_000), [("request_withdrawal", {"shares": 100})]),
        (
            "the last share leaves dust to reserves",
            pool(1_003, 1_000) | parameters(exit__notice_seconds=3_600),
            [("request_withdrawal", {"shares": ALL}), ("execute_withdrawal", {}, 3_600)],
        ),
        (
            "interest of the notice is the holder's",
            lent(500_000_000, more=CURVE | parameters(exit__notice_seconds=3_600)),
            [("request_withdrawal", {"shares": ALL}), ("execute_withdrawal", {}, YEAR)],
        ),
        # A third of 600,000 shares, and 100,000 units of cash. A part of a request pays 1,000 at least.
        (
            "in parts, as far as there is cash",
            lent(500_000, cash=100_000, more=parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": ALL}),
                ("execute_withdrawal", {}, 3_600),
                ("execute_withdrawal", {}),
                ("repay", {"max_assets": 999}),
                ("execute_withdrawal", {}),
                ("repay", {"max_assets": 1}),
                ("execute_withdrawal", {}),
                ("collect_withdrawal", {}),
                ("repay", {"max_assets": ALL}),
                ("execute_withdrawal", {}, 7),
                ("collect_withdrawal", {}),
            ],
        ),
        (
            "a request that is paid whole has no least",
            pool(1_003, 1_000, 500) | parameters(exit__notice_seconds=3_600),
            [("request_withdrawal", {"shares": 1}), ("execute_withdrawal", {}, 3_600)],
        ),
        (
            "rounded, where the price is odd",
            lent(333_333, cash=77_777, index=INDEX, more=parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": 190_001}),
                ("execute_withdrawal", {}, 3_600),
                ("repay", {"max_assets": 50_001}),
                ("execute_withdrawal", {}),
                ("repay", {"max_assets": ALL}),
                ("execute_withdrawal", {}),
            ],
        ),
        # Asked for in calm a notice is over after an hour; tripped it is a day, from when it was asked for.
        (
            "a request made in calm waits longer when the breaker trips",
            lent(300_000_000, units=0, more=BREAKER | parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": 1_000_000}),
                ("record_bad_debt", {}, 3_000),
                ("execute_withdrawal", {}, 600),
                ("execute_withdrawal", {}, 82_799),
                ("execute_withdrawal", {}, 1),
                ("request_withdrawal", {"shares": ALL}),
                ("collect_withdrawal", {}),
            ],
        ),
        (
            "and no longer where the notice was as long",
            lent(
                300_000_000,
                units=0,
                more=BREAKER | parameters(exit__notice_seconds=43_200, exit__breaker_notice_seconds=3_600),
            ),
            [
                ("request_withdrawal", {"shares": ALL}),
                ("record_bad_debt", {}),
                ("execute_withdrawal", {}, 43_199),
                ("execute_withdrawal", {}, 1),
            ],
        ),
        (
            "once the trip ends and no notice is due nobody waits",
            lent(300_000_000, units=0, more=BREAKER),
            [
                ("record_bad_debt", {}),
                ("request_withdrawal", {"shares": 1_000_000}),
                ("execute_withdrawal", {}, 60),
                ("repay", {"max_assets": 250_000_000}),
                ("withdraw", {"shares": ALL}),
                ("execute_withdrawal", {}, 3_599),
                ("withdraw", {"shares": ALL}, 1),
                ("execute_withdrawal", {}),
                ("collect_withdrawal", {}),
            ],
        ),
        (
            "where one is due, what was asked for tripped stays as it is",
            lent(300_000_000, units=0, more=BREAKER | parameters(exit__notice_seconds=3_600)),
            [
                ("record_bad_debt", {}),
                ("request_withdrawal", {"shares": ALL}),
                ("repay", {"max_assets": 250_000_000}, 60),
                ("execute_withdrawal", {}, 86_339),
                ("execute_withdrawal", {}, 1),
            ],
        ),
        (
            "a notice does not run on hold",
            lent(200_000_000, more=sol(10) | parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": ALL}),
                ("mark", {}, 100),
                ("execute_withdrawal", {}, 500),
                ("execute_withdrawal", {}, 3_000),
                ("repay", {"max_assets": ALL}),
                ("execute_withdrawal", {}, 3_499),
                ("execute_withdrawal", {}, 1),
            ],
        ),
        (
            "nor does the longer one",
            lent(200_000_000, more=sol(10) | BREAKER | parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": ALL}),
                ("mark", {}, 100),
                ("record_bad_debt", {}, 3_600),
                ("execute_withdrawal", {}, 86_299),
                ("execute_withdrawal", {}, 1),
            ],
        ),
        (
            "a matured request waits on hold",
            lent(200_000_000, more=sol(10) | parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": ALL}),
                ("mark", {}, 3_600),
                ("execute_withdrawal", {}),
                ("repay", {"max_assets": ALL}),
                ("execute_withdrawal", {}),
            ],
        ),
        # 500 of 1,000,500 are left for as many shares: these are divided once.
        (
            "shares that a loss divides are fewer in the request, too",
            lent(1_000_000, cash=500, units=0, more=parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": 100_000}),
                ("record_bad_debt", {}),
                ("execute_withdrawal", {}, 3_600),
                ("collect_withdrawal", {}),
            ],
        ),
        (
            "and void ones are none",
            lent(1_000_000, cash=0, units=0, more=parameters(exit__notice_seconds=3_600)),
            [
                ("request_withdrawal", {"shares": 100_000}),
                ("record_bad_debt", {}),
                ("execute_withdrawal", {}, 3_600),
                ("deposit", {"max_assets": 1_000}),
                ("execute_withdrawal", {}),
            ],
        ),
        (
            "shares worth nothing stay, and are not requested any more",
            lent(1_000_000, cash=1_000, units=0, more=parameters(exit__notice_seconds=3_600)),
            [("request_withdrawal", {"shares": 900}), ("record_bad_debt", {}), ("execute_withdrawal", {}, 3_600)],
        ),
    ],
    "insurance": [
        ("the first stake is one to one", fund(0), [("stake", {"max_assets": 1_000})]),
        (
            "a donation founds the fund",
            fund(0),
            [("fund_insurance", {"assets": 50}), ("stake", {"max_assets": 30}), ("request_unstake", {"shares": ALL})],
        ),
        ("shares are rounded down and their cost up", fund(1_500, 1_000), [("stake", {"max_assets": 301})]),
        ("what pays for no share is refused", fund(5_000, 1_000), [("stake", {"max_assets": 4})]),
        (
            "what the fund is owed is its own, and cannot be paid out yet",
            lent(200_000, cash=0) | fund(10_000, 40_000, 40_000) | {"pool.insurance_owed": 31_000, "fund.owed": 31_000},
            [
                ("stake", {"max_assets": 100_000}),
                ("request_unstake", {"shares": ALL}),
                ("execute_unstake", {}, 864_000),
                ("execute_unstake", {}),
            ],
        ),
        (
            "revenue that is due belongs to who staked before",
            fund(2_000_100, 1_000_000, 400_000, 1_000_000) | {"pool.insurance_due": 500_011},
            [("stake", {"max_assets": 100})],
        ),
        (
            "but is protocol-owned shares of a fund that a loss rescaled, until these are worth the initial donation",
            drained(100, 100, 40) | {"pool.insurance_due": 11},
            [("stake", {"max_assets": 100})],
        ),
        (
            "no more than is missing of it",
            drained(1_500_000, 500_000, 200_000, 999_990) | {"pool.insurance_due": 500_000},
            [("stake", {"max_assets": 1_000}), ("fund_insurance", {"assets": 1_000})],
        ),
        (
            "nor more than it pays for",
            drained(5_000_000, 500_000, 200_000, 1_000) | {"pool.insurance_due": 9},
            [("stake", {"max_assets": 1_000})],
        ),
        (
            "shares that wait to be claimed count, too",
            drained(1_000) | {"fund.waiting_shares": 700, "pool.insurance_due": 77},
            [("stake", {"max_assets": 1_000}), ("request_unstake", {"shares": ALL})],
        ),
        (
            "where nobody has any it is a donation one to one",
            drained(1_000) | {"pool.insurance_due": 77},
            [("stake", {"max_assets": 1_000}), ("request_unstake", {"shares": ALL})],
        ),
        (
            "protocol-owned shares that are worth it need not be as many",
            drained(3_000_000, 500_000, 200_000, 500_000) | {"pool.insurance_due": 500_000},
            [("stake", {"max_assets": 1_000})],
        ),
        (
            "nor are as many worth it",
            drained(750_000, 500_000, 200_000, 1_000_000) | {"pool.insurance_due": 700_000},
            [("stake", {"max_assets": 1_000})],
        ),
        # Of 1 million 500,000 are drawn, of which 250,000 count at half of the window: of revenue a third is a
        # donation.
        (
            "of revenue the part that a draw took of the fund is a donation, as long as it counts",
            *drawn(
                5_000,
                [
                    ("stake", {"max_assets": 1_000}, 302_400),
                    ("stake", {"max_assets": 1_000}, 86_400),
                    ("stake", {"max_assets": 1_000}, 216_000),
                    ("stake", {"max_assets": 1_000}, 86_400),
                ],
            ),
        ),
        ("no more after its window", *drawn(5_000, [("stake", {"max_assets": 1_000}, 604_800)])),
        (
            "nor when all of it came back",
            *drawn(5_000, [("repay", {"max_assets": ALL}), ("stake", {"max_assets": 1_000}, 86_400)]),
        ),
        (
            "and less when some of it did",
            *drawn(5_000, [("repay", {"max_assets": 100_000_000}), ("stake", {"max_assets": 1_000}, 86_400)]),
        ),
        # 500 of 1 million are left, and all shares divided by 1,024: protocol-owned shares are worth 199.
        (
            "after one that rescaled shares, so is what is missing of the initial donation's worth",
            *drawn(
                9_995,
                [
                    ("stake", {"max_assets": 1_000}, 3_600),
                    ("stake", {"max_assets": 1_000}, 604_800),
                    ("stake", {"max_assets": 1_000}, 86_400),
                ],
            ),
        ),
        (
            "or more, as long as the draw counts",
            *drawn(9_995, [("stake", {"max_assets": 1_000}, 302_400), ("stake", {"max_assets": 1_000}, 302_400)]),
        ),
        (
            "after one that took all, revenue is a donation as nobody has shares",
            *drawn(
                BPS,
                [
                    ("accrue", {}, 3_600),
                    ("stake", {"max_assets": 1_000}, 3_600),
                    ("stake", {"max_assets": 1_000}, 3_600),
                ],
            ),
        ),
        (
            "what is owed counts as revenue once",
            lent(1_000_000_000, cash=0, more=CURVE | drained(1_000_000, 800_000, 300_000, 100_000)),
            [
                ("fund_insurance", {"assets": 1_000}, 60),
                ("accrue", {}, 3_600),
                ("stake", {"max_assets": 1_000}),
                ("repay", {"max_assets": 100_000_000}),
                ("accrue", {}),
                ("stake", {"max_assets": 1_000}),
                ("request_unstake", {"shares": ALL}, 86_400),
            ],
        ),
        (
            "what a loss takes of what is owed is no revenue later",
            lent(
                300_000_000,
                cash=100,
                units=0,
                more=CURVE | drained(1_000_000, 800_000, 300_000, 100_000) | parameters(loss__draw_cap_bps=5_000),
            ),
            [
                ("fund_insurance", {"assets": 1_000}, 86_400),
                ("record_bad_debt", {}, 86_400),
                ("stake", {"max_assets": 1_000}),
            ],
        ),
        (
            "who leaves leaves to the fund what was earned since it asked",
            lent(500_000_000, more=CURVE | fund(10_000_000, 5_000_000, 2_000_000, 3_000_000)),
            [
                ("request_unstake", {"shares": 1_500_000}),
                ("execute_unstake", {}, YEAR),
                ("collect_unstake", {}),
                ("request_unstake", {"shares": ALL}),
                ("execute_unstake", {}, 864_000),
            ],
        ),
        (
            "less than a share of it is nobody's",
            lent(200_000_000, more=CURVE | fund(6_000_000, 500_000, 100_000, 1_000_000)),
            [("request_unstake", {"shares": 10}), ("execute_unstake", {}, YEAR)],
        ),
        (
            "the last to leave, too",
            lent(500_000_000, more=CURVE | drained(2_000_000, 1_000_000, 1_000_000)),
            [
                ("request_unstake", {"shares": ALL}),
                ("execute_unstake", {}, YEAR),
                ("stake", {"max_assets": 1_000_000}),
                ("request_unstake", {"shares": ALL}),
            ],
        ),
        # What the pool owes the fund it does not hold yet: it pays in parts, and a part is 1,000 at least.
        (
            "in parts, with what was earned since",
            lent(1_000_000_000, cash=0, more=CURVE | drained(1_000_000, 800_000, 800_000, 100_000)),
            [
                ("request_unstake", {"shares": ALL}, YEAR),
                ("execute_unstake", {}, 864_000),
                ("execute_unstake", {}),
                ("repay", {"max_assets": 500}, 86_400),
                ("execute_unstake", {}),
                ("repay", {"max_assets": 10_000_000}),
                ("execute_unstake", {}),
                ("repay", {"max_assets": ALL}),
                ("execute_unstake", {}),
                ("collect_unstake", {}),
            ],
        ),
        # 250,000 of 600,000 shares are 244 of 585 after a loss that leaves 500 units; what comes back is no part of the
        # request.
        (
            "a claim after a loss that divides all shares divides those that are requested, too",
            lent(
                200_000_000,
                units=0,
                more=fund(1_000_000, 600_000, 250_000, 400_000) | parameters(loss__draw_cap_bps=9_995),
            ),
            [
                ("request_unstake", {"shares": ALL}),
                ("record_bad_debt", {}, 60),
                ("repay", {"max_assets": 100_000_000}, 60),
                ("claim_stake_recovery", {"loss": 1}),
                ("execute_unstake", {}, 863_880),
                ("repay", {"max_assets": ALL}),
                ("claim_stake_recovery", {"loss": 1}),
                ("collect_unstake", {}),
            ],
        ),
        (
            "asking changes no shares, leaving does",
            lent(
                600_000,
                cash=6,
                units=0,
                more=fund(1_000_000, 1_000_000, 400_000) | parameters(loss__draw_cap_bps=5_000),
            ),
            [
                ("record_bad_debt", {}),
                ("request_unstake", {"shares": 100_000}),
                ("execute_unstake", {}, 864_000),
                ("repay", {"max_assets": ALL}),
                ("claim_stake_recovery", {"loss": 1}),
            ],
        ),
        ("an empty donation is refused", fund(100), [("fund_insurance", {"assets": 0})]),
        (
            "leaving takes the cooldown, and what is earned meanwhile stays",
            fund(1_000, 1_000, 400),
            [
                ("execute_unstake", {}),
                ("request_unstake", {"shares": 300}),
                ("execute_unstake", {}, 863_999),
                ("fund_insurance", {"assets": 500}),
                ("execute_unstake", {}, 1),
                ("execute_unstake", {}),
            ],
        ),
        (
            "a request does not lapse, and is the only one",
            fund(1_000, 1_000, 400),
            [
                ("request_unstake", {"shares": 300}),
                ("request_unstake", {"shares": ALL}),
                ("execute_unstake", {}, 8_640_000),
                ("collect_unstake", {}),
                ("collect_unstake", {}),
            ],
        ),
        (
            "more than is held is refused",
            fund(1_000, 1_000, 400),
            [("request_unstake", {"shares": 401}), ("request_unstake", {"shares": 0})],
        ),
        (
            "a loss lowers what who asked to leave gets",
            lent(600, units=0, more=fund(1_000, 1_000, 400)),
            [("request_unstake", {"shares": ALL}), ("record_bad_debt", {}), ("execute_unstake", {}, 864_000)],
        ),
        (
            "nobody leaves while a loss is marked, and the cooldown stands still",
            lent(200_000_000, more=sol(10) | fund(1_000, 1_000, 400)),
            [
                ("request_unstake", {"shares": ALL}),
                ("mark", {}, 100),
                ("execute_unstake", {}, 863_900),
                ("repay", {"max_assets": ALL}),
                ("execute_unstake", {}, 863_899),
                ("execute_unstake", {}, 1),
            ],
        ),
        (
            "a request that matured waits, and is executed afterwards",
            lent(200_000_000, more=sol(10) | fund(1_000, 1_000, 400)),
            [
                ("request_unstake", {"shares": ALL}),
                ("mark", {}, 864_000),
                ("execute_unstake", {}),
                ("execute_unstake", {}, 172_800),
                ("repay", {"max_assets": ALL}),
                ("execute_unstake", {}, 172_799),
            ],
        ),
        (
            "a request that is made on hold begins with its end",
            fund(1_000, 1_000, 400) | lent(200_000_000, more=marked(60, seconds=50)),
            [
                ("request_unstake", {"shares": ALL}),
                ("repay", {"max_assets": 60}, 70),
                ("execute_unstake", {}, 863_999),
                ("execute_unstake", {}, 1),
            ],
        ),
        ("the largest stake", fund(0), [("stake", {"max_assets": ALL - 1})]),
    ],
}
