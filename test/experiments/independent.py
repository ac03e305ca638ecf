# The numbers of an analysis once more, from a row a unit, by SciPy: standard input is CSV, standard output JSON.
import csv, json, sys
import numpy as np
from scipy import stats

rows = list(csv.DictReader(sys.stdin))
arm = np.array([row['arm'] for row in rows])


def column(name):
    return np.array([float(row[name]) if row[name] != '' else np.nan for row in rows])


def arms(values):
    return [values[(arm == name) & ~np.isnan(values)] for name in ('off', 'on')]


def welch(control, treatment, level=0.975):
    result = stats.ttest_ind(treatment, control, equal_var=False)
    vc, vt = control.var(ddof=1) / len(control), treatment.var(ddof=1) / len(treatment)
    df = (vc + vt) ** 2 / (vc ** 2 / (len(control) - 1) + vt ** 2 / (len(treatment) - 1))
    d, half = treatment.mean() - control.mean(), stats.t.ppf(level, df) * np.sqrt(vc + vt)
    return {'difference': d, 'lower': d - half, 'upper': d + half, 'p': result.pvalue}


def capped(values, q):
    return np.minimum(values, np.percentile(values[~np.isnan(values)], 100 * q))


def adjusted(y, x):
    inside = [[v - v.mean() for v in arms(each)] for each in (y, x)]
    theta = sum((a * b).sum() for a, b in zip(*inside)) / sum((b * b).sum() for b in inside[1])
    return theta, welch(*arms(y - theta * (x - x.mean())))


out = {}
assigned = [int((column('assigned')[arm == name]).sum()) for name in ('off', 'on')]
out['split'] = {'p': stats.chisquare(assigned).pvalue}
kept = column('kept') == 1
rows, arm = [row for row, own in zip(rows, kept) if own], arm[kept]
bought = [group.sum() for group in arms(column('purchase'))]
units = [len(group) for group in arms(column('purchase'))]
table = [[b, n - b] for b, n in zip(bought, units)]
out['purchase'] = {'difference': bought[1] / units[1] - bought[0] / units[0],
                   'p': stats.chi2_contingency(table, correction=False)[1]}
out['order-value'] = welch(*arms(capped(column('order_value'), 0.95)))
out['revenue'] = welch(*arms(capped(column('revenue'), 0.9)))
out['sessions'] = welch(*arms(column('sessions')))
out['seconds'] = welch(*arms(column('seconds')))
theta, out['sessions cuped'] = adjusted(column('sessions'), column('sessions_before'))
out['sessions cuped']['theta'] = theta
theta, out['purchase cuped'] = adjusted(column('purchase'), column('purchase_before'))
linear = []
for n, d in zip(arms(column('errors')), arms(column('error_sessions'))):
    ratio = n.sum() / d.sum()
    linear.append(ratio + (n - ratio * d) / d.mean())
out['errors'] = welch(*linear, level=0.95)  # a guardrail: 90 %, as its tests are one-sided
ps = sorted((out[name]['p'], name) for name in ('order-value', 'revenue', 'sessions', 'seconds'))
largest = 0.0
for rank, (p, name) in enumerate(ps):
    largest = max(largest, min(1.0, (len(ps) - rank) * p))
    out[name]['adjustedP'] = largest
smallest = 1.0
for rank, (p, name) in reversed(list(enumerate(ps, 1))):
    smallest = min(smallest, p * len(ps) / rank)
    out[name]['falseDiscoveryP'] = smallest
json.dump({name: {key: float(value) for key, value in each.items()} for name, each in out.items()}, sys.stdout)
