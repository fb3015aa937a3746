//! `R02x`–`R03x`: refusals of the people room.

use super::codes;

codes! { PEOPLE:
    /// The roster does not have the officer.
    PERSON_UNKNOWN = "R020", Error;
    /// The officer is no longer in service.
    OFFICER_LEFT = "R021", Error;
    /// The officer is on leave.
    OFFICER_ON_LEAVE = "R022", Error;
    /// The officer has no certificate.
    OFFICER_UNCERTIFIED = "R023", Error;
    /// The officer's certificate has lapsed.
    CERTIFICATE_LAPSED = "R024", Error;
    /// The officer is recused from the subject.
    OFFICER_RECUSED = "R025", Error;
    /// The officer did what is to be judged.
    OWN_WORK = "R026", Error;
    /// The duty is somebody else's.
    DUTY_NOT_THEIRS = "R027", Error;
    /// The officer does not hold the role.
    ROLE_NOT_HELD = "R028", Error;
    /// Somebody else has claimed the duty.
    DUTY_CLAIMED = "R029", Error;
    /// Too few people took part.
    OFFICERS_TOO_FEW = "R030", Error;
    /// One person was named twice.
    OFFICER_TWICE = "R031", Error;
    /// Only the principal in person may do it.
    PRINCIPAL_ONLY = "R032", Error;
    /// Authority that was handed on cannot be handed on again.
    DELEGATED_AGAIN = "R033", Error;
    /// Days run backwards.
    DAYS_BACKWARDS = "R034", Error;
    /// The act needs a paper.
    DOCUMENT_WANTED = "R035", Error;
    /// Somebody stands in for themselves.
    OFFICER_ONESELF = "R036", Error;
    /// The recusal was decided by the wrong person.
    RECUSAL_DECIDER = "R037", Error;
    /// The author of a change approves it.
    OWN_CHANGE = "R038", Error;
    /// The policy knows no such role or duty.
    POST_UNKNOWN = "R039", Error;
    /// The officer who leaves has blanks in hand.
    BLANKS_IN_HAND = "R090", Error;
    /// A change of the policy needs a second person.
    APPROVAL_WANTED = "R091", Error;
}
