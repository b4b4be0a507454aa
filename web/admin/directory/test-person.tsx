import { useState } from 'preact/hooks';
import type { DirectoryStep } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { Button } from '../../parts/button.tsx';
import { Checks } from '../../parts/checks.tsx';
import { Field, PasswordField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { directory as words } from '../../words/directory.ts';

/** Goes through a sign-in with the directory step by step. */
export function TestPerson() {
  const [steps, setSteps] = useState<readonly DirectoryStep[] | undefined>(undefined);
  return (
    <Panel title={words.say('person')} about={words.say('personAbout')}>
      <Form
        label={words.say('person')}
        onSubmit={async ({ username = '', password = '' }) => {
          setSteps(undefined);
          const answer = await client.post('ldap.testSignIn', {
            username: username.trim(),
            ...(password === '' ? {} : { password }),
          });
          setSteps(answer.steps);
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('username')}
              name="username"
              required
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
            />
            <PasswordField label={words.say('password')} name="password" autocomplete="off" />
            <div class="buttons">
              <Button type="submit" icon="play" busy={act.isBusy}>
                {words.say('tryPerson')}
              </Button>
            </div>
          </>
        )}
      </Form>
      {steps === undefined ? null : <Checks label={words.say('result')} steps={steps} />}
    </Panel>
  );
}
