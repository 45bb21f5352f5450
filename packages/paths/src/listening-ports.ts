/** The state `TCP_LISTEN`, as `/proc/net/tcp` has it. */
const listening = '0A';

/**
 * Local addresses that are reached at 127.0.0.1, as `/proc/net/tcp` and `/proc/net/tcp6` have them: words of 32 bits in
 * the byte order of the machine, as hexadecimal numbers. Any address, 127.0.0.1 itself, and the same mapped into IPv6.
 */
const reachable = new Set([
  '00000000',
  '0100007F',
  '7F000001',
  '0'.repeat(32),
  `${'0'.repeat(16)}FFFF00000100007F`,
  `${'0'.repeat(16)}0000FFFF7F000001`,
]);

/**
 * True when something listens at a TCP port of 127.0.0.1.
 *
 * @param tables the text of `/proc/net/tcp`, of `/proc/net/tcp6`, or of both
 */
export function isListening(tables: string, port: number): boolean {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return tables.split('\n').some((line) => {
    // Number of the line, local address, remote address, state; the heading has words in their places.
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', localPort] = local.split(':');
    return localPort === wanted && state === listening && reachable.has(address);
  });
}
