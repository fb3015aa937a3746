//! `S…`: codes of the script room. `S0..` are found by reading a script, `S1..` by running it.

use super::codes;

codes! { SCRIPT:
    /// The script cannot be read here; no better-aimed code applies.
    SCRIPT_SYNTAX = "S001", Error;
    /// A full-width mark stands where the language wants the ASCII one.
    SCRIPT_FULL_WIDTH = "S002", Error;
    /// A letter of another alphabet that looks like a Latin one.
    SCRIPT_LOOKALIKE = "S003", Error;
    /// The source is larger than the limit.
    SCRIPT_TOO_LARGE = "S004", Error;
    /// Expressions are nested deeper than the limit.
    SCRIPT_TOO_DEEP = "S005", Error;
    /// A word that policy scripts may not use.
    SCRIPT_FORBIDDEN = "S006", Error;
    /// A text without its closing quote.
    SCRIPT_OPEN_TEXT = "S007", Error;
    /// A name that stands for nothing here.
    SCRIPT_UNKNOWN_NAME = "S008", Error;
    /// A function that does not exist.
    SCRIPT_UNKNOWN_FUNCTION = "S009", Error;
    /// A function called with the wrong number of arguments.
    SCRIPT_ARITY = "S010", Error;
    /// An attribute the bureau does not declare.
    SCRIPT_UNKNOWN_ATTRIBUTE = "S011", Error;
    /// A field that a form, step, order or table row does not have.
    SCRIPT_UNKNOWN_FIELD = "S012", Error;
    /// Two sides of a comparison that can never be compared.
    SCRIPT_TYPES_DIFFER = "S013", Error;
    /// A condition that is not yes or no.
    SCRIPT_NOT_A_CONDITION = "S014", Error;
    /// A text that is not one of the values it is compared with.
    SCRIPT_NOT_A_CHOICE = "S015", Error;
    /// The subject used other than through its attributes and history.
    SCRIPT_BARE_SUBJECT = "S016", Error;
    /// A lambda that names something other than its own parameters.
    SCRIPT_LAMBDA_OUTSIDE = "S017", Error;
    /// `all` over a list that may be empty.
    SCRIPT_ALL_OF_NONE = "S018", Warning;
    /// `switch` on what may be missing, or on a type that cannot be known.
    SCRIPT_SWITCH = "S019", Error;
    /// A value that may be missing is used without asking.
    SCRIPT_MAY_BE_MISSING = "S020", Warning;
    /// A period that is not a length of time.
    SCRIPT_NOT_A_PERIOD = "S021", Error;
    /// An argument that must be written out.
    SCRIPT_NOT_LITERAL = "S022", Error;
    /// A problem level the bureau does not declare.
    SCRIPT_UNKNOWN_LEVEL = "S023", Error;
    /// A table that does not exist.
    SCRIPT_UNKNOWN_TABLE = "S024", Error;
    /// A column the table does not have.
    SCRIPT_UNKNOWN_COLUMN = "S025", Error;
    /// A parameter that does not exist.
    SCRIPT_UNKNOWN_PARAM = "S026", Error;
    /// `days_since` or `days_until` outside a comparison with a number.
    SCRIPT_ELAPSED = "S027", Error;
    /// An answer that is not a tier of the table.
    SCRIPT_UNKNOWN_TIER = "S028", Error;
    /// An answer of the wrong type.
    SCRIPT_ANSWER_TYPE = "S029", Error;
    /// A way through the function that ends without an answer.
    SCRIPT_NO_ANSWER = "S030", Error;
    /// No script defines a function the engine asks.
    SCRIPT_NO_FUNCTION = "S031", Error;
    /// Two scripts define the same function of the engine.
    SCRIPT_TWICE = "S032", Error;
    /// A function that calls itself, directly or through others.
    SCRIPT_CALLS_ITSELF = "S033", Error;
    /// More functions or paths than can be checked.
    SCRIPT_TOO_MANY = "S034", Error;
    /// A statement outside any function.
    SCRIPT_OUTSIDE = "S035", Error;
    /// A function of the engine without exactly one parameter.
    SCRIPT_PARAMETERS = "S036", Error;
    /// An argument or operand of the wrong type.
    SCRIPT_WRONG_TYPE = "S037", Error;
    /// A function that only the slower executor can run.
    SCRIPT_SLOW = "S038", Warning;
    /// One sign of assignment where a comparison was meant.
    SCRIPT_ASSIGNS = "S039", Error;
    /// Reading the script broke the reader itself.
    SCRIPT_CRASHED = "S040", Error;
    /// A count of days where no day of asking is known.
    SCRIPT_NO_DAY = "S041", Error;
    /// A station's script defines a function that the bureau has not opened to stations.
    SCRIPT_NOT_OPEN = "S042", Error;

    /// More operations than one evaluation may use.
    RULE_BUDGET = "S101", Error;
    /// Calls nested deeper than the limit.
    RULE_CALL_DEPTH = "S102", Error;
    /// A text, list or map larger than the limit.
    RULE_DATA_SIZE = "S103", Error;
    /// A missing value was compared.
    RULE_MISSING = "S104", Error;
    /// Values of different types were compared.
    RULE_TYPES = "S105", Error;
    /// A function that is never allowed.
    RULE_NOT_ALLOWED = "S106", Error;
    /// Division by zero, overflow and the like.
    RULE_ARITHMETIC = "S107", Error;
    /// An answer that is not a finite number.
    RULE_NOT_FINITE = "S108", Error;
    /// An answer that is not a tier of the table.
    RULE_UNKNOWN_TIER = "S109", Error;
    /// An answer of the wrong type.
    RULE_ANSWER_TYPE = "S110", Error;
    /// The evaluation failed in another way.
    RULE_FAILED = "S111", Error;
    /// The evaluation broke the executor itself.
    RULE_CRASHED = "S112", Error;
    /// The evaluation was told to stop; this is no verdict.
    RULE_STOPPED = "S113", Error;
    /// The rule version is in quarantine and decides nothing new.
    RULE_QUARANTINED = "S114", Error;
    /// The record holds something else than the form declares.
    RULE_RECORD = "S115", Error;
    /// The evaluation took longer than it may; this is no verdict.
    RULE_TIME = "S116", Error;
}
