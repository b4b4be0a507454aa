import './mailed-token.ts';
import './style/fuselage.css';
import 'virtual:palette.css';
import './style/main.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { resumeSession } from './client.ts';
import { explain } from './explain.ts';
import { applyTheme } from './theme.ts';
import { shared } from './words/shared.ts';

applyTheme();
const [resumed] = await Promise.all([
  resumeSession().then(
    (userId) => ({ isSignedIn: userId !== undefined }),
    (cause: unknown) => ({ isSignedIn: false, cause }),
  ),
  // Without them it is said in English, that they did not come too.
  shared.load().catch(() => undefined),
]);
const unanswered = 'cause' in resumed ? explain(resumed.cause).text : undefined;
const page = document.getElementById('page');
if (page !== null) render(<App isSignedIn={resumed.isSignedIn} unanswered={unanswered} />, page);
