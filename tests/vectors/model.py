#!/usr/bin/env python3
"""An independent model of Backstop. It computes the vectors of `cases.py` from the formulas in docs/protocol.md.

The model uses integers and fractions, and no code of the engine. The same vectors run in the engine, on the built
program, and in TypeScript through the WebAssembly module.

    python3 tests/vectors/model.py           writes tests/vectors/*.json
    python3 tests/vectors/model.py --check   fails if a file would change

A vector starts from the accounts of `accounts.json`, whose fields `start.json` lists, with the fields of `given`
replaced. Its steps follow, each `seconds` after the previous one. A step expects the amounts `moved` and the fields
that it changes, as they are `after` it, or the error that it is `refused` with. All other fields of `start.json` stay
as they are. A step that names no collateral uses `collateral`, which is SOL.
"""

import json
import sys
from copy import deepcopy
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

BPS = 10_000
ALL = 2**64 - 1
ONE = 2**64  # indices have 64 fractional bits
YEAR = 31_536_000
NANO = 10**9
USD = 10**18  # values count 10^-18 USD
MICRO_USD = 10**12
GAUGE = 2**32  # ramps have 32 fractional bits
BEGIN = 1_667_260_800  # the Unix time at which vectors begin
WHOLE = 10**12  # the breaker counts trillionths of NAV
# The least value of the protocol-owned shares in a fund that losses rescaled, up to what revenue pays for.
MIN_INITIAL_DONATION = 1_000_000
PARTIAL_EXIT = 1_000  # the least that a part of a request is executed for

DECIMALS = {"liquidity": 6, "collateral": 9, "gem": 0}  # SOL, and a token that cannot be divided
SLOTS = {"collateral": 0, "gem": 1}  # where an obligation holds what
OF = {"position": "pool", "stake": "fund"}  # whose shares a holder has
HOLDS = {"position": "pool.hold", "stake": "pool.fund_hold"}  # and what stops the clock of its request
# What counts for a time: how much it was at the last change, when that was, and when nothing of it will be left.
DRAWS = ("fund.window_drawn", "fund.window_at", "fund.window_ends_at")
LOSSES = ("pool.breaker_losses", "pool.breaker_at", "pool.breaker_fades_at")

# What the accounts start with and the model looks at.
START = {
    "pool.cash": 0,
    "pool.debt_shares": 0,
    "pool.borrow_index": ONE,
    "pool.shares": 0,
    "pool.reserves": 0,
    "pool.insurance_due": 0,
    "pool.insurance_owed": 0,
    "pool.average_utilisation": 0,
    "pool.average_debt": 0,
    "pool.marked": 0,
    "pool.hold.on": 0,
    "pool.hold.since": 0,
    "pool.hold.stopped": 0,
    "pool.hold.spent": 0,
    "pool.fund_hold.on": 0,
    "pool.fund_hold.since": 0,
    "pool.fund_hold.stopped": 0,
    "pool.fund_hold.spent": 0,
    "pool.last_price.price": 100_000_000,
    "pool.last_price.reported_at": 0,
    "pool.average.price": USD,
    "pool.lost": 0,
    "pool.unclaimed": 0,
    "pool.payable": 0,
    "pool.generation": 0,
    "pool.last_loss": 0,
    "pool.breaker_losses": 0,
    "pool.breaker_part": 0,
    "pool.breaker_at": 0,
    "pool.breaker_fades_at": 0,
    "pool.breaker_until": 0,
    "pool.insurance_factor.value": 0,
    "pool.insurance_share.value": BPS * GAUGE,
    "pool.parameters.rates.base_bps": 0,
    "pool.parameters.rates.slope1_bps": 0,
    "pool.parameters.rates.kink_bps": 8_000,
    "pool.parameters.rates.slope2_bps": 0,
    "pool.parameters.rates.reserve_factor_bps": 0,
    "pool.parameters.loss.dust_value": 1_000_000,
    "pool.parameters.loss.hold_seconds": 3_600,
    "pool.parameters.loss.draw_cap_bps": BPS,
    "pool.parameters.exit.breaker_min_losses": 0,
    "pool.parameters.exit.breaker_limit_bps": BPS,
    "pool.parameters.exit.window_seconds": 604_800,
    "pool.parameters.exit.breaker_notice_seconds": 86_400,
    "pool.parameters.exit.notice_seconds": 0,
    "pool.parameters.risk.average_seconds": 86_400,
    "pool.parameters.caps.pool_deposit_cap": ALL,
    "pool.parameters.caps.borrow_cap": ALL,
    "pool.parameters.liquidation.min_debt": 0,
    "pool.parameters.liquidation.insurance_cut_bps": 0,
    "pool.parameters.liquidation.target_health_bps": 11_000,
    "pool.parameters.insurance.cooldown_seconds": 864_000,
    "pool.parameters.oracle.max_confidence_bps": 200,
    "fund.assets": 0,
    "fund.owed": 0,
    "fund.shares": 0,
    "fund.waiting_shares": 0,
    "fund.protocol_shares": 0,
    "fund.drawn": 0,
    "fund.window_drawn": 0,
    "fund.window_at": 0,
    "fund.window_ends_at": 0,
    "fund.generation": 0,
    "fund.last_loss": 0,
    "collateral.deposited": 10_000_000_000,
    "collateral.max_ltv.value": 7_500 * GAUGE,
    "collateral.threshold.value": 8_000 * GAUGE,
    "collateral.parameters.bonus_min_bps": 0,
    "collateral.parameters.bonus_max_bps": 0,
    "collateral.parameters.oracle.max_confidence_bps": 200,
    "collateral.average.price": 30 * USD,
    "collateral.last_price.price": 3_000_000_000,
    "collateral.last_price.reported_at": 0,
    "gem.deposited": 0,
    "gem.max_ltv.value": 7_500 * GAUGE,
    "gem.threshold.value": 8_000 * GAUGE,
    "gem.parameters.bonus_min_bps": 0,
    "gem.parameters.bonus_max_bps": 0,
    "gem.parameters.oracle.max_confidence_bps": 200,
    "gem.average.price": 100 * USD,
    "gem.last_price.price": 10_000_000_000,
    "gem.last_price.reported_at": 0,
    "position.holder.shares": 0,
    "position.holder.generation": 0,
    "position.holder.since": 0,
    "position.request.shares": 0,
    "position.request.worth": 0,
    "position.request.asked_at": 0,
    "position.request.matures_at": 0,
    "position.request.payable": 0,
    "stake.holder.shares": 0,
    "stake.holder.generation": 0,
    "stake.holder.since": 0,
    "stake.request.shares": 0,
    "stake.request.worth": 0,
    "stake.request.asked_at": 0,
    "stake.request.matures_at": 0,
    "stake.request.payable": 0,
    "obligation.debt_shares": 0,
    "obligation.marked": 0,
    "obligation.marked_at": 0,
    "obligation.written_off": 0,
    "obligation.recovered": 0,
    "obligation.collaterals.0.units": 10_000_000_000,
    "obligation.collaterals.1.units": 0,
    # In 10^-8 USD for a whole token.
    "price.liquidity": 100_000_000,
    "price.liquidity.confidence": 0,
    "price.collateral": 3_000_000_000,
    "price.collateral.confidence": 0,
    "price.gem": 10_000_000_000,
    "price.gem.confidence": 0,
}


class Refused(Exception):
    """The program refuses."""


def require(fulfilled, error):
    if not fulfilled:
        raise Refused(error)


def fits(number):
    require(0 <= number < 2**64, "MathOverflow")
    return number


def rescalings(left, shares):
    """How often a loss that leaves so much divides shares by 2^10; seven times if it leaves nothing."""
    if not left:
        return 7 if shares else 0
    times = 0
    while left << 10 < shares >> (10 * times):
        times += 1
    return times


def divided(shares, times):
    """Shares after so many rescalings, rounded down."""
    return shares >> (10 * times)


class Loss:
    """A loss in the book: who bore it, over how many shares, what came back, and what the holders that are looked at, Alice and Sam, had and claimed."""

    def __init__(self, reported, held, bore_stake):
        self.reported = reported | {"recovered": 0, "back_shares": 0, "back_generation": 0}
        self.held, self.bore_stake = held, bore_stake
        self.claimed, self.claimed_shares, self.claimed_generation = 0, 0, 0

    def __getitem__(self, name):
        return self.reported[name]

    def unrecovered(self):
        return sum(self[side] for side in ("reserves", "protocol", "stakers", "lps")) - self["recovered"]

    def parts(self):
        """What came back for LPs, stakers and protocol-owned shares, by what they bore, and then for reserves."""
        insurance = self["stakers"] + self["protocol"]
        among = min(self["recovered"], self["lps"] + insurance)
        to_lps = among * self["lps"] // (self["lps"] + insurance) if among else 0
        to_stakers = (among - to_lps) * self["stakers"] // insurance if insurance else 0
        return {
            "lps": to_lps,
            "stakers": to_stakers,
            "protocol": among - to_lps - to_stakers,
            "reserves": self["recovered"] - among,
        }

    def recover(self, paid):
        before = self.parts()
        self.reported["recovered"] += paid
        return {side: amount - before[side] for side, amount in self.parts().items()}

    def back(self, generation):
        """The stakers' shares that came back, as later losses left them."""
        return divided(self["back_shares"], generation - self["back_generation"])

    def bring_back(self, shares, generation):
        if shares:
            self.reported |= {"back_shares": self.back(generation) + shares, "back_generation": generation}

    def claim(self):
        """What Alice is due of what came back for LPs."""
        due = self.parts()["lps"] * self.held // self["shares"] - self.claimed if self["shares"] else 0
        require(due > 0, "NothingToClaim")
        self.claimed += due
        return due

    def claim_shares(self, generation):
        """The shares that Sam is due of those that came back; what it claimed before later losses is rounded up."""
        back, claimed = (
            self.back(generation),
            ceil(Fraction(self.claimed_shares, 1 << 10 * (generation - self.claimed_generation))),
        )
        due = back * self.bore_stake // self["stake_shares"] - claimed if back and self.bore_stake else 0
        require(due > 0, "NothingToClaim")
        self.claimed_shares, self.claimed_generation = claimed + due, generation
        return due


class Model:
    """The accounts, and what the instructions do to them."""

    def __init__(self, given):
        unknown = set(given) - set(START)
        assert not unknown, f"the model does not look at {unknown}"
        self.state = START | given
        self.book, self.minor = [], 0
        self.now = self.accrued_at = BEGIN
        self.favoured, self.newest = {}, True

    def __getitem__(self, path):
        return self.state[path]

    def __setitem__(self, path, value):
        self.state[path] = value

    def behind(self, holder):
        """How often losses divided a holder's shares since it was touched."""
        return self[f"{OF[holder]}.generation"] - self[f"{holder}.holder.generation"]

    def held(self, holder):
        """A holder's shares as they are now."""
        return divided(self[f"{holder}.holder.shares"], self.behind(holder))

    def settle(self, holder):
        """Divides a holder's shares, and those requested, as often as losses did. A holder whose shares were not divided stays as it is."""
        if self.behind(holder):
            self.touch(holder)

    def touch(self, holder):
        """Before its shares change, a holder is as of the last loss."""
        behind = self.behind(holder)
        requested = divided(self[f"{holder}.request.shares"], behind)
        self[f"{holder}.request.shares"] = requested
        if behind and not requested:
            self.end_request(holder)
        self[f"{holder}.holder.shares"] = self.held(holder)
        self[f"{holder}.holder.generation"] = self[f"{OF[holder]}.generation"]
        self[f"{holder}.holder.since"] = self[f"{OF[holder]}.last_loss"]

    def asked(self, holder, shares):
        """The shares that a settled holder is asked for, of those that are not requested."""
        free = self[f"{holder}.holder.shares"] - self[f"{holder}.request.shares"]
        shares = free if shares == ALL else shares
        require(shares, "AmountTooSmall")
        require(shares <= free, "InsufficientShares")
        return shares

    def parameter(self, path):
        return self[f"pool.parameters.{path}"]

    # Marks, and what they hold.

    def is_material(self, held):
        return self["pool.marked"] * BPS > held

    def insured(self):
        return self["fund.assets"] + self["pool.insurance_due"] + self["pool.insurance_owed"]

    def require_pool_open(self):
        require(not self.is_material(self.nav()), "PoolOnHold")

    def require_fund_open(self):
        require(not self.is_material(self.insured()), "FundOnHold")

    def hold(self, of, held):
        """Begins or ends a hold: holds that follow one another within its time count together."""
        material = self.is_material(held)
        if material == bool(self[f"{of}.on"]):
            return
        lasted, self[f"{of}.on"], self[f"{of}.since"] = self.now - self[f"{of}.since"], int(material), self.now
        if material and lasted >= self.parameter("loss.hold_seconds"):
            self[f"{of}.spent"] = 0
        if not material:
            self[f"{of}.stopped"] += lasted
            self[f"{of}.spent"] += lasted

    def hold_pool(self):
        self.hold("pool.hold", self.nav())

    def hold_both(self):
        self.hold_pool()
        self.hold("pool.fund_hold", self.insured())

    def clock(self, holder):
        """The time without what pool or fund spent on hold."""
        of = HOLDS[holder]
        lasts = self.now - self[f"{of}.since"] if self[f"{of}.on"] else 0
        return self.now - self[f"{of}.stopped"] - lasts

    def settles(self):
        """Whether a mark has stood for its time, or pool or fund were on hold for as long."""
        seconds = self.parameter("loss.hold_seconds")
        if not self["obligation.marked"]:
            return False
        holds = [of for of in ("pool.hold", "pool.fund_hold") if self[f"{of}.on"]]
        spent = [self[f"{of}.spent"] + self.now - self[f"{of}.since"] for of in holds]
        return max(spent + [self.now - self["obligation.marked_at"]]) >= seconds

    def replace_mark(self, mark):
        before = self["obligation.marked"]
        self["pool.marked"] += mark - before
        self["obligation.marked"] = mark
        stands = before and mark <= 2 * before
        self["obligation.marked_at"] = (self["obligation.marked_at"] if stands else self.now) if mark else 0

    def change_mark(self, shown, paid, newest):
        """The shortfall that is shown; but a mark falls by no more than what is paid or recorded, unless prices are the newest."""
        least = 0 if newest else max(self["obligation.marked"] - paid, 0)
        self.replace_mark(min(max(shown, least), self.debt()))

    # What a pool is worth.

    def performing_debt(self):
        return self["pool.debt_shares"] * self["pool.borrow_index"] // ONE

    def debt(self, shares=None):
        shares = self["obligation.debt_shares"] if shares is None else shares
        return ceil(Fraction(shares * self["pool.borrow_index"], ONE))

    def nav(self):
        return self["pool.cash"] + self.performing_debt() - self["pool.reserves"] - self["pool.insurance_owed"]

    def share_price(self, nav):
        shares = self["pool.shares"]
        return min(nav * 10**12 // shares, ALL) if shares else 10**12

    def to_nobody(self):
        """NAV that no share owns joins the reserves."""
        if self["pool.shares"] == 0:
            self["pool.reserves"] += self.nav()

    def accrue(self):
        self.count_interest()
        self.hold_pool()
        return {}

    def count_interest(self):
        """Interest of the time that passed; then what is owed to the fund is set aside from cash, as far as there is some."""
        seconds, self.accrued_at = self.now - self.accrued_at, self.now
        if seconds > 0:
            self.grow(seconds)
        paid = min(self["pool.insurance_owed"], self["pool.cash"])
        self["pool.cash"] -= paid
        self["pool.insurance_owed"] -= paid
        self["pool.insurance_due"] += paid
        self.to_nobody()

    def average(self, utilisation, debt, seconds):
        """Averages go on towards a state by the part that its time is of itself and the horizon, rounded towards it."""
        weight = min(seconds, 2**22 - 1)
        for path, state in (("pool.average_utilisation", utilisation << 12), ("pool.average_debt", debt)):
            way = ceil(Fraction(abs(state - self[path]) * weight, weight + self.parameter("risk.average_seconds")))
            self[path] += way if state > self[path] else -way

    def grow(self, seconds):
        before, cash = self.performing_debt(), self["pool.cash"]
        utilisation = before * NANO // (before + cash) if before else 0
        self.average(utilisation, before, seconds)
        if self["pool.debt_shares"] == 0:
            return
        kink = self.parameter("rates.kink_bps") * NANO // BPS
        base, slope1, slope2 = (
            self.parameter(f"rates.{name}_bps") * NANO // BPS for name in ("base", "slope1", "slope2")
        )
        if utilisation < kink:
            rate = base + slope1 * utilisation // kink
        else:
            rate = base + slope1 + slope2 * (utilisation - kink) // (NANO - kink)
        x = min(rate * min(seconds, 2**29 - 1) * ONE // (NANO * YEAR), ONE - 1)
        square = x * x // ONE
        growth = x + square // 2 + square * x // ONE // 6
        index = self["pool.borrow_index"]
        grown = index + index * growth // ONE
        if cash + self["pool.debt_shares"] * grown // ONE >= ALL:
            return
        self["pool.borrow_index"] = grown
        interest = self.performing_debt() - before
        self["pool.insurance_owed"] += interest * (self["pool.insurance_factor.value"] // GAUGE) // BPS
        self["pool.reserves"] += interest * self.parameter("rates.reserve_factor_bps") // BPS

    # LPs.

    def deposit(self, max_assets):
        self.count_interest()
        self.touch("position")
        self.require_pool_open()
        nav, shares = self.nav(), self["pool.shares"]
        fits(nav + 1), fits(shares + 1)
        minted = max_assets * (shares + 1) // (nav + 1)
        fits(minted), fits(shares + minted + 1)
        require(minted > 0, "AmountTooSmall")
        assets = ceil(Fraction(minted * (nav + 1), shares + 1))
        fits(self["pool.cash"] + assets + self.performing_debt() + 1)
        require(nav + assets <= self.parameter("caps.pool_deposit_cap"), "DepositCapExceeded")
        self["pool.cash"] += assets
        self["pool.shares"] = shares + minted
        self["position.holder.shares"] += minted
        self.hold_pool()
        return {"assets": assets, "shares": minted}

    def withdraw(self, shares):
        require(not self.notice(), "NoticeDue")
        self.count_interest()
        self.settle("position")
        shares = self.asked("position", shares)
        self.require_pool_open()
        assets = self.share_of_nav(shares)
        require(assets > 0, "AmountTooSmall")
        require(assets <= self["pool.cash"], "InsufficientCash")
        self["pool.cash"] -= assets
        self["pool.shares"] -= shares
        self.touch("position")
        self["position.holder.shares"] -= shares
        self.to_nobody()
        self.hold_pool()
        return {"shares": shares, "assets": assets}

    def share_of_nav(self, shares):
        return shares * (self.nav() + 1) // (self["pool.shares"] + 1)

    def tripped(self):
        return self.now < self["pool.breaker_until"]

    def notice(self):
        """How long ahead an LP must ask now."""
        own, tripped = self.parameter("exit.notice_seconds"), self.parameter("exit.breaker_notice_seconds")
        return max(own, tripped) if self.tripped() else own

    def request_withdrawal(self, shares):
        """Notes the shares, and nothing else: interest is not even counted."""
        notice = self.notice()
        require(notice, "NoNoticeDue")
        self.settle("position")
        require(not self["position.request.shares"], "ExitPending")
        return self.request("position", self.asked("position", shares), 0, notice)

    def withdrawal_matures_at(self):
        """Made in calm, it is no way around a trip; and where no notice is due any more, nobody waits."""
        asked_at, matures_at = self["position.request.asked_at"], self["position.request.matures_at"]
        if self.tripped():
            return max(matures_at, asked_at + self.notice())
        return matures_at if self.parameter("exit.notice_seconds") else asked_at

    def execute_withdrawal(self):
        self.settle("position")
        self.require_mature("position", self.withdrawal_matures_at())
        self.count_interest()
        self.require_pool_open()
        shares, assets = self.exit("position", self.share_of_nav, self["pool.cash"])
        self["pool.cash"] -= assets
        self["pool.shares"] -= shares
        self.to_nobody()
        self.hold_pool()
        return {"shares": shares, "assets": assets}

    def collect_withdrawal(self):
        return self.collect("position")

    # Requests to leave.

    def request(self, holder, shares, worth, seconds):
        """A request has its times on the clock that stops during holds."""
        asked_at = self.clock(holder)
        reported = {"shares": shares, "worth": worth, "asked_at": asked_at, "matures_at": asked_at + seconds}
        self.state |= {f"{holder}.request.{name}": value for name, value in reported.items()}
        return {"shares": shares, "worth": worth, "maturesAt": self.now + seconds}

    def end_request(self, holder):
        self.state |= {f"{holder}.request.{name}": 0 for name in ("shares", "worth", "asked_at", "matures_at")}

    def require_mature(self, holder, matures_at):
        require(self[f"{holder}.request.shares"], "ExitNotRequested")
        require(self.clock(holder) >= matures_at, "ExitNotMature")

    def exit(self, holder, pays, cash):
        """Burns the shares of a request for what becomes payable: all of it, or what cash pays for if that is at least
        `PARTIAL_EXIT`. Shares that are worth nothing are not burned, and the request ends."""
        asked, worth = self[f"{holder}.request.shares"], self[f"{holder}.request.worth"]
        shares, left = asked, 0
        if pays(asked) > cash:
            shares = asked * cash // pays(asked)
            left = asked - shares
            require(pays(shares) >= PARTIAL_EXIT, "InsufficientCash")
        assets = pays(shares)
        shares = shares if assets else 0
        self.touch(holder)
        self[f"{holder}.holder.shares"] -= shares
        self[f"{holder}.request.shares"], self[f"{holder}.request.worth"] = left, worth * left // asked
        if not left:
            self.end_request(holder)
        self[f"{holder}.request.payable"] += assets
        self["pool.payable"] += assets
        return shares, assets

    def collect(self, holder):
        paid = self[f"{holder}.request.payable"]
        require(paid, "NothingToCollect")
        self[f"{holder}.request.payable"] = 0
        self["pool.payable"] -= paid
        return {"assets": paid}

    # Borrowers.

    def unit_price(self, token, side):
        """Of a base unit, in 10^-18 USD: of the price (0), with the confidence on top (1), or without it (-1)."""
        if token in self.favoured:
            return Fraction(self.favoured[token], 10 ** DECIMALS[token])
        digits = self[f"price.{token}"] + side * self[f"price.{token}.confidence"]
        return Fraction(digits * USD, 10**8 * 10 ** DECIMALS[token])

    def read_price(self, token, may_favour):
        """Reads a price, which ends a report. One that was reported and not read since counts in the borrower's favour, where it may."""
        account = "pool" if token == "liquidity" else token
        reported = self[f"{account}.last_price.reported_at"]
        digits, confidence = self[f"price.{token}"], self[f"price.{token}.confidence"]
        limit = self[f"{account}.parameters.oracle.max_confidence_bps"]
        usable = digits and confidence * BPS <= digits * limit
        if not usable and may_favour and reported and self.now - reported >= self.parameter("loss.hold_seconds"):
            last, average = self[f"{account}.last_price.price"] * USD // 10**8, self[f"{account}.average.price"]
            self.favoured[token] = min(last, average) // 2 if token == "liquidity" else 2 * max(last, average)
            self.newest = False
            return
        require(digits, "InvalidPrice")
        require(usable, "PriceUncertain")
        self[f"{account}.last_price.price"], self[f"{account}.last_price.reported_at"] = digits, 0

    def holding(self, token):
        return self[f"obligation.collaterals.{SLOTS[token]}.units"]

    def dust(self):
        return self.parameter("loss.dust_value") * MICRO_USD

    def counts(self, token, units):
        """Not what is worth at most a tenth of dust at twice its average price."""
        return Fraction(2 * units * self[f"{token}.average.price"], 10 ** DECIMALS[token]) > Fraction(self.dust(), 10)

    def backing(self, favour=()):
        """The conservative values of all holdings that count, in 10^-18 USD. Reads their prices, and that of the liquidity token first."""
        tokens = [token for token in SLOTS if self.counts(token, self.holding(token))]
        self.favoured, self.newest = {}, True
        for token in ["liquidity", *tokens]:
            self.read_price(token, token in favour)
        return self.valued(tokens)

    def valued(self, tokens):
        return {token: floor(self.holding(token) * self.unit_price(token, -1)) for token in tokens}

    def owed_value(self, debt):
        return ceil(debt * self.unit_price("liquidity", 1))

    def threshold(self, token):
        return ceil(Fraction(self[f"{token}.threshold.value"], GAUGE))

    def limit(self, backing):
        """What debt the collateral carries, in value times basis points."""
        return sum(value * self.threshold(token) for token, value in backing.items())

    def least_bonus(self, token):
        return self[f"{token}.parameters.bonus_min_bps"]

    def proceeds(self, backing):
        """What the collateral brings after the least bonus."""
        return sum(value * BPS // (BPS + self.least_bonus(token)) for token, value in backing.items())

    def is_liquidatable(self, debt, backing):
        return self.owed_value(debt) * BPS > self.limit(backing)

    def unrecovered(self):
        return self["obligation.written_off"] - self["obligation.recovered"]

    def secure(self, performing):
        """Who borrows or takes collateral out secures all debt, also what was written off, and any as at least the minimum."""
        debt = performing + self.unrecovered()
        debt = max(debt, self.parameter("liquidation.min_debt")) if debt else 0
        carried = sum(value * (self[f"{token}.max_ltv.value"] // GAUGE) for token, value in self.backing().items())
        require(self.owed_value(debt) * BPS <= carried, "LoanToValueExceeded")

    def borrow(self, assets):
        require(not self.tripped(), "BreakerTripped")
        self.count_interest()
        require(assets > 0, "AmountTooSmall")
        require(assets <= self["pool.cash"], "InsufficientCash")
        added = ceil(Fraction(assets * ONE, self["pool.borrow_index"]))
        debt = self.debt(self["obligation.debt_shares"] + added)
        require(debt >= self.parameter("liquidation.min_debt"), "DebtBelowMinimum")
        self.secure(debt)
        lent = (self["pool.debt_shares"] + added) * self["pool.borrow_index"] // ONE
        require(lent <= self.parameter("caps.borrow_cap"), "BorrowCapExceeded")
        self["obligation.debt_shares"] += added
        self["pool.debt_shares"] += added
        self["pool.cash"] -= assets
        self.to_nobody()
        self.hold_pool()
        return {"assets": assets}

    def withdraw_collateral(self, units, of="collateral"):
        units = self.holding(of) if units == ALL else units
        require(units, "AmountTooSmall")
        require(units <= self.holding(of), "InsufficientCollateral")
        self.release(of, units)
        if self["obligation.debt_shares"] or self.unrecovered():
            self.count_interest()
            self.secure(self.debt())
            self.hold_pool()
        return {"units": units}

    def release(self, token, units):
        self[f"obligation.collaterals.{SLOTS[token]}.units"] -= units
        self[f"{token}.deposited"] -= units

    def burn_debt(self, burned, paid):
        self["obligation.debt_shares"] -= burned
        self["pool.debt_shares"] -= burned
        self["pool.cash"] += paid
        self.to_nobody()

    def repay(self, max_assets):
        self.count_interest()
        owed, paid = self["obligation.debt_shares"], 0
        require(owed or self.unrecovered(), "NoDebt")
        if owed:
            burned = owed if max_assets >= self.debt() else max_assets * ONE // self["pool.borrow_index"]
            require(burned, "AmountTooSmall")
            paid = self.debt(burned)
            self.burn_debt(burned, paid)
            if self["obligation.marked"]:
                self.change_mark(0, paid, newest=False)
                self.hold_both()
        recovered = [] if self["obligation.debt_shares"] else self.recover(self.taken(max_assets - paid))
        assets = paid + sum(part["assets"] for part in recovered)
        require(assets, "AmountTooSmall")
        self.hold_pool()
        return {
            "assets": assets,
            "repaid": paid,
            "debt": self.debt(),
            "unrecovered": self.unrecovered(),
            "recovered": recovered,
        }

    def taken(self, offered):
        """What is taken of an offer towards written-off debt."""
        return min(offered, self.unrecovered())

    def recover(self, left):
        """Pays towards what was written off, the oldest loss first; what has no record comes last, as a donation. Tells what became of it."""
        reported = []
        self["obligation.recovered"] += left
        for number, loss in enumerate(self.book, 1):
            part = min(left, loss.unrecovered())
            if part:
                left -= part
                reported.append({"loss": number, "assets": part} | self.bring_back(loss.recover(part), loss))
        if left:
            self.minor -= left
            reported.append(
                {"loss": 0, "assets": left}
                | self.bring_back({"lps": 0, "stakers": 0, "protocol": left, "reserves": 0}, None)
            )
        return reported

    def bring_back(self, parts, loss):
        """LPs claim theirs. Stakers have shares that wait, and then protocol-owned shares theirs, both at the price of the moment; reserves have what these do not take."""
        self["pool.unclaimed"] += parts["lps"]
        self.settle_fund()
        waiting, to_stakers = self.mint_if_any("waiting_shares", parts["stakers"])
        _, to_protocol = self.mint_if_any("protocol_shares", parts["protocol"])
        if loss:
            loss.bring_back(waiting, self["fund.generation"])
            self.take_out(DRAWS, to_stakers + to_protocol, loss["at"])
            if parts["lps"]:
                self.untrip(parts["lps"], loss)
        to_reserves = sum(parts.values()) - parts["lps"] - to_stakers - to_protocol
        self["pool.cash"] += to_reserves
        self["pool.reserves"] += to_reserves
        self.hold_both()
        to_fund = {"toStakers": to_stakers, "stakeShares": waiting, "toProtocol": to_protocol}
        return {"toLps": parts["lps"]} | to_fund | {"toReserves": to_reserves}

    # Liquidations.

    def bonus(self, token, debt, backing):
        least, most = self.least_bonus(token), self[f"{token}.parameters.bonus_max_bps"]
        if sum(backing.values()) <= debt:
            return least
        health = self.limit(backing) // debt
        grown = min(least + BPS - health, most)
        covered = self.proceeds(backing) * (BPS + least) // debt - BPS
        carries = health * BPS // self.threshold(token) - BPS
        return max(min(grown, covered, carries), least)

    def shares_for(self, assets):
        """The fewest debt shares that are worth at least so much."""
        return ceil(Fraction(assets * ONE, self["pool.borrow_index"]))

    def wanted(self, token, backing, bonus):
        """The debt shares to repay so that health is back at its target."""
        owed, value = self["obligation.debt_shares"], self.owed_value(self.debt())
        target = self.parameter("liquidation.target_health_bps")
        denominator = target - ceil(Fraction(self.threshold(token) * (BPS + bonus), BPS))
        if sum(backing.values()) <= value or denominator <= 0:
            return owed
        missing = ceil(Fraction(target * value - self.limit(backing), denominator))
        wanted = min(self.shares_for(ceil(missing / self.unit_price("liquidity", 1))), owed)
        return owed if self.debt(owed - wanted) < self.parameter("liquidation.min_debt") else wanted

    def costs(self, token, bonus):
        """What a unit of collateral costs at this bonus, at the middle of both prices."""
        return self.unit_price(token, 0) * BPS / (BPS + bonus) / self.unit_price("liquidity", 0)

    def liquidate_for_recovery(self, offered, of, backing):
        """Takes for written-off debt what the performing debt does not need for its target: prices in the borrower's favour are none."""
        known = {token: value for token, value in backing.items() if token not in self.favoured}
        carried = self.limit({token: value for token, value in known.items() if token != of})
        missing = max(self.owed_value(self.debt()) * self.parameter("liquidation.target_health_bps") - carried, 0)
        units, weight = self.holding(of), self.threshold(of) * self.unit_price(of, -1)
        needed = ceil(missing / weight) if weight else units if missing else 0
        require(self.unrecovered() and needed < units, "ObligationHealthy")
        bonus = self.least_bonus(of)
        costs = self.costs(of, bonus)
        seized = min(floor(min(offered, self.unrecovered()) / costs), units - needed)
        repay = ceil(seized * costs)
        require(repay and repay == self.taken(repay), "AmountTooSmall")
        require(not needed or self.counts(of, units - seized), "ObligationHealthy")
        self.release(of, seized)
        recovered = self.recover(repay)
        moved = {"repaid": repay, "insuranceCut": 0, "paid": repay, "seized": seized, "left": self.debt()}
        return moved | {"bonusBps": bonus, "loss": None, "recovered": recovered}

    def liquidate(self, max_repay, of="collateral"):
        self.count_interest()
        debt, units, backing = self.debt(), self.holding(of), self.backing([token for token in SLOTS if token != of])
        require(of in backing, "InsufficientCollateral")
        if not self.is_liquidatable(debt, backing):
            return self.liquidate_for_recovery(max_repay, of, backing)
        bonus = self.bonus(of, self.owed_value(debt), backing)
        costs = self.costs(of, bonus)
        owed = self["obligation.debt_shares"]
        offered = owed if max_repay >= debt else max_repay * ONE // self["pool.borrow_index"]
        burned, seized = min(self.wanted(of, backing, bonus), offered), units
        if self.shares_for(ceil(units * costs)) > burned:
            require(
                burned == owed or self.debt(owed - burned) >= self.parameter("liquidation.min_debt"), "DebtBelowMinimum"
            )
            worth = burned * self["pool.borrow_index"] // ONE
            seized = min(floor(worth / costs), units)
        burned = min(self.shares_for(ceil(seized * costs)), burned)
        repay = self.debt(burned)
        require(repay and seized, "AmountTooSmall")
        cut = ceil(Fraction(repay * bonus * self.parameter("liquidation.insurance_cut_bps"), BPS * BPS))

        self.burn_debt(burned, repay)
        self["pool.insurance_due"] += cut
        self.release(of, seized)
        left, rest = (
            self.debt(),
            self.valued(token for token in backing if token != of or self.counts(of, self.holding(of))),
        )
        shortfall = self.shortfall(left, rest)
        self.change_mark(shortfall, 0, self.newest)
        moved = {"repaid": repay, "insuranceCut": cut, "paid": repay + cut, "seized": seized, "left": left}
        loss = None
        if shortfall and self.ends(shortfall, rest):
            loss = self.record_loss(self.shares_beyond(left - shortfall), self.newest)
        self.hold_both()
        return moved | {"bonusBps": bonus, "loss": loss, "recovered": []}

    # Bad debt.

    def shortfall(self, debt, backing):
        """What of a debt beyond its liquidation limit the collateral does not bring."""
        if not debt or not self.is_liquidatable(debt, backing):
            return 0
        return max(debt - floor(self.proceeds(backing) / self.unit_price("liquidity", 1)), 0)

    def shares_beyond(self, kept):
        """The debt shares that are written off so that at most so much is still owed."""
        return self["obligation.debt_shares"] - kept * ONE // self["pool.borrow_index"]

    def ends(self, shortfall, backing):
        """No more than dust is left; or a loss of the same obligation is not recovered and the shortfall is more than a ten-thousandth of NAV."""
        return sum(backing.values()) <= self.dust() or (
            self.newest and self.unrecovered() > 0 and shortfall * BPS > self.nav()
        )

    def mark(self):
        self.count_interest()
        debt, backing = self.debt(), self.backing(SLOTS)
        self.change_mark(self.shortfall(debt, backing), 0, self.newest)
        self.hold_both()
        return {"marked": self["obligation.marked"]}

    def faded(self, amount, window, now):
        """What still counts of what did at the window's last change: all of it then, nothing at its end, evenly between."""
        _, at, ends = (self[path] for path in window)
        left = max(ends - now, 0)
        return ceil(Fraction(amount * left, ends - at)) if left else 0

    def counted(self, window):
        """What draws, or losses of LPs, still count for."""
        return self.faded(self[window[0]], window, self.now)

    def store(self, window, *values):
        self.state |= zip(window, values)

    def count(self, window, amount):
        """It counts for a window from now on; all together until the average of their ends, weighted by what each counts for."""
        earlier = self.counted(window)
        left = self[window[2]] - self.now if earlier else 0
        more = ceil(Fraction((self.parameter("exit.window_seconds") - left) * amount, earlier + amount))
        self.store(window, earlier + amount, self.now, self.now + left + more)

    def take_out(self, window, amount, at):
        """What came back of a draw, or of a loss, counts no longer: what of it still did, and its weight in the average of ends."""
        if not amount:
            return
        seconds, counted, ends = self.parameter("exit.window_seconds"), self.counted(window), self[window[2]]
        left = min(max(at + seconds - self.now, 0), seconds)
        gone = min(amount * left // seconds, counted)
        kept = counted - gone
        if gone and kept:
            ahead = max((ends - self.now) * counted - left * gone, 0) // kept
            ends = self.now + min(ahead, seconds)
        self.store(window, kept, self.now, ends)

    # The loss breaker.

    def part(self):
        """What losses of LPs still count for, each as a part of NAV before it: it fades as their amounts do."""
        return self.faded(self["pool.breaker_part"], LOSSES, self.now)

    def seconds_tripped(self):
        """How long from the last change on both count for too much: the parts for more than the limit, the amounts for more than the least."""
        counted, at, ends = (self[path] for path in LOSSES)
        part, limit = self["pool.breaker_part"], Fraction(self.parameter("exit.breaker_limit_bps") * WHOLE, BPS)
        least = self.parameter("exit.breaker_min_losses")
        return min(
            ceil((ends - at) * Fraction(value - most, value)) if value > most else 0
            for value, most in ((part, limit), (counted, least))
        )

    def trip(self, lost, nav):
        """Counts what LPs lost of NAV as it was before. A limit of a hundred percent counts nothing."""
        if not lost or self.parameter("exit.breaker_limit_bps") >= BPS:
            return
        part = self.part() + ceil(Fraction(lost * WHOLE, max(nav, lost)))
        self.count(LOSSES, lost)
        self["pool.breaker_part"] = part
        if self.seconds_tripped():
            self["pool.breaker_until"] = max(self["pool.breaker_until"], self.now + self.seconds_tripped())

    def untrip(self, paid, loss):
        """Takes out of the breaker what LPs recovered of a loss, to the extent that it still counted. Its part of NAV
        follows from the share prices around the loss. A trip goes on for at least `hold_seconds`, or until its end."""
        seconds, before = self.parameter("exit.window_seconds"), loss["share_price_before"]
        left = min(max(loss["at"] + seconds - self.now, 0), seconds)
        back = (before - loss["share_price_after"]) * WHOLE // max(before, 1) * paid // loss["lps"]
        part = max(self.part() - back * left // seconds, 0)
        self.take_out(LOSSES, paid, loss["at"])
        self["pool.breaker_part"] = part
        lasts = max(self.seconds_tripped(), self.parameter("loss.hold_seconds"))
        self["pool.breaker_until"] = min(self["pool.breaker_until"], self.now + lasts)

    # Losses.

    def covers(self, loss, assets):
        """What the fund, if it has so much, pays of a loss that reserves left."""
        drawn = self.counted(DRAWS)
        share = loss * (self["pool.insurance_share.value"] // GAUGE) // BPS
        room = max((assets + drawn) * self.parameter("loss.draw_cap_bps") // BPS - drawn, 0)
        return min(share, room, assets)

    def record_loss(self, lost, newest):
        """Writes off so many debt shares. The mark falls by the loss, and ends if prices are the newest."""
        owed, nav = self.performing_debt(), self.nav()
        self["pool.debt_shares"] -= lost
        self["obligation.debt_shares"] -= lost
        loss = owed - self.performing_debt()
        self.settle_fund()
        from_reserves = min(loss, self["pool.reserves"])
        beyond, held = loss - from_reserves, self["fund.assets"]
        from_insurance = self.covers(beyond, self.insured())
        # What LPs cannot bear is taken from what they owe the fund.
        from_insurance += min(
            max(beyond - from_insurance - nav, 0), max(self["pool.insurance_owed"] - from_insurance, 0)
        )
        held_then, bore_stake, generations = (
            self.held("position"),
            self.held("stake"),
            (self["pool.generation"], self["fund.generation"]),
        )
        from_stakers, stakes = self.draw(from_insurance)
        to_lps = min(loss - from_reserves - from_insurance, nav)
        uncovered = loss - from_reserves - from_insurance - to_lps
        price_before, price_after = self.share_price(nav), self.share_price(nav - to_lps)
        if to_lps and to_lps == nav:
            price_after = 0
        if loss * 10**6 < nav:
            self.minor += loss
        else:
            reported = {
                "at": self.now,
                "reserves": from_reserves + uncovered,
                "protocol": from_insurance - from_stakers,
                "stakers": from_stakers,
                "lps": to_lps,
                "shares": self["pool.shares"],
                "stake_shares": stakes,
                "share_price_before": price_before,
                "share_price_after": price_after,
                "generation": generations[0],
                "stake_generation": generations[1],
            }
            self.book.append(Loss(reported, held_then, bore_stake))
            for of, borne in (("pool", to_lps), ("fund", from_stakers)):
                if borne:
                    self[f"{of}.last_loss"] = len(self.book)
        self["pool.reserves"] -= from_reserves
        self["pool.cash"] += held - self["fund.assets"]
        if to_lps:
            times = rescalings(nav - to_lps, self["pool.shares"])
            self["pool.shares"] >>= 10 * times
            self["pool.generation"] += times
        self.trip(to_lps, nav)
        self["obligation.written_off"] += loss
        self["pool.lost"] += loss
        self.change_mark(0, loss, newest)
        self.hold_both()
        return {
            "loss": loss,
            "fromReserves": from_reserves,
            "fromInsurance": from_insurance,
            "fromStakers": from_stakers,
            "toLps": to_lps,
            "uncovered": uncovered,
            "sharePriceBefore": price_before,
            "sharePriceAfter": price_after,
        }

    def record_bad_debt(self):
        settles, lost = self.settles(), self["obligation.debt_shares"]
        self.count_interest()
        require(lost, "NoDebt")
        self.newest = True
        if any(self.counts(token, self.holding(token)) for token in SLOTS):
            debt, backing = self.debt(), self.backing([*SLOTS, "liquidity"] if settles else SLOTS)
            shortfall = self.shortfall(debt, backing)
            if settles and not shortfall:
                self.replace_mark(0)
                self.hold_both()
                return {"loss": None}
            if not settles:
                require(self.is_liquidatable(debt, backing), "ObligationHealthy")
                require(self.ends(shortfall, backing), "CollateralRemains")
                require(shortfall, "DebtCovered")
            lost = self.shares_beyond(debt - shortfall)
        return {"loss": self.record_loss(lost, settles or self.newest)}

    def loss(self, number):
        require(0 < number <= len(self.book), "NothingToClaim")
        return self.book[number - 1]

    def claim_recovery(self, loss):
        assets = self.loss(loss).claim()
        self["pool.unclaimed"] -= assets
        return {"assets": assets}

    def claim_stake_recovery(self, loss):
        """Shares that wait become Sam's: no price changes, nothing is settled, and no hold is in the way."""
        shares = self.loss(loss).claim_shares(self["fund.generation"])
        assert shares <= self["fund.waiting_shares"]
        self["fund.waiting_shares"] -= shares
        self["fund.shares"] += shares
        self.touch("stake")
        self["stake.holder.shares"] += shares
        return {"shares": shares}

    # The insurance fund.

    def all_shares(self):
        return self["fund.shares"] + self["fund.waiting_shares"] + self["fund.protocol_shares"]

    def settle_fund(self):
        """Settles revenue into the fund, at the price before it. Part of the revenue is a donation: the part of the
        fund that was lost to draws that still count. In a fund whose shares losses rescaled, it is at least what the
        protocol-owned shares are worth less than the founding donation."""
        before, shares = self["fund.assets"] + self["fund.owed"], self.all_shares()
        revenue = max(self.insured() - before, 0)
        self["fund.assets"] += self["pool.insurance_due"]
        self["pool.insurance_due"] = 0
        self["fund.owed"] = self["pool.insurance_owed"]
        if not shares or not (self["fund.generation"] or self["fund.window_drawn"]):
            return
        drawn = self.faded(self["fund.window_drawn"], DRAWS, self.accrued_at)
        lost, missing = revenue * drawn // max(before + drawn, 1), 0
        if self["fund.generation"]:
            missing = max(MIN_INITIAL_DONATION - self["fund.protocol_shares"] * (before + 1) // (shares + 1), 0)
        donation = min(max(lost, missing), revenue)
        self["fund.protocol_shares"] += donation * (shares + 1) // (before + 1)

    def founded(self):
        """The protocol-owned shares, if what nobody has shares of is a donation."""
        return self["fund.protocol_shares"] if self.all_shares() else self.insured()

    def draw(self, drawn):
        """Takes a draw out of the fund; returns what stakers bear of it, and their shares before. What waits bears it with protocol-owned shares."""
        if not drawn:
            return 0, 0
        self["fund.protocol_shares"] = self.founded()
        shares, all_shares = self["fund.shares"], self.all_shares()
        from_stakers = drawn * shares // all_shares
        self.count(DRAWS, drawn)
        self["fund.drawn"] += drawn
        from_owed = min(drawn, self["pool.insurance_owed"])
        self["pool.insurance_owed"] -= from_owed
        self["fund.owed"] = self["pool.insurance_owed"]
        self["fund.assets"] -= drawn - from_owed
        times = rescalings(self.insured(), all_shares)
        for kind in ("shares", "waiting_shares", "protocol_shares"):
            self[f"fund.{kind}"] = divided(self[f"fund.{kind}"], times)
        self["fund.generation"] += times
        return from_stakers, shares

    def mint(self, kind, offered):
        """Takes of an offer what whole shares cost. Refused it changes nothing."""
        protocol, assets = self.founded(), self.insured()
        all_shares = self.all_shares() or protocol
        minted = fits(offered * (fits(all_shares + 1)) // (fits(assets + 1)))
        require(minted, "AmountTooSmall")
        cost = ceil(Fraction(minted * (assets + 1), all_shares + 1))
        fits(all_shares + minted + 1)
        fits(assets + cost + 1)
        self["fund.protocol_shares"] = protocol
        self["fund.assets"] += cost
        self[f"fund.{kind}"] += minted
        return minted, cost

    def mint_if_any(self, kind, offered):
        try:
            return self.mint(kind, offered)
        except Refused:
            return 0, 0

    def fund_insurance(self, assets):
        """A donation buys shares that are the fund's own."""
        self.count_interest()
        self.settle_fund()
        _, given = self.mint("protocol_shares", assets)
        self.hold_both()
        return {"assets": given}

    def stake(self, max_assets):
        self.count_interest()
        self.touch("stake")
        self.settle_fund()
        self.require_fund_open()
        minted, cost = self.mint("shares", max_assets)
        self["stake.holder.shares"] += minted
        self.hold_both()
        return {"assets": cost, "shares": minted}

    def worth(self, shares):
        return shares * (self.insured() + 1) // (self.all_shares() + 1)

    def request_unstake(self, shares):
        self.settle("stake")
        require(not self["stake.request.shares"], "ExitPending")
        shares = self.asked("stake", shares)
        self.count_interest()
        self.settle_fund()
        self.hold_pool()
        return self.request("stake", shares, self.worth(shares), self.parameter("insurance.cooldown_seconds"))

    def execute_unstake(self):
        """Pays the lesser of what the shares were worth and are. What they earned since is the fund's: shares that it is worth are protocol-owned shares."""
        self.settle("stake")
        self.require_mature("stake", self["stake.request.matures_at"])
        self.count_interest()
        self.settle_fund()
        self.require_fund_open()
        asked, then = self["stake.request.shares"], self["stake.request.worth"]
        price = Fraction(self.insured() + 1, self.all_shares() + 1)
        shares, assets = self.exit(
            "stake", lambda part: min(self.worth(part), then * part // asked), self["fund.assets"]
        )
        left = shares - ceil(assets / price) if self.worth(shares) > assets else 0
        self["fund.assets"] -= assets
        self["fund.shares"] -= shares
        self["fund.protocol_shares"] += left
        self.hold_both()
        return {"shares": shares, "assets": assets}

    def collect_unstake(self):
        return self.collect("stake")

    def fields(self):
        """Every field as it is, by its path in the accounts."""
        reported = {path: value for path, value in self.state.items() if not path.startswith("price.")}
        return reported | {
            f"book.records.{place}.{name}": value
            for place, loss in enumerate(self.book)
            for name, value in loss.reported.items()
        }


def played(name, given, steps):
    """A vector: its steps played in the model."""
    model, expected = Model(given), []
    for step in steps:
        verb, arguments, *seconds = step
        seconds = seconds[0] if seconds else 0
        model.now += seconds
        before, kept = model.fields(), deepcopy(vars(model))
        amounts = {name: value for name, value in arguments.items() if name != "of"}
        entry = {"verb": verb} | ({"of": arguments["of"]} if "of" in arguments else {})
        entry |= ({"seconds": str(seconds)} if seconds else {}) | {"arguments": reported(amounts)}
        try:
            moved = getattr(model, verb)(**arguments)
        except Refused as refused:
            vars(model).update(kept)
            expected.append(entry | {"refused": str(refused)})
            continue
        after = model.fields()
        changed = {path: value for path, value in after.items() if value != before.get(path)}
        expected.append(entry | {"moved": reported(moved), "after": reported(changed)})
    return {"name": name, "given": reported(given), "steps": expected}


def reported(value):
    """Numbers as decimal strings: JSON's own lose digits beyond 2^53."""
    if isinstance(value, dict):
        return {key: reported(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reported(item) for item in value]
    return value if value is None else str(value)


def main():
    sys.dont_write_bytecode = True
    from cases import VECTORS  # which takes its numbers from here

    folder, stale = Path(__file__).parent, []
    start = {path: value for path, value in START.items() if not path.startswith("price.")}
    files = {"start": reported(start)} | {
        topic: [played(*vector) for vector in vectors] for topic, vectors in VECTORS.items()
    }
    for topic, content in files.items():
        text = json.dumps(content, indent=1) + "\n"
        file = folder / f"{topic}.json"
        if file.exists() and file.read_text() == text:
            continue
        stale.append(file.name)
        if "--check" not in sys.argv:
            file.write_text(text)
            print(f"wrote tests/vectors/{file.name}")
    if stale and "--check" in sys.argv:
        sys.exit(f"out of date: {', '.join(stale)}. Run `python3 tests/vectors/model.py` and commit what it writes.")


if __name__ == "__main__":
    main()
