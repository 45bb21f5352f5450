import {
  fail,
  noMasker,
  ok,
  type Masker,
  type Outcome,
  type RunSecrets,
  type SecretSources,
} from '@pikaci/model';

/** Secrets by name. The masker knows their plain form alone, and gives a stream out at its end. */
export class FakeSecretSources implements SecretSources {
  /** What was asked for, once for each call. */
  readonly asked: (readonly string[])[] = [];
  warnings: readonly string[] = [];
  readonly #values: Readonly<Record<string, string>>;

  constructor(values: Readonly<Record<string, string>> = {}) {
    this.#values = values;
  }

  read(names: readonly string[]): Promise<Outcome<RunSecrets>> {
    this.asked.push(names);
    const missing = names.find((name) => this.#values[name] === undefined);
    if (missing !== undefined) {
      return Promise.resolve(fail('config', `The secret \`${missing}\` cannot be read`));
    }
    const valueOf = (name: string) => this.#values[name] ?? '';
    return Promise.resolve(
      ok({
        masker: maskerOf(names.map(valueOf)),
        warnings: this.warnings,
        of: (secrets) => secrets.map((one) => ({ ...one, value: valueOf(one.secret) })),
      }),
    );
  }
}

function maskerOf(values: readonly string[]): Masker {
  if (values.length === 0) return noMasker;
  const text = (given: string) =>
    values.reduce((masked, value) => masked.replaceAll(value, '***'), given);
  return {
    isEmpty: false,
    text,
    stream: () => {
      const chunks: Uint8Array[] = [];
      return {
        write: (chunk) => {
          chunks.push(chunk);
          return new Uint8Array();
        },
        end: () => Buffer.from(text(Buffer.concat(chunks).toString())),
      };
    },
  };
}
