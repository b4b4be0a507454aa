import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { ConfigurableProvider, ProviderStep } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Checks } from '../../parts/checks.tsx';
import { Labelled } from '../../parts/copyable.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Title } from '../../parts/title.tsx';
import { useAct } from '../../parts/use-act.ts';
import { usePerson } from '../../person.ts';
import { type Desk, useDesk } from '../../settings/desk.ts';
import { SettingsForm } from '../../settings/form.tsx';
import { Leaving } from '../../settings/leaving.tsx';
import { Setting } from '../../settings/setting.tsx';
import { providers as words } from '../../words/providers.ts';
import { settingsForm } from '../../words/settings-form.ts';
import { isMain } from './main-settings.ts';
import { Where } from './where.tsx';

const path = '/admin/providers';

/** How a provider is set up, from the address that it must know to the switch. */
export function ProviderSetup({
  provider,
  onChange,
}: {
  readonly provider: ConfigurableProvider;
  /** Something of it is another. */
  readonly onChange: () => void;
}) {
  const desk = useDesk();
  const { label, on, kind, settings } = provider;
  const own = settings.at(-1) ?? '';
  const main = settings.filter((id) => id !== own && isMain(provider, id).held);
  const others = settings.filter((id) => id !== own && !isMain(provider, id).held);
  // What is saved may change whether it is on, its label, and its addresses.
  const saved = desk.loaded.value;
  useEffect(() => {
    if (saved !== undefined) onChange();
  }, [saved]);
  return (
    <>
      <p class="crumbs">
        <a href={pageAt(path)}>{words.say('all')}</a>
      </p>
      <header class="headline">
        <Title>{label}</Title>
        <Tag kind={on ? 'primary' : 'secondary'}>{words.say(on ? 'on' : 'off')}</Tag>
      </header>
      <Addresses provider={provider} />
      <Panel title={words.say('step2')}>
        <Where provider={provider} />
      </Panel>
      <Shown of={desk.loaded} lines={8}>
        {() => (
          <SettingsForm desk={desk} label={label} shown={new Set(settings)}>
            {(wrong) => (
              <>
                <Panel title={words.say('step3')}>
                  <div class="settings">
                    {main.map((id) => (
                      <Setting key={id} desk={desk} id={id} label={nameOf(provider, id)} />
                    ))}
                  </div>
                  {others.length === 0 ? null : (
                    <details class="more-settings" open={others.some((id) => id === wrong)}>
                      <summary>{words.say('more')}</summary>
                      <div class="settings">
                        {others.map((id) => (
                          <Setting key={id} desk={desk} id={id} />
                        ))}
                      </div>
                    </details>
                  )}
                </Panel>
                <Panel title={words.say('step4')} about={words.say('step4About')}>
                  <Setting desk={desk} id={own} label={settingsForm.say('switchedOn')} />
                  <Test desk={desk} service={provider.service} />
                </Panel>
              </>
            )}
          </SettingsForm>
        )}
      </Shown>
      {kind === 'custom' ? <Remove provider={provider} onRemoved={onChange} /> : null}
      <Leaving isDirty={desk.changed.length > 0} />
    </>
  );
}

const samlNames = {
  SAML_Custom_Default_provider: 'samlName',
  SAML_Custom_Default_entry_point: 'samlEntry',
  SAML_Custom_Default_idp_entity_id: 'samlEntity',
  SAML_Custom_Default_cert: 'samlCert',
} as const;

/** Names of what everybody fills in: id and secret are called so by every provider. */
function nameOf({ kind }: ConfigurableProvider, id: string): string | undefined {
  if (Object.hasOwn(samlNames, id)) return words.say(samlNames[id as keyof typeof samlNames]);
  if (kind !== 'built-in' && kind !== 'custom') return undefined;
  if (/[_-]id$/u.test(id)) return settingsForm.say('clientId');
  return /[_-]secret$/u.test(id) ? settingsForm.say('clientSecret') : undefined;
}

function Addresses({ provider: { kind, callbacks } }: { readonly provider: ConfigurableProvider }) {
  const many = callbacks.length > 1;
  return (
    <Panel title={words.say('step1')} about={words.say('step1About')}>
      <div class="addresses-to-copy">
        {kind === 'saml' ? (
          <Labelled
            name={words.say('metadata')}
            text={(callbacks[0] ?? '').replace('/_saml/validate/', '/_saml/metadata/')}
          />
        ) : null}
        {callbacks.map((address, at) => (
          <Labelled
            key={address}
            name={
              kind === 'saml'
                ? words.say('consumer')
                : many
                  ? words.say('callbackOf', { number: at + 1 })
                  : words.say('callback')
            }
            text={address}
          />
        ))}
      </div>
      <p class="quiet">{words.say('siteUrl')}</p>
    </Panel>
  );
}

function Test({ desk, service }: { readonly desk: Desk; readonly service: string }) {
  const { may } = usePerson();
  const act = useAct();
  const [steps, setSteps] = useState<readonly ProviderStep[] | undefined>(undefined);
  if (!may('test-admin-options')) return null;
  const isDirty = desk.changed.length > 0;
  return (
    <>
      <div class="buttons">
        <Button
          icon="play"
          busy={act.isBusy}
          disabled={isDirty}
          onClick={() =>
            void act.run(async () => {
              setSteps(undefined);
              setSteps((await client.post('providers.test', { service })).steps);
            })
          }
        >
          {words.say('test')}
        </Button>
        {isDirty ? <span class="quiet">{words.say('saveFirst')}</span> : null}
      </div>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      {steps === undefined ? null : <Checks label={words.say('result')} steps={steps} />}
    </>
  );
}

function Remove({
  provider: { service, label },
  onRemoved,
}: {
  readonly provider: ConfigurableProvider;
  readonly onRemoved: () => void;
}) {
  const { may } = usePerson();
  const { route } = useLocation();
  const [isAsking, setAsking] = useState(false);
  if (!may('add-oauth-service')) return null;
  return (
    <>
      <div class="buttons">
        <Button kind="secondary-danger" icon="trash" onClick={() => setAsking(true)}>
          {words.say('removeIt')}
        </Button>
      </div>
      {isAsking ? (
        <Confirm
          title={words.say('removeTitle', { name: label })}
          doIt={words.say('removeIt')}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await client.post('settings.removeCustomOAuth', { name: service });
            announce(words.say('removed'));
            route(pageAt(path));
            onRemoved();
          }}
        >
          <p>{words.say('removeText')}</p>
        </Confirm>
      ) : null}
    </>
  );
}
