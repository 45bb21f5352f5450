import { createIncusClient } from '@pikaci/incus-client';
import {
  describeFailure,
  exitCodes,
  formatLocation,
  incusRuntimeSchema,
  type IncusRuntimeConfig,
  type Outcome,
  type RuntimeId,
  type DoctorCheck,
} from '@pikaci/model';
import { formatDoctor } from '@pikaci/report';
import type { Command } from 'commander';
import { found, missing } from '../doctor/checks.js';
import { incusChecks } from '../doctor/incus-checks.js';
import { cgroupCheck, overlayCheck, stateRootCheck } from '../doctor/machine-checks.js';
import { leftoversCheck } from '../doctor/leftovers-check.js';
import { machineProbe } from '../doctor/probe.js';
import { programChecks } from '../doctor/program-checks.js';
import { traceChecks } from '../doctor/trace-check.js';
import { addJsonOption } from '../options/global-options.js';
import {
  addRuntimeOptions,
  withRuntimeOptions,
  type RuntimeOptions,
} from '../options/runtime-options.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { findStateRoot, openWorkspace, type Workspace } from '../workspace.js';
import type { RegisterCommand } from './register-command.js';

/** `doctor`: what is there, what is missing, what to do. */
export const registerDoctor: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('doctor')
    .description('look at what pikaci needs: what is there, what is missing, what to do')
    .addHelpText('after', '\nExample:\n  npx pikaci doctor --json');
  addJsonOption(addRuntimeOptions(command)).action((_, self: Command) =>
    runAction(self, (session) => doctor(session, self.optsWithGlobals<RuntimeOptions>())),
  );
};

async function doctor(session: Session, options: RuntimeOptions): Promise<number> {
  const checks = await examine(session, options);
  if (!session.isForPrograms) printText(session, formatDoctor(checks, session.style));
  else printJson(session, 'doctor', { checks });
  const isUnusable = checks.some((check) => check.required && check.status === 'missing');
  return isUnusable ? exitCodes.infrastructure : exitCodes.passed;
}

async function examine(session: Session, options: RuntimeOptions): Promise<DoctorCheck[]> {
  const probe = machineProbe(session.io, session.cwd, (socketPath, project) =>
    createIncusClient({ socketPath, project }),
  );
  const workspace = await openWorkspace(session);
  const runtime = options.runtime ?? configuredRuntime(workspace);
  const incus = incusConfig(session, options, workspace);
  const stateRoot = await findStateRoot(session);
  return [
    ...(await programChecks(probe)),
    configCheck(workspace),
    await stateRootCheck(probe, stateRoot),
    await leftoversCheck(session, stateRoot),
    await overlayCheck(probe),
    await cgroupCheck(probe),
    ...(await incusChecks(probe, incus, runtime === 'incus', stateRoot)),
    ...(await traceChecks(session.io.env)),
  ];
}

function configuredRuntime(workspace: Outcome<Workspace>): RuntimeId {
  return workspace.ok ? workspace.value.config.defaults.runtime : 'process';
}

/** What would be used; the usual settings where the configuration cannot be read. */
function incusConfig(
  session: Session,
  options: RuntimeOptions,
  workspace: Outcome<Workspace>,
): IncusRuntimeConfig {
  const usual = workspace.ok ? workspace.value.config.runtimes.incus : incusRuntimeSchema.parse({});
  return withRuntimeOptions(usual, options, session.io.env);
}

function configCheck(workspace: Outcome<Workspace>): DoctorCheck {
  if (workspace.ok) return found('configuration', workspace.value.configFile, true);
  const { error } = workspace;
  const where = formatLocation(error.location);
  return missing({
    name: 'configuration',
    required: true,
    detail: `${describeFailure(error)}${where === null ? '' : ` (${where})`}`,
    ...(error.hint === null ? {} : { hint: error.hint }),
  });
}
