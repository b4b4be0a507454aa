import { appLabelOf } from '../../shapes/app-label.ts';
import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.totpQrCode',
  summary: 'Draws the waiting authenticator app as a QR code, for the session that began with it.',
  auth: 'token',
  enrolment: true,
  answer: object({ svg: text({ description: 'A picture, to be shown and never kept.' }) }),
  async run(app, { signed }) {
    const { url } = await app.factor.waitingApp(signed, appLabelOf(signed.account));
    const { renderSVG } = await import('uqr');
    return { svg: renderSVG(url) };
  },
});
