#!/usr/bin/env python3
"""An independent model of Backstop, from the formulas of docs/protocol.md, that writes the vectors of `cases.py` beside it.

It knows integers and fractions and nothing of the engine. One set of vectors runs in the engine, on the built program and in
TypeScript through the WebAssembly module.

    python3 tests/vectors/model.py           writes tests/vectors/*.json
    python3 tests/vectors/model.py --check   fails if that would change one

A vector starts from the accounts of `accounts.json`, whose fields are those of `start.json`, with the fields of `given` put in place, and plays
its steps, each `seconds` after the one before. A step expects what is `moved` and the fields that it changes, as they are `after` it, or the error
it is `refused` with; all other fields of `start.json` stay as they are. Where a step names no collateral it is `collateral`, SOL.
"""

import json
import sys
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
GAUGE = 2**32  # gauges have 32 fractional bits

DECIMALS = {"liquidity": 6, "collateral": 9, "gem": 0}  # SOL, and a token that cannot be divided
SLOTS = {"collateral": 0, "gem": 1}  # where an obligation holds what

# What the accounts start with and the model looks at.
START = {
    "pool.cash": 0,
    "pool.debt_shares": 0,
    "pool.borrow_index": ONE,
    "pool.shares": 0,
    "pool.reserves": 0,
    "pool.insurance_due": 0,
    "pool.provisions": 0,
    "pool.provisioned": 0,
    "pool.lost": 0,
    "pool.claims.ledger.outstanding": 0,
    "pool.claims.ledger.payable": 0,
    "pool.insurance_factor.value": 0,
    "pool.insurance_share.value": BPS * GAUGE,
    "pool.parameters.rates.base_bps": 0,
    "pool.parameters.rates.slope1_bps": 0,
    "pool.parameters.rates.kink_bps": 8_000,
    "pool.parameters.rates.slope2_bps": 0,
    "pool.parameters.rates.reserve_factor_bps": 0,
    "pool.parameters.loss.dust_value": 1_000_000,
    "pool.parameters.loss.event_cap_bps": BPS,
    "pool.parameters.loss.window_cap_bps": BPS,
    "pool.parameters.loss.window_seconds": 604_800,
    "pool.parameters.liquidation.min_debt": 0,
    "pool.parameters.liquidation.insurance_cut_bps": 0,
    "pool.parameters.liquidation.target_health_bps": 11_000,
    "pool.parameters.insurance.cooldown_seconds": 864_000,
    "pool.parameters.insurance.claim_window_seconds": 172_800,
    "pool.parameters.oracle.max_confidence_bps": 200,
    "fund.assets": 0,
    "fund.shares": 0,
    "fund.founding": 0,
    "fund.founding_claims": 0,
    "fund.window_drawn": 0,
    "fund.claims.ledger.outstanding": 0,
    "fund.claims.ledger.payable": 0,
    "collateral.deposited": 10_000_000_000,
    "collateral.max_ltv.value": 7_500 * GAUGE,
    "collateral.threshold.value": 8_000 * GAUGE,
    "collateral.parameters.bonus_min_bps": 0,
    "collateral.parameters.bonus_max_bps": 0,
    "collateral.parameters.oracle.max_confidence_bps": 200,
    "collateral.average.price": 30 * USD,
    "gem.deposited": 0,
    "gem.max_ltv.value": 7_500 * GAUGE,
    "gem.threshold.value": 8_000 * GAUGE,
    "gem.parameters.bonus_min_bps": 0,
    "gem.parameters.bonus_max_bps": 0,
    "gem.parameters.oracle.max_confidence_bps": 200,
    "gem.average.price": 100 * USD,
    "position.holder.shares": 0,
    "stake.holder.shares": 0,
    "stake.request.shares": 0,
    "stake.request.worth": 0,
    "obligation.debt_shares": 0,
    "obligation.provision": 0,
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


class Claims:
    """What one class of holders lost and got back, and what the one holder that is looked at has of it, exactly."""

    def __init__(self):
        self.outstanding, self.payable = 0, 0
        self.open, self.lost, self.paid = Fraction(0), Fraction(0), 0

    def lose(self, loss, shares, all_shares):
        if loss:
            self.open += Fraction(shares * loss, all_shares)
            self.lost += Fraction(shares * loss, all_shares)
            self.outstanding += loss

    def recover(self, offered):
        paid = min(offered, self.outstanding)
        if paid:
            self.open *= Fraction(self.outstanding - paid, self.outstanding)
            self.outstanding -= paid
            self.payable += paid
        return paid

    def claim(self):
        assets = floor(self.lost - self.open - self.paid)
        require(assets > 0, "NothingToClaim")
        self.paid += assets
        self.payable -= assets
        return assets


class Model:
    """The accounts, and what the instructions do to them."""

    def __init__(self, given):
        unknown = set(given) - set(START)
        assert not unknown, f"the model does not look at {unknown}"
        self.state = START | given
        self.lp_claims, self.stake_claims = Claims(), Claims()
        self.void = set()
        self.now = self.accrued_at = self.window_at = self.matures_at = self.lapses_at = 0

    def __getitem__(self, path):
        return self.state[path]

    def __setitem__(self, path, value):
        self.state[path] = value

    def settle(self, holder):
        """Shares of a generation that ended are gone; their claims stay."""
        if holder in self.void:
            self.void = self.void - {holder}
            self[f"{holder}.holder.shares"] = 0

    def parameter(self, path):
        return self[f"pool.parameters.{path}"]

    # What a pool is worth.

    def performing_debt(self):
        return self["pool.debt_shares"] * self["pool.borrow_index"] // ONE

    def debt(self, shares=None):
        shares = self["obligation.debt_shares"] if shares is None else shares
        return ceil(Fraction(shares * self["pool.borrow_index"], ONE))

    def nav(self):
        return self["pool.cash"] + self.performing_debt() - self["pool.reserves"]

    def share_price(self, nav):
        shares = self["pool.shares"]
        return min(nav * 10**12 // shares, ALL) if shares else 10**12

    def to_nobody(self):
        """NAV that no share owns joins the reserves."""
        if self["pool.shares"] == 0:
            self["pool.reserves"] += self.nav()

    def accrue(self):
        seconds, self.accrued_at = self.now - self.accrued_at, self.now
        if seconds <= 0 or self["pool.debt_shares"] == 0:
            return {}
        before, cash = self.performing_debt(), self["pool.cash"]
        utilisation = before * NANO // (before + cash) if before else 0
        kink = self.parameter("rates.kink_bps") * NANO // BPS
        base, slope1, slope2 = (self.parameter(f"rates.{name}_bps") * NANO // BPS for name in ("base", "slope1", "slope2"))
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
            return {}
        self["pool.borrow_index"] = grown
        interest = self.performing_debt() - before
        due = interest * (self["pool.insurance_factor.value"] // GAUGE) // BPS
        to_insurance = min(due, cash)
        self["pool.cash"] -= to_insurance
        self["pool.insurance_due"] += to_insurance
        self["pool.reserves"] += interest * self.parameter("rates.reserve_factor_bps") // BPS + due - to_insurance
        self.to_nobody()
        return {}

    # LPs.

    def deposit(self, max_assets):
        self.accrue()
        self.settle("position")
        nav, shares = self.nav(), self["pool.shares"]
        fits(nav + 1), fits(shares + 1)
        minted = max_assets * (shares + 1) // (nav + 1)
        if minted >= 2**64 or shares + minted + 1 >= 2**64:
            # Shares that losses made too cheap are divided first, if one is worth at most 2^-16.
            ratio = (shares + 1) // (nav + 1)
            require(ratio >= 2**16, "MathOverflow")
            shift = ratio.bit_length() - 1
            shares >>= shift
            self["position.holder.shares"] >>= shift
            minted = max_assets * (shares + 1) // (nav + 1)
            fits(minted), fits(shares + minted + 1)
        require(minted > 0, "AmountTooSmall")
        assets = ceil(Fraction(minted * (nav + 1), shares + 1))
        fits(self["pool.cash"] + assets + self.performing_debt() + 1)
        self["pool.cash"] += assets
        self["pool.shares"] = shares + minted
        self["position.holder.shares"] += minted
        return {"assets": assets, "shares": minted}

    def withdraw(self, shares):
        self.accrue()
        self.settle("position")
        held = self["position.holder.shares"]
        shares = held if shares == ALL else shares
        require(shares <= held, "InsufficientShares")
        held_back, _ = self.provisioned_parts()
        exit_nav = max(self.nav() - held_back, 0)
        assets = shares * (exit_nav + 1) // (self["pool.shares"] + 1)
        require(assets > 0, "AmountTooSmall")
        require(assets <= self["pool.cash"], "InsufficientCash")
        self["pool.cash"] -= assets
        self["pool.shares"] -= shares
        self["position.holder.shares"] -= shares
        self.to_nobody()
        return {"shares": shares, "assets": assets}

    # Borrowers.

    def unit_price(self, token, side):
        """Of a base unit, in 10^-18 USD: of the price (0), with the confidence on top (1), or without it (-1)."""
        digits = self[f"price.{token}"] + side * self[f"price.{token}.confidence"]
        return Fraction(digits * USD, 10**8 * 10 ** DECIMALS[token])

    def read_price(self, token):
        account = "pool" if token == "liquidity" else token
        digits, confidence = self[f"price.{token}"], self[f"price.{token}.confidence"]
        require(digits, "InvalidPrice")
        limit = self[f"{account}.parameters.oracle.max_confidence_bps"]
        require(confidence * BPS <= digits * limit, "PriceUncertain")

    def held(self, token):
        return self[f"obligation.collaterals.{SLOTS[token]}.units"]

    def dust(self):
        return self.parameter("loss.dust_value") * MICRO_USD

    def counts(self, token, units):
        """Not what is worth at most a tenth of dust at twice its average price."""
        return Fraction(2 * units * self[f"{token}.average.price"], 10 ** DECIMALS[token]) > Fraction(self.dust(), 10)

    def backing(self):
        """The conservative values of all holdings that count, in 10^-18 USD. Reads their prices, and that of the liquidity token first."""
        tokens = [token for token in SLOTS if self.counts(token, self.held(token))]
        for token in ["liquidity", *tokens]:
            self.read_price(token)
        return {token: floor(self.held(token) * self.unit_price(token, -1)) for token in tokens}

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
        self.accrue()
        require(assets > 0, "AmountTooSmall")
        require(assets <= self["pool.cash"], "InsufficientCash")
        added = ceil(Fraction(assets * ONE, self["pool.borrow_index"]))
        debt = self.debt(self["obligation.debt_shares"] + added)
        require(debt >= self.parameter("liquidation.min_debt"), "DebtBelowMinimum")
        self.secure(debt)
        self["obligation.debt_shares"] += added
        self["pool.debt_shares"] += added
        self["pool.cash"] -= assets
        self.to_nobody()
        return {"assets": assets}

    def withdraw_collateral(self, units, of="collateral"):
        units = self.held(of) if units == ALL else units
        require(units, "AmountTooSmall")
        require(units <= self.held(of), "InsufficientCollateral")
        self.release(of, units)
        if self["obligation.debt_shares"] or self.unrecovered():
            self.accrue()
            self.secure(self.debt())
        return {"units": units}

    def release(self, token, units):
        self[f"obligation.collaterals.{SLOTS[token]}.units"] -= units
        self[f"{token}.deposited"] -= units

    def burn_debt(self, burned, paid):
        self["obligation.debt_shares"] -= burned
        self["pool.debt_shares"] -= burned
        self["pool.cash"] += paid
        self.to_nobody()

    def provide(self, provision):
        before = self["obligation.provision"]
        self["pool.provisions"] += provision - before
        self["pool.provisioned"] += (provision > 0) - (before > 0)
        self["obligation.provision"] = provision

    def repay(self, max_assets):
        self.accrue()
        owed = self["obligation.debt_shares"]
        require(owed or not self.unrecovered(), "DebtWrittenOff")
        require(owed, "NoDebt")
        debt = self.debt()
        burned = owed if max_assets >= debt else max_assets * ONE // self["pool.borrow_index"]
        require(burned, "AmountTooSmall")
        paid = self.debt(burned)
        self.burn_debt(burned, paid)
        self.provide(min(max(self["obligation.provision"] - paid, 0), self.debt()))
        return {"assets": paid, "debt": self.debt()}

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

    def liquidate(self, max_repay, of="collateral"):
        self.accrue()
        debt, units, backing = self.debt(), self.held(of), self.backing()
        require(of in backing, "InsufficientCollateral")
        require(self.is_liquidatable(debt, backing), "ObligationHealthy")
        bonus = self.bonus(of, self.owed_value(debt), backing)
        # At the middle of both prices.
        costs = self.unit_price(of, 0) * BPS / (BPS + bonus) / self.unit_price("liquidity", 0)
        owed = self["obligation.debt_shares"]
        offered = owed if max_repay >= debt else max_repay * ONE // self["pool.borrow_index"]
        burned, seized = min(self.wanted(of, backing, bonus), offered), units
        if self.shares_for(ceil(units * costs)) > burned:
            require(burned == owed or self.debt(owed - burned) >= self.parameter("liquidation.min_debt"), "DebtBelowMinimum")
            worth = burned * self["pool.borrow_index"] // ONE
            seized = min(floor(worth / costs), units)
        burned = min(self.shares_for(ceil(seized * costs)), burned)
        repay = self.debt(burned)
        require(repay and seized, "AmountTooSmall")
        cut = ceil(Fraction(repay * bonus * self.parameter("liquidation.insurance_cut_bps"), BPS * BPS))

        self.burn_debt(burned, repay)
        self["pool.insurance_due"] += cut
        self.release(of, seized)
        left, rest = self.debt(), self.backing()
        shortfall = self.shortfall(left, rest)
        records = shortfall and sum(rest.values()) <= self.dust()
        self.provide(shortfall)
        moved = {"repaid": repay, "insuranceCut": cut, "paid": repay + cut, "seized": seized, "left": left}
        loss = self.record_loss(self.shares_beyond(left - shortfall)) if records else None
        return moved | {"bonusBps": bonus, "loss": loss}

    # Bad debt.

    def shortfall(self, debt, backing):
        """What of a debt beyond its liquidation limit the collateral does not bring."""
        if not debt or not self.is_liquidatable(debt, backing):
            return 0
        return max(debt - floor(self.proceeds(backing) / self.unit_price("liquidity", 1)), 0)

    def shares_beyond(self, kept):
        """The debt shares that are written off so that at most so much is still owed."""
        return self["obligation.debt_shares"] - kept * ONE // self["pool.borrow_index"]

    def provision(self):
        self.accrue()
        after = self.shortfall(self.debt(), self.backing())
        require(after or self["obligation.provision"], "ObligationHealthy")
        self.provide(after)
        return {"provision": after}

    def window_drawn(self):
        window, drawn = self.parameter("loss.window_seconds"), self["fund.window_drawn"]
        passed = min(self.now - self.window_at, window)
        return drawn - drawn * passed // window

    def covers(self, loss, assets):
        """What the fund, if it has so much, pays of a loss that reserves left."""
        drawn = self.window_drawn()
        share = loss * (self["pool.insurance_share.value"] // GAUGE) // BPS
        event = assets * self.parameter("loss.event_cap_bps") // BPS
        window = max((assets + drawn) * self.parameter("loss.window_cap_bps") // BPS - drawn, 0)
        return min(share, event, window, assets)

    def provisioned_parts(self):
        """What all provisions together leave to LPs, and what the fund would pay of them."""
        loss = max(self["pool.provisions"] - self["pool.reserves"], 0)
        insured = self.covers(loss, self["fund.assets"] + self["pool.insurance_due"])
        return loss - insured, insured

    def record_loss(self, lost):
        """Writes off so many debt shares."""
        owed, nav = self.performing_debt(), self.nav()
        self["pool.debt_shares"] -= lost
        self["obligation.debt_shares"] -= lost
        loss = owed - self.performing_debt()
        self.settle_fund()
        from_reserves = min(loss, self["pool.reserves"])
        from_insurance = self.covers(loss - from_reserves, self["fund.assets"])
        from_stakers = self.draw(from_insurance)
        to_lps = min(loss - from_reserves - from_insurance, nav)
        price_before, price_after = self.share_price(nav), self.share_price(nav - to_lps)
        self.lp_claims.lose(to_lps, self["position.holder.shares"], self["pool.shares"])
        self["pool.reserves"] -= from_reserves
        self["pool.cash"] += from_insurance
        if to_lps and to_lps == nav:
            self["pool.shares"], price_after, self.void = 0, 0, self.void | {"position"}
        self["obligation.written_off"] += loss
        self["pool.lost"] += loss
        self.provide(0)
        return {
            "loss": loss,
            "fromReserves": from_reserves,
            "fromInsurance": from_insurance,
            "fromStakers": from_stakers,
            "toLps": to_lps,
            "uncovered": loss - from_reserves - from_insurance - to_lps,
            "sharePriceBefore": price_before,
            "sharePriceAfter": price_after,
        }

    def record_bad_debt(self):
        self.accrue()
        lost = self["obligation.debt_shares"]
        require(lost, "NoDebt")
        if any(self.counts(token, self.held(token)) for token in SLOTS):
            debt, backing = self.debt(), self.backing()
            require(self.is_liquidatable(debt, backing), "ObligationHealthy")
            require(sum(backing.values()) <= self.dust(), "CollateralRemains")
            shortfall = self.shortfall(debt, backing)
            require(shortfall, "DebtCovered")
            lost = self.shares_beyond(debt - shortfall)
        return {"loss": self.record_loss(lost)}

    def recover(self, max_assets):
        self.accrue()
        unrecovered = self.unrecovered()
        require(unrecovered, "NothingToRecover")
        require(max_assets, "AmountTooSmall")
        assets = min(max_assets, unrecovered)
        self.settle_fund()
        to_lps = self.lp_claims.recover(assets)
        lost_by_gifts = self["fund.founding_claims"]
        to_insurance = min(assets - to_lps, self.stake_claims.outstanding + lost_by_gifts)
        to_fund = to_insurance * lost_by_gifts // (self.stake_claims.outstanding + lost_by_gifts) if to_insurance else 0
        to_stakers = self.stake_claims.recover(to_insurance - to_fund)
        if to_fund:
            all_shares = self["fund.shares"] + self["fund.founding"]
            if not all_shares:
                self["fund.founding"] = all_shares = self["fund.assets"]
            self["fund.founding"] += to_fund * (all_shares + 1) // (self["fund.assets"] + 1)
            self["fund.founding_claims"] -= to_fund
            self["fund.assets"] += to_fund
        to_reserves = assets - to_lps - to_stakers - to_fund
        self["pool.cash"] += to_reserves
        self["pool.reserves"] += to_reserves
        self["obligation.recovered"] += assets
        parts = {"toLps": to_lps, "toStakers": to_stakers, "toFund": to_fund, "toReserves": to_reserves}
        return {"assets": assets} | parts

    def claim_recovery(self):
        self.settle("position")
        return {"assets": self.lp_claims.claim()}

    def claim_stake_recovery(self):
        self.settle("stake")
        return {"assets": self.stake_claims.claim()}

    # The insurance fund.

    def settle_fund(self):
        self["fund.assets"] += self["pool.insurance_due"]
        self["pool.insurance_due"] = 0

    def found(self):
        if not self["fund.shares"] and not self["fund.founding"]:
            self["fund.founding"] = self["fund.assets"]

    def draw(self, drawn):
        """Takes a draw out of the fund; returns what stakers bear of it."""
        if not drawn:
            return 0
        self.found()
        shares, founding = self["fund.shares"], self["fund.founding"]
        from_stakers = drawn * shares // (shares + founding) if founding else drawn
        self.stake_claims.lose(from_stakers, self["stake.holder.shares"], shares)
        self["fund.founding_claims"] += drawn - from_stakers
        self["fund.window_drawn"], self.window_at = self.window_drawn() + drawn, self.now
        self["fund.assets"] -= drawn
        if not self["fund.assets"]:
            if shares:
                self.void = self.void | {"stake"}
            self["fund.shares"] = self["fund.founding"] = 0
        return from_stakers

    def fund_insurance(self, assets):
        require(assets, "AmountTooSmall")
        self["fund.assets"] = fits(self["fund.assets"] + assets)
        return {"assets": assets}

    def stake(self, max_assets):
        self.accrue()
        self.settle("stake")
        self.settle_fund()
        self.found()
        all_shares, assets = self["fund.shares"] + self["fund.founding"], self["fund.assets"]
        minted = max_assets * (all_shares + 1) // (assets + 1)
        fits(minted)
        require(minted, "AmountTooSmall")
        cost = ceil(Fraction(minted * (assets + 1), all_shares + 1))
        self["fund.assets"] += cost
        self["fund.shares"] += minted
        self["stake.holder.shares"] += minted
        return {"assets": cost, "shares": minted}

    def worth(self, shares, held_back=0):
        all_shares = self["fund.shares"] + self["fund.founding"]
        return shares * (max(self["fund.assets"] - held_back, 0) + 1) // (all_shares + 1)

    def request_unstake(self, shares):
        self.settle("stake")
        held = self["stake.holder.shares"]
        shares = held if shares == ALL else shares
        require(shares, "AmountTooSmall")
        require(shares <= held, "InsufficientShares")
        self.accrue()
        self.settle_fund()
        self["stake.request.shares"], self["stake.request.worth"] = shares, self.worth(shares)
        self.matures_at = self.now + self.parameter("insurance.cooldown_seconds")
        self.lapses_at = self.matures_at + self.parameter("insurance.claim_window_seconds")
        return {"shares": shares, "worth": self["stake.request.worth"]}

    def unstake(self):
        shares = self["stake.request.shares"]
        require(shares, "ExitNotRequested")
        require(self.now >= self.matures_at, "ExitNotMature")
        require(self.now < self.lapses_at, "ExitLapsed")
        self.accrue()
        _, held_back = self.provisioned_parts()
        self.settle_fund()
        assets = min(self.worth(shares, held_back), self["stake.request.worth"])
        require(assets, "AmountTooSmall")
        beyond = max(self["pool.provisions"] - self["pool.reserves"], 0)
        expected = beyond * (self["pool.insurance_share.value"] // GAUGE) // BPS
        require(expected <= self.covers(beyond, self["fund.assets"] - assets), "HeldForProvisions")
        self["fund.assets"] -= assets
        self["fund.shares"] -= shares
        self["stake.holder.shares"] -= shares
        self["stake.request.shares"] = self["stake.request.worth"] = 0
        return {"shares": shares, "assets": assets}

    def fields(self):
        """Every field as it is, by its path in the accounts."""
        ledgers = {"pool": self.lp_claims, "fund": self.stake_claims}
        for name, claims in ledgers.items():
            self[f"{name}.claims.ledger.outstanding"] = claims.outstanding
            self[f"{name}.claims.ledger.payable"] = claims.payable
        return {path: value for path, value in self.state.items() if not path.startswith("price.")}


def played(name, given, steps):
    """A vector: its steps played in the model."""
    model, expected = Model(given), []
    for step in steps:
        verb, arguments, *seconds = step
        seconds = seconds[0] if seconds else 0
        model.now += seconds
        before, kept = dict(model.state), dict(vars(model))
        amounts = {name: value for name, value in arguments.items() if name != "of"}
        entry = {"verb": verb} | ({"of": arguments["of"]} if "of" in arguments else {})
        entry |= ({"seconds": str(seconds)} if seconds else {}) | {"arguments": told(amounts)}
        try:
            moved = getattr(model, verb)(**arguments)
        except Refused as refused:
            vars(model).update(kept)
            model.state = before
            expected.append(entry | {"refused": str(refused)})
            continue
        after = model.fields()
        changed = {path: value for path, value in after.items() if value != before[path]}
        expected.append(entry | {"moved": told(moved), "after": told(changed)})
    return {"name": name, "given": told(given), "steps": expected}


def told(value):
    """Numbers as decimal strings: JSON's own lose digits beyond 2^53."""
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items()}
    return value if value is None else str(value)


def main():
    sys.dont_write_bytecode = True
    from cases import VECTORS  # which takes its numbers from here

    folder, stale = Path(__file__).parent, []
    start = {path: value for path, value in START.items() if not path.startswith("price.")}
    files = {"start": told(start)} | {topic: [played(*vector) for vector in vectors] for topic, vectors in VECTORS.items()}
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
