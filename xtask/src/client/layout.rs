//! Where the fields of the program's accounts stand. They follow each other without gaps.

use serde_json::Value;

use super::{list, text};

/// The types of an IDL.
pub(super) struct Layout<'a> {
    types: &'a [Value],
}

impl<'a> Layout<'a> {
    pub(super) fn new(idl: &'a Value) -> Self {
        Self { types: list(idl, "types") }
    }

    /// The definition of a type.
    pub(super) fn definition(&self, name: &str) -> Option<&'a Value> {
        self.types.iter().find(|definition| definition["name"] == name)
    }

    /// The fields of a struct.
    pub(super) fn fields(&self, name: &str) -> &'a [Value] {
        self.definition(name).map_or(&[], |definition| list(&definition["type"], "fields"))
    }

    /// The bytes before an account's first field.
    pub(super) fn head(&self, account: &Value) -> usize {
        list(account, "discriminator").len()
    }

    /// How many bytes an account is, without what a list at its end holds.
    pub(super) fn account_size(&self, account: &Value) -> usize {
        let fields = self.fields(text(account, "name")).iter();
        fields.fold(self.head(account), |sum, field| sum.saturating_add(self.size(&field["type"])))
    }

    /// Where in an account's bytes the address of the account stands that it belongs to.
    pub(super) fn parent_offset(&self, account: &Value) -> Option<usize> {
        let mut offset = self.head(account);
        for field in self.fields(text(account, "name")) {
            if ["market", "pool", "fund"].contains(&text(field, "name")) {
                return Some(offset);
            }
            offset = offset.saturating_add(self.size(&field["type"]));
        }
        None
    }

    /// How many bytes a type takes; a list of any length those of its length. One that is not known takes none, and
    /// what is generated for it does not compile.
    pub(super) fn size(&self, kind: &Value) -> usize {
        if let Some(name) = kind["defined"]["name"].as_str() {
            return self.definition(name).map_or(0, |definition| self.size(&definition["type"]));
        }
        if let Some([element, length]) = kind["array"].as_array().map(Vec::as_slice) {
            let length = length.as_u64().and_then(|length| usize::try_from(length).ok());
            return self.size(element).saturating_mul(length.unwrap_or(0));
        }
        if !kind["vec"].is_null() {
            return 4;
        }
        match kind.as_str() {
            Some("u8" | "i8" | "bool") => 1,
            Some("u16" | "i16") => 2,
            Some("u32" | "i32") => 4,
            Some("u64" | "i64") => 8,
            Some("u128" | "i128") => 16,
            Some("pubkey") => 32,
            _ if kind["kind"] == "enum" => 1,
            _ => list(kind, "fields").iter().map(|field| self.size(&field["type"])).sum(),
        }
    }
}
