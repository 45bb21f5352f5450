import {
  ok,
  type Outcome,
  type ReadReports,
  type ReadReportsRequest,
  type ReportReader,
} from '@pikaci/model';

/** A reader that reads nothing: it tells what its script says, and remembers what was asked of it. */
export class FakeReportReader implements ReportReader {
  readonly requests: ReadReportsRequest[] = [];
  readonly #read: (request: ReadReportsRequest) => Promise<Outcome<ReadReports>>;

  constructor(
    read: (request: ReadReportsRequest) => Promise<Outcome<ReadReports>> = () =>
      Promise.resolve(ok({ results: null, notes: [] })),
  ) {
    this.#read = read;
  }

  read(request: ReadReportsRequest): Promise<Outcome<ReadReports>> {
    this.requests.push(request);
    return this.#read(request);
  }
}
