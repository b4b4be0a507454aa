import { passwordPolicyEndpoint } from '../password-policy.ts';

export default passwordPolicyEndpoint('/api/v1/pw.getPolicy');
