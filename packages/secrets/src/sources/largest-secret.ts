/**
 * Most bytes of a secret. Linux takes no variable of more than 128 KiB, and each byte has some forty forms to look for.
 */
export const largestSecret = 64 * 1024;
