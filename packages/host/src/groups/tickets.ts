import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlinkIfThere } from '../lock/lock-file.js';
import { currentOwner, isOwnerAlive } from '../lock/owner.js';
import { ownerName, ownerOfName } from '../lock/owner-name.js';

/** A place in the order of arrival at a group: a file whose name tells the number and the owner. */
export interface Ticket {
  readonly path: string;
  readonly number: number;
}

/** Number, owner, and something that tells several tickets of one owner apart. */
const namePattern = /^(\d{12})\.([^.]+)\.[0-9a-f]{16}$/;

/** The tickets of living owners, in the order of their numbers. Those of dead ones are removed. */
export async function livingTickets(dir: string): Promise<readonly Ticket[]> {
  const self = await currentOwner();
  const living: Ticket[] = [];
  for (const name of (await readdir(dir)).sort()) {
    const [, number, ownerText] = namePattern.exec(name) ?? [];
    if (number === undefined || ownerText === undefined) continue;
    const owner = ownerOfName(ownerText, self);
    if (owner === null) continue;
    const path = join(dir, name);
    if (await isOwnerAlive(owner)) living.push({ path, number: Number(number) });
    else await unlinkIfThere(path);
  }
  return living;
}

/** Takes the number after the last one. Only who holds the group's lock may, so that no number is taken twice. */
export async function drawTicket(dir: string, who: string): Promise<Ticket> {
  const last = (await livingTickets(dir)).at(-1)?.number ?? 0;
  const number = last + 1;
  const owner = ownerName(await currentOwner());
  const name = `${String(number).padStart(12, '0')}.${owner}.${randomBytes(8).toString('hex')}`;
  const path = join(dir, name);
  await writeFile(path, who, { flag: 'wx', mode: 0o600 });
  return { path, number };
}

/** Who has a ticket, in the words it gave for itself. */
export async function holderOf({ path }: Ticket): Promise<string> {
  const who = await readFile(path, 'utf8').catch(() => '');
  return who === '' ? 'another job' : who;
}
