import { searchFieldsOf, searchTermOf } from '../../../core/account/search.ts';
import { userOffered } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { failure } from '../refusal.ts';
import { free, list, object, text } from '../schema.ts';

const longestSelector = 16_384;
const mostExceptions = 100;
/** So many are offered at once. */
const mostOffered = 10;

export default endpoint({
  method: 'get',
  path: '/api/v1/users.autocomplete',
  summary: 'Offers up to ten open accounts whose name begins as the text that was typed so far.',
  auth: 'token',
  applications: true,
  query: object({
    selector: text({
      maxLength: longestSelector,
      description: 'JSON: {"term":"ja","exceptions":["jane"]}, exceptions being usernames that are left out.',
    }),
  }),
  answer: object({ items: list(free()) }),
  async run(app, { signed, query }) {
    const asked = selectorOf(query.selector);
    if (asked === undefined) throw failure('Invalid selector', 'error-invalid-params');
    if (!app.permissions.held(signed, 'view-outside-room').held) return { items: [] };
    const term = searchTermOf(asked.term);
    if (term === undefined) return { items: [] };
    const full = app.permissions.held(signed, 'view-full-other-user-info').held;
    const fields = searchFieldsOf(app.settings.get('Accounts_SearchFields'), full);
    const left = new Set(asked.exceptions);
    const { accounts } = await app.account.list({
      offset: 0,
      count: mostOffered + left.size,
      sort: [],
      only: { open: true, search: { term, fields } },
    });
    const offered = accounts.filter(({ username }) => username !== undefined && !left.has(username));
    return { items: offered.slice(0, mostOffered).map((account) => userOffered(account, app.presence.of(account))) };
  },
});

interface Selector {
  readonly term: string;
  readonly exceptions: readonly string[];
}

/** What is asked, and nothing else: a query of the client's own is not run here. */
function selectorOf(raw: string): Selector | undefined {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { term = '', exceptions = [], conditions, ...others } = value as Readonly<Record<string, unknown>>;
  // Clients send an empty one.
  const isFree = conditions === undefined || JSON.stringify(conditions) === '{}';
  if (!isFree || Object.keys(others).length > 0 || typeof term !== 'string' || !Array.isArray(exceptions)) {
    return undefined;
  }
  const texts = exceptions.filter((one): one is string => typeof one === 'string');
  if (texts.length !== exceptions.length || texts.length > mostExceptions) return undefined;
  return { term, exceptions: texts };
}
