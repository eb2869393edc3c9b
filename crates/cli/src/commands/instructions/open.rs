//! Commands that open accounts, for the signer or for others.

use backstop_client::verb;
use clap::Args;
use solana_address::Address;

use super::{After, Plan, Verb, recipient::Recipient};
use crate::{
    context::{self, Context},
    failure::Failure,
    loaded_pool::{LoadedPool, PoolChoice},
    view::Cell,
};

macro_rules! opening {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $find:ident, $verb:path, $after:path;)*) => {$(
        $(#[$doc])*
        #[derive(Args, Debug)]
        pub struct $name {
            /// Owner of the new account [default: you].
            #[arg(value_name = "OWNER", value_parser = context::address)]
            owner: Option<Address>,
            #[command(flatten)]
            recipient: Recipient,
            #[command(flatten)]
            choice: PoolChoice,
        }

        impl Verb for $name {
            #[allow(unused_mut)] // reading an obligation also loads its collaterals
            async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
                let mut loaded = LoadedPool::open(context, &self.choice).await?;
                let owner = self.owner.unwrap_or(me);
                if owner != me {
                    self.recipient.require_signs(&loaded, &owner).await?;
                }
                if loaded.$find(&owner).await?.is_some() {
                    return Err(Failure::unable(format!("{owner} already has {} in this pool: use that one", $what)));
                }
                let mut plan = Plan::new(concat!("Open ", $what), loaded.event_formatter());
                plan.after = Some($after(loaded.choice(), owner));
                plan.step($verb(&loaded.key, owner, me)).tell("owner", "owner", Cell::address(&owner));
                plan.preview.note("You pay the rent.");
                Ok(plan)
            }
        }
    )*};
}

opening! {
    /// `backstop open-position`.
    OpenPosition: "an LP position", position, verb::open_position, After::Position;
    /// `backstop open-obligation`.
    OpenObligation: "an obligation", obligation, verb::open_obligation, After::Obligation;
    /// `backstop open-stake`.
    OpenStake: "a stake", stake, verb::open_stake, After::Stake;
}
