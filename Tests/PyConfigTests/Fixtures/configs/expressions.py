# Operators with Python's semantics.
floor = [7 // 2, -7 // 2, 7 // -2, -7 // -2, 7.5 // 2, -7.5 // 2, 1.0 // 0.1, 0 // 5, -0.0 // 1]
mod = [7 % 3, -7 % 3, 7 % -3, -7 % -3, 7.5 % 2, -7.5 % 2, 5 % 2.5, -1 % 1e10, 1e-20 % -3]
div = [4 / 2, 1 / 3, -1 / 2, 10 / 4.0, True / 2]
power = [2 ** 10, 2 ** -1, 2.0 ** 3, 4 ** 0.5, -2 ** 2, (-2) ** 3, 2 ** 3 ** 2, 0 ** 0, 10 ** 18, (-1) ** 1000001]
mixed = [1 + 1.0, 3 * 2.0, 2 - 0.5, True + True, 5 - True, 3 * True, -True, +True, ~5, ~True]
bits = [6 & 3, 6 | 3, 6 ^ 3, 1 << 10, -16 >> 2, True & False, True | False, True ^ True, 5 & True]
precedence = [1 + 2 * 3, (1 + 2) * 3, 2 * 3 ** 2, -3 ** 2, 10 - 4 - 3, 100 / 10 / 2, 7 // 2 * 2, 1 | 2 ^ 3 & 4, 1 << 2 + 1,
              not 1 == 2, not True or True, 1 < 2 == True, -2 * -3, 2 ** -1 * 4, - - 3, not not 0]
sequences = ['ab' * 3, 3 * 'ab', [1, 2] * 2, (1,) * 3, [0] * 0, [1] * -1, 'a' + 'b', [1] + [2, 3], (1, 2) + (3,), [[]] * 2]
compare = [1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, 'a' < 'b', [1, 2] < [1, 3], (1,) < (1, 0), 1 != 2, 'a' == "a", [1] == (1,),
           None is None, 1 is not None, 2 in [1, 2], 3 not in (1, 2), 'ell' in 'hello', 'k' in dict(k=1), {1} < {1, 2},
           1 <= 1.0 >= 1, {'a': 1, 'b': 2} == {'b': 2, 'a': 1}, 'B' < 'a', 5 in range(0, 10, 5), 5.0 in range(10), '' in 'x']
logic = [1 and 2, 0 and 2, 1 or 2, 0 or '', None or 'x', [] or {}, not [], 1 if [] else 2, 'a' if 1 else 'b',
         1 if 0 else 2 if 0 else 3, 0 or None, '' and 5]
slices = [[0, 1, 2, 3, 4][1:3], [0, 1, 2, 3, 4][::-1], [0, 1, 2, 3, 4][::2], [0, 1, 2, 3, 4][-2:], 'hello'[1:-1],
          'hello'[::-1], (1, 2, 3)[:2], [0, 1, 2, 3, 4][10:], [0, 1, 2, 3, 4][-10:2], [0, 1, 2, 3][3:0:-1], 'abc'[-1], [1, 2, 3][-3],
          [0, 1, 2, 3, 4][4:1:-2], [0, 1, 2][None:None], list(range(10)[2:8:3]), range(10)[-1], 'héllo'[1], '日本語'[::-1]]
stars = [[*[1, 2], 3], (*'ab', 'c'), {**dict(a=1), 'b': 2}, dict(**dict(a=1), b=2), [*range(3), *(4, 5)], dict({'x': 1}, y=2),
         {**{'a': 1}, **{'a': 2, 'c': 3}}, dict([('k', 1), ('l', 2)]), [*{'a': 1, 'b': 2}], dict(zip('ab', [1, 2]))]
names = dict(x=dict(y=[1, dict(z='deep')]))
access = [names['x']['y'][1]['z'], names['x']['y'][0], names.get('x')['y'][-1]['z']]
x = 3
x += 2
x *= 2
x -= 1
x //= 2
x **= 2
x %= 7
y = 10
y /= 4
z = 'a'
z += 'b'
z *= 2
lst = [1]
alias = lst
lst += [2]
lst += (3,)
lst2 = [1]
alias2 = lst2
lst2 = lst2 + [2]
a = b = [0]
a.append(1)
p, q = 1, 2
p, q = q, p
(m, n), o = [1, 2], 3
first, *rest = range(5)
*init, last = 'abc'
h, *i, j = (1, 2)
[k, l] = 'xy'
annotated: int = 5
walrus = [(w := 3), w + 1]
d = dict(a=1)
d['b'] = 2
d['a'] += 10
d['l'] = []
d['l'].append(dict(n=1))
d['l'][0]['n'] = 5
d |= dict(c=3)
del d['b']
l3 = list(range(10))
l3[2:5] = ['x']
l3[::4] = [0, 0]
del l3[1], l3[-1]
del walrus[0]
tmp = 1
del tmp
merged = dict(a=1, b=2) | dict(b=3)
e = 1; f = 2
g = [1, 2, 3][0] + {'a': 4}['a'] * (5, 6)[1]
empty_sum = sum([])
wide = (1 +
        2 +
        3)
continued = 1 + \
    2
cond = 'yes' if x > 3 and y < 5 or not z else 'no'
chained = 1 < x <= 9 != 10
