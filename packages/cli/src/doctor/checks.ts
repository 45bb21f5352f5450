import type { DoctorCheck } from '@pikaci/model';

type Detail = Omit<DoctorCheck, 'status' | 'hint'> & { readonly hint?: string };

/** Something that is as it should be. */
export function found(name: string, detail: string, required = false): DoctorCheck {
  return { name, required, status: 'ok', detail, hint: null };
}

/** Something that works, but not as well as it could. */
export function limited(name: string, detail: string, hint: string): DoctorCheck {
  return { name, required: false, status: 'warn', detail, hint };
}

/** Something that is not there, or not usable. */
export function missing({ name, required, detail, hint }: Detail): DoctorCheck {
  return { name, required, status: 'missing', detail, hint: hint ?? null };
}
