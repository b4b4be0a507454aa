/** What a user agent says of itself; nothing of it is proved, and all of it is plain text. */
export interface Client {
  /** `''` where nothing is recognised. */
  readonly name: string;
  readonly version: string;
  /** What it runs on; `''` where it does not say. */
  readonly system: { readonly name: string; readonly version: string };
  readonly platform: 'desktop' | 'mobile' | 'tablet' | 'other';
}

/** So much is looked at; no honest one is longer. */
const longest = 512;
const longestPart = 64;

/** Reads a user agent. The table of browsers is loaded with the first one. */
export async function clientOf(userAgent: string): Promise<Client> {
  const text = userAgent.slice(0, longest);
  if (text === '') return { name: '', version: '', system: { name: '', version: '' }, platform: 'other' };
  const { default: bowser } = await import('bowser');
  const { browser, os, platform } = bowser.parse(text);
  const named = browser.name === undefined || browser.name === '' ? productOf(text) : browser;
  return {
    name: cut(named.name),
    version: cut(named.version),
    system: { name: cut(os.name), version: cut(os.name === 'Windows' ? (os.versionName ?? os.version) : os.version) },
    platform: platformOf(platform.type),
  };
}

/** A program that is no browser begins with its name: `curl/8.5.0`. */
function productOf(text: string): { readonly name: string; readonly version: string } {
  const [, name = '', version = ''] = /^([A-Za-z][\w.-]{0,40})\/(\d[\w.-]{0,20})/u.exec(text) ?? [];
  return { name, version };
}

function platformOf(type: string | undefined): Client['platform'] {
  return type === 'desktop' || type === 'mobile' || type === 'tablet' ? type : 'other';
}

function cut(text: string | undefined): string {
  return (text ?? '').slice(0, longestPart);
}
