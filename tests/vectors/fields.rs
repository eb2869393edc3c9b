//! Integers in accounts by their path in the IDL, `pool.parameters.loss.dust_value` or `book.records.0.lps`: apart from
//! every client's decoder.

use serde_json::Value;

/// The program's interface.
pub(crate) struct Idl(Value);

impl Idl {
    pub(crate) fn new() -> Self {
        Self(serde_json::from_str(include_str!("../../idl/backstop.json")).unwrap())
    }

    fn fields(&self, name: &str) -> &Vec<Value> {
        let types = self.0["types"].as_array().unwrap();
        let definition = types.iter().find(|definition| definition["name"] == name);
        definition.unwrap_or_else(|| panic!("no type {name}"))["type"]["fields"].as_array().unwrap()
    }

    fn size(&self, kind: &Value) -> usize {
        if let Some(name) = kind["defined"]["name"].as_str() {
            return self.fields(name).iter().map(|field| self.size(&field["type"])).sum();
        }
        if let Some([element, length]) = kind["array"].as_array().map(Vec::as_slice) {
            return self.size(element) * usize::try_from(length.as_u64().unwrap()).unwrap();
        }
        match kind.as_str().unwrap() {
            "u8" => 1,
            "u32" | "i32" => 4,
            "u64" | "i64" => 8,
            "u128" => 16,
            "pubkey" => 32,
            other => panic!("no size of {other}"),
        }
    }

    /// Where a field stands in the bytes of an account of this kind, and how many bytes it has.
    fn place(&self, account: &str, path: &str) -> (usize, usize) {
        let mut kind = serde_json::json!({ "defined": { "name": account } });
        let mut offset = 8;
        for part in path.split('.') {
            if let Ok(index) = part.parse::<usize>() {
                // The number of what a vector holds stands before it.
                let (element, before) = if kind["vec"].is_null() { (&kind["array"][0], 0) } else { (&kind["vec"], 4) };
                let element = element.clone();
                offset += before + index * self.size(&element);
                kind = element;
                continue;
            }
            let fields = self.fields(kind["defined"]["name"].as_str().unwrap());
            let place = fields.iter().position(|field| field["name"] == part);
            let place = place.unwrap_or_else(|| panic!("{account} has no field {path}"));
            offset += fields[..place].iter().map(|field| self.size(&field["type"])).sum::<usize>();
            kind = fields[place]["type"].clone();
        }
        (offset, self.size(&kind))
    }

    pub(crate) fn get(&self, account: &str, path: &str, data: &[u8]) -> u128 {
        let (offset, size) = self.place(account, path);
        let mut bytes = [0; 16];
        bytes[..size].copy_from_slice(&data[offset..offset + size]);
        u128::from_le_bytes(bytes)
    }

    pub(crate) fn put(&self, account: &str, path: &str, data: &mut [u8], value: u128) {
        let (offset, size) = self.place(account, path);
        let bytes = value.to_le_bytes();
        assert!(bytes[size..].iter().all(|byte| *byte == 0), "{path} does not fit {size} bytes");
        data[offset..offset + size].copy_from_slice(&bytes[..size]);
    }
}
