import { methodCallEndpoint } from '../method-call.ts';

export default methodCallEndpoint(
  '/api/v1/method.call/:method',
  'token',
  'Runs a realtime method for somebody who is signed in.',
);
