//! Opening accounts, for oneself or for others.

use backstop_client::verb;
use clap::Args;
use solana_address::Address;

use super::{After, Plan, Verb, recipient::Recipient};
use crate::{
    context::{self, Context},
    desk::{Desk, PoolChoice},
    failure::Failure,
    view::Figure,
};

macro_rules! opening {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $find:ident, $verb:path, $after:path;)*) => {$(
        $(#[$doc])*
        #[derive(Args, Debug)]
        pub struct $name {
            /// Who will own it [default: you].
            #[arg(value_name = "OWNER", value_parser = context::address)]
            owner: Option<Address>,
            #[command(flatten)]
            recipient: Recipient,
            #[command(flatten)]
            choice: PoolChoice,
        }

        impl Verb for $name {
            #[allow(unused_mut)] // an obligation brings its collaterals with it
            async fn plan(&self, context: &Context, me: Address) -> Result<Plan, Failure> {
                let mut desk = Desk::open(context, &self.choice).await?;
                let owner = self.owner.unwrap_or(me);
                if owner != me {
                    self.recipient.require_signs(&desk, &owner).await?;
                }
                if desk.$find(&owner).await?.is_some() {
                    return Err(Failure::unable(format!("{owner} has {} in this pool already: use it", $what)));
                }
                let mut plan = Plan::new(concat!("Open ", $what), desk.teller());
                plan.after = Some($after(desk.choice(), owner));
                plan.step($verb(&desk.key, owner, me)).tell("owner", "owner", Figure::address(&owner));
                plan.preview.note("You pay its rent.");
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
