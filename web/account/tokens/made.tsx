import { useEffect, useRef } from 'preact/hooks';
import { facts } from '../../facts.ts';
import { Button } from '../../parts/button.tsx';
import { Copyable } from '../../parts/copyable.tsx';
import { usePerson } from '../../person.ts';
import { tokens as words } from '../../words/tokens.ts';

/** The text of a token that was just made: shown this once, with a command that tries it. */
export function MadeToken({
  name,
  text,
  onDone,
}: {
  readonly name: string;
  readonly text: string;
  readonly onDone: () => void;
}) {
  const { me } = usePerson();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const site = facts.siteUrl.replace(/\/+$/u, '');
  return (
    <section class="panel panel--fresh" aria-labelledby="made-token">
      <header class="panel__head">
        <h2 id="made-token" ref={heading} tabIndex={-1}>
          {words.say('madeTitle', { name })}
        </h2>
      </header>
      <p>{words.say('madeText')}</p>
      <dl class="shown-once">
        <dt>{words.say('token')}</dt>
        <dd>
          <Copyable label={words.say('token')} text={text} />
        </dd>
        <dt>{words.say('user')}</dt>
        <dd>
          <Copyable label={words.say('user')} text={me._id} />
        </dd>
        <dt>{words.say('curl')}</dt>
        <dd>
          <Copyable
            label={words.say('curl')}
            text={`curl -H 'X-Auth-Token: ${text}' -H 'X-User-Id: ${me._id}' '${site}/api/v1/me'`}
          />
        </dd>
      </dl>
      <div class="buttons">
        <Button kind="primary" onClick={onDone}>
          {words.say('done')}
        </Button>
      </div>
    </section>
  );
}
