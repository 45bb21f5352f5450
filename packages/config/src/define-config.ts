import type { PikaciConfigInput } from '@pikaci/model';

/** Gives a configuration in TypeScript its types: completion and checks while one writes. Returns its argument. */
export function defineConfig(input: PikaciConfigInput): PikaciConfigInput {
  return input;
}
