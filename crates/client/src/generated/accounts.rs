// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! How accounts are read and written.

use super::types::*;
use crate::AccountData;
use crate::wire::{Read, Reader, Write};

impl AccountData for Collateral {
    const NAME: &'static str = "Collateral";
    const DISCRIMINATOR: [u8; 8] = [123, 130, 234, 63, 255, 240, 255, 92];
    const SIZE: usize = 480;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for InsuranceFund {
    const NAME: &'static str = "InsuranceFund";
    const DISCRIMINATOR: [u8; 8] = [43, 134, 170, 87, 102, 16, 142, 147];
    const SIZE: usize = 272;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for InsuranceStake {
    const NAME: &'static str = "InsuranceStake";
    const DISCRIMINATOR: [u8; 8] = [110, 110, 233, 160, 124, 191, 45, 161];
    const SIZE: usize = 188;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for LossBook {
    const NAME: &'static str = "LossBook";
    const DISCRIMINATOR: [u8; 8] = [62, 136, 207, 27, 70, 63, 72, 69];
    const SIZE: usize = 112;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for LossClaim {
    const NAME: &'static str = "LossClaim";
    const DISCRIMINATOR: [u8; 8] = [137, 207, 130, 148, 93, 98, 122, 60];
    const SIZE: usize = 80;
    const PARENT_OFFSET: Option<usize> = None;

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for LpPosition {
    const NAME: &'static str = "LpPosition";
    const DISCRIMINATOR: [u8; 8] = [105, 241, 37, 200, 224, 2, 252, 90];
    const SIZE: usize = 188;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for Market {
    const NAME: &'static str = "Market";
    const DISCRIMINATOR: [u8; 8] = [219, 190, 213, 55, 0, 227, 198, 154];
    const SIZE: usize = 240;
    const PARENT_OFFSET: Option<usize> = None;

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for Obligation {
    const NAME: &'static str = "Obligation";
    const DISCRIMINATOR: [u8; 8] = [168, 206, 141, 106, 88, 76, 172, 167];
    const SIZE: usize = 592;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for ParameterChange {
    const NAME: &'static str = "ParameterChange";
    const DISCRIMINATOR: [u8; 8] = [139, 182, 105, 58, 64, 7, 184, 12];
    const SIZE: usize = 232;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

impl AccountData for Pool {
    const NAME: &'static str = "Pool";
    const DISCRIMINATOR: [u8; 8] = [241, 154, 109, 4, 17, 177, 109, 188];
    const SIZE: usize = 864;
    const PARENT_OFFSET: Option<usize> = Some(8);

    fn from_account_data(data: &[u8]) -> Option<Self> {
        Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))
    }

    fn to_account_data(&self) -> Vec<u8> {
        let mut data = Self::DISCRIMINATOR.to_vec();
        self.write(&mut data);
        data
    }
}

/// The name of the kind of account that these bytes are of, if it is one of the program's.
pub fn account_name(data: &[u8]) -> Option<&'static str> {
    match *data.first_chunk()? {
        Collateral::DISCRIMINATOR => Some(Collateral::NAME),
        InsuranceFund::DISCRIMINATOR => Some(InsuranceFund::NAME),
        InsuranceStake::DISCRIMINATOR => Some(InsuranceStake::NAME),
        LossBook::DISCRIMINATOR => Some(LossBook::NAME),
        LossClaim::DISCRIMINATOR => Some(LossClaim::NAME),
        LpPosition::DISCRIMINATOR => Some(LpPosition::NAME),
        Market::DISCRIMINATOR => Some(Market::NAME),
        Obligation::DISCRIMINATOR => Some(Obligation::NAME),
        ParameterChange::DISCRIMINATOR => Some(ParameterChange::NAME),
        Pool::DISCRIMINATOR => Some(Pool::NAME),
        _ => None,
    }
}
