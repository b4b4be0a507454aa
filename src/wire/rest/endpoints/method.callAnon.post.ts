import { methodCallEndpoint } from '../method-call.ts';

export default methodCallEndpoint('/api/v1/method.callAnon/:method', 'optional', 'Runs a realtime method for anybody.');
