import type { RunRecord } from '@pikaci/model';
import {
  createLiveScreen,
  createTextSink,
  fitToScreen,
  formatRunStatus,
  runChangeLines,
  type RunStatus,
} from '@pikaci/report';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';

/** Shows a run's status as it changes. */
export interface StatusDisplay {
  /** The status as it is now; may be the same as before. */
  show(status: RunStatus): void;
  /** What stays when there is nothing more to come. */
  close(): void;
}

/** The display that the session's output asks for. */
export function createStatusDisplay(session: Session): StatusDisplay {
  if (session.options.output === 'json') return lastRecord(session);
  if (session.options.output === 'jsonl') return eachRecord(session);
  return session.isLive ? drawnInPlace(session) : changeLines(session);
}

/** The status view, redrawn where it stands; at the end all of it. */
function drawnInPlace(session: Session): StatusDisplay {
  const { io, style } = session;
  let shown: string | null = null;
  const screen = createLiveScreen({
    sink: createTextSink(io.stdout),
    ticker: io.ticker,
    columns: io.columns,
    frame: () =>
      shown === null
        ? []
        : fitToScreen(shown.split('\n'), { columns: io.columns(), rows: io.rows() }),
  });
  return {
    show: (status) => {
      shown = formatRunStatus(status, style);
    },
    close: () => {
      screen.close();
      if (shown !== null) printText(session, shown);
    },
  };
}

function changeLines(session: Session): StatusDisplay {
  let before: RunRecord | null = null;
  return {
    show: (status) => {
      for (const line of runChangeLines(before, status, session.style)) printText(session, line);
      before = status.record;
    },
    close: () => undefined,
  };
}

/** A record a line, but for those that say nothing else than that the run still goes on. */
function eachRecord(session: Session): StatusDisplay {
  let before = '';
  return {
    show: ({ record }) => {
      const now = JSON.stringify({ ...record, owner: null });
      if (now !== before) printJson(session, 'run', record);
      before = now;
    },
    close: () => undefined,
  };
}

/** One value on standard output: the record of a run that has ended. */
function lastRecord(session: Session): StatusDisplay {
  return {
    show: ({ record }) => {
      if (record.status !== 'running') printJson(session, 'run', record);
    },
    close: () => undefined,
  };
}
