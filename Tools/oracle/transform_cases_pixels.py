"""Cases of transform_fixtures.py: changes of pixels by albumentations 1.3.1, through MMPose's `Albumentation`."""
from transform_cases import case, person


def change(name, transforms, **draws):
    """Each change with its draws made certain: `p` is 1, ranges have one value, or `draws` says what is drawn."""
    steps = [{'type': 'Albumentation', 'transforms': [{'p': 1.0, **t} for t in transforms]}]
    case('albumentation_' + name, steps, person(), **({'Albumentation': draws} if draws else {}))


for size in (3, 4, 7):
    change(f'blur_{size}', [{'type': 'Blur', 'blur_limit': [size, size]}])
for size in (3, 5, 7):
    change(f'median_{size}', [{'type': 'MedianBlur', 'blur_limit': [size, size]}])
change('both', [{'type': 'Blur', 'blur_limit': [3, 3]}, {'type': 'MedianBlur', 'blur_limit': [5, 5]},
                {'type': 'Blur', 'p': 0.0}])
# left, top, width, height
holes = [[3, 5, 11, 7], [40, 30, 21, 17], [0, 0, 1, 1], [10, 8, 12, 9]]
change('coarse_pixels', [{'type': 'CoarseDropout', 'max_height': 20, 'max_width': 30}], holes=holes)
change('coarse_grey', [{'type': 'CoarseDropout', 'max_height': 20, 'max_width': 30, 'fill_value': 114}], holes=holes[:2])
change('grid_cells', [{'type': 'GridDropout', 'unit_size_min': 10, 'unit_size_max': 40, 'random_offset': True}],
       cell=[17, 17], offset=[3, 8])
change('grid_largest', [{'type': 'GridDropout', 'unit_size_min': 10, 'unit_size_max': 40, 'random_offset': True}],
       cell=[41, 41], offset=[20, 0])
change('grid_offset', [{'type': 'GridDropout', 'ratio': 0.3, 'random_offset': True, 'fill_value': 200}], offset=[1, 4])
change('grid_default', [{'type': 'GridDropout'}])
change('grid_columns', [{'type': 'GridDropout', 'holes_number_x': 4, 'shift_x': 5, 'shift_y': 90}])
change('grid_numbers', [{'type': 'GridDropout', 'holes_number_x': 7, 'holes_number_y': 3, 'ratio': 0.75}])
change('grid_full', [{'type': 'GridDropout', 'holes_number_x': 5, 'holes_number_y': 23, 'ratio': 1.0}])
