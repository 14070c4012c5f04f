# {{ fileBasename }} in a comment
work_dir = './work_dirs/{{ fileBasenameNoExtension }}'
names = ['{{fileBasename}}', '{{ fileExtname}}', "{{fileBasenameNoExtension }}", f'{{fileBasename}}']
classes = {{'$PYCONFIG_UNSET_CLASSES:80'}}
root = '{{$PYCONFIG_UNSET_ROOT:/data/coco}}/images'
spaced = '{{ $PYCONFIG_UNSET_A : x-y }}'
set_variable = '{{$PYCONFIG_TEST_VARIABLE:default}}'
set_number = {{'$PYCONFIG_TEST_NUMBER:1'}}
not_one = '{{ something }}'
nested_dict = {'a': {'b': 1}}
