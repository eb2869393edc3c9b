//! The encoding of accounts, arguments and events: little-endian integers, one after another.

use solana_address::Address;

/// Bytes that are read from the front.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }
}

/// Can be read from bytes.
pub(crate) trait Read: Sized {
    fn read(reader: &mut Reader) -> Option<Self>;
}

/// Can be written as bytes.
pub(crate) trait Write {
    fn write(&self, out: &mut Vec<u8>);
}

macro_rules! integers {
    ($($kind:ty)*) => {$(
        impl Read for $kind {
            fn read(reader: &mut Reader) -> Option<Self> {
                reader.take().map(Self::from_le_bytes)
            }
        }

        impl Write for $kind {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend(self.to_le_bytes());
            }
        }
    )*};
}

integers!(u8 u16 u32 u64 u128 i32 i64);

impl Read for Address {
    fn read(reader: &mut Reader) -> Option<Self> {
        reader.take().map(Self::new_from_array)
    }
}

impl Write for Address {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.to_bytes());
    }
}

impl<T: Read, const N: usize> Read for [T; N] {
    fn read(reader: &mut Reader) -> Option<Self> {
        let items: Vec<T> = (0..N).map(|_| T::read(reader)).collect::<Option<_>>()?;
        items.try_into().ok()
    }
}

impl<T: Write, const N: usize> Write for [T; N] {
    fn write(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|item| item.write(out));
    }
}

/// A list of any length: its length, then its items. What is behind them is room for more.
impl<T: Read> Read for Vec<T> {
    fn read(reader: &mut Reader) -> Option<Self> {
        let length = u32::read(reader)?;
        (0..length).map(|_| T::read(reader)).collect()
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        u32::try_from(self.len()).unwrap_or(u32::MAX).write(out);
        self.iter().for_each(|item| item.write(out));
    }
}
