//! A small table: names on the left, the rest to the right.

/// The widest that a name may be, and a row; a longer name stands on a line of its own.
const WIDEST_NAME: usize = 30;
const WIDEST_ROW: usize = 80;
/// Between two columns.
const GAP: usize = 2;

/// A table of `N` columns.
pub struct Columns<'a, const N: usize> {
    head: [&'a str; N],
}

impl<'a, const N: usize> Columns<'a, N> {
    /// A table with this head.
    pub fn new(head: [&'a str; N]) -> Self {
        Columns { head }
    }

    /// The table with these rows, each column as wide as it needs.
    pub fn print<'r>(&self, rows: impl Iterator<Item = [&'r str; N]>) -> String
    where
        'a: 'r,
    {
        let rows: Vec<[&str; N]> = std::iter::once(self.head).chain(rows).collect();
        let width = |n: usize| {
            let widest = rows.iter().map(|row| row[n].chars().count()).max().unwrap_or(0);
            if n == 0 { widest.min(WIDEST_NAME) } else { widest }
        };
        let mut widths: [usize; N] = std::array::from_fn(width);
        let others: usize = widths[1..].iter().map(|width| GAP + width).sum();
        widths[0] = widths[0].min(WIDEST_ROW.saturating_sub(others));
        rows.iter().map(|row| line(row, &widths)).collect()
    }
}

fn line<const N: usize>(row: &[&str; N], widths: &[usize; N]) -> String {
    let name = row[0];
    let mut line = if name.chars().count() > widths[0] {
        format!("{name}\n{:1$}", "", widths[0])
    } else {
        format!("{name:0$}", widths[0])
    };
    for (cell, width) in row.iter().zip(widths).skip(1) {
        line += &format!("{:GAP$}{cell:>width$}", "");
    }
    line.trim_end().to_owned() + "\n"
}
