//! What all accounts of the program have in common.

/// A kind of account that the program owns, as its bytes are stored.
pub trait AccountData: Sized {
    /// Its name in the IDL.
    const NAME: &'static str;
    /// Its first bytes, which no other kind starts with.
    const DISCRIMINATOR: [u8; 8];
    /// How many bytes it is, with the discriminator; one that ends with a list is that many without the list's items.
    const SIZE: usize;
    /// Where the address of the account stands that it belongs to: a pool's market, an obligation's pool, a stake's
    /// fund. A market belongs to nothing.
    const PARENT_OFFSET: Option<usize>;

    /// The account in these bytes, or nothing if they are of another kind or too few.
    fn from_account_data(data: &[u8]) -> Option<Self>;

    /// The account's bytes, for a simulation that puts accounts in place.
    fn to_account_data(&self) -> Vec<u8>;
}
