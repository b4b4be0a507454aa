import type { ComponentChildren } from 'preact';
import { providers as words } from '../words/providers.ts';
import { Icon } from './icon.tsx';

type Key = Parameters<typeof words.say>[0];

const names: Readonly<Record<string, Key>> = {
  'on': 'stepOn',
  'switch': 'stepOn',
  'client': 'stepClient',
  'callback': 'stepCallback',
  'addresses': 'stepAddresses',
  'discovery': 'stepDiscovery',
  'authorize': 'stepAuthorize',
  'token': 'stepToken',
  'request_token': 'stepToken',
  'identity': 'stepIdentity',
  'keys': 'stepKeys',
  'secret': 'stepSecret',
  'metadata': 'stepMetadata',
  'certificate': 'stepCertificate',
  'entry-point': 'stepEntryPoint',
  'validate': 'stepValidate',
  'connection': 'stepConnection',
  'search': 'stepSearch',
  'group': 'stepGroup',
  'open': 'stepOpen',
  'password': 'stepPassword',
  'person': 'stepPerson',
  'account': 'stepAccount',
};

/** The steps of a test one after another, each with whether it held and what it told. Screens bring the words `providers`. */
export function Checks({
  label,
  steps,
}: {
  readonly label: string;
  readonly steps: readonly { readonly step: string; readonly held: boolean; readonly told: ComponentChildren }[];
}) {
  const failed = steps.filter(({ held }) => !held).length;
  return (
    <>
      <p role="status">{failed === 0 ? words.say('testGood') : words.say('testBad', { count: failed })}</p>
      <ol class="checks" aria-label={label}>
        {steps.map(({ step, held, told }, at) => {
          const name = Object.hasOwn(names, step) ? names[step] : undefined;
          return (
            // One step may be told twice.
            <li key={`${step} ${at}`} class={`checks__one checks__one--${held ? 'held' : 'failed'}`}>
              <Icon name={held ? 'circle-check' : 'warning'} />
              <span class="checks__name">
                {name === undefined ? step : words.say(name)}
                <span class="hidden">: {words.say(held ? 'held' : 'failed')}</span>
              </span>
              <span class="checks__told" lang="en" dir="auto">
                {told}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
