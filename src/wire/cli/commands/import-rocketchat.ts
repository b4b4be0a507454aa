import { rocketChat } from '../../shapes/import/rocketchat.ts';
import { importCommand } from '../import/import-command.ts';

export const importRocketchat = importCommand({
  words: 'import rocketchat',
  summary: 'Bring in the people of Rocket.Chat, or of any other Meteor application.',
  about:
    'Each file is an archive of mongodump, a .bson file or folder of it, or the JSON of mongoexport, compressed or not; the form is told by the content. Passwords, log-in and personal tokens, second factors, links to providers, roles, permissions, changed settings and third-party applications come along, and who was signed in stays signed in. Who is there already is passed over, so a run that was stopped is simply started again. Best done before the first start of the server.',
  example: 'countersign import rocketchat dump.archive --dry-run --report report.jsonl',
  dialect: rocketChat,
});
