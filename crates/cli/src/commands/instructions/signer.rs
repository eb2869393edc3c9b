//! Checks of the signer's role.

use backstop_client::{BackstopError, Market};
use solana_address::Address;

use super::refusal::Refused;
use crate::failure::Failure;

/// Requires that the market's authority signs.
pub(super) fn authority(market: &Market, me: Address) -> Result<(), Failure> {
    let who = || format!("the market's authority, {}", market.authority);
    require(market.authority == me, BackstopError::WrongAuthority, who, me)
}

/// Requires that the market's guardian or authority signs.
pub(super) fn guardian(market: &Market, me: Address) -> Result<(), Failure> {
    let who = || format!("the market's guardian, {}, or its authority, {}", market.guardian, market.authority);
    require([market.guardian, market.authority].contains(&me), BackstopError::WrongGuardian, who, me)
}

/// Requires that a next authority was proposed.
pub(super) fn somebody_is_proposed(market: &Market) -> Result<(), Failure> {
    if market.pending_authority == Address::default() {
        return Err(Failure::unable(
            "no next authority is proposed: the authority can propose one with `backstop propose-authority <ADDRESS>`",
        ));
    }
    Ok(())
}

/// Requires that the proposed authority signs.
pub(super) fn proposed(market: &Market, me: Address) -> Result<(), Failure> {
    somebody_is_proposed(market)?;
    let who = || format!("the proposed authority, {}", market.pending_authority);
    require(market.pending_authority == me, BackstopError::WrongPendingAuthority, who, me)
}

fn require(signs: bool, error: BackstopError, who: impl Fn() -> String, me: Address) -> Result<(), Failure> {
    if signs {
        return Ok(());
    }
    Err(Failure::refused(Refused { error, help: Some(give(&who(), me)) }))
}

/// The hint which keypair to pass.
pub(super) fn give(who: &str, me: Address) -> String {
    format!("You sign as {me}. Pass the keypair of {who}, with --keypair.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blank::blank;

    fn market() -> Market {
        let [authority, guardian] = [1, 2].map(|byte| Address::new_from_array([byte; 32]));
        Market { authority, guardian, ..blank() }
    }

    #[test]
    fn whoever_may_not_is_told_who_may_and_what_to_pass() {
        let (market, stranger) = (market(), Address::new_from_array([9; 32]));
        let said = |done: Result<(), Failure>| done.unwrap_err().to_string();
        assert!(authority(&market, market.authority).is_ok());
        for me in [market.guardian, stranger] {
            let said = said(authority(&market, me));
            let help = format!(
                "You sign as {me}. Pass the keypair of the market's authority, {}, with --keypair.",
                market.authority
            );
            assert!(said.contains("WrongAuthority") && said.ends_with(&help), "{said}");
        }
        assert!([market.authority, market.guardian].iter().all(|me| guardian(&market, *me).is_ok()));
        let said = said(guardian(&market, stranger));
        assert!(said.contains("WrongGuardian") && said.contains(&market.guardian.to_string()), "{said}");
        assert!(said.contains(&market.authority.to_string()) && said.ends_with("with --keypair."), "{said}");
    }

    #[test]
    fn only_who_is_proposed_accepts() {
        let (market, heir) = (market(), Address::new_from_array([3; 32]));
        let nobody = proposed(&market, heir).unwrap_err().to_string();
        assert!(nobody.contains("backstop propose-authority"), "{nobody}");
        let market = Market { pending_authority: heir, ..market };
        assert!(proposed(&market, heir).is_ok());
        let said = proposed(&market, market.authority).unwrap_err().to_string();
        assert!(said.contains("WrongPendingAuthority") && said.contains(&heir.to_string()), "{said}");
    }
}
