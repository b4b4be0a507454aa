import { client } from '../client.ts';
import { Button } from '../parts/button.tsx';
import { Form } from '../parts/form.tsx';
import { Frame } from '../parts/frame.tsx';
import { SignOut } from '../parts/sign-out.tsx';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { duties as words } from '../words/duties.ts';
import { refusedBeside } from './profile/refused-beside.ts';
import { UsernameField } from './profile/username-field.tsx';

/** Whoever comes from another service has no username yet, and can do nothing else before they have one. */
export default function FirstUsername({ onDone }: { readonly onDone: () => Promise<void> }) {
  const suggested = useLoaded(async () => (await client.get('users.getUsernameSuggestion')).result);
  return (
    <Frame>
      <Title>{words.say('usernameTitle')}</Title>
      <p>{words.say('usernameText')}</p>
      <Shown of={suggested}>
        {(suggestion) => (
          <Form
            onSubmit={async ({ username = '' }) => {
              await refusedBeside(client.post('users.updateOwnBasicInfo', { data: { username: username.trim() } }));
              await onDone();
            }}
          >
            {(act) => (
              <>
                <UsernameField now={suggestion} />
                <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
                  {words.say('passwordSave')}
                </Button>
              </>
            )}
          </Form>
        )}
      </Shown>
      <SignOut />
    </Frame>
  );
}
