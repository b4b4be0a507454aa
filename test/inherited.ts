const { PATH = '', NODE_COMPILE_CACHE } = process.env;

/**
 * What a process of a test inherits of the environment: where programs are, and where Node keeps what it has compiled
 * (`scripts/test.mjs` names a folder), so that hundreds of short ones do not compile the same sources again.
 */
export const inherited: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? { PATH } : { PATH, NODE_COMPILE_CACHE };
