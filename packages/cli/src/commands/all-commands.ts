import type { RegisterCommand } from './register-command.js';

/**
 * Every command by its name, in the order of the help, and how it is loaded. A new one is one file and one line here. What
 * commands are made of takes a while to load, so that only those are that are wanted.
 */
const commands: readonly (readonly [string, () => Promise<RegisterCommand>])[] = [
  ['init', async () => (await import('./init.js')).registerInit],
  ['run', async () => (await import('./run.js')).registerRun],
  ['rerun', async () => (await import('./rerun.js')).registerRerun],
  ['resume', async () => (await import('./resume.js')).registerResume],
  ['plan', async () => (await import('./plan.js')).registerPlan],
  ['list', async () => (await import('./list.js')).registerList],
  ['status', async () => (await import('./status.js')).registerStatus],
  ['show', async () => (await import('./show.js')).registerShow],
  ['logs', async () => (await import('./logs.js')).registerLogs],
  ['attach', async () => (await import('./attach.js')).registerAttach],
  ['shell', async () => (await import('./shell.js')).registerShell],
  ['artifacts', async () => (await import('./artifacts.js')).registerArtifacts],
  ['report', async () => (await import('./report.js')).registerReport],
  ['prepared-outputs', async () => (await import('./prepared-outputs.js')).registerPreparedOutputs],
  ['payload', async () => (await import('./payload/payload.js')).registerPayload],
  ['snapshot', async () => (await import('./snapshot/snapshot.js')).registerSnapshot],
  ['cancel', async () => (await import('./cancel.js')).registerCancel],
  ['sweep', async () => (await import('./sweep.js')).registerSweep],
  ['gc', async () => (await import('./gc.js')).registerGc],
  ['schema', async () => (await import('./schema.js')).registerSchema],
  ['config', async () => (await import('./config/config.js')).registerConfig],
  ['doctor', async () => (await import('./doctor.js')).registerDoctor],
  ['completion', async () => (await import('./completion.js')).registerCompletion],
];

/** Commands that need all others. */
const needAll = ['completion', 'help'];

/**
 * What adds the commands to the program that its arguments may be about: those that are named somewhere in them, since
 * options come before a command as well; where none is, all of them, for the help and for suggestions.
 */
export async function loadCommands(argv: readonly string[]): Promise<readonly RegisterCommand[]> {
  const named = commands.filter(([name]) => argv.includes(name));
  const isSome = named.length > 0 && !needAll.some((name) => argv.includes(name));
  return Promise.all((isSome ? named : commands).map(([, load]) => load()));
}
