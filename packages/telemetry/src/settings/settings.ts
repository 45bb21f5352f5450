import type { RunTrace } from '@pikaci/model';

/** The encodings in which spans are sent. */
export const protocols = ['http/protobuf', 'http/json'] as const;
export type Protocol = (typeof protocols)[number];

/** Where spans are sent, and how: what the `OTEL_*` variables come to. */
export interface ExportSettings {
  readonly url: URL;
  readonly protocol: Protocol;
  /** Lower-case names. Values may be secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** Most that the whole export may take. */
  readonly timeoutMs: number;
  readonly gzip: boolean;
  /** PEM files; absent: those of the machine, and no certificate of our own. */
  readonly tls: TlsFiles;
  /** Attributes of whoever the spans come from, `service.name` among them. */
  readonly resource: Readonly<Record<string, string>>;
  /** The trace that the environment says is to be gone on with; null: none. */
  readonly parent: RunTrace | null;
}

export interface TlsFiles {
  /** Of the authorities that the server's certificate is held against. */
  readonly certificate?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}
