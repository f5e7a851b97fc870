// The cases of distributions.json, answered by R:
//     npm install webr ws xmlhttprequest-ssl && node r.mjs > r.json
import { readFileSync } from 'node:fs';
import { WebR } from 'webr';

const { cases, quantiles } = JSON.parse(readFileSync(new URL('distributions.json', import.meta.url)));
const short = { normal: 'norm', student_t: 't', chi_squared: 'chisq', f: 'f', beta: 'beta' };
const webR = new WebR();
await webR.init();
const ask = (calls) => webR.evalRRaw(`c(${calls.join(',')})`, 'number[]');
const tail = ({ distribution, arguments: a }, lower) =>
  `p${short[distribution]}(${a.join(',')}, lower.tail = ${lower})`;
const point = ({ distribution, parameters, p, tail }) =>
  `q${short[distribution]}(${[p, ...parameters].join(',')}, lower.tail = ${tail === 'lower' ? 'TRUE' : 'FALSE'})`;
console.log(JSON.stringify({
  version: await webR.evalRString('R.version.string'),
  lower: await ask(cases.map((c) => tail(c, 'TRUE'))),
  upper: await ask(cases.map((c) => tail(c, 'FALSE'))),
  quantiles: await ask(quantiles.map(point)),
}));
process.exit(0);
