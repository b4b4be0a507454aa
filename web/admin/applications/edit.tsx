import { useState } from 'preact/hooks';
import { ClientError, type OauthApplication } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { CheckField, Field, SelectField, TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { applications as words } from '../../words/applications.ts';
import { shared } from '../../words/shared.ts';
import { askedIn } from './asked.ts';

/** Makes an application, or changes the one that is given. */
export function EditApplication({
  application,
  onClose,
  onSaved,
}: {
  readonly application?: OauthApplication;
  readonly onClose: () => void;
  readonly onSaved: (application: OauthApplication) => void;
}) {
  const [isPublic, setPublic] = useState(application?.publicClient === true);
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title={application === undefined ? words.say('createTitle') : words.say('editTitle', { name: application.name })}
      wide
      onClose={onClose}
    >
      <Form
        onSubmit={async (values) => {
          try {
            const saved = await save(application, values);
            announce(words.say('saved'));
            onClose();
            onSaved(saved);
          } catch (cause) {
            const mistake = asMistake(cause);
            // A field under "more" is seen before it is marked.
            if (mistake instanceof FieldMistake && mistake.field === 'permissions') setOpen(true);
            throw mistake;
          }
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('name')}
              name="name"
              required
              autoFocus
              dir="auto"
              maxLength={256}
              autocomplete="off"
              defaultValue={application?.name ?? ''}
              hint={words.say('nameHint')}
            />
            <TextField
              label={words.say('redirects')}
              name="redirectUri"
              required
              rows={3}
              dir="ltr"
              spellcheck={false}
              defaultValue={(application?.redirectUri ?? '').replaceAll(',', '\n')}
              hint={words.say('redirectsHint')}
            />
            <SelectField
              label={words.say('kind')}
              name="kind"
              value={isPublic ? 'public' : 'confidential'}
              onChange={({ currentTarget }) => setPublic(currentTarget.value === 'public')}
              options={[
                { value: 'confidential', label: words.say('confidentialLong') },
                { value: 'public', label: words.say('publicLong') },
              ]}
            />
            <CheckField
              label={words.say('isActive')}
              name="active"
              defaultChecked={application?.active ?? true}
              hint={words.say('isActiveHint')}
            />
            <details class="more-settings" open={isOpen}>
              <summary>{words.say('more')}</summary>
              <div class="settings">
                <TextField
                  label={words.say('permissions')}
                  name="permissions"
                  rows={3}
                  dir="ltr"
                  spellcheck={false}
                  defaultValue={(application?.permissions ?? []).join('\n')}
                  hint={words.say('permissionsHint')}
                />
                <TextField
                  label={words.say('postLogout')}
                  name="postLogout"
                  rows={2}
                  dir="ltr"
                  spellcheck={false}
                  defaultValue={(application?.postLogoutRedirectUris ?? []).join('\n')}
                  hint={words.say('postLogoutHint')}
                />
                <Field
                  label={words.say('backchannel')}
                  name="backchannel"
                  dir="ltr"
                  spellcheck={false}
                  autocomplete="off"
                  defaultValue={application?.backchannelLogoutUri ?? ''}
                  hint={words.say('backchannelHint')}
                />
                {isPublic ? null : (
                  <SelectField
                    label={words.say('method')}
                    name="method"
                    defaultValue={application?.tokenEndpointAuthMethod ?? 'any'}
                    options={[
                      { value: 'any', label: words.say('methodAny') },
                      { value: 'client_secret_basic', label: words.say('methodBasic') },
                      { value: 'client_secret_post', label: words.say('methodPost') },
                    ]}
                  />
                )}
              </div>
            </details>
            <DialogButtons kind="primary" doIt={shared.say('save')} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

async function save(
  application: OauthApplication | undefined,
  values: Readonly<Record<string, string>>,
): Promise<OauthApplication> {
  const asked = askedIn(values);
  if (application !== undefined) return await client.post('oauth-apps.update', { appId: application._id, ...asked });
  return (await client.post('oauth-apps.create', asked)).application;
}

/** What a refusal says of a field, beside that; anything else as it is. */
function asMistake(cause: unknown): unknown {
  if (!(cause instanceof ClientError)) return cause;
  switch (cause.code) {
    case 'error-invalid-name':
      return new FieldMistake('name', words.say('nameBad'));
    case 'error-invalid-redirectUri':
      return new FieldMistake('redirectUri', words.say('redirectsBad'));
    case 'error-invalid-permission':
      return new FieldMistake('permissions', words.say('permissionsBad'));
    default:
      return cause;
  }
}
