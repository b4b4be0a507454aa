import { pageAt, pathHere } from './address.ts';

const [, page, token] = /^\/(reset-password|enroll-account|verify-email)\/([^/]+)$/u.exec(pathHere()) ?? [];

/** What stood at the end of the mailed link that led here; undefined without one, and after a reload. */
export const mailedToken: string | undefined = token;

// Before anything is asked for: it opens an account, so it must not stay where others see it, nor where a browser tells
// which page it comes from.
if (page !== undefined) history.replaceState(null, '', pageAt(`/${page}`));
