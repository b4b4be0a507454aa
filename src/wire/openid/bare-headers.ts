/** For everything of the provider that is no page of ours: it loads nothing, and nobody frames it (attacks Q09). */
export const bareHeaders: Readonly<Record<string, string>> = {
  // The provider adds the script that posts an answer to an application, by its hash.
  'Content-Security-Policy': "default-src 'none'; script-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
