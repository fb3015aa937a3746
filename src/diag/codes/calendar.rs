//! `C…`: codes of the calendar room: schedules (`C00x`), calendars (`C02x`).

use super::codes;

codes! { CALENDAR:
    /// A schedule has neither five, six nor seven fields.
    CRON_FIELDS = "C001", Error;
    /// A word in a schedule is not a value of its field.
    CRON_VALUE = "C002", Error;
    /// A number in a schedule is outside its field.
    CRON_RANGE = "C003", Error;
    /// A range in a schedule runs backwards.
    CRON_BACKWARDS = "C004", Error;
    /// A step in a schedule is zero or does not fit its range.
    CRON_STEP = "C005", Error;
    /// A step in a schedule has a single number in front instead of a range.
    CRON_STEP_START = "C006", Error;
    /// A schedule uses `L`, `W` or `#`.
    CRON_SPECIAL = "C007", Error;
    /// A schedule holds a full-width character.
    CRON_FULL_WIDTH = "C008", Error;
    /// A list in a schedule has an empty place.
    CRON_EMPTY = "C009", Error;
    /// A schedule never fires in the years to come.
    CRON_NEVER = "C010", Error;
    /// A schedule is written as a nickname such as `@daily`.
    CRON_NICKNAME = "C011", Error;
    /// A schedule is longer than the limit.
    CRON_LONG = "C012", Error;

    /// A calendar lists a year far from ours.
    CALENDAR_YEAR_RANGE = "C020", Error;
    /// A calendar lists a year twice.
    CALENDAR_YEAR_TWICE = "C021", Error;
    /// A calendar lists a day under another year.
    CALENDAR_OTHER_YEAR = "C022", Error;
    /// A calendar lists a day both as rest and as work.
    CALENDAR_CONTRADICTION = "C023", Error;
    /// A calendar lists an ordinary Monday to Friday as a make-up day.
    CALENDAR_POINTLESS = "C024", Warning;
    /// The calendar of a year within the horizon is not published.
    CALENDAR_UNPUBLISHED = "C025", Warning;
    /// A range of days in a calendar runs backwards.
    CALENDAR_BACKWARDS = "C026", Error;
}
