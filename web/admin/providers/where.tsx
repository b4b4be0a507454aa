import type { ConfigurableProvider } from '../../../src/client/index.ts';
import { providers as words } from '../../words/providers.ts';

/** Where the big providers register applications: they are opened by a link, and asked for nothing by this page. */
const consoles: Readonly<Record<string, string>> = {
  'apple': 'https://developer.apple.com/account/resources/identifiers/list/serviceId',
  'facebook': 'https://developers.facebook.com/apps/',
  'github': 'https://github.com/settings/developers',
  'gitlab': 'https://gitlab.com/-/user_settings/applications',
  'google': 'https://console.cloud.google.com/apis/credentials',
  'linkedin': 'https://www.linkedin.com/developers/apps',
  'meteor-developer': 'https://www.meteor.com/account-settings',
  'twitter': 'https://developer.x.com/en/portal/dashboard',
};

/** Where the client id and the secret of a provider come from. */
export function Where({ provider: { service, label, kind, guide } }: { readonly provider: ConfigurableProvider }) {
  const address = Object.hasOwn(consoles, service) && kind === 'built-in' ? consoles[service] : undefined;
  return (
    <>
      {address === undefined ? <p>{words.say(ownWords(kind))}</p> : <Console address={address} name={label} />}
      <p class="quiet">{words.say('guide', { guide: `\u2066${guide}\u2069` })}</p>
    </>
  );
}

/** The link stands in the middle of a sentence, wherever the language has it. */
function Console({ address, name }: { readonly address: string; readonly name: string }) {
  const [before = '', after = ''] = words.say('where').split('{link}');
  return (
    <p>
      {before}
      <a href={address} target="_blank" rel="noreferrer">
        {words.say('console', { name })}
      </a>
      {after}
    </p>
  );
}

function ownWords(kind: ConfigurableProvider['kind']): 'whereSaml' | 'whereCas' | 'whereOwn' {
  if (kind === 'saml') return 'whereSaml';
  return kind === 'cas' ? 'whereCas' : 'whereOwn';
}
