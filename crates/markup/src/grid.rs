//! Tables as rows of cells, with spans filled in.

/// Cells of one table, spans filled in; more are left out.
const MAX_CELLS: usize = 200_000;
/// Bytes of one table's text, spans filled in.
const MAX_TEXT: usize = 16 << 20;
/// Columns of one table.
const MAX_COLUMNS: usize = 1_000;
/// Rows or columns that one cell may span; a wider one is taken for a slip and spans one.
const MAX_SPAN: usize = 200;
/// Bytes of a cell that is repeated; of a longer one the repetitions are empty.
const MAX_REPEATED: usize = 4 << 10;

/// A table as it is filled, row by row (HTML 4 table model).
#[derive(Debug, Default)]
pub struct Grid {
    /// Rows. A cell that spans several columns or rows stands in each of them, so that every
    /// row can be read alone.
    pub cells: Vec<Vec<String>>,
    /// Whether cells were left out.
    pub cut: bool,
    row: Vec<String>,
    /// Per column, the text of a cell from above and how many further rows it covers.
    open: Vec<Option<(String, usize)>>,
    total: usize,
    bytes: usize,
}

impl Grid {
    /// Cells joined by ` | `, rows by line feeds.
    #[must_use]
    pub fn text(&self) -> String {
        let rows: Vec<String> = self.cells.iter().map(|row| row.join(" | ")).collect();
        rows.join("\n")
    }

    /// Columns of the row that is being filled, those from above that follow included.
    pub fn column(&mut self) -> usize {
        self.fill_from_above();
        self.row.len()
    }

    /// Adds a cell.
    pub fn cell(&mut self, text: String, columns: usize, rows: usize) {
        self.fill_from_above();
        let repeated = if text.len() <= MAX_REPEATED {
            text.clone()
        } else {
            String::new()
        };
        let rows = within(rows);
        let columns = within(columns).min(MAX_COLUMNS.saturating_sub(self.row.len()));
        let mut text = Some(text);
        for _ in 0..columns {
            if self.open.len() <= self.row.len() {
                self.open.resize(self.row.len() + 1, None);
            }
            self.open[self.row.len()] = (rows > 1).then(|| (repeated.clone(), rows - 1));
            self.row
                .push(text.take().unwrap_or_else(|| repeated.clone()));
        }
    }

    /// Ends a row; a row without any text is left out. False where the table has grown too
    /// large and nothing more is taken.
    pub fn end_row(&mut self) -> bool {
        self.fill_from_above();
        let row = std::mem::take(&mut self.row);
        self.total += row.len();
        self.bytes += row.iter().map(String::len).sum::<usize>();
        if self.total > MAX_CELLS || self.bytes > MAX_TEXT {
            self.cut = true;
            return false;
        }
        if row.iter().any(|cell| !cell.is_empty()) {
            self.cells.push(row);
        }
        true
    }

    /// Repeats cells that reach down into this row, as long as they follow each other.
    fn fill_from_above(&mut self) {
        while let Some(Some((text, left))) = self.open.get_mut(self.row.len()) {
            self.row.push(text.clone());
            *left -= 1;
            if *left == 0 {
                self.open[self.row.len() - 1] = None;
            }
        }
    }
}

/// The value of `colspan` or `rowspan`.
#[must_use]
pub fn span(value: Option<&str>) -> usize {
    value.and_then(|text| text.trim().parse().ok()).unwrap_or(1)
}

fn within(span: usize) -> usize {
    if (1..=MAX_SPAN).contains(&span) {
        span
    } else {
        1
    }
}
