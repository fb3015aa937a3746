//! `I…`: codes of the import room. `I00x`–`I01x` stop a file, `I02x`–`I07x` reject a row, a warning only remarks.

use super::codes;

codes! { IMPORT:
    /// The file is larger than the limit.
    IMPORT_TOO_LARGE = "I001", Error;
    /// The file is a workbook, not text.
    WORKBOOK = "I002", Error;
    /// The file is a web page under another name.
    WEB_PAGE = "I003", Error;
    /// The file is not text at all.
    NOT_TEXT = "I004", Error;
    /// The encoding is none that is read.
    ENCODING_UNKNOWN = "I005", Error;
    /// Bytes that the file's own encoding does not know.
    ENCODING_DAMAGED = "I006", Error;
    /// There is no heading row.
    FILE_EMPTY = "I007", Error;
    /// Cells are parted by full-width commas.
    DELIMITER_WIDE = "I008", Error;
    /// The heading row itself cannot be read.
    HEADING_UNREADABLE = "I009", Error;
    /// A mapped column is not in the heading row.
    HEADING_MISSING = "I010", Error;
    /// A mapped column is there twice.
    HEADING_TWICE = "I011", Error;
    /// No import map of that name.
    MAP_UNKNOWN = "I012", Error;
    /// The map gives no source for a field that every row needs.
    MAP_LACKS_FIELD = "I013", Error;
    /// The map names a field that the register does not have.
    MAP_FIELD_UNKNOWN = "I014", Error;
    /// More rows than one file may have.
    TOO_MANY_ROWS = "I015", Error;
    /// So many open quotation marks that the file is not what it seems.
    QUOTES_HOPELESS = "I016", Error;
    /// A row has more or fewer cells than the heading row.
    CELLS_RAGGED = "I020", Error;
    /// A quotation mark is opened and not closed.
    QUOTE_OPEN = "I021", Error;
    /// Text follows a closing quotation mark.
    QUOTE_STRAY = "I022", Error;
    /// A row longer than the limit.
    ROW_TOO_LONG = "I023", Error;
    /// A cell longer than the limit.
    CELL_TOO_LONG = "I024", Error;
    /// A cell that must be filled is blank.
    CELL_BLANK = "I030", Error;
    /// White space inside an id.
    ID_SPACED = "I031", Error;
    /// A character inside an id that shows nowhere or not everywhere alike.
    ID_INVISIBLE = "I032", Error;
    /// A spreadsheet turned the id into a number.
    ID_DAMAGED = "I033", Error;
    /// The check character of a unified credit code is wrong.
    CREDIT_CODE_WRONG = "I034", Error;
    /// The id stands in an earlier row.
    ID_TWICE = "I035", Error;
    /// A spreadsheet's error value.
    CELL_ERROR_VALUE = "I036", Error;
    /// A control character in a text.
    TEXT_CONTROL = "I037", Error;
    /// A character lost in an earlier conversion.
    TEXT_LOST = "I038", Error;
    /// A text with characters that do not show, or not as they stand.
    TEXT_INVISIBLE = "I039", Warning;
    /// Not a day in any accepted form.
    DATE_FORM = "I040", Error;
    /// A day that no calendar has.
    DATE_IMPOSSIBLE = "I041", Error;
    /// A year of two digits.
    DATE_SHORT_YEAR = "I042", Error;
    /// A spreadsheet's day number.
    DATE_SERIAL = "I043", Error;
    /// A day outside of what a register can hold.
    DATE_FAR = "I044", Error;
    /// Not a decimal number.
    NUMBER_FORM = "I045", Error;
    /// A number with thousands separators.
    NUMBER_GROUPED = "I046", Error;
    /// Not a whole number, or one too large.
    INTEGER_FORM = "I047", Error;
    /// Not a count.
    COUNT_FORM = "I048", Error;
    /// Not a length of time.
    LENGTH_FORM = "I049", Error;
    /// Not yes and not no.
    FLAG_FORM = "I050", Error;
    /// Not one of the list.
    CHOICE_UNKNOWN = "I051", Error;
    /// Not in the table.
    CODE_UNKNOWN = "I052", Error;
    /// In the table once a leading zero is put back.
    CODE_LOST_ZERO = "I053", Error;
    /// Not a word for a status.
    STATUS_UNKNOWN = "I054", Error;
    /// Not a latitude or longitude.
    PLACE_FAR = "I055", Error;
    /// A latitude without a longitude, or the other way round.
    PLACE_HALF = "I056", Error;
    /// Not a role of the bureau.
    ROLE_UNKNOWN = "I057", Error;
    /// Not a mail address.
    EMAIL_FORM = "I058", Error;
    /// A last day before the first.
    POST_BACKWARDS = "I059", Error;
    /// The register has no such subject.
    SUBJECT_UNKNOWN = "I060", Error;
    /// The register has no such station.
    STATION_UNKNOWN = "I061", Error;
    /// The register has no such grid.
    GRID_UNKNOWN = "I062", Error;
    /// The register has no such officer.
    OFFICER_UNKNOWN = "I063", Error;
    /// Days of a post, and no role they could be of.
    POST_WITHOUT_ROLE = "I064", Error;
    /// A visit on a day that has not come.
    VISIT_AHEAD = "I065", Error;
    /// A field that something new needs, and the row does not say.
    NEW_LACKS = "I066", Error;
    /// A letter that no unified credit code has at its place.
    CREDIT_CODE_LETTER = "I067", Error;
    /// A unified credit code with other marks between its letters.
    CREDIT_CODE_MARKED = "I068", Error;
    /// A formula where an id should be.
    ID_FORMULA = "I069", Error;
    /// A code that only begins like one of the table.
    CODE_TOO_LONG = "I070", Error;
    /// The grid belongs to another station.
    GRID_ELSEWHERE = "I071", Error;
    /// A title that several stations or grids have.
    PLACE_AMBIGUOUS = "I072", Error;
    /// Whoever takes the file would lay down his own posts or grids.
    OWN_ROW = "I073", Error;
    /// A role that whoever takes the file may neither give nor take away.
    ROLE_ABOVE = "I074", Error;
    /// The id of another officer but for the case of its letters.
    OFFICER_TWICE = "I075", Error;
    /// The certificate of another officer.
    CERTIFICATE_TAKEN = "I076", Error;
    /// A row of somebody who does not stand below whoever takes the file.
    PERSON_ABOVE = "I080", Error;
    /// A word or a mark where an id was not known.
    ID_UNFILLED = "I091", Error;
    /// The id of another place but for the case of its letters.
    PLACE_TWICE = "I092", Error;
    /// The title of another station.
    TITLE_TAKEN = "I093", Error;
    /// A post of days that are over.
    POST_BACKDATED = "I090", Error;
    /// An id under which the record keeps what nobody does.
    ID_RESERVED = "I096", Error;
    /// An id with letters of two scripts.
    ID_MIXED = "I097", Error;
    /// A row about a subject from which whoever takes the file keeps away.
    SUBJECT_RECUSED = "I098", Error;
    /// The id of a visit that an order recorded itself.
    VISIT_OF_ORDER = "I077", Error;
    /// A name where the id of an officer should be.
    OFFICER_BY_NAME = "I078", Error;
    /// Several officers where one should be.
    OFFICERS_SEVERAL = "I079", Error;
    /// A subject's own cycle that is zero, negative or beyond what a length may be.
    CYCLE_OF_NOTHING = "I094", Error;
}
