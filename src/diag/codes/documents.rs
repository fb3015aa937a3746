//! `P12x`: kinds of documents and their templates; `R06x`–`R08x`: refusals of the documents room.

use super::codes;

codes! { DOCUMENT_KINDS:
    /// A numbered kind has no prefix.
    DOCUMENT_PREFIX_WANTED = "P130", Error;
    /// A kind without number has a prefix.
    DOCUMENT_PREFIX_NEEDLESS = "P131", Error;
    /// Two kinds would share their numbers.
    DOCUMENT_PREFIX_TAKEN = "P132", Error;
    /// `officers` stands beside roles.
    DOCUMENT_APPROVERS = "P133", Error;
    /// A part of official numbers holds a digit, a bracket or a blank.
    DOCUMENT_NUMBER_MARK = "P134", Error;
    /// A template is named after no kind of document.
    TEMPLATE_OF_NOTHING = "P135", Error;
    /// A template cannot be read.
    TEMPLATE_SYNTAX = "P136", Error;
    /// A template fails on a sample document.
    TEMPLATE_FAILS = "P137", Error;
}

codes! { DOCUMENTS:
    /// The policy has no such kind of document.
    NO_SUCH_KIND = "R060", Error;
    /// There is no such document.
    NO_SUCH_DOCUMENT = "R061", Error;
    /// The act does not fit the state the document is in.
    DOCUMENT_STATE = "R062", Error;
    /// A document is to be served before it was signed off.
    NOT_APPROVED = "R063", Error;
    /// A document is to be served before it was sealed.
    NOT_SEALED = "R064", Error;
    /// Who approves does not hold the kind's role.
    NOT_THE_APPROVER = "R065", Error;
    /// Who approves made the document.
    OWN_DOCUMENT = "R066", Error;
    /// The kind is not served, or not sealed.
    KIND_HAS_NO_SUCH_ACT = "R067", Error;
    /// A record needs two officers.
    TWO_OFFICERS = "R068", Error;
    /// A served document is to be voided.
    SERVED_STANDS = "R069", Error;
    /// A document that was not served is to be corrected or revoked.
    NOT_SERVED = "R070", Error;
    /// The document was replaced already.
    REPLACED_ALREADY = "R071", Error;
    /// A date of service lies before the signature or after today.
    SERVICE_DAY = "R072", Error;
    /// There is no such blank.
    NO_SUCH_BLANK = "R073", Error;
    /// The act does not fit the state the blank is in.
    BLANK_STATE = "R074", Error;
    /// The keeper and the officer are one person.
    KEEPER_USES = "R075", Error;
    /// The blank was signed out to somebody else.
    NOT_THE_HOLDER = "R076", Error;
    /// A second person is wanted.
    SECOND_PERSON = "R077", Error;
    /// The person lacks the role the act needs.
    ROLE_WANTED = "R078", Error;
    /// The stock has no such blank left.
    NONE_IN_STOCK = "R079", Error;
    /// The kind is not written on blanks, or must be.
    BLANK_KIND = "R080", Error;
    /// Too many, or none at all.
    BLANK_COUNT = "R081", Error;
    /// A void lacks its original.
    ORIGINAL_MISSING = "R082", Error;
    /// The sum of the states is not what was issued.
    OUT_OF_BALANCE = "R083", Error;
    /// The month has not ended.
    MONTH_NOT_OVER = "R084", Error;
    /// The month is closed.
    MONTH_CLOSED = "R085", Error;
    /// The file of an order is not complete.
    ARCHIVE_INCOMPLETE = "R086", Error;
    /// There is no such station.
    NO_SUCH_STATION = "R087", Error;
    /// There is no such officer.
    NO_SUCH_PERSON = "R088", Error;
    /// The blank belongs to another station.
    OTHER_STATION = "R089", Error;
}
