import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { makeDeepDirectories } from './deep-directories.js';
import { recipeBytes, recipePath } from './recipe-path.js';

/**
 * One step of making a tree, as fixture files hold it. Paths are relative to the tree; `%0A` and the like stand for
 * single bytes, so that any name there is can be written in a text file.
 */
export type RecipeStep =
  | { readonly file: string; readonly text?: string; readonly mode?: string }
  | { readonly dir: string; readonly mode?: string }
  | { readonly link: string; readonly to: string }
  | { readonly hardLink: string; readonly to: string }
  /** Links `<chain>0` → `<chain>1` → … → `to`: as many as `links` says. */
  | { readonly chain: string; readonly links: number; readonly to: string }
  /** Directories inside each other, and a file in the innermost. */
  | { readonly deep: string; readonly levels: number }
  | { readonly fifo: string }
  | { readonly socket: string }
  /** Needs root. */
  | { readonly device: string };

/** A whole tree. Directories on the way to an entry are made by themselves. */
export type TreeRecipe = readonly RecipeStep[];

/** True when only root can make the tree. */
export function needsRoot(recipe: TreeRecipe): boolean {
  return recipe.some((step) => 'device' in step);
}

/** Makes a tree in a directory that exists. */
export async function makeTree(root: string, recipe: TreeRecipe): Promise<void> {
  for (const step of recipe) await makeStep(root, step);
}

async function makeStep(root: string, step: RecipeStep): Promise<void> {
  const at = (path: string) => recipePath(root, path);
  if ('file' in step) {
    writeFileSync(at(step.file), step.text ?? '');
    if (step.mode !== undefined) chmodSync(at(step.file), parseInt(step.mode, 8));
  } else if ('dir' in step) {
    mkdirSync(at(step.dir), { recursive: true });
    if (step.mode !== undefined) chmodSync(at(step.dir), parseInt(step.mode, 8));
  } else if ('link' in step) symlinkSync(recipeBytes(step.to), at(step.link));
  else if ('hardLink' in step) linkSync(at(step.to), at(step.hardLink));
  else if ('chain' in step) makeChain(root, step);
  else if ('deep' in step) makeDeepDirectories(root, step.deep, step.levels);
  else if ('fifo' in step) execFileSync('mkfifo', [at(step.fifo).toString()]);
  else if ('socket' in step) await makeSocket(at(step.socket).toString());
  else execFileSync('mknod', [at(step.device).toString(), 'c', '1', '3']);
}

function makeChain(root: string, step: Extract<RecipeStep, { readonly chain: string }>): void {
  for (let index = 0; index < step.links; index += 1) {
    const last = index === step.links - 1;
    const target = last ? step.to : `${step.chain.split('/').at(-1) ?? ''}${index + 1}`;
    symlinkSync(recipeBytes(target), recipePath(root, `${step.chain}${index}`));
  }
}

/** A socket that nobody listens on any more. Closing a server removes the name it was given, so it gets another one. */
async function makeSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.tmp`, resolve));
  renameSync(`${path}.tmp`, path);
  await new Promise((resolve) => server.close(resolve));
}
