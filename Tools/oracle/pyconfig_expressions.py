"""Writes random expressions and what Python makes of them, for Tests/PyConfigTests/Fixtures/expressions.tsv.

    python Tools/oracle/pyconfig_expressions.py COUNT > expressions.tsv

A line is the expression, a tab, and its repr (ranges as lists), or `error`. Integers beyond 64 bits are errors in
PyConfig by design, so that expressions with such results are left out.
"""
import random
import sys
import warnings

warnings.simplefilter('ignore')
random.seed(20)

INTEGERS = '0 1 -1 2 3 7 -5 10 255 1000 64'.split()
FLOATS = '0.0 -0.0 1.0 0.5 2.5 -2.5 1e-5 1e16 3.14159 123456.789 0.1 -7.25 100.0'.split()
STRINGS = ["''", "'a'", "'abc'", "'Hello World'", "' x y '", "'a,b,c'", "'12'", "'-3.5'", "'é日'", "'it\\'s'",
           "'l1\\nl2'", "'%s-%d'", "'{}-{}'", "'aXbXc'"]
BINARY = '+ - * / // % ** << >> & | ^'.split()
LOGIC = ['<', '<=', '==', '!=', '>', '>=', 'in', 'not in', 'and', 'or']
SLICES = ['0', '-1', '1:', '::-1', ':2', '::2', '-2:', '1:-1', '5', '3:0:-1']
PLAIN = ('lower upper strip split title capitalize swapcase isdigit isalpha splitlines isupper isspace '
         'isalnum').split()
WITH_ARGUMENTS = ('split rsplit count find rfind startswith endswith strip lstrip rstrip partition rpartition '
                  'removeprefix removesuffix join index format replace').split()
FUNCTIONS = 'len min max sum abs round int float str bool sorted list tuple any all repr dict'.split()
SPECS = ['', ' d'] + ('d 5 05 <5 >8 ^9 *^9 + x #x b o e .2f .3g g % 10.3f 010.2f , _ +.1e .0f .5 s >3s .2s 08b =+6 #o E '
                      'G .10g .0e 20 <+10.2f c X -^7').split()
DIRECTIVES = [' d'] + ('s d r f .2f 5d -5d| 05d +d x #x e .3e g .3g 5s -5s| .2s o i c % +.1f 08.3f X .3d G').split()
pick = random.choice


def number():
    return pick(INTEGERS) if random.random() < 0.6 else pick(FLOATS)


def sequence(depth):
    elements = ', '.join(expression(depth - 1) for _ in range(random.randint(0, 3)))
    pairs = ', '.join(f'{pick(STRINGS + INTEGERS)}: {expression(depth - 1)}' for _ in range(random.randint(0, 3)))
    return pick([f'[{elements}]', f'({elements},)' if elements else '()', f'range({pick(["5", "-3, 4", "10, 0, -2", "0"])})',
                 pick(STRINGS), '{' + pairs + '}'])


def arguments(depth):
    return ', '.join(pick([pick(STRINGS), number(), sequence(depth)]) for _ in range(pick([0, 1, 1, 1, 2, 2, 3])))


def expression(depth):
    if depth <= 0:
        return pick([number(), pick(STRINGS), 'None', 'True', 'False'])
    inner = expression(depth - 1)
    return pick([
        lambda: number(),
        lambda: sequence(depth),
        lambda: f'({inner} {pick(BINARY)} {expression(depth - 1)})',
        lambda: f'({inner} {pick(BINARY)} {expression(depth - 1)})',
        lambda: f'({inner} {pick(LOGIC)} {expression(depth - 1)})',
        lambda: f'{sequence(depth)}[{pick(SLICES)}]',
        lambda: f'{pick(STRINGS)}.{pick(PLAIN)}()',
        lambda: f'{pick(STRINGS)}.{pick(WITH_ARGUMENTS)}({arguments(1)})',
        lambda: f'{pick(FUNCTIONS)}({inner})',
        lambda: f"f'{{{number()}:{pick(SPECS)}}}'",
        lambda: f"'%{pick(DIRECTIVES)}' % {pick([number(), inner, pick(STRINGS)])}",
        lambda: f"'{{:{pick(SPECS)}}}'.format({inner})",
        lambda: f'[{pick(["x", "x * 2", "(x, 1)", "str(x)"])} for x in {sequence(depth)}{pick(["", " if x"])}]',
        lambda: f'(-{inner})',
        lambda: f'(not {inner})',
        lambda: f'list({pick(["zip", "enumerate", "reversed"])}({sequence(depth)}))',
    ])()


def plain(value):
    """Ranges as lists, as PyConfig resolves them."""
    if isinstance(value, (list, range)):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and not -2**63 <= value < 2**63:
        raise OverflowError
    return value


def main(count):
    written = 0
    while written < count:
        text = expression(random.randint(1, 3))
        if len(text) > 120 or '** ' in text.replace('** ', '', 1) or '<< 1000' in text or '<< 255' in text:
            continue
        try:
            result = repr(plain(eval(text)))
        except OverflowError:
            continue
        except Exception:
            if random.random() < 0.7:  # Mistakes would otherwise be the majority.
                continue
            result = 'error'
        if len(result) < 200:
            print(text, result, sep='\t')
            written += 1


if __name__ == '__main__':
    main(int(sys.argv[1]))
