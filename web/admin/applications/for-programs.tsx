import { facts } from '../../facts.ts';
import { Labelled } from '../../parts/copyable.tsx';
import { Panel } from '../../parts/panel.tsx';
import { applications as words } from '../../words/applications.ts';

/** The addresses that go into the set-up of a program. */
export function ForPrograms() {
  const root = facts.siteUrl.replace(/\/+$/u, '');
  const addresses = [
    ['discovery', `${root}/oidc/.well-known/openid-configuration`],
    ['issuer', `${root}/oidc`],
    ['authorize', `${root}/oauth/authorize`],
    ['token', `${root}/oauth/token`],
  ] as const;
  return (
    <Panel title={words.say('howTitle')} about={words.say('howAbout')}>
      <div class="addresses-to-copy">
        {addresses.map(([name, text]) => (
          <Labelled key={name} name={words.say(name)} text={text} />
        ))}
      </div>
    </Panel>
  );
}
