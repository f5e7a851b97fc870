// node flights.mjs flights.csv.gz OUT: unpacks the flights for the harness, whose checks look for
// columns of certain names: `flight` becomes `order_id` and `distance` becomes `amount`.
import fs from 'node:fs';
import zlib from 'node:zlib';

const [, , from, to] = process.argv;
if (!fs.existsSync(to)) {
  const text = zlib.gunzipSync(fs.readFileSync(from)).toString('utf8');
  const end = text.indexOf('\n');
  const names = text.slice(0, end).split(',').map((name) => ({ flight: 'order_id', distance: 'amount' })[name.trim()] ?? name);
  if (!names.includes('order_id') || !names.includes('amount')) throw new Error(`unexpected columns: ${text.slice(0, end)}`);
  fs.writeFileSync(to, names.join(',') + text.slice(end));
}
