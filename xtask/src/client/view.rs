//! Views of the program's accounts, generated from the IDL: fields are read where they stand, and nothing else is copied.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::layout::Layout;
use super::{docs, is_list, list, rust_type, text};

/// The source of `crates/client/src/view.rs`.
pub(crate) fn render(idl: &Value) -> String {
    let layout = Layout::new(idl);
    let mut out = String::from(HEADER);
    let accounts: Vec<&Value> = list(idl, "accounts").iter().filter(|account| !grows(&layout, account)).collect();
    for account in &accounts {
        if let Some(definition) = layout.definition(text(account, "name")) {
            struct_view(&mut out, &layout, definition, layout.head(account));
            account_view(&mut out, text(account, "name"));
        }
    }
    for name in nested(&layout, &accounts) {
        if let Some(definition) = layout.definition(name) {
            struct_view(&mut out, &layout, definition, 0);
        }
    }
    out
}

const HEADER: &str = "\
// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.
//! Views of the program's accounts of a fixed size: each field is read where it stands in the account's bytes, and nothing else is
//! copied.
//!
//! ```
//! use backstop_client::{AccountData, Obligation, view};
//!
//! let mut data = vec![0; Obligation::SIZE];
//! data[..8].copy_from_slice(&Obligation::DISCRIMINATOR);
//! let obligation = view::Obligation::new(&data).ok_or(\"another kind of account\")?;
//! assert_eq!(obligation.debt_shares(), 0);
//! assert_eq!(Obligation::from_account_data(&data), Some(obligation.into()));
//! # Ok::<_, &str>(())
//! ```

use solana_address::Address;

use crate::AccountData;
use crate::wire::{at, pieces};

";

/// Whether an account has a list at its end: those are read whole.
fn grows(layout: &Layout, account: &Value) -> bool {
    layout.fields(text(account, "name")).iter().any(is_list)
}

/// The names of all structs inside these accounts.
fn nested<'a>(layout: &Layout<'a>, accounts: &[&'a Value]) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = accounts.iter().map(|account| text(account, "name")).collect();
    while let Some(name) = open.pop() {
        for field in layout.fields(name) {
            let kind = field["type"]["array"].get(0).unwrap_or(&field["type"]);
            if let Some(inner) = kind["defined"]["name"].as_str()
                && found.insert(inner)
            {
                open.push(inner);
            }
        }
    }
    found
}

/// A view with a method for each field; the fields begin after so many bytes.
fn struct_view(out: &mut String, layout: &Layout, definition: &Value, head: usize) {
    let name = text(definition, "name");
    let size = head.saturating_add(layout.size(&definition["type"]));
    docs(out, definition);
    let _ = write!(
        out,
        "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub struct {name}<'a>(&'a [u8; {size}]);\n\nimpl<'a> {name}<'a> {{\n"
    );
    let mut offset = head;
    for field in list(&definition["type"], "fields") {
        docs(out, field);
        let (kind, value) = getter(layout, &field["type"], offset);
        let _ = write!(out, "pub fn {}(self) -> {kind} {{\n{value}\n}}\n\n", text(field, "name"));
        offset = offset.saturating_add(layout.size(&field["type"]));
    }
    let _ = write!(
        out,
        "}}\n\nimpl From<{name}<'_>> for crate::{name} {{\nfn from(view: {name}<'_>) -> Self {{\nSelf {{\n"
    );
    for field in list(&definition["type"], "fields") {
        let _ = writeln!(out, "{}: {},", text(field, "name"), owned(field));
    }
    out.push_str("}\n}\n}\n\n");
}

/// How an account is looked at.
fn account_view(out: &mut String, name: &str) {
    let _ = write!(
        out,
        "impl<'a> {name}<'a> {{\n/// The account in these bytes, or nothing if they are of another kind or too few.\n\
         pub fn new(data: &'a [u8]) -> Option<Self> {{\n\
         data.first_chunk().filter(|data| data.starts_with(&crate::{name}::DISCRIMINATOR)).map(Self)\n}}\n}}\n\n"
    );
}

/// What a field's method returns, and how it reads that.
fn getter(layout: &Layout, kind: &Value, offset: usize) -> (String, String) {
    let bytes = format!("at::<{offset}, _, _>(self.0)");
    if let Some(name) = kind["defined"]["name"].as_str() {
        return (format!("{name}<'a>"), format!("{name}({bytes})"));
    }
    match (kind, kind["array"].as_array().map(Vec::as_slice)) {
        (_, Some([element, length])) if element == "u8" => (format!("&'a [u8; {length}]"), bytes),
        (_, Some([element, length])) => {
            let (name, size) = (rust_type(element), layout.size(element));
            let pieces = format!("pieces::<{offset}, {size}, {length}, _>(self.0)");
            (format!("[{name}<'a>; {length}]"), format!("{pieces}.each_ref().map({name})"))
        }
        (Value::String(name), _) if name == "pubkey" => {
            ("Address".into(), format!("Address::new_from_array(*{bytes})"))
        }
        _ => (rust_type(kind), format!("{}::from_le_bytes(*{bytes})", rust_type(kind))),
    }
}

/// The owned field, made of what the method returns.
fn owned(field: &Value) -> String {
    let (name, kind) = (text(field, "name"), &field["type"]);
    match (kind["array"].get(0), &kind["defined"]) {
        (Some(element), _) if element == "u8" => format!("*view.{name}()"),
        (Some(_), _) => format!("view.{name}().map(Into::into)"),
        (None, Value::Null) => format!("view.{name}()"),
        (None, _) => format!("view.{name}().into()"),
    }
}
