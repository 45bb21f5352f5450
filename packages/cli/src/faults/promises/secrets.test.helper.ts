import { relative } from 'node:path';
import type { Aftermath } from '../aftermath.test.helper.js';
import { pathsBelow, readBytes } from '../disk.test.helper.js';

/** The secret is in no file under the state root, in no form that anybody could read it from. */
export function toldSecrets({ stateRoot, plan }: Aftermath): readonly string[] {
  const forms = formsOf(plan.secret);
  return pathsBelow(stateRoot).flatMap((path) => {
    const bytes = readBytes(path);
    const told = forms.filter(([, form]) => bytes.includes(form)).map(([name]) => name);
    return told.length === 0
      ? []
      : [`${relative(stateRoot, path)} tells the secret (${told.join(', ')})`];
  });
}

function formsOf(secret: string): readonly (readonly [string, string])[] {
  return [
    ['raw', secret],
    ['JSON', JSON.stringify(secret).slice(1, -1)],
    ['URL', encodeURIComponent(secret)],
    ...[0, 1, 2].map((offset) => [`base64 at ${offset}`, base64Core(secret, offset)] as const),
  ];
}

/** The part of its base64 that depends on the secret alone, whatever stands before and after it. */
function base64Core(secret: string, offset: number): string {
  const encoded = Buffer.from(`${'x'.repeat(offset)}${secret}`).toString('base64');
  const first = Math.ceil((offset * 8) / 6);
  const whole = Math.floor(((offset + Buffer.byteLength(secret)) * 8) / 6);
  return encoded.slice(first, whole);
}
