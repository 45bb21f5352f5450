/** Some 30 years. What is longer is no time, and so many of them have no sum. */
const mostSeconds = 1e9;

/**
 * A number of seconds as reports have it, rounded to milliseconds: `0.012`, `1e-05`, and what programs write that ask the
 * locale, such as `1,024.5` or `0,012`. A lone comma is a decimal one: groups of digits come with a fraction.
 *
 * @returns null for what is no time
 */
export function reportSeconds(text: string | undefined): number | null {
  const plain = (text ?? '').replace(/[\s'’\u00a0\u202f]/g, '');
  const number = Number(withDecimalPoint(plain));
  const isTime = plain !== '' && number >= 0 && number <= mostSeconds;
  return isTime ? Math.round(number * 1000) / 1000 : null;
}

function withDecimalPoint(text: string): string {
  const comma = text.lastIndexOf(',');
  if (comma === -1) return text;
  if (comma < text.lastIndexOf('.')) return text.replaceAll(',', '');
  const isGrouping = text.indexOf(',') !== comma && !text.includes('.');
  return isGrouping ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.');
}
