//! Skeleton.
use anchor_lang::prelude::*;
#[cfg(backstop_distro_toolchain)]
use backstop_builtins as _;

declare_id!("Backstop11111111111111111111111111111111111");

#[program]
pub mod backstop {
    use super::*;
    pub fn ping(_ctx: &mut Context<Ping>) -> Result<()> {
        Ok(())
    }
}

#[derive(Accounts)]
pub struct Ping {
    pub signer: Signer,
}
