import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRejection } from './rejection.js';
import { messageField, textField, varintField } from './wire.js';

const json = (value: unknown) => readRejection('http/json', Buffer.from(JSON.stringify(value)));

describe('readRejection', () => {
  it('reads in JSON how many spans were not taken, and why', () => {
    expect(json({ partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } })).toBe(
      'it rejected 2 spans: too old',
    );
    expect(json({ partialSuccess: { rejectedSpans: 3 } })).toBe('it rejected 3 spans');
  });

  it('reads it in Protocol Buffers', () => {
    const body = messageField(1, [varintField(1, 300n), textField(2, 'too old')]);
    expect(readRejection('http/protobuf', body)).toBe('it rejected 300 spans: too old');
  });

  it('takes a warning alone, and an empty answer, for success', () => {
    expect(json({ partialSuccess: { errorMessage: 'use another port' } })).toBeNull();
    for (const value of [{}, null, [], 'text', { partialSuccess: null }])
      expect(json(value)).toBeNull();
    for (const protocol of ['http/json', 'http/protobuf'] as const) {
      expect(readRejection(protocol, Buffer.alloc(0))).toBeNull();
    }
  });

  it('is not upset by any answer', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom('http/json', 'http/protobuf'),
        (bytes, protocol) => {
          readRejection(protocol, Buffer.from(bytes));
        },
      ),
    );
  });
});
