import { createProcessRuntime } from '@pikaci/host-process';
import {
  sweepMemoryDirectories,
  sweepStagingDirectories,
  sweepTemporaryDirectories,
  sweepTemporaryFiles,
} from '@pikaci/host';
import { createIncusRuntime } from '@pikaci/incus';
import {
  incusRuntimeSchema,
  type RunPlace,
  type Runtime,
  type SweepReport,
  type SweepRequest,
} from '@pikaci/model';
import { snapshotsDirectory } from '@pikaci/paths';
import { sweepLeftovers } from '@pikaci/payloads';
import { sweepBrokenRemovals } from '@pikaci/store';

/** A report, and whether everything could be looked at and removed there. */
export interface PlaceReport extends Required<SweepReport> {
  /** Null: this machine. */
  readonly place: RunPlace | null;
}

/** Sweeps this machine and the servers on which runs may have instances, each once. */
export async function sweepPlaces(
  stateRoot: string,
  places: readonly RunPlace[],
  request: SweepRequest,
): Promise<readonly PlaceReport[]> {
  const distinct = new Map(places.map((place) => [placeKey(place), place]));
  const reports: PlaceReport[] = [
    { place: null, ...(await sweepWith(createProcessRuntime({ stateRoot }), request)) },
  ];
  for (const place of distinct.values()) {
    const { socket, project } = place;
    const config = incusRuntimeSchema.parse({ socket, project });
    // Nothing is made, so there is no image.
    const runtime = createIncusRuntime({ config, socket, image: '', stateRoot });
    reports.push({ place, ...(await sweepWith(runtime, request)) });
  }
  return reports;
}

export function placeKey({ runtime, socket, project }: RunPlace): string {
  return JSON.stringify([runtime, socket, project]);
}

async function sweepWith(runtime: Runtime, request: SweepRequest): Promise<Required<SweepReport>> {
  const report = await runtime.sweep(request);
  const left = await runtime.close();
  return {
    removed: report.removed,
    problems: [...report.problems, ...left],
    kept: report.kept ?? [],
  };
}

/** Removes what dead processes left in the caches, among the runs and in memory. It is told by the names of files alone. */
export async function sweepCaches(
  stateRoot: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await sweepStagingDirectories(snapshotsDirectory(stateRoot));
  await sweepTemporaryFiles(snapshotsDirectory(stateRoot));
  await sweepBrokenRemovals(stateRoot);
  await sweepTemporaryDirectories();
  await sweepLeftovers(stateRoot);
  await sweepMemoryDirectories(environment);
}
