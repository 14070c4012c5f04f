# Built-in functions and container methods.
lens = [len('abc'), len([1, 2]), len(dict(a=1)), len(range(0, 10, 3)), len('日本'), len({1, 1, 2}), len(()), len(range(5, 0))]
minmax = [min(1, 2), max([3, 1, 2]), min('b', 'a'), max(1, 2.0), max([], default=5), min((3, 1)), max('abc'), max(1, True), min([1, -2], key=abs), max(['a', 'bbb', 'cc'], key=len)]
sums = [sum([1, 2, 3]), sum((0.1, 0.2)), sum([[1], [2]], []), sum(range(5)), sum([1, 2.5]), sum([], 1.5), sum(i for i in range(4))]
rounding = [round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1.25, 1), round(1234, -2), round(1250, -2), round(1350, -2), round(5), round(0.5), round(1e20 / 1e18, 1), round(3.14159, 3),
            round(2.5, 0), round(12345.678, -2), round(True)]
numbers = [abs(-3), abs(-2.5), int(3.9), int(-3.9), int('42'), int(' -7 '), int('ff', 16), int('1_000'), int(True), float(3), float('1e-3'), float(' 2.5 '), bool([]), bool('x'), pow(2, 3),
           divmod(7, 2), divmod(-7, 2), divmod(7.5, 2), int('0x1f', 16), int('0b11', 0), int(), float(), str(), bool(), abs(True), float('-2_0.5')]
conversions = [list('abc'), tuple([1, 2]), list(dict(a=1, b=2)), dict([('a', 1)]), dict(a=1).copy(), list((1, 2)), tuple('ab'), list(range(3)), list(zip([1, 2], 'ab')), list(enumerate('ab')),
               list(enumerate('ab', 1)), list(reversed([1, 2, 3])), sorted([3, 1, 2]), sorted('bca', reverse=True), sorted(dict(b=1, a=2)), sorted([(1, 'b'), (1, 'a')]), list(map(str, [1, 2])),
               sorted(['bb', 'a', 'ccc'], key=len, reverse=True), sorted({3, 1, 2}), list(filter(None, [0, 1, '', 'a'])), list(zip(*[(1, 2), (3, 4)])), dict(zip('ab', range(2))), sorted([1, 2.5, True]),
               list(map(int, '123')), dict.fromkeys(['a', 'b'], 0), dict.fromkeys('xy'), list(map(max, [1, 5], [3, 2])), next(iter([7, 8])), list(reversed('abc')), dict(dict(a=1), b=2)]
quantifiers = [any([0, 1]), all([]), any([]), all([1, 0]), any(i > 2 for i in range(4)), all(i < 4 for i in range(4))]
comps = [[i for i in range(3)], [i * j for i in range(3) for j in range(i)], [i for i in range(10) if i % 2 if i > 3], {k: v for k, v in zip('ab', [1, 2])}, [(i, c) for i, c in enumerate('ab')],
         [[j for j in range(i)] for i in range(3)], {i: [i] * i for i in range(3)}, sorted({i % 3 for i in range(10)}), list(i ** 2 for i in range(3)), [x for x, *_ in [(1, 2, 3), (4, 5)]],
         [y for x in [[1, 2], [3]] for y in x], {str(k): dict(n=k) for k in range(2)}, [a + b for (a, b) in [(1, 2)]], ['odd' if i % 2 else 'even' for i in range(3)],
         dict(zip(range(2), (dict(a=i) for i in range(2)))), [i for i in [1, 2, 3] if not i == 2], [n for n in {'k': 1, 'l': 2}], [k for k, v in dict(a=1, b=0).items() if v]]
l = [3, 1, 2]
l.append(5)
l.extend([7, 8])
l.insert(0, 'x')
l.insert(-1, 'y')
l.insert(100, 'end')
popped = [l.pop(), l.pop(0)]
l.remove('y')
index = [l.index(1), l.count(3)]
l.sort()
l.reverse()
l2 = l.copy()
l2.clear()
l4 = ['bb', 'a']
l4.sort(key=len, reverse=True)
d = dict(a=1, b=dict(c=2))
d.update(b=3, e=4)
d.update({'f': 5})
d.update([('g', 6)])
got = [d.get('a'), d.get('zz'), d.get('zz', 9), d.pop('a'), d.pop('zz', None), d.setdefault('s', []), d.setdefault('e', 0)]
d['s'].append(1)
dk = [list(d.keys()), list(d.values()), list(d.items()), 'b' in d.keys(), 3 in d.values(), len(d.items())]
item = d.popitem()
c = d.copy()
c.clear()
s = {1, 2}
s.add(3)
s.discard(9)
s.update([4])
sets = [sorted(s | {9}), sorted(s & {1, 2, 99}), sorted(s - {1}), sorted(s ^ {1, 100}), sorted(s.union([7])), sorted(s.intersection({1})), {1}.issubset(s), sorted(set('aab')), len(set())]
t = (1, 2, 1)
tup = [t.count(1), t.index(2)]
total = 0
for i in range(5):
    if i == 1:
        continue
    if i == 4:
        break
    total += i
else:
    total = -1
for k, v in dict(a=1, b=2).items():
    total += v
for (a1, b1), c1 in [((1, 2), 3)]:
    pass
count = 0
while count < 5:
    count += 1
    if count == 3: break
else:
    count = 100
for unused in []:
    never = 1
else:
    ran_else = True
if total > 3:
    branch = 'big'
elif total > 1:
    branch = 'middle'
else:
    branch = 'small'
if branch == 'none': pass
pairs = []
for x in (1, 2):
    for y in (3, 4):
        if y == 4: continue
        pairs.append((x, y))
del sets, s
