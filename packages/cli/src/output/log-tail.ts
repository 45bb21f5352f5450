import { open } from 'node:fs/promises';
import { neutraliseLine, type LogTail } from '@pikaci/report';

/** Enough for some screens, and little enough for a report that holds the logs of many jobs. */
const mostLines = 50;
const mostBytes = 64 * 1024;

/** The end of a log, safe to show; without lines when there is no such log: a job that never started has none. */
export async function readLogTail(path: string): Promise<LogTail> {
  const { text, isCut } = await readEnd(path);
  const lines = text.split('\n');
  // What stands before the first line end is the rest of a line, and there is nothing behind the last one.
  if (isCut) lines.shift();
  if (lines.at(-1) === '') lines.pop();
  return {
    lines: lines.slice(-mostLines).map((line) => neutraliseLine(line.replace(/\r$/, ''), false)),
    isCut: isCut || lines.length > mostLines,
    path,
  };
}

async function readEnd(path: string): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return { text: '', isCut: false };
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - mostBytes);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - start),
      0,
      size - start,
      start,
    );
    return { text: buffer.toString('utf8', 0, bytesRead), isCut: start > 0 };
  } finally {
    await file.close();
  }
}
