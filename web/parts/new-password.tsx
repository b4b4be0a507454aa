import '../style/new-password.css';
import { useEffect, useState } from 'preact/hooks';
import { ClientError } from '../../src/client/index.ts';
import { FieldMistake } from '../explain.ts';
import { facts } from '../facts.ts';
import { newPassword as words } from '../words/new-password.ts';
import { PasswordField } from './field.tsx';
import { Icon } from './icon.tsx';
import { knownRules, passwordRules, type Rule } from './password-policy.ts';

/** How long nothing is typed before who hears the page is told how it stands. */
const pauseMs = 900;

const strengths = ['strength0', 'strength1', 'strength2', 'strength3', 'strength4'] as const;

interface Props {
  /** Its key among the values of its form; that of the repetition has `Again` behind it. */
  readonly name: string;
  /** What the field says, where "New password" is not right. */
  readonly label?: string;
  /** Names of the person, which make a password easy to guess. */
  readonly about?: readonly (string | undefined)[];
  readonly autoFocus?: boolean;
}

/**
 * Takes a new password: what it must be ticks while it is typed, and it is typed twice where the settings want that. The
 * form sends it by `withNewPassword`; the screen brings the words `newPassword`.
 */
export function NewPassword({ name, label, about = [], autoFocus = false }: Props) {
  const [typed, setTyped] = useState('');
  const rules = useRules();
  const strength = useStrength(typed, [facts.siteName, ...about.filter((one): one is string => one !== undefined)]);
  return (
    <>
      <PasswordField
        label={label ?? words.say('label')}
        name={name}
        required
        autoFocus={autoFocus}
        autocomplete="new-password"
        placeholder={facts.form.passwordHint}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        hint={rules.length === 0 ? undefined : <Rules rules={rules} typed={typed} />}
      />
      <div class="strength" data-strength={strength ?? 'none'}>
        <span class="strength__bar" aria-hidden="true" />
        <span class="strength__text">
          {strength === undefined ? words.say('strengthNone') : strengthText(strength)}
        </span>
      </div>
      <Heard typed={typed} rules={rules} strength={strength} />
      {facts.registration.passwordTwice ? (
        <PasswordField
          label={words.say('again')}
          name={`${name}Again`}
          required
          autocomplete="new-password"
          placeholder={facts.form.againHint}
        />
      ) : null}
    </>
  );
}

function Rules({ rules, typed }: { readonly rules: readonly Rule[]; readonly typed: string }) {
  return (
    <ul class="rules" aria-label={words.say('rules')}>
      {rules.map(({ name, text, isMetBy }) => {
        const isMet = isMetBy(typed);
        return (
          <li key={name} class={isMet ? 'rules__one rules__one--met' : 'rules__one'}>
            <Icon name={isMet ? 'circle-check' : 'circle-unfilled'} />
            <span>
              {text}
              {isMet ? <span class="hidden">{words.say('met')}</span> : null}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** Says how it stands to who hears the page, once nothing was typed for a moment. */
function Heard({
  typed,
  rules,
  strength,
}: {
  readonly typed: string;
  readonly rules: readonly Rule[];
  readonly strength: number | undefined;
}) {
  const [text, setText] = useState('');
  useEffect(() => {
    if (typed === '') return undefined;
    const timer = setTimeout(() => {
      const left = rules.filter(({ isMetBy }) => !isMetBy(typed)).map((rule) => rule.text);
      const stands = left.length === 0 ? words.say('allMet') : words.say('missing', { rules: left.join(' ') });
      setText(strength === undefined ? stands : `${stands} ${strengthText(strength)}`);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [typed, rules, strength]);
  return (
    <p class="hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}

function strengthText(strength: number): string {
  return words.say('strength', { strength: words.say(strengths[strength] ?? 'strength0') });
}

/** Without an answer no rule is shown: the server looks at all of them again in any case. */
function useRules(): readonly Rule[] {
  const [rules, setRules] = useState(knownRules);
  useEffect(() => {
    let isGone = false;
    passwordRules().then(
      (found) => {
        if (!isGone) setRules(found);
      },
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, []);
  return rules;
}

/** What tells weak passwords is large: it is fetched when something is typed. */
function useStrength(typed: string, about: readonly string[]): number | undefined {
  const [strength, setStrength] = useState<number | undefined>(undefined);
  const names = about.join('\n');
  useEffect(() => {
    let isLate = false;
    if (typed === '') {
      setStrength(undefined);
      return undefined;
    }
    import('./password-strength.ts').then(
      ({ strengthOf }) => {
        if (!isLate) setStrength(strengthOf(typed, names.split('\n')));
      },
      () => undefined,
    );
    return () => {
      isLate = true;
    };
  }, [typed, names]);
  return strength;
}

/** Looks whether what was typed into a `NewPassword` fits the rules, and both times is the same. @throws FieldMistake */
async function mustFit(values: Readonly<Record<string, string>>, name: string): Promise<void> {
  const password = values[name] ?? '';
  const rules = await passwordRules();
  const broken = rules.filter(({ isMetBy }) => !isMetBy(password)).map(({ text }) => text);
  if (broken.length > 0) throw new FieldMistake(name, words.say('missing', { rules: broken.join(' ') }));
  const again = values[`${name}Again`];
  if (again !== undefined && again !== password) throw new FieldMistake(`${name}Again`, words.say('notTheSame'));
}

/** What the server alone can tell, by the end of its code. */
const refusals: Readonly<Record<string, () => string>> = {
  'error-password-policy-not-met-commonPassword': () => words.say('common'),
  'error-password-policy-not-met-ownName': () => words.say('ownName'),
  'error-password-policy-not-met-maxLength': () => words.say('tooLong'),
  'error-password-policy-not-met': () => words.say('refused'),
  'error-password-same-as-current': () => words.say('same'),
  'error-password-in-history': () => words.say('former'),
};

/**
 * Sends the new password of a form, once it fits the rules; a refusal that is about it stands beside its field then.
 * @param values those of the form
 * @param name the name that its `NewPassword` has
 * @throws FieldMistake, and what `send` throws
 */
export async function withNewPassword<T>(
  values: Readonly<Record<string, string>>,
  name: string,
  send: (password: string) => Promise<T>,
): Promise<T> {
  await mustFit(values, name);
  try {
    return await send(values[name] ?? '');
  } catch (cause) {
    const told = cause instanceof ClientError ? refusalOf(cause) : undefined;
    if (told === undefined) throw cause;
    throw new FieldMistake(name, told);
  }
}

function refusalOf({ code, details }: ClientError): string | undefined {
  const listed: readonly unknown[] = Array.isArray(details) ? details : [];
  const codes = listed.map((one) => (one as { readonly error?: unknown } | null)?.error);
  return [...codes, code].map((one) => refusals[String(one)]?.()).find((text) => text !== undefined);
}
