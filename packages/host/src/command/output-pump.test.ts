import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { drainOutput, pumpOutput } from './output-pump.js';

/** Keeps this process from doing anything else, longer than output pauses by itself. */
function block(): void {
  const untilMs = performance.now() + 150;
  while (performance.now() < untilMs) continue;
}

describe('drainOutput', () => {
  it('loses nothing when this process is kept from reading at every turn', async () => {
    let left = 5;
    const stream = new Readable({
      read() {
        setImmediate(() => {
          block();
          // Timers that are due come first.
          setImmediate(() => {
            left -= 1;
            this.push(left < 0 ? null : Buffer.from('x'));
          });
        });
      },
    });
    const chunks: Uint8Array[] = [];
    const pump = pumpOutput(stream, (chunk) => void chunks.push(chunk));
    const drained = drainOutput([pump]);
    block();
    await drained;
    expect(Buffer.concat(chunks).toString()).toBe('xxxxx');
  });

  it('stops at a stream that nobody ends', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.push('x');
    const chunks: Uint8Array[] = [];
    await drainOutput([pumpOutput(stream, (chunk) => void chunks.push(chunk))]);
    expect(Buffer.concat(chunks).toString()).toBe('x');
    expect(stream.destroyed).toBe(true);
  });
});
