//! The Rust client that is generated from the IDL: accounts, instructions, events and errors as plain types.

#![allow(clippy::indexing_slicing)] // a missing key of a JSON value reads as null

mod layout;

use std::fmt::Write;

use serde_json::Value;

use layout::Layout;

/// The files of `crates/client/src/generated/`, each with its source.
pub(crate) fn render(idl: &Value) -> Vec<(&'static str, String)> {
    vec![
        ("mod.rs", format!("{HEADER}{}", module(idl))),
        ("accounts.rs", format!("{HEADER}{}", accounts(idl))),
        ("types.rs", format!("{HEADER}{}", types(idl))),
        ("events.rs", format!("{HEADER}{}", events(list(idl, "events")))),
        ("errors.rs", format!("{HEADER}{}", errors(list(idl, "errors")))),
        ("instruction.rs", format!("{HEADER}{}", instructions(list(idl, "instructions")))),
    ]
}

const HEADER: &str = "// Generated from idl/backstop.json by `cargo xtask generate`. Do not edit.\n";

fn module(idl: &Value) -> String {
    let address = idl["address"].as_str().unwrap_or_default();
    format!(
        "//! The program's accounts, instructions, events and errors, generated from its IDL.\n\n\
         mod accounts;\nmod errors;\nmod events;\npub mod instruction;\nmod types;\n\n\
         pub use accounts::account_name;\npub use errors::BackstopError;\npub use events::Event;\npub use types::*;\n\
         use solana_address::{{Address, address}};\n\n\
         /// The program's address.\npub const PROGRAM_ID: Address = address!(\"{address}\");\n"
    )
}

/// The structures and enumerations of the IDL. Anchor also names its byte-aligned integers; those are plain integers
/// here.
fn types(idl: &Value) -> String {
    let mut out = String::from(
        "//! Accounts, their parts, and what events hold.\n\nuse solana_address::Address;\n\nuse crate::wire::{Read, Reader, Write};\n\n",
    );
    let all = list(idl, "types");
    for definition in all.iter().filter(|definition| definition["type"]["kind"] == "struct") {
        structure(&mut out, definition);
    }
    for definition in all.iter().filter(|definition| definition["type"]["kind"] == "enum") {
        enumeration(&mut out, definition);
    }
    out
}

/// How the accounts are read and written.
fn accounts(idl: &Value) -> String {
    let mut out = String::from(
        "//! How accounts are read and written.\n\nuse super::types::*;\nuse crate::AccountData;\nuse crate::wire::{Read, Reader, Write};\n\n",
    );
    let layout = Layout::new(idl);
    for account in list(idl, "accounts") {
        account_impl(&mut out, &layout, account);
    }
    account_names(&mut out, list(idl, "accounts"));
    out
}

fn instructions(instructions: &[Value]) -> String {
    let mut out = String::from(
        "//! Instruction builders, one per instruction, with the accounts that each declares.\n\n\
         use solana_address::Address;\nuse solana_instruction::{AccountMeta, Instruction};\n\n\
         use super::{PROGRAM_ID, types::*};\nuse crate::wire::Write;\n\n",
    );
    for instruction in instructions {
        builder(&mut out, instruction);
    }
    out
}

fn structure(out: &mut String, definition: &Value) {
    let (name, fields) = (text(definition, "name"), list(&definition["type"], "fields"));
    docs(out, definition);
    let copy = if fields.iter().any(is_list) { "" } else { "Copy, " };
    let _ = writeln!(out, "#[derive(Clone, {copy}Debug, PartialEq, Eq)]\npub struct {name} {{");
    for field in fields {
        docs(out, field);
        let _ = writeln!(out, "pub {}: {},", text(field, "name"), rust_type(&field["type"]));
    }
    let _ =
        writeln!(out, "}}\n\nimpl Read for {name} {{\nfn read(reader: &mut Reader) -> Option<Self> {{\nSome(Self {{");
    for field in fields {
        let _ = writeln!(out, "{}: Read::read(reader)?,", text(field, "name"));
    }
    let _ = writeln!(out, "}})\n}}\n}}\n\nimpl Write for {name} {{\nfn write(&self, out: &mut Vec<u8>) {{");
    for field in fields {
        let _ = writeln!(out, "self.{}.write(out);", text(field, "name"));
    }
    out.push_str("}\n}\n\n");
}

/// An enumeration without fields, which is one byte.
fn enumeration(out: &mut String, definition: &Value) {
    let (name, variants) = (text(definition, "name"), list(&definition["type"], "variants"));
    docs(out, definition);
    let _ = writeln!(out, "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u8)]\npub enum {name} {{");
    for variant in variants {
        if list(variant, "docs").is_empty() {
            let _ = writeln!(out, "/// See the field of this name.");
        }
        docs(out, variant);
        let _ = writeln!(out, "{},", text(variant, "name"));
    }
    let _ = write!(
        out,
        "}}\n\nimpl {name} {{\n/// All of them, in the order of their numbers.\npub const ALL: &[Self] = &["
    );
    for variant in variants {
        let _ = write!(out, "Self::{}, ", text(variant, "name"));
    }
    let _ = write!(
        out,
        "];\n}}\n\nimpl Read for {name} {{\nfn read(reader: &mut Reader) -> Option<Self> {{\n\
         let number = u8::read(reader)?;\nSelf::ALL.get(usize::from(number)).copied()\n}}\n}}\n\n\
         impl Write for {name} {{\nfn write(&self, out: &mut Vec<u8>) {{\n(*self as u8).write(out);\n}}\n}}\n\n"
    );
}

fn account_impl(out: &mut String, layout: &Layout, account: &Value) {
    let name = text(account, "name");
    let _ = write!(
        out,
        "impl AccountData for {name} {{\nconst NAME: &'static str = \"{name}\";\nconst DISCRIMINATOR: [u8; 8] = {};\n\
         const SIZE: usize = {};\nconst PARENT_OFFSET: Option<usize> = {:?};\n\n\
         fn from_account_data(data: &[u8]) -> Option<Self> {{\n\
         Read::read(&mut Reader::new(data.strip_prefix(&Self::DISCRIMINATOR)?))\n}}\n\n\
         fn to_account_data(&self) -> Vec<u8> {{\nlet mut data = Self::DISCRIMINATOR.to_vec();\n\
         self.write(&mut data);\ndata\n}}\n}}\n\n",
        discriminator(account),
        layout.account_size(account),
        layout.parent_offset(account),
    );
}

fn account_names(out: &mut String, accounts: &[Value]) {
    out.push_str(
        "/// The name of the kind of account that these bytes are of, if it is one of the program's.\n\
         pub fn account_name(data: &[u8]) -> Option<&'static str> {\nmatch *data.first_chunk()? {\n",
    );
    for account in accounts {
        let _ = writeln!(out, "{0}::DISCRIMINATOR => Some({0}::NAME),", text(account, "name"));
    }
    out.push_str("_ => None,\n}\n}\n\n");
}

fn events(events: &[Value]) -> String {
    let mut out = String::from(
        "//! What transactions log.\n\nuse super::types::*;\nuse crate::wire::{Read, Reader};\n\n\
         /// An event of the program, read from a transaction's log data.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Event {\n",
    );
    for event in events {
        let _ = writeln!(out, "/// See [`{0}`].\n{0}({0}),", text(event, "name"));
    }
    out.push_str(
        "}\n\nimpl Event {\n/// The event in one piece of log data, or nothing if it is none of the program's.\n\
         pub fn from_log_data(data: &[u8]) -> Option<Self> {\n\
         let (discriminator, body) = data.split_first_chunk::<8>()?;\n\
         let reader = &mut Reader::new(body);\nmatch *discriminator {\n",
    );
    for event in events {
        let _ = writeln!(out, "{} => Read::read(reader).map(Self::{}),", discriminator(event), text(event, "name"));
    }
    out.push_str("_ => None,\n}\n}\n}\n\n");
    out
}

fn errors(errors: &[Value]) -> String {
    let mut out = String::from(
        "//! Why the program refuses.\n\n/// Why the program refuses.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[repr(u32)]\npub enum BackstopError {\n",
    );
    for error in errors {
        let _ = writeln!(out, "/// {}\n{} = {},", text(error, "msg"), text(error, "name"), error["code"]);
    }
    out.push_str(
        "}\n\nimpl BackstopError {\n/// All errors, in the order of their codes.\npub const ALL: &[Self] = &[",
    );
    for error in errors {
        let _ = write!(out, "Self::{}, ", text(error, "name"));
    }
    out.push_str("];\n\n/// Its name, as in the IDL.\npub const fn name(self) -> &'static str {\nmatch self {\n");
    for error in errors {
        let _ = writeln!(out, "Self::{0} => \"{0}\",", text(error, "name"));
    }
    out.push_str(
        "}\n}\n\n/// What it means and what to do.\npub const fn message(self) -> &'static str {\nmatch self {\n",
    );
    for error in errors {
        let _ = writeln!(out, "Self::{} => \"{}\",", text(error, "name"), text(error, "msg"));
    }
    out.push_str(
        "}\n}\n\n/// The error of a code, if it is the program's own.\npub fn from_code(code: u32) -> Option<Self> {\n\
         Self::ALL.iter().copied().find(|error| *error as u32 == code)\n}\n}\n\n\
         impl std::fmt::Display for BackstopError {\n\
         fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {\n\
         out.write_str(self.message())\n}\n}\n\nimpl std::error::Error for BackstopError {}\n\n",
    );
    out
}

fn builder(out: &mut String, instruction: &Value) {
    let name = text(instruction, "name");
    let (accounts, arguments) = (list(instruction, "accounts"), list(instruction, "args"));
    let _ =
        writeln!(out, "/// The accounts of [`{name}`].\n#[derive(Clone, Copy, Debug)]\npub struct {} {{", pascal(name));
    for account in accounts {
        docs(out, account);
        let kind = if account["optional"] == true { "Option<Address>" } else { "Address" };
        let _ = writeln!(out, "pub {}: {kind},", text(account, "name"));
    }
    out.push_str("}\n\n");
    docs(out, instruction);
    let _ = write!(out, "pub fn {name}(accounts: {}", pascal(name));
    for argument in arguments {
        let _ = write!(out, ", {}: {}", text(argument, "name"), rust_type(&argument["type"]));
    }
    let mutable = if arguments.is_empty() { "" } else { "mut " };
    let _ = writeln!(out, ") -> Instruction {{\nlet {mutable}data = {}.to_vec();", discriminator(instruction));
    for argument in arguments {
        let _ = writeln!(out, "{}.write(&mut data);", text(argument, "name"));
    }
    out.push_str("Instruction { program_id: PROGRAM_ID, accounts: vec![\n");
    for account in accounts {
        let kind = if account["writable"] == true { "new" } else { "new_readonly" };
        let (name, signer) = (text(account, "name"), account["signer"] == true);
        // The program's own address stands for an account that is not there.
        let _ = match account["optional"] == true {
            false => writeln!(out, "AccountMeta::{kind}(accounts.{name}, {signer}),"),
            true => writeln!(
                out,
                "accounts.{name}.map_or(AccountMeta::new_readonly(PROGRAM_ID, false), |{name}| AccountMeta::{kind}({name}, {signer})),"
            ),
        };
    }
    out.push_str("], data }\n}\n\n");
}

/// Whether a field is a list of any length.
fn is_list(field: &Value) -> bool {
    !field["type"]["vec"].is_null()
}

fn rust_type(kind: &Value) -> String {
    match kind {
        Value::String(name) if name == "pubkey" => "Address".into(),
        Value::String(name) => name.clone(),
        _ if !kind["vec"].is_null() => format!("Vec<{}>", rust_type(&kind["vec"])),
        _ => match (&kind["defined"]["name"], kind["array"].as_array().map(Vec::as_slice)) {
            (Value::String(name), _) => name.clone(),
            (_, Some([element, length])) => format!("[{}; {length}]", rust_type(element)),
            _ => format!("UnknownIdlType /* {kind} */"),
        },
    }
}

fn docs(out: &mut String, item: &Value) {
    for line in list(item, "docs") {
        // Links of the program's crate lead nowhere here.
        let line = line.as_str().unwrap_or_default().replace("[`", "`").replace("`]", "`");
        let _ = writeln!(out, "/// {line}");
    }
}

fn discriminator(item: &Value) -> String {
    item["discriminator"].to_string()
}

fn pascal(name: &str) -> String {
    name.split('_')
        .flat_map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)))
        .collect()
}

fn text<'a>(item: &'a Value, key: &str) -> &'a str {
    item[key].as_str().unwrap_or_default()
}

fn list<'a>(item: &'a Value, key: &str) -> &'a [Value] {
    item[key].as_array().map_or(&[], Vec::as_slice)
}
