import { useId, useState } from 'preact/hooks';
import { chooseLanguage, type Language, language, languages } from '../language.ts';
import { chooseTheme, chosenTheme, type Theme } from '../theme.ts';
import { shared } from '../words/shared.ts';

/** Language and colours, for this browser. */
export function Preferences() {
  const [theme, setTheme] = useState<Theme>(chosenTheme());
  const id = useId();
  return (
    <div class="preferences">
      <span class="preferences__one">
        <label for={`${id}-language`}>{shared.say('language')}</label>
        <select
          id={`${id}-language`}
          class="preferences__choice"
          value={language}
          onChange={({ currentTarget }) => chooseLanguage(currentTarget.value as Language)}
        >
          {Object.entries(languages).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </span>
      <span class="preferences__one">
        <label for={`${id}-theme`}>{shared.say('theme')}</label>
        <select
          id={`${id}-theme`}
          class="preferences__choice"
          value={theme}
          onChange={({ currentTarget }) => {
            setTheme(currentTarget.value as Theme);
            chooseTheme(currentTarget.value as Theme);
          }}
        >
          <option value="system">{shared.say('themeSystem')}</option>
          <option value="light">{shared.say('themeLight')}</option>
          <option value="dark">{shared.say('themeDark')}</option>
        </select>
      </span>
    </div>
  );
}
