import type { Status } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { CustomFields, customFieldsIn, customValues } from '../../parts/custom-fields.tsx';
import { Field, SelectField, TextField } from '../../parts/field.tsx';
import { Fixed } from '../../parts/fixed.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Person, usePerson } from '../../person.ts';
import type { PublicSettings } from '../../public-settings.ts';
import { profile as words } from '../../words/profile.ts';
import { shared } from '../../words/shared.ts';
import { refusedBeside } from './refused-beside.ts';
import { UsernameField } from './username-field.tsx';

type Me = Person['me'];

/** How long each may be, in characters, as the server has it. */
const longest = { name: 256, nickname: 120, bio: 260, statusText: 120 } as const;

const statuses = ['online', 'away', 'busy', 'offline'] as const satisfies readonly Status[];

/** Names, what one tells of oneself, and the status. What the settings keep from people is told, not asked. */
export function About({ settings }: { readonly settings: PublicSettings }) {
  const { me, refresh } = usePerson();
  const is = (id: string): boolean => settings[id] === true;
  const mayChange = is('Accounts_AllowUserProfileChange');
  const may = {
    name: mayChange && is('Accounts_AllowRealNameChange'),
    username: mayChange && is('Accounts_AllowUsernameChange'),
    statusText: mayChange && is('Accounts_AllowUserStatusMessageChange'),
  };
  const why = words.say('fixed');
  const customFields = customFieldsIn(settings['Accounts_CustomFields']);
  if (!mayChange) return <AllFixed me={me} />;
  return (
    <Panel title={words.say('about')} about={words.say('aboutAbout')}>
      <Form
        label={words.say('about')}
        onSubmit={async (values) => {
          const customs = customValues(customFields, values);
          const data = changesOf(me, values);
          const changed = Object.entries(customs).filter(([name, value]) => (me.customFields?.[name] ?? '') !== value);
          if (Object.keys(data).length > 0 || changed.length > 0) {
            await refusedBeside(
              client.post('users.updateOwnBasicInfo', {
                data,
                ...(changed.length === 0 ? {} : { customFields: Object.fromEntries(changed) }),
              }),
            );
            await refresh();
          }
          announce(shared.say('saved'));
        }}
      >
        {(act) => (
          <>
            <div class="pair">
              {may.name ? (
                <Field
                  label={words.say('name')}
                  name="name"
                  required={is('Accounts_RequireNameForSignUp')}
                  defaultValue={me.name ?? ''}
                  autocomplete="name"
                  dir="auto"
                />
              ) : (
                <Fixed label={words.say('name')} why={why}>
                  {me.name}
                </Fixed>
              )}
              {may.username ? (
                <UsernameField now={me.username ?? ''} />
              ) : (
                <Fixed label={words.say('username')} why={why}>
                  {me.username}
                </Fixed>
              )}
            </div>
            <Field
              label={words.say('nickname')}
              name="nickname"
              defaultValue={me.nickname ?? ''}
              autocomplete="nickname"
              dir="auto"
            />
            <TextField label={words.say('bio')} name="bio" rows={3} defaultValue={me.bio ?? ''} dir="auto" />
            <div class="pair">
              <SelectField
                label={words.say('status')}
                name="statusType"
                defaultValue={me.statusDefault ?? 'online'}
                options={statuses
                  .filter((one) => one !== 'offline' || is('Accounts_AllowInvisibleStatusOption'))
                  .map((value) => ({ value, label: words.say(value) }))}
              />
              {may.statusText ? (
                <Field
                  label={words.say('statusText')}
                  name="statusText"
                  defaultValue={me.statusText ?? ''}
                  placeholder={words.say('statusHint')}
                  dir="auto"
                />
              ) : (
                <Fixed label={words.say('statusText')} why={why}>
                  {me.statusText}
                </Fixed>
              )}
            </div>
            <CustomFields fields={customFields} values={me.customFields ?? {}} />
            <div class="buttons">
              <Button type="submit" kind="primary" busy={act.isBusy}>
                {shared.say('save')}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Panel>
  );
}

/** The profile of somebody whose administrator keeps it. */
function AllFixed({ me }: { readonly me: Me }) {
  const rows = [
    ['name', me.name],
    ['username', me.username],
    ['nickname', me.nickname],
    ['bio', me.bio],
    ['statusText', me.statusText],
  ] as const;
  return (
    <Panel title={words.say('about')} about={words.say('fixedAll')}>
      {rows
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([label, value]) => (
          <Fixed key={label} label={words.say(label)}>
            {value}
          </Fixed>
        ))}
    </Panel>
  );
}

interface Changes {
  name?: string;
  username?: string;
  nickname?: string;
  bio?: string;
  statusType?: Status;
  statusText?: string;
}

/** What is not as it was. @throws FieldMistake for what is too long */
function changesOf(me: Me, values: Readonly<Record<string, string>>): Changes {
  const changes: Changes = {};
  const { username, statusType } = values;
  for (const key of ['name', 'nickname', 'bio', 'statusText'] as const) {
    const value = values[key]?.trim();
    if (value === undefined || value === (me[key] ?? '')) continue;
    if (value.length > longest[key]) throw new FieldMistake(key, shared.say('tooLong', { count: longest[key] }));
    changes[key] = value;
  }
  if (username !== undefined && username.trim() !== me.username) changes.username = username.trim();
  const status = statuses.find((one) => one === statusType);
  if (status !== undefined && status !== (me.statusDefault ?? 'online')) changes.statusType = status;
  return changes;
}
