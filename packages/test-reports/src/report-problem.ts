/** Thrown to end the reading of a report; its message says what the report is, in words for a note. */
export class ReportProblem extends Error {}
