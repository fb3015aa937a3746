//! Bytes to lines and columns and back: the one place that converts.

use unicode_width::UnicodeWidthStr;

/// A place as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1: what people and the command line's JSON count.
    pub column: usize,
    /// Column in UTF-16 units, from 0: what editors count.
    pub utf16: usize,
    /// Column in display cells, from 0: what a terminal counts; a Chinese character takes two.
    pub cells: usize,
}

/// Where the lines of one text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds the lines; `\n`, `\r\n` and a lone `\r` each end one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes
            .iter()
            .enumerate()
            .filter(|&(at, &byte)| byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { starts }
    }

    /// Returns the place of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn at(&self, text: &str, offset: usize) -> LineColumn {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = &text[self.starts[line - 1]..offset];
        LineColumn {
            line,
            column: before.chars().count() + 1,
            utf16: before.encode_utf16().count(),
            cells: before.width(),
        }
    }

    /// Returns the byte offset of a line and a column in characters, both from 1.
    #[must_use]
    pub fn offset(&self, text: &str, line: usize, column: usize) -> usize {
        let Some(&start) = self.starts.get(line.saturating_sub(1)) else {
            return text.len();
        };
        let line_text = self.line(text, line);
        let within =
            line_text.char_indices().nth(column.saturating_sub(1)).map_or(line_text.len(), |(at, _)| at);
        start + within
    }

    /// Returns a line (from 1) without its end.
    #[must_use]
    pub fn line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let Some(&start) = self.starts.get(line.saturating_sub(1)) else {
            return "";
        };
        let end = self.starts.get(line).copied().unwrap_or(text.len());
        text[start..end].trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_is_one_column_two_cells_three_bytes() {
        let text = "a\n标题: x";
        let place = LineIndex::new(text).at(text, "a\n标题".len());
        assert_eq!(place, LineColumn { line: 2, column: 3, utf16: 2, cells: 4 });
    }

    #[test]
    fn offsets_go_back_and_forth() {
        let text = "甲\r\n乙丙\r丁";
        let index = LineIndex::new(text);
        assert_eq!(index.offset(text, 2, 2), "甲\r\n乙".len());
        assert_eq!(index.line(text, 2), "乙丙");
        assert_eq!(index.at(text, text.len()).line, 3);
    }
}
