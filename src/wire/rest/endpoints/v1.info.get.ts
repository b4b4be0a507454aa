import { infoEndpoint } from '../info.ts';

export default infoEndpoint('/api/v1/info');
