/** A machine that holds files and runs commands. */
export type HostPlace =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'ssh';
      /** As ssh takes it: `host` or `user@host`. */
      readonly address: string;
      /** Absolute path of pikaci's directory on that machine. */
      readonly workDir: string;
    };

/** The machine pikaci runs on. */
export const localHost: HostPlace = { kind: 'local' };
