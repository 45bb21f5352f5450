import type { KeyInput } from '@pikaci/model';

/** The keys of the payloads that a payload was built with, as its key inputs name them. */
export function dependencyKeys(inputs: readonly KeyInput[]): string[] {
  return inputs.flatMap(({ name, value }) => {
    const key = /^dependency \d+$/.test(name) ? value.split(' ').at(-1) : undefined;
    return key === undefined ? [] : [key];
  });
}
