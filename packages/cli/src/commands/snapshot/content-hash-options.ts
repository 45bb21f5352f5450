import { contentHashProfiles, type ContentHashProfile } from '@pikaci/snapshot';
import { Option, type Command } from 'commander';

/** Options on which hash is printed. */
export interface ContentHashOptions {
  readonly hash?: 'v1';
}

/** Options on what of the workspace is hashed. */
export interface ProfileOptions {
  readonly profile?: ContentHashProfile;
}

/** Adds `--hash`. */
export function addContentHashOption(command: Command, description: string): Command {
  return command.addOption(new Option('--hash <version>', description).choices(['v1']));
}

/** Adds `--profile`. */
export function addProfileOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--profile <profile>',
      'of --hash v1: what else it leaves out by name at the top (ios and android, or ios); full: nothing',
    ).choices([...contentHashProfiles]),
  );
}
