import { infoEndpoint } from '../info.ts';

export default infoEndpoint('/api/info');
