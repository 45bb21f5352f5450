import type { PikaciConfig } from '@pikaci/model';
import { suggestion } from '../closest-match.js';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { formatConfigPath, type ConfigPath } from '../config-path.js';
import { jobPayloadReferences } from './job-payloads.js';
import { jobSecretReferences } from './job-secrets.js';

interface Reference {
  readonly path: ConfigPath;
  readonly kind: 'job' | 'payload' | 'secret' | 'target';
  readonly id: string;
}

/** Every id that is referred to names something. */
export const checkReferences: ConfigCheck = (config) =>
  references(config).flatMap((reference) => unknownReference(config, reference) ?? []);

function references(config: PikaciConfig): Reference[] {
  return [
    ...(config.defaultTarget === undefined
      ? []
      : [{ path: ['defaultTarget'], kind: 'target' as const, id: config.defaultTarget }]),
    ...Object.entries(config.payloads).flatMap(([id, payload]) =>
      listed('payload', ['payloads', id, 'dependsOn'], payload.dependsOn),
    ),
    ...Object.entries(config.jobs).flatMap(([id, job]) => [
      ...jobPayloadReferences(id, job).map(({ path, payloadId }) => ({
        path,
        kind: 'payload' as const,
        id: payloadId,
      })),
      ...jobSecretReferences(id, job).map(({ path, secret }) => ({
        path,
        kind: 'secret' as const,
        id: secret,
      })),
      ...listed('job', ['jobs', id, 'needs'], job.needs),
    ]),
    ...Object.entries(config.targets).flatMap(([id, target]) =>
      listed('job', ['targets', id, 'jobs'], target.jobs),
    ),
  ];
}

function listed(kind: Reference['kind'], path: ConfigPath, ids: readonly string[]): Reference[] {
  return ids.map((id, index) => ({ kind, id, path: [...path, index] }));
}

function unknownReference(config: PikaciConfig, reference: Reference): ConfigIssue | null {
  const { kind, id, path } = reference;
  const known = {
    job: config.jobs,
    payload: config.payloads,
    secret: config.secrets,
    target: config.targets,
  }[kind];
  if (Object.hasOwn(known, id)) return null;
  const ids = Object.keys(known);
  const where = formatConfigPath(path);
  return {
    message: `unknown ${kind} \`${id}\` in ${where}${suggestion(id, ids)}`,
    path,
    part: 'value',
    hint: ids.length === 0 ? `There are no ${kind}s yet.` : `Known ${kind}s: ${ids.join(', ')}.`,
  };
}
