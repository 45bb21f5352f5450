import { describe, expect, it } from 'vitest';
import { jobEnvironment, mountVariableName, type JobEnvironmentParts } from './job-environment.js';

const parts: JobEnvironmentParts = {
  runId: '20260307T000001Z-aaaa0001',
  jobId: 'unit',
  jobEnv: { MODE: 'fast' },
  mounts: [
    { name: 'node', path: '/opt/node', addToPath: ['bin', '.'] },
    { name: 'node-modules', path: '/tree/node_modules', addToPath: ['.bin'] },
  ],
  workspaceDir: '/work',
  artifactsDir: '/artifacts',
  basePath: '/usr/bin:/bin',
};

describe('jobEnvironment', () => {
  it('names the run, the job, the working tree, the artifacts and each mount', () => {
    expect(jobEnvironment(parts)).toEqual({
      CI: 'true',
      MODE: 'fast',
      PATH: '/opt/node/bin:/opt/node:/tree/node_modules/.bin:/usr/bin:/bin',
      PIKACI_MOUNT_NODE: '/opt/node',
      PIKACI_MOUNT_NODE_MODULES: '/tree/node_modules',
      PIKACI_RUN_ID: '20260307T000001Z-aaaa0001',
      PIKACI_JOB_ID: 'unit',
      PIKACI_WORKSPACE: '/work',
      PIKACI_ARTIFACTS: '/artifacts',
    });
  });

  it('tells the place in the trace where there is one, unless the job has one of its own', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    expect(jobEnvironment({ ...parts, traceparent })['TRACEPARENT']).toBe(traceparent);
    const jobEnv = { TRACEPARENT: 'own' };
    expect(jobEnvironment({ ...parts, traceparent, jobEnv })['TRACEPARENT']).toBe('own');
    expect(jobEnvironment(parts)).not.toHaveProperty('TRACEPARENT');
  });

  it('lets a job set CI and PATH, but none of our own variables', () => {
    const jobEnv = { CI: 'false', PATH: '/job/bin', PIKACI_JOB_ID: 'other' };
    expect(jobEnvironment({ ...parts, mounts: [], jobEnv })).toMatchObject({
      CI: 'false',
      PATH: '/job/bin',
      PIKACI_JOB_ID: 'unit',
    });
  });

  it('leaves no empty entry on the PATH: that would be the working directory', () => {
    expect(jobEnvironment({ ...parts, basePath: '' })['PATH']).not.toMatch(/^:|:$|::/);
  });

  it('gives a variable to the first of the mounts that would have it', () => {
    const mounts = ['a.b', 'a-b'].map((name) => ({ name, path: `/${name}`, addToPath: [] }));
    expect(jobEnvironment({ ...parts, mounts })['PIKACI_MOUNT_A_B']).toBe('/a.b');
    expect(mountVariableName('Node.js 20')).toBe('PIKACI_MOUNT_NODE_JS_20');
  });
});
