import { noMasker, type FoundSecret, type Masker, type RunSecrets } from '@pikaci/model';

const noSecrets: RunSecrets = { masker: noMasker, warnings: [], of: () => [] };

/** The secrets of a run. There are none until they were read, which is before anything starts. */
export class KnownSecrets {
  #secrets: RunSecrets = noSecrets;

  learn(secrets: RunSecrets): void {
    this.#secrets = secrets;
  }

  get masker(): Masker {
    return this.#secrets.masker;
  }

  /** For people: secrets that cannot be masked well. */
  get warnings(): readonly string[] {
    return this.#secrets.warnings;
  }

  /** Which files hold which secrets; none where nobody looks. */
  async findIn(paths: readonly string[]): Promise<readonly FoundSecret[]> {
    return (await this.#secrets.findIn?.(paths)) ?? [];
  }

  of(...given: Parameters<RunSecrets['of']>): ReturnType<RunSecrets['of']> {
    return this.#secrets.of(...given);
  }
}
