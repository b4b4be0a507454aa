import { clientOf } from '../../lib/user-agent.ts';

/** The device of a session as clients read it (rest.md §18). */
export interface Device {
  readonly type: 'browser' | 'mobile-app' | 'desktop-app' | 'mobile' | 'tablet' | 'other';
  readonly name: string;
  readonly longVersion: string;
  readonly os: { readonly name: string; readonly version: string };
  /** At most three numbers. */
  readonly version: string;
}

/** The device that a user agent tells of. */
export async function deviceOf(userAgent: string): Promise<Device> {
  const mobileApp = mobileAppOf(userAgent);
  if (mobileApp !== undefined) return mobileApp;
  const { name, version, system, platform } = await clientOf(userAgent);
  const desktopApp = /\b(Rocket\.Chat)\/(\d{1,9}(?:\.\d{1,9}){1,3})/u.exec(userAgent.slice(0, longest));
  if (desktopApp !== null && userAgent.includes(' Electron/')) {
    const [, app = '', longVersion = ''] = desktopApp;
    return { type: 'desktop-app', name: app, longVersion, os: system, version: short(longVersion) };
  }
  const type = platform === 'desktop' ? 'browser' : platform;
  return { type, name, longVersion: version, os: system, version: short(version) };
}

const longest = 512;

/** `RC Mobile; ios 16.1; v4.30.0 (26732)` */
function mobileAppOf(userAgent: string): Device | undefined {
  const [app = '', system = '', build = ''] = userAgent
    .slice(0, longest)
    .split(';', 3)
    .map((part) => part.trim());
  if (app !== 'RC Mobile') return undefined;
  const [, osName = '', osVersion = ''] = /^([A-Za-z ]{1,20}) (\d[\w.]{0,20})$/u.exec(system) ?? [];
  const [, longVersion = ''] = /^v?(\d[\d.]{0,20})/u.exec(build) ?? [];
  const os = { name: osName, version: osVersion };
  return { type: 'mobile-app', name: 'Rocket.Chat Mobile', longVersion, os, version: short(longVersion) };
}

function short(version: string): string {
  return version.split('.', 3).join('.');
}
