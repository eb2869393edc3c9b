//! Layout.
#![allow(missing_docs)]
