const nonAscii = /[\u007f-\uffff]/g;

/**
 * A text as it stands between the quotes of a JSON string: with as few escapes as can be, with `/` escaped, in ASCII, as
 * encoders do it that think of HTML, and as JSON within JSON.
 */
export function jsonForms(text: string): readonly string[] {
  const least = jsonContent(text);
  const forms = [least, least.replaceAll('/', '\\/'), htmlSafe(least)];
  const ascii = forms.flatMap((form) => [
    form.replace(nonAscii, lowerEscape),
    form.replace(nonAscii, upperEscape),
  ]);
  const all = [...forms, ...ascii, quoteSafe(least)];
  return [...all, jsonContent(least)];
}

function jsonContent(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As Go does it. */
function htmlSafe(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, lowerEscape);
}

/** As .NET does it: all but plain ASCII, and of that neither quotes nor what has a meaning in HTML. */
function quoteSafe(json: string): string {
  return json
    .replaceAll('\\"', '\\u0022')
    .replace(/[<>&'+`]/g, upperEscape)
    .replace(nonAscii, upperEscape);
}

function lowerEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function upperEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
