//! Tests of the built program, as its users meet it: one folder per kind.
