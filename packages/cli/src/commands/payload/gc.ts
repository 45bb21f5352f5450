import {
  exitCodeForFailure,
  exitCodes,
  parseAgeSeconds,
  parseByteSize,
  type PayloadCacheConfig,
  type PayloadCacheLimits,
} from '@pikaci/model';
import { collectGarbage } from '@pikaci/payloads';
import { formatGarbage } from '@pikaci/report';
import { addJsonOption } from '../../options/global-options.js';
import { age, byteSize } from '../../options/cache-limit.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import { payloadsOfKept } from '../../keep/payloads-of-kept.js';
import type { Session } from '../../session.js';
import { openWorkspace } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';

interface GcOptions {
  readonly dryRun?: boolean;
  /** Bytes. */
  readonly maxSize?: number;
  /** Bytes. */
  readonly minFree?: number;
  /** Seconds. */
  readonly maxAge?: number;
}

/** `payload gc`: removes payloads until the limits hold, and what dead processes have left. */
export const registerPayloadGc: RegisterCommand = (group, runAction) => {
  const command = group
    .command('gc')
    .description(
      'remove payloads until the limits hold, the least recently used first, and never one in use',
    )
    .option(
      '--max-size <size>',
      'most that all payloads together may take, such as 20GiB (cache.payloads.maxSize)',
      byteSize,
    )
    .option(
      '--min-free <size>',
      'what must be free on the disk, such as 5GiB (cache.payloads.minFree)',
      byteSize,
    )
    .option(
      '--max-age <age>',
      'how long a payload may stay unused, such as 30d (cache.payloads.maxAge)',
      age,
    )
    .option('--dry-run', 'only show what would be removed, and why')
    .addHelpText('after', '\nExample:\n  npx pikaci payload gc --max-age 30d --dry-run');
  addJsonOption(command).action((_, self: typeof command) =>
    runAction(self, (session) => gc(session, self.optsWithGlobals<GcOptions>())),
  );
};

async function gc(session: Session, options: GcOptions): Promise<number> {
  const workspace = await openWorkspace(session);
  if (!workspace.ok) return finishWithFailure(session, workspace.error);
  const { stateRoot, config } = workspace.value;
  const report = await collectGarbage({
    stateRoot,
    limits: limitsOf(config.cache.payloads, options),
    dryRun: options.dryRun ?? false,
    clock: session.io.clock,
    keptForRuns: await payloadsOfKept(stateRoot, session.io.clock.now()),
  });
  if (!session.isForPrograms) printText(session, formatGarbage(report, session.style));
  else printJson(session, 'payload-gc', report);
  const [failed] = report.failures;
  return failed === undefined ? exitCodes.passed : exitCodeForFailure(failed.kind);
}

/** A flag wins over the configuration. */
function limitsOf(
  { maxSize, minFree, maxAge }: PayloadCacheConfig,
  options: GcOptions,
): PayloadCacheLimits {
  return {
    maxSizeBytes: options.maxSize ?? parseByteSize(maxSize ?? ''),
    minFreeBytes: options.minFree ?? parseByteSize(minFree ?? ''),
    maxAgeSeconds: options.maxAge ?? parseAgeSeconds(maxAge ?? ''),
  };
}
