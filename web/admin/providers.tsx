import { DialogButtons } from '../parts/dialog-buttons.tsx';
import '../style/settings.css';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ClientError, type ConfigurableProvider } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { client } from '../client.ts';
import { FieldMistake } from '../explain.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { Panel } from '../parts/panel.tsx';
import { Loading, Shown } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { usePerson } from '../person.ts';
import type { SectionProps } from '../section.ts';
import { menu } from '../words/menu.ts';
import { providers as words } from '../words/providers.ts';
import { ProviderSetup } from './providers/set-up.tsx';

const path = '/admin/providers';
const kinds = {
  'built-in': 'kindBuiltIn',
  'custom': 'kindCustom',
  'saml': 'kindSaml',
  'cas': 'kindCas',
  'ldap': 'kindLdap',
} as const;

/** By which services people can sign in, and how each is set up. */
export default function Providers({ id: service }: SectionProps) {
  // Whoever comes from the list may have added one just now.
  const loaded = useLoaded(async () => await client.get('providers.list'), service ?? '');
  return (
    <Shown of={loaded} lines={8}>
      {({ providers }) => {
        if (service === undefined) return <List providers={providers} />;
        const found = providers.find((one) => one.service === service);
        if (found === undefined && loaded.isLoading) return <Loading lines={8} />;
        return found === undefined ? (
          <>
            <Title>{menu.say('providers')}</Title>
            <Callout kind="warning">
              {words.say('unknown')} <a href={pageAt(path)}>{words.say('all')}</a>
            </Callout>
          </>
        ) : (
          <ProviderSetup key={service} provider={found} onChange={loaded.reload} />
        );
      }}
    </Shown>
  );
}

function List({ providers }: { readonly providers: readonly ConfigurableProvider[] }) {
  const { may } = usePerson();
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <Title>{menu.say('providers')}</Title>
      <Panel
        title={words.say('list')}
        about={words.say('about')}
        actions={
          may('add-oauth-service') ? (
            <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
              {words.say('add')}
            </Button>
          ) : undefined
        }
      >
        <ul class="cards" aria-label={words.say('list')}>
          {/* What is in use stands first. */}
          {providers
            .toSorted((one, other) => Number(other.on) - Number(one.on))
            .map(({ service, label, kind, on }) => (
              <li key={service} class="card">
                <span class="card__head">
                  <a
                    class="card__name"
                    dir="auto"
                    href={pageAt(kind === 'ldap' ? '/admin/directory' : `${path}/${encodeURIComponent(service)}`)}
                    aria-label={words.say('setUpLabel', { name: label })}
                  >
                    {label}
                  </a>
                  <Tag kind={on ? 'primary' : 'secondary'}>{words.say(on ? 'on' : 'off')}</Tag>
                </span>
                <span class="card__about">{words.say(kinds[kind])}</span>
              </li>
            ))}
        </ul>
      </Panel>
      {isAdding ? <Add providers={providers} onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function Add({
  providers,
  onClose,
}: {
  readonly providers: readonly ConfigurableProvider[];
  readonly onClose: () => void;
}) {
  const { route } = useLocation();
  return (
    <Dialog title={words.say('addTitle')} onClose={onClose}>
      <Form
        onSubmit={async ({ name = '' }) => {
          // As the server makes it of what is typed.
          const service = name.toLowerCase().replaceAll(/[^a-z0-9_]/gu, '');
          if (providers.some((one) => one.service === service)) throw new FieldMistake('name', words.say('addTaken'));
          await client.post('settings.addCustomOAuth', { name }).catch(asBesideName);
          announce(words.say('added'));
          onClose();
          route(pageAt(`${path}/${encodeURIComponent(service)}`));
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('addName')}
              name="name"
              required
              autoFocus
              dir="ltr"
              maxLength={64}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              hint={words.say('addHint')}
            />
            <DialogButtons kind="primary" doIt={words.say('add')} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

/** @throws FieldMistake for what is about the name, else what it was given */
function asBesideName(cause: unknown): never {
  const isName = cause instanceof ClientError && cause.code === 'error-invalid-name';
  throw isName ? new FieldMistake('name', words.say('addInvalid')) : cause;
}
