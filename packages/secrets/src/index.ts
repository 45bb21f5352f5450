export { findSecretsIn } from './find/find-secrets-in.js';
export { createMasker, type NamedSecret } from './masker/create-masker.js';
export { maskText } from './masker/masking-stream.js';
export { createSecretSources, type SecretSourcesOptions } from './sources/create-secret-sources.js';
