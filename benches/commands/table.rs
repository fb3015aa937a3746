//! What came out, as a table in Markdown, and how fast it grows.

use std::time::Duration;

use crate::ground::ms;
use crate::measure::Measured;

/// CPU by which the start of a process differs from run to run: what is below counts as this much.
const NOISE: Duration = Duration::from_millis(10);
/// The highest exponent that is wanted.
const EXPONENT: f64 = 1.1;

/// One command at every size.
pub(crate) struct Line {
    pub(crate) name: String,
    /// In the order of the sizes; none where it was not run.
    pub(crate) took: Vec<Option<Measured>>,
}

/// Everything that was measured.
pub(crate) struct Table {
    pub(crate) sizes: Vec<usize>,
    /// What a command takes that reads nothing but the release.
    pub(crate) start: Duration,
    pub(crate) lines: Vec<Line>,
}

impl Table {
    pub(crate) fn print(&self) {
        println!(
            "\nA process that opens the database and reads its release, as `incident list` does, takes {:.1} ms of CPU; \
             it is taken off before the exponent is.\n",
            ms(self.start)
        );
        let each = |head: &str| {
            self.sizes.iter().map(|size| format!(" {head} {size} |")).collect::<Vec<_>>().concat()
        };
        let heads = ["wall ms,", "CPU ms,", "MiB,"].map(each).concat();
        println!("| command |{heads} rows | kB | exponent |");
        println!("|---|{}---|---|---|", "---|".repeat(3 * self.sizes.len()));
        for line in &self.lines {
            println!("{}", self.row(line));
        }
        self.print_faults();
    }

    fn row(&self, line: &Line) -> String {
        let each = |of: fn(&Measured) -> String| {
            let cell = |took: &Option<Measured>| took.as_ref().map_or_else(|| "–".to_owned(), of);
            line.took.iter().map(|took| format!(" {} |", cell(took))).collect::<Vec<_>>().concat()
        };
        let wall = each(|took| format!("{:.0}", ms(took.wall)));
        let cpu = each(|took| format!("{:.0}", ms(took.cpu)));
        let peak = each(|took| mib(took.peak).to_string());
        let last = line.took.iter().flatten().next_back();
        let (rows, bytes) = last.map_or((0, 0), |last| (last.rows, last.bytes.div_ceil(1_000)));
        let exponents = self.exponents(line).into_iter();
        let exponents: Vec<String> = exponents
            .map(|found| found.map_or_else(|| "–".to_owned(), |found| format!("{found:.2}")))
            .collect();
        format!("| {} |{wall}{cpu}{peak} {rows} | {bytes} | {} |", line.name, exponents.join(", "))
    }

    /// How CPU grows from each size to the next: 1 is as the register does.
    fn exponents(&self, line: &Line) -> Vec<Option<f64>> {
        let own = |took: &Measured| took.cpu.saturating_sub(self.start).max(NOISE).as_secs_f64();
        let pair = |at: usize| {
            let (small, large) = (line.took[at].as_ref()?, line.took[at + 1].as_ref()?);
            let times = crate::ground::float(self.sizes[at + 1]) / crate::ground::float(self.sizes[at]);
            Some((own(large) / own(small)).ln() / times.ln())
        };
        (0..self.sizes.len().saturating_sub(1)).map(pair).collect()
    }

    /// Says what grows faster than wanted, and what did not end well.
    fn print_faults(&self) {
        println!();
        for line in &self.lines {
            if self.exponents(line).into_iter().flatten().any(|found| found > EXPONENT) {
                println!("grows faster than wanted: {}", line.name);
            }
            let peaks: Vec<u64> = line.took.iter().flatten().map(|took| mib(took.peak)).collect();
            if let (Some(first), Some(last)) = (peaks.first(), peaks.last())
                && *last > 64.max(2 * first)
            {
                println!("memory grows: {}, {first} to {last} MiB", line.name);
            }
            for took in line.took.iter().flatten().filter(|took| took.exit != Some(0)) {
                println!("ended with {:?}: {}: {}", took.exit, line.name, took.said);
            }
        }
    }
}

fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}
