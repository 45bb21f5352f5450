import { decodeJsonSpans, decodeProtobufSpans } from '@pikaci/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttributeValue, Span } from '../trace/span.js';
import { encodeJson } from './json.js';
import { encodeProtobuf } from './protobuf.js';
import type { TraceRequest } from './trace-request.js';

const root: Span = {
  spanId: '00f067aa0ba902b7',
  parentSpanId: null,
  name: 'RUN all',
  kind: 'server',
  startMs: 1772841601005,
  endMs: 1772841605123.456,
  attributes: {
    'cicd.pipeline.result': 'failure',
    'process.exit.code': 7,
    'pikaci.dirty': true,
    'pikaci.big': 300000,
    'pikaci.neg': -1,
    'pikaci.part': 0.5,
    'pikaci.none': '',
    'pikaci.no': false,
    'pikaci.zero': 0,
  },
  error: 'exited with 7',
};

const child: Span = {
  spanId: '00f067aa0ba902b8',
  parentSpanId: root.spanId,
  name: 'execute-unit',
  kind: 'internal',
  startMs: 1772841602000,
  endMs: 1772841603000,
  attributes: {},
  error: null,
};

const request = (spans: readonly Span[]): TraceRequest => ({
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  resource: { 'service.name': 'pikaci', 'host.name': 'höst' },
  scope: { name: 'pikaci', version: '0.1.0' },
  spans,
});

/** The same two spans as @opentelemetry/otlp-transformer 0.223.1 writes them. */
const official = Buffer.from(
  '0af3020a320a180a0c736572766963652e6e616d6512080a0670696b6163690a140a09686f73742e6e616d6512070a0568c3b67374100012bc020a0f0a0670696b6163691205302e312e3012a8020a104bf92f3577b34da6a3ce929d0e0e4736120800f067aa0ba902b72a0752554e20616c6c3002394015f00e0b669a184100bc6a040c669a184a210a14636963642e706970656c696e652e726573756c7412090a076661696c7572654a170a1170726f636573732e657869742e636f6465120218074a120a0c70696b6163692e6469727479120210014a120a0a70696b6163692e626967120418e0a7124a190a0a70696b6163692e6e6567120b18ffffffffffffffffff014a180a0b70696b6163692e70617274120921000000000000e03f4a110a0b70696b6163692e6e6f6e6512020a004a0f0a0970696b6163692e6e6f120210004a110a0b70696b6163692e7a65726f120218005000600070007a11120d6578697465642077697468203718028501010100000aa1010a320a180a0c736572766963652e6e616d6512080a0670696b6163690a140a09686f73742e6e616d6512070a0568c3b673741000126b0a0f0a0670696b6163691205302e312e3012580a104bf92f3577b34da6a3ce929d0e0e4736120800f067aa0ba902b8220800f067aa0ba902b72a0c657865637574652d756e697430013900943e4a0b669a1841005ed9850b669a185000600070007a021800850101010000',
  'hex',
);

/** It sets the bit that says that the parent is known to be of this process (or not) besides that of kept traces. */
const withoutRemoteFlags = (flags: number) => flags & 0xff;

describe('a request for a collector', () => {
  it('says in Protocol Buffers what the official exporter says', () => {
    const theirs = decodeProtobufSpans(official).map((span) => ({
      ...span,
      flags: withoutRemoteFlags(span.flags),
    }));
    expect(theirs).toHaveLength(2);
    expect(decodeProtobufSpans(encodeProtobuf(request([root, child])))).toEqual(theirs);
  });

  it('says the same in JSON', () => {
    const inJson = decodeJsonSpans(encodeJson(request([root, child])));
    expect(inJson).toEqual(decodeProtobufSpans(encodeProtobuf(request([root, child]))));
  });

  it('has what it was given, in both encodings, whatever it is', () => {
    const value: fc.Arbitrary<AttributeValue> = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    );
    const span = fc.record({
      name: fc.string({ unit: 'grapheme' }),
      attributes: fc.dictionary(fc.string({ minLength: 1 }), value, { noNullPrototype: true }),
      error: fc.option(fc.string({ minLength: 1 })),
    });
    fc.assert(
      fc.property(span, (given) => {
        const spans = [{ ...root, ...given }];
        for (const decoded of [
          decodeJsonSpans(encodeJson(request(spans))),
          decodeProtobufSpans(encodeProtobuf(request(spans))),
        ]) {
          expect(decoded).toMatchObject([
            {
              name: given.name,
              statusMessage: given.error ?? '',
              statusCode: given.error === null ? 0 : 2,
            },
          ]);
          expect(decoded[0]?.attributes).toEqual(given.attributes);
        }
      }),
    );
  });
});
