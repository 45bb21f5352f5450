/**
 * What XML 1.0 allows nowhere, not even escaped, or advises against: controls but for tab, line feed and carriage return,
 * halves of surrogate pairs, and two that are no characters.
 */
const illegal = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as the content of an element or, in double quotes, of an attribute, of XML or HTML; what cannot be there is left out. */
export function xmlText(text: string): string {
  return text.replace(illegal, '').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Attributes of an element in their order; those without a value are left out. */
export function xmlAttributes(
  attributes: Readonly<Record<string, string | number | null>>,
): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (value === null ? [] : [` ${name}="${attributeText(value)}"`]))
    .join('');
}

/** Readers turn line ends and tabs in attributes into spaces unless they are escaped. */
function attributeText(value: string | number): string {
  return xmlText(String(value)).replace(
    /[\t\n\r]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
