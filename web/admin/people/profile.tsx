import type { PostEndpoints } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { CustomFields, customFieldsIn, customValues } from '../../parts/custom-fields.tsx';
import { CheckField, Field, TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { usePerson } from '../../person.ts';
import { publicSettings } from '../../public-settings.ts';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { RoleChecks, tickedRoles } from './role-checks.tsx';

type Changes = PostEndpoints['users.update']['body']['data'];

/** How long each may be, in characters, as the server has it. */
const longest = { name: 256, nickname: 120, bio: 260 } as const;

/** Who somebody is, to be edited by whoever may. */
export function Profile({ user, roles, isAbove, reload }: RankedPerson) {
  const { me, may, refresh } = usePerson();
  const settings = useLoaded(async () => await publicSettings(['Accounts_CustomFields']));
  const isOwn = user._id === me._id;
  const mayEdit = may('edit-other-user-info') && !isAbove;
  const held = user.roles ?? [];
  const [address] = user.emails ?? [];
  return (
    <Panel title={words.say('profile')}>
      {mayEdit || isAbove ? null : <Callout kind="info">{words.say('mayNotEdit')}</Callout>}
      <Shown of={settings} lines={8}>
        {(values) => {
          const fields = customFieldsIn(values['Accounts_CustomFields']);
          return (
            <Form
              key={JSON.stringify(user)}
              label={words.say('profile')}
              onSubmit={async (given) => {
                const customs = customValues(fields, given);
                const chosen = tickedRoles(roles, held, given);
                if (chosen.length === 0) throw new FieldMistake('', words.say('rolesNone'));
                const changedCustoms = Object.entries(customs).filter(
                  ([name, value]) => (user.customFields?.[name] ?? '') !== value,
                );
                const isVerified = given['verified'] === 'on';
                const texts = changedTexts(user, address?.address ?? '', given);
                // Of another address, too, what is ticked is meant.
                const isOther = texts.email !== undefined || isVerified !== (address?.verified ?? false);
                const data: Changes = {
                  ...texts,
                  // Of oneself only a mailed link tells it.
                  ...(isOwn || !isOther ? {} : { verified: isVerified }),
                  ...(may('assign-roles') && chosen.join(' ') !== held.join(' ') ? { roles: chosen } : {}),
                  ...(changedCustoms.length === 0 ? {} : { customFields: Object.fromEntries(changedCustoms) }),
                };
                if (Object.keys(data).length > 0) {
                  await judged(client.post('users.update', { userId: user._id, data }), data.username);
                  if (isOwn) await refresh();
                  reload();
                }
                announce(shared.say('saved'));
              }}
            >
              {(act) => (
                <>
                  <div class="pair">
                    <Field
                      label={words.say('name')}
                      name="name"
                      defaultValue={user.name ?? ''}
                      disabled={!mayEdit}
                      autocomplete="off"
                      dir="auto"
                    />
                    <Field
                      label={words.say('username')}
                      name="username"
                      defaultValue={user.username ?? ''}
                      disabled={!mayEdit}
                      required={user.username !== undefined}
                      autocomplete="off"
                      autocapitalize="none"
                      spellcheck={false}
                      dir="ltr"
                    />
                  </div>
                  <Field
                    label={words.say('email')}
                    name="email"
                    type="email"
                    defaultValue={address?.address ?? ''}
                    disabled={!mayEdit}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    dir="ltr"
                    hint={mayEdit ? words.say('emailHint') : undefined}
                  />
                  <CheckField
                    label={words.say('verified')}
                    name="verified"
                    defaultChecked={address?.verified ?? false}
                    disabled={!mayEdit || isOwn}
                    hint={words.say(isOwn ? 'verifiedOwn' : 'verifiedHint')}
                  />
                  <Field
                    label={words.say('nickname')}
                    name="nickname"
                    defaultValue={user.nickname ?? ''}
                    disabled={!mayEdit}
                    autocomplete="off"
                    dir="auto"
                  />
                  <TextField
                    label={words.say('bio')}
                    name="bio"
                    rows={3}
                    defaultValue={user.bio ?? ''}
                    disabled={!mayEdit}
                    dir="auto"
                  />
                  {mayEdit ? (
                    <CustomFields
                      fields={fields}
                      {...(user.customFields === undefined ? {} : { values: user.customFields })}
                    />
                  ) : null}
                  <RoleChecks roles={roles} held={held} mayGive={mayEdit && may('assign-roles')} />
                  {mayEdit ? (
                    <div class="buttons">
                      <Button type="submit" kind="primary" busy={act.isBusy}>
                        {shared.say('save')}
                      </Button>
                    </div>
                  ) : null}
                </>
              )}
            </Form>
          );
        }}
      </Shown>
    </Panel>
  );
}

/** What is another text now. @throws FieldMistake */
function changedTexts(
  user: RankedPerson['user'],
  address: string,
  given: Readonly<Record<string, string>>,
): Pick<Changes, 'name' | 'username' | 'email' | 'nickname' | 'bio'> {
  const before = {
    name: user.name ?? '',
    username: user.username ?? '',
    email: address,
    nickname: user.nickname ?? '',
    bio: user.bio ?? '',
  };
  const changed: Record<string, string> = {};
  for (const [key, was] of Object.entries(before)) {
    const is = (given[key] ?? '').trim();
    if (is === was.trim()) continue;
    const most = key in longest ? longest[key as keyof typeof longest] : undefined;
    if (most !== undefined && is.length > most) throw new FieldMistake(key, shared.say('tooLong', { count: most }));
    changed[key] = is;
  }
  return changed;
}
