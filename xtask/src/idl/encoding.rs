//! How accounts and events are encoded.

use serde_json::Value;

use super::items;

/// Says of no type that it is `bytemuck`: then it is Borsh, which is as true. Everything is laid out without padding, in little endian.
///
/// What Anchor prints is half of the truth: the accounts are `bytemuck`, the types in them are not, and `declare_program!`, of Anchor
/// 1 and 2, stops there. Other programs import the IDL by that macro.
pub(crate) fn complete(idl: &mut Value) {
    for kind in items(idl, "types").iter_mut().filter_map(Value::as_object_mut) {
        kind.shift_remove("serialization");
        kind.shift_remove("repr");
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
}
