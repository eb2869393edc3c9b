//! Text tables with aligned columns.

/// A table: rows of cells under column titles.
pub struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<bool>,
}

impl Table {
    /// Creates a table with these column titles. A column whose title starts with `>` is aligned right.
    pub fn new(titles: &[&str]) -> Self {
        let right = titles.iter().map(|title| title.starts_with('>')).collect();
        Self { rows: vec![titles.iter().map(|title| title.trim_start_matches('>').to_owned()).collect()], right }
    }

    /// Adds a row.
    pub fn row<T: ToString>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(|cell| cell.to_string()).collect());
    }

    /// Whether the table has no rows besides the titles.
    pub const fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }

    /// Renders the table. Each line is indented by two spaces, a rule follows the titles, and decimal points of
    /// right-aligned numbers line up.
    pub fn render(&self) -> String {
        let columns: Vec<Vec<String>> =
            self.right.iter().enumerate().map(|(at, right)| self.column(at, *right)).collect();
        let line = |row: usize| {
            let cells: Vec<&str> = columns.iter().filter_map(|cells| cells.get(row)).map(String::as_str).collect();
            format!("  {}\n", cells.join("  ").trim_end())
        };
        let rule: Vec<String> =
            columns.iter().map(|cells| "-".repeat(cells.first().map_or(0, |cell| width(cell)))).collect();
        let rows: String = (1..self.rows.len()).map(line).collect();
        format!("{}  {}\n{rows}", line(0), rule.join("  ").trim_end())
    }

    /// The cells of a column, padded to the same width.
    fn column(&self, at: usize, right: bool) -> Vec<String> {
        let cells = self.rows.iter().map(|row| row.get(at).map_or("", String::as_str));
        let places = cells.clone().skip(1).filter_map(places).max().unwrap_or(0);
        let cells: Vec<String> = cells
            .map(|cell| match places_missing(cell, places) {
                Some(missing) if right => format!("{cell}{:missing$}", ""),
                _ => cell.to_owned(),
            })
            .collect();
        let widest = cells.iter().map(|cell| width(cell)).max().unwrap_or(0);
        let fill = |cell: &String| if right { format!("{cell:>widest$}") } else { format!("{cell:<widest$}") };
        cells.iter().map(fill).collect()
    }
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

/// The width of a number from its point on. `None` for other cells.
fn places(cell: &str) -> Option<usize> {
    let number = cell.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'));
    number.then(|| cell.find('.').map_or(0, |point| cell.len().saturating_sub(point)))
}

fn places_missing(cell: &str, widest: usize) -> Option<usize> {
    places(cell).map(|places| widest.saturating_sub(places))
}

/// Formats a number with commas between thousands.
pub fn readable(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let grouped: Vec<String> = whole.chars().rev().collect::<Vec<_>>().chunks(3).map(|c| c.iter().collect()).collect();
    let grouped: String = grouped.join(",").chars().rev().collect();
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_one_below_the_other() {
        let mut table = Table::new(&["who", ">worth"]);
        table.row(["ana", "1,000"]);
        table.row(["benjamin", "2.25"]);
        table.row(["eve", "-"]);
        let lines = ["  who          worth", "  --------  --------", "  ana       1,000", "  benjamin      2.25"];
        assert_eq!(table.render().lines().take(4).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!(readable("-1234567.891"), "-1,234,567.891");
        assert_eq!(readable("999"), "999");
    }
}
