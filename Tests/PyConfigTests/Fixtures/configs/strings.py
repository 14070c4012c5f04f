# String methods and formatting.
name = 'hrnet'
size = (192, 256)
lr = 5e-4
n = 7
fstrings = [f'{name}', f'{name}-{size[0]}x{size[1]}', f'{lr}', f'{lr:.2e}', f'{n:03d}', f'{n:>5}|{n:<5}|{n:^5}', f'{name!r}', f'{n=}',
            f'{n = }', f'{n + 1=:04d}', f'{{literal}} {n}', f'{name.upper()}', f"{dict(a=1)['a']}", f'{size}', f'{[1, "x", None]}',
            f'{n:{n}d}', f'{3.14159:.{2}f}', f'{1234567:,}', f'{1234567.891:,.1f}', f'{255:x} {255:#x} {255:08b} {255:o} {255:#X}', f'{0.25:%} {0.256:.1%}',
            f'{True}', f'{None}', f'{True:d}', f'{name:*^15}', f'{name:.3}', f'{-5:+d} {5:+d} {5: d}', f'{1e10} {1e16} {1e-5}', f'{n if n > 3 else 0}',
            f'{"nested " + f"{n}"}', f'{1.0:g} {1e-7:g} {123456789.0:g}', f'{12.5:010.2f}', f'{-12.5:010.2f}', f'{[i * 2 for i in range(3)]}',
            f'{name!s:>8}', f'{1_000_000:_}', f'{5:=+5d}', f'{2.0}', f'{10/4}', rf'\d{n}', f'{n}' 'tail' f'{n}', f'''{
    n
}''', f'{n!r:>4}', f'{"a":>{n}}', f'{3:.1f}', f'{2.5:.0f} {3.5:.0f}', f'{1.5:e}', f'{100:.3g}', f'{1234.5:.3}', f'{12.0:.4}', f'{0.0001:.3}']
percent = ['%s' % name, '%d-%d' % size, '%05.2f' % 3.14159, '%s %r' % ('a', 'b'), '%x' % 255, '%(a)s %(b)d' % dict(a=1, b=2), '%%', '100%% %s' % 1,
           '%-5s|' % 'ab', '%5s|' % 'ab', '%e' % 12345.678, '%g' % 0.0001, '%s' % [1], '%s' % None, '%i' % 3.9, '%+d' % 5, '%c' % 'x', '%.3s' % 'abcdef',
           '%s' % (1,), '%03d' % 7, '%*d' % (5, 42), '%.2f%%' % 99.5, '%#x' % 255, '%s' % dict(a=1)]
formats = ['{}-{}'.format(1, 2), '{1}-{0}'.format(1, 2), '{a}/{b}'.format(a='x', b='y'), '{0[1]} {1[k]}'.format([1, 2], dict(k=3)), '{:>5}'.format(3),
           '{!r}'.format('s'), '{{}}'.format(), '{:.{p}f}'.format(3.14159, p=2), '{} {x} {}'.format(1, 2, x=9), '{:05d}'.format(42), '{0}{0}'.format('ab')]
methods = ['a,b,,c'.split(','), ' a  b '.split(), 'a b c'.split(' ', 1), 'a/b/c'.rsplit('/', 1), '-'.join(['x', 'y']), ''.join(('a', 'b')), 'Hello'.lower(),
           'Hello'.upper(), 'hello world'.title(), 'hELLO'.capitalize(), 'aXbX'.replace('X', '-'), 'aXbX'.replace('X', '-', 1), '  x '.strip(), 'xxaxx'.strip('x'),
           '  x '.lstrip(), '  x '.rstrip(), 'hello'.startswith('he'), 'hello'.endswith(('lo', 'x')), 'hello'.find('l'), 'hello'.rfind('l'), 'hello'.find('z'),
           'hello'.index('e'), 'hello'.count('l'), '7'.zfill(3), '-7'.zfill(4), 'x'.center(5, '*'), 'ab'.center(5), 'x'.ljust(3) + '|', 'x'.rjust(3), '12'.isdigit(),
           'ab'.isalpha(), 'a1'.isalnum(), 'a.b.c'.partition('.'), 'a.b.c'.rpartition('.'), 'abc'.partition('x'), 'prefix_x'.removeprefix('prefix_'),
           'x.py'.removesuffix('.py'), 'l1\nl2\n'.splitlines(), 'aBc'.swapcase(), 'AB'.isupper(), 'ab'.islower(), ' '.isspace(), 'a b  c'.rsplit(None, 1),
           'ab12'.isidentifier(), 'they\'re bill\'s'.title(), 'abcabc'.find('c', 3), 'abcabc'.startswith('bc', 1), ' a b c'.split(None, 1)]
reprs = [repr('a'), repr("it's"), repr('"'), repr(1.0), repr([1, 'a', (2,), {'k': None}]), str(1e-5), str(True), str(None), str(1.0), str(10 ** 15), str(1e15), str(1e16),
         repr('tab\t\\ é \x01 \u200b'), str((1,)), str({'a': 1}), str(range(3)), repr(set()), str({1}), repr('\'"'), repr('\xa0')]
