// Jari in the harness of ../shared/bench, whose stub of the same name this file replaces. `page.mjs`
// there states the form of an adapter; the built site is served at /jari/.
export const available = true;

const X = (n) => Array.from({ length: n }, (_, i) => `x${i + 1}`);

// A data file of the harness, column after column, as a table in the engine.
async function numbers(jari, data, file, names) {
  const all = await data.f64(file), n = all.length / names.length;
  return jari.importColumns(file, Object.fromEntries(names.map((name, i) => [name, all.subarray(i * n, (i + 1) * n)])));
}

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
  groupby: {
    load: async (jari, data) => jari.importTable('orders', await data.file('orders')),
    run: (jari, table) => jari.run('transform.group', {
      table,
      options: {
        by: ['category'],
        dates: [{ column: 'order_date', part: 'month' }],
        summaries: ['count', 'sum', 'mean'].map((what) => ({ what, column: 'amount' })),
      },
      outputs: { groups: 'groups' },
    }),
    async check(jari, table, { outputs: { groups } }) {
      const { tables } = await jari.run('explore.describe', { table: groups, options: { columns: ['amount_mean'] } });
      const [mean] = tables.numbers;
      return mean.n + mean.mean * mean.n;
    },
  },
  kmeans: {
    load: (jari, data) => numbers(jari, data, 'blobs', X(10)),
    // The profile gives the means of the clusters that the 19th step leaves: the centres of the 20th.
    run: (jari, table) => jari.run('segment.k_means', {
      table,
      options: { columns: X(10), k: 8, scaling: 'none', start: 'rows', start_rows: '', max_iterations: 19, tolerance: 0 },
    }),
    check: (jari, table, { tables }) => tables.profile
      .flatMap((row) => Object.entries(row).filter(([key]) => key.startsWith('cluster_')).map(([, mean]) => mean))
      .reduce((sum, mean) => sum + mean * mean, 0),
  },
  ols: {
    load: (jari, data) => numbers(jari, data, 'reg', [...X(20), 'y', 'label']),
    run: (jari, table) => jari.run('regression.linear', { table, options: { outcome: 'y', predictors: X(20) } }),
    check: (jari, table, { tables }) => tables.coefficients
      .reduce((sum, row) => sum + Math.abs(row.estimate) + Math.abs(row.std_error), 0),
  },
  logit: {
    load: (jari, data) => numbers(jari, data, 'reg', [...X(20), 'y', 'label']),
    run: (jari, table) => jari.run('regression.logistic', { table, options: { outcome: 'label', predictors: X(20) } }),
    check: (jari, table, { tables }) => tables.coefficients.reduce((sum, row) => sum + Math.abs(row.estimate), 0),
  },
  anova: {
    async load(jari, data) {
      const all = await data.f64('reg'), n = all.length / 22, column = (k) => all.subarray(k * n, (k + 1) * n);
      const cut = (values, ...at) => Float64Array.from(values, (v) => at.filter((bound) => v > bound).length);
      return jari.importColumns('reg', { a: cut(column(0), -0.5, 0.5), b: cut(column(1), -0.7, 0, 0.7), y: column(20) });
    },
    run: (jari, table) => jari.run('compare.anova', { table, options: { outcome: 'y', factors: ['a', 'b'], sums: 'i' } }),
    check: (jari, table, { tables }) => tables.anova.slice(0, 3).reduce((sum, row) => sum + row.f, 0),
  },
  welch: {
    load: (jari, data) => numbers(jari, data, 'reg', [...X(20), 'y', 'label']),
    run: (jari, table) => jari.run('compare.t_test', { table, options: { outcomes: ['y'], group: 'label' } }),
    check: (jari, table, { tables }) => tables.tests[0].t,
  },
};
