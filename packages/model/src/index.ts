export * from './exit-code.js';
export * from './failure.js';
export * from './result.js';
