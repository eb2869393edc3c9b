//! Plays acts of governance, and reports a market's roles and queued changes.

use backstop_client::{
    Parameter,
    verb::{Target, number},
};
use backstop_engine::parameter::Scope;
use backstop_testkit::{Failure, Receipt, World};
use solana_address::Address;

use crate::{
    report::{MarketState, QueuedChange},
    scenario::{Act, Change, NewValue, is_address, name_of},
};

/// Plays an act. `next` is the nonce for a change queued without one.
pub(crate) fn play(world: &mut World, who: &str, act: Act, next: u64) -> Result<Receipt, Failure> {
    match act {
        Act::Pause(what, seconds) => world.pause(who, what, seconds),
        Act::Unpause(what) => world.unpause(who, what),
        Act::Tighten(Change { parameter, of, value }) => {
            let value = bytes(world, &value);
            world.tighten(who, of.as_deref(), parameter, value)
        }
        Act::QueueChange(Change { parameter, of, value }, nonce) => {
            let target = match parameter.rules().scope() {
                Scope::Market => Target::Market,
                Scope::Pool | Scope::Collateral => world.target(of.as_deref()),
            };
            let value = bytes(world, &value);
            world.queue_change(who, target, nonce.unwrap_or(next), parameter, value)
        }
        Act::ExecuteChange(nonce) => {
            let target = target_of(world, nonce);
            world.execute_change(who, target, nonce)
        }
        Act::CancelChange(nonce) => world.cancel_change(who, nonce),
        Act::ProposeAuthority(to) => world.propose_authority(who, &to),
        Act::AcceptAuthority => world.accept_authority(who),
        Act::CancelAuthority => world.cancel_authority(who),
        Act::CollectReserves(assets) => world.collect_reserves(who, assets),
    }
}

/// The target of a queued change. Without such a change, the market.
fn target_of(world: &World, nonce: u64) -> Target {
    match world.change(nonce) {
        None => Target::Market,
        Some(change) if change.target == world.key().market => Target::Market,
        Some(change) => world.target(world.symbol_of(&change.target)),
    }
}

fn bytes(world: &mut World, value: &NewValue) -> [u8; 32] {
    match value {
        NewValue::Number(value) => number(*value),
        NewValue::Actor(name) => world.actor(name).to_bytes(),
    }
}

/// A parameter's value: a number in its own unit, or the name of an actor.
pub(crate) fn format_value(world: &mut World, parameter: Parameter, value: &[u8; 32]) -> String {
    if is_address(parameter) {
        return who(world, &Address::new_from_array(*value)).unwrap_or_else(|| "none".into());
    }
    value.first_chunk().map_or(0, |low| u64::from_le_bytes(*low)).to_string()
}

/// The actor with an address, or the address itself if there is none. `None` for zeros.
pub(crate) fn who(world: &mut World, address: &Address) -> Option<String> {
    if *address == Address::default() {
        return None;
    }
    let names: Vec<String> = world.actors().map(Into::into).collect();
    let name = names.into_iter().find(|name| world.actor(name) == *address);
    Some(name.unwrap_or_else(|| address.to_string()))
}

/// A parameter by its number.
pub(crate) fn parameter(number: u64) -> Option<Parameter> {
    Parameter::ALL.get(usize::try_from(number).ok()?).copied()
}

/// The market's roles, and the changes queued under these nonces.
pub(crate) fn market(world: &mut World, nonces: &[u64]) -> MarketState {
    let market = world.market();
    let mut name = |address: &Address| who(world, address);
    let (authority, guardian) = (name(&market.authority), name(&market.guardian));
    let (treasury, pending_authority) = (name(&market.treasury), name(&market.pending_authority));
    let queued = nonces.iter().filter_map(|nonce| queued(world, *nonce)).collect();
    MarketState {
        authority: authority.unwrap_or_default(),
        pending_authority,
        guardian: guardian.unwrap_or_default(),
        treasury: treasury.unwrap_or_default(),
        timelock_seconds: market.timelock_seconds,
        queued,
    }
}

fn queued(world: &mut World, nonce: u64) -> Option<QueuedChange> {
    let change = world.change(nonce)?;
    let parameter = parameter(change.parameter.into())?;
    Some(QueuedChange {
        nonce,
        parameter: name_of(parameter),
        of: world.symbol_of(&change.target).map(Into::into),
        value: format_value(world, parameter, &change.value),
        executable_at: change.executable_at,
        lapses_at: change.lapses_at,
    })
}
