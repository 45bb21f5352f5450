import type { PayloadConfig, PlanNode, RunPlan } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';

/** All of a plan for people: the nodes in order, what each waits for, and where each job finds its payloads. */
export function formatPlanDetails(plan: RunPlan, style: Style = plainStyle): string {
  const { targetId, jobIds } = plan.selection;
  const subject = targetId === null ? `jobs ${jobIds.join(', ')}` : `target ${targetId}`;
  const lines = [
    style.bold(`plan of ${subject}`),
    `  snapshot ${plan.snapshotHash}`,
    ...plan.nodes.flatMap((node, index) => ['', ...nodeLines(node, index + 1, style)]),
  ];
  return lines.join('\n');
}

function nodeLines(node: PlanNode, position: number, style: Style): string[] {
  return [
    `${position}. ${style.bold(node.id)}`,
    ...alignColumns(
      [
        ...(isMoreThanId(node) ? [['description', neutraliseText(node.description)]] : []),
        ...(node.dependsOn.length === 0 ? [] : [['after', node.dependsOn.join(', ')]]),
        ...details(node),
      ],
      '   ',
    ),
  ];
}

/** A job without a description is described by its id, which is there already. */
function isMoreThanId(node: PlanNode): boolean {
  return node.kind !== 'execute' || node.description !== node.job.id;
}

/** What says most of a payload; a kind has some of these. */
const factsOfPayloads = [
  ['built in', 'runtime'],
  ['command', 'run'],
  ['source', 'source'],
  ['installable', 'installable'],
] as const;

function payloadFacts(payload: PayloadConfig): string[][] {
  const values: Readonly<Record<string, unknown>> = payload;
  return factsOfPayloads.flatMap(([label, key]) => {
    const value = values[key];
    return typeof value === 'string' ? [[label, neutraliseText(value)]] : [];
  });
}

function details(node: PlanNode): string[][] {
  switch (node.kind) {
    case 'prepare-payload':
      return [
        ['payload', `${node.payloadId} (${node.payload.kind})`],
        ...payloadFacts(node.payload),
        ...node.consumers.exposures.map((exposure) => ['exposed at', exposure.path]),
      ];
    case 'prepare-runtime':
      return [
        ['job', node.jobId],
        ['runtime', node.runtime],
      ];
    case 'execute':
      return [
        ['runtime', node.job.runtime],
        ['command', neutraliseText(node.job.command)],
        ['timeout', `${node.job.timeoutSeconds}s`],
        ['workspace', node.job.hostContext.workspaceMode],
        ...node.job.services.map(({ name, port, command }) => [
          'service',
          `${name}${port === null ? '' : ` at port ${port}`}: ${neutraliseText(command)}`,
        ]),
        ...node.job.hostContext.stagedPayloadMounts.map((mount) => [
          'mount',
          `${mount.devicePrefix} at ${mount.localMountPath}${mount.mode === 'overlay' ? ' (overlay)' : ''}`,
        ]),
      ];
    default: {
      const never: never = node;
      return never;
    }
  }
}
