import { request } from 'node:http';

/**
 * Makes or removes a pool or a profile: what an administrator does, and pikaci's client cannot. The server answers
 * such requests when they are done.
 */
export function administer(
  socketPath: string,
  method: 'POST' | 'DELETE',
  path: string,
  body: object = {},
): Promise<void> {
  const text = JSON.stringify(body);
  const headers = { host: 'incus', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${method} ${path}: ${answer}`));
      });
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(text);
  });
}
