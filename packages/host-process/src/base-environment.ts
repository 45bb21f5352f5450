/**
 * What a job gets of the environment pikaci was started in: what programs need to find each other, their user, their
 * language, and the way to the network. Nothing else, so that a job does not come to depend on the shell it was
 * started from, and does not see secrets that are in it.
 */
const inherited = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TERM',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
]);

/** For a pikaci that was started without any PATH. */
const defaultPath = '/usr/local/bin:/usr/bin:/bin';

/** The part of an environment that jobs get; there is always a PATH. */
export function baseEnvironment(
  environment: NodeJS.ProcessEnv,
): Record<string, string> & { PATH: string } {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (inherited.has(entry[0]) || entry[0].startsWith('LC_')),
  );
  const base = Object.fromEntries(kept);
  return { ...base, PATH: base['PATH'] ?? defaultPath };
}
