import { Refusal, type FakeRequest } from './answer.js';

/** A JSON object of a request, read key by key. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The request's body as a JSON object. */
export function jsonBody(request: FakeRequest): JsonObject {
  try {
    return objectOf(JSON.parse(request.body.toString()));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, `invalid JSON: ${String(error)}`);
  }
}

/** The value as an object, empty when it is none. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

/** The value as text, or a default. */
export function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

/** The value as a record of texts. */
export function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([key, text]) => [key, textOf(text, '')]),
  );
}

/** The value as a list of texts, or a default. */
export function listOf(value: unknown, fallback: readonly string[]): readonly string[] {
  return Array.isArray(value) ? value.map((item) => textOf(item, '')) : fallback;
}

/** The value as devices: records of texts by name. */
export function devicesOf(value: unknown): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, device]) => [name, textsOf(device)]),
  );
}
