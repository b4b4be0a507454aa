import { useEffect } from 'preact/hooks';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Form } from '../../parts/form.tsx';
import { useAct } from '../../parts/use-act.ts';
import { retold } from '../../retold.ts';
import { providerText } from '../../ways.ts';
import { identities as words } from '../../words/identities.ts';
import { shared } from '../../words/shared.ts';
import type { CameBack } from './link-flow.ts';
import { OwnProof, ownProof, useAsksPassword } from './own-proof.tsx';

interface Props {
  readonly brought: CameBack;
  readonly onLinked: () => void;
  readonly onDone: () => void;
}

/** Links what the browser brought from a provider, once the person has shown who they are. */
export function Linking({ brought: { service, token, secret }, onLinked, onDone }: Props) {
  const name = providerText(service);
  const act = useAct();
  const asksPassword = useAsksPassword();
  const link = async (values: Readonly<Record<string, string>>): Promise<void> => {
    const pair = { credentialToken: token, credentialSecret: secret ?? '', ...(await ownProof(values)) };
    await retold(
      client.post('identities.link', pair),
      {
        'error-identity-taken': ['', 'linkTaken'],
        'error-sign-in-not-fresh': ['', 'notFresh'],
        'error-invalid-password': ['currentPassword', 'passwordWrong'],
        // Rocket.Chat's code of a sign-in that nobody waits with.
        '145546287': ['', 'linkLate'],
      },
      words.say,
    );
    announce(words.say('linked', { name }));
    onLinked();
    onDone();
  };
  useEffect(() => {
    // Who can be asked by the dialog is asked at once: the person came for this.
    if (asksPassword === false && secret !== undefined) void act.run(async () => await link({}));
    // What `act` and `link` hold does not matter: it begins once.
  }, [asksPassword, secret]);
  if (secret === undefined) {
    return (
      <Callout kind="warning" title={words.say('linking', { name })}>
        <p>{words.say('linkRefused', { name })}</p>
        <Button small onClick={onDone}>
          {shared.say('close')}
        </Button>
      </Callout>
    );
  }
  return (
    <section class="panel panel--fresh" aria-labelledby="linking">
      <h2 id="linking">{words.say('linking', { name })}</h2>
      <p>{words.say('linkingText')}</p>
      <Form act={act} onSubmit={link}>
        {asksPassword === true ? <OwnProof /> : null}
        <div class="buttons">
          <Button type="submit" kind="primary" busy={act.isBusy}>
            {words.say('goOn')}
          </Button>
          <Button onClick={onDone}>{shared.say('cancel')}</Button>
        </div>
      </Form>
    </section>
  );
}
