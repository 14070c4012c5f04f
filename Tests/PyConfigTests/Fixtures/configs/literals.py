# Every kind of literal.
ints = [0, 1, -1, 1_000_000, 0xFF, 0xdead_beef, 0o17, 0b1010_1010, 00, 9223372036854775807, -9223372036854775808]
floats = [0.0, -0.0, 1., .5, 1e3, 1E-3, 1_0.5_0, 1e16, 1.2e16, 123456789012345680.0, 1e22, 1e-4, 1e-5, 0.1 + 0.2, 5e-324,
          1.7976931348623157e308, 1e100, 2.5e-7, 100000.0, 1234567.875]
strings = ['single', "double", 'it\'s', "say \"x\"", 'tab\tnew\nline', r'raw\n\d', R"raw", u'unicode', 'a' 'b' "c",
           '\x41\u00e9\U0001F600\101\0end', 'unknown \d escape', '''triple
line "quoted" ''', """another 'one'""", 'back\\slash', 'a\
b', rb'bytes'.__class__ is None if False else 'ok', '', 'ünïcode', '日本']
joined = ('implicit '
          'concatenation '
          f'with {1 + 1} '
          r'raw\n')
constants = [None, True, False]
nested = dict(a=[1, (2, 3), {'b': (4,), 5: [6.0]}], t=(), l=[], d={}, e=dict())
keys = {1: 'int', 2.5: 'float', True: 'overrides 1', None: 'none', 'x': 'str'}
same_key = {1: 'a', 1.0: 'b', True: 'c'}
trailing = [1, 2,]
single = (1,)
parenthesized = (1)
many = [[[[[[1]]]]]]
