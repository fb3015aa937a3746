//! `R04x`–`R05x`: flaws of answers and attachments.

use super::codes;

codes! { FORMS:
    /// The answer is larger than the limit.
    ANSWER_TOO_LARGE = "R040", Error;
    /// The answer is not a map of fields.
    ANSWER_SHAPE = "R041", Error;
    /// The form has no such field or column.
    FIELD_NOT_IN_FORM = "R042", Error;
    /// A field that must be filled is not.
    FIELD_WANTED = "R043", Error;
    /// A field, an item or a photo is there twice.
    FIELD_TWICE = "R044", Error;
    /// A text is expected.
    TEXT_WANTED = "R045", Error;
    /// A number is expected.
    NUMBER_WANTED = "R046", Error;
    /// A day is expected.
    DATE_WANTED = "R047", Error;
    /// A day and a time are expected.
    MOMENT_WANTED = "R048", Error;
    /// The value is not one of the list.
    NOT_A_CHOICE = "R049", Error;
    /// An item of the checklist has no answer.
    ITEM_UNANSWERED = "R050", Error;
    /// An item is answered with another word.
    ITEM_RESULT = "R051", Error;
    /// The checklist has no such item.
    ITEM_UNKNOWN = "R052", Error;
    /// A list is expected.
    LIST_WANTED = "R053", Error;
    /// Fewer rows or photos than asked for.
    ROWS_TOO_FEW = "R054", Error;
    /// A place is expected.
    LOCATION_WANTED = "R055", Error;
    /// A length of time is expected.
    LENGTH_WANTED = "R193", Error;
    /// A bad answer is not among the problems.
    PROBLEM_UNWRITTEN = "R173", Error;
    /// A row answers none of the rows that are asked about.
    ROW_UNKNOWN = "R174", Error;
    /// A row that is asked about has no answer.
    ROW_UNANSWERED = "R175", Error;
    /// No such file is attached to the order.
    ATTACHMENT_UNKNOWN = "R056", Error;
    /// The file is larger than the limit.
    ATTACHMENT_TOO_LARGE = "R057", Error;
    /// Files of this kind are not taken.
    ATTACHMENT_KIND = "R058", Error;
    /// The order has as many files as it may.
    ATTACHMENTS_TOO_MANY = "R059", Error;
}
