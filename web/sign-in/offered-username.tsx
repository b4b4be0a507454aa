import { useEffect, useRef, useState } from 'preact/hooks';
import { visitor } from '../client.ts';
import { Field } from '../parts/field.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { register as words } from '../words/register.ts';
import { withinText } from './email.ts';

/** How long nothing is typed before the server is asked. */
const pauseMs = 500;

interface Props {
  /** What the person has told so far. */
  readonly known: { readonly name: string; readonly email: string };
  readonly secret: string | undefined;
}

interface Offer {
  readonly free?: boolean;
  readonly suggestion: string;
}

/** A username: one is made of what is known until the person types another, and whether that is free is said. */
export function OfferedUsername({ known: { name, email }, secret }: Props) {
  const [typed, setTyped] = useState('');
  const [isOwn, setOwn] = useState(false);
  const [offer, setOffer] = useState<Offer | undefined>(undefined);
  const own = useSettled(isOwn ? typed.trim() : '', pauseMs);
  // Known at once, and not only when this is drawn next: an offer that comes meanwhile must overwrite nothing, nor stand
  // in the way of whoever begins to type.
  const isTyped = useRef(false);
  const hasFocus = useRef(false);
  useEffect(() => {
    setOffer(undefined);
    if (own === '' && (isTyped.current || (name === '' && email === ''))) return undefined;
    let isLate = false;
    const asked = {
      name,
      email,
      ...(own === '' ? {} : { username: own }),
      ...(secret === undefined ? {} : { secret }),
    };
    visitor()
      .post('registration.offerUsername', asked)
      .then(
        (offered) => {
          if (isLate) return;
          setOffer(offered);
          if (own === '' && !isTyped.current && !hasFocus.current) setTyped(offered.suggestion);
        },
        // Without an answer it is looked at when the form is sent.
        () => undefined,
      );
    return () => {
      isLate = true;
    };
  }, [own, name, email, secret]);
  const take = (username: string, isTheirs: boolean): void => {
    setTyped(username);
    setOwn(isTheirs);
    isTyped.current = isTheirs;
  };
  const canTake = offer !== undefined && (isOwn ? offer.free === false : typed === '');
  return (
    <div
      onFocusIn={() => {
        hasFocus.current = true;
      }}
      onFocusOut={() => {
        hasFocus.current = false;
      }}
    >
      <Field
        label={words.say('username')}
        name="username"
        required
        value={typed}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        dir="ltr"
        onInput={({ currentTarget }) => take(currentTarget.value, currentTarget.value !== '')}
        hint={
          <>
            <span role="status">
              {words.say(told(typed, isOwn, isOwn && own !== typed.trim() ? undefined : offer))}
            </span>
            {canTake ? (
              <>
                {' '}
                <button type="button" class="link" onClick={() => take(offer.suggestion, true)}>
                  {words.say('usernameUse', { name: withinText(offer.suggestion) })}
                </button>
              </>
            ) : null}
          </>
        }
      />
    </div>
  );
}

function told(typed: string, isOwn: boolean, offer: Offer | undefined) {
  if (!isOwn) return typed === '' ? 'usernameHint' : 'usernameMade';
  if (offer?.free === undefined) return 'usernameHint';
  return offer.free ? 'usernameFree' : 'usernameTaken';
}
