import { client } from '../../client.ts';
import { chooseLanguage, type Language, language, languages } from '../../language.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { CheckField, SelectField } from '../../parts/field.tsx';
import { Fixed } from '../../parts/fixed.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { usePerson } from '../../person.ts';
import type { PublicSettings } from '../../public-settings.ts';
import { profile as words } from '../../words/profile.ts';
import { shared } from '../../words/shared.ts';

/** The language of mails and pages, and whether mails tell of new devices. */
export function Choices({ settings }: { readonly settings: PublicSettings }) {
  const { me, refresh } = usePerson();
  const mayDoWithout = settings['Device_Management_Allow_Login_Email_preference'] === true;
  const mailsAreSent = settings['Device_Management_Enable_Login_Emails'] === true;
  const wantsMails = me.settings?.preferences.receiveLoginDetectionEmail !== false;
  return (
    <Panel title={words.say('choices')}>
      <Form
        label={words.say('choices')}
        onSubmit={async ({ language: chosen = '', newDevices }) => {
          await client.post('users.setPreferences', {
            data: {
              language: chosen,
              ...(newDevices === undefined ? {} : { receiveLoginDetectionEmail: newDevices === 'on' }),
            },
          });
          await refresh();
          announce(shared.say('saved'));
          if (chosen in languages && chosen !== language) chooseLanguage(chosen as Language);
        }}
      >
        {(act) => (
          <>
            <SelectField
              label={words.say('language')}
              name="language"
              defaultValue={me.language ?? ''}
              hint={words.say('languageHint')}
              options={languageOptions(me.language ?? '')}
            />
            {mayDoWithout && mailsAreSent ? (
              <CheckField
                label={words.say('newDevices')}
                name="newDevices"
                defaultChecked={wantsMails}
                hint={words.say('newDevicesHint')}
              />
            ) : (
              <Fixed label={words.say('newDevices')} why={words.say('fixed')}>
                {shared.say(mailsAreSent ? 'yes' : 'no')}
              </Fixed>
            )}
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

/** Other clients know more languages: one that was chosen there stays. */
function languageOptions(chosen: string): readonly { readonly value: string; readonly label: string }[] {
  const known = Object.entries(languages).map(([value, label]) => ({ value, label }));
  const other = chosen === '' || chosen in languages ? [] : [{ value: chosen, label: chosen }];
  return [{ value: '', label: words.say('languageNone') }, ...known, ...other];
}
