// Jari in the harness of ../shared/bench, whose stub of the same name this file replaces. `page.mjs`
// there states the form of an adapter; the built site is served at /jari/.
export const available = true;

const X = Array.from({ length: 10 }, (_, i) => `x${i + 1}`);

export const boot = async () => {
  const { Jari } = await import('/jari/jari.js');
  return Jari.start();
};

export const tasks = {
  csv: {
    load: (jari, data) => data.file('orders'),
    run: (jari, file) => jari.importTable('orders', file),
    async check(jari, file, table) {
      const { tables } = await jari.run('explore.describe', { table, options: { columns: ['amount'] } });
      const [amount] = tables.numbers;
      return table.nRows + amount.mean * amount.n;
    },
    reset: (jari) => jari.keep([]),
  },
  kmeans: {
    async load(jari, data) {
      const all = await data.f64('blobs'), n = all.length / X.length;
      return jari.importColumns('blobs', Object.fromEntries(X.map((name, i) => [name, all.subarray(i * n, (i + 1) * n)])));
    },
    run: (jari, table) => jari.run('segment.k_means', {
      table,
      options: { columns: X, k: 8, scaling: 'none', start: 'rows', start_rows: '', max_iterations: 20, tolerance: 0 },
    }),
    check: (jari, table, { tables }) => tables.profile
      .flatMap((row) => Object.entries(row).filter(([key]) => key.startsWith('cluster_')).map(([, mean]) => mean))
      .reduce((sum, mean) => sum + mean * mean, 0),
  },
};
