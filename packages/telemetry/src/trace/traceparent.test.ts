import { describe, expect, it } from 'vitest';
import { traceparentOf } from './trace-ids.js';
import { parseTraceparent } from './traceparent.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentSpanId = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it('reads ids and whether the trace is kept', () => {
    const read = parseTraceparent(`00-${traceId}-${parentSpanId}-01`);
    expect(read).toEqual({ traceId, parentSpanId, sampled: true });
    expect(parseTraceparent(`00-${traceId}-${parentSpanId}-02`)?.sampled).toBe(false);
  });

  it('reads later versions, which may say more', () => {
    expect(parseTraceparent(`01-${traceId}-${parentSpanId}-03-more`)?.sampled).toBe(true);
  });

  it.each([
    '',
    'nonsense',
    `ff-${traceId}-${parentSpanId}-01`,
    `00-${traceId}-${parentSpanId}-01-more`,
    `00-${traceId.toUpperCase()}-${parentSpanId}-01`,
    `00-${'0'.repeat(32)}-${parentSpanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${parentSpanId}`,
  ])('takes %j for none', (text) => {
    expect(parseTraceparent(text)).toBeNull();
  });

  it('reads what jobs are given', () => {
    const run = { runId: 'r', trace: { traceId, parentSpanId: null } };
    expect(parseTraceparent(traceparentOf(run, 'unit', 1))).toMatchObject({
      traceId,
      sampled: true,
    });
    expect(traceparentOf(run, 'unit', 1)).not.toBe(traceparentOf(run, 'unit', 2));
  });
});
