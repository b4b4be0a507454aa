import { type Variable, variables } from '../../src/config.ts';
import { blocks, code, type Page, plain, sorted, table } from './markdown.ts';

/** Every variable of the environment. */
export function environmentPage(): Page {
  const all: readonly (readonly [string, Variable])[] = Object.entries(variables);
  const rows = sorted(all, ([name]) => name).map(([name, { initial, secret, about }]) => [
    code(name),
    code(initial),
    secret === true ? code(`${name}_FILE`) : '',
    plain(about),
  ]);
  return {
    file: 'environment.md',
    title: 'Environment',
    about: 'variables that decide where the server listens and what it stores',
    body: blocks(
      'These variables are read once, at the start. A value that cannot be used stops the start with one sentence; an empty one counts as missing. A secret may also lie in a file whose path the variable in the third column gives; a line end at its end is left out, and giving both stops the start.',
      table(['Variable', 'Default', 'Or in a file', 'What it does'], rows),
      '## Settings from the environment',
      `Each setting of [settings](settings.md) can be given as well:`,
      table(
        ['Variable', 'What it does'],
        [
          ['`OVERWRITE_SETTING_<id>`', 'The value of the setting, at every start.'],
          ['`<id>`', 'Its value at the first start that knows the setting; an administrator may change it later.'],
          ['`SETTINGS_BLOCKED`', 'Ids, separated by commas, that nobody may change while the server runs.'],
          ['`SETTINGS_HIDDEN`', 'Ids, separated by commas, that no client is shown.'],
        ],
      ),
      plain(
        'A variable for a setting that is not listed there is named once in the log and ignored, so that the environment of a Rocket.Chat server can be carried over.',
      ),
    ),
  };
}
