import { useEffect, useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { Field } from '../../parts/field.tsx';
import { profile as words } from '../../words/profile.ts';

/** How long nothing is typed before the server is asked. */
const pauseMs = 400;

/** A username, with whether it is free said while it is typed. @param now the one of the moment */
export function UsernameField({ now }: { readonly now: string }) {
  const [typed, setTyped] = useState(now);
  const [isFree, setFree] = useState<boolean | undefined>(undefined);
  const asked = typed.trim();
  useEffect(() => {
    setFree(undefined);
    if (asked === '' || asked === now) return undefined;
    let isLate = false;
    const timer = setTimeout(() => {
      client.get('users.checkUsernameAvailability', { username: asked }).then(
        ({ result }) => {
          if (!isLate) setFree(result);
        },
        // What cannot be a name is refused, and what was not answered is looked at when it is sent.
        (cause: unknown) => {
          if (!isLate) setFree(isRefusal(cause) ? false : undefined);
        },
      );
    }, pauseMs);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [asked, now]);
  return (
    <Field
      label={words.say('username')}
      name="username"
      required
      defaultValue={now}
      autocomplete="username"
      autocapitalize="none"
      spellcheck={false}
      dir="ltr"
      onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      hint={
        <span role="status">
          {isFree === undefined ? words.say('usernameHint') : words.say(isFree ? 'usernameFree' : 'usernameTaken')}
        </span>
      }
    />
  );
}

function isRefusal(cause: unknown): boolean {
  return (cause as { readonly status?: unknown } | null)?.status === 400;
}
