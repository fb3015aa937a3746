//! `Y…`: a file that is not written in our dialect of YAML. `P…`: a policy that does not hold together.

use super::codes;

codes! { POLICY:
    // How the file is written.
    /// The file is not well-formed YAML; no better-aimed code applies.
    YAML_SYNTAX = "Y001", Error;
    /// A bracket or a quote is opened and not closed.
    UNCLOSED = "Y002", Error;
    /// A line is indented unlike its neighbours.
    BAD_INDENT = "Y003", Error;
    /// A tab is used for indentation.
    TAB = "Y004", Error;
    /// A full-width mark stands where the grammar wants the half-width one.
    FULL_WIDTH = "Y005", Error;
    /// A colon is not followed by a space.
    NO_SPACE_AFTER_COLON = "Y006", Error;
    /// The file is not UTF-8.
    BAD_ENCODING = "Y007", Error;
    /// The file holds a control character.
    CONTROL_CHARACTER = "Y008", Error;
    /// The file holds a character that cannot be seen.
    INVISIBLE_CHARACTER = "Y009", Error;
    /// The file holds two documents.
    TWO_DOCUMENTS = "Y010", Error;
    /// The file is empty.
    EMPTY_FILE = "Y011", Error;
    /// The file is larger than the limit.
    FILE_TOO_LARGE = "Y012", Error;
    /// The policy folder is larger than the limit.
    SET_TOO_LARGE = "Y013", Error;
    /// The file is nested deeper than the limit.
    TOO_DEEP = "Y014", Error;
    /// An anchor or an alias is used.
    ANCHOR = "Y015", Error;
    /// A tag is used.
    TAG = "Y016", Error;
    /// A condition begins with an exclamation mark and has no quotes.
    TAGGED_CONDITION = "Y017", Error;
    /// A merge key is used.
    MERGE_KEY = "Y018", Error;
    /// A key stands twice in one map.
    DUPLICATE_KEY = "Y019", Error;
    /// The file begins with a YAML directive.
    DIRECTIVE = "Y020", Error;
    /// A key is a list or a map.
    KEY_NOT_TEXT = "Y021", Error;
    /// A backslash in double quotes is followed by something unknown.
    BAD_ESCAPE = "Y022", Error;
    /// A text that holds a colon is not quoted.
    COLON_IN_TEXT = "Y023", Error;

    // Values and names.
    /// A key is not known here.
    UNKNOWN_KEY = "P001", Error;
    /// A key that has to be there is missing.
    MISSING_KEY = "P002", Error;
    /// A key has no value.
    MISSING_VALUE = "P003", Error;
    /// A list, a map or a text stands where another is wanted.
    EXPECTED = "P004", Error;
    /// A number is wanted.
    NOT_A_NUMBER = "P005", Error;
    /// A number is beyond what can be counted with.
    NUMBER_TOO_LARGE = "P006", Error;
    /// A number is outside its bounds.
    NUMBER_RANGE = "P007", Error;
    /// A yes-or-no value is not `true` or `false`.
    NOT_A_FLAG = "P008", Error;
    /// An id without quotes would be read as a number or a truth value.
    UNQUOTED_ID = "P009", Error;
    /// A name holds a character that names do not have.
    BAD_ID = "P010", Error;
    /// A length of time is not a count and a unit.
    NOT_A_LENGTH = "P011", Error;
    /// A length of time is zero or negative.
    LENGTH_NOT_POSITIVE = "P012", Error;
    /// A length of time is in a unit that does not fit here.
    LENGTH_UNIT = "P013", Error;
    /// A day is not written as `2026-01-01`, or does not exist.
    NOT_A_DAY = "P014", Error;
    /// A year is not written with four digits.
    NOT_A_YEAR = "P015", Error;
    /// A word is not one of the closed list.
    NOT_ONE_OF = "P016", Error;
    /// A name could not be written in an expression.
    BAD_NAME = "P017", Error;
    /// A step or fact has a name that means something already.
    RESERVED_NAME = "P018", Error;
    /// A declared name is built in.
    ATTRIBUTE_NAME_TAKEN = "P019", Error;
    /// A name is declared twice.
    DUPLICATE_ID = "P020", Error;
    /// An id differs from the name of its file or folder.
    FILE_NAME = "P021", Error;
    /// A list that needs an entry is empty.
    EMPTY_LIST = "P022", Error;
    /// A key does not go with the kind chosen.
    KEY_DOES_NOT_FIT = "P023", Error;
    /// The kind chosen needs another key.
    KEY_WANTED = "P024", Error;
    /// A file looks like policy but is not read.
    NOT_READ = "P025", Warning;
    /// There is no `bureau.yaml`.
    NO_BUREAU = "P026", Error;
    /// There is no tier table.
    NO_TIERS = "P027", Error;
    /// There are two tier tables.
    SECOND_TIERS = "P028", Error;
    /// A file under `rules/` is of no known kind.
    EXPECTED_RULES = "P029", Error;
    /// There are more expressions than can be numbered.
    TOO_MANY_EXPRESSIONS = "P030", Error;
    /// A range of days in a calendar is too long.
    CALENDAR_RANGE = "P031", Error;
    /// A list of stations or grids lies outside `register/`.
    PLACE_PATH = "P032", Error;

    // Names that nothing declares.
    /// A step is not declared in the workflow.
    UNKNOWN_STEP = "P040", Error;
    /// A role is not declared.
    UNKNOWN_ROLE = "P041", Error;
    /// A workflow is not declared.
    UNKNOWN_WORKFLOW = "P042", Error;
    /// A form is not declared.
    UNKNOWN_FORM = "P043", Error;
    /// A kind of document is not declared.
    UNKNOWN_DOCUMENT = "P044", Error;
    /// A clock is not declared.
    UNKNOWN_CLOCK = "P045", Error;
    /// A table is not declared.
    UNKNOWN_TABLE = "P046", Error;
    /// A column is not declared in its table.
    UNKNOWN_COLUMN = "P047", Error;
    /// An attribute is not declared.
    UNKNOWN_ATTRIBUTE = "P048", Error;
    /// A field is neither built in nor an attribute.
    UNKNOWN_FIELD = "P049", Error;
    /// A problem level is not declared.
    UNKNOWN_LEVEL = "P050", Error;
    /// A tier is not declared.
    UNKNOWN_TIER = "P051", Error;
    /// No tier has a length of that name.
    UNKNOWN_TIER_LENGTH = "P052", Error;
    /// A calendar is not there.
    UNKNOWN_CALENDAR = "P053", Error;
    /// A duty is not in the duties table.
    UNKNOWN_DUTY = "P054", Error;
    /// An overlay names a base that is not there.
    UNKNOWN_BASE = "P055", Error;
    /// A case names a trigger that is not there.
    CASE_TRIGGER = "P056", Error;
    /// A time zone does not exist.
    UNKNOWN_ZONE = "P057", Error;

    // Steps.
    /// A step does nothing.
    STEP_EMPTY = "P060", Error;
    /// A step is two things at once.
    STEP_MIXED = "P061", Error;
    /// `who` names nobody or several.
    STEP_WHO = "P062", Error;
    /// `same_as` names a step that nobody does.
    SAME_AS_NOT_DUTY = "P063", Error;
    /// `station` of `who` is not the subject's.
    BAD_PLACE = "P064", Error;
    /// `avoid` is neither `conflicts` nor a step's people.
    BAD_AVOID = "P065", Error;
    /// A step leads nowhere.
    NO_NEXT = "P066", Error;
    /// A step that ends the order leads on.
    NEXT_AND_END = "P067", Error;
    /// The last row of `next` has a condition.
    NO_DEFAULT = "P068", Error;
    /// A row of `next` without a condition is not the last.
    DEFAULT_NOT_LAST = "P069", Error;
    /// A step cannot be reached.
    UNREACHABLE_STEP = "P070", Error;
    /// No end can be reached from a step.
    NO_END = "P071", Error;
    /// A loop has no bound.
    UNBOUNDED_LOOP = "P072", Error;
    /// A workflow has more steps than the limit.
    TOO_MANY_STEPS = "P073", Error;
    /// An escalation level stands twice.
    LEVEL_TWICE = "P074", Error;
    /// Escalation levels do not rise with time.
    LEVEL_ORDER = "P075", Error;
    /// A step has escalation rows and no time limit.
    OVERDUE_WITHOUT_DUE = "P076", Error;
    /// An inspection step has no form for one.
    INSPECTION_FORM = "P077", Error;
    /// An inspection form offers problem levels that are not declared.
    INSPECTION_LEVELS = "P078", Error;
    /// A tier lacks a length that a step needs.
    TIER_LENGTH_MISSING = "P079", Error;
    /// A fact needs itself.
    FACT_CYCLE = "P080", Error;
    /// A signal does nothing or several things.
    SIGNAL_ACT = "P081", Error;
    /// A workflow runs itself.
    SUB_ORDER_LOOP = "P082", Error;
    /// Sub-orders are nested deeper than the limit.
    SUB_ORDER_DEEP = "P083", Error;
    /// A signal opens orders that are not about subjects.
    SIGNAL_OPENS = "P084", Error;

    // Triggers, tiers, clocks.
    /// Only orders about subjects recur.
    RECUR_NOT_SUBJECT = "P090", Error;
    /// A cycle counts from something that is not the subject's.
    RECUR_SINCE = "P091", Error;
    /// A cycle counts from an attribute that is no date.
    ATTRIBUTE_NOT_DATE = "P092", Error;
    /// `first` counts from an attribute that is not declared.
    FIRST_NEEDS_REGISTERED = "P093", Error;
    /// A cap cannot be read.
    BAD_CAP = "P094", Error;
    /// A fixed day of the month goes with a cycle that is not in months.
    FIXED_NEEDS_MONTHS = "P095", Error;
    /// A cycle needs more visits than the cap allows.
    CYCLE_OVER_CAP = "P096", Error;
    /// A tier is not in the order.
    TIER_NOT_ORDERED = "P097", Error;
    /// A stricter tier is visited less often.
    TIER_CYCLE_LONGER = "P098", Warning;
    /// Versions of a clock are not in order.
    CLOCK_VERSIONS = "P099", Error;

    // What stations may change.
    /// A row of `station_may` opens nothing.
    OPENING_PATH = "P100", Error;
    /// A row of `station_may` allows a change that cannot be made there.
    OPENING_CHANGE = "P101", Error;
    /// An overlay's address leads nowhere.
    OVERLAY_ADDRESS = "P103", Error;
    /// An overlay changes what the bureau has not opened.
    OVERLAY_NOT_OPEN = "P104", Error;
    /// An overlay's value is not stricter, or passes the floor.
    OVERLAY_LOOSER = "P105", Error;
    /// An overlay ends before it begins.
    OVERLAY_WINDOW = "P106", Error;
    /// An overlay was checked against another text.
    OVERLAY_BASE = "P107", Warning;
    /// An item that a station adds is not published.
    OVERLAY_ITEM = "P108", Error;
    /// A row that a station adds is later than the bureau's of that level, or starts something else.
    OVERLAY_ROW = "P109", Error;
    /// Two overlays of one station set the same place to different values on the same days.
    OVERLAY_CONFLICT = "P110", Error;
    /// Overlays in force together make a ladder whose levels do not rise with time.
    OVERLAY_LADDER = "P111", Error;
    /// A cycle that stations shorten needs more visits than the cap allows.
    OVERLAY_OVER_CAP = "P112", Error;
    /// An overlay that ended no longer fits, which hinders nothing.
    OVERLAY_ENDED = "P113", Warning;

    // What leaves the building.
    /// A sender is not a mail address.
    NOTICE_ADDRESS = "P120", Error;
    /// A webhook's address cannot be called.
    NOTICE_URL = "P121", Error;
    /// A webhook's address holds a secret.
    NOTICE_SECRET = "P122", Error;
    /// A webhook is called without encryption.
    NOTICE_PLAIN = "P123", Warning;
    /// A time of day cannot be read.
    TIME_OF_DAY = "P181", Error;

    // Cases that tell an order's life.
    /// A moment cannot be read.
    NOT_A_MOMENT = "P140", Error;
    /// A case does not say which workflow is opened.
    CASE_WORKFLOW = "P141", Error;
    /// An act is none that its workflow knows.
    UNKNOWN_ACT = "P142", Error;
    /// No refusal has that code.
    UNKNOWN_REFUSAL = "P143", Error;
    /// An act lies before the one above it.
    ACTS_OUT_OF_ORDER = "P144", Error;
    /// A case names somebody who is not among its people.
    UNKNOWN_OFFICER = "P145", Error;
    /// A signal is none that any workflow hears.
    UNKNOWN_SIGNAL = "P146", Error;
    /// A case names somebody to be told who is neither an officer nor a role.
    UNKNOWN_ADDRESSEE = "P147", Error;
    /// An escalation level is not one of the step's.
    UNKNOWN_RUNG = "P148", Error;
    /// Draws are checked and kept, not made.
    DRAW_NOT_MADE = "P149", Warning;

    // What the bureau's words mean.
    /// A key stands in texts of the first version, which do not know it.
    SECOND_VERSION_ONLY = "P150", Error;
    /// An action both approves and returns.
    ACTION_BOTH = "P151", Error;
    /// An action goes backward and does not say what that means.
    ACTION_BACKWARD = "P152", Error;
    /// A form has a checklist and no field it is answered in.
    CHECKLIST_WITHOUT_FIELD = "P153", Error;
    /// A step records an inspection and does not say where its form has what was found.
    RECORDS_TOO_LITTLE = "P154", Error;
    /// A kind of inspection is not declared.
    UNKNOWN_INSPECTION_KIND = "P155", Error;
    /// The text of a number does not tell numbers apart, or has parts that nothing fills.
    NUMBER_TEXT = "P156", Error;
    /// A power cannot be used with so many persons.
    POWER_PERSONS = "P157", Error;
    /// A term hangs on a field that is no date and no length of time.
    ANSWER_TERM_KIND = "P159", Error;
    /// A term hangs on a field that may not be filled, and nothing says what applies then.
    ANSWER_TERM_MISSING = "P160", Error;
    /// A term hangs on a parent, and no workflow opens orders of this one.
    NO_PARENT = "P161", Error;
    /// A choice of a form gives no term.
    CHOICE_WITHOUT_TERM = "P163", Error;
    /// A part of a `parallel` leads to a step that is not its own.
    PART_LEADS_OUT = "P162", Warning;
    /// A table answers the rows of a table that is not there, or not under its first column.
    ROW_SOURCE = "P170", Error;
    /// A cycle of the subject's own is no length of time.
    ATTRIBUTE_NOT_LENGTH = "P158", Error;
    /// A step has a term, and nobody is told when it is over.
    NO_LADDER = "P171", Warning;
    /// A station adds items to a form without a checklist, or to tiers whose items no form asks.
    OVERLAY_NO_CHECKLIST = "P175", Error;
    /// An item that a station adds goes by the id of another one.
    OVERLAY_ITEM_TAKEN = "P176", Error;
    /// A folder or a case is of a station that the bureau does not have.
    UNKNOWN_STATION = "P177", Error;
    /// A folder is of a station, and no file of the bureau lists its stations.
    STATIONS_UNKNOWN = "P178", Warning;
    /// A bound of `station_may` is a length where numbers are bounded, or a number where lengths are.
    OPENING_BOUND = "P179", Error;
    /// A value stands among what a station adds, or a list among what it tightens.
    OVERLAY_ELSEWHERE = "P180", Error;
}
