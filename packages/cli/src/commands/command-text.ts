import type { JobConfig } from '@pikaci/model';

/** What a job does, in one line: its command, or its steps, each by its name or what it begins with. */
export function commandText(run: JobConfig['run']): string {
  if (typeof run === 'string') return beginning(run);
  const steps = run.map((step) =>
    typeof step === 'string' ? beginning(step) : (step.name ?? beginning(step.run)),
  );
  return steps.length === 1 ? (steps[0] ?? '') : `${steps.length} steps: ${steps.join(', ')}`;
}

function beginning(command: string): string {
  const [first = '', ...more] = command.trim().split('\n');
  return more.length === 0 ? first : `${first} …`;
}
