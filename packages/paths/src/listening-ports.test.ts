import { describe, expect, it } from 'vitest';
import { isListening } from './listening-ports.js';

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const line = (local: string, state = '0A', remote = '00000000:0000') =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 442031 1`;
const zeros = '0'.repeat(32);

describe('isListening', () => {
  it.each([
    ['127.0.0.1', '0100007F:1538'],
    ['127.0.0.1 on a big-endian machine', '7F000001:1538'],
    ['any address', '00000000:1538'],
    ['any address of IPv6', `${zeros}:1538`],
    ['127.0.0.1 in IPv6', '0000000000000000FFFF00000100007F:1538'],
  ])('sees what listens at %s', (_where, local) => {
    expect(isListening(`${heading}\n${line(local)}\n`, 5432)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['another port', line('0100007F:1539')],
    ['another address', line('0101A8C0:1538')],
    ['::1 alone, at which 127.0.0.1 does not reach it', line(`${zeros.slice(8)}01000000:1538`)],
    ['a connection', line('0100007F:1538', '01')],
    ['a connection to such a port', line('0100007F:9999', '01', '0100007F:1538')],
  ])('does not take %s for it', (_what, text) => {
    expect(isListening(`${heading}\n${text}\n`, 5432)).toBe(false);
  });
});
