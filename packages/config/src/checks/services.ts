import type { JobConfig, ServiceConfig } from '@pikaci/model';
import { relativePathProblem, serviceVariablePrefix } from '@pikaci/paths';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import { repeats } from './distinct.js';
import { pathIssue } from './path-issue.js';

/** It can be told when each service is ready, and a job can tell its services apart. */
export const checkServices: ConfigCheck = (config) =>
  Object.entries(config.jobs).flatMap(([jobId, job]) => [
    ...serviceList(job).flatMap(({ name, service }) => serviceIssues(jobId, name, service)),
    ...variableIssues(jobId, job),
    ...portIssues(jobId, job),
  ]);

interface NamedService {
  readonly name: string;
  readonly service: ServiceConfig;
}

function serviceList({ services }: JobConfig): readonly NamedService[] {
  return Object.entries(services).map(([name, service]) => ({ name, service }));
}

function serviceIssues(
  jobId: string,
  name: string,
  { port, ready, cwd, env }: ServiceConfig,
): readonly ConfigIssue[] {
  const path = ['jobs', jobId, 'services', name];
  const issues: ConfigIssue[] = [];
  const asksPort = ready === undefined || 'port' in ready;
  if (port === undefined && asksPort) {
    issues.push({
      message: `service \`${name}\` of job \`${jobId}\` has no port, and no command that tells when it is ready`,
      path: ready === undefined ? path : [...path, 'ready'],
      part: ready === undefined ? 'key' : 'value',
      hint: 'Say where it listens, `port: 5432` or `port: auto`, or how to ask it: `ready: { run: … }`.',
    });
  }
  if (port !== undefined && Object.hasOwn(env, 'PORT')) {
    issues.push({
      message: `service \`${name}\` of job \`${jobId}\` has PORT in its env, in which it finds its \`port\``,
      path: [...path, 'env', 'PORT'],
      part: 'key',
      hint: 'Leave it out, or leave out `port`.',
    });
  }
  if (cwd === undefined || cwd === '.') return issues;
  return [...issues, ...pathIssue([...path, 'cwd'], cwd, relativePathProblem(cwd))];
}

/** `my-db` and `my_db` would be one variable. */
function variableIssues(jobId: string, job: JobConfig): readonly ConfigIssue[] {
  const services = serviceList(job);
  return repeats(services, ({ name }) => serviceVariablePrefix(name)).map(({ first, again }) => ({
    message: `services \`${first.name}\` and \`${again.name}\` of job \`${jobId}\` would have the same variables, ${serviceVariablePrefix(again.name)}_…`,
    path: ['jobs', jobId, 'services', again.name],
    part: 'key',
    hint: 'Give one of them another name.',
  }));
}

function portIssues(jobId: string, job: JobConfig): readonly ConfigIssue[] {
  const fixed = serviceList(job).filter(({ service: { port } }) => typeof port === 'number');
  return repeats(fixed, ({ service: { port } }) => String(port)).map(({ first, again }) => ({
    message: `services \`${first.name}\` and \`${again.name}\` of job \`${jobId}\` have the same port ${again.service.port}`,
    path: ['jobs', jobId, 'services', again.name, 'port'],
    part: 'value',
    hint: 'Give one of them another port, or `port: auto`.',
  }));
}
