import { fail, type Failure, type FailureDetail, type SecretSource } from '@pikaci/model';

/** The failure to get a secret: names it, and where it should come from. */
export function sourceFailure(
  name: string,
  source: SecretSource,
  reason: string,
  detail: FailureDetail = {},
): { readonly ok: false; readonly error: Failure } {
  return fail('config', `The secret ${name} cannot be had from ${sourceWords(source)}`, {
    reason,
    ...detail,
  });
}

function sourceWords(source: SecretSource): string {
  if ('env' in source) return `the variable ${source.env}`;
  return 'file' in source ? `the file ${source.file}` : `the command "${source.command}"`;
}
