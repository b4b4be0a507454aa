import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { CheckField, Field } from '../../parts/field.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { usePerson } from '../../person.ts';
import { tokens as words } from '../../words/tokens.ts';

/** The permissions that the caller holds, of which a token may carry some. */
export function Scopes({
  chosen,
  onChange,
}: {
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}) {
  const { may } = usePerson();
  const [word, setWord] = useState('');
  const listed = useLoaded(async () => {
    const { update } = (await client.get('permissions.listAll')) as {
      readonly update: readonly { readonly _id: string }[];
    };
    return update
      .map(({ _id }) => _id)
      .filter(may)
      .toSorted();
  });
  const toggle = (scope: string, isChosen: boolean): void => {
    const next = new Set(chosen);
    if (isChosen) next.add(scope);
    else next.delete(scope);
    onChange(next);
  };
  return (
    <fieldset class="fields">
      <legend>{words.say('scopes')}</legend>
      <Field
        type="search"
        label={words.say('search')}
        name="search"
        autocomplete="off"
        spellcheck={false}
        value={word}
        onInput={({ currentTarget }) => setWord(currentTarget.value)}
      />
      <Shown of={listed}>
        {(held) => {
          const found = held.filter((scope) => scope.includes(word.trim().toLowerCase()));
          if (found.length === 0) return <p class="quiet">{words.say('noneFound')}</p>;
          return (
            <div class="pick" tabIndex={0} role="group" aria-label={words.say('scopes')}>
              {found.map((scope) => (
                <CheckField
                  key={scope}
                  name={`scope ${scope}`}
                  label={<code dir="ltr">{scope}</code>}
                  checked={chosen.has(scope)}
                  onChange={({ currentTarget }) => toggle(scope, currentTarget.checked)}
                />
              ))}
            </div>
          );
        }}
      </Shown>
      <p class="quiet" role="status">
        {chosen.size === 0 ? words.say('noneChosen') : words.say('chosen', { count: chosen.size })}
      </p>
    </fieldset>
  );
}
