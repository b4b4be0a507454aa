import { facts } from './facts.ts';

/** The address of a page of ours. @param path with its slash in front */
export function pageAt(path: string): string {
  return `${facts.base}${path}`;
}

/** Where this page is, without what stands before all of them. */
export function pathHere(): string {
  const path = location.pathname.slice(facts.base.length);
  return path === '' ? '/' : path;
}

/**
 * Where somebody goes who signs in here: what the address says behind `return`, a path without what stands before all of
 * them. The server looks at it again, and lets browsers go to its own pages and to origins that the operator listed.
 */
export function returnHere(): string {
  return new URLSearchParams(location.search).get('return') ?? '/account';
}
