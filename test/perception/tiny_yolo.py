"""A YOLO of a dozen operators: it finds the one bright rectangle in a picture, red persons and blue cars.

All its numbers come from the picture by the graph's own computation; nothing about places is built in.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

COCO_CLASSES = 80


def write_tiny_yolo(path, *, layout='v5', size=64, names=None, classes=COCO_CLASSES, person=0, car=2):
    """Write a model with the output of ``layout``: three candidates, the second like the first, the third empty."""
    columns = np.tile(np.arange(size, dtype=np.float32), (size, 1))
    constants = {
        'shade': np.float32(0.6), 'steep': np.float32(1000.0), 'half': np.float32(0.5),
        'size': np.float32(size), 'all': np.ones((1, 3, 1, 1), np.float32),
        'to_left': (size - columns)[None, None], 'to_right': (columns + 1)[None, None],
        'to_top': (size - columns.T)[None, None], 'to_bottom': (columns.T + 1)[None, None],
        'red': np.array([1, 0, 0], np.float32).reshape(1, 3, 1, 1),
        'blue': np.array([0, 0, 1], np.float32).reshape(1, 3, 1, 1),
    }
    nodes = []

    def node(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def sharp(name, weights):
        node('Conv', ['light', weights], f'{name}_sum', kernel_shape=[1, 1])
        node('Mul', [f'{name}_sum', 'steep'], f'{name}_steep')
        return node('Clip', [f'{name}_steep'], name, min=0.0, max=1.0)

    node('Sub', ['images', 'shade'], 'above')
    node('Relu', ['above'], 'light')
    mask = sharp('mask', 'all')
    for side in ('left', 'right', 'top', 'bottom'):
        node('Mul', [mask, f'to_{side}'], f'{side}_map')
        node('GlobalMaxPool', [f'{side}_map'], f'{side}_most')
    for side in ('left', 'top'):
        node('Sub', ['size', f'{side}_most'], f'{side}_edge')
    for axis, low, high in (('x', 'left_edge', 'right_most'), ('y', 'top_edge', 'bottom_most')):
        node('Add', [low, high], f'{axis}_twice')
        node('Mul', [f'{axis}_twice', 'half'], f'{axis}_middle')
        node('Sub', [high, low], f'{axis}_extent')
    seen = node('GlobalMaxPool', [mask], 'seen')
    scores = [node('GlobalMaxPool', [sharp(f'is_{name}', name)], f'{name}_score') for name in ('red', 'blue')]
    score_of = {person: scores[0], car: scores[1]}
    box = ['x_middle', 'y_middle', 'x_extent', 'y_extent']
    objectness = [seen] if layout == 'v5' else []
    row = node('Concat', [*box, *objectness, *(score_of.get(i, f'none_{i}') for i in range(classes))], 'row', axis=1)
    width = 4 + len(objectness) + classes
    weaker = np.ones((1, width, 1, 1), np.float32)
    weaker[:, 4:] = 0.9
    constants |= {f'none_{i}': np.zeros((1, 1, 1, 1), np.float32) for i in range(classes)}
    constants |= {'weaker': weaker, 'empty': np.zeros((1, width, 1, 1), np.float32)}
    node('Mul', [row, 'weaker'], 'second')
    node('Mul', [row, 'empty'], 'third')
    across = layout == 'v8'
    constants['shape'] = np.array([1, width, 1] if across else [1, 1, width], np.int64)
    rows = [node('Reshape', [name, 'shape'], f'{name}_flat') for name in ('row', 'second', 'third')]
    node('Concat', rows, 'output0', axis=2 if across else 1)
    used = {name for each in nodes for name in each.input}
    graph = helper.make_graph(
        nodes, 'tiny_yolo',
        [helper.make_tensor_value_info('images', TensorProto.FLOAT, [1, 3, size, size])],
        [helper.make_tensor_value_info('output0', TensorProto.FLOAT, [1, width, 3] if across else [1, 3, width])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items() if name in used])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 10)], ir_version=6)
    if names is not None:
        helper.set_model_props(model, {'stride': '32', 'names': str(names)})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path
