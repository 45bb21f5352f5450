import type { DoctorCheck } from '@pikaci/model';
import { found, limited, missing } from './checks.js';
import type { DoctorProbe } from './probe.js';

/** The oldest Node that pikaci runs on, as in package.json. */
const oldestNode = [20, 19] as const;

/** Node, git and npm. */
export async function programChecks(probe: DoctorProbe): Promise<DoctorCheck[]> {
  return [nodeCheck(probe), await gitCheck(probe), await npmCheck(probe)];
}

function nodeCheck({ nodeVersion }: DoctorProbe): DoctorCheck {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  const isNewEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (isNewEnough) return found('node', nodeVersion, true);
  const hint = `Install Node ${oldestMajor}.${oldestMinor} or newer.`;
  return missing({ name: 'node', required: true, detail: `${nodeVersion} is too old`, hint });
}

async function gitCheck(probe: DoctorProbe): Promise<DoctorCheck> {
  const answer = await probe.runProgram(['git', '--version']);
  if (answer?.succeeded === true) return found('git', answer.text, true);
  return missing({
    name: 'git',
    required: true,
    detail: 'git cannot be run',
    hint: 'Install git: it tells what a workspace contains.',
  });
}

async function npmCheck(probe: DoctorProbe): Promise<DoctorCheck> {
  const answer = await probe.runProgram(['npm', '--version']);
  if (answer?.succeeded === true) {
    return found('npm', answer.text.split('\n')[0] ?? '');
  }
  return limited('npm', 'npm cannot be run', 'Install npm if payloads are built with it.');
}
