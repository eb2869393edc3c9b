//! How accounts and events are encoded.

#![allow(clippy::indexing_slicing)] // a missing key of a JSON value reads as null

use serde_json::{Value, json};

use super::items;

/// Says of no type that it is `bytemuck`: then it is Borsh, which is as true. Everything is laid out without padding,
/// in little endian.
///
/// What Anchor prints is half of the truth: the accounts are `bytemuck`, the types in them are not, and
/// `declare_program!`, of Anchor 1 and 2, stops there. Other programs import the IDL by that macro.
///
/// A list of no length stands for the items that follow an account's other fields, after their number: Borsh's vector.
pub(crate) fn complete(idl: &mut Value) {
    for kind in items(idl, "types").iter_mut().filter_map(Value::as_object_mut) {
        kind.shift_remove("serialization");
        kind.shift_remove("repr");
    }
    for definition in items(idl, "types") {
        for field in items(&mut definition["type"], "fields") {
            if field["type"]["array"][1] == 0 {
                field["type"] = json!({ "vec": field["type"]["array"][0] });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn leaves_no_type_that_is_bytemuck() {
        let mut idl =
            json!({ "types": [{ "name": "Pool", "serialization": "bytemuck", "repr": { "kind": "c" }, "type": {} }] });
        complete(&mut idl);
        assert_eq!(idl, json!({ "types": [{ "name": "Pool", "type": {} }] }));
    }

    #[test]
    fn a_list_of_no_length_is_a_vector() {
        let rows = |of| json!({ "types": [{ "type": { "fields": [{ "name": "rows", "type": of }] } }] });
        let mut idl = rows(json!({ "array": ["u32", 0] }));
        complete(&mut idl);
        assert_eq!(idl, rows(json!({ "vec": "u32" })));
        let mut idl = rows(json!({ "array": ["u32", 8] }));
        complete(&mut idl);
        assert_eq!(idl, rows(json!({ "array": ["u32", 8] })));
    }
}
