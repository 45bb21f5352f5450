/** What a terminal could obey, or what turns its reading direction around; JSON itself escapes only C0 controls. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * JSON that means the same as that of `JSON.stringify` and is harmless where it is printed: CI services obey `##[…` and
 * `##vso[…` anywhere in a line, also within the strings of JSON.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent)
    .replaceAll('##', '#\\u0023')
    .replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
