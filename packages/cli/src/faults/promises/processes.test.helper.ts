import { guestMark } from '@pikaci/testkit';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Aftermath } from '../aftermath.test.helper.js';
import { namesIn } from '../disk.test.helper.js';

/** No process of a job is left, neither on this machine nor in a guest of the fake server. */
export function leftProcesses({ stateRoot, server }: Aftermath): readonly string[] {
  const marks = [`PIKACI_ARTIFACTS=${stateRoot}/`, `${guestMark}=${dirname(server.socketPath)}/`];
  return namesIn('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const variables = read(pid, 'environ').split('\0');
    const isLeft = variables.some((variable) => marks.some((mark) => variable.startsWith(mark)));
    return isLeft ? [`process ${pid} is left: ${read(pid, 'cmdline').replaceAll('\0', ' ')}`] : [];
  });
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
