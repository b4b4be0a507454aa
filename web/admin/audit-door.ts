import { ways } from '../words/ways.ts';

const doors: Readonly<Record<string, Parameters<typeof ways.say>[0]>> = {
  'rest': 'doorRest',
  'ddp': 'doorDdp',
  'method-call': 'doorDdp',
  'page': 'doorPage',
  'cli': 'doorCli',
  'server': 'doorServer',
};

/** By which door somebody came, in words; one that is not known is shown as it is. */
export function doorText(door: string): string {
  const key = Object.hasOwn(doors, door) ? doors[door] : undefined;
  return key === undefined ? door : ways.say(key);
}
