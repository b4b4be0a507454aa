import { client } from '../../client.ts';
import { facts } from '../../facts.ts';
import { distanceText } from '../../language.ts';
import { Labelled } from '../../parts/copyable.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useEvery } from '../../parts/use-every.ts';
import { useLoaded } from '../../parts/use-loaded.ts';
import { usePerson } from '../../person.ts';
import { setup as words } from '../../words/setup.ts';

const everyMs = 4_000;

/** Commands for this address, and whether they have worked. */
export function FirstClient() {
  const { me } = usePerson();
  const root = `${location.origin}${facts.base}`;
  const user = me.username ?? '';
  return (
    <div class="panels">
      <Panel title={words.say('client')} about={words.say('clientText')}>
        <Seen />
      </Panel>
      <Panel title={words.say('curlTitle')}>
        <div class="addresses-to-copy">
          <Labelled name={words.say('curlLogin')} text={logInWith(root, user)} />
          <Labelled name={words.say('curlMe')} text={askWith(root)} />
          <p class="quiet">{words.say('curlMeHint')}</p>
        </div>
      </Panel>
      <Panel title={words.say('sdkTitle')}>
        <Labelled name={words.say('sdkCode')} text={program(root, user)} />
      </Panel>
    </div>
  );
}

/** Ticks what was seen: a session of the person that no browser has opened. */
function Seen() {
  const loaded = useLoaded(async () => {
    const { sessions } = await client.get('sessions/list', { count: 50 });
    return sessions.find(({ current, device }) => !current && device.type !== 'browser');
  });
  useEvery(everyMs, loaded.reload);
  const found = loaded.value;
  return (
    <p class={found === undefined ? 'quiet' : 'seen'} role="status">
      <Icon name={found === undefined ? 'clock' : 'circle-check'} />{' '}
      {found === undefined
        ? words.say('seenNot')
        : words.say('seen', {
            device: found.device.name === '' ? found.ip : found.device.name,
            when: distanceText(found.loginAt),
          })}
    </p>
  );
}

/** Text inside single quotes of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function logInWith(root: string, user: string): string {
  return [
    `read -rsp 'Password: ' PASSWORD; echo`,
    `curl -sS ${quoted(`${root}/api/v1/login`)} --data-urlencode ${quoted(`user=${user}`)} --data-urlencode "password=$PASSWORD"`,
  ].join('\n');
}

function askWith(root: string): string {
  return `curl -sS ${quoted(`${root}/api/v1/me`)} -H 'X-User-Id: USER_ID' -H 'X-Auth-Token: AUTH_TOKEN'`;
}

function program(root: string, user: string): string {
  return [
    `import { createClient } from 'countersign/client';`,
    ``,
    `const client = createClient({ url: ${JSON.stringify(root)} });`,
    `await client.login({ user: ${JSON.stringify(user)}, password: process.env.PASSWORD });`,
    `console.log(await client.get('me'));`,
  ].join('\n');
}
