//! `calendars/*.yaml`: the one the bureau names, and the checks of all.

use super::super::raw::{self, Id, MapOr, Word};
use super::Resolver;
use crate::calendar::{Calendar, YearDays, from_years, problems};
use crate::diag::Diagnostic;
use crate::diag::Span;
use crate::diag::codes::{FILE_NAME, NOT_A_YEAR, UNKNOWN_CALENDAR};
use crate::time::Day;

/// Builds every calendar, with its id.
fn calendars(resolver: &mut Resolver<'_>, raw: Vec<(String, raw::CalendarFile)>) -> Vec<Calendar> {
    let calendars = raw.into_iter().map(|(stem, file)| {
        resolver.cap_diagnostics();
        calendar(resolver, &stem, file)
    });
    calendars.collect()
}

fn calendar(resolver: &mut Resolver<'_>, stem: &str, file: raw::CalendarFile) -> Calendar {
    if file.calendar.text() != stem {
        resolver.out.push(file.calendar.wrong(FILE_NAME).with("file", stem));
    }
    let years = match file.years {
        MapOr::Other(raw::AnyYear) => return Calendar::plain(stem),
        MapOr::Map(years) => years.0,
    };
    let mut places: Vec<(Span, Vec<(Day, Span)>)> = Vec::new();
    let mut built = Vec::new();
    for (year, days) in years {
        let Some(number) = year_number(resolver, &year) else { continue };
        let spread = |listed: &[raw::DayRange]| -> Vec<(Day, Span)> {
            listed
                .iter()
                .flat_map(|days| {
                    days.first.iter_days().take_while(|day| *day <= days.last).map(|day| (day, days.span))
                })
                .collect()
        };
        let (rest, work) = (spread(&days.rest), spread(&days.work));
        built.push(YearDays {
            year: number,
            notice: days.notice,
            rest: rest.iter().map(|(day, _)| *day).collect(),
            work: work.iter().map(|(day, _)| *day).collect(),
        });
        // A day that is both is complained about where it is said to be worked.
        places.push((year.span, work.into_iter().chain(rest).collect()));
    }
    for problem in problems(&built) {
        let (year_span, days) = &places[problem.at];
        let at = problem.day.and_then(|day| days.iter().find(|(listed, _)| *listed == day));
        let mut diagnostic = Diagnostic::new(problem.code, at.map_or(*year_span, |(_, span)| *span))
            .with("year", built[problem.at].year.to_string());
        if let Some(day) = problem.day {
            diagnostic = diagnostic.with("day", day.to_string());
        }
        resolver.out.push(diagnostic);
    }
    from_years(stem, built, false)
}

fn year_number(resolver: &mut Resolver<'_>, year: &Word) -> Option<i32> {
    let number = Some(year.text()).filter(|text| text.len() == 4).and_then(|text| text.parse().ok());
    if number.is_none() {
        resolver.out.push(year.wrong(NOT_A_YEAR));
    }
    number
}

/// Builds all calendars and returns the one that the bureau names.
pub(super) fn of(
    resolver: &mut Resolver<'_>,
    id: &Id,
    raw: Vec<(String, raw::CalendarFile)>,
) -> Option<Calendar> {
    let calendars = calendars(resolver, raw);
    if let Some(at) = calendars.iter().position(|calendar| calendar.id == id.text()) {
        return calendars.into_iter().nth(at);
    }
    let known = calendars.iter().map(|calendar| calendar.id.as_str());
    resolver.unknown(UNKNOWN_CALENDAR, id.spelling(), known);
    None
}
