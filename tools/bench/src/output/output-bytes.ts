import type { NamedSecret } from '@pikaci/secrets';
import { below, createRandom, type Random } from '../tree/random.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_.!$%&';

function word(random: Random, length: number, alphabet = letters.length): string {
  return Array.from({ length }, () => letters[below(random, alphabet)]).join('');
}

/** Secrets of 12 to 60 characters; each tenth is a key of 20 lines. */
export function benchSecrets(count: number): NamedSecret[] {
  const random = createRandom(1);
  return Array.from({ length: count }, (_, index) => {
    const key = () => Array.from({ length: 20 }, () => word(random, 64, 64)).join('\n');
    const value = index % 10 === 9 ? key() : word(random, 12 + below(random, 49));
    return { name: `SECRET_${index}`, value };
  });
}

/** Lines as test runners and compilers print them, about 1 MB. */
export function logText(): string {
  const random = createRandom(2);
  const line = (number: number) =>
    `2026-03-07T12:00:${String(number % 60).padStart(2, '0')}Z INFO [worker-${below(random, 8)}] packages/${word(random, 6, 52)}/src/${word(random, 9, 52)}.ts:${below(random, 400)}:${below(random, 80)} compiled in ${below(random, 900)} ms, ${word(random, 8)} ok\n`;
  return Array.from({ length: 9000 }, (_, number) => line(number)).join('');
}

/** The first lines of secrets, each without its last character, about 1 MB. */
export function nearMisses(secrets: readonly NamedSecret[]): string {
  const misses = secrets.map(({ value }) => (value.split('\n')[0] ?? '').slice(0, -1));
  const once = misses.join('\n');
  return once.repeat(Math.ceil(1e6 / once.length));
}
