//! Files with prices over time.

use std::{fs, path::Path};

use crate::{LocalnetError, Price, Token, names::SOL, time::parse_moment};

/// Prices over time. A row holds until the next one begins; the last one stays. There is nothing in between.
///
/// The first line names the columns: a time, then symbols. Times are in UTC: seconds since 1970, `2022-11-09`, or
/// `2022-11-09T14:30:00Z`. Lines that start with `#` are comments. A file with the columns `date,usd` is one of SOL.
///
/// ```
/// # use backstop_localnet::PriceFile;
/// let file = PriceFile::parse("time,SOL,USDC\n2022-11-09,24.0235,1\n2022-11-10,13.9096,0.98\n")?;
/// assert_eq!(file.start(), 1_667_952_000);
/// assert!(PriceFile::parse("time,SOL\n2022-11-09,cheap\n").is_err());
/// # Ok::<(), backstop_localnet::PriceFileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceFile {
    symbols: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    time: i64,
    prices: Vec<Price>,
}

/// What is wrong with a price file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceFileError {
    /// Nothing in it.
    #[error("the price file has no prices: it needs a line with columns, such as time,SOL,USDC, and a line of prices")]
    Empty,
    /// The line with the columns is wrong.
    #[error("line {line} of the price file is not a line of columns such as time,SOL,USDC: {why}")]
    Columns {
        /// Counted from one.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// A line has too many or too few fields.
    #[error("line {line} of the price file has {found} fields where the columns are {expected}")]
    Fields {
        /// Counted from one.
        line: usize,
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A field cannot be read.
    #[error("line {line} of the price file, column {column}: {why}")]
    Field {
        /// Counted from one.
        line: usize,
        /// The column's name.
        column: String,
        /// What is wrong.
        why: String,
    },
    /// A line is not later than the one before.
    #[error("line {line} of the price file is not later than the one before: rows go from the earliest to the latest")]
    Order {
        /// Counted from one.
        line: usize,
    },
}

impl PriceFile {
    /// November 2022, in which SOL fell from 36 to 13 USD: the day's price each day.
    pub fn november_2022() -> Result<Self, PriceFileError> {
        Self::parse(include_str!("../../scenario/src/demo/sol-usd-2022-11.csv"))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, or is no price file.
    pub fn read(path: &Path) -> Result<Self, LocalnetError> {
        let text = fs::read_to_string(path).map_err(|source| LocalnetError::File {
            path: path.into(),
            verb: "read",
            source,
        })?;
        Ok(Self::parse(&text)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// If it is no price file: what is wrong, and in which line.
    pub fn parse(text: &str) -> Result<Self, PriceFileError> {
        let numbered = (1..).zip(text.lines().map(str::trim));
        let mut lines = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (line, header) = lines.next().ok_or(PriceFileError::Empty)?;
        let symbols = columns(header).map_err(|why| PriceFileError::Columns { line, why })?;
        let mut rows: Vec<Row> = Vec::new();
        for (line, text) in lines {
            let row = row(line, text, &symbols)?;
            if rows.last().is_some_and(|last| last.time >= row.time) {
                return Err(PriceFileError::Order { line });
            }
            rows.push(row);
        }
        if rows.is_empty() { Err(PriceFileError::Empty) } else { Ok(Self { symbols, rows }) }
    }

    /// When the first row begins: seconds since 1970.
    pub fn start(&self) -> i64 {
        self.rows.first().map_or(0, |row| row.time)
    }

    /// When the last row begins: seconds since 1970.
    pub fn end(&self) -> i64 {
        self.rows.last().map_or(0, |row| row.time)
    }

    /// The prices that hold at a time, with their symbols; before the first row there are none.
    pub fn at(&self, time: i64) -> impl Iterator<Item = (&str, Price)> {
        self.row_at(time).into_iter().flat_map(|row| self.prices(row))
    }

    /// The number of the row that holds at a time.
    pub(crate) fn row_at(&self, time: i64) -> Option<usize> {
        self.rows.partition_point(|row| row.time <= time).checked_sub(1)
    }

    /// The prices in a row.
    pub(crate) fn prices(&self, row: usize) -> impl Iterator<Item = (&str, Price)> {
        let prices = self.rows.get(row).map(|row| row.prices.iter().copied());
        self.symbols.iter().map(String::as_str).zip(prices.into_iter().flatten())
    }

    /// Whether the cluster has a token for every column.
    pub(crate) fn check_symbols(&self) -> Result<(), LocalnetError> {
        self.symbols.iter().try_for_each(|symbol| Token::named(symbol).map(drop))
    }
}

fn columns(header: &str) -> Result<Vec<String>, String> {
    let mut fields = header.split(',').map(str::trim);
    let first = fields.next().unwrap_or_default();
    if !["time", "date"].contains(&first) {
        return Err(format!("the first column is \"{first}\", not time"));
    }
    let symbol = |field: &str| if field == "usd" { SOL.symbol.into() } else { field.to_uppercase() };
    let symbols: Vec<String> = fields.map(symbol).collect();
    match symbols.iter().enumerate().find(|(at, symbol)| symbols.iter().take(*at).any(|earlier| earlier == *symbol)) {
        Some((_, twice)) => Err(format!("{twice} stands there twice")),
        None if symbols.is_empty() => Err("there is no column of prices".into()),
        None if symbols.iter().any(String::is_empty) => Err("a column has no name".into()),
        None => Ok(symbols),
    }
}

fn row(line: usize, text: &str, symbols: &[String]) -> Result<Row, PriceFileError> {
    let fields: Vec<&str> = text.split(',').map(str::trim).collect();
    let expected = symbols.len().saturating_add(1);
    let (time, prices) = fields.split_first().filter(|_| fields.len() == expected).ok_or(PriceFileError::Fields {
        line,
        found: fields.len(),
        expected,
    })?;
    let field = |column: &str, why: String| PriceFileError::Field { line, column: column.into(), why };
    let time = parse_moment(time).map_err(|error| field("time", error.to_string()))?;
    let prices = prices
        .iter()
        .zip(symbols)
        .map(|(price, symbol)| price.parse().map_err(|error: crate::PriceError| field(symbol, error.to_string())));
    Ok(Row { time, prices: prices.collect::<Result<_, _>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# two days\ntime,SOL,USDC\n100,20,1\n\n200,10.5,0.99\n";

    #[test]
    fn a_row_holds_until_the_next_begins() {
        let file = PriceFile::parse(FILE).unwrap();
        let at = |time| {
            file.row_at(time).map(|row| file.prices(row).map(|(_, price)| price.to_string()).collect::<Vec<_>>())
        };
        assert_eq!(at(99), None);
        assert_eq!(at(100), at(199));
        assert_eq!(at(199).unwrap(), ["20", "1"]);
        assert_eq!(at(200).unwrap(), ["10.5", "0.99"]);
        assert_eq!(at(1_000_000), at(200));
        assert_eq!((file.start(), file.end()), (100, 200));
    }

    #[test]
    fn november_2022_is_a_file_of_sol() {
        let file = PriceFile::november_2022().unwrap();
        // The file's first day, and its tenth, on which SOL stood at 13.9096.
        assert_eq!(file.start(), 1_667_260_800);
        let tenth = file.row_at(1_667_260_800 + 9 * 86_400).unwrap();
        assert_eq!(file.prices(tenth).collect::<Vec<_>>(), [("SOL", "13.9096".parse().unwrap())]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let reported = |text: &str| PriceFile::parse(text).unwrap_err().to_string();
        assert!(reported("").contains("no prices"));
        assert!(reported("# nothing\ntime,SOL\n").contains("no prices"));
        assert!(reported("SOL,20\n").contains("line 1"));
        assert!(reported("time\n100\n").contains("no column of prices"));
        assert!(reported("time,SOL,sol\n100,1,2\n").contains("SOL stands there twice"));
        assert!(
            reported("time,SOL\n100,20,1\n").contains("line 2 of the price file has 3 fields where the columns are 2")
        );
        assert!(reported("time,SOL\n100,20\n# a note\n100,19\n").contains("line 4 of the price file is not later"));
        assert!(reported("time,SOL\nyesterday,20\n").contains("line 2 of the price file, column time: \"yesterday\""));
        assert!(reported("time,SOL\n100,\n").contains("column SOL"));
        assert!(reported("time,SOL\n100,0\n").contains("positive"));
    }

    #[test]
    fn a_column_that_no_token_has_is_refused() {
        let file = PriceFile::parse("time,BTC\n100,20000\n").unwrap();
        assert!(file.check_symbols().unwrap_err().to_string().contains("no token \"BTC\""));
    }
}
